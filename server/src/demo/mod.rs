//! The demonstration: a throw-away space filled with believable data.
//!
//! Everybody in it is made up. The content is played for real: packages are
//! made here and imported like any other.

mod content;
mod people;
pub mod readers;
mod scene;

use passerelle_web::app::DemoAccount;
use tempfile::TempDir;

pub use people::{Cast, crowd, crowd_identifier};

use crate::config::Config;
use crate::host::{Host, HostError, Parts};

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "passerelle-demo";

/// Makes the throw-away folder and sets the demonstration's settings.
pub fn prepare(config: &mut Config, parts: &mut Parts) -> Result<TempDir, HostError> {
    let folder = tempfile::Builder::new()
        .prefix("passerelle-demo-")
        .tempdir()
        .map_err(HostError::doing("demo folder"))?;
    config.data_dir = folder.path().to_owned();
    config.database_url = String::new();
    config.mail_url = "folder:mail".to_owned();
    config.dev = true;
    let account = |role: &str, identifier: &str| DemoAccount {
        role: role.to_owned(),
        identifier: identifier.to_owned(),
        password: PASSWORD.to_owned(),
    };
    parts.demo_accounts = vec![
        account("Administration", "administration@exemple.fr"),
        account("Responsable de formation", "responsable@exemple.fr"),
        account("Tutrice", "tutrice@exemple.fr"),
        account("Stagiaire", "stagiaire@exemple.fr"),
        account("Audit", "audit@exemple.fr"),
    ];
    Ok(folder)
}

/// Fills the demonstration.
pub async fn fill(host: &Host) -> Result<Cast, HostError> {
    let mut cast = people::cast(&host.app).await?;
    cast.courses = content::courses(&host.app, &cast).await?;
    scene::play(&host.app, &cast, &cast.courses).await?;
    Ok(cast)
}

/// Fills the lists of letters: the network's 6,600 readers, and a bulletin to begin from.
pub async fn fill_readers(host: &Host) -> Result<(), HostError> {
    readers::network(&host.app)
        .await
        .map_err(HostError::doing("readers of the demonstration"))
}

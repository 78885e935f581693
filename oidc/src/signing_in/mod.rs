//! Signing in at a provider, linking the account of there to the account of here, signing out.

mod commands;
mod model;
pub mod store;
mod ways;
mod web;

use std::sync::Arc;

use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Registry, Uuid};
use passerelle_web::access::{ElsewhereEntry, RecipientsEntry};
use passerelle_web::{App, AppError};
use url::Url;

pub use commands::{LINKED, UNLINKED};

/// Addresses of ours that a provider must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Where it sends people back once they have signed in. One for each provider, so that no
    /// provider can bring us the code of another.
    pub back: Url,
    /// Where it sends people back once they have signed out.
    pub left: Url,
}

/// What a provider must know of us.
///
/// # Errors
///
/// Our public address is none.
pub fn addresses(app: &App, provider: Uuid) -> Result<Addresses, AppError> {
    let base = Url::parse(&app.settings().public_url).map_err(AppError::internal)?;
    let join = |path: &str| base.join(path).map_err(AppError::internal);
    Ok(Addresses {
        back: join(&format!("/connexion/retour/{provider}"))?,
        left: join("/connexion")?,
    })
}

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(LINKED))
        .add(FactKind(UNLINKED))
        .add(ElsewhereEntry(Arc::new(ways::Ways)))
        .add(RecipientsEntry(Arc::new(ways::Ways)))
        .add(web::routes());
}

//! Stored files and what each must be: every plugin says which files it keeps, with their hashes;
//! all are read again every night, a few are checked when they are handed over, and what is missing
//! or altered is told to the administrators and by `doctor`.
//!
//! Checked when handed over: documents, pictures of letters, attachments and files of packages of at
//! most [`CHECKED_WHEN_SERVED`]. Larger ones leave as they are read.

mod checking;
mod faults;
mod telling;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Db, Registry, WriteTx};

use crate::app::{App, Beside};
use crate::error::AppError;
use crate::jobs::app_job;

pub use checking::{CHECK, check_all, plan};
pub use faults::{Damage, Fault, Progress, faults, progress};

/// Bytes of a file up to which its hash is computed before it is handed over.
pub const CHECKED_WHEN_SERVED: u64 = 1024 * 1024;

/// A file that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its key in the store.
    pub key: String,
    /// What an administrator knows it by.
    pub name: String,
    /// Its SHA-256, hexadecimal, or as much of its beginning as is known (at least half); none for
    /// files of a time when no hash was kept.
    pub sha256: Option<String>,
    /// Its size in bytes, where it is known.
    pub size: Option<u64>,
}

/// A kind of files of the store.
#[async_trait]
pub trait Kept: Send + Sync {
    /// Its name, never changed; `stored-kind-NAME` is the message that shows it.
    fn name(&self) -> &'static str;
    /// What their keys begin with.
    fn prefix(&self) -> &'static str;
    /// The files whose key comes after this one, in order of keys, at most `limit`.
    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr>;
    /// Keeps the hash of a file that had none, as it is found: from now on a change shows.
    async fn learn(&self, _tx: &WriteTx, _key: &str, _sha256: &str) -> Result<(), DbErr> {
        Ok(())
    }
}

/// Registry entry: files that a plugin keeps. A test refuses a file of the store that none of them
/// names.
#[derive(Clone)]
pub struct KeptEntry(pub Arc<dyn Kept>);

/// Adds what checks.
pub(crate) fn register(r: &mut Registry) {
    app_job(r, CHECK, |app, ctx, payload| {
        Box::pin(checking::run(app, ctx, payload))
    });
    r.add(Beside(Arc::new(|app, stop| {
        Box::pin(checking::every_night(app, stop))
    })));
}

/// A small file, handed over only when it is what was stored; else the administrators are told.
///
/// # Errors
///
/// [`AppError::Damaged`] when it is missing or altered.
pub async fn sound(
    app: &App,
    kind: &str,
    key: &str,
    name: &str,
    sha256: &str,
) -> Result<Bytes, AppError> {
    match app.blobs().get_sound(key, sha256).await {
        Ok(bytes) => Ok(bytes),
        Err(error) => {
            if error.is_damage() {
                let damage = if error.is_missing() {
                    Damage::Missing
                } else {
                    Damage::Altered
                };
                tell_of(app, kind, key, name, damage).await;
            }
            Err(error.into())
        }
    }
}

/// Writes that a file was found missing or altered while it was asked for. Whoever asks is answered
/// the same whether that succeeds.
pub async fn tell_of(app: &App, kind: &str, key: &str, name: &str, damage: Damage) {
    let told = async {
        if faults::is_known(app.db().read(), key, damage).await? {
            return Ok(());
        }
        let tx = app.db().write().await?;
        let fault = Fault {
            kind: kind.to_owned(),
            key: key.to_owned(),
            name: name.to_owned(),
            damage,
            found_at: tx.env().now(),
        };
        faults::note(&tx, &fault).await?;
        tx.commit().await
    };
    if let Err(error) = told.await {
        tracing::error!(%error, key, "that a file is damaged could not be written");
    }
}

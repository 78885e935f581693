//! The doors that mail comes back by: a mailbox read by IMAP, a mail server that hands it over by
//! LMTP. The third, a page, is one of the pages.

mod imap;
mod lmtp;

use std::net::SocketAddr;
use std::time::Duration;

use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::App;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Doors;
use super::store::{self, Door};

pub use imap::ImapSetting;
pub(super) use lmtp::receive;

/// How often the mailbox is read.
const EVERY: Duration = Duration::from_mins(1);
/// The name of the door that is a mailbox.
pub(super) const MAILBOX: &str = "imap";

/// By which doors things come back.
#[derive(Clone, Debug, Default)]
pub struct DoorSettings {
    /// A mailbox to read.
    pub imap: Option<ImapSetting>,
    /// Where a mail server hands over what came.
    pub lmtp: Option<SocketAddr>,
}

/// The settings of an application.
pub(super) fn settings(app: &App) -> DoorSettings {
    let entry = app.registry().all::<Doors>().next();
    entry.map(|doors| doors.0.clone()).unwrap_or_default()
}

/// Keeps the doors open until told to stop.
pub(super) async fn keep_open(app: App, stop: watch::Receiver<bool>) {
    let settings = settings(&app);
    let handed = async {
        let Some(at) = settings.lmtp else { return };
        match TcpListener::bind(at).await {
            Ok(listener) => receive(app.clone(), listener, stop.clone()).await,
            Err(error) => tracing::error!(%at, %error, "nobody can hand over mail by LMTP"),
        }
    };
    let read = async {
        let mut stop = stop.clone();
        if settings.imap.is_none() {
            return;
        }
        while !*stop.borrow() {
            if let Some(Err(trouble)) = read_mailbox(&app).await {
                tracing::warn!(trouble, "the mailbox of returns cannot be read");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    };
    tokio::join!(handed, read);
}

/// Reads the mailbox once; how many messages were ours. None when there is no mailbox to read.
pub(super) async fn read_mailbox(app: &App) -> Option<Result<u64, String>> {
    let setting = settings(app).imap?;
    let read = imap::read(app, &setting).await;
    let trouble = read.as_ref().err().cloned().unwrap_or_default();
    if let Err(error) = note(app, trouble).await {
        return Some(Err(error.to_string()));
    }
    Some(read)
}

/// Writes when the mailbox was read, and what went wrong.
async fn note(app: &App, trouble: String) -> Result<(), DbErr> {
    let tx = app.db().write().await?;
    let known = store::door(&*tx, MAILBOX).await?.unwrap_or_default();
    let now = tx.env().now();
    let door = Door {
        trouble,
        read_at: now,
        ..known
    };
    store::put_door(&tx, MAILBOX, &door).await?;
    tx.commit().await
}

//! Discussion lists: members write to each other by mail. What comes to the address of a list is a
//! post; one that need not be looked at, or that a moderator lets through, is sent to the members
//! as a letter, with all that letters have (record 0013).

mod commands;
pub mod model;
pub(crate) mod store;
mod taking;
mod web;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobEntry, JobError, JobHandler};
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Registry, Uuid};
use passerelle_web::App;
use passerelle_web::app::{AppSlot, Beside, WeakApp};
use serde_json::Value;
use tokio::sync::watch;

use crate::delivery::sender::Sender;

pub(crate) use taking::take;

/// A moderator let a post through, or refused it.
pub const DECIDED: &str = "mail.post.decided.v1";
/// How long a post waits before it is forgotten.
const WAITS: i64 = 30 * DAY;
/// How often what is too old is looked for.
const CLEANED: Duration = Duration::from_hours(6);
/// Kind of the job that tells moderators of what waits.
const TELL: &str = "mail.discussion";

/// Registry entry: the mailbox whose address those of lists may be made of, when what comes to it is read here.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox(pub Option<String>);

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry, sender: &Sender) {
    let slot = AppSlot::default();
    let mailbox = sender.returns_to().filter(|_| sender.is_listened());
    r.add(web::routes())
        .add(FactKind(DECIDED))
        .add(Mailbox(mailbox.map(ToString::to_string)))
        .add(slot.clone())
        .add(Beside(Arc::new(|app, stop| {
            Box::pin(keep_cleaning(app, stop))
        })))
        .add(JobEntry {
            kind: TELL,
            handler: Arc::new(Tell { slot }),
        });
}

/// Forgets what nobody decided of, now and then, until told to stop.
async fn keep_cleaning(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = clean(&app).await {
            tracing::error!(%error, "posts that are too old cannot be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(CLEANED) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Forgets the posts that have waited, or were refused, thirty days ago.
///
/// # Errors
///
/// The database refuses.
pub async fn clean(app: &App) -> Result<(), DbErr> {
    let tx = app.db().write().await?;
    store::clean(&tx, tx.env().now() - WAITS).await?;
    tx.commit().await
}

/// Runs the jobs of kind [`TELL`].
struct Tell {
    slot: AppSlot,
}

#[async_trait]
impl JobHandler for Tell {
    async fn run(&self, _: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let list: Option<Uuid> = payload["list"].as_str().and_then(|id| id.parse().ok());
        let list = list.ok_or_else(|| JobError::Fatal("the payload names no list".to_owned()))?;
        let told = commands::remind(&app, list).await;
        told.map_err(|error| JobError::Retry(error.to_string()))
    }
}

//! Discussion lists: members write to each other by mail. What comes to the address of a list is a
//! post; one that need not be looked at, or that a moderator lets through, is sent to the members
//! as a letter, with all that letters have (record 0013).

mod commands;
pub mod model;
pub(crate) mod store;
mod taking;
mod web;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::jobs::{JobContext, JobEntry, JobError, JobHandler};
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Registry, Uuid};
use passerelle_web::app::{AppSlot, WeakApp};
use serde_json::Value;

use crate::delivery::sender::Sender;

pub(crate) use taking::take;

/// A moderator let a post through, or refused it.
pub const DECIDED: &str = "mail.post.decided.v1";
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
        .add(JobEntry {
            kind: TELL,
            handler: Arc::new(Tell { slot }),
        });
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

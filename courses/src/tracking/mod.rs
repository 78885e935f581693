//! Tracking: attempts, launches, commits, the state of each SCO.
//!
//! A commit is validated against the data model, stored many to a transaction
//! and answered after it; what it changes of the activity goes through
//! [`crate::progress`]. Sequencing comes later: its place is [`model::rollup`].

mod entity;
mod forgetting;
mod launches;
pub mod model;
mod queries;
mod rows;
mod sink;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::group::GroupWriter;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::{FactKind, Subscription};
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_web::app::{App, OnStart};
use passerelle_web::directory::{ShutOut, ShutOutEntry};
use sea_orm::DbErr;

pub use entity::{attempt, call_log, late_work, launch, sco_state};
pub use forgetting::forget_calls;
pub use launches::{LAUNCH_REFUSED_AFTER, OpenRequest, Opened, Player, frame, open, redeem};
pub use queries::{AttemptView, CallBatch, ScoView, attempts_of, calls_of};
pub use sink::{Commit, CommitAnswer, TrackingSink};
pub use tokens::{Tokens, code_waits};

/// An attempt at a package activity began.
pub const ATTEMPT_STARTED: &str = "attempt.started.v1";

/// Where commits are submitted.
pub type TrackingWriter = GroupWriter<TrackingSink>;

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(ATTEMPT_STARTED))
        .add(OnStart(start))
        .add(JobEntry {
            kind: forgetting::FORGET,
            handler: Arc::new(forgetting::Forget),
        })
        .add(Subscription {
            name: "tracking.forget",
            kinds: &[crate::cohorts::ENDED],
            subscriber: Arc::new(forgetting::WhenEnded),
        })
        .add(ShutOutEntry(Arc::new(Launches)));
}

/// Ends the launches of somebody who may not come in any more.
struct Launches;

#[async_trait]
impl ShutOut for Launches {
    async fn shut_out(&self, tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
        tokens::end_all(tx, person).await
    }
}

fn start(app: &App) {
    app.provide(Tokens::default());
    app.provide(TrackingWriter::start(
        app.db().clone(),
        Arc::new(TrackingSink),
    ));
}

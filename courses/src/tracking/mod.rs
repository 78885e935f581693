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

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::group::GroupWriter;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::{FactKind, Subscription};
use passerelle_web::app::{App, OnStart};

pub use entity::{attempt, call_log, late_work, launch, sco_state};
pub use forgetting::forget_calls;
pub use launches::{LAUNCH_REFUSED_AFTER, OpenRequest, Opened, Player, frame, open, redeem};
pub use queries::{AttemptView, CallBatch, Refusal, ScoView, attempts_of, calls_of, refusals_of};
pub use sink::{Commit, CommitAnswer, TrackingSink};

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
        });
}

fn start(app: &App) {
    app.provide(TrackingWriter::start(
        app.db().clone(),
        Arc::new(TrackingSink),
    ));
}

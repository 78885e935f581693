//! What the outbox shows.

use passerelle_kernel::Db;
use passerelle_kernel::jobs::{self, JobRow, JobState};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::components::PAGE_ROWS;
use passerelle_web::mail::DELIVER;

/// The state of the queue of mails; three statements.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    /// Wait for their time, those to be tried again included.
    pub waiting: i64,
    /// Are leaving now.
    pub running: i64,
    /// Have left.
    pub done: i64,
    /// Wait for a person.
    pub failed: i64,
    /// The latest that failed, one page at most.
    pub failures: Vec<JobRow>,
    /// The latest that will be tried again after a failure, one page at most.
    pub deferred: Vec<JobRow>,
}

pub(super) async fn outbox(db: &Db) -> Result<Outbox, DbErr> {
    let mut outbox = Outbox {
        failures: failures(db).await?,
        ..Outbox::default()
    };
    for (kind, state, count) in jobs::counts(db).await? {
        match state.as_str() {
            _ if kind != DELIVER => {}
            "waiting" => outbox.waiting = count,
            "running" => outbox.running = count,
            "done" => outbox.done = count,
            _ => outbox.failed = count,
        }
    }
    outbox.deferred = page(jobs::list(db, JobState::Waiting).await?, |job| {
        job.last_error.is_some()
    });
    Ok(outbox)
}

/// The latest mails that failed, one page at most.
pub(super) async fn failures(db: &Db) -> Result<Vec<JobRow>, DbErr> {
    Ok(page(jobs::list(db, JobState::Failed).await?, |_| true))
}

fn page(jobs: Vec<JobRow>, shown: impl Fn(&JobRow) -> bool) -> Vec<JobRow> {
    jobs.into_iter()
        .filter(|job| job.kind == DELIVER && shown(job))
        .take(PAGE_ROWS as usize)
        .collect()
}

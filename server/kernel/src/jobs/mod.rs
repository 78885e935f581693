//! Jobs: what leaves the server leaves by one, written in the transaction that
//! decided it.
//!
//! At least once, idempotent by design of the handlers, visible, retried with
//! back-off, never silently dropped: a job that has used its attempts stays
//! `failed` until somebody looks. Claims carry a lease and a fence, so a worker
//! that was asleep cannot overwrite the result of the one that replaced it.

mod runner;
mod store;
mod worker;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use sea_orm::DbErr;
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use crate::db::{Db, WriteTx};
use crate::env::{Micros, SECOND};

pub use runner::{JobRunner, RunReport};
pub use store::{JobRow, JobState, counts, list, progressed, retry};
pub use worker::name as worker_name;

/// Attempts before a job is given to a person.
pub const MAX_ATTEMPTS: i32 = 12;
/// How long a claim holds without a heartbeat.
pub const LEASE: Micros = 60 * SECOND;

/// A job to enqueue.
#[derive(Clone, Debug)]
pub struct NewJob {
    kind: &'static str,
    payload: Value,
    run_at: Option<Micros>,
    priority: i32,
    dedup: Option<String>,
    secret: bool,
}

impl NewJob {
    /// A job of `kind`, to run as soon as possible.
    pub fn new(kind: &'static str, payload: Value) -> Self {
        Self {
            kind,
            payload,
            run_at: None,
            priority: 0,
            dedup: None,
            secret: false,
        }
    }
    /// Not before `at`.
    #[must_use]
    pub fn at(mut self, at: Micros) -> Self {
        self.run_at = Some(at);
        self
    }
    /// Higher runs first; 0 by default.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }
    /// Enqueued once only while a job with the same key waits or has run.
    #[must_use]
    pub fn dedup(mut self, key: impl Into<String>) -> Self {
        self.dedup = Some(key.into());
        self
    }
    /// The payload holds what opens something (a link to sign in): nothing of it is kept once the
    /// job has failed, and it is not tried again by hand.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// How a run ended when it did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// May succeed later: tried again with back-off.
    #[error("{0}")]
    Retry(String),
    /// Will never succeed: left for a person.
    #[error("{0}")]
    Fatal(String),
    /// Nobody runs jobs of this kind here; said by the runner. It waits for who does.
    #[error("nobody runs jobs of this kind: the plugin that did is switched off")]
    Nobody,
}

impl From<DbErr> for JobError {
    fn from(error: DbErr) -> Self {
        Self::Retry(error.to_string())
    }
}

/// What a handler is given.
#[derive(Clone)]
pub struct JobContext {
    /// The database.
    pub db: Db,
    /// This job.
    pub id: Uuid,
    /// Runs so far, this one included.
    pub attempt: i32,
    /// Becomes true when the server is going down: long work stops at its next step and puts
    /// what remains in another job.
    pub stopping: watch::Receiver<bool>,
    /// What is written with the end of the run.
    last: Arc<Mutex<Vec<Arc<dyn LastWrite>>>>,
}

/// What a job that has succeeded writes in the transaction that records its end; maybe again with
/// others, when that was refused.
#[async_trait]
pub trait LastWrite: Send + Sync {
    /// Writes it.
    async fn write(&self, tx: &WriteTx) -> Result<(), DbErr>;
}

impl JobContext {
    /// Whether the server is going down.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Writes that with the end of the run, should it succeed: one transaction instead of two, and
    /// many jobs in one. Should it be lost with a crash, the job runs again.
    pub fn in_the_end(&self, last: impl LastWrite + 'static) {
        let mut kept = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.push(Arc::new(last));
    }
}

/// Runs jobs of one kind.
#[async_trait]
pub trait JobHandler: Send + Sync {
    /// Runs one job; called again after a failure or a crash.
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError>;
}

/// Registry entry: who runs a kind of job.
#[derive(Clone)]
pub struct JobEntry {
    /// Kind, as in [`NewJob::new`].
    pub kind: &'static str,
    /// Who runs it.
    pub handler: Arc<dyn JobHandler>,
}

impl WriteTx {
    /// Enqueues a job with the change that decided it.
    pub async fn enqueue(&self, job: NewJob) -> Result<(), DbErr> {
        store::insert(self, job).await?;
        self.note_enqueued();
        Ok(())
    }
}

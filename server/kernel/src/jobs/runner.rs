//! Claims jobs and runs them, a few at a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::sync::Semaphore;
use tokio::sync::watch;

use super::store::{self, Claim};
use super::{JobContext, JobEntry, JobError, JobHandler};
use crate::db::Db;
use crate::registry::Registry;

/// How long an idle worker sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_secs(2);
const HEARTBEAT: Duration = Duration::from_secs(20);

/// What [`JobRunner::drain`] did.
#[derive(Clone, Debug, Default)]
pub struct RunReport {
    /// Runs that succeeded.
    pub done: usize,
    /// Runs that failed: kind and reason.
    pub failed: Vec<(String, String)>,
}

/// Runs the jobs of the registered handlers.
#[derive(Clone)]
pub struct JobRunner {
    db: Db,
    handlers: Arc<HashMap<&'static str, Arc<dyn JobHandler>>>,
    slots: Arc<Semaphore>,
    width: usize,
    heartbeat: Duration,
}

impl std::fmt::Debug for JobRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobRunner")
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

impl JobRunner {
    /// A runner for the handlers of `registry`, `width` jobs at a time.
    pub fn new(db: Db, registry: &Registry, width: usize) -> Self {
        let handlers = registry
            .all::<JobEntry>()
            .map(|e| (e.kind, e.handler.clone()))
            .collect();
        Self {
            db,
            handlers: Arc::new(handlers),
            slots: Arc::new(Semaphore::new(width)),
            width,
            heartbeat: HEARTBEAT,
        }
    }

    /// Says that its jobs are alive that often, instead of every twenty seconds.
    #[must_use]
    pub fn heartbeat(mut self, every: Duration) -> Self {
        self.heartbeat = every;
        self
    }

    /// Runs until `stop` becomes true, then waits for the jobs under way.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let woken = self.db.jobs_changed();
            tokio::pin!(woken);
            match self.step(&stop).await {
                Ok(0) => {
                    tokio::select! {
                        () = woken.as_mut() => {}
                        () = tokio::time::sleep(IDLE) => {}
                        _ = stop.changed() => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "jobs could not be claimed");
                    tokio::time::sleep(IDLE).await;
                }
            }
        }
        let _ = self.slots.acquire_many(self.width as u32).await;
    }

    /// Runs everything that is due, here and now; for tests and the command line.
    pub async fn drain(&self) -> Result<RunReport, DbErr> {
        let kinds: Vec<_> = self.handlers.keys().copied().collect();
        let mut report = RunReport::default();
        let (_never, stop) = watch::channel(false);
        loop {
            let claims = store::claim(&self.db, &kinds, 16).await?;
            if claims.is_empty() {
                return Ok(report);
            }
            for claim in claims {
                let result = run_one(&self.db, &self.handlers, &claim, stop.clone()).await;
                match &result {
                    Ok(()) => report.done += 1,
                    Err(error) => report.failed.push((claim.kind.clone(), error.to_string())),
                }
                store::finish(&self.db, &claim, &result).await?;
            }
        }
    }

    async fn step(&self, stop: &watch::Receiver<bool>) -> Result<usize, DbErr> {
        let Ok(first) = self.slots.clone().acquire_owned().await else {
            return Ok(0);
        };
        let mut permits = vec![first];
        while let Ok(permit) = self.slots.clone().try_acquire_owned() {
            permits.push(permit);
        }
        let kinds: Vec<_> = self.handlers.keys().copied().collect();
        let claims = store::claim(&self.db, &kinds, permits.len() as u64).await?;
        let count = claims.len();
        for (claim, permit) in claims.into_iter().zip(permits) {
            let this = self.clone();
            let stop = stop.clone();
            tokio::spawn(async move {
                let _permit = permit;
                let result = with_heartbeat(&this, &claim, stop).await;
                if let Err(error) = &result {
                    tracing::warn!(job = %claim.id, kind = claim.kind, attempt = claim.attempt, %error, "a job failed");
                }
                if let Err(error) = store::finish(&this.db, &claim, &result).await {
                    tracing::error!(job = %claim.id, %error, "the end of a job could not be recorded");
                }
            });
        }
        Ok(count)
    }
}

type Handlers = HashMap<&'static str, Arc<dyn JobHandler>>;

/// Runs a job, and says now and then that it is alive.
///
/// Both go on side by side: a heartbeat that stopped the work while it waits for its turn to write
/// would wait for ever, when it is the work that is writing.
async fn with_heartbeat(
    runner: &JobRunner,
    claim: &Claim,
    stop: watch::Receiver<bool>,
) -> Result<(), JobError> {
    let work = run_one(&runner.db, &runner.handlers, claim, stop);
    let alive = async {
        loop {
            tokio::time::sleep(runner.heartbeat).await;
            if !store::heartbeat(&runner.db, claim).await.unwrap_or(true) {
                return;
            }
        }
    };
    tokio::select! {
        result = work => result,
        () = alive => Err(JobError::Retry("another worker took this job over".to_owned())),
    }
}

async fn run_one(
    db: &Db,
    handlers: &Handlers,
    claim: &Claim,
    stopping: watch::Receiver<bool>,
) -> Result<(), JobError> {
    let Some(handler) = handlers.get(claim.kind.as_str()) else {
        return Err(JobError::Retry(format!(
            "nobody runs jobs of kind {}",
            claim.kind
        )));
    };
    let ctx = JobContext {
        db: db.clone(),
        id: claim.id,
        attempt: claim.attempt,
        stopping,
    };
    let run = std::panic::AssertUnwindSafe(handler.run(ctx, claim.payload.clone()));
    match run.catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(JobError::Retry("the handler panicked".to_owned())),
    }
}

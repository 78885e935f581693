//! Claims jobs and runs them, a few at a time.
//!
//! Jobs are claimed, kept alive and ended by batches. All of it is background work: on SQLite it
//! writes behind people, on PostgreSQL it has its own connections.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use uuid::Uuid;

use super::store::{self, Claim, Ended, Ends};
use super::{JobContext, JobEntry, JobError, JobHandler, worker};
use crate::db::{Db, background, inherit};
use crate::group::{GroupError, GroupSink, GroupWriter};
use crate::registry::Registry;

/// How long an idle worker sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_secs(2);
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Jobs claimed at once for each that runs.
const AHEAD: usize = 8;
/// Jobs that [`JobRunner::drain`] claims at once.
const DRAINED: usize = 64;

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
    name: Arc<str>,
    held: Arc<Mutex<Held>>,
}

/// The jobs that a runner has claimed.
#[derive(Default)]
struct Held {
    /// Not begun yet.
    ready: VecDeque<Claim>,
    /// Under way; told when another worker has taken one over.
    running: HashMap<Uuid, oneshot::Sender<()>>,
    /// Those not begun at the last heartbeat: given back at the next.
    stale: HashSet<Uuid>,
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
        let name = worker::name(db.env()).into();
        Self {
            db,
            handlers: Arc::new(handlers),
            slots: Arc::new(Semaphore::new(width)),
            width,
            heartbeat: HEARTBEAT,
            name,
            held: Arc::default(),
        }
    }

    /// Says that its jobs are alive that often, instead of every twenty seconds.
    #[must_use]
    pub fn heartbeat(mut self, every: Duration) -> Self {
        self.heartbeat = every;
        self
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs until `stop` becomes true, then waits for the jobs under way.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        background(async {
            let this = self.clone();
            let beating = tokio::spawn(inherit(async move { this.beat_for_ever().await }));
            self.run_behind(stop).await;
            let given_up: Vec<Claim> = self.held().ready.drain(..).collect();
            if let Err(error) = store::give_back(&self.db, &self.name, &given_up).await {
                tracing::warn!(%error, "jobs could not be given back: their leases run out");
            }
            // Those under way must go on being told alive.
            let _ = self.slots.acquire_many(self.width as u32).await;
            beating.abort();
        })
        .await;
    }

    async fn run_behind(&self, mut stop: watch::Receiver<bool>) {
        let ends = GroupWriter::start(self.db.clone(), Arc::new(Ends));
        while !*stop.borrow() {
            let woken = self.db.jobs_changed();
            tokio::pin!(woken);
            let permit = tokio::select! {
                permit = self.slots.clone().acquire_owned() => permit,
                _ = stop.changed() => return,
            };
            let Ok(permit) = permit else { return };
            match self.next().await {
                Ok(Some(claim)) => self.begin(claim, permit, &ends, &stop),
                Ok(None) => {
                    drop(permit);
                    tokio::select! {
                        () = woken.as_mut() => {}
                        () = tokio::time::sleep(IDLE) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "jobs could not be claimed");
                    tokio::time::sleep(IDLE).await;
                }
            }
        }
    }

    /// The next job to run: one that is claimed already, or the first of those that are now.
    async fn next(&self) -> Result<Option<Claim>, DbErr> {
        if let Some(claim) = self.held().ready.pop_front() {
            return Ok(Some(claim));
        }
        let claims = store::claim(&self.db, &self.name, self.width * AHEAD).await?;
        let mut held = self.held();
        let held = &mut *held;
        // One whose lease ran out here while it still runs goes on.
        let running = &held.running;
        let new = claims.into_iter().filter(|c| !running.contains_key(&c.id));
        held.ready.extend(new);
        Ok(held.ready.pop_front())
    }

    fn begin(
        &self,
        claim: Claim,
        permit: OwnedSemaphorePermit,
        ends: &GroupWriter<Ends>,
        stop: &watch::Receiver<bool>,
    ) {
        let (taken_over, lost) = oneshot::channel();
        self.held().running.insert(claim.id, taken_over);
        let (this, ends, stop) = (self.clone(), ends.clone(), stop.clone());
        tokio::spawn(inherit(async move {
            let _permit = permit;
            let ended = run_unless_lost(&this, claim, lost, stop).await;
            let claim = ended.claim.clone();
            let mut recorded = ends.submit(ended).await;
            if let Err(GroupError::Refused(why)) = &recorded {
                recorded = ends.submit(refused(claim.clone(), why)).await;
            }
            if let Err(error) = recorded {
                tracing::error!(job = %claim.id, %error, "the end of a job could not be recorded");
            }
            this.held().running.remove(&claim.id);
        }));
    }

    async fn beat_for_ever(&self) {
        let mut every = tokio::time::interval(self.heartbeat);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            if let Err(error) = self.beat().await {
                tracing::warn!(%error, "the leases of jobs could not be extended");
            }
        }
    }

    /// Says that what is held is alive, gives back what waits for long, takes what dead workers of
    /// this machine had. Done by [`JobRunner::run`], every twenty seconds.
    pub async fn beat(&self) -> Result<(), DbErr> {
        let (back, held) = self.held().turn();
        store::give_back(&self.db, &self.name, &back).await?;
        if !held.is_empty() {
            let kept = store::heartbeat(&self.db, &self.name, &held).await?;
            let mut now = self.held();
            for lost in held.iter().filter(|id| !kept.contains(id)) {
                if let Some(taken_over) = now.running.remove(lost) {
                    let _ = taken_over.send(());
                }
                now.ready.retain(|claim| claim.id != *lost);
            }
        }
        for worker in store::workers(&self.db).await? {
            if worker != *self.name && worker::is_dead(&worker) {
                let jobs = store::bury(&self.db, &worker).await?;
                tracing::info!(jobs, "jobs of a process that has ended are taken over");
                self.db.wake_jobs();
            }
        }
        Ok(())
    }

    /// Runs everything that is due, here and now, one after the other; for tests and the command
    /// line.
    pub async fn drain(&self) -> Result<RunReport, DbErr> {
        let mut report = RunReport::default();
        while self.drain_batch(DRAINED, &mut report).await? > 0 {}
        Ok(report)
    }

    /// Runs at most so many of what is due, of one priority.
    pub async fn drain_some(&self, most: usize) -> Result<RunReport, DbErr> {
        let mut report = RunReport::default();
        self.drain_batch(most, &mut report).await?;
        Ok(report)
    }

    async fn drain_batch(&self, most: usize, report: &mut RunReport) -> Result<usize, DbErr> {
        background(async {
            let (_never, stop) = watch::channel(false);
            let claims = store::claim(&self.db, &self.name, most).await?;
            let count = claims.len();
            for claim in claims {
                let ended = run_one(self, claim, stop.clone()).await;
                match &ended.result {
                    Ok(()) => report.done += 1,
                    Err(JobError::Nobody) => {}
                    Err(error) => report
                        .failed
                        .push((ended.claim.kind.clone(), error.to_string())),
                }
                let claim = ended.claim.clone();
                if let Err(why) = self.end(ended).await {
                    self.end(refused(claim, &why)).await?;
                }
            }
            Ok(count)
        })
        .await
    }

    async fn end(&self, ended: Ended) -> Result<(), DbErr> {
        let tx = self.db.write().await?;
        Ends.write(&tx, &[ended]).await?;
        tx.commit().await
    }
}

/// The end of a run whose last write the database refused: it did not succeed.
fn refused(claim: Claim, why: &DbErr) -> Ended {
    Ended {
        claim,
        result: Err(JobError::Retry(format!("its end was refused: {why}"))),
        last: Vec::new(),
    }
}

impl Held {
    /// What is not begun since the turn before, taken out; and all that remains.
    fn turn(&mut self) -> (Vec<Claim>, Vec<Uuid>) {
        let (back, ready): (VecDeque<_>, VecDeque<_>) = self
            .ready
            .drain(..)
            .partition(|claim| self.stale.contains(&claim.id));
        self.stale = ready.iter().map(|claim| claim.id).collect();
        self.ready = ready;
        let held = self.stale.iter().chain(self.running.keys());
        (back.into(), held.copied().collect())
    }
}

/// Runs a job until it ends, or until another worker has it.
///
/// Leases are extended by another task: a heartbeat that stopped the work while it waits for its
/// turn to write would wait for ever, when it is the work that is writing.
async fn run_unless_lost(
    runner: &JobRunner,
    claim: Claim,
    lost: oneshot::Receiver<()>,
    stop: watch::Receiver<bool>,
) -> Ended {
    let given_up = claim.clone();
    let taken_over = async {
        // A sender that is dropped says nothing.
        if lost.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = run_one(runner, claim, stop) => ended,
        () = taken_over => Ended {
            claim: given_up,
            result: Err(JobError::Retry("another worker took this job over".to_owned())),
            last: Vec::new(),
        },
    };
    if let Err(error) = &ended.result {
        let Claim {
            id, kind, attempt, ..
        } = &ended.claim;
        tracing::warn!(job = %id, kind, attempt, %error, "a job failed");
    }
    ended
}

async fn run_one(runner: &JobRunner, claim: Claim, stopping: watch::Receiver<bool>) -> Ended {
    let last = Arc::default();
    let ctx = JobContext {
        db: runner.db.clone(),
        id: claim.id,
        attempt: claim.attempt,
        stopping,
        last: Arc::clone(&last),
    };
    let result = match runner.handlers.get(claim.kind.as_str()) {
        None => Err(JobError::Nobody),
        Some(handler) => {
            let run = std::panic::AssertUnwindSafe(handler.run(ctx, claim.payload.clone()));
            run.catch_unwind()
                .await
                .unwrap_or_else(|_| Err(JobError::Retry("the handler panicked".to_owned())))
        }
    };
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let last = if result.is_ok() {
        std::mem::take(&mut *last)
    } else {
        Vec::new()
    };
    Ended {
        claim,
        result,
        last,
    }
}

//! Sending a campaign: fixing who receives it, then handing over one message after another on a
//! few connections, each written in the ledger before the next.
//!
//! A job does it, and may die at any step: what waits still waits, what left is written, and what
//! was leaving (one message for each connection at most) leaves again under the same Message-ID
//! and is counted.

mod copy;
mod feed;
mod finishing;
mod ledger;
mod pace;
mod preparing;
mod quota;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use passerelle_kernel::db::{inherit, statement};
use passerelle_kernel::env::{MINUTE, SECOND};
use passerelle_kernel::group::GroupWriter;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, NewJob};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::app::{App, AppSlot};
use serde_json::{Value, json};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

use self::feed::{Feed, Next, Turn};
use self::ledger::{Done, Ledger, Step, Word};
use self::pace::Pace;
use super::model::{Campaign, State, place};
use super::{commands, providers, store};
use crate::delivery::sender::Sender;
use crate::delivery::{DeliveryError, mask_address};

pub(crate) use copy::{Edition, copy_of};
pub(crate) use finishing::figures;
pub use finishing::root;

/// Kind of the job that sends a campaign.
pub(crate) const SEND: &str = "mail.campaign";
/// Attempts for one recipient whom the server puts off, over about two days.
const ATTEMPTS: i16 = 9;
/// After this, a message that was leaving has left or never will.
pub(super) const IN_DOUBT: Micros = 3 * MINUTE;
/// Failures of ours in a row before the campaign waits for somebody.
const FAILURES: u32 = 12;
/// Runs in a row without a mail server before the campaign waits for somebody: about a quarter of
/// an hour.
const PATIENCE: i32 = 8;
/// Results before the share of refusals means something.
const SAMPLE: i64 = 50;

/// Puts the job that sends a campaign in the queue; only the run that it names may send.
pub(crate) async fn enqueue(
    tx: &WriteTx,
    campaign: Uuid,
    run: Uuid,
    at: Option<Micros>,
) -> Result<(), DbErr> {
    let job = NewJob::new(SEND, json!({"campaign": campaign, "run": run})).priority(-1);
    tx.enqueue(match at {
        Some(at) => job.at(at),
        None => job,
    })
    .await
}

/// Runs the jobs of kind [`SEND`].
pub(crate) struct SendCampaign {
    pub slot: AppSlot,
    pub sender: Arc<Sender>,
}

#[async_trait]
impl JobHandler for SendCampaign {
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self
            .slot
            .0
            .get()
            .and_then(passerelle_web::app::WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let id = |name: &str| {
            payload[name]
                .as_str()
                .and_then(|text| text.parse::<Uuid>().ok())
        };
        let (Some(campaign), Some(run)) = (id("campaign"), id("run")) else {
            return Err(JobError::Fatal("the payload names no campaign".to_owned()));
        };
        let work = Work {
            app,
            sender: self.sender.clone(),
            ctx,
            campaign,
            run,
        };
        work.run().await.map_err(JobError::from)
    }
}

/// One run of the job.
struct Work {
    app: App,
    sender: Arc<Sender>,
    ctx: JobContext,
    campaign: Uuid,
    run: Uuid,
}

/// Why the lanes stopped.
enum Ended {
    /// Nobody is left for this run.
    Dry,
    /// Paused, stopped, taken over.
    Stopped,
    /// The server is going down.
    Closing,
    /// Too much fails: the reason.
    Trouble(String),
}

impl Work {
    async fn run(&self) -> Result<(), DbErr> {
        let Some(campaign) = self.current().await? else {
            return Ok(());
        };
        if campaign.state == State::Cancelled {
            return finishing::settle(&self.app, &campaign).await;
        }
        if campaign.state == State::Scheduled {
            // Its hour has come; the same run goes on.
            let tx = self.app.db().write().await?;
            let begun = commands::begin(&tx, &campaign, self.run).await?;
            tx.commit().await?;
            if !begun {
                return Ok(());
            }
        }
        if !preparing::fix_recipients(&self.app, &self.ctx, self.campaign, self.run).await? {
            return self.go_on_later(0).await;
        }
        self.settle_doubts().await?;
        let Some(campaign) = self.current().await? else {
            return Ok(());
        };
        let quota = quota::quota(self.app.db(), &self.sender.limits).await?;
        let (ended, spent) = self.send(&campaign, quota.map(|quota| quota.left)).await?;
        let again_at = quota.filter(|_| spent).map(|quota| quota.again_at);
        match ended {
            Ended::Stopped => Ok(()),
            Ended::Closing => self.go_on_later(0).await,
            Ended::Trouble(reason) if self.may_pass(&reason) => Err(DbErr::Custom(reason)),
            Ended::Trouble(reason) => self.pause(&reason).await,
            Ended::Dry => self.end(&campaign, again_at).await,
        }
    }

    /// Whether a trouble may pass by itself: a mail server that restarts is tried again, later and
    /// later, before somebody is asked.
    fn may_pass(&self, reason: &str) -> bool {
        reason == "unreachable" && self.ctx.attempt < PATIENCE
    }

    /// The campaign, when it is this run that may send it.
    async fn current(&self) -> Result<Option<Campaign>, DbErr> {
        let found = store::campaign(self.app.db().read(), self.campaign).await?;
        Ok(found.filter(|campaign| {
            campaign.run == Some(self.run)
                && matches!(
                    campaign.state,
                    State::Running | State::Scheduled | State::Cancelled
                )
        }))
    }

    /// What was leaving when the run before was interrupted waits again, and is counted.
    async fn settle_doubts(&self) -> Result<(), DbErr> {
        let tx = self.app.db().write().await?;
        // A second attempt of this job means that the first is dead: its lease has run out.
        let before = if self.ctx.attempt > 1 {
            Micros::MAX
        } else {
            tx.env().now() - IN_DOUBT
        };
        let sql = format!(
            "UPDATE mail_recipient SET state = {}, repeats = repeats + 1 WHERE campaign_id = $1 AND state = {} AND at < $2",
            place::WAITING,
            place::LEAVING
        );
        let done = tx
            .execute_raw(statement(&*tx, sql, [self.campaign.into(), before.into()]))
            .await?;
        if done.rows_affected() > 0 {
            let count = done.rows_affected();
            tracing::warn!(campaign = %self.campaign, count, "messages that were leaving leave again");
        }
        tx.commit().await
    }

    /// Sends to whoever waits, to `left` of them at most; whether as many have left.
    async fn send(&self, campaign: &Campaign, left: Option<u64>) -> Result<(Ended, bool), DbErr> {
        let Some(edition) = finishing::edition(&self.app, campaign).await? else {
            return Ok((Ended::Trouble("templates".to_owned()), false));
        };
        let db = self.app.db().clone();
        let per_second = match (self.sender.per_second, campaign.per_second) {
            (Some(a), Some(b)) => Some(a.min(b.unsigned_abs())),
            (a, b) => a.or(b.map(i32::unsigned_abs)),
        };
        let pace = Pace::new(providers::all(), per_second, Instant::now());
        let ledger = Ledger {
            campaign: self.campaign,
            run: self.run,
            job: self.ctx.id,
        };
        let shared = Arc::new(Shared {
            edition,
            sender: self.sender.clone(),
            feed: Mutex::new(Feed::new(db.clone(), self.campaign, pace, left)),
            ledger: GroupWriter::start(db, Arc::new(ledger)),
            health: Health::default(),
            stopping: self.ctx.stopping.clone(),
            env: self.app.env().clone(),
        });
        let mut lanes = JoinSet::new();
        for _ in 0..self.sender.connections {
            lanes.spawn(inherit(lane(shared.clone())));
        }
        let mut ended = Ended::Dry;
        while let Some(done) = lanes.join_next().await {
            let done = done.map_err(|e| DbErr::Custom(e.to_string()))??;
            if matches!(ended, Ended::Dry) {
                ended = done;
            }
        }
        let spent = shared.feed.lock().await.is_spent();
        Ok((ended, spent))
    }

    /// Nobody is left for now: finished, or to be gone on with when somebody may be tried again.
    async fn end(&self, campaign: &Campaign, again_at: Option<Micros>) -> Result<(), DbErr> {
        let db = self.app.db().read();
        let sql = format!(
            "SELECT COUNT(*) AS n, MIN(CASE WHEN state = {} THEN at + {IN_DOUBT} ELSE due_at END) AS due \
             FROM mail_recipient WHERE campaign_id = $1 AND state IN ({}, {})",
            place::LEAVING,
            place::WAITING,
            place::LEAVING
        );
        let row = db
            .query_one_raw(statement(db, sql, [self.campaign.into()]))
            .await?;
        let due: Option<Micros> = match &row {
            Some(row) if row.try_get::<i64>("", "n")? > 0 => row.try_get("", "due")?,
            _ => None,
        };
        match due {
            None => finishing::finish(&self.app, campaign, self.run).await,
            Some(due) => {
                let now = self.app.env().now();
                let due = due.max(now + MINUTE).max(again_at.unwrap_or(0));
                self.go_on_later(due).await
            }
        }
    }

    async fn go_on_later(&self, at: Micros) -> Result<(), DbErr> {
        let tx = self.app.db().write().await?;
        enqueue(&tx, self.campaign, self.run, (at > 0).then_some(at)).await?;
        tx.commit().await
    }

    async fn pause(&self, reason: &str) -> Result<(), DbErr> {
        tracing::warn!(campaign = %self.campaign, reason, "the campaign paused by itself");
        let tx = self.app.db().write().await?;
        commands::pause_by_itself(&tx, self.campaign, self.run, reason).await?;
        tx.commit().await
    }
}

/// What the lanes of a run share.
struct Shared {
    edition: Edition,
    sender: Arc<Sender>,
    feed: Mutex<Feed>,
    ledger: GroupWriter<Ledger>,
    health: Health,
    stopping: watch::Receiver<bool>,
    env: passerelle_kernel::Env,
}

/// How the run goes, to stop before harm is done.
#[derive(Default)]
struct Health {
    failures: AtomicU32,
    results: AtomicI64,
    refused: AtomicI64,
}

impl Health {
    /// Notes a result; the reason to stop, when there is one.
    fn note(&self, sent: &Result<(), DeliveryError>) -> Option<&'static str> {
        match sent {
            Err(error) if is_ours(error) => {
                let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
                return (failures >= FAILURES).then(|| error.code());
            }
            Err(error) if error.is_final() => {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
        self.failures.store(0, Ordering::Relaxed);
        let results = self.results.fetch_add(1, Ordering::Relaxed) + 1;
        let refused = self.refused.load(Ordering::Relaxed);
        // One refusal in ten: a list that nobody has looked after, and a name soon spoilt.
        (results >= SAMPLE && refused * 10 > results).then_some("refusals")
    }
}

/// Whether a failure says nothing of the recipient.
fn is_ours(error: &DeliveryError) -> bool {
    matches!(
        error,
        DeliveryError::Unreachable(_)
            | DeliveryError::Credentials(_)
            | DeliveryError::Settings(_)
            | DeliveryError::Folder(_)
    )
}

/// One connection, from its first message to its last.
async fn lane(shared: Arc<Shared>) -> Result<Ended, DbErr> {
    let mut way = shared.sender.lane();
    let mut done: Option<Done> = None;
    let ended = loop {
        if *shared.stopping.borrow() {
            break Ended::Closing;
        }
        let turn = shared.feed.lock().await.turn().await?;
        let next = match turn {
            Turn::End => break Ended::Dry,
            Turn::Wait(wait) => {
                write(&shared, done.take(), None).await?;
                tokio::time::sleep(wait.min(Duration::from_secs(1))).await;
                continue;
            }
            Turn::Take(next) => next,
        };
        let message = shared.edition.message(&shared.sender, &next);
        match write(&shared, done.take(), Some(next.place)).await? {
            Word::Go => {}
            Word::Skip => {
                shared.feed.lock().await.left(next.kind, false);
                continue;
            }
            Word::Stop => break Ended::Stopped,
        }
        let sent = match &message {
            Ok(message) => way.deliver(message).await,
            Err(error) => Err(error.clone()),
        };
        let deferred = matches!(sent, Err(DeliveryError::Deferred(_)));
        shared.feed.lock().await.left(next.kind, deferred);
        let trouble = shared.health.note(&sent);
        done = Some(ending(&next, sent, shared.env.now()));
        if let Some(reason) = trouble {
            break Ended::Trouble(reason.to_owned());
        }
        if done
            .as_ref()
            .is_some_and(|done| done.state == place::WAITING && !done.counts)
        {
            write(&shared, done.take(), None).await?;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    write(&shared, done, None).await?;
    way.close().await;
    Ok(ended)
}

async fn write(shared: &Shared, done: Option<Done>, next: Option<i32>) -> Result<Word, DbErr> {
    if done.is_none() && next.is_none() {
        return Ok(Word::Go);
    }
    shared
        .ledger
        .submit(Step { done, next })
        .await
        .map_err(|error| DbErr::Custom(error.to_string()))
}

/// What becomes of a recipient.
fn ending(next: &Next, sent: Result<(), DeliveryError>, now: Micros) -> Done {
    let (state, due_at, counts, detail) = match sent {
        Ok(()) => (place::ACCEPTED, 0, true, None),
        Err(error) if error.is_final() => (place::REFUSED, 0, true, Some(error.to_string())),
        Err(error) if is_ours(&error) => (place::WAITING, now, false, Some(error.to_string())),
        Err(error) if next.attempts + 1 >= ATTEMPTS => {
            (place::GIVEN_UP, 0, true, Some(error.to_string()))
        }
        Err(error) => {
            let wait = backoff(next.attempts);
            (place::WAITING, now + wait, true, Some(error.to_string()))
        }
    };
    if state != place::ACCEPTED {
        let to = mask_address(&next.address);
        tracing::info!(to, state, detail, "a bulletin did not leave");
    }
    Done {
        place: next.place,
        state,
        due_at,
        counts,
        detail,
    }
}

/// 10 minutes, 20, 40 … at most twelve hours: RFC 5321 asks for half an hour and days of patience,
/// grey lists let in after some minutes.
fn backoff(attempts: i16) -> Micros {
    let doublings = attempts.clamp(0, 7);
    ((600 * SECOND) << doublings).min(12 * 3_600 * SECOND)
}

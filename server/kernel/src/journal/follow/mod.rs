//! Consumers: each reads by position, with its own cursor.
//!
//! A cursor moves once for each batch, in the transaction of what the batch did. Where nothing of a
//! batch concerns a consumer, nothing is written until enough has passed: entries read again after
//! a start cost less than a write for each commit of others.

mod failing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use super::key::JournalKey;
use super::tree::Hash;
use crate::db::{Db, WriteTx, statement};
use crate::env::Micros;
use crate::registry::Registry;

pub use failing::{Failing, SET_ASIDE, failing, retry_now, set_aside};

const BATCH: i64 = 100;
const IDLE: Duration = Duration::from_millis(200);
/// What is appended meanwhile is handled in the same batch: consumers lag by this and no more.
const GATHER: Duration = Duration::from_millis(25);
/// Entries that concern a consumer in nothing, passed without writing so.
const UNWRITTEN: i64 = 1_000;

/// An entry as a consumer sees it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Position in the journal, from 0.
    pub position: i64,
    /// Entry.
    pub id: Uuid,
    /// Space.
    pub space: Uuid,
    /// Instant.
    pub at: Micros,
    /// Kind.
    pub kind: String,
    /// Subject, actor and payload; none once erased.
    pub body: Option<Value>,
}

/// Reacts to entries, in order, each at least once; its writes and its cursor commit together.
///
/// One that fails is tried again, later and later, and what comes after it waits; an administrator
/// may set an entry aside.
#[async_trait]
pub trait Subscriber: Send + Sync {
    /// Reacts to one entry.
    async fn handle(&self, tx: &WriteTx, record: &Record) -> Result<(), DbErr>;
}

/// Registry entry: a subscriber and what it listens to.
#[derive(Clone)]
pub struct Subscription {
    /// Name of the cursor; never changed.
    pub name: &'static str,
    /// Kinds it reacts to.
    pub kinds: &'static [&'static str],
    /// Who reacts.
    pub subscriber: Arc<dyn Subscriber>,
}

impl Subscription {
    fn hears(&self, record: &Record) -> bool {
        self.kinds.contains(&record.kind.as_str())
    }
}

/// What binds where a consumer stands to whoever holds the key file.
pub(super) fn cursor_tag(key: &JournalKey, consumer: &str, position: i64) -> Hash {
    key.tag(&[b"cursor", consumer.as_bytes(), &position.to_be_bytes()])
}

/// Entries from `position` on, at most `limit`.
pub async fn read_after<C: ConnectionTrait>(
    conn: &C,
    position: i64,
    limit: i64,
) -> Result<Vec<Record>, DbErr> {
    let values = vec![position.into(), limit.into()];
    read(conn, "", values).await
}

/// The same, with the bodies of these kinds only.
async fn read_for<C: ConnectionTrait>(
    conn: &C,
    position: i64,
    kinds: &[&str],
) -> Result<Vec<Record>, DbErr> {
    let marks: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 3)).collect();
    let only = format!(" AND e.kind IN ({})", marks.join(", "));
    let mut values: Vec<Sql> = vec![position.into(), BATCH.into()];
    values.extend(kinds.iter().map(|kind| Sql::from(*kind)));
    read(conn, &only, values).await
}

async fn read<C: ConnectionTrait>(
    conn: &C,
    only: &str,
    values: Vec<Sql>,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT p.position, e.id, e.space, e.at, e.kind, b.body FROM journal_position p \
         JOIN journal_entry e ON e.id = p.entry_id LEFT JOIN journal_body b ON b.entry_id = e.id{only} \
         WHERE p.position >= $1 ORDER BY p.position LIMIT $2"
    );
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter().map(record).collect()
}

fn record(row: &QueryResult) -> Result<Record, DbErr> {
    let body: Option<Vec<u8>> = row.try_get("", "body")?;
    Ok(Record {
        position: row.try_get("", "position")?,
        id: row.try_get("", "id")?,
        space: row.try_get("", "space")?,
        at: row.try_get("", "at")?,
        kind: row.try_get("", "kind")?,
        body: body.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
    })
}

/// Lets one subscription catch up; returns how many entries it passed. An entry that waits to be
/// tried again stops it, without an error.
///
/// # Errors
///
/// The subscriber failed at an entry: what came before it is done, and when it is tried again is
/// written.
pub async fn follow(db: &Db, subscription: &Subscription) -> Result<usize, DbErr> {
    let mut follower = Follower::new(subscription, 0);
    follower.catch_up(db).await
}

/// One subscription on its way.
struct Follower<'s> {
    subscription: &'s Subscription,
    /// Where its cursor is written to stand; not read yet when none.
    written: Option<i64>,
    /// Where it stands.
    at: i64,
    /// Entries passed before it is written although nothing was done.
    unwritten: i64,
    /// Whether an entry is known to fail; only then is it looked at when it may be tried again.
    fails: bool,
}

/// How far the records of a batch could be handled.
enum Applied {
    /// All of them.
    All,
    /// Another process had passed them first.
    Passed,
    /// Not the one of this place.
    Until(usize, DbErr),
}

impl<'s> Follower<'s> {
    fn new(subscription: &'s Subscription, unwritten: i64) -> Self {
        Self {
            subscription,
            written: None,
            at: 0,
            unwritten,
            // Another process, or this one before, may have met it.
            fails: true,
        }
    }

    async fn catch_up(&mut self, db: &Db) -> Result<usize, DbErr> {
        let mut passed = 0;
        loop {
            let from = self.stand(db).await?;
            if self.fails && self.must_wait(db, from).await? {
                return Ok(passed);
            }
            let records = read_for(db.read(), self.at, self.subscription.kinds).await?;
            let Some(last) = records.last() else {
                return Ok(passed);
            };
            let next = last.position + 1;
            let heard = records.iter().any(|record| self.subscription.hears(record));
            if !heard && !self.fails && next - from < self.unwritten {
                self.at = next;
                passed += records.len();
                continue;
            }
            match self.apply(db, &records, from).await? {
                Applied::All => passed += records.len(),
                Applied::Passed => {}
                Applied::Until(place, error) => {
                    return self
                        .failed(db, &records, place, error)
                        .await
                        .map(|()| passed);
                }
            }
        }
    }

    /// Where the cursor is written to stand; an administrator may have moved it past an entry.
    async fn stand(&mut self, db: &Db) -> Result<i64, DbErr> {
        if let (Some(written), false) = (self.written, self.fails) {
            return Ok(written);
        }
        let sql = "SELECT position FROM journal_cursor WHERE consumer = $1";
        let row = db
            .read()
            .query_one_raw(statement(db.read(), sql, [self.subscription.name.into()]))
            .await?;
        let written = row.map_or(Ok(0), |row| row.try_get("", "position"))?;
        self.written = Some(written);
        self.at = self.at.max(written);
        Ok(written)
    }

    /// Whether the next entry failed before and is not due yet.
    async fn must_wait(&mut self, db: &Db, from: i64) -> Result<bool, DbErr> {
        let failure = failing::of(db.read(), self.subscription.name).await?;
        // What failed is where the cursor stands: nothing is known beyond it.
        self.at = from;
        self.fails = failure.is_some();
        Ok(failure.is_some_and(|f| f.position == from && f.retry_at > db.env().now()))
    }

    /// Handles records in one transaction, and moves the cursor past them.
    async fn apply(&mut self, db: &Db, records: &[Record], from: i64) -> Result<Applied, DbErr> {
        let Some(last) = records.last() else {
            return Ok(Applied::All);
        };
        let next = last.position + 1;
        let tx = db.write().await?;
        for (place, record) in records.iter().enumerate() {
            if !self.subscription.hears(record) {
                continue;
            }
            let handled = self.subscription.subscriber.handle(&tx, record);
            let handled = std::panic::AssertUnwindSafe(handled).catch_unwind().await;
            let handled =
                handled.unwrap_or_else(|_| Err(DbErr::Custom("the handler panicked".to_owned())));
            if let Err(error) = handled {
                tx.rollback().await?;
                return Ok(Applied::Until(place, error));
            }
        }
        if self.fails {
            failing::forget(&tx, self.subscription.name).await?;
        }
        if !move_cursor(&tx, self.subscription.name, from, next).await? {
            // Another process passed these entries first.
            tx.rollback().await?;
            self.written = None;
            return Ok(Applied::Passed);
        }
        tx.commit().await?;
        (self.written, self.at, self.fails) = (Some(next), next, false);
        Ok(Applied::All)
    }

    /// Does what comes before the record that fails, and writes when it is tried again.
    async fn failed(
        &mut self,
        db: &Db,
        records: &[Record],
        mut place: usize,
        mut error: DbErr,
    ) -> Result<(), DbErr> {
        let from = self.written.unwrap_or_default();
        while place > 0 {
            match self.apply(db, &records[..place], from).await? {
                Applied::All => break,
                Applied::Passed => return Ok(()),
                Applied::Until(earlier, other) => (place, error) = (earlier, other),
            }
        }
        // Nothing before it that was passed unwritten is looked at again.
        let record = &records[place];
        let written = self.written.unwrap_or(from);
        let tx = db.write().await?;
        if written < record.position
            && !move_cursor(&tx, self.subscription.name, written, record.position).await?
        {
            return tx.rollback().await;
        }
        failing::note(&tx, self.subscription.name, record, &error).await?;
        tx.commit().await?;
        (self.written, self.at, self.fails) = (Some(record.position), record.position, true);
        Err(error)
    }
}

/// Moves a cursor, unless somebody else has.
async fn move_cursor(tx: &WriteTx, consumer: &str, from: i64, to: i64) -> Result<bool, DbErr> {
    let sql = "INSERT INTO journal_cursor (consumer, position, tag) VALUES ($1, $2, $3) \
               ON CONFLICT (consumer) DO UPDATE SET position = excluded.position, tag = excluded.tag \
               WHERE journal_cursor.position = $4";
    let tag = cursor_tag(tx.journal_key(), consumer, to);
    let values = [consumer.into(), to.into(), tag.to_vec().into(), from.into()];
    let moved = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(moved.rows_affected() == 1)
}

/// Runs every subscription of the registry until `stop` becomes true.
pub async fn run_subscriptions(db: Db, registry: Arc<Registry>, mut stop: watch::Receiver<bool>) {
    let mut followers: Vec<Follower> = registry
        .all::<Subscription>()
        .map(|subscription| Follower::new(subscription, UNWRITTEN))
        .collect();
    while !*stop.borrow() && !followers.is_empty() {
        let woken = db.journal_changed();
        tokio::pin!(woken);
        let mut passed = 0;
        for follower in &mut followers {
            match follower.catch_up(&db).await {
                Ok(n) => passed += n,
                Err(error) => {
                    let consumer = follower.subscription.name;
                    tracing::error!(%error, consumer, "a subscriber of the journal failed");
                }
            }
        }
        let pause = if passed == 0 { IDLE } else { GATHER };
        tokio::select! {
            () = woken.as_mut(), if passed == 0 => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

//! Consumers: each reads by position, with its own cursor.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use crate::db::{Db, WriteTx, statement};
use crate::env::Micros;
use crate::registry::Registry;

const BATCH: i64 = 100;
const IDLE: Duration = Duration::from_millis(200);

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

/// Entries from `position` on, at most `limit`.
pub async fn read_after<C: ConnectionTrait>(
    conn: &C,
    position: i64,
    limit: i64,
) -> Result<Vec<Record>, DbErr> {
    let sql = "SELECT p.position, e.id, e.space, e.at, e.kind, b.body FROM journal_position p \
               JOIN journal_entry e ON e.id = p.entry_id LEFT JOIN journal_body b ON b.entry_id = e.id \
               WHERE p.position >= $1 ORDER BY p.position LIMIT $2";
    let rows = conn
        .query_all_raw(statement(conn, sql, [position.into(), limit.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let body: Option<Vec<u8>> = row.try_get("", "body")?;
            Ok(Record {
                position: row.try_get("", "position")?,
                id: row.try_get("", "id")?,
                space: row.try_get("", "space")?,
                at: row.try_get("", "at")?,
                kind: row.try_get("", "kind")?,
                body: body.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
            })
        })
        .collect()
}

/// Lets one subscription catch up; returns how many entries it passed.
pub async fn follow(db: &Db, subscription: &Subscription) -> Result<usize, DbErr> {
    let mut passed = 0;
    loop {
        let from = cursor(db, subscription.name).await?;
        let records = read_after(db.read(), from, BATCH).await?;
        let Some(last) = records.last() else {
            return Ok(passed);
        };
        let next = last.position + 1;
        let tx = db.write().await?;
        for record in &records {
            if subscription.kinds.contains(&record.kind.as_str()) {
                subscription.subscriber.handle(&tx, record).await?;
            }
        }
        let sql = "INSERT INTO journal_cursor (consumer, position) VALUES ($1, $2) \
                   ON CONFLICT (consumer) DO UPDATE SET position = excluded.position \
                   WHERE journal_cursor.position = $3";
        let moved = tx
            .execute_raw(statement(
                &*tx,
                sql,
                [subscription.name.into(), next.into(), from.into()],
            ))
            .await?;
        if moved.rows_affected() == 1 {
            tx.commit().await?;
            passed += records.len();
        } else {
            // Another process passed these entries first.
            tx.rollback().await?;
        }
    }
}

async fn cursor(db: &Db, name: &str) -> Result<i64, DbErr> {
    let sql = "SELECT position FROM journal_cursor WHERE consumer = $1";
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, [name.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "position"))
}

/// Runs every subscription of the registry until `stop` becomes true.
pub async fn run_subscriptions(db: Db, registry: Arc<Registry>, mut stop: watch::Receiver<bool>) {
    let subscriptions: Vec<Subscription> = registry.all::<Subscription>().cloned().collect();
    while !*stop.borrow() && !subscriptions.is_empty() {
        let woken = db.journal_changed();
        tokio::pin!(woken);
        let mut passed = 0;
        for subscription in &subscriptions {
            match follow(&db, subscription).await {
                Ok(n) => passed += n,
                Err(error) => {
                    tracing::error!(%error, consumer = subscription.name, "a subscription is stuck");
                }
            }
        }
        if passed == 0 {
            tokio::select! {
                () = woken.as_mut() => {}
                () = tokio::time::sleep(IDLE) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

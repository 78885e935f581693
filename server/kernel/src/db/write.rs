//! A write in progress, and when its connection may be used again.
//!
//! An engine may end a transaction by itself: SQLite does when the disk is full or cannot be
//! written, and the driver does not notice, so that the next `BEGIN` would become a savepoint in a
//! transaction that never ends; PostgreSQL answers a `COMMIT` after an error with a rollback and
//! no error. Hence two rules, for both: after a statement that failed, everything else in the
//! write is refused, its commit too; and a connection on which a begin, a commit or a rollback
//! failed is closed ([`Trust`]).

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use sqlx::Connection;

use super::gate::Turn;
use super::sql::statement;
use super::{Engine, Shared};
use crate::env::Env;
use crate::journal::JournalKey;

/// A transaction that holds the write gate longer than this is reported.
pub const LONGEST_TRANSACTION: Duration = Duration::from_millis(50);

/// Whether a connection may be handed out again.
///
/// Asked before a connection is handed out and when it comes back: one whose driver believes itself
/// within a transaction, or that was doubted, is closed and another one opened in its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Trust(Arc<AtomicBool>);

impl Trust {
    /// The connection in use is not to be used again. For a pool of one.
    pub(super) fn doubt(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether that connection is as a fresh one.
    pub(super) fn is_fresh(&self, connection: &impl Connection) -> bool {
        let within = connection.is_in_transaction();
        let doubted = self.0.swap(false, Ordering::SeqCst);
        if within || doubted {
            tracing::warn!(
                within,
                doubted,
                "a connection that may be within a transaction is closed"
            );
        }
        !within && !doubted
    }

    /// [`Trust::is_fresh`], once what was queued on the connection is done.
    pub(super) async fn is_fresh_in_the_end(
        &self,
        connection: &mut impl Connection,
    ) -> Result<bool, sqlx::Error> {
        connection.ping().await?;
        Ok(self.is_fresh(connection))
    }
}

/// A write in progress: the change, its journal entries and its jobs together.
///
/// Dropped without [`WriteTx::commit`], nothing of it remains; after a statement that failed,
/// neither: whatever else is asked of it is refused, on both engines. Inside: no HTTP,
/// no mail, no unzip, no password hashing; and nothing in the same task that waits for another
/// write while this one is not polled.
pub struct WriteTx {
    // Before `turn`: it is given back first.
    inner: WriteConnection,
    engine: Engine,
    shared: Arc<Shared>,
    appended: AtomicU32,
    enqueued: AtomicU32,
    turn: Option<Turn>,
    since: Instant,
}

/// The connection of a [`WriteTx`].
pub struct WriteConnection {
    tx: DatabaseTransaction,
    failed: AtomicBool,
}

impl WriteConnection {
    fn refuse_after_failure(&self) -> Result<(), DbErr> {
        if self.failed.load(Ordering::SeqCst) {
            return Err(given_up());
        }
        Ok(())
    }

    fn note<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if result.is_err() {
            self.failed.store(true, Ordering::SeqCst);
        }
        result
    }
}

fn given_up() -> DbErr {
    DbErr::Custom("a statement of this write has failed: nothing of it is kept".to_owned())
}

#[async_trait]
impl ConnectionTrait for WriteConnection {
    fn get_database_backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        self.refuse_after_failure()?;
        self.note(self.tx.execute_raw(stmt).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.refuse_after_failure()?;
        self.note(self.tx.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.refuse_after_failure()?;
        self.note(self.tx.query_one_raw(stmt).await)
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.refuse_after_failure()?;
        self.note(self.tx.query_all_raw(stmt).await)
    }
}

impl WriteTx {
    pub(super) fn new(
        tx: DatabaseTransaction,
        engine: Engine,
        shared: Arc<Shared>,
        turn: Option<Turn>,
    ) -> Self {
        Self {
            inner: WriteConnection {
                tx,
                failed: AtomicBool::new(false),
            },
            engine,
            shared,
            appended: AtomicU32::new(0),
            enqueued: AtomicU32::new(0),
            turn,
            since: Instant::now(),
        }
    }

    /// Until the end of the write, whoever else asks for the same key waits: for what is looked at
    /// first and written after. Ask for it before anything else. SQLite has one writer anyway.
    pub async fn hold(&self, key: uuid::Uuid) -> Result<(), DbErr> {
        if self.engine == Engine::Postgres {
            // The half of a UUIDv7 that is random.
            let values = [(key.as_u64_pair().1 as i64).into()];
            let sql = "SELECT pg_advisory_xact_lock($1)";
            self.inner
                .execute_raw(statement(&self.inner, sql, values))
                .await?;
        }
        Ok(())
    }

    /// Clock, identifiers and randomness.
    pub fn env(&self) -> &Env {
        &self.shared.env
    }

    /// Which engine is behind.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The key that tags and seals the journal.
    pub(crate) fn journal_key(&self) -> &JournalKey {
        &self.shared.key
    }

    pub(crate) fn note_appended(&self) {
        self.appended.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn note_enqueued(&self) {
        self.enqueued.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes it durable, then wakes whoever follows the journal or runs jobs. After an error
    /// nothing of it is kept, unless the engine went away while it answered: then it may be.
    pub async fn commit(self) -> Result<(), DbErr> {
        let Self {
            inner,
            shared,
            appended,
            enqueued,
            turn,
            since,
            ..
        } = self;
        let WriteConnection { tx, failed } = inner;
        if failed.load(Ordering::SeqCst) {
            end(tx, &shared.trust).await;
            return Err(given_up());
        }
        if let Err(error) = tx.commit().await {
            shared.trust.doubt();
            return Err(error);
        }
        drop(turn);
        let held = since.elapsed();
        if held > LONGEST_TRANSACTION {
            tracing::debug!(
                held_ms = held.as_millis() as u64,
                "a write transaction was long"
            );
        }
        if appended.load(Ordering::Relaxed) > 0 {
            shared.journal.notify_waiters();
        }
        if enqueued.load(Ordering::Relaxed) > 0 {
            shared.jobs.notify_waiters();
        }
        Ok(())
    }

    /// Gives up what was done. Whatever the engine answers, nothing of it remains.
    pub async fn rollback(self) -> Result<(), DbErr> {
        end(self.inner.tx, &self.shared.trust).await;
        Ok(())
    }
}

/// Rolls back; when that fails the connection is closed, which ends any transaction.
async fn end(tx: DatabaseTransaction, trust: &Trust) {
    if let Err(error) = tx.rollback().await {
        tracing::warn!(%error, "a write could not be rolled back");
        trust.doubt();
    }
}

impl Deref for WriteTx {
    type Target = WriteConnection;
    fn deref(&self) -> &WriteConnection {
        &self.inner
    }
}

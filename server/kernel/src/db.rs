//! The database: one engine of two, one way to read and one way to write.
//!
//! SQLite has one writing connection behind a fair gate and several readers
//! opened `query_only`; PostgreSQL has a pool. A write is a [`WriteTx`]: it
//! carries the change, its journal entries and its jobs, and what is
//! acknowledged after `commit` is durable.

use std::ops::Deref;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::futures::Notified;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};
use uuid::Uuid;

use crate::env::Env;
use crate::journal::JournalKey;
use crate::stats;

/// A transaction that holds the write gate longer than this is reported.
pub const LONGEST_TRANSACTION: Duration = Duration::from_millis(50);

/// Which database is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the data, for one machine.
    Sqlite,
    /// A server, for several.
    Postgres,
}

/// Sizes of the connection pools.
#[derive(Clone, Copy, Debug)]
pub struct PoolSizes {
    /// Connections that read (SQLite) or all connections (PostgreSQL).
    pub connections: u32,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { connections: 8 }
    }
}

/// Handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    gate: Arc<Mutex<()>>,
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) env: Env,
    pub(crate) key: JournalKey,
    /// Woken after a commit that appended to the journal.
    pub(crate) journal: Notify,
    /// Woken after a commit that enqueued a job.
    pub(crate) jobs: Notify,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl Db {
    /// Opens `url`: `sqlite:PATH` (created when absent) or `postgres://…`.
    pub async fn connect(
        url: &str,
        sizes: PoolSizes,
        env: Env,
        key: JournalKey,
    ) -> Result<Self, DbErr> {
        let (engine, mut reader, mut writer) = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.trim_start_matches("//");
            let (reader, writer) = open_sqlite(Path::new(path), sizes).await?;
            (Engine::Sqlite, reader, writer)
        } else {
            let pool = open_postgres(url, sizes).await?;
            (Engine::Postgres, pool.clone(), pool)
        };
        reader.set_metric_callback(|info| stats::record(info.elapsed));
        writer.set_metric_callback(|info| stats::record(info.elapsed));
        let shared = Shared {
            env,
            key,
            journal: Notify::new(),
            jobs: Notify::new(),
        };
        Ok(Self {
            engine,
            reader,
            writer,
            gate: Arc::new(Mutex::new(())),
            shared: Arc::new(shared),
        })
    }

    /// Which engine is behind.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The connection for queries; on SQLite it cannot write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The writing connection without a transaction; for migrations and settings only.
    pub fn writer_for_schema(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Clock, identifiers and randomness.
    pub fn env(&self) -> &Env {
        &self.shared.env
    }

    /// The key that tags and seals the journal.
    pub fn journal_key(&self) -> &JournalKey {
        &self.shared.key
    }

    /// Completes after the next commit, from now on, that appends to the journal.
    pub fn journal_changed(&self) -> Notified<'_> {
        self.shared.journal.notified()
    }

    /// Completes after the next commit, from now on, that enqueues a job.
    pub fn jobs_changed(&self) -> Notified<'_> {
        self.shared.jobs.notified()
    }

    /// Begins a write. Waits its turn at the gate on SQLite, in order of arrival.
    pub async fn write(&self) -> Result<WriteTx, DbErr> {
        let guard = match self.engine {
            Engine::Sqlite => Some(self.gate.clone().lock_owned().await),
            Engine::Postgres => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.writer.begin_with_options(options).await?;
        Ok(WriteTx {
            inner,
            engine: self.engine,
            shared: self.shared.clone(),
            appended: Arc::default(),
            enqueued: Arc::default(),
            guard,
            since: Instant::now(),
        })
    }

    /// The settings that decide durability, read back from the writing connection.
    pub async fn durability(&self) -> Result<Vec<(String, String)>, DbErr> {
        let names: &[&str] = match self.engine {
            Engine::Sqlite => &["journal_mode", "synchronous", "foreign_keys"],
            Engine::Postgres => &["fsync", "synchronous_commit", "full_page_writes"],
        };
        let tx = self.write().await?;
        let mut out = Vec::new();
        for name in names {
            let sql = match self.engine {
                Engine::Sqlite => format!("PRAGMA {name}"),
                Engine::Postgres => format!("SHOW {name}"),
            };
            let row = tx
                .query_one_raw(Statement::from_string(self.backend(), sql))
                .await?;
            let value = match row {
                None => String::new(),
                Some(row) => match row.try_get_by_index::<String>(0) {
                    Ok(text) => text,
                    Err(_) => row.try_get_by_index::<i64>(0)?.to_string(),
                },
            };
            out.push(((*name).to_owned(), value));
        }
        tx.rollback().await?;
        Ok(out)
    }

    /// Closes every connection; on SQLite the log is checkpointed.
    pub async fn close(self) -> Result<(), DbErr> {
        let Self {
            reader,
            writer,
            engine,
            ..
        } = self;
        reader.close().await?;
        if engine == Engine::Sqlite {
            writer.close().await?;
        }
        Ok(())
    }

    fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }
}

async fn open_sqlite(
    path: &Path,
    sizes: PoolSizes,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    let base = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(base.clone())
        .await
        .map_err(connection_error)?;
    // A connection to a file does not age; a new one begins with an empty cache.
    let reader = SqlitePoolOptions::new()
        .max_connections(sizes.connections)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(base.pragma("query_only", "ON"))
        .await
        .map_err(connection_error)?;
    Ok((
        SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
        SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
    ))
}

async fn open_postgres(url: &str, sizes: PoolSizes) -> Result<DatabaseConnection, DbErr> {
    let options = PgConnectOptions::from_str(url)
        .map_err(connection_error)?
        .application_name("passerelle")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(sizes.connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .map_err(connection_error)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(Arc::new(error)))
}

/// A write in progress: the change, its journal entries and its jobs together.
///
/// Dropped without [`WriteTx::commit`], nothing of it remains. Inside: no HTTP,
/// no mail, no unzip, no password hashing; and nothing in the same task that waits for another
/// write while this one is not polled.
pub struct WriteTx {
    inner: DatabaseTransaction,
    engine: Engine,
    shared: Arc<Shared>,
    appended: Arc<std::sync::atomic::AtomicU32>,
    enqueued: Arc<std::sync::atomic::AtomicU32>,
    guard: Option<OwnedMutexGuard<()>>,
    since: Instant,
}

impl WriteTx {
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
        self.appended
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    pub(crate) fn note_enqueued(&self) {
        self.enqueued
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    /// Makes it durable, then wakes whoever follows the journal or runs jobs.
    pub async fn commit(self) -> Result<(), DbErr> {
        let Self {
            inner,
            shared,
            appended,
            enqueued,
            guard,
            since,
            ..
        } = self;
        inner.commit().await?;
        drop(guard);
        let held = since.elapsed();
        if held > LONGEST_TRANSACTION {
            tracing::debug!(
                held_ms = held.as_millis() as u64,
                "a write transaction was long"
            );
        }
        if appended.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            shared.journal.notify_waiters();
        }
        if enqueued.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            shared.jobs.notify_waiters();
        }
        Ok(())
    }

    /// Gives up what was done.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// A statement with `$1`-style parameters, understood by both engines.
pub fn statement<C: ConnectionTrait>(
    conn: &C,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql.into(), values)
}

/// Is one of the identifiers that are all in one parameter, made by [`ids`].
///
/// A parameter for each would cost SQLite's driver the square of their number, and keep a
/// prepared statement for each length of list. PostgreSQL gets an array: of a subquery it expects
/// a hundred rows, and would rather read a whole table than look a few up by their index.
pub fn in_ids<C: ConnectionTrait>(conn: &C, place: usize) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!(
            "= ANY(ARRAY(SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST(${place} AS JSON))))"
        ),
        _ => format!("IN (SELECT unhex(value) FROM json_each(${place}))"),
    }
}

/// The parameter of [`in_ids`]: a JSON array of hexadecimal digits.
pub fn ids(list: &[Uuid]) -> Value {
    let quoted: Vec<String> = list
        .iter()
        .map(|id| format!("\"{}\"", id.simple()))
        .collect();
    format!("[{}]", quoted.join(",")).into()
}

/// Is one of the texts that are all in one parameter, made by [`texts`]; as [`in_ids`].
pub fn in_texts<C: ConnectionTrait>(conn: &C, place: usize) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!(
            "= ANY(ARRAY(SELECT value FROM json_array_elements_text(CAST(${place} AS JSON))))"
        ),
        _ => format!("IN (SELECT value FROM json_each(${place}))"),
    }
}

/// The parameter of [`in_texts`].
pub fn texts(list: &[String]) -> Value {
    serde_json::Value::from(list).to_string().into()
}

/// Is one of the whole numbers that are all in one parameter, made by [`numbers`]; as [`in_ids`].
pub fn in_numbers<C: ConnectionTrait>(conn: &C, place: usize) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!(
            "= ANY(ARRAY(SELECT CAST(value AS INTEGER) FROM json_array_elements_text(CAST(${place} AS JSON))))"
        ),
        _ => format!("IN (SELECT value FROM json_each(${place}))"),
    }
}

/// The parameter of [`in_numbers`].
pub fn numbers(list: &[i32]) -> Value {
    let written: Vec<String> = list.iter().map(ToString::to_string).collect();
    format!("[{}]", written.join(",")).into()
}

/// `($from, …), (…)`: so many rows of so many parameters each.
pub fn tuples(from: usize, rows: usize, width: usize) -> String {
    let mut out = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { "), (" });
        for column in 0..width {
            let mark = if column == 0 { "$" } else { ", $" };
            out.push_str(mark);
            out.push_str(&(from + row * width + column).to_string());
        }
    }
    out.push(')');
    out
}

/// Inserts rows of `width` values each in one statement; nothing when there are none.
///
/// `into` is a table with its columns, `conflict` an `ON CONFLICT` clause or nothing.
/// The caller keeps the values below 32,766, the most that SQLite takes.
pub async fn insert_many<C: ConnectionTrait>(
    conn: &C,
    into: &str,
    width: usize,
    values: Vec<Value>,
    conflict: &str,
) -> Result<(), DbErr> {
    if values.is_empty() {
        return Ok(());
    }
    let rows = tuples(1, values.len() / width, width);
    let sql = format!("INSERT INTO {into} VALUES {rows} {conflict}");
    conn.execute_raw(statement(conn, sql, values)).await?;
    Ok(())
}

/// Whether the error says that a uniqueness rule was broken.
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

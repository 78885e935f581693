//! The database: one engine of two, one way to read and one way to write.
//!
//! SQLite has one writing connection behind a fair gate and several readers
//! opened `query_only`; PostgreSQL has a pool. A write is a [`WriteTx`]: it
//! carries the change, its journal entries and its jobs, and what is
//! acknowledged after `commit` is durable.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::env::Env;
use crate::journal::JournalKey;
use crate::stats;

mod gate;
mod proof;
mod sql;
mod write;

pub use gate::{background, inherit, is_background};
pub use proof::NotKept;
pub use sql::{
    ids, in_ids, in_numbers, insert_many, is_unique_violation, numbers, statement, tuples,
};
pub use write::{LONGEST_TRANSACTION, WriteConnection, WriteTx};

use gate::Gate;
use write::Trust;

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
    /// Connections that read (SQLite) or that serve people (PostgreSQL). On PostgreSQL background
    /// work has a quarter as many besides, two at least.
    pub connections: u32,
}

impl PoolSizes {
    fn of_background(self) -> u32 {
        (self.connections / 4).max(2)
    }
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
    /// What background work reads and writes with; on SQLite the two above.
    background: Option<DatabaseConnection>,
    gate: Arc<Gate>,
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) env: Env,
    pub(crate) key: JournalKey,
    /// Woken after a commit that appended to the journal.
    pub(crate) journal: Notify,
    /// Woken after a commit that enqueued a job.
    pub(crate) jobs: Notify,
    /// Whether SQLite's writing connection may be used again.
    trust: Trust,
    /// The last proof that a write is kept.
    proof: proof::LastProof,
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
        let trust = Trust::default();
        let (engine, mut reader, mut writer, mut behind) =
            if let Some(path) = url.strip_prefix("sqlite:") {
                let path = path.trim_start_matches("//");
                let (reader, writer) = open_sqlite(Path::new(path), sizes, trust.clone()).await?;
                (Engine::Sqlite, reader, writer, None)
            } else {
                let pool = open_postgres(url, sizes.connections).await?;
                let behind = open_postgres(url, sizes.of_background()).await?;
                (Engine::Postgres, pool.clone(), pool, Some(behind))
            };
        for connection in [&mut reader, &mut writer].into_iter().chain(&mut behind) {
            connection.set_metric_callback(stats::record);
        }
        let shared = Shared {
            env,
            key,
            journal: Notify::new(),
            jobs: Notify::new(),
            trust,
            proof: proof::LastProof::default(),
        };
        Ok(Self {
            engine,
            reader,
            writer,
            background: behind,
            gate: Arc::default(),
            shared: Arc::new(shared),
        })
    }

    /// Which engine is behind.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The connection for queries; on SQLite it cannot write.
    pub fn read(&self) -> &DatabaseConnection {
        self.behind().unwrap_or(&self.reader)
    }

    /// The connections of background work, for a task that is.
    fn behind(&self) -> Option<&DatabaseConnection> {
        self.background.as_ref().filter(|_| is_background())
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

    /// Wakes whoever runs jobs.
    pub(crate) fn wake_jobs(&self) {
        self.shared.jobs.notify_waiters();
    }

    /// Begins a write. On SQLite it waits its turn: people in order of arrival, background work
    /// ([`background`]) behind them and within a bounded share.
    pub async fn write(&self) -> Result<WriteTx, DbErr> {
        let turn = match self.engine {
            Engine::Sqlite => Some(self.gate.turn().await),
            Engine::Postgres => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let writer = self.behind().unwrap_or(&self.writer);
        let begun = writer.begin_with_options(options).await;
        let tx = begun.inspect_err(|_| self.shared.trust.doubt())?;
        Ok(WriteTx::new(tx, self.engine, self.shared.clone(), turn))
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
            background,
            engine,
            ..
        } = self;
        reader.close().await?;
        if let Some(background) = background {
            background.close().await?;
        }
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
    trust: Trust,
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
        .before_acquire({
            let trust = trust.clone();
            move |connection: &mut SqliteConnection, _| {
                let fresh = trust.is_fresh(connection);
                Box::pin(async move { Ok(fresh) })
            }
        })
        .after_release(move |connection: &mut SqliteConnection, _| {
            let trust = trust.clone();
            Box::pin(async move { trust.is_fresh_in_the_end(connection).await })
        })
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

async fn open_postgres(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let options = PgConnectOptions::from_str(url)
        .map_err(connection_error)?
        .application_name("passerelle")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|connection: &mut PgConnection, _| {
            let fresh = Trust::default().is_fresh(connection);
            Box::pin(async move { Ok(fresh) })
        })
        .connect_with(options)
        .await
        .map_err(connection_error)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(Arc::new(error)))
}

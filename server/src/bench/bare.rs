//! The bare target: what commits and pages are compared with. The same HTTP
//! stack, the same database driver with the same settings, one prepared upsert
//! of what comes, the same grouping and durability, and no more.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use passerelle_kernel::group::{GROUP_SIZE, QUEUE_SIZE};
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::BenchError;

const UPSERT: &str = "INSERT INTO bare (id, seq, body) VALUES ($1, $2, $3) \
                      ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, body = excluded.body";
/// The static page is about as long as a course page.
const PAGE_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
struct Commit {
    launch: String,
    seq: i64,
}

struct Waiting {
    commit: Commit,
    body: Bytes,
    answer: oneshot::Sender<()>,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Serves until it is killed.
pub async fn serve(listen: SocketAddr, database: &str) -> Result<(), BenchError> {
    let pool = Arc::new(open(database).await?);
    let (queue, waiting) = mpsc::channel(QUEUE_SIZE);
    tokio::spawn(write(pool.clone(), waiting));
    let page: &'static str = Box::leak("x".repeat(PAGE_BYTES).into_boxed_str());
    let router = Router::new()
        .route("/health/ready", get(|| async { "ready" }))
        .route("/page", get(move || async move { Html(page) }))
        .route("/bytes/{count}", get(bytes))
        .route("/t/commit", post(commit))
        .with_state(queue);
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(BenchError::doing("listening"))?;
    axum::serve(listener, router)
        .await
        .map_err(BenchError::doing("serving"))
}

async fn bytes(Path(count): Path<usize>) -> Vec<u8> {
    vec![b'x'; count.min(64 << 20)]
}

async fn commit(State(queue): State<mpsc::Sender<Waiting>>, body: Bytes) -> StatusCode {
    let Ok(commit) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let (answer, answered) = oneshot::channel();
    let waiting = Waiting {
        commit,
        body,
        answer,
    };
    if queue.send(waiting).await.is_err() || answered.await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::NO_CONTENT
}

async fn write(pool: Arc<Pool>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(GROUP_SIZE);
    while waiting.recv_many(&mut group, GROUP_SIZE).await > 0 {
        // Whoever waits for a group that failed is told so by its dropped answer.
        if store(&pool, &group).await.is_ok() {
            for one in group.drain(..) {
                let _ = one.answer.send(());
            }
        }
        group.clear();
    }
}

async fn store(pool: &Pool, group: &[Waiting]) -> Result<(), sqlx::Error> {
    match pool {
        Pool::Sqlite(pool) => {
            let mut connection = pool.acquire().await?;
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            for one in group {
                sqlx::query(UPSERT)
                    .bind(&one.commit.launch)
                    .bind(one.commit.seq)
                    .bind(one.body.as_ref())
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await
        }
        Pool::Postgres(pool) => {
            let mut tx = pool.begin().await?;
            for one in group {
                sqlx::query(UPSERT)
                    .bind(&one.commit.launch)
                    .bind(one.commit.seq)
                    .bind(one.body.as_ref())
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await
        }
    }
}

/// The same settings as the kernel's connections.
async fn open(database: &str) -> Result<Pool, BenchError> {
    let told = || BenchError::doing("the bare target's database");
    if let Some(path) = database.strip_prefix("sqlite:") {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256)
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(told())?;
        let table = "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, body BLOB NOT NULL)";
        sqlx::query(table).execute(&pool).await.map_err(told())?;
        return Ok(Pool::Sqlite(pool));
    }
    let options = PgConnectOptions::from_str(database)
        .map_err(told())?
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_with(options)
        .await
        .map_err(told())?;
    let table = "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, seq BIGINT NOT NULL, body BYTEA NOT NULL)";
    sqlx::query(table).execute(&pool).await.map_err(told())?;
    Ok(Pool::Postgres(pool))
}

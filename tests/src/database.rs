//! A database of its own for each test, on either engine.

use std::sync::Arc;

use passerelle_kernel::db::PoolSizes;
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::journal::JournalKey;
use passerelle_kernel::{Db, Engine, Env};
use passerelle_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use tempfile::TempDir;

/// Monday 2 November 2026 at 08:00 UTC, when every test begins.
pub const START: i64 = 1_793_606_400_000_000;

/// A fresh database with the whole schema.
pub struct TestDb {
    /// Handle on it.
    pub db: Db,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Its address.
    pub url: String,
    /// Folder of the test, on a memory disk when there is one.
    pub folder: TempDir,
}

/// A folder on a memory disk when there is one.
pub fn folder() -> TempDir {
    let base = std::path::Path::new("/dev/shm");
    let builder = || {
        let mut b = tempfile::Builder::new();
        b.prefix("passerelle-test-");
        b
    };
    if base.is_dir() {
        builder().tempdir_in(base)
    } else {
        builder().tempdir()
    }
    .expect("a folder")
}

/// Address of a new database. On PostgreSQL it has the schema already, copied from a database made
/// once for each build of the tests; on SQLite it is empty, and the schema is made in a moment.
pub async fn fresh_url(engine: Engine, folder: &TempDir) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite:{}", folder.path().join("test.sqlite").display()),
        Engine::Postgres => {
            let admin = sea_orm::Database::connect(crate::postgres::url("postgres"))
                .await
                .expect("the test server answers");
            let (name, template) = (format!("t_{}", hex_name()), template(&admin).await);
            create(&admin, &format!("{name} TEMPLATE {template}")).await;
            admin.close().await.expect("closes");
            crate::postgres::url(&name)
        }
    }
}

async fn create(admin: &DatabaseConnection, what: &str) {
    admin
        .execute_unprepared(&format!("CREATE DATABASE {what}"))
        .await
        .expect("a database");
}

/// Name of the database that others are copied from; the first who asks makes it.
async fn template(admin: &DatabaseConnection) -> String {
    let name = format!("schema_{}", build());
    let turn = admin.begin().await.expect("a transaction");
    turn.execute_unprepared("SELECT pg_advisory_xact_lock(20261102)")
        .await
        .expect("one at a time");
    let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let known = Statement::from_string(DbBackend::Postgres, known);
    if turn.query_one_raw(known).await.expect("a look").is_none() {
        // Whole or absent: it takes its name once the schema is there.
        let draft = format!("draft_{}", hex_name());
        create(admin, &draft).await;
        let connection = sea_orm::Database::connect(crate::postgres::url(&draft))
            .await
            .expect("connects");
        Migrator::up(&connection, None).await.expect("the schema");
        connection.close().await.expect("closes");
        admin
            .execute_unprepared(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
            .await
            .expect("its name");
    }
    turn.commit().await.expect("the next one's turn");
    name
}

/// What tells this build of the tests from another, whose schema may differ.
fn build() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let file = file.expect("the program of the tests");
    let since = file
        .modified()
        .ok()
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .expect("when it was built");
    format!("{:x}_{:x}", since.as_nanos(), file.len())
}

/// The key of every test.
pub fn key() -> JournalKey {
    JournalKey::from_seeds([7; 32], &[9; 32])
}

impl TestDb {
    /// A fresh database.
    pub async fn new(engine: Engine) -> Self {
        let folder = folder();
        let url = fresh_url(engine, &folder).await;
        let clock = Arc::new(ManualClock::new(START));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let db = Db::connect(&url, PoolSizes { connections: 4 }, env, key())
            .await
            .expect("connects");
        Migrator::up(db.writer_for_schema(), None)
            .await
            .expect("the schema");
        Self {
            db,
            clock,
            url,
            folder,
        }
    }
}

/// The same test on both engines.
#[macro_export]
macro_rules! on_both_engines {
    ($(#[$meta:meta])* async fn $name:ident($engine:ident) $body:block) => {
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn test($engine: passerelle_kernel::Engine) $body

            #[tokio::test]
            async fn sqlite() {
                test(passerelle_kernel::Engine::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres() {
                test(passerelle_kernel::Engine::Postgres).await;
            }
        }
    };
}

/// A name that no other test process takes.
fn hex_name() -> String {
    Env::system().label()
}

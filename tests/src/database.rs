//! A database of its own for each test, on either engine.

use std::sync::Arc;

use passerelle_kernel::db::PoolSizes;
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::journal::JournalKey;
use passerelle_kernel::{Db, Engine, Env};
use passerelle_migrations::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
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

/// Address of a new empty database.
pub async fn fresh_url(engine: Engine, folder: &TempDir) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite:{}", folder.path().join("test.sqlite").display()),
        Engine::Postgres => {
            let name = format!("t_{}", hex_name());
            let admin = sea_orm::Database::connect(crate::postgres::url("postgres"))
                .await
                .expect("the test server answers");
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}"))
                .await
                .expect("a database");
            admin.close().await.expect("closes");
            crate::postgres::url(&name)
        }
    }
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

//! What `doctor` looks at beside settings: whether the database is whole, whether everything that
//! follows the journal follows, and whether each stored file is what was stored.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr};
use passerelle_kernel::{Db, Engine, journal};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::{App, stored};

use crate::host::HostError;
use crate::schema::{self, Schema};

/// Problems of one kind that are listed.
const LISTED: usize = 20;

/// What to do with a database that is damaged.
const DAMAGED: &str = "stop the server, keep a copy of the database as it is, and put back the last backup (or ask for \
                       help) before anybody works on";

/// Why a server could not even be opened, with what to do when its database is damaged.
pub(super) fn unopened(error: HostError) -> HostError {
    if is_damage(&error.0) {
        return HostError(format!("{error}: {DAMAGED}"));
    }
    error
}

/// Whether SQLite says `SQLITE_CORRUPT` or `SQLITE_NOTADB`, or that its first page is none of its own.
fn is_damage(error: &str) -> bool {
    let words = ["malformed", "not a database", "unsupported file format"];
    words.iter().any(|word| error.contains(word))
}

/// Adds what is wrong; what cannot be looked at is wrong as well.
pub(super) async fn check(app: &App, warnings: &mut Vec<String>) {
    let db = app.db();
    let before = warnings.len();
    note(warnings, "the database", whole(db).await);
    note(warnings, "the schema", shape(db).await);
    if warnings.len() > before {
        warnings.push(DAMAGED.to_owned());
    }
    note(warnings, "the journal", followers(db).await);
    note(warnings, "stored files", files(app).await);
}

fn note<E: std::fmt::Display>(
    warnings: &mut Vec<String>,
    what: &str,
    found: Result<Vec<String>, E>,
) {
    match found {
        Ok(found) => warnings.extend(found),
        Err(error) if is_damage(&error.to_string()) => {
            warnings.push(format!("the database is damaged: {error}"));
        }
        Err(error) => warnings.push(format!("{what} cannot be checked: {error}")),
    }
}

/// Whether the engine finds its own pages, indexes and references in order.
async fn whole(db: &Db) -> Result<Vec<String>, DbErr> {
    let conn = db.read();
    if db.engine() == Engine::Postgres {
        let sql = "SELECT COALESCE(checksum_failures, 0) AS n FROM pg_stat_database WHERE datname = current_database()";
        let row = conn.query_one_raw(statement(conn, sql, [])).await?;
        let failures: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        let found = (failures > 0).then(|| {
            format!("the database is damaged: PostgreSQL counted {failures} pages whose checksum is wrong")
        });
        return Ok(found.into_iter().collect());
    }
    let mut found = Vec::new();
    let sql = format!("PRAGMA integrity_check({LISTED})");
    for row in conn.query_all_raw(statement(conn, sql, [])).await? {
        let line: String = row.try_get_by_index(0)?;
        if line != "ok" {
            found.push(format!("the database is damaged: {line}"));
        }
    }
    let rows = conn
        .query_all_raw(statement(conn, "PRAGMA foreign_key_check", []))
        .await?;
    let mut tables = BTreeSet::new();
    for row in &rows {
        tables.insert(row.try_get_by_index::<String>(0)?);
    }
    if !tables.is_empty() {
        let tables: Vec<String> = tables.into_iter().collect();
        found.push(format!(
            "the database is damaged: {} rows name others that are gone, in {}",
            rows.len(),
            tables.join(", ")
        ));
    }
    Ok(found)
}

/// Whether every table and column that the steps make is there.
async fn shape(db: &Db) -> Result<Vec<String>, DbErr> {
    match schema::look(db).await? {
        Schema::Absent => {
            return Ok(vec![
                "the database is empty: `passerelle serve` or `passerelle migrate` makes its tables".to_owned(),
            ]);
        }
        Schema::Behind(steps) => {
            return Ok(vec![format!(
                "the database is {} steps behind this program: `passerelle migrate` brings it up to date",
                steps.len()
            )]);
        }
        Schema::Current | Schema::Ahead(_) => {}
    }
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let fresh = Database::connect(options).await?;
    Migrator::up(&fresh, None).await?;
    let expected = columns(&fresh, Engine::Sqlite).await?;
    fresh.close().await?;
    let there = columns(db.read(), db.engine()).await?;
    Ok(expected
        .difference(&there)
        .take(LISTED)
        .map(|column| format!("the database is damaged: {column} is missing from its tables"))
        .collect())
}

async fn columns<C: ConnectionTrait>(conn: &C, engine: Engine) -> Result<BTreeSet<String>, DbErr> {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT m.name || '.' || c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type IN ('table', 'view') AND SUBSTR(m.name, 1, 6) <> 'sqlite'"
        }
        Engine::Postgres => {
            "SELECT CONCAT(table_name, '.', column_name) AS name FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
    };
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

async fn followers(db: &Db) -> Result<Vec<String>, DbErr> {
    let failing = journal::failing(db.read()).await?;
    Ok(failing
        .iter()
        .map(|f| {
            format!(
                "{} cannot go on since the entry {} ({}) at position {} of the journal: tried {} times, the last said {:?}. \
                 An administrator may have it tried again, or set it aside, on the page of the server's state",
                f.consumer, f.entry, f.kind, f.position, f.attempts, f.error
            )
        })
        .collect())
}

async fn files(app: &App) -> Result<Vec<String>, passerelle_web::AppError> {
    let bar = if std::io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{pos} stored files read again")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::no_length().with_style(style)
    } else {
        ProgressBar::hidden()
    };
    let wrong = stored::check_all(app, &mut |files| bar.set_position(files)).await;
    bar.finish_and_clear();
    let wrong = wrong?;
    let mut lines: Vec<String> = wrong
        .iter()
        .take(LISTED)
        .map(|fault| {
            let what = match fault.damage {
                stored::Damage::Missing => "is missing",
                stored::Damage::Altered => "is not what was stored",
            };
            format!(
                "the file {} ({}, {}) {what}: put it back from a backup",
                fault.key, fault.kind, fault.name
            )
        })
        .collect();
    if wrong.len() > LISTED {
        lines.push(format!("and {} other stored files", wrong.len() - LISTED));
    }
    Ok(lines)
}

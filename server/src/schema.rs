//! Whether the database holds the schema that this program knows.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Engine, journal};

use crate::config::Config;
use crate::host::HostError;

/// What the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// No tables at all.
    Absent,
    /// Steps that this program would still make.
    Behind(Vec<String>),
    /// What this program knows.
    Current,
    /// Steps that this program does not know: a later version made them.
    Ahead(Vec<String>),
}

/// Looks, and changes nothing.
pub async fn look(db: &Db) -> Result<Schema, DbErr> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'",
        Engine::Postgres => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
    };
    let conn = db.read();
    let there = conn.query_one_raw(statement(conn, sql, [])).await?;
    if there.is_none() {
        return Ok(Schema::Absent);
    }
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    let made: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "version"))
        .collect::<Result<_, _>>()?;
    Ok(compare(&made))
}

fn compare(made: &[String]) -> Schema {
    let known: Vec<&str> = passerelle_migrations::names().collect();
    let unknown: Vec<String> = made
        .iter()
        .filter(|name| !known.contains(&name.as_str()))
        .cloned()
        .collect();
    if !unknown.is_empty() {
        return Schema::Ahead(unknown);
    }
    let missing = known.iter().filter(|k| !made.iter().any(|m| m == *k));
    let missing: Vec<String> = missing.map(|name| (*name).to_owned()).collect();
    match (made.is_empty(), missing.is_empty()) {
        (true, _) => Schema::Absent,
        (false, true) => Schema::Current,
        (false, false) => Schema::Behind(missing),
    }
}

/// A program that does not know all the tables must not write: it would break rules it has never
/// heard of.
pub(crate) async fn refuse_a_later_one(db: &Db) -> Result<(), HostError> {
    match look(db).await.map_err(HostError::doing("database"))? {
        Schema::Ahead(steps) => Err(HostError(format!(
            "the database was brought up to date by a later version of Passerelle than this one, {}: it has {}, unknown \
             here. Nothing was changed. Start that later version, or put back the backup made before the update",
            env!("CARGO_PKG_VERSION"),
            steps.join(", ")
        ))),
        _ => Ok(()),
    }
}

/// Gives their links to the seals and cursors of a version that gave them none.
pub(crate) async fn bind_journal(db: &Db) -> Result<(), HostError> {
    let bound = journal::bind(db).await;
    let bound = bound.map_err(HostError::doing("journal"))?;
    if bound > 0 {
        tracing::info!(
            bound,
            "seals and cursors of the journal were given their links"
        );
    }
    Ok(())
}

/// Where there is no journal yet, says so, and what to do.
pub(crate) async fn require(db: &Db, config: &Config) -> Result<(), HostError> {
    match look(db).await.map_err(HostError::doing("database"))? {
        Schema::Absent => Err(nothing_there(config)),
        Schema::Behind(steps) => Err(HostError(format!(
            "the database is of an earlier version ({} steps behind): bring it up to date with `passerelle migrate`, \
             then run this command again",
            steps.len()
        ))),
        Schema::Current | Schema::Ahead(_) => Ok(()),
    }
}

/// The same before anything is opened, so that asking leaves no empty database behind.
pub(crate) fn require_file(config: &Config) -> Result<(), HostError> {
    let database = config.database();
    match database.strip_prefix("sqlite:") {
        Some(path) if !std::path::Path::new(path.trim_start_matches("//")).exists() => {
            Err(nothing_there(config))
        }
        _ => Ok(()),
    }
}

fn nothing_there(config: &Config) -> HostError {
    let database = config.database();
    let place = match database.strip_prefix("sqlite:") {
        Some(path) => {
            let path = std::path::Path::new(path.trim_start_matches("//"));
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            format!("{} is missing or empty", whole.display())
        }
        None => "the database named by database_url is empty".to_owned(),
    };
    HostError(format!(
        "there is no journal here: {place}. Name the data folder of the server (data_dir in its configuration file, \
         given with --config or PASSERELLE_CONFIG, or PASSERELLE_DATA_DIR), or start a server there first with `passerelle serve`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_told_by_the_steps_that_made_it() {
        let all: Vec<String> = passerelle_migrations::names().map(str::to_owned).collect();
        assert_eq!(compare(&[]), Schema::Absent);
        assert_eq!(compare(&all), Schema::Current);
        assert_eq!(
            compare(&all[..all.len() - 1]),
            Schema::Behind(all[all.len() - 1..].to_vec())
        );
        let later = [&all[..], &["kernel/0999_later".to_owned()]].concat();
        assert_eq!(
            compare(&later),
            Schema::Ahead(vec!["kernel/0999_later".to_owned()])
        );
    }
}

//! The schema, one file per step, grouped by plugin; imports no entity.
//!
//! Steps are SQL in the common subset of SQLite and PostgreSQL with three type
//! words of our own: `UUID` (16-byte blob or uuid), `BYTES` (blob or bytea) and
//! `FOLDED` (text that we folded, compared byte by byte whatever the collation of
//! the database). A statement that begins with `POSTGRES` is for that engine only.
//! Instants are `BIGINT` microseconds UTC, local dates `TEXT` (`2026-11-23`).

use async_trait::async_trait;
pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Every step, in order.
#[derive(Debug)]
pub struct Migrator;

struct Step {
    name: &'static str,
    sql: &'static str,
}

macro_rules! steps {
    ($($path:literal),* $(,)?) => {
        &[$(Step { name: $path, sql: include_str!(concat!($path, ".sql")) }),*]
    };
}

/// A step that has been released is never edited; a new file follows it.
const STEPS: &[Step] = steps![
    "kernel/0001_kernel",
    "people/0001_people",
    "courses/0001_courses",
    "courses/0002_cohorts",
    "courses/0003_search",
    "people/0002_sort_name",
    "courses/0004_board",
    "courses/0005_launch",
    "courses/0006_tool",
    "courses/0007_framed",
    "lti/0001_lti",
    "lti/0002_grades",
    "lti/0003_tools",
    "lti/0004_choosing",
    "lti/0005_frame",
    "lti/0006_due",
    "lti/0007_watching",
    "lti/0008_rosters",
    "lti/0009_window",
    "people/0003_bare_session",
    "oidc/0001_oidc",
    "mailer/0001_mailer",
    "mailer/0002_campaigns",
    "mailer/0003_undone_imports",
    "mailer/0004_returns",
    "mailer/0005_watch",
    "courses/0008_automations",
    "mailer/0006_discussions",
    "mailer/0007_counting",
    "mailer/0008_import_jobs",
    "kernel/0002_jobs",
    "mailer/0012_due",
    "courses/0010_late_work",
    "kernel/0003_journal",
    "courses/0012_hashes",
    "people/0004_folding",
    "courses/0011_folding",
    "mailer/0010_folding",
    "mailer/0009_letters",
    "lti/0010_corrections",
];

/// Names of every step, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.name)
}

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS
            .iter()
            .map(|step| Box::new(SqlMigration(step)) as Box<dyn MigrationTrait>)
            .collect()
    }
}

struct SqlMigration(&'static Step);

impl MigrationName for SqlMigration {
    fn name(&self) -> &str {
        self.0.name
    }
}

#[async_trait]
impl MigrationTrait for SqlMigration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for sql in self
            .0
            .sql
            .split(";\n")
            .map(str::trim)
            .filter(|sql| !sql.is_empty())
        {
            let sql = match sql.strip_prefix("POSTGRES ") {
                Some(_) if !postgres => continue,
                Some(rest) => rest,
                None => sql,
            };
            manager
                .get_connection()
                .execute_unprepared(&translate(sql, postgres))
                .await?;
        }
        Ok(())
    }
}

fn translate(sql: &str, postgres: bool) -> String {
    let (uuid, bytes, folded) = if postgres {
        (" UUID", " BYTEA", " TEXT COLLATE \"C\"")
    } else {
        (" BLOB", " BLOB", " TEXT")
    };
    sql.replace(" UUID", uuid)
        .replace(" BYTES", bytes)
        .replace(" FOLDED", folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_each_engine() {
        let sql = "CREATE TABLE t (a UUID NOT NULL, b BYTES, c FOLDED)";
        assert_eq!(
            translate(sql, true),
            "CREATE TABLE t (a UUID NOT NULL, b BYTEA, c TEXT COLLATE \"C\")"
        );
        assert_eq!(
            translate(sql, false),
            "CREATE TABLE t (a BLOB NOT NULL, b BLOB, c TEXT)"
        );
    }

    #[test]
    fn steps_have_distinct_names() {
        let mut names: Vec<_> = STEPS.iter().map(|s| s.name).collect();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}

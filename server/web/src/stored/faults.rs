//! What was found wrong with stored files, and how far the check is.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Micros, WriteTx};

/// Faults shown at most.
const SHOWN: i64 = 200;

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is not there.
    Missing,
    /// It is not what was stored.
    Altered,
}

impl Damage {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Altered => "altered",
        }
    }

    fn parse(code: &str) -> Self {
        if code == "missing" {
            Self::Missing
        } else {
            Self::Altered
        }
    }
}

/// A file that is missing or altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its kind, as its plugin names it.
    pub kind: String,
    /// Its key in the store.
    pub key: String,
    /// What an administrator knows it by.
    pub name: String,
    /// What is wrong.
    pub damage: Damage,
    /// When it was found.
    pub found_at: Micros,
}

/// How far the last check is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// When it began.
    pub began_at: Micros,
    /// When it ended; none while it goes on.
    pub finished_at: Option<Micros>,
    /// Kind that it is at.
    pub kind: String,
    /// Key of the last file checked.
    pub after: String,
    /// Files checked.
    pub files: i64,
    /// Bytes read.
    pub bytes: i64,
}

/// The latest faults, at most 200.
pub async fn faults<C: ConnectionTrait>(conn: &C) -> Result<Vec<Fault>, DbErr> {
    let sql = "SELECT kind, key, name, what, found_at FROM stored_fault ORDER BY found_at DESC, key LIMIT $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [SHOWN.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let what: String = row.try_get("", "what")?;
            Ok(Fault {
                kind: row.try_get("", "kind")?,
                key: row.try_get("", "key")?,
                name: row.try_get("", "name")?,
                damage: Damage::parse(&what),
                found_at: row.try_get("", "found_at")?,
            })
        })
        .collect()
}

/// How far the last check is; none when there never was one.
pub async fn progress<C: ConnectionTrait>(conn: &C) -> Result<Option<Progress>, DbErr> {
    let sql = "SELECT began_at, finished_at, kind, after_key, files, bytes FROM stored_check WHERE id = 1";
    let row = conn.query_one_raw(statement(conn, sql, [])).await?;
    row.map(|row| {
        Ok(Progress {
            began_at: row.try_get("", "began_at")?,
            finished_at: row.try_get("", "finished_at")?,
            kind: row.try_get("", "kind")?,
            after: row.try_get("", "after_key")?,
            files: row.try_get("", "files")?,
            bytes: row.try_get("", "bytes")?,
        })
    })
    .transpose()
}

pub(super) async fn keep(tx: &WriteTx, progress: &Progress) -> Result<(), DbErr> {
    let sql = "INSERT INTO stored_check (id, began_at, finished_at, kind, after_key, files, bytes) \
               VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at, \
               finished_at = excluded.finished_at, kind = excluded.kind, after_key = excluded.after_key, \
               files = excluded.files, bytes = excluded.bytes";
    let values = [
        progress.began_at.into(),
        progress.finished_at.into(),
        progress.kind.as_str().into(),
        progress.after.as_str().into(),
        progress.files.into(),
        progress.bytes.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Whether the same was found of this file before.
pub(super) async fn is_known<C: ConnectionTrait>(
    conn: &C,
    key: &str,
    damage: Damage,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM stored_fault WHERE key = $1 AND what = $2";
    let values = [key.into(), damage.code().into()];
    let found = conn.query_one_raw(statement(conn, sql, values)).await?;
    Ok(found.is_some())
}

/// Writes a fault; one that was known keeps the instant when it was found.
pub(super) async fn note(tx: &WriteTx, fault: &Fault) -> Result<(), DbErr> {
    tracing::error!(
        key = fault.key,
        what = fault.damage.code(),
        "a stored file is damaged"
    );
    let sql = "INSERT INTO stored_fault (key, kind, what, name, found_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (key) DO UPDATE SET what = excluded.what, name = excluded.name, seen_at = excluded.seen_at";
    let values = [
        fault.key.as_str().into(),
        fault.kind.as_str().into(),
        fault.damage.code().into(),
        fault.name.as_str().into(),
        fault.found_at.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Forgets what was found of a file that is whole again.
pub(super) async fn forget(tx: &WriteTx, key: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM stored_fault WHERE key = $1";
    tx.execute_raw(statement(&**tx, sql, [key.into()])).await?;
    Ok(())
}

/// Forgets what the check that began then did not find again: files that nothing names any more.
pub(super) async fn forget_unseen(tx: &WriteTx, began_at: Micros) -> Result<(), DbErr> {
    let sql = "DELETE FROM stored_fault WHERE seen_at < $1";
    tx.execute_raw(statement(&**tx, sql, [began_at.into()]))
        .await?;
    Ok(())
}

/// How many were found since.
pub(super) async fn found_since<C: ConnectionTrait>(conn: &C, since: Micros) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS n FROM stored_fault WHERE found_at >= $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [since.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

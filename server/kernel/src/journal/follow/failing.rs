//! Entries that a subscriber cannot handle: tried again later and later, shown to an administrator,
//! set aside by hand with a reason.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;
use uuid::Uuid;

use super::{Record, move_cursor};
use crate::db::{WriteTx, statement};
use crate::env::{MINUTE, Micros, SECOND};
use crate::journal::{Actor, Fact};

/// An entry was set aside for one subscriber; the payload says which, and why.
pub const SET_ASIDE: &str = "journal.set_aside.v1";

/// Between two tries, at most.
const LONGEST: Micros = 15 * MINUTE;
/// Characters of a message that are kept.
const MESSAGE: usize = 500;

/// A subscriber that cannot go on.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Name of the subscription.
    pub consumer: String,
    /// Position of the entry that it fails at.
    pub position: i64,
    /// The entry.
    pub entry: Uuid,
    /// Its kind.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Since when it fails.
    pub since: Micros,
    /// When it is tried again.
    pub retry_at: Micros,
    /// What it said.
    pub error: String,
}

const READ: &str = "SELECT f.consumer, f.position, f.entry_id, f.attempts, f.since, f.retry_at, f.error, e.kind \
                    FROM subscriber_failure f LEFT JOIN journal_entry e ON e.id = f.entry_id";

fn read(row: &QueryResult) -> Result<Failing, DbErr> {
    Ok(Failing {
        consumer: row.try_get("", "consumer")?,
        position: row.try_get("", "position")?,
        entry: row.try_get("", "entry_id")?,
        kind: row
            .try_get::<Option<String>>("", "kind")?
            .unwrap_or_default(),
        attempts: row.try_get("", "attempts")?,
        since: row.try_get("", "since")?,
        retry_at: row.try_get("", "retry_at")?,
        error: row.try_get("", "error")?,
    })
}

/// The subscribers that cannot go on.
pub async fn failing<C: ConnectionTrait>(conn: &C) -> Result<Vec<Failing>, DbErr> {
    let sql = format!("{READ} ORDER BY f.consumer");
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    rows.iter().map(read).collect()
}

/// Where this one fails.
pub(super) async fn of<C: ConnectionTrait>(
    conn: &C,
    consumer: &str,
) -> Result<Option<Failing>, DbErr> {
    let sql = format!("{READ} WHERE f.consumer = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [consumer.into()]))
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// Writes that a subscriber failed at an entry, and when it is tried again.
pub(super) async fn note(
    tx: &WriteTx,
    consumer: &str,
    record: &Record,
    error: &DbErr,
) -> Result<(), DbErr> {
    let now = tx.env().now();
    let before = of(&**tx, consumer).await?;
    let before = before.filter(|f| f.position == record.position);
    let attempts = before.as_ref().map_or(1, |f| f.attempts.saturating_add(1));
    let message: String = error.to_string().chars().take(MESSAGE).collect();
    let sql = "INSERT INTO subscriber_failure (consumer, position, entry_id, attempts, since, retry_at, error) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (consumer) DO UPDATE SET position = excluded.position, \
               entry_id = excluded.entry_id, attempts = excluded.attempts, since = excluded.since, \
               retry_at = excluded.retry_at, error = excluded.error";
    let values = [
        consumer.into(),
        record.position.into(),
        record.id.into(),
        attempts.into(),
        before.map_or(now, |f| f.since).into(),
        (now + pause(attempts)).into(),
        message.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// One second, then twice as long each time, at most a quarter of an hour.
fn pause(attempts: i32) -> Micros {
    (SECOND << attempts.clamp(1, 20).saturating_sub(1)).min(LONGEST)
}

pub(super) async fn forget(tx: &WriteTx, consumer: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM subscriber_failure WHERE consumer = $1";
    tx.execute_raw(statement(&**tx, sql, [consumer.into()]))
        .await?;
    Ok(())
}

/// Has a subscriber try again now; false when it does not fail.
pub async fn retry_now(tx: &WriteTx, consumer: &str) -> Result<bool, DbErr> {
    let sql = "UPDATE subscriber_failure SET retry_at = $2 WHERE consumer = $1";
    let values = [consumer.into(), tx.env().now().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a subscriber go on without the entry that it fails at, which is written in the journal of
/// `space` with the reason; false when it does not fail at that entry (any more).
pub async fn set_aside(
    tx: &WriteTx,
    space: Uuid,
    consumer: &str,
    entry: Uuid,
    reason: &str,
    actor: Actor,
) -> Result<bool, DbErr> {
    let Some(failure) = of(&**tx, consumer).await?.filter(|f| f.entry == entry) else {
        return Ok(false);
    };
    let (from, to) = (failure.position, failure.position + 1);
    if !move_cursor(tx, consumer, from, to).await? {
        return Ok(false);
    }
    forget(tx, consumer).await?;
    let payload = json!({
        "consumer": consumer, "entry": entry, "position": failure.position, "attempts": failure.attempts,
        "reason": reason,
    });
    tx.append(Fact {
        space,
        kind: SET_ASIDE,
        actor,
        subject: entry,
        payload,
    })
    .await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        assert_eq!(pause(1), SECOND);
        assert_eq!(pause(4), 8 * SECOND);
        assert_eq!(pause(i32::MAX), LONGEST);
        assert_eq!(pause(0), SECOND);
    }
}

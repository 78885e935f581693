//! Erasing what was said of a person leaves the tree verifiable, and is itself
//! an entry.

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{Actor, Fact};
use crate::db::{WriteTx, statement};

/// Kind of the entry that records an erasure.
pub const ERASED: &str = "journal.erased.v1";

/// Deletes the bodies of the entries about `subject` and records which; returns how many.
///
/// Bodies under a legal hold must be left out by the caller: `keep` names the
/// kinds whose bodies stay.
pub async fn erase_subject(
    tx: &WriteTx,
    space: Uuid,
    subject: Uuid,
    keep: &[&str],
    actor: Actor,
) -> Result<usize, DbErr> {
    let sql = "SELECT b.entry_id, e.kind FROM journal_body b JOIN journal_entry e ON e.id = b.entry_id \
               WHERE b.subject_id = $1 AND e.space = $2";
    let rows = tx
        .query_all_raw(statement(&**tx, sql, [subject.into(), space.into()]))
        .await?;
    let mut erased: Vec<Uuid> = Vec::new();
    for row in rows {
        let kind: String = row.try_get("", "kind")?;
        if kind != ERASED && !keep.contains(&kind.as_str()) {
            erased.push(row.try_get("", "entry_id")?);
        }
    }
    // The list of a body is bounded: a long life takes several entries.
    for chunk in erased.chunks(500) {
        for id in chunk {
            tx.execute_raw(statement(
                &**tx,
                "DELETE FROM journal_body WHERE entry_id = $1",
                [(*id).into()],
            ))
            .await?;
        }
        let payload = json!({"entries": chunk});
        // The subject of an erasure is the space: the entry must not keep what it erased findable.
        tx.append(Fact {
            space,
            kind: ERASED,
            actor,
            subject: space,
            payload,
        })
        .await?;
    }
    Ok(erased.len())
}

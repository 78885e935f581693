//! Positions: the order in which consumers read.
//!
//! On SQLite the appending transaction assigns them (there is one writer). On
//! PostgreSQL rows become visible out of order, so entries wait in an inbox and
//! a sequencer moves them by compare-and-swap on the one head row: two
//! sequencers cannot both win, a paused one loses its turn and does no harm.
//! Each position carries a link, a keyed hash over the previous link, the
//! position and the leaf: what was touched before it was sealed shows.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, Value as Sql};
use tokio::sync::watch;

use super::append::{Prepared, insert};
use super::key::JournalKey;
use super::tree::Hash;
use super::verify::EntryRow;
use crate::db::{Db, Engine, WriteTx, statement};

/// Entries moved in one transaction at most.
const BATCH: u64 = 500;
/// How long the sequencer sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_millis(200);

/// Link of a position.
pub(super) fn link(key: &JournalKey, previous: &[u8], position: i64, leaf: &Hash) -> Hash {
    key.tag(&[b"link", previous, &position.to_be_bytes(), leaf])
}

/// Gives the entries the next positions, within the caller's transaction.
pub(super) async fn assign(tx: &WriteTx, entries: &[Prepared]) -> Result<(), DbErr> {
    let row = tx
        .query_one_raw(statement(
            &**tx,
            "SELECT size, link FROM journal_head WHERE id = 1",
            [],
        ))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("journal_head".to_owned()))?;
    let size: i64 = row.try_get("", "size")?;
    let mut last: Vec<u8> = row.try_get("", "link")?;
    let mut values: Vec<Sql> = Vec::with_capacity(entries.len() * 3);
    let mut next = size;
    for entry in entries {
        last = link(tx.journal_key(), &last, next, &entry.leaf).to_vec();
        values.extend([next.into(), entry.id.into(), last.clone().into()]);
        next += 1;
    }
    let sql = "UPDATE journal_head SET size = $1, link = $2 WHERE id = 1 AND size = $3";
    let moved = tx
        .execute_raw(statement(
            &**tx,
            sql,
            [next.into(), last.into(), size.into()],
        ))
        .await?;
    if moved.rows_affected() != 1 {
        return Err(DbErr::RecordNotUpdated);
    }
    insert(tx, "journal_position (position, entry_id, link)", 3, values).await
}

/// Moves waiting entries to their positions; returns how many. PostgreSQL only.
pub async fn sequence(db: &Db) -> Result<usize, DbErr> {
    if db.engine() == Engine::Sqlite {
        return Ok(0);
    }
    let tx = db.write().await?;
    // Whoever holds the head row sequences; another one waits here, then sees what was done.
    tx.query_one_raw(statement(
        &*tx,
        "SELECT size FROM journal_head WHERE id = 1 FOR UPDATE",
        [],
    ))
    .await?;
    let sql = "SELECT e.id, e.space, e.at, e.kind, e.commitment, e.tag FROM journal_inbox i \
               JOIN journal_entry e ON e.id = i.entry_id ORDER BY e.id LIMIT $1";
    let rows = tx
        .query_all_raw(statement(&*tx, sql, [(BATCH as i64).into()]))
        .await?;
    if rows.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let mut prepared = Vec::with_capacity(rows.len());
    for row in &rows {
        let entry = EntryRow::read(row)?;
        prepared.push(Prepared {
            id: entry.id,
            leaf: entry.leaf(),
        });
    }
    assign(&tx, &prepared).await?;
    let marks: Vec<String> = (1..=prepared.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "DELETE FROM journal_inbox WHERE entry_id IN ({})",
        marks.join(", ")
    );
    let ids: Vec<Sql> = prepared.iter().map(|p| Sql::from(p.id)).collect();
    tx.execute_raw(statement(&*tx, sql, ids)).await?;
    tx.commit().await?;
    Ok(prepared.len())
}

/// Sequences until `stop` becomes true. Returns at once on SQLite.
pub async fn run_sequencer(db: Db, mut stop: watch::Receiver<bool>) {
    if db.engine() == Engine::Sqlite {
        return;
    }
    while !*stop.borrow() {
        let woken = db.journal_changed();
        tokio::pin!(woken);
        match sequence(&db).await {
            Ok(0) => {
                tokio::select! {
                    () = woken.as_mut() => {}
                    () = tokio::time::sleep(IDLE) => {}
                    _ = stop.changed() => {}
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the journal could not be sequenced");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

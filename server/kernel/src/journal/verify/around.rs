//! What stands around the entries: what waits for a position, erasures, seals, the head row,
//! cursors, and rows that belong to nothing.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use uuid::Uuid;

use super::super::follow::cursor_tag;
use super::super::key::JournalKey;
use super::super::seal::{SealRow, seal_link};
use super::walk::{Content, EntryRow, Walk};
use super::{Fault, Verified};
use crate::db::{ids, in_ids, statement};

const PAGE: i64 = 1000;

/// Entries without a position are whole too. On SQLite nothing ever waits.
pub(super) async fn check_waiting<C: ConnectionTrait>(
    conn: &C,
    walk: &mut Walk<'_>,
    report: &mut Verified,
) -> Result<(), DbErr> {
    let sql = "SELECT i.entry_id AS waits, p.position, e.id, e.space, e.at, e.kind, e.commitment, e.tag, \
               b.subject_id, b.salt, b.body \
               FROM journal_inbox i LEFT JOIN journal_entry e ON e.id = i.entry_id \
               LEFT JOIN journal_position p ON p.entry_id = i.entry_id \
               LEFT JOIN journal_body b ON b.entry_id = i.entry_id \
               ORDER BY i.entry_id LIMIT $1 OFFSET $2";
    let mut from = 0;
    loop {
        let rows = conn
            .query_all_raw(statement(conn, sql, [PAGE.into(), from.into()]))
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        from += rows.len() as i64;
        for row in &rows {
            let waits: Uuid = row.try_get("", "waits")?;
            let there: Option<Uuid> = row.try_get("", "id")?;
            let position: Option<i64> = row.try_get("", "position")?;
            let sqlite = conn.get_database_backend() == DbBackend::Sqlite;
            if there.is_none() || position.is_some() || sqlite {
                report.fault(Fault::NotWaiting(waits));
                continue;
            }
            walk.waiting += 1;
            let entry = EntryRow::read(row)?;
            let content = Content::read(row, &entry)?;
            walk.contents += i64::from(!matches!(content, Content::Absent));
            if !entry.is_tagged_by(walk.key()) || !matches!(content, Content::Whole(_)) {
                report.fault(Fault::Waiting(waits));
            }
        }
    }
}

/// A content is absent if and only if an erasure mentions it.
pub(super) async fn check_erased<C: ConnectionTrait>(
    conn: &C,
    walk: &Walk<'_>,
    report: &mut Verified,
) -> Result<(), DbErr> {
    for (position, id) in &walk.absent {
        if walk.erased.contains(id) {
            report.erased += 1;
        } else {
            report.fault(Fault::Body(*position));
        }
    }
    let erased: Vec<Uuid> = walk.erased.iter().copied().collect();
    let sql = format!(
        "SELECT COUNT(*) AS n FROM journal_body WHERE entry_id {}",
        in_ids(conn, 1)
    );
    let mut revived = 0;
    for chunk in erased.chunks(500) {
        revived += count(conn, &sql, ids(chunk)).await?;
    }
    if revived > 0 {
        report.fault(Fault::Revived(revived));
    }
    Ok(())
}

async fn count<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    value: sea_orm::Value,
) -> Result<i64, DbErr> {
    let row = conn.query_one_raw(statement(conn, sql, [value])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

pub(super) fn check_seals(walk: &Walk<'_>, seals: &[SealRow], report: &mut Verified) {
    let mut previous: &[u8] = &[];
    for seal in seals {
        let size = seal.head.size;
        report.seals += 1;
        report.sealed = report.sealed.max(size);
        if !seal.head.is_signed() {
            report.fault(Fault::Signature(size));
        }
        let link = seal_link(walk.key(), previous, &seal.head);
        if seal.link.as_deref() != Some(link.as_slice()) {
            report.fault(Fault::SealLink(size));
        }
        previous = seal.link.as_deref().unwrap_or_default();
        match walk.root(size) {
            Some(root) if hex::encode(root) == seal.head.root => {}
            Some(_) => report.fault(Fault::Root(size)),
            None => report.fault(Fault::Truncated {
                sealed: size,
                found: report.entries,
            }),
        }
    }
}

/// Every row belongs to something that was met on the way.
pub(super) async fn check_counts<C: ConnectionTrait>(
    conn: &C,
    walk: &Walk<'_>,
    report: &mut Verified,
) -> Result<(), DbErr> {
    let sql = "SELECT (SELECT COUNT(*) FROM journal_position) AS positions, \
               (SELECT COUNT(*) FROM journal_entry) AS entries, \
               (SELECT COUNT(*) FROM journal_body) AS contents, \
               (SELECT COUNT(*) FROM journal_node) AS nodes";
    let Some(row) = conn.query_one_raw(statement(conn, sql, [])).await? else {
        return Ok(());
    };
    let met = report.entries as i64;
    let positions: i64 = row.try_get("", "positions")?;
    if positions != met {
        report.fault(Fault::Length {
            said: positions,
            found: met,
        });
    }
    let inserted = row.try_get::<i64>("", "entries")? - met - walk.waiting;
    if inserted > 0 {
        report.fault(Fault::Inserted(inserted));
    }
    let stray = row.try_get::<i64>("", "contents")? - walk.contents;
    if stray > 0 {
        report.fault(Fault::Stray(stray));
    }
    if row.try_get::<i64>("", "nodes")? != walk.nodes {
        report.fault(Fault::Nodes);
    }
    Ok(())
}

/// The head row says how many entries there are, and carries the link that the next one continues.
pub(super) async fn check_head_row<C: ConnectionTrait>(
    conn: &C,
    walk: &Walk<'_>,
    report: &mut Verified,
) -> Result<(), DbErr> {
    let sql = "SELECT id, size, link FROM journal_head";
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    let [row] = rows.as_slice() else {
        report.fault(Fault::HeadRows(rows.len()));
        return Ok(());
    };
    let (id, size): (i64, i64) = (row.try_get("", "id")?, row.try_get("", "size")?);
    let link: Vec<u8> = row.try_get("", "link")?;
    if id != 1 {
        report.fault(Fault::HeadRows(0));
    }
    if size != report.entries as i64 {
        report.fault(Fault::Length {
            said: size,
            found: report.entries as i64,
        });
    }
    if link != walk.previous {
        report.fault(Fault::HeadLink);
    }
    Ok(())
}

/// Where each consumer stands was written by us, and is not beyond the end.
pub(super) async fn check_cursors<C: ConnectionTrait>(
    conn: &C,
    key: &JournalKey,
    report: &mut Verified,
) -> Result<(), DbErr> {
    let sql = "SELECT consumer, position, tag FROM journal_cursor ORDER BY consumer";
    for row in conn.query_all_raw(statement(conn, sql, [])).await? {
        let consumer: String = row.try_get("", "consumer")?;
        let position: i64 = row.try_get("", "position")?;
        let tag: Option<Vec<u8>> = row.try_get("", "tag")?;
        let ours = tag.as_deref() == Some(cursor_tag(key, &consumer, position).as_slice());
        if !ours || position > report.entries as i64 {
            report.fault(Fault::Cursor(consumer));
        }
    }
    Ok(())
}

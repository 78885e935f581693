//! Proof that one entry is under a head, and what entries say when nobody altered them: what a page
//! compares its tables with before it calls something proven.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::TreeHead;
use super::seal::{is_sealed_here, read_nodes};
use super::tree::{Hash, inclusion, needed, verify_inclusion};
use super::verify::EntryRow;
use crate::db::{Db, statement};
use crate::env::Micros;

/// An entry's place under a head, and the hashes that lead from it to the root.
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// Position of the entry.
    pub position: u64,
    /// Hash of its leaf, computed from the entry as it is stored now.
    pub leaf: Hash,
    /// RFC 9162, section 2.1.3.1.
    pub path: Vec<Hash>,
    /// Whether the path leads to the root of the head, and the head is a seal of this journal.
    pub holds: bool,
}

/// Proves that `entry` is among the entries of `head`; none when it is not there.
pub async fn prove(db: &Db, entry: Uuid, head: &TreeHead) -> Result<Option<Inclusion>, DbErr> {
    let sql = "SELECT p.position, e.id, e.space, e.at, e.kind, e.commitment, e.tag FROM journal_position p \
               JOIN journal_entry e ON e.id = p.entry_id WHERE e.id = $1";
    let Some(row) = db
        .read()
        .query_one_raw(statement(db.read(), sql, [entry.into()]))
        .await?
    else {
        return Ok(None);
    };
    let position = row.try_get::<i64>("", "position")? as u64;
    if position >= head.size {
        return Ok(None);
    }
    let leaf = EntryRow::read(&row)?.leaf();
    let ids = needed(|get| {
        inclusion(position, head.size, get);
    });
    let nodes = read_nodes(db.read(), &ids).await?;
    let path = inclusion(position, head.size, &mut |id| {
        nodes.get(&id).copied().unwrap_or([0; 32])
    });
    let mut root = [0; 32];
    let holds = hex::decode_to_slice(&head.root, &mut root).is_ok()
        && head.is_signed()
        && is_sealed_here(db.read(), db.journal_key(), head).await?
        && verify_inclusion(leaf, position, head.size, &path, &root);
    Ok(Some(Inclusion {
        position,
        leaf,
        path,
        holds,
    }))
}

/// What an entry says.
#[derive(Clone, Debug)]
pub struct Told {
    /// Entry.
    pub id: Uuid,
    /// Instant.
    pub at: Micros,
    /// Kind.
    pub kind: String,
    /// Whom or what it is about, as it was written.
    pub subject: Uuid,
    /// Its payload.
    pub payload: Value,
}

/// What is known of the content of an entry.
#[derive(Clone, Debug)]
pub enum Content {
    /// As it was appended by whoever holds the key.
    Whole(Told),
    /// Erased since; the entry itself stands.
    Absent,
    /// The entry or its content was altered.
    Altered,
}

/// What `entry` says, checked against its tag and its commitment; none when there is no such entry.
pub async fn content(db: &Db, entry: Uuid) -> Result<Option<Content>, DbErr> {
    let sql = format!("{READ} LEFT JOIN journal_body b ON b.entry_id = e.id WHERE e.id = $1");
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, [entry.into()]))
        .await?;
    row.map(|row| read(db, &row)).transpose()
}

/// What the journal says about a subject in entries of these kinds, oldest first; entries that were
/// altered or erased are left out.
pub async fn told_of(db: &Db, subject: Uuid, kinds: &[&str]) -> Result<Vec<Told>, DbErr> {
    let marks: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 2)).collect();
    let sql = format!(
        "{READ} JOIN journal_body b ON b.entry_id = e.id WHERE b.subject_id = $1 AND e.kind IN ({}) ORDER BY e.id",
        marks.join(", ")
    );
    let mut values: Vec<sea_orm::Value> = vec![subject.into()];
    values.extend(kinds.iter().map(|kind| sea_orm::Value::from(*kind)));
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, values))
        .await?;
    let mut told = Vec::new();
    for row in rows {
        match read(db, &row)? {
            Content::Whole(one) if one.subject == subject => told.push(one),
            _ => {}
        }
    }
    Ok(told)
}

const READ: &str =
    "SELECT e.id, e.space, e.at, e.kind, e.commitment, e.tag, b.salt, b.body FROM journal_entry e";

fn read(db: &Db, row: &QueryResult) -> Result<Content, DbErr> {
    let entry = EntryRow::read(row)?;
    if !entry.is_tagged_by(db.journal_key()) {
        return Ok(Content::Altered);
    }
    let (salt, body): (Option<Vec<u8>>, Option<Vec<u8>>) =
        (row.try_get("", "salt")?, row.try_get("", "body")?);
    let (Some(salt), Some(body)) = (salt, body) else {
        return Ok(Content::Absent);
    };
    if !entry.commits_to(&salt, &body) {
        return Ok(Content::Altered);
    }
    let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let subject = body["subject"].as_str().and_then(|id| id.parse().ok());
    Ok(Content::Whole(Told {
        id: entry.id,
        at: row.try_get("", "at")?,
        kind: row.try_get("", "kind")?,
        subject: subject.unwrap_or_default(),
        payload: body["payload"].take(),
    }))
}

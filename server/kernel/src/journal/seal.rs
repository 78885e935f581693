//! Sealing: positions become leaves of one growing tree, whose head is signed.
//!
//! Each seal carries a link, a keyed hash over the link of the seal before it and all that it says
//! itself: that one was removed, added or signed by somebody else shows.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, Value as Sql};

use serde_json::json;
use uuid::Uuid;

use super::append::insert;
use super::follow::cursor_tag;
use super::key::JournalKey;
use super::tree::{Frontier, Hash, NodeId, needed};
use super::verify::EntryRow;
use super::{Actor, Fact, TreeHead, sequence};
use crate::db::{Db, WriteTx, statement};

/// Leaves added in one transaction at most, so that the gate is held briefly.
const BATCH: i64 = 200;

/// Why the journal could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// An entry was altered, removed or moved after it was appended.
    #[error("journal entry at position {0} was altered before it was sealed; nothing was sealed")]
    Tampered(i64),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Seals everything that has a position; returns the latest head, none when the journal is empty.
pub async fn seal(db: &Db) -> Result<Option<TreeHead>, SealError> {
    while sequence(db).await? > 0 {}
    while seal_batch(db).await? {}
    Ok(latest_head(db).await?)
}

/// The latest signed head.
pub async fn latest_head(db: &Db) -> Result<Option<TreeHead>, DbErr> {
    let sql = "SELECT size, at, root, key, signature FROM journal_seal ORDER BY size DESC LIMIT 1";
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, []))
        .await?;
    row.map(|row| read_head(&row)).transpose()
}

pub(super) fn read_head(row: &sea_orm::QueryResult) -> Result<TreeHead, DbErr> {
    let size: i64 = row.try_get("", "size")?;
    Ok(TreeHead {
        size: size as u64,
        at: row.try_get("", "at")?,
        root: hex::encode(row.try_get::<Vec<u8>>("", "root")?),
        key: hex::encode(row.try_get::<Vec<u8>>("", "key")?),
        signature: hex::encode(row.try_get::<Vec<u8>>("", "signature")?),
    })
}

/// A seal as it is stored.
pub(super) struct SealRow {
    pub head: TreeHead,
    pub link: Option<Vec<u8>>,
}

/// All seals, oldest first.
pub(super) async fn read_seals<C: ConnectionTrait>(conn: &C) -> Result<Vec<SealRow>, DbErr> {
    let sql = "SELECT size, at, root, key, signature, link FROM journal_seal ORDER BY size";
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    rows.iter().map(read_seal).collect()
}

fn read_seal(row: &sea_orm::QueryResult) -> Result<SealRow, DbErr> {
    Ok(SealRow {
        head: read_head(row)?,
        link: row.try_get("", "link")?,
    })
}

/// What binds a seal to the one before it and to whoever holds the key file.
pub(super) fn seal_link(key: &JournalKey, previous: &[u8], head: &TreeHead) -> Hash {
    let said = format!(
        "{}\n{}\n{}\n{}\n{}",
        head.size, head.at, head.root, head.key, head.signature
    );
    key.tag(&[b"seal", previous, said.as_bytes()])
}

/// Whether a head is one of the seals of this journal, made by whoever holds its key file.
pub(super) async fn is_sealed_here<C: ConnectionTrait>(
    conn: &C,
    key: &JournalKey,
    head: &TreeHead,
) -> Result<bool, DbErr> {
    let sql = "SELECT size, at, root, key, signature, link FROM journal_seal \
               WHERE size <= $1 ORDER BY size DESC LIMIT 2";
    let Ok(size) = i64::try_from(head.size) else {
        return Ok(false);
    };
    let rows = conn
        .query_all_raw(statement(conn, sql, [size.into()]))
        .await?;
    let Some(seal) = rows.first().map(read_seal).transpose()? else {
        return Ok(false);
    };
    let before = rows.get(1).map(read_seal).transpose()?;
    let previous = before.and_then(|seal| seal.link).unwrap_or_default();
    let link = seal_link(key, &previous, &seal.head);
    Ok(seal.head == *head && seal.link.as_deref() == Some(link.as_slice()))
}

/// Kind of the entry that records that seals or cursors were given their links later.
pub const BOUND: &str = "journal.bound.v1";

/// Gives their links to the seals and cursors of a time when there were none; returns how many.
///
/// They are taken as they are found, once. That it was done is an entry: whoever takes links away
/// to have them made again leaves a trace that `verify` tells.
pub async fn bind(db: &Db) -> Result<usize, DbErr> {
    let tx = db.write().await?;
    let mut bound = (0, 0);
    let mut previous: Vec<u8> = Vec::new();
    for seal in read_seals(&*tx).await? {
        previous = match seal.link {
            Some(link) => link,
            None => {
                let link = seal_link(tx.journal_key(), &previous, &seal.head).to_vec();
                let sql = "UPDATE journal_seal SET link = $1 WHERE size = $2";
                let values = [link.clone().into(), (seal.head.size as i64).into()];
                tx.execute_raw(statement(&*tx, sql, values)).await?;
                bound.0 += 1;
                link
            }
        };
    }
    let sql = "SELECT consumer, position FROM journal_cursor WHERE tag IS NULL";
    for row in tx.query_all_raw(statement(&*tx, sql, [])).await? {
        let consumer: String = row.try_get("", "consumer")?;
        let tag = cursor_tag(tx.journal_key(), &consumer, row.try_get("", "position")?);
        let sql = "UPDATE journal_cursor SET tag = $1 WHERE consumer = $2";
        let values = [tag.to_vec().into(), consumer.into()];
        tx.execute_raw(statement(&*tx, sql, values)).await?;
        bound.1 += 1;
    }
    if bound == (0, 0) {
        tx.rollback().await?;
        return Ok(0);
    }
    tx.append(Fact {
        space: Uuid::nil(),
        kind: BOUND,
        actor: Actor::System("journal"),
        subject: Uuid::nil(),
        payload: json!({"seals": bound.0, "cursors": bound.1}),
    })
    .await?;
    tx.commit().await?;
    Ok(bound.0 + bound.1)
}

async fn seal_batch(db: &Db) -> Result<bool, SealError> {
    let tx = db.write().await?;
    // On PostgreSQL two sealers must not interleave: the head row is the lock.
    if db.engine() == crate::db::Engine::Postgres {
        tx.query_one_raw(statement(
            &*tx,
            "SELECT size FROM journal_head WHERE id = 1 FOR UPDATE",
            [],
        ))
        .await?;
    }
    let sealed = sealed_size(&tx).await?;
    let rows = next_rows(&tx, sealed).await?;
    if rows.is_empty() {
        tx.rollback().await?;
        return Ok(false);
    }
    let mut previous = previous_link(&tx, sealed).await?;
    let mut frontier = load_frontier(&tx, sealed as u64).await?;
    let mut nodes: Vec<Sql> = Vec::new();
    for (expected, row) in (sealed..).zip(&rows) {
        let entry = EntryRow::read(row)?;
        let position: i64 = row.try_get("", "position")?;
        let stored: Vec<u8> = row.try_get("", "link")?;
        let leaf = entry.leaf();
        let link = sequence::link(db.journal_key(), &previous, position, &leaf);
        if position != expected
            || link.as_slice() != stored.as_slice()
            || !entry.is_tagged_by(db.journal_key())
        {
            return Err(SealError::Tampered(expected));
        }
        previous = stored;
        for ((level, index), hash) in frontier.append(leaf) {
            nodes.extend([
                (level as i32).into(),
                (index as i64).into(),
                hash.to_vec().into(),
            ]);
        }
    }
    for chunk in nodes.chunks(3 * 200) {
        insert(&tx, "journal_node (level, idx, hash)", 3, chunk.to_vec()).await?;
    }
    write_head(&tx, &frontier).await?;
    tx.commit().await?;
    Ok(true)
}

async fn sealed_size(tx: &WriteTx) -> Result<i64, DbErr> {
    let sql = "SELECT COALESCE(MAX(size), 0) AS size FROM journal_seal";
    let row = tx.query_one_raw(statement(&**tx, sql, [])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "size"))
}

async fn next_rows(tx: &WriteTx, from: i64) -> Result<Vec<sea_orm::QueryResult>, DbErr> {
    let sql = "SELECT p.position, p.link, e.id, e.space, e.at, e.kind, e.commitment, e.tag \
               FROM journal_position p JOIN journal_entry e ON e.id = p.entry_id \
               WHERE p.position >= $1 ORDER BY p.position LIMIT $2";
    tx.query_all_raw(statement(&**tx, sql, [from.into(), BATCH.into()]))
        .await
}

async fn previous_link(tx: &WriteTx, position: i64) -> Result<Vec<u8>, DbErr> {
    let sql = "SELECT link FROM journal_position WHERE position = $1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [(position - 1).into()]))
        .await?;
    row.map_or(Ok(Vec::new()), |row| row.try_get("", "link"))
}

async fn load_frontier(tx: &WriteTx, size: u64) -> Result<Frontier, DbErr> {
    let ids = needed(|get| {
        Frontier::load(size, get);
    });
    let nodes = read_nodes(&**tx, &ids).await?;
    Ok(Frontier::load(size, &mut |id| {
        nodes.get(&id).copied().unwrap_or([0; 32])
    }))
}

/// Reads nodes of the tree in one query.
pub(super) async fn read_nodes<C: ConnectionTrait>(
    conn: &C,
    ids: &[NodeId],
) -> Result<HashMap<NodeId, Hash>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let pairs: Vec<String> = (0..ids.len())
        .map(|n| format!("(level = ${} AND idx = ${})", 2 * n + 1, 2 * n + 2))
        .collect();
    let sql = format!(
        "SELECT level, idx, hash FROM journal_node WHERE {}",
        pairs.join(" OR ")
    );
    let values: Vec<Sql> = ids
        .iter()
        .flat_map(|(level, index)| [(*level as i32).into(), (*index as i64).into()])
        .collect();
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    let mut nodes = HashMap::new();
    for row in rows {
        let level: i32 = row.try_get("", "level")?;
        let index: i64 = row.try_get("", "idx")?;
        let hash: Vec<u8> = row.try_get("", "hash")?;
        let hash = Hash::try_from(hash).map_err(|_| DbErr::Type("journal_node.hash".to_owned()))?;
        nodes.insert((level as u32, index as u64), hash);
    }
    Ok(nodes)
}

async fn write_head(tx: &WriteTx, frontier: &Frontier) -> Result<(), DbErr> {
    let (size, root, at) = (frontier.size(), frontier.root(), tx.env().now());
    let signature = tx.journal_key().sign(&TreeHead::message(size, &root, at));
    let head = TreeHead {
        size,
        root: hex::encode(root),
        at,
        key: hex::encode(tx.journal_key().public()),
        signature: hex::encode(signature),
    };
    let sql = "SELECT link FROM journal_seal ORDER BY size DESC LIMIT 1";
    let last = tx.query_one_raw(statement(&**tx, sql, [])).await?;
    let last: Option<Option<Vec<u8>>> = last.map(|row| row.try_get("", "link")).transpose()?;
    // After a seal that a program of before made without a link, the next start gives both theirs.
    let link = match last {
        None => Some(seal_link(tx.journal_key(), &[], &head)),
        Some(previous) => previous.map(|link| seal_link(tx.journal_key(), &link, &head)),
    };
    let values = vec![
        (size as i64).into(),
        at.into(),
        root.to_vec().into(),
        tx.journal_key().public().to_vec().into(),
        signature.to_vec().into(),
        link.map(|link| link.to_vec()).into(),
    ];
    insert(
        tx,
        "journal_seal (size, at, root, key, signature, link)",
        6,
        values,
    )
    .await
}

//! Sealing: positions become leaves of one growing tree, whose head is signed.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, Value as Sql};

use super::append::insert;
use super::tree::{Frontier, Hash, NodeId, needed};
use super::verify::EntryRow;
use super::{TreeHead, sequence};
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
    let values = vec![
        (size as i64).into(),
        at.into(),
        root.to_vec().into(),
        tx.journal_key().public().to_vec().into(),
        signature.to_vec().into(),
    ];
    insert(
        tx,
        "journal_seal (size, at, root, key, signature)",
        5,
        values,
    )
    .await
}

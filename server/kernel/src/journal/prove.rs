//! Proof that one entry is under a head.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::TreeHead;
use super::seal::read_nodes;
use super::tree::{Hash, inclusion, needed, verify_inclusion};
use super::verify::EntryRow;
use crate::db::{Db, statement};

/// An entry's place under a head, and the hashes that lead from it to the root.
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// Position of the entry.
    pub position: u64,
    /// Hash of its leaf, computed from the entry as it is stored now.
    pub leaf: Hash,
    /// RFC 9162, section 2.1.3.1.
    pub path: Vec<Hash>,
    /// Whether the path leads to the root of the head.
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
        && verify_inclusion(leaf, position, head.size, &path, &root);
    Ok(Some(Inclusion {
        position,
        leaf,
        path,
        holds,
    }))
}

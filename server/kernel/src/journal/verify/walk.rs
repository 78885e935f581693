//! From the first position to the last: tags, links, contents, the tree and its stored nodes.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::super::erase::ERASED;
use super::super::key::{JournalKey, mac};
use super::super::seal::{BOUND, SealRow};
use super::super::tree::{Frontier, Hash, NodeId, leaf_hash};
use super::super::{TreeHead, header, sequence};
use super::{Fault, Verified};
use crate::db::statement;
use crate::env::Micros;

const PAGE: i64 = 1000;

/// The columns of an entry that its leaf covers.
pub(in super::super) struct EntryRow {
    pub id: Uuid,
    space: Uuid,
    at: Micros,
    kind: String,
    commitment: Vec<u8>,
    tag: Vec<u8>,
}

impl EntryRow {
    pub(in super::super) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.try_get("", "id")?,
            space: row.try_get("", "space")?,
            at: row.try_get("", "at")?,
            kind: row.try_get("", "kind")?,
            commitment: row.try_get("", "commitment")?,
            tag: row.try_get("", "tag")?,
        })
    }

    pub(in super::super) fn leaf(&self) -> Hash {
        leaf_hash(&[
            &header(self.id, self.space, self.at, &self.kind),
            &self.commitment,
        ])
    }

    pub(in super::super) fn is_tagged_by(&self, key: &JournalKey) -> bool {
        key.tag(&[b"entry", &self.leaf()]).as_slice() == self.tag.as_slice()
    }

    /// Whether salt and body are those that the entry committed to.
    pub(in super::super) fn commits_to(&self, salt: &[u8], body: &[u8]) -> bool {
        <[u8; 32]>::try_from(salt)
            .is_ok_and(|salt| mac(&salt, &[body]).as_slice() == self.commitment)
    }
}

/// What became of the content of an entry.
pub(super) enum Content {
    /// It is not there.
    Absent,
    /// It is not the one that was committed to.
    Altered,
    /// It is, but stands under another subject than its own.
    Misfiled,
    /// Whole.
    Whole(Value),
}

impl Content {
    pub(super) fn read(row: &QueryResult, entry: &EntryRow) -> Result<Self, DbErr> {
        let body: Option<Vec<u8>> = row.try_get("", "body")?;
        let salt: Option<Vec<u8>> = row.try_get("", "salt")?;
        let subject: Option<Uuid> = row.try_get("", "subject_id")?;
        let (Some(body), Some(salt), Some(subject)) = (body, salt, subject) else {
            return Ok(Self::Absent);
        };
        if !entry.commits_to(&salt, &body) {
            return Ok(Self::Altered);
        }
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let named = body["subject"].as_str().and_then(|id| id.parse().ok());
        Ok(if named == Some(subject) {
            Self::Whole(body)
        } else {
            Self::Misfiled
        })
    }
}

/// What was met on the way, for the checks that come after.
pub(super) struct Walk<'a> {
    key: &'a JournalKey,
    seals: &'a [SealRow],
    wanted: HashSet<u64>,
    roots: HashMap<u64, Hash>,
    frontier: Frontier,
    /// Leaves whose nodes are stored: those under the latest seal.
    stored: u64,
    /// Nodes that there should be.
    pub nodes: i64,
    /// Link of the last position.
    pub previous: Vec<u8>,
    next: i64,
    /// Entries whose content is not there, with their position.
    pub absent: Vec<(i64, Uuid)>,
    /// Entries that an erasure mentions.
    pub erased: HashSet<Uuid>,
    /// Contents that were met.
    pub contents: i64,
    /// Entries that wait for a position.
    pub waiting: i64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        key: &'a JournalKey,
        seals: &'a [SealRow],
        earlier: Option<&TreeHead>,
    ) -> Self {
        let sizes = seals.iter().map(|seal| seal.head.size);
        Self {
            key,
            seals,
            wanted: sizes.chain(earlier.map(|head| head.size)).collect(),
            roots: HashMap::new(),
            frontier: Frontier::default(),
            stored: seals.last().map_or(0, |seal| seal.head.size),
            nodes: 0,
            previous: Vec::new(),
            next: 0,
            absent: Vec::new(),
            erased: HashSet::new(),
            contents: 0,
            waiting: 0,
        }
    }

    pub(super) fn key(&self) -> &JournalKey {
        self.key
    }

    pub(super) fn seals(&self) -> &[SealRow] {
        self.seals
    }

    /// Root of the first `size` entries, where a seal or the earlier head asks for it.
    pub(super) fn root(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).copied()
    }

    pub(super) async fn run<C: ConnectionTrait>(
        &mut self,
        conn: &C,
        report: &mut Verified,
    ) -> Result<(), DbErr> {
        let mut after = i64::MIN;
        loop {
            let rows = read_page(conn, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.try_get("", "position")?;
            let from = self.frontier.size();
            let mut made = HashMap::new();
            for row in &rows {
                self.position(row, &mut made, report)?;
            }
            self.compare_nodes(conn, from, &made, report).await?;
        }
    }

    fn position(
        &mut self,
        row: &QueryResult,
        made: &mut HashMap<NodeId, Hash>,
        report: &mut Verified,
    ) -> Result<(), DbErr> {
        let position: i64 = row.try_get("", "position")?;
        if position != self.next {
            report.fault(Fault::Missing(self.next));
        }
        self.next = position.saturating_add(1);
        let there: Option<Uuid> = row.try_get("", "id")?;
        if there.is_none() {
            report.fault(Fault::Missing(position));
            return Ok(());
        }
        let entry = EntryRow::read(row)?;
        let stored: Vec<u8> = row.try_get("", "link")?;
        let leaf = entry.leaf();
        if !entry.is_tagged_by(self.key) {
            report.fault(Fault::Tag(position));
        }
        let link = sequence::link(self.key, &self.previous, position, &leaf);
        if link.as_slice() != stored.as_slice() {
            report.fault(Fault::Link(position));
        }
        self.previous = stored;
        match Content::read(row, &entry)? {
            Content::Absent => self.absent.push((position, entry.id)),
            content => self.content(content, &entry, position, report),
        }
        let within = self.frontier.size() < self.stored;
        let nodes = self.frontier.append(leaf);
        if within {
            self.nodes += nodes.len() as i64;
            made.extend(nodes);
        }
        report.entries += 1;
        let size = self.frontier.size();
        if self.wanted.contains(&size) {
            self.roots.insert(size, self.frontier.root());
        }
        Ok(())
    }

    fn content(
        &mut self,
        content: Content,
        entry: &EntryRow,
        position: i64,
        report: &mut Verified,
    ) {
        self.contents += 1;
        match content {
            Content::Absent => {}
            Content::Altered => report.fault(Fault::Commitment(position)),
            Content::Misfiled => report.fault(Fault::Subject(position)),
            Content::Whole(body) if entry.kind == ERASED => self.erased.extend(erased_by(&body)),
            Content::Whole(_) if entry.kind == BOUND => report.bound.push(entry.at),
            Content::Whole(_) => {}
        }
    }

    /// Proofs and the next seal are built on the stored nodes: each is the computed one.
    async fn compare_nodes<C: ConnectionTrait>(
        &self,
        conn: &C,
        from: u64,
        made: &HashMap<NodeId, Hash>,
        report: &mut Verified,
    ) -> Result<(), DbErr> {
        let to = self.frontier.size().min(self.stored);
        if from >= to {
            return Ok(());
        }
        let ranges: Vec<String> = (0..64)
            .take_while(|level| to >> level > 0)
            .map(|level| {
                let (first, end) = (from >> level, to >> level);
                format!("(level = {level} AND idx >= {first} AND idx < {end})")
            })
            .collect();
        let sql = format!(
            "SELECT level, idx, hash FROM journal_node WHERE {}",
            ranges.join(" OR ")
        );
        let mut same = 0;
        for row in conn.query_all_raw(statement(conn, sql, [])).await? {
            let level: i32 = row.try_get("", "level")?;
            let index: i64 = row.try_get("", "idx")?;
            let hash: Vec<u8> = row.try_get("", "hash")?;
            let computed = made.get(&(level as u32, index as u64));
            same += usize::from(computed.is_some_and(|c| c.as_slice() == hash.as_slice()));
        }
        if same != made.len() {
            report.fault(Fault::Nodes);
        }
        Ok(())
    }
}

fn erased_by(body: &Value) -> Vec<Uuid> {
    let ids = body["payload"]["entries"].as_array();
    ids.into_iter()
        .flatten()
        .filter_map(|id| id.as_str()?.parse().ok())
        .collect()
}

async fn read_page<C: ConnectionTrait>(conn: &C, after: i64) -> Result<Vec<QueryResult>, DbErr> {
    let sql = "SELECT p.position, p.link, e.id, e.space, e.at, e.kind, e.commitment, e.tag, \
               b.subject_id, b.salt, b.body \
               FROM journal_position p LEFT JOIN journal_entry e ON e.id = p.entry_id \
               LEFT JOIN journal_body b ON b.entry_id = e.id \
               WHERE p.position > $1 ORDER BY p.position LIMIT $2";
    conn.query_all_raw(statement(conn, sql, [after.into(), PAGE.into()]))
        .await
}

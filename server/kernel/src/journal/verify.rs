//! Verification: the whole journal against its own seals and against a head
//! that has left the house.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::Value;
use uuid::Uuid;

use super::erase::ERASED;
use super::key::{JournalKey, mac};
use super::seal::{read_head, read_nodes};
use super::tree::{Frontier, Hash, leaf_hash, needed};
use super::{TreeHead, header, sequence};
use crate::db::{Db, statement};
use crate::env::Micros;

const PAGE: i64 = 1000;
/// Faults reported at most; the first tell enough.
const MAX_FAULTS: usize = 50;

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A position is missing: an entry was removed.
    #[error("position {0} is missing: an entry was removed")]
    Missing(i64),
    /// An entry exists that has no position although nothing waits for one.
    #[error("{0} entries have no position: they were inserted from outside")]
    Inserted(i64),
    /// The head row disagrees with the positions.
    #[error("the journal says it holds {said} entries and {found} are there")]
    Length {
        /// What the head row says.
        said: i64,
        /// What was found.
        found: i64,
    },
    /// The header or commitment was changed.
    #[error("the entry at position {0} was altered (its tag does not match)")]
    Tag(i64),
    /// The order was changed.
    #[error("the entry at position {0} is not the one that was there (its link does not match)")]
    Link(i64),
    /// Salt or body was changed.
    #[error("the content of the entry at position {0} was altered")]
    Commitment(i64),
    /// A body is absent and no erasure says so.
    #[error("the content of the entry at position {0} is missing and no erasure mentions it")]
    Body(i64),
    /// A sealed root is not that of the entries.
    #[error("the sealed root over {0} entries is not that of the entries")]
    Root(u64),
    /// A seal is not signed by the key it names, or by an announced one.
    #[error("the seal over {0} entries is not signed as it should be")]
    Signature(u64),
    /// A seal covers more than there is.
    #[error("a seal covers {sealed} entries and only {found} are there: the end was cut off")]
    Truncated {
        /// Entries sealed.
        sealed: u64,
        /// Entries found.
        found: u64,
    },
    /// Stored nodes of the tree were changed.
    #[error("stored nodes of the tree are not those of the entries")]
    Nodes,
    /// The earlier head does not fit.
    #[error("the journal is not a continuation of the given head ({0})")]
    Head(&'static str),
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Entries read.
    pub entries: u64,
    /// Entries under the latest seal.
    pub sealed: u64,
    /// Seals checked.
    pub seals: usize,
    /// Bodies erased, each mentioned by an entry.
    pub erased: usize,
    /// Whether an earlier head was given and holds.
    pub head_holds: Option<bool>,
    /// What does not hold, at most fifty.
    pub faults: Vec<Fault>,
}

impl Verified {
    /// Whether nothing was found wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// The columns of an entry that its leaf covers.
pub(super) struct EntryRow {
    pub id: Uuid,
    space: Uuid,
    at: Micros,
    kind: String,
    commitment: Vec<u8>,
    tag: Vec<u8>,
}

impl EntryRow {
    pub(super) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.try_get("", "id")?,
            space: row.try_get("", "space")?,
            at: row.try_get("", "at")?,
            kind: row.try_get("", "kind")?,
            commitment: row.try_get("", "commitment")?,
            tag: row.try_get("", "tag")?,
        })
    }

    pub(super) fn leaf(&self) -> Hash {
        leaf_hash(&[
            &header(self.id, self.space, self.at, &self.kind),
            &self.commitment,
        ])
    }

    pub(super) fn is_tagged_by(&self, key: &JournalKey) -> bool {
        key.tag(&[b"entry", &self.leaf()]).as_slice() == self.tag.as_slice()
    }
}

/// Reads the whole journal. Memory grows with the seals and erasures only.
///
/// `earlier` is a head that left the house before: without it, nothing here can
/// prove that the log was not rewritten whole by whoever holds the key.
pub async fn verify(db: &Db, earlier: Option<&TreeHead>) -> Result<Verified, DbErr> {
    let mut report = Verified::default();
    let seals = read_seals(db).await?;
    let mut walk = Walk {
        key: db.journal_key(),
        seals: &seals,
        roots: HashMap::new(),
        earlier,
        frontier: Frontier::default(),
        previous: Vec::new(),
        absent: Vec::new(),
        erased: HashSet::new(),
    };
    let mut next = 0;
    loop {
        let rows = read_page(db, next).await?;
        let Some(last) = rows.last() else { break };
        next = last.try_get::<i64>("", "position")? + 1;
        for row in &rows {
            walk.entry(row, &mut report)?;
        }
    }
    walk.finish(&mut report);
    check_length(db, &mut report).await?;
    check_nodes(db, &walk.frontier, &mut report).await?;
    if let Some(head) = earlier {
        let before = report.faults.len();
        check_head(head, &walk, &seals, &mut report);
        report.head_holds = Some(report.faults.len() == before);
    }
    Ok(report)
}

struct Walk<'a> {
    key: &'a JournalKey,
    seals: &'a [TreeHead],
    roots: HashMap<u64, Hash>,
    earlier: Option<&'a TreeHead>,
    frontier: Frontier,
    previous: Vec<u8>,
    absent: Vec<(i64, Uuid)>,
    erased: HashSet<Uuid>,
}

impl Walk<'_> {
    fn entry(&mut self, row: &QueryResult, report: &mut Verified) -> Result<(), DbErr> {
        let position: i64 = row.try_get("", "position")?;
        let expected = report.entries as i64;
        if position != expected {
            report.fault(Fault::Missing(expected));
        }
        let entry = EntryRow::read(row)?;
        let stored: Vec<u8> = row.try_get("", "link")?;
        let leaf = entry.leaf();
        if !entry.is_tagged_by(self.key) {
            report.fault(Fault::Tag(position));
        }
        if sequence::link(self.key, &self.previous, position, &leaf).as_slice() != stored.as_slice()
        {
            report.fault(Fault::Link(position));
        }
        self.previous = stored;
        self.body(row, &entry, position, report)?;
        self.frontier.append(leaf);
        report.entries += 1;
        let size = self.frontier.size();
        if self.earlier.is_some_and(|h| h.size == size)
            || self.seals.binary_search_by_key(&size, |s| s.size).is_ok()
        {
            self.roots.insert(size, self.frontier.root());
        }
        Ok(())
    }

    fn body(
        &mut self,
        row: &QueryResult,
        entry: &EntryRow,
        position: i64,
        report: &mut Verified,
    ) -> Result<(), DbErr> {
        let body: Option<Vec<u8>> = row.try_get("", "body")?;
        let salt: Option<Vec<u8>> = row.try_get("", "salt")?;
        let (Some(body), Some(salt)) = (body, salt) else {
            self.absent.push((position, entry.id));
            return Ok(());
        };
        let holds = <[u8; 32]>::try_from(salt)
            .is_ok_and(|salt| mac(&salt, &[&body]).as_slice() == entry.commitment);
        if !holds {
            report.fault(Fault::Commitment(position));
        } else if entry.kind == ERASED {
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let ids = body["payload"]["entries"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            self.erased.extend(
                ids.iter()
                    .filter_map(|id| id.as_str()?.parse::<Uuid>().ok()),
            );
        }
        Ok(())
    }

    fn finish(&mut self, report: &mut Verified) {
        for (position, id) in &self.absent {
            if self.erased.contains(id) {
                report.erased += 1;
            } else {
                report.fault(Fault::Body(*position));
            }
        }
        for seal in self.seals {
            report.seals += 1;
            report.sealed = report.sealed.max(seal.size);
            if !seal.is_signed() {
                report.fault(Fault::Signature(seal.size));
            }
            match self.roots.get(&seal.size) {
                Some(root) if hex::encode(root) == seal.root => {}
                Some(_) => report.fault(Fault::Root(seal.size)),
                None => report.fault(Fault::Truncated {
                    sealed: seal.size,
                    found: report.entries,
                }),
            }
        }
    }
}

fn check_head(head: &TreeHead, walk: &Walk<'_>, seals: &[TreeHead], report: &mut Verified) {
    if !head.is_signed() {
        report.fault(Fault::Head("its own signature does not hold"));
    }
    if head.size > report.entries {
        report.fault(Fault::Head("it covers more entries than there are"));
        return;
    }
    let root = if head.size == 0 {
        Some(Frontier::default().root())
    } else {
        walk.roots.get(&head.size).copied()
    };
    if root.map(hex::encode).as_deref() != Some(head.root.as_str()) {
        report.fault(Fault::Head("the entries up to there have another root"));
    }
    let known =
        seals.iter().any(|s| s.key == head.key) || hex::encode(walk.key.public()) == head.key;
    if !known {
        report.fault(Fault::Head(
            "it was signed with a key that this journal does not know",
        ));
    }
}

async fn read_seals(db: &Db) -> Result<Vec<TreeHead>, DbErr> {
    let sql = "SELECT size, at, root, key, signature FROM journal_seal ORDER BY size";
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await?;
    rows.iter().map(read_head).collect()
}

async fn read_page(db: &Db, from: i64) -> Result<Vec<QueryResult>, DbErr> {
    let sql = "SELECT p.position, p.link, e.id, e.space, e.at, e.kind, e.commitment, e.tag, b.salt, b.body \
               FROM journal_position p JOIN journal_entry e ON e.id = p.entry_id \
               LEFT JOIN journal_body b ON b.entry_id = e.id \
               WHERE p.position >= $1 ORDER BY p.position LIMIT $2";
    db.read()
        .query_all_raw(statement(db.read(), sql, [from.into(), PAGE.into()]))
        .await
}

async fn check_length(db: &Db, report: &mut Verified) -> Result<(), DbErr> {
    let sql = "SELECT (SELECT size FROM journal_head WHERE id = 1) AS said, \
               (SELECT COUNT(*) FROM journal_position) AS positions, \
               (SELECT COUNT(*) FROM journal_entry) AS entries, (SELECT COUNT(*) FROM journal_inbox) AS waiting";
    let Some(row) = db
        .read()
        .query_one_raw(statement(db.read(), sql, []))
        .await?
    else {
        return Ok(());
    };
    let said: Option<i64> = row.try_get("", "said")?;
    let (positions, entries, waiting): (i64, i64, i64) = (
        row.try_get("", "positions")?,
        row.try_get("", "entries")?,
        row.try_get("", "waiting")?,
    );
    let said = said.unwrap_or(0);
    if said != positions || positions != report.entries as i64 {
        report.fault(Fault::Length {
            said,
            found: report.entries as i64,
        });
    }
    if entries - positions - waiting > 0 {
        report.fault(Fault::Inserted(entries - positions - waiting));
    }
    Ok(())
}

/// The stored right edge must be the computed one: it is what the next seal builds on.
async fn check_nodes(db: &Db, computed: &Frontier, report: &mut Verified) -> Result<(), DbErr> {
    if report.sealed != computed.size() {
        return Ok(());
    }
    let size = computed.size();
    let ids = needed(|get| {
        Frontier::load(size, get);
    });
    let nodes = read_nodes(db.read(), &ids).await?;
    if Frontier::load(size, &mut |id| nodes.get(&id).copied().unwrap_or([0; 32])) != *computed {
        report.fault(Fault::Nodes);
    }
    Ok(())
}

//! Verification: the whole journal against its own seals and against a head
//! that has left the house.
//!
//! Every stored field is derived from others and the key, and compared: a test alters every column
//! of every table of the journal. What cannot be derived is tagged with the key (cursors) or
//! chained (seals), as decision record 0019 tells.

mod around;
mod walk;

use sea_orm::{
    AccessMode, ConnectionTrait, DbErr, IsolationLevel, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

use super::key::JournalKey;
use super::seal::read_seals;
use super::tree::Frontier;
use super::{TreeHead, key};
use crate::db::{Db, Engine};
use crate::env::Micros;
pub(super) use walk::EntryRow;
use walk::Walk;

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
    /// The head row carries another link than the last entry.
    #[error("the journal's head does not carry the link of the last entry: it was altered")]
    HeadLink,
    /// There is no head row, or several.
    #[error("the journal's head is {0} rows instead of one")]
    HeadRows(usize),
    /// The header or commitment was changed.
    #[error("the entry at position {0} was altered (its tag does not match)")]
    Tag(i64),
    /// The order was changed.
    #[error("the entry at position {0} is not the one that was there (its link does not match)")]
    Link(i64),
    /// Salt or body was changed.
    #[error("the content of the entry at position {0} was altered")]
    Commitment(i64),
    /// The subject by which a person is erased is not that of the content.
    #[error(
        "the content of the entry at position {0} is filed under somebody else than it is about: \
         erasing would miss it, or take that of another"
    )]
    Subject(i64),
    /// A body is absent and no erasure says so.
    #[error("the content of the entry at position {0} is missing and no erasure mentions it")]
    Body(i64),
    /// A body is there although it was erased.
    #[error("{0} contents are there again although an erasure mentions them")]
    Revived(i64),
    /// A body belongs to no entry.
    #[error("{0} contents belong to no entry of the journal")]
    Stray(i64),
    /// An entry that waits for its position was changed.
    #[error("the entry {0}, which waits for its position, was altered")]
    Waiting(Uuid),
    /// What waits has a position already, or is not there.
    #[error("{0} is said to wait for a position and is not an entry without one")]
    NotWaiting(Uuid),
    /// A sealed root is not that of the entries.
    #[error("the sealed root over {0} entries is not that of the entries")]
    Root(u64),
    /// A seal is not signed by the key it names.
    #[error("the seal over {0} entries is not signed as it should be")]
    Signature(u64),
    /// A seal does not follow the one before: it was made elsewhere, or one before it was removed.
    #[error(
        "the seal over {0} entries does not follow the one before it: one was altered, added or removed"
    )]
    SealLink(u64),
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
    /// Where a consumer stands was changed from outside.
    #[error("where {0:?} stands in the journal was altered: it may have skipped entries")]
    Cursor(String),
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
    /// When seals or cursors that had no link yet were given one: what is told of those made before
    /// holds from that day on.
    pub bound: Vec<Micros>,
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
        if self.faults.len() < MAX_FAULTS && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Reads the whole journal, as it is at one instant. Memory grows with the seals and erasures only.
///
/// `earlier` is a head that left the house before: without it, nothing here can
/// prove that the log was not rewritten whole by whoever holds the key.
pub async fn verify(db: &Db, earlier: Option<&TreeHead>) -> Result<Verified, DbErr> {
    // What is appended meanwhile is left out whole, instead of being taken for a fault.
    let options = match db.engine() {
        Engine::Sqlite => TransactionOptions::default(),
        Engine::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
    };
    let instant = db.read().begin_with_options(options).await?;
    let report = verify_in(&instant, db.journal_key(), earlier).await;
    instant.rollback().await?;
    report
}

/// The same on a connection that shows one state of the database throughout.
pub async fn verify_in<C: ConnectionTrait>(
    conn: &C,
    key: &JournalKey,
    earlier: Option<&TreeHead>,
) -> Result<Verified, DbErr> {
    let mut report = Verified::default();
    let seals = read_seals(conn).await?;
    let mut walk = Walk::new(key, &seals, earlier);
    walk.run(conn, &mut report).await?;
    around::check_waiting(conn, &mut walk, &mut report).await?;
    around::check_erased(conn, &walk, &mut report).await?;
    around::check_seals(&walk, &seals, &mut report);
    around::check_counts(conn, &walk, &mut report).await?;
    around::check_head_row(conn, &walk, &mut report).await?;
    around::check_cursors(conn, key, &mut report).await?;
    if let Some(head) = earlier {
        let before = report.faults.len();
        check_head(head, &walk, &mut report);
        report.head_holds = Some(report.faults.len() == before);
    }
    Ok(report)
}

fn check_head(head: &TreeHead, walk: &Walk<'_>, report: &mut Verified) {
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
        walk.root(head.size)
    };
    if root.map(hex::encode).as_deref() != Some(head.root.as_str()) {
        report.fault(Fault::Head("the entries up to there have another root"));
    }
    let known =
        walk.seals().iter().any(|s| s.head.key == head.key) || key::hex_of(walk.key()) == head.key;
    if !known {
        report.fault(Fault::Head(
            "it was signed with a key that this journal does not know",
        ));
    }
}

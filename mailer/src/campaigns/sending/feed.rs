//! Who comes next: recipients read a few at a time for each kind of mailbox, in their order.
//! Memory does not grow with the campaign.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Micros, Uuid};

use super::pace::{May, Pace};
use crate::campaigns::model::place;

/// Recipients read at a time for one kind of mailbox.
const BATCH: u64 = 200;

/// Somebody to write to.
#[derive(Clone, Debug)]
pub(crate) struct Next {
    pub place: i32,
    pub contact: Uuid,
    pub address: String,
    pub attempts: i16,
    pub kind: usize,
    pub given_name: String,
    pub family_name: String,
    pub organisation: String,
    pub department: String,
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Turn {
    /// Write to this one.
    Take(Box<Next>),
    /// Wait that long, then ask again.
    Wait(Duration),
    /// Nobody is left for this run.
    End,
}

/// What waits of one kind of mailbox.
#[derive(Debug, Default)]
struct Shelf {
    ready: VecDeque<Next>,
    /// Place of the last one read.
    read: i32,
    /// Nobody is behind it.
    dry: bool,
}

/// The recipients of one run.
#[derive(Debug)]
pub(super) struct Feed {
    db: Db,
    campaign: Uuid,
    shelves: Vec<Shelf>,
    pace: Pace,
    /// Until when no more may leave, once as many have as may.
    spent_until: Option<Micros>,
}

impl Feed {
    pub(super) fn new(db: Db, campaign: Uuid, pace: Pace) -> Self {
        let shelves = (0..pace.kinds()).map(|_| Shelf::default()).collect();
        Self {
            db,
            campaign,
            shelves,
            pace,
            spent_until: None,
        }
    }

    /// Until when no more may leave; none while some may.
    pub(super) fn spent_until(&self) -> Option<Micros> {
        self.spent_until
    }

    /// As many have left as may, until then.
    pub(super) fn spend(&mut self, until: Micros) {
        self.spent_until = Some(until);
    }

    /// The next one that may be written to.
    pub(super) async fn turn(&mut self) -> Result<Turn, DbErr> {
        if self.spent_until.is_some() {
            return Ok(Turn::End);
        }
        for kind in 0..self.shelves.len() {
            let shelf = &self.shelves[kind];
            if shelf.ready.is_empty() && !shelf.dry && !self.pace.is_closed(kind) {
                self.read(kind).await?;
            }
        }
        let shelves = &self.shelves;
        let waiting = |kind: usize| !shelves[kind].ready.is_empty();
        match self.pace.next(waiting, Instant::now()) {
            May::Now(kind) => {
                let next = self.shelves[kind].ready.pop_front();
                Ok(next.map_or(Turn::End, |next| Turn::Take(Box::new(next))))
            }
            May::In(wait) => Ok(Turn::Wait(wait)),
            May::Later => {
                let remains = (0..self.shelves.len())
                    .any(|kind| !self.pace.is_closed(kind) && !self.shelves[kind].ready.is_empty());
                Ok(if remains {
                    Turn::Wait(Duration::from_millis(20))
                } else {
                    Turn::End
                })
            }
        }
    }

    /// One of that kind has left, or not.
    pub(super) fn left(&mut self, kind: usize, was_deferred: bool) {
        if self.pace.left(kind, was_deferred) {
            self.shelves[kind].ready.clear();
        }
    }

    async fn read(&mut self, kind: usize) -> Result<(), DbErr> {
        let db = self.db.read();
        let shelf = &mut self.shelves[kind];
        let sql = format!(
            "SELECT r.place, r.contact_id, r.address, r.attempts, c.given_name, c.family_name, c.organisation, c.department \
             FROM mail_recipient r LEFT JOIN mail_contact c ON c.id = r.contact_id \
             WHERE r.campaign_id = $1 AND r.provider = $2 AND r.state = {} AND r.place > $3 AND r.due_at <= $4 \
             ORDER BY r.place LIMIT {BATCH}",
            place::WAITING
        );
        let values = [
            self.campaign.into(),
            (kind as i16).into(),
            shelf.read.into(),
            self.db.env().now().into(),
        ];
        let rows = db.query_all_raw(statement(db, sql, values)).await?;
        shelf.dry = rows.len() < BATCH as usize;
        for row in &rows {
            let text = |name: &str| {
                row.try_get::<Option<String>>("", name)
                    .map(Option::unwrap_or_default)
            };
            let next = Next {
                place: row.try_get("", "place")?,
                contact: row.try_get("", "contact_id")?,
                address: row.try_get("", "address")?,
                attempts: row.try_get("", "attempts")?,
                kind,
                given_name: text("given_name")?,
                family_name: text("family_name")?,
                organisation: text("organisation")?,
                department: text("department")?,
            };
            shelf.read = next.place;
            shelf.ready.push_back(next);
        }
        Ok(())
    }
}

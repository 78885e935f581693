//! What has left, written before the next one may: at most one message for each connection is
//! ever in doubt.

use async_trait::async_trait;
use passerelle_kernel::db::{in_numbers, numbers, statement};
use passerelle_kernel::group::GroupSink;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx, jobs};

use super::quota;
use crate::campaigns::model::{State, place};
use crate::delivery::Limits;
use crate::returns::{self, Refused};

/// How a message ended.
#[derive(Clone, Debug)]
pub(super) struct Done {
    /// Whose it was.
    pub place: i32,
    /// How far it is now.
    pub state: i16,
    /// When it may be tried again, for one that waits.
    pub due_at: Micros,
    /// Whether this counts as an attempt.
    pub counts: bool,
    /// Whether the server refused it for good, it or us.
    pub for_good: bool,
    /// Whether it may have been taken all the same, and be received twice.
    pub repeats: bool,
    /// What the server said, masked.
    pub detail: Option<String>,
}

/// One step of a connection: what became of its message, and which one it takes next.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    /// What became of the one before.
    pub done: Option<Done>,
    /// The next one.
    pub next: Option<i32>,
}

/// Whether the next message may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It may.
    Go,
    /// It may not any more: its reader left, or somebody else has it.
    Skip,
    /// Nothing may: paused, stopped, or another run has taken over.
    Stop,
    /// As many have left as may for now, all campaigns together: until then.
    Spent(Micros),
}

/// Writes the steps of one run.
pub(super) struct Ledger {
    pub campaign: Uuid,
    pub run: Uuid,
    pub job: Uuid,
    pub limits: Limits,
}

#[async_trait]
impl GroupSink for Ledger {
    type Item = Step;
    type Answer = Word;

    async fn write(&self, tx: &WriteTx, items: &[Step]) -> Result<Vec<Word>, DbErr> {
        quota::take_turn(tx, &self.limits).await?;
        let now = tx.env().now();
        self.close(tx, items, now).await?;
        let wanted: Vec<i32> = items.iter().filter_map(|step| step.next).collect();
        if wanted.is_empty() {
            return Ok(vec![Word::Go; items.len()]);
        }
        if !self.may_go_on(tx).await? {
            return Ok(vec![Word::Stop; items.len()]);
        }
        let granted = quota::reserve(tx, &self.limits, wanted.len()).await?;
        let (may, too_many) = wanted.split_at(granted.count.min(wanted.len()));
        let opened = self.open(tx, may, now).await?;
        quota::give_back(tx, &self.limits, may.len() - opened.len()).await?;
        Ok(items
            .iter()
            .map(|step| match step.next {
                Some(next) if too_many.contains(&next) => Word::Spent(granted.again_at),
                Some(next) if !opened.contains(&next) => Word::Skip,
                _ => Word::Go,
            })
            .collect())
    }
}

impl Ledger {
    /// Writes what became of messages, whoever may go on: it has happened.
    async fn close(&self, tx: &WriteTx, items: &[Step], now: Micros) -> Result<(), DbErr> {
        let done = || items.iter().filter_map(|step| step.done.as_ref());
        let accepted: Vec<i32> = done()
            .filter(|done| done.state == place::ACCEPTED)
            .map(|done| done.place)
            .collect();
        if !accepted.is_empty() {
            let sql = format!(
                "UPDATE mail_recipient SET state = {}, at = $2, detail = NULL WHERE campaign_id = $1 AND place {}",
                place::ACCEPTED,
                in_numbers(&**tx, 3)
            );
            let values = [self.campaign.into(), now.into(), numbers(&accepted)];
            tx.execute_raw(statement(&**tx, sql, values)).await?;
            // It moves forward: whatever interrupted it before, it is not stuck.
            jobs::progressed(tx, self.job).await?;
        }
        let stayed = done().filter(|done| done.state != place::ACCEPTED && !done.repeats);
        quota::give_back(tx, &self.limits, stayed.count()).await?;
        for done in done().filter(|done| done.state != place::ACCEPTED) {
            let sql = "UPDATE mail_recipient SET state = $3, at = $4, due_at = $5, attempts = attempts + $6, detail = $7, repeats = repeats + $8 \
                       WHERE campaign_id = $1 AND place = $2";
            let values: [Value; 8] = [
                self.campaign.into(),
                done.place.into(),
                done.state.into(),
                now.into(),
                done.due_at.into(),
                i16::from(done.counts).into(),
                done.detail.clone().into(),
                i16::from(done.repeats).into(),
            ];
            tx.execute_raw(statement(&**tx, sql, values)).await?;
            let detail = done.detail.as_deref().unwrap_or_default();
            let of = Refused {
                campaign: self.campaign,
                place: done.place,
                state: done.state,
                for_good: done.for_good,
                detail,
            };
            returns::refused(tx, of).await?;
        }
        Ok(())
    }

    /// Whether the campaign still runs, and by this run.
    async fn may_go_on(&self, tx: &WriteTx) -> Result<bool, DbErr> {
        let sql = "SELECT 1 AS one FROM mail_campaign WHERE id = $1 AND run = $2 AND state = $3";
        let values = [
            self.campaign.into(),
            self.run.into(),
            State::Running.code().into(),
        ];
        Ok(tx
            .query_one_raw(statement(&**tx, sql, values))
            .await?
            .is_some())
    }

    /// Marks messages as leaving; those that still waited.
    async fn open(&self, tx: &WriteTx, wanted: &[i32], now: Micros) -> Result<Vec<i32>, DbErr> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        // `+state`: by their places. Through the index of those that wait, SQLite would go over
        // everybody who waits, for each step.
        let sql = format!(
            "UPDATE mail_recipient SET state = {}, at = $2 WHERE campaign_id = $1 AND +state = {} AND place {} RETURNING place",
            place::LEAVING,
            place::WAITING,
            in_numbers(&**tx, 3)
        );
        let values = [self.campaign.into(), now.into(), numbers(wanted)];
        let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
        rows.iter().map(|row| row.try_get("", "place")).collect()
    }
}

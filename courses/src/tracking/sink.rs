//! The group writer of commits: a constant number of statements for a group of
//! any size, and a few more for those that change what an activity shows.

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, HOUR};
use passerelle_kernel::group::GroupSink;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Micros, WriteTx};
use passerelle_scorm::model::{ElementError, Ending, apply, end_of_session, next_session};
use sea_orm::{ConnectionTrait, DbErr, Value as Sql};
use uuid::Uuid;

use super::model::{self, ScoSummary, launchable, rollup};
use super::rows::{
    Earlier, Launches, ScoRow, Scos, begin_scos, children, contents, load_between, load_launches,
    load_scos, many, store_launches, store_scos,
};
use crate::progress::{self, Observation};

/// A token lives this long after its last use.
pub const TOKEN_LIFE: Micros = 2 * HOUR;
/// And this long in all.
pub const TOKEN_LIFE_MAX: Micros = DAY;
/// Bytes of run-time calls kept for an attempt.
pub const CALLS_KEPT: i64 = 256 * 1024;

/// What `exited` says of an item that is not a SCO: opening it is all there is.
pub(super) const ASSET: &str = "asset";

/// A commit, as the player sends it.
#[derive(Clone, Debug)]
pub struct Commit {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Launch.
    pub launch: Uuid,
    /// Sequence within the launch, from 1.
    pub seq: i64,
    /// Identifier of the item.
    pub sco: String,
    /// Openings of the SCO within the launch, from 1.
    pub session: i32,
    /// Changed elements.
    pub set: Vec<(String, String)>,
    /// The session of the SCO ends.
    pub end: bool,
    /// Run-time calls, JSON; empty when none.
    pub calls: String,
    /// As it came, kept when it comes too late.
    pub body: String,
}

/// What a commit is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitAnswer {
    /// Stored, now or before.
    Saved(Micros),
    /// Stored but for these elements.
    Partly(Micros, Vec<ElementError>),
    /// Another launch took over; kept apart.
    Superseded,
    /// The time to deposit is over.
    TooLate,
    /// The token is not that of the launch.
    Unauthorized,
}

/// Writes commits.
#[derive(Clone, Copy, Debug)]
pub struct TrackingSink;

#[async_trait]
impl GroupSink for TrackingSink {
    type Item = Commit;
    type Answer = CommitAnswer;

    async fn write(&self, tx: &WriteTx, items: &[Commit]) -> Result<Vec<CommitAnswer>, DbErr> {
        let now = tx.env().now();
        let mut launches = load_launches(tx, items).await?;
        let earlier = load_between(tx, items, &launches).await?;
        let mut scos = load_scos(tx, items, &launches).await?;
        begin_scos(tx, items, &launches, &mut scos).await?;
        let mut answers = Vec::with_capacity(items.len());
        let mut late: Vec<Sql> = Vec::new();
        let mut calls: Vec<Sql> = Vec::new();
        for item in items {
            let answer = decide(item, now, &mut launches, &earlier, &mut scos);
            if answer == CommitAnswer::Superseded
                && let Some(launch) = launches.get(&item.launch)
            {
                let id = tx.env().id();
                late.extend([
                    id.into(),
                    launch.attempt.into(),
                    item.launch.into(),
                    item.seq.into(),
                    now.into(),
                    item.body.clone().into(),
                ]);
            }
            if let (CommitAnswer::Saved(_) | CommitAnswer::Partly(..), false, Some(launch)) =
                (&answer, item.calls.is_empty(), launches.get(&item.launch))
            {
                calls.extend([
                    item.launch.into(),
                    item.seq.into(),
                    launch.attempt.into(),
                    now.into(),
                    item.calls.clone().into(),
                ]);
            }
            answers.push(answer);
        }
        store_scos(tx, &scos, now).await?;
        store_launches(tx, &launches, now).await?;
        many(
            tx,
            "late_work (id, attempt_id, launch_id, seq, received_at, body)",
            6,
            late,
            "ON CONFLICT (launch_id, seq) DO NOTHING",
        )
        .await?;
        many(
            tx,
            "call_log (launch_id, seq, attempt_id, received_at, calls)",
            5,
            calls,
            "ON CONFLICT (launch_id, seq) DO NOTHING",
        )
        .await?;
        for item in items.iter().filter(|item| item.end) {
            if let Some(launch) = launches.get(&item.launch) {
                trim_calls(tx, launch.attempt).await?;
            }
        }
        report(tx, &launches, &scos, now).await?;
        Ok(answers)
    }
}

/// Decides on one commit; pure but for the loaded rows it changes.
///
/// The token is that of the launch under way. A commit of an earlier launch of
/// the same attempt, left on the same device, is taken over when nothing was
/// committed elsewhere since; otherwise it is put aside.
fn decide(
    item: &Commit,
    now: Micros,
    launches: &mut Launches,
    earlier: &Earlier,
    scos: &mut Scos,
) -> CommitAnswer {
    // Hashes of 256-bit random tokens: comparing them leaks nothing that helps.
    let holder = launches
        .values()
        .find(|l| l.token_hash.as_deref() == Some(item.token_hash.as_slice()));
    let Some((holder, superseded, until)) = holder.map(|l| (l.id, l.superseded, l.deposit_until))
    else {
        return CommitAnswer::Unauthorized;
    };
    let holder_attempt = launches.get(&holder).map(|l| l.attempt);
    let Some(launch) = launches
        .get_mut(&item.launch)
        .filter(|l| Some(l.attempt) == holder_attempt)
    else {
        return CommitAnswer::Unauthorized;
    };
    if item.seq <= launch.last_seq {
        return CommitAnswer::Saved(now);
    }
    if superseded || (holder != item.launch && earlier.contains(&item.launch)) {
        return CommitAnswer::Superseded;
    }
    if now > until || now > launch.deposit_until {
        return CommitAnswer::TooLate;
    }
    launch.last_seq = item.seq;
    launch.touched = true;
    if !launch.counts {
        return CommitAnswer::Saved(now);
    }
    let Some(row) = scos.get_mut(&(launch.attempt, item.sco.clone())) else {
        return CommitAnswer::Unauthorized;
    };
    if (row.launch, row.session) != (item.launch, item.session) {
        if row.summary.is_some() || row.touched {
            let ending = if row.exited == "finished" {
                Ending::Finished
            } else {
                Ending::Lost
            };
            row.state = next_session(&row.state, ending);
        }
        (row.launch, row.session) = (item.launch, item.session);
    }
    row.touched = true;
    if row.exited == ASSET {
        row.now = ScoSummary::opened_asset();
        return CommitAnswer::Saved(now);
    }
    let errors = apply(&mut row.state, &item.set);
    row.exited = "open".to_owned();
    if item.end {
        end_of_session(&mut row.state, Ending::Finished);
        row.exited = "finished".to_owned();
    }
    row.now = ScoSummary::of(&row.state);
    if errors.is_empty() {
        CommitAnswer::Saved(now)
    } else {
        CommitAnswer::Partly(now, errors)
    }
}

/// Drops the oldest calls beyond what is kept.
async fn trim_calls(tx: &WriteTx, attempt: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM call_log WHERE attempt_id = $1 AND (launch_id, seq) IN (SELECT launch_id, seq FROM ( \
               SELECT launch_id, seq, SUM(LENGTH(calls)) OVER (ORDER BY received_at DESC, launch_id DESC, seq DESC) AS kept \
               FROM call_log WHERE attempt_id = $1) AS sizes WHERE kept > $2)";
    tx.execute_raw(statement(&**tx, sql, [attempt.into(), CALLS_KEPT.into()]))
        .await?;
    Ok(())
}

/// Carries to the activity what has changed of it; most commits change nothing.
async fn report(tx: &WriteTx, launches: &Launches, scos: &Scos, now: Micros) -> Result<(), DbErr> {
    let mut changed: Vec<Uuid> = scos
        .iter()
        .filter(|(_, row)| row.touched && has_changed(row))
        .map(|((attempt, _), _)| *attempt)
        .collect();
    changed.dedup();
    for attempt in changed {
        let Some(launch) = launches.values().find(|l| l.attempt == attempt) else {
            continue;
        };
        let Some(enrolment) = launch.enrolment else {
            continue;
        };
        let Some(contents) = contents(tx, launch.package).await? else {
            continue;
        };
        let children = children(&**tx, attempt).await?;
        let (seen, seconds) = rollup(&launchable(&model::items(&contents)?), &children);
        let observation = Observation {
            enrolment,
            activity: launch.activity,
            seen,
            seconds,
            at: now,
        };
        progress::record(tx, Actor::Person(launch.person), observation).await?;
    }
    Ok(())
}

fn has_changed(row: &ScoRow) -> bool {
    let now = (row.now.completion, row.now.success, row.now.score);
    row.exited == "finished"
        || row
            .summary
            .as_ref()
            .is_none_or(|(completion, success, score)| now != (completion, success, *score))
}

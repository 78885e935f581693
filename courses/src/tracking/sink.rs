//! The group writer of commits: a constant number of statements for a group of
//! any size, and a few more for those that change what an activity shows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use async_trait::async_trait;
use passerelle_kernel::db::{ids, in_ids, insert_many, statement};
use passerelle_kernel::group::GroupSink;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Micros, WriteTx};
use passerelle_scorm::model::{ElementError, Ending, apply, end_of_session, next_session};
use sea_orm::{ConnectionTrait, DbErr, Value as Sql};
use uuid::Uuid;

use super::model::{self, ScoSummary, launchable, rollup};
use super::rows::{
    Earlier, LaunchRow, Launches, ScoRow, Scos, begin_scos, children_of, contents, load_between,
    load_launches, load_scos, store_launches, store_scos,
};
use crate::cohorts::Term;
use crate::progress::model::Seen;
use crate::progress::{self, Observation};

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
    /// The course is over for them; kept apart.
    Over,
    /// The time to deposit is over.
    TooLate,
    /// The token is not that of the launch.
    Unauthorized,
}

impl CommitAnswer {
    /// Why what was sent is put aside, as stored; none when it is not.
    fn kept_apart(&self) -> Option<&'static str> {
        match self {
            Self::Superseded => Some("superseded"),
            Self::Over => Some("over"),
            Self::Saved(_) | Self::Partly(..) | Self::TooLate | Self::Unauthorized => None,
        }
    }
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
            if let (Some(reason), Some(launch)) = (answer.kept_apart(), launches.get(&item.launch))
            {
                let id = tx.env().id();
                late.extend([
                    id.into(),
                    launch.attempt.into(),
                    item.launch.into(),
                    item.seq.into(),
                    now.into(),
                    item.body.clone().into(),
                    reason.into(),
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
        insert_many(
            &**tx,
            "late_work (id, attempt_id, launch_id, seq, received_at, body, reason)",
            7,
            late,
            "ON CONFLICT (launch_id, seq) DO NOTHING",
        )
        .await?;
        insert_many(
            &**tx,
            "call_log (launch_id, seq, attempt_id, received_at, calls)",
            5,
            calls,
            "ON CONFLICT (launch_id, seq) DO NOTHING",
        )
        .await?;
        let ended: Vec<Uuid> = items
            .iter()
            .filter(|item| item.end && !item.calls.is_empty())
            .filter_map(|item| launches.get(&item.launch).map(|launch| launch.attempt))
            .collect();
        trim_calls(tx, &ended).await?;
        let mut observed = report(tx, &launches, &scos, now).await?;
        observed.extend(after_the_end(items, &answers, &launches, now));
        progress::record_all(tx, &observed).await?;
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
    // Who has left sends nothing any more, by whatever page was still open.
    let placed = |l: &LaunchRow| l.term.as_ref().is_none_or(Term::placed);
    let holder = launches
        .values()
        .find(|l| l.token_hash.as_deref() == Some(item.token_hash.as_slice()))
        .filter(|l| placed(l));
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
    if launch.counts && launch.term.as_ref().is_some_and(|term| !term.counts(now)) {
        return CommitAnswer::Over;
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

/// Drops the oldest calls of those attempts beyond what is kept of each.
async fn trim_calls(tx: &WriteTx, attempts: &[Uuid]) -> Result<(), DbErr> {
    if attempts.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "DELETE FROM call_log WHERE (launch_id, seq) IN (SELECT launch_id, seq FROM ( \
         SELECT launch_id, seq, SUM(LENGTH(calls)) OVER (PARTITION BY attempt_id \
         ORDER BY received_at DESC, launch_id DESC, seq DESC) AS kept \
         FROM call_log WHERE attempt_id {}) AS sizes WHERE kept > $2)",
        in_ids(&**tx, 1)
    );
    let values = [ids(attempts), CALLS_KEPT.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What came after the end, as the activities are told of it: that it came, and nothing of its content.
fn after_the_end(
    items: &[Commit],
    answers: &[CommitAnswer],
    launches: &Launches,
    now: Micros,
) -> Vec<(Actor, Observation)> {
    let late = items
        .iter()
        .zip(answers)
        .filter(|(_, answer)| **answer == CommitAnswer::Over)
        .filter_map(|(item, _)| launches.get(&item.launch));
    late.filter_map(|launch| {
        let observation = Observation {
            enrolment: launch.enrolment?,
            activity: launch.activity,
            seen: Seen::default(),
            seconds: 0,
            at: now,
        };
        Some((Actor::Person(launch.person), observation))
    })
    .collect()
}

/// What has changed of the activities; most commits change nothing.
async fn report(
    tx: &WriteTx,
    launches: &Launches,
    scos: &Scos,
    now: Micros,
) -> Result<Vec<(Actor, Observation)>, DbErr> {
    let mut changed: Vec<Uuid> = scos
        .iter()
        .filter(|(_, row)| row.touched && has_changed(row))
        .map(|((attempt, _), _)| *attempt)
        .collect();
    changed.dedup();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let children = children_of(&**tx, &changed).await?;
    let mut packages: HashMap<Uuid, Vec<String>> = HashMap::new();
    let mut observations = Vec::with_capacity(changed.len());
    for attempt in changed {
        let Some(launch) = launches.values().find(|l| l.attempt == attempt) else {
            continue;
        };
        let (Some(enrolment), Some(children)) = (launch.enrolment, children.get(&attempt)) else {
            continue;
        };
        let items = match packages.entry(launch.package) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let Some(contents) = contents(tx, launch.package).await? else {
                    continue;
                };
                place.insert(launchable(&model::items(&contents)?))
            }
        };
        let (seen, seconds) = rollup(items, children);
        let observation = Observation {
            enrolment,
            activity: launch.activity,
            seen,
            seconds,
            at: now,
        };
        observations.push((Actor::Person(launch.person), observation));
    }
    Ok(observations)
}

fn has_changed(row: &ScoRow) -> bool {
    let now = (row.now.completion, row.now.success, row.now.score);
    row.exited == "finished"
        || row
            .summary
            .as_ref()
            .is_none_or(|(completion, success, score)| now != (completion, success, *score))
}

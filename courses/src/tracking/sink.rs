//! The group writer of commits: a constant number of statements for a group of
//! any size, and a few more for those that change what an activity shows.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, HOUR};
use passerelle_kernel::group::GroupSink;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Engine, Micros, WriteTx};
use passerelle_scorm::manifest::Kind;
use passerelle_scorm::model::{
    ElementError, Ending, Mode, Standard, State, apply, end_of_session, next_session,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use uuid::Uuid;

use super::launches::{first_state, pseudonym};
use super::model::{self, Child, ScoSummary, launchable, rollup, standard};
use crate::progress::{self, Observation};

/// A token lives this long after its last use.
pub const TOKEN_LIFE: Micros = 2 * HOUR;
/// And this long in all.
pub const TOKEN_LIFE_MAX: Micros = DAY;
/// Bytes of run-time calls kept for an attempt.
pub const CALLS_KEPT: i64 = 256 * 1024;

/// What `exited` says of an item that is not a SCO: opening it is all there is.
const ASSET: &str = "asset";

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

struct LaunchRow {
    id: Uuid,
    attempt: Uuid,
    number: i32,
    token_hash: Option<Vec<u8>>,
    created_at: Micros,
    deposit_until: Micros,
    superseded: bool,
    last_seq: i64,
    counts: bool,
    enrolment: Option<Uuid>,
    activity: Uuid,
    person: Uuid,
    standard: Standard,
    package: Uuid,
    touched: bool,
}

struct ScoRow {
    state: State,
    summary: Option<(String, String, Option<i32>)>,
    now: ScoSummary,
    exited: String,
    launch: Uuid,
    session: i32,
    touched: bool,
}

type Launches = HashMap<Uuid, LaunchRow>;
/// Ordered, so that two writers lock rows in the same order.
type Scos = BTreeMap<(Uuid, String), ScoRow>;

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

/// Launches after which somebody committed in another one of the same attempt.
type Earlier = HashSet<Uuid>;

async fn load_between(
    tx: &WriteTx,
    items: &[Commit],
    launches: &Launches,
) -> Result<Earlier, DbErr> {
    let mut earlier = Earlier::new();
    for item in items {
        let Some(launch) = launches.get(&item.launch) else {
            continue;
        };
        if launch.token_hash.as_deref() == Some(item.token_hash.as_slice())
            || earlier.contains(&item.launch)
        {
            continue;
        }
        let sql =
            "SELECT 1 FROM launch WHERE attempt_id = $1 AND number > $2 AND last_seq > 0 LIMIT 1";
        let values = [launch.attempt.into(), launch.number.into()];
        if tx
            .query_one_raw(statement(&**tx, sql, values))
            .await?
            .is_some()
        {
            earlier.insert(item.launch);
        }
    }
    Ok(earlier)
}

/// A SCO that commits for the first time starts from what its launch gave it.
async fn begin_scos(
    tx: &WriteTx,
    items: &[Commit],
    launches: &Launches,
    scos: &mut Scos,
) -> Result<(), DbErr> {
    for item in items {
        let Some(launch) = launches.get(&item.launch).filter(|l| l.counts) else {
            continue;
        };
        let key = (launch.attempt, item.sco.clone());
        if scos.contains_key(&key) {
            continue;
        }
        let Some(contents) = contents(tx, launch.package).await? else {
            continue;
        };
        let toc = model::items(&contents)?;
        let learner = pseudonym(launch.person, launch.package);
        let line = toc.iter().find(|line| line.identifier == item.sco);
        let asset = line.is_some_and(|line| line.kind == Kind::Asset);
        // An item that the package does not list has no thresholds; the table's rule refuses an empty name.
        let state = line.map_or_else(
            || State::new(launch.standard),
            |line| {
                first_state(
                    launch.standard,
                    Mode::Normal,
                    &toc,
                    line,
                    &learner,
                    Vec::new(),
                    None,
                )
            },
        );
        let row = ScoRow {
            state,
            summary: None,
            now: ScoSummary::default(),
            exited: if asset { ASSET } else { "open" }.to_owned(),
            launch: item.launch,
            session: item.session,
            touched: false,
        };
        scos.insert(key, row);
    }
    Ok(())
}

async fn contents(tx: &WriteTx, package: Uuid) -> Result<Option<String>, DbErr> {
    let sql = "SELECT contents FROM package WHERE id = $1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [package.into()]))
        .await?;
    row.map(|row| row.try_get("", "contents")).transpose()
}

async fn load_launches(tx: &WriteTx, items: &[Commit]) -> Result<Launches, DbErr> {
    let mut ids: Vec<Uuid> = items.iter().map(|item| item.launch).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut hashes: Vec<&[u8]> = items
        .iter()
        .map(|item| item.token_hash.as_slice())
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    let lock = if tx.engine() == Engine::Postgres {
        " FOR UPDATE OF l"
    } else {
        ""
    };
    let sql = format!(
        "SELECT l.id, l.attempt_id, l.number, l.token_hash, l.created_at, l.deposit_until, l.superseded_at, l.last_seq, \
         a.mode, a.enrolment_id, a.activity_id, a.person_id, a.package_id, p.standard FROM launch l \
         JOIN attempt a ON a.id = l.attempt_id JOIN package p ON p.id = a.package_id \
         WHERE l.id IN ({}) OR l.token_hash IN ({}) ORDER BY l.id{lock}",
        marks(1, ids.len()),
        marks(ids.len() + 1, hashes.len()),
    );
    let values = ids
        .into_iter()
        .map(Sql::from)
        .chain(hashes.into_iter().map(|hash| Sql::from(hash.to_vec())));
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| read_launch(row).map(|launch| (launch.id, launch)))
        .collect()
}

fn read_launch(row: &QueryResult) -> Result<LaunchRow, DbErr> {
    let code: String = row.try_get("", "standard")?;
    let mode: String = row.try_get("", "mode")?;
    let superseded: Option<Micros> = row.try_get("", "superseded_at")?;
    Ok(LaunchRow {
        id: row.try_get("", "id")?,
        number: row.try_get("", "number")?,
        attempt: row.try_get("", "attempt_id")?,
        token_hash: row.try_get("", "token_hash")?,
        created_at: row.try_get("", "created_at")?,
        deposit_until: row.try_get("", "deposit_until")?,
        superseded: superseded.is_some(),
        last_seq: row.try_get("", "last_seq")?,
        counts: mode == "normal",
        enrolment: row.try_get("", "enrolment_id")?,
        activity: row.try_get("", "activity_id")?,
        person: row.try_get("", "person_id")?,
        standard: standard(&code),
        package: row.try_get("", "package_id")?,
        touched: false,
    })
}

async fn load_scos(tx: &WriteTx, items: &[Commit], launches: &Launches) -> Result<Scos, DbErr> {
    let mut wanted: Vec<(Uuid, &str)> = items
        .iter()
        .filter_map(|item| Some((launches.get(&item.launch)?.attempt, item.sco.as_str())))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Scos::new());
    }
    let pairs: Vec<String> = (0..wanted.len())
        .map(|n| format!("(attempt_id = ${} AND sco = ${})", 2 * n + 1, 2 * n + 2))
        .collect();
    let sql = format!(
        "SELECT attempt_id, sco, elements, completion, success, score, exited, launch_id, session FROM sco_state WHERE {}",
        pairs.join(" OR ")
    );
    let values = wanted
        .iter()
        .flat_map(|(attempt, sco)| [Sql::from(*attempt), Sql::from(*sco)]);
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    let standards: HashMap<Uuid, Standard> =
        launches.values().map(|l| (l.attempt, l.standard)).collect();
    let mut scos = Scos::new();
    for row in rows {
        let attempt: Uuid = row.try_get("", "attempt_id")?;
        let elements: String = row.try_get("", "elements")?;
        let elements: BTreeMap<String, String> =
            serde_json::from_str(&elements).map_err(|e| DbErr::Json(e.to_string()))?;
        let standard = standards
            .get(&attempt)
            .copied()
            .unwrap_or(Standard::Scorm12);
        let summary = (
            row.try_get("", "completion")?,
            row.try_get("", "success")?,
            row.try_get("", "score")?,
        );
        let state = State::restore(standard, elements);
        let stored = ScoRow {
            state,
            summary: Some(summary),
            now: ScoSummary::default(),
            exited: row.try_get("", "exited")?,
            launch: row.try_get("", "launch_id")?,
            session: row.try_get("", "session")?,
            touched: false,
        };
        scos.insert((attempt, row.try_get("", "sco")?), stored);
    }
    Ok(scos)
}

async fn store_scos(tx: &WriteTx, scos: &Scos, now: Micros) -> Result<(), DbErr> {
    let mut values: Vec<Sql> = Vec::new();
    for ((attempt, sco), row) in scos.iter().filter(|(_, row)| row.touched) {
        let elements =
            serde_json::to_string(row.state.values()).map_err(|e| DbErr::Json(e.to_string()))?;
        values.extend([
            (*attempt).into(),
            sco.clone().into(),
            elements.into(),
            row.now.completion.into(),
            row.now.success.into(),
            row.now.score.into(),
            row.now.progress.into(),
            row.now.seconds.into(),
            row.exited.clone().into(),
            row.launch.into(),
            row.session.into(),
            now.into(),
        ]);
    }
    let into = "sco_state (attempt_id, sco, elements, completion, success, score, progress, seconds, exited, launch_id, session, updated_at)";
    let conflict = "ON CONFLICT (attempt_id, sco) DO UPDATE SET elements = excluded.elements, \
        completion = excluded.completion, success = excluded.success, score = excluded.score, \
        progress = excluded.progress, seconds = excluded.seconds, exited = excluded.exited, \
        launch_id = excluded.launch_id, session = excluded.session, updated_at = excluded.updated_at";
    many(tx, into, 12, values, conflict).await
}

/// The token slides on each use: two hours, at most a day.
async fn store_launches(tx: &WriteTx, launches: &Launches, now: Micros) -> Result<(), DbErr> {
    let mut touched: Vec<(&Uuid, &LaunchRow)> =
        launches.iter().filter(|(_, l)| l.touched).collect();
    if touched.is_empty() {
        return Ok(());
    }
    touched.sort_by_key(|(id, _)| **id);
    let rows: Vec<String> = (0..touched.len())
        .map(|n| format!("(${}, ${}, ${})", 3 * n + 2, 3 * n + 3, 3 * n + 4))
        .collect();
    let sql = format!(
        "UPDATE launch SET used_at = $1, last_seq = v.column2, expires_at = v.column3 \
         FROM (VALUES {}) AS v WHERE launch.id = v.column1",
        rows.join(", ")
    );
    let mut values: Vec<Sql> = vec![now.into()];
    for (id, launch) in touched {
        let expires = (now + TOKEN_LIFE).min(launch.created_at + TOKEN_LIFE_MAX);
        values.extend([(*id).into(), launch.last_seq.into(), expires.into()]);
    }
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
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

pub(super) async fn children<C: ConnectionTrait>(
    conn: &C,
    attempt: Uuid,
) -> Result<Vec<Child>, DbErr> {
    let sql =
        "SELECT sco, completion, success, score, seconds FROM sco_state WHERE attempt_id = $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [attempt.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Child {
                sco: row.try_get("", "sco")?,
                completion: row.try_get("", "completion")?,
                success: row.try_get("", "success")?,
                score: row.try_get("", "score")?,
                seconds: row.try_get("", "seconds")?,
            })
        })
        .collect()
}

/// `$from, …`, so many of them.
fn marks(from: usize, n: usize) -> String {
    (from..from + n)
        .map(|i| format!("${i}"))
        .collect::<Vec<_>>()
        .join(", ")
}

async fn many(
    tx: &WriteTx,
    into: &str,
    width: usize,
    values: Vec<Sql>,
    conflict: &str,
) -> Result<(), DbErr> {
    if values.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (0..values.len() / width)
        .map(|row| {
            let marks: Vec<String> = (1..=width)
                .map(|column| format!("${}", row * width + column))
                .collect();
            format!("({})", marks.join(", "))
        })
        .collect();
    let sql = format!("INSERT INTO {into} VALUES {} {conflict}", rows.join(", "));
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

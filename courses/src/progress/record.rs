//! Storing what was observed, and what it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use passerelle_kernel::db::{insert_many, statement, tuples};
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Micros, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use serde_json::json;
use uuid::Uuid;

use super::late::{Whose, refresh_late_after};
use super::model::{
    ActivityRule, CourseRule, Planned, Progress, Seen, Standing, Success, progress,
};
use crate::cohorts::Term;

/// A trainee opened an activity for the first time.
pub const ACTIVITY_STARTED: &str = "activity.started.v1";
/// An activity met its rule.
pub const ACTIVITY_DONE: &str = "activity.done.v1";
/// A better score came for an activity that was begun or done already.
pub const ACTIVITY_IMPROVED: &str = "activity.improved.v1";
/// A course's rule was met.
pub const COURSE_COMPLETED: &str = "course.completed.v1";

/// What was observed of a trainee in an activity.
#[derive(Clone, Copy, Debug)]
pub struct Observation {
    /// Enrolment.
    pub enrolment: Uuid,
    /// Activity.
    pub activity: Uuid,
    /// What was seen; merged with what was seen before.
    pub seen: Seen,
    /// Time spent in all so far, seconds; shown, never counted. The larger one stays.
    pub seconds: i64,
    /// When.
    pub at: Micros,
}

/// What an observation changed; nothing when it came too late to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The activity became done.
    pub done: bool,
    /// The course became complete.
    pub completed: bool,
}

/// What an activity shows, as it is stored.
#[derive(Clone, Copy)]
struct Stored {
    score: Option<i32>,
    success: Option<Success>,
    seconds: i64,
    started_at: Micros,
    last_at: Micros,
    done_at: Option<Micros>,
}

struct Before {
    space: Uuid,
    person: Uuid,
    cohort: Uuid,
    term: Term,
    rule: ActivityRule,
    state: Option<Stored>,
    changed: bool,
    late: Option<Late>,
}

/// What came after the end, kept beside what counts.
#[derive(Clone, Copy)]
struct Late {
    first_at: Micros,
    last_at: Micros,
    score: Option<i32>,
}

impl Late {
    fn with(before: Option<Self>, seen: &Observation) -> Self {
        Self {
            first_at: before.map_or(seen.at, |late| late.first_at),
            last_at: seen.at,
            score: before.and_then(|late| late.score).max(seen.seen.score),
        }
    }
}

/// An enrolment and an activity. Ordered, so that two writers lock rows in the same order.
type Key = (Uuid, Uuid);

/// Stores an observation. Ignored when the activity is not in the cohort or the trainee has left; kept
/// apart, where no hours and no result are taken from, when it came after the end.
pub async fn record(tx: &WriteTx, actor: Actor, seen: Observation) -> Result<Outcome, DbErr> {
    let outcomes = record_all(tx, &[(actor, seen)]).await?;
    Ok(outcomes.first().copied().unwrap_or_default())
}

/// Stores observations, in their order, and says what each changed: five
/// statements whatever their number, one more when some came after the end,
/// and three for each activity newly done.
pub async fn record_all(tx: &WriteTx, all: &[(Actor, Observation)]) -> Result<Vec<Outcome>, DbErr> {
    let mut known = load(tx, all).await?;
    let mut outcomes = vec![Outcome::default(); all.len()];
    let mut facts = Vec::new();
    for ((actor, seen), outcome) in all.iter().zip(&mut outcomes) {
        let Some(before) = known
            .get_mut(&(seen.enrolment, seen.activity))
            .filter(|before| before.term.placed())
        else {
            continue;
        };
        if !before.term.counts(seen.at) {
            before.late = Some(Late::with(before.late, seen));
            continue;
        }
        let earlier = before.state;
        let merged = merge(earlier.as_ref(), seen);
        let was_done = earlier.and_then(|s| s.done_at);
        let done_at = was_done.or_else(|| before.rule.is_met(&merged).then_some(seen.at));
        before.state = Some(Stored {
            score: merged.score,
            success: merged.success,
            seconds: earlier.map_or(0, |s| s.seconds).max(seen.seconds),
            started_at: earlier.map_or(seen.at, |s| s.started_at),
            last_at: seen.at,
            done_at,
        });
        before.changed = true;
        if earlier.is_none() {
            facts.push(fact(before, *actor, seen, ACTIVITY_STARTED, json!({})));
        }
        if was_done.is_none() && done_at.is_some() {
            let detail =
                json!({"score": merged.score, "success": merged.success.map(Success::code)});
            facts.push(fact(before, *actor, seen, ACTIVITY_DONE, detail));
            outcome.done = true;
        }
        let improved = merged.score > earlier.and_then(|state| state.score);
        // A mark below what the activity asks for is one too: gradebooks elsewhere want it.
        if earlier.is_some() && improved && !outcome.done {
            let detail = json!({"score": merged.score});
            facts.push(fact(before, *actor, seen, ACTIVITY_IMPROVED, detail));
        }
    }
    keep_late(tx, &known).await?;
    known.retain(|_, before| before.changed);
    store(tx, &known).await?;
    touch(tx, &known).await?;
    tx.append_all(facts).await?;
    for ((actor, seen), outcome) in all.iter().zip(&mut outcomes) {
        if let (true, Some(before)) = (outcome.done, known.get(&(seen.enrolment, seen.activity))) {
            outcome.completed = recompute(tx, *actor, before, seen.enrolment, seen.at).await?;
        }
    }
    Ok(outcomes)
}

/// The states of activities, in one statement.
async fn store(tx: &WriteTx, known: &BTreeMap<Key, Before>) -> Result<(), DbErr> {
    let mut values = Vec::with_capacity(known.len() * 9);
    for ((enrolment, activity), before) in known {
        if let Some(state) = before.state {
            values.extend([
                (*enrolment).into(),
                (*activity).into(),
                if state.done_at.is_some() {
                    "done"
                } else {
                    "started"
                }
                .into(),
                state.score.into(),
                state.success.map(|s| s.code().to_owned()).into(),
                state.seconds.into(),
                state.started_at.into(),
                state.last_at.into(),
                state.done_at.into(),
            ]);
        }
    }
    let into = "activity_state (enrolment_id, activity_id, status, score, success, seconds, started_at, last_at, done_at)";
    let conflict = "ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET status = excluded.status, \
                    score = excluded.score, success = excluded.success, seconds = excluded.seconds, \
                    last_at = excluded.last_at, done_at = excluded.done_at";
    insert_many(&**tx, into, 9, values, conflict).await
}

/// What came after the end, in one statement; the best score and both ends of the time stay.
async fn keep_late(tx: &WriteTx, known: &BTreeMap<Key, Before>) -> Result<(), DbErr> {
    let mut values = Vec::new();
    for ((enrolment, activity), before) in known {
        if let Some(late) = before.late {
            values.extend([
                (*enrolment).into(),
                (*activity).into(),
                late.first_at.into(),
                late.last_at.into(),
                late.score.into(),
            ]);
        }
    }
    let into = "late_result (enrolment_id, activity_id, first_at, last_at, score)";
    let conflict = "ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET last_at = excluded.last_at, \
                    score = CASE WHEN late_result.score > excluded.score THEN late_result.score \
                    ELSE COALESCE(excluded.score, late_result.score) END";
    insert_many(&**tx, into, 5, values, conflict).await
}

fn fact(
    before: &Before,
    actor: Actor,
    seen: &Observation,
    kind: &'static str,
    detail: serde_json::Value,
) -> Fact {
    let mut payload =
        json!({"enrolment": seen.enrolment, "cohort": before.cohort, "activity": seen.activity});
    if let (Some(payload), Some(detail)) = (payload.as_object_mut(), detail.as_object()) {
        payload.extend(detail.clone());
    }
    Fact {
        space: before.space,
        kind,
        actor,
        subject: before.person,
        payload,
    }
}

fn merge(before: Option<&Stored>, new: &Observation) -> Seen {
    let success = before.and_then(|s| s.success);
    Seen {
        viewed: true,
        completed: new.seen.completed,
        success: if success == Some(Success::Passed) {
            success
        } else {
            new.seen.success.or(success)
        },
        score: before.and_then(|s| s.score).max(new.seen.score),
        declared: new.seen.declared,
    }
}

/// What is known of each, in one statement.
async fn load(tx: &WriteTx, all: &[(Actor, Observation)]) -> Result<BTreeMap<Key, Before>, DbErr> {
    let keys: BTreeSet<Key> = all
        .iter()
        .map(|(_, seen)| (seen.enrolment, seen.activity))
        .collect();
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT e.id, ca.activity_id, e.space_id, e.person_id, e.cohort_id, ca.rule, s.status, s.score, \
         s.success, s.seconds, s.started_at, s.last_at, s.done_at, {term} FROM (VALUES {}) AS v \
         JOIN enrolment e ON e.id = v.column1 JOIN cohort c ON c.id = e.cohort_id \
         JOIN cohort_activity ca ON ca.cohort_id = e.cohort_id AND ca.activity_id = v.column2 \
         LEFT JOIN activity_state s ON s.enrolment_id = e.id AND s.activity_id = ca.activity_id",
        tuples(1, keys.len(), 2),
        term = Term::COLUMNS,
    );
    let values = keys
        .into_iter()
        .flat_map(|(enrolment, activity)| [Sql::from(enrolment), Sql::from(activity)]);
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| {
            let key = (row.try_get("", "id")?, row.try_get("", "activity_id")?);
            Ok((key, read(row)?))
        })
        .collect()
}

fn read(row: &QueryResult) -> Result<Before, DbErr> {
    let status: Option<String> = row.try_get("", "status")?;
    let stored = match status {
        None => None,
        Some(_) => Some(Stored {
            score: row.try_get("", "score")?,
            success: row
                .try_get::<Option<String>>("", "success")?
                .as_deref()
                .and_then(Success::parse),
            seconds: row.try_get("", "seconds")?,
            started_at: row.try_get("", "started_at")?,
            last_at: row.try_get("", "last_at")?,
            done_at: row.try_get("", "done_at")?,
        }),
    };
    Ok(Before {
        space: row.try_get("", "space_id")?,
        person: row.try_get("", "person_id")?,
        cohort: row.try_get("", "cohort_id")?,
        term: Term::read(row)?,
        rule: parse(&row.try_get::<String>("", "rule")?)?,
        state: stored,
        changed: false,
        late: None,
    })
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}

/// Last activity of each enrolment, in one statement.
async fn touch(tx: &WriteTx, known: &BTreeMap<Key, Before>) -> Result<(), DbErr> {
    let mut last: BTreeMap<Uuid, Micros> = BTreeMap::new();
    for ((enrolment, _), before) in known {
        if let Some(state) = before.state {
            let at = last.entry(*enrolment).or_insert(state.last_at);
            *at = state.last_at.max(*at);
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE enrolment SET last_activity_at = v.column2, first_seen_at = COALESCE(first_seen_at, v.column2) \
         FROM (VALUES {}) AS v WHERE enrolment.id = v.column1",
        tuples(1, last.len(), 2)
    );
    let values = last
        .into_iter()
        .flat_map(|(enrolment, at)| [Sql::from(enrolment), Sql::from(at)]);
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Works a trainee's progress out again from what is stored.
pub async fn standing_of<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
) -> Result<Option<Progress>, DbErr> {
    let sql = "SELECT c.rule AS course_rule, c.agreed_minutes, ca.activity_id, ca.title, ca.minutes, ca.optional, ca.rule, \
               s.status, s.score FROM enrolment e JOIN cohort c ON c.id = e.cohort_id \
               JOIN cohort_activity ca ON ca.cohort_id = c.id \
               LEFT JOIN activity_state s ON s.enrolment_id = e.id AND s.activity_id = ca.activity_id \
               WHERE e.id = $1 ORDER BY ca.week_rank, ca.rank";
    let rows = conn
        .query_all_raw(statement(conn, sql, [enrolment.into()]))
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let rule: CourseRule = parse(&first.try_get::<String>("", "course_rule")?)?;
    let agreed: i32 = first.try_get("", "agreed_minutes")?;
    let mut plan = Vec::with_capacity(rows.len());
    let mut states = HashMap::new();
    for row in &rows {
        let (activity, standing) = planned(row)?;
        if let Some(standing) = standing {
            states.insert(activity.id, standing);
        }
        plan.push(activity);
    }
    Ok(Some(progress(rule, agreed, &plan, &states)))
}

/// Whether an enrolment did an activity, and with what score (ten-thousandths); none when it was
/// never opened.
pub async fn result_of<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
    activity: Uuid,
) -> Result<Option<(bool, Option<i32>)>, DbErr> {
    let sql =
        "SELECT status, score FROM activity_state WHERE enrolment_id = $1 AND activity_id = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [enrolment.into(), activity.into()]))
        .await?;
    row.map(|row| {
        let status: String = row.try_get("", "status")?;
        Ok((status == "done", row.try_get("", "score")?))
    })
    .transpose()
}

fn planned(row: &QueryResult) -> Result<(Planned, Option<Standing>), DbErr> {
    let status: Option<String> = row.try_get("", "status")?;
    let activity = Planned {
        id: row.try_get("", "activity_id")?,
        title: row.try_get("", "title")?,
        minutes: row.try_get("", "minutes")?,
        optional: row.try_get("", "optional")?,
        rule: parse(&row.try_get::<String>("", "rule")?)?,
    };
    let score: Option<i32> = row.try_get("", "score")?;
    Ok((
        activity,
        status.map(|status| Standing {
            started: true,
            done: status == "done",
            score,
        }),
    ))
}

async fn recompute_with(
    tx: &WriteTx,
    enrolment: Uuid,
    at: Micros,
) -> Result<Option<(Progress, bool)>, DbErr> {
    let Some(now) = standing_of(&**tx, enrolment).await? else {
        return Ok(None);
    };
    let sql = "UPDATE enrolment SET done_count = $2, done_minutes = $3, last_activity_at = $4, \
               first_seen_at = COALESCE(first_seen_at, $4) WHERE id = $1";
    let values = [
        enrolment.into(),
        (now.done as i32).into(),
        now.minutes.into(),
        at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    refresh_late_after(tx, Whose::Enrolments(&[enrolment])).await?;
    let mut newly = false;
    if now.complete {
        let sql = "UPDATE enrolment SET completed_at = $2 WHERE id = $1 AND completed_at IS NULL";
        newly = tx
            .execute_raw(statement(&**tx, sql, [enrolment.into(), at.into()]))
            .await?
            .rows_affected()
            == 1;
    }
    Ok(Some((now, newly)))
}

/// Stores the sums of an enrolment again; true when the course has just become complete.
async fn recompute(
    tx: &WriteTx,
    actor: Actor,
    of: &Before,
    enrolment: Uuid,
    at: Micros,
) -> Result<bool, DbErr> {
    let Some((now, newly)) = recompute_with(tx, enrolment, at).await? else {
        return Ok(false);
    };
    if newly {
        let payload = json!({"enrolment": enrolment, "cohort": of.cohort, "minutes": now.minutes, "done": now.done});
        let fact = Fact {
            space: of.space,
            kind: COURSE_COMPLETED,
            actor,
            subject: of.person,
            payload,
        };
        tx.append(fact).await?;
    }
    Ok(newly)
}

//! Storing what was observed, and what it changes.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Micros, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;
use uuid::Uuid;

use super::model::{
    ActivityRule, CourseRule, Planned, Progress, Seen, Standing, Success, progress,
};

/// A trainee opened an activity for the first time.
pub const ACTIVITY_STARTED: &str = "activity.started.v1";
/// An activity met its rule.
pub const ACTIVITY_DONE: &str = "activity.done.v1";
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

/// What an observation changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The activity became done.
    pub done: bool,
    /// The course became complete.
    pub completed: bool,
}

/// Status, score, success, seconds, start and end, as stored.
type StateRow = (
    String,
    Option<i32>,
    Option<String>,
    i64,
    Micros,
    Option<Micros>,
);

struct Before {
    space: Uuid,
    person: Uuid,
    cohort: Uuid,
    active: bool,
    rule: ActivityRule,
    state: Option<StateRow>,
}

/// Stores an observation. Ignored when the activity is not in the cohort or the trainee has left.
pub async fn record(tx: &WriteTx, actor: Actor, seen: Observation) -> Result<Outcome, DbErr> {
    let Some(before) = load(tx, seen.enrolment, seen.activity).await? else {
        return Ok(Outcome::default());
    };
    if !before.active {
        return Ok(Outcome::default());
    }
    let merged = merge(&before, &seen);
    let was_done = before.state.as_ref().is_some_and(|s| s.5.is_some());
    let done = was_done || before.rule.is_met(&merged);
    let started_at = before.state.as_ref().map_or(seen.at, |s| s.4);
    let done_at = before
        .state
        .as_ref()
        .and_then(|s| s.5)
        .or_else(|| done.then_some(seen.at));
    let seconds = before.state.as_ref().map_or(0, |s| s.3).max(seen.seconds);
    let sql = "INSERT INTO activity_state (enrolment_id, activity_id, status, score, success, seconds, started_at, \
               last_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET status = excluded.status, \
               score = excluded.score, success = excluded.success, seconds = excluded.seconds, \
               last_at = excluded.last_at, done_at = excluded.done_at";
    let values = [
        seen.enrolment.into(),
        seen.activity.into(),
        if done { "done" } else { "started" }.into(),
        merged.score.into(),
        merged.success.map(|s| s.code().to_owned()).into(),
        seconds.into(),
        started_at.into(),
        seen.at.into(),
        done_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    if before.state.is_none() {
        tx.append(fact(&before, actor, &seen, ACTIVITY_STARTED, json!({})))
            .await?;
    }
    if was_done || !done {
        touch(tx, seen.enrolment, seen.at).await?;
        return Ok(Outcome::default());
    }
    let detail = json!({"score": merged.score, "success": merged.success.map(Success::code)});
    tx.append(fact(&before, actor, &seen, ACTIVITY_DONE, detail))
        .await?;
    let completed = recompute(tx, actor, &before, seen.enrolment, seen.at).await?;
    Ok(Outcome {
        done: true,
        completed,
    })
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

fn merge(before: &Before, new: &Observation) -> Seen {
    let (score, success) = before.state.as_ref().map_or((None, None), |s| {
        (s.1, s.2.as_deref().and_then(Success::parse))
    });
    Seen {
        viewed: true,
        completed: new.seen.completed,
        success: if success == Some(Success::Passed) {
            success
        } else {
            new.seen.success.or(success)
        },
        score: score.max(new.seen.score),
        declared: new.seen.declared,
    }
}

async fn load(tx: &WriteTx, enrolment: Uuid, activity: Uuid) -> Result<Option<Before>, DbErr> {
    let sql = "SELECT e.space_id, e.person_id, e.cohort_id, e.state, ca.rule, s.status, s.score, s.success, s.seconds, \
               s.started_at, s.done_at FROM enrolment e \
               JOIN cohort_activity ca ON ca.cohort_id = e.cohort_id AND ca.activity_id = $2 \
               LEFT JOIN activity_state s ON s.enrolment_id = e.id AND s.activity_id = ca.activity_id WHERE e.id = $1";
    let Some(row) = tx
        .query_one_raw(statement(&**tx, sql, [enrolment.into(), activity.into()]))
        .await?
    else {
        return Ok(None);
    };
    let rule: String = row.try_get("", "rule")?;
    let state: String = row.try_get("", "state")?;
    let status: Option<String> = row.try_get("", "status")?;
    let state_row = match status {
        None => None,
        Some(status) => Some((
            status,
            row.try_get("", "score")?,
            row.try_get("", "success")?,
            row.try_get("", "seconds")?,
            row.try_get("", "started_at")?,
            row.try_get("", "done_at")?,
        )),
    };
    Ok(Some(Before {
        space: row.try_get("", "space_id")?,
        person: row.try_get("", "person_id")?,
        cohort: row.try_get("", "cohort_id")?,
        active: state == "active",
        rule: parse(&rule)?,
        state: state_row,
    }))
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}

async fn touch(tx: &WriteTx, enrolment: Uuid, at: Micros) -> Result<(), DbErr> {
    let sql = "UPDATE enrolment SET last_activity_at = $2, first_seen_at = COALESCE(first_seen_at, $2) WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [enrolment.into(), at.into()]))
        .await?;
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

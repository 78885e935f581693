//! Queries of the `learning` slice: the plan as a trainee meets it, and what a
//! person follows or tutors. Nothing here decides.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};

use super::model::{Enrolled, Item, Late, Plan, PlanWeek, Work};
use crate::cohorts::{WeekDates, cohort};
use crate::progress::model::{ActivityRule, Success};

/// Enrolments shown on a home page at most.
pub const MAX_ENROLMENTS: u64 = 50;

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}

fn date(text: &str) -> Result<jiff::civil::Date, DbErr> {
    text.parse()
        .map_err(|_| DbErr::Type(format!("not a date: {text}")))
}

/// The plan of a cohort with what an enrolment did of it; one statement.
/// Without an enrolment (`None`), nothing is done.
pub async fn plan_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    enrolment: Option<Uuid>,
) -> Result<Plan, DbErr> {
    let sql = "SELECT w.rank AS week_rank, w.title AS week_title, w.summary, w.opens_on, w.due_on, ca.activity_id, \
               ca.kind, ca.title, ca.minutes, ca.optional, ca.rule, s.status, s.score, s.success, s.seconds, \
               s.started_at, s.last_at, s.done_at, r.first_at AS late_first_at, r.last_at AS late_last_at, \
               r.score AS late_score FROM cohort_week w \
               LEFT JOIN cohort_activity ca ON ca.cohort_id = w.cohort_id AND ca.week_rank = w.rank \
               LEFT JOIN activity_state s ON s.enrolment_id = $2 AND s.activity_id = ca.activity_id \
               LEFT JOIN late_result r ON r.enrolment_id = $2 AND r.activity_id = ca.activity_id \
               WHERE w.cohort_id = $1 ORDER BY w.rank, ca.rank";
    let values: [Value; 2] = [cohort.into(), enrolment.unwrap_or(Uuid::nil()).into()];
    let mut plan = Plan::default();
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        let rank: i32 = row.try_get("", "week_rank")?;
        if plan.weeks.last().is_none_or(|week| week.rank != rank) {
            plan.weeks.push(PlanWeek {
                rank,
                title: row.try_get("", "week_title")?,
                summary: row.try_get("", "summary")?,
                dates: WeekDates {
                    opens_on: date(&row.try_get::<String>("", "opens_on")?)?,
                    due_on: date(&row.try_get::<String>("", "due_on")?)?,
                },
                items: Vec::new(),
            });
        }
        if let (Some(week), Some(item)) = (plan.weeks.last_mut(), item(&row)?) {
            week.items.push(item);
        }
    }
    Ok(plan)
}

fn item(row: &QueryResult) -> Result<Option<Item>, DbErr> {
    let Some(id) = row.try_get::<Option<Uuid>>("", "activity_id")? else {
        return Ok(None);
    };
    Ok(Some(Item {
        id,
        kind: row.try_get("", "kind")?,
        title: row.try_get("", "title")?,
        minutes: row.try_get("", "minutes")?,
        optional: row.try_get("", "optional")?,
        rule: parse(&row.try_get::<String>("", "rule")?)?,
        work: work(row)?,
        late: late(row)?,
    }))
}

fn late(row: &QueryResult) -> Result<Option<Late>, DbErr> {
    let (first, last): (Option<Micros>, Option<Micros>) = (
        row.try_get("", "late_first_at")?,
        row.try_get("", "late_last_at")?,
    );
    let (Some(first_at), Some(last_at)) = (first, last) else {
        return Ok(None);
    };
    Ok(Some(Late {
        first_at,
        last_at,
        score: row.try_get("", "late_score")?,
    }))
}

/// What was done, from the columns of `activity_state`; none when there is no row.
pub fn work(row: &QueryResult) -> Result<Option<Work>, DbErr> {
    let Some(status) = row.try_get::<Option<String>>("", "status")? else {
        return Ok(None);
    };
    let success: Option<String> = row.try_get("", "success")?;
    Ok(Some(Work {
        done: status == "done",
        score: row.try_get("", "score")?,
        success: success.as_deref().and_then(Success::parse),
        seconds: row.try_get("", "seconds")?,
        started_at: row.try_get("", "started_at")?,
        last_at: row.try_get("", "last_at")?,
        done_at: row.try_get("", "done_at")?,
    }))
}

/// When an activity of a cohort opens, and what makes it done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The day its week opens, local to the cohort: `2026-11-23`.
    pub opens_on: String,
    /// The rule agreed.
    pub rule: ActivityRule,
}

/// When an activity opens; none when the cohort does not have it. One statement.
pub async fn opening_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    activity: Uuid,
) -> Result<Option<Opening>, DbErr> {
    let sql = "SELECT w.opens_on, ca.rule FROM cohort_activity ca JOIN cohort_week w ON w.cohort_id = ca.cohort_id \
               AND w.rank = ca.week_rank WHERE ca.cohort_id = $1 AND ca.activity_id = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [cohort.into(), activity.into()]))
        .await?;
    row.map(|row| {
        Ok(Opening {
            opens_on: row.try_get("", "opens_on")?,
            rule: parse(&row.try_get::<String>("", "rule")?)?,
        })
    })
    .transpose()
}

/// What a person is enrolled in, waiting lists included, the latest start first; one statement.
pub async fn enrolments_of_person<C: ConnectionTrait>(
    conn: &C,
    person: Uuid,
) -> Result<Vec<Enrolled>, DbErr> {
    let sql = "SELECT c.*, e.id AS enrolment_id, e.state AS enrolment_state, e.extended_to, e.last_activity_at, \
               e.completed_at FROM enrolment e JOIN cohort c ON c.id = e.cohort_id \
               WHERE e.person_id = $1 AND e.state IN ('active', 'waiting') AND c.state <> 'cancelled' \
               ORDER BY c.start_date DESC, e.id LIMIT $2";
    let values: [Value; 2] = [person.into(), MAX_ENROLMENTS.cast_signed().into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Enrolled {
                id: row.try_get("", "enrolment_id")?,
                cohort: cohort::Model::from_query_result(row, "")?,
                state: row.try_get("", "enrolment_state")?,
                extended_to: row.try_get("", "extended_to")?,
                last_activity_at: row.try_get("", "last_activity_at")?,
                completed_at: row.try_get("", "completed_at")?,
            })
        })
        .collect()
}

/// Cohorts that a person tutors and that are not cancelled, the latest start first; one statement.
pub async fn tutored_by<C: ConnectionTrait>(
    conn: &C,
    person: Uuid,
) -> Result<Vec<cohort::Model>, DbErr> {
    let sql = "SELECT c.* FROM cohort c JOIN cohort_tutor t ON t.cohort_id = c.id \
               WHERE t.person_id = $1 AND c.state <> 'cancelled' ORDER BY c.start_date DESC, c.id LIMIT $2";
    let values: [Value; 2] = [person.into(), MAX_ENROLMENTS.cast_signed().into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| cohort::Model::from_query_result(row, ""))
        .collect()
}

/// Who needs somebody in a cohort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Active trainees.
    pub trainees: i64,
    /// Those who never came.
    pub never: i64,
    /// Those who have something late, whether they came or not.
    pub late: i64,
    /// Those who never came or are late.
    pub waiting: i64,
}

/// Who needs somebody, by cohort; `days` gives each cohort with its local day. One statement.
pub async fn needs_of<C: ConnectionTrait>(
    conn: &C,
    days: &[(Uuid, String)],
) -> Result<HashMap<Uuid, Needs>, DbErr> {
    if days.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let (mut case, mut list) = (String::new(), Vec::new());
    for (cohort, day) in days {
        values.push((*cohort).into());
        values.push(day.as_str().into());
        let n = values.len();
        case.push_str(&format!(" WHEN c.id = ${} THEN ${n}", n - 1));
        list.push(format!("${}", n - 1));
    }
    let sql = format!(
        "SELECT t.cohort_id, COUNT(*) AS trainees, SUM(t.never) AS never, SUM(t.late) AS late, \
         SUM(CASE WHEN t.late = 1 OR (t.never = 1 AND t.begun = 1) THEN 1 ELSE 0 END) AS waiting \
         FROM (SELECT e.cohort_id, CASE WHEN e.first_seen_at IS NULL THEN 1 ELSE 0 END AS never, \
         CASE WHEN e.completed_at IS NULL AND e.late_after < (CASE{case} END) THEN 1 ELSE 0 END AS late, \
         CASE WHEN c.start_date <= (CASE{case} END) THEN 1 ELSE 0 END AS begun \
         FROM enrolment e JOIN cohort c ON c.id = e.cohort_id \
         WHERE e.state = 'active' AND c.id IN ({})) t GROUP BY t.cohort_id",
        list.join(", ")
    );
    let mut out = HashMap::new();
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        let needs = Needs {
            trainees: row.try_get("", "trainees")?,
            never: row.try_get("", "never")?,
            late: row.try_get("", "late")?,
            waiting: row.try_get("", "waiting")?,
        };
        out.insert(row.try_get("", "cohort_id")?, needs);
    }
    Ok(out)
}

/// Attempts at a package activity: how many, and when the last one was opened.
pub async fn attempts_count<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
    activity: Uuid,
) -> Result<Tries, DbErr> {
    let sql = "SELECT COUNT(*) AS n, MAX(last_at) AS last_at, (SELECT COUNT(*) FROM late_work w \
               JOIN attempt l ON l.id = w.attempt_id WHERE l.enrolment_id = $1 AND l.activity_id = $2 \
               AND w.reason = 'superseded') AS late \
               FROM attempt WHERE enrolment_id = $1 AND activity_id = $2 AND mode = 'normal'";
    let Some(row) = conn
        .query_one_raw(statement(conn, sql, [enrolment.into(), activity.into()]))
        .await?
    else {
        return Ok(Tries::default());
    };
    Ok(Tries {
        count: row.try_get("", "n")?,
        last_at: row.try_get("", "last_at")?,
        late: row.try_get("", "late")?,
    })
}

/// What somebody tried of a package activity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tries {
    /// Attempts.
    pub count: i64,
    /// When the last one was worked on.
    pub last_at: Option<Micros>,
    /// Commits of another device that were kept apart.
    pub late: i64,
}

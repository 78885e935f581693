//! Queries of the `tutoring` slice; none is made for each row.

use std::collections::HashMap;

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::{Micros, Uuid};
use sea_orm::{ConnectionTrait, DbErr};

use super::model::Trainee;
use crate::learning::model::Work;
use crate::learning::store::work;

/// The trainees of a cohort on a local day (`2026-11-23`), those who left included when asked. One statement.
pub async fn trainees_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    today: &str,
    with_left: bool,
) -> Result<Vec<Trainee>, DbErr> {
    let states = if with_left {
        "('active', 'left')"
    } else {
        "('active')"
    };
    let sql = format!(
        "SELECT e.id, e.person_id, e.state, e.extended_to, e.first_seen_at, e.last_activity_at, e.completed_at, \
         (SELECT COUNT(*) FROM activity_state s \
          JOIN cohort_activity ca ON ca.cohort_id = e.cohort_id AND ca.activity_id = s.activity_id \
          JOIN cohort_week w ON w.cohort_id = ca.cohort_id AND w.rank = ca.week_rank \
          WHERE s.enrolment_id = e.id AND s.status = 'done' AND ca.optional = FALSE \
          AND CASE WHEN e.extended_to > w.due_on THEN e.extended_to ELSE w.due_on END < $2) AS due_done \
         FROM enrolment e WHERE e.cohort_id = $1 AND e.state IN {states} ORDER BY e.id"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [cohort.into(), today.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let extended: Option<String> = row.try_get("", "extended_to")?;
            Ok(Trainee {
                enrolment: row.try_get("", "id")?,
                person: row.try_get("", "person_id")?,
                state: row.try_get("", "state")?,
                extended_to: extended.and_then(|text| text.parse().ok()),
                first_seen_at: row.try_get("", "first_seen_at")?,
                last_activity_at: row.try_get("", "last_activity_at")?,
                completed_at: row.try_get("", "completed_at")?,
                due_done: row.try_get("", "due_done")?,
            })
        })
        .collect()
}

/// What those enrolments did, by enrolment and activity. One statement.
pub async fn works_of<C: ConnectionTrait>(
    conn: &C,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, HashMap<Uuid, Work>>, DbErr> {
    let mut out: HashMap<Uuid, HashMap<Uuid, Work>> = HashMap::new();
    if enrolments.is_empty() {
        return Ok(out);
    }
    let sql = format!(
        "SELECT enrolment_id, activity_id, status, score, success, seconds, started_at, last_at, done_at \
         FROM activity_state WHERE enrolment_id {}",
        in_ids(conn, 1)
    );
    let values = [ids(enrolments)];
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        if let Some(work) = work(&row)? {
            out.entry(row.try_get("", "enrolment_id")?)
                .or_default()
                .insert(row.try_get("", "activity_id")?, work);
        }
    }
    Ok(out)
}

/// How many attempts an enrolment made, by activity. One statement.
pub async fn attempts_by_activity<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let sql = "SELECT activity_id, COUNT(*) AS n FROM attempt WHERE enrolment_id = $1 AND mode = 'normal' \
               GROUP BY activity_id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [enrolment.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "activity_id")?, row.try_get("", "n")?)))
        .collect()
}

/// Hours put right by somebody, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Minutes recognised instead.
    pub minutes: i32,
    /// Why.
    pub reason: String,
    /// Who did it.
    pub made_by: Uuid,
    /// When.
    pub made_at: Micros,
}

/// Corrections of an enrolment, the latest first. One statement.
pub async fn corrections_of<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
) -> Result<Vec<Correction>, DbErr> {
    let sql = "SELECT minutes, reason, made_by, made_at FROM hours_correction WHERE enrolment_id = $1 \
               ORDER BY made_at DESC, id DESC LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [enrolment.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Correction {
                minutes: row.try_get("", "minutes")?,
                reason: row.try_get("", "reason")?,
                made_by: row.try_get("", "made_by")?,
                made_at: row.try_get("", "made_at")?,
            })
        })
        .collect()
}

/// A commit that came from a device which had been superseded: kept, never merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateWork {
    /// When it came.
    pub received_at: Micros,
    /// The commit as the player sent it (JSON), without its token.
    pub body: String,
}

/// Late work of an attempt, oldest first, fifty at most. One statement.
pub async fn late_work_of<C: ConnectionTrait>(
    conn: &C,
    attempt: Uuid,
) -> Result<Vec<LateWork>, DbErr> {
    let sql = "SELECT received_at, body FROM late_work WHERE attempt_id = $1 ORDER BY received_at, seq LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [attempt.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(LateWork {
                received_at: row.try_get("", "received_at")?,
                body: row.try_get("", "body")?,
            })
        })
        .collect()
}

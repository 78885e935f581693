//! Queries of the `tutoring` slice; none is made for each row.

use std::collections::HashMap;

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::{Micros, Uuid};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};

use super::model::{Filter, Trainee};
use crate::learning::model::Work;
use crate::learning::store::work;

/// How many trainees each filter keeps, in the order of [`Filter::ALL`]. One statement,
/// answered by the index of the board alone.
pub async fn counts_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    today: &str,
) -> Result<[i64; Filter::ALL.len()], DbErr> {
    let sums: Vec<String> = Filter::ALL
        .iter()
        .enumerate()
        .map(|(n, filter)| {
            format!(
                "COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0) AS n{n}",
                filter.rule()
            )
        })
        .collect();
    let sql = format!(
        "SELECT {} FROM enrolment WHERE cohort_id = $1 AND state = 'active' AND $2 = $2",
        sums.join(", ")
    );
    let mut counts = [0; Filter::ALL.len()];
    if let Some(row) = conn
        .query_one_raw(statement(conn, sql, [cohort.into(), today.into()]))
        .await?
    {
        for (n, count) in counts.iter_mut().enumerate() {
            *count = row.try_get("", &format!("n{n}"))?;
        }
    }
    Ok(counts)
}

/// Which trainees of a cohort are read.
#[derive(Clone, Copy, Debug)]
pub enum Slice<'a> {
    /// Those at their work whom a filter keeps on a local day, so many from a place.
    Board {
        /// Which.
        filter: Filter,
        /// Local day (`2026-11-23`).
        today: &'a str,
        /// Trainees before the first one.
        from: u64,
    },
    /// Those in a state, after a sort name and an enrolment.
    After {
        /// `active` or `left`.
        state: &'a str,
        /// Sort name and enrolment of the last one read; empty and nil to begin.
        last: (&'a str, Uuid),
    },
}

/// At most `limit` trainees of a cohort, by family name. One statement.
pub async fn trainees_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    slice: Slice<'_>,
    limit: u64,
) -> Result<Vec<Trainee>, DbErr> {
    let limit = limit.cast_signed();
    // The index alone tells which rows are wanted; only these are then read.
    let (rule, end, values): (String, &str, Vec<Value>) = match slice {
        Slice::Board {
            filter,
            today,
            from,
        } => (
            format!("state = 'active' AND $2 = $2 AND {}", filter.rule()),
            "LIMIT $3 OFFSET $4",
            vec![
                cohort.into(),
                today.into(),
                limit.into(),
                from.cast_signed().into(),
            ],
        ),
        Slice::After { state, last } => (
            "state = $2 AND (sort_name, id) > ($4, $5)".to_owned(),
            "LIMIT $3",
            vec![
                cohort.into(),
                state.into(),
                limit.into(),
                last.0.into(),
                last.1.into(),
            ],
        ),
    };
    let sql = format!(
        "SELECT e.id, e.person_id, e.state, e.sort_name, e.extended_to, e.first_seen_at, e.last_activity_at, \
         e.completed_at FROM (SELECT id FROM enrolment WHERE cohort_id = $1 AND {rule} ORDER BY sort_name, id {end}) AS w \
         JOIN enrolment e ON e.id = w.id ORDER BY e.sort_name, e.id"
    );
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            let extended: Option<String> = row.try_get("", "extended_to")?;
            Ok(Trainee {
                enrolment: row.try_get("", "id")?,
                person: row.try_get("", "person_id")?,
                state: row.try_get("", "state")?,
                sort_name: row.try_get("", "sort_name")?,
                extended_to: extended.and_then(|text| text.parse().ok()),
                first_seen_at: row.try_get("", "first_seen_at")?,
                last_activity_at: row.try_get("", "last_activity_at")?,
                completed_at: row.try_get("", "completed_at")?,
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

/// Whether and with what score those enrolments did each activity they opened; the rest of
/// [`Work`] is left empty. One statement, which answers one row an enrolment: an export of
/// thousands of them would otherwise spend its time in passing rows.
pub async fn outcomes_of<C: ConnectionTrait>(
    conn: &C,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, HashMap<Uuid, Work>>, DbErr> {
    let (list, id) = match conn.get_database_backend() {
        DbBackend::Postgres => ("STRING_AGG", "CAST(activity_id AS TEXT)"),
        _ => ("GROUP_CONCAT", "HEX(activity_id)"),
    };
    let sql = format!(
        "SELECT enrolment_id, {list}({id} || ' ' || status || ' ' || COALESCE(CAST(score AS TEXT), ''), ',') AS done \
         FROM activity_state WHERE enrolment_id {} GROUP BY enrolment_id",
        in_ids(conn, 1)
    );
    let mut out = HashMap::with_capacity(enrolments.len());
    let values = [ids(enrolments)];
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        let done: String = row.try_get("", "done")?;
        let works = done.split(',').map(outcome).collect::<Result<_, _>>()?;
        out.insert(row.try_get("", "enrolment_id")?, works);
    }
    Ok(out)
}

/// `activity status score`, the score empty when there is none.
fn outcome(text: &str) -> Result<(Uuid, Work), DbErr> {
    let wrong = || DbErr::Type(format!("not an outcome: {text}"));
    let mut words = text.split(' ');
    let (Some(activity), Some(status), Some(score)) = (words.next(), words.next(), words.next())
    else {
        return Err(wrong());
    };
    let score = match score {
        "" => None,
        score => Some(score.parse().map_err(|_| wrong())?),
    };
    let work = Work {
        done: status == "done",
        score,
        ..Work::default()
    };
    Ok((activity.parse().map_err(|_| wrong())?, work))
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

/// A commit that came from a device which had been superseded, or after the end: kept, never merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateWork {
    /// When it came.
    pub received_at: Micros,
    /// The commit as the player sent it (JSON), without its token.
    pub body: String,
    /// Whether it came after the end.
    pub over: bool,
}

/// Late work of an attempt, oldest first, fifty at most. One statement.
pub async fn late_work_of<C: ConnectionTrait>(
    conn: &C,
    attempt: Uuid,
) -> Result<Vec<LateWork>, DbErr> {
    let sql = "SELECT received_at, body, reason FROM late_work WHERE attempt_id = $1 ORDER BY received_at, seq LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [attempt.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(LateWork {
                received_at: row.try_get("", "received_at")?,
                body: row.try_get("", "body")?,
                over: row.try_get::<String>("", "reason")? == "over",
            })
        })
        .collect()
}

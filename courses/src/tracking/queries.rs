//! What a tutor may see behind a cell: attempts, SCOs, interactions, late work, calls.

use std::collections::BTreeMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::{Micros, Uuid};
use passerelle_scorm::model::{Interaction, Objective, Standard, State, interactions, objectives};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;

use super::model::standard;

/// An attempt.
#[derive(Clone, Debug)]
pub struct AttemptView {
    /// Identifier.
    pub id: Uuid,
    /// From 1.
    pub number: i32,
    /// When it began.
    pub started_at: Micros,
    /// When it was last opened.
    pub last_at: Micros,
    /// When another one replaced it.
    pub ended_at: Option<Micros>,
    /// The data model that its content follows.
    pub standard: Standard,
    /// How many times it was opened.
    pub launches: i64,
    /// Commits that came from a device that had been superseded.
    pub late: i64,
    /// Time from each opening to its last commit, as the server saw it; seconds.
    pub observed: i64,
    /// Commits whose calls hold something that was refused, see [`refusals_of`].
    pub refusing: i64,
    /// Its SCOs that were opened, by identifier.
    pub scos: Vec<ScoView>,
}

/// A SCO in an attempt.
#[derive(Clone, Debug)]
pub struct ScoView {
    /// Identifier of the item.
    pub sco: String,
    /// Title in the table of contents.
    pub title: String,
    /// `unknown`, `not_attempted`, `incomplete`, `completed`.
    pub completion: String,
    /// `unknown`, `passed`, `failed`.
    pub success: String,
    /// Ten-thousandths.
    pub score: Option<i32>,
    /// Ten-thousandths.
    pub progress: Option<i32>,
    /// Time, as the content declares it; seconds.
    pub seconds: i64,
    /// Last commit.
    pub updated_at: Micros,
    /// Answers given.
    pub interactions: Vec<Interaction>,
    /// Objectives reported.
    pub objectives: Vec<Objective>,
}

/// Attempts of a trainee at an activity, the latest first; three statements.
pub async fn attempts_of<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
    activity: Uuid,
) -> Result<Vec<AttemptView>, DbErr> {
    let sql = "SELECT a.id, a.number, a.started_at, a.last_at, a.ended_at, p.contents, p.standard, \
               (SELECT COUNT(*) FROM launch l WHERE l.attempt_id = a.id) AS launches, \
               (SELECT COUNT(*) FROM late_work w WHERE w.attempt_id = a.id) AS late, \
               (SELECT CAST(COALESCE(SUM(l.used_at - l.opened_at), 0) AS BIGINT) FROM launch l \
                WHERE l.attempt_id = a.id AND l.used_at > l.opened_at) AS observed, \
               (SELECT COUNT(*) FROM call_log g WHERE g.attempt_id = a.id AND REPLACE(g.calls, '\"false\"', '') <> g.calls) AS refusing \
               FROM attempt a JOIN package p ON p.id = a.package_id \
               WHERE a.enrolment_id = $1 AND a.activity_id = $2 AND a.mode = 'normal' ORDER BY a.number DESC LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [enrolment.into(), activity.into()]))
        .await?;
    let mut views = Vec::with_capacity(rows.len());
    let mut titles: BTreeMap<Uuid, (BTreeMap<String, String>, String)> = BTreeMap::new();
    for row in &rows {
        let id: Uuid = row.try_get("", "id")?;
        titles.insert(
            id,
            (
                toc_titles(&row.try_get::<String>("", "contents")?),
                row.try_get("", "standard")?,
            ),
        );
        views.push(AttemptView {
            id,
            number: row.try_get("", "number")?,
            started_at: row.try_get("", "started_at")?,
            last_at: row.try_get("", "last_at")?,
            ended_at: row.try_get("", "ended_at")?,
            standard: standard(&row.try_get::<String>("", "standard")?),
            launches: row.try_get("", "launches")?,
            late: row.try_get("", "late")?,
            observed: row.try_get::<i64>("", "observed")? / SECOND,
            refusing: row.try_get("", "refusing")?,
            scos: Vec::new(),
        });
    }
    let sql = "SELECT s.attempt_id, s.sco, s.elements, s.completion, s.success, s.score, s.progress, s.seconds, s.updated_at \
               FROM sco_state s JOIN attempt a ON a.id = s.attempt_id \
               WHERE a.enrolment_id = $1 AND a.activity_id = $2 AND a.mode = 'normal' ORDER BY s.sco";
    for row in conn
        .query_all_raw(statement(conn, sql, [enrolment.into(), activity.into()]))
        .await?
    {
        let attempt: Uuid = row.try_get("", "attempt_id")?;
        let (Some(view), Some((toc, code))) = (
            views.iter_mut().find(|v| v.id == attempt),
            titles.get(&attempt),
        ) else {
            continue;
        };
        let sco: String = row.try_get("", "sco")?;
        let elements: BTreeMap<String, String> =
            serde_json::from_str(&row.try_get::<String>("", "elements")?)
                .map_err(|e| DbErr::Json(e.to_string()))?;
        let state = State::restore(standard(code), elements);
        view.scos.push(ScoView {
            title: toc.get(&sco).cloned().unwrap_or_else(|| sco.clone()),
            sco,
            completion: row.try_get("", "completion")?,
            success: row.try_get("", "success")?,
            score: row.try_get("", "score")?,
            progress: row.try_get("", "progress")?,
            seconds: row.try_get("", "seconds")?,
            updated_at: row.try_get("", "updated_at")?,
            interactions: interactions(&state),
            objectives: objectives(&state),
        });
    }
    Ok(views)
}

fn toc_titles(contents: &str) -> BTreeMap<String, String> {
    super::model::items(contents)
        .unwrap_or_default()
        .into_iter()
        .map(|line| (line.identifier, line.title))
        .collect()
}

/// A value that the content wanted to store and that the data model refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Element.
    pub element: String,
    /// The standard's code.
    pub code: String,
    /// Times.
    pub count: u32,
}

/// What was refused in an attempt, by element and code, for as long as its calls are kept. One
/// statement, which reads the commits with a refusal only.
pub async fn refusals_of<C: ConnectionTrait>(
    conn: &C,
    attempt: Uuid,
) -> Result<Vec<Refusal>, DbErr> {
    let sql = "SELECT calls FROM call_log WHERE attempt_id = $1 AND REPLACE(calls, '\"false\"', '') <> calls";
    let mut found: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in conn
        .query_all_raw(statement(conn, sql, [attempt.into()]))
        .await?
    {
        let calls: String = row.try_get("", "calls")?;
        // What is no list of calls of ours says nothing.
        let calls: Vec<Value> = serde_json::from_str(&calls).unwrap_or_default();
        for call in calls {
            let text = |at: usize| call.get(at).and_then(Value::as_str).unwrap_or_default();
            if text(1) == "SetValue" && text(4) == "false" {
                let about = (text(2).to_owned(), text(5).to_owned());
                *found.entry(about).or_default() += 1;
            }
        }
    }
    Ok(found
        .into_iter()
        .map(|((element, code), count)| Refusal {
            element,
            code,
            count,
        })
        .collect())
}

/// Run-time calls of one commit, as the player noted them (JSON).
#[derive(Clone, Debug)]
pub struct CallBatch {
    /// When it came.
    pub received_at: Micros,
    /// `[[ms, "SetValue", element, value, result, error], …]`.
    pub calls: String,
}

/// The black box of an attempt, oldest first; at most 256 KiB.
pub async fn calls_of<C: ConnectionTrait>(
    conn: &C,
    attempt: Uuid,
) -> Result<Vec<CallBatch>, DbErr> {
    let sql = "SELECT received_at, calls FROM call_log WHERE attempt_id = $1 ORDER BY received_at, launch_id, seq";
    let rows = conn
        .query_all_raw(statement(conn, sql, [attempt.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CallBatch {
                received_at: row.try_get("", "received_at")?,
                calls: row.try_get("", "calls")?,
            })
        })
        .collect()
}

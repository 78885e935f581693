//! One line a trainee: what was realised, corrected, met and issued.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

/// Where a trainee stands at the end.
#[derive(Clone, Debug)]
pub struct Line {
    /// Enrolment.
    pub enrolment: Uuid,
    /// Person.
    pub person: Uuid,
    /// `active` or `left`.
    pub state: String,
    /// Needed activities done.
    pub done: i32,
    /// Realised, as computed; minutes.
    pub computed_minutes: i32,
    /// The latest correction, with its reason.
    pub correction: Option<(i32, String)>,
    /// Whether the course's rule was met.
    pub completed: bool,
    /// Documents, the latest of each kind.
    pub documents: Vec<Issued>,
    /// When the last of what came after the end came; it counts nowhere.
    pub late_at: Option<Micros>,
}

impl Line {
    /// What is certified; minutes.
    pub fn minutes(&self) -> i32 {
        self.correction
            .as_ref()
            .map_or(self.computed_minutes, |(minutes, _)| *minutes)
    }
}

/// A document.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Identifier.
    pub id: Uuid,
    /// `completion` or `end_of_training`.
    pub kind: String,
    /// Serial number.
    pub serial: String,
    /// Verification code.
    pub code: String,
    /// Minutes stated.
    pub minutes: i32,
    /// `requested`, `issued` or `replaced`.
    pub state: String,
    /// When it was made.
    pub issued_at: Option<Micros>,
}

/// Every trainee of a cohort who was ever active; three statements.
pub async fn lines<C: ConnectionTrait>(conn: &C, cohort: Uuid) -> Result<Vec<Line>, DbErr> {
    let sql = "SELECT id, person_id, state, done_count, done_minutes, completed_at, \
               (SELECT MAX(r.last_at) FROM late_result r WHERE r.enrolment_id = enrolment.id) AS late_at FROM enrolment \
               WHERE cohort_id = $1 AND state <> 'waiting' ORDER BY id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [cohort.into()]))
        .await?;
    let mut corrections = corrections(conn, cohort).await?;
    let mut documents = documents(conn, "e.cohort_id", cohort).await?;
    rows.iter()
        .map(|row| {
            let enrolment: Uuid = row.try_get("", "id")?;
            let completed: Option<Micros> = row.try_get("", "completed_at")?;
            Ok(Line {
                enrolment,
                person: row.try_get("", "person_id")?,
                state: row.try_get("", "state")?,
                done: row.try_get("", "done_count")?,
                computed_minutes: row.try_get("", "done_minutes")?,
                correction: corrections.remove(&enrolment),
                completed: completed.is_some(),
                documents: documents.remove(&enrolment).unwrap_or_default(),
                late_at: row.try_get("", "late_at")?,
            })
        })
        .collect()
}

async fn corrections<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
) -> Result<HashMap<Uuid, (i32, String)>, DbErr> {
    let sql = "SELECT h.enrolment_id, h.minutes, h.reason FROM hours_correction h \
               JOIN enrolment e ON e.id = h.enrolment_id WHERE e.cohort_id = $1 ORDER BY h.made_at, h.id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [cohort.into()]))
        .await?;
    // In order: the latest one stays.
    rows.iter()
        .map(|r| {
            Ok((
                r.try_get("", "enrolment_id")?,
                (r.try_get("", "minutes")?, r.try_get("", "reason")?),
            ))
        })
        .collect()
}

/// What a kind of document is called: a message of `certification.ftl`.
pub fn kind_label(kind: &str) -> &'static str {
    if kind == "completion" {
        "certification-completion"
    } else {
        "certification-end"
    }
}

/// Documents of one trainee that are ready, the latest of each kind.
pub async fn issued_of<C: ConnectionTrait>(
    conn: &C,
    enrolment: Uuid,
) -> Result<Vec<Issued>, DbErr> {
    let mut found = documents(conn, "e.id", enrolment)
        .await?
        .remove(&enrolment)
        .unwrap_or_default();
    found.retain(|d| d.state == "issued");
    Ok(found)
}

async fn documents<C: ConnectionTrait>(
    conn: &C,
    column: &'static str,
    id: Uuid,
) -> Result<HashMap<Uuid, Vec<Issued>>, DbErr> {
    let sql = format!(
        "SELECT c.id, c.enrolment_id, c.kind, c.serial, c.code, c.minutes, c.state, c.issued_at FROM certificate c \
         JOIN enrolment e ON e.id = c.enrolment_id WHERE {column} = $1 AND c.state <> 'replaced' ORDER BY c.kind, c.requested_at"
    );
    let mut found: HashMap<Uuid, Vec<Issued>> = HashMap::new();
    for row in conn
        .query_all_raw(statement(conn, sql, [id.into()]))
        .await?
    {
        found
            .entry(row.try_get("", "enrolment_id")?)
            .or_default()
            .push(read(&row)?);
    }
    Ok(found)
}

fn read(row: &QueryResult) -> Result<Issued, DbErr> {
    Ok(Issued {
        id: row.try_get("", "id")?,
        kind: row.try_get("", "kind")?,
        serial: row.try_get("", "serial")?,
        code: row.try_get("", "code")?,
        minutes: row.try_get("", "minutes")?,
        state: row.try_get("", "state")?,
        issued_at: row.try_get("", "issued_at")?,
    })
}

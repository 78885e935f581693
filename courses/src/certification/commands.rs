//! Correcting hours, with a reason; asking for the documents of a whole cohort.

use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::journal::Fact;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::access::Allowed;
use passerelle_web::context::zone;
use passerelle_web::error::AppError;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::ISSUE_JOB;
use super::queries::{Line, lines};
use crate::access::ManageCohort;

/// Hours were corrected by a person.
pub const CORRECTED: &str = "hours.corrected.v1";
/// Characters at least in a reason.
pub const REASON_MIN: usize = 5;

/// Corrects the realised time of a trainee. The reason is compulsory and journaled.
pub async fn correct(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
    enrolment: Uuid,
    minutes: i32,
    reason: &str,
) -> Result<(), AppError> {
    let at = allowed.object();
    let sql = "SELECT person_id, done_minutes FROM enrolment WHERE id = $1 AND cohort_id = $2";
    let row = tx
        .query_one_raw(statement(
            &**tx,
            sql,
            [enrolment.into(), at.cohort.id.into()],
        ))
        .await?;
    let row = row.ok_or(AppError::NotFound)?;
    let person: Uuid = row.try_get("", "person_id")?;
    let computed: i32 = row.try_get("", "done_minutes")?;
    let sql = "INSERT INTO hours_correction (id, space_id, enrolment_id, minutes, reason, made_by, made_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.env().id().into(),
        at.space.id.into(),
        enrolment.into(),
        minutes.into(),
        reason.into(),
        allowed.person().unwrap_or(Uuid::nil()).into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let payload = json!({"enrolment": enrolment, "cohort": at.cohort.id, "computed": computed, "minutes": minutes, "reason": reason});
    let fact = Fact {
        space: at.space.id,
        kind: CORRECTED,
        actor: allowed.actor(),
        subject: person,
        payload,
    };
    tx.append(fact).await?;
    Ok(())
}

/// Asks for every document that is due and not there yet; returns how many.
///
/// A document whose minutes have been corrected since is replaced, never changed.
pub async fn issue_all(tx: &WriteTx, allowed: &Allowed<ManageCohort>) -> Result<usize, AppError> {
    let at = allowed.object();
    let today = jiff::Timestamp::from_microsecond(tx.env().now())
        .map_err(AppError::internal)?
        .to_zoned(zone(&at.space))
        .date();
    if !matches!(at.cohort.state.as_str(), "ended" | "certified")
        && today.to_string() <= at.cohort.end_date
    {
        return Err(AppError::Conflict("certification-not-ended"));
    }
    let mut asked = 0;
    for line in lines(&**tx, at.cohort.id).await? {
        if line.minutes() <= 0 {
            continue;
        }
        for kind in ["completion", "end_of_training"] {
            if kind == "end_of_training" && !line.completed {
                continue;
            }
            asked += usize::from(request(tx, allowed, &line, kind, today.year()).await?);
        }
    }
    let sql =
        "UPDATE cohort SET state = 'certified' WHERE id = $1 AND state IN ('running', 'ended')";
    tx.execute_raw(statement(&**tx, sql, [at.cohort.id.into()]))
        .await?;
    Ok(asked)
}

async fn request(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
    line: &Line,
    kind: &str,
    year: i16,
) -> Result<bool, AppError> {
    let at = allowed.object();
    let now = tx.env().now();
    if let Some(there) = line.documents.iter().find(|d| d.kind == kind) {
        if there.minutes == line.minutes() {
            return Ok(false);
        }
        let sql = "UPDATE certificate SET state = 'replaced', replaced_at = $2 WHERE id = $1";
        tx.execute_raw(statement(&**tx, sql, [there.id.into(), now.into()]))
            .await?;
    }
    let id = tx.env().id();
    let serial = next_serial(tx, &at.space.slug, year).await?;
    let sql = "INSERT INTO certificate (id, space_id, enrolment_id, kind, serial, code, minutes, facts, state, requested_at, \
               requested_by) VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'requested', $8, $9)";
    let values = [
        id.into(),
        at.space.id.into(),
        line.enrolment.into(),
        kind.into(),
        serial.into(),
        tx.env().label().into(),
        line.minutes().into(),
        now.into(),
        allowed.person().unwrap_or(Uuid::nil()).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    tx.enqueue(
        NewJob::new(ISSUE_JOB, json!({"certificate": id})).dedup(format!("certificate-{id}")),
    )
    .await?;
    Ok(true)
}

/// `accueil-2026-00042`; two at once are told apart by the table's unique rule, and one is tried again.
async fn next_serial(tx: &WriteTx, slug: &str, year: i16) -> Result<String, AppError> {
    let prefix = format!("{slug}-{year}-");
    let sql = "SELECT COALESCE(MAX(CAST(SUBSTR(serial, $2) AS INTEGER)), 0) AS last FROM certificate WHERE serial LIKE $1";
    let from = i32::try_from(prefix.chars().count() + 1).unwrap_or(1);
    let row = tx
        .query_one_raw(statement(
            &**tx,
            sql,
            [format!("{prefix}%").into(), from.into()],
        ))
        .await?;
    let last: i64 = row.map_or(Ok(0), |row| {
        row.try_get::<i64>("", "last")
            .or_else(|_| row.try_get::<i32>("", "last").map(i64::from))
    })?;
    Ok(format!("{prefix}{:05}", last + 1))
}

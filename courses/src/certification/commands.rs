//! Correcting hours, with a reason; asking for the documents of a whole cohort.

use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::journal::Fact;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::access::Allowed;
use passerelle_web::directory::{Body, Space};
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
    let today = at.cohort.time().today(tx.env().now());
    if !at.cohort.has_ended(tx.env().now()) {
        return Err(AppError::Conflict("certification-not-ended"));
    }
    if !can_sign(&at.space.body) {
        return Err(AppError::Conflict("certification-body-incomplete"));
    }
    // No serial is given twice: what is read next is what the one before left.
    tx.hold(at.space.id).await?;
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

/// Whether the body has all that a document must say of who issues it (articles L. 6353-1 and
/// R. 6351-6 of the French labour code): refused before, rather than by a job nobody watches.
fn can_sign(body: &Body) -> bool {
    [
        &body.legal_name,
        &body.siret,
        &body.declaration_number,
        &body.representative,
        &body.representative_quality,
        &body.place,
    ]
    .iter()
    .all(|text| !text.trim().is_empty())
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
    let serial = next_serial(tx, &at.space, year).await?;
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

/// `accueil-2026-00042`: the next one of the space, which the caller holds.
async fn next_serial(tx: &WriteTx, space: &Space, year: i16) -> Result<String, AppError> {
    let prefix = format!("{}-{year}-", space.slug);
    // Within the space: the serials of `accueil-2026` begin like those of `accueil` in 2026.
    let sql = "SELECT COALESCE(MAX(CAST(SUBSTR(serial, $2) AS INTEGER)), 0) AS last FROM certificate \
               WHERE space_id = $3 AND serial LIKE $1";
    let from = i32::try_from(prefix.chars().count() + 1).unwrap_or(1);
    let values = [format!("{prefix}%").into(), from.into(), space.id.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    let last: i64 = row.map_or(Ok(0), |row| {
        row.try_get::<i64>("", "last")
            .or_else(|_| row.try_get::<i32>("", "last").map(i64::from))
    })?;
    Ok(format!("{prefix}{:05}", last + 1))
}

//! A mark that is corrected downwards.
//!
//! Whatever else is observed only adds to what is known. A correction lowers the mark and nothing
//! else: what was done stays done, since hours are counted from it, and is taken back by a person.

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{Actor, Fact};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use crate::cohorts::Term;

/// The mark of an activity was corrected downwards.
pub const ACTIVITY_CORRECTED: &str = "activity.corrected.v1";

/// Lowers the mark that somebody has in an activity to `score` (ten-thousandths), and says so in
/// the journal; false when it is not higher, when the trainee has left, or
/// when nothing counts any more.
pub async fn correct(
    tx: &WriteTx,
    actor: Actor,
    enrolment: Uuid,
    activity: Uuid,
    score: i32,
) -> Result<bool, DbErr> {
    let sql = format!(
        "SELECT e.space_id, e.person_id, e.cohort_id, s.score, {} FROM enrolment e \
         JOIN activity_state s ON s.enrolment_id = e.id JOIN cohort c ON c.id = e.cohort_id \
         WHERE e.id = $1 AND s.activity_id = $2 AND s.score > $3",
        Term::COLUMNS
    );
    let values = [enrolment.into(), activity.into(), score.into()];
    let Some(row) = tx.query_one_raw(statement(&**tx, sql, values)).await? else {
        return Ok(false);
    };
    if !Term::read(&row)?.counts(tx.env().now()) {
        return Ok(false);
    }
    let sql = "UPDATE activity_state SET score = $3 WHERE enrolment_id = $1 AND activity_id = $2 AND score > $3";
    let values = [enrolment.into(), activity.into(), score.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let cohort: Uuid = row.try_get("", "cohort_id")?;
    let before: i32 = row.try_get("", "score")?;
    tx.append(Fact {
        space: row.try_get("", "space_id")?,
        kind: ACTIVITY_CORRECTED,
        actor,
        subject: row.try_get("", "person_id")?,
        payload: json!({
            "enrolment": enrolment, "cohort": cohort, "activity": activity,
            "score": score, "before": before,
        }),
    })
    .await
    .map_err(DbErr::from)?;
    Ok(true)
}

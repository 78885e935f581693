//! The black box (run-time calls) is forgotten thirty days after its cohort has
//! ended, and after thirty days for what counts in no cohort.

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, NewJob};
use passerelle_kernel::journal::{Record, Subscriber};
use passerelle_kernel::{Micros, WriteTx};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

/// Kind of the job that forgets.
pub(super) const FORGET: &str = "tracking.forget";
/// How long calls are kept after the end of their cohort.
const KEPT: Micros = 30 * DAY;
/// Calls of trainees with an extension stay a little longer: looked at again then.
const AGAIN: Micros = 7 * DAY;

/// Plans the forgetting when a cohort ends.
pub(super) struct WhenEnded;

#[async_trait]
impl Subscriber for WhenEnded {
    async fn handle(&self, tx: &WriteTx, record: &Record) -> Result<(), DbErr> {
        let job = NewJob::new(FORGET, json!({}))
            .at(record.at + KEPT + DAY)
            .dedup(format!("{FORGET}:{}", record.id));
        tx.enqueue(job).await
    }
}

/// Erases what is due; returns how many batches of calls went.
pub async fn forget_calls(tx: &WriteTx) -> Result<u64, DbErr> {
    let before = tx.env().now() - KEPT;
    let day = jiff::Timestamp::from_microsecond(before)
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .strftime("%Y-%m-%d")
        .to_string();
    let ended = "DELETE FROM call_log WHERE attempt_id IN (SELECT a.id FROM attempt a \
                 JOIN enrolment e ON e.id = a.enrolment_id JOIN cohort c ON c.id = e.cohort_id \
                 WHERE c.end_date < $1 AND COALESCE(e.extended_to, c.end_date) < $1)";
    let loose = "DELETE FROM call_log WHERE received_at < $1 AND attempt_id IN \
                 (SELECT id FROM attempt WHERE enrolment_id IS NULL)";
    let ended = tx
        .execute_raw(statement(&**tx, ended, [day.into()]))
        .await?;
    let loose = tx
        .execute_raw(statement(&**tx, loose, [before.into()]))
        .await?;
    Ok(ended.rows_affected() + loose.rows_affected())
}

/// Whether calls of a cohort that has ended are still there.
async fn any_left(tx: &WriteTx) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM call_log l JOIN attempt a ON a.id = l.attempt_id \
               JOIN enrolment e ON e.id = a.enrolment_id JOIN cohort c ON c.id = e.cohort_id \
               WHERE c.state IN ('ended', 'certified') LIMIT 1";
    let found = tx.query_one_raw(statement(&**tx, sql, [])).await?;
    Ok(found.is_some())
}

/// Runs [`forget_calls`].
pub(super) struct Forget;

#[async_trait]
impl JobHandler for Forget {
    async fn run(&self, ctx: JobContext, _: Value) -> Result<(), JobError> {
        let tx = ctx.db.write().await?;
        forget_calls(&tx).await?;
        if any_left(&tx).await? {
            let at = tx.env().now() + AGAIN;
            // At most one a week, however many cohorts have ended.
            let job = NewJob::new(FORGET, json!({}))
                .at(at)
                .dedup(format!("{FORGET}:{}", at / AGAIN));
            tx.enqueue(job).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

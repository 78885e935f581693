//! Queries on grades.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::Graded;

/// A grade that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grade {
    /// Identifier.
    pub(super) id: Uuid,
    /// The enrolment.
    pub(super) enrolment: Uuid,
    /// The activity; the whole course when none.
    pub(super) activity: Option<Uuid>,
    /// The person, as the platform names them.
    pub(super) subject: String,
    /// Where it goes.
    pub(super) line_item: String,
    /// What was sent last.
    pub(super) sent: Option<String>,
    /// Counts the changes that made it due.
    pub(super) due: i64,
}

/// Keeps a place; whether something is due there: it is new, or what it holds is another's.
pub(super) async fn keep(tx: &WriteTx, of: Graded<'_>, line_item: &str) -> Result<bool, DbErr> {
    let sql = "INSERT INTO lti_grade (id, platform_id, enrolment_id, activity_id, subject, line_item, due) \
               VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (platform_id, subject, line_item) \
               DO UPDATE SET enrolment_id = excluded.enrolment_id, activity_id = excluded.activity_id, due = lti_grade.due + 1 \
               WHERE lti_grade.enrolment_id <> excluded.enrolment_id \
               OR COALESCE(lti_grade.activity_id, lti_grade.platform_id) <> COALESCE(excluded.activity_id, excluded.platform_id)";
    let values = [
        tx.env().id().into(),
        of.platform.into(),
        of.enrolment.into(),
        of.activity.into(),
        of.subject.into(),
        line_item.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody was moved to another group: what is graded for their enrolment is from now on that of
/// the new one, and due; their platforms.
pub(super) async fn move_to(tx: &WriteTx, from: Uuid, to: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "UPDATE lti_grade SET enrolment_id = $2, due = due + 1 WHERE enrolment_id = $1 RETURNING platform_id";
    let values = [from.into(), to.into()];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    platforms(&rows)
}

/// The platforms of rows, each once.
fn platforms(rows: &[QueryResult]) -> Result<Vec<Uuid>, DbErr> {
    let mut platforms = rows
        .iter()
        .map(|row| row.try_get("", "platform_id"))
        .collect::<Result<Vec<Uuid>, DbErr>>()?;
    platforms.sort_unstable();
    platforms.dedup();
    Ok(platforms)
}

/// Makes due the grades that a change of an enrolment, in an activity when one is named, may
/// change; their platforms.
pub(super) async fn touch(
    tx: &WriteTx,
    enrolment: Uuid,
    activity: Option<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let sql = "UPDATE lti_grade SET due = due + 1 WHERE enrolment_id = $1 AND (activity_id IS NULL OR activity_id = $2) \
               RETURNING platform_id";
    let values = [enrolment.into(), activity.into()];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    platforms(&rows)
}

/// Says that a job waits for a platform; false when one does already.
pub(super) async fn wait(tx: &WriteTx, platform: Uuid) -> Result<bool, DbErr> {
    set_waiting(tx, platform, true).await
}

/// Says that the job of a platform has begun: what becomes due from now on needs another.
pub(super) async fn begun(tx: &WriteTx, platform: Uuid) -> Result<(), DbErr> {
    set_waiting(tx, platform, false).await.map(|_| ())
}

async fn set_waiting(tx: &WriteTx, platform: Uuid, waiting: bool) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_platform SET grades_waiting = $2 WHERE id = $1 AND grades_waiting <> $2";
    let values = [platform.into(), waiting.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a platform for a job, or keeps it a while longer: two jobs would send the grades of one
/// person side by side, and the older could arrive last. False while another job has it.
pub(super) async fn take(
    tx: &WriteTx,
    platform: Uuid,
    job: Uuid,
    until: Micros,
) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_platform SET sending_job = $2, sending_until = $3 WHERE id = $1 \
               AND (sending_job IS NULL OR sending_job = $2 OR sending_until <= $4)";
    let values = [
        platform.into(),
        job.into(),
        until.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a platform go.
pub(super) async fn release(tx: &WriteTx, platform: Uuid, job: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE lti_platform SET sending_job = NULL, sending_until = NULL WHERE id = $1 AND sending_job = $2";
    let values = [platform.into(), job.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The grades that are due on a platform after one of them, in the order of their identifiers.
pub(super) async fn due<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Grade>, DbErr> {
    let sql = "SELECT id, enrolment_id, activity_id, subject, line_item, sent, due FROM lti_grade \
               WHERE platform_id = $1 AND due <> done AND id > $2 ORDER BY id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [platform.into(), after.into(), limit.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Grade {
                id: row.try_get("", "id")?,
                enrolment: row.try_get("", "enrolment_id")?,
                activity: row.try_get("", "activity_id")?,
                subject: row.try_get("", "subject")?,
                line_item: row.try_get("", "line_item")?,
                sent: row.try_get("", "sent")?,
                due: row.try_get("", "due")?,
            })
        })
        .collect()
}

/// Writes what was sent, and that nothing is wrong any more; it stays due when it has changed since.
pub(super) async fn sent(tx: &WriteTx, grade: &Grade, text: &str) -> Result<(), DbErr> {
    let sql =
        "UPDATE lti_grade SET sent = $2, sent_at = $3, problem = NULL, done = $4 WHERE id = $1";
    let values = [
        grade.id.into(),
        text.into(),
        tx.env().now().into(),
        grade.due.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes why a grade was not taken, if anybody has to know; it is due no more when trying again
/// would change nothing.
pub(super) async fn failed(
    tx: &WriteTx,
    grade: &Grade,
    problem: Option<&str>,
    lasting: bool,
) -> Result<(), DbErr> {
    let sql = "UPDATE lti_grade SET problem = $2, done = CASE WHEN $3 THEN $4 ELSE done END WHERE id = $1";
    let values = [
        grade.id.into(),
        problem.map(str::to_owned).into(),
        lasting.into(),
        grade.due.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// How many grades of a platform could not be sent.
pub(crate) async fn problems_of<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS n FROM lti_grade WHERE platform_id = $1 AND problem IS NOT NULL";
    let row = conn
        .query_one_raw(statement(conn, sql, [platform.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// Makes due again the grades of a platform that could not be sent.
pub(super) async fn retry(tx: &WriteTx, platform: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE lti_grade SET due = due + 1 WHERE platform_id = $1 AND problem IS NOT NULL";
    tx.execute_raw(statement(&**tx, sql, [platform.into()]))
        .await?;
    Ok(())
}

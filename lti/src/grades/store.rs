//! Queries on grades.

use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::{Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;

use super::{Graded, SEND};

/// A grade, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grade {
    /// Space of the platform.
    pub(super) space: Uuid,
    /// The platform.
    pub(super) platform: Uuid,
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
    /// Our client identifier there.
    pub(super) client_id: String,
    /// Where access tokens are asked.
    pub(super) token_endpoint: String,
    /// The audience of client assertions, when it is not the token endpoint.
    pub(super) token_audience: Option<String>,
    /// Whether the platform is closed.
    pub(super) closed: bool,
}

/// Keeps a place; whether it is new.
pub(super) async fn keep(
    tx: &WriteTx,
    of: Graded<'_>,
    line_item: &str,
) -> Result<(Uuid, bool), DbErr> {
    let id = tx.env().id();
    let sql = "INSERT INTO lti_grade (id, platform_id, enrolment_id, activity_id, subject, line_item) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (platform_id, subject, line_item) \
               DO UPDATE SET enrolment_id = excluded.enrolment_id, activity_id = excluded.activity_id RETURNING id";
    let values = [
        id.into(),
        of.platform.into(),
        of.enrolment.into(),
        of.activity.into(),
        of.subject.into(),
        line_item.into(),
    ];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    let kept = row.map_or(Ok(id), |row: QueryResult| row.try_get("", "id"))?;
    Ok((kept, kept == id))
}

/// The grades that a change of an enrolment, in an activity when one is named, may change.
pub(super) async fn touched(
    tx: &WriteTx,
    enrolment: Uuid,
    activity: Option<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT id FROM lti_grade WHERE enrolment_id = $1 AND (activity_id IS NULL OR activity_id = $2)";
    let values = [enrolment.into(), activity.into()];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// A grade with what sending it needs.
pub(super) async fn find<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Grade>, DbErr> {
    let sql = "SELECT p.space_id, g.platform_id, g.enrolment_id, g.activity_id, g.subject, g.line_item, g.sent, \
               p.client_id, p.token_endpoint, p.token_audience, p.closed_at FROM lti_grade g \
               JOIN lti_platform p ON p.id = g.platform_id WHERE g.id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.map(|row| {
        let closed_at: Option<i64> = row.try_get("", "closed_at")?;
        Ok(Grade {
            space: row.try_get("", "space_id")?,
            platform: row.try_get("", "platform_id")?,
            enrolment: row.try_get("", "enrolment_id")?,
            activity: row.try_get("", "activity_id")?,
            subject: row.try_get("", "subject")?,
            line_item: row.try_get("", "line_item")?,
            sent: row.try_get("", "sent")?,
            client_id: row.try_get("", "client_id")?,
            token_endpoint: row.try_get("", "token_endpoint")?,
            token_audience: row.try_get("", "token_audience")?,
            closed: closed_at.is_some(),
        })
    })
    .transpose()
}

/// Writes what was sent, and that nothing is wrong any more.
pub(super) async fn sent(tx: &WriteTx, id: Uuid, text: &str) -> Result<(), DbErr> {
    let sql = "UPDATE lti_grade SET sent = $2, sent_at = $3, problem = NULL WHERE id = $1";
    let values = [id.into(), text.into(), tx.env().now().into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes why it could not be sent.
pub(super) async fn failed(tx: &WriteTx, id: Uuid, problem: &str) -> Result<(), DbErr> {
    let sql = "UPDATE lti_grade SET problem = $2 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [id.into(), problem.into()]))
        .await?;
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

/// Sends again the grades of a platform that could not be sent; how many.
pub(crate) async fn retry(tx: &WriteTx, platform: Uuid) -> Result<usize, DbErr> {
    let sql = "SELECT id FROM lti_grade WHERE platform_id = $1 AND problem IS NOT NULL ORDER BY id";
    let rows = tx
        .query_all_raw(statement(&**tx, sql, [platform.into()]))
        .await?;
    for row in &rows {
        let id: Uuid = row.try_get("", "id")?;
        tx.enqueue(NewJob::new(SEND, json!({"grade": id}))).await?;
    }
    Ok(rows.len())
}

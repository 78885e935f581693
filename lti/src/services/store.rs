//! Queries on tokens, line items and results.

use passerelle_courses::catalogue::activity;
use passerelle_courses::cohorts::cohort;
use passerelle_courses::content::ToolContent;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{LEEWAY_SECONDS, number};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde::Deserialize;

/// The largest score of a line item that we made: a percentage.
const MAIN_MAXIMUM: f64 = 100.0;

/// A token that may be used.
pub(super) struct Token {
    /// Of which tool.
    pub(super) tool: Uuid,
    /// Its space.
    pub(super) space: Uuid,
    /// For what, separated by spaces.
    pub(super) scopes: String,
}

/// The token of that hash.
pub(super) async fn token<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<Token>, DbErr> {
    let sql = "SELECT t.tool_id, t.scopes, l.space_id FROM lti_token t JOIN lti_tool l ON l.id = t.tool_id \
               WHERE t.token_hash = $1 AND t.expires_at > $2";
    let values = [hash.to_vec().into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        Ok(Token {
            tool: row.try_get("", "tool_id")?,
            space: row.try_get("", "space_id")?,
            scopes: row.try_get("", "scopes")?,
        })
    })
    .transpose()
}

/// Keeps a token by its hash, and forgets those that are over.
pub(super) async fn put_token(
    tx: &WriteTx,
    hash: Vec<u8>,
    tool: Uuid,
    scopes: &str,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_token WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql =
        "INSERT INTO lti_token (token_hash, tool_id, scopes, expires_at) VALUES ($1, $2, $3, $4)";
    let values = [hash.into(), tool.into(), scopes.into(), expires_at.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Remembers an assertion until it is over; false when it was used before.
pub(super) async fn use_assertion(
    tx: &WriteTx,
    tool: Uuid,
    hash: Vec<u8>,
    expires_at: Micros,
) -> Result<bool, DbErr> {
    let sql = "DELETE FROM lti_assertion WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_assertion (tool_id, unique_hash, expires_at) VALUES ($1, $2, $3) \
               ON CONFLICT (tool_id, unique_hash) DO NOTHING";
    let values = [tool.into(), hash.into(), expires_at.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody has opened the tool from the group.
pub(super) async fn is_opened_from<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
    cohort: Uuid,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM lti_line_item WHERE tool_id = $1 AND cohort_id = $2 LIMIT 1";
    let values = [tool.into(), cohort.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    Ok(row.is_some())
}

/// A column of grades.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LineItem {
    /// Identifier.
    pub(super) id: Uuid,
    /// The activity that it belongs to.
    pub(super) activity: Option<Uuid>,
    /// Whether it is the one of the activity, which counts.
    pub(super) is_main: bool,
    /// Label.
    pub(super) label: String,
    /// Largest score.
    pub(super) maximum: f64,
    /// The tool's own identifier.
    pub(super) resource: Option<String>,
    /// The tool's own word.
    pub(super) tag: Option<String>,
}

const ITEM: &str = "SELECT id, activity_id, is_main, label, maximum, resource_id, tag FROM lti_line_item \
                    WHERE tool_id = $1 AND cohort_id = $2";

fn item(row: &QueryResult) -> Result<LineItem, DbErr> {
    Ok(LineItem {
        id: row.try_get("", "id")?,
        activity: row.try_get("", "activity_id")?,
        is_main: row.try_get("", "is_main")?,
        label: row.try_get("", "label")?,
        maximum: row.try_get("", "maximum")?,
        resource: row.try_get("", "resource_id")?,
        tag: row.try_get("", "tag")?,
    })
}

/// The line items of a tool in a group, the oldest first.
pub(super) async fn items_of<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
    cohort: Uuid,
) -> Result<Vec<LineItem>, DbErr> {
    let sql = format!("{ITEM} ORDER BY created_at, id");
    let values = [tool.into(), cohort.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter().map(item).collect()
}

/// One of them.
pub(super) async fn item_of<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
    cohort: Uuid,
    id: Uuid,
) -> Result<Option<LineItem>, DbErr> {
    let sql = format!("{ITEM} AND id = $3");
    let values = [tool.into(), cohort.into(), id.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.as_ref().map(item).transpose()
}

/// Adds a line item.
pub(super) async fn put_item(
    tx: &WriteTx,
    tool: Uuid,
    cohort: Uuid,
    item: &LineItem,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_line_item (id, tool_id, cohort_id, activity_id, is_main, label, maximum, resource_id, tag, \
               created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    let values = [
        item.id.into(),
        tool.into(),
        cohort.into(),
        item.activity.into(),
        item.is_main.into(),
        item.label.as_str().into(),
        item.maximum.into(),
        item.resource.clone().into(),
        item.tag.clone().into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes what a tool changed of a line item.
pub(super) async fn set_item(tx: &WriteTx, item: &LineItem) -> Result<(), DbErr> {
    let sql = "UPDATE lti_line_item SET label = $2, maximum = $3, resource_id = $4, tag = $5 WHERE id = $1";
    let values = [
        item.id.into(),
        item.label.as_str().into(),
        item.maximum.into(),
        item.resource.clone().into(),
        item.tag.clone().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Removes a line item with its results.
pub(super) async fn remove_item(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    for sql in [
        "DELETE FROM lti_result WHERE line_item_id = $1",
        "DELETE FROM lti_line_item WHERE id = $1",
    ] {
        tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    }
    Ok(())
}

/// The line item of an activity in a group, made when somebody opens it for the first time.
pub(crate) async fn main_item(
    tx: &WriteTx,
    tool: Uuid,
    cohort: &cohort::Model,
    activity: &activity::Model,
) -> Result<Uuid, DbErr> {
    let sql = "SELECT id FROM lti_line_item WHERE tool_id = $1 AND cohort_id = $2 AND activity_id = $3 AND is_main";
    let find = || {
        let values = [tool.into(), cohort.id.into(), activity.id.into()];
        tx.query_one_raw(statement(&**tx, sql, values))
    };
    if let Some(row) = find().await? {
        return row.try_get("", "id");
    }
    let wished = wished(activity);
    let item = LineItem {
        id: tx.env().id(),
        activity: Some(activity.id),
        is_main: true,
        label: wished.label.unwrap_or_else(|| activity.title.clone()),
        maximum: wished.score_maximum.unwrap_or(MAIN_MAXIMUM),
        resource: wished.resource_id,
        tag: wished.tag,
    };
    put_item(tx, tool, cohort.id, &item).await?;
    let row = find().await?;
    row.map_or(Ok(item.id), |row| row.try_get("", "id"))
}

/// The column that a tool wished when it was picked; what is no such thing is left out.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wished {
    label: Option<String>,
    #[serde(deserialize_with = "number")]
    score_maximum: Option<f64>,
    resource_id: Option<String>,
    tag: Option<String>,
}

fn wished(activity: &activity::Model) -> Wished {
    let content: Option<ToolContent> = serde_json::from_str(&activity.content).ok();
    let column = content.and_then(|content| content.column);
    let wished = column.and_then(|column| serde_json::from_value(column).ok());
    let wished: Wished = wished.unwrap_or_default();
    let short = |text: Option<String>| {
        let text: String = text?.trim().chars().take(200).collect();
        (!text.is_empty()).then_some(text)
    };
    Wished {
        label: short(wished.label),
        score_maximum: wished
            .score_maximum
            .filter(|most| most.is_finite() && *most > 0.0),
        resource_id: short(wished.resource_id),
        tag: short(wished.tag),
    }
}

/// A result of somebody in a line item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    /// The person, as the tool calls them.
    pub(super) subject: String,
    /// The score and its largest value.
    pub(super) given: Option<(f64, f64)>,
    /// What the tool says of it.
    pub(super) comment: Option<String>,
}

/// A score that is kept.
pub(super) struct NewScore<'a> {
    pub(super) item: Uuid,
    pub(super) person: Uuid,
    pub(super) given: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) activity_progress: &'a str,
    pub(super) grading_progress: &'a str,
    pub(super) comment: Option<&'a str>,
    pub(super) at: Micros,
}

/// Keeps a score; false when a later one is there (AGS 2.0, 3.4.5).
pub(super) async fn put_score(tx: &WriteTx, score: &NewScore<'_>) -> Result<bool, DbErr> {
    let sql = "INSERT INTO lti_result (line_item_id, person_id, given, maximum, activity_progress, grading_progress, comment, \
               scored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (line_item_id, person_id) DO UPDATE SET \
               given = excluded.given, maximum = excluded.maximum, activity_progress = excluded.activity_progress, \
               grading_progress = excluded.grading_progress, comment = excluded.comment, scored_at = excluded.scored_at \
               WHERE lti_result.scored_at <= excluded.scored_at OR lti_result.scored_at > $9";
    let values = [
        score.item.into(),
        score.person.into(),
        score.given.into(),
        score.maximum.into(),
        score.activity_progress.into(),
        score.grading_progress.into(),
        score.comment.map(str::to_owned).into(),
        score.at.into(),
        (tx.env().now() + LEEWAY_SECONDS * SECOND).into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The results of a line item, of one person when named so.
pub(super) async fn results_of<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
    item: Uuid,
    subject: Option<&str>,
) -> Result<Vec<Outcome>, DbErr> {
    let sql = "SELECT p.subject, r.given, r.maximum, r.comment FROM lti_result r JOIN lti_tool_person p \
               ON p.tool_id = $1 AND p.person_id = r.person_id WHERE r.line_item_id = $2 AND ($3 IS NULL OR p.subject = $3) \
               ORDER BY p.subject";
    let sql = sql.replace("$3", "CAST($3 AS TEXT)");
    let subject = subject.map(str::to_owned);
    let values = [tool.into(), item.into(), subject.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            let given: Option<f64> = row.try_get("", "given")?;
            let maximum: Option<f64> = row.try_get("", "maximum")?;
            Ok(Outcome {
                subject: row.try_get("", "subject")?,
                given: given.zip(maximum),
                comment: row.try_get("", "comment")?,
            })
        })
        .collect()
}

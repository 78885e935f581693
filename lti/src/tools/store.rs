//! Queries on tools, the people they know, and what is under way with them.

use passerelle_kernel::db::{ids, in_ids, insert_many, statement};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use crate::reasons::Reason;

use super::model::{PastCall, Sharing, Tool, ToolCall, ToolData};

const COLUMNS: &str = "SELECT id, space_id, name, client_id, login_url, redirects, jwks_uri, target_url, picker_url, custom, \
     sends_name, sends_email, takes_grades, takes_members, closed_at, created_at FROM lti_tool";

/// Calls kept of each tool.
const CALLS_KEPT: i64 = 50;

fn tool(row: &QueryResult) -> Result<Tool, DbErr> {
    let redirects: String = row.try_get("", "redirects")?;
    Ok(Tool {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        client_id: row.try_get("", "client_id")?,
        data: ToolData {
            name: row.try_get("", "name")?,
            login_url: row.try_get("", "login_url")?,
            redirects: redirects.lines().map(str::to_owned).collect(),
            jwks_uri: row.try_get("", "jwks_uri")?,
            target_url: row.try_get("", "target_url")?,
            picker_url: row.try_get("", "picker_url")?,
            custom: row.try_get("", "custom")?,
        },
        sharing: Sharing {
            name: row.try_get("", "sends_name")?,
            email: row.try_get("", "sends_email")?,
            grades: row.try_get("", "takes_grades")?,
            members: row.try_get("", "takes_members")?,
        },
        closed_at: row.try_get("", "closed_at")?,
        created_at: row.try_get("", "created_at")?,
    })
}

/// The tools of a space, the oldest first.
pub(crate) async fn tools_of<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<Tool>, DbErr> {
    let sql = format!("{COLUMNS} WHERE space_id = $1 ORDER BY created_at, id LIMIT 500");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(tool).collect()
}

async fn one<C: ConnectionTrait>(
    conn: &C,
    condition: &str,
    values: Vec<Value>,
) -> Result<Option<Tool>, DbErr> {
    let sql = format!("{COLUMNS} WHERE {condition}");
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.as_ref().map(tool).transpose()
}

/// A tool of a space.
pub(crate) async fn tool_in<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<Tool>, DbErr> {
    one(
        conn,
        "space_id = $1 AND id = $2",
        vec![space.into(), id.into()],
    )
    .await
}

/// A tool by what it is called in messages.
pub(crate) async fn tool_of_client<C: ConnectionTrait>(
    conn: &C,
    client: &str,
) -> Result<Option<Tool>, DbErr> {
    one(conn, "client_id = $1", vec![client.into()]).await
}

/// Adds a tool.
pub(super) async fn insert(tx: &WriteTx, tool: &Tool) -> Result<(), DbErr> {
    let into = "lti_tool (id, space_id, name, client_id, login_url, redirects, jwks_uri, target_url, picker_url, custom, \
                sends_name, sends_email, takes_grades, takes_members, closed_at, created_at)";
    let data = &tool.data;
    let values: Vec<Value> = vec![
        tool.id.into(),
        tool.space.into(),
        data.name.as_str().into(),
        tool.client_id.as_str().into(),
        data.login_url.as_str().into(),
        data.redirects.join("\n").into(),
        data.jwks_uri.as_str().into(),
        data.target_url.as_str().into(),
        data.picker_url.clone().into(),
        data.custom.as_str().into(),
        tool.sharing.name.into(),
        tool.sharing.email.into(),
        tool.sharing.grades.into(),
        tool.sharing.members.into(),
        tool.closed_at.into(),
        tool.created_at.into(),
    ];
    insert_many(&**tx, into, 16, values, "").await
}

/// Closes a tool or opens it; false when it is so already.
pub(super) async fn set_closed(tx: &WriteTx, id: Uuid, at: Option<Micros>) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_tool SET closed_at = $2 WHERE id = $1 AND (closed_at IS NULL) = $3";
    let values = [id.into(), at.into(), at.is_some().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what a tool is registered with; its tokens are over.
pub(super) async fn correct(tx: &WriteTx, id: Uuid, data: &ToolData) -> Result<(), DbErr> {
    let sql = "UPDATE lti_tool SET name = $2, login_url = $3, redirects = $4, jwks_uri = $5, target_url = $6, \
               picker_url = $7 WHERE id = $1";
    let values = [
        id.into(),
        data.name.as_str().into(),
        data.login_url.as_str().into(),
        data.redirects.join("\n").into(),
        data.jwks_uri.as_str().into(),
        data.target_url.as_str().into(),
        data.picker_url.clone().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let sql = "DELETE FROM lti_token WHERE tool_id = $1";
    tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    Ok(())
}

/// Changes what a tool learns; its tokens are over.
pub(super) async fn set_sharing(tx: &WriteTx, id: Uuid, sharing: Sharing) -> Result<(), DbErr> {
    let sql = "UPDATE lti_tool SET sends_name = $2, sends_email = $3, takes_grades = $4, takes_members = $5 WHERE id = $1";
    let values = [
        id.into(),
        sharing.name.into(),
        sharing.email.into(),
        sharing.grades.into(),
        sharing.members.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let sql = "DELETE FROM lti_token WHERE tool_id = $1";
    tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    Ok(())
}

/// What lets a tool register itself in a space.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToolOffer {
    /// Space.
    pub(super) space: Uuid,
    /// Who made it.
    pub(super) made_by: Uuid,
}

/// Keeps an offer by the hash of its secret, and forgets those that are over.
pub(super) async fn put_offer(
    tx: &WriteTx,
    hash: Vec<u8>,
    offer: ToolOffer,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_tool_offer WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_tool_offer (token_hash, space_id, created_by, expires_at) VALUES ($1, $2, $3, $4)";
    let values = [
        hash.into(),
        offer.space.into(),
        offer.made_by.into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Takes an offer out: whoever comes second finds none.
pub(super) async fn take_offer(tx: &WriteTx, hash: &[u8]) -> Result<Option<ToolOffer>, DbErr> {
    let sql = "DELETE FROM lti_tool_offer WHERE token_hash = $1 AND expires_at > $2 RETURNING space_id, created_by";
    let values = [hash.to_vec().into(), tx.env().now().into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.map(|row| {
        Ok(ToolOffer {
            space: row.try_get("", "space_id")?,
            made_by: row.try_get("", "created_by")?,
        })
    })
    .transpose()
}

/// A login that we began, until the tool ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launching {
    /// The tool.
    pub(crate) tool: Uuid,
    /// Who is on the way to it.
    pub(crate) person: Uuid,
    /// What is opened.
    pub(crate) what: What,
    /// Whether it is shown within a page of ours.
    pub(crate) framed: bool,
    /// Language of the person.
    pub(crate) lang: String,
}

/// What somebody goes to a tool for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// An activity of one's own course.
    Activity {
        /// The enrolment.
        enrolment: Uuid,
        /// The activity.
        activity: Uuid,
    },
    /// The work of a trainee, as somebody who tutors or oversees them.
    Watching {
        /// The trainee's enrolment.
        enrolment: Uuid,
        /// The activity.
        activity: Uuid,
    },
    /// To pick something for a week of a course.
    Picking {
        /// The course.
        course: Uuid,
        /// The week.
        week: Uuid,
    },
}

/// Keeps a login that begins, and forgets those that are over.
pub(super) async fn put_launching(
    tx: &WriteTx,
    hash: Vec<u8>,
    of: &Launching,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_tool_launch WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let (enrolment, activity, course, week) = match of.what {
        What::Activity {
            enrolment,
            activity,
        }
        | What::Watching {
            enrolment,
            activity,
        } => (Some(enrolment), Some(activity), None, None),
        What::Picking { course, week } => (None, None, Some(course), Some(week)),
    };
    let sql = "INSERT INTO lti_tool_launch (hint_hash, tool_id, person_id, enrolment_id, activity_id, course_id, week_id, \
               framed, lang, watching, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = [
        hash.into(),
        of.tool.into(),
        of.person.into(),
        enrolment.into(),
        activity.into(),
        course.into(),
        week.into(),
        of.framed.into(),
        of.lang.as_str().into(),
        matches!(of.what, What::Watching { .. }).into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Takes a login out: whoever comes second finds none.
pub(super) async fn take_launching(tx: &WriteTx, hash: &[u8]) -> Result<Option<Launching>, DbErr> {
    let sql = "DELETE FROM lti_tool_launch WHERE hint_hash = $1 AND expires_at > $2 \
               RETURNING tool_id, person_id, enrolment_id, activity_id, course_id, week_id, framed, lang, watching";
    let values = [hash.to_vec().into(), tx.env().now().into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let id = |name: &str| row.try_get::<Option<Uuid>>("", name);
    let activity = (id("enrolment_id")?, id("activity_id")?);
    let picking = (id("course_id")?, id("week_id")?);
    let watching: bool = row.try_get("", "watching")?;
    let what = match (activity, picking) {
        ((Some(enrolment), Some(activity)), _) if watching => What::Watching {
            enrolment,
            activity,
        },
        ((Some(enrolment), Some(activity)), _) => What::Activity {
            enrolment,
            activity,
        },
        (_, (Some(course), Some(week))) => What::Picking { course, week },
        _ => return Ok(None),
    };
    Ok(Some(Launching {
        tool: row.try_get("", "tool_id")?,
        person: row.try_get("", "person_id")?,
        what,
        framed: row.try_get("", "framed")?,
        lang: row.try_get("", "lang")?,
    }))
}

/// What a tool calls each of these persons; those whom it does not know yet get a name.
///
/// At most three statements, whatever their number.
pub(crate) async fn subjects_of(
    tx: &WriteTx,
    tool: Uuid,
    persons: &[Uuid],
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let known = subjects(tx, tool, persons).await?;
    let missing: Vec<Uuid> = persons
        .iter()
        .filter(|person| !known.iter().any(|(known, _)| known == *person))
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let values = missing.iter().flat_map(|person| {
        [
            Value::from(tool),
            Value::from(*person),
            Value::from(tx.env().token()),
        ]
    });
    let into = "lti_tool_person (tool_id, person_id, subject)";
    insert_many(
        &**tx,
        into,
        3,
        values.collect(),
        "ON CONFLICT (tool_id, person_id) DO NOTHING",
    )
    .await?;
    subjects(tx, tool, persons).await
}

async fn subjects(
    tx: &WriteTx,
    tool: Uuid,
    persons: &[Uuid],
) -> Result<Vec<(Uuid, String)>, DbErr> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT person_id, subject FROM lti_tool_person WHERE tool_id = $1 AND person_id {}",
        in_ids(&**tx, 2)
    );
    let values = [tool.into(), ids(persons)];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "person_id")?, row.try_get("", "subject")?)))
        .collect()
}

/// The person whom a tool calls so.
pub(crate) async fn person_of<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
    subject: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT person_id FROM lti_tool_person WHERE tool_id = $1 AND subject = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [tool.into(), subject.into()]))
        .await?;
    row.map(|row| row.try_get("", "person_id")).transpose()
}

/// Keeps what was exchanged with a tool, and forgets what is older than the last fifty.
pub(crate) async fn put_call(tx: &WriteTx, tool: Uuid, call: &ToolCall) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_tool_call (id, tool_id, kind, outcome, detail, at) VALUES ($1, $2, $3, $4, $5, $6)";
    let outcome = if call.refused.is_some() {
        "refused"
    } else {
        "ok"
    };
    let detail = call.refused.as_ref().map(Reason::kept).unwrap_or_default();
    let values = [
        tx.env().id().into(),
        tool.into(),
        call.kind.into(),
        outcome.into(),
        detail.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let sql = "DELETE FROM lti_tool_call WHERE tool_id = $1 AND at < (SELECT MIN(at) FROM (SELECT at FROM lti_tool_call \
               WHERE tool_id = $1 ORDER BY at DESC LIMIT $2) AS kept)";
    tx.execute_raw(statement(&**tx, sql, [tool.into(), CALLS_KEPT.into()]))
        .await?;
    Ok(())
}

/// The last calls of a tool, the latest first.
pub(crate) async fn calls_of<C: ConnectionTrait>(
    conn: &C,
    tool: Uuid,
) -> Result<Vec<PastCall>, DbErr> {
    let sql = "SELECT kind, outcome, detail, at FROM lti_tool_call WHERE tool_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
    let values = [tool.into(), CALLS_KEPT.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(PastCall {
                kind: row.try_get("", "kind")?,
                outcome: row.try_get("", "outcome")?,
                detail: row.try_get("", "detail")?,
                at: row.try_get("", "at")?,
            })
        })
        .collect()
}

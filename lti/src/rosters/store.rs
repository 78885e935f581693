//! Queries on courses of platforms.

use std::collections::BTreeMap;

use passerelle_kernel::db::{insert_many, statement};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{Held, Member, Standing};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use url::Url;

use super::Services;

/// A course of a platform.
#[derive(Clone, Debug)]
pub(crate) struct ContextRow {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The platform.
    pub(crate) platform: Uuid,
    /// Its services.
    pub(crate) services: Services,
    /// Where what has changed since the last reading can be asked.
    pub(crate) differences: Option<String>,
    /// When it was last read.
    pub(crate) read_at: Option<Micros>,
}

impl ContextRow {
    /// What the addresses of its columns begin with (AGS 2.0, 3.2.1), so that the grades that
    /// somebody has in another course there are not taken for those of this one.
    fn columns(&self) -> Option<String> {
        let mut url = Url::parse(self.services.line_items.as_deref()?).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url.to_string())
    }
}

/// Members written in one statement.
const CHUNK: usize = 200;

const COLUMNS: &str = "SELECT id, platform_id, title, memberships_url, line_items_url, scopes, \
     differences_url, read_at FROM lti_context";

fn read(row: &QueryResult) -> Result<ContextRow, DbErr> {
    Ok(ContextRow {
        id: row.try_get("", "id")?,
        platform: row.try_get("", "platform_id")?,
        services: Services {
            title: row.try_get("", "title")?,
            memberships: row.try_get("", "memberships_url")?,
            line_items: row.try_get("", "line_items_url")?,
            scopes: row.try_get("", "scopes")?,
        },
        differences: row.try_get("", "differences_url")?,
        read_at: row.try_get("", "read_at")?,
    })
}

/// Keeps where the services of a course are.
pub(super) async fn keep(
    tx: &WriteTx,
    platform: Uuid,
    context: &str,
    services: &Services,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_context (id, platform_id, context, title, memberships_url, line_items_url, scopes, seen_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (platform_id, context) DO UPDATE SET \
               title = excluded.title, memberships_url = excluded.memberships_url, \
               line_items_url = excluded.line_items_url, scopes = excluded.scopes, seen_at = excluded.seen_at";
    let values = [
        tx.env().id().into(),
        platform.into(),
        context.into(),
        services.title.as_str().into(),
        services.memberships.clone().into(),
        services.line_items.clone().into(),
        services.scopes.as_str().into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The courses of a platform that have opened ours, those whose services changed last first.
pub(crate) async fn contexts_of<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
) -> Result<Vec<ContextRow>, DbErr> {
    let sql = format!("{COLUMNS} WHERE platform_id = $1 ORDER BY seen_at DESC, id DESC LIMIT 200");
    let rows = conn
        .query_all_raw(statement(conn, sql, [platform.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// A course of a platform.
pub(super) async fn context<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
    id: Uuid,
) -> Result<Option<ContextRow>, DbErr> {
    let sql = format!("{COLUMNS} WHERE platform_id = $1 AND id = $2");
    let row = conn
        .query_one_raw(statement(conn, sql, [platform.into(), id.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes who is in a course: everybody, or what has changed (`only_changes`).
pub(super) async fn put_members(
    tx: &WriteTx,
    context: Uuid,
    members: &[Member],
    only_changes: bool,
    differences: Option<&str>,
) -> Result<(), DbErr> {
    if !only_changes {
        let sql = "DELETE FROM lti_member WHERE context_id = $1";
        tx.execute_raw(statement(&**tx, sql, [context.into()]))
            .await?;
    }
    let into = "lti_member (context_id, subject, is_active, teaches)";
    let conflict = "ON CONFLICT (context_id, subject) DO UPDATE SET is_active = excluded.is_active, \
                    teaches = excluded.teaches";
    // Said twice, somebody is what was said last.
    let last: BTreeMap<&str, &Member> = members.iter().map(|m| (m.subject.as_str(), m)).collect();
    let all: Vec<(&str, &Member)> = last.into_iter().collect();
    for some in all.chunks(CHUNK) {
        let mut values = Vec::with_capacity(some.len() * 4);
        for (subject, member) in some {
            values.extend([
                context.into(),
                (*subject).into(),
                member.is_active.into(),
                (member.standing == Standing::Instructor).into(),
            ]);
        }
        insert_many(&**tx, into, 4, values, conflict).await?;
    }
    // Who has left and never came here is nobody's business any more.
    let sql = "DELETE FROM lti_member WHERE context_id = $1 AND NOT is_active AND NOT EXISTS \
               (SELECT 1 FROM lti_subject s JOIN lti_context k ON k.platform_id = s.platform_id \
               WHERE k.id = $1 AND s.subject = lti_member.subject)";
    tx.execute_raw(statement(&**tx, sql, [context.into()]))
        .await?;
    let sql = "UPDATE lti_context SET read_at = $2, differences_url = COALESCE($3, differences_url) WHERE id = $1";
    let values = [
        context.into(),
        tx.env().now().into(),
        differences.map(str::to_owned).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Forgets where changes are asked, so that everybody is read next time.
pub(super) async fn forget_differences(tx: &WriteTx, context: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE lti_context SET differences_url = NULL WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [context.into()]))
        .await?;
    Ok(())
}

/// Somebody in a course of a platform.
#[derive(Clone, Debug)]
pub(super) struct MemberRow {
    /// The person of ours; none who has not come here.
    pub(super) person: Option<Uuid>,
    /// Whether they are in the course there now.
    pub(super) is_active: bool,
    /// Whether they teach there.
    pub(super) teaches: bool,
    /// The grade of the whole course, as the platform has it, in ten-thousandths; none when it
    /// holds none, or was not asked.
    pub(super) held: Option<i32>,
}

/// Who is in a course, known here or not; at most ten thousand.
pub(super) async fn members_of<C: ConnectionTrait>(
    conn: &C,
    context: &ContextRow,
) -> Result<Vec<MemberRow>, DbErr> {
    let sql = "SELECT m.is_active, m.teaches, s.person_id, \
               (SELECT MIN(g.held) FROM lti_grade g WHERE g.platform_id = $2 AND g.subject = m.subject AND g.activity_id IS NULL \
               AND SUBSTR(g.line_item, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT)) AS held \
               FROM lti_member m LEFT JOIN lti_subject s ON s.platform_id = $2 AND s.subject = m.subject \
               WHERE m.context_id = $1 ORDER BY m.subject LIMIT 10000";
    let columns = context.columns().unwrap_or_default();
    let values = [context.id.into(), context.platform.into(), columns.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(MemberRow {
                person: row.try_get("", "person_id")?,
                is_active: row.try_get("", "is_active")?,
                teaches: row.try_get("", "teaches")?,
                held: row.try_get("", "held")?,
            })
        })
        .collect()
}

/// The columns that grades of a course's people go to; a hundred at most.
pub(super) async fn line_items_of<C: ConnectionTrait>(
    conn: &C,
    context: &ContextRow,
) -> Result<Vec<String>, DbErr> {
    let Some(columns) = context.columns() else {
        return Ok(Vec::new());
    };
    let sql = "SELECT DISTINCT g.line_item FROM lti_grade g JOIN lti_member m ON m.subject = g.subject AND m.context_id = $1 \
               WHERE g.platform_id = $2 AND SUBSTR(g.line_item, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) \
               ORDER BY g.line_item LIMIT 100";
    let values = [context.id.into(), context.platform.into(), columns.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| row.try_get("", "line_item"))
        .collect()
}

/// Writes what a platform holds in a column, where it is not what is known already.
pub(super) async fn put_held(
    tx: &WriteTx,
    platform: Uuid,
    line_item: &str,
    held: &[Held],
) -> Result<(), DbErr> {
    let sql = "SELECT id, subject, held FROM lti_grade WHERE platform_id = $1 AND line_item = $2";
    let values = [platform.into(), line_item.into()];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    let now: BTreeMap<&str, Option<i32>> = held
        .iter()
        .map(|one| (one.subject.as_str(), one.share))
        .collect();
    for row in &rows {
        let subject: String = row.try_get("", "subject")?;
        let before: Option<i32> = row.try_get("", "held")?;
        let share = now.get(subject.as_str()).copied().flatten();
        if share != before {
            let id: Uuid = row.try_get("", "id")?;
            let sql = "UPDATE lti_grade SET held = $2 WHERE id = $1";
            tx.execute_raw(statement(&**tx, sql, [id.into(), share.into()]))
                .await?;
        }
    }
    Ok(())
}

/// Keeps the column that grades of a cohort go to, for who comes from that course.
pub(super) async fn put_column(
    tx: &WriteTx,
    context: Uuid,
    cohort: Uuid,
    line_item: &str,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_column (context_id, cohort_id, line_item) VALUES ($1, $2, $3) \
               ON CONFLICT (context_id, cohort_id) DO UPDATE SET line_item = excluded.line_item";
    let values = [context.into(), cohort.into(), line_item.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The subjects of a platform that are persons of ours, at most ten thousand.
pub(super) async fn subjects_of<C: ConnectionTrait>(
    conn: &C,
    context: &ContextRow,
) -> Result<Vec<(String, Uuid)>, DbErr> {
    let sql = "SELECT s.subject, s.person_id FROM lti_subject s JOIN lti_member m ON m.subject = s.subject \
               WHERE s.platform_id = $1 AND m.context_id = $2 AND m.is_active ORDER BY s.subject LIMIT 10000";
    let values = [context.platform.into(), context.id.into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "subject")?, row.try_get("", "person_id")?)))
        .collect()
}

//! Queries on lists, and on who receives them.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult};
use passerelle_kernel::{Micros, Uuid, WriteTx};

use super::word;
use crate::audience::model::{List, ListKind, Subscribed};

const LIST: &str =
    "SELECT l.id, l.space_id, l.slug, l.name, l.description, l.kind, l.created_at, l.closed_at";

fn list_of(row: &QueryResult) -> Result<List, DbErr> {
    Ok(List {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        slug: row.try_get("", "slug")?,
        name: row.try_get("", "name")?,
        description: row.try_get("", "description")?,
        kind: word(row, "kind", ListKind::parse)?,
        created_at: row.try_get("", "created_at")?,
        closed_at: row.try_get("", "closed_at")?,
    })
}

/// The lists of a space with how many contacts receive each, in the order of their names.
pub async fn lists<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<(List, i64)>, DbErr> {
    let sql = format!(
        "{LIST}, (SELECT COUNT(*) FROM mail_subscription u WHERE u.list_id = l.id AND u.state = 'subscribed') AS n \
         FROM mail_list l WHERE l.space_id = $1 ORDER BY LOWER(l.name), l.id LIMIT 200"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((list_of(row)?, row.try_get("", "n")?)))
        .collect()
}

/// A list.
pub async fn list<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<List>, DbErr> {
    let sql = format!("{LIST} FROM mail_list l WHERE l.id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.as_ref().map(list_of).transpose()
}

/// Writes a new list.
pub async fn insert_list(tx: &WriteTx, list: &List) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_list (id, space_id, slug, name, description, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        list.id.into(),
        list.space.into(),
        list.slug.as_str().into(),
        list.name.as_str().into(),
        list.description.as_str().into(),
        list.kind.code().into(),
        list.created_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes what is said of a list, and whether it is closed.
pub async fn update_list(tx: &WriteTx, list: &List) -> Result<(), DbErr> {
    let sql =
        "UPDATE mail_list SET name = $2, description = $3, kind = $4, closed_at = $5 WHERE id = $1";
    let values = [
        list.id.into(),
        list.name.as_str().into(),
        list.description.as_str().into(),
        list.kind.code().into(),
        list.closed_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Where a contact stands on each list of its space that it was ever on.
pub async fn subscriptions<C: ConnectionTrait>(
    conn: &C,
    contact: Uuid,
) -> Result<Vec<(Uuid, Subscribed, String, Micros)>, DbErr> {
    let sql = "SELECT list_id, state, source, at FROM mail_subscription WHERE contact_id = $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [contact.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("", "list_id")?,
                word(row, "state", Subscribed::parse)?,
                row.try_get("", "source")?,
                row.try_get("", "at")?,
            ))
        })
        .collect()
}

/// Forgets that a contact came on a list that way and has not moved since; false when it has.
pub async fn delete_subscription(
    tx: &WriteTx,
    list: Uuid,
    contact: Uuid,
    source: &str,
) -> Result<bool, DbErr> {
    let sql = "DELETE FROM mail_subscription WHERE list_id = $1 AND contact_id = $2 AND source = $3 AND state = 'subscribed'";
    let values = [list.into(), contact.into(), source.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Writes that a contact asks for a list, now, whatever stood there.
pub async fn ask(tx: &WriteTx, list: Uuid, contact: Uuid, source: &str) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_subscription (list_id, contact_id, state, source, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (list_id, contact_id) DO UPDATE SET state = excluded.state, source = excluded.source, at = excluded.at";
    let values = [
        list.into(),
        contact.into(),
        Subscribed::Unconfirmed.code().into(),
        source.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Who was asked before that instant to confirm a list and did not does not want it: no import
/// puts them on it.
pub async fn give_up_asking(tx: &WriteTx, before: Micros) -> Result<(), DbErr> {
    // Written out: an index of those who were asked serves a condition that it can read.
    let sql = format!(
        "UPDATE mail_subscription SET state = $1 WHERE state = '{}' AND at < $2",
        Subscribed::Unconfirmed.code()
    );
    let values = [Subscribed::Left.code().into(), before.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Sets where a contact stands on a list; false when it stood there.
pub async fn set_subscription(
    tx: &WriteTx,
    list: Uuid,
    contact: Uuid,
    state: Subscribed,
    source: &str,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO mail_subscription (list_id, contact_id, state, source, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (list_id, contact_id) DO UPDATE SET state = excluded.state, source = excluded.source, at = excluded.at \
               WHERE mail_subscription.state <> excluded.state";
    let values = [
        list.into(),
        contact.into(),
        state.code().into(),
        source.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

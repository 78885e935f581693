//! Queries on segments.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult};
use passerelle_kernel::{Uuid, WriteTx};

use passerelle_text::fold::fold;

use crate::audience::segment::Conditions;

/// A segment that was saved.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Identifier.
    pub id: Uuid,
    /// Name shown.
    pub name: String,
    /// Its conditions.
    pub conditions: Conditions,
}

fn segment_of(row: &QueryResult) -> Result<Segment, DbErr> {
    let text: String = row.try_get("", "conditions")?;
    Ok(Segment {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        conditions: serde_json::from_str(&text).map_err(|e| DbErr::Json(e.to_string()))?,
    })
}

/// The segments of a space, in the order of their names.
pub async fn segments<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<Segment>, DbErr> {
    let sql =
        "SELECT id, name, conditions FROM mail_segment WHERE space_id = $1 ORDER BY id LIMIT 200";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    let mut segments = rows.iter().map(segment_of).collect::<Result<Vec<_>, _>>()?;
    segments.sort_by_cached_key(|segment| fold(&segment.name));
    Ok(segments)
}

/// A segment of a space.
pub async fn segment<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<Segment>, DbErr> {
    let sql = "SELECT id, name, conditions FROM mail_segment WHERE space_id = $1 AND id = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into(), id.into()]))
        .await?;
    row.as_ref().map(segment_of).transpose()
}

/// Writes a segment, new or not.
pub async fn put_segment(tx: &WriteTx, space: Uuid, segment: &Segment) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_segment (id, space_id, name, conditions, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) \
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, conditions = excluded.conditions, updated_at = excluded.updated_at";
    let conditions =
        serde_json::to_string(&segment.conditions).map_err(|e| DbErr::Json(e.to_string()))?;
    let values = [
        segment.id.into(),
        space.into(),
        segment.name.as_str().into(),
        conditions.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Forgets a segment.
pub async fn delete_segment(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_segment WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    Ok(())
}

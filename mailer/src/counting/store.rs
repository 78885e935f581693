//! Queries on what is counted.

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Micros, Uuid, WriteTx};

/// Since when a space counts; none when it does not.
pub(super) async fn since<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Option<Micros>, DbErr> {
    let sql = "SELECT since FROM mail_counting WHERE space_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into()]))
        .await?;
    row.map(|row| row.try_get("", "since")).transpose()
}

/// A space counts from now on, or no more.
pub(super) async fn set(tx: &WriteTx, space: Uuid, on: bool) -> Result<(), DbErr> {
    if on {
        let sql =
            "INSERT INTO mail_counting (space_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let values = [space.into(), tx.env().now().into()];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    } else {
        let sql = "DELETE FROM mail_counting WHERE space_id = $1";
        tx.execute_raw(statement(&**tx, sql, [space.into()]))
            .await?;
    }
    Ok(())
}

/// Forgets what was counted of a letter.
pub(crate) async fn forget(tx: &WriteTx, campaign: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_link WHERE campaign_id = $1";
    tx.execute_raw(statement(&**tx, sql, [campaign.into()]))
        .await?;
    Ok(())
}

/// Writes what is counted of a letter: its picture, then its links.
pub(super) async fn insert(
    tx: &WriteTx,
    campaign: Uuid,
    addresses: &[String],
) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_link (campaign_id, place, address, hits) VALUES ($1, $2, $3, 0)";
    let all = std::iter::once("").chain(addresses.iter().map(String::as_str));
    for (address, place) in all.zip(0_i32..) {
        let values = [campaign.into(), place.into(), address.into()];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(())
}

/// Adds to a count; to one that does not exist nothing is added.
pub(super) async fn add(tx: &WriteTx, campaign: Uuid, place: i32, hits: i64) -> Result<(), DbErr> {
    let sql = "UPDATE mail_link SET hits = hits + $3 WHERE campaign_id = $1 AND place = $2";
    let values = [campaign.into(), place.into(), hits.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Where a link of a letter leads.
pub(super) async fn address<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    place: i32,
) -> Result<Option<String>, DbErr> {
    let sql = "SELECT address FROM mail_link WHERE campaign_id = $1 AND place = $2 AND place > 0";
    let values = [campaign.into(), place.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| row.try_get("", "address")).transpose()
}

/// Whether a letter is counted.
pub(super) async fn is_counted<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM mail_link WHERE campaign_id = $1 AND place = 0";
    let row = conn
        .query_one_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    Ok(row.is_some())
}

/// What was counted of a letter, the picture first; nothing when it is not counted.
pub(super) async fn counts<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
) -> Result<Vec<(String, i64)>, DbErr> {
    let sql = "SELECT address, hits FROM mail_link WHERE campaign_id = $1 ORDER BY place";
    let rows = conn
        .query_all_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "address")?, row.try_get("", "hits")?)))
        .collect()
}

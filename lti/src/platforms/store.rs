//! Queries on platforms.

use std::collections::HashSet;

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::model::{Call, Deployment, Platform, Registration};

const COLUMNS: &str = "SELECT id, space_id, name, product, issuer, client_id, authorization_endpoint, token_endpoint, \
     token_audience, jwks_uri, closed_at, created_at FROM lti_platform";

/// The platform of a row that has its columns.
pub(crate) fn read(row: &QueryResult) -> Result<Platform, DbErr> {
    Ok(Platform {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        data: Registration {
            name: row.try_get("", "name")?,
            product: row.try_get("", "product")?,
            issuer: row.try_get("", "issuer")?,
            client_id: row.try_get("", "client_id")?,
            authorization_endpoint: row.try_get("", "authorization_endpoint")?,
            token_endpoint: row.try_get("", "token_endpoint")?,
            token_audience: row.try_get("", "token_audience")?,
            jwks_uri: row.try_get("", "jwks_uri")?,
        },
        closed_at: row.try_get("", "closed_at")?,
        created_at: row.try_get("", "created_at")?,
    })
}

/// The platforms of a space, the oldest first.
pub async fn platforms_of<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<Platform>, DbErr> {
    let sql = format!("{COLUMNS} WHERE space_id = $1 ORDER BY created_at, id LIMIT 500");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// A platform.
pub(crate) async fn platform<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<Platform>, DbErr> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = conn
        .query_one_raw(statement(conn, &sql, [id.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// A platform of a space.
pub async fn platform_in<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<Platform>, DbErr> {
    let sql = format!("{COLUMNS} WHERE space_id = $1 AND id = $2");
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into(), id.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// The open platforms of an issuer, whatever their space; with a client identifier, that one only.
pub async fn platforms_by_issuer<C: ConnectionTrait>(
    conn: &C,
    issuer: &str,
    client: Option<&str>,
) -> Result<Vec<Platform>, DbErr> {
    let mut sql = format!("{COLUMNS} WHERE issuer = $1 AND closed_at IS NULL");
    let mut values: Vec<Value> = vec![issuer.into()];
    if let Some(client) = client {
        sql.push_str(" AND client_id = $2");
        values.push(client.into());
    }
    sql.push_str(" LIMIT 2");
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    rows.iter().map(read).collect()
}

/// Adds a platform; false when its issuer and client are taken.
pub async fn insert(tx: &WriteTx, row: &Platform) -> Result<bool, DbErr> {
    let sql = "INSERT INTO lti_platform (id, space_id, name, product, issuer, client_id, authorization_endpoint, \
               token_endpoint, token_audience, jwks_uri, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let data = &row.data;
    let values = [
        row.id.into(),
        row.space.into(),
        data.name.as_str().into(),
        data.product.as_str().into(),
        data.issuer.as_str().into(),
        data.client_id.as_str().into(),
        data.authorization_endpoint.as_str().into(),
        data.token_endpoint.as_str().into(),
        data.token_audience.clone().into(),
        data.jwks_uri.as_str().into(),
        row.created_at.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The open platform of that space that registers once more, all its addresses being the same; its
/// product is written again. None when there is no such platform.
pub async fn renew(tx: &WriteTx, space: Uuid, data: &Registration) -> Result<Option<Uuid>, DbErr> {
    let sql = "UPDATE lti_platform SET product = $5 WHERE space_id = $1 AND issuer = $2 AND client_id = $3 \
               AND jwks_uri = $4 AND authorization_endpoint = $6 AND token_endpoint = $7 \
               AND COALESCE(token_audience, '') = $8 AND closed_at IS NULL RETURNING id";
    let values = [
        space.into(),
        data.issuer.as_str().into(),
        data.client_id.as_str().into(),
        data.jwks_uri.as_str().into(),
        data.product.as_str().into(),
        data.authorization_endpoint.as_str().into(),
        data.token_endpoint.as_str().into(),
        data.token_audience.clone().unwrap_or_default().into(),
    ];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// Writes what a platform is registered with; false when its issuer and client are another's.
pub async fn correct(tx: &WriteTx, id: Uuid, data: &Registration) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_platform SET name = $2, issuer = $3, client_id = $4, authorization_endpoint = $5, \
               token_endpoint = $6, token_audience = $7, jwks_uri = $8 WHERE id = $1 AND NOT EXISTS \
               (SELECT 1 FROM lti_platform o WHERE o.issuer = $3 AND o.client_id = $4 AND o.id <> $1)";
    let values = [
        id.into(),
        data.name.as_str().into(),
        data.issuer.as_str().into(),
        data.client_id.as_str().into(),
        data.authorization_endpoint.as_str().into(),
        data.token_endpoint.as_str().into(),
        data.token_audience.clone().into(),
        data.jwks_uri.as_str().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The platform of a space that is registered under that issuer and client.
pub async fn registered<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    issuer: &str,
    client: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT id FROM lti_platform WHERE space_id = $1 AND issuer = $2 AND client_id = $3";
    let values = [space.into(), issuer.into(), client.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// Closes a platform, or opens it again.
pub async fn set_closed(tx: &WriteTx, id: Uuid, at: Option<Micros>) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_platform SET closed_at = $2 WHERE id = $1 AND (closed_at IS NULL) = $3";
    let values = [id.into(), at.into(), at.is_some().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The deployments of a platform, in the order in which they were seen.
pub async fn deployments_of<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
) -> Result<Vec<Deployment>, DbErr> {
    let sql = "SELECT deployment, accepted, seen_at FROM lti_deployment WHERE platform_id = $1 \
               ORDER BY seen_at, deployment LIMIT 500";
    let rows = conn
        .query_all_raw(statement(conn, sql, [platform.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Deployment {
                name: row.try_get("", "deployment")?,
                accepted: row.try_get("", "accepted")?,
                seen_at: row.try_get("", "seen_at")?,
            })
        })
        .collect()
}

/// Writes a deployment down: accepted as told, an accepted one staying so.
pub async fn put_deployment(
    tx: &WriteTx,
    platform: Uuid,
    name: &str,
    accepted: bool,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_deployment (platform_id, deployment, accepted, seen_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (platform_id, deployment) DO UPDATE SET accepted = lti_deployment.accepted OR excluded.accepted";
    let values = [
        platform.into(),
        name.into(),
        accepted.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Calls kept of a platform: older ones go.
const CALLS_KEPT: i64 = 200;

/// The latest calls of a platform, the last first.
pub async fn calls_of<C: ConnectionTrait>(conn: &C, platform: Uuid) -> Result<Vec<Call>, DbErr> {
    let sql = "SELECT kind, outcome, detail, reference, at FROM lti_call WHERE platform_id = $1 \
               ORDER BY at DESC, id DESC LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [platform.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Call {
                kind: row.try_get("", "kind")?,
                outcome: row.try_get("", "outcome")?,
                detail: row.try_get("", "detail")?,
                reference: row.try_get("", "reference")?,
                at: row.try_get("", "at")?,
            })
        })
        .collect()
}

/// Writes a call down.
pub async fn put_call(tx: &WriteTx, space: Uuid, platform: Uuid, call: &Call) -> Result<(), DbErr> {
    let sql = "INSERT INTO lti_call (id, space_id, platform_id, kind, outcome, detail, reference, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        tx.env().id().into(),
        space.into(),
        platform.into(),
        call.kind.as_str().into(),
        call.outcome.as_str().into(),
        call.detail.as_str().into(),
        call.reference.as_str().into(),
        call.at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Forgets the calls of a platform beyond the last ones, about once in sixteen times that it is
/// asked: a few more may be there meanwhile, which nobody is shown.
pub async fn trim_calls(tx: &WriteTx, platform: Uuid) -> Result<(), DbErr> {
    if tx.env().id().as_bytes()[15] & 15 != 0 {
        return Ok(());
    }
    let sql = "DELETE FROM lti_call WHERE platform_id = $1 AND at < (SELECT MIN(at) FROM (SELECT at FROM lti_call \
               WHERE platform_id = $1 ORDER BY at DESC LIMIT $2) AS kept)";
    tx.execute_raw(statement(&**tx, sql, [platform.into(), CALLS_KEPT.into()]))
        .await?;
    Ok(())
}

/// The groups that a platform is offered.
pub async fn opened_to<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
) -> Result<HashSet<Uuid>, DbErr> {
    let sql = "SELECT cohort_id FROM lti_opened WHERE platform_id = $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [platform.into()]))
        .await?;
    rows.iter()
        .map(|row| row.try_get("", "cohort_id"))
        .collect()
}

/// Offers a group to a platform, or offers it no more; false when it is so already.
pub async fn set_opened(
    tx: &WriteTx,
    platform: Uuid,
    cohort: Uuid,
    opened: bool,
) -> Result<bool, DbErr> {
    let sql = if opened {
        "INSERT INTO lti_opened (platform_id, cohort_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM lti_opened WHERE platform_id = $1 AND cohort_id = $2"
    };
    let values = [platform.into(), cohort.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// An address to paste that may still be used.
pub struct Offer {
    /// Space whose courses it opens.
    pub space: Uuid,
    /// Who made it.
    pub made_by: Uuid,
}

/// Keeps an offer by the hash of its secret.
pub async fn put_offer(
    tx: &WriteTx,
    hash: Vec<u8>,
    offer: &Offer,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let now = tx.env().now();
    let sql = "DELETE FROM lti_offer WHERE expires_at <= $1 AND platform_id IS NULL";
    tx.execute_raw(statement(&**tx, sql, [now.into()])).await?;
    let sql = "INSERT INTO lti_offer (token_hash, space_id, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        hash.into(),
        offer.space.into(),
        offer.made_by.into(),
        now.into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The offer of that hash, when nobody has used it and it has not expired.
pub async fn open_offer<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<Offer>, DbErr> {
    let sql = "SELECT space_id, created_by FROM lti_offer WHERE token_hash = $1 AND expires_at > $2 AND platform_id IS NULL";
    let row = conn
        .query_one_raw(statement(conn, sql, [hash.to_vec().into(), now.into()]))
        .await?;
    row.map(|row| {
        Ok(Offer {
            space: row.try_get("", "space_id")?,
            made_by: row.try_get("", "created_by")?,
        })
    })
    .transpose()
}

/// Takes an offer up for a platform; false when somebody was faster.
pub async fn take_offer(tx: &WriteTx, hash: &[u8], platform: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE lti_offer SET platform_id = $2 WHERE token_hash = $1 AND platform_id IS NULL";
    let values = [hash.to_vec().into(), platform.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

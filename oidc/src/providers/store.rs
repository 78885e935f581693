//! Queries on providers, and on how signing in with them went.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::model::{ClientSettings, Event, Provider};

/// Events kept for one provider.
const KEPT: u64 = 100;
/// Providers of a space, at most.
const MOST: u64 = 50;

const COLUMNS: &str = "SELECT id, space_id, name, issuer, client_id, client_secret, scopes, \
     closed_at, created_at FROM oidc_provider";

fn read(row: &QueryResult) -> Result<Provider, DbErr> {
    Ok(Provider {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        name: row.try_get("", "name")?,
        issuer: row.try_get("", "issuer")?,
        client: ClientSettings {
            id: row.try_get("", "client_id")?,
            secret: row.try_get("", "client_secret")?,
            scopes: row.try_get("", "scopes")?,
        },
        closed_at: row.try_get("", "closed_at")?,
        created_at: row.try_get("", "created_at")?,
    })
}

/// The providers of a space, the oldest first.
pub async fn providers_of<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<Provider>, DbErr> {
    let sql = format!("{COLUMNS} WHERE space_id = $1 ORDER BY created_at, id LIMIT {MOST}");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// A provider.
pub async fn provider<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Provider>, DbErr> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// Adds a provider.
pub async fn insert(tx: &WriteTx, row: &Provider) -> Result<(), DbErr> {
    let sql = "INSERT INTO oidc_provider (id, space_id, name, issuer, client_id, client_secret, scopes, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        row.id.into(),
        row.space.into(),
        row.name.as_str().into(),
        row.issuer.as_str().into(),
        row.client.id.as_str().into(),
        row.client.secret.clone().into(),
        row.client.scopes.as_str().into(),
        row.created_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Writes down who we are for a provider.
pub async fn set_client(tx: &WriteTx, id: Uuid, client: &ClientSettings) -> Result<(), DbErr> {
    let sql =
        "UPDATE oidc_provider SET client_id = $1, client_secret = $2, scopes = $3 WHERE id = $4";
    let values = [
        client.id.as_str().into(),
        client.secret.clone().into(),
        client.scopes.as_str().into(),
        id.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Closes or opens a provider; false when it was so already.
pub async fn set_closed(tx: &WriteTx, id: Uuid, at: Option<Micros>) -> Result<bool, DbErr> {
    let was = if at.is_some() { "" } else { "NOT " };
    let sql =
        format!("UPDATE oidc_provider SET closed_at = $1 WHERE id = $2 AND closed_at IS {was}NULL");
    let done = tx
        .execute_raw(statement(&**tx, sql, [at.into(), id.into()]))
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes down how a sign-in went; the oldest are forgotten.
pub async fn put_event(tx: &WriteTx, provider: Uuid, event: &Event) -> Result<(), DbErr> {
    let sql = "INSERT INTO oidc_event (id, provider_id, outcome, detail, reference, at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        tx.env().id().into(),
        provider.into(),
        event.outcome.as_str().into(),
        event.detail.as_str().into(),
        event.reference.as_str().into(),
        event.at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let sql = format!(
        "DELETE FROM oidc_event WHERE provider_id = $1 AND at < \
         (SELECT MIN(at) FROM (SELECT at FROM oidc_event WHERE provider_id = $1 ORDER BY at DESC LIMIT {KEPT}) AS kept)"
    );
    tx.execute_raw(statement(&**tx, sql, [provider.into()]))
        .await?;
    Ok(())
}

/// How the last sign-ins with a provider went, the last first.
pub async fn events_of<C: ConnectionTrait>(conn: &C, provider: Uuid) -> Result<Vec<Event>, DbErr> {
    let sql = "SELECT outcome, detail, reference, at FROM oidc_event WHERE provider_id = $1 \
               ORDER BY at DESC, id DESC LIMIT 30";
    let rows = conn
        .query_all_raw(statement(conn, sql, [provider.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                outcome: row.try_get("", "outcome")?,
                detail: row.try_get("", "detail")?,
                reference: row.try_get("", "reference")?,
                at: row.try_get("", "at")?,
            })
        })
        .collect()
}

/// How many people sign in with a provider.
pub async fn linked<C: ConnectionTrait>(conn: &C, provider: Uuid) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS n FROM oidc_identity WHERE provider_id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [provider.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

//! Queries on linked accounts, on who waits to be linked, and on sessions opened from elsewhere.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, token_hash};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

/// Sessions opened from elsewhere are remembered that long, to sign out there.
const REMEMBERED: Micros = 30 * DAY;

/// Somebody whom a provider has recognised, and whom we do not know yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where.
    pub provider: Uuid,
    /// Who it is there.
    pub subject: String,
    /// How it calls them, to show.
    pub name: Option<String>,
    /// To sign out there.
    pub id_token: String,
    /// A path of ours to go to afterwards.
    pub leads_to: String,
}

/// A linked account, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Where.
    pub provider: Uuid,
    /// Its name.
    pub name: String,
    /// Since when.
    pub linked_at: Micros,
    /// When it was last used.
    pub used_at: Option<Micros>,
}

/// The person of ours that a subject of a provider is.
pub async fn person_of<C: ConnectionTrait>(
    conn: &C,
    provider: Uuid,
    subject: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT person_id FROM oidc_identity WHERE provider_id = $1 AND subject = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [provider.into(), subject.into()]))
        .await?;
    row.map(|row| row.try_get("", "person_id")).transpose()
}

/// Links a subject to a person, who has no other one there; false when somebody else has it.
pub async fn link(
    tx: &WriteTx,
    provider: Uuid,
    subject: &str,
    person: Uuid,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO oidc_identity (provider_id, subject, person_id, linked_at, used_at) \
               VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING";
    let values = [
        provider.into(),
        subject.into(),
        person.into(),
        tx.env().now().into(),
    ];
    let made = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(made.rows_affected() > 0)
}

/// Takes a link away; false when there was none.
pub async fn unlink(tx: &WriteTx, provider: Uuid, person: Uuid) -> Result<bool, DbErr> {
    let sql = "DELETE FROM oidc_identity WHERE provider_id = $1 AND person_id = $2";
    let done = tx
        .execute_raw(statement(&**tx, sql, [provider.into(), person.into()]))
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes down that a link was used; false when it is no more.
pub async fn used(
    tx: &WriteTx,
    provider: Uuid,
    subject: &str,
    person: Uuid,
) -> Result<bool, DbErr> {
    let sql = "UPDATE oidc_identity SET used_at = $1 WHERE provider_id = $2 AND subject = $3 AND person_id = $4";
    let values = [
        tx.env().now().into(),
        provider.into(),
        subject.into(),
        person.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The provider that opened a session; none for who signed in here.
pub async fn opened_by(tx: &WriteTx, session: &[u8]) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT provider_id FROM oidc_session WHERE session_hash = $1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [session.to_vec().into()]))
        .await?;
    row.map(|row| row.try_get("", "provider_id")).transpose()
}

/// The linked accounts of a person.
pub async fn linked<C: ConnectionTrait>(conn: &C, person: Uuid) -> Result<Vec<Linked>, DbErr> {
    let sql = "SELECT p.id, p.name, i.linked_at, i.used_at FROM oidc_identity i \
               JOIN oidc_provider p ON p.id = i.provider_id WHERE i.person_id = $1 ORDER BY i.linked_at, p.id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [person.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Linked {
                provider: row.try_get("", "id")?,
                name: row.try_get("", "name")?,
                linked_at: row.try_get("", "linked_at")?,
                used_at: row.try_get("", "used_at")?,
            })
        })
        .collect()
}

/// Keeps who waits to be linked, under a token that the browser holds.
pub async fn put_pending(
    tx: &WriteTx,
    token: &str,
    pending: &Pending,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM oidc_pending WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO oidc_pending (token_hash, provider_id, subject, name, id_token, leads_to, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        token_hash(token).into(),
        pending.provider.into(),
        pending.subject.as_str().into(),
        pending.name.clone().into(),
        pending.id_token.as_str().into(),
        pending.leads_to.as_str().into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Who waits under that token.
pub async fn pending<C: ConnectionTrait>(
    conn: &C,
    token: &str,
    now: Micros,
) -> Result<Option<Pending>, DbErr> {
    let sql = "SELECT provider_id, subject, name, id_token, leads_to FROM oidc_pending \
               WHERE token_hash = $1 AND expires_at > $2";
    let values = [token_hash(token).into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    let read = |row: QueryResult| {
        Ok(Pending {
            provider: row.try_get("", "provider_id")?,
            subject: row.try_get("", "subject")?,
            name: row.try_get("", "name")?,
            id_token: row.try_get("", "id_token")?,
            leads_to: row.try_get("", "leads_to")?,
        })
    };
    row.map(read).transpose()
}

/// Who waited under that token waits no more; false when somebody was faster.
pub async fn end_pending(tx: &WriteTx, token: &str) -> Result<bool, DbErr> {
    let sql = "DELETE FROM oidc_pending WHERE token_hash = $1";
    let done = tx
        .execute_raw(statement(&**tx, sql, [token_hash(token).into()]))
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Remembers where a session was opened from.
pub async fn put_session(
    tx: &WriteTx,
    session: &[u8],
    provider: Uuid,
    id_token: &str,
) -> Result<(), DbErr> {
    let now = tx.env().now();
    let sql = "DELETE FROM oidc_session WHERE created_at < $1";
    tx.execute_raw(statement(&**tx, sql, [(now - REMEMBERED).into()]))
        .await?;
    let sql = "INSERT INTO oidc_session (session_hash, provider_id, id_token, created_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = [
        session.to_vec().into(),
        provider.into(),
        id_token.into(),
        now.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// A session that ends is to be signed out there, by who holds that token; false when it was not
/// opened from elsewhere.
pub async fn leaving(tx: &WriteTx, session: &[u8], token: &str) -> Result<bool, DbErr> {
    let sql = "UPDATE oidc_session SET leaving_hash = $1 WHERE session_hash = $2";
    let values = [token_hash(token).into(), session.to_vec().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Takes the provider and the ID token of a session that ends, once.
pub async fn take_leaving(tx: &WriteTx, token: &str) -> Result<Option<(Uuid, String)>, DbErr> {
    let sql = "DELETE FROM oidc_session WHERE leaving_hash = $1 RETURNING provider_id, id_token";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [token_hash(token).into()]))
        .await?;
    row.map(|row| {
        Ok((
            row.try_get("", "provider_id")?,
            row.try_get("", "id_token")?,
        ))
    })
    .transpose()
}

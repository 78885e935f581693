//! Statements on sessions: found by the hash of their token, which is nowhere else.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::access::Lends;
use passerelle_web::{Lang, Role};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::accounts::model::SESSION_LIFETIME;

/// Opens a session and notes the sign-in; false when the account was closed meanwhile.
pub async fn open_session(
    tx: &WriteTx,
    account: Uuid,
    token: &str,
    device: &str,
) -> Result<bool, DbErr> {
    let now = tx.env().now();
    let sql = "UPDATE account SET last_sign_in_at = $1 WHERE id = $2 AND disabled_at IS NULL";
    if tx
        .execute_raw(statement(&**tx, sql, [now.into(), account.into()]))
        .await?
        .rows_affected()
        == 0
    {
        return Ok(false);
    }
    let sql = "DELETE FROM sign_in_session WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [now.into()])).await?;
    let sql = "INSERT INTO sign_in_session (token_hash, account_id, person_id, created_at, seen_at, expires_at, device) \
               SELECT $1, a.id, a.person_id, $2, $2, $3, $4 FROM account a WHERE a.id = $5";
    let values = [
        token_hash(token).into(),
        now.into(),
        (now + SESSION_LIFETIME).into(),
        device.into(),
        account.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(true)
}

/// Opens a session of a person whom another server has recognised, and notes the sign-in; none
/// when they have no open account. It has as much of the person's roles as that server lends, in its
/// space. Two statements: sessions that are over are forgotten by the others.
pub async fn admit(
    tx: &WriteTx,
    person: Uuid,
    token: &str,
    device: &str,
    (lends, space): (Lends, Uuid),
) -> Result<Option<Uuid>, DbErr> {
    let now = tx.env().now();
    let sql = "UPDATE account SET last_sign_in_at = $1 WHERE person_id = $2 AND disabled_at IS NULL RETURNING id";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [now.into(), person.into()]))
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let account: Uuid = row.try_get("", "id")?;
    let sql = "INSERT INTO sign_in_session (token_hash, account_id, person_id, created_at, seen_at, expires_at, device, bare, only_space_id) \
               VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)";
    let values = [
        token_hash(token).into(),
        account.into(),
        person.into(),
        now.into(),
        (now + SESSION_LIFETIME).into(),
        device.into(),
        (lends == Lends::Nothing).into(),
        (lends == Lends::Space).then_some(space).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(Some(account))
}

/// A session that holds, its person and their current roles.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The account.
    pub account: Uuid,
    /// The person.
    pub person: Uuid,
    /// Name shown.
    pub name: String,
    /// Language.
    pub lang: Lang,
    /// Latest visit that was written down.
    pub seen_at: Micros,
    /// Roles by space.
    pub roles: Vec<(Uuid, Role)>,
    /// Whether another server sent them.
    pub bare: bool,
}

/// The session of that token hash, when it holds at `now`; one statement.
pub async fn session<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<SessionRow>, DbErr> {
    let sql = "SELECT s.account_id, s.person_id, s.seen_at, s.bare, p.given_name, p.family_name, p.lang, r.space_id, r.role \
               FROM sign_in_session s JOIN account a ON a.id = s.account_id JOIN person p ON p.id = s.person_id \
               LEFT JOIN role_grant r ON r.person_id = s.person_id AND r.ended_at IS NULL AND NOT s.bare \
               AND (s.only_space_id IS NULL OR s.only_space_id = r.space_id) \
               WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL AND p.erased_at IS NULL";
    let rows = conn
        .query_all_raw(statement(conn, sql, [hash.to_vec().into(), now.into()]))
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let (given, family): (String, String) = (
        first.try_get("", "given_name")?,
        first.try_get("", "family_name")?,
    );
    let mut roles = Vec::new();
    for row in &rows {
        let (space, role): (Option<Uuid>, Option<String>) =
            (row.try_get("", "space_id")?, row.try_get("", "role")?);
        if let (Some(space), Some(role)) = (space, role.as_deref().and_then(Role::parse)) {
            roles.push((space, role));
        }
    }
    Ok(Some(SessionRow {
        account: first.try_get("", "account_id")?,
        person: first.try_get("", "person_id")?,
        name: format!("{given} {family}").trim().to_owned(),
        lang: Lang::from_code(&first.try_get::<String>("", "lang")?).unwrap_or_default(),
        seen_at: first.try_get("", "seen_at")?,
        roles,
        bare: first.try_get("", "bare")?,
    }))
}

/// Writes a visit down: the session lasts 30 days from now.
pub async fn touch_session(tx: &WriteTx, hash: &[u8], now: Micros) -> Result<(), DbErr> {
    let sql = "UPDATE sign_in_session SET seen_at = $1, expires_at = $2 WHERE token_hash = $3";
    let values = [
        now.into(),
        (now + SESSION_LIFETIME).into(),
        hash.to_vec().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// A session, as its owner sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnSession {
    /// Hash of its token.
    pub token_hash: Vec<u8>,
    /// When it was opened.
    pub created_at: i64,
    /// Latest visit that was written down.
    pub seen_at: i64,
    /// Browser and system, empty when unknown.
    pub device: String,
}

/// The sessions of an account that hold at `now`, latest visit first; at most 50.
pub async fn sessions<C: ConnectionTrait>(
    conn: &C,
    account: Uuid,
    now: Micros,
) -> Result<Vec<OwnSession>, DbErr> {
    let sql = "SELECT token_hash, created_at, seen_at, device FROM sign_in_session \
               WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, created_at DESC LIMIT 50";
    OwnSession::find_by_statement(statement(conn, sql, [account.into(), now.into()]))
        .all(conn)
        .await
}

/// Ends one session.
pub async fn end_session(tx: &WriteTx, hash: &[u8]) -> Result<(), DbErr> {
    let sql = "DELETE FROM sign_in_session WHERE token_hash = $1";
    tx.execute_raw(statement(&**tx, sql, [hash.to_vec().into()]))
        .await?;
    Ok(())
}

/// Ends every session of an account but `kept`, and voids its links; how many sessions ended.
pub async fn end_all(tx: &WriteTx, account: Uuid, kept: Option<&[u8]>) -> Result<u64, DbErr> {
    let sql = "DELETE FROM sign_in_session WHERE account_id = $1 AND token_hash <> $2";
    let kept = kept.unwrap_or_default().to_vec();
    let ended = tx
        .execute_raw(statement(&**tx, sql, [account.into(), kept.into()]))
        .await?
        .rows_affected();
    let sql = "DELETE FROM sign_in_link WHERE account_id = $1";
    tx.execute_raw(statement(&**tx, sql, [account.into()]))
        .await?;
    Ok(ended)
}

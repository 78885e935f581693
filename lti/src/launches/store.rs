//! Queries on logins under way, launched people and doors.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::DeepLinkingSettings;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::json;

/// A login under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LoginRow {
    /// Hash of the state that was sent.
    pub(super) state_hash: Vec<u8>,
    /// Platform.
    pub(super) platform: Uuid,
    /// Its space.
    pub(super) space: Uuid,
    /// Nonce that was sent.
    pub(super) nonce: String,
    /// Target that was asked.
    pub(super) target: String,
    /// Hash of what the browser keeps.
    pub(super) browser_hash: Vec<u8>,
    /// When it is over.
    pub(super) expires_at: Micros,
}

/// Keeps a login that begins, and forgets those that are over.
pub(super) async fn put_login(tx: &WriteTx, login: &LoginRow) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_login WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_login (state_hash, platform_id, nonce, target, browser_hash, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        login.state_hash.clone().into(),
        login.platform.into(),
        login.nonce.as_str().into(),
        login.target.as_str().into(),
        login.browser_hash.clone().into(),
        login.expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Takes a login out: whoever comes second finds none.
pub(super) async fn take_login(tx: &WriteTx, state_hash: &[u8]) -> Result<Option<LoginRow>, DbErr> {
    let sql = "DELETE FROM lti_login WHERE state_hash = $1 RETURNING platform_id, nonce, target, browser_hash, expires_at, \
               (SELECT p.space_id FROM lti_platform p WHERE p.id = lti_login.platform_id) AS space_id";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [state_hash.to_vec().into()]))
        .await?;
    row.map(|row: QueryResult| {
        Ok(LoginRow {
            state_hash: state_hash.to_vec(),
            platform: row.try_get("", "platform_id")?,
            space: row.try_get("", "space_id")?,
            nonce: row.try_get("", "nonce")?,
            target: row.try_get("", "target")?,
            browser_hash: row.try_get("", "browser_hash")?,
            expires_at: row.try_get("", "expires_at")?,
        })
    })
    .transpose()
}

/// Whom a platform means by a subject.
pub(super) async fn person_of<C: ConnectionTrait>(
    conn: &C,
    platform: Uuid,
    subject: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT person_id FROM lti_subject WHERE platform_id = $1 AND subject = $2";
    let row = conn
        .query_one_raw(statement(conn, sql, [platform.into(), subject.into()]))
        .await?;
    row.map(|row| row.try_get("", "person_id")).transpose()
}

/// Keeps whom a platform means; false when it was kept already.
pub(super) async fn put_subject(
    tx: &WriteTx,
    platform: Uuid,
    subject: &str,
    person: Uuid,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO lti_subject (platform_id, subject, person_id, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT DO NOTHING";
    let values = [
        platform.into(),
        subject.into(),
        person.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// A door from a frame to a window: it opens once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Space.
    pub(super) space: Uuid,
    /// Who may pass.
    pub(super) person: Uuid,
    /// Where it leads.
    pub(super) leads_to: String,
    /// When it is over.
    pub(super) expires_at: Micros,
}

/// Makes a door, and forgets those that are over.
pub(super) async fn put_entry(tx: &WriteTx, hash: Vec<u8>, entry: &Entry) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_entry WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_entry (code_hash, space_id, person_id, leads_to, expires_at) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        hash.into(),
        entry.space.into(),
        entry.person.into(),
        entry.leads_to.as_str().into(),
        entry.expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Passes a door: whoever comes second finds none.
pub(super) async fn take_entry(tx: &WriteTx, hash: &[u8]) -> Result<Option<Entry>, DbErr> {
    let sql = "DELETE FROM lti_entry WHERE code_hash = $1 RETURNING space_id, person_id, leads_to, expires_at";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [hash.to_vec().into()]))
        .await?;
    row.map(|row| {
        Ok(Entry {
            space: row.try_get("", "space_id")?,
            person: row.try_get("", "person_id")?,
            leads_to: row.try_get("", "leads_to")?,
            expires_at: row.try_get("", "expires_at")?,
        })
    })
    .transpose()
}

/// Something that somebody who teaches on a platform is picking here.
#[derive(Clone, Debug)]
pub(super) struct Choosing {
    /// Space.
    pub(super) space: Uuid,
    /// Platform.
    pub(super) platform: Uuid,
    /// Its deployment.
    pub(super) deployment: String,
    /// What the platform accepts.
    pub(super) settings: DeepLinkingSettings,
    /// Origins whose pages may hold ours in a frame.
    pub(super) origins: String,
}

/// Keeps what is being picked, and forgets what is over.
pub(super) async fn put_choosing(
    tx: &WriteTx,
    hash: Vec<u8>,
    of: &Choosing,
    expires_at: Micros,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM lti_choosing WHERE expires_at <= $1";
    tx.execute_raw(statement(&**tx, sql, [tx.env().now().into()]))
        .await?;
    let sql = "INSERT INTO lti_choosing (code_hash, space_id, platform_id, deployment, settings, origins, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        hash.into(),
        of.space.into(),
        of.platform.into(),
        of.deployment.as_str().into(),
        json!(of.settings).to_string().into(),
        of.origins.as_str().into(),
        expires_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// What is being picked under that hash.
pub(super) async fn choosing<C: ConnectionTrait>(
    conn: &C,
    hash: &[u8],
    now: Micros,
) -> Result<Option<Choosing>, DbErr> {
    let sql = "SELECT space_id, platform_id, deployment, settings, origins FROM lti_choosing \
               WHERE code_hash = $1 AND expires_at > $2";
    let values = [hash.to_vec().into(), now.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        let settings: String = row.try_get("", "settings")?;
        Ok(Choosing {
            space: row.try_get("", "space_id")?,
            platform: row.try_get("", "platform_id")?,
            deployment: row.try_get("", "deployment")?,
            settings: serde_json::from_str(&settings).map_err(|e| DbErr::Json(e.to_string()))?,
            origins: row.try_get("", "origins")?,
        })
    })
    .transpose()
}

/// Forgets it; false when somebody was faster.
pub(super) async fn forget_choosing(tx: &WriteTx, hash: &[u8]) -> Result<bool, DbErr> {
    let sql = "DELETE FROM lti_choosing WHERE code_hash = $1";
    let done = tx
        .execute_raw(statement(&**tx, sql, [hash.to_vec().into()]))
        .await?;
    Ok(done.rows_affected() == 1)
}

//! Statements on links: each works once, and is found by the hash of its token.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr};

use crate::accounts::model::LINK_LIFETIME;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in once.
    SignIn,
    /// Choosing one's first password.
    Invitation,
    /// Choosing another password.
    Password,
}

impl Purpose {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Invitation => "invitation",
            Self::Password => "password",
        }
    }
    fn parse(code: &str) -> Option<Self> {
        [Self::SignIn, Self::Invitation, Self::Password]
            .into_iter()
            .find(|p| p.code() == code)
    }
    /// Whether it lets a password be chosen.
    pub fn sets_password(self) -> bool {
        self != Self::SignIn
    }
}

/// A link to write.
#[derive(Clone, Copy, Debug)]
pub struct NewLink<'a> {
    /// The secret in its address.
    pub token: &'a str,
    /// For whom.
    pub account: Uuid,
    /// What for.
    pub purpose: Purpose,
    /// Where it leads afterwards.
    pub next: Option<&'a str>,
    /// How long it is valid; [`LINK_LIFETIME`] at most.
    pub lifetime: Micros,
}

/// Writes a link, and forgets those that have expired.
pub async fn insert_link(tx: &WriteTx, link: NewLink<'_>) -> Result<(), DbErr> {
    let now = tx.env().now();
    let sql = "DELETE FROM sign_in_link WHERE account_id = $1 AND expires_at <= $2";
    tx.execute_raw(statement(&**tx, sql, [link.account.into(), now.into()]))
        .await?;
    let sql = "INSERT INTO sign_in_link (token_hash, account_id, purpose, next_path, created_at, expires_at, used_at) \
               VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    let values = [
        token_hash(link.token).into(),
        link.account.into(),
        link.purpose.code().into(),
        link.next.into(),
        now.into(),
        (now + link.lifetime.clamp(0, LINK_LIFETIME)).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// A link that holds.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// For whom.
    pub account: Uuid,
    /// What for.
    pub purpose: Purpose,
    /// Where it leads afterwards.
    pub next: Option<String>,
}

/// Looks at a link without using it: none when it was used, has expired or its account is closed.
pub async fn link<C: ConnectionTrait>(
    conn: &C,
    token: &str,
    now: Micros,
) -> Result<Option<LinkRow>, DbErr> {
    let sql = "SELECT l.account_id, l.purpose, l.next_path FROM sign_in_link l JOIN account a ON a.id = l.account_id \
               WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND a.disabled_at IS NULL";
    let row = conn
        .query_one_raw(statement(conn, sql, [token_hash(token).into(), now.into()]))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(purpose) = Purpose::parse(&row.try_get::<String>("", "purpose")?) else {
        return Ok(None);
    };
    Ok(Some(LinkRow {
        account: row.try_get("", "account_id")?,
        purpose,
        next: row.try_get("", "next_path")?,
    }))
}

/// Uses a link up: none when somebody was quicker or it does not hold any more.
pub async fn use_link(tx: &WriteTx, token: &str) -> Result<Option<LinkRow>, DbErr> {
    let now = tx.env().now();
    let Some(found) = link(&**tx, token, now).await? else {
        return Ok(None);
    };
    let sql = "UPDATE sign_in_link SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL";
    let done = tx
        .execute_raw(statement(
            &**tx,
            sql,
            [now.into(), token_hash(token).into()],
        ))
        .await?;
    Ok((done.rows_affected() == 1).then_some(found))
}

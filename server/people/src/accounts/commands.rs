//! Giving an account, inviting, closing and opening it again.

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_web::directory::tell_shut_out;
use passerelle_web::mail::{Mail, send};
use passerelle_web::{Allowed, AppError};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use super::model::{LINK_LIFETIME, identifier_problem};
use super::password::PasswordError;
use super::store::{self, NewLink, Purpose};
use super::{CREATED, DISABLED, ENABLED, INVITED};
use crate::names;
use crate::persons::ManageAccount;

/// Why something could not be done to an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Spaces, too short or too long.
    #[error("« {0} » cannot be an identifier")]
    Identifier(String),
    /// Somebody signs in with it already.
    #[error("the identifier « {0} » is taken")]
    IdentifierTaken(String),
    /// The person has one already.
    #[error("this person has an account already")]
    Exists,
    /// The person has none, or it is closed.
    #[error("this person has no open account")]
    None,
    /// The person belongs to another space as well, which this one may not decide for.
    #[error("this person belongs to several spaces")]
    Shared,
    /// A password could not be hashed or checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<AccountError> for AppError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Db(error) => Self::Db(error),
            AccountError::Password(error) => error.into(),
            AccountError::Exists | AccountError::None => Self::Conflict("account-error-state"),
            AccountError::Shared => Self::Conflict("account-error-shared"),
            other => Self::internal(other),
        }
    }
}

/// An account to make.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// What the person signs in with; normalised here, unique on the server.
    pub identifier: String,
    /// Hash of the password; none when the person is to choose it by an invitation.
    pub password_hash: Option<String>,
}

/// Gives a person of `space` an account and returns its id.
pub async fn create_account(
    tx: &WriteTx,
    space: Uuid,
    person: Uuid,
    new: NewAccount,
    actor: Actor,
) -> Result<Uuid, AccountError> {
    let identifier = names::identifier(&new.identifier);
    if identifier_problem(&identifier).is_some() {
        return Err(AccountError::Identifier(new.identifier));
    }
    if store::by_person(&**tx, person).await?.is_some() {
        return Err(AccountError::Exists);
    }
    // Never a refused insert: on PostgreSQL it would end the whole transaction.
    let id = tx.env().id();
    let sql = "INSERT INTO account (id, person_id, identifier, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    let values = [
        id.into(),
        person.into(),
        identifier.as_str().into(),
        new.password_hash.into(),
        tx.env().now().into(),
    ];
    let made = tx.execute_raw(statement(&**tx, sql, values)).await?;
    if made.rows_affected() == 0 {
        return Err(AccountError::IdentifierTaken(identifier));
    }
    tx.append(Fact {
        space,
        kind: CREATED,
        actor,
        subject: person,
        payload: json!({"account": id}),
    })
    .await?;
    Ok(id)
}

/// Puts an invitation in the outbox: a link to choose a password, valid for seven days.
pub async fn invite(
    tx: &WriteTx,
    allowed: &Allowed<ManageAccount>,
    token: &str,
    purpose: Purpose,
    mail: &Mail,
) -> Result<(), AccountError> {
    let target = allowed.object();
    let account = store::by_person(&**tx, target.record.id)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let account = account.ok_or(AccountError::None)?;
    let link = NewLink {
        token,
        account: account.id,
        purpose,
        next: None,
        lifetime: LINK_LIFETIME,
    };
    store::insert_link(tx, link).await?;
    send(tx, mail).await?;
    fact(tx, allowed, INVITED, account.id).await
}

/// A link to choose a password, valid for seven days, for who gives it by other means than our
/// mails (the command line). It is a path, to put after the public address; none without an open account.
pub async fn invitation_link(tx: &WriteTx, person: Uuid) -> Result<Option<String>, AccountError> {
    let account = store::by_person(&**tx, person)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let Some(account) = account else {
        return Ok(None);
    };
    let token = tx.env().token();
    let (purpose, lifetime) = (Purpose::Invitation, LINK_LIFETIME);
    store::insert_link(
        tx,
        NewLink {
            token: &token,
            account: account.id,
            purpose,
            next: None,
            lifetime,
        },
    )
    .await?;
    Ok(Some(format!("/invitation/{token}")))
}

/// Closes an account: its sessions and links end at once, and whatever other plugins hold open for the
/// person. Not that of a person of several spaces.
pub async fn disable(
    tx: &WriteTx,
    allowed: &Allowed<ManageAccount>,
    registry: &Registry,
) -> Result<(), AccountError> {
    if allowed.object().record.is_shared() {
        return Err(AccountError::Shared);
    }
    let account = store::by_person(&**tx, allowed.object().record.id)
        .await?
        .ok_or(AccountError::None)?;
    if store::set_disabled(tx, account.id, Some(tx.env().now())).await? {
        store::end_all(tx, account.id, None).await?;
        tell_shut_out(registry, tx, allowed.object().record.id).await?;
        fact(tx, allowed, DISABLED, account.id).await?;
    }
    Ok(())
}

/// Opens an account again. Not that of a person of several spaces.
pub async fn enable(tx: &WriteTx, allowed: &Allowed<ManageAccount>) -> Result<(), AccountError> {
    if allowed.object().record.is_shared() {
        return Err(AccountError::Shared);
    }
    let account = store::by_person(&**tx, allowed.object().record.id)
        .await?
        .ok_or(AccountError::None)?;
    if store::set_disabled(tx, account.id, None).await? {
        fact(tx, allowed, ENABLED, account.id).await?;
    }
    Ok(())
}

async fn fact(
    tx: &WriteTx,
    allowed: &Allowed<ManageAccount>,
    kind: &'static str,
    account: Uuid,
) -> Result<(), AccountError> {
    let target = allowed.object();
    let payload = json!({"account": account});
    tx.append(Fact {
        space: target.space.id,
        kind,
        actor: allowed.actor(),
        subject: target.record.id,
        payload,
    })
    .await?;
    Ok(())
}

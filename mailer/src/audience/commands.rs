//! What changes contacts, lists and who receives them. Agreeing and leaving are journalled, by
//! identifier: the journal names no address.

use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::{App, AppError};
use serde_json::json;

use super::model::{Contact, ContactFields, List, ListKind, Status, Subscribed};
use super::store;
use crate::campaigns;

/// Somebody agreed to receive a list, or was added to it; how is said.
pub const CONSENTED: &str = "mail.consented.v1";
/// Somebody left a list, or all of them.
pub const UNSUBSCRIBED: &str = "mail.unsubscribed.v1";
/// A contact was forgotten.
pub const FORGOTTEN: &str = "mail.contact.forgotten.v1";

/// Why a contact or a list cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// The address or the name is taken in this space.
    #[error("there is one already")]
    Taken,
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(DbErr),
}

impl From<DbErr> for AudienceError {
    fn from(error: DbErr) -> Self {
        if passerelle_kernel::db::is_unique_violation(&error) {
            Self::Taken
        } else {
            Self::Db(error)
        }
    }
}

impl From<AudienceError> for AppError {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Taken => Self::Conflict("mail-error-taken"),
            AudienceError::Append(error) => error.into(),
            AudienceError::Db(error) => error.into(),
        }
    }
}

/// Adds a contact, whose fields the caller has checked, and ties it to the person of the space
/// who alone has that address.
///
/// # Errors
///
/// The space has one with that address.
pub async fn add_contact(
    app: &App,
    tx: &WriteTx,
    space: Uuid,
    fields: ContactFields,
    status: Status,
) -> Result<Contact, AudienceError> {
    let person = app.directory().by_address(tx, space, &fields.email).await?;
    let contact = Contact {
        id: tx.env().id(),
        space,
        fields,
        status,
        person,
        created_at: tx.env().now(),
    };
    store::insert_contact(tx, &contact).await?;
    Ok(contact)
}

/// Puts a contact on a list.
///
/// # Errors
///
/// The database refuses.
pub async fn subscribe(
    tx: &WriteTx,
    contact: &Contact,
    list: &List,
    source: &'static str,
    actor: Actor,
) -> Result<bool, AudienceError> {
    if !store::set_subscription(tx, list.id, contact.id, Subscribed::Yes, source).await? {
        return Ok(false);
    }
    let payload = json!({"list": list.id, "how": source, "basis": contact.fields.basis.code()});
    tx.append(fact(contact, CONSENTED, actor, payload)).await?;
    Ok(true)
}

/// Takes a contact off a list, at once: what is leaving for them leaves no more.
///
/// # Errors
///
/// The database refuses.
pub async fn unsubscribe(
    tx: &WriteTx,
    contact: &Contact,
    list: Uuid,
    source: &'static str,
    actor: Actor,
) -> Result<bool, AudienceError> {
    if !store::set_subscription(tx, list, contact.id, Subscribed::Left, source).await? {
        return Ok(false);
    }
    campaigns::store::leave_out(tx, contact.id, Some(list)).await?;
    let payload = json!({"list": list, "how": source});
    tx.append(fact(contact, UNSUBSCRIBED, actor, payload))
        .await?;
    Ok(true)
}

/// Takes a contact off everything and blocks it, or lets it be written to again.
///
/// # Errors
///
/// The database refuses.
pub async fn set_blocked(
    tx: &WriteTx,
    contact: &Contact,
    blocked: bool,
    source: &'static str,
    actor: Actor,
) -> Result<bool, AudienceError> {
    let status = if blocked {
        Status::Blocked
    } else {
        Status::Enabled
    };
    if !store::set_status(tx, contact.id, status).await? {
        return Ok(false);
    }
    if blocked {
        campaigns::store::leave_out(tx, contact.id, None).await?;
        let payload = json!({"all": true, "how": source});
        tx.append(fact(contact, UNSUBSCRIBED, actor, payload))
            .await?;
    }
    Ok(true)
}

/// Forgets a contact.
///
/// # Errors
///
/// The database refuses.
pub async fn forget(tx: &WriteTx, contact: &Contact, actor: Actor) -> Result<(), AudienceError> {
    campaigns::store::forget(tx, contact.id).await?;
    store::delete_contact(tx, contact.id).await?;
    tx.append(fact(contact, FORGOTTEN, actor, json!({})))
        .await?;
    Ok(())
}

/// Adds a list, whose fields the caller has checked.
///
/// # Errors
///
/// The space has one with that word.
pub async fn add_list(
    tx: &WriteTx,
    space: Uuid,
    name: &str,
    description: &str,
    kind: ListKind,
) -> Result<List, AudienceError> {
    let list = List {
        id: tx.env().id(),
        space,
        slug: super::model::slug(name),
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
        created_at: tx.env().now(),
        closed_at: None,
    };
    store::insert_list(tx, &list).await?;
    Ok(list)
}

fn fact(contact: &Contact, kind: &'static str, actor: Actor, payload: serde_json::Value) -> Fact {
    Fact {
        space: contact.space,
        kind,
        actor,
        subject: contact.id,
        payload,
    }
}

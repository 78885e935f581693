//! What changes contacts, lists and who receives them. Agreeing and leaving are journalled, by
//! identifier: the journal names no address.

use passerelle_kernel::env::MINUTE;
use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::{App, AppError};
use serde_json::json;

use super::model::{Contact, ContactFields, List, ListKind, Status, Subscribed};
use super::store;
use crate::campaigns;
use crate::discussions;

/// Somebody agreed to receive a list, or was added to it; how is said.
pub const CONSENTED: &str = "mail.consented.v1";
/// Somebody left a list, or all of them.
pub const UNSUBSCRIBED: &str = "mail.unsubscribed.v1";
/// A contact was forgotten.
pub const FORGOTTEN: &str = "mail.contact.forgotten.v1";

/// How somebody came on a list by the public page.
const BY_FORM: &str = "form";
/// How somebody came on a list by an import.
pub const BY_IMPORT: &str = "import";
/// How somebody comes or leaves by their own page.
pub const BY_PAGE: &str = "page";
/// A second mail that asks to confirm leaves after that long, not before.
const PATIENCE: i64 = 10 * MINUTE;

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
    // Whatever brings it: what is kept is what can be written to.
    let fields = ContactFields {
        email: passerelle_text::address::tidy(&fields.email),
        ..fields
    };
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

/// Writes that somebody asks to receive a list; whether a mail must ask them to confirm it. Who
/// receives it already needs none, and who was asked lately gets no second one.
///
/// # Errors
///
/// The database refuses.
pub async fn ask(tx: &WriteTx, contact: &Contact, list: &List) -> Result<bool, AudienceError> {
    let now = tx.env().now();
    let standing = store::subscriptions(&**tx, contact.id).await?;
    let known = standing.iter().find(|(id, ..)| *id == list.id);
    match known {
        Some((_, Subscribed::Yes, ..)) if contact.status == Status::Enabled => return Ok(false),
        Some((_, Subscribed::Unconfirmed, _, at)) if now - at < PATIENCE => return Ok(false),
        _ => {}
    }
    store::ask(tx, list.id, contact.id, BY_FORM).await?;
    Ok(true)
}

/// Somebody confirms that an address is theirs and that they asked for a list.
///
/// # Errors
///
/// The database refuses.
pub async fn confirm(tx: &WriteTx, contact: &Contact, list: &List) -> Result<(), AudienceError> {
    store::set_status(tx, contact.id, Status::Enabled).await?;
    subscribe(tx, contact, list, BY_FORM, Actor::Visitor).await?;
    Ok(())
}

/// Writes what is said of a contact, whose fields the caller has checked, and ties it to the person
/// of the space who alone has that address.
///
/// # Errors
///
/// The space has another contact with that address.
pub async fn change_contact(
    app: &App,
    tx: &WriteTx,
    contact: &Contact,
    fields: &ContactFields,
) -> Result<(), AudienceError> {
    let space = contact.space;
    let person = app.directory().by_address(tx, space, &fields.email).await?;
    store::update_contact(tx, space, contact.id, fields).await?;
    Ok(store::set_person(tx, contact.id, person).await?)
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

/// Takes a contact off a list that an import put it on by mistake: it is as if it had never been.
///
/// # Errors
///
/// The database refuses.
pub async fn withdraw(
    tx: &WriteTx,
    contact: &Contact,
    list: Uuid,
    actor: Actor,
) -> Result<bool, AudienceError> {
    if !store::delete_subscription(tx, list, contact.id, BY_IMPORT).await? {
        return Ok(false);
    }
    campaigns::store::leave_out(tx, contact.id, Some(list)).await?;
    let payload = json!({"list": list, "how": "undone import"});
    tx.append(fact(contact, UNSUBSCRIBED, actor, payload))
        .await?;
    Ok(true)
}

/// A reader chooses among the lists that they are offered; `offered` says where they stand on each.
/// Who wants nothing more and ticks nothing stays so; who ticks one is written to again, by those
/// alone.
///
/// # Errors
///
/// The database refuses.
pub async fn choose(
    tx: &WriteTx,
    contact: &Contact,
    offered: &[(List, Option<Subscribed>)],
    wanted: &[Uuid],
) -> Result<(), AudienceError> {
    if contact.status == Status::Blocked && wanted.is_empty() {
        return Ok(());
    }
    for (list, standing) in offered {
        if wanted.contains(&list.id) {
            subscribe(tx, contact, list, BY_PAGE, Actor::Visitor).await?;
        } else if *standing == Some(Subscribed::Yes) {
            unsubscribe(tx, contact, list.id, BY_PAGE, Actor::Visitor).await?;
        }
    }
    if !wanted.is_empty() {
        // They hold the link that we sent to this address: it is theirs, and they ask.
        set_blocked(tx, contact, false, BY_PAGE, Actor::Visitor).await?;
    }
    Ok(())
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
    let key = passerelle_text::address::key(&contact.fields.email);
    discussions::store::forget(tx, contact.id, &key).await?;
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

pub(crate) fn fact(
    contact: &Contact,
    kind: &'static str,
    actor: Actor,
    payload: serde_json::Value,
) -> Fact {
    Fact {
        space: contact.space,
        kind,
        actor,
        subject: contact.id,
        payload,
    }
}

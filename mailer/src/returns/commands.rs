//! What is changed by what came back.

use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_returns::{Letter, severity_of_reply};

use super::model::{Kind, Returned};
use super::store::{self, Answer, Copy};
use crate::audience::commands::{self as contacts, AudienceError};
use crate::audience::model::Status;
use crate::audience::store as audience;
use crate::campaigns::model::place;

/// How somebody leaves by writing to the address in the header of a copy.
const BY_MAIL: &str = "mail";
/// How somebody leaves by complaining to whoever keeps their mailbox.
const BY_COMPLAINT: &str = "complaint";
/// Who does it.
const ACTOR: Actor = Actor::System("mail returns");

fn failed(error: AudienceError) -> DbErr {
    DbErr::Custom(error.to_string())
}

/// Writes what came back, and what it means for the contact; false when it was written before.
pub(super) async fn returned(tx: &WriteTx, row: &Returned) -> Result<bool, DbErr> {
    if !store::insert_return(tx, row).await? {
        return Ok(false);
    }
    if let Some(copy) = row.copy {
        store::mark_copy(tx, copy, row.kind, &row.detail).await?;
    }
    let Some(contact) = row.contact else {
        return Ok(true);
    };
    let Some(contact) = audience::contact(&**tx, contact).await? else {
        return Ok(true);
    };
    match store::counts(tx, contact.id).await?.verdict() {
        Some(Status::Blocked) => {
            contacts::set_blocked(tx, &contact, true, BY_COMPLAINT, ACTOR)
                .await
                .map_err(failed)?;
        }
        // Who wants nothing more stays so.
        Some(status) if contact.status != Status::Blocked => {
            audience::set_status(tx, contact.id, status).await?;
        }
        _ => {}
    }
    Ok(true)
}

/// A mail server refused a copy, or put it off too long, as it was being sent: it counts as if it
/// had come back.
pub(crate) async fn refused(
    tx: &WriteTx,
    campaign: Uuid,
    at: i32,
    state: i16,
    detail: &str,
) -> Result<(), DbErr> {
    let kind = match state {
        place::REFUSED => severity_of_reply(detail).into(),
        place::GIVEN_UP => Kind::Soft,
        _ => return Ok(()),
    };
    let Some(copy) = store::copy_at(&**tx, campaign, at).await? else {
        return Ok(());
    };
    let row = Returned {
        digest: format!("{campaign}.{at}"),
        space: copy.space,
        contact: Some(copy.contact),
        copy: Some((campaign, at)),
        mail: None,
        kind,
        status: String::new(),
        detail: detail.to_owned(),
    };
    returned(tx, &row).await?;
    Ok(())
}

/// The reader of a copy wants to stop receiving what it came by.
pub(super) async fn stopped(tx: &WriteTx, copy: &Copy) -> Result<(), DbErr> {
    let Some(contact) = audience::contact(&**tx, copy.contact).await? else {
        return Ok(());
    };
    let left = match copy.list {
        Some(list) => contacts::unsubscribe(tx, &contact, list, BY_MAIL, ACTOR).await,
        None => contacts::set_blocked(tx, &contact, true, BY_MAIL, ACTOR).await,
    };
    left.map(|_| ()).map_err(failed)
}

/// The reader of a copy answers; false when the answer was written before.
pub(super) async fn answered(
    tx: &WriteTx,
    copy: &Copy,
    digest: &str,
    subject: &str,
    letter: &Letter,
) -> Result<bool, DbErr> {
    // Who was forgotten since is not known again by what they write.
    if audience::contact(&**tx, copy.contact).await?.is_none() {
        return Ok(true);
    }
    let answer = Answer {
        id: tx.env().id(),
        contact: copy.contact,
        subject: subject.to_owned(),
        body: letter.text.clone(),
        is_bare: letter.had_attachments,
        at: tx.env().now(),
        read_at: None,
    };
    store::insert_answer(tx, digest, copy, &answer).await
}

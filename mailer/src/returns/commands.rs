//! What is changed by what came back.

use passerelle_kernel::env::{HOUR, MINUTE};
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_returns::{Letter, severity_of_reply};

use super::alarm;
use super::model::{Kind, Returned};
use super::store::{self, Answer, Copy};
use crate::audience::commands::{self as contacts, AudienceError};
use crate::audience::model::Status;
use crate::audience::store as audience;
use crate::campaigns::commands as campaigns;
use crate::campaigns::model::place;

/// How somebody leaves by writing to the address in the header of a copy.
const BY_MAIL: &str = "mail";
/// How somebody leaves by complaining to whoever keeps their mailbox.
const BY_COMPLAINT: &str = "complaint";
/// How long a copy waits after we were refused.
const REST: Micros = 30 * MINUTE;
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
    if row.kind == Kind::Sender {
        return refused_us(tx, row).await.map(|()| true);
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

/// We were refused: nothing counts against the reader, whose copy leaves again while it may; the
/// administration is told, and a campaign that one kind of mailbox keeps refusing waits.
async fn refused_us(tx: &WriteTx, row: &Returned) -> Result<(), DbErr> {
    alarm::raise(tx, &row.detail).await?;
    let Some(copy) = row.copy else { return Ok(()) };
    let due = tx.env().now() + REST;
    if !store::put_off(tx, copy, due, &row.detail).await? {
        store::mark_copy(tx, copy, row.kind, &row.detail).await?;
    }
    if store::is_held_back(tx, copy).await? {
        campaigns::hold(tx, copy.0, "sender").await?;
    }
    Ok(())
}

/// How the sending of a copy failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused<'a> {
    /// Its campaign.
    pub campaign: Uuid,
    /// Its place in it.
    pub place: i32,
    /// How far its recipient is now.
    pub state: i16,
    /// Whether the server said so for good.
    pub for_good: bool,
    /// What it said, masked.
    pub detail: &'a str,
}

/// A mail server refused a copy, or put it off too long, as it was being sent: it counts as if it
/// had come back. One that waits because we were refused is noted as well: for good, as if it had
/// come back; for a while, once an hour, since that slows down by itself.
pub(crate) async fn refused(tx: &WriteTx, of: Refused<'_>) -> Result<(), DbErr> {
    let (campaign, at) = (of.campaign, of.place);
    let kind: Kind = severity_of_reply(of.detail).into();
    let now = tx.env().now();
    let (kind, digest) = match (of.state, kind) {
        (place::GIVEN_UP, Kind::Hard) => (Kind::Soft, format!("{campaign}.{at}")),
        (place::REFUSED | place::GIVEN_UP, kind) => (kind, format!("{campaign}.{at}")),
        (place::WAITING, Kind::Sender) if of.for_good => (kind, format!("{campaign}.{at}.{now}")),
        (place::WAITING, Kind::Sender) => (kind, format!("{campaign}.us.{}", now / HOUR)),
        _ => return Ok(()),
    };
    let Some(copy) = store::copy_at(&**tx, campaign, at).await? else {
        return Ok(());
    };
    let slows = of.state == place::WAITING && !of.for_good;
    let row = Returned {
        digest,
        space: copy.space,
        contact: (!slows).then_some(copy.contact),
        copy: (!slows).then_some((campaign, at)),
        mail: None,
        kind,
        status: String::new(),
        detail: of.detail.to_owned(),
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

//! Something was written to the address of a list.

use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_returns::{Incoming, Letter, What};
use passerelle_web::App;
use sha2::{Digest, Sha256};

use super::commands;
use super::model::{Discussion, MOST_HELD, Post, State, Why, Writer, verdict};
use super::store;
use crate::audience::model::{email_key, line};
use crate::audience::store as audience;
use crate::campaigns::sending::copy_of;

/// Takes one message for a list; false when it is left for a person: what waits is too much.
pub(crate) async fn take(
    app: &App,
    tx: &WriteTx,
    of: &Discussion,
    message: &Incoming,
    digest: &str,
) -> Result<bool, DbErr> {
    let What::Written(letter) = &message.kind else {
        // Absences and bounces are no conversation.
        return Ok(true);
    };
    // A copy of ours that was sent round: it would go on for ever.
    if message.message_id.as_deref().and_then(copy_of).is_some() {
        return Ok(true);
    }
    let Some(list) = audience::list(&**tx, of.list).await? else {
        return Ok(true);
    };
    let post = read(tx, of, list.space, message, letter).await?;
    if post.why != Why::Nothing && store::held(&**tx, of.list, 0).await?.0 >= MOST_HELD {
        return Ok(false);
    }
    // The same message comes by several ways, and each way adds lines to it.
    let named = message.message_id.as_ref().map(|id| {
        let from = message.from.as_deref().unwrap_or_default();
        hex::encode(Sha256::digest(format!("{id} {from}")))
    });
    if !store::insert(tx, &post, named.as_deref().unwrap_or(digest)).await? {
        return Ok(true);
    }
    if post.why == Why::Nothing {
        commands::send(app, tx, &list, of, &post).await?;
    } else if post.why != Why::Stranger {
        commands::tell(tx, of).await?;
    }
    Ok(true)
}

async fn read(
    tx: &WriteTx,
    of: &Discussion,
    space: Uuid,
    message: &Incoming,
    letter: &Letter,
) -> Result<Post, DbErr> {
    let now = tx.env().now();
    let email = message.from.clone().unwrap_or_default();
    let contact = match email_key(&email) {
        Some(key) => audience::contact_by_key(&**tx, space, &key).await?,
        None => None,
    };
    let writer = match &contact {
        Some(contact) => store::writer(&**tx, of.list, contact.id, now).await?,
        None => Writer {
            is_member: false,
            passed: 0,
            today: 0,
        },
    };
    let member = contact.filter(|_| writer.is_member);
    let known = member.as_ref().map(|contact| {
        format!(
            "{} {}",
            contact.fields.given_name, contact.fields.family_name
        )
    });
    let author = known
        .map(|name| line(&name))
        .filter(|name| !name.is_empty());
    let campaigns: Vec<Uuid> = message
        .in_reply_to
        .iter()
        .filter_map(|id| copy_of(id))
        .map(|(campaign, _)| campaign)
        .collect();
    Ok(Post {
        id: tx.env().id(),
        list: of.list,
        contact: member.map(|contact| contact.id),
        author: author.unwrap_or_else(|| line(&message.from_name)),
        email,
        subject: message.subject.clone(),
        body: letter.text.clone(),
        is_bare: letter.had_attachments,
        parent: store::sent_by(&**tx, of.list, &campaigns).await?,
        state: State::Held,
        why: verdict(of.moderation, writer, !letter.text.trim().is_empty()),
        campaign: None,
        at: now,
        decided_at: None,
    })
}

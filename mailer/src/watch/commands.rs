//! What changes the watch.

use passerelle_kernel::env::MINUTE;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError};
use serde_json::json;

use super::model::{Alert, Item, Rhythm, State};
use super::store;
use crate::audience::commands::{
    AudienceError, BY_PAGE, CONSENTED, UNSUBSCRIBED, fact, set_blocked,
};
use crate::audience::model::{Contact, TagKind};
use crate::audience::store as audience;
use crate::campaigns::access::WriteCampaigns;

/// Who is told at once waits that long for what else is kept.
const GATHER: i64 = 10 * MINUTE;

async fn tags(tx: &WriteTx, space: Uuid, names: &[String]) -> Result<Vec<Uuid>, DbErr> {
    let mut tags = Vec::new();
    for name in names {
        tags.push(audience::put_tag(tx, space, TagKind::Theme, name).await?);
    }
    Ok(tags)
}

/// Follows a feed; none when the space follows it already.
///
/// # Errors
///
/// The database refuses.
pub async fn follow(
    tx: &WriteTx,
    allowed: &Allowed<WriteCampaigns>,
    address: &str,
    title: &str,
    themes: &[String],
) -> Result<Option<Uuid>, AppError> {
    let space = allowed.object().id;
    let id = tx.env().id();
    if !store::insert_feed(tx, space, id, address, title).await? {
        return Ok(None);
    }
    let tags = tags(tx, space, themes).await?;
    store::set_feed_tags(tx, id, &tags).await?;
    Ok(Some(id))
}

/// Keeps an item, with its themes, or drops it, or puts it back among those to look at. Kept, it
/// is told to whoever chose one of its themes.
///
/// # Errors
///
/// The database refuses.
pub async fn sort(
    tx: &WriteTx,
    allowed: &Allowed<WriteCampaigns>,
    item: &Item,
    state: State,
) -> Result<(), AppError> {
    let space = allowed.object().id;
    let mut item = item.clone();
    let was = item.state;
    item.state = state;
    item.kept_at = match state {
        // Told once, whatever is corrected afterwards.
        State::Kept if was == State::Kept => item.kept_at,
        State::Kept => Some(tx.env().now()),
        State::New | State::Dropped => None,
    };
    store::update_item(tx, &item).await?;
    let tags = tags(tx, space, &item.themes).await?;
    store::set_item_tags(tx, item.id, &tags).await?;
    if state == State::Kept && was != State::Kept {
        store::hurry(tx, space, tx.env().now() + GATHER).await?;
    }
    Ok(())
}

/// Adds an item by hand, kept at once.
///
/// # Errors
///
/// The database refuses.
pub async fn add_item(
    tx: &WriteTx,
    allowed: &Allowed<WriteCampaigns>,
    item: &Item,
) -> Result<(), AppError> {
    let space = allowed.object().id;
    store::insert_item(tx, space, None, &item.id.to_string(), item).await?;
    sort(tx, allowed, item, State::Kept).await
}

/// Somebody chooses what they are told of and how often.
///
/// # Errors
///
/// The database refuses.
pub async fn choose(
    tx: &WriteTx,
    space: &Space,
    contact: &Contact,
    rhythm: Rhythm,
    departments: Vec<String>,
    actor: Actor,
) -> Result<(), AudienceError> {
    let known = store::alert(&**tx, contact.id).await?;
    let now = tx.env().now();
    let was = known.as_ref().map_or(Rhythm::Never, |alert| alert.rhythm);
    let alert = Alert {
        contact: contact.id,
        rhythm,
        departments,
        // Who begins is told of what comes, not of what was.
        since: known
            .filter(|_| was != Rhythm::Never)
            .map_or(now, |alert| alert.since),
    };
    let next_at = match rhythm {
        // What was kept a moment ago is still to be told.
        Rhythm::AtOnce => now + GATHER,
        rhythm => rhythm.next(now, &passerelle_web::context::zone(space)),
    };
    store::put_alert(tx, contact.space, &alert, next_at).await?;
    if rhythm != Rhythm::Never {
        // They hold the link that we sent to this address: it is theirs, and they ask.
        set_blocked(tx, contact, false, BY_PAGE, actor).await?;
    }
    if was == rhythm {
        return Ok(());
    }
    let kind = match rhythm {
        Rhythm::Never => UNSUBSCRIBED,
        _ => CONSENTED,
    };
    let payload = json!({"alerts": rhythm.code()});
    tx.append(fact(contact, kind, actor, payload)).await?;
    Ok(())
}

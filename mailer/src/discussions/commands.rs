//! What changes discussion lists: their settings, and what becomes of a post.

use passerelle_bulletin::{Block, Kind};
use passerelle_kernel::env::HOUR;
use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::journal::Fact;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_returns::MAX_LETTER;
use passerelle_web::directory::Space;
use passerelle_web::mail::{self, Recipient};
use passerelle_web::{Allowed, App, AppError};
use serde_json::json;
use std::sync::Arc;

use super::model::{Discussion, Post, State, as_markdown, pieces, subject, unbraced};
use super::{DECIDED, TELL, store};
use crate::audience::access::EditList;
use crate::audience::model::{List, email_key};
use crate::campaigns::access::{CampaignRef, EditCampaign, WriteCampaigns};
use crate::campaigns::composing::templates;
use crate::campaigns::model::{Content, Target};
use crate::campaigns::{self, commands as sending};

/// Moderators are told at most so often.
const OFTEN: i64 = HOUR;
/// Why a campaign is made that nobody wrote as one.
const WHY: &str = "post to a discussion list";

/// Writes the settings of a list; false when its address is another list's. `own` is the address
/// that is made of our mailbox: it stays the list's, whatever address members know.
pub(super) async fn configure(tx: &WriteTx, of: &Discussion, own: &str) -> Result<bool, DbErr> {
    let Some(key) = email_key(&of.address) else {
        return Ok(false);
    };
    if store::is_taken(&**tx, of.list, &key).await? {
        return Ok(false);
    }
    let own = match email_key(own) {
        Some(own) if !store::is_taken(&**tx, of.list, &own).await? => Some(own),
        _ => None,
    };
    store::put(tx, of, &key, own.as_deref()).await?;
    Ok(true)
}

/// Whether an address may be a list's: no other list has it.
pub(super) async fn is_free<C: ConnectionTrait>(
    conn: &C,
    list: Uuid,
    address: &str,
) -> Result<bool, DbErr> {
    match email_key(address) {
        Some(key) => Ok(!store::is_taken(conn, list, &key).await?),
        None => Ok(false),
    }
}

/// Puts in the queue that moderators are told of what waits, an hour after the last time at the earliest.
pub(super) async fn tell(tx: &WriteTx, of: &Discussion) -> Result<(), DbErr> {
    let at = tx.env().now().max(of.told_at + OFTEN);
    let job = NewJob::new(TELL, json!({"list": of.list}))
        .at(at)
        .dedup(format!("discussion-{}-{}", of.list, of.told_at));
    tx.enqueue(job).await
}

fn failed(error: &AppError) -> DbErr {
    DbErr::Custom(error.to_string())
}

/// What became of a post that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It leaves.
    Leaves,
    /// It cannot be laid out, and waits.
    Waits,
    /// It was decided of before.
    Before,
}

/// Sends a post to the members: a letter whose recipients, pace, returns and proof are those of any other.
pub(super) async fn send(
    app: &App,
    tx: &WriteTx,
    list: &List,
    of: &Discussion,
    post: &Post,
) -> Result<Sent, DbErr> {
    let space = app.directory().space(app.db(), list.space).await?;
    let Some(space) = space else {
        return Ok(Sent::Before);
    };
    // Claimed first: whoever comes second finds it decided.
    if !store::decide(tx, post.id, State::Passed).await? {
        return Ok(Sent::Before);
    }
    let sent = letter(app, tx, &space, list, of, post).await;
    match sent.map_err(|error| failed(&error))? {
        Some(campaign) => {
            store::set_campaign(tx, post.id, campaign).await?;
            Ok(Sent::Leaves)
        }
        // It waits for somebody, and does not hold what comes after it.
        None => {
            store::hold(tx, post.id).await?;
            Ok(Sent::Waits)
        }
    }
}

async fn letter(
    app: &App,
    tx: &WriteTx,
    space: &Arc<Space>,
    list: &List,
    of: &Discussion,
    post: &Post,
) -> Result<Option<Uuid>, AppError> {
    let content = content(app, space, list, of, post);
    let new = sending::NewCampaign {
        name: content.subject.clone(),
        content,
        target: Target {
            list: Some(list.id),
            segment: None,
            name: list.name.clone(),
        },
        is_public: false,
    };
    let writing = Allowed::<WriteCampaigns>::system(WHY, space.clone());
    let id = sending::create(tx, &writing, new).await?;
    let campaign = campaigns::store::campaign(&**tx, id)
        .await?
        .ok_or(AppError::NotFound)?;
    let composed = match templates(app, space, &campaign, Some(list)) {
        Ok(composed) => composed,
        Err(error) => {
            tracing::error!(post = %post.id, %error, "a post cannot be laid out");
            campaigns::store::delete_draft(tx, &campaign).await?;
            return Ok(None);
        }
    };
    let editing = Allowed::<EditCampaign>::system(
        WHY,
        CampaignRef {
            campaign,
            space: space.clone(),
        },
    );
    sending::approve(tx, &editing, composed).await?;
    sending::start(tx, &editing, None).await?;
    Ok(Some(id))
}

/// What members receive of a post.
fn content(app: &App, space: &Space, list: &List, of: &Discussion, post: &Post) -> Content {
    let words = app.words();
    let lang = space.lang;
    let author = if post.author.is_empty() {
        &post.email
    } else {
        &post.author
    };
    let title = subject(
        &list.name,
        &post.subject,
        &words.text(lang, "discussion-no-subject"),
    );
    let mut blocks: Vec<Block> = pieces(&post.body)
        .iter()
        .map(|piece| text(&as_markdown(piece)))
        .collect();
    let about = [
        ("author", as_markdown(author).into()),
        ("email", as_markdown(&post.email).into()),
        ("address", of.address.clone().into()),
    ];
    let mut said = words.with(lang, "discussion-foot", &about);
    // Blank lines at its end went with the cut.
    let is_cut = post.body.chars().count() + 100 >= MAX_LETTER;
    for (holds, id) in [
        (post.is_bare, "discussion-bare"),
        (is_cut, "discussion-cut"),
    ] {
        if holds {
            said.push_str("\n\n");
            said.push_str(&words.text(lang, id));
        }
    }
    blocks.extend([Block::new(Kind::Divider), text(&said)]);
    Content {
        lang,
        subject: title,
        preheader: String::new(),
        from_name: unbraced(&words.with(
            lang,
            "discussion-from",
            &[
                ("author", author.clone().into()),
                ("list", list.name.clone().into()),
            ],
        )),
        reply_to: of.address.clone(),
        blocks,
    }
}

fn text(said: &str) -> Block {
    let mut block = Block::new(Kind::Text);
    block.set("text", said);
    block
}

/// A moderator lets a post through.
pub(super) async fn pass(
    app: &App,
    tx: &WriteTx,
    allowed: &Allowed<EditList>,
    of: &Discussion,
    post: &Post,
) -> Result<Sent, AppError> {
    let sent = send(app, tx, &allowed.object().list, of, post).await?;
    if sent == Sent::Leaves {
        decided(tx, allowed, post, State::Passed).await?;
    }
    Ok(sent)
}

/// A moderator refuses a post, and tells who wrote it why when they are a member; false when it was decided before.
pub(super) async fn refuse(
    app: &App,
    tx: &WriteTx,
    allowed: &Allowed<EditList>,
    post: &Post,
    reason: &str,
) -> Result<bool, AppError> {
    let at = allowed.object();
    if !store::decide(tx, post.id, State::Refused).await? {
        return Ok(false);
    }
    // A stranger's address may be somebody else's.
    if !reason.is_empty() && post.contact.is_some() {
        let to = Recipient {
            email: &post.email,
            // It says who it is from as it likes: the name may be a stranger's.
            name: "",
            lang: at.space.lang,
        };
        let data = json!({"list": at.list.name, "about": post.subject, "reason": reason});
        let template = "mailer/discussions/mail/refused";
        let mut mail = app.write_mail(template, to, &at.space.name, data, &at.space.zone)?;
        mail.space = Some(at.space.id);
        mail.reply_to = Some(at.space.body.email.clone()).filter(|email| !email.is_empty());
        mail::send(tx, &mail).await?;
    }
    decided(tx, allowed, post, State::Refused).await?;
    Ok(true)
}

async fn decided(
    tx: &WriteTx,
    allowed: &Allowed<EditList>,
    post: &Post,
    to: State,
) -> Result<(), AppError> {
    let at = allowed.object();
    tx.append(Fact {
        space: at.space.id,
        kind: DECIDED,
        actor: allowed.actor(),
        subject: post.id,
        payload: json!({"list": at.list.id, "state": to.code()}),
    })
    .await?;
    Ok(())
}

/// Tells the moderators of a list of what waits since they were last told.
pub(super) async fn remind(app: &App, list: Uuid) -> Result<(), AppError> {
    let db = app.db();
    let (Some(of), Some(list)) = (
        store::of_list(db.read(), list).await?,
        crate::audience::store::list(db.read(), list).await?,
    ) else {
        return Ok(());
    };
    let (waiting, fresh) = store::held(db.read(), of.list, of.told_at).await?;
    let space = app.directory().space(db, list.space).await?;
    let Some(space) = space.filter(|_| fresh > 0) else {
        // Noted all the same: the next reminder is another one.
        let tx = db.write().await?;
        store::set_told(&tx, of.list).await?;
        return Ok(tx.commit().await?);
    };
    let url = &app.settings().public_url;
    let data = json!({"list": list.name, "count": waiting,
        "href": format!("{url}/e/{}/gestion/listes/{}/discussion", space.slug, list.id)});
    let tx = db.write().await?;
    for moderator in &of.moderators {
        let to = Recipient {
            email: moderator,
            name: "",
            lang: space.lang,
        };
        let template = "mailer/discussions/mail/held";
        let mut mail = app.write_mail(template, to, &space.name, data.clone(), &space.zone)?;
        mail.space = Some(space.id);
        mail::send(&tx, &mail).await?;
    }
    store::set_told(&tx, of.list).await?;
    Ok(tx.commit().await?)
}

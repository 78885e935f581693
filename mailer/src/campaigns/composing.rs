//! From a campaign to its bulletin: the words that stand around it, and its templates.

use std::sync::Arc;

use passerelle_bulletin::{Bulletin, Composed, Finding, Frame, Press, Reader, Severity};
use passerelle_web::directory::Space;
use passerelle_web::form::is_email;
use passerelle_web::{Allowed, App, AppError};

use super::access::{CampaignRef, EditCampaign, WriteCampaigns};
use super::commands::{self, NewCampaign};
use super::model::{Campaign, Content, Target};
use super::store;
use crate::audience::model::List;
use crate::links::Links;

/// What stands around the blocks, in the language of the campaign.
pub(crate) fn frame(app: &App, space: &Space, campaign: &Campaign, list: Option<&List>) -> Frame {
    let lang = campaign.content.lang;
    let words = app.words();
    let name = list.map_or_else(|| space.name.clone(), |list| list.name.clone());
    Frame {
        lang: lang.code().to_owned(),
        sender: campaign.content.from_name.clone(),
        address: space.body.address.replace('\n', ", "),
        why: words.with(
            lang,
            "letter-why",
            &[
                ("list", name.clone().into()),
                ("space", space.name.clone().into()),
            ],
        ),
        view: if campaign.is_public {
            words.text(lang, "letter-view")
        } else {
            String::new()
        },
        preferences: words.text(lang, "letter-preferences"),
        unsubscribe: words.with(lang, "letter-unsubscribe", &[("list", name.into())]),
        read: words.text(lang, "letter-read"),
    }
}

/// What would shame the sender, errors first; what the bulletin itself cannot know comes with it.
pub(crate) fn findings(campaign: &Campaign, frame: &Frame) -> Vec<Finding> {
    let content = &campaign.content;
    let bulletin = bulletin(campaign, frame);
    let mut findings = bulletin.check();
    let mut whole = |field, code| {
        findings.insert(
            0,
            Finding {
                block: None,
                field,
                code,
                detail: String::new(),
                severity: Severity::Error,
            },
        );
    };
    if !content.reply_to.is_empty() && !is_email(&content.reply_to) {
        whole("reply_to", "email");
    }
    if content.from_name.is_empty() {
        whole("from_name", "sender");
    }
    if campaign.target.list.is_none() {
        whole("list", "list");
    }
    findings
}

/// Lays a campaign out.
///
/// # Errors
///
/// Our layout does not hold.
pub(crate) fn compose(campaign: &Campaign, frame: &Frame) -> Result<Composed, AppError> {
    bulletin(campaign, frame)
        .compose()
        .map_err(AppError::internal)
}

fn bulletin<'a>(campaign: &'a Campaign, frame: &'a Frame) -> Bulletin<'a> {
    Bulletin {
        subject: &campaign.content.subject,
        preheader: &campaign.content.preheader,
        blocks: &campaign.content.blocks,
        frame,
    }
}

/// The templates of a campaign ready to fill in; an error of ours only when what is written in
/// them is well.
///
/// # Errors
///
/// What is written asks for what there is not.
pub(crate) fn press(composed: &Composed) -> Result<Press, AppError> {
    Press::new(composed).map_err(|_| AppError::Conflict("mail-error-variables"))
}

/// Somebody to show a bulletin to before it leaves: their links lead to pages that say so.
pub(crate) fn nobody(app: &App, campaign: &Campaign, space: &Space) -> Reader {
    let links = Links::of(app);
    let token = links.token(passerelle_kernel::Uuid::nil(), campaign.id);
    Reader {
        unsubscribe_url: links.stop(&token),
        preferences_url: links.preferences(&token),
        view_url: if campaign.is_public {
            links.page(&space.slug, campaign.number)
        } else {
            String::new()
        },
        ..Reader::default()
    }
}

/// The templates of a campaign, as approval fixes them.
///
/// # Errors
///
/// What is written asks for what there is not.
pub(crate) fn templates(
    app: &App,
    space: &Space,
    campaign: &Campaign,
    list: Option<&List>,
) -> Result<String, AppError> {
    let composed = compose(campaign, &frame(app, space, campaign, list))?;
    press(&composed)?;
    serde_json::to_string(&composed).map_err(AppError::internal)
}

/// Writes and approves a letter for a list, for the demonstration and for measures.
///
/// # Errors
///
/// The database refuses, or the letter cannot be laid out.
pub async fn write_and_approve(
    app: &App,
    space: Arc<Space>,
    list: &List,
    name: &str,
    content: Content,
) -> Result<Allowed<EditCampaign>, AppError> {
    const WHY: &str = "demonstration";
    let tx = app.db().write().await?;
    let new = NewCampaign {
        name: name.to_owned(),
        content,
        target: Target {
            list: Some(list.id),
            segment: None,
            name: list.name.clone(),
        },
        is_public: true,
    };
    let writing = Allowed::<WriteCampaigns>::system(WHY, space.clone());
    let id = commands::create(&tx, &writing, new).await?;
    let campaign = store::campaign(&*tx, id).await?.ok_or(AppError::NotFound)?;
    let composed = templates(app, &space, &campaign, Some(list))?;
    let editing = Allowed::<EditCampaign>::system(WHY, CampaignRef { campaign, space });
    commands::approve(&tx, &editing, composed).await?;
    tx.commit().await?;
    Ok(editing)
}

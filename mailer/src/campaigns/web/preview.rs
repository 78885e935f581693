//! A bulletin as its reader sees it: before it leaves, and as it left.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use passerelle_bulletin::Printed;
use passerelle_web::{Allowed, AppError, Ctx};

use crate::audience;
use crate::campaigns::access::{CampaignRef, ReadCampaign};
use crate::campaigns::sending::Edition;
use crate::campaigns::{composing, store};
use crate::counting;
use crate::framing::sealed;

pub(super) async fn html(ctx: Ctx, allowed: Allowed<ReadCampaign>) -> Result<Response, AppError> {
    let printed = printed(&ctx, allowed.object()).await?;
    // A link leaves the frame, and opens beside what is being written.
    let html = printed
        .html
        .replacen("<head>", "<head><base target=\"_blank\">", 1);
    Ok(sealed(Html(html).into_response()))
}

pub(super) async fn text(ctx: Ctx, allowed: Allowed<ReadCampaign>) -> Result<Response, AppError> {
    let printed = printed(&ctx, allowed.object()).await?;
    let text = format!("{}\n\n{}", printed.subject, printed.text);
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(sealed((kind, text).into_response()))
}

/// The copy of nobody, by the templates that were fixed: what it says today was said then.
async fn as_it_left(ctx: &Ctx, of: &CampaignRef) -> Result<Printed, AppError> {
    let campaign = &of.campaign;
    let composed = store::composed(ctx.app.db().read(), campaign.id).await?;
    let press = Edition::press(&composed.ok_or(AppError::NotFound)?).map_err(AppError::internal)?;
    let reader = composing::nobody(&ctx.app, campaign, &of.space);
    let mut printed = press.print(&reader).map_err(AppError::internal)?;
    // Reading it here is no opening.
    printed.html = counting::without_picture(&ctx.app, campaign.id, &printed.html);
    Ok(printed)
}

/// The copy of the contact that the address names, or of nobody.
async fn printed(ctx: &Ctx, of: &CampaignRef) -> Result<Printed, AppError> {
    let db = ctx.app.db().read();
    let campaign = &of.campaign;
    if campaign.times.started_at.is_some() {
        return as_it_left(ctx, of).await;
    }
    let list = match campaign.target.list {
        Some(list) => audience::store::list(db, list).await?,
        None => None,
    };
    let frame = composing::frame(&ctx.app, &of.space, campaign, list.as_ref());
    let composed = composing::compose(campaign, &frame)?;
    let mut reader = composing::nobody(&ctx.app, campaign, &of.space);
    if let Some(key) = ctx.query().optional("contact")
        && let Some(contact) =
            audience::store::contact_by_key(db, of.space.id, &passerelle_text::address::key(key))
                .await?
    {
        reader.given_name = contact.fields.given_name;
        reader.family_name = contact.fields.family_name;
        reader.organisation = contact.fields.organisation;
        reader.department = contact.fields.department;
    }
    composing::press(&composed)?
        .print(&reader)
        .map_err(|_| AppError::Conflict("mail-error-variables"))
}

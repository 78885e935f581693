//! From a draft to the end: approving, starting, holding, going on, stopping.

use axum::response::Response;
use jiff::civil::DateTime;
use passerelle_bulletin::Severity;
use passerelle_kernel::env::MINUTE;
use passerelle_web::components::NoticeKind;
use passerelle_web::{Allowed, AppError, Ctx, Form};

use super::{address, checking, list_address};
use crate::campaigns::access::EditCampaign;
use crate::campaigns::{commands, composing};
use crate::counting;

/// Under which name a button says which version of the letter its page showed.
pub(super) const VERSION: &str = "version";

/// Refuses a button of a page that showed another version of the letter.
pub(super) fn as_shown(allowed: &Allowed<EditCampaign>, form: &Form) -> Result<(), AppError> {
    let shown = form.number(VERSION);
    if shown.is_some_and(|shown| shown != allowed.object().campaign.version) {
        return Err(AppError::Conflict("mail-campaign-changed"));
    }
    Ok(())
}

pub(super) async fn approve(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let of = allowed.object();
    let list = checking::list_of(&ctx, of).await?;
    let findings = checking::findings(&ctx, of, list.as_ref());
    let to = format!("{}/verifier", address(of));
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        let told = (NoticeKind::Error, "letter-blocked-errors");
        return Ok(ctx.redirect(&to, Some(told)));
    }
    let templates = composing::templates(&ctx.app, &of.space, &of.campaign, list.as_ref())?;
    let tx = ctx.app.db().write().await?;
    let (space, campaign) = (of.space.id, of.campaign.id);
    let templates = counting::counted(&ctx.app, &tx, space, campaign, templates).await?;
    commands::approve(&tx, &allowed, templates).await?;
    tx.commit().await?;
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "letter-approved"))))
}

pub(super) async fn reopen(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let tx = ctx.app.db().write().await?;
    commands::reopen(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, NoticeKind::Success, "letter-reopened"))
}

/// Now, or at a date and a time in the zone of the space.
pub(super) async fn start(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let of = allowed.object();
    let at = match form.optional("at") {
        None => None,
        Some(text) => {
            let zone = passerelle_web::context::zone(&of.space);
            let read = text
                .parse::<DateTime>()
                .and_then(|local| local.to_zoned(zone))
                .map(|zoned| zoned.timestamp().as_microsecond());
            match read {
                Ok(at) if at > ctx.now + MINUTE => Some(at),
                _ => {
                    let to = format!("{}/verifier", address(of));
                    let told = (NoticeKind::Error, "letter-schedule-wrong");
                    return Ok(ctx.redirect(&to, Some(told)));
                }
            }
        }
    };
    let tx = ctx.app.db().write().await?;
    commands::start(&tx, &allowed, at).await?;
    tx.commit().await?;
    if at.is_some() {
        let to = format!("{}/verifier", address(of));
        return Ok(ctx.redirect(&to, Some((NoticeKind::Success, "letter-scheduled-told"))));
    }
    Ok(back(&ctx, &allowed, NoticeKind::Success, "letter-started"))
}

pub(super) async fn pause(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let tx = ctx.app.db().write().await?;
    commands::pause(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, NoticeKind::Success, "letter-paused"))
}

pub(super) async fn resume(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let tx = ctx.app.db().write().await?;
    commands::resume(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, NoticeKind::Success, "letter-resumed"))
}

pub(super) async fn cancel(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let tx = ctx.app.db().write().await?;
    commands::cancel(&tx, &allowed).await?;
    tx.commit().await?;
    Ok(back(
        &ctx,
        &allowed,
        NoticeKind::Success,
        "letter-cancelled",
    ))
}

pub(super) async fn delete(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let tx = ctx.app.db().write().await?;
    commands::delete(&tx, &allowed).await?;
    tx.commit().await?;
    let to = list_address(&allowed.object().space);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "letter-deleted"))))
}

fn back(
    ctx: &Ctx,
    allowed: &Allowed<EditCampaign>,
    kind: NoticeKind,
    told: &'static str,
) -> Response {
    ctx.redirect(&address(allowed.object()), Some((kind, told)))
}

//! Copies of a letter for oneself, before it leaves to others.

use axum::response::Response;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::components::{Cell, Column, NoticeKind, Row, Status, Table, Tone};
use passerelle_web::form::is_email;
use passerelle_web::mail::Mail;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};

use super::steps::as_shown;
use super::{address, checking};
use crate::campaigns::access::{CampaignRef, EditCampaign};
use crate::campaigns::composing;
use crate::campaigns::trials::{self, Fate, Trial};

/// Copies for oneself at a time, at most.
const MOST: usize = 5;
/// Copies that the page tells of.
const SHOWN: u64 = 10;

/// Has a copy, as it is now, leave to a few addresses of one's own.
pub(super) async fn send_test(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    as_shown(&allowed, &form)?;
    let of = allowed.object();
    let typed = form.text("to").to_owned();
    let addresses: Vec<&str> = typed
        .split([',', ';', ' '])
        .filter(|text| !text.is_empty())
        .collect();
    let usable = !addresses.is_empty()
        && addresses.len() <= MOST
        && addresses.iter().all(|address| is_email(address));
    if !usable {
        return checking::show_wrong_test(&ctx, of, typed).await;
    }
    let mails = copies(&ctx, of, &addresses).await?;
    let tx = ctx.app.db().write().await?;
    for mail in &mails {
        trials::ask(&tx, of.campaign.id, mail).await?;
    }
    tx.commit().await?;
    let to = format!("{}/verifier", address(of));
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "letter-test-sent"))))
}

/// The copies, ready to leave.
async fn copies(ctx: &Ctx, of: &CampaignRef, to: &[&str]) -> Result<Vec<Mail>, AppError> {
    let content = &of.campaign.content;
    let list = checking::list_of(ctx, of).await?;
    let frame = composing::frame(&ctx.app, &of.space, &of.campaign, list.as_ref());
    let press = composing::press(&composing::compose(&of.campaign, &frame)?)?;
    let printed = press
        .print(&composing::nobody(&ctx.app, &of.campaign, &of.space))
        .map_err(|_| AppError::Conflict("mail-error-variables"))?;
    let subject = [("subject", printed.subject.into())];
    let subject = ctx.tr("letter-test-subject", &subject);
    let one = |address: &&str| Mail {
        id: ctx.app.env().id(),
        to: (*address).to_owned(),
        to_name: String::new(),
        from_name: content.from_name.clone(),
        reply_to: Some(content.reply_to.clone()),
        subject: subject.clone(),
        text: printed.text.clone(),
        html: printed.html.clone(),
        lang: content.lang,
        attachments: Vec::new(),
        space: Some(of.space.id),
        about: Some(of.campaign.id),
        unsubscribe: None,
        secret: false,
    };
    Ok(to.iter().map(one).collect())
}

/// What became of the last copies; none when none was asked for.
pub(super) async fn trials_shown(
    ctx: &Ctx,
    campaign: Uuid,
    zone: &jiff::tz::TimeZone,
) -> Result<Option<Table>, DbErr> {
    let trials = trials::of_campaign(ctx.app.db().read(), campaign, SHOWN).await?;
    let when = |at: Micros| format::datetime_short(at, zone, ctx.lang);
    let columns = ["letter-test-for", "letter-state", "letter-when"];
    let table = || {
        Table::new(
            "essais",
            ctx.t("letter-tests-title"),
            columns.map(|id| Column::new(ctx.t(id))),
        )
        .rows(trials.iter().map(|trial| {
            Row::new(
                Cell::text(&trial.recipient),
                [state(ctx, trial), Cell::text(when(trial.at))],
            )
        }))
    };
    Ok((!trials.is_empty()).then(table))
}

fn state(ctx: &Ctx, trial: &Trial) -> Cell {
    let (tone, id) = match trial.fate {
        Fate::Waiting if !trial.reason.is_empty() => (Tone::Warn, "letter-test-again"),
        Fate::Waiting => (Tone::InProgress, "letter-test-waiting"),
        Fate::Sent => (Tone::Success, "letter-test-taken"),
        Fate::Failed => (Tone::Danger, "letter-test-failed"),
    };
    let cell = Cell::status(Status::new(tone, ctx.t(id)));
    if trial.reason.is_empty() {
        return cell;
    }
    let why = ctx.t(&format!("delivery-why-{}", trial.reason));
    cell.note(format!("{why} {}", trial.detail))
}

//! The answers to a campaign.

use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Empty, NoticeKind};
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::{Value, json};

use crate::audience::model::Contact;
use crate::audience::store as audience;
use crate::campaigns::access::{CampaignRef, EditCampaign};
use crate::returns::store::{self, Answer};

/// Answers on a page.
const SHOWN: u64 = 100;

fn address(of: &CampaignRef) -> String {
    let space = &of.space.slug;
    format!("/e/{space}/gestion/lettres/{}/reponses", of.campaign.id)
}

/// The way to the answers, for the page of results; none when there are none.
pub(crate) async fn answers_of(ctx: &Ctx, of: &CampaignRef) -> Result<Option<Button>, AppError> {
    let (count, open) = store::answers_count(ctx.app.db().read(), of.campaign.id).await?;
    let words = ctx.tr(
        "returns-answers-link",
        &[("count", count.into()), ("open", open.into())],
    );
    Ok((count > 0).then(|| Button::link(words, address(of)).quiet().icon("mail")))
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditCampaign>) -> Result<Response, AppError> {
    let of = allowed.object();
    let db = ctx.app.db().read();
    let answers = store::answers(db, of.campaign.id, SHOWN).await?;
    let writers: Vec<Uuid> = answers.iter().map(|answer| answer.contact).collect();
    let writers = audience::contacts_of(db, &writers).await?;
    let shown: Vec<Value> = answers
        .iter()
        .map(|answer| one(&ctx, of, answer, &writers))
        .collect();
    let empty = Empty::new(
        ctx.t("returns-answers-empty"),
        ctx.t("returns-answers-empty-text"),
    );
    ctx.page("mailer/returns/answers", ctx.t("returns-answers-title"))
        .space(&of.space)
        .crumb(
            ctx.t("letter-list-title"),
            format!("/e/{}/gestion/lettres", of.space.slug),
        )
        .crumb(
            &of.campaign.name,
            format!("/e/{}/gestion/lettres/{}", of.space.slug, of.campaign.id),
        )
        .render(json!({
            "answers": shown,
            "empty": answers.is_empty().then_some(empty),
        }))
}

fn one(ctx: &Ctx, of: &CampaignRef, answer: &Answer, writers: &[Contact]) -> Value {
    let zone = passerelle_web::context::zone(&of.space);
    let writer = writers.iter().find(|contact| contact.id == answer.contact);
    let email = writer.map(|contact| contact.fields.email.clone());
    let name = writer.map_or_else(|| ctx.t("letter-recipient-forgotten"), Contact::name);
    let mark = format!("{}/{}", address(of), answer.id);
    let done = answer.read_at.is_some();
    let (word, icon) = if done {
        ("returns-answer-reopen", "refresh")
    } else {
        ("returns-answer-close", "check")
    };
    let write = email.map(|email| {
        let subject = format!("Re: {}", of.campaign.content.subject);
        let to = format!(
            "mailto:{}?subject={}",
            passerelle_web::context::urlencode(&email),
            passerelle_web::context::urlencode(&subject)
        );
        Button::link(ctx.t("returns-answer-write"), to)
            .quiet()
            .about(name.clone())
            .icon("mail")
    });
    json!({
        "id": answer.id,
        "name": name,
        "came": format::datetime(answer.at, &zone, ctx.lang),
        "subject": answer.subject,
        "paragraphs": answer.body.split("\n\n").collect::<Vec<_>>(),
        "bare": answer.is_bare.then(|| ctx.t("returns-answer-bare")),
        "done": done.then(|| ctx.t("returns-answer-closed")),
        "write": write,
        "mark": Button::post(ctx.t(word), mark).quiet().about(name).icon(icon).hidden("done", if done { "no" } else { "yes" }),
    })
}

pub(super) async fn set_read(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let done = form.text("done") == "yes";
    let tx = ctx.app.db().write().await?;
    let at = done.then(|| tx.env().now());
    if !store::set_read(&tx, of.campaign.id, params.id("answer")?, at).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    let told = if done {
        "returns-answer-closed-now"
    } else {
        "returns-answer-reopened"
    };
    Ok(ctx.redirect(&address(of), Some((NoticeKind::Success, told))))
}

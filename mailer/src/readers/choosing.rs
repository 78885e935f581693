//! Choosing what one receives, and stopping. A link shows a page and changes nothing; a button,
//! or the mail program that asks in its place (RFC 8058), does it at once.

use std::sync::Arc;

use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_kernel::journal::Actor;
use passerelle_web::components::{Button, Choice, Confirm, Field, FieldKind, Notice, NoticeKind};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Form, Lang, Params};
use serde_json::json;

use crate::audience::commands::{self, BY_PAGE};
use crate::audience::model::{Contact, List, ListKind, Status, Subscribed, line};
use crate::audience::store;
use crate::campaigns;
use crate::links::{ALERTS, Links};
use crate::watch::model::{Rhythm, departments};
use crate::watch::{self, alert_fields};

/// How somebody leaves by the button of their mail program.
const ONE_CLICK: &str = "one-click";

/// Whom a link is for.
struct Reader {
    token: String,
    contact: Contact,
    space: Arc<Space>,
    /// The list of the letter that the link was in.
    list: Option<List>,
    /// Whether it was in an alert of the watch.
    of_alert: bool,
}

/// Reads the link; none for a copy that was made for nobody.
async fn reader(ctx: &Ctx, params: &Params) -> Result<Option<Reader>, AppError> {
    let token = params.text("token").unwrap_or_default();
    let (contact, campaign) = Links::of(&ctx.app).read(token).ok_or(AppError::NotFound)?;
    if contact.is_nil() {
        return Ok(None);
    }
    let db = ctx.app.db();
    // Who was forgotten receives nothing: there is nothing to choose.
    let contact = store::contact(db.read(), contact)
        .await?
        .ok_or(AppError::NotFound)?;
    let space = ctx
        .app
        .directory()
        .space(db, contact.space)
        .await?
        .ok_or(AppError::NotFound)?;
    let list = match campaigns::store::campaign(db.read(), campaign).await? {
        Some(campaign) => match campaign.target.list {
            Some(list) => store::list(db.read(), list).await?,
            None => None,
        },
        None => None,
    };
    Ok(Some(Reader {
        token: token.to_owned(),
        contact,
        space,
        list,
        of_alert: campaign == ALERTS,
    }))
}

fn for_nobody(ctx: &Ctx) -> Result<Response, AppError> {
    ctx.page("mailer/readers/nobody", ctx.t("reader-nobody-title"))
        .render(json!({}))
}

pub(super) async fn page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some(reader) = reader(&ctx, &params).await? else {
        return for_nobody(&ctx);
    };
    show(&ctx, &reader).await
}

/// Lists that a reader sees: the public ones, and those that they are on or were.
async fn offered(ctx: &Ctx, reader: &Reader) -> Result<Vec<(List, Option<Subscribed>)>, AppError> {
    let db = ctx.app.db().read();
    let on = store::subscriptions(db, reader.contact.id).await?;
    let lists = store::lists(db, reader.space.id).await?;
    Ok(lists
        .into_iter()
        .filter(|(list, _)| list.closed_at.is_none())
        .map(|(list, _)| {
            let standing = on
                .iter()
                .find(|(id, ..)| *id == list.id)
                .map(|(_, state, ..)| *state);
            (list, standing)
        })
        .filter(|(list, standing)| list.kind == ListKind::Public || standing.is_some())
        .collect())
}

async fn show(ctx: &Ctx, reader: &Reader) -> Result<Response, AppError> {
    let offered = offered(ctx, reader).await?;
    let here = format!("/lettres/{}", reader.token);
    let fields = &reader.contact.fields;
    // Who wants nothing more receives none of them, wherever they stood.
    let blocked = reader.contact.status == Status::Blocked;
    let chosen: Vec<String> = offered
        .iter()
        .filter(|(_, standing)| !blocked && *standing == Some(Subscribed::Yes))
        .map(|(list, _)| list.id.to_string())
        .collect();
    let choices = offered.iter().map(|(list, _)| {
        let choice = Choice::new(list.id.to_string(), &list.name);
        if list.description.is_empty() {
            choice
        } else {
            choice.help(&list.description)
        }
    });
    let alerts = alert_fields(ctx, &reader.contact).await?;
    let data = json!({
        "alerts": (!alerts.is_empty()).then_some(alerts),
        "lead": ctx.tr("reader-lead", &[("address", fields.email.clone().into()), ("space", reader.space.name.clone().into())]),
        "blocked": blocked.then(|| Notice::new(NoticeKind::Info, ctx.t("reader-blocked"))),
        "action": here,
        "fields": [
            Field::new(FieldKind::Checkboxes, "list", ctx.t("reader-lists")).options(choices).chosen(&chosen),
            Field::text("given_name", ctx.t("contact-field-given_name")).value(&fields.given_name).maxlength(100).autocomplete("given-name"),
            Field::text("family_name", ctx.t("contact-field-family_name")).value(&fields.family_name).maxlength(100).autocomplete("family-name"),
            Field { required: true, ..Field::new(FieldKind::Select, "lang", ctx.t("contact-field-lang")) }
                .options([Lang::Fr, Lang::En].map(|lang| Choice::new(lang.code(), lang.own_name())))
                .chosen(&[fields.lang.code()]),
        ],
        "submit": Button::submit(ctx.t("reader-save")).icon("save"),
        "stop": (!blocked).then(|| Confirm::quiet("tout-arreter", ctx.t("reader-stop-all"), ctx.t("reader-stop-all-sentence"), here.clone()).hidden("stop", "all")),
        "contact": ctx.tr("reader-contact", &[("address", reader.space.body.data_protection_contact.clone().into())]),
    });
    ctx.page("mailer/readers/choices", ctx.t("reader-title"))
        .space(&reader.space)
        .render(data)
}

pub(super) async fn save(ctx: Ctx, params: Params, form: Form) -> Result<Response, AppError> {
    let Some(reader) = reader(&ctx, &params).await? else {
        return for_nobody(&ctx);
    };
    let tx = ctx.app.db().write().await?;
    let contact = &reader.contact;
    if form.text("stop") == "all" {
        commands::set_blocked(&tx, contact, true, BY_PAGE, Actor::Visitor).await?;
        tx.commit().await?;
        let to = format!("/lettres/{}", reader.token);
        return Ok(ctx.redirect(&to, Some((NoticeKind::Success, "reader-stopped-all"))));
    }
    let wanted = form.all("list").iter();
    let wanted: Vec<Uuid> = wanted.filter_map(|id| id.parse().ok()).collect();
    let offered = offered(&ctx, &reader).await?;
    commands::choose(&tx, contact, &offered, &wanted).await?;
    let mut fields = contact.fields.clone();
    fields.given_name = line(form.text("given_name"));
    fields.family_name = line(form.text("family_name"));
    fields.lang = Lang::from_code(form.text("lang")).unwrap_or(fields.lang);
    if let Some(rhythm) = Rhythm::parse(form.text("rhythm")) {
        // Themes are the space's: a reader chooses among them and makes none.
        let asked = form.all("theme");
        fields.themes = watch::store::themes_of(&*tx, contact.space).await?;
        fields.themes.retain(|name| asked.contains(name));
        let departments = departments(form.text("departments"));
        let actor = Actor::Visitor;
        watch::commands::choose(&tx, &reader.space, contact, rhythm, departments, actor).await?;
    }
    store::update_contact(&tx, contact.space, contact.id, &fields).await?;
    tx.commit().await?;
    let to = format!("/lettres/{}", reader.token);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "reader-saved"))))
}

pub(super) async fn stop_page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some(reader) = reader(&ctx, &params).await? else {
        return for_nobody(&ctx);
    };
    let here = format!("/lettres/{}", reader.token);
    let on = match &reader.list {
        None if reader.of_alert => has_alert(&ctx, &reader).await?,
        Some(list) => is_on(&ctx, &reader, list.id).await?,
        None => reader.contact.status != Status::Blocked,
    };
    let name = reader
        .list
        .as_ref()
        .map_or(&reader.space.name, |list| &list.name);
    let name = if reader.of_alert {
        ctx.t("alert-name")
    } else {
        name.clone()
    };
    let about = [
        ("list", name.into()),
        ("address", reader.contact.fields.email.clone().into()),
    ];
    let sentence = if on {
        "reader-stop-sentence"
    } else {
        "reader-stop-done"
    };
    ctx.page("mailer/readers/stop", ctx.t("reader-stop-title"))
        .space(&reader.space)
        .render(json!({
            "sentence": ctx.tr(sentence, &about),
            "stop": on.then(|| Button::post(ctx.t("reader-stop"), format!("{here}/arret"))),
            "choices": Button::link(ctx.t("reader-choices"), here).quiet(),
        }))
}

async fn is_on(ctx: &Ctx, reader: &Reader, list: Uuid) -> Result<bool, AppError> {
    let on = store::subscriptions(ctx.app.db().read(), reader.contact.id).await?;
    Ok(on
        .iter()
        .any(|(id, state, ..)| *id == list && *state == Subscribed::Yes))
}

async fn has_alert(ctx: &Ctx, reader: &Reader) -> Result<bool, AppError> {
    let alert = watch::store::alert(ctx.app.db().read(), reader.contact.id).await?;
    Ok(alert.is_some_and(|alert| alert.rhythm != Rhythm::Never))
}

/// Stops at once; asked twice, it is done once.
pub(super) async fn stop(ctx: Ctx, params: Params, form: Form) -> Result<Response, AppError> {
    let Some(reader) = reader(&ctx, &params).await? else {
        return for_nobody(&ctx);
    };
    let by = if form.text("List-Unsubscribe") == "One-Click" {
        ONE_CLICK
    } else {
        BY_PAGE
    };
    let tx = ctx.app.db().write().await?;
    match &reader.list {
        None if reader.of_alert => {
            let (space, contact) = (&reader.space, &reader.contact);
            let actor = Actor::Visitor;
            watch::commands::choose(&tx, space, contact, Rhythm::Never, Vec::new(), actor).await?;
        }
        Some(list) => {
            commands::unsubscribe(&tx, &reader.contact, list.id, by, Actor::Visitor).await?;
        }
        None => {
            commands::set_blocked(&tx, &reader.contact, true, by, Actor::Visitor).await?;
        }
    }
    tx.commit().await?;
    let to = format!("/lettres/{}/arret", reader.token);
    Ok(ctx.redirect(&to, None))
}

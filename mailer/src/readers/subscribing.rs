//! Subscribing to the public lists of a space: asked on a page, confirmed by a mail. The page says
//! the same to everybody: it tells nobody who is known.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_text::address;
use passerelle_web::components::{
    Button, Choice, ErrorSummary, Field, FieldKind, Notice, NoticeKind,
};
use passerelle_web::directory::Space;
use passerelle_web::limits::Place;
use passerelle_web::mail::{Recipient, send};
use passerelle_web::{AppError, Ctx, Form, Loaded, Params};
use serde_json::json;

use crate::audience::commands;
use crate::audience::model::{
    Basis, Contact, ContactFields, List, ListKind, Status, Subscribed, line,
};
use crate::audience::store;
use crate::links::Links;

async fn space(ctx: &Ctx, params: &Params) -> Result<Arc<Space>, AppError> {
    Arc::<Space>::load(ctx, params)
        .await?
        .ok_or(AppError::NotFound)
}

async fn public_lists(ctx: &Ctx, space: &Space) -> Result<Vec<List>, AppError> {
    let lists = store::lists(ctx.app.db().read(), space.id).await?;
    Ok(lists
        .into_iter()
        .map(|(list, _)| list)
        .filter(|list| list.kind == ListKind::Public && list.closed_at.is_none())
        .collect())
}

pub(super) async fn form(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let space = space(&ctx, &params).await?;
    let lists = public_lists(&ctx, &space).await?;
    show(&ctx, &space, &lists, &Form::default(), &[])
}

fn show(
    ctx: &Ctx,
    space: &Space,
    lists: &[List],
    form: &Form,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, message)| ctx.t(message))
    };
    let choices = lists.iter().map(|list| {
        let choice = Choice::new(list.id.to_string(), &list.name);
        if list.description.is_empty() {
            choice
        } else {
            choice.help(&list.description)
        }
    });
    // Nothing is ticked beforehand: agreeing is an act.
    let fields = [
        Field::new(FieldKind::Checkboxes, "list", ctx.t("subscribe-lists"))
            .options(choices)
            .chosen(form.all("list"))
            .error(error("list")),
        Field::new(FieldKind::Email, "email", ctx.t("contact-field-email"))
            .value(form.text("email"))
            .required()
            .autocomplete("email")
            .error(error("email")),
        Field::text("given_name", ctx.t("subscribe-given-name"))
            .value(form.text("given_name"))
            .maxlength(100)
            .autocomplete("given-name"),
        Field::text("family_name", ctx.t("subscribe-family-name"))
            .value(form.text("family_name"))
            .maxlength(100)
            .autocomplete("family-name"),
    ];
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let about = [("space", space.name.clone().into())];
    ctx.page("mailer/readers/subscribe", ctx.t("subscribe-title"))
        .space(space)
        .description(ctx.tr("subscribe-lead", &about))
        .status(status)
        .render(json!({
            "lead": ctx.tr("subscribe-lead", &about),
            "none": lists.is_empty().then(|| Notice::new(NoticeKind::Info, ctx.t("subscribe-none"))),
            "action": format!("/e/{}/abonnement", space.slug),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "rights": ctx.tr("subscribe-rights", &about),
            "privacy": format!("/confidentialite?espace={}", space.slug),
            "submit": Button::submit(ctx.t("subscribe-do")).icon("mail"),
        }))
}

pub(super) async fn ask(
    ctx: Ctx,
    params: Params,
    place: Place,
    form: Form,
) -> Result<Response, AppError> {
    let space = space(&ctx, &params).await?;
    let lists = public_lists(&ctx, &space).await?;
    let wanted: Vec<&List> = lists
        .iter()
        .filter(|list| form.all("list").contains(&list.id.to_string()))
        .collect();
    let address = address::read(form.text("email"));
    let mut problems = Vec::new();
    if wanted.is_empty() {
        problems.push(("list", "subscribe-error-list"));
    }
    if let Err(problem) = address {
        problems.push(("email", problem.message()));
    }
    let Some(address) = address.ok().filter(|_| problems.is_empty()) else {
        return show(&ctx, &space, &lists, &form, &problems);
    };
    let tx = ctx.app.db().write().await?;
    // Each list is a mail to an address that may be somebody else's.
    place
        .charge(&ctx.app, &tx, "subscribe", wanted.len())
        .await?;
    let contact = match store::contact_by_key(&*tx, space.id, &address.key).await? {
        Some(contact) => contact,
        None => {
            let fields = ContactFields {
                email: address.written.clone(),
                given_name: line(form.text("given_name")),
                family_name: line(form.text("family_name")),
                lang: ctx.lang,
                basis: Basis::Consent,
                source: ctx.app.words().text(space.lang, "subscribe-source"),
                purpose: ctx.app.words().text(space.lang, "contact-purpose-default"),
                ..ContactFields::default()
            };
            commands::add_contact(&ctx.app, &tx, space.id, fields, Status::Unconfirmed).await?
        }
    };
    for list in wanted {
        ask_one(&ctx, &tx, &space, &contact, list).await?;
    }
    tx.commit().await?;
    ctx.page("mailer/readers/asked", ctx.t("subscribe-asked-title"))
        .space(&space)
        .render(json!({"text": ctx.tr("subscribe-asked", &[("address", address.written.into())])}))
}

/// Writes that somebody asks for a list, and sends the mail that asks them whether they did.
async fn ask_one(
    ctx: &Ctx,
    tx: &passerelle_kernel::WriteTx,
    space: &Space,
    contact: &Contact,
    list: &List,
) -> Result<(), AppError> {
    if !commands::ask(tx, contact, list).await? {
        return Ok(());
    }
    let to = Recipient {
        email: &contact.fields.email,
        // Whoever filled in the form may be a stranger: their words do not leave in our name.
        name: "",
        lang: contact.fields.lang,
    };
    let data = json!({
        "list": list.name,
        "description": list.description,
        "space": space.name,
        "href": Links::of(&ctx.app).confirm(contact.id, list.id),
    });
    let mut mail = ctx.app.write_mail(
        "mailer/readers/mail/confirm",
        to,
        &space.name,
        data,
        &space.zone,
    )?;
    mail.space = Some(space.id);
    mail.about = Some(contact.id);
    Ok(send(tx, &mail).await?)
}

/// What a link confirms; the contact is none once it was forgotten.
async fn confirmed(
    ctx: &Ctx,
    params: &Params,
) -> Result<(Option<Contact>, List, Arc<Space>), AppError> {
    let token = params.text("token").unwrap_or_default();
    let (contact, list) = Links::of(&ctx.app)
        .read_confirm(token)
        .ok_or(AppError::NotFound)?;
    let db = ctx.app.db();
    let contact = store::contact(db.read(), contact).await?;
    let list = store::list(db.read(), list)
        .await?
        .ok_or(AppError::NotFound)?;
    let space = ctx
        .app
        .directory()
        .space(db, list.space)
        .await?
        .ok_or(AppError::NotFound)?;
    if contact.as_ref().is_some_and(|one| one.space != space.id) {
        return Err(AppError::NotFound);
    }
    Ok((contact, list, space))
}

/// Who confirmed nothing was forgotten, and may ask again.
fn gone(ctx: &Ctx, space: &Space) -> Response {
    let page = format!("/e/{}/abonnement", space.slug);
    ctx.redirect(&page, Some((NoticeKind::Warn, "subscribe-gone")))
}

/// A link that a mail server follows by itself confirms nothing: the button does.
pub(super) async fn confirm_page(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (contact, list, space) = confirmed(&ctx, &params).await?;
    let Some(contact) = contact else {
        return Ok(gone(&ctx, &space));
    };
    let standing = store::subscriptions(ctx.app.db().read(), contact.id).await?;
    let on = contact.status == Status::Enabled
        && standing
            .iter()
            .any(|(id, state, ..)| *id == list.id && *state == Subscribed::Yes);
    let about = [
        ("list", list.name.clone().into()),
        ("address", contact.fields.email.clone().into()),
    ];
    let here = format!("/abonnement/{}", params.text("token").unwrap_or_default());
    let links = Links::of(&ctx.app);
    let token = links.token(contact.id, passerelle_kernel::Uuid::nil());
    ctx.page("mailer/readers/confirm", ctx.t("subscribe-confirm-title"))
        .space(&space)
        .render(json!({
            "sentence": ctx.tr(if on { "subscribe-confirmed" } else { "subscribe-confirm-sentence" }, &about),
            "confirm": (!on).then(|| Button::post(ctx.t("subscribe-confirm"), here).icon("check")),
            "choices": on.then(|| Button::link(ctx.t("reader-choices"), format!("/lettres/{token}")).quiet()),
        }))
}

pub(super) async fn confirm(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (contact, list, space) = confirmed(&ctx, &params).await?;
    let Some(contact) = contact else {
        return Ok(gone(&ctx, &space));
    };
    let tx = ctx.app.db().write().await?;
    commands::confirm(&tx, &contact, &list).await?;
    tx.commit().await?;
    let to = format!("/abonnement/{}", params.text("token").unwrap_or_default());
    Ok(ctx.redirect(&to, None))
}

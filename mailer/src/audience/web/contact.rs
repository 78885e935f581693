//! One contact: what is said of it, what it receives, and forgetting it.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Choice, Confirm, ErrorSummary, Fact, Facts, Field, FieldKind, Notice, NoticeKind, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Lang, format};
use serde_json::json;

use super::contacts::sign;
use super::contacts_address;
use crate::audience::access::{ContactRef, EditContact, ManageContacts};
use crate::audience::commands::{self, AudienceError};
use crate::audience::model::{Basis, Contact, ContactFields, MAX_FIELD, Status, Subscribed};
use crate::audience::store;
use crate::returns::contact_returns;

/// How somebody came on a list, or left it, when it is done here.
const BY_HAND: &str = "hand";

fn fields(ctx: &Ctx, known: &ContactFields, problems: &[(&str, &str)]) -> Vec<Field> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, message)| ctx.t(message))
    };
    let text = |name: &str, value: &str| {
        Field::text(name, ctx.t(&format!("contact-field-{name}")))
            .value(value)
            .maxlength(MAX_FIELD as u32)
            .autocomplete("off")
            .error(error(name))
    };
    let list = |name: &str, names: &[String]| {
        text(name, &names.join(", "))
            .help(ctx.t("contact-field-tags-help"))
            .width(Width::Full)
    };
    let select = |name: &str| Field {
        required: true,
        ..Field::new(
            FieldKind::Select,
            name,
            ctx.t(&format!("contact-field-{name}")),
        )
    };
    vec![
        Field {
            kind: FieldKind::Email,
            ..text("email", &known.email)
        }
        .required(),
        text("given_name", &known.given_name),
        text("family_name", &known.family_name),
        text("organisation", &known.organisation),
        text("job", &known.job),
        text("department", &known.department),
        list("networks", &known.networks),
        list("themes", &known.themes),
        select("lang")
            .options([Lang::Fr, Lang::En].map(|lang| Choice::new(lang.code(), lang.own_name())))
            .chosen(&[known.lang.code()]),
        select("basis")
            .help(ctx.t("contact-field-basis-help"))
            .options(Basis::ALL.iter().map(|basis| {
                Choice::new(
                    basis.code(),
                    ctx.t(&format!("contact-basis-{}", basis.code())),
                )
            }))
            .chosen(&[known.basis.code()]),
        text("source", &known.source)
            .help(ctx.t("contact-field-source-help"))
            .required(),
        text("purpose", &known.purpose)
            .help(ctx.t("contact-field-purpose-help"))
            .required(),
    ]
}

pub(super) async fn add_form(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
) -> Result<Response, AppError> {
    let known = ContactFields {
        purpose: ctx.t("contact-purpose-default"),
        ..ContactFields::default()
    };
    show_add(&ctx, allowed.object(), &known, &[])
}

fn show_add(
    ctx: &Ctx,
    space: &Space,
    known: &ContactFields,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let fields = fields(ctx, known, problems);
    let list = contacts_address(space);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    ctx.page("mailer/audience/contact-add", ctx.t("contact-add-title"))
        .space(space)
        .crumb(ctx.t("contact-title"), &list)
        .status(status)
        .render(json!({
            "action": format!("{list}/nouveau"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("contact-add-do")).icon("plus"),
                Button::link(ctx.t("contact-cancel"), list).quiet(),
            ],
        }))
}

pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<ManageContacts>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let new = ContactFields::parse(&form);
    let problems = new.problems();
    if !problems.is_empty() {
        return show_add(&ctx, space, &new, &problems);
    }
    let tx = ctx.app.db().write().await?;
    let added = commands::add_contact(&ctx.app, &tx, space.id, new.clone(), Status::Enabled).await;
    let contact = match added {
        Ok(contact) => contact,
        Err(AudienceError::Taken) => {
            tx.rollback().await?;
            return show_add(&ctx, space, &new, &[("email", "mail-error-taken")]);
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    let to = format!("{}/{}", contacts_address(space), contact.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "contact-added"))))
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditContact>) -> Result<Response, AppError> {
    let of = allowed.object();
    show(&ctx, of, &of.contact.fields, &[]).await
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditContact>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let fields = ContactFields::parse(&form);
    let problems = fields.problems();
    if !problems.is_empty() {
        return show(&ctx, of, &fields, &problems).await;
    }
    let tx = ctx.app.db().write().await?;
    match commands::change_contact(&ctx.app, &tx, &of.contact, &fields).await {
        Ok(()) => tx.commit().await?,
        Err(AudienceError::Taken) => {
            tx.rollback().await?;
            return show(&ctx, of, &fields, &[("email", "mail-error-taken")]).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(back(&ctx, of, "contact-saved"))
}

fn here(of: &ContactRef) -> String {
    format!("{}/{}", contacts_address(&of.space), of.contact.id)
}

fn back(ctx: &Ctx, of: &ContactRef, told: &'static str) -> Response {
    ctx.redirect(&here(of), Some((NoticeKind::Success, told)))
}

async fn show(
    ctx: &Ctx,
    of: &ContactRef,
    known: &ContactFields,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let contact = &of.contact;
    let lists = store::lists(db, of.space.id).await?;
    let on = store::subscriptions(db, contact.id).await?;
    let zone = passerelle_web::context::zone(&of.space);
    let here = here(of);
    let fields = fields(ctx, known, problems);
    let choices = lists
        .iter()
        .filter(|(list, _)| list.closed_at.is_none())
        .map(|(list, _)| {
            let standing = on.iter().find(|(id, ..)| *id == list.id);
            let choice = Choice::new(list.id.to_string(), &list.name);
            match standing {
                Some((_, state, source, at)) => {
                    let since = format::date(*at, &zone, ctx.lang);
                    let how = ctx.t(&format!("contact-how-{source}"));
                    let said = [("date", since.into()), ("how", how.into())];
                    choice.help(ctx.tr(&format!("contact-standing-{}", state.code()), &said))
                }
                None => choice,
            }
        });
    let chosen: Vec<String> = on
        .iter()
        .filter(|(_, state, ..)| *state == Subscribed::Yes)
        .map(|(id, ..)| id.to_string())
        .collect();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let blocked = contact.status == Status::Blocked || contact.status == Status::Bounced;
    let facts = vec![
        Fact::new(
            ctx.t("contact-since"),
            format::date(contact.created_at, &zone, ctx.lang),
        ),
        Fact::new(
            ctx.t("contact-account"),
            ctx.t(if contact.person.is_some() {
                "contact-account-yes"
            } else {
                "contact-account-no"
            }),
        ),
    ];
    let returned = contact_returns(ctx, contact.id, &zone).await?;
    let data = json!({
        "status": sign(ctx, contact),
        "why": (contact.status != Status::Enabled).then(|| Notice::new(NoticeKind::Info, ctx.t(&format!("contact-why-{}", contact.status.code())))),
        "action": here,
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("contact-save")).icon("save"),
        "lists_action": format!("{here}/listes"),
        "lists": (!lists.is_empty()).then(|| Field::new(FieldKind::Checkboxes, "list", ctx.t("contact-lists")).help(ctx.t("contact-lists-help")).options(choices).chosen(&chosen)),
        "lists_submit": Button::submit(ctx.t("contact-lists-save")).quiet().icon("save"),
        "facts": Facts { items: facts, columns: true },
        "returned": returned,
        "block": (!blocked).then(|| Confirm::quiet("bloquer", ctx.t("contact-block"), ctx.t("contact-block-sentence"), format!("{here}/bloquer"))),
        "unblock": blocked.then(|| Confirm::quiet("debloquer", ctx.t("contact-unblock"), ctx.t("contact-unblock-sentence"), format!("{here}/debloquer"))),
        "forget": Confirm::danger("oublier", ctx.t("contact-forget"), ctx.t("contact-forget-sentence"), format!("{here}/oublier"))
            .consequence(ctx.t("contact-forget-consequence")),
    });
    ctx.page("mailer/audience/contact", contact.name())
        .space(&of.space)
        .crumb(ctx.t("contact-title"), contacts_address(&of.space))
        .status(status)
        .render(data)
}

/// Puts the contact on the lists that are ticked, and takes it off the others.
pub(super) async fn subscriptions(
    ctx: Ctx,
    allowed: Allowed<EditContact>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let lists = store::lists(ctx.app.db().read(), of.space.id).await?;
    let tx = ctx.app.db().write().await?;
    for (list, _) in lists.iter().filter(|(list, _)| list.closed_at.is_none()) {
        let ticked = form.all("list").contains(&list.id.to_string());
        let on = is_on(&tx, &of.contact, list.id).await?;
        if ticked && !on {
            commands::subscribe(&tx, &of.contact, list, BY_HAND, allowed.actor()).await?;
        } else if !ticked && on {
            commands::unsubscribe(&tx, &of.contact, list.id, BY_HAND, allowed.actor()).await?;
        }
    }
    tx.commit().await?;
    Ok(back(&ctx, of, "contact-saved"))
}

async fn is_on(
    tx: &passerelle_kernel::WriteTx,
    contact: &Contact,
    list: passerelle_kernel::Uuid,
) -> Result<bool, AppError> {
    let on = store::subscriptions(&**tx, contact.id).await?;
    Ok(on
        .iter()
        .any(|(id, state, ..)| *id == list && *state == Subscribed::Yes))
}

pub(super) async fn block(ctx: Ctx, allowed: Allowed<EditContact>) -> Result<Response, AppError> {
    set_blocked(&ctx, &allowed, true, "contact-blocked").await
}

pub(super) async fn unblock(ctx: Ctx, allowed: Allowed<EditContact>) -> Result<Response, AppError> {
    set_blocked(&ctx, &allowed, false, "contact-unblocked").await
}

async fn set_blocked(
    ctx: &Ctx,
    allowed: &Allowed<EditContact>,
    blocked: bool,
    told: &'static str,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    commands::set_blocked(
        &tx,
        &allowed.object().contact,
        blocked,
        BY_HAND,
        allowed.actor(),
    )
    .await?;
    tx.commit().await?;
    Ok(back(ctx, allowed.object(), told))
}

pub(super) async fn forget(ctx: Ctx, allowed: Allowed<EditContact>) -> Result<Response, AppError> {
    let of = allowed.object();
    let tx = ctx.app.db().write().await?;
    commands::forget(&tx, &of.contact, allowed.actor()).await?;
    tx.commit().await?;
    let to = contacts_address(&of.space);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "contact-forgotten"))))
}

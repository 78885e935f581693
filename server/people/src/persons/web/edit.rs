//! Adding somebody to a space, changing what it knows of them.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, Field, NoticeKind};
use passerelle_web::directory::tell_renamed;
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::account::send_invitation;
use super::{address, fields, list_address};
use crate::accounts::commands::{AccountError, NewAccount, create_account};
use crate::accounts::model::identifier_problem;
use crate::names;
use crate::persons::commands::{Found, PersonError, edit_person, find_or_create};
use crate::persons::model::{AccountState, PersonDraft};
use crate::persons::policy::{CreatePerson, EditPerson, PersonInSpace};
use crate::persons::store;

pub(super) async fn new(ctx: Ctx, allowed: Allowed<CreatePerson>) -> Result<Response, AppError> {
    let draft = PersonDraft {
        lang: allowed.object().lang,
        ..PersonDraft::default()
    };
    show_new(&ctx, &allowed, &draft, "", true, &[])
}

pub(super) async fn create(
    ctx: Ctx,
    allowed: Allowed<CreatePerson>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let draft = PersonDraft::parse(&form);
    let identifier = names::identifier(form.text("identifier"));
    let wants_invitation = form.has("invite");
    let mut problems = draft.problems();
    if !identifier.is_empty() && identifier_problem(&identifier).is_some() {
        problems.push(("identifier", "account-error-identifier"));
    }
    if !problems.is_empty() {
        return show_new(
            &ctx,
            &allowed,
            &draft,
            &identifier,
            wants_invitation,
            &problems,
        );
    }
    let refused = |field, message| {
        show_new(
            &ctx,
            &allowed,
            &draft,
            &identifier,
            wants_invitation,
            &[(field, message)],
        )
    };
    let tx = ctx.app.db().write().await?;
    let id = match add(&tx, &allowed, &draft, &identifier).await {
        Ok(Found::Here(_)) => return refused("email", "person-error-here"),
        Ok(found) => found.id(),
        Err(PersonError::Account(AccountError::IdentifierTaken(_))) => {
            return refused("identifier", "account-error-identifier-taken");
        }
        Err(error) => return Err(error.into()),
    };
    let record = store::record(&*tx, space.id, id)
        .await?
        .ok_or(AppError::NotFound)?;
    let waiting = record.account == AccountState::Waiting;
    let target = PersonInSpace {
        space: space.clone(),
        record,
    };
    let to = address(&target);
    let mut notice = "person-created";
    if wants_invitation && waiting {
        // The person and the invitation are one write: neither is there without the other.
        let sent = send_invitation(&ctx, &tx, &Allowed::check(&ctx.who, target)?).await?;
        notice = if sent {
            "person-created-invited"
        } else {
            "person-created-unreachable"
        };
    }
    tx.commit().await?;
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, notice))))
}

/// With an identifier of their own, somebody is always new: an identifier is not shared.
async fn add(
    tx: &passerelle_kernel::WriteTx,
    allowed: &Allowed<CreatePerson>,
    draft: &PersonDraft,
    identifier: &str,
) -> Result<Found, PersonError> {
    let (space, actor) = (allowed.object().id, allowed.actor());
    let own = !identifier.is_empty() && Some(identifier) != draft.email.as_deref();
    if !own {
        return find_or_create(tx, space, &draft.person(), draft.lang, actor).await;
    }
    let name = names::search_name(&draft.given_name, &draft.family_name);
    if let Some(id) = store::same(&**tx, space, draft.email.as_deref(), &name).await? {
        return Ok(Found::Here(id));
    }
    let id = crate::persons::create_person(tx, space, &draft.person(), draft.lang, actor).await?;
    let account = NewAccount {
        identifier: identifier.to_owned(),
        password_hash: None,
    };
    create_account(tx, space, id, account, actor).await?;
    Ok(Found::New(id))
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditPerson>) -> Result<Response, AppError> {
    let person = &allowed.object().record;
    let draft = PersonDraft {
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        email: person.email.clone(),
        organisation: person.organisation.clone(),
        lang: person.lang,
    };
    show_edit(&ctx, &allowed, &draft, &[])
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditPerson>,
    form: Form,
) -> Result<Response, AppError> {
    let mut draft = PersonDraft::parse(&form);
    let person = &allowed.object().record;
    if person.is_shared() {
        draft.given_name.clone_from(&person.given_name);
        draft.family_name.clone_from(&person.family_name);
        draft.lang = person.lang;
    }
    let problems = draft.problems();
    if !problems.is_empty() {
        return show_edit(&ctx, &allowed, &draft, &problems);
    }
    let tx = ctx.app.db().write().await?;
    edit_person(&tx, &allowed, &draft).await?;
    tell_renamed(ctx.app.registry(), &tx, person.id).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &address(allowed.object()),
        Some((NoticeKind::Success, "person-saved")),
    ))
}

fn status(problems: &[(&str, &str)]) -> StatusCode {
    if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

fn show_new(
    ctx: &Ctx,
    allowed: &Allowed<CreatePerson>,
    draft: &PersonDraft,
    identifier: &str,
    invite: bool,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let space = allowed.object();
    let mut fields = fields(ctx, draft, problems, true);
    let error = problems
        .iter()
        .find(|(field, _)| *field == "identifier")
        .map(|(_, message)| ctx.t(message));
    fields.push(
        Field::text("identifier", ctx.t("account-identifier"))
            .help(ctx.t("person-identifier-new-help"))
            .value(identifier)
            .autocomplete("off")
            .error(error),
    );
    fields.push(
        Field::checkbox("invite", ctx.t("person-invite-now"))
            .checked(invite)
            .help(ctx.t("person-invite-help")),
    );
    let list = list_address(space);
    ctx.page("people/persons/edit", ctx.t("person-new-title"))
        .space(space)
        .crumb(ctx.t("person-list-title"), &list)
        .status(status(problems))
        .render(json!({
            "action": format!("{list}/nouvelle"),
            "shared": false,
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("person-new-do")).icon("user-plus"),
                Button::link(ctx.t("person-cancel"), list).quiet(),
            ],
        }))
}

fn show_edit(
    ctx: &Ctx,
    allowed: &Allowed<EditPerson>,
    draft: &PersonDraft,
    problems: &[(&str, &str)],
) -> Result<Response, AppError> {
    let target = allowed.object();
    let shared = target.record.is_shared();
    let fields = fields(ctx, draft, problems, !shared);
    let person = address(target);
    ctx.page(
        "people/persons/edit",
        ctx.tr(
            "person-edit-title",
            &[("name", target.record.name().into())],
        ),
    )
    .space(&target.space)
    .crumb(ctx.t("person-list-title"), list_address(&target.space))
    .crumb(target.record.name(), &person)
    .status(status(problems))
    .render(json!({
        "action": format!("{person}/modifier"),
        "shared": shared,
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "buttons": [
            Button::submit(ctx.t("person-save")).icon("save"),
            Button::link(ctx.t("person-cancel"), person).quiet(),
        ],
    }))
}

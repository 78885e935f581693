//! Adding a provider: its address is enough, the rest is discovered.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, Field, NoticeKind, Width};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::{address, allows_http, list_address};
use crate::protocol::{self, Refused};
use crate::providers::access::ManageProviders;
use crate::providers::commands;
use crate::providers::known::outgoing;
use crate::providers::model::NewProvider;

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ManageProviders>,
) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), &Form::default(), &[])
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageProviders>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let mut new = NewProvider::parse(&form);
    let mut problems: Vec<(&str, String)> = new
        .problems(allows_http(&ctx.app))
        .into_iter()
        .map(|(field, id)| (field, ctx.t(id)))
        .collect();
    if problems.is_empty()
        && let Err(error) = settle(&ctx, &mut new).await
    {
        let why = [("why", super::reason(&ctx, &error).into())];
        problems.push(("issuer", ctx.tr("oidc-error-discovery", &why)));
    }
    if !problems.is_empty() {
        return show(&ctx, space, &form, &problems);
    }
    let tx = ctx.app.db().write().await?;
    let id = commands::add(&tx, &allowed, new).await?;
    tx.commit().await?;
    let to = address(space, id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "oidc-added"))))
}

/// Asks the provider what it is; an address typed with a slash too many is put right.
async fn settle(ctx: &Ctx, new: &mut NewProvider) -> Result<(), Refused> {
    let outgoing = outgoing(&ctx.app)?;
    match protocol::discover(&outgoing, &new.issuer).await {
        Err(why @ (Refused::Configuration(_) | Refused::Issuer(_))) => {
            let other = new.other_issuer();
            protocol::discover(&outgoing, &other)
                .await
                .map_err(|_| why)?;
            new.issuer = other;
            Ok(())
        }
        found => found.map(|_| ()),
    }
}

fn show(
    ctx: &Ctx,
    space: &Space,
    form: &Form,
    problems: &[(&str, String)],
) -> Result<Response, AppError> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, message)| message.clone())
    };
    let fields = [
        Field::text("name", ctx.t("oidc-field-name"))
            .help(ctx.t("oidc-field-name-help"))
            .value(form.text("name"))
            .required()
            .maxlength(60)
            .autocomplete("off")
            .error(error("name")),
        Field::text("issuer", ctx.t("oidc-field-issuer"))
            .help(ctx.t("oidc-field-issuer-help"))
            .value(form.text("issuer"))
            .required()
            .width(Width::Full)
            .autocomplete("off")
            .error(error("issuer")),
    ];
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let list = list_address(space);
    ctx.page("oidc/providers/add", ctx.t("oidc-add-title"))
        .space(space)
        .crumb(ctx.t("oidc-list-title"), &list)
        .status(status)
        .render(json!({
            "action": format!("{list}/nouveau"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("oidc-add-do")).icon("plus"),
                Button::link(ctx.t("oidc-cancel"), list).quiet(),
            ],
        }))
}

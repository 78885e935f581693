//! One provider: the addresses to give it, who we are for it, how the last sign-ins went.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Column, Confirm, Empty, ErrorSummary, Fact, Facts, Field, FieldKind, Notice,
    NoticeKind, Row, Status, Table, Tone, Width,
};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::{address, list_address};
use crate::providers::access::{EditProvider, ProviderRef};
use crate::providers::commands;
use crate::providers::known;
use crate::providers::model::{ClientSettings, Event};
use crate::providers::store;
use crate::signing_in::addresses;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditProvider>) -> Result<Response, AppError> {
    let of = allowed.object();
    show(&ctx, of, &of.provider.client, &[], None).await
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditProvider>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let client = ClientSettings::parse(&form, &of.provider.client);
    let problems = client.problems();
    if !problems.is_empty() {
        return show(&ctx, of, &client, &problems, None).await;
    }
    let tx = ctx.app.db().write().await?;
    commands::set_client(&tx, &allowed, &client).await?;
    tx.commit().await?;
    Ok(back(&ctx, &allowed, "oidc-saved"))
}

/// Asks the provider what it is, and says what came.
pub(super) async fn test(ctx: Ctx, allowed: Allowed<EditProvider>) -> Result<Response, AppError> {
    let of = allowed.object();
    let found = match known::ask(&ctx.app, &of.provider, ctx.now).await {
        Ok(metadata) => {
            let count = [("count", metadata.jwks().keys().len().into())];
            (NoticeKind::Success, ctx.tr("oidc-test-keys", &count))
        }
        Err(error) => {
            let why = [("why", super::reason(&ctx, &error).into())];
            (NoticeKind::Error, ctx.tr("oidc-test-failed", &why))
        }
    };
    show(&ctx, of, &of.provider.client, &[], Some(found)).await
}

pub(super) async fn close(ctx: Ctx, allowed: Allowed<EditProvider>) -> Result<Response, AppError> {
    set_closed(&ctx, &allowed, true, "oidc-notice-closed").await
}

pub(super) async fn open(ctx: Ctx, allowed: Allowed<EditProvider>) -> Result<Response, AppError> {
    set_closed(&ctx, &allowed, false, "oidc-notice-opened").await
}

async fn set_closed(
    ctx: &Ctx,
    allowed: &Allowed<EditProvider>,
    closed: bool,
    told: &'static str,
) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    commands::set_closed(&tx, allowed, closed).await?;
    tx.commit().await?;
    Ok(back(ctx, allowed, told))
}

fn back(ctx: &Ctx, allowed: &Allowed<EditProvider>, told: &'static str) -> Response {
    let of = allowed.object();
    let to = address(&of.space, of.provider.id);
    ctx.redirect(&to, Some((NoticeKind::Success, told)))
}

async fn show(
    ctx: &Ctx,
    of: &ProviderRef,
    client: &ClientSettings,
    problems: &[(&str, &str)],
    found: Option<(NoticeKind, String)>,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let provider = &of.provider;
    let events = store::events_of(db, provider.id).await?;
    let linked = store::linked(db, provider.id).await?;
    let here = address(&of.space, provider.id);
    let fields = fields(ctx, of, client, problems);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let zone = passerelle_web::context::zone(&of.space);
    let facts = vec![
        Fact::new(ctx.t("oidc-field-issuer"), provider.issuer.as_str()),
        Fact::new(ctx.t("oidc-linked"), format::number(linked, ctx.lang)),
        Fact::new(
            ctx.t("oidc-since"),
            format::date(provider.created_at, &zone, ctx.lang),
        ),
    ];
    let data = json!({
        "status": super::list::status(ctx, provider),
        "found": found.map(|(kind, text)| Notice::new(kind, text)),
        "addresses": given(ctx, of)?,
        "action": here,
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("oidc-save")).icon("save"),
        "test": Button::post(ctx.t("oidc-test"), format!("{here}/essai")).quiet().icon("refresh"),
        "events": events_table(ctx, &events, &zone),
        "facts": Facts { items: facts, columns: false },
        "close": provider.closed_at.is_none().then(|| {
            Confirm::quiet("fermer", ctx.t("oidc-close"), ctx.t("oidc-close-sentence"), format!("{here}/fermer"))
                .consequence(ctx.t("oidc-close-consequence"))
        }),
        "reopen": provider.closed_at.is_some().then(|| {
            Button::post(ctx.t("oidc-reopen"), format!("{here}/rouvrir")).icon("undo")
        }),
    });
    ctx.page("oidc/providers/show", &provider.name)
        .space(&of.space)
        .crumb(ctx.t("oidc-list-title"), list_address(&of.space))
        .status(status)
        .render(data)
}

/// What the provider asks for: our own addresses.
fn given(ctx: &Ctx, of: &ProviderRef) -> Result<Facts, AppError> {
    let ours = addresses(&ctx.app, of.provider.id)?;
    let items = vec![
        Fact::new(ctx.t("oidc-our-return"), ours.back.as_str()),
        Fact::new(ctx.t("oidc-our-leave"), ours.left.as_str()),
        Fact::new(
            ctx.t("oidc-our-entry"),
            format!(
                "{}/connexion?espace={}",
                ctx.app.settings().public_url,
                of.space.slug
            ),
        ),
    ];
    Ok(Facts {
        items,
        columns: false,
    })
}

fn fields(
    ctx: &Ctx,
    of: &ProviderRef,
    client: &ClientSettings,
    problems: &[(&str, &str)],
) -> Vec<Field> {
    let error = |name: &str| {
        let found = problems.iter().find(|(field, _)| *field == name);
        found.map(|(_, message)| ctx.t(message))
    };
    let keeps = of.provider.client.secret.is_some();
    let help = if keeps {
        "oidc-field-secret-kept"
    } else {
        "oidc-field-secret-help"
    };
    let mut fields = vec![
        Field::text("client_id", ctx.t("oidc-field-client-id"))
            .value(&client.id)
            .required()
            .autocomplete("off")
            .error(error("client_id")),
        Field::new(
            FieldKind::Password,
            "client_secret",
            ctx.t("oidc-field-secret"),
        )
        .help(ctx.t(help))
        .autocomplete("off")
        .error(error("client_secret")),
    ];
    if keeps {
        fields.push(Field::checkbox("no_secret", ctx.t("oidc-field-no-secret")));
    }
    fields.push(
        Field::text("scopes", ctx.t("oidc-field-scopes"))
            .help(ctx.t("oidc-field-scopes-help"))
            .value(&client.scopes)
            .required()
            .width(Width::Full)
            .autocomplete("off")
            .error(error("scopes")),
    );
    fields
}

fn events_table(ctx: &Ctx, events: &[Event], zone: &jiff::tz::TimeZone) -> Table {
    let rows = events.iter().map(|event| {
        let good = matches!(event.outcome.as_str(), "in" | "linked");
        let tone = if good { Tone::Success } else { Tone::Danger };
        let said = Status::new(tone, ctx.t(&format!("oidc-outcome-{}", event.outcome)));
        Row::new(
            Cell::text(format::datetime_short(event.at, zone, ctx.lang)),
            [
                Cell::status(said).note(&event.detail),
                Cell::text(&event.reference),
            ],
        )
    });
    let columns = [
        "oidc-event-when",
        "oidc-event-outcome",
        "oidc-event-reference",
    ];
    Table::new(
        "connexions",
        ctx.t("oidc-events-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
    .empty(Empty::new(
        ctx.t("oidc-events-empty"),
        ctx.t("oidc-events-empty-text"),
    ))
}

//! Legal notice, privacy notice, declaration of accessibility and help: made
//! from the settings of the space, readable by anybody.
//!
//! `?espace=SLUG` chooses the space; without it, the one shown at `/`. They
//! still answer when no space exists yet, with blanks said as such.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::response::Response;
use passerelle_web::access::RecipientsEntry;
use passerelle_web::components::{Cell, Column, Fact, Facts, Row, Table};
use passerelle_web::directory::{Body, Space};
use passerelle_web::format;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};

use super::retention;

/// Routes of the legal pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/mentions-legales", Access::Public, legal)
        .get("/confidentialite", Access::Public, privacy)
        .get("/accessibilite", Access::Public, accessibility)
        .get("/aide", Access::Public, help)
}

async fn legal(ctx: Ctx, query: RawQuery) -> Result<Response, AppError> {
    let space = named(&ctx, query).await?;
    let body = body(space.as_deref());
    let fact = |term: &str, text: &str| Fact::new(ctx.t(term), or_missing(&ctx, text));
    let mut publisher = vec![
        fact("legal-name", &body.legal_name),
        fact("legal-address", &body.address.replace('\n', ", ")),
        fact("legal-siret", &body.siret),
        fact("legal-declaration", &declaration(&ctx, &body)),
        fact("legal-director", &director(&body)),
    ];
    publisher.extend(reach(&ctx, &body));
    let host = fact("legal-host", &body.host);
    render(
        &ctx,
        "people/spaces/legal",
        "legal-title",
        "legal-description",
        space.as_deref(),
        json!({
            "publisher": Facts { items: publisher, columns: false },
            "host": Facts { items: vec![host], columns: false },
        }),
    )
}

async fn privacy(ctx: Ctx, query: RawQuery) -> Result<Response, AppError> {
    let space = named(&ctx, query).await?;
    let body = body(space.as_deref());
    let controller = Facts {
        items: vec![
            Fact::new(
                ctx.t("privacy-controller"),
                or_missing(&ctx, &body.legal_name),
            ),
            Fact::new(
                ctx.t("privacy-officer"),
                or_missing(&ctx, &body.data_protection_contact),
            ),
            Fact::new(ctx.t("legal-host"), or_missing(&ctx, &body.host)),
        ],
        columns: false,
    };
    let version = retention::current().map(|r| format::local_date(&r.version, ctx.lang));
    let mut recipients = Vec::new();
    if let Some(space) = &space {
        for RecipientsEntry(entry) in ctx.app.registry().all::<RecipientsEntry>() {
            recipients.extend(entry.of(&ctx, space).await?);
        }
    }
    render(
        &ctx,
        "people/spaces/privacy",
        "privacy-title",
        "privacy-description",
        space.as_deref(),
        json!({
            "controller": controller,
            "recipients": recipients,
            "retention": retention_table(&ctx),
            "version": version,
        }),
    )
}

async fn accessibility(ctx: Ctx, query: RawQuery) -> Result<Response, AppError> {
    let space = named(&ctx, query).await?;
    let body = body(space.as_deref());
    let contact = Facts {
        items: reach(&ctx, &body),
        columns: false,
    };
    let (date, referential) = retention::current().map_or_else(Default::default, |r| {
        (
            format::local_date(&r.accessibility.declared_on, ctx.lang),
            r.accessibility.referential.clone(),
        )
    });
    let name = if body.legal_name.is_empty() {
        ctx.t("accessibility-body")
    } else {
        body.legal_name.clone()
    };
    render(
        &ctx,
        "people/spaces/accessibility",
        "accessibility-title",
        "accessibility-description",
        space.as_deref(),
        json!({
            "name": name,
            "date": date,
            "referential": referential,
            "address": ctx.app.settings().public_url,
            "contact": contact,
            "disability": body.disability_contact,
        }),
    )
}

async fn help(ctx: Ctx, query: RawQuery) -> Result<Response, AppError> {
    let space = named(&ctx, query).await?;
    let body = body(space.as_deref());
    let mut contact = reach(&ctx, &body);
    if !body.disability_contact.is_empty() {
        contact.push(Fact::new(
            ctx.t("help-disability"),
            &body.disability_contact,
        ));
    }
    render(
        &ctx,
        "people/spaces/help",
        "help-title",
        "help-description",
        space.as_deref(),
        json!({
            "contact": Facts { items: contact, columns: false },
            "signed_in": ctx.who.0.is_some(),
        }),
    )
}

fn render(
    ctx: &Ctx,
    template: &'static str,
    title: &str,
    description: &str,
    space: Option<&Space>,
    data: Value,
) -> Result<Response, AppError> {
    let page = ctx
        .page(template, ctx.t(title))
        .description(ctx.t(description));
    match space {
        Some(space) => page.space(space).render(data),
        None => page.render(data),
    }
}

async fn named(ctx: &Ctx, RawQuery(query): RawQuery) -> Result<Option<Arc<Space>>, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let directory = ctx.app.directory();
    match query.optional("espace") {
        Some(slug) => directory
            .space_by_slug(ctx.app.db(), slug)
            .await?
            .map(Some)
            .ok_or(AppError::NotFound),
        None => Ok(home(ctx).await?),
    }
}

/// The space shown at `/`; none on a server that holds nothing yet.
pub async fn home(ctx: &Ctx) -> Result<Option<Arc<Space>>, AppError> {
    Ok(ctx
        .app
        .directory()
        .space_by_slug(ctx.app.db(), &ctx.app.settings().home_space)
        .await?)
}

fn body(space: Option<&Space>) -> Body {
    space.map(|space| space.body.clone()).unwrap_or_default()
}

fn or_missing(ctx: &Ctx, text: &str) -> String {
    if text.is_empty() {
        ctx.t("legal-missing")
    } else {
        text.to_owned()
    }
}

fn director(body: &Body) -> String {
    match (
        body.representative.is_empty(),
        body.representative_quality.is_empty(),
    ) {
        (false, false) => format!("{}, {}", body.representative, body.representative_quality),
        _ => body.representative.clone(),
    }
}

/// The wording is imposed: a declaration number is not an approval (labour code, article L6352-12).
fn declaration(ctx: &Ctx, body: &Body) -> String {
    if body.declaration_number.is_empty() {
        return String::new();
    }
    let region = or_missing(ctx, &body.declaration_region);
    ctx.tr(
        "legal-declaration-text",
        &[
            ("number", (&body.declaration_number).into()),
            ("region", region.into()),
        ],
    )
}

fn reach(ctx: &Ctx, body: &Body) -> Vec<Fact> {
    let email = Fact::new(ctx.t("legal-email"), or_missing(ctx, &body.email));
    let email = if body.email.is_empty() {
        email
    } else {
        email.href(format!("mailto:{}", body.email))
    };
    let phone = Fact::new(ctx.t("legal-phone"), or_missing(ctx, &body.phone));
    let dialled: String = body
        .phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    let phone = if dialled.is_empty() {
        phone
    } else {
        phone.href(format!("tel:{dialled}"))
    };
    vec![email.icon("mail"), phone.icon("phone")]
}

fn retention_table(ctx: &Ctx) -> Table {
    let columns = [
        "privacy-what",
        "privacy-why",
        "privacy-how-long",
        "privacy-then",
    ];
    let rows = retention::current()
        .into_iter()
        .flat_map(|r| &r.classes)
        .map(|line| {
            let long = ctx.tr(line.unit.message(), &[("count", line.count.into())]);
            let from = ctx.t(&format!("privacy-from-{}", line.from));
            Row::new(
                Cell::text(ctx.t(&format!("privacy-class-{}", line.class))),
                [
                    Cell::text(ctx.t(&format!("privacy-basis-{}", line.basis))),
                    Cell::text(ctx.tr(
                        "privacy-duration",
                        &[("long", long.into()), ("from", from.into())],
                    )),
                    Cell::text(ctx.t(&format!("privacy-then-{}", line.then))),
                ],
            )
        });
    Table::new(
        "retention",
        ctx.t("privacy-retention-caption"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .rows(rows)
}

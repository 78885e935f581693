//! The settings page of a space, for its administrator.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Choice, ErrorSummary, Field, FieldKind, NoticeKind, Width,
};
use passerelle_web::directory::{Body, Space};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Action, Allowed, AppError, Ctx, Form, Lang};
use serde_json::json;

use super::commands::{EditSpace, edit_space};
use super::model::{ACCENTS, SpaceSettings, ZONES};
use super::store::SpaceCache;

/// Routes of the slice, legal pages apart.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/e/{space}/gestion/espace",
            Access::Action(EditSpace::NAME),
            settings,
        )
        .post(
            "/e/{space}/gestion/espace",
            Access::Action(EditSpace::NAME),
            save,
        )
}

/// Registry entry: the cache to invalidate after an edit.
#[derive(Clone, Debug)]
pub struct Spaces(pub Arc<SpaceCache>);

async fn settings(ctx: Ctx, allowed: Allowed<EditSpace>) -> Result<Response, AppError> {
    let space = allowed.object();
    page(&ctx, space, &SpaceSettings::of(space), StatusCode::OK)
}

async fn save(ctx: Ctx, allowed: Allowed<EditSpace>, form: Form) -> Result<Response, AppError> {
    let sent = parse(&form);
    if !sent.problems().is_empty() {
        return page(
            &ctx,
            allowed.object(),
            &sent,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    let tx = ctx.app.db().write().await?;
    edit_space(&tx, &allowed, &sent).await?;
    tx.commit().await?;
    for Spaces(cache) in ctx.app.registry().all::<Spaces>() {
        cache.invalidate();
    }
    let to = format!("/e/{}/gestion/espace", allowed.object().slug);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "space-saved"))))
}

fn parse(form: &Form) -> SpaceSettings {
    let text = |name: &str| form.text(name).to_owned();
    SpaceSettings {
        name: text("name"),
        zone: text("zone"),
        lang: Lang::from_code(form.text("lang")).unwrap_or_default(),
        accent: form.optional("accent").map(str::to_owned),
        body: Body {
            legal_name: text("legal_name"),
            address: form.text("address").replace("\r\n", "\n"),
            siret: text("siret"),
            declaration_number: text("declaration_number"),
            declaration_region: text("declaration_region"),
            representative: text("representative"),
            representative_quality: text("representative_quality"),
            place: text("place"),
            phone: text("phone"),
            email: text("email"),
            data_protection_contact: text("data_protection_contact"),
            disability_contact: text("disability_contact"),
            host: text("host"),
        },
    }
}

fn page(
    ctx: &Ctx,
    space: &Space,
    sent: &SpaceSettings,
    status: StatusCode,
) -> Result<Response, AppError> {
    let errors: HashMap<&str, String> = if status == StatusCode::OK {
        HashMap::new()
    } else {
        sent.problems()
            .into_iter()
            .map(|(field, message)| (field, ctx.t(message)))
            .collect()
    };
    let look = look_fields(ctx, sent, &errors);
    let body = body_fields(ctx, &sent.body, &errors);
    let contacts = contact_fields(ctx, &sent.body, &errors);
    ctx.page("people/spaces/settings", ctx.t("space-settings-title"))
        .space(space)
        .status(status)
        .render(json!({
            "action": format!("/e/{}/gestion/espace", space.slug),
            "errors": ErrorSummary::of(look.iter().chain(&body).chain(&contacts)),
            "look": look,
            "body": body,
            "contacts": contacts,
            "submit": Button::submit(ctx.t("space-save")).icon("save"),
        }))
}

fn look_fields(ctx: &Ctx, sent: &SpaceSettings, errors: &HashMap<&str, String>) -> Vec<Field> {
    let mut zones: Vec<&str> = ZONES.to_vec();
    if !zones.contains(&sent.zone.as_str()) {
        zones.push(&sent.zone);
    }
    let accents = std::iter::once(Choice::new("", ctx.t("space-accent-none"))).chain(
        ACCENTS
            .into_iter()
            .map(|name| Choice::new(name, ctx.t(&format!("space-accent-{name}")))),
    );
    let mut accent = Field::new(FieldKind::Radio, "accent", ctx.t("space-accent"))
        .value(sent.accent.clone().unwrap_or_default())
        .options(accents)
        .error(errors.get("accent").cloned());
    if sent.accent.is_none() {
        accent = accent.chosen(&[""]);
    }
    vec![
        Field::text("name", ctx.t("space-name"))
            .value(&sent.name)
            .required()
            .width(Width::Full)
            .error(errors.get("name").cloned()),
        Field::new(FieldKind::Select, "zone", ctx.t("space-zone"))
            .help(ctx.t("space-zone-help"))
            .value(&sent.zone)
            .required()
            .options(
                zones
                    .into_iter()
                    .filter(|zone| !zone.is_empty())
                    .map(|zone| Choice::new(zone, zone)),
            )
            .error(errors.get("zone").cloned()),
        Field::new(FieldKind::Radio, "lang", ctx.t("space-lang"))
            .value(sent.lang.code())
            .options(Lang::ALL.map(|lang| Choice::new(lang.code(), lang.own_name()))),
        accent,
    ]
}

fn body_fields(ctx: &Ctx, body: &Body, errors: &HashMap<&str, String>) -> Vec<Field> {
    let text = |name: &str, value: &str| {
        Field::text(name, ctx.t(&format!("space-{}", name.replace('_', "-"))))
            .value(value)
            .error(errors.get(name).cloned())
    };
    vec![
        text("legal_name", &body.legal_name).width(Width::Full),
        Field::textarea("address", ctx.t("space-address"))
            .rows(3)
            .value(&body.address)
            .error(errors.get("address").cloned()),
        text("siret", &body.siret)
            .help(ctx.t("space-siret-help"))
            .inputmode("numeric"),
        text("declaration_number", &body.declaration_number)
            .help(ctx.t("space-declaration-number-help"))
            .inputmode("numeric"),
        text("declaration_region", &body.declaration_region),
        text("representative", &body.representative),
        text("representative_quality", &body.representative_quality),
        text("place", &body.place),
    ]
}

fn contact_fields(ctx: &Ctx, body: &Body, errors: &HashMap<&str, String>) -> Vec<Field> {
    let field = |kind: FieldKind, name: &str, value: &str| {
        Field::new(
            kind,
            name,
            ctx.t(&format!("space-{}", name.replace('_', "-"))),
        )
        .value(value)
        .error(errors.get(name).cloned())
    };
    vec![
        field(FieldKind::Email, "email", &body.email),
        field(FieldKind::Tel, "phone", &body.phone),
        field(
            FieldKind::Text,
            "data_protection_contact",
            &body.data_protection_contact,
        )
        .help(ctx.t("space-data-protection-contact-help"))
        .width(Width::Full),
        field(
            FieldKind::Text,
            "disability_contact",
            &body.disability_contact,
        )
        .help(ctx.t("space-disability-contact-help"))
        .width(Width::Full),
        field(FieldKind::Text, "host", &body.host)
            .help(ctx.t("space-host-help"))
            .width(Width::Full),
    ]
}

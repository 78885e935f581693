//! Adding a platform: an address to paste, or field by field.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::token_hash;
use passerelle_web::components::{Button, ErrorSummary, Fact, Facts, Field, NoticeKind, Width};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::{allows_http, list_address, ours};
use crate::platforms::access::ManagePlatforms;
use crate::platforms::commands::{PlatformError, register};
use crate::platforms::model::Registration;
use crate::platforms::registering::OFFER_LIFE;
use crate::platforms::store::{self, Offer};

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ManagePlatforms>,
) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), &Shown::default())
}

/// Makes an address to paste; it is shown now and never again.
pub(super) async fn offer(
    ctx: Ctx,
    allowed: Allowed<ManagePlatforms>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let made_by = allowed.person().ok_or(AppError::SignIn)?;
    let tx = ctx.app.db().write().await?;
    let token = tx.env().token();
    let expires_at = ctx.now + OFFER_LIFE;
    let offer = Offer {
        space: space.id,
        made_by,
    };
    store::put_offer(&tx, token_hash(&token), &offer, expires_at).await?;
    tx.commit().await?;
    let address = format!("{}inscription/{token}", ours(&ctx)?.base);
    let zone = passerelle_web::context::zone(space);
    let until = format::datetime(expires_at, &zone, ctx.lang);
    let mut field = Field::text("address", ctx.t("lti-offer-address"))
        .value(address)
        .help(ctx.tr("lti-offer-help", &[("until", until.into())]))
        .width(Width::Full);
    field.readonly = true;
    let shown = Shown {
        offer: Some(field),
        ..Shown::default()
    };
    show(&ctx, space, &shown)
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<ManagePlatforms>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let data = Registration::parse(&form);
    let problems = data.problems(allows_http(&ctx));
    if !problems.is_empty() {
        let shown = Shown {
            form: Some(&form),
            problems: &problems,
            ..Shown::default()
        };
        return show(&ctx, space, &shown);
    }
    let tx = ctx.app.db().write().await?;
    let deployment = form.text("deployment");
    match register(&tx, space.id, data, Some(deployment), allowed.actor()).await {
        Ok(id) => {
            tx.commit().await?;
            let to = format!("{}/{id}", list_address(space));
            Ok(ctx.redirect(&to, Some((NoticeKind::Success, "lti-added"))))
        }
        Err(PlatformError::Taken) => {
            // Registered here already, with a mistake perhaps: that one is corrected.
            let (issuer, client) = (form.text("issuer"), form.text("client_id"));
            let known = store::registered(&*tx, space.id, issuer, client).await?;
            let problems = [("client_id", "lti-error-taken")];
            let shown = Shown {
                form: Some(&form),
                problems: &problems,
                known,
                ..Shown::default()
            };
            show(&ctx, space, &shown)
        }
        Err(error) => Err(AppError::internal(error)),
    }
}

/// What the page shows beside its forms.
#[derive(Default)]
struct Shown<'a> {
    form: Option<&'a Form>,
    problems: &'a [(&'a str, &'a str)],
    /// The address to paste, just made.
    offer: Option<Field>,
    /// The platform that is registered so already.
    known: Option<Uuid>,
}

fn show(ctx: &Ctx, space: &Space, shown: &Shown<'_>) -> Result<Response, AppError> {
    let empty = Form::default();
    let problems = shown.problems;
    let fields = fields(ctx, shown.form.unwrap_or(&empty), problems);
    let list = list_address(space);
    let known = shown.known.map(|id| {
        Button::link(ctx.t("lti-correct-known"), format!("{list}/{id}/modifier")).icon("pencil")
    });
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    ctx.page("lti/platforms/add", ctx.t("lti-add-title"))
        .space(space)
        .crumb(ctx.t("lti-list-title"), &list)
        .status(status)
        .render(json!({
            "offer": shown.offer,
            "known": known,
            "offer_do": Button::post(ctx.t("lti-offer-do"), format!("{list}/adresse")).icon("link"),
            "addresses": addresses(ctx)?,
            "action": format!("{list}/nouvelle"),
            "errors": ErrorSummary::of(&fields),
            "open": !problems.is_empty(),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("lti-add-do")).icon("plus"),
                Button::link(ctx.t("lti-cancel"), list).quiet(),
            ],
        }))
}

/// What the platform asks for: our own addresses.
pub(super) fn addresses(ctx: &Ctx) -> Result<Value, AppError> {
    let ours = ours(ctx)?;
    let items = vec![
        Fact::new(ctx.t("lti-our-tool"), ours.base.as_str()),
        Fact::new(ctx.t("lti-our-login"), ours.login.as_str()),
        Fact::new(ctx.t("lti-our-launch"), ours.launch.as_str()),
        Fact::new(ctx.t("lti-our-keys"), ours.jwks.as_str()),
        Fact::new(ctx.t("lti-our-picker"), ours.picker.as_str()),
    ];
    let facts = Facts {
        items,
        columns: false,
    };
    serde_json::to_value(facts).map_err(AppError::internal)
}

pub(super) fn fields(ctx: &Ctx, form: &Form, problems: &[(&str, &str)]) -> Vec<Field> {
    let field = |name: &'static str| {
        let error = problems
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, message)| ctx.t(message));
        let label = ctx.t(&format!("lti-field-{}", name.replace('_', "-")));
        let field = Field::text(name, label)
            .value(form.text(name))
            .autocomplete("off")
            .error(error);
        let optional = matches!(name, "deployment" | "token_audience");
        if optional { field } else { field.required() }
    };
    vec![
        field("name"),
        field("issuer").help(ctx.t("lti-field-issuer-help")),
        field("client_id"),
        field("authorization_endpoint"),
        field("token_endpoint"),
        field("jwks_uri"),
        field("token_audience").help(ctx.t("lti-field-token-audience-help")),
        field("deployment").help(ctx.t("lti-field-deployment-help")),
    ]
}

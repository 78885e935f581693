//! Adding a tool: its registration address to paste, or field by field.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::env::{HOUR, token_hash};
use passerelle_web::components::{
    Button, ErrorSummary, Fact, Facts, Field, FieldKind, NoticeKind, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::{Value, json};
use url::Url;

use super::{allows_http, list_address, ours};
use crate::platforms::model::is_address;
use crate::tools::access::ManageTools;
use crate::tools::commands;
use crate::tools::model::ToolData;
use crate::tools::registering::{ToolRegisteringError, take};
use crate::tools::store::{self, ToolOffer};

/// What the page shows beside its forms.
#[derive(Default)]
struct Shown<'a> {
    form: Option<&'a Form>,
    problems: Vec<(&'static str, &'static str)>,
    /// Where the tool registers itself, when it was asked for.
    go: Option<String>,
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ManageTools>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), &Shown::default())
}

/// Makes the way by which a tool registers itself: its own address, with ours and a secret.
pub(super) async fn offer(
    ctx: Ctx,
    allowed: Allowed<ManageTools>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let made_by = allowed.person().ok_or(AppError::SignIn)?;
    let address = form.text("address");
    let url = Url::parse(address)
        .ok()
        .filter(|_| is_address(address, allows_http(&ctx)));
    let Some(mut url) = url else {
        let problems = vec![("address", "lti-error-address")];
        let form = Some(&form);
        return show(
            &ctx,
            space,
            &Shown {
                form,
                problems,
                go: None,
            },
        );
    };
    let tx = ctx.app.db().write().await?;
    let secret = tx.env().token();
    let offer = ToolOffer {
        space: space.id,
        made_by,
    };
    store::put_offer(&tx, token_hash(&secret), offer, ctx.now + HOUR).await?;
    tx.commit().await?;
    url.query_pairs_mut()
        .append_pair("openid_configuration", &ours(&ctx).configuration)
        .append_pair("registration_token", &secret);
    let shown = Shown {
        go: Some(url.into()),
        ..Shown::default()
    };
    show(&ctx, space, &shown)
}

/// `POST /lti/outils`: the tool itself, with the secret (Dynamic Registration 1.0, 3.5).
pub(super) async fn register(
    ctx: Ctx,
    headers: HeaderMap,
    body: String,
) -> Result<Response, AppError> {
    let secret = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let (status, answer) = match take(&ctx.app, secret.trim(), &body).await {
        Ok(answer) => (StatusCode::OK, answer),
        Err(ToolRegisteringError::App(error)) => return Err(error),
        Err(error) => {
            let (status, code) = match error {
                ToolRegisteringError::Token => (StatusCode::UNAUTHORIZED, "invalid_token"),
                _ => (StatusCode::BAD_REQUEST, "invalid_client_metadata"),
            };
            tracing::warn!(%error, "a tool could not register itself");
            let body = json!({"error": code, "error_description": error.to_string()});
            (status, body)
        }
    };
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((status, kind, answer.to_string()).into_response())
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageTools>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let data = ToolData::parse(&form);
    let problems = data.problems(allows_http(&ctx));
    if !problems.is_empty() {
        let form = Some(&form);
        return show(
            &ctx,
            space,
            &Shown {
                form,
                problems,
                go: None,
            },
        );
    }
    let tx = ctx.app.db().write().await?;
    let tool = commands::register(&tx, space.id, data, allowed.actor())
        .await
        .map_err(AppError::internal)?;
    tx.commit().await?;
    let to = format!("{}/{}", list_address(space), tool.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "lti-tools-added"))))
}

fn show(ctx: &Ctx, space: &Space, shown: &Shown<'_>) -> Result<Response, AppError> {
    let empty = Form::default();
    let form = shown.form.unwrap_or(&empty);
    let fields = fields(ctx, form, &shown.problems);
    let list = list_address(space);
    let status = if shown.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let pasted = problem(ctx, &shown.problems, "address");
    let address = Field::new(FieldKind::Url, "address", ctx.t("lti-tools-address"))
        .value(form.text("address"))
        .help(ctx.t("lti-tools-address-help"))
        .error(pasted)
        .required()
        .width(Width::Full);
    let host = shown.go.as_deref().and_then(|go| Url::parse(go).ok());
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    ctx.page("lti/tools/add", ctx.t("lti-tools-add-title"))
        .space(space)
        .crumb(ctx.t("lti-tools-title"), &list)
        .status(status)
        .render(json!({
            "go": shown.go,
            "host": host,
            "list": list,
            "paste_action": format!("{list}/adresse"),
            "paste": address,
            "paste_do": Button::submit(ctx.t("lti-tools-address-do")).icon("link"),
            "addresses": addresses(ctx, None),
            "action": format!("{list}/nouvel"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("lti-tools-add-do")).icon("plus"),
                Button::link(ctx.t("lti-cancel"), list.clone()).quiet(),
            ],
        }))
}

fn problem(ctx: &Ctx, problems: &[(&str, &str)], name: &str) -> Option<String> {
    let found = problems.iter().find(|(field, _)| *field == name);
    found.map(|(_, message)| ctx.t(message))
}

/// What the tool asks for: our own addresses, and its name here once it has one.
pub(super) fn addresses(ctx: &Ctx, client: Option<&str>) -> Value {
    let ours = ours(ctx);
    let mut items = vec![
        Fact::new(ctx.t("lti-field-issuer"), ours.issuer),
        Fact::new(
            ctx.t("lti-field-authorization-endpoint"),
            ours.authorization,
        ),
        Fact::new(ctx.t("lti-field-token-endpoint"), ours.token),
        Fact::new(ctx.t("lti-field-jwks-uri"), ours.jwks),
    ];
    if let Some(client) = client {
        items.insert(1, Fact::new(ctx.t("lti-field-client-id"), client));
        let deployment = crate::tools::model::DEPLOYMENT;
        items.insert(2, Fact::new(ctx.t("lti-field-deployment"), deployment));
    }
    json!(Facts {
        items,
        columns: false,
    })
}

pub(super) fn fields(ctx: &Ctx, form: &Form, problems: &[(&str, &str)]) -> Vec<Field> {
    let field = |name: &'static str, kind: FieldKind| {
        let label = ctx.t(&format!("lti-tools-field-{}", name.replace('_', "-")));
        Field::new(kind, name, label)
            .value(form.raw(name))
            .autocomplete("off")
            .error(problem(ctx, problems, name))
            .width(Width::Full)
    };
    vec![
        field("name", FieldKind::Text).required(),
        field("target_url", FieldKind::Url)
            .help(ctx.t("lti-tools-field-target-url-help"))
            .required(),
        field("login_url", FieldKind::Url).required(),
        field("redirects", FieldKind::Textarea)
            .help(ctx.t("lti-tools-field-redirects-help"))
            .rows(2)
            .required(),
        field("jwks_uri", FieldKind::Url).required(),
        field("picker_url", FieldKind::Url).help(ctx.t("lti-tools-field-picker-url-help")),
    ]
}

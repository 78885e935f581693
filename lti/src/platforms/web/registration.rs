//! What a platform's administrator sees when they have pasted the address; shown in the frame or
//! window that the platform opens, without a session of ours.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::env::token_hash;
use passerelle_web::access::Params;
use passerelle_web::components::{Button, Notice, NoticeKind};
use passerelle_web::directory::Space;
use passerelle_web::serve::FramedBy;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::json;

use crate::platforms::registering::{Opening, RegisteringError, register_with};
use crate::platforms::store::{self, Offer};

/// An offer that may be used, with its space and its secret.
struct Open {
    offer: Offer,
    space: Arc<Space>,
    token: String,
}

async fn open(ctx: &Ctx, params: &Params) -> Result<Option<Open>, AppError> {
    let token = params.text("offer").unwrap_or_default();
    let hash = token_hash(token);
    let Some(offer) = store::open_offer(ctx.app.db().read(), &hash, ctx.now).await? else {
        return Ok(None);
    };
    let space = ctx.app.directory().space(ctx.app.db(), offer.space).await?;
    Ok(space.map(|space| Open {
        offer,
        space,
        token: token.to_owned(),
    }))
}

pub(super) async fn page(
    ctx: Ctx,
    params: Params,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let Some(open) = open(&ctx, &params).await? else {
        return told(&ctx, None, StatusCode::GONE, "lti-register-used");
    };
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let configuration = query.text("openid_configuration");
    let opening = match Opening::read(configuration, query.text("registration_token")) {
        Ok(opening) => opening,
        Err(error) => {
            return told(&ctx, None, StatusCode::BAD_REQUEST, error.message());
        }
    };
    let host = opening.configuration.host_str().unwrap_or_default();
    let button = Button::post(
        ctx.t("lti-register-do"),
        format!("/lti/inscription/{}", open.token),
    )
    .icon("link")
    .hidden("openid_configuration", configuration)
    .hidden("registration_token", query.text("registration_token"));
    let response = ctx
        .page("lti/platforms/registration", ctx.t("lti-register-title"))
        .space(&open.space)
        .held()
        .render(json!({
            "sentence": ctx.tr("lti-register-sentence", &[("host", host.into()), ("space", (&open.space.name).into())]),
            "button": button,
            "told": null,
            "done": false,
        }))?;
    Ok(framed(response, Some(&opening)))
}

pub(super) async fn register(ctx: Ctx, params: Params, form: Form) -> Result<Response, AppError> {
    let Some(open) = open(&ctx, &params).await? else {
        return told(&ctx, None, StatusCode::GONE, "lti-register-used");
    };
    let opening = Opening::read(
        form.text("openid_configuration"),
        form.text("registration_token"),
    );
    let opening = match opening {
        Ok(opening) => opening,
        Err(error) => {
            return told(&ctx, None, StatusCode::BAD_REQUEST, error.message());
        }
    };
    let registered = register_with(
        &ctx.app,
        &open.space,
        &open.token,
        open.offer.made_by,
        &opening,
    )
    .await;
    match registered {
        Ok(_) => told(&ctx, Some(&opening), StatusCode::OK, "lti-register-done"),
        Err(RegisteringError::App(error)) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "a registration failed");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            told(&ctx, Some(&opening), status, error.message())
        }
    }
}

fn told(
    ctx: &Ctx,
    opening: Option<&Opening>,
    status: StatusCode,
    message: &'static str,
) -> Result<Response, AppError> {
    let done = status == StatusCode::OK;
    let kind = if done {
        NoticeKind::Success
    } else {
        NoticeKind::Error
    };
    let page = ctx
        .page("lti/platforms/registration", ctx.t("lti-register-title"))
        .held()
        .status(status);
    let page = if done {
        page.script("lti-registered.js")
    } else {
        page
    };
    let response = page.render(json!({
        "sentence": null,
        "button": null,
        "told": Notice::new(kind, ctx.t(message)),
        "done": done,
    }))?;
    Ok(framed(response, opening))
}

/// The platform may show the page in a frame of its own; a refusal that does not know it, whoever
/// holds the frame: elsewhere it would be blank.
fn framed(mut response: Response, opening: Option<&Opening>) -> Response {
    let by = opening.map_or_else(
        || "*".to_owned(),
        |opening| opening.configuration.origin().ascii_serialization(),
    );
    response.extensions_mut().insert(FramedBy(by));
    response
}

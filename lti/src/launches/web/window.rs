//! What ties a launch to its login, kept in the platform's window where a browser drops our
//! cookies (LTI Client Side postMessages 1.0; Security Framework 1.1, 5.1.1.1).

use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use passerelle_kernel::env::token_hash;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};
use url::Url;

use super::super::store::Known;
use super::refused;
use crate::platforms::model::Platform;

/// Field that comes back with what the window kept.
const FIELD: &str = "window_value";

/// Under what name the window keeps it.
fn key(state: &str) -> String {
    format!("passerelle_{}", state.chars().take(16).collect::<String>())
}

/// The name of the window that keeps things for a platform; none when it is no name.
pub(super) fn name(target: Option<&str>) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    target.filter(|name| !name.is_empty() && name.len() <= 100 && name.chars().all(is_name))
}

/// The page that asks the window to keep `value`, then goes on to the platform.
pub(super) async fn put(
    ctx: &Ctx,
    platform: &Platform,
    target: &str,
    state: &str,
    value: &str,
    next: &Url,
) -> Result<Response, AppError> {
    let data = json!({
        "action": "put",
        "target": target,
        "origin": origin(platform)?,
        "key": key(state),
        "value": value,
        "next": next.as_str(),
        "again": null,
    });
    shown(ctx, platform, data).await
}

/// Whether a launch brings back what the window kept. Our own page has to bring it: whoever began
/// a login knows the value, and could have it posted by somebody else's browser from their site.
pub(super) fn is_kept(ctx: &Ctx, headers: &HeaderMap, known: &Known, form: &Form) -> bool {
    if !is_ours(ctx, headers) {
        return false;
    }
    let value = form.raw(FIELD);
    let hash = known.login.window.as_ref().map(|(hash, _)| hash);
    !value.is_empty() && hash.is_some_and(|hash| token_hash(value) == *hash)
}

/// Whether a page of ours posts the form.
fn is_ours(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN) == Some(ctx.app.settings().public_url.as_str()),
    }
}

/// The page that asks the window what it kept, when it may have kept something and was not asked yet.
pub(super) async fn ask(
    ctx: &Ctx,
    known: &Known,
    form: &Form,
) -> Result<Option<Response>, AppError> {
    let Some((_, target)) = known
        .login
        .window
        .as_ref()
        .filter(|_| !form.has(FIELD) && !form.has("error"))
    else {
        return Ok(None);
    };
    let state = form.raw("state");
    let data = json!({
        "action": "get",
        "target": target,
        "origin": origin(&known.platform)?,
        "key": key(state),
        "value": "",
        "next": null,
        "again": {"state": state, "token": form.raw("id_token")},
    });
    shown(ctx, &known.platform, data).await.map(Some)
}

/// The window answers from where the platform signs people in.
fn origin(platform: &Platform) -> Result<String, AppError> {
    let url = Url::parse(&platform.data.authorization_endpoint).map_err(AppError::internal)?;
    Ok(url.origin().ascii_serialization())
}

async fn shown(ctx: &Ctx, platform: &Platform, data: Value) -> Result<Response, AppError> {
    let title = ctx.t("lti-window-title");
    let origins = platform.origins(None);
    refused::with_script(ctx, platform, &title, data, &origins).await
}

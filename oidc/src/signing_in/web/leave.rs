//! Signing out at the provider, after here.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use passerelle_web::components::{Button, NoticeKind};
use passerelle_web::{AppError, Ctx};
use serde_json::json;

use crate::protocol;
use crate::providers::known;
use crate::providers::model::Provider;
use crate::providers::store::provider;
use crate::signing_in::{addresses, store};

/// A page, not a redirection: a browser does not let a form (the sign-out button) end on another
/// site, and whoever reads it knows where they are led.
pub(super) async fn leave(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let taken = store::take_leaving(&tx, &token).await?;
    let found = match &taken {
        Some((id, _)) => provider(&*tx, *id).await?,
        None => None,
    };
    tx.commit().await?;
    let Some((provider, (_, id_token))) = found.zip(taken) else {
        return Ok(out(&ctx));
    };
    // What it does not know how to do, or cannot do now, is not waited for.
    let Some(to) = there(&ctx, &provider, &id_token).await else {
        return Ok(out(&ctx));
    };
    let name = [("name", provider.name.as_str().into())];
    let mut response = ctx
        .page("oidc/signing_in/leave", ctx.t("oidc-leave-title"))
        .render(json!({
            "sentence": ctx.tr("oidc-leave-text", &name),
            "go": Button::link(ctx.tr("oidc-leave-go", &name), to.as_str()).icon("log-out"),
        }))?;
    if let Ok(value) = HeaderValue::from_str(&format!("0; url={to}")) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

async fn there(ctx: &Ctx, provider: &Provider, id_token: &str) -> Option<url::Url> {
    let metadata = known::metadata(&ctx.app, provider, ctx.now).await.ok()?;
    let left = addresses(&ctx.app, provider.id).ok()?.left;
    let state = ctx.app.env().token();
    protocol::leave(&metadata, &provider.client.id, id_token, &left, state)
}

fn out(ctx: &Ctx) -> Response {
    let told = (NoticeKind::Success, "account-signed-out");
    ctx.redirect("/connexion", Some(told))
}

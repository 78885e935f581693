//! Linking the account of elsewhere to the account of here, once.

use axum::http::HeaderMap;
use axum::response::Response;
use passerelle_web::access::SignedIn;
use passerelle_web::components::{Button, NoticeKind};
use passerelle_web::serve::cookie;
use passerelle_web::{AppError, Ctx};
use serde_json::json;

use super::refused::{self, Why};
use super::{PENDING_COOKIE, give, sign_in_page};
use crate::providers::model::Provider;
use crate::providers::store::{provider, put_event};
use crate::signing_in::commands::{self, Barred};
use crate::signing_in::store::{self, Pending};

/// Where people come back once they have signed in here.
const HERE: &str = "/connexion/relier";

pub(super) async fn page(ctx: Ctx, headers: HeaderMap) -> Result<Response, AppError> {
    let Some((_, pending, provider)) = waiting(&ctx, &headers).await? else {
        return Ok(gone(&ctx));
    };
    let name = [("name", provider.name.as_str().into())];
    let drop = Button::post(ctx.t("oidc-link-drop"), "/connexion/ne-pas-relier").quiet();
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), provider.space)
        .await?;
    let there = match &pending.name {
        Some(there) => ctx.tr(
            "oidc-link-there-named",
            &[
                ("name", provider.name.as_str().into()),
                ("there", there.as_str().into()),
            ],
        ),
        None => ctx.tr("oidc-link-there", &name),
    };
    let data = match &ctx.who.0 {
        Some(who) => json!({
            "there": there,
            "sentence": ctx.tr("oidc-link-mine", &[("mine", who.name.as_str().into())]),
            "consequence": ctx.tr("oidc-link-consequence", &name),
            "buttons": [Button::post(ctx.t("oidc-link-do"), HERE).icon("link"), drop],
        }),
        None => json!({
            "there": there,
            "sentence": ctx.t("oidc-link-sign-in-text"),
            "contact": space.as_deref().map(|space| space.body.email.as_str()).filter(|e| !e.is_empty()),
            "buttons": [
                Button::link(ctx.t("oidc-link-sign-in"), sign_in_page(&ctx, &provider, HERE).await?).icon("log-in"),
                drop,
            ],
        }),
    };
    let page = ctx.page("oidc/signing_in/linking", ctx.tr("oidc-link-title", &name));
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.render(data)
}

pub(super) async fn link(ctx: Ctx, headers: HeaderMap) -> Result<Response, AppError> {
    let who = signed_in(&ctx)?;
    let Some((token, pending, provider)) = waiting(&ctx, &headers).await? else {
        return Ok(gone(&ctx));
    };
    let mut response = match linked(&ctx, who, &token, &pending).await {
        Ok(()) => {
            let told = Some((NoticeKind::Success, "oidc-linked-done"));
            ctx.redirect(&pending.leads_to, told)
        }
        // What passes may be tried again.
        Err(Barred::App(error)) => return Err(error),
        Err(barred) => {
            forget(&ctx, &token).await?;
            refused::page(&ctx, &provider, Why::Barred(barred)).await?
        }
    };
    give(&ctx, &mut response, PENDING_COOKIE, "", 0);
    Ok(response)
}

async fn linked(ctx: &Ctx, who: &SignedIn, token: &str, pending: &Pending) -> Result<(), Barred> {
    let tx = ctx.app.db().write().await.map_err(AppError::from)?;
    let provider = commands::link(&ctx.app, &tx, token, pending, who).await?;
    let event = refused::event(ctx, "linked", String::new(), String::new());
    put_event(&tx, provider.id, &event)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    Ok(())
}

/// Who does not want to be linked is forgotten at once.
pub(super) async fn drop(ctx: Ctx, headers: HeaderMap) -> Result<Response, AppError> {
    if let Some((token, ..)) = waiting(&ctx, &headers).await? {
        forget(&ctx, &token).await?;
    }
    let to = if ctx.who.0.is_some() {
        "/"
    } else {
        "/connexion"
    };
    let mut response = ctx.redirect(to, Some((NoticeKind::Info, "oidc-link-dropped")));
    give(&ctx, &mut response, PENDING_COOKIE, "", 0);
    Ok(response)
}

async fn forget(ctx: &Ctx, token: &str) -> Result<(), AppError> {
    let tx = ctx.app.db().write().await?;
    store::end_pending(&tx, token).await?;
    Ok(tx.commit().await?)
}

/// Who is signed in.
pub(super) fn signed_in(ctx: &Ctx) -> Result<&SignedIn, AppError> {
    ctx.who.0.as_deref().ok_or(AppError::SignIn)
}

/// Who waits in this browser.
async fn waiting(
    ctx: &Ctx,
    headers: &HeaderMap,
) -> Result<Option<(String, Pending, Provider)>, AppError> {
    let db = ctx.app.db().read();
    let Some(token) = cookie(headers, &ctx.cookie_name(PENDING_COOKIE)) else {
        return Ok(None);
    };
    let Some(pending) = store::pending(db, token, ctx.now).await? else {
        return Ok(None);
    };
    let found = provider(db, pending.provider).await?;
    let open = found.filter(Provider::is_open);
    Ok(open.map(|provider| (token.to_owned(), pending, provider)))
}

fn gone(ctx: &Ctx) -> Response {
    ctx.redirect("/connexion", Some((NoticeKind::Info, "oidc-link-gone")))
}

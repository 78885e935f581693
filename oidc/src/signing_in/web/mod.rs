//! Pages of signing in elsewhere.

mod back;
mod begin;
mod leave;
mod linking;
mod mine;
mod refused;

use axum::http::{HeaderValue, header};
use axum::response::Response;
use passerelle_web::context::urlencode;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{App, AppError, Ctx};

use super::addresses;
use super::ways::OWN_PAGE;
use crate::protocol::Party;
use crate::providers::model::Provider;

/// Name of the cookie that holds a sign-in on its way.
const BEGUN_COOKIE: &str = "passerelle-elsewhere";
/// Name of the cookie of who waits to be linked.
const PENDING_COOKIE: &str = "passerelle-linking";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/connexion/avec/{provider}", Access::Public, begin::begin)
        .get("/connexion/retour/{provider}", Access::Public, back::back)
        .get("/connexion/relier", Access::Public, linking::page)
        .post("/connexion/relier", Access::SignedIn, linking::link)
        .post("/connexion/ne-pas-relier", Access::Public, linking::drop)
        .get("/connexion/sortie/{token}", Access::Public, leave::leave)
        .secret()
        .get(OWN_PAGE, Access::SignedIn, mine::page)
        .post(
            "/mon-compte/comptes-exterieurs/{provider}/retirer",
            Access::SignedIn,
            mine::remove,
        )
}

/// Who we are for a provider.
fn party(app: &App, provider: &Provider) -> Result<Party, AppError> {
    let scopes = provider.client.scopes.split(' ');
    Ok(Party {
        client_id: provider.client.id.clone(),
        client_secret: provider.client.secret.clone(),
        redirect: addresses(app, provider.id)?.back,
        // The library asks for it by itself.
        scopes: scopes
            .filter(|scope| *scope != "openid")
            .map(str::to_owned)
            .collect(),
    })
}

/// Gives the browser something to bring back, or takes it away (zero seconds). It comes with the
/// address that a provider leads to: `SameSite=Lax` lets that pass, and nothing else of another site.
fn give(ctx: &Ctx, response: &mut Response, name: &str, value: &str, seconds: i64) {
    let name = ctx.cookie_name(name);
    let secure = if ctx.app.settings().is_secure() || name.starts_with("__Host-") {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The sign-in page on which a provider is offered, with a path of ours to go to afterwards.
async fn sign_in_page(ctx: &Ctx, provider: &Provider, next: &str) -> Result<String, AppError> {
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), provider.space)
        .await?;
    let home = &ctx.app.settings().home_space;
    let slug = space
        .as_ref()
        .map(|space| &space.slug)
        .filter(|slug| *slug != home);
    let mut query: Vec<String> = Vec::new();
    if let Some(slug) = slug {
        query.push(format!("espace={slug}"));
    }
    if !next.is_empty() {
        query.push(format!("suite={}", urlencode(next)));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(format!("/connexion{mark}{}", query.join("&")))
}

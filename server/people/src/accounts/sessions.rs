//! Sessions of the browser: the cookie that carries the token, and where a request comes from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use passerelle_kernel::env::SECOND;
use passerelle_web::serve::SESSION_COOKIE;
use passerelle_web::{App, Ctx, place};

use super::model::{SESSION_LIFETIME, client_key, device};
use super::password::Hasher;

/// Registry entry: how accounts work on this server.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Who hashes passwords.
    pub hasher: Hasher,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What attempts are counted under; none for who comes by no request.
    pub key: Option<String>,
    /// Browser and system.
    pub device: String,
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            key: Some(client_key(place::of(app, parts))),
            device: device(agent),
        })
    }
}

/// Gives the browser its session.
pub fn keep(ctx: &Ctx, mut response: Response, token: &str) -> Response {
    add(&mut response, ctx, token, SESSION_LIFETIME / SECOND);
    response
}

/// Takes the session from the browser.
pub fn forget(ctx: &Ctx, mut response: Response) -> Response {
    add(&mut response, ctx, "", 0);
    response
}

fn add(response: &mut Response, ctx: &Ctx, token: &str, seconds: i64) {
    let name = ctx.cookie_name(SESSION_COOKIE);
    // A browser drops a `__Host-` cookie that is not Secure.
    let secure = if ctx.app.settings().is_secure() || name.starts_with("__Host-") {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

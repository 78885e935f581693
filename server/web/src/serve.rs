//! The application's router: routes of all plugins behind one middleware that
//! recognises the person, refuses foreign origins, writes error pages, sets the
//! security headers and logs one line a request.

use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header,
};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use passerelle_kernel::stats;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use crate::access::{AuthenticatorEntry, Who};
use crate::app::App;
use crate::context::{Ctx, NOTICE_COOKIE, cookie_name};
use crate::error::AppError;
use crate::failure::{self, Asked};
use crate::lang::Lang;
use crate::log::{Addresses, Line};
use crate::routes::{ContentRoutes, CrossSite, Routes};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "session";
const LANG_COOKIE: &str = "lang";

/// The router of the application's address.
pub fn application(app: &App) -> Router {
    let mut router = Router::new();
    for routes in app.registry().all::<Routes>() {
        router = router.merge(routes.router());
    }
    router
        .route("/assets/{*address}", get(asset))
        .route("/langue/{code}", get(set_language))
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::NotFound })
        .layer(middleware::from_fn(crate::text::entering))
        .layer(middleware::from_fn_with_state(
            (app.clone(), Addresses::of(app)),
            around,
        ))
        .route("/health/live", get(|| async { "ok" }))
        .route("/health/ready", get(ready))
        .layer(compression())
        .with_state(app.clone())
}

/// Texts leave compressed. The fastest level: most of the gain, a fraction of a millisecond.
/// No page shows a lasting secret beside what a visitor sent, so lengths tell nothing of use.
fn compression() -> CompressionLayer<impl Predicate> {
    let text = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|kind| {
                kind.starts_with("text/")
                    || kind.contains("javascript")
                    || kind.contains("json")
                    || kind.contains("svg")
            })
    };
    CompressionLayer::new()
        .gzip(true)
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(1024).and(text))
}

/// The router of the content hosts.
pub fn content(app: &App) -> Router {
    let mut router = Router::new();
    for ContentRoutes(routes) in app.registry().all::<ContentRoutes>() {
        router = router.merge(routes.clone());
    }
    router.with_state(app.clone())
}

/// Whether a write is kept: an engine that answers may keep nothing. Tried every two seconds at most.
async fn ready(State(app): State<App>) -> Response {
    match app.db().keeps_writes().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let words = "the database does not keep what is written";
            (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
        }
    }
}

async fn asset(State(app): State<App>, Path(address): Path<String>) -> Result<Response, AppError> {
    let asset = app.assets().get(&address).ok_or(AppError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.bytes).into_response())
}

async fn set_language(
    State(app): State<App>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    let lang = Lang::from_code(&code).ok_or(AppError::NotFound)?;
    let back = request
        .uri()
        .query()
        .and_then(|q| crate::form::Form::parse(q.as_bytes()).ok())
        .map(|f| f.text("retour").to_owned())
        .unwrap_or_default();
    let mut response = Redirect::to(local_path(&back)).into_response();
    let secure = if app.settings().is_secure() {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; SameSite=Lax{secure}",
        cookie_name(&app, LANG_COOKIE),
        lang.code()
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// A path of ours, or `/`: never somebody else's address.
pub fn local_path(path: &str) -> &str {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|b| b > 0x20 && b != 0x7f);
    if safe { path } else { "/" }
}

/// Registry entry: the page of one's own that signing in leads to when nothing else was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Landing(pub &'static str);

/// Where signing in leads: the path that was asked for when it is one of ours, else one's own page.
pub fn landing<'p>(app: &App, path: &'p str) -> &'p str {
    match local_path(path) {
        "/" => app
            .registry()
            .all::<Landing>()
            .next()
            .map_or("/", |Landing(own)| own),
        path => path,
    }
}

/// Value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

async fn around(
    State((app, addresses)): State<(App, Addresses)>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = addresses.told(&request);
    let reference = app.env().label();
    let (mut response, cost) = stats::measure(handle(app, request, next, &reference)).await;
    // For who calls the router without a socket: what the page cost, as the log says it.
    response.extensions_mut().insert(cost);
    let line = Line {
        method: &method,
        address: path.as_deref(),
        status: response.status(),
        started,
        cost,
        reference: &reference,
    };
    line.write();
    response
}

async fn handle(app: App, mut request: Request, next: Next, reference: &str) -> Response {
    if request.uri().path().starts_with("/assets/") {
        return harden(&app, next.run(request).await);
    }
    // The body of a request is not `Sync`: nothing may hold the request across an await.
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .to_owned();
    let headers = request.headers().clone();
    let asked = Asked::of(&app, &headers);
    let ctx = match context(&app, &headers, &path).await {
        Ok(ctx) => ctx,
        Err(error) => {
            tracing::error!(reference, cause = %error, "no context for a request");
            return (StatusCode::INTERNAL_SERVER_ERROR, reference.to_owned()).into_response();
        }
    };
    let had_notice = ctx.notice.is_some();
    let response = if is_foreign(&app, &request) {
        AppError::BadRequest("error-origin").into_response()
    } else {
        request.extensions_mut().insert(ctx.clone());
        next.run(request).await
    };
    let mut response = failure::page(&ctx, response, &asked, reference);
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if had_notice && html {
        let clear = format!("{}=; Path=/; Max-Age=0", ctx.cookie_name(NOTICE_COOKIE));
        if let Ok(value) = HeaderValue::from_str(&clear) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    harden(&app, response)
}

async fn context(app: &App, headers: &HeaderMap, path: &str) -> Result<Ctx, AppError> {
    let mut who = Who::default();
    if let Some(token) = cookie(headers, &cookie_name(app, SESSION_COOKIE))
        && let Some(AuthenticatorEntry(authenticator)) =
            app.registry().all::<AuthenticatorEntry>().next()
    {
        who = Who(authenticator
            .authenticate(app.db(), token)
            .await?
            .map(std::sync::Arc::new));
    }
    let chosen = cookie(headers, &cookie_name(app, LANG_COOKIE)).and_then(Lang::from_code);
    let asked = || {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok())
            .and_then(Lang::accepted)
    };
    let lang = chosen
        .or_else(|| who.0.as_ref().map(|s| s.lang))
        .or_else(asked)
        .unwrap_or_default();
    let notice = cookie(headers, &cookie_name(app, NOTICE_COOKIE)).map(Into::into);
    Ok(Ctx {
        app: app.clone(),
        who,
        lang,
        path: path.into(),
        now: app.env().now(),
        notice,
    })
}

/// Cross-site request forgery is refused by exact origin, never by "same site".
fn is_foreign(app: &App, request: &Request) -> bool {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return false;
    }
    let path = request.uri().path();
    let mut open = app.registry().all::<CrossSite>();
    if open.any(|CrossSite(paths)| paths.contains(&path)) {
        return false;
    }
    let header = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = header(HeaderName::from_static("sec-fetch-site"))
        && site != "same-origin"
    {
        return true;
    }
    match header(header::ORIGIN) {
        Some(origin) => origin != app.settings().public_url,
        // A browser sends one of the two with every POST; a program without cookies needs neither.
        None => {
            request.headers().contains_key(header::COOKIE)
                && header(HeaderName::from_static("sec-fetch-site")).is_none()
        }
    }
}

/// Put in the extensions of an answer: the origin of the other server in whose frame, or from whose
/// window, this page may be shown. Nothing that needs a session belongs on such a page.
#[derive(Clone, Debug)]
pub struct FramedBy(pub String);

/// Put in the extensions of an answer: the origins, separated by spaces, that this page posts a form
/// to or holds in a frame, beside our own.
#[derive(Clone, Debug, Default)]
pub struct Reaches {
    /// Where its forms lead.
    pub forms: String,
    /// What its frames show.
    pub frames: String,
}

/// `Cross-Origin-Opener-Policy` of a page that holds somebody else's content in a frame: under
/// `same-origin`, a window that such content opens is cut from it. Who opens this page, or is opened
/// by it, is kept apart all the same.
pub const OPENS_WINDOWS: &str = "same-origin-allow-popups";

/// Security headers of every page of the application.
fn harden(app: &App, mut response: Response<Body>) -> Response {
    let content = match app.settings().content_url.split_once("://") {
        Some((scheme, host))
            if app.settings().content_hosts == crate::app::ContentHosts::Wildcard =>
        {
            format!("{scheme}://*.{host}")
        }
        _ => app.settings().content_url.clone(),
    };
    let framed = response.extensions_mut().remove::<FramedBy>();
    let ancestors = framed.as_ref().map_or("'none'", |by| by.0.as_str());
    let reaches = response.extensions_mut().remove::<Reaches>();
    let Reaches { forms, frames } = reaches.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
         font-src 'self'; manifest-src 'self'; form-action 'self' {content} {forms}; frame-src {content} {frames}; \
         frame-ancestors {ancestors}; base-uri 'none'"
    );
    let headers = response.headers_mut();
    let set = |headers: &mut HeaderMap, name: &'static str, value: &str| {
        let name = HeaderName::from_static(name);
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    set(headers, "content-security-policy", &policy);
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "same-origin");
    let opener = match (framed, frames.is_empty()) {
        (Some(_), _) => "unsafe-none",
        // What a frame of another origin opens would not find its way back to it.
        (None, false) => OPENS_WINDOWS,
        (None, true) => "same-origin",
    };
    set(headers, "cross-origin-opener-policy", opener);
    set(headers, "cross-origin-resource-policy", "same-origin");
    set(
        headers,
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    );
    set(headers, "origin-agent-cluster", "?1");
    set(headers, "cache-control", "private, no-cache");
    if app.settings().is_secure() {
        set(headers, "strict-transport-security", "max-age=31536000");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(local_path("/accueil?x=1"), "/accueil?x=1");
        for evil in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(local_path(evil), "/", "{evil}");
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; session=xyz; b=2"),
        );
        assert_eq!(cookie(&headers, "session"), Some("xyz"));
        assert_eq!(cookie(&headers, "ession"), None);
    }

    #[test]
    fn the_first_language_we_speak_wins() {
        assert_eq!(Lang::accepted("de, en-GB;q=0.8, fr;q=0.7"), Some(Lang::En));
        assert_eq!(Lang::accepted("de"), None);
    }
}

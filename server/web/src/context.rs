//! The context of a request: who asks, in which language, and how a page answers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use passerelle_kernel::Micros;
use serde_json::{Value, json};

use crate::access::Who;
use crate::app::App;
use crate::components::{Crumb, Notice, NoticeKind};
use crate::directory::Space;
use crate::error::AppError;
use crate::form::Form;
use crate::i18n::Arg;
use crate::lang::Lang;
use crate::nav::NavEntry;

/// Name of the cookie that carries a message across a redirection.
pub(crate) const NOTICE_COOKIE: &str = "notice";

/// What a handler knows of its request.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The application.
    pub app: App,
    /// Who asks.
    pub who: Who,
    /// Language of the answer.
    pub lang: Lang,
    /// Path and query asked for.
    pub path: Arc<str>,
    /// The instant of the request.
    pub now: Micros,
    /// Message left by the page before, `kind:message-id`.
    pub(crate) notice: Option<Arc<str>>,
}

impl FromRequestParts<App> for Ctx {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| AppError::internal("no request context"))
    }
}

/// A page to render: its template, title and place.
#[derive(Debug)]
pub struct Page<'a> {
    ctx: &'a Ctx,
    template: &'static str,
    title: String,
    description: Option<String>,
    space: Option<&'a Space>,
    crumbs: Vec<Crumb>,
    notice: Option<Notice>,
    scripts: Vec<&'static str>,
    wide: bool,
    held: bool,
    status: StatusCode,
}

impl Ctx {
    /// What the address asks after its `?`; nothing when it cannot be read.
    pub fn query(&self) -> Form {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        Form::parse(query.as_bytes()).unwrap_or_default()
    }

    /// A message.
    pub fn t(&self, id: &str) -> String {
        self.app.words().text(self.lang, id)
    }

    /// A message with values.
    pub fn tr(&self, id: &str, args: &[(&str, Arg)]) -> String {
        self.app.words().with(self.lang, id, args)
    }

    /// A page made of `template`; the title is text already translated.
    pub fn page(&self, template: &'static str, title: impl Into<String>) -> Page<'_> {
        Page {
            ctx: self,
            template,
            title: title.into(),
            description: None,
            space: None,
            crumbs: Vec::new(),
            notice: None,
            scripts: Vec::new(),
            wide: false,
            held: false,
            status: StatusCode::OK,
        }
    }

    /// To another page, with a message there (an id without values).
    pub fn redirect(&self, to: &str, notice: Option<(NoticeKind, &'static str)>) -> Response {
        let mut response = Redirect::to(to).into_response();
        if let Some((kind, id)) = notice {
            let kind = serde_json::to_value(kind)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            let name = self.cookie_name(NOTICE_COOKIE);
            let secure = if self.app.settings().is_secure() {
                "; Secure"
            } else {
                ""
            };
            let cookie =
                format!("{name}={kind}.{id}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}");
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        response
    }

    /// `__Host-name` over TLS; on a developer's machine browsers accept that prefix on localhost only.
    pub fn cookie_name(&self, name: &str) -> String {
        cookie_name(&self.app, name)
    }

    /// Renders a bare template (no shell), for fragments and documents.
    pub fn fragment(
        &self,
        template: &str,
        mut data: Value,
        zone: &str,
    ) -> Result<String, AppError> {
        if let Some(map) = data.as_object_mut() {
            map.insert("lang".to_owned(), json!(self.lang.code()));
            map.insert("zone".to_owned(), json!(zone));
        }
        self.app
            .templates()
            .render(template, &data)
            .map_err(AppError::internal)
    }
}

/// Name of a cookie of ours.
pub(crate) fn cookie_name(app: &App, name: &str) -> String {
    let local = app.settings().public_url.starts_with("http://127.0.0.1");
    if app.settings().is_secure() || !local {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

impl<'a> Page<'a> {
    /// The space whose look the page wears.
    #[must_use]
    pub fn space(mut self, space: &'a Space) -> Self {
        self.space = Some(space);
        self
    }
    /// Where the page stands; the page itself comes last by its title.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb {
            label: label.into(),
            href: Some(href.into()),
        });
        self
    }
    /// One sentence for search engines.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
    /// A message at the top.
    #[must_use]
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }
    /// A script, by the name of its asset.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }
    /// Uses the whole width: boards and wide tables.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
    /// Held in a frame of another site, or on the way to it: without the way to other pages, which
    /// no frame shows.
    #[must_use]
    pub fn held(mut self) -> Self {
        self.held = true;
        self
    }
    /// Another status than 200; 422 for a form that comes back.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Renders with `data` as the root of the template.
    pub fn render(self, data: Value) -> Result<Response, AppError> {
        let html = self.html(data)?;
        Ok((self.status, Html(html)).into_response())
    }

    fn html(&self, mut data: Value) -> Result<String, AppError> {
        let ctx = self.ctx;
        let zone = self.space.map_or("Europe/Paris", |s| s.zone.as_str());
        if let Some(map) = data.as_object_mut() {
            map.insert("lang".to_owned(), json!(ctx.lang.code()));
            map.insert("zone".to_owned(), json!(zone));
            map.insert("title".to_owned(), json!(self.title));
            map.insert("path".to_owned(), json!(&*ctx.path));
        }
        let body = ctx
            .app
            .templates()
            .render(self.template, &data)
            .map_err(AppError::internal)?;
        let mut nav = Vec::new();
        for entry in ctx.app.registry().all::<NavEntry>() {
            nav.extend((entry.items)(ctx, self.space));
        }
        nav.sort_by_key(|item| item.rank);
        let path = ctx.path.split('?').next().unwrap_or("/");
        let nav: Vec<Value> = nav.into_iter().map(|item| item.shell(ctx, path)).collect();
        let other = match ctx.lang {
            Lang::Fr => Lang::En,
            Lang::En => Lang::Fr,
        };
        let notice = self.notice.clone().or_else(|| self.left_notice());
        let shell = json!({
            "lang": ctx.lang.code(),
            "zone": zone,
            "title": self.title,
            "description": self.description,
            "space": self.space.map(|s| json!({"name": s.name, "slug": s.slug, "accent": s.accent})),
            "person": ctx.who.0.as_ref().map(|s| json!({"name": s.name})),
            "nav": nav,
            "breadcrumbs": self.crumbs,
            "notice": notice,
            "help_href": "/aide",
            "path": &*ctx.path,
            "other_lang": {
                "code": other.code(),
                "label": other.own_name(),
                "href": format!("/langue/{}?retour={}", other.code(), urlencode(&ctx.path)),
            },
            "body": body,
            "scripts": self.scripts.iter().map(|s| ctx.app.assets().address(s)).collect::<Vec<_>>(),
            "wide": self.wide,
            "held": self.held,
            "demo": ctx.app.settings().dev,
        });
        ctx.app
            .templates()
            .render("shell", &shell)
            .map_err(AppError::internal)
    }

    fn left_notice(&self) -> Option<Notice> {
        let (kind, id) = self.ctx.notice.as_ref()?.split_once('.')?;
        let kind = match kind {
            "success" => NoticeKind::Success,
            "warn" => NoticeKind::Warn,
            "error" => NoticeKind::Error,
            _ => NoticeKind::Info,
        };
        // The cookie names a message, it never carries text.
        self.ctx
            .app
            .words()
            .has(self.ctx.lang, id)
            .then(|| Notice::new(kind, self.ctx.t(id)))
    }
}

/// The time zone of a space; UTC when its name is unknown.
pub fn zone(space: &Space) -> TimeZone {
    TimeZone::get(&space.zone).unwrap_or(TimeZone::UTC)
}

/// Percent-encodes a value for a query string.
pub fn urlencode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

//! What tools ask of us with an access token: grades (AGS 2.0), the list of a
//! group (NRPS 2.0).

mod line_items;
mod members;
mod scores;
mod store;
mod token;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_courses::cohorts::{self, cohort};
use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Registry, Uuid};
use passerelle_web::access::Params;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx};
use serde_json::{Value, json};

use crate::reasons::Reason;
use crate::tools::model::{Ours, Tool};
use crate::tools::store::tool_in;

pub(crate) use store::main_item;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    let public = Access::Public;
    let items = "/lti/services/{tool}/groupe/{cohort}/elements";
    let item = "/lti/services/{tool}/groupe/{cohort}/elements/{item}";
    let routes = Routes::new()
        .post("/lti/jeton", public, token::give)
        .get(items, public, line_items::list)
        .post(items, public, line_items::add)
        .get(item, public, line_items::one)
        .put(item, public, line_items::change)
        .delete(item, public, line_items::remove)
        .post(
            "/lti/services/{tool}/groupe/{cohort}/elements/{item}/scores",
            public,
            scores::post,
        )
        .get(
            "/lti/services/{tool}/groupe/{cohort}/elements/{item}/results",
            public,
            scores::results,
        )
        .get(
            "/lti/services/{tool}/groupe/{cohort}/membres",
            public,
            members::list,
        );
    r.add(routes);
}

/// A tool with a token that lets it do what it asks, in a group that opens it.
struct Caller {
    tool: Tool,
    cohort: cohort::Model,
    ours: Ours,
}

/// Why a call is refused, as a tool reads it.
#[derive(Debug)]
enum Refused {
    /// A status, a sentence, and the same for people.
    Told(StatusCode, String, Box<Reason>),
    /// Something of ours failed.
    App(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<sea_orm::DbErr> for Refused {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::App(error.into())
    }
}

impl Refused {
    fn told(status: StatusCode, why: impl Into<String>) -> Self {
        Self::Told(status, why.into(), Box::new(Reason::new("refused")))
    }

    /// With the reason as people are told it.
    fn because(self, reason: Reason) -> Self {
        match self {
            Self::Told(status, why, _) => Self::Told(status, why, Box::new(reason)),
            ours => ours,
        }
    }

    fn not_found(what: &str) -> Self {
        Self::told(StatusCode::NOT_FOUND, what)
    }
}

/// The answer of a call.
fn answer(result: Result<Response, Refused>) -> Result<Response, AppError> {
    match result {
        Ok(response) => Ok(response),
        Err(Refused::App(error)) => Err(error),
        Err(Refused::Told(status, why, _)) => {
            let error = match status {
                StatusCode::UNAUTHORIZED => "invalid_token",
                StatusCode::FORBIDDEN => "insufficient_scope",
                _ => "invalid_request",
            };
            let body = json!({"error": error, "error_description": why}).to_string();
            let mut response = media(status, "application/json", body);
            if status == StatusCode::UNAUTHORIZED {
                let value = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, value);
            }
            Ok(response)
        }
    }
}

fn media(status: StatusCode, kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}

fn shown(kind: &'static str, body: &Value) -> Response {
    media(StatusCode::OK, kind, body.to_string())
}

/// Who calls, with a token for one of `scopes`, and about which group.
///
/// A tool learns of a group only when somebody opens it from there: before that, the group is none
/// of its business.
async fn caller(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    scopes: &[&str],
) -> Result<Caller, Refused> {
    let unauthorized = || Refused::told(StatusCode::UNAUTHORIZED, "the token is unknown or over");
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(unauthorized)?;
    let id: Uuid = params.id("tool")?;
    let cohort: Uuid = params.id("cohort")?;
    let db = ctx.app.db().read();
    let known = store::token(db, &token_hash(bearer.trim()), ctx.now).await?;
    let known = known.filter(|token| token.tool == id);
    let known = known.ok_or_else(unauthorized)?;
    if !known.scopes.split(' ').any(|scope| scopes.contains(&scope)) {
        let why = format!("the token has none of the scopes {}", scopes.join(", "));
        return Err(Refused::told(StatusCode::FORBIDDEN, why));
    }
    let tool = tool_in(db, known.space, id).await?;
    let tool = tool.filter(|tool| tool.closed_at.is_none());
    let tool = tool.ok_or_else(unauthorized)?;
    let opens = store::is_opened_from(db, id, cohort).await?;
    let cohort = cohorts::find_cohort(db, cohort)
        .await?
        .filter(|cohort| opens && cohort.space_id == tool.space)
        .ok_or_else(|| Refused::not_found("this tool is not opened from this group"))?;
    Ok(Caller {
        tool,
        cohort,
        ours: Ours::of(&ctx.app.settings().public_url),
    })
}

/// A page of a list: what is asked, bounded.
struct Paging {
    limit: usize,
    page: usize,
}

impl Paging {
    fn of(query: &passerelle_web::Form, most: usize) -> Self {
        let number = |name: &str| query.number(name).and_then(|n| usize::try_from(n).ok());
        Self {
            limit: number("limit").unwrap_or(most).clamp(1, most),
            page: number("page").unwrap_or(0).min(1_000_000),
        }
    }

    /// The rows of the page, and whether more follow.
    fn cut<T>(&self, mut all: Vec<T>) -> (Vec<T>, bool) {
        let start = self.page.saturating_mul(self.limit).min(all.len());
        let mut rest = all.split_off(start);
        let more = rest.len() > self.limit;
        rest.truncate(self.limit);
        (rest, more)
    }

    /// Says in the headers where the next page is.
    fn link(&self, response: &mut Response, address: &str, query: &passerelle_web::Form) {
        let mut url = format!("{address}?limit={}&page={}", self.limit, self.page + 1);
        for (name, value) in query.pairs() {
            if !matches!(name, "limit" | "page") {
                let value = passerelle_web::context::urlencode(value);
                url.push_str(&format!("&{name}={value}"));
            }
        }
        if let Ok(value) = HeaderValue::from_str(&format!("<{url}>; rel=\"next\"")) {
            response.headers_mut().insert(header::LINK, value);
        }
    }
}

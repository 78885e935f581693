//! The content host's side of a launch: code against token, and commits.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::future::join_all;
use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Db, Uuid};
use passerelle_scorm::manifest::TocItem;
use passerelle_web::app::{App, ContentHosts};
use passerelle_web::form::Form;
use passerelle_web::lang::Lang;
use serde::Deserialize;
use serde_json::{Value, json};

use super::policy;
use crate::cohorts::Term;
use crate::tracking::{Commit, CommitAnswer, Player, Tokens, TrackingWriter, code_waits, redeem};

/// `POST /launch`: the player's page for a one-time code.
pub(super) async fn launch(State(app): State<App>, headers: HeaderMap, form: Form) -> Response {
    let lang = Lang::from_code(form.text("lang")).unwrap_or_default();
    match player_page(&app, &headers, &form, lang).await {
        Ok(Some(page)) => page,
        Ok(None) => refusal(&app, lang, StatusCode::GONE, "player-code-used"),
        Err(error) => {
            tracing::error!(%error, "a launch failed");
            refusal(
                &app,
                lang,
                StatusCode::INTERNAL_SERVER_ERROR,
                "player-failed",
            )
        }
    }
}

async fn player_page(
    app: &App,
    headers: &HeaderMap,
    form: &Form,
    lang: Lang,
) -> Result<Option<Response>, Box<dyn std::error::Error + Send + Sync>> {
    // A code that nobody gave must not take its turn among those who write.
    if !code_waits(app.db(), form.text("code")).await? {
        return Ok(None);
    }
    let tx = app.db().write().await?;
    let Some(player) = redeem(&tx, form.text("code")).await? else {
        return Ok(None);
    };
    if !policy::host_fits(app.settings(), headers, &player.label) {
        // The code is not burnt: nothing is committed.
        return Ok(None);
    }
    tx.commit().await?;
    let data = launch_data(app, &player, lang);
    let page = app.templates().render(
        "courses/player/frame",
        &json!({
            "lang": lang.code(), "zone": "UTC", "title": player.title, "launch": data,
            "css": asset_path("player.css"), "js": asset_path("player.js"),
        }),
    )?;
    let mut response = Html(page).into_response();
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = policy::player_policy(app.settings(), player.own_window, &player.ancestors);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        out.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    Ok(Some(response))
}

/// Where the player's own files are served; the version keeps caches honest.
pub(super) fn asset_path(file: &str) -> String {
    format!("/p/{file}?v={}", env!("CARGO_PKG_VERSION"))
}

fn launch_data(app: &App, player: &Player, lang: Lang) -> Value {
    let line = |item: &TocItem| {
        let stored = player.states.get(&item.identifier);
        json!({
            "id": item.identifier,
            "title": item.title,
            "depth": item.depth,
            "kind": item.kind,
            "href": item.href.as_ref().map(|href| if item.external { href.clone() } else { format!("/c/{}/{href}", player.capability) }),
            "state": stored.map(|(state, _)| state.values()),
            "completion": stored.map(|(_, completion)| completion),
        })
    };
    let unfinished = |item: &&TocItem| {
        item.href.is_some()
            && player
                .states
                .get(&item.identifier)
                .is_none_or(|(_, completion)| completion != "completed")
    };
    let openable = || player.toc.iter().filter(|item| item.href.is_some());
    let current = openable()
        .find(unfinished)
        .or_else(|| openable().next())
        .map(|item| item.identifier.clone());
    let exit = match player.enrolment {
        Some(enrolment) => format!("{}/formation/{enrolment}", app.settings().public_url),
        None => format!("{}/gestion/contenus", app.settings().public_url),
    };
    json!({
        "standard": player.standard, "token": player.token, "attempt": player.attempt, "launch": player.launch,
        "next_seq": 1, "commit_url": "/t/commit", "lang": lang.code(), "mode": player.mode.as_str(),
        "title": player.title, "exit_url": exit, "window": if player.own_window { "own" } else { "frame" },
        "shared_host": app.settings().content_hosts == ContentHosts::Single,
        "toc": player.toc.iter().filter(|item| item.visible || item.href.is_some()).map(line).collect::<Vec<_>>(),
        "current": current, "strings": strings(app, lang),
    })
}

const STRINGS: [&str; 28] = [
    "contents",
    "close_contents",
    "previous",
    "next",
    "close",
    "full_screen",
    "leave_full_screen",
    "position",
    "time",
    "saved",
    "pending",
    "failing",
    "full",
    "unkept",
    "signin",
    "superseded",
    "over",
    "closed",
    "refused",
    "review",
    "browse",
    "ended",
    "empty",
    "leaving",
    "leaving_pending",
    "done",
    "in_progress",
    "not_started",
];

fn strings(app: &App, lang: Lang) -> Value {
    let mut map = serde_json::Map::new();
    for key in STRINGS {
        let id = format!("player-{}", key.replace('_', "-"));
        // The player fills `{name}` itself; Fluent would take braces for its own.
        map.insert(
            key.to_owned(),
            json!(
                app.words()
                    .text(lang, &id)
                    .replace('[', "{")
                    .replace(']', "}")
            ),
        );
    }
    Value::Object(map)
}

pub(super) fn refusal(app: &App, lang: Lang, status: StatusCode, id: &str) -> Response {
    let text = app.words().text(lang, id);
    let data =
        json!({"lang": lang.code(), "zone": "UTC", "text": text, "css": asset_path("player.css")});
    let page = app
        .templates()
        .render("courses/player/refusal", &data)
        .unwrap_or(text);
    (status, Html(page)).into_response()
}

#[derive(Deserialize)]
struct CommitBody {
    token: String,
    launch: Uuid,
    seq: i64,
    sco: String,
    #[serde(default = "first")]
    session: i32,
    #[serde(default)]
    set: serde_json::Map<String, Value>,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    calls: Vec<Value>,
}

fn first() -> i32 {
    1
}

/// `POST /t/commit`: one commit or, from a page that goes, several in their
/// order; answered once all are durable.
pub(super) async fn commit(State(app): State<App>, body: Bytes) -> Response {
    if is_array(&body) && body.len() > MAX_TOGETHER {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let Some(mut items) = parse(&body).filter(|items| !items.is_empty()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (Some(writer), Some(tokens)) = (app.service::<TrackingWriter>(), app.service::<Tokens>())
    else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // Nobody waits behind what a stranger sends: only tokens that we gave come to the queue.
    let sent = items.len();
    if let Err(error) = tokens.keep_known(app.db(), &mut items).await {
        tracing::error!(%error, "the token of a commit could not be looked up");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let strangers = (items.len() < sent).then_some(CommitAnswer::Unauthorized);
    // All are in the writer's queue, in order, before the first is waited for:
    // the page that sent them may be gone by then.
    let answers = join_all(items.into_iter().map(|item| writer.submit(item))).await;
    match answers.into_iter().collect::<Result<Vec<_>, _>>() {
        Ok(answers) => answers
            .into_iter()
            .chain(strangers)
            .max_by_key(severity)
            .map_or_else(|| StatusCode::BAD_REQUEST.into_response(), commit_answer),
        Err(error) => {
            tracing::error!(%error, "a commit was not stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Of several commits the worst answer is given: a player that is still there
/// sends them again one by one, and learns of each.
fn severity(answer: &CommitAnswer) -> u8 {
    match answer {
        CommitAnswer::Saved(_) => 0,
        CommitAnswer::Partly(..) => 1,
        CommitAnswer::Superseded => 2,
        CommitAnswer::Over => 3,
        CommitAnswer::TooLate => 4,
        CommitAnswer::Unauthorized => 5,
    }
}

/// Bytes at most in several commits together: twice what a browser lets leave with a page.
const MAX_TOGETHER: usize = 128 * 1024;
/// Commits at most in one request: more than fit in those bytes.
const MOST_TOGETHER: usize = 256;
/// Characters at most in the identifier of an item (SCORM 2004 RTE 4.2.1: a URI of 4,000).
const LONGEST_SCO: usize = 4_000;

fn is_array(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'[')
}

fn parse(body: &[u8]) -> Option<Vec<Commit>> {
    let text = std::str::from_utf8(body).ok()?;
    if is_array(body) {
        let items: Vec<Value> = serde_json::from_str(text).ok()?;
        if items.len() > MOST_TOGETHER {
            return None;
        }
        items
            .iter()
            .map(|item| parse_one(&item.to_string()))
            .collect()
    } else {
        Some(vec![parse_one(text)?])
    }
}

fn parse_one(text: &str) -> Option<Commit> {
    let body: CommitBody = serde_json::from_str(text).ok()?;
    // The table refuses it, and one refused write makes its whole group be written one by one.
    if !(1..=LONGEST_SCO).contains(&body.sco.chars().count()) {
        return None;
    }
    // A name is kept as text; values are kept as JSON, which writes that character as an escape.
    if !passerelle_web::text::may_enter(&body.sco) {
        return None;
    }
    let set = body
        .set
        .into_iter()
        .map(|(element, value)| match value {
            Value::String(value) => (element, value),
            other => (element, other.to_string()),
        })
        .collect();
    let calls = if body.calls.is_empty() {
        String::new()
    } else {
        Value::Array(body.calls).to_string()
    };
    let mut kept = text.to_owned();
    // What is put aside to be shown must not hold the token.
    if let Some(at) = kept.find(&body.token).filter(|_| !body.token.is_empty()) {
        kept.replace_range(at..at + body.token.len(), "");
    }
    Some(Commit {
        token_hash: token_hash(&body.token),
        launch: body.launch,
        seq: body.seq,
        sco: body.sco,
        session: body.session,
        set,
        end: body.end,
        calls,
        body: kept,
    })
}

fn commit_answer(answer: CommitAnswer) -> Response {
    let saved = |at: i64| [(HeaderName::from_static("x-saved-at"), at.to_string())];
    match answer {
        CommitAnswer::Saved(at) => (StatusCode::NO_CONTENT, saved(at)).into_response(),
        CommitAnswer::Partly(at, errors) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            saved(at),
            axum::Json(json!({"errors": errors})),
        )
            .into_response(),
        CommitAnswer::Superseded => (
            StatusCode::CONFLICT,
            axum::Json(json!({"reason": "superseded"})),
        )
            .into_response(),
        CommitAnswer::Over => {
            (StatusCode::CONFLICT, axum::Json(json!({"reason": "over"}))).into_response()
        }
        CommitAnswer::TooLate => StatusCode::GONE.into_response(),
        CommitAnswer::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// `POST /t/clear`: on a shared host, what the person before left on this device goes.
pub(super) async fn clear() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response
        .headers_mut()
        .insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    response
}

/// The attempt behind a capability, for its files.
#[derive(Clone, Debug)]
pub(super) struct Capability {
    /// Its launch is over: the activity has to be opened again.
    pub expired: bool,
    pub label: String,
    pub package: Uuid,
    pub external: Vec<String>,
    pub ancestors: String,
}

pub(super) async fn capability(
    db: &Db,
    capability: &str,
) -> Result<Option<Capability>, passerelle_kernel::sea_orm::DbErr> {
    use passerelle_kernel::db::statement;
    use sea_orm::ConnectionTrait;
    let sql = format!(
        "SELECT a.label, a.package_id, a.enrolment_id, p.external_hosts, v.content, l.ancestors, l.expires_at, {} \
         FROM attempt a JOIN package p ON p.id = a.package_id LEFT JOIN activity v ON v.id = a.activity_id \
         LEFT JOIN enrolment e ON e.id = a.enrolment_id LEFT JOIN cohort c ON c.id = e.cohort_id \
         LEFT JOIN launch l ON l.attempt_id = a.id AND l.superseded_at IS NULL WHERE a.capability = $1",
        Term::COLUMNS
    );
    let Some(row) = db
        .read()
        .query_one_raw(statement(db.read(), sql, [capability.into()]))
        .await?
    else {
        return Ok(None);
    };
    let enrolment: Option<Uuid> = row.try_get("", "enrolment_id")?;
    if enrolment.is_some() && !Term::read(&row)?.may_read() {
        return Ok(None);
    }
    let expires: Option<i64> = row.try_get("", "expires_at")?;
    // Only hosts that somebody allowed for this activity; finding them at the check-up is not enough.
    let content: Option<String> = row.try_get("", "content")?;
    let content: Value = content
        .and_then(|c| serde_json::from_str(&c).ok())
        .unwrap_or_default();
    let external = content["external_hosts"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    Ok(Some(Capability {
        expired: expires.is_none_or(|at| at <= db.env().now()),
        label: row.try_get("", "label")?,
        package: row.try_get("", "package_id")?,
        external: external
            .iter()
            .filter_map(|h| h.as_str().map(str::to_owned))
            .collect(),
        ancestors: row
            .try_get::<Option<String>>("", "ancestors")?
            .unwrap_or_default(),
    }))
}

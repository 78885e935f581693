//! The way to a tool: begun here, ended by a form that the browser posts to it.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_courses::access::{DoActivity, WatchActivity};
use passerelle_courses::content::ToolContent;
use passerelle_courses::learning;
use passerelle_lti_protocol::platform_configuration;
use passerelle_web::components::{Notice, NoticeKind};
use passerelle_web::failure::is_framed;
use passerelle_web::serve::{FramedBy, Reaches};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::ours;
use crate::reasons::Reason;
use crate::tools::model::{Tool, ToolCall};
use crate::tools::opening::{self, Refused, Signed};
use crate::tools::store::{self, Launching, What};

/// A trainee opens the tool of an activity.
pub(super) async fn begin(
    ctx: Ctx,
    allowed: Allowed<DoActivity>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let framed = query.has("cadre");
    let at = allowed.object();
    let content: Option<ToolContent> = serde_json::from_str(&at.activity.content).ok();
    let content = content
        .filter(|_| at.activity.kind == "tool")
        .ok_or(AppError::NotFound)?;
    let db = ctx.app.db().read();
    let tool = store::tool_in(db, at.of.space.id, content.tool).await?;
    let tool = tool.filter(|tool| tool.closed_at.is_none());
    let Some(tool) = tool else {
        return told(&ctx, "lti-tools-gone", "", framed);
    };
    let tx = ctx.app.db().write().await?;
    learning::open(&tx, &allowed).await?;
    let launching = Launching {
        tool: tool.id,
        person: at.of.enrolment.person_id,
        what: What::Activity {
            enrolment: at.of.enrolment.id,
            activity: at.activity.id,
        },
        framed,
        lang: ctx.lang.code().to_owned(),
    };
    let target = opening::target(&tool, &content);
    let response = opening::begin(&tx, &ours(&ctx), &tool, &launching, target).await?;
    tx.commit().await?;
    Ok(if framed {
        framed_here(response)
    } else {
        response
    })
}

/// Somebody who tutors or oversees a trainee opens the tool of one of their activities.
pub(super) async fn watch(ctx: Ctx, allowed: Allowed<WatchActivity>) -> Result<Response, AppError> {
    let at = allowed.object();
    let person = allowed.person().ok_or(AppError::SignIn)?;
    let content: Option<ToolContent> = serde_json::from_str(&at.activity.content).ok();
    let content = content
        .filter(|_| at.activity.kind == "tool")
        .ok_or(AppError::NotFound)?;
    let db = ctx.app.db().read();
    let tool = store::tool_in(db, at.of.space.id, content.tool).await?;
    let tool = tool.filter(|tool| tool.closed_at.is_none());
    let Some(tool) = tool else {
        return told(&ctx, "lti-tools-gone", "", false);
    };
    let launching = Launching {
        tool: tool.id,
        person,
        what: What::Watching {
            enrolment: at.of.enrolment.id,
            activity: at.activity.id,
        },
        framed: false,
        lang: ctx.lang.code().to_owned(),
    };
    let target = opening::target(&tool, &content);
    let tx = ctx.app.db().write().await?;
    let response = opening::begin(&tx, &ours(&ctx), &tool, &launching, target).await?;
    tx.commit().await?;
    Ok(response)
}

/// Only pages of ours may hold it in a frame.
fn framed_here(mut response: Response) -> Response {
    let by = FramedBy("'self'".to_owned());
    response.extensions_mut().insert(by);
    response
}

pub(super) async fn by_query(
    ctx: Ctx,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let form = Form::parse(query.unwrap_or_default().as_bytes())?;
    end(&ctx, &headers, &form).await
}

pub(super) async fn by_form(
    ctx: Ctx,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, AppError> {
    end(&ctx, &headers, &form).await
}

/// The tool comes back for the message.
async fn end(ctx: &Ctx, headers: &HeaderMap, form: &Form) -> Result<Response, AppError> {
    match opening::end(ctx, form).await {
        Ok(signed) => {
            note(ctx, &signed.tool, signed.kind, None).await?;
            posted(ctx, &signed)
        }
        Err((_, Refused::App(error))) => Err(error),
        Err((tool, refused)) => {
            let reference = ctx.app.env().label();
            tracing::warn!(%refused, reference, "a tool was not opened");
            if let Some(tool) = &tool {
                note(ctx, tool, "launch", Some(refused.reason())).await?;
            }
            let message = match refused {
                Refused::Hint => "lti-tools-over",
                Refused::Person => "lti-tools-other-person",
                Refused::Gone => "lti-tools-gone",
                _ => "lti-tools-not-opened",
            };
            told(
                ctx,
                message,
                &reference,
                is_framed(headers).unwrap_or_default(),
            )
        }
    }
}

async fn note(
    ctx: &Ctx,
    tool: &Tool,
    kind: &'static str,
    refused: Option<Reason>,
) -> Result<(), AppError> {
    let tx = ctx.app.db().write().await?;
    store::put_call(&tx, tool.id, &ToolCall { kind, refused }).await?;
    tx.commit().await?;
    Ok(())
}

/// A form that posts itself to the tool, with a button where scripts do not run.
fn posted(ctx: &Ctx, signed: &Signed) -> Result<Response, AppError> {
    let name = &signed.tool.data.name;
    let mut fields = vec![json!({"name": "id_token", "value": signed.token})];
    fields.extend(
        signed
            .state
            .iter()
            .map(|state| json!({"name": "state", "value": state})),
    );
    let mut response = ctx
        .page("lti/tools/post", name)
        .script("lti-post.js")
        .held()
        .render(json!({
            "told": Notice::new(NoticeKind::Info, ctx.tr("lti-tools-post", &[("name", name.into())])),
            "action": signed.redirect,
            "fields": fields,
        }))?;
    let origin = signed.redirect.origin().ascii_serialization();
    let reaches = Reaches {
        forms: origin,
        frames: String::new(),
    };
    response.extensions_mut().insert(reaches);
    if signed.framed {
        response = framed_here(response);
    }
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        "no-store".parse().map_err(AppError::internal)?,
    );
    Ok(response)
}

fn told(
    ctx: &Ctx,
    message: &'static str,
    reference: &str,
    framed: bool,
) -> Result<Response, AppError> {
    let tell = (!reference.is_empty()).then(|| {
        let args = [("reference", reference.into())];
        ctx.tr("lti-tools-tell", &args)
    });
    let response = ctx
        .page("lti/launches/refused", ctx.t("lti-tools-not-opened-title"))
        .held()
        .status(StatusCode::CONFLICT)
        .render(json!({
            "told": Notice::new(NoticeKind::Warn, ctx.t(message)),
            "tell": tell,
            "back": {"href": "/accueil", "label": ctx.t("lti-tools-home"), "top": true},
        }))?;
    Ok(if framed {
        framed_here(response)
    } else {
        response
    })
}

/// `GET /lti/configuration`: what we say of ourselves to tools that register.
pub(super) async fn configuration(ctx: Ctx) -> Result<Response, AppError> {
    let ours = ours(&ctx);
    let body = platform_configuration(&ours.addresses(), env!("CARGO_PKG_VERSION"));
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, body.to_string()).into_response())
}

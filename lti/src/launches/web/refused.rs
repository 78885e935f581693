//! Launches that stop: what the person is told, what the administrator will find.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_lti_protocol::LoginError;
use passerelle_web::components::{Notice, NoticeKind};
use passerelle_web::serve::FramedBy;
use passerelle_web::{AppError, Ctx};
use serde_json::{Value, json};

use super::super::entering::Barred;
use super::stop::Stop;
use crate::platforms::model::{Call, Platform};
use crate::platforms::store::{put_call, trim_calls};

/// Who may hold a refusal in a frame when the platform is not known: anybody. It carries a sentence
/// and a reference, leads nowhere and knows nobody; held back, a frame would only be blank.
const ANYBODY: &str = "*";

/// A login that is refused.
pub(super) async fn login(
    ctx: &Ctx,
    platform: Option<&Platform>,
    error: &LoginError,
) -> Result<Response, AppError> {
    let detail = format!("{error} ({})", error.section());
    let reference = ctx.app.env().label();
    keep(ctx, platform, "login", error.code(), &detail, &reference).await?;
    page(ctx, platform, error.code(), &reference, "").await
}

/// A launch that stops.
pub(super) async fn launch(
    ctx: &Ctx,
    from: Option<(&Platform, &str)>,
    stop: Stop,
) -> Result<Response, AppError> {
    let (code, detail) = match stop {
        Stop::App(error) => return Err(error),
        Stop::Launch(error) => (error.code(), format!("{error} ({})", error.section())),
        Stop::Keys(why) => ("keys-unreachable", why),
        Stop::Closed => ("platform-closed", "the platform is closed".to_owned()),
        Stop::Barred(Barred::App(error)) => return Err(error),
        Stop::Barred(barred) => (barred.code(), barred.to_string()),
    };
    let reference = ctx.app.env().label();
    let platform = from.map(|(platform, _)| platform);
    keep(ctx, platform, "launch", code, &detail, &reference).await?;
    let origins = from.map_or("", |(_, origins)| origins);
    page(ctx, platform, code, &reference, origins).await
}

/// A launch that went well.
pub(super) async fn note(
    ctx: &Ctx,
    platform: &Platform,
    outcome: &str,
    detail: &str,
) -> Result<(), AppError> {
    keep(ctx, Some(platform), "launch", outcome, detail, "").await
}

/// The same within a write that goes on.
pub(super) async fn note_in(
    ctx: &Ctx,
    tx: &WriteTx,
    platform: &Platform,
    outcome: &str,
    detail: &str,
) -> Result<(), AppError> {
    let call = call(ctx, "launch", outcome, detail, "");
    put_call(tx, platform.space, platform.id, &call).await?;
    Ok(())
}

/// A door that was passed, or that stood open too long.
pub(super) fn over(ctx: &Ctx) -> Result<Response, AppError> {
    let told = Notice::new(NoticeKind::Warn, ctx.t("lti-door-over"));
    let mut response = ctx
        .page("lti/launches/refused", ctx.t("lti-refused-title"))
        .held()
        .status(StatusCode::GONE)
        .render(json!({"told": told, "tell": null}))?;
    let by = FramedBy(ANYBODY.to_owned());
    response.extensions_mut().insert(by);
    Ok(response)
}

/// Something that cannot be opened in a frame now: why, within the frame.
pub(super) async fn stopped(
    ctx: &Ctx,
    space: Uuid,
    why: &str,
    origins: &str,
) -> Result<Response, AppError> {
    let data = json!({"told": Notice::new(NoticeKind::Warn, ctx.t(why)), "tell": null});
    let title = ctx.t("lti-refused-title");
    let view = "lti/launches/refused";
    let mut response = shown(ctx, Some(space), view, &title, data, origins).await?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

async fn keep(
    ctx: &Ctx,
    platform: Option<&Platform>,
    kind: &str,
    outcome: &str,
    detail: &str,
    reference: &str,
) -> Result<(), AppError> {
    let Some(platform) = platform else {
        tracing::warn!(
            kind,
            outcome,
            detail,
            reference,
            "a message of LTI is refused"
        );
        return Ok(());
    };
    let tx = ctx.app.db().write().await?;
    let call = call(ctx, kind, outcome, detail, reference);
    put_call(&tx, platform.space, platform.id, &call).await?;
    trim_calls(&tx, platform.id).await?;
    tx.commit().await?;
    Ok(())
}

fn call(ctx: &Ctx, kind: &str, outcome: &str, detail: &str, reference: &str) -> Call {
    Call {
        kind: kind.to_owned(),
        outcome: outcome.to_owned(),
        detail: detail.to_owned(),
        reference: reference.to_owned(),
        at: ctx.now,
    }
}

async fn page(
    ctx: &Ctx,
    platform: Option<&Platform>,
    code: &str,
    reference: &str,
    origins: &str,
) -> Result<Response, AppError> {
    // Some stops are news for the person, the others for whoever administers.
    let own = matches!(
        code,
        "cohort-full"
            | "cohort-closed"
            | "account-closed"
            | "other-browser"
            | "state-expired"
            | "state-unknown"
    );
    let kind = if own {
        NoticeKind::Warn
    } else {
        NoticeKind::Error
    };
    let told = Notice::new(kind, ctx.t(&format!("lti-why-{code}")));
    let tell = (!own).then(|| {
        let args = [("reference", reference.into()), ("code", code.into())];
        ctx.tr("lti-refused-tell", &args)
    });
    let status = match code {
        "cohort-full" => StatusCode::OK,
        _ if own => StatusCode::CONFLICT,
        _ => StatusCode::FORBIDDEN,
    };
    let data = json!({"told": told, "tell": tell});
    let space = platform.map(|platform| platform.space);
    let title = ctx.t("lti-refused-title");
    let mut response = shown(ctx, space, "lti/launches/refused", &title, data, origins).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// A page that the platform may hold in a frame.
pub(super) async fn framed(
    ctx: &Ctx,
    space: Uuid,
    view: &'static str,
    title: &str,
    data: Value,
    origins: &str,
) -> Result<Response, AppError> {
    shown(ctx, Some(space), view, title, data, origins).await
}

/// A page on the way, within the platform's frame, whose script goes on by itself.
pub(super) async fn with_script(
    ctx: &Ctx,
    platform: &Platform,
    title: &str,
    data: Value,
    origins: &str,
) -> Result<Response, AppError> {
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), platform.space)
        .await?;
    let page = ctx
        .page("lti/launches/window", title)
        .held()
        .script("lti-window.js");
    let mut response = match &space {
        Some(space) => page.space(space).render(data)?,
        None => page.render(data)?,
    };
    let by = FramedBy(origins.to_owned());
    response.extensions_mut().insert(by);
    Ok(response)
}

async fn shown(
    ctx: &Ctx,
    space: Option<Uuid>,
    view: &'static str,
    title: &str,
    data: Value,
    origins: &str,
) -> Result<Response, AppError> {
    let space = match space {
        Some(id) => ctx.app.directory().space(ctx.app.db(), id).await?,
        None => None,
    };
    let page = ctx.page(view, title).held();
    let mut response = match &space {
        Some(space) => page.space(space).render(data)?,
        None => page.render(data)?,
    };
    let by = if origins.is_empty() { ANYBODY } else { origins };
    response.extensions_mut().insert(FramedBy(by.to_owned()));
    Ok(response)
}

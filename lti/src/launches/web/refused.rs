//! Launches that stop: what the person is told, what the administrator will find.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_lti_protocol::LoginError;
use passerelle_web::components::{Notice, NoticeKind};
use passerelle_web::serve::FramedBy;
use passerelle_web::{AppError, Ctx};
use serde_json::{Value, json};
use url::Url;

use super::super::entering::Barred;
use super::stop::Stop;
use crate::platforms::model::{Call, Platform};
use crate::platforms::store::{put_call, trim_calls};
use crate::reasons::{self, Reason};

/// Who may hold a refusal in a frame when the platform is not known: anybody. It carries a sentence
/// and a reference, leads nowhere and knows nobody; held back, a frame would only be blank.
const ANYBODY: &str = "*";

/// Where somebody comes from whose launch stops.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    /// The platform.
    pub(super) platform: &'a Platform,
    /// Whose pages may hold ours.
    pub(super) origins: &'a str,
    /// The page to go back to, as a launch that was checked says.
    pub(super) back: Option<&'a str>,
}

impl From<'_> {
    /// The way back: to the page that the platform names, or to its front page.
    fn way(&self, ctx: &Ctx) -> Option<Value> {
        let issuer = self.platform.data.issuer.as_str();
        let to = self.back.filter(|back| !back.is_empty());
        let to = Url::parse(to.unwrap_or(issuer)).ok();
        let to = to.filter(|to| matches!(to.scheme(), "https" | "http"))?;
        let name = [("name", (&self.platform.data.name).into())];
        Some(json!({"href": to, "label": ctx.tr("lti-refused-back", &name), "top": true}))
    }
}

/// A login that is refused.
pub(super) async fn login(
    ctx: &Ctx,
    platform: Option<&Platform>,
    error: &LoginError,
) -> Result<Response, AppError> {
    let reference = ctx.app.env().label();
    tracing::warn!(code = error.code(), %error, reference, "a login is refused");
    let detail = Reason::from(error).kept();
    keep(ctx, platform, "login", error.code(), &detail, &reference).await?;
    let from = platform.map(|platform| From {
        platform,
        origins: "",
        back: None,
    });
    page(ctx, from, error.code(), None, &reference).await
}

/// A launch that stops.
pub(super) async fn launch(
    ctx: &Ctx,
    from: Option<From<'_>>,
    stop: Stop,
) -> Result<Response, AppError> {
    let reference = ctx.app.env().label();
    let (code, why, seconds) = match &stop {
        Stop::Launch(error) => {
            tracing::warn!(code = error.code(), %error, reference, "a launch is refused");
            (error.code(), Reason::from(error), error.seconds())
        }
        Stop::Keys(error) => {
            tracing::warn!(%error, reference, "the keys of a platform cannot be had");
            ("keys-unreachable", Reason::from(error), None)
        }
        Stop::Closed => ("platform-closed", Reason::default(), None),
        Stop::Barred(barred) => (barred.code(), Reason::default(), None),
        Stop::App(_) => ("internal", Reason::default(), None),
    };
    if let Stop::App(error) | Stop::Barred(Barred::App(error)) = stop {
        return Err(error);
    }
    let detail = why.kept();
    let platform = from.map(|from| from.platform);
    keep(ctx, platform, "launch", code, &detail, &reference).await?;
    page(ctx, from, code, seconds, &reference).await
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
        .render(json!({"told": told, "tell": null, "back": null}))?;
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
    course: &str,
) -> Result<Response, AppError> {
    let back = json!({"href": course, "label": ctx.t("lti-frame-back"), "top": false});
    let told = Notice::new(NoticeKind::Warn, ctx.t(why));
    let data = json!({"told": told, "tell": null, "back": back});
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
    from: Option<From<'_>>,
    code: &str,
    seconds: Option<i64>,
    reference: &str,
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
    let mut why = ctx.t(&format!("lti-why-{code}"));
    if let Some(seconds) = seconds {
        why = format!("{why} {}", reasons::clocks(ctx, seconds));
    }
    let told = Notice::new(kind, why);
    let tell = (!own).then(|| {
        let args = [("reference", reference.into()), ("code", code.into())];
        ctx.tr("lti-refused-tell", &args)
    });
    let status = match code {
        "cohort-full" => StatusCode::OK,
        _ if own => StatusCode::CONFLICT,
        _ => StatusCode::FORBIDDEN,
    };
    let back = from.and_then(|from| from.way(ctx));
    let data = json!({"told": told, "tell": tell, "back": back});
    let space = from.map(|from| from.platform.space);
    let origins = from.map_or("", |from| from.origins);
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

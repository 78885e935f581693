//! The course within the platform's own page, where cookies are dropped.
//!
//! The launch makes a secret address, good for a working day: behind it are the weeks of one
//! course and its packages, nothing else. What needs a session (pages, files, messages, the
//! account) opens in a window, through a door that stays open for an hour.

use axum::response::{IntoResponse, Redirect, Response};
use passerelle_courses::access::{ActivityRef, EnrolmentRef};
use passerelle_courses::{learning, player};
use passerelle_kernel::env::{HOUR, token_hash};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::access::{DoormanEntry, Lends, Params};
use passerelle_web::components::Button;
use passerelle_web::serve::FramedBy;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::json;

use super::super::store::{self, Frame};
use super::{Agent, doorman, refused};
use crate::platforms::store::platform_in;

/// How long somebody may work in the frame.
const LIFE: Micros = 10 * HOUR;
/// How long its door leads to a window, signed in.
const DOOR: Micros = HOUR;

/// Makes the address, and leads to it.
pub(super) async fn begin(
    tx: &WriteTx,
    mut frame: Frame,
    week: Option<i32>,
    now: Micros,
) -> Result<Response, AppError> {
    let code = tx.env().token();
    frame.door_until = now + DOOR;
    store::put_frame(tx, token_hash(&code), &frame, now + LIFE).await?;
    let to = match (frame.activity, week) {
        (Some(activity), _) => format!("{}/activite/{activity}", base(&code)),
        (None, Some(rank)) => format!("{}#semaine-{rank}", base(&code)),
        (None, None) => base(&code),
    };
    Ok(Redirect::to(&to).into_response())
}

fn base(code: &str) -> String {
    format!("/lti/cadre/{code}")
}

/// The frame of an address, while its platform is open.
async fn known(ctx: &Ctx, params: &Params) -> Result<Option<(Frame, String)>, AppError> {
    let code = params.text("code").unwrap_or_default();
    let db = ctx.app.db().read();
    let frame = store::frame(db, &token_hash(code), ctx.now).await?;
    let Some(frame) = frame else {
        return Ok(None);
    };
    let platform = platform_in(db, frame.space, frame.platform).await?;
    let open = platform.is_some_and(|platform| platform.closed_at.is_none());
    Ok(open.then(|| (frame, code.to_owned())))
}

fn framed(mut response: Response, origins: &str) -> Response {
    let by = FramedBy(origins.to_owned());
    response.extensions_mut().insert(by);
    response
}

fn door(ctx: &Ctx, frame: &Frame, code: &str, activity: Option<Uuid>) -> Option<Button> {
    let path = match activity {
        Some(activity) => format!("{}/activite/{activity}/entrer", base(code)),
        None => format!("{}/entrer", base(code)),
    };
    (ctx.now < frame.door_until)
        .then(|| Button::post(ctx.t("lti-frame-tab"), path).icon("external-link"))
}

/// The weeks of the course.
pub(super) async fn course(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some((frame, code)) = known(&ctx, &params).await? else {
        return refused::over(&ctx);
    };
    let Some(of) = EnrolmentRef::of_launch(&ctx, frame.enrolment).await? else {
        return refused::over(&ctx);
    };
    let weeks = learning::weeks_framed(&ctx, &of, &base(&code)).await?;
    let page = ctx
        .page("lti/launches/course", &of.cohort.title)
        .space(&of.space)
        .held()
        .render(json!({
            "weeks": weeks,
            "door": door(&ctx, &frame, &code, None).map(Button::quiet),
        }))?;
    Ok(framed(page, &frame.origins))
}

/// One activity: a package plays here, the others have a door.
pub(super) async fn activity(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let Some((frame, code)) = known(&ctx, &params).await? else {
        return refused::over(&ctx);
    };
    let id = params.id("activity")?;
    let Some(at) = ActivityRef::of_launch(&ctx, frame.enrolment, id).await? else {
        let why = "lti-frame-gone";
        return refused::stopped(&ctx, frame.space, why, &frame.origins, &base(&code)).await;
    };
    let back = base(&code);
    if at.activity.kind == "scorm" {
        return match player::open_framed(&ctx, &at, &frame.origins, &back).await {
            Ok(page) => Ok(framed(page, &frame.origins)),
            // Its week is not open yet: said within the frame, where an error page would be blank.
            Err(AppError::Conflict(why)) => {
                refused::stopped(&ctx, frame.space, why, &frame.origins, &back).await
            }
            Err(error) => Err(error),
        };
    }
    let page = ctx
        .page("lti/launches/activity", &at.activity.title)
        .space(&at.of.space)
        .crumb(&at.of.cohort.title, back)
        .held()
        .render(json!({"door": door(&ctx, &frame, &code, Some(id))}))?;
    Ok(framed(page, &frame.origins))
}

/// The door: signs in, in a window of its own.
pub(super) async fn enter(
    ctx: Ctx,
    params: Params,
    agent: Agent,
    _: Form,
) -> Result<Response, AppError> {
    let Some((frame, _)) = known(&ctx, &params).await? else {
        return refused::over(&ctx);
    };
    if ctx.now >= frame.door_until {
        return refused::over(&ctx);
    }
    let activity: Option<Uuid> = match params.text("activity") {
        Some(text) => Some(text.parse().map_err(|_| AppError::NotFound)?),
        None => None,
    };
    let DoormanEntry(doorman) = doorman(&ctx)?;
    let tx = ctx.app.db().write().await?;
    let token = doorman
        .admit(&tx, frame.space, frame.person, &agent.0, Lends::Nothing)
        .await?;
    tx.commit().await?;
    let Some(token) = token else {
        return refused::over(&ctx);
    };
    let to = match activity {
        Some(activity) => format!("/formation/{}/activite/{activity}", frame.enrolment),
        None => format!("/formation/{}", frame.enrolment),
    };
    let response = ctx.redirect(&to, None);
    Ok(doorman.keep(&ctx, response, &token))
}

//! Picking something in a tool for a week of a course (Deep Linking 2.0).

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use passerelle_courses::access::{CourseRef, EditCourse};
use passerelle_courses::catalogue::activity_model::MAX_MINUTES;
use passerelle_courses::catalogue::{activity_add, plan_of};
use passerelle_kernel::Uuid;
use passerelle_web::access::Params;
use passerelle_web::components::{
    Button, Empty, ErrorSummary, Field, FieldKind, Notice, NoticeKind,
};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::ours;
use crate::reasons::Reason;
use crate::tools::model::ToolCall;
use crate::tools::opening;
use crate::tools::picking::{self, Basket, MINUTES, PickError};
use crate::tools::store::{self, Launching, What};

fn course_address(of: &CourseRef) -> String {
    format!("/e/{}/gestion/formations/{}", of.space.slug, of.course.id)
}

/// To the tool, as somebody who makes the course.
pub(super) async fn begin(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    let of = allowed.object();
    let person = allowed.person().ok_or(AppError::SignIn)?;
    let week: Uuid = query
        .text("semaine")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let db = ctx.app.db().read();
    let plan = plan_of(db, of.course.id).await?.ok_or(AppError::NotFound)?;
    if !plan.weeks.iter().any(|known| known.week.id == week) {
        return Err(AppError::NotFound);
    }
    let tool = store::tool_in(db, of.space.id, params.id("tool")?).await?;
    let tool = tool.filter(|tool| tool.closed_at.is_none());
    let tool = tool.ok_or(AppError::NotFound)?;
    let picker = tool.data.picker_url.clone().ok_or(AppError::NotFound)?;
    let tx = ctx.app.db().write().await?;
    let launching = Launching {
        tool: tool.id,
        person,
        what: What::Picking {
            course: of.course.id,
            week,
        },
        framed: false,
        lang: ctx.lang.code().to_owned(),
    };
    let response = opening::begin(&tx, &ours(&ctx), &tool, &launching, &picker).await?;
    tx.commit().await?;
    Ok(response)
}

/// `POST /lti/choix`: the tool sends what was picked, through the browser. It comes from another
/// site, without the session: what it brings waits under a code for the person who asked for it.
pub(super) async fn receive(ctx: Ctx, form: Form) -> Result<Response, AppError> {
    let (tool, error) = match picking::receive(&ctx.app, form.raw("JWT")).await {
        Ok((tool, code)) => {
            note(&ctx, tool.id, None).await?;
            let db = ctx.app.db().read();
            let basket = picking::basket(db, &code, ctx.now).await?;
            let space = ctx.app.directory().space(ctx.app.db(), tool.space).await?;
            let (Some(basket), Some(space)) = (basket, space) else {
                return Err(AppError::NotFound);
            };
            let (course, _) = basket.place;
            let to = format!("/e/{}/gestion/formations/{course}/choix/{code}", space.slug);
            return Ok(Redirect::to(&to).into_response());
        }
        Err((_, PickError::App(error))) => return Err(error),
        Err(refused) => refused,
    };
    let reference = ctx.app.env().label();
    tracing::warn!(%error, reference, "what was picked in a tool is refused");
    if let Some(tool) = tool {
        note(&ctx, tool.id, Some(error.reason())).await?;
    }
    let tell = ctx.tr("lti-tools-tell", &[("reference", reference.into())]);
    ctx.page("lti/launches/refused", ctx.t("lti-tools-pick-title"))
        .status(StatusCode::CONFLICT)
        .render(json!({
            "told": Notice::new(NoticeKind::Warn, ctx.t("lti-tools-pick-refused")),
            "tell": tell,
            "back": {"href": "/accueil", "label": ctx.t("lti-tools-home"), "top": true},
        }))
}

async fn note(ctx: &Ctx, tool: Uuid, refused: Option<Reason>) -> Result<(), AppError> {
    let tx = ctx.app.db().write().await?;
    let kind = "picking";
    store::put_call(&tx, tool, &ToolCall { kind, refused }).await?;
    tx.commit().await?;
    Ok(())
}

/// What was picked, for whoever asked for it.
async fn own(
    ctx: &Ctx,
    allowed: &Allowed<EditCourse>,
    code: &str,
) -> Result<Option<Basket>, AppError> {
    let basket = picking::basket(ctx.app.db().read(), code, ctx.now).await?;
    Ok(basket.filter(|basket| {
        Some(basket.person) == allowed.person() && basket.place.0 == allowed.object().course.id
    }))
}

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
) -> Result<Response, AppError> {
    let code = params.text("code").unwrap_or_default();
    let Some(basket) = own(&ctx, &allowed, code).await? else {
        return gone(&ctx, allowed.object());
    };
    show(&ctx, allowed.object(), &basket, code, None)
}

/// Nothing is kept any more under the code: it was added, or is too old.
fn gone(ctx: &Ctx, of: &CourseRef) -> Result<Response, AppError> {
    let course = course_address(of);
    ctx.page("lti/tools/pick", ctx.t("lti-tools-pick-title"))
        .space(&of.space)
        .crumb(&of.course.title, &course)
        .status(StatusCode::GONE)
        .render(json!({
            "empty": Empty::new(ctx.t("lti-tools-pick-gone"), ctx.t("lti-tools-pick-gone-text"))
                .button(Button::link(ctx.t("lti-tools-pick-back"), course)),
        }))
}

fn show(
    ctx: &Ctx,
    of: &CourseRef,
    basket: &Basket,
    code: &str,
    sent: Option<&Form>,
) -> Result<Response, AppError> {
    let course = course_address(of);
    let mut fields = Vec::new();
    let items: Vec<_> = basket
        .items
        .iter()
        .enumerate()
        .map(|(n, item)| {
            let name = format!("minutes_{n}");
            let kept = sent.is_none_or(|form| form.has(&format!("keep_{n}")));
            let value = sent.map_or_else(|| MINUTES.to_string(), |f| f.text(&name).to_owned());
            let error = (sent.is_some() && kept && minutes(sent, n).is_none())
                .then(|| ctx.t("catalogue-error-minutes"));
            let mut keep = Field::new(FieldKind::Checkbox, format!("keep_{n}"), &item.title);
            keep.checked = kept;
            let time = Field::new(FieldKind::Number, name, ctx.t("lti-tools-pick-time"))
                .value(value)
                .error(error);
            fields.push(time.clone());
            let graded = item.graded.then(|| ctx.t("lti-tools-pick-graded"));
            json!({"keep": keep, "time": time, "graded": graded})
        })
        .collect();
    let status = if fields.iter().any(|field| field.error.is_some()) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let nothing = items.is_empty().then(|| {
        Empty::new(
            ctx.t("lti-tools-pick-nothing"),
            ctx.t("lti-tools-pick-nothing-text"),
        )
        .button(Button::link(ctx.t("lti-tools-pick-back"), &course))
    });
    ctx.page("lti/tools/pick", ctx.t("lti-tools-pick-title"))
        .space(&of.space)
        .crumb(&of.course.title, &course)
        .status(status)
        .render(json!({
            "empty": nothing,
            "errors": ErrorSummary::of(&fields),
            "action": format!("{course}/choix/{code}"),
            "items": items,
            "buttons": [
                Button::submit(ctx.t("lti-tools-pick-do")).icon("plus"),
                Button::link(ctx.t("lti-cancel"), course.clone()).quiet(),
            ],
        }))
}

fn minutes(form: Option<&Form>, n: usize) -> Option<i32> {
    let number = form?.number(&format!("minutes_{n}"))?;
    i32::try_from(number)
        .ok()
        .filter(|minutes| (1..=MAX_MINUTES).contains(minutes))
}

/// Adds what was kept, each with its time.
pub(super) async fn add(
    ctx: Ctx,
    allowed: Allowed<EditCourse>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let code = params.text("code").unwrap_or_default();
    let Some(basket) = own(&ctx, &allowed, code).await? else {
        return gone(&ctx, of);
    };
    let kept: Vec<(usize, _)> = basket
        .items
        .iter()
        .enumerate()
        .filter(|(n, _)| form.has(&format!("keep_{n}")))
        .collect();
    if kept.iter().any(|(n, _)| minutes(Some(&form), *n).is_none()) {
        return show(&ctx, of, &basket, code, Some(&form));
    }
    let (course, week) = basket.place;
    let tx = ctx.app.db().write().await?;
    if !picking::forget(&tx, code).await? {
        return gone(&ctx, of);
    }
    for (n, item) in kept {
        let minutes = minutes(Some(&form), n).unwrap_or(MINUTES);
        let activity = picking::activity(item, basket.tool, week, minutes);
        activity_add(&tx, course, activity).await?;
    }
    tx.commit().await?;
    let notice = Some((NoticeKind::Success, "lti-tools-pick-added"));
    let to = format!("{}#semaine-{week}", course_address(of));
    Ok(ctx.redirect(&to, notice))
}

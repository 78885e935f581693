//! The settings of a cohort: name, first day, places, answering delay.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use passerelle_web::components::{Button, ErrorSummary, Field, FieldKind, NoticeKind, Width};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::super::error::CohortError;
use super::super::model::{CohortState, MAX_CAPACITY};
use super::super::{CohortSettings, change_cohort};
use super::create::{MOST_HOURS, answer_field, capacity_field};
use super::{cohort_page, manage_href, state_of};
use crate::access::ManageCohort;

/// The form.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let cohort = &allowed.object().cohort;
    let form = Form::from_pairs([
        ("title", cohort.title.clone()),
        ("start", cohort.start_date.clone()),
        ("capacity", cohort.capacity.to_string()),
        ("answer_hours", cohort.answer_hours.to_string()),
    ]);
    show(&ctx, &allowed, &form, &[])
}

/// Changes them.
pub async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let before = &allowed.object().cohort;
    // A field that cannot be answered any more is not sent.
    let start = form
        .optional("start")
        .unwrap_or(&before.start_date)
        .parse::<Date>()
        .ok();
    let number = |name: &str| form.number(name).and_then(|n| i32::try_from(n).ok());
    let capacity = number("capacity").filter(|n| (1..=MAX_CAPACITY).contains(n));
    let hours = number("answer_hours").filter(|n| (1..=MOST_HOURS).contains(&i64::from(*n)));
    let title = Some(form.text("title")).filter(|t| !t.is_empty() && t.chars().count() <= 150);
    let mut errors = Vec::new();
    for (field, wrong, message) in [
        ("title", title.is_none(), "cohort-field-title-error"),
        ("start", start.is_none(), "cohort-field-start-error"),
        ("capacity", capacity.is_none(), "cohort-error-capacity"),
        ("answer_hours", hours.is_none(), "cohort-field-answer-error"),
    ] {
        if wrong {
            errors.push((field, message));
        }
    }
    let (Some(title), Some(start), Some(capacity), Some(answer_hours)) =
        (title, start, capacity, hours)
    else {
        return show(&ctx, &allowed, &form, &errors);
    };
    let settings = CohortSettings {
        title: title.to_owned(),
        start,
        capacity,
        answer_hours,
    };
    let tx = ctx.app.db().write().await?;
    match change_cohort(&tx, &allowed, &settings).await {
        Ok(()) => {}
        Err(error) => {
            let field = match error {
                CohortError::Capacity | CohortError::TooFewPlaces => "capacity",
                CohortError::Started | CohortError::BadDate | CohortError::Calendar(_) => "start",
                other => return Err(other.into()),
            };
            tx.rollback().await?;
            let message = error.message().unwrap_or("cohort-error-date");
            return show(&ctx, &allowed, &form, &[(field, message)]);
        }
    }
    tx.commit().await?;
    Ok(ctx.redirect(
        &manage_href(allowed.object()),
        Some((NoticeKind::Success, "cohort-notice-saved")),
    ))
}

fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageCohort>,
    form: &Form,
    errors: &[(&str, &str)],
) -> Result<Response, AppError> {
    let of = allowed.object();
    let error = |name: &str| {
        errors
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, id)| ctx.t(id))
    };
    let planned = state_of(of) == CohortState::Planned && of.cohort.frozen_at.is_none();
    let mut start = Field::new(FieldKind::Date, "start", ctx.t("cohort-field-start"))
        .required()
        .value(form.text("start"))
        .help(ctx.t(if planned {
            "cohort-field-start-help"
        } else {
            "cohort-field-start-frozen"
        }));
    if !planned {
        start = start.readonly();
    }
    let fields = vec![
        Field::text("title", ctx.t("cohort-field-title"))
            .required()
            .value(form.text("title"))
            .maxlength(150)
            .width(Width::Full)
            .error(error("title")),
        start.error(error("start")),
        capacity_field(ctx, form.text("capacity")).error(error("capacity")),
        answer_field(ctx, form.text("answer_hours"))
            .required()
            .error(error("answer_hours")),
    ];
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    cohort_page(
        ctx,
        of,
        "courses/cohorts/form",
        ctx.t("cohort-settings-title"),
    )
    .status(status)
    .render(json!({
        "lead": ctx.t("cohort-settings-lead"),
        "action": format!("{}/reglages", manage_href(of)),
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t("cohort-settings-submit")).icon("save"),
        "cancel": Button::link(ctx.t("cohort-cancel-form"), manage_href(of)).quiet(),
    }))
}

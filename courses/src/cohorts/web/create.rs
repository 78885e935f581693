//! Opening a cohort of a published course.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::{Date, Weekday};
use passerelle_web::components::{
    Button, Choice, Empty, ErrorSummary, Field, FieldKind, NoticeKind, Width,
};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;
use uuid::Uuid;

use super::super::model::MAX_CAPACITY;
use super::super::queries::open_courses;
use super::super::time::GroupTime;
use super::super::{NewCohort, cohort_create};
use super::groups_href;
use crate::access::ManageCourses;

/// Places proposed.
const PLACES: i32 = 20;
/// Hours at most announced before an answer: four weeks.
pub(super) const MOST_HOURS: i64 = 672;

type Courses = [(Uuid, String, i64)];

/// The form.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let courses = open_courses(ctx.app.db().read(), space.id).await?;
    let mut form = Form::default();
    form.set("course", ctx.query().text("formation"));
    form.set(
        "start",
        next_monday(GroupTime::of_space(space).today(ctx.now)).to_string(),
    );
    form.set("capacity", PLACES.to_string());
    show(&ctx, &allowed, &courses, &form, &[])
}

/// The Monday after a day: a usual first day, and only proposed.
fn next_monday(day: Date) -> Date {
    day.nth_weekday(1, Weekday::Monday).unwrap_or(day)
}

/// Opens it.
pub async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let courses = open_courses(ctx.app.db().read(), space.id).await?;
    let course = form
        .text("course")
        .parse::<Uuid>()
        .ok()
        .filter(|id| courses.iter().any(|(c, _, _)| c == id));
    let start = form.text("start").parse::<Date>().ok();
    let capacity = form
        .number("capacity")
        .and_then(|n| i32::try_from(n).ok())
        .filter(|n| (1..=MAX_CAPACITY).contains(n));
    let hours = form
        .number("answer_hours")
        .filter(|n| (1..=MOST_HOURS).contains(n));
    let mut errors = Vec::new();
    for (field, wrong, message) in [
        ("course", course.is_none(), "cohort-field-course-error"),
        ("start", start.is_none(), "cohort-field-start-error"),
        ("capacity", capacity.is_none(), "cohort-error-capacity"),
        (
            "answer_hours",
            hours.is_none() && form.optional("answer_hours").is_some(),
            "cohort-field-answer-error",
        ),
        (
            "title",
            form.text("title").chars().count() > 150,
            "cohort-field-title-error",
        ),
    ] {
        if wrong {
            errors.push((field, message));
        }
    }
    let (Some(course), Some(start), Some(capacity), true) =
        (course, start, capacity, errors.is_empty())
    else {
        return show(&ctx, &allowed, &courses, &form, &errors);
    };
    let new = NewCohort {
        space: space.id,
        course,
        title: form.text("title").to_owned(),
        start,
        zone: space.zone.clone(),
        capacity,
        answer_hours: hours.and_then(|hours| i32::try_from(hours).ok()),
        actor: allowed.actor(),
    };
    let tx = ctx.app.db().write().await?;
    let id = cohort_create(&tx, new).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &format!("/groupe/{id}/gestion"),
        Some((NoticeKind::Success, "cohort-notice-created")),
    ))
}

fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageCourses>,
    courses: &Courses,
    form: &Form,
    errors: &[(&str, &str)],
) -> Result<Response, AppError> {
    let space = allowed.object();
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let fields = fields(ctx, courses, form, errors);
    let empty = courses.is_empty().then(|| {
        Empty::new(
            ctx.t("cohort-create-empty-title"),
            ctx.t("cohort-create-empty-text"),
        )
        .icon("book-open")
        .button(Button::link(
            ctx.t("cohort-create-empty-button"),
            format!("/e/{}/gestion/formations", space.slug),
        ))
    });
    ctx.page("courses/cohorts/create", ctx.t("cohort-create-title"))
        .space(space)
        .crumb(ctx.t("cohort-nav"), groups_href(space))
        .status(status)
        .render(json!({
            "action": format!("{}/nouveau", groups_href(space)),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "empty": empty,
            "submit": Button::submit(ctx.t("cohort-create-submit")).icon("calendar-plus"),
            "cancel": Button::link(ctx.t("cohort-cancel-form"), groups_href(space)).quiet(),
        }))
}

fn fields(ctx: &Ctx, courses: &Courses, form: &Form, errors: &[(&str, &str)]) -> Vec<Field> {
    let error = |name: &str| {
        errors
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, id)| ctx.t(id))
    };
    let choices = courses.iter().map(|(id, title, weeks)| {
        let weeks = ctx.tr(
            "cohort-course-weeks",
            &[("title", title.into()), ("count", (*weeks).into())],
        );
        Choice::new(id.to_string(), weeks)
    });
    let none = Choice::new("", ctx.t("cohort-field-course-none"));
    vec![
        Field::new(FieldKind::Select, "course", ctx.t("cohort-field-course"))
            .required()
            .width(Width::Full)
            .value(form.text("course"))
            .options(std::iter::once(none).chain(choices))
            .error(error("course")),
        Field::new(FieldKind::Date, "start", ctx.t("cohort-field-start"))
            .required()
            .value(form.text("start"))
            .help(ctx.t("cohort-field-start-help"))
            .error(error("start")),
        capacity_field(ctx, form.text("capacity")).error(error("capacity")),
        Field::text("title", ctx.t("cohort-field-title"))
            .value(form.text("title"))
            .maxlength(150)
            .width(Width::Full)
            .help(ctx.t("cohort-field-title-help"))
            .error(error("title")),
        answer_field(ctx, form.text("answer_hours"))
            .help(ctx.t("cohort-field-answer-help"))
            .error(error("answer_hours")),
    ]
}

pub(super) fn capacity_field(ctx: &Ctx, value: &str) -> Field {
    Field::new(
        FieldKind::Number,
        "capacity",
        ctx.t("cohort-field-capacity"),
    )
    .required()
    .value(value)
    .between(1, MAX_CAPACITY)
    .help(ctx.t("cohort-field-capacity-help"))
}

pub(super) fn answer_field(ctx: &Ctx, value: &str) -> Field {
    Field::new(
        FieldKind::Number,
        "answer_hours",
        ctx.t("cohort-field-answer"),
    )
    .value(value)
    .between(1, MOST_HOURS)
    .unit(ctx.t("cohort-unit-hours"))
}

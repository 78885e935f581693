//! The courses of a space, and a new one.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Empty, ErrorSummary, Field, FieldKind, Link, PAGE_ROWS, Pager,
    Row, Search, Table, Width,
};
use passerelle_web::context::{urlencode, zone};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::super::commands::create_course;
use super::super::error::CatalogueError;
use super::super::{course, model::Sheet, store};
use super::words::state_status;
use super::{courses_path, done};
use crate::access::{ManageCourses, ReadCourses};

/// Weeks proposed for a new course.
const WEEKS: i64 = 4;
/// Weeks at most in a new course.
const MAX_WEEKS: i64 = 52;
const STATES: [&str; 3] = ["draft", "published", "archived"];

pub(super) async fn list(ctx: Ctx, allowed: Allowed<ReadCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let asked = ctx.query();
    let words = asked.text("q");
    let state = STATES
        .into_iter()
        .find(|state| *state == asked.text("etat"));
    let page = asked
        .number("page")
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(1)
        .max(1);
    let db = ctx.app.db().read();
    let (courses, total) = store::courses(db, space.id, words, state, page, PAGE_ROWS).await?;
    let counts = store::states(db, space.id).await?;
    let base = courses_path(space);
    let chosen = state.unwrap_or_default();
    let address = |page: u64| format!("{base}?q={}&etat={chosen}&page={page}", urlencode(words));
    let new = Button::link(ctx.t("catalogue-new"), format!("{base}/nouvelle")).icon("plus");
    let manages = ctx.who.manages(space.id);
    let fresh = counts.is_empty();
    let empty = if fresh {
        let empty = Empty::new(
            ctx.t("catalogue-empty-title"),
            ctx.t("catalogue-empty-text"),
        )
        .icon("book-open");
        if manages {
            empty.button(new.clone())
        } else {
            empty
        }
    } else {
        Empty::new(ctx.t("catalogue-none-title"), ctx.t("catalogue-none-text")).icon("search")
    };
    let mut search = Search::new(&base, ctx.t("catalogue-search"), words);
    if let Some(state) = state {
        search = search.hidden("etat", state);
    }
    ctx.page("courses/catalogue/list", ctx.t("catalogue-title"))
        .space(space)
        .render(json!({
            "new": (manages && !fresh).then_some(new),
            "search": (!fresh).then_some(search),
            "chips": (!fresh).then(|| chips(&ctx, &base, words, state, &counts)),
            "table": table(&ctx, space, &courses).empty(empty),
            "pager": (total > PAGE_ROWS).then(|| Pager::new(page, PAGE_ROWS, total, address)),
        }))
}

fn chips(
    ctx: &Ctx,
    base: &str,
    words: &str,
    current: Option<&str>,
    counts: &[(String, i64)],
) -> Chips {
    let count = |state: &str| {
        counts
            .iter()
            .find(|(s, _)| s == state)
            .map_or(0, |(_, n)| *n)
    };
    let link = |label: String, state: &str, n: i64| {
        Link::new(label, format!("{base}?q={}&etat={state}", urlencode(words)))
            .current(current.unwrap_or_default() == state)
            .badge(format::number(n, ctx.lang))
    };
    let mut items = vec![link(
        ctx.t("catalogue-filter-current"),
        "",
        count("draft") + count("published"),
    )];
    for state in STATES {
        items.push(link(
            ctx.t(&format!("catalogue-filter-{state}")),
            state,
            count(state),
        ));
    }
    Chips {
        label: ctx.t("catalogue-filter"),
        items,
    }
}

fn table(ctx: &Ctx, space: &Arc<Space>, courses: &[course::Model]) -> Table {
    let columns = [
        Column::new(ctx.t("catalogue-column-title")),
        Column::new(ctx.t("catalogue-column-state")),
        Column::new(ctx.t("catalogue-column-duration")).numeric(),
        Column::new(ctx.t("catalogue-column-changed")),
    ];
    let zone = zone(space);
    let row = |course: &course::Model| {
        let sheet: Sheet = serde_json::from_str(&course.sheet).unwrap_or_default();
        let length = if sheet.agreed_minutes > 0 {
            format::duration(i64::from(sheet.agreed_minutes), ctx.lang)
        } else {
            ctx.t("catalogue-not-told")
        };
        let head = Cell {
            href: Some(format!("{}/{}", courses_path(space), course.id)),
            ..Cell::text(&course.title)
        };
        Row::new(
            head,
            [
                Cell::status(state_status(ctx, &course.state)),
                Cell::number(length),
                Cell::text(format::date_short(course.updated_at, &zone, ctx.lang)),
            ],
        )
    };
    Table::new("courses", ctx.t("catalogue-caption"), columns)
        .caption_hidden()
        .rows(courses.iter().map(row))
}

pub(super) async fn form(ctx: Ctx, allowed: Allowed<ManageCourses>) -> Result<Response, AppError> {
    new_page(
        &ctx,
        allowed.object(),
        &Form::from_pairs([("weeks", WEEKS.to_string())]),
        None,
        None,
    )
}

pub(super) async fn create(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    form: Form,
) -> Result<Response, AppError> {
    let weeks = form.number("weeks").filter(|n| (1..=MAX_WEEKS).contains(n));
    let Some(weeks) = weeks else {
        let error = ctx.tr("catalogue-error-week-count", &[("most", MAX_WEEKS.into())]);
        return new_page(&ctx, allowed.object(), &form, None, Some(error));
    };
    let tx = ctx.app.db().write().await?;
    let week_title = |number: i32| ctx.tr("catalogue-week-number", &[("number", number.into())]);
    match create_course(&tx, &allowed, form.text("title"), weeks as i32, week_title).await {
        Ok(id) => {
            tx.commit().await?;
            let to = format!("{}/{id}", courses_path(allowed.object()));
            Ok(ctx.redirect(&to, done("catalogue-created")))
        }
        Err(CatalogueError::Invalid(_, message)) => {
            tx.rollback().await?;
            new_page(&ctx, allowed.object(), &form, Some(ctx.t(message)), None)
        }
        Err(error) => Err(error.into()),
    }
}

fn new_page(
    ctx: &Ctx,
    space: &Space,
    form: &Form,
    title_error: Option<String>,
    weeks_error: Option<String>,
) -> Result<Response, AppError> {
    let wrong = title_error.is_some() || weeks_error.is_some();
    let fields = [
        Field::text("title", ctx.t("catalogue-field-title"))
            .help(ctx.t("catalogue-help-title"))
            .value(form.text("title"))
            .required()
            .maxlength(200)
            .width(Width::Full)
            .error(title_error),
        Field::new(FieldKind::Number, "weeks", ctx.t("catalogue-field-weeks"))
            .help(ctx.t("catalogue-help-weeks"))
            .value(form.text("weeks"))
            .required()
            .between(1, MAX_WEEKS)
            .error(weeks_error),
    ];
    let base = courses_path(space);
    ctx.page("courses/catalogue/new", ctx.t("catalogue-new-title"))
        .space(space)
        .crumb(ctx.t("catalogue-title"), base.clone())
        .status(if wrong {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        })
        .render(json!({
            "action": format!("{base}/nouvelle"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "submit": Button::submit(ctx.t("catalogue-new-submit")).icon("plus"),
        }))
}

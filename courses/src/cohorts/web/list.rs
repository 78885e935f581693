//! The cohorts of a space.

use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Empty, Link, PAGE_ROWS, Pager, Row, Search, Table,
};
use passerelle_web::context::urlencode;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::super::model::CohortState;
use super::super::queries::{CohortFilter, CohortRow, cohort_rows, state_counts};
use super::{groups_href, range, state_status};
use crate::access::ReadCourses;

/// To the cohorts of the first space that the person manages or oversees.
pub async fn first_space(ctx: Ctx) -> Result<Response, AppError> {
    let person = ctx.who.0.clone().ok_or(AppError::SignIn)?;
    let managed = person
        .roles
        .iter()
        .find(|(space, _)| ctx.who.manages(*space))
        .or_else(|| person.roles.first());
    let (space, _) = managed.ok_or(AppError::Forbidden)?;
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), *space)
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(ctx.redirect(&groups_href(&space), None))
}

/// The list, filtered by state and words, 50 a page.
pub async fn page(ctx: Ctx, allowed: Allowed<ReadCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let asked = ctx.query();
    let filter = CohortFilter {
        state: CohortState::parse(asked.text("etat")),
        words: asked.optional("q").map(str::to_owned),
    };
    let number = asked.number("page").map_or(1, |page| page.max(1) as u64);
    let conn = ctx.app.db().read();
    let (rows, total) = cohort_rows(conn, space.id, &filter, number).await?;
    let counts = state_counts(conn, space.id).await?;
    let base = groups_href(space);
    let mut search = Search::new(
        base.clone(),
        ctx.t("cohort-list-search"),
        filter.words.clone().unwrap_or_default(),
    );
    if let Some(state) = filter.state {
        search = search.hidden("etat", state.code());
    }
    let pager = (total > PAGE_ROWS).then(|| {
        Pager::new(number, PAGE_ROWS, total, |page| {
            address(&base, filter.state, filter.words.as_deref(), page)
        })
    });
    let manages = ctx.who.manages(space.id);
    let create =
        || Button::link(ctx.t("cohort-create-button"), format!("{base}/nouveau")).icon("plus");
    ctx.page("courses/cohorts/list", ctx.t("cohort-list-title"))
        .space(space)
        .render(json!({
            "create": manages.then(create),
            "search": search,
            "chips": chips(&ctx, &base, &filter, &counts),
            "table": table(&ctx, &rows, empty(&ctx, &filter, manages.then(create))),
            "pager": pager,
        }))
}

fn address(base: &str, state: Option<CohortState>, words: Option<&str>, page: u64) -> String {
    let mut parts = Vec::new();
    if let Some(state) = state {
        parts.push(format!("etat={}", state.code()));
    }
    if let Some(words) = words {
        parts.push(format!("q={}", urlencode(words)));
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", parts.join("&"))
    }
}

fn chips(ctx: &Ctx, base: &str, filter: &CohortFilter, counts: &[(CohortState, i64)]) -> Chips {
    let words = filter.words.as_deref();
    let all: i64 = counts.iter().map(|(_, n)| n).sum();
    let first = Link::new(ctx.t("cohort-list-all"), address(base, None, words, 1))
        .current(filter.state.is_none())
        .badge(format::number(all, ctx.lang));
    let states = CohortState::ALL.into_iter().filter_map(|state| {
        let count = counts
            .iter()
            .find(|(s, _)| *s == state)
            .map_or(0, |(_, n)| *n);
        (count > 0 || filter.state == Some(state)).then(|| {
            Link::new(
                ctx.t(&format!("cohort-states-{}", state.code())),
                address(base, Some(state), words, 1),
            )
            .current(filter.state == Some(state))
            .badge(format::number(count, ctx.lang))
        })
    });
    Chips {
        label: ctx.t("cohort-list-filter"),
        items: std::iter::once(first).chain(states).collect(),
    }
}

fn empty(ctx: &Ctx, filter: &CohortFilter, create: Option<Button>) -> Empty {
    if filter.state.is_some() || filter.words.is_some() {
        return Empty::new(
            ctx.t("cohort-list-none-title"),
            ctx.t("cohort-list-none-text"),
        )
        .icon("list-filter");
    }
    let empty = Empty::new(
        ctx.t("cohort-list-empty-title"),
        ctx.t("cohort-list-empty-text"),
    )
    .icon("users");
    match create {
        Some(button) => empty.button(button),
        None => empty,
    }
}

fn table(ctx: &Ctx, rows: &[CohortRow], empty: Empty) -> Table {
    let columns = [
        Column::new(ctx.t("cohort-column-title")),
        Column::new(ctx.t("cohort-column-dates")),
        Column::new(ctx.t("cohort-column-state")),
        Column::new(ctx.t("cohort-column-places")).numeric(),
        Column::new(ctx.t("cohort-column-tutors")).numeric(),
    ];
    let rows = rows.iter().map(|row| {
        let head = Cell::link(&row.title, format!("/groupe/{}/gestion", row.id));
        let head = if row.course == row.title {
            head
        } else {
            head.note(&row.course)
        };
        let places = [
            ("taken", row.active.into()),
            ("places", row.capacity.into()),
        ];
        let taken = Cell::number(ctx.tr("cohort-places", &places));
        let taken = match row.waiting {
            0 => taken,
            waiting => taken.note(ctx.tr("cohort-waiting-count", &[("count", waiting.into())])),
        };
        Row::new(
            head,
            [
                Cell::text(range(ctx, &row.start_date, &row.end_date)),
                Cell::status(state_status(ctx, row.state)),
                taken,
                Cell::number(format::number(row.tutors, ctx.lang)),
            ],
        )
    });
    Table::new("cohorts", ctx.t("cohort-list-caption"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(empty)
}

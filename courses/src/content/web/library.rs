//! The library of packages of a space.

use std::sync::Arc;

use axum::response::Response;
use passerelle_scorm::problem::{Problem, Severity};
use passerelle_web::components::{
    Button, Cell, Column, Empty, PAGE_ROWS, Pager, Row, Search, Status, Table, Tone,
};
use passerelle_web::context::{urlencode, zone};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::super::store::{self, PackageLine};
use super::{edition_words, to_first_space};
use crate::access::ReadCourses;

pub(super) async fn mine(ctx: Ctx) -> Result<Response, AppError> {
    to_first_space(&ctx, "contenus").await
}

pub(super) async fn library(ctx: Ctx, allowed: Allowed<ReadCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let asked = ctx.query();
    let words = asked.text("q");
    let page = asked
        .number("page")
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(1)
        .max(1);
    let (lines, total) =
        store::library(ctx.app.db().read(), space.id, words, page, PAGE_ROWS).await?;
    let base = format!("/e/{}/gestion/contenus", space.slug);
    let import = Button::link(ctx.t("content-import"), format!("{base}/importer")).icon("upload");
    let manages = ctx.who.manages(space.id);
    let empty = if words.is_empty() {
        let empty =
            Empty::new(ctx.t("content-empty-title"), ctx.t("content-empty-text")).icon("package");
        if manages {
            empty.button(import.clone())
        } else {
            empty
        }
    } else {
        Empty::new(ctx.t("content-none-title"), ctx.t("content-none-text")).icon("search")
    };
    let address = |page: u64| format!("{base}?q={}&page={page}", urlencode(words));
    let pager = (total > PAGE_ROWS).then(|| Pager::new(page, PAGE_ROWS, total, address));
    let has_any = total > 0 || !words.is_empty();
    ctx.page("courses/content/library", ctx.t("content-title"))
        .space(space)
        .render(json!({
            "search": has_any.then(|| Search::new(&base, ctx.t("content-search"), words)),
            "table": table(&ctx, space, &lines).empty(empty),
            "pager": pager,
            "import": (manages && has_any).then_some(import),
        }))
}

fn table(ctx: &Ctx, space: &Arc<Space>, lines: &[PackageLine]) -> Table {
    let columns = [
        Column::new(ctx.t("content-column-title")),
        Column::new(ctx.t("content-column-standard")),
        Column::new(ctx.t("content-column-size")).numeric(),
        Column::new(ctx.t("content-column-imported")),
        Column::new(ctx.t("content-column-uses")).numeric(),
        Column::new(ctx.t("content-column-problems")),
    ];
    let zone = zone(space);
    let row = |line: &PackageLine| {
        let package = &line.package;
        let href = format!("/e/{}/gestion/contenus/{}", space.slug, package.id);
        let head = Cell {
            href: Some(href),
            ..Cell::text(&package.title)
        };
        Row::new(
            head,
            [
                Cell::text(edition_words(ctx, &package.edition)),
                Cell::number(format::bytes(package.size_bytes.max(0) as u64, ctx.lang)),
                Cell::text(format::date_short(package.imported_at, &zone, ctx.lang)),
                Cell::number(format::number(line.uses, ctx.lang)),
                Cell::status(state(ctx, &package.problems)),
            ],
        )
    };
    Table::new("packages", ctx.t("content-caption"), columns)
        .caption_hidden()
        .rows(lines.iter().map(row))
}

/// Nothing to see, notes, or so many things to check.
pub(super) fn state(ctx: &Ctx, problems: &str) -> Status {
    let problems: Vec<Problem> = serde_json::from_str(problems).unwrap_or_default();
    let warnings = problems
        .iter()
        .filter(|p| p.severity == Severity::Warning)
        .count();
    if warnings > 0 {
        Status::new(
            Tone::Warn,
            ctx.tr("content-to-check", &[("count", warnings.into())]),
        )
    } else {
        Status::new(Tone::Success, ctx.t("content-fine"))
    }
}

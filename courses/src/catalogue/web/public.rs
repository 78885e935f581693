//! What the public reads: the catalogue as a magazine, and the sheet of a training.

use std::sync::Arc;

use axum::response::Response;
use jiff::Timestamp;
use passerelle_web::access::{Loaded, Params};
use passerelle_web::components::{
    CatalogueCard, Empty, Fact, Facts, PAGE_ROWS, Pager, PrintSheet, Search,
};
use passerelle_web::context::{urlencode, zone};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, format};
use serde_json::{Value, json};

use super::super::model::{PublishedSheet, SheetField};
use super::super::queries::{self, CatalogueEntry, NextSession};
use super::super::store;
use super::words::{places_status, plain_line, week_heading, week_time};
use crate::content::render_under;

/// A search appears from so many trainings.
const SEARCH_FROM: i64 = 7;

pub(super) async fn home(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    match Arc::<Space>::load(&ctx, &params).await? {
        Some(space) => show(&ctx, &space, "/").await,
        // A fresh installation has no space yet: its first page says so rather than being lost.
        None => ctx
            .page("courses/catalogue/fresh", ctx.t("catalogue-fresh-title"))
            .render(json!({})),
    }
}

pub(super) async fn catalogue(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let space = Arc::<Space>::load(&ctx, &params)
        .await?
        .ok_or(AppError::NotFound)?;
    show(&ctx, &space, &format!("/e/{}", space.slug)).await
}

/// Today in the space, `2026-11-23`.
fn today(ctx: &Ctx, space: &Space) -> String {
    let now = Timestamp::from_microsecond(ctx.now).unwrap_or(Timestamp::UNIX_EPOCH);
    now.to_zoned(zone(space)).date().to_string()
}

async fn show(ctx: &Ctx, space: &Space, base: &str) -> Result<Response, AppError> {
    let asked = ctx.query();
    let words = asked.text("q");
    let page = asked
        .number("page")
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(1)
        .max(1);
    let db = ctx.app.db().read();
    let (entries, total) =
        queries::catalogue(db, space.id, &today(ctx, space), words, page, PAGE_ROWS).await?;
    let first = page == 1 && words.is_empty();
    let cards: Vec<CatalogueCard> = entries
        .iter()
        .enumerate()
        .map(|(n, entry)| card(ctx, space, entry, first && n == 0 && total > 1))
        .collect();
    let pages = u64::try_from(total).unwrap_or(0);
    let address = |page: u64| format!("{base}?q={}&page={page}", urlencode(words));
    let empty = if words.is_empty() {
        Empty::new(
            ctx.t("catalogue-public-empty-title"),
            ctx.t("catalogue-public-empty-text"),
        )
        .icon("book-open")
    } else {
        Empty::new(
            ctx.t("catalogue-public-none-title"),
            ctx.t("catalogue-public-none-text"),
        )
        .icon("search")
    };
    ctx.page(
        "courses/catalogue/catalogue",
        ctx.t("catalogue-public-title"),
    )
    .space(space)
    .description(ctx.tr(
        "catalogue-public-description",
        &[("space", (&space.name).into())],
    ))
    .render(json!({
        "space_name": space.name,
        "search": (total >= SEARCH_FROM || !words.is_empty())
            .then(|| Search::new(base, ctx.t("catalogue-public-search"), words)),
        "cards": cards,
        "empty": empty,
        "pager": (pages > PAGE_ROWS).then(|| Pager::new(page, PAGE_ROWS, pages, address)),
    }))
}

fn card(ctx: &Ctx, space: &Space, entry: &CatalogueEntry, lead: bool) -> CatalogueCard {
    let PublishedSheet { title, sheet, .. } = &entry.published;
    CatalogueCard {
        title: title.clone(),
        href: sheet_path(space, &entry.slug),
        theme: None,
        summary: sheet.summary.clone(),
        audience: plain_line(&sheet.audience, 140),
        length: format::duration(i64::from(sheet.agreed_minutes), ctx.lang),
        modality: (sheet.weeks > 0)
            .then(|| ctx.tr("catalogue-weeks", &[("count", sheet.weeks.into())])),
        next_date: entry.next.as_ref().map_or_else(
            || ctx.t("catalogue-no-date"),
            |next| {
                ctx.tr(
                    "catalogue-next-date",
                    &[(
                        "date",
                        format::local_date(&next.start_date, ctx.lang).into(),
                    )],
                )
            },
        ),
        places: entry.next.as_ref().map(|next| places_status(ctx, next)),
        lead,
    }
}

fn sheet_path(space: &Space, slug: &str) -> String {
    format!("/e/{}/formations/{slug}", space.slug)
}

pub(super) async fn sheet(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let space = Arc::<Space>::load(&ctx, &params)
        .await?
        .ok_or(AppError::NotFound)?;
    let db = ctx.app.db().read();
    let slug = params.text("slug").unwrap_or_default();
    let course = store::published(db, space.id, slug)
        .await?
        .ok_or(AppError::NotFound)?;
    let at = course.published_at.ok_or(AppError::NotFound)?;
    let version = store::version(db, course.id, at)
        .await?
        .ok_or(AppError::NotFound)?;
    let published: PublishedSheet =
        serde_json::from_str(&version.sheet).map_err(AppError::internal)?;
    let sessions = queries::sessions_to_come(db, course.id, &today(&ctx, &space)).await?;
    let address = format!(
        "{}{}",
        ctx.app.settings().public_url,
        sheet_path(&space, slug)
    );
    let mut data = sheet_data(&ctx, &space, &published, Some(at), &sessions);
    if let Some(data) = data.as_object_mut() {
        data.insert(
            "json_ld".to_owned(),
            json_ld(&space, &published, &sessions, &address),
        );
        data.insert("banner".to_owned(), Value::Null);
    }
    ctx.page("courses/catalogue/sheet", &published.title)
        .space(&space)
        .description(published.sheet.summary.clone())
        .crumb(
            ctx.t("catalogue-public-title"),
            format!("/e/{}", space.slug),
        )
        .render(data)
}

/// What the template of the sheet needs, but for `json_ld` and `banner`.
pub(super) fn sheet_data(
    ctx: &Ctx,
    space: &Space,
    published: &PublishedSheet,
    at: Option<i64>,
    sessions: &[NextSession],
) -> Value {
    let sheet = &published.sheet;
    let html = |text: &str| render_under(text, &[], 3);
    let sections: Vec<Value> = SheetField::ALL
        .into_iter()
        .filter(|field| *field != SheetField::Summary && !field.of(sheet).trim().is_empty())
        .map(|field| {
            let title = ctx.t(&format!("catalogue-section-{}", field.code()));
            json!({"id": field.code(), "title": title, "html": html(field.of(sheet))})
        })
        .collect();
    let (before, after): (Vec<Value>, Vec<Value>) = sections
        .into_iter()
        .partition(|section| section["id"] == "audience" || section["id"] == "prerequisites");
    let outline: Vec<Value> = published
        .outline
        .iter()
        .zip(1_usize..)
        .map(|(week, number)| {
            json!({
                "heading": week_heading(ctx, number, &week.title),
                "html": html(&week.summary),
                "length": (week.minutes > 0).then(|| week_time(ctx, "catalogue-week-sum", week.minutes)),
            })
        })
        .collect();
    let objectives: Vec<&str> = sheet
        .objectives
        .iter()
        .map(|o| o.text.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    json!({
        "summary": sheet.summary,
        "facts": facts(ctx, published, sessions),
        "objectives": objectives,
        "before": before,
        "outline": outline,
        "after": after,
        "sessions": sessions.iter().map(|s| session(ctx, s)).collect::<Vec<_>>(),
        "published_at": at,
        "print": PrintSheet {
            organisation: if space.body.legal_name.is_empty() { &space.name } else { &space.body.legal_name }.clone(),
            title: published.title.clone(),
            lines: Vec::new(),
            foot: None,
        },
    })
}

fn facts(ctx: &Ctx, published: &PublishedSheet, sessions: &[NextSession]) -> Facts {
    let sheet = &published.sheet;
    let mut items = Vec::new();
    if sheet.agreed_minutes > 0 {
        let length = format::duration(i64::from(sheet.agreed_minutes), ctx.lang);
        let weeks = ctx.tr("catalogue-weeks", &[("count", sheet.weeks.into())]);
        let text = if sheet.weeks > 0 {
            format!("{length} · {weeks}")
        } else {
            length
        };
        items.push(Fact::new(ctx.t("catalogue-fact-duration"), text).icon("clock"));
    }
    let next = sessions.first().map_or_else(
        || ctx.t("catalogue-no-date"),
        |next| format::local_date(&next.start_date, ctx.lang),
    );
    items.push(Fact::new(ctx.t("catalogue-fact-next"), next).icon("calendar"));
    if !sheet.price.is_empty() {
        items.push(
            Fact::new(
                ctx.t("catalogue-section-price"),
                plain_line(&sheet.price, 60),
            )
            .icon("euro"),
        );
    }
    if sheet.answer_hours > 0 {
        let text = ctx.tr("catalogue-answer", &[("hours", sheet.answer_hours.into())]);
        items.push(Fact::new(ctx.t("catalogue-fact-answer"), text).icon("message"));
    }
    let nature = ctx.t(&format!(
        "catalogue-nature-{}",
        sheet.nature.code().replace('_', "-")
    ));
    items.push(Fact::new(ctx.t("catalogue-fact-nature"), nature).icon("graduation-cap"));
    Facts {
        items,
        columns: true,
    }
}

fn session(ctx: &Ctx, session: &NextSession) -> Value {
    let dates = match (session.start_date.parse(), session.end_date.parse()) {
        (Ok(first), Ok(last)) => format::date_range(first, last, ctx.lang),
        _ => format::local_date(&session.start_date, ctx.lang),
    };
    json!({"dates": dates, "places": places_status(ctx, session)})
}

/// The sheet for search engines (schema.org `Course`).
fn json_ld(
    space: &Space,
    published: &PublishedSheet,
    sessions: &[NextSession],
    address: &str,
) -> Value {
    let sheet = &published.sheet;
    let name = if space.body.legal_name.is_empty() {
        &space.name
    } else {
        &space.body.legal_name
    };
    let instances: Vec<Value> = sessions
        .iter()
        .map(|session| {
            json!({
                "@type": "CourseInstance",
                "courseMode": "online",
                "startDate": session.start_date,
                "endDate": session.end_date,
                "courseWorkload": format!("PT{}M", sheet.agreed_minutes.max(0)),
            })
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "Course",
        "name": published.title,
        "description": sheet.summary,
        "url": address,
        "inLanguage": space.lang.code(),
        "timeRequired": format!("PT{}M", sheet.agreed_minutes.max(0)),
        "coursePrerequisites": plain_line(&sheet.prerequisites, 300),
        "audience": {"@type": "Audience", "audienceType": plain_line(&sheet.audience, 300)},
        "teaches": sheet.objectives.iter().map(|o| o.text.as_str()).collect::<Vec<_>>(),
        "provider": {"@type": "Organization", "name": name},
        "hasCourseInstance": instances,
    })
}

//! The people of a cohort: their table, its export, and calendars.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_web::access::Params;
use passerelle_web::components::{
    Button, Cell, Chips, Column, Empty, Link, PAGE_ROWS, Pager, Row, Search, Status, Table, Tone,
};
use passerelle_web::context::urlencode;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::{Value, json};

use super::super::access::ReadCohort;
use super::super::entity::enrolment;
use super::super::model::{EnrolState, LeaveCause};
use super::super::{ics, store};
use super::manage::Seen;
use super::{manage_href, state_of};
use crate::access::CohortRef;

const LISTS: [EnrolState; 3] = [EnrolState::Active, EnrolState::Waiting, EnrolState::Left];

/// The table of people with its filters and what can be done.
pub(super) fn section(ctx: &Ctx, of: &CohortRef, seen: &Seen, manages: bool) -> Value {
    let asked = ctx.query();
    let silent = asked.text("liste") == "address";
    let list = LISTS
        .into_iter()
        .find(|s| s.code() == asked.text("liste"))
        .unwrap_or(EnrolState::Active);
    let words = asked.text("q").to_lowercase();
    let mut rows: Vec<(String, usize, &enrolment::Model)> = Vec::new();
    let of_list = seen.enrolments.iter().filter(|e| e.state == list.code());
    for (place, enrolment) in of_list.enumerate() {
        let card = seen.cards.get(&enrolment.person_id);
        let email = card.and_then(|c| c.email.as_deref()).unwrap_or_default();
        if silent && !email.is_empty() {
            continue;
        }
        let name = card.map_or_else(
            || ctx.t("cohort-person-unknown"),
            passerelle_web::directory::PersonCard::sort_name,
        );
        if name.to_lowercase().contains(&words) || email.contains(&words) {
            rows.push((name, place + 1, enrolment));
        }
    }
    // Those who wait stay in the order in which they will be called.
    if list != EnrolState::Waiting {
        rows.sort_by_key(|(name, ..)| name.to_lowercase());
    }
    let total = rows.len() as u64;
    let pages = total.div_ceil(PAGE_ROWS).max(1);
    let number = asked
        .number("page")
        .map_or(1, |page| page.max(1) as u64)
        .min(pages);
    let first = ((number - 1) * PAGE_ROWS) as usize;
    let shown = rows.iter().skip(first).take(PAGE_ROWS as usize);
    let base = manage_href(of);
    let address = |list: &str, page: u64| {
        let q = if words.is_empty() {
            String::new()
        } else {
            format!("&q={}", urlencode(&words))
        };
        let page = if page > 1 {
            format!("&page={page}")
        } else {
            String::new()
        };
        format!("{base}?liste={list}{q}{page}#people")
    };
    let takes = manages && state_of(of).takes_people();
    let unsent = seen
        .enrolments
        .iter()
        .any(|e| e.state == EnrolState::Active.code() && e.convened_at.is_none());
    json!({
        "chips": chips(ctx, seen, list, silent, |code| address(code, 1)),
        "search": (seen.enrolments.len() as u64 > PAGE_ROWS || !words.is_empty()).then(|| {
            Search::new(base.clone(), ctx.t("cohort-people-search"), asked.text("q")).hidden("liste", list.code())
        }),
        "table": table(ctx, of, seen, list, shown, manages),
        "pager": (total > PAGE_ROWS).then(|| Pager::new(number, PAGE_ROWS, total, |page| address(list.code(), page))),
        "enrol": takes.then(|| Button::link(ctx.t("cohort-enrol-button"), format!("{base}/inscrire")).icon("user-plus")),
        "import": takes.then(|| Button::link(ctx.t("cohort-csv-button"), format!("{base}/liste")).quiet().icon("upload")),
        "convene": (takes && unsent).then(|| Button::post(ctx.t("cohort-convene-button"), format!("{base}/convocations")).quiet().icon("send")),
        "export": (!seen.enrolments.is_empty()).then(|| Button::link(ctx.t("cohort-export-button"), format!("{base}/stagiaires.csv")).quiet().icon("download").download()),
    })
}

fn chips(
    ctx: &Ctx,
    seen: &Seen,
    list: EnrolState,
    silent: bool,
    address: impl Fn(&str) -> String,
) -> Chips {
    let mut items: Vec<Link> = LISTS
        .into_iter()
        .map(|state| {
            Link::new(
                ctx.t(&format!("cohort-people-{}", state.code())),
                address(state.code()),
            )
            .current(list == state && !silent)
            .badge(format::number(seen.count(state), ctx.lang))
        })
        .collect();
    if silent {
        items.push(Link::new(ctx.t("cohort-people-address"), address("address")).current(true));
    }
    Chips {
        label: ctx.t("cohort-people-filter"),
        items,
    }
}

fn table<'a>(
    ctx: &Ctx,
    of: &CohortRef,
    seen: &Seen,
    list: EnrolState,
    rows: impl Iterator<Item = &'a (String, usize, &'a enrolment::Model)>,
    manages: bool,
) -> Table {
    let time = of.cohort.time();
    let zone = time.zone();
    let waiting = list == EnrolState::Waiting;
    let third = match list {
        EnrolState::Active => "cohort-column-told",
        EnrolState::Waiting => "cohort-column-rank",
        EnrolState::Left => "cohort-column-cause",
    };
    let columns = [
        Column::new(ctx.t("cohort-column-person")),
        Column::new(ctx.t("cohort-column-enrolled")),
        Column::new(ctx.t(third)),
        Column::new(ctx.t("cohort-column-done")),
    ];
    let rows = rows.map(|(name, place, enrolment)| {
        let card = seen.cards.get(&enrolment.person_id);
        let head = if manages {
            Cell::link(name, format!("/inscription/{}", enrolment.id))
        } else {
            Cell::text(name)
        };
        let head = match card.and_then(|c| c.email.clone()) {
            Some(email) => head.note(email),
            None => head.note(ctx.t("cohort-no-address")),
        };
        let source = ctx.t(&format!("cohort-source-{}", enrolment.source));
        let enrolled =
            Cell::text(format::date_short(enrolment.enrolled_at, zone, ctx.lang)).note(source);
        let third = match list {
            _ if waiting => Cell::text(format::number(*place as i64, ctx.lang)),
            EnrolState::Left => cause(ctx, zone, enrolment),
            _ => told(ctx, zone, enrolment),
        };
        let done = [
            ("count", enrolment.done_count.into()),
            (
                "time",
                format::duration(i64::from(enrolment.done_minutes), ctx.lang).into(),
            ),
        ];
        let done = Cell::text(ctx.tr("cohort-done", &done));
        let done = match &enrolment.extended_to {
            Some(to) => done.note(ctx.tr(
                "cohort-extended-to",
                &[("date", format::local_date(to, ctx.lang).into())],
            )),
            None => done,
        };
        Row::new(head, [enrolled, third, done])
    });
    let empty = Empty::new(
        ctx.t(&format!("cohort-people-{}-empty-title", list.code())),
        ctx.t(&format!("cohort-people-{}-empty-text", list.code())),
    );
    Table::new(
        "people-table",
        ctx.t(&format!("cohort-people-{}", list.code())),
        columns,
    )
    .caption_hidden()
    .rows(rows)
    .empty(empty)
}

fn told(ctx: &Ctx, zone: &jiff::tz::TimeZone, of: &enrolment::Model) -> Cell {
    match of.convened_at {
        Some(at) => Cell::status(Status::new(Tone::Success, ctx.t("cohort-told-yes")))
            .note(format::date_short(at, zone, ctx.lang)),
        None => Cell::status(Status::new(Tone::Warn, ctx.t("cohort-told-no"))),
    }
}

fn cause(ctx: &Ctx, zone: &jiff::tz::TimeZone, of: &enrolment::Model) -> Cell {
    let cause = of
        .left_cause
        .as_deref()
        .and_then(LeaveCause::parse)
        .unwrap_or(LeaveCause::Other);
    let cell = Cell::text(ctx.t(&format!("cohort-cause-{}", cause.code())));
    match of.left_at {
        Some(at) => cell.note(format::date_short(at, zone, ctx.lang)),
        None => cell,
    }
}

/// The people as a file that spreadsheets open: UTF-8 with its mark, semicolons.
pub async fn export(ctx: Ctx, allowed: Allowed<ReadCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let conn = ctx.app.db().read();
    let enrolments = store::enrolments_of(conn, &of.cohort).await?;
    let ids: Vec<_> = enrolments.iter().map(|e| e.person_id).collect();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space.id, &ids)
        .await?;
    let time = of.cohort.time();
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(vec![0xef, 0xbb, 0xbf]);
    let header: Vec<String> = [
        "family",
        "given",
        "email",
        "state",
        "source",
        "enrolled",
        "convened",
        "extended",
        "done",
        "minutes",
        "completed",
        "left",
        "cause",
    ]
    .iter()
    .map(|column| ctx.t(&format!("cohort-export-{column}")))
    .collect();
    writer.write_record(&header).map_err(AppError::internal)?;
    let day = |at: Option<i64>| at.map(|at| time.today(at).to_string()).unwrap_or_default();
    for e in &enrolments {
        let card = cards.get(&e.person_id);
        let cause = e.left_cause.as_deref().and_then(LeaveCause::parse);
        let record = [
            card.map(|c| c.family_name.clone()).unwrap_or_default(),
            card.map(|c| c.given_name.clone()).unwrap_or_default(),
            card.and_then(|c| c.email.clone()).unwrap_or_default(),
            ctx.t(&format!("cohort-person-{}", e.state)),
            ctx.t(&format!("cohort-source-{}", e.source)),
            day(Some(e.enrolled_at)),
            day(e.convened_at),
            e.extended_to.clone().unwrap_or_default(),
            e.done_count.to_string(),
            e.done_minutes.to_string(),
            day(e.completed_at),
            day(e.left_at),
            cause
                .map(|c| ctx.t(&format!("cohort-cause-{}", c.code())))
                .unwrap_or_default(),
        ];
        writer
            .write_record(record.map(|value| inert(&value)))
            .map_err(AppError::internal)?;
    }
    let bytes = writer.into_inner().map_err(AppError::internal)?;
    let name = format!(
        "attachment; filename=\"stagiaires-{}.csv\"",
        of.cohort.start_date
    );
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        bytes,
    )
        .into_response())
}

/// A value that no spreadsheet runs as a formula.
fn inert(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

/// The calendar of the cohort, for whoever manages it.
pub async fn calendar(ctx: Ctx, allowed: Allowed<ReadCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let weeks = store::weeks_of(ctx.app.db().read(), of.cohort.id).await?;
    let href = super::super::convening::public(&ctx.app, &manage_href(of));
    let source = ics::Source {
        cohort: &of.cohort,
        weeks: &weeks,
        enrolment: None,
        href,
    };
    let text = ics::write(&source, ctx.app.words(), ctx.lang, ctx.now)?;
    Ok(ics_response(&of.cohort.start_date, text))
}

/// The calendar that a trainee's program reads; the address is the secret.
pub async fn subscription(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let token = params.text("token").unwrap_or_default();
    let token = token.strip_suffix(".ics").unwrap_or(token);
    if token.len() != 64 {
        return Err(AppError::NotFound);
    }
    let conn = ctx.app.db().read();
    let found = store::by_calendar_token(conn, token).await?;
    // Whoever has left, or whose group was given up, is told so by the calendar itself.
    let enrolment = found.ok_or(AppError::NotFound)?;
    let cohort = store::find_cohort(conn, enrolment.cohort_id)
        .await?
        .ok_or(AppError::NotFound)?;
    let space = ctx
        .app
        .directory()
        .space(ctx.app.db(), cohort.space_id)
        .await?
        .ok_or(AppError::NotFound)?;
    // Programs send no language: the space's.
    let text = ics::of_enrolment(conn, &ctx.app, space.lang, &cohort, &enrolment).await?;
    Ok(ics_response(&cohort.start_date, text))
}

fn ics_response(start: &str, text: String) -> Response {
    let name = format!("attachment; filename=\"formation-{start}.ics\"");
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/calendar; charset=utf-8".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, name),
    ];
    (StatusCode::OK, headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn an_exported_value_is_never_a_formula() {
        assert_eq!(inert("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(inert("@x"), "'@x");
        assert_eq!(inert("Benali"), "Benali");
    }
}

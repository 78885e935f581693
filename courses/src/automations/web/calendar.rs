//! The calendar: what leaves on which day, for which group.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::components::{Button, Choice, Empty, Field, FieldKind};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::{Value, json};

use super::super::model::{Fate, MAX_DAYS};
use super::super::store::{self, Planned};
use super::super::wording::name_for;
use super::month::Month;
use super::{calendar_address, sending_address, status, tabs};
use crate::access::ReadCourses;
use crate::cohorts::GroupTime;

/// In place of a group, for every one.
const EVERY: &str = "tous";

/// One line of a day.
struct Line {
    at: Micros,
    shown: Value,
}

/// A month.
pub(super) async fn page(ctx: Ctx, allowed: Allowed<ReadCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let conn = ctx.app.db().read();
    let asked = ctx.query();
    let day = GroupTime::of_space(space).today(ctx.now);
    let month = Month::parse(asked.text("mois")).unwrap_or(Month::of(day));
    let group: Option<Uuid> = asked.text("groupe").parse().ok();
    let far = i64::from(MAX_DAYS).days();
    let (from, to) = (
        month.first().saturating_sub(far).to_string(),
        month.last().saturating_add(far).to_string(),
    );
    let cohorts = store::cohorts_between(conn, Some(space.id), &from, &to).await?;
    let days = lines(&ctx, space, &cohorts, group, month).await?;
    let here = calendar_address(space);
    let kept = group.map(|id| format!("&groupe={id}")).unwrap_or_default();
    let to = |id: &str, month: Month, icon: &str| {
        let about = format::civil_month(month.first(), ctx.lang);
        Button::link(ctx.t(id), format!("{here}?mois={}{kept}", month.code()))
            .quiet()
            .about(about)
            .icon(icon)
    };
    let empty = days.is_empty().then(|| {
        Empty::new(
            ctx.t("automation-calendar-empty"),
            ctx.t("automation-calendar-empty-text"),
        )
        .icon("calendar-plus")
    });
    let every = Choice::new(EVERY, ctx.t("automation-every-group"));
    let groups = cohorts.iter().map(|planned| {
        let start = format::local_date(&planned.cohort.start_date, ctx.lang);
        Choice::new(
            planned.cohort.id.to_string(),
            format!("{} ({start})", planned.cohort.title),
        )
    });
    let filter = Field::new(FieldKind::Select, "groupe", ctx.t("automation-field-group"))
        .value(group.map_or_else(|| EVERY.to_owned(), |id| id.to_string()))
        .options(std::iter::once(every).chain(groups));
    ctx.page(
        "courses/automations/calendar",
        ctx.t("automation-calendar-title"),
    )
    .space(space)
    .wide()
    .render(json!({
        "tabs": tabs(&ctx, space, "automation-tab-calendar"),
        "month": format::civil_month(month.first(), ctx.lang),
        "code": month.code(),
        "action": here,
        "filter": filter,
        "filter_submit": Button::submit(ctx.t("automation-filter")).quiet(),
        "previous": to("automation-previous", month.previous(), "arrow-left"),
        "next": to("automation-next", month.next(), "arrow-right"),
        "weekdays": format::weekdays(ctx.lang),
        "days": grid(&ctx, month, day, days),
        "empty": empty,
    }))
}

async fn lines(
    ctx: &Ctx,
    space: &Space,
    cohorts: &[Planned],
    group: Option<Uuid>,
    month: Month,
) -> Result<BTreeMap<Date, Vec<Line>>, AppError> {
    let conn = ctx.app.db().read();
    let messages = store::of_space(conn, space.id).await?;
    let wanted: Vec<&Planned> = cohorts
        .iter()
        .filter(|planned| group.is_none_or(|id| id == planned.cohort.id))
        .collect();
    let ids: Vec<Uuid> = wanted.iter().map(|planned| planned.cohort.id).collect();
    let runs = store::runs(conn, &ids).await?;
    let mut days: BTreeMap<Date, Vec<Line>> = BTreeMap::new();
    for planned in wanted {
        let Some(dates) = planned.dates() else {
            continue;
        };
        let cohort = planned.cohort.id;
        for of in messages
            .iter()
            .filter(|of| of.is_for(planned.cohort.course_id))
        {
            for one in of
                .occurrences(&dates)
                .into_iter()
                .filter(|one| month.has(one.day))
            {
                let noted = runs.get(&(of.id, cohort, one.week));
                // What is off was never going to leave.
                if noted.is_none() && of.active_since.is_none_or(|since| one.at < since) {
                    continue;
                }
                let fate = Fate::of(noted.map(String::as_str), of, one, ctx.now);
                let shown = json!({
                    "hour": format::civil_time(of.time(), ctx.lang),
                    "subject": name_for(of, &planned.cohort, planned.week(one.week)),
                    "group": planned.cohort.title,
                    "week": (one.week > 0).then(|| ctx.tr("automation-week", &[("week", one.week.into())])),
                    "href": sending_address(cohort, of.id, one.week),
                    "state": status(ctx, fate),
                });
                days.entry(one.day)
                    .or_default()
                    .push(Line { at: one.at, shown });
            }
        }
    }
    for lines in days.values_mut() {
        lines.sort_by_key(|line| line.at);
    }
    Ok(days)
}

fn grid(ctx: &Ctx, month: Month, today: Date, mut lines: BTreeMap<Date, Vec<Line>>) -> Vec<Value> {
    let days = month.days().into_iter().map(|day| {
        let found = lines.remove(&day).unwrap_or_default();
        let shown: Vec<Value> = found.into_iter().map(|line| line.shown).collect();
        json!({
            "ordinal": day.day(),
            "name": format::civil_date(day, ctx.lang),
            "today": day == today,
            "out": !month.has(day),
            "lines": shown,
        })
    });
    days.collect()
}

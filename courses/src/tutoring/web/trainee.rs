//! One trainee: every activity, times, what is missing, corrections.

use std::collections::HashMap;

use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Cell, Column, Empty, Fact, Facts, Row, Table};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::board::cell_status;
use super::name_of;
use crate::access::{EnrolmentRef, WatchTrainee};
use crate::learning::model::{Item, Plan, PlanWeek, state_of};
use crate::learning::present::{self, bar};
use crate::learning::store::plan_of;
use crate::progress::missing_words;
use crate::progress::model::CourseRule;
use crate::tutoring::store::{self, Correction};

pub(super) async fn page(ctx: Ctx, allowed: Allowed<WatchTrainee>) -> Result<Response, AppError> {
    let of = allowed.object();
    let db = ctx.app.db().read();
    let plan = plan_of(db, of.cohort.id, Some(of.enrolment.id)).await?;
    let attempts = store::attempts_by_activity(db, of.enrolment.id).await?;
    let corrections = store::corrections_of(db, of.enrolment.id).await?;
    let mut people: Vec<Uuid> = corrections
        .iter()
        .map(|correction| correction.made_by)
        .collect();
    people.push(of.enrolment.person_id);
    people.sort_unstable();
    people.dedup();
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space.id, &people)
        .await?;
    let person = cards.get(&of.enrolment.person_id);
    let name = name_of(&ctx, person);
    let time = of.cohort.time();
    let (zone, day) = (time.zone(), time.today(ctx.now));
    let extended_to: Option<Date> = of
        .enrolment
        .extended_to
        .as_deref()
        .and_then(|text| text.parse().ok());
    let rule: CourseRule = serde_json::from_str(&of.cohort.rule).map_err(AppError::internal)?;
    let progress = plan.progress(rule, of.cohort.agreed_minutes);
    let missing: Vec<String> = progress
        .missing
        .iter()
        .map(|missing| missing_words(ctx.app.words(), ctx.lang, missing))
        .collect();
    let expected = plan.deadlines(time.clone()).expected_share(day);
    let late = plan.late(extended_to, day);
    let rows = plan.items().map(|(week, item)| {
        let status = cell_status(state_of(item, week.dates, extended_to, day));
        let tries = attempts.get(&item.id).copied().unwrap_or_default();
        line(&ctx, of.enrolment.id, zone, week, item, tries).with(status)
    });
    let data = json!({
        "name": name,
        "group": of.cohort.title,
        "left": (of.enrolment.state == "left").then(|| ctx.t("tutoring-left")),
        "progress": bar(&ctx, "tutoring-progress", &plan.sum()).expected(
            expected,
            ctx.tr("tutoring-expected", &[("share", format::percent(expected, ctx.lang).into())]),
        ),
        "late": (late > 0).then(|| ctx.tr("tutoring-pace-late", &[("count", late.into())])),
        "facts": facts(&ctx, of, &plan, progress.minutes, zone),
        "missing": missing,
        "complete": progress.complete,
        "table": table(&ctx, rows.map(Line::row).collect()),
        "corrections": corrections_table(&ctx, &corrections, &cards, zone),
        "write": person.and_then(|card| card.email.as_ref()).map(|email| {
            Button::link(ctx.t("tutoring-write"), format!("mailto:{email}")).quiet().about(&name).icon("mail")
        }),
    });
    ctx.page(
        "courses/tutoring/trainee",
        ctx.tr("tutoring-trainee-title", &[("name", (&name).into())]),
    )
    .space(&of.space)
    .crumb(ctx.t("learning-nav-home"), "/accueil")
    .crumb(&of.cohort.title, format!("/groupe/{}", of.cohort.id))
    .wide()
    .render(data)
}

/// A row under way: the state comes last, it needs the day.
struct Line {
    head: Cell,
    before: Vec<Cell>,
    after: Vec<Cell>,
}

impl Line {
    fn with(mut self, status: passerelle_web::components::Status) -> Self {
        self.before.push(Cell::status(status));
        self
    }

    fn row(self) -> Row {
        Row::new(self.head, self.before.into_iter().chain(self.after))
    }
}

fn line(
    ctx: &Ctx,
    enrolment: Uuid,
    zone: &TimeZone,
    week: &PlanWeek,
    item: &Item,
    tries: i64,
) -> Line {
    let date = |at: Option<i64>| {
        Cell::text(
            at.map(|at| format::datetime_short(at, zone, ctx.lang))
                .unwrap_or_default(),
        )
    };
    let work = item.work;
    let mut head = Cell::link(
        &item.title,
        format!("/suivi/{enrolment}/activite/{}", item.id),
    );
    let optional = item.optional.then(|| ctx.t("component-optional"));
    let late = item.late.map(|late| {
        let at = super::after_end(ctx, late, zone);
        ctx.tr("tutoring-after-end-note", &[("at", at.into())])
    });
    if let Some(note) = present::joined(optional, late) {
        head = head.note(note);
    }
    let score = work
        .and_then(|w| w.score)
        .map(|score| format::percent(i64::from(score), ctx.lang));
    let spent = work
        .filter(|w| w.seconds > 0)
        .map(|w| format::duration_seconds(w.seconds, ctx.lang));
    let tries = (tries > 0).then(|| format::number(tries, ctx.lang));
    Line {
        head,
        before: vec![Cell::text(present::week_title(ctx, week))],
        after: vec![
            Cell::number(score.unwrap_or_default()),
            Cell::number(present::minutes(ctx, item.minutes)),
            Cell::number(spent.unwrap_or_default()),
            Cell::number(tries.unwrap_or_default()),
            date(work.map(|w| w.started_at)),
            date(work.map(|w| w.last_at)),
            date(work.and_then(|w| w.done_at)),
        ],
    }
}

fn table(ctx: &Ctx, rows: Vec<Row>) -> Table {
    let columns = [
        Column::new(ctx.t("tutoring-activity")),
        Column::new(ctx.t("tutoring-week")),
        Column::new(ctx.t("tutoring-state")),
        Column::new(ctx.t("tutoring-score")).numeric(),
        Column::new(ctx.t("tutoring-estimate")).numeric(),
        Column::new(ctx.t("tutoring-spent")).numeric(),
        Column::new(ctx.t("tutoring-attempts")).numeric(),
        Column::new(ctx.t("tutoring-started")),
        Column::new(ctx.t("tutoring-last-opened")),
        Column::new(ctx.t("tutoring-done-at")),
    ];
    Table::new("activites", ctx.t("tutoring-activities"), columns)
        .rows(rows)
        .keys()
        .empty(Empty::new(
            ctx.t("tutoring-no-activity-title"),
            ctx.t("tutoring-no-activity-text"),
        ))
}

fn facts(ctx: &Ctx, of: &EnrolmentRef, plan: &Plan, minutes: i32, zone: &TimeZone) -> Facts {
    let date = |at| format::datetime_short(at, zone, ctx.lang);
    let spent = plan
        .items()
        .filter_map(|(_, item)| item.work)
        .map(|work| work.seconds)
        .fold(0, i64::saturating_add);
    let agreed = present::minutes(ctx, of.cohort.agreed_minutes);
    let realised = [
        ("time", present::minutes(ctx, minutes).into()),
        ("total", agreed.into()),
    ];
    let first = of
        .enrolment
        .first_seen_at
        .map_or_else(|| ctx.t("tutoring-never"), date);
    let mut items = vec![
        Fact::new(
            ctx.t("tutoring-realised"),
            ctx.tr("tutoring-realised-of", &realised),
        ),
        Fact::new(
            ctx.t("tutoring-spent-all"),
            format::duration_seconds(spent, ctx.lang),
        ),
        Fact::new(ctx.t("tutoring-first-seen"), first),
    ];
    if let Some(at) = of.enrolment.last_activity_at {
        items.push(Fact::new(ctx.t("tutoring-last"), date(at)));
    }
    if let Some(day) = &of.enrolment.extended_to {
        items.push(Fact::new(
            ctx.t("tutoring-extended"),
            format::local_date(day, ctx.lang),
        ));
    }
    if let Some(at) = of.enrolment.completed_at {
        items.push(Fact::new(ctx.t("tutoring-completed"), date(at)));
    }
    Facts {
        items,
        columns: true,
    }
}

fn corrections_table(
    ctx: &Ctx,
    corrections: &[Correction],
    cards: &HashMap<Uuid, PersonCard>,
    zone: &TimeZone,
) -> Option<Table> {
    let columns = [
        Column::new(ctx.t("tutoring-corrected-at")),
        Column::new(ctx.t("tutoring-corrected-to")).numeric(),
        Column::new(ctx.t("tutoring-reason")),
        Column::new(ctx.t("tutoring-corrected-by")),
    ];
    let rows = corrections.iter().map(|correction| {
        Row::new(
            Cell::text(format::datetime_short(correction.made_at, zone, ctx.lang)),
            [
                Cell::number(present::minutes(ctx, correction.minutes)),
                Cell::text(&correction.reason),
                Cell::text(name_of(ctx, cards.get(&correction.made_by))),
            ],
        )
    });
    (!corrections.is_empty())
        .then(|| Table::new("corrections", ctx.t("tutoring-corrections"), columns).rows(rows))
}

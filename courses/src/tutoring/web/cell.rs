//! One cell of the board in full: the attempts of a trainee at an activity.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::tz::TimeZone;
use passerelle_web::components::{Button, Fact, Facts, Link, Tabs};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::{name_of, work};
use crate::access::{ActivityRef, WatchActivity};
use crate::learning::model::state_of;
use crate::learning::present;
use crate::learning::store::plan_of;
use crate::tracking::{AttemptView, attempts_of, calls_of};
use crate::tutoring::store;

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<WatchActivity>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let at = allowed.object();
    let db = ctx.app.db().read();
    let asked = Form::parse(query.unwrap_or_default().as_bytes())?;
    let enrolment = &at.of.enrolment;
    let plan = plan_of(db, at.of.cohort.id, Some(enrolment.id)).await?;
    let (week, item) = plan.find(at.activity.id).ok_or(AppError::NotFound)?;
    let people = ctx
        .app
        .directory()
        .persons(ctx.app.db(), at.of.space.id, &[enrolment.person_id])
        .await?;
    let attempts = if item.kind == "scorm" {
        attempts_of(db, enrolment.id, item.id).await?
    } else {
        Vec::new()
    };
    let number = asked.number("tentative");
    let chosen = attempts
        .iter()
        .find(|attempt| Some(i64::from(attempt.number)) == number)
        .or_else(|| attempts.first());
    let time = at.of.cohort.time();
    let zone = time.zone();
    let name = name_of(&ctx, people.get(&enrolment.person_id));
    let extended_to = enrolment
        .extended_to
        .as_deref()
        .and_then(|text| text.parse().ok());
    let state = state_of(item, week.dates, extended_to, time.today(ctx.now));
    let attempt = match chosen {
        Some(attempt) => Some(attempt_data(&ctx, at, attempt, zone, asked.has("journal")).await?),
        None => None,
    };
    let data = json!({
        "name": item.title,
        "trainee": name,
        "week": present::week_title(&ctx, week),
        "kind": ctx.t(present::kind(&item.kind).0),
        "status": super::board::cell_status(state),
        "facts": facts(&ctx, item, zone),
        "tabs": (attempts.len() > 1).then(|| tabs(&ctx, at, &attempts, chosen)),
        "attempt": attempt,
        "package": item.kind == "scorm",
        "tool": (item.kind == "tool").then(|| crate::tools::watch_path(enrolment.id, item.id)),
        "back": format!("/suivi/{}", enrolment.id),
    });
    let title = ctx.tr(
        "tutoring-cell-title",
        &[("title", (&item.title).into()), ("name", (&name).into())],
    );
    ctx.page("courses/tutoring/cell", title)
        .space(&at.of.space)
        .crumb(ctx.t("learning-nav-home"), "/accueil")
        .crumb(
            &at.of.cohort.title,
            // Back to the same place of the board.
            format!(
                "/groupe/{}?ouvert={}&activite={}#beside",
                at.of.cohort.id, enrolment.id, at.activity.id
            ),
        )
        .crumb(&name, format!("/suivi/{}", enrolment.id))
        .wide()
        .render(data)
}

fn address(at: &ActivityRef) -> String {
    format!("/suivi/{}/activite/{}", at.of.enrolment.id, at.activity.id)
}

fn facts(ctx: &Ctx, item: &crate::learning::model::Item, zone: &TimeZone) -> Facts {
    let date = |at| format::datetime_short(at, zone, ctx.lang);
    let mut items = vec![Fact::new(
        ctx.t("tutoring-estimate"),
        present::minutes(ctx, item.minutes),
    )];
    if let Some(work) = item.work {
        if let Some(score) = work.score {
            items.push(Fact::new(
                ctx.t("tutoring-score"),
                format::percent(i64::from(score), ctx.lang),
            ));
        }
        items.push(Fact::new(
            ctx.t("tutoring-spent"),
            format::duration_seconds(work.seconds, ctx.lang),
        ));
        items.push(Fact::new(ctx.t("tutoring-started"), date(work.started_at)));
        items.push(Fact::new(ctx.t("tutoring-last-opened"), date(work.last_at)));
        if let Some(at) = work.done_at {
            items.push(Fact::new(ctx.t("tutoring-done-at"), date(at)));
        }
    } else {
        items.push(Fact::new(
            ctx.t("tutoring-last-opened"),
            ctx.t("tutoring-never-opened"),
        ));
    }
    if let Some(late) = item.late {
        items.push(Fact::new(
            ctx.t("tutoring-after-end"),
            super::after_end(ctx, late, zone),
        ));
    }
    Facts {
        items,
        columns: true,
    }
}

fn tabs(
    ctx: &Ctx,
    at: &ActivityRef,
    attempts: &[AttemptView],
    chosen: Option<&AttemptView>,
) -> Tabs {
    let items = attempts
        .iter()
        .map(|attempt| {
            let label = ctx.tr("tutoring-attempt", &[("number", attempt.number.into())]);
            Link::new(
                label,
                format!("{}?tentative={}", address(at), attempt.number),
            )
            .current(chosen.is_some_and(|chosen| chosen.id == attempt.id))
        })
        .collect();
    Tabs {
        label: ctx.t("tutoring-attempts"),
        items,
    }
}

async fn attempt_data(
    ctx: &Ctx,
    at: &ActivityRef,
    attempt: &AttemptView,
    zone: &TimeZone,
    journal: bool,
) -> Result<Value, AppError> {
    let db = ctx.app.db().read();
    let date = |at| format::datetime_short(at, zone, ctx.lang);
    let late = if attempt.late > 0 {
        store::late_work_of(db, attempt.id).await?
    } else {
        Vec::new()
    };
    // Up to 256 KiB that one seldom reads: only when asked.
    let calls = if journal {
        Some(calls_of(db, attempt.id).await?)
    } else {
        None
    };
    let mut items = vec![
        Fact::new(ctx.t("tutoring-attempt-began"), date(attempt.started_at)),
        Fact::new(ctx.t("tutoring-attempt-last"), date(attempt.last_at)),
        Fact::new(
            ctx.t("tutoring-launches"),
            format::number(attempt.launches, ctx.lang),
        ),
    ];
    if let Some(at) = attempt.ended_at {
        items.push(Fact::new(ctx.t("tutoring-attempt-ended"), date(at)));
    }
    let open = format!(
        "{}?tentative={}&journal=1#journal",
        address(at),
        attempt.number
    );
    Ok(json!({
        "title": ctx.tr("tutoring-attempt", &[("number", attempt.number.into())]),
        "facts": Facts { items, columns: true },
        "scos": work::scos(ctx, attempt, zone),
        "late": work::late(ctx, &late, false, attempt, zone),
        "after": work::late(ctx, &late, true, attempt, zone),
        "calls": calls.map(|calls| work::calls(ctx, &calls, zone)),
        "open_calls": (!journal).then(|| Button::link(ctx.t("tutoring-calls-open"), open).quiet().icon("scroll")),
    }))
}

//! The course of one trainee, by week.

use axum::response::Response;
use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Fact, Facts, Notice, NoticeKind, Now};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::{Value, json};

use crate::access::FollowCourse;
use crate::certification;
use crate::cohorts::{calendar_address, cohort, last_day};
use crate::learning::model::{NextDate, Plan};
use crate::learning::present::{self, Look, bar};
use crate::learning::store;
use crate::progress::missing_words;
use crate::progress::model::CourseRule;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<FollowCourse>) -> Result<Response, AppError> {
    let of = allowed.object();
    let db = ctx.app.db().read();
    let plan = store::plan_of(db, of.cohort.id, Some(of.enrolment.id)).await?;
    let tutors = present::tutors(&ctx, db, &of.cohort).await?;
    let day = of.cohort.time().today(ctx.now);
    let extended_to: Option<Date> = of
        .enrolment
        .extended_to
        .as_deref()
        .and_then(|text| text.parse().ok());
    let over = of.term().is_over(ctx.now);
    let look = Look {
        ctx: &ctx,
        enrolment: of.enrolment.id,
        extended_to,
        today: day,
        over,
    };
    let rule: CourseRule = serde_json::from_str(&of.cohort.rule).map_err(AppError::internal)?;
    let progress = plan.progress(rule, of.cohort.agreed_minutes);
    let missing: Vec<String> = progress
        .missing
        .iter()
        .map(|missing| missing_words(ctx.app.words(), ctx.lang, missing))
        .collect();
    let last = last_day(&of.cohort.end_date, of.enrolment.extended_to.as_deref());
    let realised = ctx.tr(
        "learning-realised",
        &[
            ("time", present::minutes(&ctx, progress.minutes).into()),
            (
                "total",
                present::minutes(&ctx, of.cohort.agreed_minutes).into(),
            ),
        ],
    );
    let data = json!({
        "name": of.cohort.title,
        "state": notice(&ctx, progress.complete, over),
        "now": (!over).then(|| now_card(&look, &of.cohort, &plan, last)),
        "progress": bar(&ctx, "learning-course-progress", &plan.sum()),
        "realised": realised,
        "missing": missing,
        "complete": progress.complete,
        "weeks": look.weeks(&plan),
        "facts": facts(&ctx, &of.cohort, &plan, day, last),
        "documents": documents(&ctx, of.enrolment.id).await?,
        "ics": calendar_address(&ctx.app, &of.enrolment),
        "contacts": present::contacts(&ctx, &of.cohort, &tutors),
    });
    ctx.page("courses/learning/course", &of.cohort.title)
        .space(&of.space)
        .crumb(ctx.t("learning-nav-home"), "/accueil")
        .render(data)
}

/// What was issued to them.
async fn documents(ctx: &Ctx, enrolment: Uuid) -> Result<Vec<Value>, AppError> {
    let issued = certification::issued_of(ctx.app.db().read(), enrolment).await?;
    let line = |document: &certification::Issued| {
        json!({
            "href": format!("/formation/{enrolment}/document/{}", document.id),
            "label": ctx.t(certification::kind_label(&document.kind)),
            "serial": document.serial,
        })
    };
    Ok(issued.iter().map(line).collect())
}

fn notice(ctx: &Ctx, complete: bool, over: bool) -> Option<Notice> {
    match (complete, over) {
        (true, _) => Some(Notice::new(NoticeKind::Success, ctx.t("learning-complete"))),
        (false, true) => Some(Notice::new(NoticeKind::Info, ctx.t("learning-over"))),
        (false, false) => None,
    }
}

/// The card with the one button.
pub(super) fn now_card(
    look: &Look<'_>,
    cohort: &cohort::Model,
    plan: &Plan,
    last: Option<Date>,
) -> Now {
    let ctx = look.ctx;
    let Some(next) = plan.next(look.today) else {
        let opening = plan
            .weeks
            .iter()
            .find(|week| week.dates.opens_on > look.today);
        return match opening {
            Some(week) => {
                let date = format::civil_date(week.dates.opens_on, ctx.lang);
                let id = if week.rank == 1 {
                    "learning-now-first-week"
                } else {
                    "learning-now-next-week"
                };
                Now::nothing(ctx.tr(id, &[("day", date.into())]), &cohort.title)
            }
            None => Now::nothing(ctx.t("learning-now-all-done"), &cohort.title),
        };
    };
    let (label, icon) = match next.resumed {
        true => ("learning-continue", "play"),
        false => ("learning-begin", "play"),
    };
    let button = passerelle_web::components::Button::link(ctx.t(label), look.href(next.item.id))
        .about(&next.item.title)
        .icon(icon);
    let place = ctx.tr(
        "learning-place",
        &[
            ("course", (&cohort.title).into()),
            ("week", present::week_title(ctx, next.week).into()),
        ],
    );
    let due = look
        .extended_to
        .map_or(next.week.dates.due_on, |to| to.max(next.week.dates.due_on));
    let late = due < look.today && !next.item.optional;
    let due_words = format::civil_date(due, ctx.lang);
    let mut now =
        Now::new(&next.item.title, place, button).length(present::minutes(ctx, next.item.minutes));
    now = match (next.item.optional, late) {
        (true, _) => now.due(ctx.t("learning-optional-now")),
        (false, true) => now
            .due(ctx.tr("learning-was-due", &[("day", due_words.into())]))
            .late(),
        (false, false) => now.due(ctx.tr("learning-due", &[("day", due_words.into())])),
    };
    if let (true, Some(work)) = (next.resumed, next.item.work) {
        let when = format::relative(work.last_at, ctx.now, cohort.time().zone(), ctx.lang);
        now = now.note(ctx.tr("learning-stopped", &[("when", when.into())]));
    } else if let Some(last) = last.filter(|last| {
        last.checked_sub(jiff::Span::new().days(7))
            .is_ok_and(|d| d <= look.today)
    }) {
        now = now.note(ctx.tr(
            "learning-ends",
            &[("day", format::civil_date(last, ctx.lang).into())],
        ));
    }
    now
}

/// The next date, and the dates of the course.
pub(super) fn facts(
    ctx: &Ctx,
    cohort: &cohort::Model,
    plan: &Plan,
    today: Date,
    last: Option<Date>,
) -> Facts {
    let mut items = Vec::new();
    if let Some(next) = plan.next_date(today, last) {
        let (id, day) = match next {
            NextDate::Due(day) => ("learning-next-due", day),
            NextDate::Opens(day) => ("learning-next-opens", day),
            NextDate::Ends(day) => ("learning-next-ends", day),
        };
        let text = ctx.tr(id, &[("day", format::civil_date(day, ctx.lang).into())]);
        items.push(Fact::new(ctx.t("learning-next-date"), text).icon("calendar"));
    }
    let start: Option<Date> = cohort.start_date.parse().ok();
    if let (Some(start), Some(last)) = (start, last) {
        items.push(
            Fact::new(
                ctx.t("learning-dates"),
                format::date_range(start, last, ctx.lang),
            )
            .icon("calendar-days"),
        );
    }
    Facts {
        items,
        columns: true,
    }
}

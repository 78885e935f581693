//! Home, for any person who is signed in: what a trainee does now, the groups
//! of a tutor, the spaces of those who manage or audit.

use std::collections::HashMap;

use axum::response::Response;
use jiff::civil::Date;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Empty, Now, Status, Tone, WorkItem, Worklist};
use passerelle_web::{AppError, Ctx, Role};
use serde_json::{Value, json};

use super::course;
use crate::cohorts::{self, cohort, last_day};
use crate::learning::model::{Enrolled, Phase, Plan, foremost};
use crate::learning::present::{self, Look, bar};
use crate::learning::store::{self, Needs};

pub(super) async fn page(ctx: Ctx) -> Result<Response, AppError> {
    let person = ctx.who.person().ok_or(AppError::SignIn)?;
    let db = ctx.app.db().read();
    let enrolments = store::enrolments_of_person(db, person).await?;
    let tutored = store::tutored_by(db, person).await?;
    let days: Vec<(Uuid, String)> = tutored
        .iter()
        .map(|c| (c.id, c.time().today(ctx.now).to_string()))
        .collect();
    let needs = store::needs_of(db, &days).await?;
    let main = foremost(&enrolments, ctx.now);
    let trainee = match main {
        Some(of) => Some(trainee(&ctx, of).await?),
        None => None,
    };
    let others: Vec<Value> = enrolments
        .iter()
        .filter(|e| main.is_none_or(|main| main.id != e.id))
        .map(|e| other(&ctx, e))
        .collect();
    let spaces = spaces(&ctx).await?;
    let nobody = enrolments.is_empty() && tutored.is_empty() && spaces.is_empty();
    let data = json!({
        "trainee": trainee,
        "others": others,
        "groups": (!tutored.is_empty()).then(|| groups(&ctx, &tutored, &needs)),
        "spaces": spaces,
        "empty": nobody.then(|| {
            Empty::new(ctx.t("learning-empty-title"), ctx.t("learning-empty-text"))
                .button(Button::link(ctx.t("learning-empty-catalogue"), "/"))
                .icon("book-open")
        }),
    });
    let page = ctx.page("courses/learning/home", ctx.t("learning-home-title"));
    let space = match main {
        Some(of) => {
            ctx.app
                .directory()
                .space(ctx.app.db(), of.cohort.space_id)
                .await?
        }
        None => None,
    };
    match &space {
        Some(space) => page.space(space).render(data),
        None => page.render(data),
    }
}

async fn trainee(ctx: &Ctx, of: &Enrolled) -> Result<Value, AppError> {
    let db = ctx.app.db().read();
    let plan = store::plan_of(db, of.cohort.id, Some(of.id)).await?;
    let tutors = present::tutors(ctx, db, &of.cohort).await?;
    let day = of.cohort.time().today(ctx.now);
    let extended_to: Option<Date> = of.extended_to.as_deref().and_then(|text| text.parse().ok());
    let over = of.phase(ctx.now) == Phase::Over;
    let look = Look {
        ctx,
        enrolment: of.id,
        extended_to,
        today: day,
        over,
    };
    let last = last_day(&of.cohort.end_date, of.extended_to.as_deref());
    let course_href = format!("/formation/{}", of.id);
    let now = if over {
        let id = if of.completed_at.is_some() {
            "learning-now-completed"
        } else {
            "learning-now-over"
        };
        Now::nothing(ctx.t(id), &of.cohort.title)
    } else {
        course::now_card(&look, &of.cohort, &plan, last)
    };
    let now = Now {
        progress: Some(bar(ctx, "learning-course-progress", &plan.sum())),
        ..now
    };
    Ok(json!({
        "now": now,
        "week": (!over).then(|| week(&look, &plan)).flatten(),
        "facts": course::facts(ctx, &of.cohort, &plan, day, last),
        "contacts": present::contacts(ctx, &of.cohort, &tutors),
        "course": Button::link(ctx.t("learning-whole-course"), course_href).quiet().icon("list-checks"),
    }))
}

/// The week under way: what is done, and what remains.
fn week(look: &Look<'_>, plan: &Plan) -> Option<Value> {
    let week = plan.current(look.today)?;
    let sum = crate::learning::model::Sum::of(&week.items);
    let remains = look.ctx.tr(
        "learning-remains",
        &[
            ("count", (sum.needed - sum.done).into()),
            (
                "time",
                present::minutes(look.ctx, sum.minutes - sum.done_minutes).into(),
            ),
        ],
    );
    Some(json!({"week": look.week(week, true), "remains": remains}))
}

fn other(ctx: &Ctx, of: &Enrolled) -> Value {
    let status = match (of.state.as_str(), of.phase(ctx.now), of.completed_at) {
        ("waiting", ..) => Status::new(Tone::Warn, ctx.t("learning-phase-waiting")),
        (_, _, Some(_)) => Status::new(Tone::Done, ctx.t("learning-phase-completed")),
        (_, Phase::Running, None) => Status::new(Tone::InProgress, ctx.t("learning-phase-running")),
        (_, Phase::Upcoming, None) => Status::new(Tone::Info, ctx.t("learning-phase-upcoming")),
        (_, Phase::Over, None) => Status::new(Tone::Neutral, ctx.t("learning-phase-over")),
    };
    json!({
        "title": of.cohort.title,
        // Whoever waits has no course to open yet.
        "href": (of.state == "active").then(|| format!("/formation/{}", of.id)),
        "dates": cohorts::dates(&of.cohort, ctx.lang),
        "status": status,
    })
}

/// The groups of a tutor, those where somebody waits first.
fn groups(ctx: &Ctx, tutored: &[cohort::Model], needs: &HashMap<Uuid, Needs>) -> Worklist {
    let mut rows: Vec<(&cohort::Model, Needs)> = tutored
        .iter()
        .map(|c| (c, needs.get(&c.id).copied().unwrap_or_default()))
        .collect();
    // A group that is over asks for nothing any more; the sort is stable, the latest start stays first.
    let asks =
        |(cohort, needs): &(&cohort::Model, Needs)| if running(cohort) { needs.waiting } else { 0 };
    rows.sort_by_key(|row| (!running(row.0), std::cmp::Reverse(asks(row))));
    let items = rows
        .iter()
        .map(|row| {
            let (cohort, needs) = *row;
            let status = match asks(row) {
                0 if running(cohort) => Status::new(Tone::Success, ctx.t("learning-group-nobody")),
                0 => Status::new(Tone::Neutral, ctx.t("learning-phase-over")),
                count => Status::new(
                    Tone::Warn,
                    ctx.tr("learning-group-needs", &[("count", count.into())]),
                ),
            };
            WorkItem {
                title: cohort.title.clone(),
                href: format!("/groupe/{}", cohort.id),
                why: ctx.tr(
                    "learning-group-why",
                    &[
                        ("trainees", needs.trainees.into()),
                        ("late", needs.late.into()),
                        ("never", needs.never.into()),
                    ],
                ),
                since: Some(cohorts::dates(cohort, ctx.lang)),
                status: Some(status),
            }
        })
        .collect();
    let empty = Empty::new(
        ctx.t("learning-groups-none"),
        ctx.t("learning-groups-none-text"),
    );
    Worklist {
        label: ctx.t("learning-groups"),
        items,
        empty,
    }
}

fn running(cohort: &cohort::Model) -> bool {
    matches!(cohort.state.as_str(), "planned" | "running")
}

/// The spaces where the person has a role; each is kept in memory by the directory.
async fn spaces(ctx: &Ctx) -> Result<Vec<Value>, AppError> {
    let Some(signed_in) = ctx.who.0.as_ref() else {
        return Ok(Vec::new());
    };
    let mut ids: Vec<Uuid> = signed_in.roles.iter().map(|(space, _)| *space).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut out = Vec::new();
    for id in ids {
        let Some(space) = ctx.app.directory().space(ctx.app.db(), id).await? else {
            continue;
        };
        let base = format!("/e/{}/gestion", space.slug);
        let mut links = vec![
            json!({"href": format!("{base}/groupes"), "label": ctx.t("learning-space-groups"), "icon": "users"}),
            json!({"href": format!("{base}/formations"), "label": ctx.t("learning-space-courses"), "icon": "book-open"}),
            json!({"href": format!("{base}/contenus"), "label": ctx.t("learning-space-contents"), "icon": "package"}),
        ];
        if ctx.who.has(id, &[Role::Administrator, Role::Manager]) {
            links.push(json!({"href": format!("{base}/personnes"), "label": ctx.t("learning-space-people"), "icon": "user"}));
        }
        let catalogue = format!("/e/{}", space.slug);
        links.push(
            json!({"href": catalogue, "label": ctx.t("learning-space-catalogue"), "icon": "globe"}),
        );
        out.push(json!({"name": space.name, "links": links}));
    }
    Ok(out)
}

//! The messages of a space.

use std::collections::HashMap;

use axum::response::Response;
use jiff::ToSpan;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::components::{
    Button, Cell, Column, Confirm, Empty, NoticeKind, Row, Status, Table, Tone,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::super::model::{Automation, MAX_DAYS, Occurrence};
use super::super::store::Planned;
use super::super::wording::name;
use super::super::{commands, store};
use super::{address, sending_address, tabs, when};
use crate::access::{ManageCourses, ReadCourses};
use crate::cohorts::GroupTime;

/// The list.
pub(super) async fn page(ctx: Ctx, allowed: Allowed<ReadCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let conn = ctx.app.db().read();
    let messages = store::of_space(conn, space.id).await?;
    let courses = store::courses(conn, space.id).await?;
    let manages = ctx.who.manages(space.id);
    let next = next_times(&ctx, space, &messages).await?;
    let here = address(space);
    let rows = messages
        .iter()
        .map(|of| row(&ctx, space, of, &courses, &next, manages));
    let mut columns = vec![
        Column::new(ctx.t("automation-column-message")),
        Column::new(ctx.t("automation-column-when")),
        Column::new(ctx.t("automation-column-state")),
        Column::new(ctx.t("automation-column-next")),
    ];
    if manages {
        columns.push(Column::new(ctx.t("automation-column-action")).hidden());
    }
    let empty = if manages {
        Empty::new(
            ctx.t("automation-empty-title"),
            ctx.t("automation-empty-text"),
        )
        .icon("calendar-plus")
        .button(Button::post(ctx.t("automation-begin"), format!("{here}/modeles")).icon("plus"))
    } else {
        Empty::new(
            ctx.t("automation-empty-title"),
            ctx.t("automation-empty-read"),
        )
        .icon("calendar-plus")
    };
    let removals: Vec<Confirm> = if manages {
        messages.iter().map(|of| removal(&ctx, space, of)).collect()
    } else {
        Vec::new()
    };
    ctx.page("courses/automations/rules", ctx.t("automation-title"))
        .space(space)
        .render(json!({
            "tabs": tabs(&ctx, space, "automation-tab-messages"),
            "table": Table::new("messages", ctx.t("automation-title"), columns).caption_hidden().rows(rows).empty(empty),
            "add": manages.then(|| Button::link(ctx.t("automation-add"), format!("{here}/nouveau")).quiet().icon("plus")),
            "removals": removals,
        }))
}

fn row(
    ctx: &Ctx,
    space: &Space,
    of: &Automation,
    courses: &[(Uuid, String)],
    next: &HashMap<Uuid, (String, Micros, String)>,
    manages: bool,
) -> Row {
    let one = format!("{}/{}", address(space), of.id);
    let head = if manages {
        Cell::link(name(of), one.clone())
    } else {
        Cell::text(name(of))
    };
    let course = match of.course {
        None => ctx.t("automation-every-course"),
        Some(id) => {
            let found = courses.iter().find(|(known, _)| *known == id);
            found.map_or_else(
                || ctx.t("automation-course-gone"),
                |(_, title)| title.clone(),
            )
        }
    };
    let on = of.active_since.is_some();
    let state = if on {
        Status::new(Tone::Success, ctx.t("automation-on"))
    } else {
        Status::new(Tone::NotStarted, ctx.t("automation-off"))
    };
    let next = match next.get(&of.id) {
        Some((group, at, href)) if on => {
            let zone = passerelle_web::context::zone(space);
            Cell::link(format::datetime_short(*at, &zone, ctx.lang), href.clone())
                .note(group.clone())
        }
        _ => Cell::text(ctx.t("automation-no-next")),
    };
    let mut cells = vec![
        Cell::text(when(ctx, of))
            .note(ctx.t(&format!("automation-audience-{}", of.audience.code()))),
        Cell::status(state),
        next,
    ];
    if manages {
        let (word, icon, value) = if on {
            ("automation-switch-off", "x", "off")
        } else {
            ("automation-switch-on", "check", "on")
        };
        let switch = Button::post(ctx.t(word), format!("{one}/etat"))
            .quiet()
            .icon(icon)
            .about(name(of))
            .hidden("value", value);
        cells.push(Cell::buttons([switch]));
    }
    Row::new(head.note(course), cells)
}

fn removal(ctx: &Ctx, space: &Space, of: &Automation) -> Confirm {
    Confirm::quiet(
        format!("supprimer-{}", of.id),
        ctx.tr(
            "automation-remove",
            &[("subject", name(of).into_owned().into())],
        ),
        ctx.t("automation-remove-sentence"),
        format!("{}/{}/supprimer", address(space), of.id),
    )
}

/// The next time of each message: group, instant, where it is shown.
async fn next_times(
    ctx: &Ctx,
    space: &Space,
    messages: &[Automation],
) -> Result<HashMap<Uuid, (String, Micros, String)>, AppError> {
    let mut next: HashMap<Uuid, (String, Micros, String)> = HashMap::new();
    if messages.is_empty() {
        return Ok(next);
    }
    let conn = ctx.app.db().read();
    let cohorts = coming(ctx, space).await?;
    let ids: Vec<Uuid> = cohorts.iter().map(|planned| planned.cohort.id).collect();
    let runs = store::runs(conn, &ids).await?;
    for planned in &cohorts {
        let Some(dates) = planned.dates() else {
            continue;
        };
        for of in messages
            .iter()
            .filter(|of| of.is_for(planned.cohort.course_id))
        {
            let cohort = planned.cohort.id;
            let first = of.occurrences(&dates).into_iter().find(|one: &Occurrence| {
                one.at > ctx.now && !runs.contains_key(&(of.id, cohort, one.week))
            });
            let Some(one) = first else {
                continue;
            };
            if next.get(&of.id).is_none_or(|(_, at, _)| one.at < *at) {
                let href = sending_address(cohort, of.id, one.week);
                next.insert(of.id, (planned.cohort.title.clone(), one.at, href));
            }
        }
    }
    Ok(next)
}

/// Cohorts about which something may still leave. Two statements.
async fn coming(ctx: &Ctx, space: &Space) -> Result<Vec<Planned>, AppError> {
    let day = GroupTime::of_space(space).today(ctx.now);
    let from = day.saturating_sub(i64::from(MAX_DAYS).days()).to_string();
    Ok(store::cohorts_between(ctx.app.db().read(), Some(space.id), &from, "9999").await?)
}

/// Adds the ready-made messages, off.
pub(super) async fn begin(ctx: Ctx, allowed: Allowed<ManageCourses>) -> Result<Response, AppError> {
    let space = allowed.object();
    let tx = ctx.app.db().write().await?;
    commands::begin(&tx, &allowed, false).await?;
    tx.commit().await?;
    let told = (NoticeKind::Success, "automation-notice-begun");
    Ok(ctx.redirect(&address(space), Some(told)))
}

/// The message that an address names.
pub(super) async fn message_of(
    ctx: &Ctx,
    space: &Space,
    params: &Params,
) -> Result<Automation, AppError> {
    let found = store::find(ctx.app.db().read(), space.id, params.id("message")?).await?;
    found.ok_or(AppError::NotFound)
}

/// Switches a message on or off.
pub(super) async fn switch(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    params: Params,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let of = message_of(&ctx, space, &params).await?;
    let on = form.text("value") == "on";
    if on && of.needs_link() {
        let told = (NoticeKind::Warn, "automation-notice-link");
        return Ok(ctx.redirect(&format!("{}/{}", address(space), of.id), Some(told)));
    }
    let tx = ctx.app.db().write().await?;
    commands::switch(&tx, &allowed, &of, on).await?;
    tx.commit().await?;
    let told = if on {
        "automation-notice-on"
    } else {
        "automation-notice-off"
    };
    Ok(ctx.redirect(&address(space), Some((NoticeKind::Success, told))))
}

/// Removes a message.
pub(super) async fn remove(
    ctx: Ctx,
    allowed: Allowed<ManageCourses>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let of = message_of(&ctx, space, &params).await?;
    let tx = ctx.app.db().write().await?;
    commands::remove(&tx, &allowed, &of).await?;
    tx.commit().await?;
    let told = (NoticeKind::Success, "automation-notice-removed");
    Ok(ctx.redirect(&address(space), Some(told)))
}

//! Pages of the slice.

mod calendar;
mod form;
mod month;
mod rules;
mod sendings;

use passerelle_kernel::Uuid;
use passerelle_web::components::{Link, Status, Tabs, Tone};
use passerelle_web::directory::Space;
use passerelle_web::i18n::Arg;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Ctx, Routes, format};

use super::model::{Automation, Fate};
use crate::access::{ManageCohort, ManageCourses, ReadCourses, WatchCohort};

pub(super) fn routes() -> Routes {
    let read = Access::Action(ReadCourses::NAME);
    let manage = Access::Action(ManageCourses::NAME);
    let one = "/groupe/{cohort}/messages/{message}/{week}";
    Routes::new()
        .get("/e/{space}/gestion/messages", read, rules::page)
        .post("/e/{space}/gestion/messages/modeles", manage, rules::begin)
        .get(
            "/e/{space}/gestion/messages/calendrier",
            read,
            calendar::page,
        )
        .get("/e/{space}/gestion/messages/nouveau", manage, form::blank)
        .post("/e/{space}/gestion/messages/nouveau", manage, form::add)
        .get("/e/{space}/gestion/messages/{message}", manage, form::page)
        .post("/e/{space}/gestion/messages/{message}", manage, form::save)
        .post(
            "/e/{space}/gestion/messages/{message}/etat",
            manage,
            rules::switch,
        )
        .post(
            "/e/{space}/gestion/messages/{message}/supprimer",
            manage,
            rules::remove,
        )
        .get(one, Access::Action(WatchCohort::NAME), sendings::page)
        .post(one, Access::Action(ManageCohort::NAME), sendings::decide)
}

/// « Messages », for whoever manages or oversees.
pub(super) fn nav() -> NavEntry {
    NavEntry {
        items: |ctx, space| {
            space
                .filter(|space| ctx.who.oversees(space.id))
                .map(|space| NavItem {
                    rank: 40,
                    href: address(space),
                    label: "automation-nav",
                    icon: "calendar-plus",
                })
                .into_iter()
                .collect()
        },
    }
}

fn address(space: &Space) -> String {
    format!("/e/{}/gestion/messages", space.slug)
}

fn calendar_address(space: &Space) -> String {
    format!("{}/calendrier", address(space))
}

fn sending_address(cohort: Uuid, message: Uuid, week: i32) -> String {
    format!("/groupe/{cohort}/messages/{message}/{week}")
}

fn tabs(ctx: &Ctx, space: &Space, current: &str) -> Tabs {
    let tab = |id: &str, href: String| Link::new(ctx.t(id), href).current(id == current);
    Tabs {
        label: ctx.t("automation-title"),
        items: vec![
            tab("automation-tab-messages", address(space)),
            tab("automation-tab-calendar", calendar_address(space)),
        ],
    }
}

/// « 2 jours avant la fin de chaque semaine, à 17:30 ».
fn when(ctx: &Ctx, of: &Automation) -> String {
    let side = match of.days {
        0 => "same",
        days if days < 0 => "before",
        _ => "after",
    };
    let id = format!(
        "automation-when-{}-{side}",
        of.moment.code().replace('_', "-")
    );
    let args: [(&str, Arg); 2] = [
        ("days", of.days.abs().into()),
        ("time", format::civil_time(of.time(), ctx.lang).into()),
    ];
    ctx.tr(&id, &args)
}

fn status(ctx: &Ctx, fate: Fate) -> Status {
    let tone = match fate {
        Fate::Planned => Tone::Info,
        Fate::Skipped => Tone::Locked,
        Fate::Sent => Tone::Success,
        Fate::Missed => Tone::Warn,
    };
    Status::new(tone, ctx.t(&format!("automation-fate-{}", fate.code())))
}

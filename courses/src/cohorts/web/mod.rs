//! Pages of the slice.

mod asking;
mod create;
mod csv;
mod enrol;
mod enrolment;
mod enrolment_forms;
mod join;
mod list;
mod manage;
mod settings;
mod trainees;
mod tutors;

use jiff::civil::Date;
use passerelle_web::components::{Status, Tone};
use passerelle_web::context::Page;
use passerelle_web::directory::Space;
use passerelle_web::lang::Lang;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Ctx, Routes, format};

use super::access::ReadCohort;
use super::cohort;
use super::model::CohortState;
use crate::access::{CohortRef, ManageCohort, ManageCourses, ManageEnrolment, ReadCourses};

/// Routes of the slice.
pub(super) fn routes() -> Routes {
    let read = Access::Action(ReadCohort::NAME);
    let manage = Access::Action(ManageCohort::NAME);
    let one = Access::Action(ManageEnrolment::NAME);
    Routes::new()
        .get("/gestion", Access::SignedIn, list::first_space)
        .get(
            "/e/{space}/gestion/groupes",
            Access::Action(ReadCourses::NAME),
            list::page,
        )
        .get(
            "/e/{space}/gestion/groupes/nouveau",
            Access::Action(ManageCourses::NAME),
            create::page,
        )
        .post(
            "/e/{space}/gestion/groupes/nouveau",
            Access::Action(ManageCourses::NAME),
            create::save,
        )
        .get("/groupe/{cohort}/gestion", read, manage::page)
        .get(
            "/groupe/{cohort}/gestion/stagiaires.csv",
            read,
            trainees::export,
        )
        .get(
            "/groupe/{cohort}/gestion/calendrier.ics",
            read,
            trainees::calendar,
        )
        .post("/groupe/{cohort}/gestion/lien", manage, manage::link)
        .post("/groupe/{cohort}/gestion/place", manage, manage::seat)
        .post(
            "/groupe/{cohort}/gestion/convocations",
            manage,
            manage::convene_all,
        )
        .post("/groupe/{cohort}/gestion/annuler", manage, manage::cancel)
        .post("/groupe/{cohort}/gestion/retablir", manage, manage::restore)
        .get("/groupe/{cohort}/gestion/reglages", manage, settings::page)
        .post("/groupe/{cohort}/gestion/reglages", manage, settings::save)
        .get("/groupe/{cohort}/gestion/tuteurs", manage, tutors::page)
        .post("/groupe/{cohort}/gestion/tuteurs", manage, tutors::add)
        .post(
            "/groupe/{cohort}/gestion/tuteurs/retirer",
            manage,
            tutors::remove,
        )
        .get("/groupe/{cohort}/gestion/inscrire", manage, enrol::page)
        .post("/groupe/{cohort}/gestion/inscrire", manage, enrol::save)
        .merge(list_routes())
        .get("/inscription/{enrolment}", one, enrolment::page)
        .post(
            "/inscription/{enrolment}/convocation",
            one,
            enrolment::convene,
        )
        .post("/inscription/{enrolment}/delai", one, enrolment::extend)
        .post(
            "/inscription/{enrolment}/deplacer",
            one,
            enrolment::transfer,
        )
        .post("/inscription/{enrolment}/depart", one, enrolment::leave)
        .post("/inscription/{enrolment}/retour", one, enrolment::undo)
        .get("/rejoindre/{code}", Access::Public, join::page)
        .secret()
        .post("/rejoindre/{code}", Access::Public, join::send)
        .secret()
        .get(
            "/calendrier/{token}",
            Access::Public,
            trainees::subscription,
        )
        .secret()
}

/// Enrolling a list.
fn list_routes() -> Routes {
    let manage = Access::Action(ManageCohort::NAME);
    Routes::new()
        .get("/groupe/{cohort}/gestion/liste", manage, csv::page)
        .post("/groupe/{cohort}/gestion/liste", manage, csv::check)
        .post(
            "/groupe/{cohort}/gestion/liste/colonnes",
            manage,
            asking::answer,
        )
        .post(
            "/groupe/{cohort}/gestion/liste/confirmer",
            manage,
            csv::confirm,
        )
}

/// « Groupes », for whoever manages or oversees.
pub(super) fn nav() -> NavEntry {
    NavEntry { items: nav_items }
}

fn nav_items(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let item = |href: String| NavItem {
        rank: 30,
        href,
        label: "cohort-nav",
        icon: "users",
    };
    match space {
        Some(space) if ctx.who.oversees(space.id) => {
            vec![item(format!("/e/{}/gestion/groupes", space.slug))]
        }
        // Without a space the page knows none: the address leads to the person's first one.
        None if ctx.who.0.as_ref().is_some_and(|s| !s.roles.is_empty()) => {
            vec![item("/gestion".to_owned())]
        }
        _ => Vec::new(),
    }
}

/// A page about one cohort.
fn cohort_page<'a>(
    ctx: &'a Ctx,
    of: &'a CohortRef,
    template: &'static str,
    title: String,
) -> Page<'a> {
    ctx.page(template, title)
        .space(&of.space)
        .crumb(ctx.t("cohort-nav"), groups_href(&of.space))
        .crumb(of.cohort.title.clone(), manage_href(of))
}

fn groups_href(space: &Space) -> String {
    format!("/e/{}/gestion/groupes", space.slug)
}

fn manage_href(of: &CohortRef) -> String {
    format!("/groupe/{}/gestion", of.cohort.id)
}

fn state_status(ctx: &Ctx, state: CohortState) -> Status {
    let tone = match state {
        CohortState::Planned => Tone::Info,
        CohortState::Running => Tone::InProgress,
        CohortState::Ended => Tone::Warn,
        CohortState::Certified => Tone::Success,
        CohortState::Cancelled => Tone::Danger,
    };
    Status::new(tone, ctx.t(&format!("cohort-state-{}", state.code())))
}

/// « du 23 novembre au 20 décembre 2026 »; the dates as stored when they are not dates.
fn range(ctx: &Ctx, start: &str, end: &str) -> String {
    match (start.parse::<Date>(), end.parse::<Date>()) {
        (Ok(start), Ok(end)) => format::date_range(start, end, ctx.lang),
        _ => format!("{start} – {end}"),
    }
}

/// The days of a cohort, as people read them.
pub fn dates(of: &cohort::Model, lang: Lang) -> String {
    let (start, end) = (&of.start_date, &of.end_date);
    match (start.parse::<Date>(), end.parse::<Date>()) {
        (Ok(start), Ok(end)) => format::date_range(start, end, lang),
        _ => format!("{start} – {end}"),
    }
}

/// The state of a cohort; an unknown one takes nobody.
fn state_of(of: &CohortRef) -> CohortState {
    CohortState::parse(&of.cohort.state).unwrap_or(CohortState::Cancelled)
}

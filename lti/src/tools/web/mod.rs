//! Pages of tools, and what browsers meet on their way to one.

mod add;
mod correct;
mod list;
mod open;
mod pick;
mod show;

use passerelle_courses::access::{DoActivity, EditCourse, WatchActivity};
use passerelle_web::access::Action;
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Ctx, Role};

use super::access::{EditTool, ManageTools};
use super::model::Ours;
use passerelle_outgoing::Outgoing;

/// Tools post forms there.
pub(super) const CROSS_SITE: [&str; 2] = ["/lti/autoriser", "/lti/choix"];

pub(super) fn routes() -> Routes {
    let manage = Access::Action(ManageTools::NAME);
    let edit = Access::Action(EditTool::NAME);
    let course = Access::Action(EditCourse::NAME);
    let own = Access::Action(DoActivity::NAME);
    let watch = Access::Action(WatchActivity::NAME);
    let public = Access::Public;
    Routes::new()
        .get("/e/{space}/gestion/outils", manage, list::page)
        .get("/e/{space}/gestion/outils/nouvel", manage, add::page)
        .post("/e/{space}/gestion/outils/nouvel", manage, add::save)
        .post("/e/{space}/gestion/outils/adresse", manage, add::offer)
        .get("/e/{space}/gestion/outils/{tool}", edit, show::page)
        .get(
            "/e/{space}/gestion/outils/{tool}/modifier",
            edit,
            correct::page,
        )
        .post(
            "/e/{space}/gestion/outils/{tool}/modifier",
            edit,
            correct::save,
        )
        .post("/e/{space}/gestion/outils/{tool}/fermer", edit, show::close)
        .post(
            "/e/{space}/gestion/outils/{tool}/rouvrir",
            edit,
            show::reopen,
        )
        .post(
            "/e/{space}/gestion/outils/{tool}/partage",
            edit,
            show::share,
        )
        .post("/e/{space}/gestion/outils/{tool}/essai", edit, show::test)
        .get(
            "/formation/{enrolment}/activite/{activity}/outil",
            own,
            open::begin,
        )
        .get(
            "/suivi/{enrolment}/activite/{activity}/outil",
            watch,
            open::watch,
        )
        .get(
            "/e/{space}/gestion/formations/{course}/outils/{tool}",
            course,
            pick::begin,
        )
        .get(
            "/e/{space}/gestion/formations/{course}/choix/{code}",
            course,
            pick::page,
        )
        .secret()
        .post(
            "/e/{space}/gestion/formations/{course}/choix/{code}",
            course,
            pick::add,
        )
        .secret()
        .get("/lti/configuration", public, open::configuration)
        .post("/lti/outils", public, add::register)
        .get("/lti/autoriser", public, open::by_query)
        .post("/lti/autoriser", public, open::by_form)
        .post("/lti/choix", public, pick::receive)
}

pub(super) fn nav() -> NavEntry {
    NavEntry { items }
}

fn items(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let administers = |space: &&Space| ctx.who.has(space.id, &[Role::Administrator]);
    let item = |space: &Space| NavItem {
        rank: 706,
        href: list_address(space),
        label: "lti-tools-nav",
        icon: "external-link",
    };
    space.filter(administers).map(item).into_iter().collect()
}

fn list_address(space: &Space) -> String {
    format!("/e/{}/gestion/outils", space.slug)
}

fn ours(ctx: &Ctx) -> Ours {
    Ours::of(&ctx.app.settings().public_url)
}

fn allows_http(ctx: &Ctx) -> bool {
    ctx.app
        .service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private())
}

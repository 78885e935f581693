//! Pages of platforms.

mod add;
mod correct;
mod list;
mod registration;
mod show;

use passerelle_web::access::Action;
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx, Role};

use super::access::{EditPlatform, ManagePlatforms};
use super::model::Addresses;
use passerelle_outgoing::Outgoing;

pub(super) fn routes() -> Routes {
    let manage = Access::Action(ManagePlatforms::NAME);
    let edit = Access::Action(EditPlatform::NAME);
    Routes::new()
        .get("/e/{space}/gestion/plateformes", manage, list::page)
        .get("/e/{space}/gestion/plateformes/nouvelle", manage, add::page)
        .post("/e/{space}/gestion/plateformes/nouvelle", manage, add::save)
        .post("/e/{space}/gestion/plateformes/adresse", manage, add::offer)
        .get(
            "/e/{space}/gestion/plateformes/{platform}",
            edit,
            show::page,
        )
        .get(
            "/e/{space}/gestion/plateformes/{platform}/modifier",
            edit,
            correct::page,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/modifier",
            edit,
            correct::save,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/fermer",
            edit,
            show::close,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/rouvrir",
            edit,
            show::open,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/deploiement",
            edit,
            show::accept,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/essai",
            edit,
            show::test,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/groupe",
            edit,
            show::offer_group,
        )
        .post(
            "/e/{space}/gestion/plateformes/{platform}/notes",
            edit,
            show::grades,
        )
        .get(
            "/lti/inscription/{offer}",
            Access::Public,
            registration::page,
        )
        .secret()
        .post(
            "/lti/inscription/{offer}",
            Access::Public,
            registration::register,
        )
        .secret()
}

pub(super) fn nav() -> NavEntry {
    NavEntry { items }
}

fn items(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let administers = |space: &&Space| ctx.who.has(space.id, &[Role::Administrator]);
    let item = |space: &Space| NavItem {
        rank: 705,
        href: list_address(space),
        label: "lti-nav",
        icon: "link",
    };
    space.filter(administers).map(item).into_iter().collect()
}

fn list_address(space: &Space) -> String {
    format!("/e/{}/gestion/plateformes", space.slug)
}

fn ours(ctx: &Ctx) -> Result<Addresses, AppError> {
    Addresses::of(&ctx.app.settings().public_url).map_err(AppError::internal)
}

fn allows_http(ctx: &Ctx) -> bool {
    ctx.app
        .service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private())
}

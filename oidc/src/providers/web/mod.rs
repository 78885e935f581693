//! Pages of providers.

mod add;
mod list;
mod show;

use passerelle_kernel::Uuid;
use passerelle_outgoing::Outgoing;
use passerelle_web::access::Action;
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{App, Ctx, Role};

use super::access::{EditProvider, ManageProviders};
use crate::protocol::Refused;

pub(super) fn routes() -> Routes {
    let manage = Access::Action(ManageProviders::NAME);
    let edit = Access::Action(EditProvider::NAME);
    Routes::new()
        .get("/e/{space}/gestion/comptes-exterieurs", manage, list::page)
        .get(
            "/e/{space}/gestion/comptes-exterieurs/nouveau",
            manage,
            add::page,
        )
        .post(
            "/e/{space}/gestion/comptes-exterieurs/nouveau",
            manage,
            add::save,
        )
        .get(
            "/e/{space}/gestion/comptes-exterieurs/{provider}",
            edit,
            show::page,
        )
        .post(
            "/e/{space}/gestion/comptes-exterieurs/{provider}",
            edit,
            show::save,
        )
        .post(
            "/e/{space}/gestion/comptes-exterieurs/{provider}/essai",
            edit,
            show::test,
        )
        .post(
            "/e/{space}/gestion/comptes-exterieurs/{provider}/fermer",
            edit,
            show::close,
        )
        .post(
            "/e/{space}/gestion/comptes-exterieurs/{provider}/rouvrir",
            edit,
            show::open,
        )
}

pub(super) fn nav() -> NavEntry {
    NavEntry { items }
}

fn items(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    let administers = |space: &&Space| ctx.who.has(space.id, &[Role::Administrator]);
    let item = |space: &Space| NavItem {
        rank: 707,
        href: list_address(space),
        label: "oidc-nav",
        icon: "key",
    };
    space.filter(administers).map(item).into_iter().collect()
}

fn list_address(space: &Space) -> String {
    format!("/e/{}/gestion/comptes-exterieurs", space.slug)
}

fn address(space: &Space, provider: Uuid) -> String {
    format!("{}/{provider}", list_address(space))
}

fn allows_http(app: &App) -> bool {
    app.service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private())
}

/// Why a provider is refused, in the language of whoever reads; the log has the words of its answer.
fn reason(ctx: &Ctx, error: &Refused) -> String {
    tracing::warn!(%error, "a provider of accounts is refused");
    let word = ctx.t(&format!("oidc-outcome-{}", error.code()));
    match error.section() {
        "" => word,
        section => format!("{word} ({section})"),
    }
}

//! Pages of the watch, and what other pages show of it.

mod feeds;
mod items;
mod offering;
mod wanting;

use passerelle_web::components::{Link, Tabs};
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Ctx, Routes};

use crate::campaigns::access::WriteCampaigns;

pub(super) use offering::offers;
pub(crate) use wanting::alert_fields;

pub(super) fn routes() -> Routes {
    let write = Access::Action(WriteCampaigns::NAME);
    Routes::new()
        .get("/e/{space}/gestion/veille", write, items::page)
        .get("/e/{space}/gestion/veille/nouvelle", write, items::form)
        .post("/e/{space}/gestion/veille/nouvelle", write, items::add)
        .get("/e/{space}/gestion/veille/sources", write, feeds::page)
        .post("/e/{space}/gestion/veille/sources", write, feeds::follow)
        .post(
            "/e/{space}/gestion/veille/sources/{feed}/lire",
            write,
            feeds::read_now,
        )
        .post(
            "/e/{space}/gestion/veille/sources/{feed}/arreter",
            write,
            feeds::stop,
        )
        .get("/e/{space}/gestion/veille/{item}", write, items::edit)
        .post("/e/{space}/gestion/veille/{item}", write, items::sort)
}

pub(super) fn nav() -> NavEntry {
    NavEntry {
        items: |ctx, space| {
            space
                .filter(|space| ctx.who.manages(space.id))
                .map(|space| NavItem {
                    rank: 620,
                    href: items_address(space),
                    label: "watch-nav",
                    icon: "eye",
                })
                .into_iter()
                .collect()
        },
    }
}

fn items_address(space: &Space) -> String {
    format!("/e/{}/gestion/veille", space.slug)
}

fn feeds_address(space: &Space) -> String {
    format!("{}/sources", items_address(space))
}

fn tabs(ctx: &Ctx, space: &Space, current: &str) -> Tabs {
    let tab = |id: &str, href: String| Link::new(ctx.t(id), href).current(id == current);
    Tabs {
        label: ctx.t("watch-title"),
        items: vec![
            tab("watch-tab-items", items_address(space)),
            tab("watch-tab-feeds", feeds_address(space)),
        ],
    }
}

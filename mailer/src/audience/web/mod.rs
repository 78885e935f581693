//! Pages of contacts, lists and segments.

mod contact;
mod contacts;
mod importing;
mod lists;
mod preview;
mod segments;

use passerelle_web::components::{Link, Tabs};
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Ctx, Routes};

use super::access::{EditContact, EditList, ManageContacts};

pub(super) fn routes() -> Routes {
    let manage = Access::Action(ManageContacts::NAME);
    let contact = Access::Action(EditContact::NAME);
    Routes::new()
        .get("/e/{space}/gestion/contacts", manage, contacts::page)
        .get("/e/{space}/gestion/contacts.csv", manage, contacts::export)
        .get(
            "/e/{space}/gestion/contacts/nouveau",
            manage,
            contact::add_form,
        )
        .post("/e/{space}/gestion/contacts/nouveau", manage, contact::add)
        .get(
            "/e/{space}/gestion/contacts/importer",
            manage,
            importing::form,
        )
        .post(
            "/e/{space}/gestion/contacts/importer",
            manage,
            importing::read,
        )
        .post(
            "/e/{space}/gestion/contacts/importer/faire",
            manage,
            importing::apply,
        )
        .post(
            "/e/{space}/gestion/contacts/importer/{import}/defaire",
            manage,
            importing::undo,
        )
        .get(
            "/e/{space}/gestion/contacts/{contact}",
            contact,
            contact::page,
        )
        .post(
            "/e/{space}/gestion/contacts/{contact}",
            contact,
            contact::save,
        )
        .post(
            "/e/{space}/gestion/contacts/{contact}/listes",
            contact,
            contact::subscriptions,
        )
        .post(
            "/e/{space}/gestion/contacts/{contact}/bloquer",
            contact,
            contact::block,
        )
        .post(
            "/e/{space}/gestion/contacts/{contact}/debloquer",
            contact,
            contact::unblock,
        )
        .post(
            "/e/{space}/gestion/contacts/{contact}/oublier",
            contact,
            contact::forget,
        )
        .merge(lists_and_segments())
}

fn lists_and_segments() -> Routes {
    let manage = Access::Action(ManageContacts::NAME);
    let list = Access::Action(EditList::NAME);
    Routes::new()
        .get("/e/{space}/gestion/listes", manage, lists::page)
        .post("/e/{space}/gestion/listes", manage, lists::add)
        .get("/e/{space}/gestion/listes/{list}", list, lists::show)
        .post("/e/{space}/gestion/listes/{list}", list, lists::save)
        .post(
            "/e/{space}/gestion/listes/{list}/fermer",
            list,
            lists::close,
        )
        .post(
            "/e/{space}/gestion/listes/{list}/rouvrir",
            list,
            lists::reopen,
        )
        .get("/e/{space}/gestion/segments", manage, segments::page)
        .get(
            "/e/{space}/gestion/segments/nouveau",
            manage,
            segments::form,
        )
        .post(
            "/e/{space}/gestion/segments/nouveau",
            manage,
            segments::save,
        )
        .get(
            "/e/{space}/gestion/segments/{segment}",
            manage,
            segments::form,
        )
        .post(
            "/e/{space}/gestion/segments/{segment}",
            manage,
            segments::save,
        )
        .post(
            "/e/{space}/gestion/segments/{segment}/supprimer",
            manage,
            segments::delete,
        )
}

pub(super) fn nav() -> NavEntry {
    NavEntry {
        items: |ctx, space| {
            space
                .filter(|space| ctx.who.manages(space.id))
                .map(|space| NavItem {
                    rank: 610,
                    href: contacts_address(space),
                    label: "contact-nav",
                    icon: "users",
                })
                .into_iter()
                .collect()
        },
    }
}

fn contacts_address(space: &Space) -> String {
    format!("/e/{}/gestion/contacts", space.slug)
}

fn lists_address(space: &Space) -> String {
    format!("/e/{}/gestion/listes", space.slug)
}

fn segments_address(space: &Space) -> String {
    format!("/e/{}/gestion/segments", space.slug)
}

/// The sides of what the space keeps of its readers.
fn tabs(ctx: &Ctx, space: &Space, current: &str) -> Tabs {
    let tab = |id: &str, href: String| Link::new(ctx.t(id), href).current(id == current);
    Tabs {
        label: ctx.t("contact-tabs"),
        items: vec![
            tab("contact-tab-contacts", contacts_address(space)),
            tab("contact-tab-lists", lists_address(space)),
            tab("contact-tab-segments", segments_address(space)),
            tab(
                "contact-tab-import",
                format!("{}/importer", contacts_address(space)),
            ),
        ],
    }
}

//! Pages: the outbox for administrators, the folder of mails for developers.

mod dev;
mod domain;
mod outbox;

use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::{Access, Action, Role, Routes};

use super::access::{ReadOutbox, RetryMail};

pub(super) use dev::Mailbox;
pub use domain::NamesSource;

/// Last of the management pages.
const RANK: i32 = 900;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/e/{space}/gestion/courrier",
            Access::Action(ReadOutbox::NAME),
            outbox::show,
        )
        .get(
            "/e/{space}/gestion/courrier/domaine",
            Access::Action(ReadOutbox::NAME),
            domain::page,
        )
        .post(
            "/e/{space}/gestion/courrier/renvoyer",
            Access::Action(RetryMail::NAME),
            outbox::retry_all,
        )
        .post(
            "/e/{space}/gestion/courrier/{job}/renvoyer",
            Access::Action(RetryMail::NAME),
            outbox::retry,
        )
        .get("/dev/mail", Access::Public, dev::list)
        .get("/dev/mail/{file}", Access::Public, dev::show)
        .get("/dev/mail/{file}/html", Access::Public, dev::html)
}

pub(super) fn nav() -> NavEntry {
    NavEntry {
        items: |ctx, space| {
            let home = space.filter(|space| space.slug == ctx.app.settings().home_space);
            home.filter(|space| ctx.who.has(space.id, &[Role::Administrator]))
                .map(|space| NavItem {
                    rank: RANK,
                    href: outbox::address(&space.slug),
                    label: "delivery-nav",
                    icon: "mail",
                })
                .into_iter()
                .collect()
        },
    }
}

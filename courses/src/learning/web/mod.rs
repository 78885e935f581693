//! Pages of the `learning` slice.

mod activity;
mod course;
mod home;

use passerelle_web::access::Action;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};

use crate::access::{DoActivity, FollowCourse};

/// « Accueil », for whoever is signed in.
pub(super) const NAVIGATION: NavEntry = NavEntry {
    items: |ctx, _| {
        let home = NavItem {
            rank: 0,
            href: "/accueil".to_owned(),
            label: "learning-nav-home",
            icon: "home",
        };
        ctx.who.person().map(|_| home).into_iter().collect()
    },
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/accueil", Access::SignedIn, home::page)
        .get(
            "/formation/{enrolment}",
            Access::Action(FollowCourse::NAME),
            course::page,
        )
        .get(
            "/formation/{enrolment}/activite/{activity}",
            Access::Action(DoActivity::NAME),
            activity::page,
        )
        .post(
            "/formation/{enrolment}/activite/{activity}/fait",
            Access::Action(DoActivity::NAME),
            activity::declare,
        )
}

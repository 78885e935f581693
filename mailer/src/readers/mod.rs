//! What readers do, without an account: subscribe and confirm, choose, stop; and the letters that
//! are published.

mod archive;
mod choosing;
mod subscribing;

use passerelle_kernel::Registry;
use passerelle_web::{Access, Routes};

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    let public = Access::Public;
    r.add(
        Routes::new()
            .get("/e/{space}/abonnement", public, subscribing::form)
            .post("/e/{space}/abonnement", public, subscribing::ask)
            .get("/abonnement/{token}", public, subscribing::confirm_page)
            .secret()
            .post("/abonnement/{token}", public, subscribing::confirm)
            .secret()
            .get("/lettres/{token}", public, choosing::page)
            .secret()
            .post("/lettres/{token}", public, choosing::save)
            .secret()
            .get("/lettres/{token}/arret", public, choosing::stop_page)
            .secret()
            .post("/lettres/{token}/arret", public, choosing::stop)
            .secret()
            .get("/lettres/images/{file}", public, archive::picture)
            .get("/e/{space}/lettres", public, archive::list)
            .get("/e/{space}/lettres.xml", public, archive::feed)
            .get("/e/{space}/lettres/{number}", public, archive::show)
            .get("/e/{space}/lettres/{number}/page", public, archive::letter),
    );
}

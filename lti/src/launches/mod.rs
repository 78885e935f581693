//! Launches: the login that a platform begins, the launch that ends it, where it leads.

mod entering;
mod links;
mod store;
mod web;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

pub use entering::LINKED;
pub(crate) use store::move_frames;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(LINKED))
        .add(passerelle_web::routes::CrossSite(&web::CROSS_SITE))
        .add(web::routes());
}

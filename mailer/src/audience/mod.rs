//! Who is written to: contacts, what they receive, and how they are chosen.

pub mod access;
pub mod commands;
pub mod importing;
pub mod imports;
pub mod model;
pub mod segment;
pub mod store;
pub(crate) mod target;
mod web;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(web::routes())
        .add(web::nav())
        .add(FactKind(commands::CONSENTED))
        .add(FactKind(commands::UNSUBSCRIBED))
        .add(FactKind(commands::FORGOTTEN));
}

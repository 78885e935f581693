//! The providers of a space: where people may sign in with an account of elsewhere.

pub mod access;
mod commands;
pub mod known;
pub mod model;
pub mod store;
mod web;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

pub use commands::{ADDED, CHANGED, ProviderError};

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(ADDED))
        .add(FactKind(CHANGED))
        .add(web::routes())
        .add(web::nav());
}

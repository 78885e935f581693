//! Platforms that may launch: registered by hand, or by one address that their
//! administrator pastes (Dynamic Registration 1.0).

pub mod access;
mod commands;
pub mod model;
mod registering;
pub mod store;
mod web;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

pub use commands::{
    CHANGED, PlatformError, REGISTERED, accept_deployment, close, open, register as add_platform,
};

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(REGISTERED))
        .add(FactKind(CHANGED))
        .add(web::routes())
        .add(web::nav());
}

//! Spaces: the resource centre, and the small structures to which it lends the
//! platform. Their settings, and the legal pages made from them.
//!
//! A space is not an organisation somebody works for: that is a line of text
//! on the person.

pub mod commands;
pub mod entity;
pub mod legal;
pub mod model;
pub mod retention;
pub mod store;
pub mod web;

pub use commands::{NewSpace, SpaceError, create_space};
pub use store::SpaceCache;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

/// A space was opened.
pub const CREATED: &str = "space.created.v1";
/// Settings of a space changed; the payload names which.
pub const CHANGED: &str = "space.changed.v1";

/// Adds the slice.
pub fn register(r: &mut Registry) {
    r.add(FactKind(CREATED))
        .add(FactKind(CHANGED))
        .add(web::routes())
        .add(legal::routes());
}

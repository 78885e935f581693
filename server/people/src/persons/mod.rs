//! Persons: who they are, which spaces they belong to, what they may do there.
//!
//! A person is not an account, and not a contact of a mailing list. The same
//! one may be trainee, trainer and member. An address is optional and may be
//! shared. What is common to all spaces (the name, the account) is changed by a
//! space only while the person belongs to it alone. Merging duplicates is not
//! here yet.

pub mod commands;
pub mod entity;
pub mod model;
pub mod policy;
pub mod store;
pub mod web;

pub use commands::{PersonError, create_person, find_or_create, grant, revoke};
pub use policy::{
    CreatePerson, EditPerson, ListPersons, ManageAccount, ManageRoles, PersonInSpace, ViewPerson,
};

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

/// A person was made.
pub const CREATED: &str = "person.created.v1";
/// A person known elsewhere was added to a space.
pub const JOINED: &str = "person.joined.v1";
/// Something about a person changed; the payload names which fields.
pub const CHANGED: &str = "person.changed.v1";
/// A role was given.
pub const GRANTED: &str = "role.granted.v1";
/// A role was taken back.
pub const REVOKED: &str = "role.revoked.v1";

/// Adds the slice.
pub fn register(r: &mut Registry) {
    for kind in [CREATED, JOINED, CHANGED, GRANTED, REVOKED] {
        r.add(FactKind(kind));
    }
    r.add(web::routes());
}

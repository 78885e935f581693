//! Accounts: what a person signs in with, their sessions, one-time links and
//! invitations, and the count of attempts that slows guessing down.
//!
//! An account is not a person: a person may have none. Signing in and out is
//! written to the log of the server, not to the journal: it proves nothing
//! about a training.

pub mod authenticator;
pub mod commands;
pub mod doorman;
pub mod entity;
pub mod mail;
pub mod model;
pub mod password;
pub mod places;
pub mod sessions;
pub mod sign_in;
pub mod store;
pub mod web;

pub use commands::{AccountError, NewAccount, create_account, invitation_link};
pub use password::{Hasher, PasswordCost, PasswordError, hash_password};

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

/// A person was given an account.
pub const CREATED: &str = "account.created.v1";
/// A link to choose a password was sent.
pub const INVITED: &str = "account.invited.v1";
/// An account was closed by an administrator or a manager.
pub const DISABLED: &str = "account.disabled.v1";
/// An account was opened again.
pub const ENABLED: &str = "account.enabled.v1";

/// Adds the slice.
pub fn register(r: &mut Registry) {
    for kind in [CREATED, INVITED, DISABLED, ENABLED] {
        r.add(FactKind(kind));
    }
    r.add(web::routes());
}

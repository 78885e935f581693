//! People: spaces, persons, accounts, and the pages that come with them
//! (sign-in, one's own account, persons of a space, settings, legal notices).
//!
//! A plugin like the others: nobody else reads its tables. What other plugins
//! may ask goes through the directory of `passerelle-web`, which it provides.

pub mod accounts;
pub mod directory;
pub mod names;
pub mod persons;
mod plugin;
pub mod spaces;

pub use accounts::{
    AccountError, NewAccount, PasswordCost, PasswordError, create_account, hash_password,
    invitation_link,
};
pub use persons::{PersonError, create_person, find_or_create, grant, revoke};
pub use plugin::PeoplePlugin;
pub use spaces::{NewSpace, SpaceError, create_space, model::is_slug};

#[cfg(test)]
mod tests;

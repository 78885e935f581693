//! Statements on accounts, sessions, links and attempts. Nothing here decides.

mod accounts;
mod attempts;
mod links;
mod sessions;

pub use accounts::{
    AccountRow, addresses, by_id, by_identifier, by_person, reached_by, set_disabled, set_password,
};
pub use attempts::{charge, forget_attempts, give_back};
pub use links::{LinkRow, NewLink, Purpose, insert_link, link, use_link};
pub use sessions::{
    OwnSession, SessionRow, admit, end_all, end_session, open_session, session, sessions,
    touch_session,
};

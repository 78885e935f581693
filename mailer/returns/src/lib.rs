//! What comes back: bounces, complaints, automatic answers, and what people write.
//!
//! Pure: no database, no network, no clock. [`read`] takes the bytes of one message, whoever sent
//! it, and says what it is; [`Report::severity`] and [`severity_of_reply`] say what a refusal
//! means for the address. Everything that is kept is bounded, and nothing that is read is
//! believed: whether a report is about one of our copies is for the token in its addresses to say.

mod about_us;
mod clean;
mod complaint;
mod fields;
mod html;
mod incoming;
mod letter;
mod mime;
mod original;
mod plain;
mod quotes;
mod report;
mod severity;

pub use complaint::Complaint;
pub use incoming::{Incoming, MAX_BYTES, Unreadable, What, read};
pub use letter::{Letter, MAX_LETTER};
pub use original::Original;
pub use report::{Action, Report, Status, verdict};
pub use severity::{Severity, severity_of_reply};

//! Progress: what is done, what that is worth, what is still missing.
//!
//! Completion is a pure function of rules, activity states and what was agreed
//! ([`model`]); [`record`] stores what was observed and what it changes, with
//! its lines in the journal, in the caller's transaction.

mod correct;
mod entity;
mod late;
pub mod model;
mod record;
mod words;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

pub use correct::{ACTIVITY_CORRECTED, correct};
pub use entity::activity_state;
pub use late::{Whose, refresh_late_after};
pub use record::{
    ACTIVITY_DONE, ACTIVITY_IMPROVED, ACTIVITY_STARTED, COURSE_COMPLETED, Observation, Outcome,
    record, record_all, result_of, standing_of,
};
pub use words::missing_words;

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(ACTIVITY_STARTED))
        .add(FactKind(ACTIVITY_DONE))
        .add(FactKind(ACTIVITY_IMPROVED))
        .add(FactKind(ACTIVITY_CORRECTED))
        .add(FactKind(COURSE_COMPLETED));
}

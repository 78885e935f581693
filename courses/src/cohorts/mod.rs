//! Cohorts: dates, capacity, tutors, enrolments.

mod entity;
mod store;

pub use entity::{cohort, cohort_activity, cohort_tutor, cohort_week, enrolment};
pub use store::{find_cohort, find_enrolment};

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}

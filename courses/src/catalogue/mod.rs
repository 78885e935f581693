//! The catalogue: course sheets, weeks and activities, drafts and publication.

mod commands;
mod entity;
pub mod model;
mod plan;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;

pub use commands::{
    COURSE_CREATED, COURSE_PUBLISHED, NewActivity, activity_add, course_new, publish, sheet_save, week_add,
};
pub use entity::{activity, course, course_version, week};
pub use plan::{CoursePlan, PlanWeek, plan_of};

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(FactKind(COURSE_CREATED)).add(FactKind(COURSE_PUBLISHED));
}

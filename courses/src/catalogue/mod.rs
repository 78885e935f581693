//! The catalogue: course sheets, weeks and activities, drafts and publication.
//!
//! A course is what is proposed; when it takes place, with whom, is the cohorts'.
//! The public reads versions of the sheet, dated and kept; those who make courses
//! read and change the draft.

pub mod activity_model;
pub mod commands;
mod copying;
mod entity;
mod error;
pub mod model;
mod offering;
pub mod order;
pub mod queries;
mod store;
#[cfg(test)]
mod tests;
mod web;
pub mod writing;

pub use activity_model::{ActivityKind, Content, NewActivity};
pub use copying::course_copy;
pub use entity::{activity, course, course_version, week};
pub use error::CatalogueError;
pub use model::{Objective, PublishedSheet, Sheet};
pub use queries::{CoursePlan, PlanWeek, activity_of, plan_of};
pub use web::rule_words;
pub(crate) use writing::searched;
pub use writing::{activity_add, course_new, publish, rule_set, sheet_set, week_add};

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::offers::OffersEntry;

/// A draft was made.
pub const COURSE_CREATED: &str = "course.created.v1";
/// A version of the sheet became public; the payload gives its instant and its hash.
pub const COURSE_PUBLISHED: &str = "course.published.v1";
/// The sheet of a published course was edited; the payload names the fields.
pub const COURSE_CHANGED: &str = "course.changed.v1";
/// A course left the catalogue.
pub const COURSE_ARCHIVED: &str = "course.archived.v1";

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    for kind in [
        COURSE_CREATED,
        COURSE_PUBLISHED,
        COURSE_CHANGED,
        COURSE_ARCHIVED,
    ] {
        r.add(FactKind(kind));
    }
    r.add(web::routes())
        .add(web::NAVIGATION)
        .add(OffersEntry(offering::offers));
}

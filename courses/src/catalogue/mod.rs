//! The catalogue: course sheets, weeks and activities, drafts and publication.

mod entity;
pub mod model;

pub use entity::{activity, course, course_version, week};

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}

//! Platforms that may launch: registered by hand, or by one address that their
//! administrator pastes (Dynamic Registration 1.0).

pub mod access;
mod commands;
pub mod model;
mod registering;
pub mod store;
mod web;

use std::collections::HashMap;

use passerelle_courses::cohorts::cohort;
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Registry, Uuid};

pub use commands::{
    CHANGED, PlatformError, REGISTERED, accept_deployment, close, open, register as add_platform,
};

/// What a group is called beside those of other courses: by its course, then by its own name when
/// it has another.
pub(crate) fn titled(courses: &HashMap<Uuid, String>, cohort: &cohort::Model) -> String {
    match courses.get(&cohort.course_id) {
        Some(course) if !cohort.title.contains(course.as_str()) => {
            format!("{course} – {}", cohort.title)
        }
        _ => cohort.title.clone(),
    }
}

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(REGISTERED))
        .add(FactKind(CHANGED))
        .add(web::routes())
        .add(web::nav());
}

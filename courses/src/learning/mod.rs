//! Learning: the home page, the course by week, and activities shown here
//! (pages, files, links). Packages are opened by `player`, what is done is
//! stored by `progress`, and tutors look at it through `tutoring`.

mod commands;
mod framed;
pub mod model;
pub(crate) mod present;
pub mod store;
mod web;

use passerelle_kernel::Registry;

use passerelle_web::serve::Landing;

pub use commands::{LearningError, open};
pub use framed::weeks_framed;
pub use model::may_open;
pub use store::opening_of;

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(web::routes())
        .add(web::NAVIGATION)
        .add(Landing("/accueil"));
}

#[cfg(test)]
mod tests;

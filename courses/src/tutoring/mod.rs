//! Tutoring: the board of a cohort, one trainee, one cell. It reads what
//! `progress` and `tracking` store and changes nothing; deadlines belong to
//! `cohorts`, the rules of completion to `progress`.

mod export;
pub mod model;
pub mod store;
mod web;

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    r.add(web::routes());
}

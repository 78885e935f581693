//! Messages that leave by themselves for the cohorts of a space (welcome, opening of a week, reminder,
//! survey): written once, counted from each cohort's dates, shown beforehand on a calendar.

mod commands;
pub mod model;
mod reaching;
mod sending;
mod store;
mod web;
mod wording;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::app::Beside;

pub use commands::begin;
pub use sending::beat;

/// A message was made, changed, switched or removed.
pub const CHANGED: &str = "automation.changed.v1";
/// Somebody decided whether a message leaves at one of its times.
pub const PLANNED: &str = "automation.planned.v1";
/// A message has left for people of a cohort.
pub const SENT: &str = "automation.sent.v1";

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    for kind in [CHANGED, PLANNED, SENT] {
        r.add(FactKind(kind));
    }
    r.add(web::routes())
        .add(web::nav())
        .add(Beside(Arc::new(|app, stop| {
            Box::pin(sending::keep_beating(app, stop))
        })));
}

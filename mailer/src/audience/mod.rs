//! Who is written to: contacts, what they receive, and how they are chosen.

pub mod access;
pub(crate) mod applying;
pub mod commands;
pub mod importing;
pub mod imports;
pub mod model;
pub mod segment;
pub mod store;
pub(crate) mod target;
mod undoing;
mod web;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::app::AppSlot;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    let slot = AppSlot::default();
    r.add(web::routes())
        .add(web::nav())
        .add(slot.clone())
        .add(JobEntry {
            kind: applying::IMPORT,
            handler: Arc::new(applying::Importing { slot }),
        })
        .add(FactKind(commands::CONSENTED))
        .add(FactKind(commands::UNSUBSCRIBED))
        .add(FactKind(commands::FORGOTTEN));
}

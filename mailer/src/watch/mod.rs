//! The watch: what is new elsewhere, found in feeds or entered by hand, sorted by theme by a
//! person, then taken up in bulletins and sent to those whose themes it is about.

mod alerts;
mod beating;
pub mod commands;
mod fetching;
mod known;
pub mod model;
pub mod store;
mod web;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::jobs::JobEntry;
use passerelle_web::app::{AppSlot, Beside};
use passerelle_web::offers::OffersEntry;

pub use beating::beat;
pub(crate) use web::alert_fields;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    let slot = AppSlot::default();
    r.add(web::routes())
        .add(web::nav())
        .add(slot.clone())
        .add(OffersEntry(web::offers))
        .add(JobEntry {
            kind: fetching::FETCH,
            handler: Arc::new(fetching::Fetch { slot: slot.clone() }),
        })
        .add(JobEntry {
            kind: alerts::SEND,
            handler: Arc::new(alerts::SendAlerts { slot }),
        })
        .add(Beside(Arc::new(|app, stop| {
            Box::pin(beating::keep_beating(app, stop))
        })));
}

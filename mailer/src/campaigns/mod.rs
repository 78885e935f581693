//! Campaigns: a bulletin, who receives it, and its way to each of them.

pub mod access;
pub mod commands;
pub(crate) mod composing;
pub mod model;
pub(crate) mod pictures;
pub mod providers;
pub(crate) mod sending;
pub mod store;
pub(crate) mod trials;
mod web;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::app::AppSlot;
use passerelle_web::stored::KeptEntry;

use crate::delivery::sender::Sender;

pub use composing::write_and_approve;
pub use sending::root as recipients_root;

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry, sender: Arc<Sender>) {
    let slot = AppSlot::default();
    r.add(web::routes())
        .add(web::nav())
        .add(slot.clone())
        .add(JobEntry {
            kind: sending::SEND,
            handler: Arc::new(sending::SendCampaign {
                slot,
                sender: sender.clone(),
            }),
        })
        .add(JobEntry {
            kind: trials::SEND,
            handler: Arc::new(trials::SendTrial { sender }),
        })
        .add(FactKind(commands::APPROVED))
        .add(FactKind(commands::FINISHED))
        .add(KeptEntry(Arc::new(pictures::Pictures)));
}

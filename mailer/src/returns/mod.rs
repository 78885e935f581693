//! What comes back: bounces, complaints, answers, and readers who stop by mail.
//!
//! It comes by three doors, each optional: a mailbox read by IMAP, a mail server that hands it
//! over by LMTP, and a page that a relay posts it to. Whatever the door, [`take`] reads a message
//! once, believes only the tokens that we wrote in addresses and links, and does the rest in one
//! transaction. What is not ours is left for a person.

mod alarm;
mod commands;
mod doors;
pub mod model;
pub(crate) mod store;
mod taking;
mod web;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::jobs::JobEntry;
use passerelle_web::App;
use passerelle_web::app::{AppSlot, Beside};

pub(crate) use commands::{Refused, refused};
pub use doors::{DoorSettings, ImapSetting};
pub use taking::{Taken, take};
pub(crate) use web::{answers_of, contact_returns, doors_shown};

/// Registry entry: by which doors things come back.
#[derive(Clone, Debug)]
pub(crate) struct Doors(pub DoorSettings);

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry, doors: DoorSettings) {
    let slot = AppSlot::default();
    r.add(web::routes())
        .add(Doors(doors))
        .add(slot.clone())
        .add(JobEntry {
            kind: alarm::TELL,
            handler: Arc::new(alarm::Tell { slot }),
        })
        .add(Beside(Arc::new(|app, stop| {
            Box::pin(doors::keep_open(app, stop))
        })));
}

/// Reads the mailbox once, now; how many messages were ours. None when no mailbox is to be read.
///
/// # Errors
///
/// The mailbox cannot be read, in words for the administration.
pub async fn read_mailbox(app: &App) -> Option<Result<u64, String>> {
    doors::read_mailbox(app).await
}

/// Takes what a mail server hands over on that socket, until told to stop.
pub async fn receive(
    app: App,
    listener: tokio::net::TcpListener,
    stop: tokio::sync::watch::Receiver<bool>,
) {
    doors::receive(app, listener, stop).await;
}

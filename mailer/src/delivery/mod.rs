//! Delivery: one job for each mail, to a mail server, a folder or a test.
//!
//! A mail comes ready written, in the job that the deciding transaction put in
//! the outbox. Here it becomes a message, leaves, and its sending is written in
//! the journal. What cannot leave waits and is tried again, or stays failed for
//! an administrator. Who is written to, when and what is not decided here.

mod access;
mod commands;
pub(crate) mod encryption;
mod error;
mod jobs;
pub(crate) mod message;
mod model;
mod queries;
pub(crate) mod sender;
mod store;
pub(crate) mod transport;
mod web;

use std::sync::Arc;

use passerelle_kernel::Registry;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::FactKind;
use passerelle_web::mail::DELIVER;
use passerelle_web::{App, Lang};
use serde_json::json;

pub use access::{HomeSpace, ReadOutbox, RetryMail};
pub use error::DeliveryError;
pub use model::{Failure, mask_address};
pub(crate) use model::{mask_text, recipient_hash};
pub(crate) use sender::SenderEntry;
pub(crate) use store::space_of;
pub use transport::{MemoryOutbox, SentMail, TransportSetting};

use passerelle_post::Signer;
use sender::Sender;

use crate::returns::DoorSettings;

/// Kind of the fact that a mail was taken by the mail server.
pub const DELIVERED: &str = "mail.delivered.v1";
/// Kind of the fact that a person asked for a failed mail to be tried again.
pub const RETRIED: &str = "mail.retried.v1";

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailerSettings {
    /// By what.
    pub transport: TransportSetting,
    /// Address of the sender; its domain makes the Message-IDs.
    pub from_address: String,
    /// Mailbox that bounces come back to, lengthened by `+` and a token; that of the sender when
    /// none, and then nothing is read from it.
    pub return_address: Option<String>,
    /// By which doors what comes back is read.
    pub doors: DoorSettings,
    /// Who signs messages, when they are signed here (a relay may do it instead).
    pub signer: Option<Arc<Signer>>,
    /// Connections at most for one campaign.
    pub connections: usize,
    /// Mails a second at most for one campaign; none for as many as the server takes.
    pub per_second: Option<u32>,
}

impl MailerSettings {
    /// With that transport and that sender, unsigned.
    pub fn new(transport: TransportSetting, from_address: impl Into<String>) -> Self {
        Self {
            transport,
            from_address: from_address.into(),
            return_address: None,
            doors: DoorSettings::default(),
            signer: None,
            connections: 4,
            per_second: None,
        }
    }
}

/// The slice, with its settings checked.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) sender: Arc<Sender>,
    folder: Option<web::Mailbox>,
}

impl Delivery {
    pub(crate) fn new(settings: &MailerSettings) -> Result<Self, DeliveryError> {
        let folder = match &settings.transport {
            TransportSetting::Folder(path) => Some(web::Mailbox(path.clone())),
            _ => None,
        };
        Ok(Self {
            sender: Arc::new(Sender::new(settings)?),
            folder,
        })
    }

    pub(crate) fn register(&self, r: &mut Registry) {
        r.add(JobEntry {
            kind: DELIVER,
            handler: Arc::new(jobs::Deliver::new(self.sender.clone())),
        })
        .add(SenderEntry(self.sender.clone()))
        .add(FactKind(DELIVERED))
        .add(FactKind(RETRIED))
        .add(web::routes())
        .add(web::nav());
        if let Some(folder) = &self.folder {
            r.add(folder.clone());
        }
    }
}

/// Sends one mail to `to` at once, outside the queue, to try `settings`.
/// Returns its Message-ID once the mail server, or the folder, has taken it.
pub async fn send_test(
    app: &App,
    settings: &MailerSettings,
    to: &str,
    lang: Lang,
) -> Result<String, DeliveryError> {
    let sender = Sender::new(settings)?;
    let recipient = passerelle_web::mail::Recipient {
        email: to,
        name: "",
        lang,
    };
    let mail = app
        .write_mail(
            "mailer/delivery/mail/test",
            recipient,
            "Passerelle",
            json!({}),
            "Europe/Paris",
        )
        .map_err(|error| DeliveryError::Message(error.to_string()))?;
    sender.send(&mail, None, app.env().now()).await
}

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

use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Micros, Registry};
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
pub use web::NamesSource;

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
    /// How many may leave in a time, all campaigns together.
    pub limits: Limits,
}

/// How many messages of campaigns may leave in a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// So many in so long, whenever one looks.
    pub window: Option<(u32, Micros)>,
    /// First instant of the plan of a new sending address: few a day, then more.
    pub warm_up: Option<Micros>,
}

impl Limits {
    /// Whether nothing is limited.
    pub(crate) fn is_none(&self) -> bool {
        self.window.is_none() && self.warm_up.is_none()
    }

    /// From `2000/1h` (`s`, `m`, `h` or `d`) and a day, `2026-12-01`; empty for no limit.
    ///
    /// # Errors
    ///
    /// Either is badly written.
    pub fn parse(window: &str, first_day: &str) -> Result<Self, DeliveryError> {
        let wrong = || DeliveryError::Settings("mail_window is a number and a time: 2000/1h");
        let window = match window.split_once('/') {
            None if window.is_empty() => None,
            None => return Err(wrong()),
            Some((most, length)) => {
                let most = most.trim().parse().ok().filter(|most| *most > 0);
                let length: jiff::SignedDuration = length.trim().parse().map_err(|_| wrong())?;
                let length = i64::try_from(length.as_micros()).ok().filter(|n| *n > 0);
                Some(most.zip(length).ok_or_else(wrong)?)
            }
        };
        let warm_up = match first_day {
            "" => None,
            day => {
                let day: jiff::civil::Date = day
                    .parse()
                    .map_err(|_| DeliveryError::Settings("mail_warm_up is a day: 2026-12-01"))?;
                let at = day.to_zoned(jiff::tz::TimeZone::UTC);
                let at = at.map_err(|_| DeliveryError::Settings("mail_warm_up is a day"))?;
                Some(at.timestamp().as_microsecond())
            }
        };
        Ok(Self { window, warm_up })
    }
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
            limits: Limits::default(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use passerelle_kernel::env::HOUR;

    #[test]
    fn limits_are_a_number_in_a_time_and_a_first_day() {
        let limits = Limits::parse("2000/1h", "2026-12-01").expect("limits");
        assert_eq!(limits.window, Some((2_000, HOUR)));
        assert_eq!(limits.warm_up, Some(1_796_083_200_000_000));
        assert_eq!(Limits::parse("", "").expect("none"), Limits::default());
        for (window, day) in [
            ("2000", ""),
            ("0/1h", ""),
            ("a/1h", ""),
            ("5/", ""),
            ("5/-1h", ""),
            ("", "demain"),
        ] {
            assert!(Limits::parse(window, day).is_err(), "{window} {day}");
        }
    }
}

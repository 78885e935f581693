//! Mail that leaves the server.
//!
//! One slice for now: [`delivery`], which takes the mails that other plugins put
//! in the outbox and hands them to a mail server, a folder or a test. It writes
//! no mail of its own but the one that tries the settings, and it keeps no list
//! of addresses.

pub mod delivery;

use passerelle_kernel::{Plugin, Registry};
use passerelle_web::assets::{Embedded, Locales, Views};
use rust_embed::RustEmbed;

pub use delivery::{
    DeliveryError, MailerSettings, MemoryOutbox, SentMail, TransportSetting, send_test,
};

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

/// The plugin that delivers mail.
#[derive(Debug)]
pub struct MailerPlugin {
    delivery: delivery::Delivery,
}

impl MailerPlugin {
    /// With these settings; an error when the sender's address or the server's
    /// cannot be used. Nothing is opened before the first mail.
    pub fn new(settings: &MailerSettings) -> Result<Self, DeliveryError> {
        Ok(Self {
            delivery: delivery::Delivery::new(settings)?,
        })
    }
}

impl Plugin for MailerPlugin {
    fn name(&self) -> &'static str {
        "mailer"
    }

    fn register(&self, r: &mut Registry) {
        r.add(Views(Embedded::of::<ViewFiles>("mailer")))
            .add(Locales(Embedded::of::<LocaleFiles>("mailer")));
        self.delivery.register(r);
    }
}

//! Mail: what leaves the server, and who receives it.
//!
//! [`delivery`] takes the mails that other plugins put in the outbox and hands them to a mail
//! server, a folder or a test. [`audience`] keeps contacts, lists and segments; [`campaigns`]
//! writes bulletins and sends them to thousands, one row each, surviving any interruption;
//! [`returns`] reads what comes back. [`discussions`] lets members of a list write to each
//! other. [`watch`] finds what is new elsewhere and tells it. [`terms`] forgets what is kept for a
//! while only.

pub mod audience;
pub mod campaigns;
pub mod counting;
pub mod delivery;
pub mod discussions;
mod files;
mod folding;
mod framing;
pub mod links;
mod readers;
pub mod returns;
pub mod terms;
pub mod watch;

use std::path::Path;
use std::sync::Arc;

use passerelle_kernel::{Plugin, Registry, secret};
use passerelle_post::Signer;
use passerelle_web::assets::{Embedded, Locales, Views};
use rust_embed::RustEmbed;

pub use passerelle_bulletin::{Block, Kind};

pub use delivery::{
    DeliveryError, Limits, MailerSettings, MemoryOutbox, NamesSource, SentMail, TransportSetting,
    send_test,
};

#[derive(RustEmbed)]
#[folder = "src/"]
#[include = "*.hbs"]
struct ViewFiles;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct LocaleFiles;

/// The signer whose key is in `file`, made when there is no such file. The folder exists.
///
/// # Errors
///
/// The file cannot be read or written, or holds no key.
pub fn signer(file: &Path, domain: &str, selector: &str) -> Result<Arc<Signer>, DeliveryError> {
    let wrong = |_| DeliveryError::Settings("the key that signs mail cannot be read or written");
    let pem = match std::fs::read_to_string(file) {
        Ok(pem) => pem,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let pem = passerelle_post::generate_key()
                .map_err(|_| DeliveryError::Settings("the key that signs mail cannot be made"))?;
            secret::write(file, &pem).map_err(wrong)?;
            pem
        }
        Err(error) => return Err(wrong(error)),
    };
    let signer = Signer::new(&pem, domain, selector).map_err(|_| {
        DeliveryError::Settings("the DKIM key, its selector or the sender's domain cannot be used")
    })?;
    Ok(Arc::new(signer))
}

/// The plugin that delivers mail.
#[derive(Debug)]
pub struct MailerPlugin {
    delivery: delivery::Delivery,
    doors: returns::DoorSettings,
}

impl MailerPlugin {
    /// With these settings; an error when the sender's address or the server's
    /// cannot be used. Nothing is opened before the first mail.
    pub fn new(settings: &MailerSettings) -> Result<Self, DeliveryError> {
        Ok(Self {
            delivery: delivery::Delivery::new(settings)?,
            doors: settings.doors.clone(),
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
        audience::register(r);
        readers::register(r);
        campaigns::register(r, self.delivery.sender.clone());
        returns::register(r, self.doors.clone());
        watch::register(r);
        counting::register(r);
        discussions::register(r, &self.delivery.sender);
        terms::register(r);
        folding::register(r);
    }
}

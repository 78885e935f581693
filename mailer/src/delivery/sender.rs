//! Sends one mail: builds the message and hands it to the transport.

use std::sync::Arc;

use lettre::Address;
use passerelle_kernel::Micros;
use passerelle_web::mail::Mail;

use super::error::DeliveryError;
use super::transport::Transport;
use super::{MailerSettings, message};

/// The transport and the sender's address.
pub(super) struct Sender {
    transport: Arc<dyn Transport>,
    from: Address,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("domain", &self.from.domain())
            .finish_non_exhaustive()
    }
}

impl Sender {
    pub(super) fn new(settings: &MailerSettings) -> Result<Self, DeliveryError> {
        let from = message::address(&settings.from_address)
            .map_err(|_| DeliveryError::Settings("the address of the sender is not an address"))?;
        Ok(Self {
            transport: settings.transport.open(from.domain())?,
            from,
        })
    }

    /// Sends it; returns its Message-ID once it has been taken.
    pub(super) async fn send(&self, mail: &Mail, now: Micros) -> Result<String, DeliveryError> {
        let built = message::build(mail, &self.from, now)?;
        self.transport.deliver(mail, &built).await?;
        Ok(built.message_id)
    }
}

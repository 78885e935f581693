//! Sends mail: builds the message, signs it and hands it to the transport.

use std::sync::Arc;

use lettre::Address;
use passerelle_kernel::Micros;
use passerelle_post::Signer;
use passerelle_web::mail::Mail;

use super::error::DeliveryError;
use super::message::{Built, Letter};
use super::transport::{Lane, Transport};
use super::{Limits, MailerSettings, message};
use crate::links::Links;

/// Registry entry: by what mail leaves, for slices that send many.
#[derive(Clone, Debug)]
pub(crate) struct SenderEntry(pub Arc<Sender>);

/// The transport, the sender's address and its signature.
pub(crate) struct Sender {
    transport: Arc<dyn Transport>,
    from: Address,
    returns_to: Option<Address>,
    is_listened: bool,
    signer: Option<Arc<Signer>>,
    /// Connections at most for a campaign.
    pub(crate) connections: usize,
    /// Mails a second at most for a campaign.
    pub(crate) per_second: Option<u32>,
    /// How many may leave in a time.
    pub(crate) limits: Limits,
    relay: Option<String>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("domain", &self.from.domain())
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

impl Sender {
    pub(super) fn new(settings: &MailerSettings) -> Result<Self, DeliveryError> {
        let from = message::own_address(&settings.from_address)
            .map_err(|_| DeliveryError::Settings("the address of the sender is not an address"))?;
        let returns_to = settings
            .return_address
            .as_deref()
            .map(message::own_address)
            .transpose()
            .map_err(|_| DeliveryError::Settings("the address of bounces is not an address"))?;
        Ok(Self {
            transport: settings.transport.open(from.domain())?,
            from,
            returns_to,
            is_listened: settings.doors.imap.is_some() || settings.doors.lmtp.is_some(),
            signer: settings.signer.clone(),
            connections: settings.connections.clamp(1, 100),
            per_second: settings.per_second,
            limits: settings.limits,
            relay: settings.transport.relay(),
        })
    }

    /// The sender's address.
    pub(crate) fn from(&self) -> &Address {
        &self.from
    }

    /// The mailbox that bounces come back to, before a token is added to it.
    pub(crate) fn returns_to(&self) -> Option<&Address> {
        self.returns_to.as_ref()
    }

    /// Whether what is written to that mailbox is read here.
    pub(crate) fn is_listened(&self) -> bool {
        self.is_listened
    }

    /// The name of the server that delivers in our place; none when it is on this machine, or when
    /// mail goes nowhere.
    pub(crate) fn relay(&self) -> Option<&str> {
        self.relay.as_deref()
    }

    /// Who signs.
    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.signer.as_deref()
    }

    /// A way for many messages, one after another.
    pub(crate) fn lane(&self) -> Box<dyn Lane> {
        self.transport.lane()
    }

    /// A message written and signed.
    pub(crate) fn prepare(&self, letter: &Letter<'_>) -> Result<Built, DeliveryError> {
        self.sign(message::write(letter)?)
    }

    fn sign(&self, mut built: Built) -> Result<Built, DeliveryError> {
        if let Some(signer) = &self.signer {
            built.bytes = signer
                .sign(&built.bytes)
                .map_err(|error| DeliveryError::Message(error.to_string()))?;
        }
        Ok(built)
    }

    /// Sends one mail; returns its Message-ID once it has been taken. With links, what comes back
    /// of it can be told from the rest.
    pub(crate) async fn send(
        &self,
        mail: &Mail,
        links: Option<&Links>,
        now: Micros,
    ) -> Result<String, DeliveryError> {
        let returns_to = self.returns_to.as_ref().map(|mailbox| {
            let lengthened =
                links.and_then(|links| links.mail_returns_to(mailbox.as_ref(), mail.id));
            let lengthened = lengthened.as_deref().map(message::own_address);
            lengthened.unwrap_or_else(|| Ok(mailbox.clone()))
        });
        let built = message::build(mail, &self.from, returns_to.transpose()?, now)?;
        let built = self.sign(built)?;
        self.transport.deliver(&built).await?;
        Ok(built.message_id)
    }
}

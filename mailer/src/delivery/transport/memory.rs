//! Keeps mails in memory, for tests.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use passerelle_web::mail::Mail;

use super::Transport;
use crate::delivery::error::DeliveryError;
use crate::delivery::message::Built;

/// A mail that left in a test.
#[derive(Clone, Debug)]
pub struct SentMail {
    /// As it was put in the outbox.
    pub mail: Mail,
    /// Its Message-ID, with angle brackets.
    pub message_id: String,
    /// The message, as a mail server would have received it.
    pub bytes: Vec<u8>,
}

/// Where the mails of a test go; clones share the same mails.
#[derive(Clone, Debug, Default)]
pub struct MemoryOutbox(Arc<Mutex<Vec<SentMail>>>);

impl MemoryOutbox {
    /// What has left, first the oldest.
    pub fn sent(&self) -> Vec<SentMail> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl Transport for MemoryOutbox {
    async fn deliver(&self, mail: &Mail, message: &Built) -> Result<(), DeliveryError> {
        let sent = SentMail {
            mail: mail.clone(),
            message_id: message.message_id.clone(),
            bytes: message.bytes.clone(),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sent);
        Ok(())
    }
}

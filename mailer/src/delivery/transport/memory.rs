//! Keeps mails in memory, for tests.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{Lane, Transport};
use crate::delivery::error::DeliveryError;
use crate::delivery::message::Built;

/// A mail that left in a test.
#[derive(Clone, Debug)]
pub struct SentMail {
    /// Whom it went to.
    pub to: String,
    /// Where bounces would come back.
    pub returns_to: String,
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

impl MemoryOutbox {
    fn keep(&self, message: &Built) {
        let sent = SentMail {
            to: message.recipient(),
            returns_to: message
                .envelope
                .from()
                .map(ToString::to_string)
                .unwrap_or_default(),
            message_id: message.message_id.clone(),
            bytes: message.bytes.clone(),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sent);
    }
}

#[async_trait]
impl Transport for MemoryOutbox {
    async fn deliver(&self, message: &Built) -> Result<(), DeliveryError> {
        self.keep(message);
        Ok(())
    }

    fn lane(&self) -> Box<dyn Lane> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Lane for MemoryOutbox {
    async fn deliver(&mut self, message: &Built) -> Result<(), DeliveryError> {
        self.keep(message);
        Ok(())
    }
}

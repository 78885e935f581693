//! Why a mail did not leave, and whether it may leave later.

use passerelle_kernel::jobs::JobError;
use passerelle_returns::{Severity, severity_of_reply};

use super::model::Failure;

/// Why a mail did not leave. No text here names a whole address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The settings cannot be used.
    #[error("mail settings: {0}")]
    Settings(&'static str),
    /// The recipient's address cannot be written to.
    #[error("the address cannot be written to")]
    Address,
    /// No message can be made of the mail.
    #[error("{0}")]
    Message(String),
    /// The server refused for good: a 5xx reply.
    #[error("{0}")]
    Refused(String),
    /// The server asks to come back later: a 4xx reply.
    #[error("{0}")]
    Deferred(String),
    /// The server did not accept our credentials, or asks for some.
    #[error("{0}")]
    Credentials(String),
    /// No usable answer: network, name, encryption, timeout.
    #[error("{0}")]
    Unreachable(String),
    /// The connection was lost once the message had been handed over and before the answer: the
    /// server may have taken it (RFC 1047).
    #[error("{0}")]
    InDoubt(String),
    /// The file could not be written.
    #[error("{0}")]
    Folder(String),
}

impl DeliveryError {
    /// Stable word for it, as stored with a failed job.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Settings(_) => "settings",
            Self::Address => "address",
            Self::Message(_) => "message",
            Self::Refused(_) => "refused",
            Self::Deferred(_) => "deferred",
            Self::Credentials(_) => "credentials",
            Self::Unreachable(_) | Self::InDoubt(_) => "unreachable",
            Self::Folder(_) => "folder",
        }
    }

    /// Whether a server refused us, not the recipient nor the message.
    pub(crate) fn is_about_us(&self) -> bool {
        match self {
            Self::Refused(said) | Self::Deferred(said) => {
                severity_of_reply(said) == Severity::Sender
            }
            _ => false,
        }
    }

    /// Whether trying again cannot help. Refused credentials are 5xx replies
    /// too, but it is our configuration that they refuse, not the mail.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Address | Self::Message(_) | Self::Refused(_))
    }

    /// The end of a run that was to write to `recipient`, already masked.
    pub(super) fn into_job_error(self, recipient: String) -> JobError {
        let text = Failure {
            code: self.code().to_owned(),
            recipient,
            detail: self.to_string(),
        }
        .to_string();
        if self.is_final() {
            JobError::Fatal(text)
        } else {
            JobError::Retry(text)
        }
    }
}

//! By what mail leaves: a mail server, a folder, or the memory of a test.

mod folder;
mod memory;
mod smtp;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;

use super::error::DeliveryError;
use super::message::Built;

pub use memory::{MemoryOutbox, SentMail};

pub(super) use folder::{is_file_name, list as list_folder};

/// Takes messages; what it took is its responsibility.
#[async_trait]
pub(crate) trait Transport: Send + Sync {
    /// Hands over one message.
    async fn deliver(&self, message: &Built) -> Result<(), DeliveryError>;
    /// A way for many, one after another; opened by the first.
    fn lane(&self) -> Box<dyn Lane>;
}

/// A way for many messages, one after another: a connection that is kept.
#[async_trait]
pub(crate) trait Lane: Send {
    /// Hands over one message. After a failure the next one begins afresh.
    async fn deliver(&mut self, message: &Built) -> Result<(), DeliveryError>;
    /// Takes leave politely.
    async fn close(&mut self) {}
}

/// Which transport.
#[derive(Clone)]
pub enum TransportSetting {
    /// A mail server: `smtp://…` or `smtps://…`, with `user:password@` when it
    /// asks for them. `smtps` is encrypted from the first byte (port 465);
    /// `smtp` takes `?tls=required` or `?tls=opportunistic` (STARTTLS, port
    /// 587), and none for a server on the same machine or network (port 25).
    /// A path, `/name`, is the name we give ourselves.
    Smtp(String),
    /// A folder: one `.eml` file for each mail.
    Folder(PathBuf),
    /// Nowhere; for tests.
    Memory(MemoryOutbox),
}

impl std::fmt::Debug for TransportSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // The address may hold a password.
            Self::Smtp(_) => f.write_str("Smtp"),
            Self::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            Self::Memory(_) => f.write_str("Memory"),
        }
    }
}

impl FromStr for TransportSetting {
    type Err = DeliveryError;

    /// `smtp://…`, `smtps://…` or `folder:PATH`.
    fn from_str(text: &str) -> Result<Self, DeliveryError> {
        match text.split_once(':') {
            Some(("smtp" | "smtps", _)) => Ok(Self::Smtp(text.to_owned())),
            Some(("folder", path)) if !path.is_empty() => Ok(Self::Folder(PathBuf::from(path))),
            _ => Err(DeliveryError::Settings(
                "the transport is smtp://…, smtps://… or folder:PATH",
            )),
        }
    }
}

impl TransportSetting {
    /// Whether it can be used, as far as its text tells: nothing is opened.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), DeliveryError> {
        self.open("localhost").map(drop)
    }

    /// Tries the way out without sending anything: connects to the mail server, encrypts and signs in
    /// as it would for a mail, or looks whether the folder takes files. What was done, for people.
    ///
    /// # Errors
    ///
    /// Where it ended and why, without any secret.
    pub async fn try_out(&self, domain: &str) -> Result<String, String> {
        match self {
            Self::Smtp(url) => {
                let tried = smtp::try_out(url, domain).await;
                let tried = tried.map_err(|error| error.to_string())?;
                match tried.result {
                    Ok(done) => Ok(format!("{} ({done})", tried.at)),
                    Err((step, error)) => Err(format!("{}, {}: {error}", tried.at, step.name())),
                }
            }
            Self::Folder(path) => {
                let shown = path.display();
                if path.is_dir() {
                    let file = tempfile::Builder::new().prefix(".").tempfile_in(path);
                    file.map_err(|error| format!("{shown}: {error}"))?;
                }
                Ok(format!("{shown} (a folder: no mail leaves)"))
            }
            Self::Memory(_) => Ok("memory".to_owned()),
        }
    }

    /// The name of the mail server, when it is not on this machine.
    pub(super) fn relay(&self) -> Option<String> {
        let Self::Smtp(url) = self else { return None };
        let url = url::Url::parse(url).ok()?;
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        let is_name = host.parse::<std::net::IpAddr>().is_err() && host != "localhost";
        is_name.then_some(host)
    }

    /// The transport, not yet connected; `domain` is the sender's.
    pub(super) fn open(&self, domain: &str) -> Result<Arc<dyn Transport>, DeliveryError> {
        Ok(match self {
            Self::Smtp(url) => Arc::new(smtp::Smtp::new(url, domain)?),
            Self::Folder(path) => Arc::new(folder::Folder::new(path.clone())),
            Self::Memory(outbox) => Arc::new(outbox.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_is_told_by_the_beginning_of_its_address() {
        assert!(matches!(
            "smtps://mail.exemple.fr".parse(),
            Ok(TransportSetting::Smtp(_))
        ));
        assert!(
            matches!("folder:/tmp/mail".parse(), Ok(TransportSetting::Folder(p)) if p.ends_with("tmp/mail"))
        );
        for wrong in ["", "folder:", "mail.exemple.fr", "http://exemple.fr"] {
            assert!(wrong.parse::<TransportSetting>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_not_shown_with_the_settings() {
        let setting = TransportSetting::Smtp("smtps://moi:secret@mail.exemple.fr".to_owned());
        assert!(!format!("{setting:?}").contains("secret"));
    }
}

//! One connection for many messages, one after another.
//!
//! A pool asks the server whether it is still there before each message; here the next message is
//! that question, and a connection that has failed is opened again.

use std::sync::Arc;

use async_trait::async_trait;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use url::Url;

use super::{TIMEOUT, classify, in_time};
use crate::delivery::encryption::{Encrypted, encrypted};
use crate::delivery::error::DeliveryError;
use crate::delivery::message::Built;
use crate::delivery::transport::Lane;

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// Not at all.
    None,
    /// When the server offers it.
    Opportunistic,
    /// After a word in clear (STARTTLS).
    Required,
    /// From the first byte.
    Whole,
}

/// Where a mail server is, and who we are for it; its address was checked before.
#[derive(Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Arc<Credentials>>,
    /// The name that we give ourselves.
    pub(super) hello: ClientId,
}

impl Server {
    pub(super) fn read(url: &Url, domain: &str) -> Self {
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let (security, port) = match (url.scheme(), tls.as_ref().map(|(_, v)| v.as_ref())) {
            ("smtps", _) => (Security::Whole, 465),
            (_, Some("required")) => (Security::Required, 587),
            (_, Some(_)) => (Security::Opportunistic, 587),
            (_, None) => (Security::None, 25),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = url
            .password()
            .map(|password| Arc::new(Credentials::new(decoded(url.username()), decoded(password))));
        let name = url.path().trim_matches('/');
        let name = if name.is_empty() { domain } else { name };
        let host = url.host_str().unwrap_or_default();
        Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            security,
            credentials,
            hello: ClientId::Domain(name.to_owned()),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, DeliveryError> {
        self.connect_by_steps(&mut Step::Connect).await
    }

    /// Connects, says who we are, encrypts and signs in, as for a message, and takes leave.
    pub(super) async fn try_out(&self) -> Tried {
        let mut step = Step::Connect;
        let at = format!("{}:{}", self.host, self.port);
        let opening = tokio::time::timeout(2 * TIMEOUT, self.connect_by_steps(&mut step)).await;
        let result = match opening {
            Ok(Ok(mut connection)) => {
                let _ = tokio::time::timeout(TIMEOUT, connection.quit()).await;
                Ok(self.what_was_done(step))
            }
            Ok(Err(error)) => Err((step, error)),
            Err(_) => Err((
                step,
                DeliveryError::Unreachable("no answer in time".to_owned()),
            )),
        };
        Tried { at, result }
    }

    fn what_was_done(&self, last: Step) -> String {
        let encrypted = match self.security {
            Security::Whole => "TLS, EHLO",
            Security::Required => "EHLO, STARTTLS",
            Security::Opportunistic if last.is_encrypted() => "EHLO, STARTTLS",
            Security::Opportunistic | Security::None => "EHLO, not encrypted",
        };
        let signed = match self.credentials {
            Some(_) => ", AUTH",
            None => "",
        };
        format!("{encrypted}{signed}")
    }

    async fn connect_by_steps(
        &self,
        step: &mut Step,
    ) -> Result<AsyncSmtpConnection, DeliveryError> {
        let wrong = |error: Error| classify(&error, "");
        let away = |error: std::io::Error| DeliveryError::Unreachable(error.to_string());
        let at = (self.host.as_str(), self.port);
        let stream = TcpStream::connect(at).await.map_err(away)?;
        // The end of a message is a small piece of its own: held back until the piece before is
        // acknowledged, it would cost 40 ms each time.
        stream.set_nodelay(true).map_err(away)?;
        let stream: Box<dyn AsyncTokioStream> = if self.security == Security::Whole {
            *step = Step::Tls;
            let stream = encrypted(stream, &self.host).await.map_err(away)?;
            Box::new(Encrypted(stream))
        } else {
            Box::new(stream)
        };
        *step = Step::Hello;
        let connection = AsyncSmtpConnection::connect_with_transport(stream, &self.hello);
        let mut connection = connection.await.map_err(wrong)?;
        if self.security == Security::Required
            || (self.security == Security::Opportunistic && connection.can_starttls())
        {
            *step = Step::StartTls;
            let tls = TlsParameters::new(self.host.clone()).map_err(wrong)?;
            connection.starttls(tls, &self.hello).await.map_err(wrong)?;
        }
        if let Some(credentials) = &self.credentials {
            *step = match *step {
                Step::StartTls => Step::AuthEncrypted,
                _ => Step::Auth,
            };
            let known = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            known.map_err(wrong)?;
        }
        Ok(connection)
    }
}

/// How far an opening connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::delivery) enum Step {
    Connect,
    Tls,
    Hello,
    StartTls,
    Auth,
    /// After STARTTLS.
    AuthEncrypted,
}

impl Step {
    fn is_encrypted(self) -> bool {
        matches!(self, Self::StartTls | Self::AuthEncrypted)
    }

    /// What was being done, as the protocol calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Tls => "TLS",
            Self::Hello => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth | Self::AuthEncrypted => "AUTH",
        }
    }
}

/// What became of trying a mail server out.
pub(in crate::delivery) struct Tried {
    /// Where it is.
    pub at: String,
    /// What was done, or where it ended.
    pub result: Result<String, (Step, DeliveryError)>,
}

/// A connection, opened by the first message.
pub(super) struct Connection {
    server: Server,
    open: Option<AsyncSmtpConnection>,
}

impl Connection {
    pub(super) fn new(server: Server) -> Self {
        Self { server, open: None }
    }
}

#[async_trait]
impl Lane for Connection {
    async fn deliver(&mut self, message: &Built) -> Result<(), DeliveryError> {
        let mut connection = match self.open.take() {
            Some(connection) => connection,
            None => tokio::time::timeout(2 * TIMEOUT, self.server.connect())
                .await
                .map_err(|_| DeliveryError::Unreachable("no connection in time".to_owned()))??,
        };
        let sending = connection.send(&message.envelope, &message.bytes);
        let sent = in_time(message, sending).await;
        // After a refusal the library has closed it; after silence nobody knows what it would say.
        if sent.is_ok() && !connection.has_broken() {
            self.open = Some(connection);
        }
        sent
    }

    async fn close(&mut self) {
        if let Some(mut connection) = self.open.take() {
            let _ = tokio::time::timeout(TIMEOUT, connection.quit()).await;
        }
    }
}

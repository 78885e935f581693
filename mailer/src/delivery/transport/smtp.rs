//! A mail server, by SMTP (RFC 5321), with a few connections kept open.

mod lane;

use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use url::Url;

use super::{Lane, Transport};
use crate::delivery::error::DeliveryError;
use crate::delivery::message::Built;
use crate::delivery::model::mask_text;

use lane::Server;

/// Longest wait for a connection or an answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest time for one mail, all answers together.
const WHOLE_TIMEOUT: Duration = Duration::from_mins(2);
/// Connections at most at a time.
const CONNECTIONS: u32 = 4;

/// A mail server.
pub(super) struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    server: Server,
    /// Made by the first mail: it starts a task, which needs the runtime.
    pool: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
}

impl Smtp {
    pub(super) fn new(address: &str, domain: &str) -> Result<Self, DeliveryError> {
        let url = check(address)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)
            .map_err(|_| DeliveryError::Settings("the address of the mail server cannot be used"))?
            .timeout(Some(TIMEOUT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        let server = Server::read(&url, domain);
        if url.path().trim_matches('/').is_empty() {
            builder = builder.hello_name(server.hello.clone());
        }
        Ok(Self {
            builder,
            server,
            pool: OnceLock::new(),
        })
    }
}

/// Tries a mail server out, without a message.
pub(super) async fn try_out(address: &str, domain: &str) -> Result<lane::Tried, DeliveryError> {
    let url = check(address)?;
    Ok(Server::read(&url, domain).try_out().await)
}

/// What the address must be beyond what lettre asks.
fn check(address: &str) -> Result<Url, DeliveryError> {
    let wrong = DeliveryError::Settings;
    let url = Url::parse(address)
        .map_err(|_| wrong("the address of the mail server is not an address"))?;
    let tls = url
        .query_pairs()
        .find(|(name, _)| name == "tls")
        .map(|(_, value)| value.into_owned());
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) | ("smtp", None | Some("required" | "opportunistic")) => {}
        ("smtp" | "smtps", _) => {
            return Err(wrong("tls is required or opportunistic, with smtp:// only"));
        }
        _ => {
            return Err(wrong(
                "the address of the mail server begins with smtp:// or smtps://",
            ));
        }
    }
    // `smtp:` is no scheme that URLs know: an address such as 127.0.0.1 is text there.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    if host.is_empty() {
        return Err(wrong("the address of the mail server lacks its name"));
    }
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    if url.password().is_none() && !url.username().is_empty() {
        return Err(wrong(
            "the address of the mail server has a user and no password",
        ));
    }
    if url.password().is_some()
        && url.scheme() == "smtp"
        && tls.as_deref() != Some("required")
        && !loopback
    {
        return Err(wrong(
            "a password is only sent encrypted: use smtps:// or ?tls=required",
        ));
    }
    Ok(url)
}

#[async_trait]
impl Transport for Smtp {
    async fn deliver(&self, message: &Built) -> Result<(), DeliveryError> {
        let pool = self.pool.get_or_init(|| self.builder.clone().build());
        let sending = pool.send_raw(&message.envelope, &message.bytes);
        in_time(message, sending).await
    }

    fn lane(&self) -> Box<dyn Lane> {
        Box::new(lane::Connection::new(self.server.clone()))
    }
}

/// Waits for the answer to one message, not for ever.
async fn in_time<T>(
    message: &Built,
    sending: impl Future<Output = Result<T, Error>>,
) -> Result<(), DeliveryError> {
    match tokio::time::timeout(WHOLE_TIMEOUT, sending).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(classify(&error, &message.recipient())),
        Err(_) => Err(DeliveryError::Unreachable(
            "the mail server took too long".to_owned(),
        )),
    }
}

fn classify(error: &Error, recipient: &str) -> DeliveryError {
    let detail = mask_text(&error.to_string(), recipient);
    let code = error.status().map(u16::from);
    match code {
        // RFC 4954, section 6.
        Some(530 | 534 | 535 | 538) => DeliveryError::Credentials(detail),
        Some(_) if error.is_permanent() => DeliveryError::Refused(detail),
        Some(_) => DeliveryError::Deferred(detail),
        // Refused before it left: an address in other letters, and a server that takes none (RFC 6531).
        None if error.is_client() && !recipient.is_ascii() => DeliveryError::Refused(detail),
        None => DeliveryError::Unreachable(detail),
    }
}

#[cfg(test)]
mod tests;

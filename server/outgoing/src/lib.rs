//! Requests that leave the server: bounded in size and time, never redirected, never to a
//! private address, never through a proxy that the environment names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use url::{Host, Url};

/// How long a request may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a request did not bring its answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// Not https.
    #[error("the address is not secure (https)")]
    NotSecure,
    /// Loopback, private network, link-local, multicast…
    #[error("the address is private")]
    Private,
    /// No answer.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// Another status than a success; redirections are not followed.
    #[error("the answer has status {0}")]
    Status(u16),
    /// More bytes than expected of anything honest.
    #[error("the answer is too large")]
    TooLarge,
}

impl OutgoingError {
    /// A stable word, by which others tell it in the language of whoever reads.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSecure => "not-secure",
            Self::Private => "private",
            Self::Unreachable(_) => "unreachable",
            Self::Status(_) => "status",
            Self::TooLarge => "too-large",
        }
    }
}

/// What is posted.
#[derive(Clone, Debug)]
pub struct Body {
    /// Media type.
    pub media_type: &'static str,
    /// Text.
    pub text: String,
}

/// A service of the application: who calls other people's servers.
#[derive(Clone, Debug)]
pub struct Outgoing {
    client: Client,
    allows_private: bool,
}

impl Outgoing {
    /// With `allows_private`, other servers may be at private addresses and without encryption: for
    /// a machine where both run side by side, never for a server that others reach.
    ///
    /// # Errors
    ///
    /// The system's certificates cannot be read.
    pub fn new(allows_private: bool) -> Result<Self, String> {
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy of the environment would resolve names itself, and call what we refuse.
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .user_agent(concat!("Passerelle/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Public { allows_private }))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            allows_private,
        })
    }

    /// Whether addresses may be private and without encryption.
    pub fn allows_private(&self) -> bool {
        self.allows_private
    }

    /// The text at an address, asked with a bearer token when there is one; at most so many bytes.
    ///
    /// # Errors
    ///
    /// The address is refused, or nothing usable came.
    pub async fn get(
        &self,
        url: &Url,
        bearer: Option<&str>,
        most: usize,
    ) -> Result<String, OutgoingError> {
        let mut request = self.client.get(url.clone());
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        self.send(url, request, most).await
    }

    /// Posts a body, with a bearer token when there is one, and reads the answer.
    ///
    /// # Errors
    ///
    /// The address is refused, or nothing usable came.
    pub async fn post(
        &self,
        url: &Url,
        bearer: Option<&str>,
        body: Body,
        most: usize,
    ) -> Result<String, OutgoingError> {
        let mut request = self
            .client
            .post(url.clone())
            .header("content-type", body.media_type)
            .header("accept", "application/json")
            .body(body.text);
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        self.send(url, request, most).await
    }

    /// Sends a request that a library has written, and answers whatever status came.
    ///
    /// # Errors
    ///
    /// The address is refused, or nothing usable came.
    pub async fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        most: usize,
    ) -> Result<http::Response<Vec<u8>>, OutgoingError> {
        let request = reqwest::Request::try_from(request)
            .map_err(|error| OutgoingError::Unreachable(error.to_string()))?;
        self.check(request.url())?;
        let mut answer = self
            .client
            .execute(request)
            .await
            .map_err(|error| OutgoingError::Unreachable(root(&error)))?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut response = http::Response::new(bytes(answer, most).await?);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    async fn send(
        &self,
        url: &Url,
        request: RequestBuilder,
        most: usize,
    ) -> Result<String, OutgoingError> {
        self.check(url)?;
        let answer = request
            .send()
            .await
            .map_err(|error| OutgoingError::Unreachable(root(&error)))?;
        if !answer.status().is_success() {
            return Err(OutgoingError::Status(answer.status().as_u16()));
        }
        read(answer, most).await
    }

    /// Names are checked when they are resolved; an address that is written out is checked here.
    fn check(&self, url: &Url) -> Result<(), OutgoingError> {
        if self.allows_private {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(OutgoingError::NotSecure);
        }
        let public = match url.host() {
            Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if public {
            Ok(())
        } else {
            Err(OutgoingError::Private)
        }
    }
}

/// The first cause of an error: what is above it says where, not why.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

async fn read(answer: Response, most: usize) -> Result<String, OutgoingError> {
    text(bytes(answer, most).await?)
        .map_err(|_| OutgoingError::Unreachable("the answer is not UTF-8".to_owned()))
}

/// The text of an answer, without what no text may hold.
///
/// # Errors
///
/// It is not UTF-8.
pub fn text(bytes: Vec<u8>) -> Result<String, std::string::FromUtf8Error> {
    String::from_utf8(bytes).map(without_nul)
}

/// Without the character NUL, as it is or escaped in JSON: no database keeps it, and a name of a
/// long list is no reason to refuse the list.
fn without_nul(text: String) -> String {
    const ESCAPED: &str = "\\u0000";
    if !text.contains('\0') && !text.contains(ESCAPED) {
        return text;
    }
    let mut rest = text.as_str();
    let mut out = String::with_capacity(text.len());
    while let Some(at) = rest.find(['\0', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (kept, skipped) = if rest.starts_with('\0') {
            (0, 1)
        } else if rest.starts_with(ESCAPED) {
            (0, ESCAPED.len())
        } else {
            // A backslash and what it escapes.
            let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
            (1 + escaped, 1 + escaped)
        };
        out.push_str(&rest[..kept]);
        rest = &rest[skipped..];
    }
    out.push_str(rest);
    out
}

async fn bytes(mut answer: Response, most: usize) -> Result<Vec<u8>, OutgoingError> {
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > most => {
                return Err(OutgoingError::TooLarge);
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            // The error itself would tell the whole address, which may be a secret.
            Err(error) => return Err(OutgoingError::Unreachable(root(&error))),
        }
    }
    Ok(bytes)
}

/// Resolves names to public addresses only, so that what is checked is what is called.
struct Public {
    allows_private: bool,
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let allows_private = self.allows_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found
                .filter(|address| allows_private || is_public(address.ip()))
                .collect();
            if kept.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the internet at large (IANA special-purpose registries).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, .., seventh, eighth] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    // What carries an IPv4 address is what that address is.
    if ip.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(v4(seventh, eighth));
    }
    if first == 0x2002 {
        return is_public_v4(v4(second, third));
    }
    let special = match first {
        0x2001 => second < 0x200 || second == 0xdb8,
        0x3fff => true,
        _ => false,
    };
    // Only 2000::/3 is given out.
    (0x2000..0x4000).contains(&first) && !special
}

#[cfg(test)]
mod tests;

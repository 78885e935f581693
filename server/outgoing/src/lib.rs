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
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_called() {
        for private in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "::7f00:1",
        ] {
            assert!(!is_public(private.parse().expect(private)), "{private}");
        }
        for public in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
    }

    /// A member's name with NUL made the whole list of a platform's course fail on PostgreSQL.
    #[test]
    fn nul_is_taken_out_of_an_answer_and_nothing_else_is() {
        let taken = |text: &str| without_nul(text.to_owned());
        assert_eq!(taken(r#"{"a":"x\u0000y"}"#), r#"{"a":"xy"}"#);
        assert_eq!(taken(r#""\\\u0000""#), r#""\\""#);
        assert_eq!(taken("a\0b"), "ab");
        for same in [r#""\\u0000""#, r#""é\n\u0001\"""#, r"\", ""] {
            assert_eq!(taken(same), same);
        }
    }

    #[tokio::test]
    async fn what_is_not_secure_or_not_public_is_not_called() {
        let careful = Outgoing::new(false).expect("a client");
        let call = async |text: &str| careful.get(&Url::parse(text).expect(text), None, 10).await;
        assert_eq!(
            call("http://example.org/keys").await,
            Err(OutgoingError::NotSecure)
        );
        for private in [
            "https://127.0.0.1/keys",
            "https://[::1]/keys",
            "https://0x7f.1/keys",
            "https://2130706433/",
        ] {
            assert_eq!(
                call(private).await,
                Err(OutgoingError::Private),
                "{private}"
            );
        }
        // A name that leads home is refused when it is resolved.
        let refused = call("https://localhost/keys").await;
        let Err(OutgoingError::Unreachable(why)) = &refused else {
            panic!("{refused:?}");
        };
        assert_eq!(why, "the name has no public address");
    }

    #[tokio::test]
    async fn redirections_are_not_followed_and_answers_are_bounded() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut buffer = [0; 1024];
                let n = socket.read(&mut buffer).await.unwrap_or(0);
                let asked = String::from_utf8_lossy(&buffer[..n]).into_owned();
                let answer = if asked.starts_with("GET /moved") {
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
                } else {
                    format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{}",
                        "x".repeat(50)
                    )
                };
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        let near = Outgoing::new(true).expect("a client");
        let url =
            |path: &str| Url::parse(&format!("http://127.0.0.1:{port}{path}")).expect("an address");
        assert_eq!(
            near.get(&url("/moved"), None, 100).await,
            Err(OutgoingError::Status(302))
        );
        assert_eq!(
            near.get(&url("/"), None, 49).await,
            Err(OutgoingError::TooLarge)
        );
        assert_eq!(
            near.get(&url("/"), None, 50).await.map(|text| text.len()),
            Ok(50)
        );
    }

    /// With a proxy in the environment, names were resolved by the proxy: the guard on private
    /// addresses looked at nothing. The test runs itself once more with such an environment.
    #[tokio::test]
    async fn a_proxy_of_the_environment_is_not_used() {
        const INSIDE: &str = "PASSERELLE_TEST_PROXIED";
        if std::env::var_os(INSIDE).is_some() {
            let careful = Outgoing::new(false).expect("a client");
            let home = Url::parse("https://localhost/keys").expect("an address");
            assert_eq!(
                careful.get(&home, None, 10).await,
                Err(OutgoingError::Unreachable(
                    "the name has no public address".to_owned()
                ))
            );
            let near = Outgoing::new(true).expect("a client");
            for text in ["http://127.0.0.1:1/keys", "https://127.0.0.1:1/keys"] {
                let nobody = Url::parse(text).expect("an address");
                let refused = near.get(&nobody, None, 10).await;
                assert!(
                    matches!(refused, Err(OutgoingError::Unreachable(_))),
                    "{refused:?}"
                );
            }
            return;
        }
        let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        proxy.set_nonblocking(true).expect("a listener");
        let address = format!("http://{}", proxy.local_addr().expect("an address"));
        let this = std::env::current_exe().expect("this program");
        let mut inside = tokio::process::Command::new(this);
        inside
            .args(["--exact", "tests::a_proxy_of_the_environment_is_not_used"])
            .env(INSIDE, "1")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
            inside
                .env(name, &address)
                .env(name.to_lowercase(), &address);
        }
        let told = inside.output().await.expect("it ran");
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.success(), "{text}");
        assert!(text.contains("1 passed"), "{text}");
        let asked = proxy.accept().map(|(_, from)| from);
        assert!(asked.is_err(), "the proxy was asked: {asked:?}");
    }
}

//! Sessions of the browser: the cookie that carries the token, and where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use passerelle_kernel::env::SECOND;
use passerelle_web::serve::SESSION_COOKIE;
use passerelle_web::{App, Ctx};

use super::model::{SESSION_LIFETIME, client_key, device};
use super::password::Hasher;

/// Registry entry: how accounts work on this server.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Who hashes passwords.
    pub hasher: Hasher,
    /// Proxies of ours in front of the server, each of which adds one address to
    /// `X-Forwarded-For`; 0 when there is none, and the header is then not believed.
    pub proxies: usize,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What attempts are counted under; none when it cannot be known.
    pub key: Option<String>,
    /// Browser and system.
    pub device: String,
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let proxies = app
            .registry()
            .all::<Accounts>()
            .next()
            .map_or(0, |accounts| accounts.proxies);
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            key: place(parts, proxies),
            device: device(agent),
        })
    }
}

/// What requests from one place are counted under; none when it cannot be known.
pub fn place(parts: &Parts, proxies: usize) -> Option<String> {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    origin(&parts.headers, peer, proxies).map(client_key)
}

/// The address that a request comes from, as far as it can be believed.
fn origin(headers: &HeaderMap, peer: Option<IpAddr>, proxies: usize) -> Option<IpAddr> {
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|address| address.trim().parse().ok())
        .collect();
    if proxies > 0 {
        // Each proxy of ours adds one address at the end: what stands before them was sent by the visitor.
        return forwarded
            .len()
            .checked_sub(proxies)
            .and_then(|place| forwarded.get(place))
            .copied();
    }
    // Behind a proxy nobody told us of, everybody has its address: counting under it would lock all out.
    let hidden = !forwarded.is_empty() && peer.is_some_and(is_near);
    peer.filter(|_| !hidden)
}

/// Loopback or private: where one's own proxies are.
fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Gives the browser its session.
pub fn keep(ctx: &Ctx, mut response: Response, token: &str) -> Response {
    add(&mut response, ctx, token, SESSION_LIFETIME / SECOND);
    response
}

/// Takes the session from the browser.
pub fn forget(ctx: &Ctx, mut response: Response) -> Response {
    add(&mut response, ctx, "", 0);
    response
}

fn add(response: &mut Response, ctx: &Ctx, token: &str, seconds: i64) {
    let name = ctx.cookie_name(SESSION_COOKIE);
    // A browser drops a `__Host-` cookie that is not Secure.
    let secure = if ctx.app.settings().is_secure() || name.starts_with("__Host-") {
        "; Secure"
    } else {
        ""
    };
    let cookie =
        format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !forwarded.is_empty() {
            headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        }
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_header_is_believed_only_as_far_as_our_own_proxies_wrote_it() {
        let sent = headers("198.51.100.9, 203.0.113.7");
        assert_eq!(
            origin(&sent, Some(ip("10.0.0.2")), 1),
            Some(ip("203.0.113.7"))
        );
        assert_eq!(
            origin(&sent, Some(ip("192.0.2.1")), 0),
            Some(ip("192.0.2.1"))
        );
        assert_eq!(origin(&headers(""), Some(ip("10.0.0.2")), 1), None);
    }

    #[test]
    fn a_proxy_nobody_told_us_of_does_not_lock_everybody_out() {
        assert_eq!(
            origin(&headers("203.0.113.7"), Some(ip("127.0.0.1")), 0),
            None
        );
        assert_eq!(
            origin(&headers(""), Some(ip("127.0.0.1")), 0),
            Some(ip("127.0.0.1"))
        );
    }
}

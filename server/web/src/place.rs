//! Where a request comes from, as far as it can be believed. Whatever is limited per place is
//! counted under it.
//!
//! Only what proxies of ours wrote in `X-Forwarded-For` is believed, and never more of it than the
//! setting says there are. Where that leaves nothing, the other end of the connection is the place:
//! a header can move nobody out of a limit.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::app::App;

/// Registry entry: how many proxies of ours stand in front, each of which adds one address at the
/// end of `X-Forwarded-For`; none when there is no entry.
#[derive(Clone, Copy, Debug)]
pub struct Proxies(pub usize);

impl Proxies {
    /// Those of the application.
    pub fn of(app: &App) -> usize {
        let entry = app.registry().all::<Self>().next();
        entry.map_or(0, |proxies| proxies.0)
    }
}

/// Told once: a limit that everybody shares looks like a fault of ours.
static TOLD: AtomicBool = AtomicBool::new(false);

/// The place of a request.
pub fn of(app: &App, parts: &Parts) -> IpAddr {
    from(&parts.headers, peer(&parts.extensions), Proxies::of(app))
}

/// The other end of the connection; the unspecified address for who calls without a socket.
pub(crate) fn peer(extensions: &Extensions) -> IpAddr {
    let known = extensions.get::<ConnectInfo<SocketAddr>>();
    known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// The address that a request comes from, with so many proxies of ours before it.
pub fn from(headers: &HeaderMap, peer: IpAddr, proxies: usize) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for");
    // What cannot be read keeps its rank: skipping it would let a visitor's own words move up.
    let said: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .collect();
    if proxies == 0 {
        if !said.is_empty() && is_near(peer) && !TOLD.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "X-Forwarded-For comes from a server nearby and `proxies` is 0: all who come through it are counted as \
                 one place. If it is a proxy of yours, set `proxies`"
            );
        }
        return peer;
    }
    // Each proxy of ours adds one address at the end: what stands before them was sent by the visitor.
    let place = said.len().checked_sub(proxies);
    let told = place
        .and_then(|place| said.get(place))
        .and_then(|text| address(text));
    // Nobody of ours wrote it: whoever is at the other end came past the proxies.
    told.unwrap_or(peer)
}

/// An address as proxies write it: some add the port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// Loopback or private: where one's own proxies are.
pub(crate) fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The part of an address that belongs to one customer: an IPv6 customer has a whole /64.
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().expect("a header"));
        }
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_header_is_believed_only_as_far_as_our_own_proxies_wrote_it() {
        let sent = headers(&["198.51.100.9, 203.0.113.7"]);
        assert_eq!(from(&sent, ip("10.0.0.2"), 1), ip("203.0.113.7"));
        assert_eq!(from(&sent, ip("10.0.0.2"), 2), ip("198.51.100.9"));
        assert_eq!(from(&sent, ip("192.0.2.1"), 0), ip("192.0.2.1"));
        let two_lines = headers(&["198.51.100.9", "203.0.113.7:4711"]);
        assert_eq!(from(&two_lines, ip("10.0.0.2"), 1), ip("203.0.113.7"));
        let six = headers(&["[2001:db8::7]:4711"]);
        assert_eq!(from(&six, ip("10.0.0.2"), 1), ip("2001:db8::7"));
    }

    /// With `proxies = 0`, a header from a private address, which anybody of the same network can
    /// send, left a request without a place, and so without a limit.
    #[test]
    fn a_header_moves_nobody_out_of_a_limit() {
        for peer in ["127.0.0.1", "10.1.2.3", "192.168.0.9", "fd00::1", "::1"] {
            for sent in ["203.0.113.7", "unknown", "", ","] {
                assert_eq!(from(&headers(&[sent]), ip(peer), 0), ip(peer), "{sent}");
            }
            assert_eq!(from(&headers(&[]), ip(peer), 0), ip(peer));
        }
    }

    /// Past the proxies, or behind fewer of them than were told, there was no place either; and a
    /// word that is no address was left out, so that what stood before it, a visitor's, was taken.
    #[test]
    fn where_our_proxies_wrote_nothing_the_connection_is_the_place() {
        let peer = ip("10.0.0.2");
        assert_eq!(from(&headers(&[]), peer, 1), peer);
        assert_eq!(from(&headers(&["203.0.113.7"]), peer, 2), peer);
        assert_eq!(from(&headers(&["198.51.100.9, unknown"]), peer, 1), peer);
        assert_eq!(from(&headers(&["198.51.100.9,"]), peer, 1), peer);
    }

    #[test]
    fn a_customer_is_one_place() {
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(network(ip("::ffff:203.0.113.7")), ip("203.0.113.7"));
    }
}

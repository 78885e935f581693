//! The sending address and its name, and where bounces go.

use std::net::IpAddr;

use crate::Asked;
use crate::finding::{About, Finding, Problem, Verdict};
use crate::names::Bounded;
use crate::system::reverse_name;

/// Names of one address, and hosts of one domain, that are looked up.
const MOST: usize = 10;

/// Whether an address can be seen from anywhere; private, local and unspecified ones cannot.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || shared)
        }
        IpAddr::V6(ip) => {
            !(ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.is_multicast())
        }
    }
}

/// The name that our address gives: some receivers refuse mail from an address without one, or
/// whose name does not lead back to it. A relay's address is the relay's business.
pub(crate) async fn reverse(names: &Bounded<'_>, asked: &Asked) -> Option<Finding> {
    if asked.relay.is_some() {
        return None;
    }
    let ip = match asked.public_ip {
        Some(ip) => ip,
        None => match names.addresses(&asked.hello).await {
            Ok(found) => match found.into_iter().find(|ip| is_public(*ip)) {
                Some(ip) => ip,
                None => {
                    return Some(
                        Finding::at(About::Reverse, asked.hello.as_str(), "A")
                            .is(Verdict::Unknown, Problem::AddressUnknown),
                    );
                }
            },
            Err(_) => {
                return Some(Finding::at(About::Reverse, asked.hello.as_str(), "A").unanswered());
            }
        },
    };
    let finding = Finding::at(About::Reverse, reverse_name(ip), "PTR");
    let Ok(given) = names.names_of(ip).await else {
        return Some(finding.unanswered());
    };
    Some(compare(names, asked, ip, &given, finding.found(&given)).await)
}

async fn compare(
    names: &Bounded<'_>,
    asked: &Asked,
    ip: IpAddr,
    given: &[String],
    finding: Finding,
) -> Finding {
    let hello = asked.hello.as_str();
    if given.is_empty() {
        return finding
            .is(Verdict::Missing, Problem::ReverseMissing)
            .named(hello);
    }
    let (mut back, mut unanswered) = (Vec::new(), false);
    for name in given.iter().take(MOST) {
        match names.addresses(name).await {
            Ok(found) if found.contains(&ip) => back.push(name.as_str()),
            Ok(_) => {}
            Err(_) => unanswered = true,
        }
    }
    if back.contains(&hello) {
        return finding;
    }
    if unanswered {
        return finding.unanswered();
    }
    if !back.is_empty() {
        return finding
            .is(Verdict::Weak, Problem::ReverseDiffersFromHello)
            .named(hello);
    }
    if given.iter().any(|name| name == hello) {
        // The name is right: it is its address that is missing.
        let record = if ip.is_ipv4() { "A" } else { "AAAA" };
        let found = names.addresses(hello).await.unwrap_or_default();
        let found: Vec<String> = found.iter().map(IpAddr::to_string).collect();
        return Finding::at(About::Reverse, hello, record)
            .found(&found)
            .is(Verdict::Wrong, Problem::ReverseDoesNotComeBack)
            .write(ip.to_string());
    }
    finding
        .is(Verdict::Wrong, Problem::ReverseDoesNotComeBack)
        .named(hello)
}

impl Finding {
    /// Proposes a name, when it is one that can stand in the DNS.
    fn named(self, name: &str) -> Self {
        if name.contains('.') {
            self.write(name)
        } else {
            self
        }
    }
}

/// Where bounces go (RFC 5321, section 5.1): what to write there is for a person to decide.
pub(crate) async fn returns(names: &Bounded<'_>, asked: &Asked) -> Finding {
    let domain = asked.return_domain.as_str();
    let finding = Finding::at(About::ReturnMx, domain, "MX");
    let Ok(found) = names.mx(domain).await else {
        return finding.unanswered();
    };
    let written: Vec<String> = found
        .iter()
        .map(|(preference, host)| format!("{preference} {host}"))
        .collect();
    let finding = finding.found(&written);
    if found.is_empty() {
        // Without MX, mail goes to the domain's own address, often that of a web site.
        return match names.addresses(domain).await {
            Ok(own) if own.is_empty() => finding.is(Verdict::Missing, Problem::ReturnMxMissing),
            Ok(_) => finding.is(Verdict::Weak, Problem::ReturnMxMissing),
            Err(_) => finding.unanswered(),
        };
    }
    let hosts: Vec<&str> = found
        .iter()
        .map(|(_, host)| host.as_str())
        .filter(|host| !matches!(*host, "." | ""))
        .take(MOST)
        .collect();
    if hosts.is_empty() {
        return finding.is(Verdict::Wrong, Problem::ReturnMxMissing);
    }
    let mut unanswered = false;
    for host in hosts {
        match names.addresses(host).await {
            Ok(found) if !found.is_empty() => return finding,
            Ok(_) => {}
            Err(_) => unanswered = true,
        }
    }
    if unanswered {
        return finding.unanswered();
    }
    finding.is(Verdict::Wrong, Problem::ReturnMxNowhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_strangers_cannot_see_are_told_apart() {
        for (ip, public) in [
            ("203.0.113.5", true),
            ("10.0.0.1", false),
            ("172.20.0.2", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("2001:db8::1", true),
            ("fd00::1", false),
            ("fe80::1", false),
            ("::1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("an address")), public, "{ip}");
        }
    }
}

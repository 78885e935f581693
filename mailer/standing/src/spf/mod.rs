//! Whether SPF lets our messages through: the record of the domain of returns.
//!
//! `mail-auth` evaluates SPF too, but through its own resolver, up to the first term that
//! matches, and answers «permanent error» without saying which: a person needs the reason.

mod record;
mod walk;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Asked;
use crate::finding::{About, Finding, Problem, Verdict};
use crate::names::Bounded;
use crate::relays::include_of;

use walk::{Followed, GivesUp, Says};

/// Addresses that nobody sends from (RFC 1112, RFC 6666): a record that lets them in lets anyone.
const NOBODY: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(240, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 1)),
];

/// Where our messages come from, as receivers see it.
#[derive(Default)]
struct Senders {
    /// Addresses that are seen, or probably are.
    addresses: Vec<IpAddr>,
    /// What the relay says to include.
    include: Option<&'static str>,
    /// Whether those addresses are the ones we speak to: a relay may send from others.
    guessed: bool,
    /// Mechanism that lets our messages through.
    mechanism: Option<String>,
    /// Whether the DNS did not say.
    unanswered: bool,
}

/// Checks the record of the domain of returns.
pub(crate) async fn check(names: &Bounded<'_>, asked: &Asked) -> Finding {
    let domain = asked.return_domain.as_str();
    let finding = Finding::at(About::Spf, domain, "TXT");
    let Ok(all) = names.txt(domain).await else {
        return finding.unanswered();
    };
    let senders = senders(names, asked).await;
    let records: Vec<String> = all.iter().filter(|r| record::is_spf(r)).cloned().collect();
    let one = match records.as_slice() {
        [] => return absent(names, domain, finding, &all, &senders).await,
        [one] => one,
        _ => {
            return finding
                .found(&records)
                .is(Verdict::Wrong, Problem::SpfTwoRecords);
        }
    };
    let finding = finding.found(&records);
    let Ok(read) = record::read(one) else {
        return finding.is(Verdict::Wrong, Problem::SpfSyntax);
    };
    let followed = walk::follow(names, domain, &read).await;
    if let Some(gives_up) = followed.gives_up {
        let problem = match gives_up {
            GivesUp::Questions => Problem::SpfTooManyLookups,
            GivesUp::Void => Problem::SpfTooManyVoidLookups,
            GivesUp::Broken => Problem::SpfIncludeBroken,
        };
        return finding.is(Verdict::Wrong, problem);
    }
    let Some((verdict, problem)) = judge(&followed, &senders) else {
        return finding;
    };
    let finding = finding.is(verdict, problem);
    match problem {
        Problem::SpfDoesNotNameRelay => match &senders.mechanism {
            Some(_) => propose(names, domain, finding, one, &senders).await,
            None => finding,
        },
        Problem::SpfAllOpen | Problem::SpfAllMissing => {
            propose(names, domain, finding, one, &senders).await
        }
        _ => finding,
    }
}

/// Proposes `current` with its end corrected, and with the sender in it when it was not. Receivers
/// must not give up on what is proposed, and it must differ.
async fn propose(
    names: &Bounded<'_>,
    domain: &str,
    finding: Finding,
    current: &str,
    senders: &Senders,
) -> Finding {
    for mechanism in [None, senders.mechanism.as_deref()] {
        let proposed = record::with(current, mechanism);
        let Ok(read) = record::read(&proposed) else {
            return finding;
        };
        let followed = walk::follow(names, domain, &read).await;
        if followed.gives_up.is_some() {
            return finding;
        }
        let enough = passes(&followed, senders) || senders.mechanism.is_none();
        if enough || mechanism.is_some() {
            let differs = proposed != current;
            return if differs {
                finding.write(proposed)
            } else {
                finding
            };
        }
    }
    finding
}

/// There is no record; perhaps one that a person pasted with its quotes.
async fn absent(
    names: &Bounded<'_>,
    domain: &str,
    finding: Finding,
    all: &[String],
    senders: &Senders,
) -> Finding {
    let (found, inside): (Vec<String>, Vec<String>) = all
        .iter()
        .filter_map(|record| Some((record.clone(), record::unquoted(record)?)))
        .unzip();
    match inside.as_slice() {
        [] => {
            let finding = finding.is(Verdict::Missing, Problem::SpfMissing);
            match &senders.mechanism {
                Some(mechanism) => finding.write(record::with("v=spf1", Some(mechanism))),
                None => finding,
            }
        }
        [one] => {
            let finding = finding.found(&found).is(Verdict::Wrong, Problem::SpfSyntax);
            propose(names, domain, finding, one, senders).await
        }
        _ => finding.found(&found).is(Verdict::Wrong, Problem::SpfSyntax),
    }
}

/// Whether our messages pass.
fn passes(followed: &Followed, senders: &Senders) -> bool {
    let included = |name: &str| followed.includes.iter().any(|include| include == name);
    let passes = |ip: &IpAddr| followed.opened.says(*ip) == Says::Pass;
    senders.include.is_some_and(included)
        || (!senders.addresses.is_empty() && senders.addresses.iter().all(passes))
}

fn judge(followed: &Followed, senders: &Senders) -> Option<(Verdict, Problem)> {
    let says = |says: Says| move |ip: &IpAddr| followed.opened.says(*ip) == says;
    if NOBODY.iter().any(says(Says::Pass)) {
        return Some((Verdict::Wrong, Problem::SpfAllOpen));
    }
    if passes(followed, senders) {
        return match followed.opened.all {
            None | Some('?') => Some((Verdict::Weak, Problem::SpfAllMissing)),
            _ => None,
        };
    }
    if followed.unanswered || senders.unanswered {
        return Some((Verdict::Unknown, Problem::NotAnswered));
    }
    if senders.include.is_none() && senders.addresses.is_empty() {
        return Some((Verdict::Unknown, Problem::AddressUnknown));
    }
    let verdict = if senders.addresses.iter().any(says(Says::Unknown)) {
        Verdict::Unknown
    } else if senders.guessed {
        Verdict::Weak
    } else {
        Verdict::Wrong
    };
    Some((verdict, Problem::SpfDoesNotNameRelay))
}

async fn senders(names: &Bounded<'_>, asked: &Asked) -> Senders {
    let mut senders = Senders {
        include: asked.relay.as_deref().and_then(include_of),
        ..Senders::default()
    };
    senders.mechanism = senders.include.map(|name| format!("include:{name}"));
    if let Some(ip) = asked.public_ip {
        senders.addresses.push(ip);
        senders.mechanism.get_or_insert_with(|| of_address(ip));
        return senders;
    }
    if senders.include.is_some() {
        // It sends from the addresses it says, not from the one we speak to.
        return senders;
    }
    senders.guessed = asked.relay.is_some();
    let host = asked.relay.as_deref().unwrap_or(&asked.hello);
    let written: Option<IpAddr> = host.parse().ok();
    if let Some(ip) = written {
        senders.addresses.push(ip);
    } else if host.contains('.') {
        let found = names.addresses(host).await;
        senders.unanswered = found.is_err();
        senders.addresses = found.unwrap_or_default();
    }
    senders.addresses.retain(|ip| crate::host::is_public(*ip));
    if senders.unanswered || !senders.addresses.is_empty() {
        senders.mechanism = Some(written.map_or_else(|| format!("a:{host}"), of_address));
    }
    senders
}

/// The mechanism that names an address.
fn of_address(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => format!("ip4:{ip}"),
        IpAddr::V6(ip) => format!("ip6:{ip}"),
    }
}

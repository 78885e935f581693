//! How the domain of a sender stands in the DNS: what receivers of our mail will look up there,
//! what is wrong with it, and what to write where.
//!
//! [`check`] asks the DNS, through [`Names`], and answers with one [`Finding`] per matter: SPF
//! (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489, and the walk up the tree of RFC 9989), the
//! reverse name of the sending address, and where bounces go. It changes nothing, sends nothing
//! and stores nothing. [`warm_up`] is the plan of the first days of a new sending address.
//!
//! Answers of the DNS are a stranger's bytes: each is bounded in length, number and time.

mod dkim;
mod dmarc;
mod finding;
mod host;
mod names;
mod relays;
mod spf;
mod system;
mod text;
pub mod warm_up;

pub use finding::{About, Finding, Problem, Verdict};
pub use names::{Names, Unanswered};
pub use relays::include_of;
pub use system::System;

use std::net::IpAddr;
use std::time::Duration;

use names::Bounded;

/// Longest time that [`check`] takes, whatever the DNS does.
pub const LONGEST: Duration = Duration::from_secs(10);

/// How messages are signed here (DKIM).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Domain in whose name they are signed (`d=`).
    pub domain: String,
    /// Selector of the key (`s=`).
    pub selector: String,
    /// Public key in base 64, as it must stand in `p=`.
    pub key: String,
}

/// What is to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Domain of the sender's address.
    pub domain: String,
    /// Domain of the addresses that bounces come back to; SPF applies to it.
    pub return_domain: String,
    /// How messages are signed here; none when they are not.
    pub dkim: Option<Signing>,
    /// Host name of the relay; none when this server itself delivers.
    pub relay: Option<String>,
    /// Address that receivers see, when known.
    pub public_ip: Option<IpAddr>,
    /// Name that this server gives in EHLO.
    pub hello: String,
}

impl Asked {
    /// With names as the DNS compares them: lower case, without a final dot.
    fn plain(&self) -> Self {
        Self {
            domain: text::plain(&self.domain),
            return_domain: text::plain(&self.return_domain),
            dkim: self.dkim.as_ref().map(|signing| Signing {
                domain: text::plain(&signing.domain),
                selector: text::plain(&signing.selector),
                key: signing.key.split_whitespace().collect(),
            }),
            relay: self.relay.as_deref().map(text::plain),
            public_ip: self.public_ip.map(|ip| ip.to_canonical()),
            hello: text::plain(&self.hello),
        }
    }
}

/// Asks the DNS and says what it thinks, within [`LONGEST`].
///
/// Findings come in the order of [`About`]. There is one per matter; DMARC can have a second one,
/// when a record stands but our messages would not pass it. There is none about DKIM when a relay
/// delivers and we sign nothing (it may sign in our place), and none about the reverse name when a
/// relay delivers (it is the relay's).
pub async fn check(names: &dyn Names, asked: &Asked) -> Vec<Finding> {
    let asked = asked.plain();
    let names = Bounded::new(names, LONGEST);
    let (spf, dkim, dmarc, reverse, returns) = tokio::join!(
        spf::check(&names, &asked),
        dkim::check(&names, &asked),
        dmarc::check(&names, &asked),
        host::reverse(&names, &asked),
        host::returns(&names, &asked),
    );
    let mut findings = vec![spf];
    findings.extend(dkim);
    findings.extend(dmarc);
    findings.extend(reverse);
    findings.push(returns);
    findings
}

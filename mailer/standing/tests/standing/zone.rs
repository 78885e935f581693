//! A DNS in memory, and the questions that stories begin with.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerelle_standing::{
    About, Asked, Finding, Names, Problem, Signing, Unanswered, Verdict, check,
};

/// Records by name; what is not there is answered with nothing.
#[derive(Clone, Default)]
pub struct Zone {
    txt: BTreeMap<String, Vec<String>>,
    hosts: BTreeMap<String, Vec<IpAddr>>,
    mx: BTreeMap<String, Vec<(u16, String)>>,
    ptr: BTreeMap<IpAddr, Vec<String>>,
    failing: Vec<String>,
    silent: Vec<String>,
    /// Questions asked so far, of the zone and its copies.
    pub asked: Arc<AtomicUsize>,
}

pub fn ip(ip: &str) -> IpAddr {
    ip.parse().expect("an address")
}

impl Zone {
    pub fn txt(mut self, name: &str, record: &str) -> Self {
        let records = self.txt.entry(name.to_owned()).or_default();
        records.push(record.to_owned());
        self
    }

    /// Instead of what stands there.
    pub fn only(mut self, name: &str, record: &str) -> Self {
        self.txt.remove(name);
        self.txt(name, record)
    }

    pub fn host(mut self, name: &str, address: &str) -> Self {
        let addresses = self.hosts.entry(name.to_owned()).or_default();
        addresses.push(ip(address));
        self
    }

    pub fn mx(mut self, name: &str, preference: u16, host: &str) -> Self {
        let hosts = self.mx.entry(name.to_owned()).or_default();
        hosts.push((preference, host.to_owned()));
        self
    }

    pub fn ptr(mut self, address: &str, name: &str) -> Self {
        let names = self.ptr.entry(ip(address)).or_default();
        names.push(name.to_owned());
        self
    }

    /// Nothing of any type stands at that name, or address, any more.
    pub fn without(mut self, name: &str) -> Self {
        self.txt.remove(name);
        self.hosts.remove(name);
        self.mx.remove(name);
        if let Ok(address) = name.parse() {
            self.ptr.remove(&address);
        }
        self
    }

    pub fn failing(mut self, name: &str) -> Self {
        self.failing.push(name.to_owned());
        self
    }

    pub fn silent(mut self, name: &str) -> Self {
        self.silent.push(name.to_owned());
        self
    }

    async fn answer<T>(&self, name: &str, found: Option<&Vec<T>>) -> Result<Vec<T>, Unanswered>
    where
        T: Clone + Sync,
    {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.silent.iter().any(|n| n == name) {
            std::future::pending::<()>().await;
        }
        if self.failing.iter().any(|n| n == name) {
            return Err(Unanswered::Failed);
        }
        Ok(found.cloned().unwrap_or_default())
    }
}

#[async_trait]
impl Names for Zone {
    async fn txt(&self, name: &str) -> Result<Vec<String>, Unanswered> {
        self.answer(name, self.txt.get(name)).await
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unanswered> {
        self.answer(name, self.hosts.get(name)).await
    }

    async fn mx(&self, name: &str) -> Result<Vec<(u16, String)>, Unanswered> {
        self.answer(name, self.mx.get(name)).await
    }

    async fn names_of(&self, ip: IpAddr) -> Result<Vec<String>, Unanswered> {
        self.answer(&ip.to_string(), self.ptr.get(&ip)).await
    }
}

/// An element of DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short element");
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(u8::try_from(length).expect("a byte")),
        _ => {
            out.push(0x82);
            out.extend(length.to_be_bytes());
        }
    }
    out.extend(content);
    out
}

/// The public half of an RSA key of that size, as far as its form goes.
pub fn key(bits: usize) -> String {
    let mut modulus = vec![0];
    modulus.extend(vec![0xc5; bits / 8]);
    let number = der(0x02, &modulus);
    let public = der(0x30, &[number, der(0x02, &[1, 0, 1])].concat());
    let algorithm = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let bits = der(0x03, &[vec![0], public].concat());
    STANDARD.encode(der(0x30, &[algorithm.to_vec(), bits].concat()))
}

/// A server that delivers its messages itself, and signs them.
pub fn own_server() -> Asked {
    Asked {
        domain: "exemple.fr".to_owned(),
        return_domain: "retours.exemple.fr".to_owned(),
        dkim: Some(Signing {
            domain: "exemple.fr".to_owned(),
            selector: "passerelle".to_owned(),
            key: key(2_048),
        }),
        relay: None,
        public_ip: Some(ip("203.0.113.5")),
        hello: "mail.exemple.fr".to_owned(),
    }
}

/// The same behind a relay that is not known to us.
pub fn behind_a_relay() -> Asked {
    Asked {
        relay: Some("smtp.relais.fr".to_owned()),
        public_ip: None,
        ..own_server()
    }
}

/// The same behind a relay that says what to include.
pub fn behind_gandi() -> Asked {
    Asked {
        relay: Some("mail.gandi.net".to_owned()),
        ..behind_a_relay()
    }
}

/// All as it should be, for the three.
pub fn good() -> Zone {
    let key = format!("v=DKIM1; k=rsa; p={}", key(2_048));
    Zone::default()
        .txt("exemple.fr", "google-site-verification=abc")
        .txt(
            "retours.exemple.fr",
            "v=spf1 ip4:203.0.113.5 a:smtp.relais.fr include:_mailcust.gandi.net -all",
        )
        .txt("smtp.autre.fr", "v=spf1 ip4:198.51.100.7 -all")
        .txt("_mailcust.gandi.net", "v=spf1 ip4:198.51.100.0/24 ?all")
        .txt("passerelle._domainkey.exemple.fr", &key)
        .txt("_dmarc.exemple.fr", "v=DMARC1; p=quarantine")
        .host("mail.exemple.fr", "203.0.113.5")
        .host("smtp.relais.fr", "203.0.113.99")
        .host("mx.exemple.fr", "203.0.113.6")
        .mx("retours.exemple.fr", 10, "mx.exemple.fr")
        .ptr("203.0.113.5", "mail.exemple.fr")
}

/// What a check says of one matter.
pub async fn of(zone: &Zone, asked: &Asked, about: About) -> Finding {
    let mut found = check(zone, asked).await;
    found.retain(|finding| finding.about == about);
    assert!(!found.is_empty(), "nothing about {about:?}");
    found.remove(0)
}

/// Says that a finding is that problem; gives what it proposes.
#[track_caller]
pub fn is(finding: &Finding, verdict: Verdict, problem: Problem) -> Option<&str> {
    let told = (finding.verdict, finding.problem);
    assert_eq!(told, (verdict, Some(problem)), "{finding:?}");
    finding.write.as_deref()
}

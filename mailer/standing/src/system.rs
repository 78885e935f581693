//! The system's resolver.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::config::{LookupIpStrategy, ResolveHosts};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData};
use hickory_resolver::{ResolverBuilder, TokioResolver};

use crate::names::{Names, Unanswered};
use crate::text;

/// The DNS as this system is configured to ask it: 3 seconds a try, 2 tries.
pub struct System(TokioResolver);

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("System")
    }
}

impl System {
    /// From the system's configuration (`/etc/resolv.conf`).
    ///
    /// Names in `/etc/hosts` are not looked at: receivers do not see them. Answers are kept for
    /// half a minute at most, so that a person who corrects a record sees it.
    ///
    /// # Errors
    ///
    /// The configuration cannot be read.
    pub fn new() -> Result<Self, Unanswered> {
        Self::of(TokioResolver::builder_tokio().map_err(|_| Unanswered::Failed)?)
    }

    fn of(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, Unanswered> {
        let kept = Some(Duration::from_secs(30));
        let options = builder.options_mut();
        options.timeout = Duration::from_secs(3);
        // The library counts the tries after the first one.
        options.attempts = 1;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.use_hosts_file = ResolveHosts::Never;
        options.positive_max_ttl = kept;
        options.negative_max_ttl = kept;
        builder
            .build()
            .map(Self)
            .map_err(|_: NetError| Unanswered::Failed)
    }
}

/// A name from the root; none when no such name can exist.
fn from_root(name: &str) -> Option<Name> {
    let mut name = Name::from_str_relaxed(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// A name as it is written in a record.
fn written(name: &Name) -> String {
    if name.is_root() {
        return ".".to_owned();
    }
    text::plain(&name.to_ascii())
}

/// Strings of a TXT record put together (RFC 7208, section 3.3); what is not UTF-8 is replaced.
fn joined<S: AsRef<[u8]>>(strings: &[S]) -> String {
    let bytes: Vec<u8> = strings
        .iter()
        .flat_map(|s| s.as_ref().iter().copied())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An answer that there is nothing is an answer.
fn answered<T>(result: Result<Vec<T>, NetError>) -> Result<Vec<T>, Unanswered> {
    match result {
        Ok(records) => Ok(records),
        Err(error) if error.is_no_records_found() => Ok(Vec::new()),
        Err(NetError::Timeout) => Err(Unanswered::Late),
        Err(_) => Err(Unanswered::Failed),
    }
}

#[async_trait]
impl Names for System {
    async fn txt(&self, name: &str) -> Result<Vec<String>, Unanswered> {
        let Some(name) = from_root(name) else {
            return Ok(Vec::new());
        };
        let read = |record: &RData| match record {
            RData::TXT(txt) => Some(joined(&txt.txt_data)),
            _ => None,
        };
        let found = self.0.txt_lookup(name).await;
        answered(found.map(|f| f.answers().iter().filter_map(|r| read(&r.data)).collect()))
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unanswered> {
        let Some(name) = from_root(name) else {
            return Ok(Vec::new());
        };
        answered(self.0.lookup_ip(name).await.map(|f| f.iter().collect()))
    }

    async fn mx(&self, name: &str) -> Result<Vec<(u16, String)>, Unanswered> {
        let Some(name) = from_root(name) else {
            return Ok(Vec::new());
        };
        let read = |record: &RData| match record {
            RData::MX(mx) => Some((mx.preference, written(&mx.exchange))),
            _ => None,
        };
        let found = self.0.mx_lookup(name).await;
        answered(found.map(|f| f.answers().iter().filter_map(|r| read(&r.data)).collect()))
    }

    async fn names_of(&self, ip: IpAddr) -> Result<Vec<String>, Unanswered> {
        let read = |record: &RData| match record {
            RData::PTR(name) => Some(written(&name.0)),
            _ => None,
        };
        let found = self.0.reverse_lookup(Name::from(ip)).await;
        answered(found.map(|f| f.answers().iter().filter_map(|r| read(&r.data)).collect()))
    }
}

/// The name under which the names of an address are written: `1.2.0.192.in-addr.arpa`.
pub(crate) fn reverse_name(ip: IpAddr) -> String {
    written(&Name::from(ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::time::Instant;

    use hickory_resolver::config::{NameServerConfig, ResolverConfig};
    use hickory_resolver::proto::op::{Message, ResponseCode};
    use hickory_resolver::proto::rr::rdata::{A, MX, PTR, TXT};
    use hickory_resolver::proto::rr::{Record, RecordType};
    use tokio::net::UdpSocket;

    #[test]
    fn strings_of_a_record_are_joined_and_bytes_that_are_not_text_replaced() {
        assert_eq!(
            joined(&["v=spf1 ip4:192.0", ".2.1 -all"]),
            "v=spf1 ip4:192.0.2.1 -all"
        );
        assert_eq!(
            joined(&[&b"v=spf1 \xff\xfe"[..]]),
            "v=spf1 \u{fffd}\u{fffd}"
        );
        // A character cut between two strings is whole again.
        assert_eq!(joined(&[&b"\xc3"[..], &b"\xa9"[..]]), "é");
    }

    #[test]
    fn names_are_written_from_the_root() {
        let name = from_root("_dmarc.Exemple.fr").expect("a name");
        assert!(name.is_fqdn());
        assert_eq!(written(&name), "_dmarc.exemple.fr");
        assert_eq!(written(&Name::root()), ".");
        assert!(from_root(&"a".repeat(64)).is_none());
        assert!(from_root(&"a.".repeat(200)).is_none());
    }

    #[test]
    fn an_address_has_a_reverse_name() {
        let v4: IpAddr = "192.0.2.10".parse().expect("an address");
        assert_eq!(reverse_name(v4), "10.2.0.192.in-addr.arpa");
        let v6: IpAddr = "2001:db8::1".parse().expect("an address");
        let name = reverse_name(v6);
        assert!(name.starts_with("1.0.0.0.") && name.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"));
    }

    /// A resolver whose server stands on this machine and answers about a few names; with
    /// `mute`, it takes questions and never answers.
    async fn local(mute: bool) -> System {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = socket.local_addr().expect("an address");
        let mut server = NameServerConfig::udp(address.ip());
        server.connections[0].port = address.port();
        let config = ResolverConfig::from_name_servers(vec![server]);
        let provider = TokioRuntimeProvider::default();
        tokio::spawn(async move {
            let mut buffer = [0; 1_500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let asked = Message::from_vec(&buffer[..length]).expect("a question");
                let answer = answer(&asked).to_vec().expect("an answer");
                if !mute {
                    socket.send_to(&answer, from).await.expect("sent");
                }
            }
        });
        System::of(TokioResolver::builder_with_config(config, provider)).expect("a resolver")
    }

    fn answer(asked: &Message) -> Message {
        let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
        answer.metadata.recursion_available = true;
        let query = asked.queries[0].clone();
        let name = |name: &str| from_root(name).expect("a name");
        let data = match (
            query.name().to_ascii().to_lowercase().as_str(),
            query.query_type(),
        ) {
            ("exemple.fr.", RecordType::TXT) => {
                let strings = vec!["v=spf1 ".to_owned(), "-all".to_owned()];
                Some(RData::TXT(TXT::new(strings)))
            }
            ("exemple.fr.", RecordType::MX) => Some(RData::MX(MX::new(10, name("MX.exemple.fr")))),
            ("exemple.fr.", RecordType::A) => Some(RData::A(A::new(192, 0, 2, 1))),
            ("1.2.0.192.in-addr.arpa.", RecordType::PTR) => {
                Some(RData::PTR(PTR(name("exemple.fr"))))
            }
            ("casse.fr.", _) => {
                answer.metadata.response_code = ResponseCode::ServFail;
                None
            }
            ("exemple.fr.", _) => None,
            _ => {
                answer.metadata.response_code = ResponseCode::NXDomain;
                None
            }
        };
        if let Some(data) = data {
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
        }
        answer.add_query(query);
        answer
    }

    #[tokio::test]
    async fn the_resolver_answers_as_the_questions_say() {
        let system = local(false).await;
        let address: IpAddr = "192.0.2.1".parse().expect("an address");
        assert_eq!(
            system.txt("exemple.fr").await,
            Ok(vec!["v=spf1 -all".to_owned()])
        );
        assert_eq!(system.addresses("exemple.fr").await, Ok(vec![address]));
        let host = "mx.exemple.fr".to_owned();
        assert_eq!(system.mx("exemple.fr").await, Ok(vec![(10, host)]));
        assert_eq!(
            system.names_of(address).await,
            Ok(vec!["exemple.fr".to_owned()])
        );
        for absent in ["absent.fr", "", "..", "é", &"a".repeat(300)] {
            assert_eq!(system.txt(absent).await, Ok(Vec::new()), "{absent}");
            assert_eq!(system.addresses(absent).await, Ok(Vec::new()), "{absent}");
            assert_eq!(system.mx(absent).await, Ok(Vec::new()), "{absent}");
        }
        assert_eq!(system.txt("casse.fr").await, Err(Unanswered::Failed));
        assert_eq!(system.addresses("casse.fr").await, Err(Unanswered::Failed));
    }

    #[tokio::test(start_paused = true)]
    async fn the_resolver_tries_twice_for_three_seconds() {
        let system = local(true).await;
        let (began, real) = (tokio::time::Instant::now(), Instant::now());
        assert_eq!(system.txt("exemple.fr").await, Err(Unanswered::Late));
        assert_eq!(began.elapsed().as_secs(), 6);
        assert!(real.elapsed().as_secs() < 3);
    }
}

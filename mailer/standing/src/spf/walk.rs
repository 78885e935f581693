//! Following an SPF record to its end, as far as receivers do (RFC 7208, section 4.6.4).
//!
//! The record is opened once, with all that it leads to, and then compared with as many
//! addresses as one likes. The count of questions is that of the longest way: a receiver stops at
//! the first term that matches, so it asks as many or fewer.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use super::record::{self, Block, Host, Mechanism, Record, Sizes};
use crate::names::{Bounded, Unanswered};

/// Questions that a receiver asks at most.
const QUESTIONS: usize = 10;
/// Names without records that a receiver meets at most.
const VOID: usize = 2;
/// Hosts of one `mx` that a receiver looks up at most.
const HOSTS: usize = 10;

/// Why receivers give up on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivesUp {
    Questions,
    Void,
    Broken,
}

/// A record with what it leads to.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    terms: Vec<(char, Matches)>,
    redirect: Option<Box<Opened>>,
    /// Qualifier of its `all`, or of the one it is redirected to.
    pub(crate) all: Option<char>,
}

#[derive(Debug)]
enum Matches {
    Always,
    Blocks(Vec<Block>),
    Record(Opened),
    /// It depends on the message, or was not answered.
    Perhaps,
}

/// What a record says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Pass,
    Other,
    Unknown,
}

impl Opened {
    /// What it says of an address.
    pub(crate) fn says(&self, ip: IpAddr) -> Says {
        let (mut may_pass, mut may_not) = (false, false);
        for (qualifier, matches) in &self.terms {
            let matched = match matches {
                Matches::Always => Says::Pass,
                Matches::Perhaps => Says::Unknown,
                Matches::Record(opened) => opened.says(ip),
                Matches::Blocks(blocks) if blocks.iter().any(|b| b.contains(ip)) => Says::Pass,
                Matches::Blocks(_) => Says::Other,
            };
            let passes = *qualifier == '+';
            match matched {
                Says::Other => {}
                Says::Unknown => {
                    may_pass |= passes;
                    may_not |= !passes;
                }
                Says::Pass if passes && !may_not => return Says::Pass,
                Says::Pass if !passes && !may_pass => return Says::Other,
                Says::Pass => return Says::Unknown,
            }
        }
        match &self.redirect {
            Some(opened) => match opened.says(ip) {
                Says::Pass if may_not => Says::Unknown,
                Says::Other if may_pass => Says::Unknown,
                says => says,
            },
            None if may_pass => Says::Unknown,
            None => Says::Other,
        }
    }
}

/// What following a record found.
#[derive(Debug)]
pub(crate) struct Followed {
    /// The record; what could not be reached is unknown in it.
    pub(crate) opened: Opened,
    /// Names whose records it takes over, with `+include:` or `redirect=`.
    pub(crate) includes: Vec<String>,
    /// Whether a question was not answered.
    pub(crate) unanswered: bool,
    /// Why receivers give up, if they do.
    pub(crate) gives_up: Option<GivesUp>,
}

/// Follows a record of `domain`.
pub(crate) async fn follow(names: &Bounded<'_>, domain: &str, record: &Record) -> Followed {
    let mut walk = Walk {
        names,
        includes: Vec::new(),
        questions: 0,
        void: 0,
        unanswered: false,
    };
    let opened = walk.open(domain, record).await;
    let (opened, gives_up) = match opened {
        Ok(opened) => (opened, None),
        Err(gives_up) => (Opened::default(), Some(gives_up)),
    };
    Followed {
        opened,
        includes: walk.includes,
        unanswered: walk.unanswered,
        gives_up,
    }
}

struct Walk<'w, 'n> {
    names: &'w Bounded<'n>,
    includes: Vec<String>,
    questions: usize,
    void: usize,
    unanswered: bool,
}

type Opening<'f> = Pin<Box<dyn Future<Output = Result<Opened, GivesUp>> + Send + 'f>>;

impl Walk<'_, '_> {
    fn open<'f>(&'f mut self, domain: &'f str, record: &'f Record) -> Opening<'f> {
        Box::pin(async move {
            let mut opened = Opened::default();
            for term in &record.terms {
                if term.mechanism == Mechanism::All {
                    opened.terms.push((term.qualifier, Matches::Always));
                    opened.all = Some(term.qualifier);
                    // Nothing after it is looked at, a redirection no more than a term.
                    return Ok(opened);
                }
                let passes = term.qualifier == '+';
                let matches = self.matches(domain, &term.mechanism, passes).await?;
                opened.terms.push((term.qualifier, matches));
            }
            if let Some(host) = &record.redirect {
                self.ask()?;
                match self.record(host, true).await? {
                    Matches::Record(to) => {
                        opened.all = to.all;
                        opened.redirect = Some(Box::new(to));
                    }
                    perhaps => {
                        // Where it leads is not known, and it is not for us to add an end.
                        opened.terms.push(('+', perhaps));
                        opened.all = Some('~');
                    }
                }
            }
            Ok(opened)
        })
    }

    async fn matches(
        &mut self,
        domain: &str,
        mechanism: &Mechanism,
        passes: bool,
    ) -> Result<Matches, GivesUp> {
        match mechanism {
            Mechanism::All => Ok(Matches::Always),
            Mechanism::Ip(block) => Ok(Matches::Blocks(vec![*block])),
            Mechanism::Ptr => {
                self.ask()?;
                Ok(Matches::Perhaps)
            }
            Mechanism::Include(host) => {
                self.ask()?;
                self.record(host, passes).await
            }
            Mechanism::A(host, sizes) => {
                self.ask()?;
                self.hosts(domain, host, *sizes).await
            }
            Mechanism::Exists(host) => {
                self.ask()?;
                let any = Sizes { v4: 0, v6: 0 };
                match self.hosts(domain, host, any).await? {
                    Matches::Blocks(blocks) if !blocks.is_empty() => Ok(Matches::Always),
                    matches => Ok(matches),
                }
            }
            Mechanism::Mx(host, sizes) => {
                self.ask()?;
                self.exchanges(domain, host, *sizes).await
            }
        }
    }

    fn ask(&mut self) -> Result<(), GivesUp> {
        self.questions += 1;
        if self.questions > QUESTIONS {
            Err(GivesUp::Questions)
        } else {
            Ok(())
        }
    }

    /// An answer; none when there was none.
    fn heard<T>(&mut self, answer: Result<Vec<T>, Unanswered>) -> Result<Option<Vec<T>>, GivesUp> {
        let Ok(answer) = answer else {
            self.unanswered = true;
            return Ok(None);
        };
        if answer.is_empty() {
            self.void += 1;
            if self.void > VOID {
                return Err(GivesUp::Void);
            }
        }
        Ok(Some(answer))
    }

    /// The record of another name.
    async fn record(&mut self, host: &Host, passes: bool) -> Result<Matches, GivesUp> {
        let Host::Named(name) = host else {
            return Ok(Matches::Perhaps);
        };
        let answer = self.names.txt(name).await;
        let Some(found) = self.heard(answer)? else {
            return Ok(Matches::Perhaps);
        };
        let mut records = found.iter().filter(|found| record::is_spf(found));
        let (Some(one), None) = (records.next(), records.next()) else {
            return Err(GivesUp::Broken);
        };
        let read = record::read(one).map_err(|_| GivesUp::Broken)?;
        if passes {
            self.includes.push(name.clone());
        }
        self.open(name, &read).await.map(Matches::Record)
    }

    /// The addresses of a host.
    async fn hosts(&mut self, domain: &str, host: &Host, sizes: Sizes) -> Result<Matches, GivesUp> {
        let Some(name) = name(domain, host) else {
            return Ok(Matches::Perhaps);
        };
        let answer = self.names.addresses(name).await;
        Ok(match self.heard(answer)? {
            Some(found) => {
                Matches::Blocks(found.into_iter().map(|ip| Block::of(ip, sizes)).collect())
            }
            None => Matches::Perhaps,
        })
    }

    /// The addresses of the hosts that take a domain's mail.
    async fn exchanges(
        &mut self,
        domain: &str,
        host: &Host,
        sizes: Sizes,
    ) -> Result<Matches, GivesUp> {
        let Some(name) = name(domain, host) else {
            return Ok(Matches::Perhaps);
        };
        let answer = self.names.mx(name).await;
        let Some(found) = self.heard(answer)? else {
            return Ok(Matches::Perhaps);
        };
        if found.len() > HOSTS {
            return Err(GivesUp::Questions);
        }
        let mut blocks = Vec::new();
        for (_, host) in found.iter().filter(|(_, host)| host != ".") {
            match self.names.addresses(host).await {
                Ok(found) => blocks.extend(found.into_iter().map(|ip| Block::of(ip, sizes))),
                Err(_) => {
                    self.unanswered = true;
                    return Ok(Matches::Perhaps);
                }
            }
        }
        Ok(Matches::Blocks(blocks))
    }
}

fn name<'h>(domain: &'h str, host: &'h Host) -> Option<&'h str> {
    match host {
        Host::Own => Some(domain),
        Host::Named(name) => Some(name),
        Host::Macro => None,
    }
}

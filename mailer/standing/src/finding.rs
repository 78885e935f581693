//! What a check answers with. Sentences for people are elsewhere: here are stable codes.

/// What a finding is about, in the order in which findings come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// Which servers may send in the name of the domain (RFC 7208).
    Spf,
    /// The key that signatures are verified with (RFC 6376).
    Dkim,
    /// What receivers do with messages that fail both (RFC 7489, RFC 9989).
    Dmarc,
    /// The name that the sending address gives.
    Reverse,
    /// Where bounces go.
    ReturnMx,
}

impl About {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [
        Self::Spf,
        Self::Dkim,
        Self::Dmarc,
        Self::Reverse,
        Self::ReturnMx,
    ];

    /// Stable code, for translations and programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Spf => "spf",
            Self::Dkim => "dkim",
            Self::Dmarc => "dmarc",
            Self::Reverse => "reverse",
            Self::ReturnMx => "return-mx",
        }
    }
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Nothing is there.
    Missing,
    /// What is there does harm, or no good.
    Wrong,
    /// It works, and could be better.
    Weak,
    /// It could not be found out.
    Unknown,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Good,
        Self::Missing,
        Self::Wrong,
        Self::Weak,
        Self::Unknown,
    ];

    /// Stable code, for translations and programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Weak => "weak",
            Self::Unknown => "unknown",
        }
    }
}

/// Declares the problems once: their name, their code, their list.
macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What is the matter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Problem {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Problem {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Stable code, for translations and programs.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

problems! {
    /// The domain of returns has no SPF record.
    SpfMissing = "spf-missing",
    /// It has several: receivers then use none (RFC 7208, section 4.5).
    SpfTwoRecords = "spf-two-records",
    /// Receivers would ask more than 10 questions, and give up (section 4.6.4).
    SpfTooManyLookups = "spf-too-many-lookups",
    /// More than 2 of its names have no record: receivers give up (section 4.6.4).
    SpfTooManyVoidLookups = "spf-too-many-void-lookups",
    /// A record that it includes is missing, or cannot be read (section 5.2).
    SpfIncludeBroken = "spf-include-broken",
    /// It cannot be read.
    SpfSyntax = "spf-syntax",
    /// It does not name the server that delivers our messages.
    SpfDoesNotNameRelay = "spf-does-not-name-relay",
    /// It lets anyone send (`+all`).
    SpfAllOpen = "spf-all-open",
    /// Its end says nothing of other servers (no `all`, or `?all`).
    SpfAllMissing = "spf-all-missing",
    /// The key is not published; or messages are not signed at all.
    DkimMissing = "dkim-missing",
    /// Several keys stand at the name: which one is read is left to chance.
    DkimTwoRecords = "dkim-two-records",
    /// The record cannot be read, or forbids what we sign with.
    DkimSyntax = "dkim-syntax",
    /// The key published is not the one we sign with.
    DkimOtherKey = "dkim-other-key",
    /// The key is revoked (`p=` is empty).
    DkimRevoked = "dkim-revoked",
    /// The record says that signatures are a test (`t=y`).
    DkimTesting = "dkim-testing",
    /// The key has fewer than 2,048 bits (RFC 8301).
    DkimShortKey = "dkim-short-key",
    /// The domain has no DMARC record.
    DmarcMissing = "dmarc-missing",
    /// It has several: receivers use none.
    DmarcTwoRecords = "dmarc-two-records",
    /// It cannot be read.
    DmarcSyntax = "dmarc-syntax",
    /// It asks for nothing (`p=none`): right to begin with.
    DmarcNone = "dmarc-none",
    /// Neither the domain of returns nor the one that signs is the sender's.
    DmarcNotAligned = "dmarc-not-aligned",
    /// The sending address gives no name.
    ReverseMissing = "reverse-missing",
    /// No name that it gives leads back to it.
    ReverseDoesNotComeBack = "reverse-does-not-come-back",
    /// The name that it gives is not the one we say in EHLO.
    ReverseDiffersFromHello = "reverse-differs-from-hello",
    /// Bounces have nowhere to go.
    ReturnMxMissing = "return-mx-missing",
    /// The hosts that bounces go to have no address.
    ReturnMxNowhere = "return-mx-nowhere",
    /// The address that receivers see is not known.
    AddressUnknown = "address-unknown",
    /// The DNS did not answer in time, or failed.
    NotAnswered = "not-answered",
}

/// How one matter stands, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The matter.
    pub about: About,
    /// How it stands.
    pub verdict: Verdict,
    /// What is the matter; none when all is well.
    pub problem: Option<Problem>,
    /// Name where it is written.
    pub name: String,
    /// Type of the record: `TXT`, `PTR`, `MX`, `A` or `AAAA`.
    pub record: &'static str,
    /// What stands there now: 10 records at most, of 1,000 characters at most.
    pub found: Vec<String>,
    /// What to write there, whole, in the place of what stands there; none when nothing needs to
    /// be written, or a person must decide.
    pub write: Option<String>,
}

impl Finding {
    /// About a record where nothing was found yet.
    pub(crate) fn at(about: About, name: impl Into<String>, record: &'static str) -> Self {
        Self {
            about,
            verdict: Verdict::Good,
            problem: None,
            name: name.into(),
            record,
            found: Vec::new(),
            write: None,
        }
    }

    pub(crate) fn found(mut self, records: &[String]) -> Self {
        self.found = crate::text::shown(records);
        self
    }

    pub(crate) fn is(mut self, verdict: Verdict, problem: Problem) -> Self {
        self.verdict = verdict;
        self.problem = Some(problem);
        self
    }

    pub(crate) fn unanswered(self) -> Self {
        self.is(Verdict::Unknown, Problem::NotAnswered)
    }

    pub(crate) fn write(mut self, record: impl Into<String>) -> Self {
        self.write = Some(record.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_kebab_case_and_each_its_own() {
        let mut codes: Vec<&str> = Problem::ALL.iter().map(|p| p.code()).collect();
        codes.extend(About::ALL.iter().map(|a| a.code()));
        codes.extend(Verdict::ALL.iter().map(|v| v.code()));
        let plain = |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(codes.iter().all(plain));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}

//! Whether a refusal is about us: the address of our server, its rate, its reputation, what our
//! domain publishes. Such a refusal says nothing of the address that was written to.
//!
//! By status (RFC 3463, 7372, 7505 and what large providers add to X.7), by code (421 closes a
//! connection and never speaks of a mailbox: RFC 5321, section 4.2.2), by the codes that providers
//! put in their words, and by the words themselves.

use crate::clean;
use crate::report::Status;

/// What only a refusal of the sender says, in letters without accents.
const WORDS: [&str; 82] = [
    // Our server, by its address or its name.
    "client host",
    "your ip",
    "your server",
    "your host",
    "your network",
    "your domain",
    "ip address",
    "adresse ip",
    "ip source",
    "source ip",
    "sending ip",
    "sender ip",
    "client ip",
    "remote ip",
    "connecting ip",
    "refused to talk to me",
    "reverse dns",
    "ptr record",
    "reverse lookup",
    "reverse hostname",
    "cannot find your",
    "can't find your",
    // Lists of servers that nobody takes from.
    "blocked using",
    "rejected using",
    "blacklist",
    "black list",
    "blocklist",
    "block list",
    "blocking list",
    "liste noire",
    "is listed",
    "listed in",
    "listed on",
    "listed by",
    "listed at",
    "banned send",
    "reputation",
    // How much we send, and how fast.
    "too many connection",
    "too many concurrent",
    "too many simultaneous",
    "too many session",
    "too many message",
    "too many mail",
    "too many email",
    "too many error",
    "too many spam",
    "too many recipient",
    "too many unknown",
    "too many invalid",
    "too many bad",
    "too many request",
    "trop de connexion",
    "trop de message",
    "trop de mail",
    "trop d'erreur",
    "concurrent connection",
    "maximum number of connection",
    "number of connections",
    "rate limit",
    "ratelimit",
    "rate-limit",
    "sending rate",
    "connection rate",
    "message rate",
    "unusual rate",
    "throttl",
    "slow down",
    "ralentir",
    "sending limit",
    "sending quota",
    "daily limit",
    "hourly limit",
    "unexpected volume",
    "user complaints",
    "temporarily deferred",
    "permanently deferred",
    "connections will not be accepted",
    "connection rejected",
    "connection denied",
    "service refuse",
    "emetteur invalide",
    // What our domain publishes, and who we say we are.
    "authenticat",
];

/// Whom servers ask about ours, the pages that they send to, and how they name an address: looked
/// for in all that was said.
const WHOLE: [&str; 16] = [
    "client [",
    "mail server [",
    "spamhaus",
    "spamcop",
    "barracudacentral",
    "sorbs.net",
    "csi.cloudmark",
    "senderscore",
    "abusix",
    "uceprotect",
    "mailspike",
    "invaluement",
    "ipcheck.proofpoint",
    "proofpoint.com/dnsbl",
    "postmaster.free.fr",
    "spfbl",
];

/// The sender's address is what is refused.
const SENDER: [&str; 12] = [
    "sender address",
    "sender rejected",
    "sender domain",
    "sender verif",
    "sender denied",
    "sender unknown",
    "invalid sender",
    "unknown sender",
    "domain of sender",
    "envelope sender",
    "mail from domain",
    "adresse de l'expediteur",
];

/// Whether a reply is about the sender's own address: its other words are then about it as well,
/// such as "user unknown".
pub(crate) fn is_of_sender(said: &str) -> bool {
    SENDER.iter().any(|words| said.contains(words))
}

/// Whether a refusal is about us. `text` is all that was said, `said` its words without links and
/// names of hosts.
pub(crate) fn is(statuses: [Option<Status>; 2], code: Option<u16>, text: &str, said: &str) -> bool {
    let whole = clean::fold(text);
    // Exchange: the recipient takes letters of their own organisation only.
    if whole.contains("resolver.rst") {
        return false;
    }
    let given = || statuses.into_iter().flatten();
    given().any(by_status)
        || WORDS.iter().any(|words| said.contains(words))
        || WHOLE.iter().any(|words| whole.contains(words))
        || said
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(by_code)
        || has_microsoft_code(said)
        || (code == Some(421) && !given().any(is_of_their_server))
}

/// Whether words that name an unknown recipient name many: a reproach, not an answer about one.
pub(crate) fn reproaches(said: &str) -> bool {
    said.contains("too many") || said.contains("trop d")
}

/// Statuses that speak of the sender: a bad sender's address (X.1.7, X.1.8), too many recipients
/// (X.5.3), a missing or wrong signature, policy or name of host (X.7.20 to X.7.30), and what
/// Microsoft says of blocked and hurried servers (X.7.5xx to X.7.7xx; X.7.507 and X.7.510 are
/// about the recipient).
fn by_status(status: Status) -> bool {
    match (status.subject, status.detail) {
        (1, 7 | 8 | 90) | (5, 3) | (7, 20..=30 | 40) => true,
        (7, 500..=799) => !matches!(status.detail, 507 | 510),
        _ => false,
    }
}

/// Their server is stopping, or cannot be reached.
fn is_of_their_server(status: Status) -> bool {
    matches!(status.subject, 3 | 4)
}

/// Codes within the words: of Yahoo (`TSS04`, `BL21`), of Outlook (`RP-001`, `DY-001`, `OU-002`,
/// `SC-004`), and the common names of lists and
/// of what servers check.
fn by_code(word: &str) -> bool {
    let numbered = |start: &str, digits: usize| {
        word.strip_prefix(start)
            .is_some_and(|rest| rest.len() == digits && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let common = [
        "rbl", "dnsbl", "rdns", "helo", "ehlo", "spf", "dkim", "dmarc",
    ];
    common.contains(&word)
        || numbered("tss", 2)
        || numbered("ts", 2)
        || numbered("bl", 2)
        || ["rp-", "dy-", "ou-", "sc-"]
            .iter()
            .any(|start| numbered(start, 3))
}

/// `(S3150)`, `(S775)`: three to five digits. Longer ones date Microsoft's rules, whatever they say.
fn has_microsoft_code(said: &str) -> bool {
    said.split('(').skip(1).any(|piece| {
        let code = piece.split(')').next().unwrap_or_default();
        code.strip_prefix('s').is_some_and(|digits| {
            (3..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
    })
}

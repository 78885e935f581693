//! What a refusal means for the address.
//!
//! A status (RFC 3463) is trusted where it is precise; but servers give 5.1.1 to a full mailbox
//! and 5.0.0 to anything, so their words are read as well. In doubt an address is kept.

use crate::about_us;
use crate::clean;
use crate::report::{Action, Report, Status};

/// Characters at most of a reply that are read.
const MAX_REPLY: usize = 2_000;

/// What a refusal means for the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The address does not exist or takes no mail.
    Hard,
    /// The mailbox is full, the server does not answer, or nobody knows why: it may pass.
    Soft,
    /// Refused for what the message is: nothing is said of the address.
    Policy,
    /// Refused for what we are, the address of our server, its rate, its reputation, what our
    /// domain publishes: nothing is said of the address, and somebody of ours has to know.
    Sender,
}

impl Report {
    /// What it means for the address; none when the message was not refused.
    pub fn severity(&self) -> Option<Severity> {
        (self.action == Action::Failed).then(|| judge(self.status, &self.diagnostic))
    }
}

/// What a reply of a mail server means for the address, such as `550 5.1.1 <x>: unknown` or
/// `552 mailbox full`.
pub fn severity_of_reply(text: &str) -> Severity {
    judge(None, text)
}

/// The mailbox has no room.
const FULL: [&str; 20] = [
    "mailbox full",
    "mailbox is full",
    "mailbox for user is full",
    "inbox is full",
    "box full",
    "user is full",
    "is full",
    "over quota",
    "overquota",
    "over the quota",
    "quota exceeded",
    "exceeded quota",
    "exceeds quota",
    "exceeded storage",
    "exceeded its storage",
    "out of storage",
    "insufficient system storage",
    "disk quota",
    "pleine",
    "quota depasse",
];

/// The recipient does not exist, in words that mean nothing else.
const UNKNOWN: [&str; 47] = [
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such person",
    "no such domain",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "address unknown",
    "unknown mailbox",
    "mailbox unknown",
    "unknown local part",
    "unknown account",
    "user not found",
    "recipient not found",
    "recipientnotfound",
    "mailbox not found",
    "address not found",
    "user doesn't exist",
    "user does not exist",
    "mailbox does not exist",
    "account does not exist",
    "address does not exist",
    "recipient does not exist",
    "that you tried to reach does not exist",
    "no mailbox here by that name",
    "no longer exists",
    "invalid recipient",
    "invalid mailbox",
    "not a valid mailbox",
    "unrouteable address",
    "unroutable address",
    "utilisateur inconnu",
    "destinataire inconnu",
    "destinataire invalide",
    "adresse inconnue",
    "boite inconnue",
    "n'existe pas",
    "n existe pas",
    "empfanger unbekannt",
    "benutzer unbekannt",
    "usuario desconocido",
    "archived recipient",
    "destinataire archivee",
];

/// The address takes no mail, in words that may mean something else.
const CLOSED: [&str; 21] = [
    "mailbox unavailable",
    "mailbox disabled",
    "mailbox is disabled",
    "account disabled",
    "account is disabled",
    "account has been disabled",
    "user disabled",
    "user suspended",
    "account suspended",
    "account closed",
    "account is inactive",
    "mailbox is inactive",
    "does not exist",
    "doesn't exist",
    "inconnu",
    "unbekannt",
    "desactive",
    "does not accept mail",
    "domain not found",
    "host not found",
    "any host named",
];

/// A server that does not know a sender yet asks to come back (RFC 6647).
const GREY: [&str; 4] = ["greylist", "grey list", "graylist", "liste grise"];

/// The message is what is refused, or nobody says what.
const POLICY: [&str; 41] = [
    "spam",
    "junk",
    "unsolicited",
    "indesirable",
    "blocked",
    "bloque",
    "blacklist",
    "black list",
    "blocklist",
    "block list",
    "blocking list",
    "banned",
    "listed",
    "rbl",
    "reputation",
    "policy",
    "policies",
    "politique",
    "dmarc",
    "dkim",
    "spf",
    "unauthenticated",
    "not authenticated",
    "virus",
    "malware",
    "phishing",
    "content",
    "message rejete",
    "mail rejete",
    "message rejected",
    "mail rejected",
    "message refused",
    "service refuse",
    "relay",
    "not authorized",
    "not permitted",
    "not allowed",
    "not accepted from",
    "access denied",
    "reverse dns",
    "too large",
];

pub(crate) fn judge(given: Option<Status>, text: &str) -> Severity {
    let text = clean::line(text, MAX_REPLY);
    let found = status_in(&text);
    // x.0.y says nothing: what the server answered may say more.
    let status = given
        .filter(|status| status.subject != 0)
        .or(found)
        .or(given);
    let code = code_in(&text);
    let said = words(&text);
    if let Some(known) = french(&said) {
        return known;
    }
    let says = |list: &[&str]| list.iter().any(|words| said.contains(words));
    if about_us::is_of_sender(&said) {
        return Severity::Sender;
    }
    let names_recipient = says(&UNKNOWN) || says(&FULL);
    if about_us::is([given, found], code, &text, &said)
        && (!names_recipient || about_us::reproaches(&said))
    {
        return Severity::Sender;
    }
    let temporary = match (status, code) {
        (Some(status), _) if status.subject != 0 => status.class != 5,
        (_, Some(code)) => code < 500,
        (status, None) => status.is_some_and(|status| status.class != 5),
    };
    let place = status.map_or((0, 0), |status| (status.subject, status.detail));
    if temporary {
        return match place.0 {
            _ if names_recipient => Severity::Soft,
            // Grey lists as well: it is the sender that they do not know yet.
            6 | 7 => Severity::Policy,
            _ if says(&GREY) || says(&POLICY) => Severity::Policy,
            _ => Severity::Soft,
        };
    }
    match place {
        (2, 3) | (3, 4) => Severity::Policy,
        _ if says(&FULL) => Severity::Soft,
        (2, 2) | (4, 7) | (1, 4 | 5 | 9) => Severity::Soft,
        // Its owner receives more in a time than the server takes.
        (2, 1) if said.contains("receiving mail") => Severity::Soft,
        // Exchange Online: the domain's directory does not hold it.
        (4, 1) if said.contains("recipient address rejected") => Severity::Hard,
        (1, 0..=3 | 6 | 10) | (2, 1) | (4, 4 | 310) => match says(&POLICY) && !says(&UNKNOWN) {
            true => Severity::Policy,
            false => Severity::Hard,
        },
        _ if says(&UNKNOWN) => Severity::Hard,
        (6 | 7, _) => Severity::Policy,
        _ if says(&POLICY) => Severity::Policy,
        _ if says(&CLOSED) => Severity::Hard,
        _ => Severity::Soft,
    }
}

/// The words of a reply, without the addresses, links and names of hosts among them, whose
/// letters mean nothing.
fn words(text: &str) -> String {
    let named = |word: &str| {
        word.contains('@')
            || word.contains("://")
            || word
                .trim_matches('.')
                .split('.')
                .all(|label| label.len() > 1)
                && { word.trim_matches('.').contains('.') }
    };
    let kept: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !named(word))
        .collect();
    clean::fold(&kept.join(" "))
}

/// Codes of Orange (`OFR_416`, `OFR204_416`), of La Poste (`LPN007_420`) and of SFR
/// (`SFR_IN_103`), which are precise where their status is not: 1xx to 3xx are about the server
/// that connects, 4xx about an address, the sender's or the recipient's, 5xx about the message and
/// its signature, 99x about a rate.
fn french(said: &str) -> Option<Severity> {
    let word = said
        .split([' ', '(', ')', '[', ']', ',', '.'])
        .find(|word| {
            ["ofr", "lpn", "ouk", "sfr_in"]
                .iter()
                .any(|from| word.starts_with(from))
        })?;
    let digits = word.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let number: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    Some(match number {
        416 | 418 | 420 | 426 => Severity::Hard,
        417 => Severity::Soft,
        100..=405 | 415 | 421..=425 | 503 | 505 | 510 | 515..=519 | 630 | 990..=999 => {
            Severity::Sender
        }
        _ => Severity::Policy,
    })
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mark = |c: char| c.is_whitespace() || "()[]<>{},;:#\"'-=/|".contains(c);
    text.split(mark)
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
}

/// The status in what a server said: the one beside a code, or else the first.
pub(crate) fn status_in(text: &str) -> Option<Status> {
    let refusing = |status: &Status| status.class != 2;
    let first = || tokens(text).filter_map(Status::parse).find(refusing);
    status_beside(text).or_else(first)
}

/// The status that stands beside a code of SMTP, `550 5.1.1`, or beside a `#`.
pub(crate) fn status_beside(text: &str) -> Option<Status> {
    let mut above: Option<u16> = None;
    for token in tokens(text) {
        let status = Status::parse(token).filter(|status| status.class != 2);
        if let Some(status) = status
            && (above.is_some_and(|code| code / 100 == u16::from(status.class))
                || text.contains(&format!("#{token}")))
        {
            return Some(status);
        }
        above = code(token);
    }
    None
}

/// The code of SMTP in what a server said.
pub(crate) fn code_in(text: &str) -> Option<u16> {
    tokens(text).find_map(code)
}

/// A code of SMTP that refuses.
fn code(token: &str) -> Option<u16> {
    if token.len() != 3 || !token.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let code = token.parse().ok()?;
    matches!(code, 421..=422 | 431..=432 | 441..=442 | 446..=447 | 450..=455 | 471 | 500..=504
        | 510..=513 | 521..=523 | 530 | 535 | 541 | 550..=557 | 571)
    .then_some(code)
}

/// Whether words say that the address does not exist or that its mailbox is full: enough, in a
/// bounce without any code.
pub(crate) fn is_known(text: &str) -> bool {
    let said = words(&clean::line(text, MAX_REPLY));
    [UNKNOWN.as_slice(), FULL.as_slice()]
        .iter()
        .any(|list| list.iter().any(|words| said.contains(words)))
}

#[cfg(test)]
mod tests;

//! Delivery reports (RFC 3464): what became of a message, recipient by recipient.

use crate::clean;
use crate::fields::{self, Fields};
use crate::mime::Part;
use crate::original::Original;
use crate::severity::Severity;

/// Reports at most kept of one message; each of our copies has one recipient.
const MAX_REPORTS: usize = 100;
/// Groups of fields at most read in a report.
const MAX_GROUPS: usize = 1_000;
/// Characters at most in a diagnostic.
pub(crate) const MAX_DIAGNOSTIC: usize = 300;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It was not delivered and will not be.
    Failed,
    /// It is not delivered yet; the server still tries.
    Delayed,
    /// It was delivered.
    Delivered,
    /// It was handed to a server that says nothing of what follows.
    Relayed,
    /// It was handed on to the members of a list.
    Expanded,
}

/// A status code (RFC 3463), such as 5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status {
    /// 2 for a success, 4 for what may pass, 5 for what will not.
    pub class: u8,
    /// What it is about: 1 the address, 2 the mailbox, 3 the server, 4 the network, 5 the
    /// protocol, 6 the content, 7 security and policy, 0 something else.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl Status {
    /// From `5.1.1`, alone; none when it is not a status.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|part| {
            let digits = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        });
        let class = numbers.next()??;
        let subject = numbers.next()??;
        let detail = numbers.next()??;
        if numbers.next().is_some() || !matches!(class, 2 | 4 | 5) {
            return None;
        }
        Some(Self {
            class: class as u8,
            subject,
            detail,
        })
    }
}

/// What became of a message for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub action: Action,
    /// Its status, when one is given.
    pub status: Option<Status>,
    /// Where it was going at last (`Final-Recipient`), or else where we sent it.
    pub recipient: Option<String>,
    /// Where we sent it (`Original-Recipient`), when the report says so: they differ when mail is
    /// forwarded.
    pub original_recipient: Option<String>,
    /// What the server said, one line of at most 300 characters.
    pub diagnostic: String,
    /// The message that the report is about.
    pub original: Original,
}

/// What reports say of the copy that was sent to one recipient, by any of its `addresses`; none
/// when it is not said to have failed.
///
/// A report may speak of several recipients: an alias that was handed on to two, of whom one
/// received. What it says of those who are somebody else is nothing. Where it names nobody that we
/// know (they forward their mail), the copy has failed when all that it speaks of has.
pub fn verdict<'a>(reports: &'a [Report], addresses: &[&str]) -> Option<(&'a Report, Severity)> {
    let ours = |report: &&Report| {
        [&report.original_recipient, &report.recipient]
            .into_iter()
            .flatten()
            .any(|named| {
                let named = named.to_lowercase();
                addresses.iter().any(|known| known.to_lowercase() == named)
            })
    };
    let mut about: Vec<&Report> = reports.iter().filter(ours).collect();
    if about.is_empty() {
        about = reports.iter().collect();
    }
    let judged = |report: &'a Report| report.severity().map(|severity| (report, severity));
    let failed: Option<Vec<_>> = about.into_iter().map(judged).collect();
    // The mildest: in doubt an address is kept.
    failed?
        .into_iter()
        .min_by_key(|(_, severity)| match severity {
            Severity::Sender => 0,
            Severity::Policy => 1,
            Severity::Soft => 2,
            Severity::Hard => 3,
        })
}

/// Fields of one recipient, before they are judged.
#[derive(Default)]
struct Group {
    action: String,
    status: String,
    last: Option<String>,
    first: Option<String>,
    diagnostic: String,
}

impl Group {
    fn read(fields: &Fields<'_>) -> Option<Self> {
        let known = ["Final-Recipient", "Original-Recipient", "Action", "Status"];
        if !known.iter().any(|name| fields.has(name)) {
            return None;
        }
        Some(Self {
            action: fields.word("Action"),
            status: fields.word("Status"),
            last: fields.first("Final-Recipient").and_then(recipient),
            first: fields.first("Original-Recipient").and_then(recipient),
            diagnostic: diagnostic(&fields.plain("Diagnostic-Code", 1_000)),
        })
    }

    /// Some servers leave a blank line between the fields of one recipient.
    fn continues(&self, above: &Self) -> bool {
        let named = |group: &Self| group.last.is_some() || group.first.is_some();
        !named(self) && named(above) && above.action.is_empty() && above.status.is_empty()
    }

    fn judged(self, original: &Original) -> Option<Report> {
        let status = Status::parse(&self.status);
        let action = match (self.action.as_str(), status.map(|status| status.class)) {
            ("failed" | "failure", _) => Action::Failed,
            ("delayed" | "delay", _) => Action::Delayed,
            ("delivered", _) => Action::Delivered,
            ("relayed", _) => Action::Relayed,
            ("expanded", _) => Action::Expanded,
            (_, Some(5)) => Action::Failed,
            (_, Some(4)) => Action::Delayed,
            (_, Some(2)) => Action::Delivered,
            _ => return None,
        };
        Some(Report {
            action,
            status,
            recipient: self.last.or_else(|| self.first.clone()),
            original_recipient: self.first,
            diagnostic: self.diagnostic,
            original: original.clone(),
        })
    }
}

/// The reports in a message; empty when it holds none that can be read.
pub(crate) fn read(root: &Part<'_>) -> Vec<Report> {
    let mut parts = Vec::new();
    root.every(
        &["message/delivery-status", "message/global-delivery-status"],
        &mut parts,
    );
    if parts.is_empty() {
        return Vec::new();
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut left = MAX_GROUPS;
    for part in parts {
        let bytes = part.bytes();
        let mut rest = bytes.trim_ascii_start();
        while left > 0 && !rest.is_empty() {
            left -= 1;
            let (fields, after) = fields::split(rest);
            rest = after.trim_ascii_start();
            let Some(group) = Group::read(&fields) else {
                continue;
            };
            match groups.last_mut() {
                Some(above) if group.continues(above) => {
                    above.action = group.action;
                    above.status = group.status;
                    above.diagnostic = group.diagnostic;
                }
                _ => groups.push(group),
            }
        }
    }
    let original = Original::find(root);
    let mut reports: Vec<Report> = Vec::new();
    for report in groups
        .into_iter()
        .filter_map(|group| group.judged(&original))
    {
        if reports.len() >= MAX_REPORTS {
            break;
        }
        if !reports.contains(&report) {
            reports.push(report);
        }
    }
    reports
}

/// What a server said, without the name of the protocol it said it in.
fn diagnostic(text: &str) -> String {
    let said = match text.split_once(';') {
        Some((kind, said)) if !kind.trim().contains(' ') => said,
        _ => text,
    };
    clean::line(said, MAX_DIAGNOSTIC)
}

/// The address of a recipient, when it is one of internet mail: `rfc822; jean@exemple.fr`.
fn recipient(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value);
    let (kind, address) = match text.split_once(';') {
        Some((kind, address)) => (kind.trim().to_ascii_lowercase(), address.trim()),
        None => ("rfc822".to_owned(), text.trim()),
    };
    match kind.as_str() {
        "rfc822" => clean::address(&xtext(address)),
        "utf-8" => clean::address(&unicode(address)?),
        _ => None,
    }
}

/// Undoes what RFC 3461 does to an address, `+2B` for `+`, which some servers leave in. `+` starts
/// the detail of an address as well: only what has to be written so is undone.
fn xtext(address: &str) -> String {
    let plain = address.replace("+3D", "=").replace("+2B", "+");
    if plain.contains('@') {
        plain
    } else {
        plain.replace("+40", "@")
    }
}

/// Undoes what RFC 6533 does to an address that is not ASCII: `\x{E9}` for `é`.
fn unicode(address: &str) -> Option<String> {
    let mut pieces = address.split("\\x{");
    let mut plain = pieces.next()?.to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('}')?;
        plain.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        plain.push_str(rest);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::{Status, diagnostic, recipient};

    #[test]
    fn a_status_is_three_numbers() {
        let known = Status {
            class: 5,
            subject: 4,
            detail: 310,
        };
        assert_eq!(Status::parse("5.4.310"), Some(known));
        assert_eq!(known.to_string(), "5.4.310");
        for wrong in [
            "", "5", "5.1", "5.1.1.1", "3.1.1", "5.1.x", "5..1", "5.1.1000", "+5.1.1",
        ] {
            assert_eq!(Status::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn recipients_are_of_internet_mail() {
        for (written, read) in [
            ("rfc822;jean@Exemple.fr", Some("jean@exemple.fr")),
            ("RFC822 ; <jean@exemple.fr>", Some("jean@exemple.fr")),
            ("jean@exemple.fr", Some("jean@exemple.fr")),
            (
                "rfc822;jean+2Bnews@exemple.fr",
                Some("jean+news@exemple.fr"),
            ),
            ("rfc822;jean+2024@exemple.fr", Some("jean+2024@exemple.fr")),
            ("rfc822;jean+40exemple.fr", Some("jean@exemple.fr")),
            ("utf-8;zo\\x{E9}@exemple.fr", Some("zoé@exemple.fr")),
            ("utf-8;zo\\x{D800}@exemple.fr", None),
            ("utf-8;zo\\x{A}@exemple.fr", None),
            ("x400;/C=FR/A=ATLAS/P=X/O=Y/S=Dupont/", None),
            ("rfc822;a@exemple.fr\r\n Bcc: b@exemple.fr", None),
            ("unknown", None),
        ] {
            assert_eq!(recipient(written.as_bytes()).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_diagnostic_is_what_was_said() {
        assert_eq!(
            diagnostic("smtp; 550 5.1.1 no; sorry"),
            "550 5.1.1 no; sorry"
        );
        assert_eq!(diagnostic("550 unknown; sorry"), "550 unknown; sorry");
    }
}

//! What a message is.

use crate::clean;
use crate::complaint::Complaint;
use crate::letter::{self, Letter};
use crate::mime::{self, Part};
use crate::plain::{self, Sign};
use crate::report::{self, Report};

/// Bytes at most in a message.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Addresses at most kept of those it was delivered to.
const MAX_TO: usize = 50;
/// Identifiers at most kept of the messages it answers.
const MAX_PARENTS: usize = 50;
/// Characters at most in a subject.
const MAX_SUBJECT: usize = 500;

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than [`MAX_BYTES`].
    #[error("the message is larger than 5 MiB")]
    TooLarge,
    /// It has no header.
    #[error("this is not a message")]
    NotAMessage,
}

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Addresses it was delivered to, at most 50, those that a server wrote first:
    /// `Delivered-To`, `X-Original-To`, `Envelope-To`, `X-Envelope-To`, then `To` and `Cc`.
    /// Domains are in lower case.
    pub to: Vec<String>,
    /// Address of who says they wrote it.
    pub from: Option<String>,
    /// Their name, one line of at most 200 characters; may be empty.
    pub from_name: String,
    /// Subject, one line of at most 500 characters; may be empty.
    pub subject: String,
    /// Its Message-ID, without its brackets.
    pub message_id: Option<String>,
    /// The messages it answers, the nearest first: `In-Reply-To`, then `References` from its end;
    /// at most 50, without their brackets.
    pub in_reply_to: Vec<String>,
    /// What it is.
    pub kind: What,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It says what became of a message: at least one report, one a recipient.
    Report(Vec<Report>),
    /// Somebody complained of a message.
    Complaint(Complaint),
    /// A program wrote it, about nothing that matters here: an absence, a receipt.
    Automatic,
    /// A program wrote it, for somebody who will not come back: they left, or changed their address.
    Gone(Letter),
    /// Somebody wrote it.
    Written(Letter),
}

/// Says what a message is.
///
/// # Errors
///
/// It is too large, or not a message at all.
pub fn read(bytes: &[u8]) -> Result<Incoming, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let root = mime::read(bytes).ok_or(Unreadable::NotAMessage)?;
    let fields = &root.fields;
    let (from_name, from) = fields.person("From");
    let id = fields.plain("Message-ID", 1_000);
    Ok(Incoming {
        to: delivered_to(&root),
        from,
        from_name,
        subject: fields.decoded("Subject", MAX_SUBJECT),
        message_id: clean::ids(&id, 1).pop(),
        in_reply_to: parents(&root),
        kind: kind(&root),
    })
}

fn delivered_to(root: &Part<'_>) -> Vec<String> {
    let mut to: Vec<String> = Vec::new();
    for name in [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "To",
        "Cc",
    ] {
        for address in root.fields.addresses(name, MAX_TO) {
            if to.len() < MAX_TO && !to.contains(&address) {
                to.push(address);
            }
        }
    }
    to
}

fn parents(root: &Part<'_>) -> Vec<String> {
    let read = |name| clean::ids(&root.fields.plain(name, 16 * 1024), 500);
    let mut parents = read("In-Reply-To");
    parents.truncate(MAX_PARENTS);
    for id in read("References").into_iter().rev() {
        if parents.len() < MAX_PARENTS && !parents.contains(&id) {
            parents.push(id);
        }
    }
    parents
}

fn kind(root: &Part<'_>) -> What {
    if let Some(complaint) = Complaint::read(root) {
        return What::Complaint(complaint);
    }
    let reports = report::read(root);
    if !reports.is_empty() {
        return What::Report(reports);
    }
    let text = letter::source(root);
    let sign = sign(root, &text);
    if let Some(report) = sign.and_then(|sign| plain::read(root, &text, sign)) {
        return What::Report(vec![report]);
    }
    if sign.is_some() || is_automatic(root) {
        return match is_reply(root) && says_gone(root, &text) {
            true => What::Gone(letter::read(root, &text)),
            false => What::Automatic,
        };
    }
    What::Written(letter::read(root, &text))
}

/// Whether nobody is to be told when it cannot be delivered: none when nothing says.
fn is_senderless(root: &Part<'_>) -> Option<bool> {
    let path = root.fields.plain("Return-Path", 500);
    (!path.is_empty()).then(|| path.starts_with("<>"))
}

/// Whether it looks like a bounce.
fn sign(root: &Part<'_>, text: &str) -> Option<Sign> {
    let fields = &root.fields;
    if fields.word("Auto-Submitted") == "auto-replied" && !fields.has("X-Failed-Recipients") {
        // Bounces are so marked as well (RFC 3834), but so are absences.
        return is_daemon(root).then_some(Sign::Sure);
    }
    let sure = is_daemon(root)
        || fields.has("X-Failed-Recipients")
        || root
            .attribute("report-type")
            .eq_ignore_ascii_case("delivery-status")
        || clean::fold(
            text.get(..text.floor_char_boundary(500))
                .unwrap_or_default(),
        )
        .contains("this is the qmail-send program")
        || (is_senderless(root) != Some(false) && !fields.has("In-Reply-To") && is_returned(root));
    if sure {
        return Some(Sign::Sure);
    }
    (is_senderless(root) == Some(true)).then_some(Sign::Faint)
}

/// Whether a mail server says it wrote it.
fn is_daemon(root: &Part<'_>) -> bool {
    let from = root.fields.plain("From", 1_000).to_lowercase();
    let (name, _) = root.fields.person("From");
    let name = clean::fold(&name);
    let server = [
        "mailer-daemon",
        "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
    ];
    let called = [
        "mail delivery subsystem",
        "mail delivery system",
        "mail deliverer",
    ];
    if server.iter().any(|known| from.contains(known)) || called.iter().any(|n| name.contains(n)) {
        return true;
    }
    // A postmaster is also a person, who has an address to answer to.
    let automatic = matches!(root.fields.word("Auto-Submitted").as_str(), word if !word.is_empty() && word != "no");
    from.contains("postmaster") && (automatic || is_senderless(root) != Some(false))
}

/// Whether its subject is that of a bounce.
fn is_returned(root: &Part<'_>) -> bool {
    const SUBJECTS: [&str; 16] = [
        "undeliverable",
        "undelivered mail",
        "undeliverable mail",
        "delivery status notification",
        "delivery failure",
        "delivery notification",
        "mail delivery failed",
        "mail system error",
        "message delivery failure",
        "returned mail",
        "failure notice",
        "non remis",
        "non distribuable",
        "echec de la remise",
        "echec de remise",
        "unzustellbar",
    ];
    let subject = clean::fold(&root.fields.decoded("Subject", MAX_SUBJECT));
    SUBJECTS.iter().any(|known| subject.starts_with(known))
}

/// Whether a program wrote it (RFC 3834, and what programs wrote before it).
fn is_automatic(root: &Part<'_>) -> bool {
    const ABSENCES: [&str; 13] = [
        "reponse automatique",
        "reponse d'absence",
        "message d'absence",
        "absence du bureau",
        "absent du bureau",
        "absent(e) du bureau",
        "automatic reply",
        "auto reply",
        "out of office",
        "out of the office",
        "automatische antwort",
        "abwesenheitsnotiz",
        "respuesta automatica",
    ];
    let fields = &root.fields;
    let submitted = fields.word("Auto-Submitted");
    let suppressed = fields.word("X-Auto-Response-Suppress");
    let precedence = fields.word("Precedence");
    let subject = clean::fold(&fields.decoded("Subject", MAX_SUBJECT));
    (!submitted.is_empty() && submitted != "no")
        || (!suppressed.is_empty() && suppressed != "none")
        || ["bulk", "junk", "auto_reply", "auto-reply"].contains(&precedence.as_str())
        || [
            "X-Autoreply",
            "X-Autorespond",
            "X-Autoresponder",
            "X-Vacation",
        ]
        .iter()
        .any(|name| fields.has(name))
        || is_senderless(root) == Some(true)
        || root.kind == "multipart/report"
        || root.find(&["message/disposition-notification"]).is_some()
        || ABSENCES.iter().any(|known| subject.starts_with(known))
}

/// Whether it is what somebody's mailbox answers in their place, not a receipt nor a server's report.
fn is_reply(root: &Part<'_>) -> bool {
    !is_daemon(root)
        && root.kind != "multipart/report"
        && root.find(&["message/disposition-notification"]).is_none()
}

/// Whether the first words say that somebody left for good, or writes from another address now.
fn says_gone(root: &Part<'_>, text: &str) -> bool {
    const WORDS: [&str; 46] = [
        "ne travaille plus",
        "ne travaillons plus",
        "ne fais plus partie",
        "ne fait plus partie",
        "n'exerce plus",
        "n'occupe plus",
        "ne suis plus en poste",
        "n'est plus en poste",
        "n'est plus dans",
        "n'est plus au sein",
        "n'est plus salarie",
        "ne suis plus salarie",
        "ne suis plus dans l",
        "a quitte ",
        "ai quitte ",
        "quitte mes fonctions",
        "quitte ses fonctions",
        "quitte definitivement",
        "depart a la retraite",
        "suis a la retraite",
        "est a la retraite",
        "parti a la retraite",
        "partie a la retraite",
        "en retraite",
        "plus utilisee",
        "plus consultee",
        "plus consulte",
        "plus relevee",
        "plus active",
        "plus valide",
        "plus en service",
        "nouvelle adresse",
        "change d'adresse",
        "adresse a change",
        "est decede",
        "no longer with",
        "no longer work",
        "no longer employed",
        "no longer monitored",
        "no longer in use",
        "no longer at ",
        "has left",
        "have left",
        "new email address",
        "new e-mail address",
        "nicht mehr",
    ];
    let mut said = root.fields.decoded("Subject", MAX_SUBJECT);
    said.push(' ');
    said.push_str(text.get(..text.floor_char_boundary(2_000)).unwrap_or(text));
    let said = clean::fold(&said);
    WORDS.iter().any(|words| said.contains(words))
}

#[cfg(test)]
mod tests;

//! Pure rules: masked addresses, failures as text, times of mails.

use passerelle_kernel::{Micros, Uuid};
use sha2::{Digest, Sha256};

/// What stands for the part of an address that is hidden.
const MASK: &str = "•••";
/// Characters kept of what a mail server answers.
const LONGEST_DETAIL: usize = 300;

/// `a•••@exemple.fr`: enough to recognise one's own address in a log.
pub fn mask_address(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return MASK.to_owned();
    };
    // A log line is one line, whatever came as a domain.
    let domain: String = domain
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    match local.chars().next().filter(|c| c.is_alphanumeric()) {
        Some(first) => format!("{first}{MASK}@{domain}"),
        None => format!("{MASK}@{domain}"),
    }
}

/// The answer of a mail server on one line, cut, without anybody's address:
/// servers like to repeat the one they were given, with or without its domain.
pub fn mask_text(text: &str, recipient: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        words.push(mask_word(word));
    }
    let mut masked = words.join(" ");
    if let Some((local, _)) = recipient.rsplit_once('@')
        && local.chars().count() >= 3
    {
        masked = masked.replace(local, MASK);
    }
    if masked.chars().count() > LONGEST_DETAIL {
        masked = masked.chars().take(LONGEST_DETAIL).chain(['…']).collect();
    }
    masked
}

/// Masks every address within a word, keeping the brackets around it.
fn mask_word(word: &str) -> String {
    let around = |c: char| "<>()[]\"'`,;:=".contains(c);
    let mut out = String::with_capacity(word.len());
    for piece in word.split_inclusive(around) {
        let bare = piece.trim_end_matches(around);
        if bare.contains('@') {
            out.push_str(&mask_address(bare));
            out.push_str(&piece[bare.len()..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// Why a job of ours did not succeed, as its text says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Code of a [`super::DeliveryError`], `other` for anything else.
    pub code: String,
    /// Masked address; empty when unknown.
    pub recipient: String,
    /// The rest, in the words of whoever refused.
    pub detail: String,
}

/// Codes that [`Failure::parse`] recognises.
pub(super) const CODES: [&str; 8] = [
    "settings",
    "address",
    "message",
    "refused",
    "deferred",
    "credentials",
    "unreachable",
    "folder",
];

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.code, self.recipient, self.detail)
    }
}

impl Failure {
    /// From the text of a job's last error.
    pub fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, ": ");
        match (parts.next(), parts.next(), parts.next()) {
            (Some(code), Some(recipient), Some(detail)) if CODES.contains(&code) => Self {
                code: code.to_owned(),
                recipient: recipient.to_owned(),
                detail: detail.to_owned(),
            },
            _ => Self {
                code: "other".to_owned(),
                recipient: String::new(),
                detail: text.to_owned(),
            },
        }
    }
}

/// When a mail was written: the instant within its identifier, so that a retry
/// carries the same date; none when the identifier is not a `UUIDv7`.
pub(super) fn written_at(id: Uuid) -> Option<Micros> {
    let (seconds, nanos) = id
        .get_timestamp()
        .filter(|_| id.get_version_num() == 7)?
        .to_unix();
    Some(i64::try_from(seconds).ok()?.checked_mul(1_000_000)? + i64::from(nanos / 1000))
}

/// Says in the journal to which address a mail went without writing it: whoever
/// knows the address can check it, and two mails to one address look unrelated.
pub(crate) fn recipient_hash(message_id: &str, address: &str) -> String {
    hex::encode(Sha256::digest(format!(
        "{message_id}\n{}",
        address.trim().to_lowercase()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_domain() {
        assert_eq!(mask_address("amina.benali@exemple.fr"), "a•••@exemple.fr");
        assert_eq!(mask_address("élodie@été.fr"), "é•••@été.fr");
        assert_eq!(mask_address("\"a b\"@exemple.fr"), "•••@exemple.fr");
        assert_eq!(mask_address("no address"), "•••");
        assert_eq!(mask_address("x@a.fr\r\nBcc: y@b.fr"), "x•••@b.fr");
    }

    #[test]
    fn no_address_is_left_in_what_a_server_answered() {
        let answer = "550 5.1.1 <amina.benali@exemple.fr>: user amina.benali unknown,\r\nask postmaster@exemple.fr";
        let masked = mask_text(answer, "amina.benali@exemple.fr");
        assert_eq!(
            masked,
            "550 5.1.1 <a•••@exemple.fr>: user ••• unknown, ask p•••@exemple.fr"
        );
    }

    #[test]
    fn a_long_answer_is_cut() {
        let masked = mask_text(&"é".repeat(1000), "a@exemple.fr");
        assert_eq!(masked.chars().count(), LONGEST_DETAIL + 1);
    }

    #[test]
    fn a_failure_is_read_back_as_it_was_written() {
        let failure = Failure {
            code: "refused".to_owned(),
            recipient: "a•••@exemple.fr".to_owned(),
            detail: "550: no: such user".to_owned(),
        };
        assert_eq!(Failure::parse(&failure.to_string()), failure);
        let other = Failure::parse("the handler panicked: at: once");
        assert_eq!(
            (other.code.as_str(), other.detail.as_str()),
            ("other", "the handler panicked: at: once")
        );
    }

    #[test]
    fn a_mail_is_dated_by_its_identifier() {
        let id = Uuid::from_u64_pair((1_795_000_000_123 << 16) | 0x7000, 0x8000_0000_0000_0001);
        assert_eq!(written_at(id), Some(1_795_000_000_123_000));
        assert_eq!(written_at(Uuid::nil()), None);
    }

    #[test]
    fn the_hash_of_a_recipient_ignores_capitals_and_differs_by_mail() {
        let one = recipient_hash("<1@exemple.fr>", "Amina@Exemple.fr");
        assert_eq!(one, recipient_hash("<1@exemple.fr>", "amina@exemple.fr"));
        assert_ne!(one, recipient_hash("<2@exemple.fr>", "amina@exemple.fr"));
    }
}

//! Addresses, checked once: what is accepted anywhere can be written to, what cannot is refused
//! with its reason, and what is only untidy is put in order.
//!
//! The form is the dot-string of RFC 5321, section 4.1.2, of ASCII letters before the `@` (a
//! server that takes others, RFC 6531, is not to be counted on), and after it a name of at least
//! two labels, which may be written in any script (RFC 5890).

use unicode_normalization::UnicodeNormalization;

use crate::fold::is_invisible;

/// Signs that RFC 5321 allows before the `@` beside letters and digits.
const SIGNS: &str = "!#$%&'*+-/=?^_`{|}~.";

/// An address that can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As it was written, put in order.
    pub written: String,
    /// What tells two addresses apart, and what mail servers take: small letters, the domain in ASCII.
    pub key: String,
}

/// Why an address cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing is written.
    #[error("nothing is written")]
    Empty,
    /// There is no `@`, or nothing on one of its sides.
    #[error("there is no @ between two parts")]
    NoAt,
    /// There are several `@`.
    #[error("there are several @")]
    Ats,
    /// Several addresses stand there.
    #[error("there are several addresses")]
    Several,
    /// There is a space within.
    #[error("there is a space within")]
    Space,
    /// A letter with an accent, or of another script, before the `@`.
    #[error("a letter before the @ that mail servers refuse")]
    Accent,
    /// A sign that an address cannot have.
    #[error("a sign that an address cannot have")]
    Sign,
    /// A dot at an end of the first part, or two together.
    #[error("two dots together, or one at an end")]
    Dots,
    /// More than 64 characters before the `@`, or 254 in all.
    #[error("too long")]
    Long,
    /// What follows the `@` is no domain: it has no dot, or is a number.
    #[error("what follows the @ is no domain")]
    Domain,
}

impl Problem {
    /// Id of the message that says what to correct.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "address-problem-empty",
            Self::NoAt => "address-problem-at",
            Self::Ats => "address-problem-ats",
            Self::Several => "address-problem-several",
            Self::Space => "address-problem-space",
            Self::Accent => "address-problem-accent",
            Self::Sign => "address-problem-sign",
            Self::Dots => "address-problem-dots",
            Self::Long => "address-problem-long",
            Self::Domain => "address-problem-domain",
        }
    }

    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::Empty,
        Self::NoAt,
        Self::Ats,
        Self::Several,
        Self::Space,
        Self::Accent,
        Self::Sign,
        Self::Dots,
        Self::Long,
        Self::Domain,
    ];
}

/// Puts in order what is only untidy, whether an address comes out or not: spaces around, signs
/// that nobody sees, wide letters, an apostrophe that a word processor curved, `mailto:`, a name
/// before `<…>`, a dot at the end.
pub fn tidy(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .filter(|c| !is_invisible(*c) && *c != '\0')
        .map(|c| match c {
            '’' | '‘' | 'ʼ' => '\'',
            '‐' | '‑' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let mut text = plain.trim();
    if let Some((_, inner)) = text.rsplit_once('<')
        && let Some(inner) = inner.strip_suffix('>')
        && text.matches('<').count() == 1
    {
        text = inner.trim();
    }
    if text
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("mailto:"))
    {
        text = text[7..].split('?').next().unwrap_or_default();
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || "\"<>;,".contains(c));
    let text = text.trim_end_matches('.').trim();
    match text.split_once('@') {
        Some((local, domain)) => format!("{}@{}", local.trim_end(), domain.trim_start()),
        None => text.to_owned(),
    }
}

/// Reads an address, whatever its untidiness.
///
/// # Errors
///
/// Why nothing can be sent to it.
pub fn read(text: &str) -> Result<Address, Problem> {
    let written = tidy(text);
    if written.is_empty() {
        return Err(Problem::Empty);
    }
    let ats = written.matches('@').count();
    let between = |c: char| c == ';' || c == ',' || c == ' ' || c == '/' || c == '|';
    if ats > 1 {
        let parts = written.split(between).filter(|part| part.contains('@'));
        return Err(match parts.count() > 1 {
            true => Problem::Several,
            false => Problem::Ats,
        });
    }
    let (local, domain) = written.split_once('@').ok_or(Problem::NoAt)?;
    if local.is_empty() || domain.is_empty() {
        return Err(Problem::NoAt);
    }
    if written.contains(' ') {
        return Err(Problem::Space);
    }
    check_local(local)?;
    let domain = check_domain(domain)?;
    let key = format!("{}@{domain}", local.to_ascii_lowercase());
    if key.len() > 254 || written.len() > 254 {
        return Err(Problem::Long);
    }
    Ok(Address { written, key })
}

fn check_local(local: &str) -> Result<(), Problem> {
    if !local.is_ascii() {
        return Err(Problem::Accent);
    }
    if !local
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || SIGNS.contains(c))
    {
        return Err(Problem::Sign);
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Problem::Dots);
    }
    match local.len() > 64 {
        true => Err(Problem::Long),
        false => Ok(()),
    }
}

/// The domain in ASCII.
fn check_domain(domain: &str) -> Result<String, Problem> {
    if domain
        .chars()
        .any(|c| !c.is_alphanumeric() && !is_mark(c) && c != '-' && c != '.')
    {
        return Err(Problem::Sign);
    }
    if domain.starts_with('.') || domain.contains("..") {
        return Err(Problem::Dots);
    }
    if !domain.contains('.') {
        return Err(Problem::Domain);
    }
    let Ok(url::Host::Domain(ascii)) = url::Host::parse(&domain.to_lowercase()) else {
        return Err(Problem::Domain);
    };
    let sound = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = ascii.rsplit('.').next().unwrap_or_default();
    if !ascii.contains('.') || !ascii.split('.').all(sound) || top.len() < 2 {
        return Err(Problem::Domain);
    }
    if top.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::Domain);
    }
    Ok(ascii)
}

/// Marks within words of scripts that need them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) && !c.is_ascii()
}

/// What tells addresses apart, for what was accepted before it was checked as now as well.
pub fn key(text: &str) -> String {
    read(text).map_or_else(|_| tidy(text).to_lowercase(), |address| address.key)
}

/// Whether it is an address, in order already.
pub fn is_address(text: &str) -> bool {
    read(text).is_ok_and(|address| address.written == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepted by an import, these were refused by every sending, or refused with one reason for all.
    #[test]
    fn each_address_is_accepted_put_in_order_or_refused_with_its_reason() {
        let long = |n: usize| format!("{}@example.org", "a".repeat(n));
        for (text, key) in [
            ("marie+formation@example.org", "marie+formation@example.org"),
            ("jean.o'connor@example.org", "jean.o'connor@example.org"),
            ("j’oublie@example.org", "j'oublie@example.org"),
            (
                "contact@forêt-école.example",
                "contact@xn--fort-cole-f4ai.example",
            ),
            (
                "contact@xn--fort-cole-f4ai.example",
                "contact@xn--fort-cole-f4ai.example",
            ),
            ("Prenom.Nom@Example.org.", "prenom.nom@example.org"),
            ("nom @example.org", "nom@example.org"),
            (
                "Marie Durand <marie.durand@example.org>",
                "marie.durand@example.org",
            ),
            ("mailto:paul@example.org", "paul@example.org"),
            ("insecable@example.org\u{a0}", "insecable@example.org"),
            ("zero\u{200b}largeur@example.org", "zerolargeur@example.org"),
            ("prenom-_.nom@example.org", "prenom-_.nom@example.org"),
            ("_service@example.org", "_service@example.org"),
            ("1234@example.org", "1234@example.org"),
            (&long(64), &long(64)),
            (
                "nom@sous.domaine.museum.example",
                "nom@sous.domaine.museum.example",
            ),
            ("ｎｏｍ＠example.org", "nom@example.org"),
            ("nom@example.org;", "nom@example.org"),
        ] {
            assert_eq!(
                read(text).map(|address| address.key),
                Ok(key.to_owned()),
                "{text}"
            );
        }
        for (text, problem) in [
            (" ", Problem::Empty),
            ("amina", Problem::NoAt),
            ("@example.org", Problem::NoAt),
            ("élodie@example.org", Problem::Accent),
            ("a@b", Problem::Domain),
            ("a@1.2.3.4", Problem::Domain),
            ("a@[127.0.0.1]", Problem::Sign),
            ("a@example.c", Problem::Domain),
            ("a@-example.org", Problem::Domain),
            ("nom@example,org", Problem::Sign),
            ("nom@@example.org", Problem::Ats),
            ("claire martin@example.org", Problem::Space),
            ("x@example.org; y@example.org", Problem::Several),
            ("x@example.org y@example.org", Problem::Several),
            (&long(65), Problem::Long),
            ("nom..prenom@example.org", Problem::Dots),
            (".nom@example.org", Problem::Dots),
            ("nom@example..org", Problem::Dots),
            ("a(b)@example.org", Problem::Sign),
            ("\"a b\"@example.org", Problem::Space),
            ("a@x.fr\r\nBcc: y@z.fr", Problem::Several),
        ] {
            assert_eq!(read(text), Err(problem), "{text}");
        }
        assert!(is_address("a@exemple.fr") && !is_address(" a@exemple.fr"));
    }

    #[test]
    fn what_is_in_order_stays_so() {
        for text in [
            "Marie <marie@example.org>",
            "mailto:a@b.example?subject=x",
            "a’b@c.example",
        ] {
            let once = tidy(text);
            assert_eq!(tidy(&once), once, "{text}");
            assert!(is_address(&once), "{once}");
        }
        assert_eq!(key("Élodie@Example.org"), "élodie@example.org");
    }
}

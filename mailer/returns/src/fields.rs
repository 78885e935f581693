//! Header fields of a message or of a part.
//!
//! The split is ours, so that a field of a megabyte or a million fields cost nothing; what a field
//! says is read by `mail-parser`.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};

use crate::clean;

/// Fields at most in a header.
const MAX_FIELDS: usize = 1_000;
/// Bytes at most of a field; what follows is dropped.
const MAX_FIELD: usize = 16 * 1024;
/// Bytes at most in the name of a field.
const MAX_NAME: usize = 80;

/// The fields of a header, in order.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(Vec<(&'a [u8], &'a [u8])>);

/// The line that starts `bytes`, its end included, and what follows it.
pub(crate) fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|&b| b == b'\n');
    Some(bytes.split_at(end.map_or(bytes.len(), |at| at + 1)))
}

/// The header at the start of `bytes`, and what follows its blank line.
pub(crate) fn split(bytes: &[u8]) -> (Fields<'_>, &[u8]) {
    let mut found: Vec<(&[u8], usize, usize)> = Vec::new();
    let mut rest = bytes;
    while let Some((line, after)) = next_line(rest) {
        let start = bytes.len() - rest.len();
        let end = start + line.len();
        rest = after;
        if line.trim_ascii_end().is_empty() && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if let Some((_, _, until)) = found.last_mut() {
                *until = end;
            }
            continue;
        }
        if found.len() >= MAX_FIELDS {
            continue;
        }
        let Some(colon) = line.iter().take(MAX_NAME).position(|&b| b == b':') else {
            // What follows is no part of the field above it.
            found.push((b"", end, end));
            continue;
        };
        let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
        let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
        found.push((if named { name } else { b"" }, start + colon + 1, end));
    }
    let fields = found
        .into_iter()
        .filter(|(name, ..)| !name.is_empty())
        .filter_map(|(name, start, end)| {
            let value = bytes.get(start..end.min(start + MAX_FIELD))?;
            Some((name, value.trim_ascii()))
        })
        .collect();
    (Fields(fields), rest)
}

impl<'a> Fields<'a> {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What each field of that name holds, as it was written.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| *value)
    }

    /// What the first field of that name holds.
    pub(crate) fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Whether there is a field of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The first field of that name as one line; empty when there is none.
    pub(crate) fn plain(&self, name: &str, max: usize) -> String {
        let value = self.first(name).unwrap_or_default();
        clean::line(&String::from_utf8_lossy(value), max)
    }

    /// The first word of the first field of that name, in lower case, up to a `;`.
    pub(crate) fn word(&self, name: &str) -> String {
        let line = self.plain(name, 200).to_ascii_lowercase();
        line.split([';', ' ']).next().unwrap_or_default().to_owned()
    }

    /// The same as [`Fields::plain`], its encoded words decoded (RFC 2047).
    pub(crate) fn decoded(&self, name: &str, max: usize) -> String {
        let whole = terminated(self.first(name).unwrap_or_default());
        match MessageStream::new(&whole).parse_unstructured() {
            HeaderValue::Text(text) => clean::line(&text, max),
            _ => String::new(),
        }
    }

    /// Addresses in the fields of that name, at most `max`.
    pub(crate) fn addresses(&self, name: &str, max: usize) -> Vec<String> {
        let mut found = Vec::new();
        for value in self.all(name).take(max) {
            for (_, address) in people(value) {
                found.extend(clean::address(&address));
                if found.len() >= max {
                    return found;
                }
            }
        }
        found
    }

    /// Name and address of the first person in the first field of that name.
    pub(crate) fn person(&self, name: &str) -> (String, Option<String>) {
        let value = self.first(name).unwrap_or_default();
        people(value)
            .into_iter()
            .next()
            .map_or((String::new(), None), |(name, address)| {
                (clean::line(&name, 200), clean::address(&address))
            })
    }
}

/// Names and addresses in a list of them.
fn people(value: &[u8]) -> Vec<(String, String)> {
    let whole = terminated(value);
    let one = |person: &Addr<'_>| {
        (
            person.name().unwrap_or_default().to_owned(),
            person.address().unwrap_or_default().to_owned(),
        )
    };
    match MessageStream::new(&whole).parse_address() {
        HeaderValue::Address(Address::List(list)) => list.iter().map(one).collect(),
        HeaderValue::Address(Address::Group(groups)) => groups
            .iter()
            .flat_map(|group| group.addresses.iter().map(one))
            .collect(),
        _ => Vec::new(),
    }
}

/// A field as `mail-parser` reads one: ended by an end of line.
pub(crate) fn terminated(value: &[u8]) -> Vec<u8> {
    let mut whole = value.to_vec();
    whole.push(b'\n');
    whole
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_header_ends_at_its_blank_line() {
        let (fields, body) =
            split(b"Subject: one\r\n two\r\nnonsense\r\n ours\r\nTo : a@B.fr\r\n\r\nbody");
        assert_eq!(fields.plain("subject", 80), "one two");
        assert_eq!(fields.addresses("to", 5), ["a@b.fr"]);
        assert_eq!(body, b"body");
    }

    #[test]
    fn encoded_words_are_decoded_to_one_line() {
        let (fields, _) = split(b"Subject: =?utf-8?Q?R=C3=A9ponse=0D=0ABcc:_x?=\n\n");
        assert_eq!(fields.decoded("subject", 80), "Réponse Bcc: x");
        let (fields, _) = split(b"From: =?iso-8859-1?Q?Zo=E9_Martin?= <zoe@exemple.fr>\n\n");
        let zoe = ("Zoé Martin".to_owned(), Some("zoe@exemple.fr".to_owned()));
        assert_eq!(fields.person("from"), zoe);
    }

    #[test]
    fn a_megabyte_of_subject_hides_nothing() {
        let long = format!("Subject: {}\r\nTo: a@b.fr\r\n\r\n", "x".repeat(1 << 20));
        let (fields, _) = split(long.as_bytes());
        assert_eq!(fields.decoded("subject", 500).len(), 500);
        assert_eq!(fields.addresses("to", 5), ["a@b.fr"]);
    }
}

//! The parts of a message, as a tree.
//!
//! A message is split by us rather than by `mail-parser`, which follows enclosed messages as deep
//! as they go and would exhaust the stack on a hostile one. Enclosed messages are left closed.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};

use crate::fields::{self, Fields};

/// Parts at most in a message; those that follow are dropped.
const MAX_PARTS: usize = 200;
/// Multiparts within multiparts at most; deeper ones are left closed.
const MAX_DEPTH: usize = 10;
/// Bytes at most read of a part.
const MAX_READ: usize = 1024 * 1024;

/// A part of a message, or the message itself.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// Its header.
    pub(crate) fields: Fields<'a>,
    /// Its type, such as `text/plain`, in lower case.
    pub(crate) kind: String,
    /// Its parts, when it is a multipart.
    pub(crate) parts: Vec<Part<'a>>,
    content: Option<ContentType<'static>>,
    disposition: Option<ContentType<'static>>,
    body: &'a [u8],
}

/// Reads a message; none when it has no header.
pub(crate) fn read(bytes: &[u8]) -> Option<Part<'_>> {
    let mut left = MAX_PARTS;
    let part = Part::read(bytes, 0, "text/plain", &mut left);
    (!part.fields.is_empty()).then_some(part)
}

fn content(fields: &Fields<'_>, name: &str) -> Option<ContentType<'static>> {
    let whole = fields::terminated(fields.first(name)?);
    match MessageStream::new(&whole).parse_content_type() {
        HeaderValue::ContentType(content) => HeaderValue::ContentType(content)
            .into_owned()
            .into_content_type(),
        _ => None,
    }
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8], depth: usize, usual: &str, left: &mut usize) -> Self {
        let (fields, body) = fields::split(bytes);
        let content = content(&fields, "Content-Type");
        let disposition = self::content(&fields, "Content-Disposition");
        let kind = content.as_ref().map_or_else(
            || usual.to_owned(),
            |content| {
                let subtype = content.subtype().unwrap_or("plain");
                format!("{}/{subtype}", content.ctype()).to_ascii_lowercase()
            },
        );
        let mut part = Self {
            fields,
            kind,
            parts: Vec::new(),
            content,
            disposition,
            body,
        };
        if depth < MAX_DEPTH && part.kind.starts_with("multipart/") {
            let usual = match part.kind.as_str() {
                "multipart/digest" => "message/rfc822",
                _ => "text/plain",
            };
            for inner in pieces(body, &part.attribute("boundary"), *left) {
                if *left == 0 {
                    break;
                }
                *left -= 1;
                part.parts.push(Self::read(inner, depth + 1, usual, left));
            }
        }
        part
    }

    /// An attribute of its type, such as `charset`; empty when it has none.
    pub(crate) fn attribute(&self, name: &str) -> String {
        let found = self.content.as_ref().and_then(|c| c.attribute(name));
        found.unwrap_or_default().to_owned()
    }

    /// Whether it is to be saved rather than read.
    pub(crate) fn is_attached(&self) -> bool {
        let named = |of: &Option<ContentType<'_>>, name| {
            of.as_ref()
                .is_some_and(|content| content.has_attribute(name))
        };
        self.disposition
            .as_ref()
            .is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"))
            || named(&self.disposition, "filename")
            || named(&self.content, "name")
    }

    /// The first part of one of those types, itself included; enclosed messages are not opened.
    pub(crate) fn find(&self, kinds: &[&str]) -> Option<&Self> {
        if kinds.contains(&self.kind.as_str()) {
            return Some(self);
        }
        self.parts.iter().find_map(|part| part.find(kinds))
    }

    /// Every part of one of those types.
    pub(crate) fn every<'s>(&'s self, kinds: &[&str], found: &mut Vec<&'s Self>) {
        if kinds.contains(&self.kind.as_str()) {
            found.push(self);
        }
        for part in &self.parts {
            part.every(kinds, found);
        }
    }

    /// What it holds, its transfer encoding undone; what cannot be decoded is left as it is.
    pub(crate) fn bytes(&self) -> Cow<'a, [u8]> {
        let body = self.body.get(..MAX_READ).unwrap_or(self.body);
        let decoded = match self.fields.word("Content-Transfer-Encoding").as_str() {
            "base64" => base64_decode(body).or_else(|| base64_decode(&alphabet(body))),
            "quoted-printable" => quoted_printable_decode(body).or_else(|| Some(loose(body))),
            _ => None,
        };
        decoded.map_or(Cow::Borrowed(body), Cow::Owned)
    }

    /// What it holds, as text.
    pub(crate) fn text(&self) -> String {
        let bytes = self.bytes();
        let charset = self.attribute("charset").to_ascii_lowercase();
        // Some say Latin-1 or nothing and write UTF-8, some the reverse: accents tell.
        let western = charset.starts_with("iso-8859-") || charset.starts_with("windows-125");
        let unsure = western
            || matches!(
                charset.as_str(),
                "" | "us-ascii" | "ascii" | "utf-8" | "utf8"
            );
        if unsure && let Ok(text) = std::str::from_utf8(&bytes) {
            return text.to_owned();
        }
        if unsure && !western {
            let text = String::from_utf8_lossy(&bytes);
            let read = |c: char| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER;
            if text.contains(read) {
                return text.into_owned();
            }
            return match charset_decoder(b"windows-1252") {
                Some(decode) => decode(&bytes),
                None => text.into_owned(),
            };
        }
        match charset_decoder(charset.as_bytes()) {
            Some(decode) => decode(&bytes),
            None => String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// What stands between the boundaries of a multipart, at most `max` pieces.
fn pieces<'a>(body: &'a [u8], boundary: &str, max: usize) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    if boundary.is_empty() || boundary.len() > 200 {
        return found;
    }
    let mut start = None;
    let mut rest = body;
    while let Some((line, after)) = fields::next_line(rest) {
        let at = body.len() - rest.len();
        rest = after;
        let Some(tail) = line
            .strip_prefix(b"--")
            .and_then(|line| line.strip_prefix(boundary.as_bytes()))
        else {
            continue;
        };
        let tail = tail.trim_ascii_end();
        if !tail.is_empty() && tail != b"--" {
            continue;
        }
        if let Some(from) = start {
            found.push(without_end(body.get(from..at).unwrap_or_default()));
        }
        start = (tail.is_empty() && found.len() < max).then(|| body.len() - rest.len());
        if start.is_none() {
            return found;
        }
    }
    // Cut off before its last boundary.
    found.extend(start.and_then(|from| body.get(from..)));
    found
}

/// Without the end of line that belongs to the boundary below.
fn without_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

fn alphabet(body: &[u8]) -> Vec<u8> {
    let known = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    body.iter().copied().filter(known).collect()
}

/// Quoted-printable where an `=` that stands for nothing is an `=`.
fn loose(body: &[u8]) -> Vec<u8> {
    let hex = |b: u8| char::from(b).to_digit(16);
    let mut decoded = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'=' {
            decoded.push(first);
        } else if let Some(line) = after.strip_prefix(b"\r\n").or(after.strip_prefix(b"\n")) {
            rest = line;
        } else if let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push((high * 16 + low) as u8);
            rest = tail;
        } else {
            decoded.push(first);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::{loose, read};

    #[test]
    fn what_is_cut_off_keeps_its_parts() {
        let cut = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: Text/HTML\n\ntw";
        let part = read(cut).unwrap();
        let kinds: Vec<&str> = part.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html"]);
        assert_eq!(part.parts[0].text(), "one");
        assert_eq!(part.parts[1].text(), "tw");
    }

    #[test]
    fn a_wrong_charset_still_has_its_accents() {
        for (head, body) in [
            ("utf-8", &b"d\xe9j\xe0"[..]),
            ("iso-8859-1", "déjà".as_bytes()),
            ("us-ascii", "déjà".as_bytes()),
            ("windows-1252", b"d\xe9j\xe0"),
            ("x-unheard-of", "déjà".as_bytes()),
        ] {
            let mut whole = format!("Content-Type: text/plain; charset={head}\n\n").into_bytes();
            whole.extend_from_slice(body);
            assert_eq!(read(&whole).unwrap().text(), "déjà", "{head}");
        }
    }

    #[test]
    fn garbage_in_an_encoding_is_not_an_error() {
        let whole = b"Content-Transfer-Encoding: base64\n\nSGVs!!bG8=\n";
        assert_eq!(read(whole).unwrap().text(), "Hello");
        assert_eq!(loose(b"a=3Db=\r\nc=zz="), b"a=bc=zz=");
    }
}

//! What somebody wrote, without what they were answering.

use crate::clean;
use crate::html;
use crate::mime::Part;
use crate::quotes;

/// Characters at most kept of a letter.
pub const MAX_LETTER: usize = 20_000;
/// Characters at most read to find them.
const MAX_SOURCE: usize = 400_000;

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Their words: plain text, lines ended by `\n`, at most [`MAX_LETTER`] characters, without
    /// what they quote and without their signature. Whole when nothing else would be left.
    pub text: String,
    /// Whether something was quoted.
    pub had_quote: bool,
    /// Whether files came with it.
    pub had_attachments: bool,
}

/// The letter that a message is, which says `text`.
pub(crate) fn read(root: &Part<'_>, text: &str) -> Letter {
    let kept = quotes::without(text);
    Letter {
        text: kept.text,
        had_quote: kept.had_quote,
        had_attachments: has_attachments(root),
    }
}

/// All that a message says, as text.
pub(crate) fn source(root: &Part<'_>) -> String {
    let mut whole = String::new();
    gather(root, &mut whole);
    clean::text(&whole, MAX_SOURCE)
}

fn gather(part: &Part<'_>, whole: &mut String) {
    if whole.len() > MAX_SOURCE {
        return;
    }
    if part.parts.is_empty() {
        let said = leaf(part);
        if !whole.is_empty() && !said.is_empty() && !whole.ends_with('\n') {
            whole.push('\n');
        }
        whole.push_str(&said);
        return;
    }
    match part.kind.as_str() {
        "multipart/alternative" => {
            let plain = part.parts.iter().filter(|inner| inner.kind == "text/plain");
            let said = |inner: &Part<'_>| {
                let mut one = String::new();
                gather(inner, &mut one);
                Some(one).filter(|one| !one.trim().is_empty())
            };
            let found = plain.chain(part.parts.iter()).find_map(said);
            whole.push_str(&found.unwrap_or_default());
        }
        "multipart/signed" | "multipart/related" => {
            if let Some(first) = part.parts.first() {
                gather(first, whole);
            }
        }
        _ => part.parts.iter().for_each(|inner| gather(inner, whole)),
    }
}

fn leaf(part: &Part<'_>) -> String {
    if part.is_attached() {
        return String::new();
    }
    match part.kind.as_str() {
        "text/plain" if part.attribute("format").eq_ignore_ascii_case("flowed") => flowed(
            &part.text(),
            part.attribute("delsp").eq_ignore_ascii_case("yes"),
        ),
        "text/plain" => part.text(),
        "text/html" => html::to_text(&part.text()),
        _ => String::new(),
    }
}

/// Joins the lines that a writer's program cut (RFC 3676).
fn flowed(text: &str, joined: bool) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let bare = line.trim_start_matches('>');
        let depth = line.len() - bare.len();
        let bare = bare.strip_prefix(' ').unwrap_or(bare);
        let dashes = bare == "-- ";
        if open == Some(depth) && !dashes {
            if joined {
                whole.pop();
            }
            whole.push_str(bare);
        } else {
            if open.is_some() || !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(&">".repeat(depth.min(20)));
            if depth > 0 {
                whole.push(' ');
            }
            whole.push_str(bare);
        }
        open = (bare.ends_with(' ') && !dashes).then_some(depth);
    }
    whole
}

/// Whether something in it is to be saved: not a picture within the text, nor a signature.
fn has_attachments(part: &Part<'_>) -> bool {
    let inner = |part: &Part<'_>| part.parts.iter().any(has_attachments);
    match part.kind.as_str() {
        "application/pgp-signature"
        | "application/pkcs7-signature"
        | "application/x-pkcs7-signature" => false,
        kind if kind.starts_with("multipart/") => inner(part),
        "text/plain" | "text/html" | "text/calendar" => part.is_attached(),
        kind if kind.starts_with("image/") => {
            let saved = part.fields.word("Content-Disposition") == "attachment";
            saved || !part.fields.has("Content-ID")
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::flowed;

    #[test]
    fn cut_lines_are_joined() {
        let text = "Bonjour \r\nà tous\r\n> un \r\n> deux\r\n>> trois \r\nquatre\r\n-- \r\nZoé";
        let whole = "Bonjour à tous\n> un deux\n>> trois \nquatre\n-- \nZoé";
        assert_eq!(flowed(text, false), whole);
        assert_eq!(flowed("a \nb", true), "ab");
    }
}

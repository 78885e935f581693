//! From bytes to text: which characters they stand for.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes at the beginning in which an encoding is declared.
const DECLARED_IN: usize = 1_024;

/// The text of an answer: a byte order mark decides, else its bytes when they are UTF-8 throughout
/// (no text of another encoding is so by chance), else the header, else what the document declares,
/// else UTF-8 (RFC 7303). Whoever says UTF-8 wrongly is not believed when the document
/// says otherwise, or when not one of its accents is UTF-8. Characters that XML forbids go away.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let text = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding.decode(bytes).0
    } else if let Some(encoding) = wide(bytes) {
        encoding.decode_without_bom_handling(bytes).0
    } else if let Some(text) = utf8(bytes) {
        text.into()
    } else {
        let declared = declared(bytes);
        let said = content_type.and_then(charset).or(declared).unwrap_or(UTF_8);
        let (text, broken) = said.decode_without_bom_handling(bytes);
        if broken && said == UTF_8 {
            let accents = |c: char| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER;
            match declared.filter(|other| *other != UTF_8) {
                Some(other) => other.decode_without_bom_handling(bytes).0,
                None if text.chars().any(accents) => text,
                None => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            }
        } else {
            text
        }
    };
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// The text of bytes that are UTF-8, whatever they are announced as. Of an encoding that is written
/// with seven bits and escapes (ISO-2022-JP) all bytes are so.
fn utf8(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\u{1b}')).then_some(text)
}

/// Characters of XML 1.0 (production 2).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// UTF-16 without a mark, told from the first markup.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, ..] => Some(UTF_16LE),
        [0, b'<' | b'{', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The `charset` of a content type.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let named = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']))
    })?;
    Encoding::for_label(named.as_bytes())
}

/// What the XML declaration or the `meta` of a page says. It was read byte by byte: it does not
/// stand for UTF-16, whatever it says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..DECLARED_IN).unwrap_or(bytes);
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let is_xml = start.trim_start().starts_with("<?xml");
    let (_, after) = if is_xml {
        start.split_once("?>")?.0.split_once("encoding")?
    } else {
        start.split_once("charset")?
    };
    let label = after
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .trim_start_matches(['"', '\'']);
    let end =
        label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'));
    let label = end.and_then(|end| label.get(..end)).unwrap_or(label);
    Encoding::for_label(label.as_bytes()).filter(|found| *found != UTF_16LE && *found != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATIN: &[u8] = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9t\xe9</a>";

    #[test]
    fn the_declaration_and_the_header_are_heard() {
        assert!(decode(LATIN, None).contains("<a>été</a>"));
        assert!(decode(LATIN, Some("text/xml; charset=utf-8")).contains("<a>été</a>"));
        let bare = b"<a>\xe9t\xe9 \x80</a>";
        assert_eq!(
            decode(bare, Some("text/xml; charset=\"Windows-1252\"")),
            "<a>été €</a>"
        );
        assert_eq!(decode(bare, None), "<a>été €</a>");
        assert_eq!(
            decode("<a>été</a>".as_bytes(), Some("text/xml")),
            "<a>été</a>"
        );
        assert_eq!(
            decode(b"\xef\xbb\xbf<a/>", Some("text/xml; charset=latin1")),
            "<a/>"
        );
        assert_eq!(decode(b"<\0a\0>\0", None), "<a>");
        assert_eq!(
            decode(b"<meta charset=windows-1252>\xe9", None),
            "<meta charset=windows-1252>é"
        );
    }

    /// A feed in UTF-8 that says it is in Latin-1 showed `Lâ€™Ã©tÃ©`: half of those that announce
    /// an encoding announce the wrong one.
    #[test]
    fn what_is_utf_8_is_read_as_such_whatever_is_announced() {
        let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>L’été : 12 €, Œuvre, Ÿ</a>";
        for announced in [
            None,
            Some("text/xml; charset=iso-8859-1"),
            Some("text/xml; charset=windows-1252"),
        ] {
            assert_eq!(decode(text.as_bytes(), announced), text);
        }
        // The other way round: Latin-1 that says it is UTF-8.
        assert!(
            decode(
                b"<?xml encoding='utf-8'?><a>\xe9t\xe9</a>",
                Some("text/xml; charset=utf-8")
            )
            .contains("<a>été</a>")
        );
        assert_eq!(
            decode(
                b"<a>\x1b$B4A\x1b(B</a>",
                Some("text/xml; charset=iso-2022-jp")
            ),
            "<a>漢</a>"
        );
    }

    #[test]
    fn one_broken_character_does_not_spoil_the_others() {
        assert_eq!(decode(b"\xc3\xa9t\xe9 \x0b.", None), "ét\u{fffd} .");
        assert_eq!(
            decode(b"<?xml encoding='utf-16'?><a/>", None),
            "<?xml encoding='utf-16'?><a/>"
        );
    }
}

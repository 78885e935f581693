//! Names of entries: decoding, what is refused, what counts as the same.
//!
//! Nothing is ever extracted, so a hostile name cannot reach the disk here. It is
//! refused all the same: the package may be handed out again, and a path that means
//! two things on two systems is never an accident worth keeping.

use crate::package::limits::Limits;
use crate::problem::{Code, Problem};
use unicode_normalization::UnicodeNormalization;

/// Upper half of the IBM PC code page 437, the encoding of names without a flag
/// (APPNOTE, appendix D.1). Its accented letters lie as in page 850.
const CP437_HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name, decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The text.
    pub(super) text: String,
    /// Whether the encoding was inferred, not declared.
    pub(super) guessed: bool,
}

/// Decodes the bytes of a name: an Info-ZIP Unicode path that belongs to them wins,
/// then the UTF-8 flag, then UTF-8 that happens to be valid (some systems never set
/// the flag), then code page 437.
pub(super) fn decode(
    raw: &[u8],
    utf8_flag: bool,
    unicode_path: Option<&[u8]>,
) -> Result<Decoded, Problem> {
    if let Some(text) = unicode_path.and_then(|field| unicode_override(raw, field)) {
        return Ok(Decoded {
            text,
            guessed: false,
        });
    }
    match std::str::from_utf8(raw) {
        Ok(text) => Ok(Decoded {
            text: text.to_owned(),
            guessed: !utf8_flag && !raw.is_ascii(),
        }),
        Err(_) if utf8_flag => {
            Err(Problem::new(Code::ZipNameEncoding).with("path", String::from_utf8_lossy(raw)))
        }
        Err(_) => Ok(Decoded {
            text: raw.iter().map(|&byte| from_cp437(byte)).collect(),
            guessed: true,
        }),
    }
}

/// The Info-ZIP Unicode path extra field (0x7075): version 1, the CRC-32 of the name
/// it stands for, the name in UTF-8. One that belongs to another name is ignored, as
/// its specification asks.
fn unicode_override(raw: &[u8], field: &[u8]) -> Option<String> {
    let (version, rest) = field.split_first()?;
    let (crc, name) = rest.split_first_chunk::<4>()?;
    let mut actual = flate2::Crc::new();
    actual.update(raw);
    (*version == 1 && actual.sum() == u32::from_le_bytes(*crc))
        .then(|| std::str::from_utf8(name).ok().map(str::to_owned))
        .flatten()
}

fn from_cp437(byte: u8) -> char {
    if byte.is_ascii() {
        return char::from(byte);
    }
    CP437_HIGH
        .chars()
        .nth(usize::from(byte) - 0x80)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A name with `/` between its parts. Tools of Windows wrote `\` there for years
/// (APPNOTE 4.4.17.1 asks for `/`); no file of a package can hold one in its own name and
/// be asked for, since browsers read it as `/` in an address.
pub(super) fn slashed(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\\') {
        text.replace('\\', "/").into()
    } else {
        text.into()
    }
}

/// Checks a decoded name, as [`slashed`] gives it, and brings it to its one form: no
/// `.` or empty part, composed accents (NFC), no trailing slash.
pub(super) fn normalise(text: &str, limits: &Limits) -> Result<String, Problem> {
    let fault = |code| Problem::new(code).with("path", text);
    if text.chars().any(is_forbidden) {
        return Err(fault(Code::ZipControlCharacter));
    }
    let bytes = text.as_bytes();
    let drive = bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if text.starts_with('/') || drive {
        return Err(fault(Code::ZipAbsolutePath));
    }
    let mut parts = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err(fault(Code::ZipSlip)),
            // Parts that Windows reads as `..` or as another name.
            other if other.trim_end_matches(['.', ' ']).is_empty() => {
                return Err(fault(Code::ZipSlip));
            }
            other => parts.push(other),
        }
    }
    if parts.is_empty() {
        return Err(Problem::new(Code::ZipEmptyName));
    }
    if parts.len() > limits.path_depth {
        return Err(fault(Code::ZipPathTooDeep).with("limit", limits.path_depth));
    }
    let path: String = parts.join("/").nfc().collect();
    if path.len() > limits.path_length {
        return Err(fault(Code::ZipPathTooLong).with("limit", limits.path_length));
    }
    Ok(path)
}

/// Control characters, and those that turn the direction of writing and so show
/// another name than the real one.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The form under which two names are the same on a system that ignores case and
/// the way accents are composed.
pub(crate) fn fold(path: &str) -> String {
    path.nfd().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_437_has_its_128_characters() {
        assert_eq!(CP437_HIGH.chars().count(), 128);
        assert_eq!(from_cp437(0x82), 'é');
        assert_eq!(from_cp437(0xff), '\u{a0}');
        assert_eq!(from_cp437(b'a'), 'a');
    }

    #[test]
    fn a_name_is_decoded_by_what_declares_it() {
        let mut crc = flate2::Crc::new();
        crc.update(b"caf_.html");
        let mut field = vec![1];
        field.extend(crc.sum().to_le_bytes());
        field.extend("café.html".as_bytes());
        assert_eq!(
            decode(b"caf_.html", false, Some(&field)).unwrap().text,
            "café.html"
        );
        // A Unicode path that belongs to another name is ignored.
        assert_eq!(
            decode(b"cafe.html", false, Some(&field)).unwrap().text,
            "cafe.html"
        );
        assert!(decode(b"caf\x82", true, None).is_err());
        let guessed = decode(b"caf\x82", false, None).unwrap();
        assert_eq!((guessed.text.as_str(), guessed.guessed), ("café", true));
        let unflagged = decode("café".as_bytes(), false, None).unwrap();
        assert_eq!((unflagged.text.as_str(), unflagged.guessed), ("café", true));
    }

    #[test]
    fn hostile_names_are_refused_and_harmless_oddities_are_not() {
        let code = |text: &str| normalise(text, &Limits::default()).unwrap_err().code;
        assert_eq!(code("../evil"), Code::ZipSlip);
        assert_eq!(code("a/../../evil"), Code::ZipSlip);
        assert_eq!(code("a/.. /evil"), Code::ZipSlip);
        assert_eq!(code("a/.../evil"), Code::ZipSlip);
        assert_eq!(code("/etc/passwd"), Code::ZipAbsolutePath);
        assert_eq!(code("C:evil"), Code::ZipAbsolutePath);
        assert_eq!(code(&slashed("..\\evil")), Code::ZipSlip);
        assert_eq!(code(&slashed("a\\..\\..\\evil")), Code::ZipSlip);
        assert_eq!(code(&slashed("\\\\server\\share")), Code::ZipAbsolutePath);
        assert_eq!(code(&slashed("C:\\evil")), Code::ZipAbsolutePath);
        assert_eq!(code("a\0b"), Code::ZipControlCharacter);
        assert_eq!(code("a\u{202e}gpj.exe"), Code::ZipControlCharacter);
        assert_eq!(code("./"), Code::ZipEmptyName);
        assert_eq!(code(&"a/".repeat(40)), Code::ZipPathTooDeep);
        assert_eq!(code(&"a".repeat(600)), Code::ZipPathTooLong);
        let ok = |text: &str| normalise(text, &Limits::default()).unwrap();
        assert_eq!(ok("./a//b/./c.html"), "a/b/c.html");
        assert_eq!(ok("e\u{301}te\u{301}/"), "été");
        assert_eq!(ok("a..b/.hidden"), "a..b/.hidden");
        assert_eq!(ok(&slashed("a\\b\\c.html")), "a/b/c.html");
    }

    #[test]
    fn folding_ignores_case_and_the_way_accents_are_written() {
        assert_eq!(fold("Été/A.HTML"), fold("e\u{301}te\u{301}/a.html"));
        assert_ne!(fold("m2"), fold("m²"));
    }
}

//! From the bytes of the manifest to text.

use crate::problem::{Code, Findings, Problem};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes in which an XML declaration is looked for.
const DECLARATION: usize = 512;

/// Decodes the manifest: a byte order mark decides, then the declaration, then UTF-8
/// (XML 1.0, appendix F). The mark is removed. A declaration of UTF-16 over plain
/// UTF-8, which text writers of some platforms leave, is read as UTF-8 with a warning.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    findings: &mut Findings,
) -> Result<Cow<'b, str>, Problem> {
    let wrong = |encoding: &str| Problem::new(Code::ManifestEncoding).with("encoding", encoding);
    // UTF-32 would pass for UTF-16 with its mark.
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(wrong("UTF-32"));
    }
    let (encoding, skip) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (without_mark(bytes, findings)?, 0),
    };
    let bytes = bytes.get(skip..).unwrap_or_default();
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| wrong(encoding.name()))
}

fn without_mark(bytes: &[u8], findings: &mut Findings) -> Result<&'static Encoding, Problem> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared(bytes) else {
        return Ok(UTF_8);
    };
    let unknown = || Problem::new(Code::ManifestEncoding).with("encoding", &label);
    let encoding = match label.to_ascii_lowercase().as_str() {
        // The Latin-1 of XML is read as windows-1252, its superset in practice.
        "us-ascii" | "ascii" => WINDOWS_1252,
        other => Encoding::for_label_no_replacement(other.as_bytes()).ok_or_else(unknown)?,
    };
    if encoding == UTF_16LE || encoding == UTF_16BE {
        findings.add(Problem::new(Code::ManifestEncodingIgnored).with("encoding", &label));
        return Ok(UTF_8);
    }
    Ok(encoding)
}

/// The label of `encoding="…"` in the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    let head: String = start.iter().map(|&byte| char::from(byte)).collect();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split_once(quote)?.0.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, &mut Findings::new(10)).unwrap().into_owned()
    }

    #[test]
    fn every_usual_encoding_is_read() {
        assert_eq!(text("é".as_bytes()), "é");
        assert_eq!(text(b"\xef\xbb\xbf\xc3\xa9"), "é");
        assert_eq!(text(b"\xff\xfe\xe9\0"), "é");
        assert_eq!(text(b"\xfe\xff\0\xe9"), "é");
        assert_eq!(text(b"<\0a\0"), "<a");
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?>\xe9";
        assert!(text(latin).ends_with('é'));
        let windows = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\x92";
        assert!(text(windows).ends_with('’'));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let code = |bytes: &[u8]| decode(bytes, &mut Findings::new(10)).unwrap_err().code;
        assert_eq!(code(b"<a>\xe9</a>"), Code::ManifestEncoding);
        assert_eq!(code(b"\xff\xfe\0\xd8"), Code::ManifestEncoding);
        assert_eq!(
            code(b"<?xml version='1.0' encoding='klingon'?>"),
            Code::ManifestEncoding
        );
        assert_eq!(code(b"\xff\xfe\0\0<\0\0\0"), Code::ManifestEncoding);
    }

    #[test]
    fn utf_8_that_calls_itself_utf_16_is_read_with_a_warning() {
        let mut findings = Findings::new(10);
        let bytes = "<?xml version='1.0' encoding='utf-16'?><é/>".as_bytes();
        assert!(decode(bytes, &mut findings).unwrap().ends_with("<é/>"));
        assert_eq!(
            findings.into_problems()[0].code,
            Code::ManifestEncodingIgnored
        );
    }
}

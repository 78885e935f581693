//! The one character that no text of a message may hold: NUL, which databases do not keep.

use std::iter::Peekable;

/// Whether JSON holds it, as it is or escaped.
pub(crate) fn holds_nul(json: &[u8]) -> bool {
    let mut bytes = json.iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            0 => return true,
            // What a backslash escapes begins nothing else.
            b'\\' if bytes.next() == Some(&b'u') && zeros(&mut bytes) == 4 => return true,
            _ => {}
        }
    }
    false
}

fn zeros<'b>(bytes: &mut Peekable<impl Iterator<Item = &'b u8>>) -> usize {
    (0..4)
        .take_while(|_| bytes.next_if(|byte| **byte == b'0').is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_as_it_is_and_escaped() {
        for json in [
            r#""\u0000""#,
            r#"["\\\u0000"]"#,
            "\"\0\"",
            r#""\u00e9\u0000""#,
        ] {
            assert!(holds_nul(json.as_bytes()), "{json}");
        }
        for json in [
            r#""\\u0000""#,
            r#""\u0001\u000a""#,
            "{}",
            r#""\"#,
            r#""\u00"#,
        ] {
            assert!(!holds_nul(json.as_bytes()), "{json}");
        }
    }
}

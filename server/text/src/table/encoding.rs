//! How the letters of a text file are written. Spreadsheets say so for Unicode only; the others are
//! told apart by what they would have people write.

use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding that was guessed, and is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Of Windows.
    Windows,
    /// Of Macintosh before 2001, which Excel for Mac still writes.
    Mac,
    /// Of DOS, which Excel still offers (code page 850).
    Dos,
}

impl Encoding {
    /// As it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows-1252",
            Self::Mac => "MacRoman",
            Self::Dos => "MS-DOS (CP850)",
        }
    }
}

/// What the upper half of code page 850 is.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
                     ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The text of a file, and its encoding where it was guessed among several; none when it is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Option<Encoding>)> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, skip)) => {
            let rest = bytes.get(skip..).unwrap_or_default();
            (
                encoding.decode_without_bom_handling(rest).0.into_owned(),
                None,
            )
        }
        None => match (std::str::from_utf8(bytes), wide(bytes)) {
            (_, Some(encoding)) => (
                encoding.decode_without_bom_handling(bytes).0.into_owned(),
                None,
            ),
            (Ok(text), _) => (text.to_owned(), None),
            _ if is_utf8_cut(bytes) => (UTF_8.decode(bytes).0.into_owned(), None),
            _ => {
                let (text, encoding) = guess(bytes);
                (text, Some(encoding))
            }
        },
    };
    let binary = |c: char| c.is_control() && !c.is_whitespace() && c != '\u{1a}';
    let odd = text.0.chars().filter(|c| binary(*c)).count();
    // A control sign or two come with what people paste; a file of them is no text.
    (odd * 50 <= text.0.chars().count() && !text.0.contains('\0')).then_some(text)
}

/// UTF-16 without its mark: every other byte of what is mostly ASCII is zero.
fn wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = bytes.get(..bytes.len().min(512) & !1)?;
    if start.len() < 4 {
        return None;
    }
    let zeros = |at: usize| {
        start
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let many = start.len() / 2 * 8 / 10;
    match (even, odd) {
        (0, odd) if odd >= many => Some(UTF_16LE),
        (even, 0) if even >= many => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 but for its last letter, or a few that were broken on the way.
fn is_utf8_cut(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    valid > 4 * broken
}

/// The encoding under which the letters look most like what people write.
fn guess(bytes: &[u8]) -> (String, Encoding) {
    let windows = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let mac = MACINTOSH.decode_without_bom_handling(bytes).0;
    let upper: Vec<char> = CP850.chars().collect();
    let dos: String = bytes
        .iter()
        .map(|byte| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
        })
        .collect();
    let (w, m, d) = (score(&windows), score(&mac), score(&dos));
    if w >= m && w >= d {
        (windows.into_owned(), Encoding::Windows)
    } else if m >= d {
        (mac.into_owned(), Encoding::Mac)
    } else {
        (dos, Encoding::Dos)
    }
}

/// How much a text looks like names, places and sentences of western Europe.
fn score(text: &str) -> i64 {
    let letters: Vec<char> = text.chars().collect();
    let mut score = 0;
    for (at, c) in letters.iter().enumerate() {
        if c.is_ascii() {
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let after = letters.get(at + 1).copied();
        let small = before.is_some_and(char::is_lowercase);
        let word = before.is_some_and(char::is_alphabetic);
        let goes_on = after.is_some_and(char::is_alphabetic);
        score += match c {
            'é' | 'è' | 'à' | 'ç' | 'ê' | 'î' | 'ô' | 'û' | 'ë' | 'ï' | 'ü' | 'ù' | 'â' | 'œ'
            | 'ö' | 'ä' | 'ñ' | 'á' | 'í' | 'ó' | 'ú' => 4,
            'É' | 'È' | 'À' | 'Ç' | 'Ê' | 'Î' | 'Ô' | 'Œ' | 'Ü' | 'Ö' | 'Ä' | 'Ë' | 'Ï' | 'Â'
            | 'Û'
                if !small && (word || goes_on || c == &'À') =>
            {
                3
            }
            'ß' | 'æ' | 'ø' | 'å' | 'ã' | 'õ' | 'ò' | 'ì' | 'ÿ' => 2,
            '’' if word && goes_on => 4,
            '’' | '‘' | '«' | '»' | '€' | '°' | '–' | '—' | '…' | '“' | '”' | '\u{a0}' | '•'
                if !(word && goes_on) =>
            {
                2
            }
            c if c.is_control() => -12,
            c if c.is_uppercase() && small => -6,
            c if c.is_alphabetic() => 0,
            _ if word && goes_on => -6,
            _ => -3,
        };
    }
    score
}

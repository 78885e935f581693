//! What typing leaves undone in a sentence: French spaces and marks, lists
//! joined with a word. It never touches what could be an address or a number.

use super::{NBSP, NNBSP};
use crate::lang::Lang;

/// Mends the typography of a sentence that somebody typed.
///
/// In French: a narrow no-break space before `;` `!` `?` and inside « », a
/// no-break space before `:`. In both: curly apostrophes between letters and
/// one character for three dots. A mark glued to what precedes it is given
/// its space only when a blank or the end follows it, so that addresses and
/// times stay whole.
pub fn typography(text: &str, lang: Lang) -> String {
    let dots = text.replace("...", "…");
    let chars: Vec<char> = dots.chars().collect();
    let mut out = String::with_capacity(dots.len() + 8);
    for (index, &mark) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(index + 1).copied();
        match mark {
            '\'' if is_letter(before) && is_letter(after) => out.push('’'),
            ';' | '!' | '?' | ':' if lang == Lang::Fr => {
                space_before(&mut out, mark, before, after);
                out.push(mark);
            }
            '»' if lang == Lang::Fr => {
                trim_blank(&mut out);
                out.push(NNBSP);
                out.push(mark);
            }
            '«' if lang == Lang::Fr => {
                out.push(mark);
                out.push(NNBSP);
            }
            ' ' | NBSP | NNBSP if before == Some('«') && lang == Lang::Fr => {}
            other => out.push(other),
        }
    }
    out
}

/// « a, b et c », "a, b and c".
pub fn join_and(items: &[String], lang: Lang) -> String {
    let word = match lang {
        Lang::Fr => "et",
        Lang::En => "and",
    };
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn space_before(out: &mut String, mark: char, before: Option<char>, after: Option<char>) {
    let space = if mark == ':' { NBSP } else { NNBSP };
    let ends = after.is_none_or(|next| next.is_whitespace() || matches!(next, '»' | ')'));
    match before {
        Some(' ' | NBSP | NNBSP) => {
            trim_blank(out);
            if !out.is_empty() {
                out.push(space);
            }
        }
        Some(previous)
            if ends && (previous.is_alphanumeric() || matches!(previous, '»' | ')' | '…')) =>
        {
            out.push(space);
        }
        _ => {}
    }
}

fn trim_blank(out: &mut String) {
    let kept = out.trim_end_matches([' ', NBSP, NNBSP]).len();
    out.truncate(kept);
}

fn is_letter(found: Option<char>) -> bool {
    found.is_some_and(char::is_alphabetic)
}

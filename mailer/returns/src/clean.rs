//! What a stranger wrote, made safe to keep: one line or a text, an address, an identifier.

/// Characters at most in an address (RFC 5321: 64, `@`, 255).
const MAX_ADDRESS: usize = 320;
/// Characters at most in an identifier of a message.
const MAX_ID: usize = 250;

/// Marks that change how what surrounds them is shown, and are never seen themselves.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// One line of at most `max` characters: runs of spaces, ends of lines and control characters
/// become one space.
pub(crate) fn line(text: &str, max: usize) -> String {
    let mut kept = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = count > 0;
            continue;
        }
        if is_hidden(c) {
            continue;
        }
        let more = usize::from(gap) + 1;
        if count + more > max {
            break;
        }
        if gap {
            kept.push(' ');
            gap = false;
        }
        kept.push(c);
        count += more;
    }
    kept
}

/// A text of at most `max` characters, its lines ended by `\n`, without control characters.
pub(crate) fn text(text: &str, max: usize) -> String {
    let mut kept = String::new();
    let mut returned = false;
    for c in text.chars().take(max) {
        match c {
            '\n' if returned => {}
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\t' => kept.push(' '),
            c if c.is_control() || is_hidden(c) => {}
            c => kept.push(c),
        }
        returned = c == '\r';
    }
    kept
}

/// In lower case, without the accents of French, German and Spanish, one kind of apostrophe and
/// of space, and no space before a colon: what words are looked for in.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' | 'í' | 'ì' => folded.push('i'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => folded.push('o'),
            'û' | 'ü' | 'ù' | 'ú' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            '’' | '‘' | '´' => folded.push('\''),
            ':' => {
                folded.truncate(folded.trim_end_matches(' ').len());
                folded.push(':');
            }
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// An address as we keep it, its domain in lower case; none when it is not plainly one.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('<').unwrap_or(text);
    let text = text.strip_suffix('>').unwrap_or(text);
    let (local, domain) = text.rsplit_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || is_hidden(c);
    let marks = |c: char| matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\');
    let wrong = |c: char| odd(c) || marks(c);
    let apart = |c: char| wrong(c) || matches!(c, '@' | '/');
    if local.is_empty() || domain.is_empty() || local.contains('@') {
        return None;
    }
    if local.chars().any(wrong) || domain.chars().any(apart) {
        return None;
    }
    if text.chars().count() > MAX_ADDRESS {
        return None;
    }
    Some(format!("{local}@{}", domain.to_lowercase()))
}

/// Identifiers of messages in a field, without their brackets, at most `max` of them.
pub(crate) fn ids(text: &str, max: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((id, _)) = piece.split_once('>') else {
            continue;
        };
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = |c: char| !c.is_control() && !is_hidden(c);
        let fits = !id.is_empty() && id.chars().count() <= MAX_ID && id.chars().all(plain);
        if fits && !found.contains(&id) {
            found.push(id);
        }
        if found.len() >= max {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{address, fold, ids, line, text};

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\r\n\tb\0c \u{202e}d ", 80), "a b c d");
        assert_eq!(line("abcdef", 3), "abc");
        assert_eq!(line("ab cd", 3), "ab");
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_hidden() {
        assert_eq!(text("a\r\nb\rc\n\0d\te\u{feff}", 80), "a\nb\nc\nd e");
    }

    #[test]
    fn words_are_found_whatever_their_accents() {
        assert_eq!(
            fold("Boîte  PLEINE\u{202f}: à l’été"),
            "boite pleine: a l'ete"
        );
    }

    #[test]
    fn an_address_is_plainly_one() {
        assert_eq!(
            address(" <Jean.Dupont@Exemple.FR> ").as_deref(),
            Some("Jean.Dupont@exemple.fr")
        );
        for wrong in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c.fr",
            "a@b.fr\r\nBcc: c@d.fr",
            "a@b@c.fr",
            "/C=FR/A=X/@x/y",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn identifiers_lose_their_brackets() {
        assert_eq!(ids("<a@b> <c@d>\r\n <a@b> <>", 9), ["a@b", "c@d"]);
        assert_eq!(ids("<a@b> <c@d>", 1), ["a@b"]);
    }
}

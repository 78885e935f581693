//! Names and identifiers as they are compared: without accents, case or punctuation.
//!
//! What is shown keeps the spelling people gave; this is only for finding them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words looked for at once; the others are left out.
pub const MAX_WORDS: usize = 5;

/// Lower case, no accent, one space between words: « Élodie  N'Guyen » is `elodie n guyen`.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let folded = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase);
    for letter in folded {
        match letter {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            c if c.is_alphanumeric() => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.trim_end().to_owned()
}

/// What lists are sorted and searched by: family name first.
pub fn search_name(given_name: &str, family_name: &str) -> String {
    normalise(&format!("{family_name} {given_name}"))
}

/// Patterns for `LIKE … ESCAPE '\'`, one a word, for a name and for an address.
pub fn patterns(text: &str) -> Vec<(String, String)> {
    text.split_whitespace()
        .take(MAX_WORDS)
        .map(|word| (like(&normalise(word)), like(&word.to_lowercase())))
        .collect()
}

fn like(word: &str) -> String {
    let mut out = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('%');
    out
}

/// A sign-in identifier or an address as it is stored: composed, lower case, trimmed.
pub fn identifier(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_accents_case_and_punctuation() {
        assert_eq!(normalise("Élodie  N’Guyen-Sœur"), "elodie n guyen soeur");
        assert_eq!(search_name("Amina", "BENALI"), "benali amina");
        assert_eq!(normalise(" - "), "");
    }

    #[test]
    fn a_search_never_brings_wildcards_of_its_own() {
        assert_eq!(
            patterns("100%_é"),
            [("%100 e%".to_owned(), "%100\\%\\_é%".to_owned())]
        );
        assert_eq!(patterns("a b c d e f g").len(), MAX_WORDS);
    }

    #[test]
    fn an_identifier_does_not_depend_on_how_it_was_typed() {
        assert_eq!(
            identifier("  Amina.Benali@Exemple.FR "),
            "amina.benali@exemple.fr"
        );
        assert_eq!(identifier("e\u{301}lodie"), "\u{e9}lodie");
    }
}

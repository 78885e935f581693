//! Names and identifiers as they are compared: without accents, case or punctuation.
//!
//! What is shown keeps the spelling people gave; this is only for finding them.

use passerelle_text::{address, fold};
use passerelle_web::folding::Folded;
use unicode_normalization::UnicodeNormalization;

/// Letters and digits alone, folded: « Élodie  N'Guyen » is `elodienguyen`.
pub fn normalise(text: &str) -> String {
    fold::squeeze(text)
}

/// What lists are sorted and searched by: family name first.
pub fn search_name(given_name: &str, family_name: &str) -> String {
    fold::name_key(given_name, family_name)
}

/// A sign-in identifier or an address as it is stored: in order, composed, small letters.
pub fn identifier(text: &str) -> String {
    let text = match text.contains('@') {
        true => address::tidy(text),
        false => passerelle_text::columns::line(text),
    };
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Folded columns of ours, for the host to bring up to date.
pub const FOLDED: [Folded; 2] = [
    Folded {
        table: "person",
        key: &["id"],
        from: &["given_name", "family_name"],
        to: &["search_name"],
        unless: None,
        fold: |from| match from {
            [given, family] => vec![search_name(given, family)],
            _ => Vec::new(),
        },
    },
    Folded {
        table: "space_person",
        key: &["space_id", "person_id"],
        from: &["email"],
        to: &["email_key"],
        unless: None,
        fold: |from| from.iter().map(|email| address::key(email)).collect(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_accents_case_and_punctuation() {
        assert_eq!(normalise("Élodie  N’Guyen-Sœur"), "elodienguyensoeur");
        assert_eq!(search_name("Amina", "BENALI"), "benali amina");
        assert_eq!(normalise(" - "), "");
    }

    #[test]
    fn an_identifier_does_not_depend_on_how_it_was_typed() {
        for typed in [
            "  Amina.Benali@Exemple.FR ",
            "Amina Benali <amina.benali@exemple.fr>",
            "amina.benali@exemple.fr\u{200b}",
        ] {
            assert_eq!(identifier(typed), "amina.benali@exemple.fr", "{typed}");
        }
        assert_eq!(identifier("e\u{301}lodie"), "\u{e9}lodie");
    }
}

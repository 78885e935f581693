//! Text from outside, made fit to print: no control characters, only glyphs that one of the
//! fonts has, and no word so long that it leaves the page.
//!
//! An archivable file refuses a glyph that no font has, and a person must not be refused a
//! certificate because of an emoji in a title: what cannot be set is replaced by a visible
//! square, never dropped in silence.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What stands for a character that no font has.
const MISSING: &str = "□";

/// Longest run of clusters left without a place to break, and where breaks are then put.
const LONGEST_WORD: usize = 26;
const BREAK_EVERY: usize = 13;
const BREAK: char = '\u{200B}';

/// Text that is fit to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Text(String);

impl Text {
    /// Makes a text fit to print. `covered` says whether one single font has all the
    /// characters of a cluster.
    pub(crate) fn new(raw: &str, covered: impl Fn(&str) -> bool) -> Self {
        Self::of_plain(&strip(raw), covered)
    }

    /// The same for a piece of a sentence, whose spaces at the ends join it to its neighbours.
    pub(crate) fn keeping_ends(raw: &str, covered: impl Fn(&str) -> bool) -> Self {
        Self::of_plain(&plain(raw), covered)
    }

    fn of_plain(plain: &str, covered: impl Fn(&str) -> bool) -> Self {
        let mut out = String::with_capacity(plain.len());
        for cluster in plain.graphemes(true) {
            set_cluster(cluster, &covered, &mut out);
        }
        Self(break_long_words(&out))
    }

    /// Whether nothing is left to print.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Removes what is not text (controls, invisible and direction-changing characters), turns
/// line breaks and tabs into spaces, composes accents, and trims.
pub(crate) fn strip(raw: &str) -> String {
    plain(raw).trim().to_owned()
}

fn plain(raw: &str) -> String {
    raw.nfc()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{B}' | '\u{C}' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() || is_invisible(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Format characters, joiners, direction overrides, variation selectors and tags: without
/// effect on a French or English page, and a way to make a name read as another.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}'
        | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Private-use characters mean nothing outside one font, and PDF/A-2a forbids them.
fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Writes one cluster, or the nearest to it that can be set.
fn set_cluster(cluster: &str, covered: &impl Fn(&str) -> bool, out: &mut String) {
    let fits = |text: &str| !text.is_empty() && !text.chars().any(is_private) && covered(text);
    if fits(cluster) {
        out.push_str(cluster);
        return;
    }
    let compatible: String = cluster.nfkc().collect();
    if fits(&compatible) {
        out.push_str(&compatible);
        return;
    }
    // A letter without its rarest mark still reads; a mark without its letter does not.
    match cluster.chars().next() {
        Some(base) if base.is_alphanumeric() && fits(&base.to_string()) => out.push(base),
        _ => out.push_str(MISSING),
    }
}

/// Puts invisible break opportunities into words that could be wider than a line.
fn break_long_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        if word.graphemes(true).count() <= LONGEST_WORD {
            out.push_str(word);
            continue;
        }
        for (index, cluster) in word.graphemes(true).enumerate() {
            if index > 0 && index % BREAK_EVERY == 0 {
                out.push(BREAK);
            }
            out.push_str(cluster);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(cluster: &str) -> bool {
        cluster
            .chars()
            .all(|c| (' '..='\u{24F}').contains(&c) || c == '□')
    }

    fn clean(raw: &str) -> String {
        Text::new(raw, latin).as_str().to_owned()
    }

    #[test]
    fn control_and_direction_characters_are_removed() {
        assert_eq!(clean("A\u{0}\u{1b}[2mB\u{202e}C\u{200d}\u{feff}"), "A[2mBC");
    }

    #[test]
    fn line_breaks_and_tabs_become_spaces() {
        assert_eq!(
            clean("  un\ndeux\ttrois\u{2028}quatre "),
            "un deux trois quatre"
        );
    }

    #[test]
    fn accents_are_composed() {
        assert_eq!(clean("Zoe\u{308} E\u{301}tienne"), "Zoë Étienne");
    }

    #[test]
    fn a_character_without_a_glyph_becomes_a_visible_square() {
        assert_eq!(clean("Léa 🦊 王"), "Léa □ □");
        assert_eq!(clean("\u{e001}"), "□");
    }

    #[test]
    fn an_emoji_made_of_several_characters_becomes_one_square() {
        assert_eq!(clean("👩\u{200d}🚒!"), "□□!");
        assert_eq!(clean("🇫🇷"), "□");
    }

    #[test]
    fn a_fancy_letter_is_read_as_the_plain_one() {
        assert_eq!(clean("𝓛𝓮𝓪 ﬁn"), "Lea fin");
    }

    #[test]
    fn a_letter_survives_a_mark_that_no_font_has() {
        assert_eq!(clean("q\u{324}"), "q");
    }

    #[test]
    fn a_word_wider_than_a_line_gets_places_to_break() {
        let long = "x".repeat(60);
        let broken = clean(&long);
        assert_eq!(broken.replace(BREAK, ""), long);
        assert!(broken.split(BREAK).all(|part| part.len() <= BREAK_EVERY));
        assert_eq!(
            clean("anticonstitutionnellement"),
            "anticonstitutionnellement"
        );
    }
}

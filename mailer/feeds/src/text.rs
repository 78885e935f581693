//! Plain text on one line, out of what a feed gives as text or as HTML.

use crate::markup::{Piece, Pieces, begins_in};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Times that text is read as HTML: many feeds escape what is already escaped.
const PASSES: usize = 3;
/// Bytes collected for each character asked for: spaces and entities go away.
const MARGIN: usize = 16;
/// Characters below which a text is not cut back to a space: it would lose half of itself.
const ROUGH: usize = 2;

/// Elements that stand in a line of text, and do not separate words.
const INLINE: [&str; 25] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// Plain text of `html` on one line, of at most `limit` characters. It never holds markup: what
/// still reads as some at the end has its `<` replaced by `‹`.
pub(crate) fn plain(html: &str, limit: usize) -> String {
    let most = limit.saturating_mul(MARGIN);
    let mut text = line(&characters(&words(html, most)));
    for _ in 1..PASSES {
        if !begins_in(&text) {
            break;
        }
        text = line(&characters(&words(&text, most)));
    }
    if begins_in(&text) {
        text = text.replace('<', "‹");
    }
    cut(&text, limit)
}

/// The text at most `limit` characters long, ended at a word by `…` when there was more.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let last = text.char_indices().nth(limit.saturating_sub(1));
    let hard = last.map_or(end, |(at, _)| at);
    let kept = text.get(..hard).unwrap_or_default();
    // A space just after what fits means that it ends with a whole word.
    let whole = text.get(hard..).is_some_and(|rest| rest.starts_with(' '));
    let kept = match kept.rfind(' ') {
        Some(space) if !whole && space > hard / ROUGH => kept.get(..space).unwrap_or(kept),
        _ => kept,
    };
    let kept = kept.trim_end_matches([' ', ',', ';', ':', '-', '–']);
    format!("{kept}…")
}

/// The text of HTML, its entities as they are; at most about `most` bytes.
fn words(html: &str, most: usize) -> String {
    let mut out = String::new();
    for piece in Pieces::of(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Tag(tag) => {
                if !INLINE.iter().any(|inline| tag.is(inline)) {
                    out.push(' ');
                }
            }
        }
        if out.len() > most {
            out.truncate(out.floor_char_boundary(most));
            break;
        }
    }
    out
}

/// One line without what is not shown: controls, marks that change the direction of a text,
/// characters that no one sees.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spaced = false;
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}') {
            spaced = true;
        } else if !c.is_control() && !is_unseen(c) {
            if spaced && !out.is_empty() {
                out.push(' ');
            }
            spaced = false;
            out.push(c);
        }
    }
    out
}

/// Soft hyphens, zero-width characters, direction marks and overrides, tags, what is no character.
/// Joiners stay: emoji and some scripts are made with them.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

/// The text with its entities as characters.
fn characters(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    let tokenizer = Tokenizer::new(Characters::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[derive(Default)]
struct Characters(RefCell<String>);

impl TokenSink for Characters {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::CharacterTokens(text) = token {
            self.0.borrow_mut().push_str(&text);
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        assert_eq!(
            plain(
                "<p>L&rsquo;<b>id</b>ée&nbsp;: &#233;t&eacute;&amp;hiver</p><ul><li>un</li><li>deux</li></ul>",
                100
            ),
            "L’idée : été&hiver un deux"
        );
        assert_eq!(
            plain("a<script>alert(1)</script>b<style>p{}</style>", 100),
            "a b"
        );
        assert_eq!(
            plain("5 < 6 & 7 > 2 &inconnue; x", 100),
            "5 < 6 & 7 > 2 &inconnue; x"
        );
        assert_eq!(plain("<a>R</a><i>S</i>S", 100), "RSS");
    }

    #[test]
    fn markup_never_comes_out() {
        assert_eq!(
            plain("&lt;p&gt;Deux &lt;b&gt;fois&lt;/b&gt;&lt;/p&gt;", 100),
            "Deux fois"
        );
        assert_eq!(plain("<<b>script>alert(1)", 100), "");
        assert_eq!(plain("&amp;amp;amp;lt;b&gt;", 100), "&amp;amp;lt;b>");
        let deep = "&amp;lt;".replace('&', "&amp;amp;amp;amp;");
        assert!(!begins_in(&plain(&format!("{deep}b>x"), 100)));
        assert_eq!(plain("<\u{1}b>\u{202e}cba\u{200b}", 100), "cba");
    }

    #[test]
    fn a_long_text_ends_at_a_word() {
        assert_eq!(cut("un deux trois", 13), "un deux trois");
        assert_eq!(cut("un deux trois", 12), "un deux…");
        assert_eq!(cut("un deux, trois", 9), "un deux…");
        assert_eq!(cut("un deux trois", 8), "un deux…");
        assert_eq!(cut("anticonstitutionnellement", 6), "antic…");
        assert_eq!(cut("éééé", 2), "é…");
        assert_eq!(plain(&"mot ".repeat(400_000), 1_000).chars().count(), 1_000);
    }
}

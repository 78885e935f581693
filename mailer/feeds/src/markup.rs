//! HTML cut into text and tags, in one pass over what is read and without recursion.
//!
//! It follows the tokenizer of the HTML standard where that decides what is text: quoted
//! attributes, comments, what stands in a script or a style. Entities are left to `html5ever`.

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'h> {
    /// Text, with its entities.
    Text(&'h str),
    /// A whole tag, from `<` to `>`.
    Tag(Tag<'h>),
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'h> {
    pub(crate) name: &'h str,
    pub(crate) closes: bool,
    pub(crate) whole: &'h str,
}

impl Tag<'_> {
    /// Whether it has that name, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Elements whose content is not text to be read.
const HIDDEN: [&str; 9] = [
    "script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title", "template",
];

/// The pieces of a text.
#[derive(Debug)]
pub(crate) struct Pieces<'h> {
    rest: &'h str,
}

impl<'h> Pieces<'h> {
    /// Of that HTML.
    pub(crate) fn of(html: &'h str) -> Self {
        Self { rest: html }
    }

    fn take(&mut self, end: usize) -> &'h str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Passes over the content of a hidden element, up to its closing tag.
    fn skip_hidden(&mut self, name: &str) {
        let bytes = self.rest.as_bytes();
        let mut from = 0;
        while let Some(found) = self.rest.get(from..).and_then(|rest| rest.find("</")) {
            let at = from + found;
            let after = at + 2 + name.len();
            let named = bytes.get(at + 2..after);
            let ends = bytes.get(after).is_none_or(|b| is_end_of_name(*b));
            if ends && named.is_some_and(|named| named.eq_ignore_ascii_case(name.as_bytes())) {
                self.take(at);
                return;
            }
            from = at + 2;
        }
        self.rest = "";
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        while !self.rest.is_empty() {
            match opening(self.rest) {
                Opening::None => {
                    let end = next_opening(self.rest);
                    return Some(Piece::Text(self.take(end)));
                }
                Opening::Comment(end) => {
                    self.take(end);
                }
                Opening::Tag => {
                    let Some(end) = end_of_tag(self.rest) else {
                        self.rest = "";
                        return None;
                    };
                    let whole = self.take(end);
                    let closes = whole.starts_with("</");
                    let name = name_of(whole);
                    let tag = Tag {
                        name,
                        closes,
                        whole,
                    };
                    if !closes && HIDDEN.iter().any(|hidden| tag.is(hidden)) {
                        self.skip_hidden(name);
                    }
                    return Some(Piece::Tag(tag));
                }
            }
        }
        None
    }
}

enum Opening {
    /// No markup begins here.
    None,
    /// A comment, or what browsers take for one, which ends there.
    Comment(usize),
    /// A tag.
    Tag,
}

/// What begins at that place of the text.
fn opening(text: &str) -> Opening {
    let bytes = text.as_bytes();
    match bytes {
        [b'<', b'/', letter, ..] | [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
            Opening::Tag
        }
        [b'<', b'!', b'-', b'-', ..] => Opening::Comment(end_of_comment(text)),
        [b'<', b'!' | b'?' | b'/', ..] => {
            Opening::Comment(text.find('>').map_or(text.len(), |at| at + 1))
        }
        _ => Opening::None,
    }
}

/// Where the text ends that no markup begins in; at least one character.
fn next_opening(text: &str) -> usize {
    let mut from = 1;
    while let Some(found) = text
        .as_bytes()
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| *b == b'<'))
    {
        let at = from + found;
        let next = text.as_bytes().get(at + 1);
        if next.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'!' | b'?' | b'/')) {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

/// Whether a text would be read as markup somewhere.
pub(crate) fn begins_in(text: &str) -> bool {
    let rest = text.as_bytes();
    rest.iter().zip(rest.iter().skip(1)).any(|(first, next)| {
        *first == b'<' && (next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/'))
    })
}

fn end_of_comment(text: &str) -> usize {
    // `<!-->` and `<!--->` are whole comments.
    let short = ["<!-->", "<!--->"]
        .iter()
        .find(|short| text.starts_with(**short));
    if let Some(short) = short {
        return short.len();
    }
    let mut from = 4;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("--")) {
        let after = from + found + 2;
        let rest = text.get(after..).unwrap_or_default();
        if rest.starts_with('>') {
            return after + 1;
        } else if rest.starts_with("!>") {
            return after + 2;
        }
        from = after - 1;
    }
    text.len()
}

fn is_end_of_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.bytes().position(is_end_of_name).unwrap_or(name.len());
    name.get(..end).unwrap_or(name)
}

/// Just after the `>` that ends the tag at the beginning of the text; none when it has no end.
fn end_of_tag(text: &str) -> Option<usize> {
    #[derive(Clone, Copy)]
    enum State {
        Name,
        Between,
        Attribute,
        After,
        Equals,
        Bare,
        Quoted(u8),
    }
    let mut state = State::Name;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        let space = byte.is_ascii_whitespace();
        state = match state {
            State::Quoted(quote) if byte == quote => State::Between,
            State::Quoted(quote) => State::Quoted(quote),
            _ if byte == b'>' => return Some(at + 1),
            State::Name if at == 1 => State::Name,
            State::Equals if matches!(byte, b'"' | b'\'') => State::Quoted(byte),
            State::Equals if space => State::Equals,
            State::Equals | State::Bare if !space => State::Bare,
            State::Attribute if byte == b'=' => State::Equals,
            State::Name if !space && byte != b'/' => State::Name,
            // A name of attribute may begin with `=`; spaces may stand before the one after it.
            State::Between if byte == b'=' => State::Attribute,
            State::Attribute if space => State::After,
            State::After if byte == b'=' => State::Equals,
            State::After if space => State::After,
            _ if space || byte == b'/' => State::Between,
            _ => State::Attribute,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        Pieces::of(html)
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Tag(_) => "|",
            })
            .collect()
    }

    #[test]
    fn text_and_tags_are_told_apart() {
        assert_eq!(text("a <b>c</b> d"), "a |c| d");
        assert_eq!(text("1 < 2 <3 et <"), "1 < 2 <3 et <");
        assert_eq!(text("<a title=\"x > y\" b='>' c=d>e"), "|e");
        assert_eq!(text("<a title = 'x > y'>e"), "|e");
        assert_eq!(text("<a x=\"1\"y='>'>e"), "|e");
        assert_eq!(text("<a \" > e"), "| e");
        assert_eq!(text("a <b title=\"sans fin"), "a ");
    }

    #[test]
    fn what_is_not_to_be_read_is_passed_over() {
        assert_eq!(text("a<script>if (a<b) { '</p>' }</SCRIPT >b"), "a||b");
        assert_eq!(text("a<style>p{}</styles></style>b<script>c"), "a||b|");
        assert_eq!(
            text("a<!-- <b> -->b<!-->c<!doctype html>d<?x y?>e</ f>g"),
            "abcdeg"
        );
        assert_eq!(text("a<!-- sans fin"), "a");
    }
}

//! HTML turned to text; the HTML itself is never kept.
//!
//! One pass, in a time and a room that grow with the length alone: a parser that builds a tree as
//! browsers do can be made to build an enormous one from a small message.

use mail_parser::decoders::html::html_to_text;

/// Bytes at most read; an answer stands at the top.
const MAX_HTML: usize = 512 * 1024;
/// Quotations within quotations that are still told apart.
const MAX_QUOTED: usize = 3;

/// What holds no words.
const UNSEEN: [&str; 7] = [
    "style", "script", "title", "template", "svg", "math", "select",
];
/// What starts and ends a line.
const LINES: [&str; 13] = [
    "div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "center", "address",
    "hr", "form",
];
/// What stands apart from what is around it.
const PARAGRAPHS: [&str; 13] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "pre",
    "blockquote",
];

/// What a reader would see, quotations behind `> `.
pub(crate) fn to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html
        .get(..html.floor_char_boundary(MAX_HTML))
        .unwrap_or(html);
    while let Some((words, after)) = rest.split_once('<') {
        page.say(words);
        rest = if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->").map_or("", |(_, after)| after)
        } else if after.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
            page.tag(after)
        } else {
            page.say("&lt;");
            after
        };
    }
    page.say(rest);
    page.end_line();
    page.text
}

/// Lines as they are written.
#[derive(Default)]
struct Page {
    text: String,
    /// The line that is not ended, its entities not decoded.
    line: String,
    quoted: usize,
    verbatim: bool,
    /// Whether a blank line comes before the next one.
    apart: bool,
}

impl Page {
    fn say(&mut self, words: &str) {
        if !self.verbatim {
            self.line.push_str(words);
            return;
        }
        for (at, line) in words.split('\n').enumerate() {
            if at > 0 {
                self.break_line();
            }
            self.line.push_str(line);
        }
    }

    fn put(&mut self, line: &str) {
        for _ in 0..self.quoted.min(MAX_QUOTED) {
            self.text.push('>');
        }
        if self.quoted > 0 && !line.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Ends the line that was started, if one was.
    fn end_line(&mut self) {
        let line = html_to_text(&self.line);
        self.line.clear();
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if self.apart && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.apart = false;
        self.put(line);
    }

    /// Ends the line, which may be empty.
    fn break_line(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
            self.put("");
        } else {
            self.end_line();
        }
    }

    /// What is in `after`, which follows `<`, below the end of its tag.
    fn tag<'a>(&mut self, after: &'a str) -> &'a str {
        let (closing, named) = match after.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, after),
        };
        let end = named.find(|c: char| !c.is_ascii_alphanumeric());
        let name = named.get(..end.unwrap_or(named.len())).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let rest = below(named);
        let is = |names: &[&str]| names.contains(&name.as_str());
        if is(&UNSEEN) && !closing {
            return unseen(rest, &name);
        }
        if is(&["br"]) {
            self.break_line();
        } else if is(&["td", "th"]) {
            self.line.push(' ');
        } else if is(&LINES) {
            self.end_line();
        } else if is(&PARAGRAPHS) {
            self.end_line();
            self.apart = true;
        }
        match (name.as_str(), closing) {
            ("blockquote", false) => self.quoted += 1,
            ("blockquote", true) => self.quoted = self.quoted.saturating_sub(1),
            ("pre", opening) => self.verbatim = !opening,
            _ => {}
        }
        rest
    }
}

/// What follows the end of a tag, which is not one of the `>` between its quotes; nothing when it
/// has no end.
fn below(tag: &str) -> &str {
    let mut quote = None;
    let mut valued = false;
    for (at, c) in tag.char_indices() {
        match quote {
            Some(mark) if c == mark => quote = None,
            Some(_) => {}
            None if c == '>' => return tag.get(at + 1..).unwrap_or_default(),
            None if valued && matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        valued = c == '=' || (valued && c.is_whitespace());
    }
    ""
}

/// What follows the end of an element whose words are not shown.
fn unseen<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        let start = after.get(..name.len());
        if start.is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return below(after);
        }
        rest = after;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn quotations_are_marked() {
        let html = "<html><head><style>p{}</style><title>t</title></head><body><p>Bonjour,</p>\
                    <P class='a>b'>Merci<br>bien &lt;b&gt;<!-- <p>non -->&nbsp;!</p><div><br></div>\
                    <ul><li>un</li><li>deux</ul><blockquote><p>Le bulletin</p><blockquote>ancien\
                    </blockquote></blockquote><script>if (a</b) x()</script></body></html>";
        let text =
            "Bonjour,\n\nMerci\nbien <b>\u{a0}!\n\n\nun\ndeux\n\n> Le bulletin\n\n>> ancien\n";
        assert_eq!(to_text(html), text);
    }

    #[test]
    fn words_that_are_no_tags_are_kept() {
        assert_eq!(
            to_text("1 < 2 et <3, <i>n</i>on &amp; oui"),
            "1 < 2 et <3, non & oui\n"
        );
        assert_eq!(to_text("<pre>un\n  deux</pre>trois"), "un\ndeux\n\ntrois\n");
        assert_eq!(to_text("un<a href=\"x"), "un\n");
        assert_eq!(to_text("un<script>deux"), "un\n");
    }

    #[test]
    fn hostile_html_stays_small() {
        let repeated = [
            "<div>",
            "<b>",
            "<table><tr><td>",
            "<blockquote>x",
            "<blockquote><br>",
            "<a \"",
            "<a ='",
            "&#0;<",
            "<!--",
            "é&nbsp;",
            "&",
            "&&;",
            "<",
            "</",
            "<script>",
            "<b id=1><p></b>",
        ];
        for unit in repeated {
            let text = to_text(&unit.repeat(600_000 / unit.len()));
            assert!(text.len() < 2 << 20, "{unit}: {}", text.len());
        }
    }
}

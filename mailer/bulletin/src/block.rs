//! A block of a bulletin.

use serde::{Deserialize, Serialize};

/// Blocks at most in a bulletin.
pub const MAX_BLOCKS: usize = 60;
/// Characters at most in a line: a title, a label, an address.
pub const MAX_LINE: usize = 500;
/// Characters at most in a text.
pub const MAX_TEXT: usize = 20_000;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A title within the bulletin.
    Heading,
    /// Paragraphs, in Markdown.
    Text,
    /// A picture alone.
    Picture,
    /// A title, a text, a link, a picture beside them.
    Article,
    /// The same with a date and a place.
    Event,
    /// A course of the catalogue.
    Course,
    /// An item of the watch.
    Item,
    /// One thing to do.
    Button,
    /// A line.
    Divider,
}

impl Kind {
    /// In the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Heading,
        Self::Article,
        Self::Event,
        Self::Course,
        Self::Item,
        Self::Picture,
        Self::Button,
        Self::Divider,
    ];

    /// Stable word for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Article => "article",
            Self::Event => "event",
            Self::Course => "course",
            Self::Item => "item",
            Self::Button => "button",
            Self::Divider => "divider",
        }
    }

    /// From its word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Names of the fields that it uses, in the order of its form.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Heading => &["title"],
            Self::Text => &["text"],
            Self::Picture => &["picture", "alt", "href"],
            Self::Article => &["title", "text", "href", "label", "picture", "alt"],
            Self::Event => &["title", "when", "text", "href", "label"],
            Self::Course => &["title", "when", "text", "href", "label"],
            Self::Item => &["title", "when", "text", "href"],
            Self::Button => &["label", "href"],
            Self::Divider => &[],
        }
    }
}

/// One block; a field that its kind does not use is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Title, one line.
    pub title: String,
    /// Text, in Markdown.
    pub text: String,
    /// When and where, one line.
    pub when: String,
    /// Where it leads.
    pub href: String,
    /// What the link says.
    pub label: String,
    /// Address of its picture.
    pub picture: String,
    /// What the picture shows, for who does not see it; a lone `-` for a picture that only decorates.
    pub alt: String,
}

impl Default for Block {
    fn default() -> Self {
        Self {
            kind: Kind::Text,
            title: String::new(),
            text: String::new(),
            when: String::new(),
            href: String::new(),
            label: String::new(),
            picture: String::new(),
            alt: String::new(),
        }
    }
}

impl Block {
    /// An empty block.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    /// A field by its name; empty for an unknown one.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "title" => &self.title,
            "text" => &self.text,
            "when" => &self.when,
            "href" => &self.href,
            "label" => &self.label,
            "picture" => &self.picture,
            "alt" => &self.alt,
            _ => "",
        }
    }

    /// Sets a field by its name, on one line unless it is the text; cut at its limit.
    pub fn set(&mut self, name: &str, value: &str) {
        let one_line = |limit: usize| -> String {
            let mut words = value.split(|c: char| c.is_control() || c == ' ');
            let joined =
                words
                    .by_ref()
                    .filter(|w| !w.is_empty())
                    .fold(String::new(), |mut line, word| {
                        if !line.is_empty() {
                            line.push(' ');
                        }
                        line.push_str(word);
                        line
                    });
            joined.chars().take(limit).collect()
        };
        let place = match name {
            "title" => &mut self.title,
            "when" => &mut self.when,
            "href" => &mut self.href,
            "label" => &mut self.label,
            "picture" => &mut self.picture,
            "alt" => &mut self.alt,
            "text" => {
                self.text = value
                    .replace("\r\n", "\n")
                    .chars()
                    .filter(|c| !c.is_control() || *c == '\n')
                    .take(MAX_TEXT)
                    .collect();
                return;
            }
            _ => return,
        };
        *place = one_line(MAX_LINE);
    }

    /// Where it leads, with the field that says so: its address, then the links of its text.
    pub fn links(&self) -> Vec<(&'static str, String)> {
        let own = (self.kind.fields().contains(&"href") && !self.href.is_empty())
            .then(|| ("href", self.href.clone()));
        let text = self.kind.fields().contains(&"text");
        let text = if text {
            crate::text::links(&self.text)
        } else {
            Vec::new()
        };
        own.into_iter()
            .chain(text.into_iter().map(|link| ("text", link)))
            .collect()
    }

    /// Whether nothing is written in it; a line is never empty.
    pub fn is_empty(&self) -> bool {
        self.kind != Kind::Divider
            && self
                .kind
                .fields()
                .iter()
                .all(|name| self.field(name).trim().is_empty())
    }
}

//! What the elements of RSS and Atom say: from opened and closed elements to a [`Draft`].

use crate::draft::{Draft, Entry, MAX_VALUE, add, set};
use crate::{FeedError, MAX_ITEMS};

/// Families of elements that feeds are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// RSS, or none at all.
    Plain,
    Atom,
    Dublin,
    Content,
    Rdf,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Rss,
    Atom,
}

/// An open element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Root,
    Channel,
    Entry,
    Person,
    Value(Field),
    /// An element within a value, whose text is HTML.
    Markup,
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Link,
    Language,
    Id,
    Summary,
    Content,
    Published,
    Updated,
    Author,
    Category,
}

/// Goes through a document.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    format: Option<Format>,
    open: Vec<Node>,
    /// Names of the open elements within a value.
    names: Vec<String>,
    draft: Draft,
    entry: Entry,
    value: String,
    /// The value holds elements: its text is HTML, in which `<` and `&` are escaped.
    is_markup: bool,
}

type Attributes = [(String, String)];

fn attribute<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

impl Walk {
    /// Elements that are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether it has met the outermost element of a feed.
    pub(crate) fn has_begun(&self) -> bool {
        self.format.is_some()
    }

    /// What it has found.
    pub(crate) fn finish(self) -> Result<Draft, FeedError> {
        if self.has_begun() {
            Ok(self.draft)
        } else {
            Err(FeedError::NotAFeed)
        }
    }

    /// An element begins.
    pub(crate) fn open(
        &mut self,
        namespace: Namespace,
        name: &str,
        attributes: &Attributes,
    ) -> Result<(), FeedError> {
        let node = match self.open.last() {
            None => self.root(name, attributes)?,
            Some(Node::Root) => self.in_root(namespace, name, attributes),
            Some(Node::Channel) => self.in_channel(namespace, name, attributes),
            Some(Node::Entry) => self.in_entry(namespace, name, attributes),
            Some(Node::Person) if name == "name" => Node::Value(Field::Author),
            Some(Node::Value(_) | Node::Markup) => Node::Markup,
            Some(Node::Person | Node::Ignored) => Node::Ignored,
        };
        match node {
            Node::Value(_) => {
                self.value.clear();
                self.is_markup = attribute(attributes, "type") == Some("xhtml");
            }
            Node::Markup => {
                self.is_markup = true;
                self.push(&format!("<{name}>"));
                self.names.push(name.to_owned());
            }
            _ => {}
        }
        self.open.push(node);
        Ok(())
    }

    fn root(&mut self, name: &str, attributes: &Attributes) -> Result<Node, FeedError> {
        if self.has_begun() {
            return Err(FeedError::Unreadable(
                "it has two outermost elements".to_owned(),
            ));
        }
        self.format = Some(match name {
            "rss" | "RDF" => Format::Rss,
            "feed" => Format::Atom,
            _ if name.eq_ignore_ascii_case("html") => return Err(FeedError::IsPage),
            _ => return Err(FeedError::NotAFeed),
        });
        self.say_language(attributes);
        Ok(if self.format == Some(Format::Atom) {
            Node::Channel
        } else {
            Node::Root
        })
    }

    fn say_language(&mut self, attributes: &Attributes) {
        let said = attribute(attributes, "xml:lang").unwrap_or_default();
        set(&mut self.draft.language, said.to_owned());
    }

    fn in_root(&mut self, namespace: Namespace, name: &str, attributes: &Attributes) -> Node {
        match (namespace, name) {
            (Namespace::Plain, "channel") => {
                self.say_language(attributes);
                Node::Channel
            }
            (Namespace::Plain, "item") => self.begin(attributes),
            _ => Node::Ignored,
        }
    }

    /// Whether elements of that family are those of the feed's own format.
    fn is_own(&self, namespace: Namespace) -> bool {
        match self.format {
            Some(Format::Atom) => matches!(namespace, Namespace::Plain | Namespace::Atom),
            _ => namespace == Namespace::Plain,
        }
    }

    fn in_channel(&mut self, namespace: Namespace, name: &str, attributes: &Attributes) -> Node {
        let entry = match self.format {
            Some(Format::Atom) => "entry",
            _ => "item",
        };
        match name {
            "link" if namespace == Namespace::Atom || self.format == Some(Format::Atom) => {
                set(&mut self.draft.site, alternate(attributes));
                Node::Ignored
            }
            "language" if namespace == Namespace::Dublin => Node::Value(Field::Language),
            _ if !self.is_own(namespace) => Node::Ignored,
            "title" => Node::Value(Field::Title),
            "link" => Node::Value(Field::Link),
            "language" => Node::Value(Field::Language),
            _ if name == entry => self.begin(attributes),
            _ => Node::Ignored,
        }
    }

    fn begin(&mut self, attributes: &Attributes) -> Node {
        if self.draft.entries.len() >= MAX_ITEMS {
            self.draft.more += 1;
            return Node::Ignored;
        }
        let said = |name| attribute(attributes, name).unwrap_or_default().to_owned();
        self.entry = Entry {
            id: said("about"),
            language: said("xml:lang"),
            ..Entry::default()
        };
        Node::Entry
    }

    fn in_entry(&mut self, namespace: Namespace, name: &str, attributes: &Attributes) -> Node {
        let is_atom = self.format == Some(Format::Atom);
        let field = match (namespace, name) {
            (Namespace::Dublin, "creator") => Field::Author,
            (Namespace::Dublin, "subject") => Field::Category,
            (Namespace::Dublin, "date" | "issued" | "created") => Field::Published,
            (Namespace::Dublin, "modified") => Field::Updated,
            (Namespace::Dublin, "language") => Field::Language,
            (Namespace::Dublin, "description" | "abstract") => Field::Summary,
            (Namespace::Dublin, "identifier") if self.entry.id.is_empty() => Field::Id,
            (Namespace::Content, "encoded") => Field::Content,
            (Namespace::Atom, "link") => return self.point(attributes),
            (Namespace::Plain, "link") if is_atom => return self.point(attributes),
            (Namespace::Atom, "updated") => Field::Updated,
            _ if !self.is_own(namespace) => return Node::Ignored,
            (_, "author") if is_atom => return Node::Person,
            (_, "category") if is_atom => {
                let said = attribute(attributes, "label").filter(|label| !label.trim().is_empty());
                let said = said.or(attribute(attributes, "term")).unwrap_or_default();
                add(&mut self.entry.categories, said.to_owned());
                return Node::Ignored;
            }
            (_, "guid") => {
                self.entry.permanent = attribute(attributes, "isPermaLink") != Some("false");
                Field::Id
            }
            (_, "title") => Field::Title,
            (_, "link") => Field::Link,
            (_, "id") if is_atom => Field::Id,
            (_, "description" | "summary") => Field::Summary,
            (_, "content") if is_atom => Field::Content,
            (_, "pubDate" | "published" | "issued") => Field::Published,
            (_, "updated" | "modified") => Field::Updated,
            (_, "author") => Field::Author,
            (_, "category") => Field::Category,
            _ => return Node::Ignored,
        };
        Node::Value(field)
    }

    fn point(&mut self, attributes: &Attributes) -> Node {
        add(&mut self.entry.links, alternate(attributes));
        Node::Ignored
    }

    /// Text of the element that is open.
    pub(crate) fn text(&mut self, text: &str) {
        match self.open.last() {
            Some(Node::Value(_) | Node::Markup) if self.is_markup => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                self.push(&text);
            }
            Some(Node::Value(_)) => self.push(text),
            _ => {}
        }
    }

    /// An entity that XML does not have: it is left as it is for whom reads HTML.
    pub(crate) fn entity(&mut self, name: &str) {
        if let Some(Node::Value(_) | Node::Markup) = self.open.last() {
            self.push(&format!("&{name};"));
        }
    }

    fn push(&mut self, text: &str) {
        let room = MAX_VALUE.saturating_sub(self.value.len());
        let end = text.floor_char_boundary(room);
        self.value.push_str(text.get(..end).unwrap_or_default());
    }

    /// The element that is open ends.
    pub(crate) fn close(&mut self) {
        match self.open.pop() {
            Some(Node::Markup) => {
                if let Some(name) = self.names.pop() {
                    self.push(&format!("</{name}>"));
                }
            }
            Some(Node::Value(field)) => {
                let value = std::mem::take(&mut self.value);
                match self.open.last() {
                    Some(Node::Entry | Node::Person) => self.entry_says(field, value),
                    _ => self.feed_says(field, value),
                }
            }
            Some(Node::Entry) => self.draft.entries.push(std::mem::take(&mut self.entry)),
            _ => {}
        }
    }

    fn feed_says(&mut self, field: Field, value: String) {
        match field {
            Field::Title => set(&mut self.draft.title, value),
            Field::Link => set(&mut self.draft.site, value),
            Field::Language => set(&mut self.draft.language, value),
            _ => {}
        }
    }

    fn entry_says(&mut self, field: Field, value: String) {
        let entry = &mut self.entry;
        match field {
            Field::Title => set(&mut entry.title, value),
            Field::Link => add(&mut entry.links, value),
            Field::Language => set(&mut entry.language, value),
            // What the element says goes before what `rdf:about` said.
            Field::Id if value.trim().is_empty() => {}
            Field::Id => entry.id = value,
            Field::Summary => set(&mut entry.summary, value),
            Field::Content => set(&mut entry.content, value),
            Field::Published => set(&mut entry.published, value),
            Field::Updated => set(&mut entry.updated, value),
            Field::Author => add(&mut entry.authors, value),
            Field::Category => add(&mut entry.categories, value),
        }
    }
}

/// Where an Atom link leads, when it is to what is read.
fn alternate(attributes: &Attributes) -> String {
    let rel = attribute(attributes, "rel").unwrap_or("alternate");
    if rel.eq_ignore_ascii_case("alternate") {
        attribute(attributes, "href").unwrap_or_default().to_owned()
    } else {
        String::new()
    }
}

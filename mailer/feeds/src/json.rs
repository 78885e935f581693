//! JSON Feed 1.0 and 1.1 (jsonfeed.org): a value of the wrong kind is as good as none.

use crate::draft::{Draft, Entry, MAX_REPEATED, MAX_VALUE, add};
use crate::{FeedError, MAX_ITEMS};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// How the version of every JSON feed begins.
const VERSION: &str = "jsonfeed.org/version/";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    version: Word,
    title: Word,
    home_page_url: Word,
    language: Word,
    items: Few<Piece, MAX_ITEMS>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Piece {
    id: Word,
    url: Word,
    external_url: Word,
    title: Word,
    summary: Word,
    content_html: Word,
    content_text: Word,
    date_published: Word,
    date_modified: Word,
    language: Word,
    author: Person,
    authors: Few<Person, MAX_REPEATED>,
    tags: Few<Word, MAX_REPEATED>,
}

/// The name of somebody.
#[derive(Default)]
struct Person(String);

/// Reads a JSON feed.
pub(crate) fn read(text: &str) -> Result<Draft, FeedError> {
    let document: Document = serde_json::from_str(text).map_err(|error| {
        if text.contains(VERSION) {
            FeedError::Unreadable(error.to_string().chars().take(160).collect())
        } else {
            FeedError::NotAFeed
        }
    })?;
    if !document.version.0.contains(VERSION) {
        return Err(FeedError::NotAFeed);
    }
    Ok(Draft {
        title: document.title.0,
        site: document.home_page_url.0,
        language: document.language.0,
        entries: document.items.kept.into_iter().map(entry).collect(),
        more: document.items.more,
    })
}

fn entry(piece: Piece) -> Entry {
    let mut entry = Entry {
        id: piece.id.0,
        title: escape(&piece.title.0),
        summary: escape(&piece.summary.0),
        content: piece.content_html.0,
        published: piece.date_published.0,
        updated: piece.date_modified.0,
        language: piece.language.0,
        ..Entry::default()
    };
    if entry.content.trim().is_empty() {
        entry.content = escape(&piece.content_text.0);
    }
    for link in [piece.url, piece.external_url] {
        add(&mut entry.links, link.0);
    }
    for author in piece.authors.kept {
        add(&mut entry.authors, author.0);
    }
    // Version 1.0 had one author only.
    if entry.authors.is_empty() {
        add(&mut entry.authors, piece.author.0);
    }
    for tag in piece.tags.kept {
        add(&mut entry.categories, tag.0);
    }
    entry
}

/// Kinds of values that say nothing: they are passed over.
macro_rules! nothing {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        })*
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
    (list) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

/// A text, or nothing: numbers are written out, what is neither is passed over.
#[derive(Default)]
struct Word(String);

/// At most `N` values of a list, and how many more there were.
struct Few<T, const N: usize> {
    kept: Vec<T>,
    more: usize,
}

impl<T, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            more: 0,
        }
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        Ok(Word(within(text)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }
    nothing!(visit_bool: bool);
    nothing!(list);
    nothing!(object);
}

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(PersonVisitor)
    }
}

/// An object with a name; a name alone is taken as well.
struct PersonVisitor;

impl<'de> Visitor<'de> for PersonVisitor {
    type Value = Person;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a person")
    }
    fn visit_str<E>(self, text: &str) -> Result<Person, E> {
        Ok(Person(within(text)))
    }
    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
    nothing!(list);
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Person, A::Error> {
        let mut person = Person::default();
        while let Some(key) = map.next_key::<Word>()? {
            if key.0 == "name" {
                person.0 = map.next_value::<Word>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(person)
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Few<T, N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(FewVisitor(PhantomData))
    }
}

struct FewVisitor<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for FewVisitor<T, N> {
    type Value = Few<T, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    nothing!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
    nothing!(object);
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Few<T, N>, A::Error> {
        let mut few = Few::default();
        while few.kept.len() < N {
            match seq.next_element()? {
                Some(value) => few.kept.push(value),
                None => return Ok(few),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {
            few.more += 1;
        }
        Ok(few)
    }
}

/// What is kept of a text.
fn within(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_VALUE);
    text.get(..end).unwrap_or_default().to_owned()
}

/// Plain text as HTML: the texts of a draft all are.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

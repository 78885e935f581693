//! RSS and Atom: the events of the document, within bounds.
//!
//! `quick-xml` finds the markup and expands no entity but the five of XML; this file holds what a
//! stranger could abuse: no document type but a harmless one, depth, elements, attributes and namespaces bounded,
//! everything closed. What the elements say is for [`Walk`].

use crate::FeedError;
use crate::draft::Draft;
use crate::entities::{self, Entities};
use crate::walk::{Namespace, Walk};
use quick_xml::escape::{resolve_predefined_entity, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// Elements that may be open at once.
const MAX_DEPTH: usize = 128;
/// Elements of a document.
const MAX_ELEMENTS: usize = 200_000;
/// Attributes of an element.
const MAX_ATTRIBUTES: usize = 64;
/// Characters of an explanation.
const MAX_REASON: usize = 160;

/// Reads a document of RSS or Atom.
pub(crate) fn read(text: &str) -> Result<Draft, FeedError> {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.trim_markup_names_in_closing_tags = true;
    // "Arts & métiers": not XML, and understood by all.
    config.allow_dangling_amp = true;
    let mut walk = Walk::default();
    let mut entities = Entities::new();
    let mut elements = 0;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or_default();
                return Err(broken(text, at, &error.to_string(), &walk));
            }
        };
        match event {
            Event::Start(start) => {
                elements += 1;
                if elements > MAX_ELEMENTS || walk.depth() >= MAX_DEPTH {
                    return Err(FeedError::Forbidden);
                }
                let (resolved, local) = reader.resolver().resolve_element(start.name());
                let namespace = namespace(&resolved);
                walk.open(namespace, local.as_ref(), &attributes(&start, &entities)?)?;
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.text(&text),
            Event::CData(text) => walk.text(&text),
            Event::GeneralRef(reference) => refer(&reference, &entities, &mut walk),
            Event::DocType(_) if walk.has_begun() => return Err(FeedError::Forbidden),
            Event::DocType(doctype) => entities = entities::read(&doctype)?,
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if walk.depth() > 0 {
        return Err(broken(text, text.len(), "it stops before its end", &walk));
    }
    walk.finish()
}

/// The error of a document that is not well formed, at that byte.
fn broken(text: &str, at: usize, why: &str, walk: &Walk) -> FeedError {
    if !walk.has_begun() {
        return FeedError::NotAFeed;
    }
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let why: String = why.chars().take(MAX_REASON).collect();
    FeedError::Unreadable(format!("line {line}, column {column}: {why}"))
}

fn namespace(resolved: &ResolveResult<'_>) -> Namespace {
    match resolved {
        ResolveResult::Unbound => Namespace::Plain,
        ResolveResult::Bound(address) => match address.as_ref() {
            "http://www.w3.org/2005/Atom" | "http://purl.org/atom/ns#" => Namespace::Atom,
            "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/" => Namespace::Dublin,
            "http://purl.org/rss/1.0/modules/content/" => Namespace::Content,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Namespace::Rdf,
            "http://purl.org/rss/1.0/"
            | "http://my.netscape.com/rdf/simple/0.9/"
            | "http://channel.netscape.com/rdf/simple/0.9/"
            | "http://backend.userland.com/rss2"
            | "http://blogs.law.harvard.edu/tech/rss" => Namespace::Plain,
            _ => Namespace::Other,
        },
        // Nobody declared it: what it is called by everybody.
        ResolveResult::Unknown(prefix) => match prefix.as_str() {
            "dc" | "dcterms" => Namespace::Dublin,
            "content" => Namespace::Content,
            "atom" => Namespace::Atom,
            "rdf" => Namespace::Rdf,
            _ => Namespace::Other,
        },
    }
}

/// Names and values of the attributes, names without their prefixes but `xml:`.
fn attributes(
    start: &BytesStart<'_>,
    entities: &Entities,
) -> Result<Vec<(String, String)>, FeedError> {
    let mut found = Vec::new();
    let mut seen = 0;
    for attribute in start.attributes().with_checks(false) {
        seen += 1;
        if seen > MAX_ATTRIBUTES {
            return Err(FeedError::Forbidden);
        }
        let Ok(attribute) = attribute else {
            continue;
        };
        let name: &str = attribute.key.as_ref();
        let name = match name.split_once(':') {
            Some(("xml" | "xmlns", _)) | None => name,
            Some((_, local)) => local,
        };
        let raw: &str = &attribute.value;
        let known = |name: &str| {
            let own = || entities.get(name).map(String::as_str);
            resolve_predefined_entity(name).or_else(own)
        };
        let value = unescape_with(raw, known);
        let value = value.map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned);
        found.push((name.to_owned(), value));
    }
    Ok(found)
}

/// A reference: one of the five of XML, a number, one that the document declares, or one of HTML
/// that is left for later.
fn refer(reference: &BytesRef<'_>, entities: &Entities, walk: &mut Walk) {
    let name: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(c)) => walk.text(c.encode_utf8(&mut [0; 4])),
        Ok(None) => {
            let own = || entities.get(name).map(String::as_str);
            match resolve_predefined_entity(name).or_else(own) {
                Some(text) => walk.text(text),
                None => walk.entity(name),
            }
        }
        Err(_) => {}
    }
}

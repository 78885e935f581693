//! The manifest as a bounded tree of elements with their places.
//!
//! `quick-xml` finds the markup; this file holds what it leaves open and what a stranger
//! could abuse: no document type, no entity beyond the five, depth, number and size
//! bounded, characters that XML allows, exactly one outermost element.

use super::tree::{Attribute, Element, Namespace};
use crate::package::Limits;
use crate::problem::{Code, Findings, Position, Problem};
use quick_xml::XmlVersion;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use std::collections::BTreeSet;

/// Attributes that an element may have on average: more is not a manifest, and would
/// take more memory than the elements.
const ATTRIBUTES_EACH: usize = 6;

/// The tree and the addresses of all namespaces met.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Element,
    pub(super) namespaces: BTreeSet<String>,
}

/// Reads a document.
pub(super) fn read(
    text: &str,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Document, Problem> {
    let mut places = Places::new(text);
    if let Some((at, found)) = text.char_indices().find(|(_, c)| !is_allowed(*c)) {
        return Err(malformed(format!("U+{:04X}", u32::from(found))).at(places.of(at)));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut builder = Builder {
        limits,
        findings,
        places,
        open: Vec::new(),
        root: None,
        elements: 0,
        attributes: 0,
        namespaces: BTreeSet::new(),
        unknown: BTreeSet::new(),
    };
    loop {
        let start = reader.buffer_position() as usize;
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = builder.places.of(reader.error_position() as usize);
                return Err(malformed(error).at(at));
            }
        };
        if matches!(event, Event::Eof) {
            break;
        }
        let position = builder.places.of(start);
        builder
            .take(&event, &reader, position)
            .map_err(|problem| match problem.line {
                Some(_) => problem,
                None => problem.at(position),
            })?;
    }
    builder.finish(text.len())
}

fn malformed(detail: impl std::fmt::Display) -> Problem {
    Problem::new(Code::ManifestNotWellFormed).with("detail", detail)
}

/// Characters of XML 1.0, production 2.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

struct Builder<'b> {
    limits: &'b Limits,
    findings: &'b mut Findings,
    places: Places<'b>,
    open: Vec<(Element, String)>,
    root: Option<Element>,
    elements: usize,
    attributes: usize,
    namespaces: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

impl Builder<'_> {
    fn take(
        &mut self,
        event: &Event<'_>,
        reader: &NsReader<&[u8]>,
        position: Position,
    ) -> Result<(), Problem> {
        match event {
            Event::Start(start) => self.start(start, reader, position),
            Event::End(_) => {
                self.end();
                Ok(())
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let text = resolve(reference)?;
                self.text(&text)
            }
            Event::DocType(_) => Err(Problem::new(Code::ManifestDtd)),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => {
                Ok(())
            }
        }
    }

    fn start(
        &mut self,
        start: &BytesStart<'_>,
        reader: &NsReader<&[u8]>,
        position: Position,
    ) -> Result<(), Problem> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(malformed("second outermost element"));
        }
        if self.open.len() >= self.limits.depth() {
            return Err(Problem::new(Code::ManifestTooDeep).with("limit", self.limits.depth()));
        }
        self.elements += 1;
        if self.elements > self.limits.manifest_elements {
            return Err(self.too_many_elements());
        }
        let (resolved, local) = reader.resolver().resolve_element(start.name());
        let namespace = self.namespace(resolved, position);
        let element = Element {
            namespace,
            name: local.as_ref().into(),
            attributes: self.attributes(start, reader, position)?,
            text: Box::default(),
            children: Vec::new(),
            position,
        };
        self.open.push((element, String::new()));
        Ok(())
    }

    fn too_many_elements(&self) -> Problem {
        Problem::new(Code::ManifestTooManyElements).with("limit", self.limits.manifest_elements)
    }

    fn attributes(
        &mut self,
        start: &BytesStart<'_>,
        reader: &NsReader<&[u8]>,
        position: Position,
    ) -> Result<Vec<Attribute>, Problem> {
        let mut attributes = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            if index >= self.limits.manifest_attributes {
                return Err(Problem::new(Code::ManifestTooManyAttributes)
                    .with("limit", self.limits.manifest_attributes));
            }
            self.attributes += 1;
            if self.attributes
                > self
                    .limits
                    .manifest_elements
                    .saturating_mul(ATTRIBUTES_EACH)
            {
                return Err(self.too_many_elements());
            }
            let attribute = attribute.map_err(malformed)?;
            let name = attribute.key.as_ref();
            if attribute.value.len() > self.limits.manifest_value {
                return Err(Problem::new(Code::ManifestValueTooLong)
                    .with("name", name)
                    .with("limit", self.limits.manifest_value));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(unescaped)?;
            if let Some(found) = value.chars().find(|c| !is_allowed(*c)) {
                return Err(malformed(format!("U+{:04X}", u32::from(found))));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = reader.resolver().resolve_attribute(attribute.key);
            attributes.push(Attribute {
                namespace: self.namespace(resolved, position),
                name: local.as_ref().into(),
                value: value.into(),
            });
        }
        Ok(attributes)
    }

    /// The family of a namespace; a prefix that nothing declares counts as what it is
    /// usually bound to, with one warning a prefix.
    fn namespace(&mut self, resolved: ResolveResult<'_>, position: Position) -> Namespace {
        match resolved {
            ResolveResult::Unbound => Namespace::None,
            ResolveResult::Bound(address) => {
                if !self.namespaces.contains(address.as_ref()) {
                    self.namespaces.insert(address.as_ref().to_owned());
                }
                Namespace::of(address.as_ref())
            }
            ResolveResult::Unknown(prefix) => {
                let family = Namespace::of(&prefix);
                if self.unknown.insert(prefix.clone()) {
                    let problem =
                        Problem::new(Code::ManifestUndeclaredPrefix).with("name", &prefix);
                    self.findings.add(problem.at(position));
                }
                family
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        match self.open.last_mut() {
            Some((_, gathered)) => gathered.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(malformed("text outside the outermost element")),
        }
        Ok(())
    }

    fn end(&mut self) {
        // `quick-xml` has checked that the names of start and end agree.
        if let Some((mut element, text)) = self.open.pop() {
            element.text = text.trim().into();
            match self.open.last_mut() {
                Some((parent, _)) => parent.children.push(element),
                None => self.root = Some(element),
            }
        }
    }

    fn finish(mut self, length: usize) -> Result<Document, Problem> {
        if let Some((element, _)) = self.open.pop() {
            return Err(malformed(format!("<{}> …", element.name)).at(element.position));
        }
        let end = self.places.of(length);
        let root = self.root.ok_or_else(|| malformed("no element").at(end))?;
        Ok(Document {
            root,
            namespaces: self.namespaces,
        })
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, Problem> {
    let unknown = || Problem::new(Code::ManifestEntity).with("name", &**reference);
    match reference.resolve_char_ref() {
        Ok(Some(c)) if is_allowed(c) => Ok(c.to_string()),
        Ok(Some(c)) => Err(malformed(format!("U+{:04X}", u32::from(c)))),
        Ok(None) => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or_else(unknown),
        Err(error) => Err(malformed(error)),
    }
}

fn unescaped(error: quick_xml::Error) -> Problem {
    match error {
        quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => {
            Problem::new(Code::ManifestEntity).with("name", name)
        }
        other => malformed(other),
    }
}

/// Lines and columns of offsets that only grow, or start over. Counting goes on from
/// the last place: a manifest may be one line of 8 MiB.
struct Places<'t> {
    text: &'t str,
    offset: usize,
    place: Position,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let place = Position { line: 1, column: 1 };
        Self {
            text,
            offset: 0,
            place,
        }
    }

    /// The place of a byte offset; one inside a character counts as behind it.
    fn of(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        for byte in &self.text.as_bytes()[self.offset..offset] {
            if *byte == b'\n' {
                self.place.line = self.place.line.saturating_add(1);
                self.place.column = 1;
            } else if (*byte & 0xc0) != 0x80 {
                self.place.column = self.place.column.saturating_add(1);
            }
        }
        self.offset = offset;
        self.place
    }
}

//! What a document type declares. Nothing that it names elsewhere is fetched; entities that stand
//! for a few characters are harmless and are kept, all else is refused.

use crate::FeedError;
use quick_xml::escape::resolve_predefined_entity;
use std::collections::HashMap;

/// Entities of a document: HTML has 253 for letters.
const MAX_ENTITIES: usize = 300;
/// Characters that an entity stands for.
const MAX_CHARACTERS: usize = 32;
/// Document types that feeds once asked for.
const KNOWN: [&str; 5] = [
    "my.netscape.com",
    "backend.userland.com",
    "www.scripting.com",
    "www.rssboard.org",
    "purl.org",
];

/// Entities by name.
pub(crate) type Entities = HashMap<String, String>;

/// The entities that a document type declares, from what stands between `<!DOCTYPE` and `>`.
pub(crate) fn read(doctype: &str) -> Result<Entities, FeedError> {
    let doctype = doctype.trim();
    let (outside, inside) = match doctype.split_once('[') {
        Some((outside, rest)) => {
            let inside = rest.trim_end().strip_suffix(']');
            (outside, inside.ok_or(FeedError::Forbidden)?)
        }
        None => (doctype, ""),
    };
    let mut words = outside.split_whitespace();
    let name = words.next().unwrap_or_default();
    if name.eq_ignore_ascii_case("html") {
        return Err(FeedError::IsPage);
    }
    let elsewhere = words.next().is_some();
    if elsewhere && !is_known(outside) {
        return Err(FeedError::Forbidden);
    }
    declared(inside)
}

fn is_known(outside: &str) -> bool {
    let address = outside.trim_end().trim_end_matches(['"', '\'']);
    let address = address.rsplit(['"', '\'']).next().unwrap_or_default();
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    KNOWN.contains(&host.split('/').next().unwrap_or_default())
}

fn declared(mut rest: &str) -> Result<Entities, FeedError> {
    let mut entities = Entities::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(entities);
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").ok_or(FeedError::Forbidden)?.1;
            continue;
        }
        let (name, value, after) = one(rest).ok_or(FeedError::Forbidden)?;
        let value = characters(value).ok_or(FeedError::Forbidden)?;
        if entities.len() >= MAX_ENTITIES {
            return Err(FeedError::Forbidden);
        }
        // The first declaration of a name holds (XML 1.0, section 4.2).
        entities.entry(name.to_owned()).or_insert(value);
        rest = after;
    }
}

/// A declaration of an entity by its value, `<!ENTITY name "value">`: its name, its value, what
/// follows. None for any other declaration.
fn one(rest: &str) -> Option<(&str, &str, &str)> {
    let rest = rest.strip_prefix("<!ENTITY")?;
    let bare = rest.trim_start();
    let (name, rest) = bare.split_once(|c: char| c.is_ascii_whitespace())?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if bare.len() == rest.len() || name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    let rest = rest.trim_start();
    let mark = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = rest.get(1..)?.split_once(mark)?;
    Some((name, value, rest.trim_start().strip_prefix('>')?))
}

/// The characters that a value stands for: none when it holds markup or names other entities than
/// characters.
fn characters(value: &str) -> Option<String> {
    if value.len() > MAX_CHARACTERS * 10 || value.contains(['<', '%']) {
        return None;
    }
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, reference)) = rest.split_once('&') {
        let (name, after) = reference.split_once(';')?;
        out.push_str(before);
        match name.strip_prefix('#') {
            Some(number) => out.push(numbered(number)?),
            None => out.push_str(resolve_predefined_entity(name)?),
        }
        rest = after;
    }
    out.push_str(rest);
    // `<!ENTITY amp "&#38;#38;">` names a character twice.
    if out.starts_with("&#") && out.ends_with(';') {
        let number = out.get(2..out.len() - 1)?;
        out = numbered(number)?.to_string();
    }
    let is_plain = |c: char| matches!(c, '\t' | '\n' | '\r') || !c.is_control();
    (out.chars().count() <= MAX_CHARACTERS && out.chars().all(is_plain)).then_some(out)
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

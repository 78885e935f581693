//! What tells an entry from all others of its feed.
//!
//! Feeds say `N/A` as identifier of everything, have several entries lead to one page, change an
//! address from `http:` to `https:`. So an entry has three names, the surest first: its identifier,
//! its address, its words. A name that several entries of one document claim is nobody's.

use crate::Identity;
use crate::draft::Entry;
use crate::link;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use url::Url;

/// What programs write where an identifier is missing.
const NOBODY: [&str; 16] = [
    "",
    "-",
    "--",
    ".",
    "?",
    "0",
    "n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "undefined",
    "false",
    "true",
    "unknown",
];

/// An entry, as far as its names go.
pub(crate) struct Named<'e> {
    pub(crate) entry: &'e Entry,
    pub(crate) link: Option<&'e str>,
    pub(crate) title: &'e str,
    pub(crate) date: Option<i64>,
}

/// The names of entries, in their order, and those that several of them claim. None for an entry
/// that says again what one before it said.
pub(crate) fn of(entries: &[Named<'_>], feed: &str) -> (Vec<Option<Identity>>, Vec<String>) {
    let names: Vec<Names> = entries.iter().map(|named| Names::of(named, feed)).collect();
    let mut shared = HashSet::new();
    claimed(&names, |names| names.id.as_ref(), &mut shared);
    // Two entries with an identifier each may lead to one page; one without must not be taken for
    // another that does.
    claimed(&names, |names| names.link.as_ref(), &mut shared);
    let mut seen = HashSet::new();
    let kept = names
        .iter()
        .map(|names| {
            let free = |name: &Option<String>| name.clone().filter(|name| !shared.contains(name));
            let identity = Identity {
                id: free(&names.id),
                link: free(&names.link),
                words: names.words.clone(),
                former: names.former(&shared),
            };
            let surest = identity.id.as_ref().or(identity.link.as_ref());
            let surest = surest.unwrap_or(&identity.words).clone();
            seen.insert(surest).then_some(identity)
        })
        .collect();
    let mut shared: Vec<String> = shared.into_iter().collect();
    shared.sort_unstable();
    (kept, shared)
}

/// Adds to `shared` the names that entries claim that are not the same: they differ in what is said
/// of them besides.
fn claimed<'n>(
    names: &'n [Names],
    name: impl Fn(&'n Names) -> Option<&'n String>,
    shared: &mut HashSet<String>,
) {
    let mut first: HashMap<&String, &Names> = HashMap::new();
    for one in names {
        let Some(claim) = name(one) else { continue };
        let known = first.entry(claim).or_insert(one);
        if !known.is_same(one, shared) {
            shared.insert(claim.clone());
        }
    }
}

struct Names {
    id: Option<String>,
    link: Option<String>,
    words: String,
    /// The only name that entries had once: of the identifier, else of the address, else of title
    /// and date.
    old: String,
    old_is_of: Option<String>,
}

impl Names {
    fn of(named: &Named<'_>, feed: &str) -> Self {
        let said = named.entry.id.trim();
        let id = (!NOBODY.contains(&said.to_lowercase().as_str()))
            .then(|| name(feed, b"id", &[&bare(said)]));
        let link = named.link.map(|link| name(feed, b"link", &[&bare(link)]));
        let date = named.date.unwrap_or_default();
        let at = named.link.map(bare).unwrap_or_default();
        let words = name(feed, b"words", &[&at, named.title, &date.to_string()]);
        let mut hash = Sha256::new();
        hash.update(feed.as_bytes());
        hash.update([0]);
        match named.link {
            _ if !said.is_empty() => hash.update(said.as_bytes()),
            Some(link) => hash.update(link.as_bytes()),
            None => {
                hash.update(named.title.as_bytes());
                hash.update([0]);
                hash.update(date.to_be_bytes());
            }
        }
        Self {
            old_is_of: if said.is_empty() {
                link.clone()
            } else {
                id.clone()
            },
            id,
            link,
            words,
            old: hex::encode(hash.finalize()),
        }
    }

    /// Whether two entries that claim one name are the same, said twice: one identifier that leads
    /// to one page, or the same words.
    fn is_same(&self, other: &Self, shared: &HashSet<String>) -> bool {
        let by_id = self.id.as_ref().filter(|id| !shared.contains(*id));
        (by_id.is_some() && by_id == other.id.as_ref() && self.link == other.link)
            || self.words == other.words
    }

    fn former(&self, shared: &HashSet<String>) -> Option<String> {
        let known = self.old_is_of.as_ref();
        known
            .is_some_and(|name| !shared.contains(name))
            .then(|| self.old.clone())
    }
}

fn name(feed: &str, kind: &[u8], parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update([0]);
    hash.update(feed.as_bytes());
    for part in parts {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// An address without what may change and leads to the same page: its scheme, what follows readers,
/// the place in the page's end. Anything else as it is.
fn bare(said: &str) -> String {
    let is_address = said.starts_with("http://") || said.starts_with("https://");
    let clean = if is_address {
        link::clean(said, None)
    } else {
        None
    };
    let Some(url) = clean.and_then(|clean| Url::parse(&clean).ok()) else {
        return said.to_owned();
    };
    let url = String::from(url);
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    rest.trim_end_matches('/').to_owned()
}

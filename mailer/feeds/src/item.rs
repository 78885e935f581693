//! From what a feed says to items that may be shown, kept and sent.

use crate::draft::{Draft, Entry};
use crate::{
    Feed, Item, MAX_AUTHOR, MAX_CATEGORIES, MAX_CATEGORY, MAX_SUMMARY, MAX_TITLE, date, link, text,
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use url::Url;

/// Microseconds that a date may be ahead of now: a day.
const AHEAD: i64 = 24 * 60 * 60 * 1_000_000;
/// Characters of a summary that stand for a title.
const FIRST_WORDS: usize = 100;
/// Characters at most in the tag of a language.
const MAX_LANGUAGE: usize = 35;

/// The feed, cleaned.
pub(crate) fn feed(draft: &Draft, address: &str, now: i64) -> Feed {
    let address = address.trim();
    let base = Url::parse(address).ok();
    let reading = Reading {
        address,
        base: base.as_ref(),
        latest: now.saturating_add(AHEAD),
        language: language(&draft.language),
    };
    let mut keys = HashSet::new();
    let items: Vec<Item> = draft
        .entries
        .iter()
        .filter_map(|entry| reading.item(entry))
        .filter(|item| keys.insert(item.key.clone()))
        .collect();
    Feed {
        title: text::plain(&draft.title, MAX_TITLE),
        site: link::clean(&draft.site, base.as_ref()),
        language: reading.language.clone(),
        dropped: draft.more + draft.entries.len() - items.len(),
        items,
    }
}

struct Reading<'r> {
    address: &'r str,
    base: Option<&'r Url>,
    latest: i64,
    language: Option<String>,
}

impl Reading<'_> {
    /// The item; none when it has no words.
    fn item(&self, entry: &Entry) -> Option<Item> {
        let mut summary = text::plain(&entry.summary, MAX_SUMMARY);
        if summary.is_empty() {
            summary = text::plain(&entry.content, MAX_SUMMARY);
        }
        let said = text::plain(&entry.title, MAX_TITLE);
        let title = if said.is_empty() {
            text::cut(&summary, FIRST_WORDS)
        } else {
            said
        };
        if title.is_empty() {
            return None;
        }
        let mut links = entry
            .links
            .iter()
            .filter_map(|raw| link::clean(raw, self.base));
        let link = links.next().or_else(|| {
            let id = entry.permanent.then_some(entry.id.as_str())?;
            link::clean(id, None)
        });
        let date = date::micros(&entry.published).or_else(|| date::micros(&entry.updated));
        Some(Item {
            key: self.key(entry, link.as_deref(), &title, date),
            at: date.filter(|at| *at <= self.latest),
            author: author(&entry.authors),
            categories: categories(&entry.categories),
            language: language(&entry.language).or_else(|| self.language.clone()),
            title,
            link,
            summary,
        })
    }

    fn key(&self, entry: &Entry, link: Option<&str>, title: &str, date: Option<i64>) -> String {
        let id = entry.id.trim();
        let mut hash = Sha256::new();
        hash.update(self.address.as_bytes());
        hash.update([0]);
        match link {
            _ if !id.is_empty() => hash.update(id.as_bytes()),
            Some(link) => hash.update(link.as_bytes()),
            // The date as it is said, believed or not: a key does not change as days go by.
            None => {
                hash.update(title.as_bytes());
                hash.update([0]);
                hash.update(date.unwrap_or_default().to_be_bytes());
            }
        }
        hex::encode(hash.finalize())
    }
}

fn language(said: &str) -> Option<String> {
    let said = said.trim().replace('_', "-").to_ascii_lowercase();
    let plain = said.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let starts = said.starts_with(|c: char| c.is_ascii_alphabetic());
    (plain && starts && (2..=MAX_LANGUAGE).contains(&said.len())).then_some(said)
}

/// Names, without the mail addresses that RSS puts beside or in their place.
fn author(said: &[String]) -> String {
    let mut names: Vec<String> = Vec::new();
    for raw in said {
        let whole = text::plain(raw, MAX_AUTHOR);
        // "jeanne@exemple.fr (Jeanne Dupont)"
        let inner = match whole.split_once('(') {
            Some((before, inner)) if before.contains('@') => inner,
            _ => whole.as_str(),
        };
        let words = inner.split(' ').filter(|word| !word.contains('@'));
        let name = words.collect::<Vec<_>>().join(" ");
        let around = if whole.contains('@') {
            "()<>[],;:-–"
        } else {
            ",;"
        };
        let name = name.trim_matches(|c: char| c == ' ' || around.contains(c));
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    text::cut(&names.join(", "), MAX_AUTHOR)
}

fn categories(said: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    said.iter()
        .map(|raw| text::plain(raw, MAX_CATEGORY))
        .filter(|category| !category.is_empty() && seen.insert(category.to_lowercase()))
        .take(MAX_CATEGORIES)
        .collect()
}

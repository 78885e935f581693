//! From what a feed says to items that may be shown, kept and sent.

use crate::draft::{Draft, Entry};
use crate::identity::{self, Named};
use crate::{
    Feed, Identity, Item, MAX_AUTHOR, MAX_CATEGORIES, MAX_CATEGORY, MAX_SUMMARY, MAX_TITLE, date,
    link, text,
};
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
        base: base.as_ref(),
        latest: now.saturating_add(AHEAD),
        language: language(&draft.language),
    };
    let read: Vec<(&Entry, Words)> = draft
        .entries
        .iter()
        .filter_map(|entry| reading.words(entry).map(|words| (entry, words)))
        .collect();
    let named: Vec<Named<'_>> = read
        .iter()
        .map(|(entry, words)| Named {
            entry,
            link: words.link.as_deref(),
            title: &words.title,
            date: words.date,
        })
        .collect();
    let (identities, shared) = identity::of(&named, address);
    let items: Vec<Item> = read
        .into_iter()
        .zip(identities)
        .filter_map(|((entry, words), identity)| Some(reading.item(entry, words, identity?)))
        .collect();
    Feed {
        title: text::plain(&draft.title, MAX_TITLE),
        site: link::clean(&draft.site, base.as_ref()),
        language: reading.language.clone(),
        dropped: draft.more + draft.entries.len() - items.len(),
        shared,
        items,
    }
}

/// What an entry says, cleaned.
struct Words {
    title: String,
    link: Option<String>,
    summary: String,
    /// As it is said, believed or not.
    date: Option<i64>,
}

struct Reading<'r> {
    base: Option<&'r Url>,
    latest: i64,
    language: Option<String>,
}

impl Reading<'_> {
    /// What an entry says; none when it has no words.
    fn words(&self, entry: &Entry) -> Option<Words> {
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
        Some(Words {
            title,
            link,
            summary,
            date: date::micros(&entry.published).or_else(|| date::micros(&entry.updated)),
        })
    }

    fn item(&self, entry: &Entry, words: Words, identity: Identity) -> Item {
        Item {
            identity,
            at: words.date.filter(|at| *at <= self.latest),
            author: author(&entry.authors),
            categories: categories(&entry.categories),
            language: language(&entry.language).or_else(|| self.language.clone()),
            title: words.title,
            link: words.link,
            summary: words.summary,
        }
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

//! A feed as it says it: what the readers of the formats hand over, before any cleaning.

/// Values of one kind that an entry may repeat.
pub(crate) const MAX_REPEATED: usize = 20;
/// Bytes kept of one value.
pub(crate) const MAX_VALUE: usize = 256 * 1024;

/// A feed.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) site: String,
    pub(crate) language: String,
    pub(crate) entries: Vec<Entry>,
    /// Entries that were passed over.
    pub(crate) more: usize,
}

/// An entry; what it does not say is empty.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) links: Vec<String>,
    pub(crate) summary: String,
    pub(crate) content: String,
    pub(crate) published: String,
    pub(crate) updated: String,
    pub(crate) authors: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) language: String,
    /// The id is an address where the entry may be read (RSS 2.0, `isPermaLink`).
    pub(crate) permanent: bool,
}

/// Adds to a list that a stranger fills.
pub(crate) fn add(list: &mut Vec<String>, value: String) {
    if list.len() < MAX_REPEATED && !value.trim().is_empty() {
        list.push(value);
    }
}

/// Writes a value once: the first that says something.
pub(crate) fn set(place: &mut String, value: String) {
    if place.trim().is_empty() {
        *place = value;
    }
}

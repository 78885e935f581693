//! Feeds that a resource centre watches: from the bytes of an answer to clean items.
//!
//! Pure: no network, no database, no clock. [`read`] takes RSS (0.9x, 1.0, 2.0), Atom or a JSON
//! feed, bounds what it looks at, and gives plain text and addresses that may be shown. It does
//! not say whether an address may be fetched. [`discover`] finds the feeds that a web page names.

mod charset;
mod date;
mod draft;
mod entities;
mod identity;
mod item;
mod json;
mod link;
mod markup;
mod page;
mod text;
mod walk;
mod xml;

pub use page::discover;

use draft::Draft;

/// Bytes of an answer beyond which it is not read.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Entries of a feed that are read; those after them are counted as dropped.
pub const MAX_ITEMS: usize = 200;
/// Characters at most in a title.
pub const MAX_TITLE: usize = 300;
/// Characters at most in a summary.
pub const MAX_SUMMARY: usize = 1_000;
/// Characters at most in an address.
pub const MAX_LINK: usize = 2_000;
/// Characters at most in the names of authors.
pub const MAX_AUTHOR: usize = 200;
/// Categories kept of an item, and characters at most in one.
pub const MAX_CATEGORIES: usize = 20;
/// Characters at most in a category.
pub const MAX_CATEGORY: usize = 100;

/// What a feed says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its title, as plain text; empty when it says none.
    pub title: String,
    /// Address of the site it is about.
    pub site: Option<String>,
    /// Language it says it is in (a tag of BCP 47, in lower case).
    pub language: Option<String>,
    /// Its items, in the order of the feed.
    pub items: Vec<Item>,
    /// Entries that are not among the items: without words, said twice, or beyond [`MAX_ITEMS`].
    pub dropped: usize,
    /// Names that several entries claim, and that are therefore nobody's, here and in any other
    /// version of the feed.
    pub shared: Vec<String>,
}

/// What tells an entry from all others, whatever is corrected in it: names of 64 hexadecimal
/// digits, the surest first. Two entries of one feed have none in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Of its identifier, when it has one of its own: it is the same entry, whatever else changed.
    pub id: Option<String>,
    /// Of its address, when no other entry leads there.
    pub link: Option<String>,
    /// Of its address, its title and its date.
    pub words: String,
    /// The name that it had when entries had one only, made of the first of these that it says.
    pub former: Option<String>,
}

impl Identity {
    /// All names, the surest first.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        [&self.id, &self.link]
            .into_iter()
            .flatten()
            .chain([&self.words])
            .chain(&self.former)
    }
}

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What tells it from all others.
    pub identity: Identity,
    /// Title, as plain text on one line; never empty.
    pub title: String,
    /// Where to read it (`https:` or `http:`, without what follows readers).
    pub link: Option<String>,
    /// Summary, as plain text on one line.
    pub summary: String,
    /// When it was published, else updated: microseconds since 1970, UTC.
    pub at: Option<i64>,
    /// Names of its authors, without their mail addresses.
    pub author: String,
    /// Its categories, each once.
    pub categories: Vec<String>,
    /// Language it says it is in, else that of the feed.
    pub language: Option<String>,
}

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// It has more than [`MAX_BYTES`].
    #[error("the answer is larger than a feed may be")]
    TooLarge,
    /// It is something else.
    #[error("the answer is not a feed")]
    NotAFeed,
    /// It is a web page: [`discover`] may find feeds in it.
    #[error("the answer is a web page")]
    IsPage,
    /// It begins as a feed and is broken: where, and a few words of the parser.
    #[error("the feed cannot be read: {0}")]
    Unreadable(String),
    /// It declares entities that do more than name a few characters, or a document type that is not
    /// that of a feed, or is built to exhaust its reader.
    #[error("the feed declares what a feed may not")]
    Forbidden,
}

/// Reads a feed.
///
/// `content_type` is the header of the answer; `address` is where the feed is, against which
/// relative addresses are resolved and which is part of each name; `now` is in microseconds since
/// 1970 (a date more than a day after it is not believed).
///
/// # Errors
///
/// It is too large, is not a feed, is broken or is hostile; see [`FeedError`].
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    address: &str,
    now: i64,
) -> Result<Feed, FeedError> {
    if bytes.len() > MAX_BYTES {
        return Err(FeedError::TooLarge);
    }
    let text = charset::decode(bytes, content_type);
    let draft = draft(&text).map_err(|error| match error {
        FeedError::NotAFeed if page::is_page(&text, content_type) => FeedError::IsPage,
        error => error,
    })?;
    Ok(item::feed(&draft, address, now))
}

fn draft(text: &str) -> Result<Draft, FeedError> {
    let text = text.trim_start();
    if text.starts_with('<') {
        xml::read(text)
    } else if text.starts_with('{') {
        json::read(text)
    } else {
        Err(FeedError::NotAFeed)
    }
}

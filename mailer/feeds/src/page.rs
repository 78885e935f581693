//! Web pages: telling one from a feed, and finding the feeds that it names.

use crate::markup::{Piece, Pieces, Tag};
use crate::{MAX_TITLE, charset, link, text};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use url::Url;

/// Bytes of a page in which feeds are looked for.
const LOOKED_AT: usize = 1024 * 1024;
/// Feeds of a page.
const MAX_FOUND: usize = 10;
/// Bytes of a tag that is read.
const MAX_TAG: usize = 4_096;
/// Tags that are read.
const MAX_TAGS: usize = 500;
/// Bytes in which a page says that it is one.
const SNIFFED: usize = 4_096;

/// Types of the feeds that [`crate::read`] reads.
const TYPES: [&str; 4] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
];

/// Titles and addresses of the feeds that a web page names, in its order: at most ten, each once.
/// A feed without a title has an empty one. `base` is the address of the page; what it names is
/// resolved against it, and only `https:` and `http:` are kept.
pub fn discover(html: &[u8], base: &str) -> Vec<(String, String)> {
    let html = html.get(..LOOKED_AT).unwrap_or(html);
    let html = charset::decode(html, None);
    let mut base = Url::parse(base.trim()).ok();
    let mut is_moved = false;
    let mut found: Vec<(String, String)> = Vec::new();
    let tags = Pieces::of(&html).filter_map(|piece| match piece {
        Piece::Tag(tag) if !tag.closes && tag.whole.len() <= MAX_TAG => Some(tag),
        _ => None,
    });
    let tags = tags.filter(|tag| tag.is("link") || tag.is("base"));
    for tag in tags.take(MAX_TAGS) {
        let attributes = attributes(tag);
        let said = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let Some(href) = said("href") else {
            continue;
        };
        if tag.is("base") {
            let moved = base.as_ref().and_then(|base| base.join(href).ok());
            if let Some(moved) = moved.filter(|_| !is_moved) {
                base = Some(moved);
                is_moved = true;
            }
        } else if is_feed(said("rel"), said("type"))
            && let Some(address) = link::clean(href, base.as_ref())
            && !found.iter().any(|(_, known)| *known == address)
        {
            let title = said("title").unwrap_or_default();
            found.push((text::plain(title, MAX_TITLE), address));
            if found.len() >= MAX_FOUND {
                break;
            }
        }
    }
    found
}

fn is_feed(rel: Option<&str>, kind: Option<&str>) -> bool {
    let mut rels = rel.unwrap_or_default().split_ascii_whitespace();
    let kind = kind.unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    rels.any(|rel| rel.eq_ignore_ascii_case("alternate"))
        && TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// Whether what is not a feed is a web page.
pub(crate) fn is_page(text: &str, content_type: Option<&str>) -> bool {
    let kind = content_type.unwrap_or_default().to_ascii_lowercase();
    if kind.contains("html") && text.contains('<') {
        return true;
    }
    let start = text
        .get(..text.floor_char_boundary(SNIFFED))
        .unwrap_or(text);
    let start = start.to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| start.contains(mark))
}

/// Names and values of the attributes of a tag.
fn attributes(tag: Tag<'_>) -> Vec<(String, String)> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(tag.whole));
    let tokenizer = Tokenizer::new(Attributes::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[derive(Default)]
struct Attributes(RefCell<Vec<(String, String)>>);

impl TokenSink for Attributes {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let pairs = tag.attrs.iter();
            let pairs = pairs.map(|pair| (pair.name.local.to_string(), pair.value.to_string()));
            self.0.borrow_mut().extend(pairs);
        }
        TokenSinkResult::Continue
    }
}

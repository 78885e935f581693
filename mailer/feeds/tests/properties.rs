//! Whatever comes in: no panic, and what goes out is bounded and plain.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use passerelle_feeds::{
    Feed, FeedError, MAX_AUTHOR, MAX_CATEGORIES, MAX_CATEGORY, MAX_ITEMS, MAX_LINK, MAX_SUMMARY,
    MAX_TITLE, discover, read,
};
use proptest::prelude::*;
use std::cell::Cell;

const FIXTURES: [&[u8]; 5] = [
    include_bytes!("fixtures/rss2.xml"),
    include_bytes!("fixtures/rss1.xml"),
    include_bytes!("fixtures/atom.xml"),
    include_bytes!("fixtures/feed.json"),
    include_bytes!("fixtures/latin1.xml"),
];

#[derive(Default)]
struct Tags(Cell<usize>);

impl TokenSink for Tags {
    type Handle = ();
    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if matches!(
            token,
            Token::TagToken(_) | Token::CommentToken(_) | Token::DoctypeToken(_)
        ) {
            self.0.set(self.0.get() + 1);
        }
        TokenSinkResult::Continue
    }
}

fn is_plain(text: &str, limit: usize) -> bool {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let shown = |c: char| {
        !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    tokenizer.sink.0.get() == 0
        && text.chars().count() <= limit
        && text.chars().all(shown)
        && text.trim() == text
        && !text.contains("  ")
}

fn check(result: Result<Feed, FeedError>) {
    let feed = match result {
        Ok(feed) => feed,
        Err(error) => return assert!(error.to_string().len() < 1_000),
    };
    let is_link = |link: &Option<String>| {
        link.as_ref()
            .is_none_or(|link| link.len() <= MAX_LINK && link.starts_with("http"))
    };
    assert!(is_plain(&feed.title, MAX_TITLE) && is_link(&feed.site));
    assert!(feed.items.len() <= MAX_ITEMS);
    for item in &feed.items {
        assert!(
            !item.title.is_empty() && is_plain(&item.title, MAX_TITLE),
            "{:?}",
            item.title
        );
        assert!(is_plain(&item.summary, MAX_SUMMARY), "{:?}", item.summary);
        assert!(is_plain(&item.author, MAX_AUTHOR), "{:?}", item.author);
        assert!(item.categories.len() <= MAX_CATEGORIES);
        assert!(
            item.categories
                .iter()
                .all(|category| is_plain(category, MAX_CATEGORY))
        );
        assert!(is_link(&item.link) && item.identity.names().all(|name| name.len() == 64));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in any::<Option<String>>(), now in any::<i64>()) {
        check(read(&bytes, kind.as_deref(), "https://exemple.fr/", now));
        prop_assert!(discover(&bytes, "https://exemple.fr/").len() <= 10);
    }

    #[test]
    fn spoiled_feeds_are_survived(
        which in 0..FIXTURES.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6_u8, any::<u8>(), 0..200_usize), 1..12),
        now in any::<i64>(),
    ) {
        let mut bytes = FIXTURES[which].to_vec();
        for (place, what, byte, length) in edits {
            if bytes.is_empty() { break; }
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.drain(at..end); }
                3 => { let part = bytes[at..end].to_vec(); bytes.splice(at..at, part); }
                4 => bytes.insert(at, [b'<', b'>', b'&', b'"', b'\'', b'/', b'!', b'{'][usize::from(byte % 8)]),
                _ => bytes.truncate(end),
            }
        }
        check(read(&bytes, None, "https://exemple.fr/", now));
        prop_assert!(discover(&bytes, "https://exemple.fr/").len() <= 10);
    }

    #[test]
    fn any_words_come_out_plain(words in "([<>&;/!?a-c\"'= -]|&lt;|&amp;|&#60;|<b>|</b>|<script>|</script>|<!--|-->|\\PC){0,60}", id in ".*", date in "[0-9a-z:, +-]{0,40}") {
        let text = words.replace('&', "&amp;").replace('<', "&lt;");
        let id = id.replace('&', "&amp;").replace('<', "&lt;");
        let xml = format!("<rss><channel><title>{text}</title><item><title>{text}</title><description>{text}</description><author>{text}</author><category>{text}</category><link>{id}</link><guid>{id}</guid><pubDate>{date}</pubDate></item></channel></rss>");
        let feed = read(xml.as_bytes(), None, "https://exemple.fr/", 0);
        prop_assert!(feed.is_ok(), "{feed:?}");
        check(feed);
        let page = format!("<link rel=alternate type=application/rss+xml href='{id}' title='{words}'>{words}");
        for (title, address) in discover(page.as_bytes(), "https://exemple.fr/") {
            prop_assert!(is_plain(&title, MAX_TITLE) && address.starts_with("http"));
        }
    }
}

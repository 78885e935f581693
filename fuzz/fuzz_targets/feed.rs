//! An answer of any bytes is a feed or is refused, and what is kept is bounded. The first byte
//! chooses what the server said it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_feeds::{
    MAX_AUTHOR, MAX_CATEGORIES, MAX_CATEGORY, MAX_ITEMS, MAX_LINK, MAX_SUMMARY, MAX_TITLE,
    discover, read,
};

const KINDS: [Option<&str>; 4] = [
    None,
    Some("application/rss+xml; charset=iso-8859-1"),
    Some("text/html; charset=utf-16"),
    Some("application/feed+json"),
];
const ADDRESS: &str = "https://exemple.fr/veille/flux.xml";

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    for (link, title) in discover(bytes, ADDRESS) {
        assert!(link.starts_with("http") && link.len() <= MAX_LINK);
        assert!(title.chars().count() <= MAX_TITLE);
    }
    let Ok(feed) = read(bytes, kind, ADDRESS, 1_800_000_000_000_000) else {
        return;
    };
    assert!(feed.items.len() <= MAX_ITEMS && feed.title.chars().count() <= MAX_TITLE);
    for item in &feed.items {
        assert!(item.identity.names().all(|name| name.len() == 64));
        assert!(!item.title.is_empty() && item.title.chars().count() <= MAX_TITLE);
        assert!(item.summary.chars().count() <= MAX_SUMMARY);
        assert!(item.author.chars().count() <= MAX_AUTHOR);
        assert!(item.categories.len() <= MAX_CATEGORIES);
        assert!(item.categories.iter().all(|one| one.chars().count() <= MAX_CATEGORY));
        let shown = |link: &String| link.len() <= MAX_LINK && link.starts_with("http");
        assert!(item.link.as_ref().is_none_or(shown));
    }
    assert_eq!(read(bytes, kind, ADDRESS, 1_800_000_000_000_000), Ok(feed));
});

//! Answers that are wrong, or meant to harm.

use passerelle_feeds::{Feed, FeedError, MAX_BYTES, MAX_ITEMS, MAX_TITLE, discover, read};
use std::time::{Duration, Instant};

const ADDRESS: &str = "https://exemple.fr/flux";

fn answer(bytes: &[u8]) -> Result<Feed, FeedError> {
    read(bytes, None, ADDRESS, 0)
}

/// Generous: these builds are not optimised.
fn quickly<T>(what: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let out = what();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    out
}

#[test]
fn document_types_and_entities_are_refused() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;&lol;\">]><rss><channel><title>&lol1;</title></channel></rss>";
    assert_eq!(answer(laughs.as_bytes()), Err(FeedError::Forbidden));
    let external = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><channel><title>&x;</title></channel></rss>";
    assert_eq!(answer(external.as_bytes()), Err(FeedError::Forbidden));
    let parameter = "<!DOCTYPE rss SYSTEM \"https://exemple.fr/a.dtd\"><rss/>";
    assert_eq!(answer(parameter.as_bytes()), Err(FeedError::Forbidden));
    let inside = "<rss><!DOCTYPE a [<!ENTITY b 'c'>]><channel/></rss>";
    assert_eq!(answer(inside.as_bytes()), Err(FeedError::Forbidden));
}

#[test]
fn what_is_built_to_exhaust_is_refused_at_once() {
    let deep = format!("<rss><channel>{}", "<a>".repeat(100_000));
    assert_eq!(
        quickly(|| answer(deep.as_bytes())),
        Err(FeedError::Forbidden)
    );
    let many = format!("<rss><channel>{}</channel></rss>", "<a/>".repeat(900_000));
    assert_eq!(
        quickly(|| answer(many.as_bytes())),
        Err(FeedError::Forbidden)
    );
    let attributes: String = (0..300_000).map(|n| format!(" a{n}=''")).collect();
    let wide = format!("<rss><channel><a{attributes}/></channel></rss>");
    assert_eq!(
        quickly(|| answer(wide.as_bytes())),
        Err(FeedError::Forbidden)
    );
    let spaces: String = (0..100_000)
        .map(|n| format!(" xmlns:a{n}='b{n}'"))
        .collect();
    let names = format!("<rss{spaces}><channel/></rss>");
    assert!(quickly(|| answer(names.as_bytes())).is_err());
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1\",\"x\":{}",
        "[".repeat(1_000_000)
    );
    assert!(matches!(
        quickly(|| answer(json.as_bytes())),
        Err(FeedError::Unreadable(_))
    ));
}

#[test]
fn sizes_are_bounded() {
    let huge = format!(
        "<rss><channel><title>{}</title></channel></rss>",
        "a".repeat(50_000_000)
    );
    assert_eq!(answer(huge.as_bytes()), Err(FeedError::TooLarge));
    let long = format!(
        "<rss><channel><title>{}</title></channel></rss>",
        "été ".repeat(500_000)
    );
    let feed = quickly(|| answer(long.as_bytes())).expect("a feed");
    assert!(feed.title.chars().count() <= MAX_TITLE && feed.title.ends_with("été…"));
    let attribute = format!(
        "<rss><channel><item x=\"{}\"><title>T</title></item></channel></rss>",
        "a".repeat(1_000_000)
    );
    assert_eq!(
        quickly(|| answer(attribute.as_bytes())).map(|feed| feed.items.len()),
        Ok(1)
    );
    let items: String = (0..1_000)
        .map(|n| format!("<item><title>T{n}</title></item>"))
        .collect();
    let feed = answer(format!("<rss><channel>{items}</channel></rss>").as_bytes()).expect("a feed");
    assert_eq!((feed.items.len(), feed.dropped), (MAX_ITEMS, 800));
    let items: String = (0..999)
        .map(|n| format!("{{\"title\":\"T{n}\"}},"))
        .collect();
    let json =
        format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{items}{{}}]}}");
    let feed = answer(json.as_bytes()).expect("a feed");
    assert_eq!((feed.items.len(), feed.dropped), (MAX_ITEMS, 800));
}

#[test]
fn html_made_to_be_slow_is_read_in_a_line() {
    let attributes: String = (0..60_000).map(|n| format!("a{n} ")).collect();
    for html in [
        format!("<p {attributes}>"),
        "<!-- a ".repeat(100_000),
        "<!-- -->".repeat(100_000),
        "<script>".repeat(100_000),
        "<script></scrip".repeat(50_000),
        "<b><i>".repeat(100_000),
        "<a x='".repeat(100_000),
        "&amp;lt;".repeat(100_000),
        "&".repeat(500_000),
    ] {
        let item = format!("<item><description><![CDATA[{html}]]></description></item>");
        let xml = format!(
            "<rss><channel>{}</channel></rss>",
            item.repeat(MAX_BYTES / item.len() / 2 + 1)
        );
        quickly(|| answer(&xml.as_bytes()[..xml.len().min(MAX_BYTES)]).is_ok());
        quickly(|| discover(html.as_bytes(), ADDRESS));
    }
    let links = format!("<link rel=alternate {}>", &attributes[..3_900]).repeat(1_000);
    quickly(|| discover(links.as_bytes(), ADDRESS));
}

#[test]
fn no_script_and_no_strange_link_comes_through() {
    let xml = "<rss><channel><title>&lt;script&gt;alert(1)&lt;/script&gt;T</title><link>javascript:alert(1)</link><item>\
        <title><![CDATA[A<script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}B]]></title>\
        <link>javascript:alert(1)</link><guid>data:text/html,a</guid>\
        <description>&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;C</description></item></channel></rss>";
    let feed = answer(xml.as_bytes()).expect("a feed");
    assert_eq!((feed.title.as_str(), feed.site.as_deref()), ("T", None));
    let item = &feed.items[0];
    assert_eq!(
        (
            item.title.as_str(),
            item.link.as_deref(),
            item.summary.as_str()
        ),
        ("A B", None, "C")
    );
}

#[test]
fn what_is_not_a_feed_is_named() {
    for page in [
        "<!DOCTYPE html><html><head></head></html>",
        "<!doctype HTML PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/\"><html/>",
        "<html lang=fr><p>a",
        "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "\n<!-- a --><HTML>",
        "Notice: <b>php</b><html>",
    ] {
        assert_eq!(answer(page.as_bytes()), Err(FeedError::IsPage), "{page}");
    }
    assert_eq!(
        read(b"<p>Bonjour", Some("text/html"), ADDRESS, 0),
        Err(FeedError::IsPage)
    );
    let gzip: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xb3, 0x29, 0x2a, 0x2e];
    for other in [
        b"".as_slice(),
        b" \n",
        b"<",
        b"<svg/>",
        b"{}",
        b"{",
        b"[1]",
        b"%PDF-1.7",
        gzip,
    ] {
        assert_eq!(answer(other), Err(FeedError::NotAFeed), "{other:?}");
    }
    assert_eq!(
        answer(b"{\"version\": \"2\", \"items\": []}"),
        Err(FeedError::NotAFeed)
    );
}

#[test]
fn what_is_broken_says_where() {
    let cut = "<rss>\n<channel><item><title>T</title></item>";
    assert_eq!(
        answer(cut.as_bytes()),
        Err(FeedError::Unreadable(
            "line 2, column 39: it stops before its end".to_owned()
        ))
    );
    for broken in [
        "<rss><channel></rss>",
        "<rss><channel><![CDATA[",
        "<rss><channel",
        "<rss/><rss/>",
        "<rss><channel><title>a</titre></channel></rss>",
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [",
    ] {
        let error = answer(broken.as_bytes());
        assert!(
            matches!(error, Err(FeedError::Unreadable(_) | FeedError::NotAFeed)),
            "{broken} {error:?}"
        );
    }
    let invalid = b"<rss><channel><title>\xc3\xa9t\xe9\xff</title></channel></rss>";
    assert_eq!(
        answer(invalid).map(|feed| feed.title),
        Ok("ét\u{fffd}\u{fffd}".to_owned())
    );
}

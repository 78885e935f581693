//! Feeds as organisations publish them.

use passerelle_feeds::{Feed, FeedError, Item, discover, read};

const ADDRESS: &str = "https://exemple.fr/flux/rss.xml";
/// 15 March 2026.
const NOW: i64 = 1_773_532_800_000_000;

#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
fn feed(bytes: &[u8]) -> Feed {
    read(bytes, None, ADDRESS, NOW).expect("a feed")
}

fn rss(items: &str) -> Feed {
    feed(format!("<rss><channel><title>T</title>{items}</channel></rss>").as_bytes())
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.items.iter().map(|item| item.title.as_str()).collect()
}

fn item(feed: &Feed, at: usize) -> &Item {
    &feed.items[at]
}

fn micros(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_microsecond)
}

#[test]
fn rss_2_gives_clean_items() {
    let feed = feed(include_bytes!("fixtures/rss2.xml"));
    assert_eq!(feed.title, "Centre de ressources d’Exempleville");
    assert_eq!(feed.site.as_deref(), Some("https://exemple.fr/"));
    assert_eq!(feed.language.as_deref(), Some("fr-fr"));
    let first = item(&feed, 0);
    assert_eq!(first.title, "Illettrisme : les chiffres & l'action");
    assert_eq!(
        first.link.as_deref(),
        Some("https://exemple.fr/articles/1?id=1#suite")
    );
    assert_eq!(first.summary, "Une étude de l’observatoire. À lire.");
    assert_eq!(first.author, "Jeanne Dupont");
    assert_eq!(first.categories, ["Illettrisme", "Compétences de base"]);
    assert_eq!(first.at, micros("2026-03-02T09:00:00Z"));
    assert!(first.identity.names().all(|name| name.len() == 64));
    assert_eq!(first.language.as_deref(), Some("fr-fr"));
}

#[test]
fn what_is_missing_is_made_up_for() {
    let feed = feed(include_bytes!("fixtures/rss2.xml"));
    assert_eq!(
        titles(&feed).len(),
        6,
        "two articles with one identifier are two"
    );
    assert_eq!(feed.dropped, 1, "one without words");
    let second = item(&feed, 1);
    assert_eq!(
        second.link.as_deref(),
        Some("https://exemple.fr/articles/2")
    );
    assert_eq!(second.summary, "Le corps, faute de résumé.");
    assert_eq!(second.author, "Ali Benali, Jeanne Dupont");
    assert_eq!(second.at, micros("2026-03-03T08:30:00Z"));
    let brief = item(&feed, 3);
    assert!(brief.title.starts_with("Une brève sans titre") && brief.title.ends_with('…'));
    assert!(brief.title.chars().count() <= 100);
    assert_eq!(brief.link.as_deref(), Some("https://exemple.fr/breves/4"));
    assert_eq!(brief.at, None, "a date of the next century is not believed");
    assert_eq!(
        item(&feed, 4).link.as_deref(),
        Some("https://exemple.fr/articles/5")
    );
    assert_eq!(item(&feed, 5).at, None);
}

#[test]
fn rss_1_gives_its_subjects_and_dates() {
    let feed = feed(include_bytes!("fixtures/rss1.xml"));
    assert_eq!(
        (feed.title.as_str(), feed.site.as_deref()),
        ("Revue d'Exemple", Some("https://exemple.fr/revue"))
    );
    assert_eq!(feed.language.as_deref(), Some("fr"));
    let only = item(&feed, 0);
    assert_eq!(
        (only.title.as_str(), only.summary.as_str()),
        ("Numéro 1", "Sommaire")
    );
    assert_eq!(only.categories, ["Formation", "Droit"]);
    assert_eq!(only.author, "Comité");
    assert_eq!(only.at, micros("2026-02-01T00:00:00Z"));
}

#[test]
fn atom_gives_its_alternate_link_and_its_own_title() {
    let feed = feed(include_bytes!("fixtures/atom.xml"));
    assert_eq!(feed.title, "Veille & actualités");
    assert_eq!(feed.site.as_deref(), Some("https://exemple.fr/"));
    assert_eq!(titles(&feed), ["Premier", "Second"]);
    let first = item(&feed, 0);
    assert_eq!(first.link.as_deref(), Some("https://exemple.fr/1"));
    assert_eq!(first.summary, "Si a < b, alors b > a & c.");
    assert_eq!(first.author, "Jeanne Dupont");
    assert_eq!(first.categories, ["Numérique", "droit"]);
    assert_eq!(first.at, micros("2026-03-01T09:00:00Z"));
    let second = item(&feed, 1);
    assert_eq!(second.link, None);
    assert_eq!(second.at, micros("2026-03-02T00:00:00Z"));
    assert_eq!(
        (second.summary.as_str(), second.language.as_deref()),
        ("Short", Some("en"))
    );
}

#[test]
fn a_json_feed_is_read_whatever_the_kinds_of_its_values() {
    let feed = feed(include_bytes!("fixtures/feed.json"));
    assert_eq!(feed.title, "Lettre JSON d'Exemple");
    assert_eq!(feed.dropped, 1);
    let first = item(&feed, 0);
    assert_eq!(
        (first.title.as_str(), first.summary.as_str()),
        ("Numéro 12", "Bonjour à tous")
    );
    assert_eq!(first.link.as_deref(), Some("https://exemple.fr/lettre/12"));
    assert_eq!(first.categories, ["Emploi", "3"]);
    assert_eq!(first.author, "Jeanne Dupont");
    let second = item(&feed, 1);
    assert_eq!(second.title, "Si 1 < 2 & 3 > 2");
    assert_eq!(
        (second.author.as_str(), second.at),
        ("Ali", micros("2026-03-03T10:00:00Z"))
    );
}

#[test]
fn french_accents_of_other_days_are_read() {
    for kind in [
        None,
        Some("text/xml"),
        Some("text/xml; charset=ISO-8859-1"),
        Some("text/xml; charset=UTF-8"),
    ] {
        let feed = read(include_bytes!("fixtures/latin1.xml"), kind, ADDRESS, NOW).expect("a feed");
        assert_eq!(feed.title, "École élémentaire");
        assert_eq!(item(&feed, 0).title, "Noël à l'école");
        assert_eq!(item(&feed, 0).summary, "Où ça ?");
    }
}

#[test]
fn a_name_is_stable_and_belongs_to_its_feed() {
    let identity = |items: &str, address: &str, now: i64| {
        let xml = format!("<rss><channel>{items}</channel></rss>");
        let feed = read(xml.as_bytes(), None, address, now).expect("a feed");
        item(&feed, 0).identity.clone()
    };
    let named = "<item><title>A</title><guid>1</guid><link>https://a.fr/1</link></item>";
    let renamed = "<item><title>B</title><guid>1</guid><link>https://a.fr/2</link></item>";
    let (first, second) = (identity(named, ADDRESS, NOW), identity(renamed, ADDRESS, 0));
    assert!(first.id.is_some() && first.id == second.id && first.link != second.link);
    let elsewhere = identity(named, "https://autre.fr/", NOW);
    assert!(
        first
            .names()
            .all(|name| elsewhere.names().all(|other| name != other))
    );
    let linked = "<item><title>A</title><link>https://a.fr/1?utm_source=x</link></item>";
    let tracked = "<item><title>B</title><link>http://a.fr/1?utm_source=y</link></item>";
    let (first, second) = (
        identity(linked, ADDRESS, NOW),
        identity(tracked, ADDRESS, NOW),
    );
    assert!(
        first.link.is_some() && first.link == second.link,
        "http: or https:"
    );
    let old = "<item><title>A</title><guid>http://a.fr/1</guid></item>";
    let new = "<item><title>A</title><guid>https://a.fr/1/</guid></item>";
    assert_eq!(
        identity(old, ADDRESS, NOW).id,
        identity(new, ADDRESS, NOW).id
    );
    let bare = "<item><title>A</title><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>";
    let (believed, not) = (identity(bare, ADDRESS, NOW), identity(bare, ADDRESS, 0));
    assert_eq!(believed, not);
    let undated = identity("<item><title>A</title></item>", ADDRESS, 0);
    assert_ne!(believed.words, undated.words);
}

/// Nine articles of which six were kept: three had `N/A` as identifier, and two led to one page.
#[test]
fn what_several_entries_claim_is_nobody_s() {
    let entry = |title: &str, link: &str, rest: &str| {
        format!("<item><title>{title}</title><link>https://a.fr/{link}</link>{rest}</item>")
    };
    let same = "<guid isPermaLink='false'>N/A</guid>";
    let copied = "<guid>modele-7</guid>";
    let all = rss(&[
        entry("Un", "na/1", same),
        entry("Deux", "na/2", same),
        entry("Trois", "c/1", copied),
        entry("Quatre", "c/2", copied),
        entry("Sondage 1", "sondages", ""),
        entry("Sondage 2", "sondages", ""),
        entry("Propre", "p", "<guid>p-1</guid>"),
        entry("Propre", "p", "<guid>p-1</guid>"),
    ]
    .concat());
    assert_eq!((all.items.len(), all.dropped), (7, 1), "{:?}", titles(&all));
    assert_eq!(all.shared.len(), 2, "an identifier and an address");
    let ids = all.items.iter().filter(|item| item.identity.id.is_some());
    assert_eq!(ids.count(), 1);
    let mut names: Vec<&String> = all
        .items
        .iter()
        .flat_map(|item| item.identity.names())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "no two have a name in common");
}

/// A document type was refused whatever it declared: RSS 0.91 asks for one, and many feeds name
/// their letters as HTML does.
#[test]
fn harmless_declarations_are_heard() {
    let said = |doctype: &str| {
        let xml = format!(
            "<?xml version='1.0'?><!DOCTYPE rss {doctype}><rss><channel><item><title>&eacute;t&oe; &tiret;&nbsp;!</title></item></channel></rss>"
        );
        read(xml.as_bytes(), None, ADDRESS, NOW).map(|feed| item(&feed, 0).title.clone())
    };
    let entities = "[ <!-- lettres --> <!ENTITY eacute \"&#233;\"> <!ENTITY oe '&#xE9;'>\n<!ENTITY tiret \"–\"><!ENTITY nbsp \"&#38;#160;\"> ]";
    assert_eq!(said(entities).as_deref(), Ok("été – !"));
    let netscape = format!(
        "PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\" {entities}"
    );
    assert_eq!(said(&netscape).as_deref(), Ok("été – !"));
    for harmful in [
        "[<!ENTITY a SYSTEM \"file:///etc/passwd\">]",
        "[<!ENTITY % a \"b\">]",
        "[<!ENTITY a \"&b;\">]",
        "[<!ENTITY a \"<b>\">]",
        "[<!ELEMENT rss ANY>]",
        "[%a;]",
        "SYSTEM \"https://exemple.fr/a.dtd\"",
    ] {
        assert_eq!(said(harmful), Err(FeedError::Forbidden), "{harmful}");
    }
    let long = format!("[<!ENTITY a \"{}\">]", "x".repeat(33));
    assert_eq!(said(&long), Err(FeedError::Forbidden));
}

#[test]
fn common_faults_are_forgiven() {
    let feed = rss(
        "<item><title>Arts & métiers &eacute; &nbsp;x</title><dc:creator>Ali</dc:creator><dc:date>2026-03-02</dc:date><description>Du <b>gras</b>, 1 &lt; 2</description></item>",
    );
    let only = item(&feed, 0);
    assert_eq!(only.title, "Arts & métiers é x");
    assert_eq!(
        (only.author.as_str(), only.summary.as_str()),
        ("Ali", "Du gras, 1 < 2")
    );
    assert!(only.at.is_some());
    let bom = "\u{feff}\n <?xml version='1.0'?><rss><channel/></rss>";
    assert_eq!(
        read(bom.as_bytes(), None, ADDRESS, NOW).map(|feed| feed.items.len()),
        Ok(0)
    );
    let odd = rss("<item><title>T</title><link>a</link></item>");
    assert_eq!(
        item(&odd, 0).link.as_deref(),
        Some("https://exemple.fr/flux/a")
    );
    let adrift = read(
        b"<rss><channel><item><title>T</title><link>a</link></item></channel></rss>",
        None,
        "rien",
        NOW,
    );
    assert_eq!(adrift.map(|feed| item(&feed, 0).link.clone()), Ok(None));
}

#[test]
fn authors_are_names() {
    for (said, name) in [
        ("jeanne@exemple.fr", ""),
        ("Jeanne Dupont &lt;jeanne@exemple.fr&gt;", "Jeanne Dupont"),
        (
            "Jeanne Dupont-Martin\u{a0}jeanne@exemple.fr",
            "Jeanne Dupont-Martin",
        ),
        ("jeanne@exemple.fr (Jeanne Dupont)", "Jeanne Dupont"),
        ("Service (presse)", "Service (presse)"),
    ] {
        let feed = rss(&format!(
            "<item><title>T</title><author>{said}</author></item>"
        ));
        assert_eq!(item(&feed, 0).author, name);
    }
}

#[test]
fn feeds_that_a_page_names_are_found() {
    let page = br#"<!DOCTYPE html><html><head><base href="/blog/">
        <!-- <link rel="alternate" type="application/rss+xml" href="/vieux.xml"> -->
        <script>document.write('<link rel="alternate" type="application/rss+xml" href="/faux.xml">')</script>
        <link rel=stylesheet href=a.css>
        <LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" TITLE="Actualit&eacute;s &amp; agenda" HREF="rss.xml?a=1&amp;b=2">
        <link rel="alternate home" type='application/atom+xml' href='//autre.fr/atom'>
        <link rel="alternate" type="application/feed+json" href="rss.xml?a=1&b=2">
        <link rel="alternate" type="text/html" hreflang="en" href="/en">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>"#;
    assert_eq!(
        discover(page, "https://exemple.fr/"),
        [
            (
                "Actualités & agenda".to_owned(),
                "https://exemple.fr/blog/rss.xml?a=1&b=2".to_owned()
            ),
            (String::new(), "https://autre.fr/atom".to_owned()),
        ]
    );
    let many: String = (0..50)
        .map(|n| format!("<link rel=alternate type=application/rss+xml href=/{n}>"))
        .collect();
    assert_eq!(discover(many.as_bytes(), "https://exemple.fr").len(), 10);
    assert_eq!(discover(many.as_bytes(), "rien"), []);
    assert_eq!(
        read(page, Some("text/html"), ADDRESS, NOW),
        Err(FeedError::IsPage)
    );
}

#[test]
fn a_real_feed_of_nine_articles_has_nine() {
    let feed = feed(include_bytes!("fixtures/etat-1.xml"));
    assert_eq!(
        (feed.items.len(), feed.dropped),
        (9, 0),
        "{:?}",
        titles(&feed)
    );
}

#[test]
fn utf_8_announced_as_latin_1_is_utf_8() {
    let feed = feed(include_bytes!("fixtures/utf8-annonce-latin1.xml"));
    assert_eq!(
        item(&feed, 0).title,
        "L’été à Nîmes : 12 € l’heure, cœur de métier – « bilan »"
    );
    assert_eq!(
        item(&feed, 0).summary,
        "Œuvre collective, élève, façade, Noël, Ÿ."
    );
}

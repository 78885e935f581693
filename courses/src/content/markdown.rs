//! Markdown into HTML that is safe to show on our own origin.
//!
//! Two independent barriers: the tree is rebuilt without raw HTML and with the
//! pictures and links we allow, then what was rendered is cleaned again by an
//! allow-list. Neither believes the other.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};
use uuid::Uuid;

/// Characters rendered at most; what follows is left out.
pub const MAX_MARKDOWN: usize = 200_000;

const TAGS: &[&str] = &[
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "strong",
    "em",
    "del",
    "a",
    "img",
    "br",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

/// Safe HTML of `text`.
///
/// Raw HTML is dropped, headings start at the second level, pictures and links
/// to files are those of `attachments` (addresses `/fichiers/{attachment}`),
/// other links lead to `http:`, `https:` or `mailto:` only.
pub fn render_markdown(text: &str, attachments: &[Uuid]) -> String {
    render_under(text, attachments, 2)
}

/// The same with headings that start at another level, for text under a heading of ours.
pub fn render_under(text: &str, attachments: &[Uuid], highest: u8) -> String {
    let cut = text
        .char_indices()
        .nth(MAX_MARKDOWN)
        .map_or(text, |(at, _)| &text[..at]);
    let files: HashSet<String> = attachments
        .iter()
        .map(|id| attachment_address(*id))
        .collect();
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, cut, &options);
    shift_headings(root, highest);
    tame(root, &files);
    let mut html = String::with_capacity(cut.len() * 2);
    if format_html(root, &options, &mut html).is_err() {
        return String::new();
    }
    clean(&html, &files)
}

/// Where an attachment is served.
pub fn attachment_address(id: Uuid) -> String {
    format!("/fichiers/{id}")
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    options
}

/// The page has its own `<h1>`: the highest heading of the text goes to the level below what is above it.
fn shift_headings<'a>(root: &'a AstNode<'a>, first: u8) {
    let level = |node: &AstNode<'a>| match node.data.borrow().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let Some(highest) = root.descendants().filter_map(level).min() else {
        return;
    };
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data.borrow_mut().value {
            heading.level = (heading.level - highest + first).min(6);
        }
    }
}

/// Raw HTML goes; a picture or a link we do not allow leaves its words.
fn tame<'a>(root: &'a AstNode<'a>, files: &HashSet<String>) {
    let all: Vec<&AstNode<'a>> = root.descendants().collect();
    for node in all {
        let wanted = match &node.data.borrow().value {
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) | NodeValue::Raw(_) => false,
            NodeValue::Image(image) => files.contains(&image.url),
            NodeValue::Link(link) => is_followed(&link.url, files),
            _ => true,
        };
        if wanted {
            continue;
        }
        let raw = matches!(
            node.data.borrow().value,
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) | NodeValue::Raw(_)
        );
        if raw {
            node.detach();
            continue;
        }
        let children: Vec<&AstNode<'a>> = node.children().collect();
        for child in children {
            node.insert_before(child);
        }
        node.detach();
    }
}

fn is_followed(url: &str, files: &HashSet<String>) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
        || files.contains(url)
}

fn clean(html: &str, files: &HashSet<String>) -> String {
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("img", HashSet::from(["src", "alt", "title"])),
        ("ol", HashSet::from(["start"])),
        ("th", HashSet::from(["align"])),
        ("td", HashSet::from(["align"])),
    ]);
    let files = files.clone();
    ammonia::Builder::empty()
        .tags(TAGS.iter().copied().collect())
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_value("img", "loading", "lazy")
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                ("img", "src") => files.contains(value).then_some(Cow::Borrowed(value)),
                ("a", "href") => is_followed(value, &files).then_some(Cow::Borrowed(value)),
                _ => Some(Cow::Borrowed(value)),
            },
        )
        .clean(html)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        render_markdown(text, &[])
    }

    #[test]
    fn text_tables_and_links_are_rendered() {
        let html = plain(
            "# Titre\n\n## Sous-titre\n\nUn **mot** et ~~un autre~~, https://exemple.fr\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
        );
        assert!(
            html.contains("<h2>Titre</h2>") && html.contains("<h3>Sous-titre</h3>"),
            "{html}"
        );
        assert!(
            html.contains("<strong>mot</strong>") && html.contains("<del>un autre</del>"),
            "{html}"
        );
        assert!(
            html.contains("<table>") && html.contains("<th align=\"right\">b</th>"),
            "{html}"
        );
        assert!(
            html.contains(r#"<a href="https://exemple.fr" rel="noopener noreferrer">"#),
            "{html}"
        );
    }

    #[test]
    fn the_highest_heading_becomes_a_second_one() {
        let html = plain("### Trois\n\n##### Cinq\n\n###### Six");
        assert!(
            html.contains("<h2>Trois</h2>")
                && html.contains("<h4>Cinq</h4>")
                && html.contains("<h5>Six</h5>"),
            "{html}"
        );
    }

    #[test]
    fn pictures_are_ours_or_their_words_alone() {
        let ours = Uuid::from_u128(7);
        let other = Uuid::from_u128(8);
        let address = attachment_address(ours);
        let text = format!(
            "![La salle]({address}) ![Autre](/fichiers/{other}) ![Loin](https://exemple.fr/a.png)"
        );
        let html = render_markdown(&text, &[ours]);
        assert!(
            html.contains(&format!("src=\"{address}\"")) && html.contains("alt=\"La salle\""),
            "{html}"
        );
        assert_eq!(html.matches("<img").count(), 1, "{html}");
        assert!(
            html.contains("Autre") && html.contains("Loin") && !html.contains("a.png"),
            "{html}"
        );
    }

    #[test]
    fn attacks_known_from_elsewhere_do_nothing() {
        let attacks = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](  javascript:alert(1))",
            "[a](java\nscript:alert(1))",
            "[a](&#x6A;avascript:alert(1))",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "[a](vbscript:msgbox(1))",
            "![a](javascript:alert(1))",
            "![a\" onerror=\"alert(1)](/fichiers/00000000-0000-0000-0000-000000000007)",
            "![a](/fichiers/00000000-0000-0000-0000-000000000007\"onerror=\"alert(1))",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<svg/onload=alert(1)>",
            "<iframe src=\"https://exemple.fr\"></iframe>",
            "<style>@import 'https://exemple.fr'</style>",
            "<form action=\"https://exemple.fr\"><input name=a></form>",
            "<base href=\"https://exemple.fr\">",
            "<meta http-equiv=refresh content=\"0;url=https://exemple.fr\">",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "`<script>alert(1)</script>`",
            "```html\n<script>alert(1)</script>\n```",
            "[a]: javascript:alert(1)\n\n[a]",
            "<https://exemple.fr\" onmouseover=\"alert(1)>",
            "[a](https://exemple.fr \"x\" onclick=\"alert(1)\")",
            "[a](//exemple.fr)",
            "[a](/gestion)",
            "<details open ontoggle=alert(1)>x</details>",
        ];
        let ours = Uuid::from_u128(7);
        for attack in attacks {
            let html = render_markdown(attack, &[ours]);
            let tags: Vec<&str> = html
                .split('<')
                .skip(1)
                .map(|t| t.split('>').next().unwrap_or_default())
                .collect();
            for tag in tags {
                let lower = tag.to_ascii_lowercase();
                let name = lower
                    .trim_start_matches('/')
                    .split([' ', '/'])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                assert!(TAGS.contains(&name.as_str()), "{attack} -> {html}");
                let attributes = outside_quotes(&lower);
                assert!(!attributes.contains(" on"), "{attack} -> {html}");
                for bad in [
                    "javascript:",
                    "vbscript:",
                    "data:",
                    "href=\"/g",
                    "href=\"//",
                ] {
                    assert!(!lower.contains(bad), "{attack} -> {html}");
                }
            }
        }
    }

    /// A tag without the values of its attributes.
    fn outside_quotes(tag: &str) -> String {
        tag.split('"').step_by(2).collect()
    }

    #[test]
    fn raw_html_leaves_nothing_behind() {
        assert_eq!(plain("<div onclick=x>").trim(), "");
        assert!(!plain("a <b onclick=x>gras</b>").contains("onclick"));
    }

    #[test]
    fn a_very_long_text_is_cut() {
        let html = plain(&"é ".repeat(MAX_MARKDOWN));
        assert!(html.chars().count() <= MAX_MARKDOWN + 20);
    }
}

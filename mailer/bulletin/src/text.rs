//! The Markdown of a block, as HTML and as plain text.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};
use url::Url;

/// Width of lines of the plain-text part: readers wrap them to their own screens.
const WIDTH: usize = 2_000;

/// Whether an address may be followed from a mail: `https:`, `http:`, `mailto:` or `tel:`, whole.
pub(crate) fn is_followed(address: &str) -> bool {
    match Url::parse(address) {
        Ok(url) => match url.scheme() {
            "https" | "http" => url
                .host_str()
                .is_some_and(|host| host.contains('.') || host == "localhost"),
            "mailto" => url.path().contains('@'),
            "tel" => !url.path().is_empty(),
            _ => false,
        },
        Err(_) => false,
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.render.escape = true;
    options
}

/// HTML of `text`: nothing raw in it, links to where mails may lead, no picture (they are blocks).
/// Each element wears the little style that mail readers keep.
pub(crate) fn html(text: &str) -> String {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, text, &options);
    tame(root);
    let mut html = String::new();
    if format_html(root, &options, &mut html).is_err() {
        return String::new();
    }
    html.replace("<p>", "<p style=\"margin:0 0 16px\">")
        .replace("<a href", "<a style=\"color:#0b5052\" href")
        .replace("<ul>", "<ul style=\"margin:0 0 16px;padding-left:24px\">")
        .replace("<ol>", "<ol style=\"margin:0 0 16px;padding-left:24px\">")
}

/// Plain text of `text`; an address follows the words that lead to it.
pub(crate) fn plain(text: &str) -> String {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, text, &options);
    tame(root);
    let nodes: Vec<&AstNode<'_>> = root.descendants().collect();
    for node in nodes {
        let address = match &node.data.borrow().value {
            NodeValue::Link(link) => link.url.trim_start_matches("mailto:").to_owned(),
            _ => continue,
        };
        let words: String = node
            .descendants()
            .filter_map(|inner| match &inner.data.borrow().value {
                NodeValue::Text(words) => Some(words.to_string()),
                _ => None,
            })
            .collect();
        while let Some(child) = node.first_child() {
            node.insert_before(child);
        }
        if words.trim() != address {
            let after = NodeValue::Text(format!(" ({address})").into());
            node.insert_before(arena.alloc(after.into()));
        }
        node.detach();
    }
    let mut html = String::new();
    if format_html(root, &options, &mut html).is_err() {
        return text.to_owned();
    }
    html2text::config::plain_no_decorate()
        .string_from_read(html.as_bytes(), WIDTH)
        .map_or_else(|_| text.to_owned(), |text| text.trim_end().to_owned())
}

/// Whether there is HTML in it, which would be shown as it is written.
pub(crate) fn has_html(text: &str) -> bool {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    root.descendants().any(|node| {
        matches!(
            node.data.borrow().value,
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) | NodeValue::Raw(_)
        )
    })
}

/// Where its links lead, as they are written.
pub(crate) fn links(text: &str) -> Vec<String> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    root.descendants()
        .filter_map(|node| match &node.data.borrow().value {
            NodeValue::Link(link) => Some(link.url.clone()),
            _ => None,
        })
        .collect()
}

/// Pictures and links that lead nowhere leave their words.
fn tame<'a>(root: &'a AstNode<'a>) {
    let all: Vec<&AstNode<'a>> = root.descendants().collect();
    for node in all {
        let goes = match &node.data.borrow().value {
            NodeValue::Image(_) => true,
            NodeValue::Link(link) => !is_followed(&link.url),
            _ => false,
        };
        if goes {
            while let Some(child) = node.first_child() {
                node.insert_before(child);
            }
            node.detach();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_raw_and_no_strange_link_comes_through() {
        let html = html(
            "Voir <script>alert(1)</script> [ici](javascript:alert(1)) et [là](https://exemple.fr/?a=1&b=2).",
        );
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("javascript"), "{html}");
        assert!(
            html.contains("href=\"https://exemple.fr/?a=1&amp;b=2\""),
            "{html}"
        );
        assert!(has_html("a <b>b</b>") && !has_html("a < b"));
    }

    #[test]
    fn plain_text_keeps_addresses_and_lists() {
        let text = plain(
            "Lire [le guide](https://exemple.fr/guide) :\n\n- un\n- deux **fort**\n\nhttps://exemple.fr/nu\n\nLigne",
        );
        assert_eq!(
            text,
            "Lire le guide (https://exemple.fr/guide) :\n* un\n* deux fort\n\nhttps://exemple.fr/nu\n\nLigne"
        );
    }

    #[test]
    fn variables_come_through_both() {
        for out in [
            html("{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}"),
            plain("{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}"),
        ] {
            assert!(
                out.contains("{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}"),
                "{out}"
            );
        }
    }
}

//! Links that pass by us, and the picture that tells of an opening. Pure.

/// What a link of a letter begins with, as our layout writes it.
const HREF: &str = "href=\"http";

/// Turns the links of `html` to `by` (the place of each, from 1), but for those that hold a
/// variable: they are each reader's own. The addresses, in the order of their places.
pub(super) fn turn(html: &str, by: impl Fn(usize) -> String) -> (String, Vec<String>) {
    let mut turned = String::with_capacity(html.len() + 1_000);
    let mut addresses: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(HREF) {
        let begin = at + "href=\"".len();
        let Some(end) = rest[begin..].find('"') else {
            break;
        };
        let written = &rest[begin..begin + end];
        turned.push_str(&rest[..begin]);
        if written.contains("{{") {
            turned.push_str(written);
        } else {
            let address = unescape(written);
            let place = addresses.iter().position(|known| *known == address);
            let place = place.unwrap_or_else(|| {
                addresses.push(address);
                addresses.len() - 1
            });
            turned.push_str(&by(place + 1));
        }
        rest = &rest[begin + end..];
    }
    turned.push_str(rest);
    (turned, addresses)
}

/// The picture that tells of an opening.
pub(super) fn picture(address: &str) -> String {
    format!("<img alt=\"\" width=\"1\" height=\"1\" src=\"{address}\">")
}

/// `html` with the picture at its end.
pub(super) fn with_picture(html: &str, address: &str) -> String {
    let picture = picture(address);
    match html.rfind("</body>") {
        Some(at) => format!("{}{picture}{}", &html[..at], &html[at..]),
        None => format!("{html}{picture}"),
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x3D;", "=")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_turned_each_address_to_one_place() {
        let html = "<a href=\"https://a.fr/?x=1&amp;y=2\">a</a><a href=\"{{unsubscribe_url}}\">s</a>\
                    <a href=\"https://b.fr/{{prenom}}\">b</a><a href=\"https://a.fr/?x=1&amp;y=2\">a</a><a href=\"mailto:x@y.fr\">m</a>";
        let (turned, addresses) = turn(html, |place| format!("/l/{place}"));
        assert_eq!(addresses, ["https://a.fr/?x=1&y=2"]);
        assert_eq!(turned.matches("href=\"/l/1\"").count(), 2);
        assert!(
            turned.contains("{{unsubscribe_url}}")
                && turned.contains("https://b.fr/{{prenom}}")
                && turned.contains("mailto:")
        );
    }

    #[test]
    fn the_picture_is_within_the_body() {
        assert_eq!(
            with_picture("<body>a</body>", "/v"),
            format!("<body>a{}</body>", picture("/v"))
        );
    }

    #[test]
    fn what_does_not_end_stays() {
        let (turned, addresses) = turn("<a href=\"https://a.fr", |_| String::new());
        assert_eq!(
            (turned.as_str(), addresses.len()),
            ("<a href=\"https://a.fr", 0)
        );
    }
}

//! The message of ours that a report or a complaint encloses, or quotes.

use crate::clean;
use crate::fields::{self, Fields};
use crate::mime::Part;

/// Types of what is enclosed.
const ENCLOSED: [&str; 6] = [
    "message/rfc822",
    "message/global",
    "message/rfc822-headers",
    "message/global-headers",
    "text/rfc822-headers",
    "text/rfc822",
];
/// Addresses at most kept of where one unsubscribes.
const MAX_LINKS: usize = 10;
/// Characters at most in one of them.
const MAX_LINK: usize = 2_000;
/// Lines at most of a text in which a header is looked for.
const MAX_LINES: usize = 2_000;

/// What is known of the message that came back. It is what the report says, not what we sent:
/// only a token in it that is ours proves anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// Its Message-ID, without its brackets.
    pub message_id: Option<String>,
    /// Links of its List-Unsubscribe to pages, at most 10.
    pub unsubscribe: Vec<String>,
    /// Its first recipient.
    pub to: Option<String>,
}

impl Original {
    /// From the message that `root` encloses, or else from the header that one of its texts
    /// quotes.
    pub(crate) fn find(root: &Part<'_>) -> Self {
        if let Some(part) = root.find(&ENCLOSED) {
            let bytes = part.bytes();
            // Some leave a blank line above what they enclose.
            let found = Self::read(&fields::split(bytes.trim_ascii_start()).0);
            if found != Self::default() {
                return found;
            }
        }
        let mut texts = Vec::new();
        root.every(&["text/plain"], &mut texts);
        texts
            .into_iter()
            .map(|part| Self::quoted(&part.text()))
            .find(|found| *found != Self::default())
            .unwrap_or_default()
    }

    /// A header of what `root` encloses.
    pub(crate) fn field(root: &Part<'_>, name: &str) -> Option<String> {
        let bytes = root.find(&ENCLOSED)?.bytes();
        let (fields, _) = fields::split(bytes.trim_ascii_start());
        fields.has(name).then(|| fields.plain(name, 500))
    }

    fn read(fields: &Fields<'_>) -> Self {
        let id = fields.plain("Message-ID", 1_000);
        Self {
            message_id: clean::ids(&id, 1).pop(),
            unsubscribe: fields
                .all("List-Unsubscribe")
                .flat_map(|value| links(&String::from_utf8_lossy(value)))
                .take(MAX_LINKS)
                .collect(),
            to: fields.addresses("To", 1).pop(),
        }
    }

    /// From the lines of a text that look like the header of a message.
    fn quoted(text: &str) -> Self {
        let mut header = String::new();
        let mut inside = false;
        for line in text.lines().take(MAX_LINES) {
            let quoted = line.trim_start_matches(['>', '|']);
            let bare = match quoted.len() == line.len() {
                true => line,
                false => quoted.strip_prefix(' ').unwrap_or(quoted),
            };
            let begins = |name: &str| {
                let start = bare.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            };
            if ["message-id:", "list-unsubscribe:", "to:"]
                .iter()
                .any(|name| begins(name))
            {
                inside = true;
                header.push_str(bare);
                header.push('\n');
            } else if inside && bare.starts_with([' ', '\t']) && !bare.trim().is_empty() {
                header.push(' ');
                header.push_str(bare.trim());
                header.push('\n');
            } else {
                inside = false;
            }
        }
        let found = Self::read(&fields::split(header.as_bytes()).0);
        // `To:` alone is a word of any text.
        if found.message_id.is_none() && found.unsubscribe.is_empty() {
            return Self::default();
        }
        found
    }
}

/// Links between angle brackets, put together again where they were folded (RFC 2369).
fn links(value: &str) -> Vec<String> {
    value
        .split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(link, _)| {
            link.chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
        })
        .filter(|link| {
            let scheme = link.split_once("://").map(|(scheme, _)| scheme);
            let odd = |c: char| c.is_control() || matches!(c, '"' | '\\' | '`');
            let web = ["https", "http"];
            let is_web = |scheme: &str| web.iter().any(|web| web.eq_ignore_ascii_case(scheme));
            scheme.is_some_and(is_web) && link.chars().count() <= MAX_LINK && !link.chars().any(odd)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Original, links};

    #[test]
    fn links_are_to_pages_and_whole() {
        let value = "<mailto:stop@exemple.fr>, <https://a.exemple.fr/u/ab\r\n c>, <ftp://b.fr/>";
        assert_eq!(links(value), ["https://a.exemple.fr/u/abc"]);
    }

    #[test]
    fn a_quoted_header_is_found() {
        let text =
            "Hello\n> To: Jean <jean@exemple.fr>\n> Message-ID:\n>  <1@exemple.fr>\n> Subject: x\n";
        let found = Original::quoted(text);
        assert_eq!(found.message_id.as_deref(), Some("1@exemple.fr"));
        assert_eq!(found.to.as_deref(), Some("jean@exemple.fr"));
        assert_eq!(Original::quoted("To: jean@exemple.fr"), Original::default());
    }
}

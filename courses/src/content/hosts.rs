//! Which other sites a package seems to talk to, so that whoever imports it can
//! decide: a bounded look at the text of its pages, not a proof.

use std::collections::{BTreeSet, HashSet};
use std::io::{Read, Seek};

use passerelle_scorm::package::{EntryReader, FileEntry, Package};

/// Files looked at, at most.
const MAX_FILES: usize = 200;
/// Bytes of one file looked at.
const MAX_FILE: u64 = 1024 * 1024;
/// Bytes looked at in all.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Hosts listed, at most.
const MAX_HOSTS: usize = 50;

/// Names of vocabularies: written in many files, never fetched.
const VOCABULARIES: &[&str] = &[
    "www.w3.org",
    "w3.org",
    "www.imsglobal.org",
    "www.imsproject.org",
    "www.adlnet.org",
    "adlnet.org",
    "ltsc.ieee.org",
    "purl.org",
    "schema.org",
    "json-schema.org",
    "ns.adobe.com",
    "xml.apache.org",
    "schemas.xmlsoap.org",
    "schemas.microsoft.com",
    "www.example.com",
    "example.com",
];

/// Hosts named in pages, scripts and style sheets, the launchable pages first; sorted.
pub(super) fn external_hosts<R: Read + Seek>(reader: &mut R, package: &Package) -> Vec<String> {
    let mut hosts = BTreeSet::new();
    let mut left = MAX_BYTES;
    for file in candidates(package) {
        if left == 0 || hosts.len() >= MAX_HOSTS {
            break;
        }
        let mut text = Vec::new();
        let most = file.size.min(MAX_FILE).min(left);
        // A file that cannot be read was refused before; here it has nothing to say.
        if let Ok(content) = EntryReader::new(&mut *reader, file) {
            let _ = content.take(most).read_to_end(&mut text);
        }
        left -= most;
        hosts.extend(in_text(&String::from_utf8_lossy(&text)));
    }
    hosts.into_iter().take(MAX_HOSTS).collect()
}

fn candidates(package: &Package) -> Vec<&FileEntry> {
    let launched: HashSet<String> = package
        .manifest
        .launchable()
        .into_iter()
        .filter_map(|item| item.path)
        .collect();
    let is_text = |path: &str| {
        let extension = path
            .rsplit_once('.')
            .map(|(_, e)| e.to_ascii_lowercase())
            .unwrap_or_default();
        matches!(
            extension.as_str(),
            "html" | "htm" | "xhtml" | "js" | "mjs" | "css"
        )
    };
    let mut files: Vec<&FileEntry> = package
        .files
        .iter()
        .filter(|f| launched.contains(&f.path) || is_text(&f.path))
        .collect();
    files.sort_by_key(|file| !launched.contains(&file.path));
    files.truncate(MAX_FILES);
    files
}

/// Hosts after `http://`, `https://`, `wss://`, or after `//` that follows a quote or a bracket.
fn in_text(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("//") {
        let before = &text[..at];
        let scheme = ["http:", "https:", "ws:", "wss:"]
            .iter()
            .any(|s| ends_with_ignoring_case(before, s));
        if !scheme && !before.ends_with(['"', '\'', '(']) {
            continue;
        }
        let end = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-');
        let rest = &text[at + 2..];
        let host = rest[..rest.find(end).unwrap_or(rest.len())]
            .trim_end_matches('.')
            .to_ascii_lowercase();
        if is_host(&host) && !VOCABULARIES.contains(&host.as_str()) {
            found.insert(host);
        }
    }
    found
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len() >= end.len()
        && text.as_bytes()[text.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// A name with a dot whose last part is letters: what a browser could fetch from.
pub(crate) fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    host.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|l| {
            !l.is_empty()
                && l.len() <= 63
                && !l.starts_with('-')
                && l.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
        && labels
            .last()
            .is_some_and(|l| l.len() >= 2 && l.bytes().all(|b| b.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_as_pages_write_them() {
        let text = r#"<script src="//cdn.exemple.fr/a.js"></script> <img src='https://Images.Exemple.org:8443/x.png'>
            url(//polices.exemple.net/a) var u = "HTTPS://api.exemple.com"; // commentaire.exemple.fr
            <html xmlns="http://www.w3.org/1999/xhtml"> http://localhost/ http://a..b/ "https://été""#;
        let found: Vec<_> = in_text(text).into_iter().collect();
        assert_eq!(
            found,
            [
                "api.exemple.com",
                "cdn.exemple.fr",
                "images.exemple.org",
                "polices.exemple.net"
            ]
        );
    }

    #[test]
    fn what_cannot_be_a_host_is_left_out() {
        for bad in [
            "",
            "exemple",
            "1.2.3.4",
            "-a.fr",
            "a..fr",
            "a.b_c.fr",
            "exemple.f",
        ] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}

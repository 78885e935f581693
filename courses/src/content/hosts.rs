//! Which other sites a package seems to talk to, so that whoever imports it can
//! decide: a bounded look at the text of its pages, not a proof.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Read, Seek};

use passerelle_scorm::package::{EntryReader, FileEntry, Package};

/// Files looked at, at most.
const MAX_FILES: usize = 200;
/// Bytes of one file looked at.
const MAX_FILE: u64 = 1024 * 1024;
/// Bytes looked at in all.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Hosts listed, at most.
const MAX_HOSTS: usize = 60;
/// Hosts noted before the choice is made, at most.
const MAX_NOTED: usize = 2_000;

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

/// Hosts named in pages, scripts and style sheets; sorted. When there are too many, those
/// that something is loaded from come before those that are only mentioned.
pub(super) fn external_hosts<R: Read + Seek>(reader: &mut R, package: &Package) -> Vec<String> {
    let mut hosts = BTreeMap::new();
    let mut left = MAX_BYTES;
    for file in candidates(package) {
        if left == 0 || hosts.len() >= MAX_NOTED {
            break;
        }
        let mut text = Vec::new();
        let most = file.size.min(MAX_FILE).min(left);
        // A file that cannot be read was refused before; here it has nothing to say.
        if let Ok(content) = EntryReader::new(&mut *reader, file) {
            let _ = content.take(most).read_to_end(&mut text);
        }
        left -= most;
        for (host, loaded) in in_text(&String::from_utf8_lossy(&text)) {
            *hosts.entry(host).or_insert(false) |= loaded;
        }
    }
    // The style sheets of one name the fonts of the other.
    if hosts.contains_key("fonts.googleapis.com") {
        hosts.insert("fonts.gstatic.com".to_owned(), true);
    }
    let mut ranked: Vec<(String, bool)> = hosts.into_iter().collect();
    ranked.sort_by_key(|(_, loaded)| !loaded);
    ranked.truncate(MAX_HOSTS);
    let chosen: BTreeSet<String> = ranked.into_iter().map(|(host, _)| host).collect();
    chosen.into_iter().collect()
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
/// With each, whether something seems to be loaded from it.
fn in_text(text: &str) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
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
            *found.entry(host).or_insert(false) |= is_loaded(before);
        }
    }
    found
}

/// Whether what stands before `//` makes a browser load what comes after it.
fn is_loaded(before: &str) -> bool {
    let opening = before
        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ':')
        .trim_end_matches(['"', '\'', '(', ' ']);
    ["src=", "href=", "url", "import", "fetch"]
        .iter()
        .any(|sign| ends_with_ignoring_case(opening, sign))
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
        let found = in_text(text);
        let found: Vec<_> = found
            .iter()
            .map(|(h, loaded)| (h.as_str(), *loaded))
            .collect();
        assert_eq!(
            found,
            [
                ("api.exemple.com", false),
                ("cdn.exemple.fr", true),
                ("images.exemple.org", true),
                ("polices.exemple.net", true)
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

//! Addresses of the manifest, and the files they mean.

use super::{Manifest, Resource};
use crate::package::{FileEntry, find, fold};
use crate::problem::{Code, Findings, Problem};
use percent_encoding::percent_decode_str;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// Into the package.
    Inside {
        /// Path, unescaped, without `.` and `..`.
        path: String,
        /// Query and fragment, with their `?` and `#`, as written.
        suffix: String,
    },
    /// To another site, by `http:` or `https:`.
    External,
    /// To what no course can open: a script, data, a file of somebody's computer.
    Refused,
    /// Above the root of the package.
    Outside,
}

/// Joins `xml:base` values, each taken as a folder: in packages it never means a file.
pub(super) fn join_bases(bases: &[Option<&str>]) -> String {
    let mut joined = String::new();
    for base in bases
        .iter()
        .flatten()
        .map(|base| base.trim())
        .filter(|base| !base.is_empty())
    {
        if scheme(base).is_some() {
            joined.clear();
        }
        joined.push_str(base);
        if !joined.ends_with('/') {
            joined.push('/');
        }
    }
    joined
}

/// Resolves an address against the joined bases (RFC 3986, section 5, without a site).
pub(super) fn resolve(base: &str, href: &str) -> Address {
    let whole = format!("{base}{href}");
    if let Some(found) = scheme(href).or_else(|| scheme(&whole)) {
        return found;
    }
    let cut = whole.find(['?', '#']).unwrap_or(whole.len());
    let (path, suffix) = whole.split_at(cut);
    let decoded = percent_decode_str(path)
        .decode_utf8()
        .map_or_else(|_| path.to_owned(), std::borrow::Cow::into_owned);
    match normal_path(&decoded) {
        Some(path) => Address::Inside {
            path,
            suffix: suffix.to_owned(),
        },
        None => Address::Outside,
    }
}

/// Where an address with a scheme or a site leads; `None` without.
fn scheme(address: &str) -> Option<Address> {
    let site = |rest: &str| {
        let named = rest
            .strip_prefix("//")
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']));
        if named {
            Address::External
        } else {
            Address::Refused
        }
    };
    // Browsers drop white space and control characters from an address before they read it.
    let address: String = address
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    if address.starts_with("//") {
        return Some(site(&address));
    }
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => site(rest),
        _ => Address::Refused,
    })
}

/// Removes `.` and `..`, turns `\` into `/` and composes accents; `None` above the root.
fn normal_path(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/").nfc().collect())
}

/// Resolves the addresses of all resources, and tells those that lead nowhere: an item that
/// launches one of them is not played, the others are. Without a list of files every path is believed.
pub(super) fn check(
    manifest: &mut Manifest,
    launched: &HashSet<String>,
    files: Option<&[FileEntry]>,
    findings: &mut Findings,
) {
    let index = files.map(Index::new);
    for resource in &mut manifest.resources {
        let needed = launched.contains(&resource.identifier);
        // Of a file that is launched and listed, the absence is told once.
        let told = check_launch(resource, needed, index.as_ref(), findings);
        let Some(index) = &index else { continue };
        for file in &mut resource.files {
            if find(index.files, &file.path).is_some() || Some(&file.path) == told.as_ref() {
                continue;
            }
            match index.repaired(&file.path) {
                // The launch address of the resource has told it already, or it will
                // be served under the name asked for.
                Some(path) => path.clone_into(&mut file.path),
                None => findings.add(
                    Problem::new(Code::FileMissing)
                        .with("path", &file.path)
                        .at(file.position),
                ),
            }
        }
    }
}

fn check_launch(
    resource: &mut Resource,
    needed: bool,
    index: Option<&Index<'_>>,
    findings: &mut Findings,
) -> Option<String> {
    let href = resource.href.clone()?;
    let at = resource.position;
    let (path, suffix) = match resolve(&resource.base, &href) {
        Address::Inside { path, suffix } => (path, suffix),
        Address::External => {
            resource.external = true;
            if needed {
                findings.add(Problem::new(Code::HrefExternal).with("href", href).at(at));
            }
            return None;
        }
        Address::Refused => {
            if needed {
                findings.add(Problem::new(Code::HrefRefused).with("href", href).at(at));
            }
            return None;
        }
        Address::Outside => {
            if needed {
                findings.add(Problem::new(Code::HrefOutside).with("href", href).at(at));
            }
            return None;
        }
    };
    let found = match index {
        None => Some((path.clone(), suffix)),
        Some(index) if find(index.files, &path).is_some() => Some((path.clone(), suffix)),
        Some(index) => {
            let other = index.other(&resource.base, &href, &path, suffix);
            if let Some((path, _)) = &other {
                findings.add(
                    Problem::new(Code::HrefRepaired)
                        .with("href", &href)
                        .with("path", path)
                        .at(at),
                );
            }
            other
        }
    };
    match found {
        Some((path, suffix)) => {
            resource.path = Some(path);
            resource.suffix = suffix;
            None
        }
        None => {
            let problem = if needed {
                Problem::new(Code::LaunchFileMissing).with("id", &resource.identifier)
            } else {
                Problem::new(Code::FileMissing)
            };
            findings.add(problem.with("path", &path).at(at));
            Some(path)
        }
    }
}

/// Tells metadata that lie in a file of their own which is not there.
pub(super) fn check_metadata(manifest: &Manifest, files: &[FileEntry], findings: &mut Findings) {
    fn items<'m>(list: &'m [super::Item], found: &mut Vec<&'m super::Metadata>) {
        for item in list {
            found.push(&item.metadata);
            items(&item.items, found);
        }
    }
    let mut all = vec![&manifest.metadata];
    for organization in &manifest.organizations {
        all.push(&organization.metadata);
        items(&organization.items, &mut all);
    }
    let index = Index::new(files);
    for location in all.iter().filter_map(|one| one.location.as_deref()) {
        let Address::Inside { path, .. } = resolve("", location) else {
            continue;
        };
        if find(files, &path).is_none() && index.repaired(&path).is_none() {
            findings.add(Problem::new(Code::FileMissing).with("path", path));
        }
    }
}

/// The files of the package by their folded names, made when first needed.
struct Index<'f> {
    files: &'f [FileEntry],
    folded: std::cell::OnceCell<HashMap<String, &'f str>>,
}

impl<'f> Index<'f> {
    fn new(files: &'f [FileEntry]) -> Self {
        Self {
            files,
            folded: std::cell::OnceCell::new(),
        }
    }

    /// The file whose name differs by case or the way accents are written.
    fn repaired(&self, path: &str) -> Option<&'f str> {
        let folded = self.folded.get_or_init(|| {
            let paths = self.files.iter().map(|file| file.path.as_str());
            paths.map(|path| (fold(path), path)).collect()
        });
        folded.get(&fold(path)).copied()
    }

    /// Other readings of an address: names that differ by case, names that really hold
    /// a `%`, names that really hold a `?` or a `#`.
    fn other(
        &self,
        base: &str,
        href: &str,
        path: &str,
        suffix: String,
    ) -> Option<(String, String)> {
        let whole = format!("{base}{href}");
        let cut = whole.find(['?', '#']).unwrap_or(whole.len());
        let literal = normal_path(&whole[..cut])?;
        for candidate in [path, literal.as_str()] {
            if let Some(found) = self.repaired(candidate) {
                return Some((found.to_owned(), suffix));
            }
        }
        let found = self.repaired(&normal_path(&whole)?)?;
        Some((found.to_owned(), String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_against_every_base() {
        let base = join_bases(&[Some("course"), None, Some("unit 1/")]);
        let inside = |href: &str| match resolve(&base, href) {
            Address::Inside { path, suffix } => (path, suffix),
            other => panic!("{href}: {other:?}"),
        };
        assert_eq!(
            inside("a.html"),
            ("course/unit 1/a.html".into(), String::new())
        );
        assert_eq!(
            inside("../b%20c.html?x=1#top"),
            ("course/b c.html".into(), "?x=1#top".into())
        );
        assert_eq!(inside(".\\d.html").0, "course/unit 1/d.html");
        assert_eq!(inside("50%.html").0, "course/unit 1/50%.html");
        assert_eq!(resolve(&base, "../../../x"), Address::Outside);
        assert_eq!(resolve(&base, "https://example.org/x"), Address::External);
        assert_eq!(resolve("", "//example.org/x"), Address::External);
        assert_eq!(resolve("https://example.org/", "x"), Address::External);
        assert_eq!(inside("C:/x.html").0, "course/unit 1/C:/x.html");
    }

    /// Such addresses were taken for other sites, and never opened.
    #[test]
    fn what_no_course_can_open_is_no_other_site() {
        for href in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " java\tscript:alert(1)",
            "data:text/html,x",
            "file:///C:/cours/index.html",
            "vbscript:x",
            "blob:https://example.org/x",
            "about:blank",
            "mailto:a@example.org",
            "ftp://example.org/x",
            "https:",
            "http:///x",
            "//",
        ] {
            assert_eq!(resolve("", href), Address::Refused, "{href}");
        }
        assert_eq!(resolve("file:///C:/", "x.html"), Address::Refused);
    }
}

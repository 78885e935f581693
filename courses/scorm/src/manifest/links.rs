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
    /// To another site.
    External,
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
        if is_external(base) {
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
    if is_external(href) || is_external(&whole) {
        return Address::External;
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

/// A scheme or a site.
fn is_external(address: &str) -> bool {
    if address.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
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

/// Resolves the addresses of all resources. Those that an item launches must lead to a
/// file; the others are only told. Without a list of files every path is believed.
pub(super) fn check(
    manifest: &mut Manifest,
    launched: &HashSet<String>,
    files: Option<&[FileEntry]>,
    findings: &mut Findings,
) {
    let index = files.map(Index::new);
    for resource in &mut manifest.resources {
        let needed = launched.contains(&resource.identifier);
        check_launch(resource, needed, index.as_ref(), findings);
        let Some(index) = &index else { continue };
        for file in &mut resource.files {
            if find(index.files, &file.path).is_some() {
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
) {
    let Some(href) = resource.href.clone() else {
        return;
    };
    let at = resource.position;
    let (path, suffix) = match resolve(&resource.base, &href) {
        Address::Inside { path, suffix } => (path, suffix),
        Address::External => {
            resource.external = true;
            if needed {
                findings.add(Problem::new(Code::HrefExternal).with("href", href).at(at));
            }
            return;
        }
        Address::Outside => {
            if needed {
                findings.add(Problem::new(Code::HrefOutside).with("href", href).at(at));
            }
            return;
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
        }
        None if needed => findings.add(
            Problem::new(Code::LaunchFileMissing)
                .with("path", path)
                .with("id", &resource.identifier)
                .at(at),
        ),
        None => findings.add(Problem::new(Code::FileMissing).with("path", path).at(at)),
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
    }
}

//! Where in the archive the package starts.

use super::directory::Entry;
use crate::problem::{Code, Findings, Problem, Refusal};

const MANIFEST: &str = "imsmanifest.xml";
/// What file managers leave behind.
const CLUTTER: [&str; 3] = [".ds_store", "thumbs.db", "desktop.ini"];
const ARCHIVES: [&str; 9] = ["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar"];

/// The root of the package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// Empty, or a folder ending in `/`.
    pub(super) prefix: String,
    /// Index of the manifest among the entries.
    pub(super) manifest: usize,
}

/// Finds the manifest at the root, or at the bottom of folders that hold everything.
pub(super) fn find(entries: &[Entry], findings: &mut Findings) -> Result<Root, Refusal> {
    let mut prefix = String::new();
    loop {
        let here = entries.iter().position(|entry| {
            rest(entry, &prefix).is_some_and(|name| name.eq_ignore_ascii_case(MANIFEST))
        });
        if let Some(manifest) = here {
            let path = &entries[manifest].path;
            if !path.ends_with(MANIFEST) {
                findings.add(Problem::new(Code::ManifestNameCase).with("path", path));
            }
            if !prefix.is_empty() {
                findings.add(
                    Problem::new(Code::TopFolder).with("folder", prefix.trim_end_matches('/')),
                );
            }
            return Ok(Root { prefix, manifest });
        }
        let Some(folder) = only_folder(entries, &prefix) else {
            return Err(without_manifest(entries).into());
        };
        prefix = folder;
    }
}

fn rest<'e>(entry: &'e Entry, prefix: &str) -> Option<&'e str> {
    entry.path.strip_prefix(prefix)
}

/// The folder below the prefix that holds every file, clutter apart.
fn only_folder(entries: &[Entry], prefix: &str) -> Option<String> {
    let mut paths = entries
        .iter()
        .filter(|entry| !is_clutter(&entry.path))
        .map(|entry| entry.path.as_str());
    let (folder, _) = paths.next()?.strip_prefix(prefix)?.split_once('/')?;
    let candidate = format!("{prefix}{folder}/");
    paths
        .all(|path| path.starts_with(&candidate))
        .then_some(candidate)
}

/// Says as exactly as possible why there is no manifest where it should be.
fn without_manifest(entries: &[Entry]) -> Problem {
    let mut paths: Vec<&str> = entries
        .iter()
        .map(|entry| entry.path.as_str())
        .filter(|path| !is_clutter(path))
        .collect();
    paths.sort_by_key(|path| (path.matches('/').count(), *path));
    let named = |wanted: &str| {
        paths
            .iter()
            .copied()
            .find(|path| name(path).eq_ignore_ascii_case(wanted))
    };
    if let Some(path) = named(MANIFEST) {
        return Problem::new(Code::ManifestMisplaced).with("path", path);
    }
    let formats = [
        ("cmi5.xml", "cmi5"),
        ("tincan.xml", "xAPI (Tin Can)"),
        ("h5p.json", "H5P"),
    ];
    let mut known = formats.iter().filter(|(file, _)| named(file).is_some());
    if let Some((_, format)) = known.next() {
        return Problem::new(Code::OtherFormat).with("format", format);
    }
    if paths.iter().any(|path| extension(path) == "crs") {
        return Problem::new(Code::OtherFormat).with("format", "AICC");
    }
    let inner = paths
        .iter()
        .find(|path| !path.contains('/') && extension(path) == "zip");
    match inner {
        Some(path) => Problem::new(Code::InnerPackage).with("path", path),
        None => Problem::new(Code::ManifestMissing),
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn extension(path: &str) -> String {
    name(path)
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default()
}

/// Files that a system or a file manager adds on its own.
pub(super) fn is_clutter(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    path.starts_with("__MACOSX/") || CLUTTER.contains(&name.as_str())
}

/// Whether the name is that of an archive, which stays closed.
pub(super) fn is_archive(path: &str) -> bool {
    ARCHIVES.contains(&extension(path).as_str())
}

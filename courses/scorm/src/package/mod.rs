//! A SCORM package as it was uploaded: a ZIP that stays a ZIP.
//!
//! [`inspect`] reads the directory of the archive and the manifest, and tells where the
//! data of each file lies; nothing is extracted, here or later. [`verify_content`] then
//! unpacks everything once to nothing, to know that the directory did not lie.
//! [`EntryReader`] serves one file out of the package. What is refused and what is only
//! unusual is the list of [`crate::problem::Code`]; how much is read is [`Limits`].

mod content;
mod directory;
mod entry;
mod limits;
mod names;
mod reader;
mod root;

pub use content::verify_content;
pub use entry::{FileEntry, Method, find};
pub use limits::Limits;
pub use reader::EntryReader;

pub(crate) use limits::mebibytes;
pub(crate) use names::fold;

use crate::manifest::{self, Manifest};
use crate::problem::{Code, Findings, Problem, Refusal};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek};

/// A package that was read and not refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Folder of the archive that holds the manifest, empty or ending in `/`. Paths of
    /// [`Self::files`] are relative to it.
    pub root_prefix: String,
    /// The files, sorted by path; see [`find`]. Folders are not listed.
    pub files: Vec<FileEntry>,
    /// What the manifest says, with its addresses resolved to paths of the files.
    pub manifest: Manifest,
    /// Warnings and notes.
    pub problems: Vec<Problem>,
}

/// Reads the directory and the manifest of a package and judges both.
///
/// Memory grows with the number of files and the size of the manifest, both limited,
/// and not with the size of the package. The data of the files, the manifest's apart, is
/// not read: see [`verify_content`].
///
/// # Errors
/// [`Refusal::Package`] with every reason found; [`Refusal::Unreadable`] when the
/// reader itself fails.
pub fn inspect<R: Read + Seek>(mut reader: R, limits: &Limits) -> Result<Package, Refusal> {
    let mut findings = Findings::new(limits.problems);
    let entries = directory::read(&mut reader, limits, &mut findings)?;
    if findings.refused() {
        return Err(Refusal::Package(findings.into_problems()));
    }
    let root = root::find(&entries, &mut findings)?;
    let manifest_entry = FileEntry::from(&entries[root.manifest]);
    let mut files: Vec<FileEntry> = entries
        .into_iter()
        .filter(|entry| !root::is_clutter(&entry.path))
        .filter_map(|entry| {
            let path = entry.path.strip_prefix(&root.prefix)?.to_owned();
            Some(FileEntry {
                path,
                ..FileEntry::from(&entry)
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in files.iter().filter(|file| root::is_archive(&file.path)) {
        findings.add(Problem::new(Code::NestedArchive).with("path", &file.path));
    }
    let bytes = read_manifest(&mut reader, &manifest_entry, limits)?;
    let manifest = manifest::read(&bytes, limits, Some(&files), &mut findings);
    let problems = findings.finish()?;
    // Without a manifest there was a refusal, which has just been returned.
    let manifest = manifest.ok_or_else(|| Refusal::from(Problem::new(Code::ManifestMissing)))?;
    Ok(Package {
        root_prefix: root.prefix,
        files,
        manifest,
        problems,
    })
}

fn read_manifest<R: Read + Seek>(
    reader: R,
    entry: &FileEntry,
    limits: &Limits,
) -> Result<Vec<u8>, Refusal> {
    let too_large =
        || Problem::new(Code::ManifestTooLarge).with("limit", mebibytes(limits.manifest_size));
    if entry.size > limits.manifest_size {
        return Err(too_large().into());
    }
    let mut bytes = Vec::new();
    match EntryReader::new(reader, entry)?.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        // The inflater says "invalid input", the checksum "invalid data", and an entry
        // that is shorter than announced ends unexpectedly.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidData
                    | io::ErrorKind::InvalidInput
                    | io::ErrorKind::UnexpectedEof
            ) =>
        {
            Err(Problem::new(Code::ZipContentDamaged)
                .with("path", &entry.path)
                .into())
        }
        Err(error) => Err(Refusal::Unreadable(error)),
    }
}

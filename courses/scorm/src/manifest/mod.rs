//! `imsmanifest.xml`, whole: SCORM 1.2 and SCORM 2004, 2nd to 4th edition.
//!
//! Sources: SCORM 1.2 Content Aggregation Model, section 2.3; SCORM 2004 4th edition
//! Content Aggregation Model, section 3.4; IMS Simple Sequencing 1.0 for what is kept
//! of it. Elements are recognised by name whatever their prefix and capitalisation,
//! since editions and authoring tools differ in both. Sequencing is kept as a tree for
//! a sequencer to read; nothing here applies it.

mod decode;
mod describe;
mod edition;
mod items;
mod links;
mod read;
mod resources;
mod sequencing;
mod toc;
mod tree;
mod types;
mod values;
mod xml;

pub use edition::Edition;
pub use toc::{Kind, TocItem};
pub use tree::{Attribute, Element, Namespace};
pub use types::{
    CompletionThreshold, DataMap, Item, LmsControl, Localized, Manifest, Metadata, Organization,
    Prerequisites, Resource, ResourceFile, ScormType, TimeLimitAction,
};
pub use values::decimal_text;

use crate::package::{FileEntry, Limits, mebibytes};
use crate::problem::{Code, Findings, Problem, Refusal};

/// Reads a manifest on its own, without the files of a package: launch addresses are
/// resolved, but whether their files exist is not known. Warnings are in
/// [`Manifest::problems`].
///
/// # Errors
/// [`Refusal::Package`] with every reason found.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Manifest, Refusal> {
    let mut findings = Findings::new(limits.problems);
    let manifest = read(bytes, limits, None, &mut findings);
    let problems = findings.finish()?;
    match manifest {
        Some(manifest) => Ok(Manifest {
            problems,
            ..manifest
        }),
        None => Err(Problem::new(Code::ManifestMissing).into()),
    }
}

/// Reads a manifest, with the files of its package if they are known. `None` only if
/// a refusal was added to the findings.
pub(crate) fn read(
    bytes: &[u8],
    limits: &Limits,
    files: Option<&[FileEntry]>,
    findings: &mut Findings,
) -> Option<Manifest> {
    if bytes.len() as u64 > limits.manifest_size {
        let limit = mebibytes(limits.manifest_size);
        findings.add(Problem::new(Code::ManifestTooLarge).with("limit", limit));
        return None;
    }
    let document =
        decode::decode(bytes, findings).and_then(|text| xml::read(&text, limits, findings));
    match document {
        Ok(document) => read::manifest(&document, limits, files, findings),
        Err(problem) => {
            findings.add(problem);
            None
        }
    }
}

//! Which SCORM it is.

use super::xml::Document;
use crate::model::Standard;
use crate::problem::{Code, Findings, Problem};
use serde::{Deserialize, Serialize};

/// An edition of SCORM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Edition {
    /// SCORM 1.2.
    #[serde(rename = "1.2")]
    Scorm12,
    /// SCORM 2004 2nd edition, also written "CAM 1.3".
    #[serde(rename = "2004-2")]
    Scorm2004Second,
    /// SCORM 2004 3rd edition.
    #[serde(rename = "2004-3")]
    Scorm2004Third,
    /// SCORM 2004 4th edition.
    #[serde(rename = "2004-4")]
    Scorm2004Fourth,
}

impl Edition {
    /// Whether the content looks for `API_1484_11`, not for `API`.
    pub const fn is_2004(self) -> bool {
        !matches!(self, Self::Scorm12)
    }

    /// The run-time that plays it.
    pub const fn standard(self) -> Standard {
        if self.is_2004() {
            Standard::Scorm2004
        } else {
            Standard::Scorm12
        }
    }

    /// The name as the field says it; the same in French and English but for the
    /// ordinal, which is why it is given as a figure.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scorm12 => "SCORM 1.2",
            Self::Scorm2004Second => "SCORM 2004 (2)",
            Self::Scorm2004Third => "SCORM 2004 (3)",
            Self::Scorm2004Fourth => "SCORM 2004 (4)",
        }
    }
}

/// Decides by `schemaversion`, and by the namespaces where that is missing, unknown or
/// contradicted. Adds the refusal if nothing tells.
pub(super) fn detect(document: &Document, findings: &mut Findings) -> Option<Edition> {
    let metadata = document.root.child("metadata");
    let written = metadata.and_then(|metadata| metadata.text_of("schemaversion"));
    let position = metadata.map_or(document.root.position, |metadata| metadata.position);
    let by_text = written.and_then(by_schema_version);
    let by_namespace = by_namespaces(document);
    match (by_text, by_namespace) {
        (Some(text), Some(namespace)) if text.is_2004() != namespace.is_2004() => {
            findings.add(
                Problem::new(Code::VersionConflict)
                    .with("version", text.name())
                    .at(position),
            );
            Some(text)
        }
        (Some(text), _) => Some(text),
        (None, Some(namespace)) => {
            findings.add(
                Problem::new(Code::VersionGuessed)
                    .with("version", namespace.name())
                    .at(position),
            );
            Some(namespace)
        }
        (None, None) => {
            let version = written.unwrap_or("—");
            findings.add(
                Problem::new(Code::UnsupportedVersion)
                    .with("version", version)
                    .at(position),
            );
            None
        }
    }
}

fn by_schema_version(text: &str) -> Option<Edition> {
    let lower = text.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    if has("2004") || has("1.3") {
        return Some(if has("4th") {
            Edition::Scorm2004Fourth
        } else if has("3rd") {
            Edition::Scorm2004Third
        } else {
            Edition::Scorm2004Second
        });
    }
    (lower.trim_start_matches("scorm").trim() == "1.2").then_some(Edition::Scorm12)
}

/// The namespaces of 2004 are the same in all editions; what only the 4th has tells it
/// from the 3rd.
fn by_namespaces(document: &Document) -> Option<Edition> {
    let uses = |part: &str| {
        document
            .namespaces
            .iter()
            .any(|known| known.to_ascii_lowercase().contains(part))
    };
    if uses("adlcp_v1p3") || uses("adlseq_v1p3") || uses("imsss") {
        let fourth = is_anywhere(&document.root, &|element| {
            element.is("map") || element.attribute("minProgressMeasure").is_some()
        });
        return Some(if fourth {
            Edition::Scorm2004Fourth
        } else {
            Edition::Scorm2004Third
        });
    }
    (uses("adlcp_rootv1p2") || uses("imscp_rootv1p1p2")).then_some(Edition::Scorm12)
}

fn is_anywhere(element: &super::Element, found: &dyn Fn(&super::Element) -> bool) -> bool {
    found(element)
        || element
            .children
            .iter()
            .any(|child| is_anywhere(child, found))
}

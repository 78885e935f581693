//! `datamodel.json`, read once. Finds the rule of an element; does not check
//! values (`values.rs`) and keeps none (`state.rs`).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Limits, Standard};

/// The description of both data models, as served to the browser.
pub const DATAMODEL_JSON: &str = include_str!("../../datamodel/datamodel.json");

static SERVED: LazyLock<String> = LazyLock::new(|| {
    serde_json::from_str::<serde_json::Value>(DATAMODEL_JSON)
        .map_or_else(|_| DATAMODEL_JSON.to_owned(), |value| value.to_string())
});

/// [`DATAMODEL_JSON`] without white space, to be served as `datamodel.json`
/// beside `player.js`.
#[must_use]
pub fn served_datamodel() -> &'static str {
    &SERVED
}

static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the text is part of the binary and every test of this module reads it"
    )]
    let mut read: Description =
        serde_json::from_str(DATAMODEL_JSON).expect("datamodel.json is not readable");
    for model in [&mut read.scorm12, &mut read.scorm2004] {
        model.parents = parents(model.elements.keys());
    }
    read
});

fn parents<'a>(names: impl Iterator<Item = &'a String>) -> HashSet<String> {
    let mut all = HashSet::new();
    for name in names {
        all.extend(name.match_indices('.').map(|(at, _)| name[..at].to_owned()));
        all.insert(name.clone());
    }
    all
}

/// The English text of an error code (SCORM 1.2 RTE 3.3.4; SCORM 2004 RTE 3.1.7).
#[must_use]
pub fn error_text(standard: Standard, code: u16) -> Option<&'static str> {
    let errors = &model(standard).errors;
    errors.get(&code.to_string()).map(String::as_str)
}

pub(super) fn model(standard: Standard) -> &'static Model {
    match standard {
        Standard::Scorm12 => &DESCRIPTION.scorm12,
        Standard::Scorm2004 => &DESCRIPTION.scorm2004,
    }
}

pub(super) fn limits() -> Limits {
    DESCRIPTION.limits
}

#[derive(Debug, Deserialize)]
struct Description {
    limits: Limits,
    #[serde(rename = "1.2")]
    scorm12: Model,
    #[serde(rename = "2004")]
    scorm2004: Model,
}

/// One data model.
#[derive(Debug, Deserialize)]
pub(super) struct Model {
    pub codes: Codes,
    errors: HashMap<String, String>,
    pub version: HashMap<String, String>,
    pub types: HashMap<String, Type>,
    #[serde(default)]
    pub responses: HashMap<String, ResponseRule>,
    pub children: HashMap<String, String>,
    pub collections: HashMap<String, Collection>,
    pub elements: HashMap<String, Element>,
    /// Names of elements and of everything above them.
    #[serde(skip)]
    pub parents: HashSet<String>,
}

/// Which code answers which fault.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Codes {
    pub unknown: u16,
    pub get: u16,
    pub set: u16,
    pub order: u16,
    pub children: u16,
    pub count: u16,
    pub version: u16,
    pub keyword: u16,
    pub read_only: u16,
    pub write_only: u16,
    pub unset: u16,
    #[serde(rename = "type")]
    pub wrong_type: u16,
    pub range: u16,
    pub depends: u16,
    pub full: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Access {
    #[serde(rename = "r")]
    Read,
    #[serde(rename = "w")]
    Write,
    #[serde(rename = "rw")]
    Both,
}

/// Access, name of the type, value when nothing was stored, threshold.
#[derive(Debug, Deserialize)]
pub(super) struct Element(
    pub Access,
    pub String,
    #[serde(default)] pub Option<String>,
    #[serde(default)] pub Option<Judged>,
);

/// A status that the comparison of a measure with a threshold decides.
#[derive(Debug, Deserialize)]
pub(super) struct Judged {
    pub threshold: String,
    pub measure: String,
    pub met: String,
    pub unmet: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Collection {
    /// Only the platform adds items.
    pub fixed: bool,
    /// The member that creates an item.
    pub first: Option<String>,
    /// A member of the item above that must be there.
    pub needs: Option<String>,
    /// Values of `first` are all different.
    pub unique: bool,
    /// `first` cannot be changed afterwards.
    pub once: bool,
}

/// The format of responses to one type of interaction (SCORM 2004 RTE 4.2.9).
#[derive(Debug, Deserialize)]
pub(super) struct ResponseRule {
    pub form: Form,
    /// Correct responses at least supported; one means at most one.
    pub patterns: u32,
    #[serde(default)]
    pub distinct: bool,
    #[serde(default)]
    pub set: bool,
    #[serde(default)]
    pub options: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    Boolean,
    Identifier,
    Identifiers,
    Texts,
    Text,
    Pairs,
    Steps,
    Number,
    Any,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Type {
    /// `max` in UTF-16 units, as scripts count them.
    String {
        max: Option<usize>,
    },
    Identifier12 {
        max: usize,
    },
    Identifier {},
    Localized {},
    Language {},
    Real {
        min: Option<f64>,
        max: Option<f64>,
        #[serde(default)]
        blank: bool,
    },
    Integer {
        min: f64,
        max: f64,
    },
    Vocabulary {
        of: Vec<String>,
        #[serde(default)]
        real: bool,
    },
    Time {},
    Timespan {},
    Duration {},
    Timestamp {},
    Navigation {
        of: Vec<String>,
        targeted: Vec<String>,
    },
    Response {},
    Pattern {},
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_has_a_known_type_and_every_collection_is_above_an_element() {
        for standard in [Standard::Scorm12, Standard::Scorm2004] {
            let model = model(standard);
            for (name, Element(_, kind, _, judged)) in &model.elements {
                assert!(model.types.contains_key(kind), "{name}: no type {kind}");
                if let Some(judged) = judged {
                    assert!(model.elements.contains_key(&judged.threshold), "{name}");
                    assert!(model.elements.contains_key(&judged.measure), "{name}");
                }
            }
            for name in model.collections.keys().chain(model.children.keys()) {
                assert!(model.parents.contains(name), "{name} leads to no element");
            }
            for (name, collection) in &model.collections {
                if let Some(first) = &collection.first {
                    assert!(
                        model.elements.contains_key(&format!("{name}.n.{first}")),
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn children_that_are_announced_exist_and_none_is_forgotten() {
        for standard in [Standard::Scorm12, Standard::Scorm2004] {
            let model = model(standard);
            for (parent, list) in &model.children {
                let prefix = if model.collections.contains_key(parent) {
                    format!("{parent}.n.")
                } else {
                    format!("{parent}.")
                };
                let mut announced: Vec<_> = list.split(',').collect();
                let mut real: Vec<_> = model
                    .parents
                    .iter()
                    .filter_map(|name| name.strip_prefix(&prefix))
                    .filter(|rest| !rest.contains('.'))
                    .collect();
                announced.sort_unstable();
                real.sort_unstable();
                assert_eq!(announced, real, "{parent}");
            }
        }
    }
}

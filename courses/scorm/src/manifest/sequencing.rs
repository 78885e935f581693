//! Sequencing rules, kept for a sequencer: merged with what they refer to, and the few
//! facts of them that the run-time data model needs.

use super::tree::{Attribute, Element};
use super::values::{boolean, decimal};
use crate::problem::{Code, Findings, Problem};
use std::collections::HashMap;

/// The shared rules of a manifest.
pub(super) fn collection(root: &Element) -> Vec<Element> {
    root.all("sequencingCollection")
        .flat_map(|collection| collection.all("sequencing"))
        .cloned()
        .collect()
}

/// The shared rules by their identifier, and how many elements may still be copied out
/// of them: one large set referred to by every item would grow without bound.
pub(super) struct Shared<'r> {
    by_id: HashMap<&'r str, (&'r Element, usize)>,
    left: usize,
}

impl<'r> Shared<'r> {
    pub(super) fn new(collection: &'r [Element], most: usize) -> Self {
        let with_id = collection
            .iter()
            .filter_map(|rules| Some((rules.attribute("ID")?, rules)));
        let by_id = with_id
            .map(|(id, rules)| (id, (rules, count(rules))))
            .collect();
        Self { by_id, left: most }
    }

    /// The rules of an item or organisation. Where they refer to shared ones, what they
    /// do not say themselves is taken from there (IMS Simple Sequencing Information
    /// Model, section 3; one level, since shared rules cannot refer on).
    pub(super) fn rules(&mut self, parent: &Element, findings: &mut Findings) -> Option<Element> {
        let mut rules = parent.child("sequencing")?.clone();
        let Some(id) = rules.attribute("IDRef").map(str::to_owned) else {
            return Some(rules);
        };
        match self.by_id.get(id.as_str()) {
            Some((_, size)) if *size > self.left => {
                findings.add(
                    Problem::new(Code::SequencingTooLarge)
                        .with("id", id)
                        .at(rules.position),
                );
            }
            Some((known, size)) => {
                self.left -= size;
                merge(&mut rules, known);
            }
            None => findings.add(
                Problem::new(Code::SequencingMissing)
                    .with("id", id)
                    .at(rules.position),
            ),
        }
        Some(rules)
    }
}

fn count(element: &Element) -> usize {
    1 + element.children.iter().map(count).sum::<usize>()
}

fn merge(rules: &mut Element, shared: &Element) {
    let same = |a: &Attribute, b: &Attribute| a.namespace == b.namespace && a.name == b.name;
    for attribute in &shared.attributes {
        if &*attribute.name != "ID" && !rules.attributes.iter().any(|own| same(own, attribute)) {
            rules.attributes.push(attribute.clone());
        }
    }
    for child in &shared.children {
        let own = |known: &Element| known.namespace == child.namespace && known.name == child.name;
        if !rules.children.iter().any(own) {
            rules.children.push(child.clone());
        }
    }
}

/// `cmi.scaled_passing_score` in ten-thousandths: the primary objective's minimum if it
/// is satisfied by measure, 1 where none is written (SCORM 2004 RTE 4.2.20).
pub(super) fn scaled_passing_score(rules: &Element) -> Option<i64> {
    let primary = rules.child("objectives")?.child("primaryObjective")?;
    let by_measure = primary
        .attribute("satisfiedByMeasure")
        .and_then(boolean)
        .unwrap_or(false);
    by_measure.then(|| {
        primary
            .text_of("minNormalizedMeasure")
            .and_then(decimal)
            .filter(|value| (-10_000..=10_000).contains(value))
            .unwrap_or(10_000)
    })
}

/// Identifiers with which `cmi.objectives` starts, the primary one first.
pub(super) fn objectives(rules: &Element) -> Vec<String> {
    let Some(objectives) = rules.child("objectives") else {
        return Vec::new();
    };
    objectives
        .all("primaryObjective")
        .chain(objectives.all("objective"))
        .filter_map(|objective| objective.attribute("objectiveID"))
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `attemptAbsoluteDurationLimit`, as written.
pub(super) fn duration_limit(rules: &Element) -> Option<&str> {
    rules
        .child("limitConditions")?
        .attribute("attemptAbsoluteDurationLimit")
}

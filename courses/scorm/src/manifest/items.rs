//! Organisations and their items.

use super::tree::Element;
use super::{CompletionThreshold, DataMap, Item, Metadata, Organization, Prerequisites};
use super::{describe, sequencing, values};
use crate::problem::{Code, Findings, Problem};

/// Reads items with what they share.
pub(super) struct Reader<'r> {
    pub(super) shared: sequencing::Shared<'r>,
    pub(super) findings: &'r mut Findings,
    /// Items met, to make up identifiers.
    pub(super) met: usize,
}

impl Reader<'_> {
    pub(super) fn organization(&mut self, element: &Element, package: &Metadata) -> Organization {
        let identifier = self.identifier(element, "organization");
        let metadata = describe::metadata(element);
        let title = element
            .text_of("title")
            .or_else(|| metadata.title.best("fr"))
            .or_else(|| package.title.best("fr"))
            .unwrap_or(&identifier)
            .to_owned();
        let flag = |name: &str| {
            element
                .attribute(name)
                .and_then(values::boolean)
                .unwrap_or(true)
        };
        Organization {
            title,
            items: element.all("item").map(|item| self.item(item)).collect(),
            sequencing: self.shared.rules(element, self.findings),
            completion_threshold: self.threshold(element),
            objectives_global_to_system: flag("objectivesGlobalToSystem"),
            shared_data_global_to_system: flag("sharedDataGlobalToSystem"),
            metadata,
            identifier,
        }
    }

    /// Reads an item and those below; the depth of the tree bounds the recursion.
    fn item(&mut self, element: &Element) -> Item {
        self.met += 1;
        let identifier = self.identifier(element, "item");
        let metadata = describe::metadata(element);
        let title = element
            .text_of("title")
            .or_else(|| metadata.title.best("fr"))
            .map(str::to_owned);
        let title = title.unwrap_or_else(|| {
            self.findings.add(
                Problem::new(Code::MissingTitle)
                    .with("id", &identifier)
                    .at(element.position),
            );
            identifier.clone()
        });
        let rules = self.shared.rules(element, self.findings);
        let max_time = element
            .text_of("maxtimeallowed")
            .or_else(|| rules.as_ref().and_then(sequencing::duration_limit))
            .map(str::to_owned);
        Item {
            title,
            resource: filled(element.attribute("identifierref")),
            visible: element
                .attribute("isvisible")
                .and_then(values::boolean)
                .unwrap_or(true),
            parameters: filled(element.attribute("parameters")),
            prerequisites: prerequisites(element),
            max_time,
            time_limit_action: self.value(element, "timelimitaction", values::time_limit_action),
            launch_data: element.text_of("datafromlms").map(str::to_owned),
            mastery_score: self.value(element, "masteryscore", values::decimal),
            completion_threshold: self.threshold(element),
            hide_lms_ui: self.hidden(element),
            data_maps: data_maps(element),
            metadata,
            sequencing: rules,
            items: element.all("item").map(|item| self.item(item)).collect(),
            position: element.position,
            identifier,
        }
    }

    fn identifier(&mut self, element: &Element, name: &str) -> String {
        filled(element.attribute("identifier")).unwrap_or_else(|| {
            self.findings.add(
                Problem::new(Code::MissingIdentifier)
                    .with("name", name)
                    .at(element.position),
            );
            format!("{name}-{}", self.met)
        })
    }

    /// The value of a child element; one that cannot be read is told and left out.
    fn value<T>(
        &mut self,
        element: &Element,
        name: &str,
        read: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let child = element.child(name).filter(|child| !child.text.is_empty())?;
        let value = read(&child.text);
        if value.is_none() {
            self.bad(child, name, &child.text);
        }
        value
    }

    fn bad(&mut self, element: &Element, name: &str, value: &str) {
        let problem = Problem::new(Code::BadValue)
            .with("name", name)
            .with("value", value);
        self.findings.add(problem.at(element.position));
    }

    /// Attributes in the 4th edition, text before.
    fn threshold(&mut self, element: &Element) -> Option<CompletionThreshold> {
        let threshold = element.child("completionThreshold")?;
        let mut read = CompletionThreshold {
            completed_by_measure: false,
            min_progress_measure: 10_000,
            progress_weight: 10_000,
        };
        if !threshold.text.is_empty() {
            match values::measure(&threshold.text) {
                Some(measure) => {
                    read.completed_by_measure = true;
                    read.min_progress_measure = measure;
                }
                None => self.bad(threshold, "completionThreshold", &threshold.text),
            }
        }
        if let Some(text) = threshold.attribute("completedByMeasure") {
            match values::boolean(text) {
                Some(decides) => read.completed_by_measure = decides,
                None => self.bad(threshold, "completedByMeasure", text),
            }
        }
        for (name, field) in [
            ("minProgressMeasure", &mut read.min_progress_measure),
            ("progressWeight", &mut read.progress_weight),
        ] {
            let Some(text) = threshold.attribute(name) else {
                continue;
            };
            match values::measure(text) {
                Some(measure) => *field = measure,
                None => self.bad(threshold, name, text),
            }
        }
        Some(read)
    }

    fn hidden(&mut self, element: &Element) -> Vec<super::LmsControl> {
        let Some(interface) = element
            .child("presentation")
            .and_then(|shown| shown.child("navigationInterface"))
        else {
            return Vec::new();
        };
        let mut hidden = Vec::new();
        for child in interface.all("hideLMSUI") {
            match values::lms_control(&child.text) {
                Some(control) if hidden.contains(&control) => {}
                Some(control) => hidden.push(control),
                None => self.bad(child, "hideLMSUI", &child.text),
            }
        }
        hidden
    }
}

fn prerequisites(element: &Element) -> Option<Prerequisites> {
    let found = element
        .child("prerequisites")
        .filter(|found| !found.text.is_empty())?;
    Some(Prerequisites {
        kind: found.attribute("type").unwrap_or("aicc_script").to_owned(),
        script: found.text.to_string(),
    })
}

fn data_maps(element: &Element) -> Vec<DataMap> {
    let maps = element
        .child("data")
        .into_iter()
        .flat_map(|data| data.all("map"));
    maps.filter_map(|map| {
        let flag = |name: &str| {
            map.attribute(name)
                .and_then(values::boolean)
                .unwrap_or(true)
        };
        Some(DataMap {
            target: filled(map.attribute("targetID"))?,
            read: flag("readSharedData"),
            write: flag("writeSharedData"),
        })
    })
    .collect()
}

/// A value that is not only white space.
pub(super) fn filled(value: Option<&str>) -> Option<String> {
    value
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

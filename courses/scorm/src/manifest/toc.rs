//! The table of contents as a player needs it: flat, each line with its address.

use super::{CompletionThreshold, DataMap, Item, LmsControl, Manifest, Prerequisites};
use super::{Resource, ScormType, TimeLimitAction, sequencing};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is escaped in a path of an address (RFC 3986: all but `pchar` and `/`).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// What is escaped in a query or fragment: what could end an attribute or a header.
const SUFFIX: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'\\');

/// What a line of the table of contents is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Content that talks to the platform.
    Sco,
    /// Content that does not.
    Asset,
    /// A heading, without content of its own.
    Folder,
}

/// One line of the table of contents. Fields as in [`Item`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TocItem {
    /// Identifier of the item.
    pub identifier: String,
    /// Title.
    pub title: String,
    /// Level, 0 for the items of the organisation.
    pub depth: usize,
    /// What it is.
    pub kind: Kind,
    /// Whether it is shown.
    pub visible: bool,
    /// Address to launch: relative to the root of the package, escaped, with query,
    /// parameters and fragment; absolute if [`Self::external`].
    pub href: Option<String>,
    /// Path of the file to launch, as in the list of files.
    pub path: Option<String>,
    /// Whether the address is on another site.
    pub external: bool,
    /// Identifier of the resource.
    pub resource: Option<String>,
    /// `parameters` as written; already part of [`Self::href`].
    pub parameters: Option<String>,
    /// In ten-thousandths of a point.
    pub mastery_score: Option<i64>,
    /// `cmi.scaled_passing_score` in ten-thousandths.
    pub scaled_passing_score: Option<i64>,
    /// As written.
    pub max_time: Option<String>,
    /// What then.
    pub time_limit_action: Option<TimeLimitAction>,
    /// Text for the content.
    pub launch_data: Option<String>,
    /// SCORM 1.2.
    pub prerequisites: Option<Prerequisites>,
    /// SCORM 2004; [`CompletionThreshold::effective`] is what the content sees.
    pub completion_threshold: Option<CompletionThreshold>,
    /// Identifiers with which `cmi.objectives` starts.
    pub objectives: Vec<String>,
    /// Controls to hide.
    pub hide_lms_ui: Vec<LmsControl>,
    /// Shared data stores.
    pub data_maps: Vec<DataMap>,
}

impl Manifest {
    /// The organisation that is played.
    pub fn organization(&self) -> Option<&super::Organization> {
        self.organizations.get(self.default_organization)
    }

    /// The title of the course.
    pub fn title(&self) -> &str {
        self.organization()
            .map_or(self.identifier.as_str(), |organization| &organization.title)
    }

    /// The table of contents of the default organisation, in the order of reading.
    pub fn launchable(&self) -> Vec<TocItem> {
        let resources: HashMap<&str, &Resource> = self
            .resources
            .iter()
            .map(|resource| (resource.identifier.as_str(), resource))
            .collect();
        let mut lines = Vec::new();
        for item in self
            .organization()
            .into_iter()
            .flat_map(|organization| &organization.items)
        {
            flatten(item, 0, &resources, &mut lines);
        }
        lines
    }
}

fn flatten(
    item: &Item,
    depth: usize,
    resources: &HashMap<&str, &Resource>,
    lines: &mut Vec<TocItem>,
) {
    let resource = item
        .resource
        .as_deref()
        .and_then(|id| resources.get(id).copied());
    let kind = match resource {
        // A resource that is not there is no heading: something was to be opened.
        None if item.resource.is_some() => Kind::Asset,
        None => Kind::Folder,
        Some(Resource {
            scorm_type: Some(ScormType::Sco),
            ..
        }) => Kind::Sco,
        Some(_) => Kind::Asset,
    };
    let rules = item.sequencing.as_ref();
    lines.push(TocItem {
        identifier: item.identifier.clone(),
        title: item.title.clone(),
        depth,
        kind,
        visible: item.visible,
        href: resource.and_then(|resource| address(resource, item.parameters.as_deref())),
        path: resource.and_then(|resource| resource.path.clone()),
        external: resource.is_some_and(|resource| resource.external),
        resource: item.resource.clone(),
        parameters: item.parameters.clone(),
        mastery_score: item.mastery_score,
        scaled_passing_score: rules.and_then(sequencing::scaled_passing_score),
        max_time: item.max_time.clone(),
        time_limit_action: item.time_limit_action,
        launch_data: item.launch_data.clone(),
        prerequisites: item.prerequisites.clone(),
        completion_threshold: item.completion_threshold,
        objectives: rules.map(sequencing::objectives).unwrap_or_default(),
        hide_lms_ui: item.hide_lms_ui.clone(),
        data_maps: item.data_maps.clone(),
    });
    for below in &item.items {
        flatten(below, depth + 1, resources, lines);
    }
}

/// The address of a resource with the parameters of the item added.
fn address(resource: &Resource, parameters: Option<&str>) -> Option<String> {
    let (path, suffix) = match &resource.path {
        Some(path) => (
            utf8_percent_encode(path, PATH).to_string(),
            resource.suffix.as_str(),
        ),
        None if resource.external => {
            let href = resource.href.as_deref()?;
            let whole = if resource.base.contains("//") {
                format!("{}{href}", resource.base)
            } else {
                href.to_owned()
            };
            let whole = if whole.starts_with("//") {
                format!("https:{whole}")
            } else {
                whole
            };
            let cut = whole.find(['?', '#']).unwrap_or(whole.len());
            let (path, suffix) = whole.split_at(cut);
            let path = utf8_percent_encode(path, SUFFIX).to_string();
            return Some(
                path + &utf8_percent_encode(&with_parameters(suffix, parameters), SUFFIX)
                    .to_string(),
            );
        }
        None => return None,
    };
    Some(path + &utf8_percent_encode(&with_parameters(suffix, parameters), SUFFIX).to_string())
}

/// Adds parameters to query and fragment by the algorithm of SCORM 2004 CAM 3.4.1.10:
/// leading `?` and `&` are dropped; a fragment is taken if there is none yet; otherwise
/// the parameters join the query, before the fragment.
fn with_parameters(suffix: &str, parameters: Option<&str>) -> String {
    let parameters = parameters
        .unwrap_or_default()
        .trim_start_matches(['?', '&']);
    if parameters.is_empty() {
        return suffix.to_owned();
    }
    let (query, fragment) = suffix
        .find('#')
        .map_or((suffix, ""), |at| suffix.split_at(at));
    if parameters.starts_with('#') {
        return if fragment.is_empty() {
            format!("{query}{parameters}")
        } else {
            suffix.to_owned()
        };
    }
    let glue = match query {
        "" => "?",
        "?" => "",
        _ => "&",
    };
    format!("{query}{glue}{parameters}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_join_the_address_as_the_specification_says() {
        for (suffix, parameters, expected) in [
            ("", "?a=1", "?a=1"),
            ("", "&a=1", "?a=1"),
            ("?b=2", "?a=1", "?b=2&a=1"),
            ("?b=2#top", "a=1", "?b=2&a=1#top"),
            ("", "#top", "#top"),
            ("#top", "#other", "#top"),
            ("?b=2", "", "?b=2"),
            ("?", "a=1", "?a=1"),
        ] {
            assert_eq!(
                with_parameters(suffix, Some(parameters)),
                expected,
                "{suffix} {parameters}"
            );
        }
    }
}

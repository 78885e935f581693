//! From the tree of elements to the manifest, and the rules that hold across its parts.

use super::tree::Element;
use super::xml::Document;
use super::{Edition, Item, Manifest, Metadata, Organization, Resource, ScormType};
use super::{describe, edition, items, links, resources, sequencing};
use crate::package::{FileEntry, Limits};
use crate::problem::{Code, Findings, Position, Problem};
use std::collections::{HashMap, HashSet};

/// Interprets a document. `None` only if a refusal was added.
pub(super) fn manifest(
    document: &Document,
    limits: &Limits,
    files: Option<&[FileEntry]>,
    findings: &mut Findings,
) -> Option<Manifest> {
    let root = &document.root;
    if !root.is("manifest") {
        findings.add(
            Problem::new(Code::ManifestRoot)
                .with("name", &root.name)
                .at(root.position),
        );
        return None;
    }
    let edition = edition::detect(document, findings)?;
    if let Some(inner) = root.child("manifest") {
        findings.add(Problem::new(Code::SubManifest).at(inner.position));
    }
    let metadata = describe::metadata(root);
    let shared = sequencing::collection(root);
    let mut resources = resources::read(root, limits, findings);
    resources::check_dependencies(&mut resources, limits, findings);
    let (organizations, default_organization) = organizations(
        root,
        &metadata,
        sequencing::Shared::new(&shared, limits.manifest_elements),
        &resources,
        findings,
    )?;
    let schema = root
        .child("metadata")
        .and_then(|metadata| metadata.text_of("schemaversion"));
    let mut manifest = Manifest {
        identifier: items::filled(root.attribute("identifier")).unwrap_or_default(),
        version: items::filled(root.attribute("version")),
        edition,
        schema_version: schema.map(str::to_owned),
        metadata,
        organizations,
        default_organization,
        resources,
        sequencing_collection: shared,
        problems: Vec::new(),
    };
    let launched = check_items(&manifest, findings);
    links::check(&mut manifest, &launched, files, findings);
    if let Some(files) = files {
        links::check_metadata(&manifest, files, findings);
    }
    // What is dead was told; what can be played is played, if there is anything.
    if !findings.refused() && !manifest.launchable().iter().any(|line| line.href.is_some()) {
        findings.add(Problem::new(Code::NothingToLaunch));
    }
    note_sequencing(&manifest, edition, findings);
    Some(manifest)
}

/// Reads the organisations and tells which is played. A package without any gets one
/// that is made from its resources.
fn organizations(
    root: &Element,
    metadata: &Metadata,
    shared: sequencing::Shared<'_>,
    resources: &[Resource],
    findings: &mut Findings,
) -> Option<(Vec<Organization>, usize)> {
    let group = root.child("organizations");
    let elements: Vec<&Element> = group
        .map(|group| group.all("organization").collect())
        .unwrap_or_default();
    if elements.is_empty() {
        let position = group.map_or(root.position, |group| group.position);
        return from_resources(metadata, resources, position, findings).map(|made| (vec![made], 0));
    }
    let mut reader = items::Reader {
        shared,
        findings,
        met: 0,
    };
    let read: Vec<Organization> = elements
        .iter()
        .map(|element| reader.organization(element, metadata))
        .collect();
    let wanted = group.and_then(|group| items::filled(group.attribute("default")));
    let found = match &wanted {
        Some(id) => read
            .iter()
            .position(|organization| organization.identifier == *id),
        None => Some(0),
    };
    if let (None, Some(id), Some(group)) = (found, &wanted, group) {
        findings.add(
            Problem::new(Code::DefaultOrganization)
                .with("id", id)
                .at(group.position),
        );
    }
    Some((read, found.unwrap_or(0)))
}

/// A table of contents of everything that can be launched, SCOs only if there are any.
fn from_resources(
    metadata: &Metadata,
    resources: &[Resource],
    position: Position,
    findings: &mut Findings,
) -> Option<Organization> {
    let with_href = || resources.iter().filter(|resource| resource.href.is_some());
    let scos = with_href().any(|resource| resource.scorm_type == Some(ScormType::Sco));
    let items: Vec<Item> = with_href()
        .filter(|resource| !scos || resource.scorm_type == Some(ScormType::Sco))
        .map(made_item)
        .collect();
    if items.is_empty() {
        findings.add(Problem::new(Code::NothingToLaunch).at(position));
        return None;
    }
    findings.add(Problem::new(Code::NoOrganization).at(position));
    Some(Organization {
        identifier: "organization".to_owned(),
        title: metadata.title.best("fr").unwrap_or("SCORM").to_owned(),
        items,
        metadata: Metadata::default(),
        sequencing: None,
        completion_threshold: None,
        objectives_global_to_system: true,
        shared_data_global_to_system: true,
    })
}

fn made_item(resource: &Resource) -> Item {
    Item {
        identifier: resource.identifier.clone(),
        title: resource.identifier.clone(),
        resource: Some(resource.identifier.clone()),
        visible: true,
        parameters: None,
        prerequisites: None,
        max_time: None,
        time_limit_action: None,
        launch_data: None,
        mastery_score: None,
        completion_threshold: None,
        hide_lms_ui: Vec::new(),
        data_maps: Vec::new(),
        metadata: Metadata::default(),
        sequencing: None,
        items: Vec::new(),
        position: resource.position,
    }
}

/// Checks the items that are played and returns the resources they launch.
fn check_items(manifest: &Manifest, findings: &mut Findings) -> HashSet<String> {
    let resources: HashMap<&str, &Resource> = manifest
        .resources
        .iter()
        .map(|resource| (resource.identifier.as_str(), resource))
        .collect();
    let mut seen = HashSet::new();
    let mut launched = HashSet::new();
    let mut left: Vec<&Item> = manifest
        .organization()
        .into_iter()
        .flat_map(|played| &played.items)
        .rev()
        .collect();
    while let Some(item) = left.pop() {
        left.extend(item.items.iter().rev());
        if !seen.insert(item.identifier.as_str()) {
            findings.add(
                Problem::new(Code::DuplicateItem)
                    .with("id", &item.identifier)
                    .at(item.position),
            );
        }
        let Some(id) = &item.resource else { continue };
        let about = |code| {
            Problem::new(code)
                .with("id", id)
                .with("item", &item.title)
                .at(item.position)
        };
        match resources.get(id.as_str()) {
            None => findings.add(about(Code::ResourceMissing)),
            Some(resource) if resource.href.is_none() => {
                findings.add(about(Code::ResourceWithoutHref));
            }
            Some(resource) => {
                if launched.insert(id.clone()) && resource.scorm_type.is_none() {
                    findings.add(
                        Problem::new(Code::ScormTypeMissing)
                            .with("id", id)
                            .at(resource.position),
                    );
                }
            }
        }
    }
    launched
}

/// Tells once that rules exist which are not applied.
fn note_sequencing(manifest: &Manifest, edition: Edition, findings: &mut Findings) {
    fn has_rules(item: &Item) -> bool {
        item.sequencing.is_some() || item.items.iter().any(has_rules)
    }
    let Some(played) = manifest.organization() else {
        return;
    };
    if edition.is_2004() && (played.sequencing.is_some() || played.items.iter().any(has_rules)) {
        findings.add(Problem::new(Code::SequencingNotPlayed));
    }
}

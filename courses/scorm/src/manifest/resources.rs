//! Resources, their files, and what they need of each other.

use super::items::filled;
use super::links::{self, Address};
use super::tree::Element;
use super::{Resource, ResourceFile, ScormType};
use crate::package::Limits;
use crate::problem::{Code, Findings, Problem};
use std::collections::{HashMap, HashSet};

/// Reads all resources; of two with the same identifier the first counts.
pub(super) fn read(root: &Element, limits: &Limits, findings: &mut Findings) -> Vec<Resource> {
    let mut resources = Vec::new();
    let mut known = HashSet::new();
    for group in root.all("resources") {
        for element in group.all("resource") {
            let base = links::join_bases(&[root.base(), group.base(), element.base()]);
            // Every resource keeps its own, so that a long one would be kept many times.
            if base.len() > limits.path_length {
                let problem = Problem::new(Code::ManifestValueTooLong).with("name", "xml:base");
                findings.add(
                    problem
                        .with("limit", limits.path_length)
                        .at(element.position),
                );
                return resources;
            }
            let resource = resource(element, base, resources.len(), findings);
            if known.insert(resource.identifier.clone()) {
                resources.push(resource);
            } else {
                let problem =
                    Problem::new(Code::DuplicateResource).with("id", &resource.identifier);
                findings.add(problem.at(element.position));
            }
        }
    }
    resources
}

fn resource(element: &Element, base: String, index: usize, findings: &mut Findings) -> Resource {
    let identifier = filled(element.attribute("identifier")).unwrap_or_else(|| {
        findings.add(
            Problem::new(Code::MissingIdentifier)
                .with("name", "resource")
                .at(element.position),
        );
        format!("resource-{}", index + 1)
    });
    let scorm_type = element.attribute("scormType").and_then(|text| {
        let read = match text.trim().to_ascii_lowercase().as_str() {
            "sco" => Some(ScormType::Sco),
            "asset" => Some(ScormType::Asset),
            _ => None,
        };
        if read.is_none() {
            let problem = Problem::new(Code::BadValue)
                .with("name", "scormType")
                .with("value", text);
            findings.add(problem.at(element.position));
        }
        read
    });
    let files = element.all("file").filter_map(|file| {
        let href = filled(file.attribute("href"))?;
        let path = match links::resolve(&base, &href) {
            Address::Inside { path, .. } => path,
            Address::External | Address::Refused | Address::Outside => href,
        };
        Some(ResourceFile {
            path,
            position: file.position,
        })
    });
    let dependencies = element
        .all("dependency")
        .filter_map(|needed| filled(needed.attribute("identifierref")));
    Resource {
        kind: filled(element.attribute("type")),
        scorm_type,
        href: filled(element.attribute("href")),
        path: None,
        suffix: String::new(),
        external: false,
        files: files.collect(),
        dependencies: dependencies.collect(),
        position: element.position,
        identifier,
        base,
    }
}

/// Refuses dependencies that go round, or that form a chain beyond the limit; tells
/// those that lead nowhere and drops them.
pub(super) fn check_dependencies(
    resources: &mut [Resource],
    limits: &Limits,
    findings: &mut Findings,
) {
    let index: HashMap<String, usize> = resources
        .iter()
        .enumerate()
        .map(|(at, resource)| (resource.identifier.clone(), at))
        .collect();
    for resource in &mut *resources {
        let position = resource.position;
        resource.dependencies.retain(|id| {
            let known = index.contains_key(id);
            if !known {
                findings.add(
                    Problem::new(Code::DependencyMissing)
                        .with("id", id)
                        .at(position),
                );
            }
            known
        });
    }
    let edges: Vec<Vec<usize>> = resources
        .iter()
        .map(|resource| {
            resource
                .dependencies
                .iter()
                .filter_map(|id| index.get(id).copied())
                .collect()
        })
        .collect();
    if let Some((at, code)) = first_fault(&edges, limits.dependency_depth) {
        let resource = &resources[at];
        let mut problem = Problem::new(code).with("id", &resource.identifier);
        if code == Code::DependencyTooDeep {
            problem = problem.with("limit", limits.dependency_depth);
        }
        findings.add(problem.at(resource.position));
    }
}

/// Depth-first search without recursion; `Some` with the resource at which it fails.
fn first_fault(edges: &[Vec<usize>], deepest: usize) -> Option<(usize, Code)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    for start in 0..edges.len() {
        let mut path = if states[start] == State::New {
            vec![(start, 0)]
        } else {
            Vec::new()
        };
        while let Some((at, next)) = path.pop() {
            states[at] = State::Open;
            let Some(&to) = edges[at].get(next) else {
                states[at] = State::Done;
                continue;
            };
            path.push((at, next + 1));
            match states[to] {
                State::Open => return Some((to, Code::DependencyLoop)),
                State::New if path.len() >= deepest => return Some((at, Code::DependencyTooDeep)),
                State::New => path.push((to, 0)),
                State::Done => {}
            }
        }
    }
    None
}

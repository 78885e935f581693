//! Applies the borders to what `cargo metadata` says.
//!
//! Direct dependencies are those of the manifests, of every kind and target;
//! what is reached through others is what cargo resolved, without what only tests
//! or build scripts need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Findings;
use super::borders::{GUARDED, MIGRATIONS, PURE, ROOMS, stands_for};

/// The crates of the workspace and everything that they reach.
#[derive(Debug, Default)]
pub struct Graph {
    /// Name of each package, by its identifier.
    names: BTreeMap<String, String>,
    /// Identifiers of the packages of the workspace.
    members: BTreeSet<String>,
    /// Names in the manifest, and whether they are for tests only.
    direct: BTreeMap<String, Vec<(String, bool)>>,
    /// Identifiers that a package needs to run.
    reaches: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// Reads the output of `cargo metadata --format-version 1`.
    pub fn parse(metadata: &str) -> Result<Self, String> {
        let metadata: Value = serde_json::from_str(metadata)
            .map_err(|error| format!("`cargo metadata` is not readable: {error}"))?;
        let mut graph = Self::default();
        for member in list(&metadata["workspace_members"]) {
            graph.members.insert(text(member));
        }
        for package in list(&metadata["packages"]) {
            let id = text(&package["id"]);
            let direct = list(&package["dependencies"])
                .map(|dependency| (text(&dependency["name"]), dependency["kind"] == "dev"))
                .collect();
            graph.names.insert(id.clone(), text(&package["name"]));
            graph.direct.insert(id, direct);
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let needed = list(&node["deps"])
                .filter(|dependency| {
                    list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
                })
                .map(|dependency| text(&dependency["pkg"]))
                .collect();
            graph.reaches.insert(text(&node["id"]), needed);
        }
        if graph.members.is_empty() {
            return Err("`cargo metadata` names no package of the workspace".to_owned());
        }
        Ok(graph)
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    fn is_member(&self, name: &str) -> bool {
        self.members.iter().any(|id| self.name(id) == name)
    }

    /// The way from a package to the first library that `pattern` stands for.
    fn way_to<'a>(&'a self, from: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
        let mut seen = BTreeSet::from([from]);
        let mut ways = std::collections::VecDeque::from([vec![from]]);
        while let Some(way) = ways.pop_front() {
            let last = way.last()?;
            for next in self.reaches.get(*last).into_iter().flatten() {
                if !seen.insert(next) {
                    continue;
                }
                let mut longer = way.clone();
                longer.push(next);
                if stands_for(pattern, self.name(next)) {
                    return Some(longer.into_iter().map(|id| self.name(id)).collect());
                }
                ways.push_back(longer);
            }
        }
        None
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Compares the graph with the tables of `borders.rs`.
pub fn check(graph: &Graph) -> Findings {
    let mut faults = BTreeSet::new();
    for id in &graph.members {
        let name = graph.name(id);
        let Some(room) = ROOMS.iter().find(|room| room.package == name) else {
            faults.insert(format!(
                "{name}: this crate has no place in xtask/src/house/borders.rs; add it there"
            ));
            continue;
        };
        for (used, for_tests) in graph.direct.get(id).into_iter().flatten() {
            // Tests of a store need the tables; nothing else may look upwards.
            let tables_for_tests = *for_tests && used == MIGRATIONS;
            if graph.is_member(used) && !room.may_use.contains(&used.as_str()) && !tables_for_tests
            {
                faults.insert(format!("{name}: must not depend on {used}"));
            }
            for guarded in GUARDED
                .iter()
                .filter(|guarded| stands_for(guarded.library, used))
            {
                if !guarded.only_in.contains(&name) {
                    faults.insert(format!(
                        "{name}: must not depend on {used}: {}",
                        guarded.why
                    ));
                }
            }
        }
        let never = PURE.iter().filter(|pure| pure.package == name);
        for pattern in never.flat_map(|pure| pure.never) {
            if let Some(way) = graph.way_to(id, pattern) {
                faults.insert(format!(
                    "{name}: must not reach {pattern}: {}",
                    way.join(" → ")
                ));
            }
        }
    }
    Findings {
        faults: faults.into_iter().collect(),
        remarks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace from lines such as `passerelle-web: axum, dev tempfile`; the names
    /// that have no line of their own are libraries from elsewhere.
    fn graph(lines: &[&str], members: &[&str]) -> Graph {
        let packages: Vec<Value> = lines
            .iter()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, used)| {
                let used = used
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty());
                let dependencies: Vec<Value> = used
                    .map(|name| match name.strip_prefix("dev ") {
                        Some(name) => serde_json::json!({"name": name, "kind": "dev"}),
                        None => serde_json::json!({"name": name, "kind": null}),
                    })
                    .collect();
                serde_json::json!({"id": name, "name": name, "dependencies": dependencies})
            })
            .collect();
        let nodes: Vec<Value> = packages
            .iter()
            .map(|package| {
                let deps: Vec<Value> = list(&package["dependencies"])
                    .map(|one| serde_json::json!({"pkg": one["name"], "dep_kinds": [{"kind": one["kind"]}]}))
                    .collect();
                serde_json::json!({"id": package["id"], "deps": deps})
            })
            .collect();
        let metadata = serde_json::json!({
            "packages": packages, "workspace_members": members, "resolve": {"nodes": nodes}
        });
        Graph::parse(&metadata.to_string()).unwrap()
    }

    #[test]
    fn the_way_down_is_allowed() {
        let graph = graph(
            &[
                "passerelle-kernel: sea-orm, tokio",
                "passerelle-web: passerelle-kernel, axum",
                "passerelle-people: passerelle-web, passerelle-kernel, axum, sea-orm, dev passerelle-migrations",
                "passerelle-migrations: sea-orm-migration",
            ],
            &[
                "passerelle-kernel",
                "passerelle-web",
                "passerelle-people",
                "passerelle-migrations",
            ],
        );
        assert_eq!(check(&graph), Findings::default());
    }

    #[test]
    fn a_plugin_that_knows_another_plugin_is_refused() {
        let graph = graph(
            &[
                "passerelle-courses: passerelle-people",
                "passerelle-people:",
            ],
            &["passerelle-courses", "passerelle-people"],
        );
        assert_eq!(
            check(&graph).faults,
            ["passerelle-courses: must not depend on passerelle-people"]
        );
    }

    #[test]
    fn the_way_up_is_refused_even_for_tests() {
        let graph = graph(
            &["passerelle-kernel: dev passerelle-web", "passerelle-web:"],
            &["passerelle-kernel", "passerelle-web"],
        );
        assert_eq!(
            check(&graph).faults,
            ["passerelle-kernel: must not depend on passerelle-web"]
        );
    }

    #[test]
    fn a_guarded_library_outside_its_rooms_is_refused() {
        let graph = graph(&["passerelle-web: sea-orm"], &["passerelle-web"]);
        let faults = check(&graph).faults;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("passerelle-web: must not depend on sea-orm: "));
    }

    #[test]
    fn a_pure_crate_that_reaches_the_runtime_through_another_is_refused_with_the_way() {
        let graph = graph(
            &[
                "passerelle-scorm: zip",
                "zip: helper",
                "helper: tokio",
                "tokio:",
            ],
            &["passerelle-scorm"],
        );
        assert_eq!(
            check(&graph).faults,
            ["passerelle-scorm: must not reach tokio: passerelle-scorm → zip → helper → tokio"]
        );
    }

    #[test]
    fn what_only_tests_need_does_not_count_as_reached() {
        let graph = graph(
            &["passerelle-scorm: dev helper", "helper: tokio", "tokio:"],
            &["passerelle-scorm"],
        );
        assert_eq!(check(&graph), Findings::default());
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        let graph = graph(&["passerelle-forum:"], &["passerelle-forum"]);
        let faults = check(&graph).faults;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("has no place"));
    }

    #[test]
    fn an_unreadable_answer_is_an_error() {
        assert!(Graph::parse("nothing").is_err());
        assert!(Graph::parse("{}").is_err());
    }
}

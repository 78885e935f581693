//! The steps of the suite, as data and one function each.
//!
//! A step says what it ran, never decides what another one may do.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Choice, Outcome, Step, tools};
use crate::process::Program;
use crate::{bench, house, places};

pub const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "what the suite needs",
        fast: true,
        run: tools,
    },
    Step {
        name: "format",
        about: "formatting",
        fast: true,
        run: format,
    },
    Step {
        name: "lints",
        about: "clippy, warnings refused",
        fast: true,
        run: lints,
    },
    Step {
        name: "house",
        about: "borders, sizes, translations, traces",
        fast: true,
        run: house,
    },
    Step {
        name: "tests",
        about: "unit and integration tests, both databases",
        fast: true,
        run: tests,
    },
    Step {
        name: "doctests",
        about: "examples in the documentation",
        fast: false,
        run: doctests,
    },
    Step {
        name: "docs",
        about: "documentation, warnings refused",
        fast: false,
        run: docs,
    },
    Step {
        name: "player",
        about: "the player's scripts, in Node.js",
        fast: true,
        run: player,
    },
    Step {
        name: "browser",
        about: "journeys in Chromium",
        fast: false,
        run: browser,
    },
    Step {
        name: "bench",
        about: "the short bench beside its recorded ratios, both databases",
        fast: false,
        run: bench,
    },
    Step {
        name: "audit",
        about: "licences, bans, sources, advisories",
        fast: false,
        run: audit,
    },
    Step {
        name: "unused",
        about: "dependencies that nothing uses",
        fast: false,
        run: unused,
    },
];

fn tools(choice: &Choice) -> Outcome {
    tools::prepare(choice.fast)
}

fn format(_: &Choice) -> Outcome {
    Outcome::of(
        Program::new("cargo")
            .args(["fmt", "--all", "--check"])
            .show(),
    )
}

fn lints(_: &Choice) -> Outcome {
    Outcome::of(
        Program::new("cargo")
            .args(["clippy", "--workspace", "--all-targets"])
            .locked_in_ci()
            .args(["--", "-D", "warnings"])
            .show(),
    )
}

fn house(_: &Choice) -> Outcome {
    match house::inspect() {
        Ok(findings) => {
            for remark in &findings.remarks {
                println!("· {remark}");
            }
            Outcome {
                faults: findings.faults,
                notes: vec![format!("{} remarks above", findings.remarks.len())],
            }
        }
        Err(fault) => Outcome::of(Err(fault)),
    }
}

fn tests(choice: &Choice) -> Outcome {
    if !choice.fast
        && let Err(fault) = build_all()
    {
        return Outcome::of(Err(fault));
    }
    let mut program = Program::new("cargo")
        .args(["nextest", "run", "--workspace", "--no-fail-fast"])
        .locked_in_ci()
        .with("PASSERELLE_BIN", places::server_binary());
    if choice.fast {
        program = program.args(["--lib", "--bins", "--exclude", "passerelle-tests"]);
    }
    let (result, notes) = program.show_and_keep(closes_nextest);
    let mut outcome = Outcome::of(result);
    outcome.notes = notes;
    // The database server that the tests shared; nothing is wrong when none was started.
    let stop = places::target().join("debug/test-postgres");
    if stop.exists() {
        let _ = Program::new(&stop.to_string_lossy()).args(["stop"]).show();
    }
    if choice.fast {
        outcome
            .notes
            .push("unit tests only: the integration tests were not run".to_owned());
    }
    outcome
}

/// The tests and the server's binary, in one build: asked for apart, they would not
/// agree on the features of their libraries, and those would be built twice.
fn build_all() -> Result<(), String> {
    Program::new("cargo")
        .args(["build", "--workspace", "--tests", "--bin", "passerelle"])
        .locked_in_ci()
        .show()
}

/// The runner's last lines: the summary, and the tests that did not pass.
fn closes_nextest(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Summary [")
        || ["FAIL [", "TIMEOUT [", "SIGABRT [", "SIGSEGV [", "SIGKILL ["]
            .iter()
            .any(|sign| line.starts_with(sign))
}

fn doctests(_: &Choice) -> Outcome {
    Outcome::of(
        Program::new("cargo")
            .args(["test", "--workspace", "--doc"])
            .locked_in_ci()
            .show(),
    )
}

fn docs(_: &Choice) -> Outcome {
    Outcome::of(
        Program::new("cargo")
            .args(["doc", "--workspace", "--no-deps"])
            .locked_in_ci()
            .with("RUSTDOCFLAGS", "-D warnings")
            .show(),
    )
}

fn player(_: &Choice) -> Outcome {
    node_tests("courses/assets/player-tests", |program| program)
}

fn browser(_: &Choice) -> Outcome {
    let mut outcome = Outcome::of(tools::browser_modules());
    outcome.take(tools::python_modules());
    outcome.take(build_all());
    let Some(chromium) = tools::chromium() else {
        outcome
            .faults
            .push("Chromium is missing: apt-get install chromium".to_owned());
        return outcome;
    };
    if outcome.faults.is_empty() {
        for script in test_scripts(&places::root().join("tests/browser")) {
            let run = || {
                node_scripts(vec![script.clone()], |program| {
                    program
                        .with("PASSERELLE_BIN", places::server_binary())
                        .with("PASSERELLE_CHROMIUM", &chromium)
                        .with("PASSERELLE_PYTHON", tools::python())
                        .with("PASSERELLE_PACKAGES", places::packages())
                })
            };
            outcome.add(run_journey(&script, run));
        }
    }
    outcome
}

/// A journey through a real browser, on a machine that may be busy: one that fails is
/// taken once more from its beginning, and that it was is said.
fn run_journey(script: &Path, run: impl Fn() -> Outcome) -> Outcome {
    let first = run();
    if first.faults.is_empty() {
        return first;
    }
    let name = script.file_name().unwrap_or_default().to_string_lossy();
    println!("━━ {name} failed; once more");
    let mut second = run();
    if second.faults.is_empty() {
        let counts = first.notes.join("  ");
        second.notes.push(format!(
            "{name} FAILED at first ({counts}) and passed when run again"
        ));
    }
    second
}

fn node_tests(folder: &str, prepare: impl FnOnce(Program) -> Program) -> Outcome {
    let found = test_scripts(&places::root().join(folder));
    if found.is_empty() {
        return Outcome::of(Err(format!(
            "{folder} holds no test: a script named *.test.mjs"
        )));
    }
    node_scripts(found, prepare)
}

fn node_scripts(found: Vec<PathBuf>, prepare: impl FnOnce(Program) -> Program) -> Outcome {
    let folder = found
        .first()
        .map_or_else(String::new, |path| path.display().to_string());
    let program = Program::new("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(found);
    let (result, notes) = prepare(program).show_and_keep(closes_node);
    let mut outcome = Outcome::of(result);
    outcome.notes = notes;
    if outcome.notes.iter().any(|note| note == "ℹ tests 0") {
        outcome.faults.push(format!("{folder}: no test was run"));
    }
    for note in &outcome.notes {
        // A test may be left out for a reason of the machine, but not unnoticed.
        if (note.starts_with("ℹ skipped ") || note.starts_with("ℹ todo ")) && !note.ends_with(" 0")
        {
            outcome
                .faults
                .push(format!("{folder}: {}", note.trim_start_matches("ℹ ")));
        }
    }
    outcome.notes = vec![outcome.notes.join("  ")];
    outcome
}

/// The counts that Node's reporter ends with, and the tests that failed.
fn closes_node(line: &str) -> bool {
    if line.trim_start().starts_with("✖ ") {
        return true;
    }
    line.strip_prefix("ℹ ").is_some_and(|rest| {
        [
            "tests ",
            "pass ",
            "fail ",
            "cancelled ",
            "skipped ",
            "todo ",
        ]
        .iter()
        .any(|word| rest.starts_with(word))
    })
}

/// The test scripts of a folder and the folders in it, in the order of their names.
fn test_scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = folder
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "node_modules" {
            found.extend(test_scripts(&path));
        } else if [".test.mjs", ".test.js", ".test.cjs"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            found.push(path);
        }
    }
    found
}

/// On the development build that the tests have run: figures go stale unseen otherwise.
fn bench(_: &Choice) -> Outcome {
    if let Err(fault) = build_all() {
        return Outcome::of(Err(fault));
    }
    Outcome::of(bench::measure(&places::server_binary(), &["--short"]))
}

fn audit(_: &Choice) -> Outcome {
    // Nobody is there to answer a question about a name and a password.
    let deny = || {
        Program::new("cargo")
            .args(["deny", "--workspace"])
            .with("GIT_TERMINAL_PROMPT", "0")
    };
    let checks = ["licenses", "bans", "sources"];
    let mut outcome = Outcome::of(
        deny()
            .args(["check", "--hide-inclusion-graph"])
            .args(checks)
            .show(),
    );
    let fetched = deny()
        .args(["fetch", "db"])
        .show_within(Duration::from_mins(2));
    match fetched {
        Ok(()) => outcome.take(deny().args(["check", "advisories"]).show()),
        Err(why) => {
            println!("{why}");
            outcome.notes.push(
                "the advisory database could not be fetched: advisories were NOT checked"
                    .to_owned(),
            );
        }
    }
    outcome
}

fn unused(_: &Choice) -> Outcome {
    Outcome::of(Program::new("cargo-machete").args(["."]).show())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_closing_lines_are_kept() {
        assert!(closes_nextest(
            "     Summary [   1.204s] 12 tests run: 12 passed, 0 skipped"
        ));
        assert!(closes_nextest(
            "        FAIL [   0.010s] passerelle-kernel journal::tests::seals"
        ));
        assert!(!closes_nextest(
            "        PASS [   0.010s] passerelle-kernel journal::tests::seals"
        ));
        assert!(closes_node("ℹ tests 12"));
        assert!(closes_node("ℹ fail 0"));
        assert!(!closes_node("ℹ duration_ms 96.1"));
    }

    #[test]
    fn a_folder_without_tests_is_a_failure() {
        let outcome = node_tests("docs/no-such-folder", |program| program);
        assert_eq!(outcome.faults.len(), 1);
    }

    #[test]
    fn helpers_beside_the_tests_are_not_tests() {
        let folder = std::env::temp_dir().join(format!("xtask-scripts-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        for name in [
            "b.test.mjs",
            "a.test.js",
            "helper.mjs",
            "node_modules/c.test.mjs",
        ] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let found = test_scripts(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, [folder.join("a.test.js"), folder.join("b.test.mjs")]);
    }
}

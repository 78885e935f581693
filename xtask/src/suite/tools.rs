//! What the suite needs on the machine: looked for, installed where that is possible
//! (Debian packages as root, cargo tools, npm packages), or named exactly.
//!
//! It never installs anything outside the usual places of those three.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Outcome;
use crate::places;
use crate::process::Program;

/// A program that Debian packages.
struct Packaged {
    programs: &'static [&'static str],
    package: &'static str,
    needed_for: &'static str,
}

const PACKAGED: &[Packaged] = &[
    Packaged {
        programs: &["cc", "gcc", "clang"],
        package: "gcc libc6-dev",
        needed_for: "building",
    },
    Packaged {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
        needed_for: "browser tests",
    },
    Packaged {
        programs: &["pdftotext"],
        package: "poppler-utils",
        needed_for: "reading the documents that were made",
    },
    Packaged {
        programs: &["unzip"],
        package: "unzip",
        needed_for: "comparing the speed of an import",
    },
    Packaged {
        programs: &["strace"],
        package: "strace",
        needed_for: "the flush test",
    },
    Packaged {
        programs: &["initdb"],
        package: "postgresql",
        needed_for: "the tests on PostgreSQL",
    },
    Packaged {
        programs: &["node"],
        package: "nodejs",
        needed_for: "player and browser tests",
    },
    Packaged {
        programs: &["npm"],
        package: "npm",
        needed_for: "browser tests",
    },
    Packaged {
        programs: &["postfix"],
        package: "postfix",
        needed_for: "a real mail server that takes, refuses and bounces",
    },
    Packaged {
        programs: &["dovecot"],
        package: "dovecot-imapd",
        needed_for: "the mailbox where what comes back is read",
    },
    Packaged {
        programs: &["python3"],
        package: "python3 python3-venv",
        needed_for: "the tool of somebody else that courses open",
    },
];

/// The oldest Node.js whose test runner the suite relies on.
const NODE: u32 = 20;

/// A cargo tool, its version, and how to build it quickly.
struct CargoTool {
    name: &'static str,
    version: &'static str,
    options: &'static [&'static str],
    fast: bool,
}

const CARGO_TOOLS: &[CargoTool] = &[
    CargoTool {
        name: "nextest",
        version: "0.9.151",
        // Without the part that updates itself: the version is pinned here.
        options: &["--no-default-features", "--features", "default-no-update"],
        fast: true,
    },
    CargoTool {
        name: "deny",
        version: "0.20.2",
        options: &[],
        fast: false,
    },
    CargoTool {
        name: "machete",
        version: "0.9.2",
        options: &[],
        fast: false,
    },
];

/// Looks for everything, installs what it can, and reports what stays missing.
pub fn prepare(fast: bool) -> Outcome {
    let mut outcome = Outcome::default();
    if !fast {
        debian_packages(&mut outcome);
    }
    outcome.take(node_version());
    for component in ["rustfmt", "clippy"] {
        outcome.take(rust_component(component));
    }
    for tool in CARGO_TOOLS.iter().filter(|tool| tool.fast || !fast) {
        outcome.take(cargo_tool(tool));
    }
    if !fast {
        outcome.take(browser_modules());
        outcome.take(python_modules());
        if std::env::var_os("PASSERELLE_PACKAGES").is_none() {
            outcome.notes.push(
                "PASSERELLE_PACKAGES is not set: packages that others made are not played"
                    .to_owned(),
            );
        }
    }
    outcome
}

/// Chromium, wherever it is called so.
pub fn chromium() -> Option<PathBuf> {
    places::in_path(&["chromium", "chromium-browser", "google-chrome"])
}

fn debian_packages(outcome: &mut Outcome) {
    let missing = missing_packages();
    if missing.is_empty() {
        println!("Programs: all there.");
        return;
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|one| one.package.split(' '))
        .collect();
    if is_root() && places::in_path(&["apt-get"]).is_some() {
        let apt = || Program::new("apt-get").with("DEBIAN_FRONTEND", "noninteractive");
        let installed = apt().args(["update", "--quiet"]).show().and_then(|()| {
            apt()
                .args(["install", "--yes", "--quiet", "--no-install-recommends"])
                .args(&packages)
                .show()
        });
        outcome.take(installed);
    }
    for one in missing_packages() {
        outcome.faults.push(format!(
            "{} is missing, needed for {}: apt-get install {}",
            one.programs[0], one.needed_for, one.package
        ));
    }
}

fn missing_packages() -> Vec<&'static Packaged> {
    PACKAGED.iter().filter(|one| !is_there(one)).collect()
}

fn is_there(one: &Packaged) -> bool {
    // Debian keeps the server's programs of each PostgreSQL version out of PATH.
    places::in_path(one.programs).is_some()
        || (one.package == "postgresql" && has_initdb(Path::new("/usr/lib/postgresql")))
}

fn has_initdb(versions: &Path) -> bool {
    let versions = versions.read_dir().into_iter().flatten().flatten();
    versions
        .map(|version| version.path().join("bin/initdb"))
        .any(|initdb| initdb.is_file())
}

fn is_root() -> bool {
    Program::new("id")
        .args(["-u"])
        .read()
        .is_ok_and(|id| id.trim() == "0")
}

fn node_version() -> Result<(), String> {
    let version = Program::new("node").args(["--version"]).read()?;
    match major(&version) {
        Some(major) if major >= NODE => {
            println!("Node.js {}", version.trim());
            Ok(())
        }
        _ => Err(format!(
            "Node.js {NODE} or later is needed, this is {}: see nodejs.org",
            version.trim()
        )),
    }
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn rust_component(component: &str) -> Result<(), String> {
    let cargo_name = component.trim_start_matches("rust");
    let is_there = || {
        Program::new("cargo")
            .args([cargo_name, "--version"])
            .read()
            .is_ok()
    };
    if is_there() {
        return Ok(());
    }
    Program::new("rustup")
        .args(["component", "add", component])
        .show()?;
    if is_there() {
        Ok(())
    } else {
        Err(format!(
            "{component} is missing: rustup component add {component}"
        ))
    }
}

fn cargo_tool(tool: &CargoTool) -> Result<(), String> {
    let found = Program::new("cargo")
        .args([tool.name, "--version"])
        .read()
        .ok();
    if let Some(version) = found.as_deref().and_then(numbers)
        && Some(version) >= numbers(tool.version)
    {
        println!(
            "cargo-{} {}.{}.{}",
            tool.name, version[0], version[1], version[2]
        );
        return Ok(());
    }
    // These programs run for seconds: built quickly matters more than running quickly.
    Program::new("cargo")
        .args(["install", "--locked", "--version", tool.version])
        .args(tool.options)
        .args([format!("cargo-{}", tool.name)])
        .with("CARGO_TARGET_DIR", places::target().join("tools"))
        .with("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .with("CARGO_PROFILE_RELEASE_LTO", "off")
        .with("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .with("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .show()
}

/// The first three numbers of what a tool says of its version.
fn numbers(said: &str) -> Option<[u32; 3]> {
    said.split_whitespace().find_map(|word| {
        let mut parts = word.split(['.', '-', '+']).map(|part| part.parse().ok());
        Some([parts.next()??, parts.next()??, parts.next()??])
    })
}

/// The npm packages of the browser tests, as their lock file says.
pub fn browser_modules() -> Result<(), String> {
    let folder = places::root().join("tests/browser");
    let changed =
        |name: &str| -> Option<SystemTime> { folder.join(name).metadata().ok()?.modified().ok() };
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        println!("Packages of the browser tests: up to date.");
        return Ok(());
    }
    Program::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .within(folder)
        .show()
}

/// The Python that has the packages of the browser tests: an environment of its own, outside the
/// checkout.
pub fn python() -> PathBuf {
    places::target().join("python/bin/python")
}

/// The Python packages of the browser tests, as their list of versions says.
pub fn python_modules() -> Result<(), String> {
    let list = places::root().join("tests/browser/pylti/requirements.txt");
    let wanted = std::fs::read_to_string(&list).map_err(|error| error.to_string())?;
    let folder = places::target().join("python");
    let stamp = folder.join("requirements.txt");
    if python().exists() && std::fs::read_to_string(&stamp).is_ok_and(|said| said == wanted) {
        println!("Python packages of the browser tests: up to date.");
        return Ok(());
    }
    Program::new("python3")
        .args(["-m", "venv", "--clear"])
        .args([&folder])
        .show()?;
    Program::new(&python().to_string_lossy())
        .args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--disable-pip-version-check", "--requirement"])
        .args([&list])
        .show()?;
    std::fs::write(stamp, wanted).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_wherever_it_stands() {
        assert_eq!(
            numbers("cargo-nextest 0.9.151 (abc 2026-01-01)"),
            Some([0, 9, 151])
        );
        assert_eq!(numbers("cargo-deny 0.20.2"), Some([0, 20, 2]));
        assert_eq!(numbers("0.9.2-beta.1"), Some([0, 9, 2]));
        assert_eq!(numbers("no version"), None);
    }

    #[test]
    fn an_older_version_is_told_from_a_newer_one() {
        assert!(numbers("0.9.99") < numbers("0.9.151"));
        assert!(numbers("0.10.0") > numbers("0.9.151"));
    }

    #[test]
    fn the_pinned_versions_can_be_read() {
        assert!(
            CARGO_TOOLS
                .iter()
                .all(|tool| numbers(tool.version).is_some())
        );
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("nonsense"), None);
    }

    #[test]
    fn no_server_is_found_in_a_folder_that_does_not_exist() {
        assert!(!has_initdb(Path::new("/nowhere/at/all")));
    }
}

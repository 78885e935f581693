//! `cargo xtask bench`: builds the server as it is released, starts a PostgreSQL of
//! its own on a disk, and runs `passerelle bench` on both
//! engines. What is printed goes to `docs/performance.md` with its conditions.
//! The suite runs its short form on the development build.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::places;
use crate::process::Program;

/// Measures, with the arguments that were given.
pub fn run(arguments: &[String]) -> Result<ExitCode, String> {
    // In the development profile: the tests' helper is there already.
    Program::new("cargo")
        .args(["build", "--workspace", "--bin", "test-postgres"])
        .show()?;
    Program::new("cargo")
        .args(["build", "--release", "--workspace", "--bin", "passerelle"])
        .show()?;
    let binary = places::target().join("release").join("passerelle");
    measure(&binary, arguments).map(|()| ExitCode::SUCCESS)
}

/// Runs `bench` of that binary with those arguments, on both engines.
pub fn measure<A: Into<OsString> + Clone>(binary: &Path, arguments: &[A]) -> Result<(), String> {
    // PostgreSQL does not run as root, and whoever runs it then must reach its folder; on a disk.
    let disk = Path::new("/var/tmp");
    let folder = if disk.is_dir() {
        disk.join("passerelle-bench")
    } else {
        places::target().join("bench")
    };
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut postgres = Command::new(places::target().join("debug/test-postgres"))
        .arg("serve")
        .arg(folder.join("pg"))
        .args(["scene", "bare"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("test-postgres: {error}"))?;
    let told = postgres.stdout.take().ok_or("test-postgres says nothing")?;
    let mut lines = BufReader::new(told).lines();
    let mut address = || {
        let line = lines.next().and_then(Result::ok);
        line.ok_or("PostgreSQL did not start")
    };
    let (scene, bare) = (address()?, address()?);
    let measured = Program::new(&binary.to_string_lossy())
        .args(["bench", "--postgres", &scene, "--postgres-bare", &bare])
        .args(["--folder".into(), folder.clone().into_os_string()])
        .args(arguments.iter().cloned())
        .with("BENCH_COMMIT", commit())
        .show();
    // It stops when its input ends.
    drop(postgres.stdin.take());
    let _ = postgres.wait();
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

/// The commit that is measured, and whether something was changed since.
fn commit() -> String {
    Program::new("git")
        .args(["describe", "--always", "--dirty"])
        .read()
        .map_or_else(|_| "unknown".to_owned(), |said| said.trim().to_owned())
}

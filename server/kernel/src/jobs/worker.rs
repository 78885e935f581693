//! Who runs jobs: a name by which the same machine can see that its process is dead.
//!
//! `boot/namespace/process/start/chance`: the running of the machine, the namespace of processes
//! (a container's), the process and when it began there, and which runner within it. Where this
//! cannot be told (another system than Linux), a lease runs out by itself.

use std::fs;
use std::path::Path;

use crate::env::Env;

/// A name for a runner of this process: another one at each call.
pub fn name(env: &Env) -> String {
    let here = here().unwrap_or_else(|| "-/-".to_owned());
    let process = std::process::id();
    let start = start_of(process).unwrap_or_default();
    format!("{here}/{process}/{start}/{}", env.label())
}

/// Whether that worker is surely dead: it ran where this process runs, and runs no more.
pub(super) fn is_dead(worker: &str) -> bool {
    let Some(here) = here() else {
        return false;
    };
    let parts: Vec<&str> = worker.split('/').collect();
    let [boot, namespace, process, start, _] = parts[..] else {
        return false;
    };
    if format!("{boot}/{namespace}") != here || start.is_empty() {
        return false;
    }
    let Ok(process) = process.parse() else {
        return false;
    };
    start_of(process).as_deref() != Some(start)
}

/// The running of this machine and the namespace of processes.
fn here() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), namespace.display()))
}

/// When a process began, in ticks since the machine did; none when it is not there.
fn start_of(process: u32) -> Option<String> {
    let stat =
        fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")).ok()?;
    // The name of the program, in parentheses, may hold anything: fields are counted behind it.
    let (_, fields) = stat.rsplit_once(')')?;
    let state = fields.split_whitespace().next()?;
    // One that has ended and that nobody has asked about yet runs no more.
    if state == "Z" || state == "X" {
        return None;
    }
    fields.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_one_that_has_ended_is_dead() {
        let env = Env::system();
        let ours = name(&env);
        assert!(!is_dead(&ours));
        let mut parts: Vec<&str> = ours.split('/').collect();
        parts[3] = "1";
        assert!(is_dead(&parts.join("/")), "another process took its number");
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let id = child.id().to_string();
        child.wait().unwrap();
        parts[2] = &id;
        assert!(is_dead(&parts.join("/")));
    }

    #[test]
    fn a_worker_of_elsewhere_is_left_alone() {
        for worker in ["", "x", "a/b/1/2/3", "-/-/1//c"] {
            assert!(!is_dead(worker), "{worker}");
        }
    }
}

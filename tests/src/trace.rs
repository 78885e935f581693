//! System calls of a running process, as `strace` tells them, and what they
//! prove: that a write was flushed between a request and its answer.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The server's program: that of `PASSERELLE_BIN`, or the one built beside the tests.
pub fn program() -> PathBuf {
    if let Some(given) = std::env::var_os("PASSERELLE_BIN") {
        return given.into();
    }
    let own = std::env::current_exe().expect("this test's program");
    let built = own
        .ancestors()
        .nth(2)
        .expect("its folder")
        .join("passerelle");
    assert!(
        built.exists(),
        "{} is missing: cargo build --workspace",
        built.display()
    );
    built
}

/// A process whose system calls are being written down.
#[derive(Debug)]
pub struct Traced {
    strace: Child,
    file: PathBuf,
}

impl Traced {
    /// Attaches to a process and to those it starts from now on.
    pub fn attach(pid: u32, file: &Path) -> Self {
        let mut strace = Command::new("strace")
            .args(["-f", "-ttt", "-y", "-s", "40", "-e"])
            .arg("trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync")
            .arg("-o")
            .arg(file)
            .args(["-p", &pid.to_string()])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace (Debian: strace) can be run");
        let told = strace.stderr.take().expect("its messages");
        let mut lines = BufReader::new(told).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_default();
        assert!(first.contains("attached"), "strace: {first}");
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            strace,
            file: file.to_owned(),
        }
    }

    /// Lets go of the process; what was written down.
    pub fn detach(mut self) -> String {
        let pid = self.strace.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let _ = self.strace.wait();
        let mut text = String::new();
        std::fs::File::open(&self.file)
            .and_then(|mut file| file.read_to_string(&mut text))
            .expect("the trace");
        text
    }
}

/// Seconds at which requests that begin so were read, with those at which their
/// answers began to leave. One request at a time.
pub fn exchanges(trace: &str, request: &str, answer: &str) -> Vec<(f64, f64)> {
    let mut read = None;
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some(at) = time_of(line) else { continue };
        if line.contains(request) {
            read = Some(at);
        } else if line.contains(answer)
            && let Some(from) = read.take()
        {
            found.push((from, at));
        }
    }
    found
}

/// Seconds at which a flush of a file whose path holds `of` had come back well.
pub fn flushes(trace: &str, of: &str) -> Vec<f64> {
    let mut begun: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some(at) = time_of(line) else { continue };
        let who = line.split(' ').next().unwrap_or_default();
        let is_flush = line.contains("fsync(") || line.contains("fdatasync(");
        if is_flush && line.contains(of) {
            if line.contains("<unfinished") {
                begun.push(who);
            } else if line.ends_with("= 0") {
                found.push(at);
            }
        } else if line.contains("sync resumed>")
            && let Some(place) = begun.iter().position(|b| *b == who)
        {
            begun.swap_remove(place);
            if line.ends_with("= 0") {
                found.push(at);
            }
        }
    }
    found
}

/// `PID SECONDS.MICROS call…`
fn time_of(line: &str) -> Option<f64> {
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "\
10 1.000001 recvfrom(9<socket:[1]>, \"POST /t/commit HTTP/1.1\\r\\n\", 8192, 0, NULL, NULL) = 300
11 1.000100 fdatasync(7</d/db.sqlite-wal> <unfinished ...>
10 1.000200 read(5, \"x\", 1) = 1
11 1.000300 <... fdatasync resumed>) = 0
10 1.000400 writev(9<socket:[1]>, [{iov_base=\"HTTP/1.1 204 No Content\\r\\n\", iov_len=90}], 1) = 90
10 2.000001 recvfrom(9<socket:[1]>, \"POST /t/commit HTTP/1.1\\r\\n\", 8192, 0, NULL, NULL) = 300
11 2.000100 fdatasync(7</d/db.sqlite-wal>) = -1 EIO (Input/output error)
11 2.000150 fdatasync(8</d/other>) = 0
10 2.000400 writev(9<socket:[1]>, [{iov_base=\"HTTP/1.1 204 No Content\\r\\n\", iov_len=90}], 1) = 90
";

    #[test]
    fn exchanges_and_flushes_are_found_and_failed_flushes_are_none() {
        let exchanges = exchanges(TRACE, "POST /t/commit", "HTTP/1.1 204");
        assert_eq!(exchanges, [(1.000_001, 1.000_4), (2.000_001, 2.000_4)]);
        assert_eq!(flushes(TRACE, "-wal"), [1.000_3]);
    }
}

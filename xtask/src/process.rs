//! Runs other programs: shown as they run, with the lines that matter kept.
//!
//! Nothing here reads standard input, so that no tool ever waits for an answer in
//! a place where nobody can give one.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::places;

/// One program to run, from the root of the checkout unless told otherwise.
pub struct Program {
    name: String,
    arguments: Vec<OsString>,
    variables: Vec<(String, OsString)>,
    folder: PathBuf,
}

impl Program {
    pub fn new(name: &str) -> Self {
        let mut program = Self {
            name: name.to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: places::root(),
        };
        if name == "cargo" {
            program = program.with("CARGO_TARGET_DIR", places::target());
            if std::io::stdout().is_terminal() {
                program = program.with("CARGO_TERM_COLOR", "always");
            }
        }
        program
    }

    pub fn args<I: IntoIterator<Item = S>, S: Into<OsString>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// `--locked` where the lock file must be right already: in continuous integration.
    pub fn locked_in_ci(self) -> Self {
        if std::env::var_os("CI").is_some() {
            self.args(["--locked"])
        } else {
            self
        }
    }

    pub fn with(mut self, variable: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((variable.to_owned(), value.into()));
        self
    }

    pub fn within(mut self, folder: PathBuf) -> Self {
        self.folder = folder;
        self
    }

    /// The program as one would type it.
    pub fn line(&self) -> String {
        let words = self.arguments.iter().map(|word| word.to_string_lossy());
        std::iter::once(self.name.as_str().into())
            .chain(words)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    fn refused(&self, error: &std::io::Error) -> String {
        format!("`{}` could not be started: {error}", self.name)
    }

    /// Runs it with its output shown; the error says how it ended.
    pub fn show(&self) -> Result<(), String> {
        println!("$ {}", self.line());
        let status = self
            .command()
            .status()
            .map_err(|error| self.refused(&error))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("`{}` ended with {status}", self.line()))
        }
    }

    /// Runs it with its output shown, and gives the lines that `keep` wants, whether
    /// it succeeded or not.
    pub fn show_and_keep(&self, keep: fn(&str) -> bool) -> (Result<(), String>, Vec<String>) {
        println!("$ {}", self.line());
        let spawned = self
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => return (Err(self.refused(&error)), Vec::new()),
        };
        let (sender, kept) = mpsc::channel();
        let readers = [
            child
                .stdout
                .take()
                .map(|out| forward(out, sender.clone(), keep)),
            child.stderr.take().map(|err| forward(err, sender, keep)),
        ];
        let status = child.wait();
        for reader in readers.into_iter().flatten() {
            // A reader that panicked has lost lines for the table, nothing else.
            let _ = reader.join();
        }
        let result = match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{}` ended with {status}", self.line())),
            Err(error) => Err(format!(
                "`{}` could not be waited for: {error}",
                self.line()
            )),
        };
        (result, kept.into_iter().collect())
    }

    /// Runs it in silence and gives its standard output; the error carries the end
    /// of what it wrote to standard error.
    pub fn read(&self) -> Result<String, String> {
        let output = self
            .command()
            .output()
            .map_err(|error| self.refused(&error))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!(
                "`{}` ended with {}: {}",
                self.line(),
                output.status,
                said.trim()
            ))
        }
    }

    /// Runs it with its output shown, and ends it when it takes longer than `limit`.
    pub fn show_within(&self, limit: Duration) -> Result<(), String> {
        println!("$ {}", self.line());
        let mut child = self
            .command()
            .spawn()
            .map_err(|error| self.refused(&error))?;
        let begun = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("`{}` ended with {status}", self.line())),
                Ok(None) if begun.elapsed() < limit => thread::sleep(Duration::from_millis(100)),
                Ok(None) => return Err(self.overdue(&mut child, limit)),
                Err(error) => return Err(format!("`{}`: {error}", self.line())),
            }
        }
    }

    fn overdue(&self, child: &mut Child, limit: Duration) -> String {
        // It may have ended between the check and now; either way it is gone after this.
        let _ = child.kill();
        let _ = child.wait();
        format!("`{}` took more than {} s", self.line(), limit.as_secs())
    }

    /// Becomes the program where the system can; the signals then reach it directly.
    pub fn hand_over(&self) -> Result<std::process::ExitCode, String> {
        let mut command = self.command();
        command.stdin(Stdio::inherit());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            Err(self.refused(&command.exec()))
        }
        #[cfg(not(unix))]
        {
            let status = command.status().map_err(|error| self.refused(&error))?;
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            Ok(std::process::ExitCode::from(code.unwrap_or(1)))
        }
    }
}

fn forward(
    from: impl Read + Send + 'static,
    kept: mpsc::Sender<String>,
    keep: fn(&str) -> bool,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut bytes = Vec::new();
        while from
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&bytes);
            let mut out = std::io::stdout().lock();
            // A closed terminal must not stop the program that is being watched.
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            let plain = without_colours(&text);
            if keep(&plain) {
                // The receiver lives until this thread is joined.
                let _ = kept.send(plain.trim().to_owned());
            }
            bytes.clear();
        }
    })
}

/// The text without the terminal's colour sequences (`ESC [ … m`).
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_of_a_line() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [ 1.2s] 3 tests run";
        assert_eq!(without_colours(line), "     Summary [ 1.2s] 3 tests run");
    }

    #[test]
    fn a_program_that_fails_says_how_it_ended_and_keeps_its_lines() {
        let program = Program::new("sh").args(["-c", "echo keep me; echo other; exit 3"]);
        let (result, kept) = program.show_and_keep(|line| line.starts_with("keep"));
        assert!(result.is_err_and(|text| text.contains('3')));
        assert_eq!(kept, ["keep me"]);
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let program = Program::new("sleep").args(["30"]);
        let begun = Instant::now();
        let result = program.show_within(Duration::from_millis(200));
        assert!(result.is_err_and(|text| text.contains("took more than")));
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let said = Program::new("no-such-program-anywhere").read();
        assert!(said.is_err_and(|text| text.contains("no-such-program-anywhere")));
    }
}

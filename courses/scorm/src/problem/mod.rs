//! What is wrong with a package, said so that a person can act on it.
//!
//! A [`Problem`] is a code with arguments and, for the manifest, a position. This
//! module holds no sentence: the message of a code is the Fluent message of the same
//! key in `locales/<language>/scorm-package.ftl`, and a test keeps both in step. A
//! [`Refusal`] is what makes an import fail, with every reason that was found before
//! reading had to stop.

mod code;
#[cfg(test)]
mod tests;

pub use code::{Code, Severity};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// Longest argument kept, in characters: names come from strangers.
const LONGEST_ARGUMENT: usize = 300;

/// One finding about a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Whether the import stops, goes on with a reservation, or only tells.
    pub severity: Severity,
    /// What was found; its [`Code::key`] is the Fluent message.
    pub code: Code,
    /// Line in the manifest, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the manifest, from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Fluent variables of the message, beside `line` and `column`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl Problem {
    /// A problem of this code, without position or arguments.
    pub fn new(code: Code) -> Self {
        Self {
            severity: code.severity(),
            code,
            line: None,
            column: None,
            args: Vec::new(),
        }
    }

    /// Adds a Fluent variable. Control characters become U+FFFD and a long value is
    /// cut, so that a hostile name can neither break a page nor fill a log.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        let full = value.to_string();
        let mut shown: String = full
            .chars()
            .take(LONGEST_ARGUMENT)
            .map(|c| {
                if c.is_control() {
                    char::REPLACEMENT_CHARACTER
                } else {
                    c
                }
            })
            .collect();
        if full.chars().nth(LONGEST_ARGUMENT).is_some() {
            shown.push('…');
        }
        self.args.push((name.to_owned(), shown));
        self
    }

    /// Gives the problem its place in the manifest.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.line = Some(position.line);
        self.column = Some(position.column);
        self
    }

    /// The value of a Fluent variable, if the problem carries it.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Problem {
    /// For logs only: the key, the position and the arguments.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.key())?;
        if let Some(line) = self.line {
            write!(f, " line={line}")?;
        }
        for (name, value) in &self.args {
            write!(f, " {name}={value:?}")?;
        }
        Ok(())
    }
}

/// A place in the manifest, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Why a package was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The package itself is at fault; at least one of the problems is
    /// [`Severity::Refused`], the others are what was seen on the way.
    #[error("package refused: {}", listed(.0))]
    Package(Vec<Problem>),
    /// The bytes could not be read back. Not the fault of who uploaded.
    #[error("the package could not be read")]
    Unreadable(#[source] io::Error),
    /// The caller's progress function asked to stop.
    #[error("stopped on request")]
    Stopped,
}

impl Refusal {
    /// The problems found, empty unless the package is at fault.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Package(problems) => problems,
            Self::Unreadable(_) | Self::Stopped => &[],
        }
    }

    /// The Fluent message that sums the refusal up: nothing was taken in. The problems
    /// say why.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Package(_) => "scorm-refused",
            Self::Unreadable(_) => "scorm-unreadable",
            Self::Stopped => "scorm-stopped",
        }
    }

    /// Whether this code is among the problems.
    pub fn has(&self, code: Code) -> bool {
        self.problems().iter().any(|problem| problem.code == code)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Package(vec![problem])
    }
}

impl From<io::Error> for Refusal {
    /// A file that ends too early is the package's fault, anything else is ours.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Problem::new(Code::ZipTruncated).into()
        } else {
            Self::Unreadable(error)
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    all.join("; ")
}

/// Problems gathered while reading, bounded so that a package of 20,000 faults does
/// not become a report of 20,000 lines.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Problem>,
    most: usize,
    left_out: usize,
    refused: bool,
}

impl Findings {
    /// Keeps at most `most` problems, and counts the others.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            ..Self::default()
        }
    }

    /// Takes a problem in. A refusal always finds a place.
    pub(crate) fn add(&mut self, problem: Problem) {
        let first_refusal = problem.severity == Severity::Refused && !self.refused;
        self.refused |= problem.severity == Severity::Refused;
        if self.found.len() < self.most || first_refusal {
            self.found.push(problem);
        } else {
            self.left_out += 1;
        }
    }

    /// Takes in the first problem of a code, and no other.
    pub(crate) fn add_once(&mut self, problem: Problem) {
        if !self.found.iter().any(|known| known.code == problem.code) {
            self.add(problem);
        }
    }

    /// Whether something that refuses the package was found.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    /// Whether the package is refused and there is no room for further reasons.
    pub(crate) fn full(&self) -> bool {
        self.refused && self.found.len() >= self.most
    }

    /// All that was kept, with a last line for what was left out.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        if self.left_out > 0 {
            self.found
                .push(Problem::new(Code::MoreProblems).with("count", self.left_out));
        }
        self.found
    }

    /// The problems if nothing refuses, else the refusal.
    pub(crate) fn finish(self) -> Result<Vec<Problem>, Refusal> {
        if self.refused {
            Err(Refusal::Package(self.into_problems()))
        } else {
            Ok(self.into_problems())
        }
    }
}

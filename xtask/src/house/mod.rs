//! The house rules that no other tool checks: which crate may know which, how long
//! a file may be, that both languages say the same things, that nothing names the
//! machine it was written on, that no test is switched off, that a group has one clock,
//! that text enters by the doors that check it, that a container can be built.
//!
//! It reads the manifests and the files of the checkout; it compiles nothing.

mod borders;
mod container;
mod dependencies;
mod files;
mod readers;
mod sizes;
mod traces;
mod translations;
mod zones;

use crate::process::Program;

/// What one rule, or all of them, found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Each of them makes the check fail.
    pub faults: Vec<String>,
    /// Worth knowing; the check passes.
    pub remarks: Vec<String>,
}

impl Findings {
    fn add(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.remarks.extend(other.remarks);
    }
}

/// Applies every rule to the checkout. The error is a rule that could not be applied.
pub fn inspect() -> Result<Findings, String> {
    let metadata = Program::new("cargo")
        .args(["metadata", "--format-version", "1"])
        .locked_in_ci()
        .read()?;
    let files = files::of_the_checkout()?;
    let mut findings = Findings::default();
    findings.add(dependencies::check(&dependencies::Graph::parse(&metadata)?));
    findings.add(sizes::check(&files));
    findings.add(translations::check(&files));
    findings.add(traces::check(&files));
    findings.add(zones::check(&files));
    findings.add(container::check(&files)?);
    findings.add(readers::check(&files));
    Ok(findings)
}

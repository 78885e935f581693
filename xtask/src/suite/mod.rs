//! `cargo xtask test`: the steps, in order, each with its time, and a table at the end.
//!
//! A step that fails does not stop the others. No step is left out in silence: what
//! `--fast` or `--only` leaves out is said, and what is missing is a failure.

mod steps;
mod table;
mod tools;

use std::process::ExitCode;
use std::time::Instant;

use steps::STEPS;
use table::Line;

/// What a step came to. Its notes are shown again in the table.
#[derive(Debug, Default)]
pub struct Outcome {
    pub faults: Vec<String>,
    pub notes: Vec<String>,
}

impl Outcome {
    fn of(result: Result<(), String>) -> Self {
        let mut outcome = Self::default();
        outcome.take(result);
        outcome
    }

    fn add(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.notes.extend(other.notes);
    }

    fn take(&mut self, result: Result<(), String>) {
        if let Err(fault) = result {
            self.faults.push(fault);
        }
    }
}

/// One step of the suite.
pub struct Step {
    pub name: &'static str,
    pub about: &'static str,
    /// Whether `--fast` keeps it.
    pub fast: bool,
    pub run: fn(&Choice) -> Outcome,
}

/// What was asked on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub fast: bool,
    pub only: Vec<String>,
    pub list: bool,
}

impl Choice {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut choice = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--fast" => choice.fast = true,
                "--list" => choice.list = true,
                "--only" => {
                    let name = arguments.next().ok_or("--only needs the name of a step")?;
                    choice.only.push(known(name)?);
                }
                other => match other.strip_prefix("--only=") {
                    Some(name) => choice.only.push(known(name)?),
                    None => return Err(format!("unknown option `{other}`; see cargo xtask help")),
                },
            }
        }
        Ok(choice)
    }

    fn keeps(&self, step: &Step) -> bool {
        if self.only.is_empty() {
            step.fast || !self.fast
        } else {
            self.only.iter().any(|name| name == step.name)
        }
    }
}

fn known(name: &str) -> Result<String, String> {
    if STEPS.iter().any(|step| step.name == name) {
        return Ok(name.to_owned());
    }
    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    Err(format!(
        "no step is named `{name}`; the steps are {}",
        names.join(", ")
    ))
}

/// Runs the suite; the exit code says whether every step passed.
pub fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let choice = Choice::parse(arguments)?;
    if choice.list {
        for step in STEPS {
            println!("{:<10} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let begun = Instant::now();
    let lines: Vec<Line> = STEPS
        .iter()
        .map(|step| {
            if choice.keeps(step) {
                run_step(step, &choice)
            } else {
                Line::left_out(step.name)
            }
        })
        .collect();
    println!("\n{}", table::render(&lines, begun.elapsed()));
    if lines.iter().any(Line::failed) {
        Ok(ExitCode::FAILURE)
    } else {
        Ok(ExitCode::SUCCESS)
    }
}

fn run_step(step: &Step, choice: &Choice) -> Line {
    println!("\n━━ {}: {}", step.name, step.about);
    let begun = Instant::now();
    let outcome = (step.run)(choice);
    let took = begun.elapsed();
    for fault in &outcome.faults {
        println!("✗ {fault}");
    }
    println!("━━ {} took {}", step.name, table::duration(took));
    Line::ran(step.name, took, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Choice, String> {
        Choice::parse(
            &words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn every_step_runs_unless_told_otherwise() {
        let choice = parse(&[]).unwrap();
        assert!(STEPS.iter().all(|step| choice.keeps(step)));
    }

    #[test]
    fn one_step_can_be_asked_for_by_name() {
        let choice = parse(&["--only", "lints", "--only=house"]).unwrap();
        let kept: Vec<_> = STEPS.iter().filter(|step| choice.keeps(step)).collect();
        assert_eq!(
            kept.iter().map(|step| step.name).collect::<Vec<_>>(),
            ["lints", "house"]
        );
    }

    #[test]
    fn the_fast_suite_leaves_the_browser_out() {
        let choice = parse(&["--fast"]).unwrap();
        let kept: Vec<_> = STEPS.iter().filter(|step| choice.keeps(step)).collect();
        assert!(kept.iter().any(|step| step.name == "tests"));
        assert!(kept.iter().all(|step| step.name != "browser"));
    }

    #[test]
    fn an_unknown_step_or_option_is_refused() {
        assert!(parse(&["--only", "nothing"]).is_err_and(|text| text.contains("browser")));
        assert!(parse(&["--only"]).is_err());
        assert!(parse(&["--quick"]).is_err());
    }

    #[test]
    fn the_names_of_the_steps_differ() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}

//! The table that closes the suite: each step, how it ended, its time, its notes.

use std::fmt::Write;
use std::time::Duration;

use super::Outcome;

/// One row.
pub struct Line {
    name: &'static str,
    ran: Option<(Duration, Outcome)>,
}

impl Line {
    pub fn ran(name: &'static str, took: Duration, outcome: Outcome) -> Self {
        Self {
            name,
            ran: Some((took, outcome)),
        }
    }

    pub fn left_out(name: &'static str) -> Self {
        Self { name, ran: None }
    }

    pub fn failed(&self) -> bool {
        self.ran
            .as_ref()
            .is_some_and(|(_, outcome)| !outcome.faults.is_empty())
    }
}

/// `4.2 s`, `3 min 04 s`.
pub fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{seconds}.{} s", took.subsec_millis() / 100)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

pub fn render(lines: &[Line], total: Duration) -> String {
    let mut text = String::new();
    for line in lines {
        let (sign, time) = match &line.ran {
            None => ("not run", String::new()),
            Some((took, _)) if line.failed() => ("FAILED", duration(*took)),
            Some((took, _)) => ("passed", duration(*took)),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<10} {sign:<8} {time:>12}", line.name);
        let Some((_, outcome)) = &line.ran else {
            continue;
        };
        for note in &outcome.notes {
            let _ = writeln!(text, "             {note}");
        }
        for fault in outcome.faults.iter().take(20) {
            let _ = writeln!(text, "           ✗ {fault}");
        }
        if outcome.faults.len() > 20 {
            let _ = writeln!(
                text,
                "           ✗ … and {} more above",
                outcome.faults.len() - 20
            );
        }
    }
    let failed: Vec<_> = lines
        .iter()
        .filter(|line| line.failed())
        .map(|line| line.name)
        .collect();
    let left_out = lines.iter().filter(|line| line.ran.is_none()).count();
    let time = duration(total);
    let _ = match (failed.is_empty(), left_out) {
        (false, _) => write!(text, "FAILED in {time}: {}", failed.join(", ")),
        (true, 0) => write!(text, "Everything passed in {time}."),
        (true, left_out) => write!(
            text,
            "What ran passed in {time}; {left_out} steps were not run."
        ),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &'static str, faults: &[&str], notes: &[&str]) -> Line {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let outcome = Outcome {
            faults: own(faults),
            notes: own(notes),
        };
        Line::ran(name, Duration::from_millis(4_250), outcome)
    }

    #[test]
    fn a_failure_is_named_in_the_last_line() {
        let lines = [
            line("format", &[], &[]),
            line("lints", &["it is wrong"], &[]),
        ];
        let text = render(&lines, Duration::from_secs(184));
        assert!(text.contains("✗ it is wrong"));
        assert!(text.ends_with("FAILED in 3 min 04 s: lints"), "{text}");
    }

    #[test]
    fn success_is_only_claimed_for_what_ran() {
        let ran = line("format", &[], &["3 tests run"]);
        let text = render(&[ran, Line::left_out("browser")], Duration::from_secs(5));
        assert!(text.contains("3 tests run"));
        assert!(text.contains("browser    not run"));
        assert!(text.ends_with("What ran passed in 5.0 s; 1 steps were not run."));
    }

    #[test]
    fn everything_is_claimed_when_everything_ran() {
        let text = render(&[line("format", &[], &[])], Duration::from_secs(5));
        assert!(text.ends_with("Everything passed in 5.0 s."));
        assert!(!line("format", &[], &[]).failed());
    }
}

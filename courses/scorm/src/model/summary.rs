//! What a state means for a course: completion, success, score, progress.

use super::description::Element;
use super::values::decimal_parts;
use super::{Span, Standard, State};

/// How far an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Completion {
    /// The SCO said nothing.
    #[default]
    Unknown,
    /// Said to be untouched.
    NotAttempted,
    /// Begun.
    Incomplete,
    /// Done.
    Completed,
}

/// Whether it was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Success {
    /// Not judged.
    #[default]
    Unknown,
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

/// How the SCO said that it was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Exit {
    /// Nothing was said.
    #[default]
    Unset,
    /// Out of time.
    TimeOut,
    /// To be resumed.
    Suspend,
    /// The learner wants out of the whole course.
    Logout,
    /// Ended (2004 only).
    Normal,
}

/// A state, read. Scores and progress are in ten-thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Thresholds of the manifest applied.
    pub completion: Completion,
    /// Scaled passing score of the manifest applied.
    pub success: Success,
    /// −10000 to 10000. In 1.2 computed from raw, min (0) and max (100).
    pub scaled: Option<i32>,
    /// The score in points, in ten-thousandths of a point.
    pub raw: Option<i64>,
    /// Lowest possible score, same unit.
    pub min: Option<i64>,
    /// Highest possible score, same unit.
    pub max: Option<i64>,
    /// 0 to 10000 (2004 only).
    pub progress: Option<i32>,
    /// Where the learner was, in the SCO's own words.
    pub location: Option<String>,
    /// How it was left.
    pub exit: Exit,
    /// Time of the current session, as the SCO measured it.
    pub session_time: Option<Span>,
    /// Time of the sessions before it.
    pub total_time: Span,
}

impl Summary {
    /// Reads a state.
    #[must_use]
    pub fn of(state: &State) -> Self {
        match state.standard() {
            Standard::Scorm12 => of_12(state),
            Standard::Scorm2004 => of_2004(state),
        }
    }

    /// The share of the score reached, 0 to 10000: the scaled score, or what
    /// raw, min and max say when a SCO of 2004 gave no scaled one.
    #[must_use]
    pub fn share(&self) -> Option<i32> {
        self.scaled
            .or_else(|| share(self.raw?, self.min.unwrap_or(0), self.max?))
    }
}

fn of_12(state: &State) -> Summary {
    let status = state.filled("cmi.core.lesson_status");
    let (completion, success) = match status.unwrap_or("not attempted") {
        "passed" => (Completion::Completed, Success::Passed),
        // The work was gone through; that it was not passed is said apart.
        "failed" => (Completion::Completed, Success::Failed),
        "completed" => (Completion::Completed, Success::Unknown),
        "incomplete" | "browsed" => (Completion::Incomplete, Success::Unknown),
        "not attempted" => (Completion::NotAttempted, Success::Unknown),
        _ => (Completion::Unknown, Success::Unknown),
    };
    let points = |name: &str| ten_thousandths(state.filled(&format!("cmi.core.score.{name}"))?);
    let raw = state.filled("cmi.core.score.raw").and_then(reached);
    let (min, max) = (points("min"), points("max"));
    Summary {
        completion,
        success,
        scaled: raw.and_then(|raw| share(raw, min.unwrap_or(0), max.unwrap_or(1_000_000))),
        raw,
        min,
        max,
        progress: None,
        location: state.filled("cmi.core.lesson_location").map(str::to_owned),
        exit: exit(state.get("cmi.core.exit")),
        session_time: span(state, "cmi.core.session_time"),
        total_time: span(state, "cmi.core.total_time").unwrap_or_default(),
    }
}

fn of_2004(state: &State) -> Summary {
    let completion = match decided(state, "cmi.completion_status") {
        "completed" => Completion::Completed,
        "incomplete" => Completion::Incomplete,
        "not attempted" => Completion::NotAttempted,
        _ => Completion::Unknown,
    };
    let success = match decided(state, "cmi.success_status") {
        "passed" => Success::Passed,
        "failed" => Success::Failed,
        _ => Success::Unknown,
    };
    let number = |name: &str| ten_thousandths(state.filled(name)?);
    let score = |name: &str| reached(state.filled(name)?);
    let small = |name: &str| number(name).and_then(|value| i32::try_from(value).ok());
    Summary {
        completion,
        success,
        scaled: score("cmi.score.scaled")
            .and_then(|value| i32::try_from(value).ok())
            .map(|value| value.clamp(-10_000, 10_000)),
        raw: score("cmi.score.raw"),
        min: number("cmi.score.min"),
        max: number("cmi.score.max"),
        progress: small("cmi.progress_measure").map(|value| value.clamp(0, 10_000)),
        location: state.filled("cmi.location").map(str::to_owned),
        exit: exit(state.get("cmi.exit")),
        session_time: span(state, "cmi.session_time"),
        total_time: span(state, "cmi.total_time").unwrap_or_default(),
    }
}

/// A status as a SCO would read it: the manifest's threshold wins.
fn decided<'a>(state: &'a State, element: &str) -> &'a str {
    let judged = match state.model().elements.get(element) {
        Some(Element(_, _, _, Some(judged))) => state.judge(judged),
        _ => None,
    };
    judged.or(state.get(element)).unwrap_or("unknown")
}

pub(super) fn exit(value: Option<&str>) -> Exit {
    match value {
        Some("time-out") => Exit::TimeOut,
        Some("suspend") => Exit::Suspend,
        Some("logout") => Exit::Logout,
        Some("normal") => Exit::Normal,
        _ => Exit::Unset,
    }
}

pub(super) fn span(state: &State, element: &str) -> Option<Span> {
    Span::parse(state.standard(), state.filled(element)?)
}

/// Where `raw` stands between `min` and `max`, 0 to 10000, rounded down as in [`reached`].
/// `None` when they do not span anything.
fn share(raw: i64, min: i64, max: i64) -> Option<i32> {
    let (part, whole) = (
        i128::from(raw) - i128::from(min),
        i128::from(max) - i128::from(min),
    );
    if whole <= 0 {
        return None;
    }
    let share = (part * 10_000).div_euclid(whole);
    i32::try_from(share.clamp(0, 10_000)).ok()
}

/// Furthest from nothing that a number is kept.
const BOUND: i128 = 1_000_000_000_000;

/// A score in ten-thousandths, rounded down: 79.99996 has not reached 80. What computing in
/// binary takes off a number (0.7999999999999999 for 0.8) is given back first: it is no score.
/// Cut down to ±10¹².
pub(super) fn reached(value: &str) -> Option<i64> {
    bounded(fixed(value, 9)?.div_euclid(100_000))
}

/// Reads a decimal number into ten-thousandths, rounded half away from zero
/// and cut down to ±10¹². `None` when it is not a number.
#[must_use]
pub fn ten_thousandths(value: &str) -> Option<i64> {
    bounded(fixed(value, 4)?)
}

fn bounded(value: i128) -> Option<i64> {
    i64::try_from(value.clamp(-BOUND, BOUND)).ok()
}

/// A decimal number as a whole number of its last of so many decimals, rounded half away from zero.
fn fixed(value: &str, decimals: usize) -> Option<i128> {
    let (negative, digits) = match value.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let (whole, fraction) = decimal_parts(digits)?;
    let mut number = if whole.is_empty() {
        0
    } else {
        whole.parse::<i128>().ok()?
    };
    for at in 0..=decimals {
        let digit = fraction
            .and_then(|fraction| fraction.as_bytes().get(at))
            .unwrap_or(&b'0');
        number = number
            .saturating_mul(10)
            .saturating_add(i128::from(digit - b'0'));
    }
    let rounded = number.saturating_add(5) / 10;
    Some(if negative { -rounded } else { rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(standard: Standard, values: &[(&str, &str)]) -> State {
        State::restore(
            standard,
            values
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn numbers_are_rounded_half_away_from_zero() {
        let cases = [
            ("0.5", 5_000),
            ("-0.5", -5_000),
            ("1", 10_000),
            ("0.33335", 3_334),
            ("0.33334", 3_333),
            ("-0.00005", -1),
            (".5", 5_000),
            ("66.66666666666667", 666_667),
            ("99999999999999999999", 1_000_000_000_000),
        ];
        for (text, expected) in cases {
            assert_eq!(ten_thousandths(text), Some(expected), "{text}");
        }
        for text in ["", "-", "1e3", "+1", "1,5", "5.", "abc"] {
            assert_eq!(ten_thousandths(text), None, "{text}");
        }
    }

    /// 79.99996 was rounded to 80, and passed.
    #[test]
    fn a_score_never_reaches_a_threshold_by_rounding() {
        for (text, expected) in [
            ("79.6", 796_000),
            ("79.99996", 799_999),
            ("80", 800_000),
            ("0.79999", 7_999),
            ("0.7999999999999999", 8_000),
            ("0.30000000000000004", 3_000),
            ("-0.00005", -1),
            ("99999999999999999999", 1_000_000_000_000),
        ] {
            assert_eq!(reached(text), Some(expected), "{text}");
        }
        let of = |values: &[(&str, &str)]| Summary::of(&state(Standard::Scorm12, values));
        let near = of(&[
            ("cmi.core.score.raw", "79.9999"),
            ("cmi.core.score.max", "100"),
        ]);
        assert_eq!(near.share(), Some(7_999));
        let third = of(&[("cmi.core.score.raw", "2"), ("cmi.core.score.max", "3")]);
        assert_eq!(third.share(), Some(6_666));
    }

    #[test]
    fn lesson_status_of_1_2_says_both_completion_and_success() {
        let read = |status| {
            let summary = Summary::of(&state(
                Standard::Scorm12,
                &[("cmi.core.lesson_status", status)],
            ));
            (summary.completion, summary.success)
        };
        assert_eq!(read("passed"), (Completion::Completed, Success::Passed));
        assert_eq!(read("failed"), (Completion::Completed, Success::Failed));
        assert_eq!(read("completed"), (Completion::Completed, Success::Unknown));
        assert_eq!(read("browsed"), (Completion::Incomplete, Success::Unknown));
        assert_eq!(read(""), (Completion::NotAttempted, Success::Unknown));
    }

    #[test]
    fn a_raw_score_of_1_2_is_scaled_between_min_and_max() {
        let read = |values: &[(&str, &str)]| Summary::of(&state(Standard::Scorm12, values)).scaled;
        assert_eq!(read(&[("cmi.core.score.raw", "80")]), Some(8_000));
        assert_eq!(
            read(&[("cmi.core.score.raw", "8"), ("cmi.core.score.max", "10")]),
            Some(8_000)
        );
        assert_eq!(
            read(&[
                ("cmi.core.score.raw", "15"),
                ("cmi.core.score.min", "10"),
                ("cmi.core.score.max", "20")
            ]),
            Some(5_000)
        );
        assert_eq!(
            read(&[("cmi.core.score.raw", "8"), ("cmi.core.score.max", "0")]),
            None
        );
        assert_eq!(read(&[("cmi.core.score.raw", "")]), None);
    }

    #[test]
    fn a_completion_threshold_wins_over_what_the_sco_says() {
        let read =
            |values: &[(&str, &str)]| Summary::of(&state(Standard::Scorm2004, values)).completion;
        let said = ("cmi.completion_status", "completed");
        let threshold = ("cmi.completion_threshold", "0.8");
        assert_eq!(read(&[said]), Completion::Completed);
        assert_eq!(read(&[said, threshold]), Completion::Unknown);
        assert_eq!(
            read(&[said, threshold, ("cmi.progress_measure", "0.79")]),
            Completion::Incomplete
        );
        assert_eq!(
            read(&[threshold, ("cmi.progress_measure", "0.8")]),
            Completion::Completed
        );
    }

    #[test]
    fn a_scaled_passing_score_wins_over_what_the_sco_says() {
        let read =
            |values: &[(&str, &str)]| Summary::of(&state(Standard::Scorm2004, values)).success;
        let said = ("cmi.success_status", "failed");
        let threshold = ("cmi.scaled_passing_score", "-0.5");
        assert_eq!(read(&[said]), Success::Failed);
        assert_eq!(read(&[said, threshold]), Success::Unknown);
        assert_eq!(
            read(&[said, threshold, ("cmi.score.scaled", "-0.5")]),
            Success::Passed
        );
    }
}

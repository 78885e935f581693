//! Lengths of time as SCOs write them: `P1DT2H3.45S` (2004) and
//! `0002:03:04.05` (1.2).

use super::Standard;

const SECOND: i64 = 100;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
// ISO 8601 leaves both open; a session never reaches them.
const MONTH: i64 = 30 * DAY;
const YEAR: i64 = 365 * DAY;

/// A length of time in hundredths of a second, never negative, at most
/// [`Span::MAX`]. More is cut down to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

impl Span {
    /// The longest span kept: one hundred years.
    pub const MAX: Self = Self(100 * YEAR);

    /// From hundredths of a second; negative becomes zero.
    #[must_use]
    pub fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths.clamp(0, Self::MAX.0))
    }

    /// In hundredths of a second.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// In whole seconds, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 / SECOND
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0 * 10_000
    }

    /// The sum, cut down to [`Span::MAX`].
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::from_hundredths(self.0.saturating_add(other.0))
    }

    /// Reads the notation of a standard. `None` when it is not one.
    #[must_use]
    pub fn parse(standard: Standard, text: &str) -> Option<Self> {
        match standard {
            Standard::Scorm12 => parse_timespan(text),
            Standard::Scorm2004 => parse_duration(text),
        }
    }

    /// Writes the notation of a standard. 1.2 cannot say more than 9999 hours.
    #[must_use]
    pub fn format(self, standard: Standard) -> String {
        match standard {
            Standard::Scorm12 => format_timespan(self.0),
            Standard::Scorm2004 => format_duration(self.0),
        }
    }
}

/// `HHHH:MM:SS.SS`: two to four digits of hours, one or two of hundredths
/// (SCORM 1.2 RTE, CMITimespan). Minutes and seconds may pass 59.
fn parse_timespan(text: &str) -> Option<Span> {
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    if !(2..=4).contains(&hours.len()) || minutes.len() != 2 {
        return None;
    }
    let whole = seconds.split_once('.').map_or(seconds, |(whole, _)| whole);
    if whole.len() != 2 {
        return None;
    }
    let total = number(hours)? * HOUR + number(minutes)? * MINUTE + hundredths(seconds)?;
    Some(Span::from_hundredths(total))
}

/// `P[nY][nM][nD][T[nH][nM][n[.nn]S]]` with at least one part, and at least
/// one after `T` (SCORM 2004 RTE, timeinterval (second,10,2)).
fn parse_duration(text: &str) -> Option<Span> {
    let body = text.strip_prefix('P')?;
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, Some(time)),
        None if body.is_empty() => return None,
        None => (body, None),
    };
    let date = parts(date, &[('Y', YEAR), ('M', MONTH), ('D', DAY)])?;
    let time = parts(
        time.unwrap_or(""),
        &[('H', HOUR), ('M', MINUTE), ('S', SECOND)],
    )?;
    Some(Span::from_hundredths(date.saturating_add(time)))
}

/// Numbers each followed by its letter, letters in order.
fn parts(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut rest = text;
    let mut units = units.iter();
    let mut total = 0_i64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let letter = rest[end..].chars().next()?;
        let (_, unit) = units.find(|(name, _)| *name == letter)?;
        let amount = if *unit == SECOND {
            hundredths(&rest[..end])?
        } else {
            number(&rest[..end])?.saturating_mul(*unit)
        };
        total = total.saturating_add(amount);
        rest = &rest[end + letter.len_utf8()..];
    }
    Some(total)
}

/// One to ten digits.
fn number(text: &str) -> Option<i64> {
    let valid = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if valid { text.parse().ok() } else { None }
}

/// Seconds with at most two decimals, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return Some(number(text)? * SECOND);
    };
    let fraction = match fraction.len() {
        1 => number(fraction)? * 10,
        2 => number(fraction)?,
        _ => return None,
    };
    Some(number(whole)? * SECOND + fraction)
}

fn format_timespan(total: i64) -> String {
    let total = total.min(9999 * HOUR + 59 * MINUTE + 59 * SECOND + 99);
    format!(
        "{:04}:{:02}:{:02}.{:02}",
        total / HOUR,
        total % HOUR / MINUTE,
        total % MINUTE / SECOND,
        total % SECOND
    )
}

fn format_duration(total: i64) -> String {
    let (days, rest) = (total / DAY, total % DAY);
    let part = |amount: i64, letter| match amount {
        0 => String::new(),
        amount => format!("{amount}{letter}"),
    };
    let seconds = match (rest % MINUTE / SECOND, rest % SECOND) {
        (seconds, 0) => part(seconds, 'S'),
        (seconds, hundredths) => format!("{seconds}.{hundredths:02}S"),
    };
    let (hours, minutes) = (part(rest / HOUR, 'H'), part(rest % HOUR / MINUTE, 'M'));
    match (days, rest) {
        (0, 0) => "PT0H0M0S".to_owned(),
        (days, 0) => format!("P{days}D"),
        (days, _) => format!("P{}T{hours}{minutes}{seconds}", part(days, 'D')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Standard::{Scorm12, Scorm2004};

    fn iso(text: &str) -> Option<i64> {
        Span::parse(Scorm2004, text).map(Span::hundredths)
    }

    #[test]
    fn durations_of_2004_are_read_to_the_hundredth() {
        assert_eq!(iso("PT1M"), Some(6_000));
        assert_eq!(iso("PT01H059M020S"), Some(100 * (2 * 3600 - 40)));
        assert_eq!(iso("P0Y029DT0H"), Some(29 * DAY));
        assert_eq!(iso("PT0.5S"), Some(50));
        assert_eq!(
            iso("P1Y2M3DT4H5M6.78S"),
            Some(YEAR + 2 * MONTH + 3 * DAY + 4 * HOUR + 5 * MINUTE + 678)
        );
    }

    #[test]
    fn what_is_not_a_duration_is_refused() {
        let wrong = [
            "",
            "P",
            "PT",
            "P1DT",
            "1Y",
            "P1S",
            "PT1D",
            "P1M1Y",
            "PT1.S",
            "PT.5S",
            "PT1.234S",
            "PT-1S",
            "P1.5D",
            "PT12345678901S",
            "PT1é",
            "p1d",
        ];
        for text in wrong {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn timespans_of_1_2_have_two_to_four_digits_of_hours() {
        let read = |text| Span::parse(Scorm12, text).map(Span::hundredths);
        assert_eq!(read("0000:00:00.00"), Some(0));
        assert_eq!(read("01:02:03.4"), Some(HOUR + 2 * MINUTE + 340));
        assert_eq!(
            read("9999:99:99.99"),
            Some(9999 * HOUR + 99 * MINUTE + 9_999)
        );
        for text in [
            "1:00:00",
            "00001:00:00",
            "00:0:00",
            "00:00:0",
            "00:00:00.",
            "00:00:00.000",
            "PT1H",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_span_is_written_in_the_notation_of_its_standard() {
        let span = |text| Span::parse(Scorm2004, text).unwrap_or_default();
        assert_eq!(span("PT2H20S").format(Scorm2004), "PT2H20S");
        assert_eq!(span("PT744H").format(Scorm2004), "P31D");
        assert_eq!(span("PT0S").format(Scorm2004), "PT0H0M0S");
        assert_eq!(span("PT0.07S").format(Scorm2004), "PT0.07S");
        assert_eq!(span("P1DT1H0.5S").format(Scorm12), "0025:00:00.50");
        assert_eq!(Span::MAX.format(Scorm12), "9999:59:59.99");
    }

    #[test]
    fn enormous_spans_are_cut_down_instead_of_overflowing() {
        assert_eq!(iso("P9999999999Y9999999999M"), Some(Span::MAX.hundredths()));
        assert_eq!(Span::MAX.plus(Span::MAX), Span::MAX);
    }
}

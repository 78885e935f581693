//! What a value may look like, type by type. The same rules as
//! `assets/player/values.js`, which is the place to read them side by side.

use super::description::{ResponseRule, Type};
use super::responses::is_response;
use super::{Span, Standard};

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// Not of that format.
    WrongType,
    /// Of that format, outside the bounds.
    OutOfRange,
}

impl From<bool> for Verdict {
    fn from(fine: bool) -> Self {
        if fine { Self::Fine } else { Self::WrongType }
    }
}

/// Checks a value. `rule` is needed by responses and patterns only.
pub(super) fn check(value: &str, kind: &Type, rule: Option<&ResponseRule>) -> Verdict {
    match kind {
        Type::String { max } => max.is_none_or(|max| units(value) <= max).into(),
        Type::Identifier12 { max } => is_identifier_12(value, *max).into(),
        Type::Identifier {} => is_identifier(value).into(),
        Type::Localized {} => is_localized(value).into(),
        Type::Language {} => (value.is_empty() || is_language(value)).into(),
        Type::Real { blank: true, .. } if value.is_empty() => Verdict::Fine,
        Type::Real { min, max, .. } => match real(value) {
            Some(number) => between(number, *min, *max),
            None => Verdict::WrongType,
        },
        Type::Integer { min, max } => match integer(value) {
            Some(number) => between(number, Some(*min), Some(*max)),
            None => Verdict::WrongType,
        },
        Type::Vocabulary { of, real: numbers } => {
            (is_one_of(of, value) || (*numbers && real(value).is_some())).into()
        }
        Type::Time {} => is_time(value).into(),
        Type::Timespan {} => Span::parse(Standard::Scorm12, value).is_some().into(),
        Type::Duration {} => Span::parse(Standard::Scorm2004, value).is_some().into(),
        Type::Timestamp {} => is_timestamp(value).into(),
        Type::Navigation { of, targeted } => is_navigation(value, of, targeted).into(),
        Type::Response {} => rule
            .is_some_and(|rule| is_response(value, rule, false))
            .into(),
        Type::Pattern {} => rule
            .is_some_and(|rule| is_response(value, rule, true))
            .into(),
    }
}

fn is_one_of(list: &[String], value: &str) -> bool {
    list.iter().any(|known| known == value)
}

/// Length as scripts count it.
fn units(value: &str) -> usize {
    value.encode_utf16().count()
}

fn is_identifier_12(value: &str, max: usize) -> bool {
    (1..=max).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic())
}

/// RFC 3986 without brackets (they are delimiters here), with RFC 3987's
/// letters; a URN has a namespace and something in it.
pub(super) fn is_identifier(value: &str) -> bool {
    let forbidden = |c: char| {
        matches!(
            c,
            '\0'..=' '
                | '\u{7f}'
                | '"'
                | '<'
                | '>'
                | '\\'
                | '^'
                | '`'
                | '{'
                | '|'
                | '}'
                | '['
                | ']'
        ) || is_script_space(c)
    };
    !value.is_empty() && !value.contains(forbidden) && is_urn_if_it_says_so(value)
}

fn is_urn_if_it_says_so(value: &str) -> bool {
    if !value
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"))
    {
        return true;
    }
    let Some((namespace, name)) = value[4..].split_once(':') else {
        return false;
    };
    (1..=32).contains(&namespace.len())
        && !namespace.starts_with('-')
        && namespace
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !name.is_empty()
}

/// White space as scripts understand `\s`, beyond ASCII.
fn is_script_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{3000}'
                | '\u{feff}'
    )
}

/// RFC 1766 as SCORM takes it: a code of two or three letters, or `i` or `x`,
/// and parts of one to eight letters or digits.
fn is_language(value: &str) -> bool {
    let mut parts = value.split('-');
    let code = parts.next().unwrap_or_default();
    let known = match code.len() {
        2 | 3 => code.bytes().all(|b| b.is_ascii_alphabetic()),
        1 => matches!(code, "i" | "I" | "x" | "X"),
        _ => false,
    };
    known
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// A text with an optional `{lang=xx}` in front.
pub(super) fn is_localized(value: &str) -> bool {
    match value.strip_prefix("{lang=") {
        None => true,
        Some(rest) => rest
            .split_once('}')
            .is_some_and(|(language, _)| is_language(language)),
    }
}

/// At most twenty digits on either side; no exponent, no plus sign.
pub(super) fn real(value: &str) -> Option<f64> {
    decimal_parts(value.strip_prefix('-').unwrap_or(value))?;
    value.parse().ok()
}

/// Digits before and after the point of a number without a sign.
pub(super) fn decimal_parts(value: &str) -> Option<(&str, Option<&str>)> {
    let digits =
        |text: &str| (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    match value.split_once('.') {
        None => digits(value).then_some((value, None)),
        Some((whole, fraction)) => ((whole.is_empty() || digits(whole)) && digits(fraction))
            .then_some((whole, Some(fraction))),
    }
}

fn integer(value: &str) -> Option<f64> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let valid = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if valid { value.parse().ok() } else { None }
}

fn between(number: f64, min: Option<f64>, max: Option<f64>) -> Verdict {
    let inside = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
    if inside {
        Verdict::Fine
    } else {
        Verdict::OutOfRange
    }
}

/// Exactly `count` digits, as a number.
fn digits(text: &str, count: usize) -> Option<u32> {
    let valid = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if valid { text.parse().ok() } else { None }
}

fn two_below(text: &str, limit: u32) -> bool {
    digits(text, 2).is_some_and(|number| number < limit)
}

/// `.` and one or two digits.
fn is_fraction(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `HH:MM:SS[.S[S]]` (SCORM 1.2, CMITime).
fn is_time(value: &str) -> bool {
    let (clock, fraction) = match value.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (value, None),
    };
    let parts: Vec<_> = clock.splitn(4, ':').collect();
    matches!(parts[..], [h, m, s] if two_below(h, 24) && two_below(m, 60) && two_below(s, 60))
        && fraction.is_none_or(is_fraction)
}

/// `YYYY[-MM[-DD[Thh[:mm[:ss[.s[TZD]]]]]]]`, years 1970 to 2038 (SCORM 2004
/// RTE 4.1.1.7). The zone is only allowed after a fraction of a second.
fn is_timestamp(value: &str) -> bool {
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let parts: Vec<_> = date.splitn(4, '-').collect();
    let Some(year) = digits(parts[0], 4).filter(|year| (1970..=2038).contains(year)) else {
        return false;
    };
    match (&parts[1..], time) {
        ([], None) => true,
        ([month], None) => days_of(year, month).is_some(),
        ([month, day], time) => {
            let day = digits(day, 2);
            let fits = days_of(year, month)
                .zip(day)
                .is_some_and(|(last, day)| (1..=last).contains(&day));
            fits && time.is_none_or(is_time_of_day)
        }
        _ => false,
    }
}

fn days_of(year: u32, month: &str) -> Option<u32> {
    match digits(month, 2)? {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year.is_multiple_of(4) => Some(29), // 2000 is a leap year, 2100 out of range
        2 => Some(28),
        _ => None,
    }
}

/// `hh[:mm[:ss[.s[s][TZD]]]]`.
fn is_time_of_day(value: &str) -> bool {
    let (clock, fraction) = match value.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (value, None),
    };
    let parts: Vec<_> = clock.splitn(4, ':').collect();
    let limits = [24, 60, 60];
    let fits = parts.len() <= 3
        && parts
            .iter()
            .zip(limits)
            .all(|(part, limit)| two_below(part, limit));
    fits && fraction.is_none_or(|fraction| parts.len() == 3 && is_fraction_and_zone(fraction))
}

fn is_fraction_and_zone(value: &str) -> bool {
    let end = value
        .bytes()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(value.len());
    let (fraction, zone) = value.split_at(end);
    if !is_fraction(fraction) {
        return false;
    }
    match zone.strip_prefix(['+', '-']) {
        None => zone.is_empty() || zone == "Z",
        Some(offset) => match offset.split_once(':') {
            None => two_below(offset, 24),
            Some((hours, minutes)) => two_below(hours, 24) && two_below(minutes, 60),
        },
    }
}

/// A word, or `{target=ID}choice` and `{target=ID}jump` (SCORM 2004 SN 5.6).
fn is_navigation(value: &str, of: &[String], targeted: &[String]) -> bool {
    match value
        .strip_prefix("{target=")
        .and_then(|rest| rest.split_once('}'))
    {
        Some((target, word)) => !target.is_empty() && is_one_of(targeted, word),
        None => is_one_of(of, value),
    }
}

//! Dates of feeds: RFC 3339 and its neighbours, RFC 822 and what is written in its place, with
//! the names of days and months in English or in French.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// Bytes beyond which it is not a date.
const MAX_DATE: usize = 80;

/// Beginnings of the names of months, without accents.
const MONTHS: [(&str, i8); 17] = [
    ("jan", 1),
    ("feb", 2),
    ("fev", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mai", 5),
    ("juin", 6),
    ("jun", 6),
    ("jui", 7),
    ("jul", 7),
    ("aou", 8),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
];

/// Zones by name, in minutes east of Greenwich.
const ZONES: [(&str, i32); 15] = [
    ("cet", 60),
    ("met", 60),
    ("cest", 120),
    ("mest", 120),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

/// The instant in microseconds since 1970, UTC; none when it is not a date. A date without a zone
/// is in UTC, a day without an hour begins at midnight.
pub(crate) fn micros(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DATE {
        return None;
    }
    let instant = iso(text).or_else(|| words(text))?;
    Some(instant.as_microsecond())
}

fn iso(text: &str) -> Option<Timestamp> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains('-') {
        return None;
    }
    // "2026-03-02 10:00:00 +0100": the space before the zone is one too many.
    let joined = text
        .replace(" +", "+")
        .replace(" -", "-")
        .replace(" Z", "Z");
    if let Ok(instant) = joined.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil = joined
        .parse::<DateTime>()
        .or_else(|_| joined.parse::<Date>().map(DateTime::from));
    at(civil.ok()?, 0)
}

fn at(civil: DateTime, minutes: i32) -> Option<Timestamp> {
    let offset = Offset::from_seconds(minutes.checked_mul(60)?).ok()?;
    let zoned = civil.to_zoned(TimeZone::fixed(offset)).ok()?;
    Some(zoned.timestamp())
}

/// "lun., 2 mars 2026 10:00:00 +0100", "Monday, March 2 2026", "02 Mar 26 10:00 GMT".
fn words(text: &str) -> Option<Timestamp> {
    let plain: String = text.to_lowercase().chars().map(bare).collect();
    let mut numbers: Vec<i16> = Vec::new();
    let mut month = None;
    let mut time = None;
    let mut minutes = 0;
    for word in plain
        .split([' ', ',', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
    {
        if time.is_some() {
            minutes = zone(word).unwrap_or(minutes);
        } else if word.contains(':') {
            time = Some(clock(word)?);
        } else if let Ok(number) = word.trim_end_matches("er").parse() {
            numbers.push(number);
        } else {
            for part in word.split('-') {
                // "02-Mar-2026"; and the last is the month: "mar." alone is a Tuesday too.
                match part.parse() {
                    Ok(number) => numbers.push(number),
                    Err(_) => month = self::month(part).or(month),
                }
            }
        }
    }
    let [day, year] = numbers.as_slice() else {
        return None;
    };
    let year = match *year {
        year @ 0..50 => year + 2000,
        year @ 50..100 => year + 1900,
        year => year,
    };
    let (hour, minute, second) = time.unwrap_or_default();
    let day = i8::try_from(*day).ok()?;
    let civil = DateTime::new(year, month?, day, hour, minute, second, 0).ok()?;
    at(civil, minutes)
}

fn bare(c: char) -> char {
    match c {
        'é' | 'è' => 'e',
        'û' => 'u',
        c => c,
    }
}

fn month(word: &str) -> Option<i8> {
    if word.starts_with("mardi") {
        return None;
    }
    if word.starts_with("dec") {
        return Some(12);
    }
    MONTHS
        .iter()
        .find(|(name, _)| word.starts_with(name))
        .map(|(_, month)| *month)
}

fn clock(word: &str) -> Option<(i8, i8, i8)> {
    let mut parts = word.trim_end_matches('z').split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts
        .next()
        .map_or(Some(0), |part| part.split('.').next()?.parse().ok())?;
    // Midnight written as 24, a leap second: the closest that exists.
    Some((
        if hour == 24 { 0 } else { hour },
        minute,
        if second == 60 { 59 } else { second },
    ))
}

/// A zone in minutes: "+0100", "+01:00", "gmt+1", "cest".
fn zone(word: &str) -> Option<i32> {
    let word = word.trim_matches(['(', ')']);
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(*minutes);
    }
    let word = word.trim_start_matches("gmt").trim_start_matches("utc");
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    let number: i32 = digits.parse().ok()?;
    let minutes = match digits.len() {
        1 | 2 => number * 60,
        3 | 4 => number / 100 * 60 + number % 100,
        _ => return None,
    };
    Some(sign * minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let expected = "2026-03-02T09:00:00Z"
            .parse::<Timestamp>()
            .map(Timestamp::as_microsecond)
            .ok();
        for text in [
            "2026-03-02T09:00:00Z",
            "2026-03-02T10:00:00+01:00",
            "2026-03-02T10:00:00+0100",
            "2026-03-02 10:00:00 +0100",
            "2026-03-02 09:00:00",
            "2026-03-02T09:00Z",
            "Mon, 02 Mar 2026 10:00:00 +0100",
            "Mon, 2 Mar 26 09:00 GMT",
            "02 Mar 2026 10:00:00 CET",
            "lun., 02 mars 2026 10:00:00 +0100",
            "Lundi 2 mars 2026 10:00 +01:00",
            "mar, 02 mars 2026 09:00:00 UTC",
            "Monday, March 2, 2026 09:00:00",
            "02-Mar-2026 09:00:00Z",
            "Lun, 02 Mar 2026 11:00:00 CEST",
            "Mon, 02 Mar 2026 10:00:00 GMT+1",
        ] {
            assert_eq!(micros(text), expected, "{text}");
        }
    }

    #[test]
    fn french_months_and_days_are_known() {
        for (text, iso) in [
            ("mer., 1er févr. 2026", "2026-02-01"),
            ("dim, 30 août 2026", "2026-08-30"),
            ("jeu. 11 juin 2026", "2026-06-11"),
            ("sam. 11 juil. 2026", "2026-07-11"),
            ("mardi 3 mars 2026", "2026-03-03"),
            ("mar., 29 déc. 2026", "2026-12-29"),
            ("Mardi, 14 Avril 2026", "2026-04-14"),
            ("2026-12-29", "2026-12-29"),
        ] {
            let expected = format!("{iso}T00:00:00Z").parse::<Timestamp>().ok();
            assert_eq!(
                micros(text),
                expected.map(Timestamp::as_microsecond),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_a_date_is_none() {
        for text in [
            "",
            "hier",
            "2026",
            "32 mars 2026",
            "2 mars 99999",
            "1 2 3",
            "10:00",
            "2026-13-01",
            "1 mars 2026 25:00:00",
            "mars",
            "2 mars",
            "Mon Mar 2 09:00:00",
        ] {
            assert_eq!(micros(text), None, "{text}");
        }
        assert_eq!(micros(&"1 ".repeat(200)), None);
    }
}

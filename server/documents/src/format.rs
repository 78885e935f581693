//! Dates, durations, rates and numbers as they are written in each language.

use fluent_bundle::FluentValue;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::DocumentError;
use crate::model::Language;
use crate::wording::Wording;

/// Narrow no-break space, which groups digits in French.
const NARROW: char = '\u{202F}';

fn number<'a>(value: impl Into<i64>) -> FluentValue<'a> {
    FluentValue::from(value.into())
}

/// « 12 h 30 », « 12 h », « 45 min »; "12 h 30 min" in English.
pub(crate) fn duration(wording: &Wording, minutes: u32) -> Result<String, DocumentError> {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, _) => wording.say_with("duration-minutes", vec![("minutes", number(rest))]),
        (_, 0) => wording.say_with("duration-hours", vec![("hours", number(hours))]),
        _ => wording.say_with(
            "duration-hours-minutes",
            vec![
                ("hours", number(hours)),
                ("minutes", format!("{rest:02}").into()),
            ],
        ),
    }
}

/// « 23 novembre 2026 ».
pub(crate) fn date(wording: &Wording, date: Date) -> Result<String, DocumentError> {
    let month = wording.say(MONTHS[usize::from(date.month().unsigned_abs() - 1) % 12])?;
    wording.say_with(
        "date",
        vec![
            ("day", number(date.day())),
            ("month", month.into()),
            ("year", number(date.year())),
        ],
    )
}

/// « lundi 23 novembre 2026 ».
pub(crate) fn weekday_date(wording: &Wording, day: Date) -> Result<String, DocumentError> {
    let index = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let weekday = wording.say(WEEKDAYS[index % 7])?;
    let date = date(wording, day)?;
    wording.say_with(
        "weekday-date",
        vec![("weekday", weekday.into()), ("date", date.into())],
    )
}

/// « 23/11/2026 »; "23 Nov 2026" would need names of its own, so English has 2026-11-23.
pub(crate) fn short_date(language: Language, date: Date) -> String {
    match language {
        Language::Fr => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        Language::En => date.to_string(),
    }
}

/// « 23 novembre 2026 à 14 h 30 (UTC+01:00) », from microseconds UTC.
pub(crate) fn instant(
    wording: &Wording,
    microseconds: i64,
    zone: &str,
) -> Result<String, DocumentError> {
    let instant =
        jiff::Timestamp::from_microsecond(microseconds).map_err(|_| DocumentError::Malformed {
            field: "issue.journal_head.sealed_at",
            expected: "an instant in microseconds UTC",
        })?;
    let zone = TimeZone::get(zone).map_err(|_| DocumentError::Malformed {
        field: "issue.time_zone",
        expected: "the name of an IANA time zone",
    })?;
    let local = instant.to_zoned(zone);
    let date = date(wording, local.date())?;
    wording.say_with(
        "instant",
        vec![
            ("date", date.into()),
            ("hour", number(local.hour())),
            ("minute", format!("{:02}", local.minute()).into()),
            ("offset", local.strftime("%:z").to_string().into()),
        ],
    )
}

/// A rate in ten-thousandths: « 87,5 % », « 100 % »; "87.5%" in English.
///
/// Rounded down to a tenth, so that 100 % is only ever said of the whole.
pub(crate) fn rate(language: Language, ten_thousandths: u32) -> String {
    let tenths = ten_thousandths / 10;
    let (whole, rest) = (tenths / 10, tenths % 10);
    match (language, rest) {
        (Language::Fr, 0) => format!("{whole}{NARROW}%"),
        (Language::Fr, _) => format!("{whole},{rest}{NARROW}%"),
        (Language::En, 0) => format!("{whole}%"),
        (Language::En, _) => format!("{whole}.{rest}%"),
    }
}

/// The part of a whole in ten-thousandths, rounded down, never above 10,000; `None` of nothing.
pub(crate) fn part_of(part: u32, whole: u32) -> Option<u32> {
    let ratio = (u64::from(part) * 10_000).checked_div(u64::from(whole))?;
    u32::try_from(ratio.min(10_000)).ok()
}

/// « 12 345 », "12,345".
pub(crate) fn integer(language: Language, value: u64) -> String {
    let separator = match language {
        Language::Fr => NARROW,
        Language::En => ',',
    };
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A SIRET in its usual groups, « 123 456 789 00012 »; anything else as it came.
pub(crate) fn siret(raw: &str) -> String {
    let digits: Vec<char> = raw.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 14 || !digits.iter().all(char::is_ascii_digit) {
        return raw.to_owned();
    }
    let group = |range: std::ops::Range<usize>| digits[range].iter().collect::<String>();
    [group(0..3), group(3..6), group(6..9), group(9..14)].join("\u{A0}")
}

/// A hash in groups of eight digits, which a person can compare by eye.
pub(crate) fn hash_groups(hex: &str) -> Vec<String> {
    let digits: Vec<char> = hex.chars().collect();
    digits
        .chunks(8)
        .map(|group| group.iter().collect())
        .collect()
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

const WEEKDAYS: [&str; 7] = [
    "weekday-1",
    "weekday-2",
    "weekday-3",
    "weekday-4",
    "weekday-5",
    "weekday-6",
    "weekday-7",
];

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn words(language: Language) -> Wording {
        Wording::load(language).expect("the translation loads")
    }

    #[test]
    fn durations_are_written_as_people_write_them() {
        let (fr, en) = (words(Language::Fr), words(Language::En));
        let french = [
            (750, "12\u{202f}h\u{202f}30"),
            (720, "12\u{202f}h"),
            (45, "45\u{202f}min"),
            (65, "1\u{202f}h\u{202f}05"),
            (0, "0\u{202f}min"),
        ];
        for (minutes, expected) in french {
            assert_eq!(duration(&fr, minutes).expect("formats"), expected);
        }
        assert_eq!(
            duration(&en, 750).expect("formats"),
            "12\u{a0}h\u{a0}30\u{a0}min"
        );
    }

    #[test]
    fn dates_are_written_in_words_and_the_first_of_a_month_is_ordinal_in_french() {
        let (fr, en) = (words(Language::Fr), words(Language::En));
        let monday = day(2026, 11, 23);
        assert_eq!(
            weekday_date(&fr, monday).expect("formats"),
            "lundi 23\u{a0}novembre 2026"
        );
        assert_eq!(
            weekday_date(&en, monday).expect("formats"),
            "Monday 23\u{a0}November 2026"
        );
        assert_eq!(
            date(&fr, day(2026, 8, 1)).expect("formats"),
            "1er\u{a0}août 2026"
        );
        assert_eq!(
            date(&en, day(2026, 8, 1)).expect("formats"),
            "1\u{a0}August 2026"
        );
    }

    #[test]
    fn every_month_and_every_weekday_has_a_name() {
        for language in Language::ALL {
            let words = words(language);
            let named: std::collections::BTreeSet<_> = (1..=12)
                .flat_map(|month| (1..=7).map(move |d| day(2026, month, d)))
                .map(|d| weekday_date(&words, d).expect("formats"))
                .collect();
            assert_eq!(named.len(), 84);
        }
    }

    #[test]
    fn an_instant_is_printed_in_the_zone_of_the_body_with_its_offset() {
        let fr = words(Language::Fr);
        let winter = instant(&fr, 1_795_440_600_000_000, "Europe/Paris").expect("formats");
        assert_eq!(
            winter,
            "23\u{a0}novembre 2026 à 14\u{202f}h\u{202f}30 (UTC+01:00)"
        );
        let summer = instant(&fr, 1_782_907_500_000_000, "Europe/Paris").expect("formats");
        assert_eq!(
            summer,
            "1er\u{a0}juillet 2026 à 14\u{202f}h\u{202f}05 (UTC+02:00)"
        );
        assert!(instant(&fr, 0, "Europe/Nulle-Part").is_err());
    }

    #[test]
    fn a_rate_is_rounded_down_and_never_exceeds_the_whole() {
        assert_eq!(part_of(839, 840), Some(9_988));
        assert_eq!(part_of(900, 840), Some(10_000));
        assert_eq!(part_of(0, 840), Some(0));
        assert_eq!(part_of(10, 0), None);
        assert_eq!(rate(Language::Fr, 9_999), "99,9\u{202f}%");
        assert_eq!(rate(Language::Fr, 10_000), "100\u{202f}%");
        assert_eq!(rate(Language::En, 8_750), "87.5%");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(integer(Language::Fr, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(integer(Language::En, 1_000), "1,000");
        assert_eq!(integer(Language::Fr, 12), "12");
        assert_eq!(
            siret("123 456 78900012"),
            "123\u{a0}456\u{a0}789\u{a0}00012"
        );
        assert_eq!(siret("en cours"), "en cours");
        assert_eq!(
            hash_groups("0123456789abcdef01"),
            ["01234567", "89abcdef", "01"]
        );
    }
}

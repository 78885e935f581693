//! Dates, durations and numbers as people read them, in French and English.
//!
//! Pure: instants, zones and "now" are arguments, nothing reads a clock. What
//! goes into HTML attributes for machines (`datetime`, `value`) is written by
//! [`machine_datetime`] and by jiff itself, never by the functions for people.
//!
//! Spaces follow the *Lexique des règles typographiques en usage à
//! l'Imprimerie nationale*: a no-break space between a number and what it
//! counts, a narrow one inside numbers and before `;`, `!` and `?`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};

use crate::lang::Lang;

pub use self::numbers::{bytes, decimal, mark, number, percent, score};
pub use self::text::{join_and, typography};

mod numbers;
mod text;

/// No-break space.
pub const NBSP: char = '\u{a0}';
/// Narrow no-break space.
pub const NNBSP: char = '\u{202f}';

const DAYS_FR: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];
const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SHORT_MONTHS_FR: [&str; 12] = [
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
const SHORT_MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The instant, in microseconds since the epoch, in that zone. An instant
/// outside what a calendar can hold becomes the nearest one that it can.
fn zoned(micros: i64, zone: &TimeZone) -> Zoned {
    let limit = if micros < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_microsecond(micros)
        .unwrap_or(limit)
        .to_zoned(zone.clone())
}

/// « lundi 23 novembre 2026 », "Monday 23 November 2026".
pub fn date(micros: i64, zone: &TimeZone, lang: Lang) -> String {
    civil_date(zoned(micros, zone).date(), lang)
}

/// « lundi 23 novembre 2026 à 14 h 30 », "Monday 23 November 2026 at 14:30".
pub fn datetime(micros: i64, zone: &TimeZone, lang: Lang) -> String {
    civil_datetime(zoned(micros, zone).datetime(), lang)
}

/// `2026-11-23`, for files.
pub fn iso_date(micros: i64, zone: &TimeZone) -> String {
    zoned(micros, zone).strftime("%Y-%m-%d").to_string()
}

/// `2026-11-23 14:30`, for files.
pub fn iso_datetime(micros: i64, zone: &TimeZone) -> String {
    zoned(micros, zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// « 23 nov. 2026 », "23 Nov 2026".
pub fn date_short(micros: i64, zone: &TimeZone, lang: Lang) -> String {
    civil_date_short(zoned(micros, zone).date(), lang)
}

/// « 23 nov. à 14 h 30 », for tables and timelines where the year is known.
pub fn datetime_short(micros: i64, zone: &TimeZone, lang: Lang) -> String {
    let local = zoned(micros, zone);
    let (months, at) = match lang {
        Lang::Fr => (SHORT_MONTHS_FR, "à"),
        Lang::En => (SHORT_MONTHS_EN, "at"),
    };
    let day = day_number(local.date(), lang);
    let month = pick(&months, local.month() - 1);
    format!(
        "{day}{NBSP}{month} {at}{NBSP}{}",
        civil_time(local.time(), lang)
    )
}

/// « 14 h 30 », "14:30".
pub fn time(micros: i64, zone: &TimeZone, lang: Lang) -> String {
    civil_time(zoned(micros, zone).time(), lang)
}

/// RFC 3339 in UTC, for `<time datetime="…">`.
pub fn machine_datetime(micros: i64) -> String {
    zoned(micros, &TimeZone::UTC).timestamp().to_string()
}

/// A local date written `2026-11-23`, in full; the text itself when it is not
/// a date, so that a page never breaks on what somebody typed.
pub fn local_date(text: &str, lang: Lang) -> String {
    text.parse::<Date>()
        .map_or_else(|_| text.to_owned(), |day| civil_date(day, lang))
}

/// A local date and time written `2026-11-23T14:30`, in full; the text itself
/// when it is not one.
pub fn local_datetime(text: &str, lang: Lang) -> String {
    text.parse::<DateTime>()
        .map_or_else(|_| text.to_owned(), |at| civil_datetime(at, lang))
}

/// A calendar day in full.
pub fn civil_date(day: Date, lang: Lang) -> String {
    let (days, months) = match lang {
        Lang::Fr => (DAYS_FR, MONTHS_FR),
        Lang::En => (DAYS_EN, MONTHS_EN),
    };
    let weekday = pick(&days, day.weekday().to_monday_zero_offset());
    let month = pick(&months, day.month() - 1);
    let number = day_number(day, lang);
    format!("{weekday} {number}{NBSP}{month} {}", day.year())
}

/// A calendar day, the month shortened.
pub fn civil_date_short(day: Date, lang: Lang) -> String {
    let months = match lang {
        Lang::Fr => SHORT_MONTHS_FR,
        Lang::En => SHORT_MONTHS_EN,
    };
    let month = pick(&months, day.month() - 1);
    format!("{}{NBSP}{month} {}", day_number(day, lang), day.year())
}

/// The month of a day: « novembre 2026 ».
pub fn civil_month(day: Date, lang: Lang) -> String {
    let months = match lang {
        Lang::Fr => MONTHS_FR,
        Lang::En => MONTHS_EN,
    };
    format!("{} {}", pick(&months, day.month() - 1), day.year())
}

/// The days of the week, Monday first.
pub fn weekdays(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Fr => DAYS_FR,
        Lang::En => DAYS_EN,
    }
}

/// A day and a time of day in full.
pub fn civil_datetime(at: DateTime, lang: Lang) -> String {
    let word = match lang {
        Lang::Fr => "à",
        Lang::En => "at",
    };
    let day = civil_date(at.date(), lang);
    format!("{day} {word}{NBSP}{}", civil_time(at.time(), lang))
}

/// A time of day: « 14 h 30 », « 9 h », "14:30".
pub fn civil_time(at: Time, lang: Lang) -> String {
    match (lang, at.minute()) {
        (Lang::Fr, 0) => format!("{}{NBSP}h", at.hour()),
        (Lang::Fr, minute) => format!("{}{NBSP}h{NBSP}{minute:02}", at.hour()),
        (Lang::En, minute) => format!("{}:{minute:02}", at.hour()),
    }
}

/// « du 2 au 27 novembre 2026 », « du 2 novembre 2026 au 8 janvier 2027 »;
/// one day alone is « le lundi 2 novembre 2026 ».
pub fn date_range(first: Date, last: Date, lang: Lang) -> String {
    let months = match lang {
        Lang::Fr => MONTHS_FR,
        Lang::En => MONTHS_EN,
    };
    let full = |day: Date| {
        let month = pick(&months, day.month() - 1);
        format!("{}{NBSP}{month} {}", day_number(day, lang), day.year())
    };
    let start = if first.year() != last.year() {
        full(first)
    } else if first.month() != last.month() {
        let month = pick(&months, first.month() - 1);
        format!("{}{NBSP}{month}", day_number(first, lang))
    } else {
        day_number(first, lang)
    };
    match lang {
        _ if first == last && lang == Lang::Fr => format!("le {}", civil_date(first, lang)),
        _ if first == last => format!("on {}", civil_date(first, lang)),
        Lang::Fr => format!("du {start} au {}", full(last)),
        Lang::En => format!("from {start} to {}", full(last)),
    }
}

/// A duration given in minutes: « 1 h 20 », « 45 min », « 2 h ».
pub fn duration(minutes: i64, lang: Lang) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    let whole = minutes.unsigned_abs();
    let (hours, rest) = (whole / 60, whole % 60);
    let hours_text = numbers::grouped(&hours.to_string(), lang);
    match (hours, rest, lang) {
        (0, rest, _) => format!("{sign}{rest}{NBSP}min"),
        (_, 0, _) => format!("{sign}{hours_text}{NBSP}h"),
        (_, rest, Lang::Fr) => format!("{sign}{hours_text}{NBSP}h{NBSP}{rest:02}"),
        (_, rest, Lang::En) => format!("{sign}{hours_text}{NBSP}h {rest}{NBSP}min"),
    }
}

/// A duration given in seconds, to the minute from one minute up (rounded
/// down: time is never given that was not spent), in seconds below.
pub fn duration_seconds(seconds: i64, lang: Lang) -> String {
    if seconds.unsigned_abs() < 60 {
        return format!("{seconds}{NBSP}s").replace('-', "−");
    }
    duration(seconds / 60, lang)
}

/// How far an instant is from now, in the largest unit that says something:
/// « il y a 3 jours », « hier », « dans 2 heures ». Days are calendar days in
/// the zone. Beyond 30 days, the date itself says more.
pub fn relative(micros: i64, now: i64, zone: &TimeZone, lang: Lang) -> String {
    let gap = now.saturating_sub(micros);
    let minutes = gap / 60_000_000;
    let past = gap >= 0;
    if minutes == 0 {
        return pair(lang, "à l’instant", "just now").to_owned();
    }
    let (then, today) = (zoned(micros, zone).date(), zoned(now, zone).date());
    let days = today
        .since((Unit::Day, then))
        .map_or(0, |span| i64::from(span.get_days()));
    match (days, minutes.abs()) {
        (_, count @ 1..=59) => ago(
            count,
            past,
            lang,
            ["minute", "minutes"],
            ["minute", "minutes"],
        ),
        (0, count) => ago(
            count / 60,
            past,
            lang,
            ["heure", "heures"],
            ["hour", "hours"],
        ),
        (1, _) => pair(lang, "hier", "yesterday").to_owned(),
        (-1, _) => pair(lang, "demain", "tomorrow").to_owned(),
        (days, _) if days.abs() <= 30 => {
            ago(days.abs(), past, lang, ["jour", "jours"], ["day", "days"])
        }
        _ => match lang {
            Lang::Fr => format!("le {}", civil_date_short(then, lang)),
            Lang::En => format!("on {}", civil_date_short(then, lang)),
        },
    }
}

fn ago(count: i64, past: bool, lang: Lang, fr: [&str; 2], en: [&str; 2]) -> String {
    // French keeps the singular for one only; the same holds in English.
    let plural = usize::from(count > 1);
    let unit = pick(
        match lang {
            Lang::Fr => &fr,
            Lang::En => &en,
        },
        plural,
    );
    match (lang, past) {
        (Lang::Fr, true) => format!("il y a {count}{NBSP}{unit}"),
        (Lang::Fr, false) => format!("dans {count}{NBSP}{unit}"),
        (Lang::En, true) => format!("{count}{NBSP}{unit} ago"),
        (Lang::En, false) => format!("in {count}{NBSP}{unit}"),
    }
}

fn pair<'a>(lang: Lang, fr: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// French writes the first of the month as an ordinal, and only that one.
fn day_number(day: Date, lang: Lang) -> String {
    match (lang, day.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, number) => number.to_string(),
    }
}

/// The word at that place; jiff's own ranges make the look-up always succeed.
fn pick<'a>(words: &[&'a str], index: impl TryInto<usize>) -> &'a str {
    index
        .try_into()
        .ok()
        .and_then(|index: usize| words.get(index).copied())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;

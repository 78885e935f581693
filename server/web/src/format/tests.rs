use jiff::civil::date as day;
use jiff::tz::TimeZone;

use super::{
    bytes, civil_time, date, date_range, date_short, datetime, datetime_short, decimal, duration,
    duration_seconds, join_and, local_date, local_datetime, machine_datetime, mark, number,
    percent, relative, score, typography,
};
use crate::lang::Lang::{En, Fr};

/// Monday 23 November 2026, 13:30:00 UTC.
const MONDAY: i64 = 1_795_440_600_000_000;
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").expect("the zone is bundled")
}

#[test]
fn an_instant_reads_as_a_french_date_in_the_zone_of_the_space() {
    assert_eq!(date(MONDAY, &paris(), Fr), "lundi 23\u{a0}novembre 2026");
    assert_eq!(
        datetime(MONDAY, &paris(), Fr),
        "lundi 23\u{a0}novembre 2026 à\u{a0}14\u{a0}h\u{a0}30"
    );
    assert_eq!(date_short(MONDAY, &paris(), Fr), "23\u{a0}nov. 2026");
    assert_eq!(
        datetime_short(MONDAY, &paris(), Fr),
        "23\u{a0}nov. à\u{a0}14\u{a0}h\u{a0}30"
    );
}

#[test]
fn an_instant_reads_as_an_english_date() {
    assert_eq!(
        datetime(MONDAY, &paris(), En),
        "Monday 23\u{a0}November 2026 at\u{a0}14:30"
    );
    assert_eq!(date_short(MONDAY, &paris(), En), "23\u{a0}Nov 2026");
}

#[test]
fn the_zone_decides_the_day() {
    let late = MONDAY + 10 * 60 * MINUTE;
    assert_eq!(
        date(late, &TimeZone::UTC, Fr),
        "lundi 23\u{a0}novembre 2026"
    );
    assert_eq!(date(late, &paris(), Fr), "mardi 24\u{a0}novembre 2026");
}

#[test]
fn an_instant_out_of_any_calendar_is_still_shown() {
    assert!(date(i64::MAX, &TimeZone::UTC, Fr).ends_with("9999"));
    assert!(date(i64::MIN, &TimeZone::UTC, Fr).ends_with("-9999"));
}

#[test]
fn machines_read_utc() {
    assert_eq!(machine_datetime(MONDAY), "2026-11-23T13:30:00Z");
}

#[test]
fn the_first_of_the_month_is_an_ordinal_in_french_only() {
    assert_eq!(local_date("2026-12-01", Fr), "mardi 1er\u{a0}décembre 2026");
    assert_eq!(local_date("2026-12-01", En), "Tuesday 1\u{a0}December 2026");
}

#[test]
fn what_is_no_date_is_shown_as_it_was_typed() {
    assert_eq!(local_date("bientôt", Fr), "bientôt");
    assert_eq!(local_datetime("2026-13-45T99:00", Fr), "2026-13-45T99:00");
}

#[test]
fn a_local_date_and_time_needs_no_zone() {
    assert_eq!(
        local_datetime("2026-11-27T09:00", Fr),
        "vendredi 27\u{a0}novembre 2026 à\u{a0}9\u{a0}h"
    );
    assert_eq!(
        civil_time(jiff::civil::time(0, 5, 0, 0), Fr),
        "0\u{a0}h\u{a0}05"
    );
}

#[test]
fn a_range_says_month_and_year_once() {
    assert_eq!(
        date_range(day(2026, 11, 2), day(2026, 11, 27), Fr),
        "du 2 au 27\u{a0}novembre 2026"
    );
    assert_eq!(
        date_range(day(2026, 11, 1), day(2026, 12, 4), Fr),
        "du 1er\u{a0}novembre au 4\u{a0}décembre 2026"
    );
    assert_eq!(
        date_range(day(2026, 12, 7), day(2027, 1, 8), Fr),
        "du 7\u{a0}décembre 2026 au 8\u{a0}janvier 2027"
    );
    assert_eq!(
        date_range(day(2026, 11, 2), day(2026, 11, 2), Fr),
        "le lundi 2\u{a0}novembre 2026"
    );
    assert_eq!(
        date_range(day(2026, 11, 2), day(2026, 11, 27), En),
        "from 2 to 27\u{a0}November 2026"
    );
}

#[test]
fn durations_are_hours_and_minutes() {
    assert_eq!(duration(80, Fr), "1\u{a0}h\u{a0}20");
    assert_eq!(duration(65, Fr), "1\u{a0}h\u{a0}05");
    assert_eq!(duration(45, Fr), "45\u{a0}min");
    assert_eq!(duration(120, Fr), "2\u{a0}h");
    assert_eq!(duration(0, Fr), "0\u{a0}min");
    assert_eq!(duration(72_000, Fr), "1\u{202f}200\u{a0}h");
    assert_eq!(duration(80, En), "1\u{a0}h 20\u{a0}min");
    assert_eq!(duration(-5, Fr), "−5\u{a0}min");
}

#[test]
fn seconds_never_round_up_to_time_not_spent() {
    assert_eq!(duration_seconds(59, Fr), "59\u{a0}s");
    assert_eq!(duration_seconds(119, Fr), "1\u{a0}min");
    assert_eq!(duration_seconds(4_859, Fr), "1\u{a0}h\u{a0}20");
}

#[test]
fn numbers_are_grouped_by_three() {
    assert_eq!(number(6_600, Fr), "6\u{202f}600");
    assert_eq!(number(1_234_567, Fr), "1\u{202f}234\u{202f}567");
    assert_eq!(number(999, Fr), "999");
    assert_eq!(number(-1_000, En), "−1,000");
    assert_eq!(number(i64::MIN, En), "−9,223,372,036,854,775,808");
    assert_eq!(decimal(66_205, 1, Fr), "6\u{202f}620,5");
    assert_eq!(decimal(-5, 2, En), "−0.05");
    assert_eq!(decimal(12, 0, Fr), "12");
}

#[test]
fn a_share_is_complete_only_when_it_is() {
    assert_eq!(percent(8_500, Fr), "85\u{202f}%");
    assert_eq!(percent(9_999, Fr), "99\u{202f}%");
    assert_eq!(percent(10_000, Fr), "100\u{202f}%");
    assert_eq!(percent(1, Fr), "1\u{202f}%");
    assert_eq!(percent(0, En), "0%");
}

/// 79.6 with a rule of 80 was shown as 80: one had 80 and needed 80.
#[test]
fn a_score_never_reads_as_more_than_it_is() {
    assert_eq!(mark(8_000, Fr), "80\u{202f}%");
    assert_eq!(mark(7_960, Fr), "79,6\u{202f}%");
    assert_eq!(mark(7_999, Fr), "79,9\u{202f}%");
    assert_eq!(mark(9_999, En), "99.9%");
    assert_eq!(mark(6_666, En), "66.6%");
    assert_eq!(mark(10_000, En), "100%");
    assert_eq!(mark(-5, Fr), "−0,1\u{202f}%");
    assert_eq!(mark(0, Fr), "0\u{202f}%");
}

#[test]
fn a_score_shows_decimals_only_when_it_has_some() {
    assert_eq!(score(8_250, Fr), "82,5");
    assert_eq!(score(10_000, Fr), "100");
    assert_eq!(score(0, Fr), "0");
    assert_eq!(score(3_333, En), "33.33");
}

#[test]
fn sizes_change_unit_before_they_need_four_digits() {
    assert_eq!(bytes(0, Fr), "0\u{a0}octet");
    assert_eq!(bytes(999, Fr), "999\u{a0}octets");
    assert_eq!(bytes(1_000, Fr), "1\u{a0}ko");
    assert_eq!(bytes(999_960, Fr), "1\u{a0}Mo");
    assert_eq!(bytes(12_500_000, Fr), "12,5\u{a0}Mo");
    assert_eq!(bytes(2_147_483_648, En), "2.1\u{a0}GB");
    assert_eq!(bytes(u64::MAX, En), "18,446,744.1\u{a0}TB");
}

#[test]
fn the_past_is_told_in_the_largest_unit_that_says_something() {
    let told = |gap: i64| relative(MONDAY - gap, MONDAY, &paris(), Fr);
    assert_eq!(told(20_000_000), "à l’instant");
    assert_eq!(told(MINUTE), "il y a 1\u{a0}minute");
    assert_eq!(told(59 * MINUTE), "il y a 59\u{a0}minutes");
    assert_eq!(told(3 * 60 * MINUTE), "il y a 3\u{a0}heures");
    assert_eq!(told(DAY), "hier");
    assert_eq!(told(3 * DAY), "il y a 3\u{a0}jours");
    assert_eq!(told(40 * DAY), "le 14\u{a0}oct. 2026");
}

#[test]
fn days_are_calendar_days_not_stretches_of_24_hours() {
    // Monday 14:30 in Paris less 15 hours is Sunday 23:30.
    assert_eq!(
        relative(MONDAY - 15 * 60 * MINUTE, MONDAY, &paris(), Fr),
        "hier"
    );
}

#[test]
fn the_future_is_told_too() {
    assert_eq!(
        relative(MONDAY + 2 * 60 * MINUTE, MONDAY, &paris(), Fr),
        "dans 2\u{a0}heures"
    );
    assert_eq!(relative(MONDAY + DAY, MONDAY, &paris(), En), "tomorrow");
    assert_eq!(
        relative(MONDAY + 5 * DAY, MONDAY, &paris(), En),
        "in 5\u{a0}days"
    );
    // The last instant that jiff holds is a little before the end of 9999.
    assert_eq!(relative(i64::MAX, 0, &paris(), En), "on 30\u{a0}Dec 9999");
}

#[test]
fn french_marks_get_their_spaces_and_addresses_stay_whole() {
    assert_eq!(typography("Prêt·e ?", Fr), "Prêt·e\u{202f}?");
    assert_eq!(typography("Bravo!", Fr), "Bravo\u{202f}!");
    assert_eq!(typography("Durée: 2 h", Fr), "Durée\u{a0}: 2 h");
    assert_eq!(
        typography("l'écrit « simple »...", Fr),
        "l’écrit «\u{202f}simple\u{202f}»…"
    );
    assert_eq!(typography("«simple»", Fr), "«\u{202f}simple\u{202f}»");
    assert_eq!(
        typography("Voir https://exemple.fr/a?b=1 à 14:30", Fr),
        "Voir https://exemple.fr/a?b=1 à 14:30"
    );
    assert_eq!(typography("Ready?", En), "Ready?");
}

#[test]
fn typography_mended_twice_is_mended_once() {
    let once = typography("Vraiment ? Oui: « c'est l'heure » !", Fr);
    assert_eq!(typography(&once, Fr), once);
}

#[test]
fn lists_end_with_a_word() {
    let items = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(join_and(&items(&[]), Fr), "");
    assert_eq!(join_and(&items(&["a"]), Fr), "a");
    assert_eq!(join_and(&items(&["a", "b", "c"]), Fr), "a, b et c");
    assert_eq!(join_and(&items(&["a", "b"]), En), "a and b");
}

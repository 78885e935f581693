//! The calendar of a cohort, pure: one start date yields every opening and
//! every deadline.
//!
//! Openings and deadlines are local dates in the cohort's zone and stay so: a
//! change of clocks moves the instant, never the day. Week *n* opens on the day
//! `start + 7 (n − 1)` as that day begins, and is due at the end of the day
//! before the next one opens (shown as 23:59). The week need not start on a Monday.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use passerelle_kernel::Micros;

use super::time::GroupTime;

/// Weeks of a course, unless it says otherwise.
pub const DEFAULT_WEEKS: usize = 4;
/// Weeks at most: four years.
pub const MAX_WEEKS: usize = 208;

/// Why no calendar can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No week, or more than [`MAX_WEEKS`].
    #[error("a cohort has from 1 to {MAX_WEEKS} weeks, not {0}")]
    Weeks(usize),
    /// Beyond what a calendar holds.
    #[error("the dates are beyond what a calendar holds")]
    OutOfRange,
    /// A stored date is not one.
    #[error("a stored date is not a date")]
    NotADate,
}

/// First and last day of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekDates {
    /// Opens as this day begins.
    pub opens_on: Date,
    /// Due at the end of this day.
    pub due_on: Date,
}

/// Dates of every week of a cohort that starts on `start`.
pub fn cohort_calendar(start: Date, weeks: usize) -> Result<Vec<WeekDates>, CalendarError> {
    if weeks == 0 || weeks > MAX_WEEKS {
        return Err(CalendarError::Weeks(weeks));
    }
    (0..weeks as i64)
        .map(|week| {
            let opens_on = start
                .checked_add((7 * week).days())
                .map_err(|_| CalendarError::OutOfRange)?;
            let due_on = opens_on
                .checked_add(6.days())
                .map_err(|_| CalendarError::OutOfRange)?;
            Ok(WeekDates { opens_on, due_on })
        })
        .collect()
}

/// A date as stored: `2026-11-23`.
pub fn parse_date(text: &str) -> Result<Date, CalendarError> {
    text.parse().map_err(|_| CalendarError::NotADate)
}

/// The zone of that IANA name; UTC when it is unknown.
pub(super) fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The local day of an instant.
pub(super) fn today(now: Micros, zone: &TimeZone) -> Date {
    let limit = if now < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_microsecond(now)
        .unwrap_or(limit)
        .to_zoned(zone.clone())
        .date()
}

/// The instant at which a local day begins, even where clocks skip midnight.
pub(super) fn begins_at(day: Date, zone: &TimeZone) -> Micros {
    // "Compatible": the first instant of a day whose midnight does not exist is after the gap,
    // and the first of two midnights is taken.
    day.to_zoned(zone.clone())
        .map_or(Micros::MAX, |at| at.timestamp().as_microsecond())
}

/// The instant from which something due on that day is late: as the next day begins.
pub(super) fn late_from(due_on: Date, zone: &TimeZone) -> Micros {
    due_on
        .tomorrow()
        .map_or(Micros::MAX, |next| begins_at(next, zone))
}

/// A week with what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaceWeek {
    /// Its dates.
    pub dates: WeekDates,
    /// Estimates of its needed activities, minutes.
    pub minutes: i32,
}

/// Openings, deadlines and expected pace of a cohort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    weeks: Vec<PaceWeek>,
    time: GroupTime,
}

impl Deadlines {
    /// From the weeks in order (the first has rank 1) and the group's clock.
    pub fn new(weeks: Vec<PaceWeek>, time: GroupTime) -> Self {
        Self { weeks, time }
    }

    /// The local day of an instant.
    pub fn today(&self, now: Micros) -> Date {
        self.time.today(now)
    }

    /// The weeks, in order.
    pub fn weeks(&self) -> &[PaceWeek] {
        &self.weeks
    }

    /// A week by its rank, from 1.
    pub fn week(&self, rank: i32) -> Option<&PaceWeek> {
        self.weeks.get(usize::try_from(rank).ok()?.checked_sub(1)?)
    }

    /// Whether a week has opened by that day. Weeks stay open.
    pub fn is_open(&self, rank: i32, on: Date) -> bool {
        self.week(rank)
            .is_some_and(|week| week.dates.opens_on <= on)
    }

    /// Whether what a week asks for and is not done is late that day; an extension replaces the deadline when later.
    pub fn is_late(&self, rank: i32, extended_to: Option<&str>, on: Date) -> bool {
        let extended: Option<Date> = extended_to.and_then(|text| text.parse().ok());
        self.week(rank).is_some_and(|week| {
            extended.map_or(week.dates.due_on, |to| to.max(week.dates.due_on)) < on
        })
    }

    /// Rank of the week that a day falls in, from 1; none before the first and after the last.
    pub fn current_week(&self, on: Date) -> Option<i32> {
        let place = self
            .weeks
            .iter()
            .position(|week| week.dates.opens_on <= on && on <= week.dates.due_on)?;
        i32::try_from(place + 1).ok()
    }

    /// Minutes of needed activities in all.
    pub fn minutes(&self) -> i32 {
        self.weeks
            .iter()
            .fold(0, |sum, week| sum.saturating_add(week.minutes))
    }

    /// Minutes that a regular trainee has done as that day begins: weeks past whole, the week under
    /// way in proportion to its days gone by.
    pub fn expected_minutes(&self, on: Date) -> i32 {
        let expected: i64 = self
            .weeks
            .iter()
            .map(|week| {
                let total = days(week.dates.opens_on, week.dates.due_on) + 1;
                let gone = days(week.dates.opens_on, on).clamp(0, total);
                i64::from(week.minutes) * gone / total.max(1)
            })
            .sum();
        i32::try_from(expected).unwrap_or(i32::MAX)
    }

    /// The same as a share of all needed minutes, ten-thousandths.
    pub fn expected_share(&self, on: Date) -> i64 {
        let all = i64::from(self.minutes());
        if all == 0 {
            0
        } else {
            i64::from(self.expected_minutes(on)) * 10_000 / all
        }
    }
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const PARIS: &str = "Europe/Paris";

    fn local(micros: Micros, zone: &str) -> String {
        let at = jiff::Timestamp::from_microsecond(micros).expect("an instant");
        at.to_zoned(zone_named(zone))
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }

    fn four_weeks(start: Date) -> Deadlines {
        let weeks = cohort_calendar(start, DEFAULT_WEEKS).expect("a calendar");
        Deadlines::new(
            weeks
                .into_iter()
                .map(|dates| PaceWeek { dates, minutes: 70 })
                .collect(),
            GroupTime::named(PARIS),
        )
    }

    #[test]
    fn one_start_date_yields_every_opening_and_deadline() {
        // A Wednesday: weeks need not start on a Monday.
        let weeks = cohort_calendar(date(2026, 11, 25), 4).expect("a calendar");
        let shown: Vec<_> = weeks
            .iter()
            .map(|w| (w.opens_on.to_string(), w.due_on.to_string()))
            .collect();
        assert_eq!(shown[0], ("2026-11-25".into(), "2026-12-01".into()));
        assert_eq!(shown[3], ("2026-12-16".into(), "2026-12-22".into()));
    }

    #[test]
    fn a_week_opens_and_closes_at_local_midnight_on_both_sides_of_a_change_of_clocks() {
        let zone = zone_named(PARIS);
        // Clocks go back on 25 October 2026 and forward on 28 March 2027.
        for start in [date(2026, 10, 19), date(2027, 3, 22)] {
            for week in cohort_calendar(start, 2).expect("a calendar") {
                assert_eq!(
                    local(begins_at(week.opens_on, &zone), PARIS),
                    format!("{} 00:00", week.opens_on)
                );
                let last = late_from(week.due_on, &zone) - 1;
                assert_eq!(local(last, PARIS), format!("{} 23:59", week.due_on));
            }
        }
        let hours = |start: Date| {
            (late_from(start.checked_add(6.days()).expect("a day"), &zone)
                - begins_at(start, &zone))
                / 3_600_000_000
        };
        assert_eq!(hours(date(2026, 10, 19)), 169);
        assert_eq!(hours(date(2027, 3, 22)), 167);
    }

    #[test]
    fn a_day_whose_midnight_does_not_exist_begins_after_the_gap() {
        // Beirut moved from 00:00 to 01:00 on 28 March 2021.
        let zone = zone_named("Asia/Beirut");
        assert_eq!(
            local(begins_at(date(2021, 3, 28), &zone), "Asia/Beirut"),
            "2021-03-28 01:00"
        );
        assert_eq!(
            local(late_from(date(2021, 3, 27), &zone) - 1, "Asia/Beirut"),
            "2021-03-27 23:59"
        );
    }

    #[test]
    fn the_same_instant_is_another_day_in_another_zone() {
        let at = begins_at(date(2026, 11, 23), &zone_named(PARIS));
        assert_eq!(today(at, &zone_named(PARIS)), date(2026, 11, 23));
        assert_eq!(today(at - 1, &zone_named(PARIS)), date(2026, 11, 22));
        assert_eq!(
            today(at, &zone_named("America/Cayenne")),
            date(2026, 11, 22)
        );
        assert_eq!(today(at, &zone_named("Indian/Reunion")), date(2026, 11, 23));
    }

    #[test]
    fn the_expected_pace_grows_day_by_day_and_ends_with_everything() {
        let d = four_weeks(date(2026, 11, 23));
        assert_eq!(d.expected_minutes(date(2026, 11, 23)), 0);
        assert_eq!(d.expected_minutes(date(2026, 11, 24)), 10);
        assert_eq!(d.expected_minutes(date(2026, 11, 30)), 70);
        assert_eq!(d.expected_share(date(2026, 12, 7)), 5_000);
        assert_eq!(d.expected_share(date(2027, 1, 1)), 10_000);
        assert_eq!(d.current_week(date(2026, 12, 6)), Some(2));
        assert_eq!(d.current_week(date(2026, 11, 22)), None);
    }

    #[test]
    fn an_extension_moves_the_deadline_later_never_earlier() {
        let d = four_weeks(date(2026, 11, 23));
        let after = date(2026, 11, 30);
        assert!(d.is_late(1, None, after) && !d.is_late(1, None, date(2026, 11, 29)));
        assert!(!d.is_late(1, Some("2026-12-31"), after));
        assert!(!d.is_late(4, Some("2026-11-24"), date(2026, 12, 20)));
        assert!(d.is_open(1, after) && !d.is_open(3, after) && !d.is_open(9, after));
    }

    #[test]
    fn a_calendar_has_at_least_one_week_and_stays_within_what_a_calendar_holds() {
        assert_eq!(
            cohort_calendar(date(2026, 1, 1), 0),
            Err(CalendarError::Weeks(0))
        );
        assert_eq!(
            cohort_calendar(date(2026, 1, 1), MAX_WEEKS + 1),
            Err(CalendarError::Weeks(MAX_WEEKS + 1))
        );
        assert_eq!(
            cohort_calendar(Date::MAX, 1),
            Err(CalendarError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn weeks_follow_each_other_without_gap_or_overlap(day in 0_i64..40_000, weeks in 1_usize..=MAX_WEEKS, zone in 0_usize..4) {
            let start = date(1980, 1, 1).checked_add(day.days()).expect("a day");
            let zone = zone_named([PARIS, "America/Cayenne", "Pacific/Apia", "Asia/Beirut"][zone]);
            let calendar = cohort_calendar(start, weeks).expect("a calendar");
            prop_assert_eq!(calendar.len(), weeks);
            prop_assert_eq!(calendar[0].opens_on, start);
            for pair in calendar.windows(2) {
                prop_assert_eq!(pair[0].due_on.tomorrow().expect("a day"), pair[1].opens_on);
                prop_assert_eq!(late_from(pair[0].due_on, &zone), begins_at(pair[1].opens_on, &zone));
            }
        }

        #[test]
        fn the_expected_pace_never_goes_back(day in 0_i64..60, minutes in prop::collection::vec(0_i32..600, 1..9)) {
            let dates = cohort_calendar(date(2026, 10, 19), minutes.len()).expect("a calendar");
            let weeks = dates.into_iter().zip(&minutes).map(|(dates, minutes)| PaceWeek { dates, minutes: *minutes });
            let d = Deadlines::new(weeks.collect(), GroupTime::named(PARIS));
            let on = date(2026, 10, 15).checked_add(day.days()).expect("a day");
            let next = on.tomorrow().expect("a day");
            prop_assert!(d.expected_minutes(on) <= d.expected_minutes(next));
            prop_assert!((0..=10_000).contains(&d.expected_share(on)));
            prop_assert!(d.expected_minutes(next) <= d.minutes());
        }
    }
}

//! The days of a month, in whole weeks that begin on Monday. Pure.

use jiff::ToSpan;
use jiff::civil::Date;

/// A month as a calendar shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    first: Date,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self {
            first: day.first_of_month(),
        }
    }

    /// From an address: `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let first: Date = format!("{text}-01").parse().ok()?;
        (1970..=9000)
            .contains(&first.year())
            .then_some(Self { first })
    }

    /// As addresses write it.
    pub fn code(self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// The one before.
    pub fn previous(self) -> Self {
        Self::of(self.first.saturating_sub(1.day()))
    }

    /// The one after.
    pub fn next(self) -> Self {
        Self::of(self.last().saturating_add(1.day()))
    }

    /// Its days and those that complete its first and last weeks.
    pub fn days(self) -> Vec<Date> {
        let before = i64::from(self.first.weekday().to_monday_zero_offset());
        let last = self.last();
        let after = 6 - i64::from(last.weekday().to_monday_zero_offset());
        let until = last.saturating_add(after.days());
        self.first
            .saturating_sub(before.days())
            .series(1.day())
            .take_while(|day| *day <= until)
            .collect()
    }

    /// Whether a day is of the month.
    pub fn has(self, day: Date) -> bool {
        day.first_of_month() == self.first
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;

    #[test]
    fn months_are_shown_in_whole_weeks() {
        for (year, month, weeks) in [(2026, 11, 6), (2026, 2, 5), (2027, 2, 4), (2026, 8, 6)] {
            let month = Month::of(date(year, month, 17));
            let days = month.days();
            assert_eq!(days.len(), weeks * 7, "{}", month.code());
            assert_eq!(days[0].weekday(), Weekday::Monday);
            assert_eq!(
                days.iter().filter(|day| month.has(**day)).count(),
                month.last().day() as usize
            );
        }
    }

    #[test]
    fn addresses_name_a_month_or_nothing() {
        let month = Month::parse("2026-12").expect("a month");
        assert_eq!(
            (month.next().code(), month.previous().code()),
            ("2027-01".to_owned(), "2026-11".to_owned())
        );
        for wrong in ["", "2026", "2026-13", "0001-01", "9999-12", "2026-12-01"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }
}

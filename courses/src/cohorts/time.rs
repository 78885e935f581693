//! The time of a group, in one place: which day it is there, when its days
//! begin and end, until when work counts.
//!
//! A group keeps the zone it was opened with, which may not be the one its
//! space has now. Nobody else builds a zone from a group's row: whoever asks
//! « today », « due » or « until » about a group asks here.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use passerelle_kernel::Micros;
use passerelle_web::directory::Space;
use sea_orm::{DbErr, QueryResult};

use super::calendar::{begins_at, late_from, today, zone_named};
use super::entity::cohort;
use super::model::{CohortState, EnrolState};

/// The clock on the wall of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupTime(TimeZone);

impl GroupTime {
    /// The clock of a group that was opened with that zone; UTC when nobody knows it.
    pub(crate) fn named(zone: &str) -> Self {
        Self(zone_named(zone))
    }

    /// The clock of a group that will be opened in a space, and of pages about a space as a whole.
    pub fn of_space(space: &Space) -> Self {
        Self::named(&space.zone)
    }

    /// The day of an instant there.
    pub fn today(&self, now: Micros) -> Date {
        today(now, &self.0)
    }

    /// The instant at which a day begins there.
    pub fn begins(&self, day: Date) -> Micros {
        begins_at(day, &self.0)
    }

    /// The first instant after a day: what was due on it is late from then on.
    pub fn ends(&self, day: Date) -> Micros {
        late_from(day, &self.0)
    }

    /// To show instants by.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }
}

impl cohort::Model {
    /// The clock of the group.
    pub fn time(&self) -> GroupTime {
        GroupTime::named(&self.zone)
    }

    /// Whether the last day of the group is over, whoever has more time.
    pub fn has_ended(&self, now: Micros) -> bool {
        matches!(
            CohortState::parse(&self.state),
            Some(CohortState::Ended | CohortState::Certified)
        ) || last_day(&self.end_date, None).is_some_and(|day| self.time().ends(day) <= now)
    }
}

/// The last day on which a trainee's work counts: the group's, or theirs when it is later.
pub fn last_day(end_date: &str, extended_to: Option<&str>) -> Option<Date> {
    let end: Option<Date> = end_date.parse().ok();
    end.max(extended_to.and_then(|text| text.parse().ok()))
}

/// What decides whether the work of a trainee counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Has a place.
    placed: bool,
    /// The group was given up.
    given_up: bool,
    /// Its certificates are issued.
    certified: bool,
    /// The first instant that is too late; none when what is stored is no date.
    until: Option<Micros>,
}

impl Term {
    /// What [`Term::read`] reads, of `enrolment e` and `cohort c`.
    pub const COLUMNS: &str = "e.state AS term_place, c.state AS term_state, c.end_date AS term_end, c.zone AS term_zone, \
                               e.extended_to AS term_extended";

    /// From the rows of a group and of an enrolment there.
    pub fn of(cohort: &cohort::Model, state: &str, extended_to: Option<&str>) -> Self {
        Self::from(state, &cohort.state, &cohort.end_date, extended_to, || {
            cohort.time()
        })
    }

    /// From a row that holds [`Term::COLUMNS`].
    pub fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let text = |column: &str| row.try_get::<String>("", column);
        let (zone, extended): (String, Option<String>) =
            (text("term_zone")?, row.try_get("", "term_extended")?);
        Ok(Self::from(
            &text("term_place")?,
            &text("term_state")?,
            &text("term_end")?,
            extended.as_deref(),
            || GroupTime::named(&zone),
        ))
    }

    fn from(
        place: &str,
        state: &str,
        end: &str,
        extended_to: Option<&str>,
        time: impl FnOnce() -> GroupTime,
    ) -> Self {
        let state = CohortState::parse(state);
        Self {
            placed: place == EnrolState::Active.code(),
            given_up: matches!(state, None | Some(CohortState::Cancelled)),
            certified: state == Some(CohortState::Certified),
            until: last_day(end, extended_to).map(|day| time().ends(day)),
        }
    }

    /// Whether they have a place, so that what they send is heard at all.
    pub fn placed(&self) -> bool {
        self.placed
    }

    /// Whether what was opened may still be read: they have a place, and the group was not given up.
    pub fn may_read(&self) -> bool {
        self.placed && !self.given_up
    }

    /// Whether nothing counts any more at that instant: the last day is over, theirs included, or the
    /// group was given up or certified. What a certificate states can then not move any more.
    pub fn is_over(&self, at: Micros) -> bool {
        self.given_up || self.certified || self.until.is_none_or(|until| until <= at)
    }

    /// Whether work counts at that instant. The one answer for what content reports, for pages, files
    /// and links, and for the scores of tools.
    pub fn counts(&self, at: Micros) -> bool {
        self.placed && !self.is_over(at)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const LAST: &str = "2026-12-20";

    fn term(place: &str, state: &str, extended: Option<&str>, zone: &str) -> Term {
        Term::from(place, state, LAST, extended, || GroupTime::named(zone))
    }

    /// The instant at which the day after begins, in UTC, and what a group in each zone makes of it:
    /// work counted until the space's midnight, or for ever.
    #[test]
    fn work_counts_until_the_last_day_is_over_where_the_group_is() {
        for (zone, hours) in [
            ("Europe/Paris", -1),
            ("America/Cayenne", 3),
            ("Indian/Reunion", -4),
        ] {
            let utc = GroupTime::named("UTC").ends(date(2026, 12, 20));
            let until = utc + hours * 3_600_000_000;
            let term = term("active", "running", None, zone);
            assert!(term.counts(until - 1), "{zone}");
            assert!(!term.counts(until) && term.is_over(until), "{zone}");
        }
    }

    #[test]
    fn an_extension_gives_more_time_and_never_less() {
        let time = GroupTime::named("Europe/Paris");
        let day = |text: &str| time.begins(text.parse().expect("a day"));
        let more = term("active", "ended", Some("2027-01-10"), "Europe/Paris");
        assert!(more.counts(day("2027-01-10")) && !more.counts(day("2027-01-11")));
        let less = term("active", "running", Some("2026-12-01"), "Europe/Paris");
        assert!(less.counts(day("2026-12-20")) && !less.counts(day("2026-12-21")));
    }

    #[test]
    fn nothing_counts_without_a_place_or_once_certified_or_cancelled() {
        let at = GroupTime::named("Europe/Paris").begins(date(2026, 12, 1));
        assert!(term("active", "running", None, "Europe/Paris").counts(at));
        for (place, state) in [
            ("left", "running"),
            ("waiting", "running"),
            ("active", "certified"),
            ("active", "cancelled"),
            ("active", "?"),
        ] {
            let term = term(place, state, Some("2027-12-31"), "Europe/Paris");
            assert!(!term.counts(at), "{place} {state}");
        }
    }
}

//! When a message leaves and for whom, pure: from what was written down and a cohort's dates.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use passerelle_kernel::env::DAY;
use passerelle_kernel::{Micros, Uuid};

use crate::cohorts::GroupTime;

/// Days before or after its moment at most.
pub const MAX_DAYS: i32 = 90;
/// What is later than this has lost its sense, and does not leave any more.
pub const GRACE: Micros = 2 * DAY;

/// What a message's day is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The first day of the cohort; whoever arrives later has it then.
    Start,
    /// The opening of each week.
    WeekOpens,
    /// The last day of each week.
    WeekDue,
    /// The last day of the cohort.
    End,
}

impl Moment {
    /// All, as they are offered.
    pub const ALL: [Self; 4] = [Self::Start, Self::WeekOpens, Self::WeekDue, Self::End];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::WeekOpens => "week_opens",
            Self::WeekDue => "week_due",
            Self::End => "end",
        }
    }

    /// From what is stored or sent.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether it comes for each week.
    pub fn is_weekly(self) -> bool {
        matches!(self, Self::WeekOpens | Self::WeekDue)
    }
}

/// Who receives a message, among those who have a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    All,
    /// Whoever has never opened the course.
    Absent,
    /// Whoever has something needed left to do: of that week, or of the course.
    Behind,
    /// Whoever has done what is needed: of that week, or of the course.
    Done,
}

impl Audience {
    /// All, as they are offered.
    pub const ALL: [Self; 4] = [Self::All, Self::Absent, Self::Behind, Self::Done];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Absent => "absent",
            Self::Behind => "behind",
            Self::Done => "done",
        }
    }

    /// From what is stored or sent.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A message that leaves by itself, for each cohort that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automation {
    /// Identifier.
    pub id: Uuid,
    /// Space.
    pub space: Uuid,
    /// The course whose cohorts it is for; none: every course of the space.
    pub course: Option<Uuid>,
    /// What its day is counted from.
    pub moment: Moment,
    /// Days after the moment; negative before it.
    pub days: i32,
    /// Local time of that day, minutes after midnight.
    pub minute: i32,
    /// Who receives it.
    pub audience: Audience,
    /// Subject, with variables.
    pub subject: String,
    /// Text in Markdown, with variables.
    pub body: String,
    /// What its button says; empty: « Ouvrir ma formation ».
    pub button: String,
    /// Where its button leads; empty: the person's course.
    pub link: String,
    /// Since when it leaves by itself; none while it is off.
    pub active_since: Option<Micros>,
}

/// The dates of a cohort that messages are counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Rank, first and last day of each week.
    pub weeks: Vec<(i32, Date, Date)>,
    /// The group's clock.
    pub time: GroupTime,
}

/// One time that a message leaves for a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Rank of the week it is about; 0 when about none.
    pub week: i32,
    /// Local day.
    pub day: Date,
    /// The instant.
    pub at: Micros,
}

impl Automation {
    /// Whether it is for the cohorts of that course.
    pub fn is_for(&self, course: Uuid) -> bool {
        self.course.is_none_or(|id| id == course)
    }

    /// Whether it is for whoever arrives later too: what welcomes everybody.
    pub fn goes_on(&self) -> bool {
        self.moment == Moment::Start && self.audience == Audience::All
    }

    /// Whether it names a button of its own without saying where it leads.
    pub fn needs_link(&self) -> bool {
        !self.button.is_empty() && self.link.is_empty()
    }

    /// Local time of day.
    pub fn time(&self) -> Time {
        let minute = self.minute.clamp(0, 24 * 60 - 1);
        let (hour, minute) = (minute / 60, minute % 60);
        Time::new(
            i8::try_from(hour).unwrap_or(0),
            i8::try_from(minute).unwrap_or(0),
            0,
            0,
        )
        .unwrap_or(Time::midnight())
    }

    /// Every time it leaves for a cohort of those dates, in the order of weeks.
    pub fn occurrences(&self, dates: &Dates) -> Vec<Occurrence> {
        let base: Vec<(i32, Date)> = match self.moment {
            Moment::Start => vec![(0, dates.start)],
            Moment::End => vec![(0, dates.end)],
            Moment::WeekOpens => dates
                .weeks
                .iter()
                .map(|(rank, opens, _)| (*rank, *opens))
                .collect(),
            Moment::WeekDue => dates
                .weeks
                .iter()
                .map(|(rank, _, due)| (*rank, *due))
                .collect(),
        };
        base.into_iter()
            .filter_map(|(week, day)| self.on(week, day, dates.time.zone()))
            .collect()
    }

    fn on(&self, week: i32, day: Date, zone: &TimeZone) -> Option<Occurrence> {
        let day = day.checked_add(i64::from(self.days).days()).ok()?;
        // A time that a change of clocks skips is after the gap; of two, the first.
        let at = day.to_datetime(self.time()).to_zoned(zone.clone()).ok()?;
        Some(Occurrence {
            week,
            day,
            at: at.timestamp().as_microsecond(),
        })
    }

    /// Whether one of its times has come, and is still worth it. What was over when it was
    /// switched on is not made up for; the first day goes on for whoever arrives later.
    pub fn is_due(&self, one: Occurrence, ends: Micros, now: Micros) -> bool {
        let Some(since) = self.active_since else {
            return false;
        };
        if self.goes_on() && one.at <= now && now < ends {
            return true;
        }
        one.at <= now && one.at > now - GRACE && one.at >= since
    }
}

/// What became of one of the times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It will leave.
    Planned,
    /// Somebody decided that it does not.
    Skipped,
    /// It has left.
    Sent,
    /// Its time went by: it was off, or nobody served.
    Missed,
}

impl Fate {
    /// As stored and shown.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Skipped => "skipped",
            Self::Sent => "sent",
            Self::Missed => "missed",
        }
    }

    /// What is known of a time, from what is stored of it.
    pub fn of(stored: Option<&str>, of: &Automation, one: Occurrence, now: Micros) -> Self {
        match stored {
            Some("skipped") => Self::Skipped,
            Some("sent") => Self::Sent,
            _ if one.at > now => Self::Planned,
            _ if of.is_due(one, one.at, now) => Self::Planned,
            _ => Self::Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use passerelle_kernel::env::HOUR;

    use super::*;
    use crate::cohorts::calendar::cohort_calendar;

    fn dates(start: Date) -> Dates {
        let weeks = cohort_calendar(start, 4).expect("a calendar");
        Dates {
            start,
            end: weeks[3].due_on,
            weeks: weeks
                .iter()
                .zip(1..)
                .map(|(w, rank)| (rank, w.opens_on, w.due_on))
                .collect(),
            time: GroupTime::named("Europe/Paris"),
        }
    }

    fn message(moment: Moment, days: i32, minute: i32) -> Automation {
        Automation {
            id: Uuid::nil(),
            space: Uuid::nil(),
            course: None,
            moment,
            days,
            minute,
            audience: Audience::All,
            subject: String::new(),
            body: String::new(),
            button: String::new(),
            link: String::new(),
            active_since: Some(0),
        }
    }

    fn local(at: Micros) -> String {
        let at = jiff::Timestamp::from_microsecond(at).expect("an instant");
        at.to_zoned(TimeZone::get("Europe/Paris").expect("a zone"))
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }

    #[test]
    fn a_message_keeps_its_local_time_on_both_sides_of_a_change_of_clocks() {
        // Clocks go back on 25 October 2026.
        let found = message(Moment::WeekOpens, 0, 8 * 60).occurrences(&dates(date(2026, 10, 19)));
        let shown: Vec<(i32, String)> = found.iter().map(|o| (o.week, local(o.at))).collect();
        assert_eq!(shown[0], (1, "2026-10-19 08:00".to_owned()));
        assert_eq!(shown[1], (2, "2026-10-26 08:00".to_owned()));
        assert_eq!(found[1].at - found[0].at, 7 * DAY + HOUR);
    }

    #[test]
    fn days_are_counted_before_and_after() {
        let of = dates(date(2026, 11, 23));
        let reminder = message(Moment::WeekDue, -2, 17 * 60 + 30).occurrences(&of);
        assert_eq!(local(reminder[0].at), "2026-11-27 17:30");
        assert_eq!(reminder.len(), 4);
        let survey = message(Moment::End, 1, 10 * 60).occurrences(&of);
        assert_eq!(
            (survey.len(), local(survey[0].at)),
            (1, "2026-12-21 10:00".to_owned())
        );
        assert_eq!(survey[0].week, 0);
    }

    #[test]
    fn what_was_over_is_not_made_up_for() {
        let mut one = message(Moment::WeekOpens, 0, 480);
        let first = one.occurrences(&dates(date(2026, 11, 23)))[0];
        let ends = first.at + 28 * DAY;
        assert!(!one.is_due(first, ends, first.at - 1));
        assert!(one.is_due(first, ends, first.at) && one.is_due(first, ends, first.at + DAY));
        assert!(
            !one.is_due(first, ends, first.at + GRACE),
            "too late to make sense"
        );
        one.active_since = Some(first.at + 1);
        assert!(
            !one.is_due(first, ends, first.at + 2),
            "switched on afterwards"
        );
        one.active_since = None;
        assert!(!one.is_due(first, ends, first.at));
        let welcome = message(Moment::Start, 0, 480);
        assert!(
            welcome.is_due(first, ends, first.at + 20 * DAY),
            "for whoever arrives"
        );
        assert!(!welcome.is_due(first, ends, ends));
        let absent = Automation {
            audience: Audience::Absent,
            ..welcome
        };
        assert!(absent.is_due(first, ends, first.at + DAY));
        assert!(
            !absent.is_due(first, ends, first.at + 20 * DAY),
            "its day is over"
        );
    }

    #[test]
    fn the_fate_of_a_time_is_what_is_stored_or_what_its_day_says() {
        let one = message(Moment::WeekOpens, 0, 480);
        let at = one.occurrences(&dates(date(2026, 11, 23)))[0];
        assert_eq!(Fate::of(None, &one, at, at.at - 1), Fate::Planned);
        assert_eq!(Fate::of(None, &one, at, at.at + 5 * DAY), Fate::Missed);
        assert_eq!(Fate::of(Some("sent"), &one, at, at.at), Fate::Sent);
        assert_eq!(
            Fate::of(Some("skipped"), &one, at, at.at - 1),
            Fate::Skipped
        );
    }
}

//! The rules of cohorts and enrolments; pure.

use jiff::civil::Date;

/// Trainees at most in one cohort.
pub const MAX_CAPACITY: i32 = 20_000;

/// Where a cohort stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CohortState {
    /// Not started: its plan still follows the course.
    Planned,
    /// Under way, its plan frozen.
    Running,
    /// Its last day is over.
    Ended,
    /// Its certificates are issued.
    Certified,
    /// Given up.
    Cancelled,
}

impl CohortState {
    /// Every state, in the order of a cohort's life.
    pub const ALL: [Self; 5] = [
        Self::Planned,
        Self::Running,
        Self::Ended,
        Self::Certified,
        Self::Cancelled,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Certified => "certified",
            Self::Cancelled => "cancelled",
        }
    }

    /// From what is stored.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether people may still be enrolled.
    pub fn takes_people(self) -> bool {
        matches!(self, Self::Planned | Self::Running)
    }

    /// The state that dates ask for on that local day; none when it is the present one.
    pub fn due(self, start: Date, end: Date, today: Date) -> Option<Self> {
        match self {
            Self::Planned | Self::Running if today > end => Some(Self::Ended),
            Self::Planned if today >= start => Some(Self::Running),
            _ => None,
        }
    }
}

/// Where an enrolment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnrolState {
    /// On the waiting list.
    Waiting,
    /// Has a place.
    Active,
    /// Has left.
    Left,
}

impl EnrolState {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Left => "left",
        }
    }

    /// From what is stored.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Active, Self::Left]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// How somebody came into a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Entered by a manager.
    Hand,
    /// From a file.
    Csv,
    /// By the link of the cohort.
    Link,
    /// From another cohort of the course.
    Move,
    /// Launched from another platform.
    Platform,
    /// By the command line or the demonstration.
    System,
}

impl Source {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Csv => "csv",
            Self::Link => "link",
            Self::Move => "move",
            Self::Platform => "platform",
            Self::System => "system",
        }
    }
}

/// Why somebody leaves: what indicator 2 publishes and indicator 12 follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveCause {
    /// A job, or another training.
    Work,
    /// Not enough time.
    Time,
    /// A personal reason; nothing more is asked.
    Personal,
    /// Connection, equipment.
    Technical,
    /// The training does not suit.
    Unsuited,
    /// Enrolled and never came.
    NeverCame,
    /// No news any more.
    NoNews,
    /// Enrolled by mistake.
    Mistake,
    /// Something else, told in the note.
    Other,
    /// Moved to another cohort; set by the move only.
    Moved,
}

impl LeaveCause {
    /// Those that a manager chooses from.
    pub const CHOICES: [Self; 9] = [
        Self::Work,
        Self::Time,
        Self::Personal,
        Self::Technical,
        Self::Unsuited,
        Self::NeverCame,
        Self::NoNews,
        Self::Mistake,
        Self::Other,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Time => "time",
            Self::Personal => "personal",
            Self::Technical => "technical",
            Self::Unsuited => "unsuited",
            Self::NeverCame => "never-came",
            Self::NoNews => "no-news",
            Self::Mistake => "mistake",
            Self::Other => "other",
            Self::Moved => "moved",
        }
    }

    /// From what is stored.
    pub fn parse(code: &str) -> Option<Self> {
        Self::CHOICES
            .into_iter()
            .chain([Self::Moved])
            .find(|cause| cause.code() == code)
    }
}

/// Places of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// In all.
    pub capacity: i32,
    /// Taken.
    pub active: i64,
    /// People who wait.
    pub waiting: i64,
}

impl Places {
    /// Places left; 0 when there are more people than places.
    pub fn free(self) -> i64 {
        (i64::from(self.capacity) - self.active).max(0)
    }

    /// What the next person gets. Whoever comes by the link does not overtake those who wait.
    pub fn next(self, source: Source) -> EnrolState {
        let overtakes = matches!(source, Source::Link | Source::Platform) && self.waiting > 0;
        if self.free() > 0 && !overtakes {
            EnrolState::Active
        } else {
            EnrolState::Waiting
        }
    }

    /// The places once somebody has got that.
    #[must_use]
    pub fn with(mut self, got: EnrolState) -> Self {
        match got {
            EnrolState::Active => self.active += 1,
            EnrolState::Waiting => self.waiting += 1,
            EnrolState::Left => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_move_a_cohort_forward_only() {
        let (start, end) = (date(2026, 11, 23), date(2026, 12, 20));
        let due = |state: CohortState, day| state.due(start, end, day);
        assert_eq!(due(CohortState::Planned, date(2026, 11, 22)), None);
        assert_eq!(due(CohortState::Planned, start), Some(CohortState::Running));
        assert_eq!(due(CohortState::Running, end), None);
        assert_eq!(
            due(CohortState::Running, date(2026, 12, 21)),
            Some(CohortState::Ended)
        );
        assert_eq!(
            due(CohortState::Planned, date(2027, 1, 1)),
            Some(CohortState::Ended)
        );
        for state in [
            CohortState::Ended,
            CohortState::Certified,
            CohortState::Cancelled,
        ] {
            assert_eq!(due(state, date(2027, 1, 1)), None);
        }
    }

    #[test]
    fn the_next_person_of_a_full_cohort_waits() {
        let mut places = Places {
            capacity: 2,
            active: 0,
            waiting: 0,
        };
        let mut got = Vec::new();
        for _ in 0..3 {
            let next = places.next(Source::Hand);
            got.push(next);
            places = places.with(next);
        }
        assert_eq!(
            got,
            [EnrolState::Active, EnrolState::Active, EnrolState::Waiting]
        );
        assert_eq!((places.free(), places.waiting), (0, 1));
    }

    #[test]
    fn whoever_comes_by_the_link_does_not_overtake_those_who_wait() {
        let places = Places {
            capacity: 2,
            active: 1,
            waiting: 1,
        };
        assert_eq!(places.next(Source::Link), EnrolState::Waiting);
        assert_eq!(places.next(Source::Hand), EnrolState::Active);
    }

    #[test]
    fn codes_are_read_back() {
        for state in CohortState::ALL {
            assert_eq!(CohortState::parse(state.code()), Some(state));
        }
        for cause in LeaveCause::CHOICES.into_iter().chain([LeaveCause::Moved]) {
            assert_eq!(LeaveCause::parse(cause.code()), Some(cause));
        }
        for state in [EnrolState::Waiting, EnrolState::Active, EnrolState::Left] {
            assert_eq!(EnrolState::parse(state.code()), Some(state));
        }
    }
}

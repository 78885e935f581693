//! Who is late, who never came, who keeps pace; pure.

use std::fmt::Write as _;

use jiff::civil::Date;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Form;

/// A trainee on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trainee {
    /// Enrolment.
    pub enrolment: Uuid,
    /// Person.
    pub person: Uuid,
    /// `active` or `left`.
    pub state: String,
    /// What lists sort them by.
    pub sort_name: String,
    /// Other last day, when later.
    pub extended_to: Option<Date>,
    /// First activity opened; none when they never came.
    pub first_seen_at: Option<Micros>,
    /// Last activity.
    pub last_activity_at: Option<Micros>,
    /// When the course was completed.
    pub completed_at: Option<Micros>,
}

/// Which trainees are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Everybody.
    #[default]
    All,
    /// Those who never opened anything.
    Never,
    /// Those who have something late; they may also never have come.
    Late,
    /// Those who came, have nothing late and have not finished.
    OnTrack,
    /// Those who completed the course.
    Finished,
}

impl Filter {
    /// All of them, in the order of the chips.
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::Never,
        Self::Late,
        Self::OnTrack,
        Self::Finished,
    ];

    /// As the address writes it; empty for everybody.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Never => "jamais",
            Self::Late => "retard",
            Self::OnTrack => "a-jour",
            Self::Finished => "termine",
        }
    }

    /// Whom it keeps, as a condition on `enrolment`; `$2` is the local day.
    pub fn rule(self) -> &'static str {
        match self {
            Self::All => "TRUE",
            Self::Never => "first_seen_at IS NULL",
            Self::Late => "completed_at IS NULL AND late_after < $2",
            Self::OnTrack => {
                "first_seen_at IS NOT NULL AND completed_at IS NULL AND (late_after IS NULL OR late_after >= $2)"
            }
            Self::Finished => "completed_at IS NOT NULL",
        }
    }

    /// Id of its message.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "tutoring-filter-all",
            Self::Never => "tutoring-filter-never",
            Self::Late => "tutoring-filter-late",
            Self::OnTrack => "tutoring-filter-on-track",
            Self::Finished => "tutoring-filter-finished",
        }
    }
}

/// What an address of the board asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who is shown.
    pub filter: Filter,
    /// Page, from 1.
    pub page: u64,
    /// The enrolment that is open beside.
    pub open: Option<Uuid>,
    /// The activity of that enrolment that is open beside.
    pub activity: Option<Uuid>,
}

impl Asked {
    /// Reads the query of an address; what is not understood is left out.
    pub fn parse(query: &Form) -> Self {
        let code = query.text("filtre");
        Self {
            filter: Filter::ALL
                .into_iter()
                .find(|filter| filter.code() == code)
                .unwrap_or_default(),
            page: query
                .number("page")
                .and_then(|page| u64::try_from(page).ok())
                .unwrap_or(1)
                .max(1),
            open: query.text("ouvert").parse().ok(),
            activity: query.text("activite").parse().ok(),
        }
    }

    /// The address of what is asked, of the board of a cohort.
    pub fn address(&self, cohort: Uuid) -> String {
        let mut out = format!("/groupe/{cohort}");
        let mut mark = '?';
        let mut add = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{mark}{name}={value}");
            mark = '&';
        };
        if self.filter != Filter::All {
            add("filtre", self.filter.code());
        }
        if self.page > 1 {
            add("page", &self.page.to_string());
        }
        if let Some(open) = self.open {
            add("ouvert", &open.to_string());
            if let Some(activity) = self.activity {
                add("activite", &activity.to_string());
            }
            out.push_str("#beside");
        }
        out
    }

    /// The same list with a row, or a cell of it, open beside.
    #[must_use]
    pub fn opening(&self, enrolment: Uuid, activity: Option<Uuid>) -> Self {
        Self {
            open: Some(enrolment),
            activity,
            ..*self
        }
    }

    /// The same list with nothing open.
    #[must_use]
    pub fn closed(&self) -> Self {
        Self {
            open: None,
            activity: None,
            ..*self
        }
    }
}

/// How far a trainee is from the expected pace, in the eyes of a tutor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At the pace, or ahead of it.
    Kept,
    /// Under the pace, nothing late yet.
    Below,
    /// Something is late.
    Late,
}

/// The pace of a share done against the share expected (both ten-thousandths).
pub fn pace(done: i64, expected: i64, late: usize) -> Pace {
    match (late > 0, done >= expected) {
        (true, _) => Pace::Late,
        (false, true) => Pace::Kept,
        (false, false) => Pace::Below,
    }
}

/// A response in the standard's notation, made readable: `a[,]b` is a list, `a[.]b` a pair, `1[:]5` a range.
pub fn readable(response: &str) -> String {
    response
        .replace("[,]", ", ")
        .replace("[.]", " → ")
        .replace("[:]", " – ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown_and_is_read_back() {
        let cohort = Uuid::from_u128(7);
        let asked = Asked {
            filter: Filter::Late,
            page: 2,
            open: Some(Uuid::from_u128(8)),
            activity: Some(Uuid::from_u128(9)),
        };
        let address = asked.address(cohort);
        let query = address
            .split_once('?')
            .unwrap()
            .1
            .split('#')
            .next()
            .unwrap();
        assert_eq!(Asked::parse(&Form::parse(query.as_bytes()).unwrap()), asked);
        let plain = Asked {
            filter: Filter::All,
            page: 1,
            open: None,
            activity: None,
        };
        assert_eq!(plain.address(cohort), format!("/groupe/{cohort}"));
        assert_eq!(
            asked.closed().address(cohort),
            format!("/groupe/{cohort}?filtre=retard&page=2")
        );
        assert_eq!(
            Asked::parse(&Form::from_pairs([
                ("filtre", "x"),
                ("page", "-3"),
                ("ouvert", "y")
            ])),
            plain
        );
    }

    #[test]
    fn being_under_the_pace_is_not_yet_being_late() {
        assert_eq!(pace(5_000, 5_000, 0), Pace::Kept);
        assert_eq!(pace(4_999, 5_000, 0), Pace::Below);
        assert_eq!(pace(9_000, 5_000, 1), Pace::Late);
    }

    #[test]
    fn responses_are_made_readable() {
        assert_eq!(readable("a[,]b[,]c"), "a, b, c");
        assert_eq!(readable("1[.]x[,]2[.]y"), "1 → x, 2 → y");
        assert_eq!(readable("oui"), "oui");
    }
}

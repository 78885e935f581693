//! Who is late, who never came, who keeps pace; pure.

use std::fmt::Write as _;

use jiff::civil::Date;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Form;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::learning::model::Plan;

/// A trainee on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trainee {
    /// Enrolment.
    pub enrolment: Uuid,
    /// Person.
    pub person: Uuid,
    /// `active` or `left`.
    pub state: String,
    /// Other last day, when later.
    pub extended_to: Option<Date>,
    /// First activity opened; none when they never came.
    pub first_seen_at: Option<Micros>,
    /// Last activity.
    pub last_activity_at: Option<Micros>,
    /// When the course was completed.
    pub completed_at: Option<Micros>,
    /// Needed activities done among those whose deadline has passed.
    pub due_done: i64,
}

impl Trainee {
    /// Needed activities whose deadline has passed and that are not done.
    pub fn late(&self, plan: &Plan, today: Date) -> i64 {
        let due = i64::try_from(plan.due_items(self.extended_to, today)).unwrap_or(i64::MAX);
        (due - self.due_done).max(0)
    }

    /// Whether a filter keeps them, given what they have late.
    pub fn is_kept(&self, filter: Filter, late: i64) -> bool {
        let late = late > 0 && self.completed_at.is_none();
        match filter {
            Filter::All => true,
            Filter::Never => self.first_seen_at.is_none(),
            Filter::Late => late,
            Filter::OnTrack => !late && self.first_seen_at.is_some() && self.completed_at.is_none(),
            Filter::Finished => self.completed_at.is_some(),
        }
    }
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
pub fn pace(done: i64, expected: i64, late: i64) -> Pace {
    match (late > 0, done >= expected) {
        (true, _) => Pace::Late,
        (false, true) => Pace::Kept,
        (false, false) => Pace::Below,
    }
}

/// A text as names are sorted: without accents nor case.
pub fn sort_key(name: &str) -> String {
    name.nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A response in the standard's notation, made readable: `a[,]b` is a list, `a[.]b` a pair, `1[:]5` a range.
pub fn readable(response: &str) -> String {
    response
        .replace("[,]", ", ")
        .replace("[.]", " → ")
        .replace("[:]", " – ")
}

/// A text that a spreadsheet will not take for a formula.
pub fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::cohorts::WeekDates;
    use crate::learning::model::{Item, PlanWeek};
    use crate::progress::model::ActivityRule;

    fn plan() -> Plan {
        let item = |n: u128, optional| Item {
            id: Uuid::from_u128(n),
            kind: "page".to_owned(),
            title: String::new(),
            minutes: 30,
            optional,
            rule: ActivityRule::Viewed,
            work: None,
        };
        let dates = WeekDates {
            opens_on: date(2026, 11, 2),
            due_on: date(2026, 11, 8),
        };
        let items = vec![item(1, false), item(2, false), item(3, true)];
        Plan {
            weeks: vec![PlanWeek {
                rank: 1,
                title: String::new(),
                summary: String::new(),
                dates,
                items,
            }],
        }
    }

    #[test]
    fn what_is_late_is_what_was_due_and_is_not_done() {
        let trainee = Trainee {
            due_done: 1,
            ..Trainee::default()
        };
        assert_eq!(trainee.late(&plan(), date(2026, 11, 8)), 0);
        assert_eq!(trainee.late(&plan(), date(2026, 11, 9)), 1);
        let extended = Trainee {
            extended_to: Some(date(2026, 11, 20)),
            ..Trainee::default()
        };
        assert_eq!(extended.late(&plan(), date(2026, 11, 20)), 0);
        assert_eq!(extended.late(&plan(), date(2026, 11, 21)), 2);
    }

    #[test]
    fn filters_tell_trainees_apart() {
        let never = Trainee::default();
        let came = Trainee {
            first_seen_at: Some(1),
            ..Trainee::default()
        };
        let finished = Trainee {
            completed_at: Some(2),
            ..came.clone()
        };
        let kept = |trainee: &Trainee, late| -> Vec<&str> {
            Filter::ALL
                .into_iter()
                .filter(|f| trainee.is_kept(*f, late))
                .map(Filter::code)
                .collect()
        };
        assert_eq!(kept(&never, 0), ["", "jamais"]);
        assert_eq!(kept(&never, 2), ["", "jamais", "retard"]);
        assert_eq!(kept(&came, 2), ["", "retard"]);
        assert_eq!(kept(&came, 0), ["", "a-jour"]);
        // The course can be completed without every activity, when its rule says so.
        assert_eq!(kept(&finished, 1), ["", "termine"]);
    }

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
    fn names_are_sorted_without_accents_nor_case() {
        let mut names = ["Zola", "Étienne", "eluard", "ÉLUARD", "Benali"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Benali", "eluard", "ÉLUARD", "Étienne", "Zola"]);
    }

    #[test]
    fn responses_are_made_readable() {
        assert_eq!(readable("a[,]b[,]c"), "a, b, c");
        assert_eq!(readable("1[.]x[,]2[.]y"), "1 → x, 2 → y");
        assert_eq!(readable("oui"), "oui");
    }

    #[test]
    fn a_spreadsheet_takes_no_name_for_a_formula() {
        assert_eq!(inert("=1+1"), "'=1+1");
        assert_eq!(inert("@Nom"), "'@Nom");
        assert_eq!(inert("Benali"), "Benali");
    }
}

//! Where a trainee stands in the plan of their cohort: what is open, late, to
//! do now; pure. What an activity is worth and when it is done is `progress`.

use std::collections::HashMap;

use jiff::civil::Date;
use passerelle_kernel::{Micros, Uuid};

use crate::cohorts::{Deadlines, GroupTime, PaceWeek, Term, WeekDates, cohort};
use crate::progress::model::{
    ActivityRule, CourseRule, Planned, Progress, Standing, Success, progress,
};

/// An activity with the week it is in.
type Place<'p> = (&'p PlanWeek, &'p Item);

/// Whether an activity of a week that opens on `opens_on` (`2026-11-23`, local to the group) may be opened.
///
/// Weeks stay open: after the last day of the cohort what was done can still be
/// read again, see [`Term::is_over`].
pub fn may_open(cohort: &cohort::Model, opens_on: &str, now: Micros) -> bool {
    cohort.state != "cancelled"
        && opens_on
            .parse::<Date>()
            .is_ok_and(|day| day <= cohort.time().today(now))
}

/// What a trainee has done of an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Done, by its rule.
    pub done: bool,
    /// Best score, ten-thousandths.
    pub score: Option<i32>,
    /// Passed or failed.
    pub success: Option<Success>,
    /// Time spent, seconds; shown, never counted.
    pub seconds: i64,
    /// First opened.
    pub started_at: Micros,
    /// Last opened or reported.
    pub last_at: Micros,
    /// When it became done.
    pub done_at: Option<Micros>,
}

/// What a trainee sent of an activity after the end: kept apart, never counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// When the first of it came.
    pub first_at: Micros,
    /// When the last of it came.
    pub last_at: Micros,
    /// Best score in it, ten-thousandths.
    pub score: Option<i32>,
}

/// An activity of the plan, with what a trainee did of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Activity.
    pub id: Uuid,
    /// `scorm`, `page`, `file` or `link`.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Estimate, minutes.
    pub minutes: i32,
    /// Never needed.
    pub optional: bool,
    /// When it is done.
    pub rule: ActivityRule,
    /// What was done; none when it was never opened.
    pub work: Option<Work>,
    /// What came after the end.
    pub late: Option<Late>,
}

impl Item {
    /// Whether it is done.
    pub fn done(&self) -> bool {
        self.work.is_some_and(|work| work.done)
    }
}

/// A week of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanWeek {
    /// From 1.
    pub rank: i32,
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// First and last day, local to the cohort.
    pub dates: WeekDates,
    /// Its activities, in order.
    pub items: Vec<Item>,
}

/// What is done of a set of activities that are needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Activities done.
    pub done: u32,
    /// Activities needed.
    pub needed: u32,
    /// Estimates of those done, minutes.
    pub done_minutes: i32,
    /// Estimates of all, minutes.
    pub minutes: i32,
}

impl Sum {
    /// Sums activities, leaving optional ones out.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        items
            .into_iter()
            .filter(|item| !item.optional)
            .fold(Self::default(), |sum, item| Self {
                done: sum.done + u32::from(item.done()),
                needed: sum.needed + 1,
                done_minutes: sum.done_minutes.saturating_add(if item.done() {
                    item.minutes
                } else {
                    0
                }),
                minutes: sum.minutes.saturating_add(item.minutes),
            })
    }

    /// Share of the estimated time that is done, ten-thousandths.
    pub fn share(&self) -> i64 {
        share(self.done_minutes, self.minutes)
    }
}

/// A share of minutes in ten-thousandths; nothing of nothing is nothing.
pub fn share(done: i32, of: i32) -> i64 {
    if of <= 0 {
        0
    } else {
        i64::from(done) * 10_000 / i64::from(of)
    }
}

/// The state of an activity for a trainee, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its week has not opened.
    Locked,
    /// Open, never opened by the trainee.
    NotStarted,
    /// Opened, not done.
    InProgress,
    /// Needed, not done, its deadline past.
    Late,
    /// Done.
    Done,
}

/// The state of an activity of a week that has these dates. What is optional is never late.
pub fn state_of(item: &Item, week: WeekDates, extended_to: Option<Date>, today: Date) -> State {
    let due = extended_to.map_or(week.due_on, |to| to.max(week.due_on));
    match item.work {
        Some(work) if work.done => State::Done,
        // What was begun and then closed by a change of dates stays in progress.
        work if week.opens_on > today => work.map_or(State::Locked, |_| State::InProgress),
        _ if due < today && !item.optional => State::Late,
        Some(_) => State::InProgress,
        None => State::NotStarted,
    }
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next<'a> {
    /// The week.
    pub week: &'a PlanWeek,
    /// The activity.
    pub item: &'a Item,
    /// Whether it was begun already.
    pub resumed: bool,
}

/// The next date that matters to a trainee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextDate {
    /// What remains of the open week is due on that day.
    Due(Date),
    /// The next week opens on that day.
    Opens(Date),
    /// The last day of the course.
    Ends(Date),
}

/// The weeks and activities of a cohort, as one trainee meets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In order.
    pub weeks: Vec<PlanWeek>,
}

impl Plan {
    /// Every activity with its week, in order.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&PlanWeek, &Item)> {
        self.weeks
            .iter()
            .flat_map(|week| week.items.iter().map(move |item| (week, item)))
    }

    /// An activity by its identifier.
    pub fn find(&self, activity: Uuid) -> Option<(&PlanWeek, &Item)> {
        self.items().find(|(_, item)| item.id == activity)
    }

    /// The activities before and after that one.
    pub fn around(&self, activity: Uuid) -> (Option<Place<'_>>, Option<Place<'_>>) {
        let all: Vec<_> = self.items().collect();
        let Some(at) = all.iter().position(|(_, item)| item.id == activity) else {
            return (None, None);
        };
        (
            at.checked_sub(1)
                .and_then(|before| all.get(before))
                .copied(),
            all.get(at + 1).copied(),
        )
    }

    /// What to do now: the activity last opened and not done; otherwise the first one needed that is
    /// not done in the weeks that are open; otherwise an optional one that was begun or waits.
    pub fn next(&self, today: Date) -> Option<Next<'_>> {
        let open = || {
            self.items()
                .filter(move |(week, item)| week.dates.opens_on <= today && !item.done())
        };
        let begun = open()
            .filter(|(_, item)| item.work.is_some())
            .max_by_key(|(_, item)| item.work.map(|w| w.last_at));
        let found = begun
            .or_else(|| open().find(|(_, item)| !item.optional))
            .or_else(|| open().next())?;
        Some(Next {
            week: found.0,
            item: found.1,
            resumed: found.1.work.is_some(),
        })
    }

    /// The week that is under way: the last one that has opened.
    pub fn current(&self, today: Date) -> Option<&PlanWeek> {
        self.weeks
            .iter()
            .rev()
            .find(|week| week.dates.opens_on <= today)
    }

    /// The next date that matters.
    pub fn next_date(&self, today: Date, last_day: Option<Date>) -> Option<NextDate> {
        let current = self.current(today);
        let unfinished = current.filter(|week| {
            week.dates.due_on >= today && {
                let sum = Sum::of(&week.items);
                sum.done < sum.needed
            }
        });
        if let Some(week) = unfinished {
            return Some(NextDate::Due(week.dates.due_on));
        }
        let opening = self
            .weeks
            .iter()
            .find(|week| week.dates.opens_on > today)
            .map(|w| NextDate::Opens(w.dates.opens_on));
        opening.or_else(|| last_day.filter(|day| *day >= today).map(NextDate::Ends))
    }

    /// Needed activities that are late.
    pub fn late(&self, extended_to: Option<Date>, today: Date) -> usize {
        self.items()
            .filter(|(week, item)| state_of(item, week.dates, extended_to, today) == State::Late)
            .count()
    }

    /// Sum of the whole plan.
    pub fn sum(&self) -> Sum {
        Sum::of(self.items().map(|(_, item)| item))
    }

    /// Openings, deadlines and expected pace, by the group's clock.
    pub fn deadlines(&self, time: GroupTime) -> Deadlines {
        let weeks = self.weeks.iter().map(|week| PaceWeek {
            dates: week.dates,
            minutes: Sum::of(&week.items).minutes,
        });
        Deadlines::new(weeks.collect(), time)
    }

    /// Needed activities whose deadline has passed that day, extension included, done or not.
    pub fn due_items(&self, extended_to: Option<Date>, today: Date) -> usize {
        self.items()
            .filter(|(week, item)| {
                !item.optional
                    && extended_to.map_or(week.dates.due_on, |to| to.max(week.dates.due_on)) < today
            })
            .count()
    }

    /// Completion by the rules agreed.
    pub fn progress(&self, rule: CourseRule, agreed_minutes: i32) -> Progress {
        let mut states = HashMap::new();
        let mut plan = Vec::new();
        for (_, item) in self.items() {
            plan.push(Planned {
                id: item.id,
                title: item.title.clone(),
                minutes: item.minutes,
                optional: item.optional,
                rule: item.rule,
            });
            if let Some(work) = item.work {
                states.insert(
                    item.id,
                    Standing {
                        started: true,
                        done: work.done,
                        score: work.score,
                    },
                );
            }
        }
        progress(rule, agreed_minutes, &plan, &states)
    }

    /// Replaces what the trainee did, for a plan that serves several of them.
    #[must_use]
    pub fn with(&self, works: &HashMap<Uuid, Work>) -> Self {
        let mut plan = self.clone();
        plan.fill(works);
        plan
    }

    /// Puts what another enrolment did in place of what is there.
    pub fn fill(&mut self, works: &HashMap<Uuid, Work>) {
        for item in self.weeks.iter_mut().flat_map(|week| week.items.iter_mut()) {
            item.work = works.get(&item.id).copied();
        }
    }
}

/// Where an enrolment is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Between the first and the last day.
    Running,
    /// Before the first day.
    Upcoming,
    /// After the last day.
    Over,
}

/// An enrolment on its trainee's home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Enrolment.
    pub id: Uuid,
    /// Its cohort.
    pub cohort: cohort::Model,
    /// `waiting` or `active`.
    pub state: String,
    /// Other last day, when later.
    pub extended_to: Option<String>,
    /// Last activity.
    pub last_activity_at: Option<Micros>,
    /// When the course was completed.
    pub completed_at: Option<Micros>,
}

impl Enrolled {
    /// What decides whether their work counts.
    fn term(&self) -> Term {
        Term::of(&self.cohort, &self.state, self.extended_to.as_deref())
    }

    /// Where it is in time.
    pub fn phase(&self, now: Micros) -> Phase {
        if self.term().is_over(now) {
            Phase::Over
        } else if self
            .cohort
            .start_date
            .parse::<Date>()
            .is_ok_and(|day| day > self.cohort.time().today(now))
        {
            Phase::Upcoming
        } else {
            Phase::Running
        }
    }
}

/// Which enrolment the home page is about: one under way, the last worked on first; otherwise the
/// next to start; otherwise the last that ended. Waiting lists never are.
pub fn foremost(enrolments: &[Enrolled], now: Micros) -> Option<&Enrolled> {
    let active = || enrolments.iter().filter(|e| e.state == "active");
    let in_phase = |phase| active().filter(move |e| e.phase(now) == phase);
    in_phase(Phase::Running)
        .max_by(|a, b| {
            let worked = (a.completed_at.is_none(), a.last_activity_at)
                .cmp(&(b.completed_at.is_none(), b.last_activity_at));
            worked.then_with(|| b.cohort.end_date.cmp(&a.cohort.end_date))
        })
        .or_else(|| {
            in_phase(Phase::Upcoming).min_by(|a, b| a.cohort.start_date.cmp(&b.cohort.start_date))
        })
        .or_else(|| in_phase(Phase::Over).max_by(|a, b| a.cohort.end_date.cmp(&b.cohort.end_date)))
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;

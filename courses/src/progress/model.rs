//! The rules of completion and of honest time; pure.
//!
//! An activity done counts its whole estimate, otherwise nothing; optional and
//! repeated ones count once; the total is capped by the duration agreed
//! (Labour code D.6313-3-1: activities done × their estimated time).
//! Connection time is never summed here.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// When an activity is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActivityRule {
    /// Opened once.
    Viewed,
    /// Completed, as the content reports it.
    Completed,
    /// Passed, as the content reports it.
    Passed,
    /// A score of at least so many ten-thousandths.
    Score {
        /// From 0 to 10,000.
        at_least: i32,
    },
    /// Declared done by the trainee.
    Declared,
}

/// When a course is completed. Optional activities never count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CourseRule {
    /// Every activity.
    All,
    /// So many of them.
    Count {
        /// At least 1.
        at_least: u32,
    },
    /// A share of the estimated time, in ten-thousandths.
    Share {
        /// From 1 to 10,000.
        at_least: u32,
    },
}

/// Passed or failed, as the content reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

impl Success {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
    /// From what is stored.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "passed" => Some(Self::Passed),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// What has been seen of a trainee in an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Opened.
    pub viewed: bool,
    /// Reported completed.
    pub completed: bool,
    /// Reported passed or failed; passed stays.
    pub success: Option<Success>,
    /// Best score, ten-thousandths.
    pub score: Option<i32>,
    /// Declared done by the trainee.
    pub declared: bool,
}

impl ActivityRule {
    /// Whether what has been seen is enough.
    pub fn is_met(self, seen: &Seen) -> bool {
        match self {
            Self::Viewed => seen.viewed || seen.completed,
            // Content that reports a pass without a completion has been gone through.
            Self::Completed => seen.completed || seen.success == Some(Success::Passed),
            Self::Passed => seen.success == Some(Success::Passed),
            Self::Score { at_least } => seen.score.is_some_and(|score| score >= at_least),
            Self::Declared => seen.declared,
        }
    }
}

/// An activity as a cohort agreed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Activity.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Estimate, minutes.
    pub minutes: i32,
    /// Never needed, counted once when done.
    pub optional: bool,
    /// When it is done.
    pub rule: ActivityRule,
}

/// Where a trainee stands in an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Opened.
    pub started: bool,
    /// Done, by its rule.
    pub done: bool,
    /// Best score, ten-thousandths.
    pub score: Option<i32>,
}

/// Something still missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An activity is not done.
    Activity {
        /// Which.
        id: Uuid,
        /// Its title.
        title: String,
        /// Its rule.
        rule: ActivityRule,
        /// Best score so far, ten-thousandths.
        score: Option<i32>,
    },
    /// So many more activities, whichever.
    More {
        /// At least 1.
        count: u32,
    },
    /// So many more minutes of activities, whichever.
    Minutes {
        /// At least 1.
        minutes: i32,
    },
}

/// A trainee's progress in a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Needed activities that are done.
    pub done: u32,
    /// Needed activities.
    pub needed: u32,
    /// Realised time: estimates of what is done, capped by the duration agreed; minutes.
    pub minutes: i32,
    /// Estimates of the needed activities; minutes.
    pub planned_minutes: i32,
    /// Whether the course's rule is met.
    pub complete: bool,
    /// What is still missing, in order; empty when complete.
    pub missing: Vec<Missing>,
}

impl Progress {
    /// Needed activities done, in ten-thousandths.
    pub fn share(&self) -> i64 {
        if self.needed == 0 {
            0
        } else {
            i64::from(self.done) * 10_000 / i64::from(self.needed)
        }
    }
}

/// Works out a trainee's progress.
pub fn progress(
    rule: CourseRule,
    agreed_minutes: i32,
    plan: &[Planned],
    states: &HashMap<Uuid, Standing>,
) -> Progress {
    let state = |activity: &Planned| states.get(&activity.id).copied().unwrap_or_default();
    let needed: Vec<&Planned> = plan.iter().filter(|a| !a.optional).collect();
    let done: Vec<&&Planned> = needed.iter().filter(|a| state(a).done).collect();
    let planned_minutes = sum(needed.iter().map(|a| a.minutes));
    let needed_minutes_done = sum(done.iter().map(|a| a.minutes));
    let realised = sum(plan.iter().filter(|a| state(a).done).map(|a| a.minutes));
    let missing = match rule {
        CourseRule::All => needed
            .iter()
            .filter(|a| !state(a).done)
            .map(|a| Missing::Activity {
                id: a.id,
                title: a.title.clone(),
                rule: a.rule,
                score: state(a).score,
            })
            .collect(),
        CourseRule::Count { at_least } => {
            // A course that lost activities since the rule was written stays reachable.
            let goal = at_least.min(needed.len() as u32);
            let more = goal.saturating_sub(done.len() as u32);
            if more > 0 {
                vec![Missing::More { count: more }]
            } else {
                Vec::new()
            }
        }
        CourseRule::Share { at_least } => {
            let goal = i64::from(planned_minutes) * i64::from(at_least.min(10_000));
            let goal = i32::try_from((goal + 9_999) / 10_000).unwrap_or(i32::MAX);
            let minutes = goal - needed_minutes_done;
            if minutes > 0 {
                vec![Missing::Minutes { minutes }]
            } else {
                Vec::new()
            }
        }
    };
    Progress {
        done: done.len() as u32,
        needed: needed.len() as u32,
        minutes: realised.min(agreed_minutes.max(0)),
        planned_minutes,
        complete: !needed.is_empty() && missing.is_empty(),
        missing,
    }
}

fn sum(minutes: impl Iterator<Item = i32>) -> i32 {
    minutes.fold(0, i32::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plan(minutes: &[(i32, bool)]) -> Vec<Planned> {
        minutes
            .iter()
            .enumerate()
            .map(|(n, (minutes, optional))| Planned {
                id: Uuid::from_u128(n as u128),
                title: format!("Activité {n}"),
                minutes: *minutes,
                optional: *optional,
                rule: ActivityRule::Completed,
            })
            .collect()
    }

    fn done(ids: &[u128]) -> HashMap<Uuid, Standing> {
        ids.iter()
            .map(|n| {
                (
                    Uuid::from_u128(*n),
                    Standing {
                        started: true,
                        done: true,
                        score: None,
                    },
                )
            })
            .collect()
    }

    #[test]
    fn an_activity_done_counts_its_whole_estimate_otherwise_nothing() {
        let plan = plan(&[(30, false), (45, false)]);
        let mut states = done(&[0]);
        states.insert(
            Uuid::from_u128(1),
            Standing {
                started: true,
                done: false,
                score: Some(9000),
            },
        );
        let p = progress(CourseRule::All, 1000, &plan, &states);
        assert_eq!((p.minutes, p.done, p.needed, p.complete), (30, 1, 2, false));
        assert_eq!(p.missing.len(), 1);
    }

    #[test]
    fn the_total_is_capped_by_the_duration_agreed() {
        let p = progress(
            CourseRule::All,
            60,
            &plan(&[(50, false), (50, false)]),
            &done(&[0, 1]),
        );
        assert_eq!((p.minutes, p.complete), (60, true));
    }

    #[test]
    fn an_optional_activity_counts_its_time_but_is_never_missing() {
        let plan = plan(&[(30, false), (20, true)]);
        assert!(progress(CourseRule::All, 100, &plan, &done(&[0])).complete);
        assert_eq!(
            progress(CourseRule::All, 100, &plan, &done(&[0, 1])).minutes,
            50
        );
        let p = progress(CourseRule::Count { at_least: 1 }, 100, &plan, &done(&[1]));
        assert_eq!(p.missing, vec![Missing::More { count: 1 }]);
    }

    #[test]
    fn a_share_of_time_is_rounded_against_the_trainee_by_less_than_a_minute() {
        let plan = plan(&[(10, false), (10, false), (10, false)]);
        let rule = CourseRule::Share { at_least: 3_334 };
        assert_eq!(
            progress(rule, 100, &plan, &done(&[0])).missing,
            vec![Missing::Minutes { minutes: 1 }]
        );
        assert!(
            progress(
                CourseRule::Share { at_least: 3_333 },
                100,
                &plan,
                &done(&[0])
            )
            .complete
        );
    }

    #[test]
    fn a_course_without_activities_is_never_complete() {
        assert!(!progress(CourseRule::All, 100, &[], &HashMap::new()).complete);
    }

    #[test]
    fn rules_say_when_an_activity_is_done() {
        let seen = Seen {
            viewed: true,
            score: Some(7_000),
            ..Seen::default()
        };
        assert!(ActivityRule::Viewed.is_met(&seen));
        assert!(ActivityRule::Score { at_least: 7_000 }.is_met(&seen));
        assert!(!ActivityRule::Score { at_least: 7_001 }.is_met(&seen));
        assert!(!ActivityRule::Completed.is_met(&seen));
        assert!(!ActivityRule::Declared.is_met(&seen));
        let passed = Seen {
            success: Some(Success::Passed),
            ..Seen::default()
        };
        assert!(ActivityRule::Completed.is_met(&passed) && ActivityRule::Passed.is_met(&passed));
    }

    proptest! {
        #[test]
        fn doing_more_never_lowers_anything(
            shape in prop::collection::vec((1_i32..500, any::<bool>()), 1..20),
            before in prop::collection::vec(0_u128..20, 0..20),
            more in prop::collection::vec(0_u128..20, 0..20),
            share in 1_u32..10_000,
        ) {
            let plan = plan(&shape);
            let after: Vec<u128> = before.iter().chain(&more).copied().collect();
            for rule in [CourseRule::All, CourseRule::Count { at_least: 3 }, CourseRule::Share { at_least: share }] {
                let (a, b) = (progress(rule, 600, &plan, &done(&before)), progress(rule, 600, &plan, &done(&after)));
                prop_assert!(b.minutes >= a.minutes && b.done >= a.done && b.complete >= a.complete);
                prop_assert!(b.minutes <= 600);
                prop_assert_eq!(b.complete, b.missing.is_empty() && b.needed > 0);
            }
        }
    }
}

//! What the states of the SCOs of an attempt mean for the activity; pure.
//!
//! Without sequencing, an activity is completed when each of its listed items that
//! can be opened is; failed as soon as one is failed; passed when all is completed and
//! every item that judges is passed; its score is the mean of the scores
//! reported. (The default rollup of SCORM 2004 with equal weights, except that
//! items which judge nothing do not stand in the way.)

use passerelle_kernel::Micros;
use passerelle_scorm::manifest::TocItem;
use passerelle_scorm::model::{Completion, Standard, State, Success as ScoSuccess, Summary};
use sea_orm::DbErr;

use crate::content::Contents;
use crate::progress::model::{Seen, Success};

/// What is stored of a SCO beside its elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoSummary {
    /// `unknown`, `not_attempted`, `incomplete` or `completed`.
    pub completion: &'static str,
    /// `unknown`, `passed` or `failed`.
    pub success: &'static str,
    /// Share of the score reached, ten-thousandths.
    pub score: Option<i32>,
    /// Progress measure, ten-thousandths.
    pub progress: Option<i32>,
    /// Time in all, the current session included; seconds.
    pub seconds: i64,
}

impl ScoSummary {
    /// Reads a state.
    pub fn of(state: &State) -> Self {
        let summary = Summary::of(state);
        let session = summary.session_time.unwrap_or_default();
        Self {
            completion: completion_code(summary.completion),
            success: match summary.success {
                ScoSuccess::Unknown => "unknown",
                ScoSuccess::Passed => "passed",
                ScoSuccess::Failed => "failed",
            },
            score: summary.share(),
            progress: summary.progress,
            seconds: summary.total_time.plus(session).hundredths() / 100,
        }
    }

    /// An item that reports nothing: opening it is all there is.
    pub fn opened_asset() -> Self {
        Self {
            completion: "completed",
            success: "unknown",
            ..Self::default()
        }
    }
}

fn completion_code(completion: Completion) -> &'static str {
    match completion {
        Completion::Unknown => "unknown",
        Completion::NotAttempted => "not_attempted",
        Completion::Incomplete => "incomplete",
        Completion::Completed => "completed",
    }
}

/// A stored SCO, as the rollup reads it.
#[derive(Clone, Debug)]
pub struct Child {
    /// Identifier of the item.
    pub sco: String,
    /// See [`ScoSummary`].
    pub completion: String,
    /// See [`ScoSummary`].
    pub success: String,
    /// See [`ScoSummary`].
    pub score: Option<i32>,
    /// See [`ScoSummary`].
    pub seconds: i64,
}

/// What an attempt shows of its activity, with the time declared in seconds. `counted` are the
/// items that completion, success and the mean look at ([`counted`]); time is that of all.
pub fn rollup(counted: &[String], children: &[Child]) -> (Seen, i64) {
    let seconds = children
        .iter()
        .map(|c| c.seconds)
        .fold(0, i64::saturating_add);
    let children: Vec<&Child> = children
        .iter()
        .filter(|c| counted.contains(&c.sco))
        .collect();
    let child = |id: &String| children.iter().find(|c| &c.sco == id);
    let completed = !counted.is_empty()
        && counted
            .iter()
            .all(|id| child(id).is_some_and(|c| is_completed(&c.completion, &c.success)));
    let failed = children.iter().any(|c| c.success == "failed");
    let passed = children.iter().any(|c| c.success == "passed");
    let success = match (failed, passed && completed) {
        (true, _) => Some(Success::Failed),
        (false, true) => Some(Success::Passed),
        (false, false) => None,
    };
    let scores: Vec<i64> = children
        .iter()
        .filter_map(|c| c.score.map(i64::from))
        .collect();
    // Never rounded up: a mean just below a threshold stays below.
    let score = (!scores.is_empty())
        .then(|| scores.iter().sum::<i64>().div_euclid(scores.len() as i64) as i32);
    (
        Seen {
            viewed: true,
            completed,
            success,
            score,
            declared: false,
        },
        seconds,
    )
}

fn is_completed(completion: &str, success: &str) -> bool {
    completion == "completed" || success == "passed"
}

/// Where a SCO or a page was left, to know where a person stopped.
#[derive(Clone, Debug)]
pub struct Left {
    /// Identifier of the item.
    pub sco: String,
    /// Last commit.
    pub at: Micros,
    /// See [`ScoSummary`].
    pub completion: String,
    /// See [`ScoSummary`].
    pub success: String,
    /// Its session ended.
    pub finished: bool,
    /// It asked to suspend the whole (`adl.nav.request`, SCORM 2004).
    pub suspended_all: bool,
}

impl Left {
    fn is_completed(&self) -> bool {
        is_completed(&self.completion, &self.success)
    }
}

/// The item to open first: the one that was open last, unless it is completed and was not suspended
/// with the whole (SCORM 2004 SN, resume all: the suspended activity); then what remains after it,
/// then what remains, then the first.
pub fn resume_at(items: &[TocItem], left: &[Left]) -> Option<String> {
    let steps = steps(items);
    let place = |sco: &str| items.iter().position(|item| item.identifier == sco);
    let openable = |item: &TocItem| item.href.is_some();
    let last = left
        .iter()
        .filter(|one| place(&one.sco).is_some_and(|at| openable(&items[at])))
        .max_by_key(|one| (one.at, !one.finished, place(&one.sco)));
    if let Some(last) = last.filter(|one| one.suspended_all || !one.is_completed()) {
        return Some(last.sco.clone());
    }
    let done = |id: &str| left.iter().any(|one| one.sco == id && one.is_completed());
    let after = last.and_then(|one| place(&one.sco));
    let remains = || steps.iter().filter(|item| !done(&item.identifier));
    remains()
        .find(|item| place(&item.identifier) > after)
        .or_else(|| remains().next())
        .or_else(|| steps.first())
        .map(|item| item.identifier.clone())
}

/// The table of contents of a package, from its row.
pub fn items(contents: &str) -> Result<Vec<TocItem>, DbErr> {
    read(contents).map(|c| c.items)
}

/// What the row of a package keeps.
pub fn read(contents: &str) -> Result<Contents, DbErr> {
    serde_json::from_str(contents).map_err(|e| DbErr::Json(e.to_string()))
}

/// The items that are listed and can be opened, in order. `isvisible` says of an item alone, not of
/// what is below it (CAM, item): what is not shown is there for the content to open. A package
/// that shows nothing is its items all the same.
pub fn steps(items: &[TocItem]) -> Vec<&TocItem> {
    let openable = || items.iter().filter(|item| item.href.is_some());
    let listed: Vec<_> = openable().filter(|item| item.visible).collect();
    if listed.is_empty() {
        openable().collect()
    } else {
        listed
    }
}

/// Identifiers of the items that completion and the mean look at: those that are listed and can be
/// opened, and those that cannot but that a manager wants all the same.
pub fn counted(contents: &Contents) -> Vec<String> {
    steps(&contents.items)
        .into_iter()
        .map(|item| item.identifier.clone())
        .chain(contents.still_wanted())
        .collect()
}

/// The standard of a package, as stored.
pub fn standard(code: &str) -> Standard {
    if code == "scorm12" {
        Standard::Scorm12
    } else {
        Standard::Scorm2004
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(sco: &str, completion: &str, success: &str, score: Option<i32>) -> Child {
        Child {
            sco: sco.into(),
            completion: completion.into(),
            success: success.into(),
            score,
            seconds: 60,
        }
    }

    fn ids(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("S{i}")).collect()
    }

    fn item(id: &str, visible: bool, href: bool) -> TocItem {
        serde_json::from_value(serde_json::json!({
            "identifier": id, "title": id, "depth": 0, "kind": "sco", "visible": visible,
            "href": href.then(|| format!("{id}.html")), "external": false, "objectives": [], "hide_lms_ui": [], "data_maps": [],
        }))
        .expect("an item")
    }

    fn left(sco: &str, at: Micros, completion: &str, finished: bool) -> Left {
        Left {
            sco: sco.into(),
            at,
            completion: completion.into(),
            success: "unknown".into(),
            finished,
            suspended_all: false,
        }
    }

    /// An item with `isvisible="false"` was listed, was needed, and weighed in the mean.
    #[test]
    fn what_is_not_shown_is_needed_neither_for_completion_nor_for_the_mean() {
        let contents = Contents {
            items: vec![
                item("S0", true, true),
                item("S1", false, true),
                item("S2", true, true),
            ],
            ..Contents::default()
        };
        let needed = counted(&contents);
        assert_eq!(needed, ["S0", "S2"]);
        let done = [
            child("S0", "completed", "unknown", Some(2000)),
            child("S2", "completed", "passed", Some(4000)),
        ];
        let seen = rollup(&needed, &done).0;
        assert!(seen.completed);
        assert_eq!(
            (seen.score, seen.success),
            (Some(3000), Some(Success::Passed))
        );
        let hidden = child("S1", "incomplete", "failed", Some(10_000));
        let with_hidden: Vec<Child> = done.into_iter().chain([hidden]).collect();
        assert_eq!(rollup(&needed, &with_hidden).0, seen);
        assert_eq!(rollup(&needed, &with_hidden).1, 180, "its time is time");
        let all_hidden = Contents {
            items: vec![item("S0", false, true)],
            ..Contents::default()
        };
        assert_eq!(counted(&all_hidden), ["S0"]);
    }

    /// One dead item kept everybody from ending; a manager may still want it.
    #[test]
    fn an_item_that_cannot_be_opened_is_out_unless_a_manager_wants_it() {
        let mut contents = Contents {
            items: vec![item("S0", true, true), item("DEAD", true, false)],
            ..Contents::default()
        };
        let done = [child("S0", "completed", "unknown", None)];
        assert!(rollup(&counted(&contents), &done).0.completed);
        contents.wanted = vec!["DEAD".into(), "S0".into(), "GONE".into()];
        assert_eq!(counted(&contents), ["S0", "DEAD"]);
        assert!(!rollup(&counted(&contents), &done).0.completed);
    }

    /// A package of several SCOs opened again at the first that was not finished.
    #[test]
    fn an_attempt_opens_where_the_person_stopped() {
        let items = ["S0", "S1", "S2"].map(|id| item(id, true, true));
        let at = |left: &[Left]| resume_at(&items, left).expect("an item");
        assert_eq!(at(&[]), "S0");
        let first = left("S0", 10, "incomplete", true);
        assert_eq!(
            at(&[first.clone(), left("S1", 20, "incomplete", true)]),
            "S1"
        );
        // At the same instant: what is still open.
        assert_eq!(
            at(&[
                left("S2", 10, "incomplete", true),
                left("S1", 10, "incomplete", false)
            ]),
            "S1"
        );
        // What is completed leads on, then back to what was left out.
        assert_eq!(
            at(&[first.clone(), left("S1", 20, "completed", true)]),
            "S2"
        );
        assert_eq!(
            at(&[
                first.clone(),
                left("S1", 5, "completed", true),
                left("S2", 20, "completed", true)
            ]),
            "S0"
        );
        // Suspended with the whole: there, whatever it says of itself.
        let whole = Left {
            suspended_all: true,
            ..left("S1", 20, "completed", true)
        };
        assert_eq!(at(&[first, whole]), "S1");
        let all = ["S0", "S1", "S2"].map(|id| left(id, 1, "completed", true));
        assert_eq!(at(&all), "S0");
        // What was opened by the content itself is resumed too; what cannot be opened is not.
        let mixed = [
            item("S0", true, true),
            item("H", false, true),
            item("D", true, false),
        ];
        let open = [
            left("H", 5, "incomplete", false),
            left("D", 9, "incomplete", false),
        ];
        assert_eq!(resume_at(&mixed, &open).as_deref(), Some("H"));
    }

    /// The mean of 79.99 and 80.00 became 80.00 where both ends were rounded.
    #[test]
    fn a_mean_is_never_rounded_up() {
        let scores = [
            child("S0", "completed", "unknown", Some(7999)),
            child("S1", "completed", "unknown", Some(8000)),
        ];
        assert_eq!(rollup(&ids(2), &scores).0.score, Some(7999));
        let below = [
            child("S0", "completed", "unknown", Some(-1)),
            child("S1", "completed", "unknown", Some(0)),
        ];
        assert_eq!(rollup(&ids(2), &below).0.score, Some(-1));
    }

    #[test]
    fn an_activity_is_completed_when_each_item_is() {
        let one = [child("S0", "completed", "unknown", None)];
        assert!(rollup(&ids(1), &one).0.completed);
        assert!(!rollup(&ids(2), &one).0.completed);
        assert!(!rollup(&[], &[]).0.completed);
    }

    #[test]
    fn one_failure_fails_and_unjudged_items_do_not_stand_in_the_way() {
        let mixed = [
            child("S0", "completed", "passed", Some(9000)),
            child("S1", "completed", "unknown", None),
        ];
        assert_eq!(rollup(&ids(2), &mixed).0.success, Some(Success::Passed));
        assert_eq!(rollup(&ids(2), &mixed).0.score, Some(9000));
        let failed = [
            child("S0", "completed", "passed", Some(9000)),
            child("S1", "completed", "failed", Some(1000)),
        ];
        assert_eq!(rollup(&ids(2), &failed).0.success, Some(Success::Failed));
        assert_eq!(rollup(&ids(2), &failed).0.score, Some(5000));
        assert_eq!(rollup(&ids(2), &failed).1, 120);
    }

    #[test]
    fn a_pass_waits_for_the_rest() {
        let half = [child("S0", "completed", "passed", Some(9000))];
        assert_eq!(rollup(&ids(2), &half).0.success, None);
    }
}

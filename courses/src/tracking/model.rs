//! What the states of the SCOs of an attempt mean for the activity; pure.
//!
//! Without sequencing, an activity is completed when each of its launchable
//! items is; failed as soon as one is failed; passed when all is completed and
//! every item that judges is passed; its score is the mean of the scores
//! reported. (The default rollup of SCORM 2004 with equal weights, except that
//! items which judge nothing do not stand in the way.)

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

/// What an attempt shows of its activity, with the time spent in seconds.
pub fn rollup(launchable: &[String], children: &[Child]) -> (Seen, i64) {
    let child = |id: &String| children.iter().find(|c| &c.sco == id);
    let completed = !launchable.is_empty()
        && launchable.iter().all(|id| {
            child(id).is_some_and(|c| c.completion == "completed" || c.success == "passed")
        });
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
    let score =
        (!scores.is_empty()).then(|| (scores.iter().sum::<i64>() / scores.len() as i64) as i32);
    let seconds = children
        .iter()
        .map(|c| c.seconds)
        .fold(0, i64::saturating_add);
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

/// The table of contents of a package, from its row.
pub fn items(contents: &str) -> Result<Vec<TocItem>, DbErr> {
    serde_json::from_str::<Contents>(contents)
        .map(|c| c.items)
        .map_err(|e| DbErr::Json(e.to_string()))
}

/// Identifiers of the items that can be opened.
pub fn launchable(items: &[TocItem]) -> Vec<String> {
    items
        .iter()
        .filter(|item| item.href.is_some())
        .map(|item| item.identifier.clone())
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

//! Interactions and objectives of a state, for a tutor's view and for exports.
//! Texts are the SCO's own: a page must escape them.

use super::summary::{Completion, Success, reached, span, ten_thousandths};
use super::{Span, Standard, State};

/// One question answered, or one thing done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interaction {
    /// Position in the journal of interactions.
    pub index: u32,
    /// The SCO's identifier.
    pub id: String,
    /// `choice`, `fill-in`…, in the standard's words.
    pub kind: Option<String>,
    /// The response in the notation of its type.
    pub response: Option<String>,
    /// `correct`, `incorrect` (`wrong` in 1.2), `neutral`, `unanticipated`, or a number.
    pub result: Option<String>,
    /// Patterns of correct responses.
    pub correct: Vec<String>,
    /// Time taken to answer.
    pub latency: Option<Span>,
    /// 2004: date and time; 1.2: time of day. As the SCO wrote it.
    pub timestamp: Option<String>,
    /// The question itself (2004).
    pub description: Option<String>,
    /// In ten-thousandths.
    pub weighting: Option<i64>,
    /// Identifiers of the objectives that it belongs to.
    pub objectives: Vec<String>,
}

/// One objective.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Objective {
    /// Position.
    pub index: u32,
    /// The SCO's or the manifest's identifier.
    pub id: String,
    /// What it is (2004).
    pub description: Option<String>,
    /// In 1.2 read from the status.
    pub completion: Completion,
    /// In 1.2 read from the status.
    pub success: Success,
    /// −10000 to 10000 (2004).
    pub scaled: Option<i64>,
    /// In ten-thousandths of a point.
    pub raw: Option<i64>,
    /// Same unit.
    pub min: Option<i64>,
    /// Same unit.
    pub max: Option<i64>,
    /// 0 to 10000 (2004).
    pub progress: Option<i64>,
}

/// Every interaction, in order.
#[must_use]
pub fn interactions(state: &State) -> Vec<Interaction> {
    let (response, timestamp) = match state.standard() {
        Standard::Scorm12 => ("student_response", "time"),
        Standard::Scorm2004 => ("learner_response", "timestamp"),
    };
    (0..state.count("cmi.interactions"))
        .map(|index| {
            let item = format!("cmi.interactions.{index}");
            let text = |name: &str| state.filled(&format!("{item}.{name}")).map(str::to_owned);
            Interaction {
                index,
                id: text("id").unwrap_or_default(),
                kind: text("type"),
                response: text(response),
                result: text("result"),
                correct: list(state, &format!("{item}.correct_responses"), "pattern"),
                latency: span(state, &format!("{item}.latency")),
                timestamp: text(timestamp),
                description: text("description"),
                weighting: text("weighting").as_deref().and_then(ten_thousandths),
                objectives: list(state, &format!("{item}.objectives"), "id"),
            }
        })
        .collect()
}

/// Every objective, in order.
#[must_use]
pub fn objectives(state: &State) -> Vec<Objective> {
    (0..state.count("cmi.objectives"))
        .map(|index| {
            let item = format!("cmi.objectives.{index}");
            let get = |name: &str| state.filled(&format!("{item}.{name}"));
            let number = |name: &str| get(name).and_then(ten_thousandths);
            Objective {
                index,
                id: get("id").unwrap_or_default().to_owned(),
                description: get("description").map(str::to_owned),
                completion: completion(get("completion_status").or(get("status"))),
                success: success(get("success_status").or(get("status"))),
                scaled: get("score.scaled").and_then(reached),
                raw: get("score.raw").and_then(reached),
                min: number("score.min"),
                max: number("score.max"),
                progress: number("progress_measure"),
            }
        })
        .collect()
}

fn list(state: &State, collection: &str, member: &str) -> Vec<String> {
    (0..state.count(collection))
        .filter_map(|at| {
            state
                .get(&format!("{collection}.{at}.{member}"))
                .map(str::to_owned)
        })
        .collect()
}

fn completion(word: Option<&str>) -> Completion {
    match word {
        Some("completed" | "passed" | "failed") => Completion::Completed,
        Some("incomplete" | "browsed") => Completion::Incomplete,
        Some("not attempted") => Completion::NotAttempted,
        _ => Completion::Unknown,
    }
}

fn success(word: Option<&str>) -> Success {
    match word {
        Some("passed") => Success::Passed,
        Some("failed") => Success::Failed,
        _ => Success::Unknown,
    }
}

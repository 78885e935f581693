//! What each document has of its own.

use serde::Serialize;

use super::frame::{Frame, NatureChoice, distance_note, nature, nature_choices, period};
use super::{Composer, at_most, required};
use crate::error::DocumentError;
use crate::format;
use crate::model::{
    ActivityLine, AssessmentResult, AttendanceStatement, CompletionCertificate,
    EndOfTrainingStatement, Outcome, TimeBasis, TrainingAction,
};
use crate::text::Text;

const MOST_OBJECTIVES: usize = 200;
const MOST_ACTIVITIES: usize = 500;

/// A label and its value, in the summary of an action.
#[derive(Debug, Serialize)]
struct Fact {
    label: Text,
    value: Text,
    /// Whether the note on distance training hangs on it.
    noted: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Certificate {
    #[serde(flatten)]
    frame: Frame,
    nature_heading: Text,
    natures: Vec<NatureChoice>,
    ran: Text,
    period: Text,
    for_a_duration: Text,
    duration: Text,
    distance_note: Option<Text>,
    retention: Text,
}

pub(super) fn certificate(
    composer: &Composer<'_>,
    document: &CompletionCertificate,
) -> Result<Certificate, DocumentError> {
    let CompletionCertificate {
        issue,
        trainee,
        action,
        realised_minutes,
        includes_distance,
    } = document;
    Ok(Certificate {
        frame: Frame::new(composer, "certificate-title", issue, trainee, action)?,
        nature_heading: composer.say("nature")?,
        natures: nature_choices(composer, action.nature)?,
        ran: composer.say("ran")?,
        period: period(composer, action)?,
        for_a_duration: composer.say("for-a-duration")?,
        duration: composer.text(&format::duration(composer.wording, *realised_minutes)?),
        distance_note: distance_note(composer, *includes_distance)?,
        retention: composer.say("retention")?,
    })
}

/// A heading, the heads of a table, its lines, and what is said when it has none.
#[derive(Debug, Serialize)]
struct Table {
    heading: Text,
    none: Text,
    head: [Text; 3],
    rows: Vec<[Text; 3]>,
}

#[derive(Debug, Serialize)]
pub(super) struct EndOfTraining {
    #[serde(flatten)]
    frame: Frame,
    facts: Vec<Fact>,
    objectives_heading: Text,
    objectives: Vec<Text>,
    results: Table,
    distance_note: Option<Text>,
}

pub(super) fn end_of_training(
    composer: &Composer<'_>,
    document: &EndOfTrainingStatement,
) -> Result<EndOfTraining, DocumentError> {
    let EndOfTrainingStatement {
        issue,
        trainee,
        action,
        includes_distance,
        ..
    } = document;
    at_most("objectives", document.objectives.len(), MOST_OBJECTIVES)?;
    at_most("results", document.results.len(), MOST_OBJECTIVES)?;
    let objectives = document.objectives.iter();
    let mut facts = action_facts(composer, action)?;
    facts.push(Fact {
        label: composer.say("duration-label")?,
        value: composer.text(&format::duration(
            composer.wording,
            document.realised_minutes,
        )?),
        noted: *includes_distance,
    });
    Ok(EndOfTraining {
        frame: Frame::new(composer, "end-of-training-title", issue, trainee, action)?,
        facts,
        objectives_heading: composer.say("objectives")?,
        objectives: objectives
            .map(|text| composer.required("objectives", text))
            .collect::<Result<_, _>>()?,
        results: Table {
            heading: composer.say("results")?,
            none: composer.say("results-none")?,
            head: [
                composer.say("result-assessed")?,
                composer.say("result-outcome")?,
                composer.say("result-score")?,
            ],
            rows: document
                .results
                .iter()
                .map(|result| result_row(composer, result))
                .collect::<Result<_, _>>()?,
        },
        distance_note: distance_note(composer, *includes_distance)?,
    })
}

fn result_row(
    composer: &Composer<'_>,
    result: &AssessmentResult,
) -> Result<[Text; 3], DocumentError> {
    let outcome = match result.outcome {
        Outcome::Achieved => "outcome-achieved",
        Outcome::InProgress => "outcome-in-progress",
        Outcome::NotAchieved => "outcome-not-achieved",
        Outcome::NotAssessed => "outcome-not-assessed",
    };
    let score = match result.score {
        Some(score) if score > 10_000 => {
            return Err(DocumentError::Malformed {
                field: "results.score",
                expected: "between 0 and 10,000 ten-thousandths",
            });
        }
        Some(score) => composer.text(&format::rate(composer.wording.language(), score.into())),
        None => composer.say("no-score")?,
    };
    Ok([
        composer.required("results.title", &result.title)?,
        composer.say(outcome)?,
        score,
    ])
}

#[derive(Debug, Serialize)]
pub(super) struct Attendance {
    #[serde(flatten)]
    frame: Frame,
    facts: Vec<Fact>,
    figures: Vec<Fact>,
    activities: Table,
    total_label: Text,
    total: Text,
    total_note: Option<Text>,
    distance_note: Option<Text>,
}

pub(super) fn attendance(
    composer: &Composer<'_>,
    document: &AttendanceStatement,
) -> Result<Attendance, DocumentError> {
    let AttendanceStatement {
        issue,
        trainee,
        action,
        planned_minutes,
        realised_minutes,
        ..
    } = document;
    at_most("activities", document.activities.len(), MOST_ACTIVITIES)?;
    let duration = |minutes| format::duration(composer.wording, minutes).map(|d| composer.text(&d));
    let rate = match format::part_of(*realised_minutes, *planned_minutes) {
        Some(part) => composer.text(&format::rate(composer.wording.language(), part)),
        None => composer.say("rate-unknown")?,
    };
    Ok(Attendance {
        frame: Frame::new(composer, "attendance-title", issue, trainee, action)?,
        facts: action_facts(composer, action)?,
        figures: vec![
            Fact {
                label: composer.say("planned")?,
                value: duration(*planned_minutes)?,
                noted: false,
            },
            Fact {
                label: composer.say("realised")?,
                value: duration(*realised_minutes)?,
                noted: document.includes_distance,
            },
            Fact {
                label: composer.say("attendance-rate")?,
                value: rate,
                noted: false,
            },
        ],
        activities: Table {
            heading: composer.say("activities")?,
            none: composer.say("activities-none")?,
            head: [
                composer.say("activity")?,
                composer.say("activity-date")?,
                composer.say("activity-time")?,
            ],
            rows: document
                .activities
                .iter()
                .map(|line| activity_row(composer, line))
                .collect::<Result<_, _>>()?,
        },
        total_label: composer.say("activities-total")?,
        total: duration(*realised_minutes)?,
        total_note: total_note(composer, document)?,
        distance_note: distance_note(composer, document.includes_distance)?,
    })
}

/// Why the total is not the sum of the lines, when it is not.
fn total_note(
    composer: &Composer<'_>,
    document: &AttendanceStatement,
) -> Result<Option<Text>, DocumentError> {
    let listed: u64 = document
        .activities
        .iter()
        .map(|line| u64::from(line.minutes))
        .sum();
    let total = u64::from(document.realised_minutes);
    let key = if listed == total {
        return Ok(None);
    } else if listed > total && document.realised_minutes == document.planned_minutes {
        "capped-note"
    } else {
        "corrected-note"
    };
    composer.say(key).map(Some)
}

fn activity_row(composer: &Composer<'_>, line: &ActivityLine) -> Result<[Text; 3], DocumentError> {
    let basis = match line.basis {
        TimeBasis::Estimated => "time-estimated",
        TimeBasis::Attended => "time-attended",
    };
    let duration = format::duration(composer.wording, line.minutes)?;
    let date = match line.done_on {
        Some(date) => composer.text(&format::short_date(composer.wording.language(), date)),
        None => composer.say("date-unknown")?,
    };
    Ok([
        required("activities.title", &line.title).map(|title| composer.text(&title))?,
        date,
        composer.say_with(basis, &[("duration", &duration)])?,
    ])
}

fn action_facts(
    composer: &Composer<'_>,
    action: &TrainingAction,
) -> Result<Vec<Fact>, DocumentError> {
    Ok(vec![
        Fact {
            label: composer.say("nature-short")?,
            value: nature(composer, action.nature)?,
            noted: false,
        },
        Fact {
            label: composer.say("ran-label")?,
            value: period(composer, action)?,
            noted: false,
        },
    ])
}

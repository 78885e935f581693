//! What an attempt contains: its parts, answers, objectives, late work and
//! run-time calls, as tables.

use jiff::tz::TimeZone;
use passerelle_scorm::model::{Completion, Interaction, Objective, Success};
use passerelle_web::components::{Cell, Column, Row, Status, Table, Tone};
use passerelle_web::{Ctx, format};
use serde_json::{Value, json};

use crate::tracking::{AttemptView, CallBatch, ScoView};
use crate::tutoring::model::readable;
use crate::tutoring::store::LateWork;

/// Calls shown at most, the latest.
const MAX_CALLS: usize = 1_000;

/// Every part that was opened.
pub(super) fn scos(ctx: &Ctx, attempt: &AttemptView, zone: &TimeZone) -> Vec<Value> {
    attempt
        .scos
        .iter()
        .enumerate()
        .map(|(place, sco)| sco_data(ctx, place, sco, zone))
        .collect()
}

fn sco_data(ctx: &Ctx, place: usize, sco: &ScoView, zone: &TimeZone) -> Value {
    let percent =
        |value: Option<i32>| value.map(|value| format::percent(i64::from(value), ctx.lang));
    json!({
        "title": sco.title,
        "completion": completion(ctx, &sco.completion),
        "success": success(ctx, &sco.success),
        "score": percent(sco.score),
        "progress": percent(sco.progress),
        "spent": format::duration_seconds(sco.seconds, ctx.lang),
        "updated": format::datetime_short(sco.updated_at, zone, ctx.lang),
        "interactions": (!sco.interactions.is_empty()).then(|| answers(ctx, place, &sco.interactions, zone)),
        "objectives": (!sco.objectives.is_empty()).then(|| objectives(ctx, place, &sco.objectives)),
    })
}

fn completion(ctx: &Ctx, code: &str) -> Status {
    match code {
        "completed" => Status::of(Tone::Done),
        "incomplete" => Status::of(Tone::InProgress),
        "not_attempted" => Status::of(Tone::NotStarted),
        _ => Status::new(Tone::Neutral, ctx.t("tutoring-unsaid")),
    }
}

fn success(ctx: &Ctx, code: &str) -> Option<Status> {
    match code {
        "passed" => Some(Status::new(Tone::Success, ctx.t("tutoring-passed"))),
        "failed" => Some(Status::new(Tone::Danger, ctx.t("tutoring-failed"))),
        _ => None,
    }
}

fn answers(ctx: &Ctx, place: usize, interactions: &[Interaction], zone: &TimeZone) -> Table {
    let columns = [
        "question",
        "kind",
        "answer",
        "result",
        "expected-answer",
        "latency",
        "answered-at",
    ]
    .map(|id| Column::new(ctx.t(&format!("tutoring-{id}"))));
    let rows = interactions.iter().map(|one| {
        let question = one
            .description
            .as_deref()
            .filter(|text| !text.trim().is_empty());
        let head = match question {
            Some(question) => Cell::text(question).note(&one.id),
            None => Cell::text(&one.id),
        };
        let expected: Vec<String> = one
            .correct
            .iter()
            .map(|pattern| readable(pattern))
            .collect();
        Row::new(
            head,
            [
                Cell::text(kind(ctx, one.kind.as_deref())),
                Cell::text(one.response.as_deref().map(readable).unwrap_or_default()),
                one.result
                    .as_deref()
                    .map(|result| Cell::status(verdict(ctx, result)))
                    .unwrap_or_default(),
                Cell::text(expected.join(&ctx.t("tutoring-or"))),
                Cell::text(
                    one.latency
                        .map(|span| format::duration_seconds(span.hundredths() / 100, ctx.lang))
                        .unwrap_or_default(),
                ),
                Cell::text(
                    one.timestamp
                        .as_deref()
                        .map(|text| moment(ctx, text, zone))
                        .unwrap_or_default(),
                ),
            ],
        )
    });
    Table::new(
        format!("reponses-{place}"),
        ctx.t("tutoring-answers"),
        columns,
    )
    .rows(rows)
}

/// The instant as the content wrote it, in the zone of the cohort when it says which instant it is.
fn moment(ctx: &Ctx, text: &str, zone: &TimeZone) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => format::datetime_short(at.as_microsecond(), zone, ctx.lang),
        Err(_) => text.to_owned(),
    }
}

fn kind(ctx: &Ctx, kind: Option<&str>) -> String {
    let Some(kind) = kind else {
        return String::new();
    };
    let id = format!("tutoring-kind-{kind}");
    if ctx.app.words().has(ctx.lang, &id) {
        ctx.t(&id)
    } else {
        kind.to_owned()
    }
}

fn verdict(ctx: &Ctx, result: &str) -> Status {
    match result {
        "correct" => Status::new(Tone::Success, ctx.t("tutoring-correct")),
        "incorrect" | "wrong" => Status::new(Tone::Danger, ctx.t("tutoring-incorrect")),
        "neutral" => Status::new(Tone::Neutral, ctx.t("tutoring-neutral")),
        "unanticipated" => Status::new(Tone::Info, ctx.t("tutoring-unanticipated")),
        other => Status::new(Tone::Neutral, other),
    }
}

fn objectives(ctx: &Ctx, place: usize, objectives: &[Objective]) -> Table {
    let columns = ["objective", "state", "success", "score"]
        .map(|id| Column::new(ctx.t(&format!("tutoring-{id}"))));
    let rows = objectives.iter().map(|one| {
        let description = one
            .description
            .as_deref()
            .filter(|text| !text.trim().is_empty());
        let head = match description {
            Some(text) => Cell::text(text).note(&one.id),
            None => Cell::text(&one.id),
        };
        let code = match one.completion {
            Completion::Completed => "completed",
            Completion::Incomplete => "incomplete",
            Completion::NotAttempted => "not_attempted",
            Completion::Unknown => "unknown",
        };
        let judged = match one.success {
            Success::Passed => success(ctx, "passed"),
            Success::Failed => success(ctx, "failed"),
            Success::Unknown => None,
        };
        // A scaled score is a share; without it the points are shown as they are.
        let score = one
            .scaled
            .map(|share| format::percent(share, ctx.lang))
            .or_else(|| one.raw.map(|raw| format::decimal(raw / 100, 2, ctx.lang)));
        Row::new(
            head,
            [
                Cell::status(completion(ctx, code)),
                judged.map(Cell::status).unwrap_or_default(),
                Cell::number(score.unwrap_or_default()),
            ],
        )
    });
    Table::new(
        format!("objectifs-{place}"),
        ctx.t("tutoring-objectives"),
        columns,
    )
    .rows(rows)
}

/// Work that was not taken over: done on another device, or come after the end.
pub(super) fn late(
    ctx: &Ctx,
    late: &[LateWork],
    over: bool,
    attempt: &AttemptView,
    zone: &TimeZone,
) -> Option<Table> {
    let columns =
        ["received", "part", "values"].map(|id| Column::new(ctx.t(&format!("tutoring-late-{id}"))));
    let mut late = late.iter().filter(|work| work.over == over).peekable();
    let (id, caption) = if over {
        ("travail-apres-la-fin", "tutoring-after-end-work")
    } else {
        ("travail-non-repris", "tutoring-late-work")
    };
    late.peek()?;
    let rows = late.map(|work| {
        let body: Value = serde_json::from_str(&work.body).unwrap_or_default();
        let sco = body["sco"].as_str().unwrap_or_default();
        let title = attempt
            .scos
            .iter()
            .find(|known| known.sco == sco)
            .map_or(sco, |known| known.title.as_str());
        let values: Vec<String> = body["set"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(element, value)| format!("{element} = {}", value.as_str().unwrap_or_default()))
            .map(|line| shortened(&line, 200))
            .collect();
        Row::new(
            Cell::text(format::datetime_short(work.received_at, zone, ctx.lang)),
            [
                Cell::text(title),
                Cell::text(shortened(&values.join(" ; "), 2_000)),
            ],
        )
    });
    Some(Table::new(id, ctx.t(caption), columns).rows(rows))
}

/// The black box: the run-time calls, oldest first, and how many were left out.
pub(super) fn calls(ctx: &Ctx, batches: &[CallBatch], zone: &TimeZone) -> Value {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for batch in batches {
        let received = format::datetime_short(batch.received_at, zone, ctx.lang);
        let list: Vec<Value> = serde_json::from_str(&batch.calls).unwrap_or_default();
        for call in list {
            let text = |at: usize| match call.get(at) {
                Some(Value::String(text)) => shortened(text, 500),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            };
            lines.push(vec![
                received.clone(),
                text(0),
                text(1),
                text(2),
                text(3),
                text(4),
                text(5),
            ]);
        }
    }
    let total = lines.len();
    let left_out = total.saturating_sub(MAX_CALLS);
    json!({
        "lines": lines.split_off(left_out),
        "left_out": (left_out > 0).then(|| ctx.tr("tutoring-calls-left-out", &[("count", left_out.into())])),
        "empty": total == 0,
    })
}

fn shortened(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

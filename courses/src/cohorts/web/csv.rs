//! Enrolling a list: sent or pasted, shown line by line, then confirmed as a whole.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Column, ErrorSummary, Fact, Facts, Field, FieldKind, Notice, NoticeKind, Row,
    Status, Table, Tone,
};
use passerelle_web::parts::Parts;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::super::fates::{Fate, Seat};
use super::super::import::{Preview, confirm as import, preview};
use super::super::roster::{
    Line, MAX_BYTES, MAX_LINES, Roster, RosterError, decode, parse, rewrite,
};
use super::{cohort_page, manage_href, state_of};
use crate::access::ManageCohort;

/// Lines shown of a list; all of those that are wrong come first.
const SHOWN: usize = 200;

/// The form.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    ask(&ctx, &allowed, "", None)
}

/// What a list would do; nothing is written.
pub async fn check(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    body: Parts,
) -> Result<Response, AppError> {
    let (bytes, pasted) = read(body).await?;
    let text = if bytes.is_empty() {
        Ok(pasted.clone())
    } else {
        decode(&bytes)
    };
    match text.and_then(|text| parse(&text)) {
        Ok(roster) => {
            let list = rewrite(&roster)
                .ok_or_else(|| AppError::internal("a list that was read cannot be written"))?;
            let preview = preview(&ctx.app, &allowed, roster).await?;
            show(&ctx, &allowed, &preview, &list, false)
        }
        Err(error) => ask(&ctx, &allowed, &pasted, Some(&error)),
    }
}

/// The file and the pasted text of the form; more than a list may hold is refused.
async fn read(mut body: Parts) -> Result<(Vec<u8>, String), AppError> {
    let (mut bytes, mut pasted) = (Vec::new(), String::new());
    while let Some(mut part) = body.next().await? {
        let name = part.name.clone();
        if name != "file" {
            let value = part.text(4 * MAX_BYTES).await?;
            if name == "text" {
                pasted = value;
            }
            continue;
        }
        while let Some(chunk) = part.chunk().await? {
            if bytes.len() + chunk.len() > 4 * MAX_BYTES {
                return Err(AppError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, pasted))
}

/// Enrols everybody of the list that was shown, or shows it again when something has changed since.
pub async fn confirm(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let list = form.raw("list");
    let roster: Roster = match parse(list) {
        Ok(roster) => roster,
        Err(error) => return ask(&ctx, &allowed, list, Some(&error)),
    };
    let preview = preview(&ctx.app, &allowed, roster).await?;
    if preview.digest != form.text("digest") || !preview.is_ready() {
        return show(&ctx, &allowed, &preview, list, true);
    }
    let done = import(&ctx.app, &allowed, &preview).await?;
    let notice = if done.waiting > 0 {
        "cohort-notice-imported-waiting"
    } else {
        "cohort-notice-imported"
    };
    Ok(ctx.redirect(
        &manage_href(allowed.object()),
        Some((NoticeKind::Success, notice)),
    ))
}

fn ask(
    ctx: &Ctx,
    allowed: &Allowed<ManageCohort>,
    pasted: &str,
    error: Option<&RosterError>,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let said = error.map(|error| ctx.t(error.message()));
    let limits = [
        ("lines", MAX_LINES.into()),
        ("size", format::bytes(MAX_BYTES as u64, ctx.lang).into()),
    ];
    let fields = [
        Field::new(FieldKind::File, "file", ctx.t("cohort-csv-file"))
            .accept(".csv,.txt,text/csv,text/plain")
            .help(ctx.tr("cohort-csv-file-help", &limits))
            .error(said),
        Field::textarea("text", ctx.t("cohort-csv-paste"))
            .help(ctx.t("cohort-csv-paste-help"))
            .rows(8)
            .value(pasted),
    ];
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    cohort_page(ctx, of, "courses/cohorts/csv", ctx.t("cohort-csv-title"))
        .status(status)
        .render(json!({
            "open": state_of(of).takes_people(),
            "action": format!("{}/liste", manage_href(of)),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "submit": Button::submit(ctx.t("cohort-csv-check")).icon("list-checks"),
            "back": Button::link(ctx.t("cohort-back"), manage_href(of)).quiet().icon("arrow-left"),
        }))
}

fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageCohort>,
    preview: &Preview,
    list: &str,
    changed: bool,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let wrong = preview.count(|fate| matches!(fate, Fate::Wrong(_)));
    let notice = if changed {
        Some(Notice::new(NoticeKind::Warn, ctx.t("cohort-csv-changed")))
    } else if wrong > 0 {
        Some(Notice::new(
            NoticeKind::Error,
            ctx.tr("cohort-csv-wrong", &[("count", wrong.into())]),
        ))
    } else if !preview.is_ready() {
        Some(Notice::new(NoticeKind::Info, ctx.t("cohort-csv-nothing")))
    } else {
        None
    };
    let ignored = (!preview.ignored.is_empty()).then(|| {
        ctx.tr(
            "cohort-csv-ignored",
            &[(
                "columns",
                format::join_and(&preview.ignored, ctx.lang).into(),
            )],
        )
    });
    let enrolled = preview.count(|fate| matches!(fate, Fate::Enrol { .. }));
    let status = if changed || wrong > 0 {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    cohort_page(ctx, of, "courses/cohorts/csv_preview", ctx.t("cohort-csv-preview-title")).wide().status(status).render(json!({
        "notice": notice,
        "facts": summary(ctx, preview),
        "ignored": ignored,
        "table": table(ctx, preview),
        "more": preview.lines.len().checked_sub(SHOWN).filter(|more| *more > 0)
            .map(|more| ctx.tr("cohort-csv-more", &[("count", more.into())])),
        "ready": preview.is_ready() && state_of(of).takes_people(),
        "action": format!("{}/liste/confirmer", manage_href(of)),
        "list": list,
        "digest": preview.digest,
        "submit": Button::submit(ctx.tr("cohort-csv-confirm", &[("count", enrolled.into())])).icon("user-plus"),
        "again": Button::link(ctx.t("cohort-csv-again"), format!("{}/liste", manage_href(of))).quiet(),
    }))
}

fn summary(ctx: &Ctx, preview: &Preview) -> Facts {
    let place = |fate: &Fate| {
        matches!(
            fate,
            Fate::Enrol {
                gets: Seat::Place,
                ..
            }
        )
    };
    let waiting = |fate: &Fate| {
        matches!(
            fate,
            Fate::Enrol {
                gets: Seat::WaitingList,
                ..
            }
        )
    };
    let new = |fate: &Fate| matches!(fate, Fate::Enrol { person: None, .. });
    let left_out =
        |fate: &Fate| matches!(fate, Fate::Duplicate(_) | Fate::Enrolled | Fate::Waiting);
    let wrong = |fate: &Fate| matches!(fate, Fate::Wrong(_));
    let items = [
        ("cohort-csv-sum-place", preview.count(place)),
        ("cohort-csv-sum-waiting", preview.count(waiting)),
        ("cohort-csv-sum-new", preview.count(new)),
        ("cohort-csv-sum-left-out", preview.count(left_out)),
        ("cohort-csv-sum-wrong", preview.count(wrong)),
    ];
    let items =
        items.map(|(id, count)| Fact::new(ctx.t(id), format::number(count as i64, ctx.lang)));
    Facts {
        items: items.into(),
        columns: true,
    }
}

fn table(ctx: &Ctx, preview: &Preview) -> Table {
    let columns = [
        Column::new(ctx.t("cohort-csv-column-line")),
        Column::new(ctx.t("cohort-column-person")),
        Column::new(ctx.t("cohort-csv-column-email")),
        Column::new(ctx.t("cohort-csv-column-fate")),
    ];
    let mut lines: Vec<&(Line, Fate)> = preview.lines.iter().collect();
    lines.sort_by_key(|(_, fate)| !matches!(fate, Fate::Wrong(_)));
    let rows = lines.into_iter().take(SHOWN).map(|(line, fate)| {
        let person = &line.person;
        let name = format!("{} {}", person.given_name, person.family_name)
            .trim()
            .to_owned();
        let name = Cell::text(name);
        let name = match &person.organisation {
            Some(organisation) => name.note(organisation),
            None => name,
        };
        let email = Cell::text(person.email.clone().unwrap_or_default());
        Row::new(
            Cell::text(line.number.to_string()),
            [name, email, fate_cell(ctx, fate)],
        )
    });
    Table::new("lines", ctx.t("cohort-csv-caption"), columns)
        .caption_hidden()
        .rows(rows)
}

fn fate_cell(ctx: &Ctx, fate: &Fate) -> Cell {
    let status = |tone, id: &str| Cell::status(Status::new(tone, ctx.t(id)));
    match fate {
        Fate::Wrong(problems) => {
            let said: Vec<String> = problems
                .iter()
                .map(|problem| ctx.t(problem.message()))
                .collect();
            status(Tone::Danger, "cohort-csv-fate-wrong").note(said.join(" "))
        }
        Fate::Duplicate(first) => status(Tone::Neutral, "cohort-csv-fate-left-out").note(ctx.tr(
            "cohort-csv-fate-duplicate",
            &[("line", first.to_string().into())],
        )),
        Fate::Enrolled => status(Tone::Neutral, "cohort-csv-fate-left-out")
            .note(ctx.t("cohort-csv-fate-enrolled")),
        Fate::Waiting => {
            status(Tone::Neutral, "cohort-csv-fate-left-out").note(ctx.t("cohort-csv-fate-waiting"))
        }
        Fate::Enrol { person, back, gets } => {
            let cell = match gets {
                Seat::Place => status(Tone::Success, "cohort-csv-fate-place"),
                Seat::WaitingList => status(Tone::Warn, "cohort-csv-fate-waiting-list"),
            };
            let who = match (person, back) {
                (_, true) => "cohort-csv-fate-back",
                (Some(_), _) => "cohort-csv-fate-known",
                (None, _) => "cohort-csv-fate-new",
            };
            cell.note(ctx.t(who))
        }
    }
}

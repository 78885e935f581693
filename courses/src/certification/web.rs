//! The end-of-session page: one line a trainee, corrections, one gesture to issue.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_web::access::{Allowed, Params};
use passerelle_web::components::NoticeKind;
use passerelle_web::directory::PersonCard;
use passerelle_web::form::Form;
use passerelle_web::{AppError, Ctx, format};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::commands::{self, REASON_MIN};
use super::queries::{Line, kind_label, lines};
use crate::access::{CohortRef, ManageCohort, OwnDocuments, WatchCohort};

async fn gather(
    ctx: &Ctx,
    at: &CohortRef,
) -> Result<(Vec<Line>, HashMap<Uuid, PersonCard>), AppError> {
    let mut found = lines(ctx.app.db().read(), at.cohort.id).await?;
    let ids: Vec<Uuid> = found.iter().map(|line| line.person).collect();
    let names = ctx
        .app
        .directory()
        .persons(ctx.app.db(), at.space.id, &ids)
        .await?;
    found.sort_by_key(|line| names.get(&line.person).map(PersonCard::sort_name));
    Ok((found, names))
}

/// `GET /groupe/{cohort}/bilan`.
pub(super) async fn session_end(
    ctx: Ctx,
    allowed: Allowed<WatchCohort>,
) -> Result<Response, AppError> {
    page(&ctx, allowed.object(), None, StatusCode::OK).await
}

/// A correction that came back: which line, what was typed, what is wrong.
struct Refused<'f> {
    enrolment: Uuid,
    form: &'f Form,
    error: &'static str,
}

async fn page(
    ctx: &Ctx,
    at: &CohortRef,
    refused: Option<Refused<'_>>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (found, names) = gather(ctx, at).await?;
    let manages = ctx.who.manages(at.space.id);
    let waiting = found
        .iter()
        .flat_map(|l| &l.documents)
        .filter(|d| d.state == "requested")
        .count();
    let due = found.iter().filter(|line| is_due(line)).count();
    let over = at.cohort.has_ended(ctx.now);
    let total: i64 = found.iter().map(|l| i64::from(l.minutes())).sum();
    let rows: Vec<Value> = found
        .iter()
        .map(|line| row(ctx, at, line, &names, refused.as_ref()))
        .collect();
    let data = json!({
        "cohort": at.cohort.id, "name": at.cohort.title, "rows": rows, "manages": manages, "waiting": waiting, "due": due,
        "over": over,
        "total": format::duration(total, ctx.lang), "agreed": at.cohort.agreed_minutes, "state": at.cohort.state,
        "start": at.cohort.start_date, "end": at.cohort.end_date, "refused": refused.is_some(),
    });
    let title = ctx.tr(
        "certification-title",
        &[("name", at.cohort.title.as_str().into())],
    );
    let page = ctx
        .page("courses/certification/session_end", title)
        .space(&at.space)
        .wide()
        .status(status);
    page.crumb(at.cohort.title.clone(), format!("/groupe/{}", at.cohort.id))
        .render(data)
}

/// Whether issuing would make a document for them: none yet, or one that states other hours.
fn is_due(line: &Line) -> bool {
    let stale = line.documents.iter().any(|d| d.minutes != line.minutes());
    let missing = line.documents.is_empty()
        || (line.completed && line.documents.iter().all(|d| d.kind == "completion"));
    line.minutes() > 0 && (stale || missing)
}

fn row(
    ctx: &Ctx,
    at: &CohortRef,
    line: &Line,
    names: &HashMap<Uuid, PersonCard>,
    refused: Option<&Refused<'_>>,
) -> Value {
    let back = refused.filter(|r| r.enrolment == line.enrolment);
    let (hours, minutes) = (line.minutes() / 60, line.minutes() % 60);
    let documents: Vec<Value> = line
        .documents
        .iter()
        .map(|d| {
            json!({
                "label": ctx.t(kind_label(&d.kind)),
                "ready": d.state == "issued", "serial": d.serial, "stale": d.minutes != line.minutes(),
                "href": format!("/groupe/{}/bilan/{}", at.cohort.id, d.id),
            })
        })
        .collect();
    json!({
        "enrolment": line.enrolment,
        "name": names.get(&line.person).map(PersonCard::sort_name).unwrap_or_default(),
        "href": format!("/suivi/{}", line.enrolment),
        "left": line.state == "left",
        "late": line.late_at.map(|late| {
            let when = format::datetime(late, at.cohort.time().zone(), ctx.lang);
            ctx.tr("certification-late", &[("at", when.into())])
        }),
        "computed": line.computed_minutes,
        "minutes": line.minutes(),
        "reason": line.correction.as_ref().map(|(_, reason)| reason),
        "completed": line.completed,
        "documents": documents,
        "form": {
            "open": back.is_some(),
            "hours": back.map_or_else(|| hours.to_string(), |b| b.form.text("hours").to_owned()),
            "minutes": back.map_or_else(|| minutes.to_string(), |b| b.form.text("minutes").to_owned()),
            "reason": back.map_or("", |b| b.form.text("reason")),
            "error": back.map(|b| ctx.t(b.error)),
        },
    })
}

/// `POST …/bilan/corriger`.
pub(super) async fn correct_hours(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let enrolment: Uuid = form
        .text("enrolment")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let at = allowed.object();
    let error = |error| Refused {
        enrolment,
        form: &form,
        error,
    };
    let (Some(hours), Some(minutes)) = (form.number("hours"), form.number("minutes")) else {
        return page(
            &ctx,
            at,
            Some(error("certification-bad-time")),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    if !(0..=2_000).contains(&hours) || !(0..60).contains(&minutes) {
        return page(
            &ctx,
            at,
            Some(error("certification-bad-time")),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    if form.text("reason").chars().count() < REASON_MIN {
        return page(
            &ctx,
            at,
            Some(error("certification-bad-reason")),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let reason: String = form.text("reason").chars().take(500).collect();
    let tx = ctx.app.db().write().await?;
    commands::correct(
        &tx,
        &allowed,
        enrolment,
        (hours * 60 + minutes) as i32,
        &reason,
    )
    .await?;
    tx.commit().await?;
    let to = format!("/groupe/{}/bilan#t-{enrolment}", at.cohort.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "certification-corrected"))))
}

/// `POST …/bilan/emettre`: everything that is due, in one gesture.
pub(super) async fn issue(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let tx = ctx.app.db().write().await?;
    let asked = commands::issue_all(&tx, &allowed).await?;
    tx.commit().await?;
    let notice = if asked == 0 {
        "certification-nothing-to-issue"
    } else {
        "certification-issuing"
    };
    let to = format!("/groupe/{}/bilan", allowed.object().cohort.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, notice))))
}

/// `GET …/bilan.csv`.
pub(super) async fn session_end_csv(
    ctx: Ctx,
    allowed: Allowed<WatchCohort>,
) -> Result<Response, AppError> {
    let at = allowed.object();
    let (found, names) = gather(&ctx, at).await?;
    let mut out = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer("\u{feff}".as_bytes().to_vec());
    let head = [
        "name",
        "state",
        "computed",
        "certified",
        "reason",
        "late",
        "completed",
        "serials",
    ];
    out.write_record(head.map(|id| ctx.t(&format!("certification-csv-{id}"))))
        .map_err(AppError::internal)?;
    let time = at.cohort.time();
    let day = |at| time.today(at).to_string();
    for line in &found {
        let serials: Vec<&str> = line.documents.iter().map(|d| d.serial.as_str()).collect();
        let record = [
            guard(
                &names
                    .get(&line.person)
                    .map(PersonCard::sort_name)
                    .unwrap_or_default(),
            ),
            ctx.t(&format!("cohort-person-{}", line.state)),
            line.computed_minutes.to_string(),
            line.minutes().to_string(),
            guard(line.correction.as_ref().map_or("", |(_, reason)| reason)),
            line.late_at.map(day).unwrap_or_default(),
            ctx.t(if line.completed {
                "certification-yes"
            } else {
                "certification-no"
            }),
            serials.join(" "),
        ];
        out.write_record(record).map_err(AppError::internal)?;
    }
    let bytes = out.into_inner().map_err(AppError::internal)?;
    let name = format!(
        "attachment; filename=\"bilan-{}.csv\"",
        at.cohort.start_date
    );
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        bytes,
    )
        .into_response())
}

/// A cell that a spreadsheet would take for a formula is kept as text.
fn guard(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// `GET …/bilan/{certificate}`: the PDF, to whoever watches the cohort.
pub(super) async fn document(
    ctx: Ctx,
    allowed: Allowed<WatchCohort>,
    params: Params,
) -> Result<Response, AppError> {
    let sql = "SELECT t.blob_key, t.serial FROM certificate t JOIN enrolment e ON e.id = t.enrolment_id \
               WHERE t.id = $1 AND e.cohort_id = $2";
    pdf(
        &ctx,
        sql,
        params.id("certificate")?,
        allowed.object().cohort.id,
    )
    .await
}

/// `GET /formation/{enrolment}/document/{certificate}`: one's own.
pub(super) async fn own_document(
    ctx: Ctx,
    allowed: Allowed<OwnDocuments>,
    params: Params,
) -> Result<Response, AppError> {
    let sql =
        "SELECT t.blob_key, t.serial FROM certificate t WHERE t.id = $1 AND t.enrolment_id = $2";
    pdf(
        &ctx,
        sql,
        params.id("certificate")?,
        allowed.object().enrolment.id,
    )
    .await
}

async fn pdf(
    ctx: &Ctx,
    sql: &'static str,
    certificate: Uuid,
    of: Uuid,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let row = db
        .query_one_raw(statement(db, sql, [certificate.into(), of.into()]))
        .await?
        .ok_or(AppError::NotFound)?;
    let key: Option<String> = row.try_get("", "blob_key")?;
    let serial: String = row.try_get("", "serial")?;
    let bytes = ctx.app.blobs().get(&key.ok_or(AppError::NotFound)?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{serial}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

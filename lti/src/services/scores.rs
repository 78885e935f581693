//! Scores that tools post (AGS 2.0, 3.4), results that they read (3.3).

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use passerelle_courses::cohorts;
use passerelle_courses::progress::model::Seen;
use passerelle_courses::progress::{Observation, record};
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_lti_protocol::{
    ActivityProgress, GradingProgress, SCOPE_RESULTS, SCOPE_SCORES, Score,
};
use passerelle_web::access::Params;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};

use super::store::{self, LineItem, NewScore};
use super::{Caller, Paging, Refused, answer, caller, line_items, media, shown};
use crate::tools::model::ToolCall;
use crate::tools::store::{person_of, put_call};

const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
/// Results in a page at most.
const MOST: usize = 1_000;

pub(super) async fn post(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
    body: String,
) -> Result<Response, AppError> {
    let of = match caller(&ctx, &headers, &params, &[SCOPE_SCORES]).await {
        Ok(of) => of,
        Err(refused) => return answer(Err(refused)),
    };
    let taken = posted(&ctx, &of, &params, &body).await;
    if let Err(Refused::Told(_, why)) = &taken {
        let tx = ctx.app.db().write().await?;
        put_call(&tx, of.tool.id, &call(Some(why.clone()))).await?;
        tx.commit().await?;
    }
    answer(taken)
}

fn call(refused: Option<String>) -> ToolCall {
    let kind = "score";
    ToolCall { kind, refused }
}

async fn posted(ctx: &Ctx, of: &Caller, params: &Params, body: &str) -> Result<Response, Refused> {
    let wrong = |why: String| Refused::told(StatusCode::BAD_REQUEST, why);
    let item = line_items::item(ctx, of, params).await?;
    let score = Score::read(body).map_err(|error| wrong(error.to_string()))?;
    let at: Timestamp = score.timestamp.parse().map_err(|_| {
        wrong("timestamp must be RFC 3339, with its zone (AGS 2.0, 3.4.5)".to_owned())
    })?;
    let tx = ctx.app.db().write().await?;
    let person = person_of(&*tx, of.tool.id, &score.user_id).await?;
    let enrolment = match person {
        Some(person) => cohorts::enrolment_of(&*tx, &of.cohort, person).await?,
        None => None,
    };
    let (Some(person), Some(enrolment)) = (person, enrolment) else {
        return Err(Refused::not_found(
            "userId is nobody of this group (AGS 2.0, 3.4.6)",
        ));
    };
    let new = NewScore {
        item: item.id,
        person,
        given: score.score_given,
        maximum: score.score_maximum,
        activity_progress: word(score.activity_progress),
        grading_progress: grading(score.grading_progress),
        comment: score.comment.as_deref(),
        at: at.as_microsecond(),
    };
    if !store::put_score(&tx, &new).await? {
        let why = "a later score is known (AGS 2.0, 3.4.5)";
        return Err(Refused::told(StatusCode::CONFLICT, why));
    }
    count(&tx, &item, enrolment, &score).await?;
    put_call(&tx, of.tool.id, &call(None)).await?;
    tx.commit().await?;
    let address = of.ours.line_item(of.tool.id, of.cohort.id, item.id);
    let user = passerelle_web::context::urlencode(&score.user_id);
    let body = json!({"resultUrl": format!("{address}/results?user_id={user}")}).to_string();
    Ok(media(StatusCode::OK, "application/json", body))
}

/// What a score changes in the course: only the line item of the activity itself counts. One that
/// comes when the course is over is kept apart by whoever records it.
async fn count(
    tx: &WriteTx,
    item: &LineItem,
    enrolment: Uuid,
    score: &Score,
) -> Result<(), Refused> {
    let (Some(activity), true) = (item.activity, item.is_main) else {
        return Ok(());
    };
    let now = tx.env().now();
    let completed = match score.activity_progress {
        ActivityProgress::Completed => true,
        // Handed in and graded: nothing more is asked of the person.
        ActivityProgress::Submitted => score.grading_progress == GradingProgress::FullyGraded,
        _ => false,
    };
    let seen = Seen {
        viewed: true,
        completed,
        score: score.share(),
        ..Seen::default()
    };
    let observation = Observation {
        enrolment,
        activity,
        seen,
        seconds: 0,
        at: now,
    };
    record(tx, Actor::System("lti"), observation).await?;
    Ok(())
}

/// As the specification writes it.
fn word(progress: ActivityProgress) -> &'static str {
    match progress {
        ActivityProgress::Initialized => "Initialized",
        ActivityProgress::Started => "Started",
        ActivityProgress::InProgress => "InProgress",
        ActivityProgress::Submitted => "Submitted",
        ActivityProgress::Completed => "Completed",
    }
}

fn grading(progress: GradingProgress) -> &'static str {
    match progress {
        GradingProgress::NotReady => "NotReady",
        GradingProgress::Failed => "Failed",
        GradingProgress::Pending => "Pending",
        GradingProgress::PendingManual => "PendingManual",
        GradingProgress::FullyGraded => "FullyGraded",
    }
}

pub(super) async fn results(
    ctx: Ctx,
    headers: HeaderMap,
    params: Params,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    answer(listed(&ctx, &headers, &params, &query).await)
}

async fn listed(
    ctx: &Ctx,
    headers: &HeaderMap,
    params: &Params,
    query: &Form,
) -> Result<Response, Refused> {
    let of = caller(ctx, headers, params, &[SCOPE_RESULTS]).await?;
    let item = line_items::item(ctx, &of, params).await?;
    let user = query.optional("user_id");
    let results = store::results_of(ctx.app.db().read(), of.tool.id, item.id, user).await?;
    let paging = Paging::of(query, MOST);
    let (results, more) = paging.cut(results);
    let address = of.ours.line_item(of.tool.id, of.cohort.id, item.id);
    let body: Vec<Value> = results
        .iter()
        .map(|result| {
            let mut out = json!({
                "id": format!("{address}/results?user_id={}", result.subject),
                "scoreOf": address,
                "userId": result.subject,
            });
            if let (Some((given, maximum)), Some(out)) = (result.given, out.as_object_mut()) {
                let scaled = given / maximum * item.maximum;
                out.insert("resultScore".to_owned(), json!(scaled));
                out.insert("resultMaximum".to_owned(), json!(item.maximum));
            }
            if let (Some(comment), Some(out)) = (&result.comment, out.as_object_mut()) {
                out.insert("comment".to_owned(), json!(comment));
            }
            out
        })
        .collect();
    let mut response = shown(RESULTS, &json!(body));
    if more {
        paging.link(&mut response, &format!("{address}/results"), query);
    }
    Ok(response)
}

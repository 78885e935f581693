//! Scores that tools post (AGS 2.0, 3.4), results that they read (3.3).

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use passerelle_courses::catalogue;
use passerelle_courses::cohorts;
use passerelle_courses::content::ToolContent;
use passerelle_courses::progress::model::Seen;
use passerelle_courses::progress::{Observation, correct, record};
use passerelle_kernel::env::SECOND;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_lti_protocol::{
    ActivityProgress, GradingProgress, LEEWAY_SECONDS, SCOPE_RESULTS, SCOPE_SCORES, Score,
};
use passerelle_web::access::Params;
use passerelle_web::{AppError, Ctx, Form};
use serde_json::{Value, json};

use super::store::{self, LineItem, NewScore};
use super::{Caller, Paging, Refused, answer, caller, line_items, media, shown};
use crate::reasons::Reason;
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
    if let Err(Refused::Told(_, why, reason)) = &taken {
        tracing::warn!(tool = %of.tool.id, why, "a score is refused");
        let tx = ctx.app.db().write().await?;
        put_call(&tx, of.tool.id, &call(Some((**reason).clone()))).await?;
        tx.commit().await?;
    }
    answer(taken)
}

fn call(refused: Option<Reason>) -> ToolCall {
    let kind = "score";
    ToolCall { kind, refused }
}

async fn posted(ctx: &Ctx, of: &Caller, params: &Params, body: &str) -> Result<Response, Refused> {
    let wrong = |why: String| Refused::told(StatusCode::BAD_REQUEST, why);
    let item = line_items::item(ctx, of, params).await?;
    let score = Score::read(body)
        .map_err(|error| wrong(error.to_string()).because(Reason::from(&error)))?;
    let at: Timestamp = score.timestamp.parse().map_err(|_| {
        wrong("timestamp must be RFC 3339, with its zone (AGS 2.0, 3.4.5)".to_owned())
            .because(Reason::new("score-timestamp"))
    })?;
    let tx = ctx.app.db().write().await?;
    let person = person_of(&*tx, of.tool.id, &score.user_id).await?;
    // Whoever was moved to another group since is graded there.
    let place = match person {
        Some(person) => cohorts::with_enrolment(&*tx, of.cohort.id, Some(person)).await?,
        None => None,
    };
    let (Some(person), Some((cohort, Some(enrolment)))) = (person, place) else {
        let why = "userId is nobody of this group (AGS 2.0, 3.4.6)";
        return Err(Refused::not_found(why).because(Reason::new("score-nobody")));
    };
    let new = NewScore {
        item: item.id,
        person,
        given: score.score_given,
        maximum: score.score_maximum,
        activity_progress: word(score.activity_progress),
        grading_progress: grading(score.grading_progress),
        comment: score.comment.as_deref(),
        // By a clock that is far ahead, it would stand before all that come after it.
        at: near(at.as_microsecond(), tx.env().now()),
    };
    if !store::put_score(&tx, &new).await? {
        let why = "a later score is known (AGS 2.0, 3.4.5)";
        let refused = Refused::told(StatusCode::CONFLICT, why);
        return Err(refused.because(Reason::new("score-later")));
    }
    count(&tx, &item, (&cohort, enrolment), &score).await?;
    put_call(&tx, of.tool.id, &call(None)).await?;
    tx.commit().await?;
    let address = of.ours.line_item(of.tool.id, of.cohort.id, item.id);
    let user = passerelle_web::context::urlencode(&score.user_id);
    let body = json!({"resultUrl": format!("{address}/results?user_id={user}")}).to_string();
    Ok(media(StatusCode::OK, "application/json", body))
}

/// When a score was given: now, when it says that it comes from further ahead than clocks may be
/// apart.
fn near(at: Micros, now: Micros) -> Micros {
    if at > now + LEEWAY_SECONDS * SECOND {
        now
    } else {
        at
    }
}

/// What a score changes in the course: only the line item of the activity itself counts. One that
/// comes when the course is over is kept apart by whoever records it.
async fn count(
    tx: &WriteTx,
    item: &LineItem,
    (cohort, enrolment): (&cohorts::cohort::Model, Uuid),
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
    let actor = Actor::System("lti");
    record(tx, actor, observation).await?;
    // The best mark is kept, unless who makes the course lets the tool correct what it gave.
    if let Some(share) = score.share()
        && lowers(tx, cohort.course_id, activity).await?
    {
        correct(tx, actor, enrolment, activity, share).await?;
    }
    Ok(())
}

/// Whether a mark of the activity may become lower.
async fn lowers(tx: &WriteTx, course: Uuid, activity: Uuid) -> Result<bool, Refused> {
    let activity = catalogue::activity_of(&**tx, course, activity).await?;
    let content = activity.and_then(|activity| serde_json::from_str(&activity.content).ok());
    Ok(content.is_some_and(|content: ToolContent| content.lowers))
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

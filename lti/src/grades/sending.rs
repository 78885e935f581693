//! The job that sends a grade.

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use passerelle_courses::progress;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, MAX_ATTEMPTS, NewJob};
use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::{
    ActivityProgress, GradingProgress, SCOPE_SCORES, Score, scores_address,
};
use passerelle_web::App;
use passerelle_web::app::AppSlot;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use url::Url;

use super::store::{self, Grade};
use crate::calling::{self, Call, Refused};
use crate::platforms::model::{Call as Exchange, Platform};
use crate::platforms::store::{platform, put_call, trim_calls};
use passerelle_outgoing::Body;

/// Bytes of an answer at most.
const MAX_ANSWER: usize = 64 * 1024;
/// Between two rounds of attempts, when a platform stays away.
const NEXT_ROUND: Micros = 6 * 3600 * SECOND;
/// Rounds before the grade is left to a person: about a week.
const MAX_ROUNDS: u64 = 28;

/// Grades read and written at a time.
const BATCH: u64 = 200;
/// People whose grades are on their way to a platform at a time.
const AT_ONCE: usize = 16;
/// How long a job has a platform for itself, from its last sign of life; one that was cut off is
/// run again under the same identifier, and has it still.
const HELD_FOR: Micros = 3600 * SECOND;
/// When a job that found another at work looks again.
const NEXT_LOOK: Micros = 5 * SECOND;

/// Sends what is due on a platform, as it is when the job runs.
pub(super) struct Send(pub(super) AppSlot);

#[async_trait]
impl JobHandler for Send {
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self
            .0
            .0
            .get()
            .and_then(passerelle_web::app::WeakApp::upgrade);
        let app = app.ok_or_else(|| JobError::Retry("the application is stopping".to_owned()))?;
        let id: Option<Uuid> = payload["platform"].as_str().and_then(|t| t.parse().ok());
        let id = id.ok_or_else(|| JobError::Fatal("no platform is named".to_owned()))?;
        let tx = ctx.db.write().await?;
        let now = tx.env().now();
        if !store::take(&tx, id, ctx.id, now + HELD_FOR).await? {
            // Another job sends there: whatever it does not see any more, this one finds later.
            tx.enqueue(NewJob::new(super::SEND, payload).at(now + NEXT_LOOK))
                .await?;
            tx.commit().await?;
            return Ok(());
        }
        store::begun(&tx, id).await?;
        tx.commit().await?;
        let away = all_due(&app, &ctx, id).await?;
        let tx = ctx.db.write().await?;
        store::release(&tx, id, ctx.id).await?;
        tx.commit().await?;
        let Some(why) = away else {
            return Ok(());
        };
        let round = payload["round"].as_u64().unwrap_or(0);
        if round >= MAX_ROUNDS {
            return Err(JobError::Fatal(why));
        }
        if ctx.attempt >= MAX_ATTEMPTS {
            let tx = ctx.db.write().await?;
            let next = json!({"platform": id, "round": round + 1});
            let at = tx.env().now() + NEXT_ROUND;
            tx.enqueue(NewJob::new(super::SEND, next).at(at)).await?;
            tx.commit().await?;
            return Ok(());
        }
        Err(JobError::Retry(why))
    }
}

/// Sends all that is due on a platform; why some of it has to be tried again.
async fn all_due(app: &App, ctx: &JobContext, id: Uuid) -> Result<Option<String>, JobError> {
    // Whoever closes a platform wants nothing of it any more.
    let platform = platform(ctx.db.read(), id).await?;
    let Some(platform) = platform.filter(|platform| platform.closed_at.is_none()) else {
        return Ok(None);
    };
    let (mut after, mut away) = (Uuid::nil(), None);
    loop {
        let due = store::due(ctx.db.read(), id, after, BATCH).await?;
        let Some(last) = due.last() else {
            return Ok(away);
        };
        after = last.id;
        away = batch(app, ctx, &platform, due).await?.or(away);
    }
}

/// What came of one grade.
enum Came {
    /// It was sent, or is what was sent before.
    Sent(String),
    /// Nothing is known of it any more.
    Nothing,
    /// It was not taken.
    Refused(Refused),
}

/// Sends grades and writes what came of them; why one has to be tried again.
///
/// Several people's at a time, one person's one after the other: gradebooks that work out the
/// total of somebody lose one of two that come together.
async fn batch(
    app: &App,
    ctx: &JobContext,
    platform: &Platform,
    due: Vec<Grade>,
) -> Result<Option<String>, JobError> {
    let mut people: BTreeMap<String, Vec<Grade>> = BTreeMap::new();
    for grade in due {
        people.entry(grade.subject.clone()).or_default().push(grade);
    }
    let came: Vec<Vec<(Grade, Result<Came, DbErr>)>> = stream::iter(people.into_values())
        .map(|grades| async move {
            let mut came = Vec::with_capacity(grades.len());
            for grade in grades {
                let of = one(app, ctx, platform, &grade).await;
                came.push((grade, of));
            }
            came
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let tx = ctx.db.write().await?;
    store::take(&tx, platform.id, ctx.id, tx.env().now() + HELD_FOR).await?;
    let (mut away, mut told, mut went) = (None, None, 0_usize);
    for (grade, came) in came.into_iter().flatten() {
        match came? {
            Came::Nothing => store::failed(&tx, &grade, None, true).await?,
            Came::Sent(text) => {
                went += usize::from(grade.sent.as_ref() != Some(&text));
                store::sent(&tx, &grade, &text).await?;
            }
            Came::Refused(why) => {
                let kept = why.0.kept();
                store::failed(&tx, &grade, Some(&kept), is_lasting(&why)).await?;
                if !is_lasting(&why) {
                    away = Some(why.0.logged());
                }
                told = Some(kept);
            }
        }
    }
    for (is_told, outcome, detail) in [
        (went > 0, "ok", String::new()),
        (told.is_some(), "grade-refused", told.unwrap_or_default()),
    ] {
        if is_told {
            let call = Exchange {
                kind: "grade".to_owned(),
                outcome: outcome.to_owned(),
                detail,
                reference: String::new(),
                at: tx.env().now(),
            };
            put_call(&tx, platform.space, platform.id, &call).await?;
        }
    }
    trim_calls(&tx, platform.id).await?;
    tx.commit().await?;
    Ok(away)
}

async fn one(
    app: &App,
    ctx: &JobContext,
    platform: &Platform,
    grade: &Grade,
) -> Result<Came, DbErr> {
    let Some(standing) = standing(ctx.db.read(), grade).await? else {
        return Ok(Came::Nothing);
    };
    let text = json!(standing).to_string();
    if grade.sent.as_ref() == Some(&text) {
        return Ok(Came::Sent(text));
    }
    Ok(match send(app, platform, grade, standing).await {
        Ok(()) => Came::Sent(text),
        Err(why) => Came::Refused(why),
    })
}

/// How far somebody is: progress, then the score out of a hundred when there is one.
type Standing = (ActivityProgress, Option<f64>);

async fn standing<C: ConnectionTrait>(conn: &C, grade: &Grade) -> Result<Option<Standing>, DbErr> {
    let percent = |ten_thousandths: i64| ten_thousandths as f64 / 100.0;
    let Some(activity) = grade.activity else {
        let now = progress::standing_of(conn, grade.enrolment).await?;
        return Ok(now.map(|now| {
            let progress = match (now.complete, now.done) {
                (true, _) => ActivityProgress::Completed,
                (false, 0) => ActivityProgress::Started,
                (false, _) => ActivityProgress::InProgress,
            };
            (progress, Some(percent(now.share())))
        }));
    };
    let now = progress::result_of(conn, grade.enrolment, activity).await?;
    Ok(Some(match now {
        None => (ActivityProgress::Initialized, None),
        // Below what the activity asks for, a mark is one all the same (AGS 2.0, 3.4.8: the score
        // is the current one). Handed in it is not: the person may go on.
        Some((false, Some(score))) => {
            let score = percent(i64::from(score));
            (ActivityProgress::InProgress, Some(score))
        }
        Some((false, None)) => (ActivityProgress::Started, None),
        Some((true, score)) => {
            let score = score.map_or(100.0, |score| percent(i64::from(score)));
            (ActivityProgress::Completed, Some(score))
        }
    }))
}

/// The line item is gone or the platform will not have it: trying again changes nothing. A
/// conflict (409) passes: the platform has something of the same second, or a clock ahead.
fn is_lasting(why: &Refused) -> bool {
    matches!(why.1, Some(400 | 403 | 404 | 405 | 410 | 422))
}

async fn send(
    app: &App,
    platform: &Platform,
    grade: &Grade,
    (progress, given): Standing,
) -> Result<(), Refused> {
    let line_item = Url::parse(&grade.line_item)
        .map_err(|error| Refused::lasting("score", "address", &error))?;
    let now = app.env().now();
    let at =
        Timestamp::from_microsecond(now).map_err(|error| Refused::told("score", "ours", &error))?;
    let score = Score {
        user_id: grade.subject.clone(),
        timestamp: at.to_string(),
        activity_progress: progress,
        grading_progress: if given.is_some() {
            GradingProgress::FullyGraded
        } else {
            GradingProgress::NotReady
        },
        score_given: given,
        score_maximum: given.map(|_| 100.0),
        comment: None,
    };
    let call = Call {
        what: "score",
        scope: SCOPE_SCORES,
        address: &scores_address(&line_item),
        accept: "application/json",
        body: Some(Body {
            media_type: "application/vnd.ims.lis.v1.score+json",
            text: json!(score).to_string(),
        }),
        most: MAX_ANSWER,
    };
    calling::call(app, platform, &call).await.map(|_| ())
}

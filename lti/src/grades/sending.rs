//! The job that sends a grade.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use passerelle_courses::progress;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, MAX_ATTEMPTS, NewJob};
use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::{
    ActivityProgress, GradingProgress, SCOPE_SCORES, Score, client_assertion, scores_address,
};
use passerelle_web::App;
use passerelle_web::app::AppSlot;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::store::{self, Grade};
use crate::keys::signing_key;
use crate::platforms::model::{Call, Platform, Registration};
use crate::platforms::store::{platform, put_call, trim_calls};
use passerelle_outgoing::{Body, Outgoing, OutgoingError};

/// Bytes of an answer at most.
const MAX_ANSWER: usize = 64 * 1024;
/// A token is not used any more so long before its end.
const TOKEN_MARGIN: Micros = 60 * SECOND;

/// A service of the application: access tokens of platforms, in memory.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<Uuid, Slot>>);

/// The token of a platform and when it ends; whoever asks for another one holds it meanwhile.
type Slot = Arc<tokio::sync::Mutex<Option<(String, Micros)>>>;

impl Tokens {
    fn of(&self, platform: Uuid) -> Slot {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.entry(platform).or_default().clone()
    }
}

/// Between two rounds of attempts, when a platform stays away.
const NEXT_ROUND: Micros = 6 * 3600 * SECOND;
/// Rounds before the grade is left to a person: about a week.
const MAX_ROUNDS: u64 = 28;

/// Grades read and written at a time.
const BATCH: u64 = 200;
/// Grades on their way to a platform at a time.
const AT_ONCE: usize = 16;

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
        store::begun(&tx, id).await?;
        tx.commit().await?;
        // Whoever closes a platform wants nothing of it any more.
        let platform = platform(ctx.db.read(), id).await?;
        let Some(platform) = platform.filter(|platform| platform.closed_at.is_none()) else {
            return Ok(());
        };
        let mut after = Uuid::nil();
        let mut away = None;
        loop {
            let due = store::due(ctx.db.read(), id, after, BATCH).await?;
            let Some(last) = due.last() else {
                break;
            };
            after = last.id;
            away = batch(&app, &ctx, &platform, due).await?.or(away);
        }
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

/// What came of one grade.
enum Came {
    /// It was sent, or is what was sent before.
    Sent(String),
    /// Nothing is known of it any more.
    Nothing,
    /// It was not taken.
    Refused(Refused),
}

/// Sends grades, several at a time, and writes what came of them; why one has to be tried again.
async fn batch(
    app: &App,
    ctx: &JobContext,
    platform: &Platform,
    due: Vec<Grade>,
) -> Result<Option<String>, JobError> {
    let came: Vec<(Grade, Result<Came, DbErr>)> = stream::iter(due)
        .map(|grade| async move {
            let came = one(app, ctx, platform, &grade).await;
            (grade, came)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let tx = ctx.db.write().await?;
    let (mut away, mut told, mut went) = (None, None, 0_usize);
    for (grade, came) in came {
        match came? {
            Came::Nothing => store::failed(&tx, &grade, None, true).await?,
            Came::Sent(text) => {
                went += usize::from(grade.sent.as_ref() != Some(&text));
                store::sent(&tx, &grade, &text).await?;
            }
            Came::Refused(why) => {
                store::failed(&tx, &grade, Some(&why.0), why.is_lasting()).await?;
                if !why.is_lasting() {
                    away = Some(why.0.clone());
                }
                told = Some(why.0);
            }
        }
    }
    for (is_told, outcome, detail) in [
        (went > 0, "ok", String::new()),
        (told.is_some(), "grade-refused", told.unwrap_or_default()),
    ] {
        if is_told {
            let call = Call {
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
        Some((false, _)) => (ActivityProgress::Started, None),
        Some((true, score)) => {
            let score = score.map_or(100.0, |score| percent(i64::from(score)));
            (ActivityProgress::Completed, Some(score))
        }
    }))
}

/// Why a grade was not taken, and whether trying again could help.
struct Refused(String, Option<u16>);

impl Refused {
    /// The line item is gone or the platform will not have it: trying again changes nothing. A
    /// conflict (409) passes: the platform has something of the same second, or a clock ahead.
    fn is_lasting(&self) -> bool {
        matches!(self.1, Some(400 | 403 | 404 | 405 | 410 | 422))
    }

    fn of(what: &str, error: &OutgoingError) -> Self {
        let status = match error {
            OutgoingError::Status(status) => Some(*status),
            OutgoingError::NotSecure | OutgoingError::Private => Some(403),
            _ => None,
        };
        Self(format!("{what}: {error}"), status)
    }
}

async fn send(
    app: &App,
    platform: &Platform,
    grade: &Grade,
    (progress, given): Standing,
) -> Result<(), Refused> {
    let outgoing = app.service::<Outgoing>();
    let outgoing =
        outgoing.ok_or_else(|| Refused("nothing leaves this server".to_owned(), None))?;
    let line_item = Url::parse(&grade.line_item)
        .map_err(|error| Refused(format!("line item: {error}"), Some(400)))?;
    let now = app.env().now();
    let at = Timestamp::from_microsecond(now).map_err(|error| Refused(error.to_string(), None))?;
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
    let to = scores_address(&line_item);
    let text = json!(score).to_string();
    let post = async |token: &str| {
        let body = Body {
            media_type: "application/vnd.ims.lis.v1.score+json",
            text: text.clone(),
        };
        outgoing.post(&to, Some(token), body, MAX_ANSWER).await
    };
    let held = token(app, &outgoing, platform, None).await?;
    let sent = match post(&held).await {
        // Platforms forget tokens: another one, once.
        Err(OutgoingError::Status(401)) => {
            let other = token(app, &outgoing, platform, Some(&held)).await?;
            post(&other).await
        }
        sent => sent,
    };
    match sent {
        Ok(_) => Ok(()),
        Err(error) => Err(Refused::of("score", &error)),
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: i64,
}

/// An access token for scores: the one that is known unless it is `stale`, or a new one, asked
/// once whatever the number of those who wait for it (Security Framework 1.0, 4.1).
async fn token(
    app: &App,
    outgoing: &Outgoing,
    platform: &Platform,
    stale: Option<&str>,
) -> Result<String, Refused> {
    let tokens = app
        .service::<Tokens>()
        .ok_or_else(|| Refused("no tokens on this server".to_owned(), None))?;
    let slot = tokens.of(platform.id);
    let mut known = slot.lock().await;
    let now = app.env().now();
    if let Some((token, until)) = known.as_ref()
        && now < *until
        && stale != Some(token)
    {
        return Ok(token.clone());
    }
    let (token, until) = ask_token(app, outgoing, &platform.data).await?;
    *known = Some((token.clone(), until));
    Ok(token)
}

async fn ask_token(
    app: &App,
    outgoing: &Outgoing,
    platform: &Registration,
) -> Result<(String, Micros), Refused> {
    let now = app.env().now();
    let endpoint = Url::parse(&platform.token_endpoint)
        .map_err(|error| Refused(format!("token address: {error}"), Some(400)))?;
    let audience = platform.token_audience.as_deref();
    let audience = audience.unwrap_or(&platform.token_endpoint);
    let unique = app.env().token();
    let claims = client_assertion(&platform.client_id, audience, &unique, now / SECOND);
    let key = signing_key(app.db(), now)
        .await
        .map_err(|error| Refused(error.to_string(), None))?;
    let assertion = key.sign(&claims).map_err(|why| Refused(why, None))?;
    let text = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        .append_pair("client_assertion", &assertion)
        .append_pair("scope", SCOPE_SCORES)
        .finish();
    let body = Body {
        media_type: "application/x-www-form-urlencoded",
        text,
    };
    let answer = outgoing
        .post(&endpoint, None, body, MAX_ANSWER)
        .await
        .map_err(|error| Refused::of("token", &error))?;
    let granted: Granted =
        serde_json::from_str(&answer).map_err(|error| Refused(format!("token: {error}"), None))?;
    let until = now + granted.expires_in.clamp(0, 86_400) * SECOND - TOKEN_MARGIN;
    Ok((granted.access_token, until))
}

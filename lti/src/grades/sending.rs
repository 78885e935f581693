//! The job that sends a grade.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
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
use crate::outgoing::{Body, Outgoing, OutgoingError};
use crate::platforms::model::Call;
use crate::platforms::store::{put_call, trim_calls};

/// Bytes of an answer at most.
const MAX_ANSWER: usize = 64 * 1024;
/// A token is not used any more so long before its end.
const TOKEN_MARGIN: Micros = 60 * SECOND;

/// A service of the application: access tokens of platforms, in memory.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<Uuid, (String, Micros)>>);

impl Tokens {
    fn get(&self, platform: Uuid, now: Micros) -> Option<String> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (token, until) = map.get(&platform)?;
        (now < *until).then(|| token.clone())
    }

    fn put(&self, platform: Uuid, token: Option<(String, Micros)>) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match token {
            Some(token) => map.insert(platform, token),
            None => map.remove(&platform),
        };
    }
}

/// Between two rounds of attempts, when a platform stays away.
const NEXT_ROUND: Micros = 6 * 3600 * SECOND;
/// Rounds before the grade is left to a person: about a week.
const MAX_ROUNDS: u64 = 28;

/// Sends one grade, as it is when the job runs.
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
        let id: Option<Uuid> = payload["grade"].as_str().and_then(|text| text.parse().ok());
        let id = id.ok_or_else(|| JobError::Fatal("no grade is named".to_owned()))?;
        let Some(grade) = store::find(ctx.db.read(), id).await? else {
            return Ok(());
        };
        // Whoever closes a platform wants nothing of it any more.
        if grade.closed {
            return Ok(());
        }
        let Some(standing) = standing(ctx.db.read(), &grade).await? else {
            return Ok(());
        };
        let text = json!(standing).to_string();
        if grade.sent.as_ref() == Some(&text) {
            return Ok(());
        }
        let result = send(&app, &grade, standing).await;
        let tx = ctx.db.write().await?;
        match &result {
            Ok(()) => store::sent(&tx, id, &text).await?,
            Err(why) => store::failed(&tx, id, &why.0).await?,
        }
        let call = Call {
            kind: "grade".to_owned(),
            outcome: result
                .as_ref()
                .map_or("grade-refused", |()| "ok")
                .to_owned(),
            detail: result
                .as_ref()
                .map_or_else(|why| why.0.clone(), |()| String::new()),
            reference: String::new(),
            at: tx.env().now(),
        };
        put_call(&tx, grade.space, grade.platform, &call).await?;
        trim_calls(&tx, grade.platform).await?;
        let round = payload["round"].as_u64().unwrap_or(0);
        let outcome = match result {
            Ok(()) => Ok(()),
            Err(why) if why.is_lasting() || round >= MAX_ROUNDS => Err(JobError::Fatal(why.0)),
            Err(_) if ctx.attempt >= MAX_ATTEMPTS => {
                let next = json!({"grade": id, "round": round + 1});
                let at = tx.env().now() + NEXT_ROUND;
                tx.enqueue(NewJob::new(super::SEND, next).at(at)).await?;
                Ok(())
            }
            Err(why) => Err(JobError::Retry(why.0)),
        };
        tx.commit().await?;
        outcome
    }
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
    /// The line item is gone or the platform will not have it: trying again changes nothing.
    fn is_lasting(&self) -> bool {
        matches!(self.1, Some(400 | 403 | 404 | 405 | 409 | 410 | 422))
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

async fn send(app: &App, grade: &Grade, (progress, given): Standing) -> Result<(), Refused> {
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
    let token = token(app, &outgoing, grade).await?;
    let body = Body {
        media_type: "application/vnd.ims.lis.v1.score+json",
        text: json!(score).to_string(),
    };
    let sent = outgoing
        .post(&scores_address(&line_item), Some(&token), body, MAX_ANSWER)
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(error) => {
            if let (OutgoingError::Status(401), Some(tokens)) = (&error, app.service::<Tokens>()) {
                tokens.put(grade.platform, None);
            }
            Err(Refused::of("score", &error))
        }
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: i64,
}

/// An access token for scores: the one that is known, or a new one (Security Framework 1.0, 4.1).
async fn token(app: &App, outgoing: &Outgoing, grade: &Grade) -> Result<String, Refused> {
    let tokens = app.service::<Tokens>();
    let now = app.env().now();
    if let Some(token) = tokens.as_ref().and_then(|t| t.get(grade.platform, now)) {
        return Ok(token);
    }
    let endpoint = Url::parse(&grade.token_endpoint)
        .map_err(|error| Refused(format!("token address: {error}"), Some(400)))?;
    let audience = grade.token_audience.as_deref();
    let audience = audience.unwrap_or(&grade.token_endpoint);
    let unique = app.env().token();
    let claims = client_assertion(&grade.client_id, audience, &unique, now / SECOND);
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
    if let Some(tokens) = tokens {
        tokens.put(grade.platform, Some((granted.access_token.clone(), until)));
    }
    Ok(granted.access_token)
}

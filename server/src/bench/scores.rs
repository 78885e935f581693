//! A thousand scores to a platform that takes 50 ms for each, beside a client that does nothing
//! but post as many, as many at a time.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use passerelle_courses::cohorts;
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_lti::platforms::add_platform;
use passerelle_lti::platforms::model::Registration;
use passerelle_web::app::App;
use serde_json::{Value, json};

use super::BenchError;
use super::client::Client;
use super::report::Report;
use super::scene::{self, Scene};
use crate::host::{Host, Parts};

/// Scores sent.
const SCORES: usize = 1_000;
/// What the platform takes for one.
const ANSWERS_IN: Duration = Duration::from_millis(50);
/// As many at a time as the product has.
const AT_ONCE: usize = 16;
/// Longest wait for all of them.
const PATIENCE: Duration = Duration::from_mins(2);

/// How many came.
type Count = Arc<AtomicUsize>;

/// Sends them by the server that runs, then by the bare client.
pub(super) async fn measure(
    scene: &Scene,
    folder: &Path,
    database: &str,
    report: &mut Report,
) -> Result<(), BenchError> {
    let came = Count::default();
    let at = platform(came.clone()).await?;
    let begun = make_due(scene, folder, database, at).await?;
    while came.load(Ordering::Relaxed) < SCORES {
        if begun.elapsed() > PATIENCE {
            return Err(BenchError("the scores do not arrive".into()));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ours = begun.elapsed();
    let bare = bare(at).await?;
    report.fact(
        "1,000 scores to a platform that takes 50 ms for each",
        format!(
            "{:.2} s; 16 bare connections {:.2} s, {:.2} of them",
            ours.as_secs_f64(),
            bare.as_secs_f64(),
            bare.as_secs_f64() / ours.as_secs_f64()
        ),
    );
    Ok(())
}

/// A platform on the loopback.
async fn platform(came: Count) -> Result<SocketAddr, BenchError> {
    let token =
        || async { Json(json!({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})) };
    let score = |State(came): State<Count>| async move {
        tokio::time::sleep(ANSWERS_IN).await;
        came.fetch_add(1, Ordering::Relaxed);
        StatusCode::NO_CONTENT
    };
    let router: Router = Router::new()
        .route("/token", post(token))
        .route("/items/{item}/scores", post(score))
        .with_state(came);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(told())?;
    let at = listener.local_addr().map_err(told())?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(at)
}

/// Writes down that a thousand people are to be graded there; the instant from which the server
/// may send.
async fn make_due(
    scene: &Scene,
    folder: &Path,
    database: &str,
    at: SocketAddr,
) -> Result<Instant, BenchError> {
    let config = scene::config(folder, database)?;
    let host = Host::open(&config, Parts::default(), false)
        .await
        .map_err(told())?;
    let begun = enqueue(&host.app, scene, at).await?;
    host.app.db().clone().close().await.map_err(told())?;
    Ok(begun)
}

async fn enqueue(app: &App, scene: &Scene, at: SocketAddr) -> Result<Instant, BenchError> {
    let db = app.db().read();
    let cohort = cohorts::find_cohort(db, scene.cohort)
        .await
        .map_err(told())?;
    let cohort = cohort.ok_or_else(|| BenchError("the cohort is gone".into()))?;
    let enrolments = cohorts::enrolments_of(db, &cohort).await.map_err(told())?;
    let base = format!("http://{at}");
    let data = Registration {
        name: "bench".to_owned(),
        issuer: base.clone(),
        client_id: "bench".to_owned(),
        authorization_endpoint: format!("{base}/auth"),
        token_endpoint: format!("{base}/token"),
        jwks_uri: format!("{base}/keys"),
        ..Registration::default()
    };
    let tx = app.db().write().await.map_err(told())?;
    let actor = Actor::System("bench");
    let id = add_platform(&tx, cohort.space_id, data, None, actor)
        .await
        .map_err(told())?;
    let sql = "INSERT INTO lti_grade (id, platform_id, enrolment_id, subject, line_item, due) \
               VALUES ($1, $2, $3, $4, $5, 1)";
    // The same people again when the cohort is small.
    for (n, enrolment) in enrolments.iter().cycle().take(SCORES).enumerate() {
        let values = [
            tx.env().id().into(),
            id.into(),
            enrolment.id.into(),
            format!("subject-{n}").into(),
            format!("{base}/items/{n}").into(),
        ];
        tx.execute_raw(statement(&*tx, sql, values))
            .await
            .map_err(told())?;
    }
    tx.enqueue(NewJob::new("lti.grade", json!({"platform": id})))
        .await
        .map_err(told())?;
    tx.commit().await.map_err(told())?;
    Ok(Instant::now())
}

/// As many posts of the same size, as many at a time, and nothing else.
async fn bare(at: SocketAddr) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    let body = score().to_string();
    let posts = (0..AT_ONCE).map(|lane| {
        let body = body.clone();
        tokio::spawn(async move {
            let mut client = Client::new(at, &at.to_string());
            for n in (lane..SCORES).step_by(AT_ONCE) {
                let headers = [
                    ("content-type", "application/vnd.ims.lis.v1.score+json"),
                    ("authorization", "Bearer t"),
                ];
                let path = format!("/items/{n}/scores");
                client
                    .send(Method::POST, &path, &headers, body.clone())
                    .await?;
            }
            Ok::<(), BenchError>(())
        })
    });
    for lane in posts.collect::<Vec<_>>() {
        lane.await.map_err(told())??;
    }
    Ok(begun.elapsed())
}

fn score() -> Value {
    json!({
        "userId": "subject-1", "timestamp": "2026-11-22T10:00:00.000000Z", "activityProgress": "Started",
        "gradingProgress": "FullyGraded", "scoreGiven": 0.0, "scoreMaximum": 100.0,
    })
}

fn told<E: std::fmt::Display>() -> impl FnOnce(E) -> BenchError {
    BenchError::doing("scores")
}

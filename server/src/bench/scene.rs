//! The data that is measured on: the demonstration's space and courses, one
//! large cohort, and an empty one to be filled by file.

use std::net::SocketAddr;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use passerelle_courses::cohorts::{
    self, NewCohort, Source, assign_tutor, cohort_create, enrol_all, freeze_due,
};
use passerelle_kernel::Uuid;
use passerelle_kernel::journal::Actor;
use passerelle_web::app::App;

use super::BenchError;
use super::client::{Browser, Client, between};
use crate::config::Config;
use crate::demo;
use crate::host::{Host, Parts};

const ACTOR: Actor = Actor::System("bench");

/// Where things are.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The large cohort.
    pub cohort: Uuid,
    /// An empty one of the same course.
    pub empty: Uuid,
    /// A module of its first week.
    pub activity: Uuid,
    /// Enrolments of people who can sign in, with what they sign in with.
    pub players: Vec<(Uuid, String)>,
}

/// What the manager and the tutor of the scene sign in with.
pub const MANAGER: &str = "responsable@exemple.fr";
/// A tutor of the large cohort.
pub const TUTOR: &str = "tutrice@exemple.fr";

/// Settings of a server on that folder and database.
pub fn config(folder: &Path, database: &str) -> Result<Config, BenchError> {
    let mut flags = toml::Table::new();
    let folder = folder.display().to_string();
    flags.insert("data_dir".into(), folder.into());
    flags.insert("database_url".into(), database.into());
    Config::load(None, std::iter::empty(), flags).map_err(BenchError::doing("settings"))
}

/// Makes the scene: `people` enrolled in one cohort, `players` of whom can sign in.
pub async fn prepare(
    folder: &Path,
    database: &str,
    people: usize,
    players: usize,
) -> Result<Scene, BenchError> {
    let config = config(folder, database)?;
    let host = Host::open(&config, Parts::default(), true)
        .await
        .map_err(BenchError::doing("the scene"))?;
    let cast = demo::fill(&host)
        .await
        .map_err(BenchError::doing("the scene"))?;
    let app = &host.app;
    let cohort = cohort(app, &cast, "Grand groupe").await?;
    let empty = self::cohort(app, &cast, "Groupe vide").await?;
    let mut ids = Vec::with_capacity(people);
    while ids.len() < people {
        let count = (people - ids.len()).min(500);
        let made = demo::crowd(app, cast.space, ids.len(), count, players)
            .await
            .map_err(BenchError::doing("people"))?;
        let tx = app.db().write().await.map_err(told())?;
        enrol_all(&tx, cohort, &made, Source::System, ACTOR)
            .await
            .map_err(told())?;
        tx.commit().await.map_err(told())?;
        ids.extend(made);
    }
    let tx = app.db().write().await.map_err(told())?;
    freeze_due(&tx, app.env().now()).await.map_err(told())?;
    tx.commit().await.map_err(told())?;
    let scene = find(app, cohort, empty, &ids[..players.min(people)]).await?;
    app.db().clone().close().await.map_err(told())?;
    Ok(scene)
}

fn told<E: std::fmt::Display>() -> impl FnOnce(E) -> BenchError {
    BenchError::doing("the scene")
}

async fn cohort(app: &App, cast: &demo::Cast, title: &str) -> Result<Uuid, BenchError> {
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    let today = jiff::Timestamp::from_microsecond(app.env().now())
        .map_err(told())?
        .to_zoned(zone)
        .date();
    let monday = i32::from(today.weekday().since(Weekday::Monday)) + 7;
    let tx = app.db().write().await.map_err(told())?;
    let new = NewCohort {
        space: cast.space,
        course: cast.courses[0],
        title: title.to_owned(),
        start: today.checked_sub(monday.days()).map_err(told())?,
        zone: "Europe/Paris".to_owned(),
        capacity: 20_000,
        answer_hours: None,
        actor: ACTOR,
    };
    let id = cohort_create(&tx, new).await.map_err(told())?;
    for tutor in &cast.tutors {
        assign_tutor(&tx, id, *tutor, ACTOR).await.map_err(told())?;
    }
    tx.commit().await.map_err(told())?;
    Ok(id)
}

async fn find(app: &App, id: Uuid, empty: Uuid, who: &[Uuid]) -> Result<Scene, BenchError> {
    let db = app.db().read();
    let plan = cohorts::activities_of(db, id).await.map_err(told())?;
    let activity = plan.iter().find(|a| a.kind == "scorm");
    let activity = activity.ok_or_else(|| BenchError("the course has no module".into()))?;
    let cohort = cohorts::find_cohort(db, id).await.map_err(told())?;
    let cohort = cohort.ok_or_else(|| BenchError("the cohort is gone".into()))?;
    let enrolments = cohorts::enrolments_of(db, &cohort).await.map_err(told())?;
    let players = who
        .iter()
        .enumerate()
        .filter_map(|(n, person)| {
            let own = enrolments.iter().find(|e| e.person_id == *person)?;
            Some((own.id, demo::crowd_identifier(n)))
        })
        .collect();
    Ok(Scene {
        cohort: id,
        empty,
        activity: activity.activity_id,
        players,
    })
}

/// An activity that somebody is playing: what their player knows.
#[derive(Debug)]
pub struct Played {
    client: Client,
    /// The whole launch data of the player's page.
    pub launch: serde_json::Value,
    /// The next commit's sequence.
    pub seq: u64,
}

/// Opens the module as a browser does: the page of the application posts a code
/// to the content host, whose page holds the player's data.
pub async fn open_module(
    browser: &mut Browser,
    content: SocketAddr,
    enrolment: Uuid,
    activity: Uuid,
) -> Result<Played, BenchError> {
    let path = format!("/formation/{enrolment}/activite/{activity}/ouvrir");
    let page = browser
        .post(&path, &[])
        .await?
        .expect(200, "opening a module")?;
    let form = between(&page, "id=\"launch-form\"", "</form>");
    let action = between(form, "action=\"", "\"");
    let code = between(form, "name=\"code\" value=\"", "\"");
    let host = between(action, "://", "/launch");
    let mut client = Client::new(content, host);
    let body = serde_urlencoded::to_string([("code", code), ("lang", "fr")])
        .map_err(BenchError::doing("a form"))?;
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let reply = client
        .send(axum::http::Method::POST, "/launch", &headers, body)
        .await?;
    let page = reply.expect(200, "launching a module")?;
    let data = between(&page, "id=\"launch\">", "</script>").replace("<\\/", "</");
    let launch = serde_json::from_str(&data).map_err(BenchError::doing("launch data"))?;
    Ok(Played {
        client,
        launch,
        seq: 1,
    })
}

impl Played {
    /// Sends a commit of those elements; its status.
    pub async fn commit(&mut self, set: &serde_json::Value) -> Result<u16, BenchError> {
        let body = serde_json::json!({
            "token": self.launch["token"], "attempt": self.launch["attempt"], "launch": self.launch["launch"],
            "seq": self.seq, "sco": self.launch["current"], "session": 1, "set": set, "end": false, "calls": [],
        });
        let headers = [("content-type", "text/plain")];
        let reply = self
            .client
            .send(
                axum::http::Method::POST,
                "/t/commit",
                &headers,
                body.to_string(),
            )
            .await?;
        self.seq += 1;
        Ok(reply.status)
    }

    /// The same player, whose commits go to another address: the bare target's.
    #[must_use]
    pub fn aimed_at(self, at: SocketAddr) -> Self {
        Self {
            client: Client::new(at, &at.to_string()),
            ..self
        }
    }
}

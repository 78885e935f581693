//! The slice on a real SQLite file, with people made up and a clock that tests own.

mod lists;
mod pages;
mod rules;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::civil::{Date, date};
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::jobs::JobRunner;
use passerelle_kernel::journal::{Actor, JournalKey, read_after};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Db, Env, Plugin, Registry, Uuid, WriteTx};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::access::{Authenticator, AuthenticatorEntry, SignedIn};
use passerelle_web::app::{ContentHosts, OnStart, Settings};
use passerelle_web::directory::{
    Body as TrainingBody, Directory, DirectoryEntry, NewPerson, PersonCard, Space,
};
use passerelle_web::plugin::WebPlugin;
use passerelle_web::{Allowed, App, Lang, Role};
use tower::ServiceExt;

use super::calendar::{begins_at, zone_named};
use super::entity::{cohort, enrolment};
use super::{EnrolResult, NewCohort, Source, cohort_create, enrol, store};
use crate::access::{CohortRef, EnrolmentRef, ManageCohort, ManageEnrolment};

const PARIS: &str = "Europe/Paris";
/// First day of the cohorts of these tests: a Monday.
const START: Date = date(2026, 11, 23);

/// People and spaces over the tables, as the real directory does.
struct People {
    spaces: Vec<Arc<Space>>,
}

fn card(row: &QueryResult) -> Result<PersonCard, DbErr> {
    Ok(PersonCard {
        id: row.try_get("", "id")?,
        given_name: row.try_get("", "given_name")?,
        family_name: row.try_get("", "family_name")?,
        email: row.try_get("", "email")?,
        lang: Lang::Fr,
        organisation: None,
    })
}

const CARD: &str = "SELECT p.id, p.given_name, p.family_name, sp.email FROM space_person sp \
                    JOIN person p ON p.id = sp.person_id WHERE sp.space_id = $1";

impl People {
    async fn all(&self, db: &Db, space: Uuid) -> Result<Vec<PersonCard>, DbErr> {
        db.read()
            .query_all_raw(statement(db.read(), CARD, [space.into()]))
            .await?
            .iter()
            .map(card)
            .collect()
    }
}

#[async_trait]
impl Directory for People {
    async fn space_by_slug(&self, _: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        Ok(self.spaces.iter().find(|s| s.slug == slug).cloned())
    }
    async fn space(&self, _: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        Ok(self.spaces.iter().find(|s| s.id == id).cloned())
    }
    async fn persons(
        &self,
        db: &Db,
        space: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonCard>, DbErr> {
        Ok(self
            .all(db, space)
            .await?
            .into_iter()
            .filter(|c| ids.contains(&c.id))
            .map(|c| (c.id, c))
            .collect())
    }
    async fn search(
        &self,
        db: &Db,
        space: Uuid,
        text: &str,
        limit: u64,
    ) -> Result<Vec<PersonCard>, DbErr> {
        let text = text.to_lowercase();
        let found = self.all(db, space).await?.into_iter().filter(|c| {
            c.name().to_lowercase().contains(&text)
                || c.email.as_deref().is_some_and(|e| e.contains(&text))
        });
        Ok(found.take(limit as usize).collect())
    }
    async fn with_role(&self, _: &Db, _: Uuid, _: Role) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn by_addresses(
        &self,
        db: &Db,
        space: Uuid,
        addresses: &[String],
    ) -> Result<Vec<PersonCard>, DbErr> {
        let all = self.all(db, space).await?.into_iter();
        Ok(all
            .filter(|card| {
                card.email
                    .as_ref()
                    .is_some_and(|email| addresses.contains(email))
            })
            .collect())
    }
    async fn find_or_create(
        &self,
        tx: &WriteTx,
        space: Uuid,
        person: &NewPerson,
    ) -> Result<Uuid, DbErr> {
        let sql = format!("{CARD} AND sp.email = $2 AND p.given_name = $3 AND p.family_name = $4");
        let values = [
            space.into(),
            person.email.clone().into(),
            person.given_name.as_str().into(),
            person.family_name.as_str().into(),
        ];
        if let Some(row) = tx.query_one_raw(statement(&**tx, sql, values)).await? {
            return row.try_get("", "id");
        }
        let id = tx.env().id();
        insert_person(&**tx, space, id, person).await?;
        if let Some(email) = &person.email {
            let sql = "INSERT INTO account (id, person_id, identifier, created_at) VALUES ($1, $1, $2, 0) ON CONFLICT DO NOTHING";
            tx.execute_raw(statement(&**tx, sql, [id.into(), email.as_str().into()]))
                .await?;
        }
        Ok(id)
    }
    async fn sign_in_link(
        &self,
        tx: &WriteTx,
        person: Uuid,
        _: i64,
        next: &str,
    ) -> Result<Option<String>, DbErr> {
        let sql = "SELECT 1 FROM account WHERE person_id = $1";
        let account = tx
            .query_one_raw(statement(&**tx, sql, [person.into()]))
            .await?;
        Ok(account.map(|_| format!("/connexion/lien/{person}?suite={next}")))
    }
}

#[async_trait]
impl Authenticator for People {
    /// The session is the person's id; whoever is called Manager or Auditor in a space is so there.
    async fn authenticate(&self, db: &Db, token: &str) -> Result<Option<SignedIn>, DbErr> {
        let Ok(person) = token.parse::<Uuid>() else {
            return Ok(None);
        };
        let mut roles = Vec::new();
        for space in &self.spaces {
            let role = self
                .all(db, space.id)
                .await?
                .into_iter()
                .find(|c| c.id == person)
                .and_then(|c| match c.family_name.as_str() {
                    "Manager" => Some(Role::Manager),
                    "Auditor" => Some(Role::Auditor),
                    _ => None,
                });
            roles.extend(role.map(|role| (space.id, role)));
        }
        Ok(Some(SignedIn {
            person,
            account: person,
            name: "Somebody".into(),
            lang: Lang::Fr,
            roles,
            bare: false,
            session: Vec::new(),
        }))
    }
}

async fn insert_person<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
    person: &NewPerson,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ($1, $2, $3, $3, 'fr', 0)";
    let values = [
        id.into(),
        person.given_name.as_str().into(),
        person.family_name.as_str().into(),
    ];
    conn.execute_raw(statement(conn, sql, values)).await?;
    let sql =
        "INSERT INTO space_person (space_id, person_id, email, created_at) VALUES ($1, $2, $3, 0)";
    conn.execute_raw(statement(
        conn,
        sql,
        [space.into(), id.into(), person.email.clone().into()],
    ))
    .await?;
    Ok(())
}

impl Plugin for PeoplePlugin {
    fn name(&self) -> &'static str {
        "people"
    }
    fn register(&self, r: &mut Registry) {
        r.add(DirectoryEntry(self.0.clone()))
            .add(AuthenticatorEntry(self.0.clone()));
    }
}

struct PeoplePlugin(Arc<People>);

/// Says what the server logs as an error, so that a failing test tells why.
struct Loud;

impl tracing::field::Visit for Loud {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        eprintln!("{}: {value:?}", field.name());
    }
}

impl tracing::Subscriber for Loud {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        if *event.metadata().level() == tracing::Level::ERROR {
            event.record(&mut Self);
        }
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// A page that answered.
struct Answer {
    status: StatusCode,
    location: String,
    text: String,
}

/// An application with a space, another one, a published course of three weeks and a manager.
struct Stage {
    app: App,
    clock: Arc<ManualClock>,
    space: Uuid,
    other_space: Uuid,
    course: Uuid,
    /// Two activities a week, the second of 20 minutes and optional in the third.
    activities: Vec<Uuid>,
    manager: Uuid,
    _folder: tempfile::TempDir,
}

fn made_up_space(id: Uuid, slug: &str) -> Arc<Space> {
    let body = TrainingBody {
        email: "accueil@exemple.fr".into(),
        ..TrainingBody::default()
    };
    Arc::new(Space {
        id,
        slug: slug.into(),
        name: "Le Centre".into(),
        zone: PARIS.into(),
        lang: Lang::Fr,
        accent: None,
        body,
    })
}

impl Stage {
    async fn new() -> Self {
        // The first test sets it for all.
        let _ = tracing::subscriber::set_global_default(Loud);
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(ManualClock::new(begins_at(
            date(2026, 11, 16),
            &zone_named(PARIS),
        )));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(3)));
        let [space, other_space, course, manager] = [0; 4].map(|_| env.id());
        let key = JournalKey::from_seeds([1; 32], &[2; 32]);
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::connect(&url, PoolSizes::default(), env, key)
            .await
            .expect("a database");
        Migrator::up(db.writer_for_schema(), None)
            .await
            .expect("a schema");
        let people = People {
            spaces: vec![
                made_up_space(space, "centre"),
                made_up_space(other_space, "ailleurs"),
            ],
        };
        let plugin = PeoplePlugin(Arc::new(people));
        let registry = Registry::compose(
            &[&WebPlugin, &plugin, &crate::CoursesPlugin],
            &HashSet::new(),
        );
        let settings = Settings {
            public_url: "http://127.0.0.1:3000".into(),
            content_url: "http://127.0.0.1:3001".into(),
            content_hosts: ContentHosts::Single,
            home_space: "centre".into(),
            scratch: folder.path().to_owned(),
            dev: false,
            demo_accounts: Vec::new(),
        };
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).expect("blobs");
        let app =
            App::compose(db, blobs, settings, registry).expect("templates and words that parse");
        for OnStart(start) in app.registry().all::<OnStart>() {
            start(&app);
        }
        let mut stage = Self {
            app,
            clock,
            space,
            other_space,
            course,
            activities: Vec::new(),
            manager,
            _folder: folder,
        };
        stage.fill().await;
        stage
    }

    async fn fill(&mut self) {
        let tx = self.app.db().write().await.expect("a write");
        for (id, slug) in [(self.space, "centre"), (self.other_space, "ailleurs")] {
            let sql = "INSERT INTO space (id, slug, name, zone, lang, body, created_at) VALUES ($1, $2, 'Le Centre', $3, 'fr', '{}', 0)";
            tx.execute_raw(statement(&*tx, sql, [id.into(), slug.into(), PARIS.into()]))
                .await
                .expect("a space");
        }
        let manager = NewPerson {
            given_name: "Mona".into(),
            family_name: "Manager".into(),
            ..NewPerson::default()
        };
        insert_person(&*tx, self.space, self.manager, &manager)
            .await
            .expect("a manager");
        let sql = "INSERT INTO course (id, space_id, slug, title, state, sheet, rule, revision, created_at, updated_at, published_at) \
                   VALUES ($1, $2, 'ecrire', 'Écrire à l’âge adulte', 'published', $3, '{\"kind\":\"all\"}', 1, 0, 0, 0)";
        let sheet = "{\"agreed_minutes\":0,\"answer_hours\":48}";
        tx.execute_raw(statement(
            &*tx,
            sql,
            [self.course.into(), self.space.into(), sheet.into()],
        ))
        .await
        .expect("a course");
        for rank in 1..=3 {
            let week = tx.env().id();
            let sql = "INSERT INTO week (id, space_id, course_id, rank, title, summary) VALUES ($1, $2, $3, $4, $5, '')";
            let title = format!("Thème {rank}");
            let values = [
                week.into(),
                self.space.into(),
                self.course.into(),
                rank.into(),
                title.into(),
            ];
            tx.execute_raw(statement(&*tx, sql, values))
                .await
                .expect("a week");
            for (place, minutes) in [(1, 40), (2, 20)] {
                let id = tx.env().id();
                let sql = "INSERT INTO activity (id, space_id, course_id, week_id, rank, kind, title, minutes, optional, rule, \
                           objectives, content) VALUES ($1, $2, $3, $4, $5, 'page', $6, $7, $8, '{\"kind\":\"viewed\"}', '[]', '{}')";
                let optional = rank == 3 && place == 2;
                let title = format!("Activité {rank}.{place}");
                let values = [
                    id.into(),
                    self.space.into(),
                    self.course.into(),
                    week.into(),
                    (rank * 10 + place).into(),
                    title.into(),
                    minutes.into(),
                    optional.into(),
                ];
                tx.execute_raw(statement(&*tx, sql, values))
                    .await
                    .expect("an activity");
                self.activities.push(id);
            }
        }
        tx.commit().await.expect("committed");
    }

    /// A cohort with so many places that starts on [`START`].
    async fn cohort(&self, capacity: i32) -> Uuid {
        let tx = self.app.db().write().await.expect("a write");
        let new = NewCohort {
            space: self.space,
            course: self.course,
            title: String::new(),
            start: START,
            zone: PARIS.into(),
            capacity,
            answer_hours: None,
            actor: Actor::System("test"),
        };
        let id = cohort_create(&tx, new).await.expect("a cohort");
        tx.commit().await.expect("committed");
        id
    }

    /// Somebody new of the space, with an address.
    async fn person(&self, name: &str) -> Uuid {
        self.person_in(self.space, name).await
    }

    async fn person_in(&self, space: Uuid, name: &str) -> Uuid {
        let tx = self.app.db().write().await.expect("a write");
        let new = NewPerson {
            given_name: name.into(),
            family_name: "Test".into(),
            email: Some(format!("{}@exemple.fr", name.to_lowercase())),
            organisation: None,
        };
        let id = self
            .app
            .directory()
            .find_or_create(&tx, space, &new)
            .await
            .expect("a person");
        tx.commit().await.expect("committed");
        id
    }

    async fn enrol(&self, cohort: Uuid, person: Uuid) -> EnrolResult {
        let tx = self.app.db().write().await.expect("a write");
        let result = enrol(&tx, cohort, person, Source::Hand, Actor::System("test"))
            .await
            .expect("enrolled");
        tx.commit().await.expect("committed");
        result
    }

    async fn row(&self, cohort: Uuid) -> cohort::Model {
        store::find_cohort(self.app.db().read(), cohort)
            .await
            .expect("a query")
            .expect("a cohort")
    }

    async fn enrolment(&self, id: Uuid) -> enrolment::Model {
        store::find_enrolment(self.app.db().read(), id)
            .await
            .expect("a query")
            .expect("an enrolment")
    }

    /// The proof that the manager may change a cohort.
    async fn managing(&self, cohort: Uuid) -> Allowed<ManageCohort> {
        let space = self
            .app
            .directory()
            .space(self.app.db(), self.space)
            .await
            .expect("a query")
            .expect("a space");
        Allowed::system(
            "test",
            CohortRef {
                cohort: self.row(cohort).await,
                space,
                tutored: false,
            },
        )
    }

    /// The proof that the manager may change an enrolment.
    async fn managing_one(&self, id: Uuid) -> Allowed<ManageEnrolment> {
        let enrolment = self.enrolment(id).await;
        let cohort = self.row(enrolment.cohort_id).await;
        let space = self
            .app
            .directory()
            .space(self.app.db(), self.space)
            .await
            .expect("a query")
            .expect("a space");
        Allowed::system(
            "test",
            EnrolmentRef {
                enrolment,
                cohort,
                space,
                tutored: false,
            },
        )
    }

    /// Runs the jobs that are due, mails apart.
    async fn run_jobs(&self) {
        let report = JobRunner::new(self.app.db().clone(), self.app.registry(), 2)
            .drain()
            .await
            .expect("jobs");
        assert!(report.failed.is_empty(), "{:?}", report.failed);
    }

    /// Kinds of facts in the journal, in order.
    async fn facts(&self) -> Vec<String> {
        let records = read_after(self.app.db().read(), 0, 1_000)
            .await
            .expect("the journal");
        records.into_iter().map(|record| record.kind).collect()
    }

    /// A number that a query counts as `n`.
    async fn count(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let db = self.app.db().read();
        let row = db
            .query_one_raw(statement(db, sql, values))
            .await
            .expect("a query")
            .expect("a row");
        row.try_get("", "n").expect("a number")
    }

    async fn get(&self, who: Option<Uuid>, path: &str) -> Answer {
        self.send(
            request("GET", who, path)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }

    async fn post(&self, who: Option<Uuid>, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let encode = passerelle_web::context::urlencode;
        let body: Vec<String> = pairs
            .iter()
            .map(|(n, v)| format!("{}={}", encode(n), encode(v)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        let request = request("POST", who, path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body.join("&"))).expect("a request"))
            .await
    }

    /// Sends a list as the form does: the file, then what is pasted.
    async fn send_list(&self, who: Option<Uuid>, path: &str, file: &[u8], pasted: &str) -> Answer {
        let mut body = b"--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"liste.csv\"\r\n\r\n".to_vec();
        body.extend(file);
        let rest = format!(
            "\r\n--limit\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{pasted}\r\n--limit--\r\n"
        );
        body.extend(rest.into_bytes());
        let request = request("POST", who, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = passerelle_web::serve::application(&self.app)
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 8 << 20).await.expect("a body");
        let location = parts
            .headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Answer {
            status: parts.status,
            location,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

fn request(method: &str, who: Option<Uuid>, path: &str) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, "http://127.0.0.1:3000");
    match who {
        Some(person) => request.header(header::COOKIE, format!("session={person}")),
        None => request,
    }
}

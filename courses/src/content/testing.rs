//! An application for tests of these slices: a real SQLite file, a folder of blobs,
//! people made up.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::journal::JournalKey;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Env, Plugin, Registry, Uuid, WriteTx};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::access::{Authenticator, AuthenticatorEntry, SignedIn};
use passerelle_web::app::{ContentHosts, Settings};
use passerelle_web::directory::{
    Body as TrainingBody, Directory, DirectoryEntry, NewPerson, PersonCard, Space,
};
use passerelle_web::plugin::WebPlugin;
use passerelle_web::{App, Lang, Role};
use tempfile::TempDir;
use tower::ServiceExt;

/// Monday 5 October 2026, 08:00 UTC.
pub(crate) const NOW: i64 = 1_791_187_200_000_000;

/// The application with its folder, its space and its people.
pub(crate) struct TestApp {
    pub app: App,
    pub folder: TempDir,
    pub space: Uuid,
    pub manager: Uuid,
    pub trainee: Uuid,
}

struct People {
    space: Arc<Space>,
    manager: Uuid,
    trainee: Uuid,
}

#[async_trait]
impl Authenticator for People {
    async fn authenticate(&self, _: &Db, token: &str) -> Result<Option<SignedIn>, DbErr> {
        let (person, roles) = match token {
            "manager" => (self.manager, vec![(self.space.id, Role::Manager)]),
            "auditor" => (self.manager, vec![(self.space.id, Role::Auditor)]),
            "trainee" => (self.trainee, Vec::new()),
            _ => return Ok(None),
        };
        let name = "Amina Benali".to_owned();
        Ok(Some(SignedIn {
            person,
            account: person,
            name,
            lang: Lang::Fr,
            roles,
            bare: false,
            session: Vec::new(),
        }))
    }
}

#[async_trait]
impl Directory for People {
    async fn space_by_slug(&self, _: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        Ok((slug == self.space.slug).then(|| self.space.clone()))
    }
    async fn space(&self, _: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        Ok((id == self.space.id).then(|| self.space.clone()))
    }
    async fn persons(
        &self,
        _: &Db,
        _: Uuid,
        _: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonCard>, DbErr> {
        Ok(HashMap::new())
    }
    async fn search(&self, _: &Db, _: Uuid, _: &str, _: u64) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn with_role(&self, _: &Db, _: Uuid, _: Role) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn by_addresses(&self, _: &Db, _: Uuid, _: &[String]) -> Result<Vec<PersonCard>, DbErr> {
        Ok(Vec::new())
    }
    async fn find_or_create(&self, _: &WriteTx, _: Uuid, _: &NewPerson) -> Result<Uuid, DbErr> {
        Err(DbErr::Custom("nobody is made here".to_owned()))
    }
    async fn sign_in_link(
        &self,
        _: &WriteTx,
        _: Uuid,
        _: i64,
        _: &str,
    ) -> Result<Option<String>, DbErr> {
        Ok(None)
    }
}

struct PeoplePlugin(Arc<People>);

impl Plugin for PeoplePlugin {
    fn name(&self) -> &'static str {
        "people"
    }
    fn register(&self, r: &mut Registry) {
        r.add(DirectoryEntry(self.0.clone()))
            .add(AuthenticatorEntry(self.0.clone()));
    }
}

/// A page that answered.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
    pub headers: axum::http::HeaderMap,
}

impl TestApp {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let env = Env::new(
            Arc::new(ManualClock::new(NOW)),
            Arc::new(SeededEntropy::new(7)),
        );
        let [space, manager, trainee] = [0; 3].map(|_| env.id());
        let key = JournalKey::from_seeds([7; 32], &[9; 32]);
        let url = format!("sqlite:{}", path.join("test.db").display());
        let db = Db::connect(&url, PoolSizes::default(), env, key)
            .await
            .expect("a database");
        Migrator::up(db.writer_for_schema(), None)
            .await
            .expect("a schema");
        let people = Arc::new(People {
            space: Arc::new(made_up_space(space)),
            manager,
            trainee,
        });
        insert_people(&db, &people).await;
        let registry = Registry::compose(
            &[&WebPlugin, &PeoplePlugin(people), &crate::CoursesPlugin],
            &std::collections::HashSet::new(),
        );
        let scratch = path.join("scratch");
        std::fs::create_dir(&scratch).expect("a scratch folder");
        let settings = Settings {
            public_url: "http://127.0.0.1:3000".to_owned(),
            content_url: "http://127.0.0.1:3001".to_owned(),
            content_hosts: ContentHosts::Single,
            home_space: "centre".to_owned(),
            scratch,
            dev: false,
            demo_accounts: Vec::new(),
        };
        let blobs = Blobs::in_folder(&path.join("blobs")).expect("a folder of blobs");
        let app =
            App::compose(db, blobs, settings, registry).expect("templates and words that parse");
        Self {
            app,
            folder,
            space,
            manager,
            trainee,
        }
    }

    /// Asks for a page as that account; nobody when empty.
    pub async fn get(&self, account: &str, path: &str) -> Answer {
        self.send(
            request("GET", account, path)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }

    /// Sends a form as that account.
    pub async fn post(&self, account: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let encode = passerelle_web::context::urlencode;
        let body: Vec<String> = pairs
            .iter()
            .map(|(n, v)| format!("{}={}", encode(n), encode(v)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        let request = request("POST", account, path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body.join("&"))).expect("a request"))
            .await
    }

    /// Sends a form with a file as that account.
    pub async fn upload(
        &self,
        account: &str,
        path: &str,
        pairs: &[(&str, &str)],
        file: (&str, &str, Vec<u8>),
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in pairs {
            let part = format!(
                "--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        let (field, file_name, bytes) = file;
        let head = format!(
            "--limit\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
             Content-Type: text/html\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n--limit--\r\n");
        let request = request("POST", account, path)
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
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        let location = parts
            .headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Answer {
            status: parts.status,
            location: location.to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            headers: parts.headers,
        }
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let db = self.app.db().read();
        let row = db
            .query_one_raw(statement(
                db,
                format!("SELECT COUNT(*) AS n FROM {table}"),
                [],
            ))
            .await;
        row.expect("a count")
            .expect("a row")
            .try_get("", "n")
            .expect("a number")
    }

    /// Files below a folder of the application.
    pub fn files(&self, folder: &str) -> usize {
        fn below(path: &Path) -> usize {
            let Ok(entries) = std::fs::read_dir(path) else {
                return 0;
            };
            entries
                .flatten()
                .map(|e| {
                    if e.path().is_dir() {
                        below(&e.path())
                    } else {
                        1
                    }
                })
                .sum()
        }
        below(&self.folder.path().join(folder))
    }

    /// Kinds of the journal's entries, in order.
    pub async fn journal(&self) -> Vec<String> {
        let db = self.app.db().read();
        let rows = db
            .query_all_raw(statement(
                db,
                "SELECT kind FROM journal_entry ORDER BY id",
                [],
            ))
            .await;
        rows.expect("entries")
            .iter()
            .map(|row| row.try_get("", "kind").expect("a kind"))
            .collect()
    }

    /// Changes rows by hand.
    pub async fn execute(&self, sql: &str, values: Vec<passerelle_kernel::sea_orm::Value>) {
        let tx = self.app.db().write().await.expect("a transaction");
        tx.execute_raw(statement(&*tx, sql, values))
            .await
            .expect("executes");
        tx.commit().await.expect("commits");
    }
}

fn request(method: &str, account: &str, path: &str) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin");
    if account.is_empty() {
        request
    } else {
        request.header(header::COOKIE, format!("session={account}"))
    }
}

fn made_up_space(id: Uuid) -> Space {
    Space {
        id,
        slug: "centre".to_owned(),
        name: "Centre de ressources".to_owned(),
        zone: "Europe/Paris".to_owned(),
        lang: Lang::Fr,
        accent: None,
        body: TrainingBody {
            legal_name: "GIP Centre de ressources".to_owned(),
            ..TrainingBody::default()
        },
    }
}

async fn insert_people(db: &Db, people: &People) {
    let tx = db.write().await.expect("a transaction");
    let sql = "INSERT INTO space (id, slug, name, zone, lang, body, created_at) VALUES ($1, $2, $3, $4, 'fr', '{}', $5)";
    let space = &people.space;
    let values = [
        space.id.into(),
        (&*space.slug).into(),
        (&*space.name).into(),
        (&*space.zone).into(),
        NOW.into(),
    ];
    tx.execute_raw(statement(&*tx, sql, values))
        .await
        .expect("a space");
    for id in [people.manager, people.trainee] {
        let sql = "INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) \
                   VALUES ($1, 'Amina', 'Benali', 'amina benali', 'fr', $2)";
        tx.execute_raw(statement(&*tx, sql, [id.into(), NOW.into()]))
            .await
            .expect("a person");
    }
    tx.commit().await.expect("commits");
}

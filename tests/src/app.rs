//! The whole application over its real router, with the real plugins, on either
//! engine: no socket, a clock that the test moves, mails in a folder.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use passerelle::config::Config;
use passerelle::host::{Host, Parts};
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::journal::{self, Subscription};
use passerelle_kernel::{Db, Engine, Env, Uuid, WriteTx};
use passerelle_mailer::TransportSetting;
use passerelle_people::{NewSpace, PasswordCost};
use passerelle_web::app::App;
use passerelle_web::directory::Body;
use passerelle_web::listening::seats::Seats;
use passerelle_web::listening::{self, Patience, Reception};
use sea_orm::{ConnectionTrait, Value};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use toml::Table;

use crate::browser::Browser;
use crate::database::{START, folder, fresh_url};
use crate::mails::Mail;

/// Address of the application in tests.
pub const PUBLIC: &str = "http://127.0.0.1:3000";
/// Parent of the content hosts.
pub const CONTENT: &str = "localhost:3001";
/// Password of every account.
pub const PASSWORD: &str = "neuf tasses bleues";

/// A running application, its space `centre` open; cheap to clone.
#[derive(Clone)]
pub struct TestApp(Arc<Inner>);

/// What listens on the loopback.
#[derive(Debug)]
pub struct Served {
    /// Where pages are.
    pub pages: SocketAddr,
    /// Where contents are.
    pub content: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl Served {
    /// Stops, and waits until nothing is served any more.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            task.await.expect("served to the end");
        }
    }
}

struct Inner {
    host: Host,
    clock: Arc<ManualClock>,
    pages: Router,
    content: Router,
    space: Uuid,
    password_hash: String,
    folder: TempDir,
    engine: Engine,
    url: String,
}

impl TestApp {
    /// A fresh application on a fresh database.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, |_| ()).await
    }

    /// A fresh application that other servers reach on the loopback as well, and that may call them.
    pub async fn listening(engine: Engine) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Self::with(engine, |config| {
            config.public_url = format!("http://{address}");
            config.private_addresses = true;
        })
        .await;
        let (stop, stopped) = watch::channel(false);
        let reception = Reception {
            seats: Seats::new(1_000, 1_000),
            patience: Patience::default(),
            proxies: 0,
        };
        let pages = listening::serve(listener, app.pages(), reception, stopped);
        tokio::spawn(async move {
            let _serving = stop;
            pages.await;
        });
        app
    }

    /// Serves pages and contents on the loopback, receiving people so, until what is returned is dropped.
    pub async fn receive(&self, reception: Reception) -> Served {
        let (stop, stopped) = watch::channel(false);
        let mut at = Vec::new();
        let mut tasks = Vec::new();
        for router in [self.pages(), self.content()] {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            at.push(listener.local_addr().expect("an address"));
            let serving = listening::serve(listener, router, reception.clone(), stopped.clone());
            tasks.push(tokio::spawn(serving));
        }
        Served {
            pages: at[0],
            content: at[1],
            tasks,
            stop,
        }
    }

    /// A fresh application whose mail leaves by that server.
    pub async fn sending(engine: Engine, url: &str, change: impl FnOnce(&mut Config)) -> Self {
        Self::by(engine, Some(TransportSetting::Smtp(url.to_owned())), change).await
    }

    /// A fresh application with other settings.
    pub async fn with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        Self::by(engine, None, change).await
    }

    async fn by(
        engine: Engine,
        transport: Option<TransportSetting>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        // What a page hides from its reader, the output of a failed test tells.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_env_filter("error")
            .try_init();
        let folder = folder();
        let url = fresh_url(engine, &folder).await;
        let clock = Arc::new(ManualClock::new(START));
        let parts = Parts {
            env: Env::new(clock.clone(), Arc::new(SeededEntropy::new(1))),
            transport: Some(
                transport.unwrap_or_else(|| TransportSetting::Folder(folder.path().join("mail"))),
            ),
            password_cost: PasswordCost::TEST,
            demo_accounts: Vec::new(),
        };
        let mut config = config(&url, &folder);
        change(&mut config);
        let host = Host::open(&config, parts, true)
            .await
            .expect("the application stands");
        let space = {
            let tx = host.app.db().write().await.expect("a write");
            let id = passerelle_people::create_space(&tx, centre(), journal::Actor::System("test"))
                .await
                .expect("a space");
            tx.commit().await.expect("committed");
            id
        };
        Self(Arc::new(Inner {
            pages: passerelle_web::serve::application(&host.app),
            content: passerelle_web::serve::content(&host.app),
            password_hash: PasswordCost::TEST.hash(PASSWORD, [3; 16]).expect("a hash"),
            host,
            clock,
            space,
            folder,
            engine,
            url,
        }))
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.0.host.app
    }
    /// Its database.
    pub fn db(&self) -> &Db {
        self.app().db()
    }
    /// Its clock.
    pub fn clock(&self) -> &ManualClock {
        &self.0.clock
    }
    /// The instant it shows.
    pub fn now(&self) -> i64 {
        self.app().env().now()
    }
    /// The space `centre`.
    pub fn space(&self) -> Uuid {
        self.0.space
    }
    /// Which database is behind.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }
    /// Folder of the test.
    pub fn folder(&self) -> &std::path::Path {
        self.0.folder.path()
    }
    pub(crate) fn pages(&self) -> Router {
        self.0.pages.clone()
    }
    pub(crate) fn content(&self) -> Router {
        self.0.content.clone()
    }
    pub(crate) fn password_hash(&self) -> String {
        self.0.password_hash.clone()
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// Begins a write, for what has no page.
    pub async fn write(&self) -> WriteTx {
        self.db().write().await.expect("a write")
    }

    /// Opens a space beside `centre`.
    pub async fn other_space(&self, slug: &str) -> Uuid {
        let tx = self.write().await;
        let new = NewSpace {
            body: centre().body,
            ..NewSpace::new(slug, slug)
        };
        let id = passerelle_people::create_space(&tx, new, journal::Actor::System("test"))
            .await
            .expect("a space");
        tx.commit().await.expect("committed");
        id
    }

    /// Runs the jobs until none is due, gives the journal's entries their
    /// positions and those who follow it their turn; how many jobs ran. A job
    /// that fails fails the test.
    pub async fn run_jobs(&self) -> usize {
        let mut ran = 0;
        loop {
            let heard = self.follow().await;
            let report = self.0.host.jobs.drain().await.expect("jobs can be claimed");
            assert!(report.failed.is_empty(), "jobs failed: {:?}", report.failed);
            ran += report.done;
            if heard + report.done == 0 {
                return ran;
            }
        }
    }

    /// Gives entries of the journal their positions and those who follow it their turn; how many
    /// of both.
    async fn follow(&self) -> usize {
        let mut heard = journal::sequence(self.db()).await.expect("positions");
        for subscription in self.app().registry().all::<Subscription>() {
            heard += journal::follow(self.db(), subscription)
                .await
                .expect("followed");
        }
        heard
    }

    /// Runs the jobs that are due and tells which failed, for tests about failures.
    pub async fn run_failing_jobs(&self) -> Vec<(String, String)> {
        self.follow().await;
        self.0
            .host
            .jobs
            .drain()
            .await
            .expect("jobs can be claimed")
            .failed
    }

    /// The mails delivered so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        crate::mails::read(&self.0.folder.path().join("mail"))
    }

    /// Delivers what waits and returns the last mail to that address.
    pub async fn mail_to(&self, address: &str) -> Mail {
        self.run_jobs().await;
        let mails = self.mails();
        let found = mails.iter().rev().find(|mail| mail.to == address);
        found
            .unwrap_or_else(|| panic!("no mail to {address} in {mails:?}"))
            .clone()
    }

    /// Changes what no page changes.
    pub async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let tx = self.write().await;
        tx.execute_raw(statement(&*tx, sql, values))
            .await
            .expect("a statement");
        tx.commit().await.expect("committed");
    }

    /// The first column of the first row, a number.
    pub async fn count(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let row = self.row(sql, values).await.expect("a row");
        match row.try_get_by_index::<i64>(0) {
            Ok(number) => number,
            Err(_) => row.try_get_by_index::<i32>(0).expect("a number").into(),
        }
    }

    /// The first column of the first row, a text; none when there is no row or it is null.
    pub async fn text(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Option<String> {
        let row = self.row(sql, values).await?;
        row.try_get_by_index(0).expect("a text")
    }

    /// The first column of the first row, an identifier.
    pub async fn id(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Uuid {
        let row = self.row(sql, values).await.expect("a row");
        row.try_get_by_index(0).expect("an identifier")
    }

    async fn row(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Option<sea_orm::QueryResult> {
        let db = self.db().read();
        db.query_one_raw(statement(db, sql, values))
            .await
            .expect("a query")
    }

    /// How many entries of each kind the journal holds.
    pub async fn facts(&self) -> BTreeMap<String, usize> {
        let db = self.db().read();
        let sql = "SELECT kind FROM journal_entry";
        let rows = db
            .query_all_raw(statement(db, sql, []))
            .await
            .expect("the journal");
        let mut kinds = BTreeMap::new();
        for row in rows {
            *kinds
                .entry(row.try_get("", "kind").expect("a kind"))
                .or_insert(0) += 1;
        }
        kinds
    }

    /// Ends a story: no job fails or waits for a person, and the journal holds, sealed to its end.
    pub async fn close(&self) {
        self.run_jobs().await;
        let failed =
            passerelle_kernel::jobs::list(self.db(), passerelle_kernel::jobs::JobState::Failed)
                .await
                .expect("jobs");
        assert!(failed.is_empty(), "{failed:?}");
        journal::seal(self.db()).await.expect("sealed");
        let report = journal::verify(self.db(), None).await.expect("verified");
        assert_eq!(report.faults, []);
        assert_eq!(report.sealed, report.entries);
        assert!(report.entries > 0, "a story leaves a trace");
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.engine == Engine::Postgres {
            crate::postgres::drop_database(&self.url);
        }
    }
}

fn config(url: &str, folder: &TempDir) -> Config {
    let mut flags = Table::new();
    for (name, value) in [
        ("data_dir", folder.path().display().to_string()),
        ("database_url", url.to_owned()),
        ("public_url", PUBLIC.to_owned()),
        ("content_url", format!("http://{CONTENT}")),
        ("home_space", "centre".to_owned()),
    ] {
        flags.insert(name.to_owned(), value.into());
    }
    flags.insert("connections".to_owned(), 4.into());
    flags.insert("dev".to_owned(), true.into());
    Config::load(None, std::iter::empty(), flags).expect("a configuration")
}

fn centre() -> NewSpace {
    NewSpace {
        body: Body {
            legal_name: "GIP Centre de ressources".to_owned(),
            address: "12 rue des Exemples\n31000 Toulouse".to_owned(),
            siret: "12345678200010".to_owned(),
            declaration_number: "76310000031".to_owned(),
            declaration_region: "Occitanie".to_owned(),
            representative: "Hélène Cazaux".to_owned(),
            representative_quality: "directrice".to_owned(),
            place: "Toulouse".to_owned(),
            phone: "05 00 00 00 00".to_owned(),
            email: "contact@exemple.fr".to_owned(),
            data_protection_contact: "donnees@exemple.fr".to_owned(),
            disability_contact: "handicap@exemple.fr".to_owned(),
            host: "Un hébergeur".to_owned(),
        },
        ..NewSpace::new("centre", "Centre de ressources")
    }
}

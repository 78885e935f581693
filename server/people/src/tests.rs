//! The plugin over a real SQLite file and the real schema, through its public
//! face, its commands and its pages.

mod accounts;
mod pages;
mod persons;
mod words;

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{Env, ManualClock, SeededEntropy};
use passerelle_kernel::journal::{Actor, JournalKey};
use passerelle_kernel::{Db, Registry, Uuid, WriteTx};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::app::{ContentHosts, DemoAccount};
use passerelle_web::directory::{Body, NewPerson};
use passerelle_web::plugin::WebPlugin;
use passerelle_web::{App, Lang, Role, Settings};
use sea_orm::ConnectionTrait;

use crate::accounts::sessions::Client;
use crate::{NewAccount, NewSpace, PasswordCost, PeoplePlugin};

pub(crate) const START: i64 = 1_795_000_000_000_000;
pub(crate) const PASSWORD: &str = "neuf tasses bleues";

/// A server with two spaces: `centre`, whose administrator is Amina, and `voisine`.
pub(crate) struct Stage {
    pub clock: Arc<ManualClock>,
    pub db: Db,
    pub app: App,
    pub centre: Uuid,
    pub voisine: Uuid,
    pub amina: Uuid,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(ManualClock::new(START));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        let url = database(folder.path()).await;
        let key = JournalKey::from_seeds([1; 32], &[2; 32]);
        let db = Db::connect(&url, PoolSizes::default(), env, key)
            .await
            .expect("opens");
        Migrator::up(db.writer_for_schema(), None)
            .await
            .expect("migrates");
        let plugin = PeoplePlugin {
            password_cost: PasswordCost::TEST,
            proxies: 0,
        };
        let registry = Registry::compose(&[&WebPlugin, &plugin], &HashSet::new());
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).expect("a folder");
        let app =
            App::compose(db.clone(), blobs, settings(folder.path()), registry).expect("composes");
        let mut stage = Self {
            clock,
            db,
            app,
            centre: Uuid::nil(),
            voisine: Uuid::nil(),
            amina: Uuid::nil(),
            _folder: folder,
        };
        stage.populate().await;
        stage
    }

    async fn populate(&mut self) {
        let actor = Actor::System("test");
        let tx = self.write().await;
        let centre = NewSpace {
            body: body(),
            ..NewSpace::new("centre", "Centre de ressources")
        };
        self.centre = crate::create_space(&tx, centre, actor)
            .await
            .expect("opens");
        self.voisine = crate::create_space(&tx, NewSpace::new("voisine", "Voisine"), actor)
            .await
            .expect("opens");
        tx.commit().await.expect("commits");
        self.amina = self
            .account(self.centre, "Amina", "Benali", "amina@exemple.fr")
            .await;
        let tx = self.write().await;
        crate::grant(&tx, self.centre, self.amina, Role::Administrator, actor)
            .await
            .expect("grants");
        tx.commit().await.expect("commits");
    }

    pub async fn write(&self) -> WriteTx {
        self.db.write().await.expect("begins")
    }

    /// A person with an account that signs in with [`PASSWORD`].
    pub async fn account(&self, space: Uuid, given: &str, family: &str, identifier: &str) -> Uuid {
        let actor = Actor::System("test");
        let hash = PasswordCost::TEST.hash(PASSWORD, [3; 16]).expect("hashes");
        let tx = self.write().await;
        let email = identifier.contains('@').then_some(identifier);
        let person =
            crate::create_person(&tx, space, &person(given, family, email), Lang::Fr, actor)
                .await
                .expect("makes");
        let new = NewAccount {
            identifier: identifier.to_owned(),
            password_hash: Some(hash),
        };
        crate::create_account(&tx, space, person, new, actor)
            .await
            .expect("makes");
        tx.commit().await.expect("commits");
        person
    }

    pub async fn count(&self, sql: &str) -> i64 {
        let row = self
            .db
            .read()
            .query_one_raw(statement(self.db.read(), sql, []))
            .await
            .expect("counts");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }
}

pub(crate) fn person(given: &str, family: &str, email: Option<&str>) -> NewPerson {
    NewPerson {
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        email: email.map(str::to_owned),
        organisation: None,
    }
}

/// A visitor from an address of the documentation range.
pub(crate) fn visitor(last: u8) -> Client {
    let ip = IpAddr::from([203, 0, 113, last]);
    Client {
        key: Some(crate::accounts::model::client_key(ip)),
        device: "Firefox, Linux".to_owned(),
    }
}

/// A fresh SQLite file; or, when `PASSERELLE_TEST_PEOPLE_ON` is the address of a PostgreSQL server
/// (`postgres://user@host`), a fresh database there.
async fn database(folder: &std::path::Path) -> String {
    let Ok(server) = std::env::var("PASSERELLE_TEST_PEOPLE_ON") else {
        return format!("sqlite:{}", folder.join("test.db").display());
    };
    let name = format!("people_{}", Env::system().label());
    let key = JournalKey::from_seeds([1; 32], &[2; 32]);
    let url = format!("{server}/postgres");
    let admin = Db::connect(&url, PoolSizes { connections: 1 }, Env::system(), key)
        .await
        .expect("connects");
    admin
        .writer_for_schema()
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database");
    admin.close().await.expect("closes");
    format!("{server}/{name}")
}

fn settings(folder: &std::path::Path) -> Settings {
    Settings {
        public_url: "http://127.0.0.1:3000".to_owned(),
        content_url: "http://127.0.0.1:3001".to_owned(),
        content_hosts: ContentHosts::Single,
        home_space: "centre".to_owned(),
        scratch: folder.to_owned(),
        dev: true,
        demo_accounts: vec![DemoAccount {
            role: "Administration".to_owned(),
            identifier: "amina@exemple.fr".to_owned(),
            password: PASSWORD.to_owned(),
        }],
    }
}

fn body() -> Body {
    Body {
        legal_name: "GIP Centre de ressources".to_owned(),
        declaration_number: "76310000031".to_owned(),
        declaration_region: "Occitanie".to_owned(),
        email: "contact@exemple.fr".to_owned(),
        phone: "05 00 00 00 00".to_owned(),
        ..Body::default()
    }
}

//! The pages of the plugin, through the application's router.

#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use passerelle_kernel::blobs::Blobs;
use passerelle_kernel::db::{PoolSizes, statement};
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::jobs::{JobRunner, JobState, NewJob, list};
use passerelle_kernel::journal::JournalKey;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Env, Plugin, Registry, Uuid, WriteTx};
use passerelle_mailer::{MailerPlugin, MailerSettings, TransportSetting, send_test};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_web::access::{Authenticator, AuthenticatorEntry, SignedIn};
use passerelle_web::app::{App, ContentHosts, Settings};
use passerelle_web::directory::{
    Body as TrainingBody, Directory, DirectoryEntry, NewPerson, PersonCard, Space,
};
use passerelle_web::mail::{DELIVER, Mail, send};
use passerelle_web::plugin::WebPlugin;
use passerelle_web::{Lang, Role, serve};
use tower::ServiceExt;

const HOME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const PAGE: &str = "/e/centre/gestion/courrier";

/// Two spaces and nobody; sessions are named after a role and a space: `administrator-1`.
struct People;

fn space(id: Uuid, slug: &str) -> Arc<Space> {
    Arc::new(Space {
        id,
        slug: slug.to_owned(),
        name: "Centre de ressources".to_owned(),
        zone: "Europe/Paris".to_owned(),
        lang: Lang::Fr,
        accent: None,
        body: TrainingBody::default(),
    })
}

#[async_trait]
impl Directory for People {
    async fn space_by_slug(&self, _: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        Ok(match slug {
            "centre" => Some(space(HOME, slug)),
            "autre" => Some(space(OTHER, slug)),
            _ => None,
        })
    }
    async fn space(&self, _: &Db, _: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        Ok(None)
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
    async fn find_or_create(&self, _: &WriteTx, _: Uuid, _: &NewPerson) -> Result<Uuid, DbErr> {
        Err(DbErr::RecordNotInserted)
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

#[async_trait]
impl Authenticator for People {
    async fn authenticate(&self, _: &Db, token: &str) -> Result<Option<SignedIn>, DbErr> {
        let role = token
            .split_once('-')
            .and_then(|(role, at)| Some((at.parse().ok()?, Role::parse(role)?)));
        Ok(role.map(|(at, role): (u128, Role)| SignedIn {
            person: Uuid::from_u128(99),
            account: Uuid::from_u128(98),
            name: "Odile Garnier".to_owned(),
            lang: Lang::Fr,
            roles: vec![(Uuid::from_u128(at), role)],
            bare: false,
            session: Vec::new(),
        }))
    }
}

struct PeoplePlugin;

impl Plugin for PeoplePlugin {
    fn name(&self) -> &'static str {
        "people"
    }
    fn register(&self, r: &mut Registry) {
        r.add(DirectoryEntry(Arc::new(People)))
            .add(AuthenticatorEntry(Arc::new(People)));
    }
}

struct Setting {
    _dir: tempfile::TempDir,
    folder: PathBuf,
    app: App,
    runner: JobRunner,
}

async fn setting(dev: bool) -> Setting {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("mail");
    let env = Env::new(
        Arc::new(ManualClock::new(1_794_644_800_000_000)),
        Arc::new(SeededEntropy::new(1)),
    );
    let (key, _) = JournalKey::generate(&env).expect("a key");
    let url = format!("sqlite:{}", dir.path().join("db").display());
    let db = Db::connect(&url, PoolSizes::default(), env, key)
        .await
        .expect("connected");
    Migrator::up(db.writer_for_schema(), None)
        .await
        .expect("migrated");
    let plugin = MailerPlugin::new(&mailer(&folder)).expect("usable settings");
    let plugins: [&dyn Plugin; 3] = [&WebPlugin, &PeoplePlugin, &plugin];
    let registry = Registry::compose(&plugins, &HashSet::new());
    let runner = JobRunner::new(db.clone(), &registry, 1);
    let settings = Settings {
        public_url: "http://127.0.0.1:3000".to_owned(),
        content_url: "http://127.0.0.1:3001".to_owned(),
        content_hosts: ContentHosts::Single,
        home_space: "centre".to_owned(),
        scratch: dir.path().join("scratch"),
        dev,
        demo_accounts: Vec::new(),
    };
    let blobs = Blobs::in_folder(&dir.path().join("blobs")).expect("a folder");
    let app = App::compose(db, blobs, settings, registry).expect("composed");
    Setting {
        _dir: dir,
        folder,
        app,
        runner,
    }
}

fn mailer(folder: &std::path::Path) -> MailerSettings {
    let transport = TransportSetting::Folder(folder.to_owned());
    MailerSettings::new(transport, "centre@formation.exemple.fr")
}

impl Setting {
    async fn ask(&self, request: Request<Body>) -> (StatusCode, header::HeaderMap, String) {
        let router: Router = serve::application(&self.app);
        let response = router.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        (
            parts.status,
            parts.headers,
            String::from_utf8_lossy(&bytes).into_owned(),
        )
    }

    async fn get(&self, path: &str, session: &str) -> (StatusCode, header::HeaderMap, String) {
        let request = Request::get(path).header(header::COOKIE, format!("session={session}"));
        self.ask(request.body(Body::empty()).expect("a request"))
            .await
    }

    async fn post(&self, path: &str, session: &str) -> StatusCode {
        let request = Request::post(path)
            .header(header::COOKIE, format!("session={session}"))
            .header(header::ORIGIN, "http://127.0.0.1:3000");
        self.ask(request.body(Body::empty()).expect("a request"))
            .await
            .0
    }

    async fn enqueue(&self, to: &str, subject: &str) -> Mail {
        let mail = Mail {
            id: self.app.env().id(),
            to: to.to_owned(),
            to_name: "Amina Benali".to_owned(),
            from_name: "Centre".to_owned(),
            reply_to: None,
            subject: subject.to_owned(),
            text: "Ouvrez http://127.0.0.1:3000/connexion/lien/abc.".to_owned(),
            html: "<html><head></head><body><p style=\"color: red\">À lundi</p><script>1</script></body></html>".to_owned(),
            lang: Lang::Fr,
            attachments: Vec::new(),
            space: None,
            about: None,
            unsubscribe: None,
            secret: false,
        };
        let tx = self.app.db().write().await.expect("a transaction");
        send(&tx, &mail).await.expect("enqueued");
        tx.commit().await.expect("committed");
        mail
    }
}

#[tokio::test]
async fn only_administrators_of_the_home_space_see_the_outbox() {
    let at = setting(false).await;
    for (path, session, status) in [
        (PAGE, "administrator-1", StatusCode::OK),
        (PAGE, "administrator-2", StatusCode::FORBIDDEN),
        (PAGE, "manager-1", StatusCode::FORBIDDEN),
        (PAGE, "auditor-1", StatusCode::FORBIDDEN),
        (PAGE, "nobody", StatusCode::SEE_OTHER),
        (
            "/e/autre/gestion/courrier",
            "administrator-2",
            StatusCode::NOT_FOUND,
        ),
        (
            "/e/autre/gestion/courrier",
            "administrator-1",
            StatusCode::NOT_FOUND,
        ),
    ] {
        assert_eq!(at.get(path, session).await.0, status, "{path} as {session}");
    }
    assert_eq!(
        at.post(&format!("{PAGE}/renvoyer"), "manager-1").await,
        StatusCode::FORBIDDEN
    );
    let (_, _, page) = at.get(PAGE, "administrator-1").await;
    assert!(page.contains("Aucun message en échec") && page.contains("aria-current=\"page\""));
}

#[tokio::test]
async fn a_failed_mail_is_shown_without_its_address_and_can_be_sent_again() {
    let at = setting(false).await;
    at.enqueue("amina.benali@@exemple.fr", "À lundi").await;
    at.enqueue("bastien@exemple.fr", "À mardi").await;
    at.runner.drain().await.expect("drained");
    let failed = list(at.app.db(), JobState::Failed).await.expect("listed");
    assert_eq!(failed.len(), 1);
    let (_, _, page) = at.get(PAGE, "administrator-1").await;
    assert!(
        page.contains("a•••@exemple.fr") && !page.contains("amina.benali"),
        "{page}"
    );
    assert!(page.contains("L’adresse n’est pas valable"));
    let retry = format!("{PAGE}/{}/renvoyer", failed[0].id);
    assert!(page.contains(&retry));
    assert_eq!(
        at.post(&retry, "administrator-1").await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        list(at.app.db(), JobState::Waiting)
            .await
            .expect("listed")
            .len(),
        1
    );
    assert!(
        list(at.app.db(), JobState::Failed)
            .await
            .expect("listed")
            .is_empty()
    );
    let kinds = statement(
        at.app.db().read(),
        "SELECT kind FROM journal_entry ORDER BY at, id",
        [],
    );
    let rows = at.app.db().read().query_all_raw(kinds).await.expect("read");
    let kinds: Vec<String> = rows
        .iter()
        .filter_map(|row| row.try_get("", "kind").ok())
        .collect();
    assert_eq!(kinds, ["mail.delivered.v1", "mail.retried.v1"]);
}

#[tokio::test]
async fn all_failed_mails_are_sent_again_and_no_other_job() {
    let at = setting(false).await;
    for _ in 0..3 {
        at.enqueue("amina.benali@@exemple.fr", "À lundi").await;
    }
    let tx = at.app.db().write().await.expect("a transaction");
    tx.enqueue(NewJob::new("other.work", serde_json::json!({})))
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    at.runner.drain().await.expect("drained");
    let tx = at.app.db().write().await.expect("a transaction");
    let fail = "UPDATE job SET state = 'failed', last_error = 'x' WHERE kind <> $1";
    tx.execute_raw(statement(&*tx, fail, [DELIVER.into()]))
        .await
        .expect("failed");
    tx.commit().await.expect("committed");
    let other = list(at.app.db(), JobState::Failed).await.expect("listed");
    let other = other
        .iter()
        .find(|job| job.kind != DELIVER)
        .expect("there")
        .id;
    let (_, _, page) = at.get(PAGE, "administrator-1").await;
    assert!(page.contains("Renvoyer ces 3 messages") && !page.contains(&other.to_string()));
    at.post(&format!("{PAGE}/{other}/renvoyer"), "administrator-1")
        .await;
    assert_eq!(
        at.post(&format!("{PAGE}/renvoyer"), "administrator-1")
            .await,
        StatusCode::SEE_OTHER
    );
    let failed = list(at.app.db(), JobState::Failed).await.expect("listed");
    assert_eq!(failed.iter().map(|job| job.id).collect::<Vec<_>>(), [other]);
}

#[tokio::test]
async fn a_mail_that_waits_for_another_attempt_is_shown() {
    let at = setting(false).await;
    std::fs::write(&at.folder, "a file where the folder should be").expect("written");
    at.enqueue("amina@exemple.fr", "À lundi").await;
    at.runner.drain().await.expect("drained");
    let (_, _, page) = at.get(PAGE, "administrator-1").await;
    assert!(
        page.contains("Messages qui seront réessayés")
            && page.contains("Le fichier n’a pas pu être écrit"),
        "{page}"
    );
}

#[tokio::test]
async fn the_outbox_speaks_english_too() {
    let at = setting(true).await;
    let english = Request::get(PAGE).header(header::COOKIE, "session=administrator-1; lang=en");
    let (status, _, page) = at
        .ask(english.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("No failed message") && !page.contains("delivery-"),
        "{page}"
    );
}

#[tokio::test]
async fn a_developer_reads_the_mails_of_the_folder_newest_first() {
    let at = setting(true).await;
    let (_, _, empty) = at.get("/dev/mail", "nobody").await;
    assert!(empty.contains("Aucun message"));
    at.enqueue("amina@exemple.fr", "Le premier <b>").await;
    at.enqueue("amina@exemple.fr", "Le second").await;
    at.runner.drain().await.expect("drained");
    let (status, _, page) = at.get("/dev/mail", "nobody").await;
    assert_eq!(status, StatusCode::OK);
    let (first, second) = (
        page.find("Le premier &lt;b&gt;").expect("there"),
        page.find("Le second").expect("there"),
    );
    assert!(second < first);
    let href = page
        .split("href=\"")
        .find(|part| part.starts_with("/dev/mail/"))
        .expect("a link");
    let href = href.split('"').next().expect("an end");
    let (status, headers, mail) = at.get(href, "nobody").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text")
            .contains("frame-src 'self'")
    );
    assert!(
        mail.contains("Amina Benali &lt;amina@exemple.fr&gt;")
            && mail.contains("Auto-Submitted: auto-generated")
    );
    let link = "<a href=\"http://127.0.0.1:3000/connexion/lien/abc\">http://127.0.0.1:3000/connexion/lien/abc</a>.";
    assert!(mail.replace("&#x3D;", "=").contains(link), "{mail}");
    assert!(mail.contains(&format!("src=\"{href}/html\"")) && mail.contains("sandbox="));
    let (status, headers, html) = at.get(&format!("{href}/html"), "nobody").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("<base target=\"_top\">") && html.contains("À lundi"));
    let policy = headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .expect("text");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"));
    assert!(
        !policy.contains("script-src")
            && !policy.contains("allow-scripts")
            && !policy.contains("allow-same-origin")
    );
}

#[tokio::test]
async fn nothing_is_read_outside_the_folder_or_outside_development() {
    let at = setting(true).await;
    std::fs::write(
        at.folder.with_file_name("1-secret.eml"),
        "Subject: x\r\n\r\nsecret",
    )
    .expect("written");
    for path in [
        "/dev/mail/..%2F1-secret.eml",
        "/dev/mail/1-secret.eml",
        "/dev/mail/..",
        "/dev/mail/.1.eml/html",
    ] {
        assert_eq!(
            at.get(path, "nobody").await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let at = setting(false).await;
    at.enqueue("amina@exemple.fr", "x").await;
    at.runner.drain().await.expect("drained");
    assert_eq!(
        at.get("/dev/mail", "administrator-1").await.0,
        StatusCode::NOT_FOUND
    );
    let file = std::fs::read_dir(&at.folder)
        .expect("listed")
        .next()
        .expect("one")
        .expect("read")
        .file_name();
    let path = format!("/dev/mail/{}", file.to_string_lossy());
    assert_eq!(
        at.get(&path, "administrator-1").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        at.get(&format!("{path}/html"), "administrator-1").await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_settings_are_tried_with_a_real_mail() {
    let at = setting(true).await;
    let id = send_test(&at.app, &mailer(&at.folder), "amina@exemple.fr", Lang::Fr)
        .await
        .expect("sent");
    let file = std::fs::read_dir(&at.folder)
        .expect("listed")
        .next()
        .expect("one")
        .expect("read")
        .path();
    let text = String::from_utf8(std::fs::read(file).expect("read")).expect("text");
    assert!(text.contains(&id) && text.contains("multipart/alternative"));
    assert!(
        send_test(&at.app, &mailer(&at.folder), "amina", Lang::Fr)
            .await
            .is_err()
    );
}

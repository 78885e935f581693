//! Every route as every role. A route without a line here fails, and so does a
//! line without a route: what a new page answers to whom is decided, not found out.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Engine, Uuid};
use passerelle_lti::platforms::add_platform;
use passerelle_lti::platforms::model::Registration;
use passerelle_lti::tools::add_tool;
use passerelle_lti::tools::model::ToolData;
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::{Browser, TestApp};
use passerelle_web::{Role, Routes};
use sea_orm::ConnectionTrait;

/// Method, path, then what is answered to: nobody, the trainee of the enrolment,
/// another trainee of the cohort, its tutor, a manager, an administrator, an
/// auditor, and a manager of another space. `in` leads to the sign-in page.
/// Forms are sent empty: 422 and 409 say that who asks was let in.
const TABLE: &str = include_str!("routes.txt");

const ROLES: [&str; 8] = [
    "nobody",
    "trainee",
    "peer",
    "tutor",
    "manager",
    "administrator",
    "auditor",
    "stranger",
];

/// A space with one of everything that addresses name.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    course: Course,
    cohort: Cohort,
    pub(crate) names: BTreeMap<&'static str, String>,
}

/// A platform that may launch courses of the space.
async fn platform(app: &TestApp) -> Uuid {
    let data = Registration {
        name: "Moodle".to_owned(),
        issuer: "https://moodle.example.org".to_owned(),
        client_id: "1".to_owned(),
        authorization_endpoint: "https://127.0.0.1/auth".to_owned(),
        token_endpoint: "https://127.0.0.1/token".to_owned(),
        jwks_uri: "https://127.0.0.1/keys".to_owned(),
        ..Registration::default()
    };
    let tx = app.write().await;
    let added = add_platform(&tx, app.space(), data, None, Actor::System("test")).await;
    tx.commit().await.unwrap();
    added.unwrap()
}

/// A course of that platform, whose members may be read and cannot be reached.
async fn context(app: &TestApp) -> Uuid {
    let id = app.app().env().id();
    let sql = "INSERT INTO lti_context (id, platform_id, context, title, memberships_url, scopes, seen_at) \
               SELECT $1, p.id, '2', 'Lire', 'https://127.0.0.1/members', '', 0 FROM lti_platform p";
    app.run(sql, [id.into()]).await;
    id
}

/// A provider that people of the space may sign in with, and that cannot be reached.
async fn provider(app: &TestApp) -> Uuid {
    let id = app.app().env().id();
    let sql = "INSERT INTO oidc_provider (id, space_id, name, issuer, client_id, scopes, created_at) \
               VALUES ($1, $2, 'Annuaire', 'https://127.0.0.1', 'nous', 'openid', 0)";
    app.run(sql, [id.into(), app.space().into()]).await;
    id
}

/// A tool that courses of the space may open.
async fn tool(app: &TestApp) -> Uuid {
    let data = ToolData {
        name: "Exercices".to_owned(),
        target_url: "https://127.0.0.1/".to_owned(),
        login_url: "https://127.0.0.1/login".to_owned(),
        redirects: vec!["https://127.0.0.1/launch".to_owned()],
        jwks_uri: "https://127.0.0.1/keys".to_owned(),
        ..ToolData::default()
    };
    let tx = app.write().await;
    let added = add_tool(&tx, app.space(), data, Actor::System("test")).await;
    tx.commit().await.unwrap();
    added.unwrap().id
}

/// A contact, a list, a segment and the draft of a letter.
async fn letters(app: &TestApp, names: &mut BTreeMap<&'static str, String>) {
    let rows = [
        (
            "contact",
            "INSERT INTO mail_contact (id, space_id, email, email_key, given_name, family_name, organisation, job, department, lang, status, basis, source, purpose, created_at, updated_at) \
          VALUES ($1, $2, 'x@exemple.fr', 'x@exemple.fr', '', '', '', '', '', 'fr', 'enabled', 'consent', 'x', 'x', 0, 0)",
        ),
        (
            "list",
            "INSERT INTO mail_list (id, space_id, slug, name, description, kind, created_at) VALUES ($1, $2, 'flash', 'Flash', '', 'private', 0)",
        ),
        (
            "segment",
            "INSERT INTO mail_segment (id, space_id, name, conditions, created_at, updated_at) VALUES ($1, $2, 'Tarn', '{\"any\":false,\"list\":[]}', 0, 0)",
        ),
        (
            "campaign",
            "INSERT INTO mail_campaign (id, number, space_id, name, state, lang, subject, preheader, from_name, reply_to, blocks, target_name, is_public, prepared, is_prepared, version, created_at, updated_at) \
          VALUES ($1, 1, $2, 'Lettre', 'draft', 'fr', '', '', '', '', '[]', '', 1, 0, 0, 1, 0, 0)",
        ),
    ];
    for (name, sql) in rows {
        let id = app.app().env().id();
        app.run(sql, [id.into(), app.space().into()]).await;
        names.insert(name, id.to_string());
    }
}

impl Scene {
    pub(crate) async fn new(engine: Engine) -> Self {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        app.tutor(cohort.id, &app.person("Tilda").await).await;
        app.run_jobs().await;
        let target = app.person("Zoe").await;
        let [certificate, attachment] = one_of_each(&app, &course, &cohort).await;
        let token = "SELECT calendar_token FROM enrolment WHERE id = $1";
        let enrolment = cohort.trainees[0].1;
        let text = |id: Uuid| id.to_string();
        let names = BTreeMap::from([
            ("space", "centre".to_owned()),
            (
                "slug",
                app.text("SELECT slug FROM course", []).await.unwrap(),
            ),
            ("course", text(course.id)),
            ("week", text(course.weeks[1])),
            ("activity", text(course.package)),
            ("package", text(course.library)),
            ("cohort", text(cohort.id)),
            ("enrolment", text(enrolment)),
            ("certificate", text(certificate)),
            ("attachment", text(attachment)),
            ("person", text(target.id)),
            ("import", text(Uuid::nil())),
            ("job", text(Uuid::nil())),
            (
                "instant",
                app.count("SELECT published_at FROM course_version", [])
                    .await
                    .to_string(),
            ),
            ("file", "rien.eml".to_owned()),
            ("token", app.text(token, [enrolment.into()]).await.unwrap()),
            ("code", "entrez".to_owned()),
            ("platform", text(platform(&app).await)),
            ("context", text(context(&app).await)),
            ("offer", "rien".to_owned()),
            ("tool", text(tool(&app).await)),
            ("provider", text(provider(&app).await)),
            ("item", text(Uuid::nil())),
            ("number", "1".to_owned()),
            ("rank", "1".to_owned()),
        ]);
        let mut names = names;
        letters(&app, &mut names).await;
        Self {
            app,
            course,
            cohort,
            names,
        }
    }

    pub(crate) fn address(&self, path: &str) -> String {
        self.names
            .iter()
            .fold(path.to_owned(), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), value)
            })
    }

    pub(crate) async fn browser(&self, role: &str) -> Browser {
        let app = &self.app;
        match role {
            "nobody" => app.visitor(),
            "trainee" => app.as_person(&self.cohort.trainees[0].0).await,
            "peer" => app.as_person(&self.cohort.trainees[1].0).await,
            "tutor" => {
                let id = app.id("SELECT person_id FROM cohort_tutor", []).await;
                let tilda = passerelle_tests::people::Person {
                    id,
                    given_name: "Tilda".to_owned(),
                    identifier: "tilda@exemple.fr".to_owned(),
                };
                app.as_person(&tilda).await
            }
            "manager" => app.as_manager().await,
            "administrator" => app.as_administrator().await,
            "auditor" => app.as_auditor().await,
            _ => {
                let other = app.other_space("voisine").await;
                let max = app.person_in(other, "Max", &[Role::Manager]).await;
                app.as_person(&max).await
            }
        }
    }
}

/// An issued document of the first trainee, and a file of the course.
async fn one_of_each(app: &TestApp, course: &Course, cohort: &Cohort) -> [Uuid; 2] {
    let (certificate, attachment) = (app.app().env().id(), app.app().env().id());
    for key in ["certificates/x.pdf", "attachments/x.txt"] {
        app.app()
            .blobs()
            .put(key, b"Bonjour".to_vec().into())
            .await
            .unwrap();
    }
    let tx = app.write().await;
    let sql = "INSERT INTO certificate (id, space_id, enrolment_id, kind, serial, code, minutes, facts, state, blob_key, \
               sha256, requested_at, requested_by) VALUES ($1, $2, $3, 'completion', 'x', 'x', 1, '{}', 'issued', \
               'certificates/x.pdf', '9172e8eec99f144f72eca9a568759580edadb2cfd154857f07e657569493bc44', 0, $1)";
    let values = [
        certificate.into(),
        course.space.into(),
        cohort.trainees[0].1.into(),
    ];
    tx.execute_raw(passerelle_kernel::db::statement(&*tx, sql, values))
        .await
        .unwrap();
    let sql = "INSERT INTO attachment (id, space_id, course_id, file_name, media_type, size_bytes, blob_key, created_at) \
               VALUES ($1, $2, $3, 'x.txt', 'text/plain', 7, 'attachments/x.txt', 0)";
    let values = [attachment.into(), course.space.into(), course.id.into()];
    tx.execute_raw(passerelle_kernel::db::statement(&*tx, sql, values))
        .await
        .unwrap();
    tx.execute_unprepared("UPDATE cohort SET join_code = 'entrez'")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    [certificate, attachment]
}

/// The lines of the table: method, path, expected answers.
pub(crate) fn lines() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    TABLE
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace();
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let answers: Vec<_> = words.collect();
            assert_eq!(answers.len(), ROLES.len(), "{line}");
            (method, path, answers)
        })
        .collect()
}

async fn answer(browser: &Browser, method: &str, path: &str) -> String {
    let answer = if method == "GET" {
        browser.get(path).await
    } else if method != "POST" {
        // Only programs send these: none of our pages says where it comes from.
        let request = browser.request(method, path);
        let request = request.header("sec-fetch-site", "same-origin");
        browser.send(request, axum::body::Body::empty()).await
    } else if path.ends_with("/importer")
        || path.ends_with("/image")
        || path.ends_with("/liste")
        || path.contains("/verifier/")
        || path.ends_with("/activites")
        || path.contains("/gestion/formations/")
            && path.contains("/activite/")
            && path.matches('/').count() == 7
    {
        let file = passerelle_tests::browser::Upload {
            field: "autre",
            name: "x",
            bytes: b"",
        };
        browser.upload(path, &[], file).await
    } else {
        browser.post(path, &[]).await
    };
    if answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/connexion?") {
        "in".to_owned()
    } else {
        answer.status.as_u16().to_string()
    }
}

async fn walk(engine: Engine, role: &str) {
    let scene = Scene::new(engine).await;
    let browser = scene.browser(role).await;
    let column = ROLES.iter().position(|r| *r == role).unwrap();
    let mut wrong = Vec::new();
    for (method, path, expected) in lines() {
        let found = answer(&browser, method, &scene.address(path)).await;
        if found != expected[column] {
            wrong.push(format!(
                "{method} {path}: {found} instead of {}",
                expected[column]
            ));
        }
    }
    assert!(wrong.is_empty(), "as {role}:\n{}", wrong.join("\n"));
}

macro_rules! as_each_role {
    ($($name:ident: $role:literal,)*) => {$(
        passerelle_tests::on_both_engines! {
            async fn $name(engine) {
                walk(engine, $role).await;
            }
        }
    )*};
}

as_each_role! {
    nobody_finds_public_pages_only: "nobody",
    a_trainee_finds_their_own_course_only: "trainee",
    a_trainee_finds_nothing_of_another: "peer",
    a_tutor_finds_the_work_of_the_cohort_only: "tutor",
    a_manager_manages_all_but_the_space_itself: "manager",
    an_administrator_manages_everything: "administrator",
    an_auditor_reads_and_changes_nothing: "auditor",
    a_manager_of_another_space_finds_nothing: "stranger",
}

#[tokio::test]
async fn every_route_has_its_line_and_every_line_its_route() {
    let app = TestApp::new(Engine::Sqlite).await;
    let registry = app.app().registry().clone();
    let mut routes: Vec<(&str, &str)> = registry
        .all::<Routes>()
        .flat_map(Routes::table)
        .map(|route| (route.method, route.path))
        .collect();
    let mut told: Vec<(&str, &str)> = lines().iter().map(|(m, p, _)| (*m, *p)).collect();
    routes.sort_unstable();
    told.sort_unstable();
    let missing: Vec<_> = routes
        .iter()
        .filter(|route| !told.contains(route))
        .collect();
    let gone: Vec<_> = told.iter().filter(|line| !routes.contains(line)).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "without a line: {missing:?}; without a route: {gone:?}"
    );
    assert_eq!(routes.len(), told.len(), "a line is there twice");
}

passerelle_tests::on_both_engines! {
    async fn what_belongs_to_a_space_is_not_found_through_another(engine) {
        let scene = Scene::new(engine).await;
        let stranger = scene.browser("stranger").await;
        let mut asked = 0;
        for (method, path, _) in lines() {
            let Some(rest) = path.strip_prefix("/e/{space}/") else { continue };
            if !rest.contains('{') || rest.contains("{import}") {
                continue;
            }
            asked += 1;
            let address = scene.address(&format!("/e/voisine/{rest}"));
            let found = answer(&stranger, method, &address).await;
            assert!(found == "404" || found == "403", "{method} {path}: {found}");
        }
        assert!(asked > 25, "{asked}");
        let sql = "SELECT state FROM course WHERE id = $1";
        assert_eq!(scene.app.text(sql, [scene.course.id.into()]).await.as_deref(), Some("published"));
    }
}

#[tokio::test]
async fn pages_for_developers_are_not_there_on_a_real_server() {
    let app = TestApp::with(Engine::Sqlite, |config| config.dev = false).await;
    let alice = app.as_administrator().await;
    for (method, path, _) in lines() {
        if path.starts_with("/dev/") {
            assert_eq!(answer(&alice, method, path).await, "404", "{path}");
        }
    }
}

/// What addresses may name openly: things that are shown only to who may see them, or to anybody.
const OPEN: [&str; 31] = [
    "activity",
    "answer",
    "attachment",
    "campaign",
    "certificate",
    "cohort",
    "contact",
    "context",
    "course",
    "enrolment",
    "feed",
    "file",
    "import",
    "instant",
    "item",
    "job",
    "list",
    "message",
    "number",
    "package",
    "person",
    "place",
    "platform",
    "post",
    "provider",
    "rank",
    "segment",
    "slug",
    "space",
    "tool",
    "week",
];

/// Addresses of courses in frames, of readers' choices, of the way out and of returns stood in the
/// log: a list kept beside the log had been forgotten when they were added. A route whose address
/// holds anything but a known name has to say that it is a secret, or the name has to be added here.
#[tokio::test]
async fn a_route_whose_address_is_a_secret_says_so() {
    let app = TestApp::new(Engine::Sqlite).await;
    let registry = app.app().registry().clone();
    let mut secret = 0;
    for route in registry.all::<Routes>().flat_map(Routes::table) {
        let mut names = route
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let has_secret = names.any(|name| !OPEN.contains(&name));
        assert_eq!(
            route.is_secret, has_secret,
            "{} {}",
            route.method, route.path
        );
        secret += usize::from(has_secret);
    }
    assert!(secret > 25, "{secret}");
}

/// What a log holds, as it is written.
#[derive(Clone, Default)]
struct Written(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

passerelle_tests::on_both_engines! {
    /// The one line of a request, and whatever else is written while it is answered, tells the
    /// route of a secret address and never the address: neither when it is asked as it should be,
    /// nor by another method, nor when it was copied wrong.
    async fn addresses_that_are_secrets_are_not_in_the_log(engine) {
        let scene = Scene::new(engine).await;
        let secret = "5e5a3e5e5a3e5e5a3e5e5a3e5e5a3e5e";
        let table = scene.app.app().registry().clone();
        let routes: Vec<_> = table.all::<Routes>().flat_map(Routes::table).filter(|route| route.is_secret).collect();
        let visitor = scene.browser("manager").await;
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter("info,passerelle=trace,passerelle_web=trace,passerelle_kernel=trace")
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        for route in routes {
            let named = ["code", "token", "word", "offer"]
                .iter()
                .fold(route.path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), secret));
            let address = scene.address(&named);
            assert!(address.contains(secret), "{}", route.path);
            answer(&visitor, route.method, &address).await;
            answer(&visitor, "PUT", &address).await;
            answer(&visitor, "GET", &format!("{address}/")).await;
            answer(&visitor, "GET", &format!("{address}%20?{secret}")).await;
            let bytes = std::mem::take(&mut *written.0.lock().unwrap());
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(text.contains(route.path), "{} is not told:\n{text}", route.path);
            assert!(!text.contains(secret), "{}:\n{text}", route.path);
        }
        drop(guard);
        scene.app.close().await;
    }
}

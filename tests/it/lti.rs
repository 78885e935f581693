//! Courses opened from other people's platforms.

use axum::http::StatusCode;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::{HOUR, MINUTE, SECOND};
use passerelle_lti_protocol::SigningKey;
use passerelle_tests::platform::{DEPLOYMENT, Platform, claim, link};
use passerelle_tests::scene::Course;
use passerelle_tests::{Browser, TestApp, on_both_engines};
use passerelle_web::context::urlencode;
use serde_json::json;

/// An application, a cohort, and a platform that was connected by the address to paste.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) platform: Platform,
    pub(crate) administrator: Browser,
    pub(crate) course: Course,
    pub(crate) cohort: Uuid,
    pub(crate) page: Uuid,
    pub(crate) package: Uuid,
}

pub(crate) const PLATFORMS: &str = "/e/centre/gestion/plateformes";

impl Scene {
    pub(crate) async fn new(engine: passerelle_kernel::Engine) -> Self {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await.id;
        app.run_jobs().await;
        let platform = Platform::start().await;
        let administrator = app.as_administrator().await;
        let offer = offer(&administrator).await;
        connect(&app.visitor(), &offer, &platform).await;
        Self {
            app,
            platform,
            administrator,
            cohort,
            page: course.page,
            package: course.package,
            course,
        }
    }

    /// The page of the platform, for who administers.
    pub(crate) async fn own_page(&self) -> String {
        let id = self.app.id("SELECT id FROM lti_platform", []).await;
        format!("{PLATFORMS}/{id}")
    }

    /// Opens the cohort to the platform.
    pub(crate) async fn open_group(&self) {
        let path = format!("{}/groupe", self.own_page().await);
        let cohort = self.cohort.to_string();
        let pairs = [("cohort", cohort.as_str()), ("opened", "true")];
        self.administrator.post(&path, &pairs).await.leads();
    }

    pub(crate) fn now(&self) -> i64 {
        self.app.now() / SECOND
    }

    pub(crate) async fn launch(&self, browser: &Browser) -> passerelle_tests::Answer {
        let target = link(self.cohort);
        self.platform
            .launch(browser, &target, self.now(), |_| ())
            .await
    }

    pub(crate) async fn persons(&self) -> i64 {
        self.app.count("SELECT COUNT(*) FROM person", []).await
    }

    /// The outcome of the last call.
    pub(crate) async fn outcome(&self) -> String {
        let sql = "SELECT outcome FROM lti_call ORDER BY at DESC, id DESC LIMIT 1";
        self.app.text(sql, []).await.unwrap_or_default()
    }
}

/// The path of a new address to paste.
pub(crate) async fn offer(administrator: &Browser) -> String {
    let page = administrator
        .post(&format!("{PLATFORMS}/adresse"), &[])
        .await
        .ok()
        .text();
    let at = page.find("/lti/inscription/").expect("an address");
    page[at..].split('"').next().expect("its end").to_owned()
}

/// Opens the address as the platform's administrator, and agrees.
pub(crate) async fn connect(visitor: &Browser, offer: &str, platform: &Platform) {
    let configuration = format!("{}/configuration", platform.address());
    let page = format!(
        "{offer}?openid_configuration={}&registration_token=secret",
        urlencode(&configuration)
    );
    let page = visitor.get(&page).await.ok().says(&["Relier 127.0.0.1"]);
    assert!(
        page.header("content-security-policy")
            .contains(&format!("frame-ancestors {};", platform.address())),
        "{:?}",
        page.headers
    );
    let pairs = [
        ("openid_configuration", configuration.as_str()),
        ("registration_token", "secret"),
    ];
    visitor
        .post(offer, &pairs)
        .await
        .ok()
        .says(&["La plateforme est reliée"]);
}

on_both_engines! {
    async fn a_platform_is_connected_by_one_address_and_its_trainee_works_here(engine) {
        let scene = Scene::new(engine).await;
        let registered = scene.platform.registered().expect("a registration");
        assert_eq!(registered["initiate_login_uri"], "http://127.0.0.1:3000/lti/connexion");
        assert_eq!(registered["token_endpoint_auth_method"], "private_key_jwt");
        let nora = scene.app.visitor();
        let path = scene.launch(&nora).await.leads();
        nora.get(&path).await.ok().says(&["Lire"]);
        nora.get(&format!("{path}/activite/{}", scene.page)).await.ok();
        // The second launch finds the same person, from another browser as well.
        let before = scene.persons().await;
        let again = scene.launch(&scene.app.visitor()).await;
        assert!(again.statements <= 6, "{} statements", again.statements);
        assert_eq!(again.leads(), path);
        assert_eq!(scene.persons().await, before);
        assert_eq!(scene.platform.key_requests(), 1, "keys are asked once");
        let manager = scene.app.as_manager().await;
        manager.get(&format!("/groupe/{}", scene.cohort)).await.ok().says(&["DIALLO Nora"]);
        manager.get(&format!("/groupe/{}/gestion", scene.cohort)).await.ok().says(&["Venu·e d’une autre plateforme"]);
        let source = "SELECT COUNT(*) FROM enrolment WHERE source = 'platform'";
        assert_eq!(scene.app.count(source, []).await, 1);
        let facts = scene.app.facts().await;
        assert_eq!((facts["lti.platform.registered.v1"], facts["lti.person.linked.v1"]), (1, 1));
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_address_claimed_by_a_platform_gives_nobody_an_account(engine) {
        let scene = Scene::new(engine).await;
        // The claim says the address of Alice, who administers the space.
        let browser = scene.app.visitor();
        let path = scene.launch(&browser).await.leads();
        browser.get(PLATFORMS).await.expect(StatusCode::FORBIDDEN);
        browser.get(&path).await.ok();
        let known = "SELECT COUNT(*) FROM space_person WHERE email = 'alice@exemple.fr'";
        assert_eq!(scene.app.count(known, []).await, 1);
        // Nor does a role that somebody has elsewhere.
        let target = link(scene.cohort);
        let other = scene.app.visitor();
        let answer = scene.platform.launch(&other, &target, scene.now(), |claims| {
            claims["sub"] = json!("person-2");
            claims[claim("roles")] = json!(["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"]);
        }).await;
        answer.leads();
        other.get("/e/centre/gestion/personnes").await.expect(StatusCode::FORBIDDEN);
        // Nor one that they were given here: a platform does not lend what it has not.
        let nora = scene.app.id("SELECT person_id FROM lti_subject WHERE subject = 'person-1'", []).await;
        let tx = scene.app.write().await;
        let (space, actor) = (scene.app.space(), passerelle_kernel::journal::Actor::System("test"));
        passerelle_people::grant(&tx, space, nora, passerelle_web::Role::Administrator, actor).await.unwrap();
        tx.commit().await.unwrap();
        let again = scene.app.visitor();
        scene.launch(&again).await.leads();
        again.get(PLATFORMS).await.expect(StatusCode::FORBIDDEN);
        again.get("/mon-compte").await.ok();
        // Made a tutor here, they watch over nobody from there either.
        scene.app.tutor(scene.cohort, &passerelle_tests::people::Person {
            id: nora, given_name: "Nora".to_owned(), identifier: String::new(),
        }).await;
        again.get(&format!("/groupe/{}", scene.cohort)).await.expect(StatusCode::FORBIDDEN);
        // The privacy notice names who is at the other end.
        scene.app.visitor().get("/confidentialite").await.ok().says(&["relié à d’autres serveurs", "dont les stagiaires suivent nos formations"]);
        // Who teaches there sees where people arrive, and nothing else.
        let teacher = scene.app.visitor();
        let answer = scene.platform.launch(&teacher, &target, scene.now(), |claims| {
            claims["sub"] = json!("person-3");
            claims[claim("roles")] = json!(["Instructor"]);
        }).await;
        answer.ok().says(&["Vous enseignez sur la plateforme"]);
        assert_eq!(teacher.cookie("session"), None);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn in_a_frame_a_module_plays_at_an_address_that_shows_that_course_only(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let in_frame = async |target: &str| {
            let sent = scene.platform.login(&browser, target).await;
            let token = scene.platform.key().sign(&scene.platform.claims(&sent, target, scene.now())).unwrap();
            let pairs = [("state", sent["state"].as_str()), ("id_token", token.as_str())];
            scene.platform.post_in_frame(&browser, &pairs).await.leads()
        };
        let held = format!("frame-ancestors {};", scene.platform.address());
        let course = in_frame(&link(scene.cohort)).await;
        let page = browser.get(&course).await.ok().says(&["Semaine 1", "Ouvrir dans un nouvel onglet"]);
        assert!(page.header("content-security-policy").contains(&held));
        assert_eq!(browser.cookie("session"), None);
        assert!(!page.text().contains("/formation/"), "nothing there leads to what needs a session");
        // A module plays there, its files in frames that the platform's page holds as well.
        let module = format!("{course}/activite/{}", scene.package);
        assert!(page.text().contains(&module));
        let page = browser.get(&module).await.ok();
        assert!(page.header("content-security-policy").contains(&held));
        let ancestors = scene.app.text("SELECT ancestors FROM launch WHERE superseded_at IS NULL", []).await;
        assert_eq!(ancestors.as_deref(), Some(scene.platform.address()));
        assert_eq!(in_frame(&format!("{}/activite/{}", link(scene.cohort), scene.package)).await.split('/').next_back(), Some(scene.package.to_string().as_str()));
        // The others have a door, for an hour; what is not of the course has none.
        let door = format!("{course}/activite/{}/entrer", scene.page);
        let window = scene.app.visitor();
        let path = window.post(&door, &[]).await.leads();
        window.get(&path).await.ok();
        // What cannot be shown is said within the frame, where another page would be blank.
        let gone = browser.get(&format!("{course}/activite/{}", Uuid::nil())).await.expect(StatusCode::CONFLICT);
        assert!(gone.header("content-security-policy").contains(&held));
        scene.app.clock().advance(61 * MINUTE);
        scene.app.visitor().post(&door, &[]).await.expect(StatusCode::GONE);
        browser.get(&module).await.ok();
        let page = browser.get(&format!("{course}/activite/{}", scene.page)).await.ok();
        assert!(!page.text().contains("/entrer"));
        // A platform that is closed, and the end of the day.
        let sql = "UPDATE lti_platform SET closed_at = 1";
        let tx = scene.app.write().await;
        sea_orm::ConnectionTrait::execute_raw(&*tx, passerelle_kernel::db::statement(&*tx, sql, [])).await.unwrap();
        tx.commit().await.unwrap();
        browser.get(&module).await.expect(StatusCode::GONE);
        let tx = scene.app.write().await;
        let sql = "UPDATE lti_platform SET closed_at = NULL";
        sea_orm::ConnectionTrait::execute_raw(&*tx, passerelle_kernel::db::statement(&*tx, sql, [])).await.unwrap();
        tx.commit().await.unwrap();
        browser.get(&module).await.ok();
        scene.app.clock().advance(10 * HOUR);
        let over = browser.get(&module).await.expect(StatusCode::GONE);
        assert!(over.header("content-security-policy").contains("frame-ancestors *;"));
        // So is a launch that is refused: by the platform's own pages only once it is known.
        let refused = scene.platform.launch(&browser, &link(scene.cohort), scene.now(), |claims| claims["nonce"] = json!("autre")).await;
        assert!(refused.expect(StatusCode::FORBIDDEN).header("content-security-policy").contains(&held));
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_launch_that_was_not_begun_here_or_was_used_is_refused(engine) {
        let scene = Scene::new(engine).await;
        let target = link(scene.cohort);
        let browser = scene.app.visitor();
        let sent = scene.platform.login(&browser, &target).await;
        let token = scene.platform.key().sign(&scene.platform.claims(&sent, &target, scene.now())).unwrap();
        let pairs = [("state", sent["state"].as_str()), ("id_token", token.as_str())];
        // In another browser: the login was begun by somebody else.
        scene.platform.post(&scene.app.visitor(), &pairs).await.expect(StatusCode::CONFLICT);
        assert_eq!(scene.outcome().await, "other-browser");
        // That attempt has used the login up.
        scene.platform.post(&browser, &pairs).await.expect(StatusCode::CONFLICT).says(&["a déjà eu lieu"]);
        let persons = scene.persons().await;
        // A replay of a launch that went well.
        let sent = scene.platform.login(&browser, &target).await;
        let token = scene.platform.key().sign(&scene.platform.claims(&sent, &target, scene.now())).unwrap();
        let pairs = [("state", sent["state"].as_str()), ("id_token", token.as_str())];
        scene.platform.post(&browser, &pairs).await.leads();
        scene.platform.post(&browser, &pairs).await.expect(StatusCode::CONFLICT);
        // The same token under the state of another login.
        let next = scene.platform.login(&browser, &target).await;
        let swapped = [("state", next["state"].as_str()), ("id_token", token.as_str())];
        scene.platform.post(&browser, &swapped).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "nonce-wrong");
        // A login that nobody answered for twenty minutes.
        let slow = scene.platform.login(&browser, &target).await;
        scene.app.clock().advance(20 * MINUTE);
        let token = scene.platform.key().sign(&scene.platform.claims(&slow, &target, scene.now())).unwrap();
        let pairs = [("state", slow["state"].as_str()), ("id_token", token.as_str())];
        scene.platform.post(&browser, &pairs).await.expect(StatusCode::CONFLICT);
        assert_eq!(scene.outcome().await, "state-expired");
        // The platform says no.
        let sent = scene.platform.login(&browser, &target).await;
        let pairs = [("state", sent["state"].as_str()), ("error", "login_required")];
        scene.platform.post(&browser, &pairs).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "platform-refused");
        assert_eq!(scene.persons().await, persons + 1);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A platform that changed its key within the minute after a launch was refused, and so was one
    /// that put another key under the same name, for a day; what « Vérifier ses clés » had read was
    /// shown and not used. Whatever comes, its keys are asked four times a minute at most.
    async fn keys_that_change_are_asked_again_and_a_storm_of_unknown_ones_is_not(engine) {
        let scene = Scene::new(engine).await;
        let target = link(scene.cohort);
        let browser = scene.app.visitor();
        scene.launch(&browser).await.leads();
        let key = |name: &str| SigningKey::from_pem(name, &passerelle_lti::keys::new_pem().unwrap()).unwrap();
        let launch = async |key: &SigningKey| {
            let sent = scene.platform.login(&browser, &target).await;
            let token = key.sign(&scene.platform.claims(&sent, &target, scene.now())).unwrap();
            let pairs = [("state", sent["state"].as_str()), ("id_token", token.as_str())];
            scene.platform.post(&browser, &pairs).await
        };
        // A new key, within the minute; then another one under the same name.
        let (new, other) = (key("new"), key("new"));
        scene.platform.publish(json!({"keys": [new.public().unwrap()]}));
        launch(&new).await.leads();
        scene.platform.publish(json!({"keys": [other.public().unwrap()]}));
        launch(&other).await.leads();
        assert_eq!(scene.platform.key_requests(), 3);
        launch(&new).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "signature-wrong");
        assert_eq!(scene.platform.key_requests(), 4);
        let storm = key("nobody-s");
        for _ in 0..5 {
            launch(&storm).await.expect(StatusCode::FORBIDDEN);
            assert_eq!(scene.outcome().await, "key-unknown");
        }
        assert_eq!(scene.platform.key_requests(), 4, "four times a minute");
        launch(&other).await.leads();
        // What an administrator asks is used at once.
        let third = key("third");
        scene.platform.publish(json!({"keys": [third.public().unwrap()]}));
        let page = scene.own_page().await;
        scene.administrator.post(&format!("{page}/essai"), &[]).await.ok().says(&["publie une clé utilisable"]);
        launch(&third).await.leads();
        assert_eq!(scene.platform.key_requests(), 5);
        scene.app.clock().advance(2 * MINUTE);
        launch(&storm).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.platform.key_requests(), 6);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn deployments_wait_for_the_administrator_and_a_closed_platform_opens_nothing(engine) {
        let scene = Scene::new(engine).await;
        let target = link(scene.cohort);
        let browser = scene.app.visitor();
        let swapped = |claims: &mut serde_json::Value| claims[claim("deployment_id")] = json!("another");
        scene.platform.launch(&browser, &target, scene.now(), swapped).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "deployment-unknown");
        let administrator = &scene.administrator;
        let id = scene.app.id("SELECT id FROM lti_platform", []).await;
        let page = format!("{PLATFORMS}/{id}");
        administrator.get(PLATFORMS).await.ok().says(&["127.0.0.1", "Ouverte"]);
        administrator.get(&page).await.ok().says(&["another", DEPLOYMENT, "Ce déploiement de la plateforme", &target]);
        administrator.post(&format!("{page}/deploiement"), &[("deployment", "unseen")]).await.expect(StatusCode::NOT_FOUND);
        administrator.post(&format!("{page}/deploiement"), &[("deployment", "another")]).await.leads();
        scene.platform.launch(&browser, &target, scene.now(), swapped).await.leads();
        administrator.post(&format!("{page}/essai"), &[]).await.ok().says(&["publie une clé utilisable"]);
        administrator.post(&format!("{page}/fermer"), &[]).await.leads();
        let login = format!("/lti/connexion?iss={}&login_hint=h&target_link_uri={}", urlencode(scene.platform.address()), urlencode(&target));
        browser.get(&login).await.expect(StatusCode::FORBIDDEN).says(&["n’est pas reliée"]);
        administrator.post(&format!("{page}/fermer"), &[]).await.expect(StatusCode::CONFLICT);
        administrator.post(&format!("{page}/rouvrir"), &[]).await.leads();
        scene.launch(&browser).await.leads();
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_link_opens_only_groups_of_the_space_that_take_people(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let space = scene.app.other_space("ailleurs").await;
        let course = scene.app.course_in(space, "Ailleurs").await;
        let elsewhere = scene.app.cohort(&course, "2026-11-02", &[]).await.id;
        for target in [link(elsewhere), link(Uuid::nil()), "http://127.0.0.1:3000/lti/".to_owned()] {
            scene.platform.launch(&browser, &target, scene.now(), |_| ()).await.expect(StatusCode::FORBIDDEN);
            assert_eq!(scene.outcome().await, "nowhere", "{target}");
        }
        let target = link(scene.cohort);
        let anonymous = |claims: &mut serde_json::Value| claims["sub"] = json!(null);
        scene.platform.launch(&browser, &target, scene.now(), anonymous).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "anonymous");
        // Somebody who was there comes back to read, nobody new comes in.
        let path = scene.launch(&browser).await.leads();
        scene.app.clock().advance(30 * 24 * HOUR);
        scene.app.run_jobs().await;
        assert_eq!(scene.launch(&browser).await.leads(), path);
        let late = |claims: &mut serde_json::Value| claims["sub"] = json!("late");
        scene.platform.launch(&scene.app.visitor(), &target, scene.now(), late).await.expect(StatusCode::CONFLICT).says(&["n’accueille plus"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn who_finds_the_group_full_waits_until_a_place_is_given(engine) {
        let scene = Scene::new(engine).await;
        let manager = scene.app.as_manager().await;
        let settings = format!("/groupe/{}/gestion/reglages", scene.cohort);
        let places = |n: &'static str| [("title", "Lire"), ("start", "2026-11-02"), ("capacity", n), ("answer_hours", "72")];
        manager.post(&settings, &places("1")).await.leads();
        let browser = scene.app.visitor();
        for _ in 0..2 {
            scene.launch(&browser).await.ok().says(&["sur la liste d’attente"]);
            assert_eq!(browser.cookie("session"), None);
        }
        manager.post(&settings, &places("2")).await.leads();
        manager.post(&format!("/groupe/{}/gestion/place", scene.cohort), &[]).await.leads();
        let path = scene.launch(&browser).await.leads();
        browser.get(&path).await.ok();
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn grades_go_back_as_people_progress_and_catch_up_after_an_outage(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.app.visitor();
        let (whole, part) = (link(scene.cohort), format!("{}/activite/{}", link(scene.cohort), scene.package));
        for (target, item) in [(&whole, "course"), (&part, "module")] {
            let grades = scene.platform.grades(item);
            let answer = scene.platform.launch(&browser, target, scene.now(), |claims| {
                claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = grades;
            }).await;
            answer.leads();
        }
        scene.app.run_jobs().await;
        let last = |item: &str| {
            let scores = scene.platform.scores();
            let (_, score) = scores.into_iter().rev().find(|(of, _)| of == item).expect("a score");
            (score["activityProgress"].as_str().unwrap().to_owned(), score["scoreGiven"].as_f64())
        };
        assert_eq!(last("course"), ("Started".to_owned(), Some(0.0)));
        assert_eq!(last("module"), ("Initialized".to_owned(), None));
        let enrolment = scene.app.id("SELECT id FROM enrolment WHERE source = 'platform'", []).await;
        browser.launch(enrolment, scene.package).await.pass("SCO-1", "80").await;
        scene.app.run_jobs().await;
        assert_eq!(last("module"), ("Completed".to_owned(), Some(80.0)));
        assert_eq!(last("course"), ("InProgress".to_owned(), Some(33.33)));
        assert_eq!(scene.platform.token_requests(), 1, "one token for all of them");
        // A better score goes back as well, a worse one does not.
        for (score, held) in [("95", 95.0), ("60", 95.0)] {
            browser.launch(enrolment, scene.package).await.pass("SCO-1", score).await;
            scene.app.run_jobs().await;
            assert_eq!(last("module"), ("Completed".to_owned(), Some(held)));
        }
        // Somebody who comes back to what is known asks six things of the database, here too.
        let grades = scene.platform.grades("module");
        let again = scene.platform.launch(&scene.app.visitor(), &part, scene.now(), |claims| {
            claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = grades;
        }).await;
        assert!(again.statements <= 6, "{} statements", again.statements);
        // The platform is down while the person goes on.
        scene.platform.refuse(Some(StatusCode::SERVICE_UNAVAILABLE));
        browser.get(&format!("/formation/{enrolment}/activite/{}", scene.page)).await.ok();
        scene.app.run_failing_jobs().await;
        let id = scene.app.id("SELECT id FROM lti_platform", []).await;
        let page = format!("{PLATFORMS}/{id}");
        scene.administrator.get(&page).await.ok().says(&["Une note repart Refusé", "Une personne arrive dans un groupe Fonctionne", "Une note n’a pas pu partir", "n’a pas pris la note", "503"]);
        scene.platform.refuse(None);
        scene.administrator.post(&format!("{page}/notes"), &[]).await.leads();
        scene.app.clock().advance(HOUR);
        scene.app.run_jobs().await;
        assert_eq!(last("course"), ("InProgress".to_owned(), Some(66.66)));
        let sent = scene.platform.scores().len();
        // Nothing is sent twice.
        scene.administrator.post(&format!("{page}/notes"), &[]).await.leads();
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), sent);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn the_grades_of_a_crowd_all_go_once_the_platform_is_back(engine) {
        const CROWD: usize = 300;
        let scene = Scene::new(engine).await;
        let platform = scene.app.id("SELECT id FROM lti_platform", []).await;
        let people = scene.app.crowd(scene.cohort, CROWD).await;
        let tx = scene.app.write().await;
        for (n, enrolment) in people.iter().enumerate() {
            let sql = "INSERT INTO lti_grade (id, platform_id, enrolment_id, subject, line_item, problem) VALUES ($1, $2, $3, $4, $5, 'x')";
            let item = format!("{}/items/course?n={n}", scene.platform.address());
            let values = [tx.env().id().into(), platform.into(), (*enrolment).into(), format!("u-{n}").into(), item.into()];
            sea_orm::ConnectionTrait::execute_raw(&*tx, passerelle_kernel::db::statement(&*tx, sql, values)).await.unwrap();
        }
        tx.commit().await.unwrap();
        scene.platform.refuse(Some(StatusCode::SERVICE_UNAVAILABLE));
        let page = format!("{PLATFORMS}/{platform}");
        scene.administrator.post(&format!("{page}/notes"), &[]).await.leads();
        assert_eq!(scene.app.run_failing_jobs().await.len(), 1, "one job for all of them");
        assert_eq!(scene.platform.scores(), []);
        scene.platform.refuse(None);
        scene.app.clock().advance(HOUR);
        scene.app.run_jobs().await;
        let mut subjects: Vec<String> = scene.platform.scores().into_iter().map(|(_, score)| score["userId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(subjects.len(), CROWD, "each once");
        subjects.sort_unstable();
        subjects.dedup();
        assert_eq!(subjects.len(), CROWD);
        let due = "SELECT COUNT(*) FROM lti_grade WHERE due <> done OR problem IS NOT NULL";
        assert_eq!(scene.app.count(due, []).await, 0);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_address_to_paste_works_once_and_only_for_an_honest_platform(engine) {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let administrator = app.as_administrator().await;
        let manager = app.as_manager().await;
        manager.get(PLATFORMS).await.expect(StatusCode::FORBIDDEN);
        let platform = Platform::start().await;
        let address = offer(&administrator).await;
        let visitor = app.visitor();
        visitor.get(&address).await.expect(StatusCode::BAD_REQUEST).says(&["s’ouvre depuis votre plateforme"]);
        visitor.get("/lti/inscription/0000").await.expect(StatusCode::GONE);
        let wrong = [("openid_configuration", "javascript:alert(1)"), ("registration_token", "")];
        visitor.post(&address, &wrong).await.expect(StatusCode::BAD_REQUEST);
        let silent = [("openid_configuration", "http://127.0.0.1:1/x"), ("registration_token", "")];
        visitor.post(&address, &silent).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["ne répond pas"]);
        connect(&visitor, &address, &platform).await;
        visitor.get(&format!("{address}?openid_configuration=x")).await.expect(StatusCode::GONE);
        // The same platform again, by another address: it is brought up to date.
        let again = offer(&administrator).await;
        connect(&visitor, &again, &platform).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM lti_platform", []).await, 1);
        assert_eq!(app.facts().await["lti.platform.changed.v1"], 1);
        // With other keys, somebody else claims to be it.
        let third = offer(&administrator).await;
        app.run("UPDATE lti_platform SET jwks_uri = 'https://moodle.example.org/keys'", []).await;
        let configuration = format!("{}/configuration", platform.address());
        let pairs = [("openid_configuration", configuration.as_str()), ("registration_token", "")];
        visitor.post(&third, &pairs).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["déjà reliée"]);
        // By hand, field by field.
        let new = format!("{PLATFORMS}/nouvelle");
        administrator.post(&new, &[("name", "Canvas")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Il faut une adresse complète"]);
        let fields = [
            ("name", "Canvas"), ("issuer", "https://canvas.example.org"), ("client_id", "10000"),
            ("authorization_endpoint", "https://canvas.example.org/auth"), ("token_endpoint", "https://canvas.example.org/token"),
            ("jwks_uri", "https://canvas.example.org/keys"), ("deployment", "d"),
        ];
        let page = administrator.post(&new, &fields).await.leads();
        administrator.get(&page).await.ok().says(&["Canvas", "10000"]);
        let keys = visitor.get("/lti/cles").await.ok().text();
        let keys: serde_json::Value = serde_json::from_str(&keys).unwrap();
        assert_eq!(keys["keys"][0]["alg"], "RS256");
        assert!(keys["keys"][0].get("d").is_none(), "the private half stays");
        app.close().await;
    }
}

on_both_engines! {
    async fn who_teaches_on_a_platform_picks_what_a_link_opens(engine) {
        let scene = Scene::new(engine).await;
        let registered = scene.platform.registered().expect("a registration");
        let messages = &registered["https://purl.imsglobal.org/spec/lti-tool-configuration"]["messages"];
        assert_eq!(messages.as_array().map(Vec::len), Some(1), "a platform that takes no picking is offered none");
        let picker = "http://127.0.0.1:3000/lti/choisir";
        let ask = |role: &'static str, settings: serde_json::Value| {
            move |claims: &mut serde_json::Value| {
                claims[claim("message_type")] = json!("LtiDeepLinkingRequest");
                claims[claim("roles")] = json!([format!("http://purl.imsglobal.org/vocab/lis/v2/membership#{role}")]);
                claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = settings;
            }
        };
        let back = format!("{}/back", scene.platform.address());
        let settings = json!({"deep_link_return_url": back, "accept_types": ["ltiResourceLink"], "accept_multiple": false, "accept_lineitem": true, "data": "opaque"});
        let browser = scene.app.visitor();
        let learner = scene.platform.launch(&browser, picker, scene.now(), ask("Learner", settings.clone())).await;
        learner.expect(StatusCode::FORBIDDEN).says(&["Seules les personnes qui enseignent"]);
        let files = json!({"deep_link_return_url": back, "accept_types": ["file"]});
        scene.platform.launch(&browser, picker, scene.now(), ask("Instructor", files)).await.expect(StatusCode::FORBIDDEN);
        // Nothing is offered but what somebody has opened to the platform, by the name of its course.
        let none = scene.platform.launch(&browser, picker, scene.now(), ask("Instructor", settings.clone())).await.ok();
        none.says(&["Aucun groupe n’est ouvert à votre plateforme"]).never_says(&["Groupe du"]);
        scene.open_group().await;
        let unopened = scene.app.cohort(&scene.course, "2026-11-16", &[]).await.id;
        let page = scene.platform.launch(&browser, picker, scene.now(), ask("Instructor", settings)).await.ok();
        let page = page.says(&["Lire – Groupe du 2026-11-02"]).never_says(&["2026-11-16"]);
        let text = page.text();
        let at = text.find("/lti/choisir/").expect("a group");
        let place = text[at..].split('"').next().expect("its end").to_owned();
        // One only: radio buttons; and a group of another space is none of theirs.
        assert!(browser.get(&place).await.ok().text().contains("type=\"radio\""));
        let other = place.replace(&scene.cohort.to_string(), &Uuid::nil().to_string());
        browser.get(&other).await.expect(StatusCode::NOT_FOUND);
        let unopened = place.replace(&scene.cohort.to_string(), &unopened.to_string());
        browser.get(&unopened).await.expect(StatusCode::NOT_FOUND);
        let page = browser.post(&place, &[("what", &scene.package.to_string())]).await.ok();
        assert!(page.header("content-security-policy").contains(scene.platform.address()));
        let answer = passerelle_tests::tool::claims(&passerelle_tests::tool::hidden(&page, "JWT"));
        assert_eq!((answer["aud"].as_str(), answer["iss"].as_str()), (Some(scene.platform.address()), Some("client-1")));
        assert_eq!(answer["https://purl.imsglobal.org/spec/lti-dl/claim/data"], "opaque");
        let items = &answer["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"];
        assert_eq!(items[0]["url"], format!("{}/activite/{}", link(scene.cohort), scene.package));
        assert_eq!(items[0]["lineItem"]["resourceId"], scene.package.to_string());
        // What was picked is launched, week by week as well.
        let week = format!("{}/semaine/2", link(scene.cohort));
        let path = scene.platform.launch(&browser, &week, scene.now(), |_| ()).await.leads();
        assert!(path.ends_with("#semaine-2"), "{path}");
        browser.get(&place).await.expect(StatusCode::GONE);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn without_cookies_the_platform_s_window_keeps_what_ties_a_launch_to_its_login(engine) {
        let scene = Scene::new(engine).await;
        let target = link(scene.cohort);
        let login = |window: &str| format!(
            "/lti/connexion?iss={}&login_hint=hint&target_link_uri={}&client_id=client-1&lti_storage_target={window}",
            urlencode(scene.platform.address()), urlencode(&target),
        );
        let part = |page: &str, name: &str| {
            let text = page.split(&format!(" {name}=\"")).nth(1).expect(name).split('"').next().unwrap();
            passerelle_tests::browser::unescape(text)
        };
        let begin = async |browser: &Browser| {
            let page = browser.get(&login("_parent")).await.ok();
            assert!(page.header("content-security-policy").contains(&format!("frame-ancestors {};", scene.platform.address())));
            let page = page.text();
            assert_eq!((part(&page, "data-action").as_str(), part(&page, "data-origin").as_str()), ("put", scene.platform.address()));
            let next = url::Url::parse(&part(&page, "data-next")).unwrap();
            let sent: std::collections::BTreeMap<String, String> = next.query_pairs().into_owned().collect();
            let token = scene.platform.key().sign(&scene.platform.claims(&sent, &target, scene.now())).unwrap();
            (sent["state"].clone(), token, part(&page, "data-key"), part(&page, "data-value"))
        };
        // The browser that comes back has dropped our cookie: the window is asked.
        let (state, token, key, value) = begin(&scene.app.visitor()).await;
        let back = scene.app.visitor();
        let pairs = [("state", state.as_str()), ("id_token", token.as_str())];
        let page = scene.platform.post_in_frame(&back, &pairs).await.ok().text();
        assert_eq!((part(&page, "data-action").as_str(), part(&page, "data-key")), ("get", key));
        let kept = [pairs[0], pairs[1], ("window_value", value.as_str())];
        let own_page = async |browser: &Browser, pairs: &[(&str, &str)]| {
            let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", urlencode(value))).collect();
            let request = browser.request("POST", "/lti/lancement").header("sec-fetch-site", "same-origin").header("sec-fetch-dest", "iframe")
                .header("content-type", "application/x-www-form-urlencoded");
            browser.send(request, axum::body::Body::from(body.join("&"))).await
        };
        let course = own_page(&back, &kept).await.leads();
        assert!(course.starts_with("/lti/cadre/"), "{course}");
        own_page(&back, &kept).await.expect(StatusCode::CONFLICT);
        // Whoever began a login knows what was kept: from their own site it is worth nothing.
        let (state, token, _, value) = begin(&scene.app.visitor()).await;
        let planted = [("state", state.as_str()), ("id_token", token.as_str()), ("window_value", value.as_str())];
        let victim = scene.app.visitor();
        scene.platform.post(&victim, &planted).await.expect(StatusCode::CONFLICT);
        assert_eq!((scene.outcome().await.as_str(), victim.cookie("session")), ("other-browser", None));
        assert_eq!(scene.persons().await, 3, "Alice, Ada and Nora");
        // Nothing kept, something else, or what was kept for another login, is somebody else's browser.
        for wrong in ["", "0000", value.as_str()] {
            let (state, token, ..) = begin(&scene.app.visitor()).await;
            let pairs = [("state", state.as_str()), ("id_token", token.as_str()), ("window_value", wrong)];
            own_page(&back, &pairs).await.expect(StatusCode::CONFLICT);
            assert_eq!(scene.outcome().await, "other-browser", "{wrong}");
        }
        // What is no name of a window is not believed: a cookie is needed.
        for wrong in ["", "a%20b", "%22%3E"] {
            let visitor = scene.app.visitor();
            visitor.get(&login(wrong)).await.expect(StatusCode::SEE_OTHER);
        }
        scene.app.close().await;
    }
}

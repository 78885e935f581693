//! What is asked of the platforms that open our courses: who is there, which columns they have.

use axum::http::StatusCode;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::SECOND;
use passerelle_tests::platform::{Platform, link};
use passerelle_tests::{Browser, TestApp, on_both_engines};
use serde_json::{Value, json};

/// An application, a cohort, a platform whose course has opened it, and the page of that course.
struct Scene {
    app: TestApp,
    platform: Platform,
    administrator: Browser,
    cohort: Uuid,
    page: String,
}

impl Scene {
    async fn new(engine: passerelle_kernel::Engine) -> Self {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await.id;
        app.run_jobs().await;
        let platform = Platform::start().await;
        let administrator = app.as_administrator().await;
        let offer = crate::lti::offer(&administrator).await;
        crate::lti::connect(&app.visitor(), &offer, &platform).await;
        let id = app.id("SELECT id FROM lti_platform", []).await;
        let scene = Self {
            page: format!("/e/centre/gestion/plateformes/{id}"),
            app,
            platform,
            administrator,
            cohort,
        };
        scene.arrive("person-1").await;
        let context = scene.app.id("SELECT id FROM lti_context", []).await;
        Self {
            page: format!("{}/cours/{context}", scene.page),
            ..scene
        }
    }

    async fn arrive(&self, subject: &str) -> u32 {
        let visitor = self.app.visitor();
        let now = self.app.now() / SECOND;
        let answer = self
            .platform
            .launch(&visitor, &link(self.cohort), now, |claims| {
                claims["sub"] = json!(subject);
                self.platform.serves(claims);
            })
            .await;
        let statements = answer.statements;
        answer.leads();
        statements
    }

    async fn ask(&self) -> String {
        self.administrator
            .post(&format!("{}/lire", self.page), &[])
            .await
            .leads_to(&self.page);
        self.administrator.get(&self.page).await.ok().words()
    }
}

on_both_engines! {
    async fn who_is_in_a_course_of_a_platform_is_read_page_by_page_then_by_its_changes(engine) {
        let scene = Scene::new(engine).await;
        assert!(scene.arrive("person-1").await <= 6, "what is known of the course is not written again");
        scene.platform.enrols(&[
            ("person-1", "Active", "Learner"),
            ("person-2", "Active", "Learner"),
            ("person-3", "Inactive", "Learner"),
            ("teacher-1", "Active", "Instructor"),
            ("person-4", "Active", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"),
        ], false);
        let before = scene.administrator.get(&scene.page).await.ok().words();
        assert!(before.contains("Pas encore") && before.contains("Personne à montrer"), "{before}");
        let words = scene.ask().await;
        assert!(words.contains("Stagiaires dans le cours 3 Déjà venu·es ici 1 Pas encore venu·es 2"), "{words}");
        assert!(words.contains("DIALLO Nora Inscrit·e"), "{words}");
        assert_eq!(scene.platform.member_requests(), ["limit=200", "from=2", "from=4"]);
        // Names of who has not come are nowhere.
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM person WHERE family_name LIKE 'Quelqu%'", []).await, 0);
        // The next time, only what has changed.
        scene.platform.enrols(&[("person-1", "Deleted", "Learner"), ("person-5", "Active", "Learner")], true);
        let words = scene.ask().await;
        assert!(words.contains("Stagiaires dans le cours 3 Déjà venu·es ici 0 Pas encore venu·es 3"), "{words}");
        assert!(words.contains("DIALLO Nora Plus inscrit·e"), "{words}");
        assert_eq!(scene.platform.member_requests()[3..], ["since=1"]);
        // Somebody else's platform, and who does not administer, see nothing.
        let manager = scene.app.as_manager().await;
        manager.get(&scene.page).await.expect(StatusCode::FORBIDDEN);
        manager.post(&format!("{}/lire", scene.page), &[]).await.expect(StatusCode::FORBIDDEN);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_platform_that_has_forgotten_the_changes_is_read_again_whole(engine) {
        let scene = Scene::new(engine).await;
        scene.platform.enrols(&[("person-1", "Active", "Learner")], false);
        scene.ask().await;
        let words = scene.ask().await;
        assert!(words.contains("Stagiaires dans le cours 1"), "{words}");
        assert_eq!(scene.platform.member_requests(), ["limit=200", "since=1", "limit=200"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_column_is_asked_once_and_grades_of_the_group_go_there(engine) {
        let scene = Scene::new(engine).await;
        scene.platform.enrols(&[("person-1", "Active", "Learner"), ("person-2", "Active", "Learner")], false);
        scene.ask().await;
        assert!(scene.platform.scores().is_empty(), "the link has no column");
        let ask = async || {
            let cohort = scene.cohort.to_string();
            let to = format!("{}/colonne", scene.page);
            scene.administrator.post(&to, &[("cohort", &cohort)]).await.leads_to(&scene.page);
            scene.app.run_jobs().await;
        };
        ask().await;
        ask().await;
        let items = scene.platform.items();
        assert_eq!(items.len(), 1, "{items:?}");
        assert_eq!((&items[0]["label"], &items[0]["scoreMaximum"]), (&json!("Groupe du 2026-11-02"), &json!(100)));
        let sent = scene.platform.scores();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].0.as_str(), &sent[0].1["userId"]), ("made-0", &json!("person-1")));
        // Who comes later is graded there too, and a known one costs no more.
        scene.arrive("person-2").await;
        scene.app.run_jobs().await;
        assert_eq!(scene.platform.scores().len(), 2);
        assert!(scene.arrive("person-2").await <= 6);
        // What the platform holds is shown beside.
        scene.platform.holds("made-0", json!([{"userId": "person-1", "resultScore": 12, "resultMaximum": 100}]));
        let words = scene.ask().await;
        assert!(words.contains("DIALLO Nora Inscrit·e 12"), "{words}");
        let nothing: Value = json!([]);
        scene.platform.holds("made-0", nothing);
        assert!(!scene.ask().await.contains("Inscrit·e 12"));
        // A column that was removed there holds nothing; those of another course there are not this one's.
        scene.platform.holds("made-0", json!([{"userId": "person-1", "resultScore": 12, "resultMaximum": 100}]));
        assert!(scene.ask().await.contains("Inscrit·e 12"));
        scene.platform.holds("made-0", json!(null));
        assert!(!scene.ask().await.contains("Inscrit·e 12"));
        scene.app.run("UPDATE lti_grade SET held = 4200, line_item = 'http://127.0.0.1/ailleurs/1'", []).await;
        assert!(!scene.administrator.get(&scene.page).await.ok().words().contains("42"));
        // A cohort that is not there is not.
        let to = format!("{}/colonne", scene.page);
        for wrong in ["", "x", &Uuid::nil().to_string()] {
            scene.administrator.post(&to, &[("cohort", wrong)]).await.expect(StatusCode::NOT_FOUND);
        }
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_a_platform_refuses_is_told_with_its_reason(engine) {
        let scene = Scene::new(engine).await;
        scene.app.run("UPDATE lti_context SET memberships_url = 'http://127.0.0.1:1/members'", []).await;
        let words = scene.ask().await;
        assert!(words.contains("Pas encore"), "{words}");
        // Pages that go round in circles, and half a list, are no list.
        let circle = format!("{}/circle", scene.platform.address());
        scene.app.run("UPDATE lti_context SET memberships_url = $1", [circle.into()]).await;
        scene.ask().await;
        let why = scene.app.text("SELECT detail FROM lti_call ORDER BY at DESC, id DESC LIMIT 1", []).await;
        assert!(why.as_deref().is_some_and(|why| why.contains("circles")), "{why:?}");
        let list = scene.page.split("/cours/").next().unwrap().to_owned();
        scene.administrator.get(&list).await.ok().says(&["Lecture du cours", "Demande refusée", "Chez le partenaire"]);
        // Nothing is asked of a platform that was closed.
        scene.administrator.post(&format!("{list}/fermer"), &[]).await.leads();
        scene.administrator.post(&format!("{}/lire", scene.page), &[]).await.expect(StatusCode::CONFLICT);
        scene.app.close().await;
    }
}

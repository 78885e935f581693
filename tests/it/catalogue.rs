//! Making a course from its pages: sheet, weeks, activities, publication, copy; and the library.

use axum::http::StatusCode;
use passerelle_courses::catalogue::model::SheetField;
use passerelle_kernel::Uuid;
use passerelle_tests::browser::Upload;
use passerelle_tests::{Answer, Browser, TestApp, on_both_engines, packages};

const BASE: &str = "/e/centre/gestion/formations";

/// The course that a manager makes, by its pages.
struct Making<'a> {
    manager: &'a Browser,
    path: String,
    id: Uuid,
}

impl<'a> Making<'a> {
    async fn new(manager: &'a Browser, title: &str) -> Self {
        let sent = [("title", title), ("weeks", "2")];
        let path = manager
            .post(&format!("{BASE}/nouvelle"), &sent)
            .await
            .leads();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        Self { manager, path, id }
    }

    async fn revision(&self) -> String {
        let sql = "SELECT revision FROM course WHERE id = $1";
        self.manager
            .app()
            .count(sql, [self.id.into()])
            .await
            .to_string()
    }

    async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let revision = self.revision().await;
        let mut pairs = pairs.to_vec();
        pairs.push(("revision", &revision));
        self.manager
            .post(&format!("{}{path}", self.path), &pairs)
            .await
    }

    async fn sheet(&self, title: &str) -> Answer {
        let mut pairs: Vec<(&str, &str)> = SheetField::ALL
            .iter()
            .map(|field| (field.code(), "Ce qu’il faut savoir."))
            .collect();
        pairs.extend([
            ("title", title),
            ("objective", "Choisir un support"),
            ("objective_id", ""),
            ("hours", "1"),
            ("minutes", "30"),
            ("answer_hours", "72"),
            ("nature", "training"),
        ]);
        self.post("/fiche", &pairs).await
    }

    async fn weeks(&self) -> Vec<String> {
        let mut weeks = Vec::new();
        for rank in 1..=3 {
            let sql = "SELECT CAST(title AS TEXT) FROM week WHERE course_id = $1 AND rank = $2";
            weeks.extend(
                self.manager
                    .app()
                    .text(sql, [self.id.into(), rank.into()])
                    .await,
            );
        }
        weeks
    }

    async fn week(&self, rank: i32) -> String {
        let sql = "SELECT id FROM week WHERE course_id = $1 AND rank = $2";
        self.manager
            .app()
            .id(sql, [self.id.into(), rank.into()])
            .await
            .to_string()
    }

    async fn state(&self) -> Option<String> {
        self.manager
            .app()
            .text("SELECT state FROM course WHERE id = $1", [self.id.into()])
            .await
    }

    async fn link(&self, week: &str, title: &str) -> Answer {
        self.post(
            "/activites",
            &[
                ("kind", "link"),
                ("week", week),
                ("title", title),
                ("minutes", "20"),
                ("url", "https://exemple.fr/lire"),
                ("note", ""),
                ("rule", "viewed"),
            ],
        )
        .await
    }
}

on_both_engines! {
    async fn a_course_is_made_published_changed_and_duplicated_from_its_pages(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let course = Making::new(&manager, "Écrire à l’âge adulte").await;
        course.post("/publier", &[]).await.leads();
        assert_eq!(course.state().await.as_deref(), Some("draft"), "an incomplete sheet stays a draft");
        course.sheet("Écrire à l’âge adulte").await.leads();

        let (first, second) = (course.week(1).await, course.week(2).await);
        course.link(&first, "").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        for title in ["Lire", "Relire"] {
            course.link(&first, title).await.leads();
        }
        course.post("/semaines", &[("title", "Évaluer"), ("summary", "Le chemin fait.")]).await.leads();
        let third = course.week(3).await;
        course.post(&format!("/semaine/{third}/deplacer"), &[("direction", "up")]).await.leads();
        assert_eq!(course.weeks().await[1], "Évaluer");
        course.post(&format!("/semaine/{third}/retirer"), &[]).await.leads();
        assert_eq!((course.weeks().await.len(), course.week(2).await), (2, second.clone()));

        let activity = "SELECT id FROM activity WHERE course_id = $1 AND title = $2";
        let lire = app.id(activity, [course.id.into(), "Lire".into()]).await;
        for _ in 0..2 {
            course.post(&format!("/activite/{lire}/deplacer"), &[("direction", "down")]).await.leads();
        }
        let of = "SELECT week_id FROM activity WHERE id = $1";
        assert_eq!(app.id(of, [lire.into()]).await.to_string(), second, "the second step goes over to the next week");
        course.post(&format!("/activite/{lire}/retirer"), &[]).await.leads();
        manager.get(&course.path).await.ok().never_says(&["Lire 20 min"]);
        course.post(&format!("/activite/{lire}/retablir"), &[]).await.leads();

        course.post("/regle", &[("rule", "share"), ("share", "80"), ("count", "")]).await.leads();
        let address = "/e/centre/formations/ecrire-a-l-age-adulte";
        app.visitor().get(address).await.expect(StatusCode::NOT_FOUND);
        course.post("/publier", &[]).await.leads();
        app.visitor().get(address).await.ok().says(&["Choisir un support", "Ce qu’il faut savoir."]);
        app.visitor().get("/").await.ok().says(&["Écrire à l’âge adulte"]);

        let copy = course.post("/dupliquer", &[]).await.leads();
        manager.get(&copy).await.ok().says(&["Lire", "Relire"]);
        let copied = "SELECT COUNT(*) FROM activity WHERE course_id <> $1";
        assert_eq!(app.count(copied, [course.id.into()]).await, 2);
        course.post("/archiver", &[]).await.leads();
        app.visitor().get(address).await.expect(StatusCode::NOT_FOUND);
        course.post("/reprendre", &[]).await.leads();
        app.close().await;
    }
}

on_both_engines! {
    async fn two_people_who_edit_one_sheet_do_not_overwrite_each_other(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let course = Making::new(&manager, "Lire").await;
        let old = course.revision().await;
        course.sheet("Lire ensemble").await.leads();
        let stale = manager.post(&format!("{}/fiche", course.path), &[("title", "Lire seul"), ("revision", &old)]).await;
        stale.expect(StatusCode::CONFLICT);
        let title = app.text("SELECT title FROM course WHERE id = $1", [course.id.into()]).await;
        assert_eq!(title.as_deref(), Some("Lire ensemble"));
    }
}

on_both_engines! {
    async fn a_package_is_imported_used_and_kept_while_an_activity_plays_it(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let library = "/e/centre/gestion/contenus";
        let zip = packages::scorm12("Un module", 2);
        let sent = Upload { field: "package", name: "module.zip", bytes: &zip };
        let mut to = manager.upload(&format!("{library}/importer"), &[], sent).await.leads();
        // A machine that is slow shows the state of the import first.
        for _ in 0..200 {
            if !to.contains("/import/") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let state = manager.get(&to).await;
            if state.status == StatusCode::SEE_OTHER {
                state.location().clone_into(&mut to);
            }
        }
        manager.get(&to).await.ok().says(&["Un module"]);
        let package = app.id("SELECT id FROM package", []).await;

        let course = Making::new(&manager, "Un cours").await;
        let week = course.week(1).await;
        let id = package.to_string();
        let activity = [
            ("kind", "scorm"), ("week", week.as_str()), ("title", "Le module"), ("minutes", "60"),
            ("package", id.as_str()), ("rule", "passed"),
        ];
        course.post("/activites", &activity).await.leads();
        manager.post(&format!("{library}/{package}/supprimer"), &[]).await.leads();
        assert_eq!(app.count("SELECT COUNT(*) FROM package", []).await, 1, "it is used");
        let preview = manager.post(&format!("{library}/{package}/apercu"), &[]).await.ok();
        assert_eq!(preview.field("code").len(), 64);
        app.close().await;
    }
}

on_both_engines! {
    async fn what_is_not_a_package_is_refused_in_words_and_leaves_nothing_behind(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let path = "/e/centre/gestion/contenus/importer";
        let no_manifest = packages::zip(&[("index.html".to_owned(), "<p>x</p>".to_owned())]);
        let mut cut = packages::scorm12("Coupé", 1);
        cut.truncate(cut.len() / 2);
        for (name, bytes) in [("note.zip", b"Bonjour".to_vec()), ("page.zip", no_manifest), ("cut.zip", cut)] {
            let sent = Upload { field: "package", name, bytes: &bytes };
            let answer = manager.upload(path, &[], sent).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.words().contains(name), "{}", answer.words());
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM package", []).await, 0);
        let left: Vec<_> = std::fs::read_dir(app.folder().join("scratch")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

//! Packages that were played badly: what each did, and what it must do. Their windows and their
//! reloads are in `tests/browser/playing.test.mjs`.

use axum::http::StatusCode;
use passerelle_kernel::Engine;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::MINUTE;
use passerelle_tests::browser::Browser;
use passerelle_tests::people::Person;
use passerelle_tests::player::Player;
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::{TestApp, on_both_engines, packages};
use passerelle_web::Role;
use serde_json::{Value, json};

const STATUS: &str = "cmi.core.lesson_status";
const COMPLETED: &str = r#"{"kind":"completed"}"#;

/// A cohort at work on one package of `tests/packages`.
struct Scene {
    app: TestApp,
    course: Course,
    cohort: Cohort,
    tutor: Person,
    manager: Person,
}

impl Scene {
    async fn of(engine: Engine, package: &str, rule: &str) -> Self {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire et écrire").await;
        let library = app.import(course.space, &packages::case(package)).await;
        let sql = "UPDATE activity SET package_id = $1, rule = $2 WHERE id = $3";
        app.run(sql, [library.into(), rule.into(), course.package.into()])
            .await;
        let course = Course { library, ..course };
        let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        let tutor = app.person("Théo").await;
        app.tutor(cohort.id, &tutor).await;
        let manager = app.person_in(course.space, "Mona", &[Role::Manager]).await;
        app.run_jobs().await;
        Self {
            app,
            course,
            cohort,
            tutor,
            manager,
        }
    }

    fn enrolment(&self, who: usize) -> Uuid {
        self.cohort.trainees[who].1
    }

    async fn trainee(&self, who: usize) -> Browser {
        self.app.as_person(&self.cohort.trainees[who].0).await
    }

    async fn launch(&self, who: usize) -> Player {
        self.trainee(who)
            .await
            .launch(self.enrolment(who), self.course.package)
            .await
    }

    /// Status and score of the activity.
    async fn state(&self, who: usize) -> (String, i64) {
        let of = "FROM activity_state WHERE enrolment_id = $1 AND activity_id = $2";
        let values = || [self.enrolment(who).into(), self.course.package.into()];
        let status = self
            .app
            .text(&format!("SELECT status {of}"), values())
            .await;
        let score = self
            .app
            .count(&format!("SELECT COALESCE(score, -1) {of}"), values())
            .await;
        (status.unwrap_or_default(), score)
    }

    /// The words of a page for somebody.
    async fn words(&self, who: &Person, path: &str) -> String {
        self.app.as_person(who).await.get(path).await.ok().words()
    }

    fn watching(&self, who: usize) -> String {
        format!(
            "/suivi/{}/activite/{}",
            self.enrolment(who),
            self.course.package
        )
    }
}

/// The line of an item in the table of contents that a player is given.
fn line<'d>(player: &'d Player, id: &str) -> &'d Value {
    let toc = player.data["toc"].as_array().expect("a table of contents");
    toc.iter().find(|line| line["id"] == id).expect("the item")
}

async fn complete(player: &mut Player, scos: &[&str]) {
    for sco in scos {
        assert_eq!(
            player.commit(sco, &[(STATUS, "completed")], true).await,
            StatusCode::NO_CONTENT,
            "{sco}"
        );
    }
}

on_both_engines! {
    /// `suspend_data` of 1.2 stopped at 4,096 characters: the place went on and the data did not.
    async fn what_content_of_1_2_is_told_to_be_kept_comes_back_identical(engine) {
        let scene = Scene::of(engine, "memoire-croissante-12", COMPLETED).await;
        let mut player = scene.launch(0).await;
        let memory: String = "{\"p\":1,\"d\":\"é😀\\\"".chars().chain("abcdefgh\n".chars().cycle()).take(63_999).collect();
        assert_eq!(memory.encode_utf16().count(), 64_000);
        let set = [("cmi.suspend_data", memory.as_str()), ("cmi.core.lesson_location", "200"), ("cmi.core.exit", "suspend")];
        assert_eq!(player.commit("I", &set, true).await, StatusCode::NO_CONTENT);
        let again = scene.launch(0).await;
        assert_eq!(line(&again, "I")["state"]["cmi.suspend_data"], memory.as_str());
        assert_eq!(line(&again, "I")["state"]["cmi.core.lesson_location"], "200");
        let mut again = again;
        let more = format!("{memory}x");
        assert_eq!(again.commit("I", &[("cmi.suspend_data", &more)], false).await, StatusCode::UNPROCESSABLE_ENTITY);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A value that was refused stood in the technical log only.
    async fn what_was_refused_is_shown_to_the_tutor(engine) {
        let scene = Scene::of(engine, "memoire-croissante-12", COMPLETED).await;
        let mut player = scene.launch(0).await;
        player.commit("I", &[(STATUS, "incomplete")], false).await;
        assert!(!scene.words(&scene.tutor, &scene.watching(0)).await.contains("Valeurs refusées"));
        let mut body = player.next("I", &[("cmi.core.lesson_location", "4")], false);
        body["calls"] = json!([
            [1, "SetValue", "cmi.suspend_data", "…", "false", "405"],
            [2, "SetValue", "cmi.suspend_data", "…", "false", "405"],
            [3, "SetValue", "cmi.core.lesson_location", "4", "true", "0"],
            [4, "Commit", "", "", "true", "0"],
        ]);
        player.send(&body).await.expect(StatusCode::NO_CONTENT);
        let words = scene.words(&scene.tutor, &scene.watching(0)).await;
        assert!(words.contains("elles n’ont pas été gardées"), "{words}");
        assert!(words.contains("cmi.suspend_data 405 – Incorrect data type 2"), "{words}");
        assert!(!words.contains("lesson_location"), "{words}");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// After Finish the page came back, and every later value was lost: its session is a new one of
    /// the same attempt, in the same launch.
    async fn a_page_that_comes_back_goes_on_in_a_new_session_of_the_same_attempt(engine) {
        let scene = Scene::of(engine, "rejouer-12", COMPLETED).await;
        let mut player = scene.launch(0).await;
        let first = [("cmi.core.lesson_location", "1"), ("cmi.core.exit", "suspend"), (STATUS, "incomplete"), ("cmi.core.session_time", "00:10:00")];
        player.commit("I", &first, true).await;
        let mut second = player.next("I", &[("cmi.core.lesson_location", "2"), ("cmi.core.session_time", "00:05:00")], false);
        second["session"] = json!(2);
        player.send(&second).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM attempt", []).await, 1);
        assert_eq!(scene.app.count("SELECT seconds FROM sco_state", []).await, 15 * 60);
        let again = scene.launch(0).await;
        let state = &line(&again, "I")["state"];
        assert_eq!((&state["cmi.core.lesson_location"], &state["cmi.core.entry"]), (&json!("2"), &json!("resume")));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A package of several SCOs opened again at the first that was not finished.
    async fn an_activity_opens_again_where_the_person_stopped(engine) {
        let scene = Scene::of(engine, "reprise-2e-sco-2004", COMPLETED).await;
        let mut player = scene.launch(0).await;
        assert_eq!(player.data["current"], "I1");
        let set = [("cmi.completion_status", "incomplete"), ("cmi.exit", "suspend")];
        player.commit("I1", &set, true).await;
        scene.app.clock().advance(MINUTE);
        player.commit("I2", &set, false).await;
        assert_eq!(scene.launch(0).await.data["current"], "I2");
        // Completed and suspended with the whole: still there.
        let mut player = scene.launch(0).await;
        let all = [("cmi.completion_status", "completed"), ("cmi.exit", "suspend"), ("adl.nav.request", "suspendAll")];
        player.commit("I2", &all, true).await;
        assert_eq!(scene.launch(0).await.data["current"], "I2");
        // Completed and left: what remains.
        let mut player = scene.launch(0).await;
        player.commit("I2", &[("cmi.completion_status", "completed"), ("cmi.exit", "normal")], true).await;
        assert_eq!(scene.launch(0).await.data["current"], "I1");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// An item with `isvisible="false"` was listed, was needed, and weighed in the mean.
    async fn an_invisible_item_is_neither_listed_nor_needed_and_can_be_reached(engine) {
        let scene = Scene::of(engine, "plusieurs-modules", COMPLETED).await;
        let mut player = scene.launch(0).await;
        assert_eq!(line(&player, "CACHE")["visible"], false);
        assert!(line(&player, "CACHE")["href"].as_str().is_some_and(|href| href.ends_with("m5.html")));
        for (sco, score) in [("M1", "20"), ("M1A", "40"), ("M2", "60")] {
            player.commit(sco, &[(STATUS, "completed"), ("cmi.core.score.raw", score)], true).await;
        }
        assert_eq!(scene.state(0).await, ("started".to_owned(), 4_000));
        player.commit("DOC", &[], true).await;
        assert_eq!(scene.state(0).await, ("done".to_owned(), 4_000));
        player.commit("CACHE", &[(STATUS, "incomplete"), ("cmi.core.score.raw", "100")], true).await;
        assert_eq!(scene.state(0).await, ("done".to_owned(), 4_000));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// « vous avez 80 %, il faut 80 % »: it was 79.6.
    async fn a_score_below_its_threshold_never_reads_as_the_threshold(engine) {
        let scene = Scene::of(engine, "presque-80", r#"{"kind":"score","at_least":8000}"#).await;
        let mut player = scene.launch(0).await;
        player.commit("I", &[("cmi.core.score.raw", "79.6"), (STATUS, "completed")], true).await;
        assert_eq!(scene.state(0).await, ("started".to_owned(), 7_960));
        let (ada, enrolment) = &scene.cohort.trainees[0];
        let activity = scene.course.package;
        for (who, path) in [
            (ada, format!("/formation/{enrolment}/activite/{activity}")),
            (ada, format!("/formation/{enrolment}")),
            (&scene.tutor, format!("/groupe/{}", scene.cohort.id)),
            (&scene.tutor, format!("/groupe/{}?ouvert={enrolment}&activite={activity}", scene.cohort.id)),
            (&scene.tutor, format!("/suivi/{enrolment}")),
            (&scene.tutor, scene.watching(0)),
        ] {
            let words = scene.words(who, &path).await.replace('\u{202f}', " ");
            assert!(words.contains("79,6 %"), "{path}: {words}");
        }
        let asked = scene.words(ada, &format!("/formation/{enrolment}/activite/{activity}")).await.replace('\u{202f}', " ");
        assert!(asked.contains("vous avez 79,6 %, il faut 80 %"), "{asked}");
        // The threshold of the package is said to whoever builds courses with it.
        let path = format!("/e/centre/gestion/contenus/{}", scene.course.library);
        let words = scene.words(&scene.manager, &path).await;
        assert!(words.contains("réussi à partir de 80 points"), "{words}");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// 79.99996 was rounded to 80 where it was read, and passed.
    async fn a_score_never_reaches_a_threshold_by_rounding(engine) {
        let scene = Scene::of(engine, "presque-80", r#"{"kind":"score","at_least":8000}"#).await;
        let mut player = scene.launch(0).await;
        player.commit("I", &[("cmi.core.score.raw", "79.99996"), (STATUS, "completed")], true).await;
        assert_eq!(scene.state(0).await, ("started".to_owned(), 7_999));
        assert_eq!(scene.app.text("SELECT success FROM sco_state", []).await.as_deref(), Some("failed"));
        player.commit("I", &[("cmi.core.score.raw", "80")], true).await;
        assert_eq!(scene.state(0).await, ("done".to_owned(), 8_000));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// One dead item refused the whole package. It is out of completion until a manager says otherwise.
    async fn a_dead_item_is_told_and_is_not_needed_until_a_manager_says_so(engine) {
        let scene = Scene::of(engine, "renvois-casses", COMPLETED).await;
        let page = format!("/e/centre/gestion/contenus/{}", scene.course.library);
        let words = scene.words(&scene.manager, &page).await;
        for told in ["RESSOURCE_ABSENTE", "absent.html", "absent/illustration.png", "imsmetadata.xml", "annexe/page.html"] {
            assert!(words.contains(told), "{told}: {words}");
        }
        assert_eq!(words.matches("À vérifier").count(), 5, "{words}");
        assert_eq!(words.matches("Non demandé").count(), 2, "{words}");
        let mut player = scene.launch(0).await;
        assert_eq!(line(&player, "I2")["href"], Value::Null);
        assert_eq!(line(&player, "I3")["kind"], "sco");
        complete(&mut player, &["I1", "I4"]).await;
        assert_eq!(scene.state(0).await.0, "done");
        let manager = scene.app.as_person(&scene.manager).await;
        let form = [("item", "I3"), ("wanted", "1")];
        manager.post(&format!("{page}/element"), &form).await.expect(StatusCode::SEE_OTHER);
        manager.post(&format!("{page}/element"), &[("item", "I1"), ("wanted", "1")]).await.expect(StatusCode::NOT_FOUND);
        assert!(scene.words(&scene.manager, &page).await.contains("personne ne peut terminer"));
        let mut other = scene.launch(1).await;
        complete(&mut other, &["I1", "I4"]).await;
        assert_eq!(scene.state(1).await.0, "started");
        let form = [("item", "I3"), ("wanted", "0")];
        manager.post(&format!("{page}/element"), &form).await.expect(StatusCode::SEE_OTHER);
        complete(&mut other, &["I1"]).await;
        assert_eq!(scene.state(1).await.0, "done");
        assert_eq!(scene.app.facts().await.get("package.item_wanted.v1"), Some(&2));
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Time that the content declares was shown as time spent.
    async fn declared_time_is_told_as_declared_with_the_observed_time_beside_it(engine) {
        let scene = Scene::of(engine, "rejouer-12", COMPLETED).await;
        let mut player = scene.launch(0).await;
        scene.app.clock().advance(12 * MINUTE);
        player.commit("I", &[(STATUS, "incomplete"), ("cmi.core.session_time", "03:00:00")], false).await;
        // What that launch had left on the device comes later: it did not last for so long.
        let left = player.next("I", &[("cmi.core.lesson_location", "1")], false);
        scene.app.clock().advance(90 * MINUTE);
        let again = scene.launch(0).await;
        let mut left = left;
        left["token"] = again.data["token"].clone();
        again.send(&left).await.expect(StatusCode::NO_CONTENT);
        let enrolment = scene.enrolment(0);
        for path in [
            scene.watching(0),
            format!("/suivi/{enrolment}"),
            format!("/groupe/{}?ouvert={enrolment}&activite={}", scene.cohort.id, scene.course.package),
        ] {
            let words = scene.words(&scene.tutor, &path).await.replace(['\u{202f}', '\u{a0}'], " ");
            assert!(words.contains("Temps déclaré par le contenu"), "{path}: {words}");
            assert!(words.contains("3 h") && words.contains("Temps observé") && words.contains("12 min"), "{path}: {words}");
            assert!(!words.contains("Temps passé"), "{path}: {words}");
        }
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Content in a frame that opened a window was cut from it by the policy of our page.
    async fn the_page_that_holds_the_player_lets_content_open_windows(engine) {
        let scene = Scene::of(engine, "contenu-en-fenetre", COMPLETED).await;
        let ada = scene.trainee(0).await;
        let path = format!("/formation/{}/activite/{}/ouvrir", scene.enrolment(0), scene.course.package);
        let framed = ada.post(&path, &[("window", "frame")]).await.ok();
        assert_eq!(framed.header("cross-origin-opener-policy"), "same-origin-allow-popups");
        // A window of its own is opened without a way back to ours: nothing changes there.
        let own = ada.post(&path, &[("window", "own")]).await.ok();
        assert_eq!(own.header("cross-origin-opener-policy"), "same-origin");
        let other = ada.get("/accueil").await.ok();
        assert_eq!(other.header("cross-origin-opener-policy"), "same-origin");
        scene.app.close().await;
    }
}

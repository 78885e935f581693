//! The end: until when work counts, what becomes of what comes later, and what
//! ends at once when somebody may not come in any more.

use std::time::Duration;

use axum::http::StatusCode;
use passerelle_kernel::env::{DAY, HOUR};
use passerelle_kernel::{Engine, Uuid};
use passerelle_tests::player::Player;
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::{Browser, TestApp, on_both_engines};
use serde_json::{Value, json};

const STATUS: &str = "cmi.core.lesson_status";
const PLACE: &str = "cmi.core.lesson_location";
const PASSED: [(&str, &str); 2] = [(STATUS, "passed"), ("cmi.core.score.raw", "90")];

/// A cohort from 2 to 15 November, one trainee in front of a browser.
struct Scene {
    app: TestApp,
    course: Course,
    cohort: Cohort,
    ada: Browser,
    enrolment: Uuid,
}

impl Scene {
    async fn new(engine: Engine) -> Self {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire et écrire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await;
        app.run_jobs().await;
        let (person, enrolment) = cohort.trainees[0].clone();
        let ada = app.as_person(&person).await;
        Self {
            app,
            course,
            cohort,
            ada,
            enrolment,
        }
    }

    /// Moves the clock to that local instant of Paris, an hour before UTC in November.
    fn at(&self, paris: &str) {
        let at: jiff::civil::DateTime = paris.parse().unwrap();
        let at = at.in_tz("Europe/Paris").unwrap();
        self.app.clock().set(at.timestamp().as_microsecond());
    }

    async fn launch(&self) -> Player {
        self.ada.launch(self.enrolment, self.course.package).await
    }

    async fn minutes(&self) -> i64 {
        let sql = "SELECT done_minutes FROM enrolment WHERE id = $1";
        self.app.count(sql, [self.enrolment.into()]).await
    }

    async fn kept(&self, reason: &str) -> i64 {
        let sql = "SELECT COUNT(*) FROM late_work WHERE reason = $1";
        self.app.count(sql, [reason.into()]).await
    }

    fn activity(&self) -> String {
        format!(
            "/formation/{}/activite/{}",
            self.enrolment, self.course.package
        )
    }
}

on_both_engines! {
    /// The fault: a player that was left open went on adding hours for seven days after the last day,
    /// even to somebody whose certificate was out: only the state of the enrolment was asked.
    async fn a_player_left_open_adds_nothing_after_the_last_day_and_what_it_sends_is_kept_and_shown(engine) {
        let scene = Scene::new(engine).await;
        let app = &scene.app;
        scene.ada.get(&format!("/formation/{}/activite/{}", scene.enrolment, scene.course.page)).await.ok();
        scene.at("2026-11-15T23:00:00");
        let mut player = scene.launch().await;
        scene.at("2026-11-15T23:59:59");
        assert_eq!(player.commit("SCO-1", &[(PLACE, "3")], false).await, StatusCode::NO_CONTENT);
        let facts = app.facts().await;
        scene.at("2026-11-16T00:00:00");
        let late = player.next("SCO-1", &PASSED, true);
        for _ in 0..2 {
            let answer = player.send(&late).await.expect(StatusCode::CONFLICT);
            assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap(), json!({"reason": "over"}));
        }
        assert_eq!((scene.minutes().await, scene.kept("over").await), (15, 1));
        assert_eq!(app.facts().await, facts, "nothing happened that the journal would prove");
        let place = app.text("SELECT elements FROM sco_state", []).await.unwrap();
        assert!(place.contains("\"3\"") && !place.contains("passed"), "{place}");
        // Whoever worked, whoever tutors and whoever certifies are told.
        scene.ada.get(&scene.activity()).await.ok().says(&["arrivé après la date de fin", "16 novembre 2026"]);
        scene.ada.get(&format!("/formation/{}", scene.enrolment)).await.ok().says(&["travail reçu après la fin"]);
        let manager = app.as_manager().await;
        let watch = format!("/suivi/{}", scene.enrolment);
        manager.get(&watch).await.ok().says(&["reçu après la fin, non compté"]);
        manager.get(&format!("{watch}/activite/{}", scene.course.package)).await.ok()
            .says(&["Travail reçu après la fin, non compté", "cmi.core.score.raw = 90"])
            .never_says(&["autre appareil"]);
        let end = format!("/groupe/{}/bilan", scene.cohort.id);
        manager.get(&end).await.ok().says(&["15 min", "travail reçu après la fin, non compté"]);
        // A certificate states what was done in time, and goes on being true.
        app.run_jobs().await;
        manager.post(&format!("{end}/emettre"), &[]).await.leads();
        app.run_jobs().await;
        assert_eq!(player.commit("SCO-1", &PASSED, true).await, StatusCode::CONFLICT);
        assert_eq!((scene.minutes().await, scene.kept("over").await), (15, 2));
        assert_eq!(app.count("SELECT minutes FROM certificate", []).await, 15);
        manager.get(&end).await.ok().never_says(&["à remplacer"]);
        app.close().await;
    }
}

on_both_engines! {
    /// Whoever has more time works until its end; a group that is given up counts nothing more.
    async fn an_extension_moves_the_end_and_a_cancelled_group_ends_at_once(engine) {
        let scene = Scene::new(engine).await;
        let manager = scene.app.as_manager().await;
        let until = format!("/inscription/{}/delai", scene.enrolment);
        manager.post(&until, &[("to", "2026-11-20")]).await.leads();
        scene.at("2026-11-20T22:00:00");
        scene.app.run_jobs().await;
        let mut player = scene.launch().await;
        assert_eq!(player.data["mode"], "normal");
        assert_eq!(player.commit("SCO-1", &PASSED, true).await, StatusCode::NO_CONTENT);
        assert_eq!(scene.minutes().await, 60);
        scene.at("2026-11-21T00:00:00");
        assert_eq!(player.commit("SCO-1", &[("cmi.core.score.raw", "95")], true).await, StatusCode::CONFLICT);
        let score = "SELECT score FROM activity_state WHERE activity_id = $1";
        assert_eq!(scene.app.count(score, [scene.course.package.into()]).await, 9_000);
        scene.app.close().await;

        let given_up = Scene::new(engine).await;
        let manager = given_up.app.as_manager().await;
        let mut player = given_up.launch().await;
        let cancel = format!("/groupe/{}/gestion/annuler", given_up.cohort.id);
        manager.post(&cancel, &[]).await.leads();
        assert_eq!(player.commit("SCO-1", &PASSED, true).await, StatusCode::CONFLICT);
        assert_eq!((given_up.minutes().await, given_up.kept("over").await), (0, 1));
        let href = player.data["toc"][0]["href"].as_str().unwrap();
        player.file(href, &player.host).await.expect(StatusCode::NOT_FOUND);
        given_up.app.close().await;
    }
}

on_both_engines! {
    /// The fault: pages went by the group's clock, the player and the certificates by the space's. West
    /// of the space the player refused an evening's work and hours could be certified before the end;
    /// east of it work counted into the next day.
    async fn the_players_the_pages_and_the_certificates_go_by_the_clock_of_the_group(engine) {
        for (zone, last, over) in [
            ("America/Cayenne", "2026-11-16T03:59:59", "2026-11-16T04:00:00"),
            ("Indian/Reunion", "2026-11-15T20:59:59", "2026-11-15T21:00:00"),
        ] {
            let scene = Scene::new(engine).await;
            scene.app.run("UPDATE cohort SET zone = $1", [zone.into()]).await;
            let manager = scene.app.as_manager().await;
            let end = format!("/groupe/{}/bilan", scene.cohort.id);
            scene.at(last);
            let mut player = scene.launch().await;
            assert_eq!(player.data["mode"], "normal", "{zone}");
            assert_eq!(player.commit("SCO-1", &PASSED, false).await, StatusCode::NO_CONTENT, "{zone}");
            scene.ada.get(&scene.activity()).await.ok().never_says(&["La date de fin est passée"]);
            manager.get(&end).await.ok().says(&["La formation n’est pas terminée"]);
            manager.post(&format!("{end}/emettre"), &[]).await.expect(StatusCode::CONFLICT);
            scene.at(over);
            assert_eq!(player.commit("SCO-1", &PASSED, true).await, StatusCode::CONFLICT, "{zone}");
            assert_eq!(scene.launch().await.data["mode"], "review", "{zone}");
            scene.ada.get(&scene.activity()).await.ok().says(&["La date de fin est passée"]);
            scene.app.run_jobs().await;
            manager.post(&format!("{end}/emettre"), &[]).await.leads();
            scene.app.close().await;
        }
    }
}

on_both_engines! {
    /// The fault: leaving a group ended neither the token of an open player nor the address of the files.
    async fn who_leaves_sends_and_reads_nothing_more_and_finds_all_again_when_it_is_undone(engine) {
        let scene = Scene::new(engine).await;
        let manager = scene.app.as_manager().await;
        let mut player = scene.launch().await;
        let href = player.data["toc"][0]["href"].as_str().unwrap().to_owned();
        assert_eq!(player.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        player.file(&href, &player.host).await.ok();
        let pending = scene.ada.open(scene.enrolment, scene.course.package, &[]).await;
        let path = format!("/inscription/{}", scene.enrolment);
        manager.post(&format!("{path}/depart"), &[("cause", "time")]).await.leads();
        pending.send_to(&pending.host).await.expect(StatusCode::GONE);
        let waiting = player.next("SCO-1", &[(PLACE, "3")], false);
        player.send(&waiting).await.expect(StatusCode::UNAUTHORIZED);
        player.file(&href, &player.host).await.expect(StatusCode::NOT_FOUND);
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM late_work", []).await, 0);
        manager.post(&format!("{path}/retour"), &[]).await.leads();
        // The queue waited on the device.
        let again = scene.launch().await;
        let mut adopted = waiting;
        adopted["token"] = again.data["token"].clone();
        again.send(&adopted).await.expect(StatusCode::NO_CONTENT);
        again.file(&href, &again.host).await.ok();
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The fault: closing an account ended its sessions only: an open player went on writing, and the
    /// secret address of the files went on reading.
    async fn a_closed_account_ends_its_launches_and_its_capabilities_at_once(engine) {
        let scene = Scene::new(engine).await;
        let other = scene.app.cohort(&scene.course, "2026-11-02", &["Bao"]).await;
        let bao = scene.app.as_person(&other.trainees[0].0).await;
        let mut beside = bao.launch(other.trainees[0].1, scene.course.package).await;
        let mut player = scene.launch().await;
        let href = player.data["toc"][0]["href"].as_str().unwrap().to_owned();
        assert_eq!(player.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        let pending = scene.ada.open(scene.enrolment, scene.course.package, &[]).await;
        let administrator = scene.app.as_administrator().await;
        let person = scene.ada.person().id;
        administrator.post(&format!("/e/centre/gestion/personnes/{person}/compte/fermer"), &[]).await.leads();
        player.file(&href, &player.host).await.expect(StatusCode::GONE);
        assert_eq!(player.commit("SCO-1", &PASSED, true).await, StatusCode::UNAUTHORIZED);
        pending.send_to(&pending.host).await.expect(StatusCode::GONE);
        assert_eq!(scene.minutes().await, 0);
        // Nobody else notices.
        assert_eq!(beside.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Signing out everywhere is asked after a computer was left open: what was opened there ends too.
    async fn who_signs_out_everywhere_ends_what_was_left_open_and_loses_nothing(engine) {
        let scene = Scene::new(engine).await;
        let mut player = scene.launch().await;
        let href = player.data["toc"][0]["href"].as_str().unwrap().to_owned();
        scene.ada.post("/mon-compte/deconnecter-partout", &[]).await.leads();
        let waiting = player.next("SCO-1", &PASSED, true);
        player.send(&waiting).await.expect(StatusCode::UNAUTHORIZED);
        player.file(&href, &player.host).await.expect(StatusCode::GONE);
        let back = scene.app.as_person(&scene.cohort.trainees[0].0).await;
        let again = back.launch(scene.enrolment, scene.course.package).await;
        let mut adopted = waiting;
        adopted["token"] = again.data["token"].clone();
        again.send(&adopted).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(scene.minutes().await, 60);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The fault: the address of a package's files opened them for ever, to whoever had it.
    async fn the_address_of_the_files_opens_them_for_a_day_and_the_next_launch_renews_it(engine) {
        let scene = Scene::new(engine).await;
        let player = scene.launch().await;
        let href = player.data["toc"][0]["href"].as_str().unwrap().to_owned();
        scene.app.clock().advance(DAY - 1);
        player.file(&href, &player.host).await.ok();
        scene.app.clock().advance(1);
        player.file(&href, &player.host).await.expect(StatusCode::GONE).says(&["rouvrez l’activité"]);
        // Asleep for two days, it still hands over what it has.
        scene.app.clock().advance(DAY + HOUR);
        let mut player = player;
        assert_eq!(player.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        let again = scene.launch().await;
        again.file(&href, &again.host).await.ok().says(&["Page 1"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The fault: an array of 30,000 commits that no token went with was parsed whole and queued, and
    /// honest commits waited behind it, 10.6 seconds instead of 5 milliseconds.
    async fn what_strangers_send_waits_for_nothing_and_nobody_waits_for_it(engine) {
        let scene = Scene::new(engine).await;
        let mut player = scene.launch().await;
        let honest = player.next("SCO-1", &[(PLACE, "2")], false);
        let stranger = |seq: usize| {
            let mut junk = honest.clone();
            junk["token"] = json!("0".repeat(64));
            junk["seq"] = json!(seq);
            junk
        };
        let many: Vec<Value> = (1..30_000).map(stranger).collect();
        player.send(&json!(many)).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        player.send(&json!(many[..257])).await.expect(StatusCode::BAD_REQUEST);
        // The writer is busy: what comes to its queue waits, what does not is answered.
        let busy = scene.app.write().await;
        let patience = Duration::from_secs(20);
        let refused = tokio::time::timeout(patience, player.send(&stranger(1))).await.unwrap();
        refused.expect(StatusCode::UNAUTHORIZED);
        let sent = json!(many[..256]);
        let refused = tokio::time::timeout(patience, player.send(&sent)).await.unwrap();
        refused.expect(StatusCode::UNAUTHORIZED);
        drop(busy);
        player.send(&honest).await.expect(StatusCode::NO_CONTENT);
        // Among strangers' the good one is kept.
        let mixed = json!([stranger(9), player.next("SCO-1", &[(PLACE, "3")], false), stranger(10)]);
        player.send(&mixed).await.expect(StatusCode::UNAUTHORIZED);
        let place = scene.app.text("SELECT elements FROM sco_state", []).await.unwrap();
        assert!(place.contains("\"3\""), "{place}");
        // An item that no table takes would make its whole group be written one by one.
        for name in [String::new(), "x".repeat(4_001)] {
            let mut odd = player.next("SCO-1", &[(PLACE, "4")], false);
            odd["sco"] = json!(name);
            player.send(&odd).await.expect(StatusCode::BAD_REQUEST);
        }
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The fault: the table of the session told states as the database names them (`active`, `left`).
    async fn the_table_of_the_session_says_states_in_words(engine) {
        let scene = Scene::new(engine).await;
        let manager = scene.app.as_manager().await;
        let csv = format!("/groupe/{}/bilan.csv", scene.cohort.id);
        manager.get(&csv).await.ok().says(&["TEST Ada;Inscrit·e;"]);
        manager.post(&format!("/inscription/{}/depart", scene.enrolment), &[("cause", "time")]).await.leads();
        let left = manager.get(&csv).await.ok();
        left.says(&["TEST Ada;Parti·e;"]).never_says(&[";left;", ";active;"]);
    }
}

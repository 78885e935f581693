//! What a player sends, and what becomes of it.

use axum::http::StatusCode;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_tests::browser::Browser;
use passerelle_tests::player::stray_host;
use passerelle_tests::scene::Course;
use passerelle_tests::{TestApp, on_both_engines};
use serde_json::{Value, json};

const STATUS: &str = "cmi.core.lesson_status";
const PLACE: &str = "cmi.core.lesson_location";

/// A trainee of a cohort that has started, before the package of its first week.
async fn at_the_package(app: &TestApp) -> (Course, Browser, Uuid) {
    let course = app.course("Lire et écrire").await;
    let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await;
    app.run_jobs().await;
    let (ada, enrolment) = &cohort.trainees[0];
    (course, app.as_person(ada).await, *enrolment)
}

async fn element(app: &TestApp, name: &str) -> Option<String> {
    let elements = app
        .text("SELECT elements FROM sco_state WHERE sco = 'SCO-1'", [])
        .await?;
    let elements: Value = serde_json::from_str(&elements).unwrap();
    elements[name].as_str().map(str::to_owned)
}

on_both_engines! {
    async fn a_code_is_worth_a_token_once_within_two_minutes_and_on_its_own_host_only(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let code = ada.open(enrolment, course.package, &[]).await;
        code.send_to(&stray_host()).await.expect(StatusCode::GONE);
        code.send_to("127.0.0.1:3000").await.expect(StatusCode::GONE);
        let player = code.redeem().await;
        code.send_to(&code.host).await.expect(StatusCode::GONE);
        assert_eq!(player.data["current"], "SCO-1");
        let href = player.data["toc"][0]["href"].as_str().unwrap();
        player.file(href, &player.host).await.ok().says(&["Page 1"]);
        player.file(href, &stray_host()).await.expect(StatusCode::NOT_FOUND);
        let slow = ada.open(enrolment, course.package, &[]).await;
        app.clock().advance(2 * MINUTE);
        slow.send_to(&slow.host).await.expect(StatusCode::GONE);
        app.close().await;
    }
}

on_both_engines! {
    async fn commits_are_stored_once_in_their_order_alone_or_several_in_one_request(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut player = ada.launch(enrolment, course.package).await;
        let first = player.next("SCO-1", &[(STATUS, "incomplete"), (PLACE, "1")], false);
        let saved = player.send(&first).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(saved.header("x-saved-at"), app.now().to_string());
        let second = player.next("SCO-1", &[(PLACE, "2")], false);
        player.send(&second).await.expect(StatusCode::NO_CONTENT);
        // Sent again because its answer was lost: acknowledged, and nothing goes back.
        player.send(&first).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("2"));
        let several = json!([
            player.next("SCO-1", &[(PLACE, "3")], false),
            player.next("SCO-1", &[(PLACE, "4"), ("cmi.core.session_time", "00:10:00")], false),
            player.next("SCO-1", &[(PLACE, "5"), ("cmi.suspend_data", "\u{e9}\"\\")], true),
        ]);
        for _ in 0..2 {
            player.send(&several).await.expect(StatusCode::NO_CONTENT);
        }
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("5"));
        assert_eq!(element(&app, "cmi.suspend_data").await.as_deref(), Some("\u{e9}\"\\"));
        assert_eq!(app.count("SELECT last_seq FROM launch", []).await, 5);
        assert_eq!(app.count("SELECT COUNT(*) FROM call_log", []).await, 5);
        for nonsense in [json!([]), json!({"token": "x"}), json!("bonjour")] {
            player.send(&nonsense).await.expect(StatusCode::BAD_REQUEST);
        }
        app.close().await;
    }
}

on_both_engines! {
    async fn a_value_that_the_data_model_refuses_is_told_and_the_others_are_kept(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut player = ada.launch(enrolment, course.package).await;
        let body = player.next("SCO-1", &[(PLACE, "7"), ("cmi.core.score.raw", "mille"), ("cmi.nothing", "x")], false);
        let answer = player.send(&body).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let errors: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(errors["errors"].as_array().map(Vec::len), Some(2), "{errors}");
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("7"));
        let mut stranger = body.clone();
        stranger["token"] = json!("0".repeat(64));
        stranger["seq"] = json!(9);
        player.send(&stranger).await.expect(StatusCode::UNAUTHORIZED);
        stranger["token"] = body["token"].clone();
        stranger["launch"] = json!(Uuid::nil());
        player.send(&stranger).await.expect(StatusCode::UNAUTHORIZED);
    }
}

on_both_engines! {
    async fn the_token_of_one_person_writes_nothing_for_another(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        app.run_jobs().await;
        let mut players = Vec::new();
        for (person, enrolment) in &cohort.trainees {
            players.push(app.as_person(person).await.launch(*enrolment, course.package).await);
        }
        let mut crossed = players[0].next("SCO-1", &[(STATUS, "passed")], true);
        crossed["launch"] = players[1].data["launch"].clone();
        players[0].send(&crossed).await.expect(StatusCode::UNAUTHORIZED);
        // In one request with a good one: the good one is kept, the other is not.
        let good = players[1].next("SCO-1", &[(PLACE, "1")], false);
        players[0].send(&json!([good, crossed])).await.expect(StatusCode::UNAUTHORIZED);
        assert_eq!(app.count("SELECT COUNT(*) FROM sco_state", []).await, 1);
        let done = "SELECT COUNT(*) FROM activity_state WHERE status = 'done'";
        assert_eq!(app.count(done, []).await, 0);
    }
}

on_both_engines! {
    async fn a_second_device_takes_over_and_late_work_of_the_first_is_kept_apart(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut first = ada.launch(enrolment, course.package).await;
        assert_eq!(first.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        let mut second = ada.launch(enrolment, course.package).await;
        assert_eq!(second.host, first.host, "the same attempt");
        let found = second.data["toc"][0]["state"].to_string();
        assert!(found.contains("\"cmi.core.lesson_location\":\"2\""), "{found}");
        assert_eq!(second.commit("SCO-1", &[(PLACE, "3")], false).await, StatusCode::NO_CONTENT);
        let late = first.next("SCO-1", &[(PLACE, "9"), (STATUS, "passed")], true);
        for _ in 0..2 {
            let answer = first.send(&late).await.expect(StatusCode::CONFLICT);
            assert!(answer.text().contains("superseded"));
        }
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("3"));
        let kept = app.text("SELECT body FROM late_work", []).await.unwrap();
        assert!(kept.contains("\"9\"") && !kept.contains(late["token"].as_str().unwrap()), "{kept}");
        assert_eq!(app.count("SELECT COUNT(*) FROM late_work", []).await, 1);
        // Who oversees sees that something waits.
        let marc = app.as_manager().await;
        marc.get(&format!("/suivi/{enrolment}/activite/{}", course.package)).await.ok();
        app.close().await;
    }
}

on_both_engines! {
    async fn a_device_asleep_for_hours_is_heard_and_after_seven_days_it_is_not(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut player = ada.launch(enrolment, course.package).await;
        app.clock().advance(3 * HOUR);
        assert_eq!(player.commit("SCO-1", &[(PLACE, "1")], false).await, StatusCode::NO_CONTENT);
        app.clock().advance(7 * DAY - 3 * HOUR);
        assert_eq!(player.commit("SCO-1", &[(PLACE, "2")], false).await, StatusCode::NO_CONTENT);
        app.clock().advance(1);
        assert_eq!(player.commit("SCO-1", &[(PLACE, "3")], false).await, StatusCode::GONE);
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("2"));
    }
}

on_both_engines! {
    async fn work_left_on_a_device_is_taken_over_by_its_next_launch(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut before = ada.launch(enrolment, course.package).await;
        let left = before.next("SCO-1", &[(PLACE, "8")], true);
        // The page comes back with a new launch and sends what the old one had left, under its own token.
        let after = ada.launch(enrolment, course.package).await;
        let mut adopted = left.clone();
        adopted["token"] = after.data["token"].clone();
        after.send(&adopted).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("8"));
        assert_eq!(app.count("SELECT COUNT(*) FROM late_work", []).await, 0);
    }
}

on_both_engines! {
    async fn a_review_changes_nothing(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        ada.launch(enrolment, course.package).await.pass("SCO-1", "90").await;
        let before = app.text("SELECT elements FROM sco_state", []).await;
        let facts = app.facts().await;
        let mut review = ada.open(enrolment, course.package, &[("mode", "review")]).await.redeem().await;
        assert_eq!(review.data["mode"], "review");
        assert!(review.data["toc"][0]["state"].to_string().contains("\"cmi.core.score.raw\":\"90\""));
        let set = [("cmi.core.score.raw", "10"), (STATUS, "failed")];
        assert_eq!(review.commit("SCO-1", &set, true).await, StatusCode::NO_CONTENT);
        assert_eq!(app.text("SELECT elements FROM sco_state", []).await, before);
        assert_eq!(app.count("SELECT score FROM activity_state WHERE activity_id = $1", [course.package.into()]).await, 9000);
        assert_eq!(app.facts().await, facts);
        app.close().await;
    }
}

on_both_engines! {
    async fn thirty_trainees_who_commit_at_once_are_all_stored(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let names: Vec<String> = (0..30).map(|n| format!("P{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let cohort = app.cohort(&course, "2026-11-02", &names).await;
        app.run_jobs().await;
        let mut players = Vec::new();
        for (person, enrolment) in &cohort.trainees {
            players.push(app.as_person(person).await.launch(*enrolment, course.package).await);
        }
        let mut tasks = Vec::new();
        for mut player in players {
            tasks.push(tokio::spawn(async move {
                for place in ["1", "2", "3"] {
                    assert_eq!(player.commit("SCO-1", &[(PLACE, place)], false).await, StatusCode::NO_CONTENT);
                }
                player.pass("SCO-1", "75").await;
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let done = "SELECT COUNT(*) FROM activity_state WHERE status = 'done' AND score = 7500 AND seconds = 1800";
        assert_eq!(app.count(done, []).await, 30);
        assert_eq!(app.count("SELECT COUNT(*) FROM launch WHERE last_seq = 4", []).await, 30);
        assert_eq!(app.facts().await["activity.done.v1"], 30);
        app.close().await;
    }
}

on_both_engines! {
    async fn the_log_of_calls_is_forgotten_thirty_days_after_the_cohort_has_ended(engine) {
        let app = TestApp::new(engine).await;
        let (course, ada, enrolment) = at_the_package(&app).await;
        let mut player = ada.launch(enrolment, course.package).await;
        player.commit("SCO-1", &[(PLACE, "1")], false).await;
        let kept = "SELECT COUNT(*) FROM call_log";
        app.clock().advance(29 * DAY);
        app.run_jobs().await;
        assert_eq!(app.count("SELECT COUNT(*) FROM cohort WHERE state = 'ended'", []).await, 1);
        app.clock().advance(30 * DAY);
        app.run_jobs().await;
        assert_eq!(app.count(kept, []).await, 1, "thirty days are not over");
        app.clock().advance(2 * DAY);
        app.run_jobs().await;
        assert_eq!(app.count(kept, []).await, 0);
        assert_eq!(element(&app, PLACE).await.as_deref(), Some("1"), "the work itself stays");
        app.close().await;
    }
}

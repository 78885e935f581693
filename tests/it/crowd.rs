//! Many people at once on few connections: nobody waits for ever, nothing is lost.

use std::sync::Arc;

use axum::http::StatusCode;
use passerelle_kernel::env::DAY;
use passerelle_tests::{Browser, TestApp, on_both_engines};

/// What one trainee does on one day.
async fn work(
    browser: Browser,
    of: passerelle_kernel::Uuid,
    activities: [passerelle_kernel::Uuid; 3],
) {
    let [page, package, practice] = activities.map(|id| format!("/formation/{of}/activite/{id}"));
    browser.get("/accueil").await.ok();
    browser.get(&page).await.ok();
    browser.get(&package).await.ok();
    let mut player = browser.launch(of, activities[1]).await;
    for place in ["1", "2"] {
        let set = [("cmi.core.lesson_location", place)];
        assert_eq!(
            player.commit("SCO-1", &set, false).await,
            StatusCode::NO_CONTENT
        );
    }
    player.pass("SCO-1", "80").await;
    browser.post(&format!("{practice}/fait"), &[]).await.leads();
    browser.get(&format!("/formation/{of}")).await.ok();
    browser
        .get(&format!("/formation/{of}/activite/{}", activities[0]))
        .await
        .ok();
}

on_both_engines! {
    async fn a_whole_group_works_at_once_while_its_tutor_and_its_manager_look_on(engine) {
        let app = TestApp::with(engine, |config| config.connections = 2).await;
        let course = app.course("Lire").await;
        let names: Vec<String> = (0..12).map(|n| format!("P{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let cohort = app.cohort(&course, "2026-11-02", &names).await;
        app.run_jobs().await;
        app.clock().advance(8 * DAY);
        let tilda = app.person("Tilda").await;
        app.tutor(cohort.id, &tilda).await;
        let tutor = app.as_person(&tilda).await;
        let manager = Arc::new(app.as_manager().await);
        let activities = [course.page, course.package, course.practice];
        let mut tasks = Vec::new();
        for (person, enrolment) in &cohort.trainees {
            let (app, person, enrolment) = (app.clone(), person.clone(), *enrolment);
            tasks.push(tokio::spawn(async move {
                work(app.as_person(&person).await, enrolment, activities).await;
            }));
        }
        let base = format!("/groupe/{}", cohort.id);
        for n in 0..8 {
            let (manager, base) = (manager.clone(), base.clone());
            let enrolment = cohort.trainees[n].1;
            tasks.push(tokio::spawn(async move {
                let (name, email) = (format!("N{n}"), format!("n{n}@exemple.fr"));
                let sent = [("given_name", name.as_str()), ("family_name", "Roux"), ("email", email.as_str())];
                manager.post(&format!("{base}/gestion/inscrire"), &sent).await.leads();
                let to = [("to", "2026-12-20")];
                manager.post(&format!("/inscription/{enrolment}/delai"), &to).await.leads();
                let enrolment = enrolment.to_string();
                let hours = [("enrolment", enrolment.as_str()), ("hours", "2"), ("minutes", "0"), ("reason", "Vu en visio")];
                manager.post(&format!("{base}/bilan/corriger"), &hours).await.leads();
                manager.post(&format!("{base}/gestion/convocations"), &[]).await.leads();
            }));
        }
        tasks.push(tokio::spawn(async move {
            for _ in 0..6 {
                tutor.get(&base).await.ok();
                tutor.get(&format!("{base}/suivi.csv")).await.ok();
                tutor.get(&format!("{base}/bilan")).await.ok();
            }
        }));
        let jobs = app.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..4 {
                jobs.run_jobs().await;
            }
        }));
        for task in tasks {
            task.await.unwrap();
        }
        let completed = "SELECT COUNT(*) FROM enrolment WHERE completed_at IS NOT NULL AND done_minutes = 105";
        assert_eq!(app.count(completed, []).await, 12);
        let facts = app.facts().await;
        assert_eq!((facts["activity.done.v1"], facts["course.completed.v1"]), (36, 12));
        app.run_jobs().await;
        // Asked for eight times at once: one mail each all the same.
        assert_eq!(app.mails().len(), 20);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_button_pressed_many_times_does_its_work_once(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await;
        let other = app.cohort(&course, "2026-11-02", &[]).await.id.to_string();
        app.run_jobs().await;
        let ada = Arc::new(app.as_person(&cohort.trainees[0].0).await);
        let manager = Arc::new(app.as_manager().await);
        let enrolment = cohort.trainees[0].1;
        let pressed = async |browser: &Arc<Browser>, path: String, form: Vec<(&'static str, String)>| {
            let mut tasks = Vec::new();
            for _ in 0..5 {
                let (browser, path, form) = (browser.clone(), path.clone(), form.clone());
                tasks.push(tokio::spawn(async move {
                    let pairs: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
                    browser.post(&path, &pairs).await.status
                }));
            }
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.unwrap().as_u16());
            }
            answers.sort_unstable();
            answers
        };
        let new = vec![("given_name", "Nina".to_owned()), ("family_name", "Roux".to_owned()), ("email", "n@exemple.fr".to_owned())];
        pressed(&manager, format!("/groupe/{}/gestion/inscrire", cohort.id), new).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM enrolment WHERE state = 'active'", []).await, 2);
        let open = format!("/formation/{enrolment}/activite/{}/ouvrir", course.package);
        assert_eq!(pressed(&ada, open, vec![]).await, [200; 5]);
        assert_eq!(app.count("SELECT COUNT(*) FROM attempt", []).await, 1);
        assert_eq!(app.count("SELECT COUNT(*) FROM launch WHERE superseded_at IS NULL", []).await, 1);
        let moved = pressed(&manager, format!("/inscription/{enrolment}/deplacer"), vec![("cohort", other)]).await;
        assert_eq!(moved, [303, 409, 409, 409, 409]);
        assert_eq!(app.facts().await["enrolment.moved.v1"], 1);
        app.close().await;
    }
}

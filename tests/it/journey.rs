//! A course from its first day to the certificates.

use axum::http::StatusCode;
use passerelle_kernel::env::DAY;
use passerelle_kernel::journal;
use passerelle_tests::browser::Upload;
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::{Browser, TestApp, on_both_engines};

/// Ada does everything, Bao reads the first page, Cleo never comes.
async fn played(app: &TestApp) -> (Course, Cohort) {
    let course = app.course("Lire et écrire").await;
    let cohort = app
        .cohort(&course, "2026-11-02", &["Ada", "Bao", "Cleo"])
        .await;
    app.run_jobs().await;
    let [(ada, hers), (bao, his), _] = &cohort.trainees[..] else {
        panic!("three trainees")
    };
    let (ada, bao) = (app.as_person(ada).await, app.as_person(bao).await);
    for (who, enrolment) in [(&ada, hers), (&bao, his)] {
        who.get(&format!("/formation/{enrolment}/activite/{}", course.page))
            .await
            .ok();
    }
    ada.launch(*hers, course.package)
        .await
        .pass("SCO-1", "80")
        .await;
    app.clock().advance(8 * DAY);
    ada.post(
        &format!("/formation/{hers}/activite/{}/fait", course.practice),
        &[],
    )
    .await
    .leads();
    (course, cohort)
}

on_both_engines! {
    async fn an_activity_opens_with_its_week_and_its_rule_says_when_it_is_done(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &["Ada"]).await;
        let (ada, enrolment) = (app.as_person(&cohort.trainees[0].0).await, cohort.trainees[0].1);
        let path = |activity| format!("/formation/{enrolment}/activite/{activity}");
        ada.get("/accueil").await.ok().says(&["Groupe du 2026-11-09"]);
        ada.get(&path(course.page)).await.expect(StatusCode::FORBIDDEN);
        ada.post(&format!("{}/ouvrir", path(course.package)), &[]).await.expect(StatusCode::CONFLICT);
        // Monday 9 November at midnight in Paris is 23:00 the day before in UTC.
        app.clock().advance(6 * DAY + 15 * 3_600_000_000);
        ada.get(&path(course.page)).await.ok();
        app.run_jobs().await;
        // Passing asks for the score of the package: 40 is under its mastery score.
        let mut player = ada.launch(enrolment, course.package).await;
        let set = [("cmi.core.lesson_status", "failed"), ("cmi.core.score.raw", "40")];
        assert_eq!(player.commit("SCO-1", &set, true).await, StatusCode::NO_CONTENT);
        let missing = ada.get(&format!("/formation/{enrolment}")).await.ok();
        missing.says(&["Le module", "15 min"]);
        let status = "SELECT status FROM activity_state WHERE activity_id = $1";
        assert_eq!(app.text(status, [course.package.into()]).await.as_deref(), Some("started"));
        ada.launch(enrolment, course.package).await.pass("SCO-1", "60").await;
        assert_eq!(app.text(status, [course.package.into()]).await.as_deref(), Some("done"));
        // Only what asks to be declared is declared.
        ada.post(&format!("{}/fait", path(course.page)), &[]).await.expect(StatusCode::CONFLICT);
        app.close().await;
    }
}

on_both_engines! {
    async fn the_board_tells_who_did_what_who_is_late_and_who_never_came(engine) {
        let app = TestApp::new(engine).await;
        let (course, cohort) = played(&app).await;
        let tilda = app.person("Tilda").await;
        app.tutor(cohort.id, &tilda).await;
        let tutor = app.as_person(&tilda).await;
        tutor.get("/accueil").await.ok().says(&["Groupe du 2026-11-02"]);
        let board = format!("/groupe/{}", cohort.id);
        tutor.get(&board).await.ok().says(&["Ada", "Bao", "Cleo", "Le module"]);
        let filtered = async |filter: &str| tutor.get(&format!("{board}?filtre={filter}")).await.ok();
        filtered("jamais").await.says(&["Cleo"]).never_says(&["Ada Test", "Bao Test"]);
        filtered("termine").await.says(&["Ada"]).never_says(&["Bao Test", "Cleo Test"]);
        let trainee = format!("/suivi/{}", cohort.trainees[0].1);
        tutor.get(&trainee).await.ok().says(&["Ada", "1 h 45 sur 1 h 45"]);
        let cell = tutor.get(&format!("{trainee}/activite/{}", course.package)).await.ok();
        cell.says(&["80", "30"]);
        let csv = tutor.get(&format!("{board}/suivi.csv")).await.ok().text();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 4, "{csv}");
        assert!(lines[0].starts_with('\u{feff}') && lines[1].starts_with("Test;Ada;"), "{csv}");
        assert!(lines[1].contains(";105;"), "{csv}");
        app.close().await;
    }
}

async fn corrected(
    manager: &Browser,
    cohort: &Cohort,
    who: usize,
    hours: &str,
    minutes: &str,
    reason: &str,
) -> StatusCode {
    let enrolment = cohort.trainees[who].1.to_string();
    let sent = [
        ("enrolment", enrolment.as_str()),
        ("hours", hours),
        ("minutes", minutes),
        ("reason", reason),
    ];
    let path = format!("/groupe/{}/bilan/corriger", cohort.id);
    manager.post(&path, &sent).await.status
}

on_both_engines! {
    async fn a_session_ends_with_corrected_hours_and_documents_that_can_be_verified(engine) {
        let app = TestApp::new(engine).await;
        let (_, cohort) = played(&app).await;
        let manager = app.as_manager().await;
        let base = format!("/groupe/{}/bilan", cohort.id);
        manager.post(&format!("{base}/emettre"), &[]).await.expect(StatusCode::CONFLICT);
        app.clock().advance(7 * DAY);
        app.run_jobs().await;
        manager.get(&base).await.ok().says(&["TEST Ada 1 h 45", "TEST Bao 15 min", "TEST Cleo 0 min"]);
        assert_eq!(corrected(&manager, &cohort, 1, "1", "75", "Visio du 12").await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(corrected(&manager, &cohort, 1, "1", "0", "ok").await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(corrected(&manager, &cohort, 1, "1", "0", "Visioconférence du 12").await, StatusCode::SEE_OTHER);
        // Who has left keeps the proof of what was realised.
        manager.post(&format!("/inscription/{}/depart", cohort.trainees[1].1), &[("cause", "time")]).await.leads();
        manager.get(&base).await.ok().says(&["corrigé : Visioconférence du 12"]);
        for _ in 0..2 {
            manager.post(&format!("{base}/emettre"), &[]).await.leads();
        }
        app.run_jobs().await;
        let serials = "SELECT serial FROM certificate ORDER BY serial LIMIT 1 OFFSET 2";
        assert_eq!(app.count("SELECT COUNT(*) FROM certificate WHERE state = 'issued'", []).await, 3,
            "two for Ada, one for Bao, none for Cleo");
        assert_eq!(app.text(serials, []).await.as_deref(), Some("centre-2026-00003"));

        let (ada, enrolment) = &cohort.trainees[0];
        let path = app.mail_to(&ada.identifier).await.path("/formation/");
        let trainee = app.as_person(ada).await;
        let pdf = trainee.get(&path).await.ok();
        assert!(pdf.body.starts_with(b"%PDF-") && pdf.header("content-type") == "application/pdf");
        let bao = app.as_person(&cohort.trainees[1].0).await;
        bao.get(&path).await.expect(StatusCode::FORBIDDEN);
        let his = app.mail_to(&bao.person().identifier).await.path("/formation/");
        assert!(bao.get(&his).await.ok().body.starts_with(b"%PDF-"));
        let code = "SELECT code FROM certificate WHERE enrolment_id = $1 AND kind = 'completion'";
        let code = app.text(code, [(*enrolment).into()]).await.unwrap();
        let verify = format!("/verifier/{code}");
        let visitor = app.visitor();
        visitor.get(&verify).await.ok().says(&["Document authentique", "Ada Test", "centre-2026-00001", "1 h 45"]);
        visitor.get("/verifier/inconnu").await.ok().never_says(&["authentique"]);
        visitor.get(&format!("/verifier?code={}", code.to_uppercase())).await.leads_to(&verify);
        let compare = async |bytes: &[u8]| {
            let file = Upload { field: "file", name: "certificat.pdf", bytes };
            visitor.upload(&verify, &[], file).await.ok().text()
        };
        let mut altered = pdf.body.clone();
        altered[1000] ^= 1;
        assert!(compare(&pdf.body).await.contains("data-kind=\"success\" role=\"status\""));
        assert!(compare(&altered).await.contains("data-kind=\"error\" role=\"status\""));

        // Corrected afterwards: replaced, never changed.
        assert_eq!(corrected(&manager, &cohort, 0, "1", "30", "Erreur de saisie").await, StatusCode::SEE_OTHER);
        manager.post(&format!("{base}/emettre"), &[]).await.leads();
        app.run_jobs().await;
        visitor.get(&verify).await.ok().says(&["Document remplacé"]);
        assert_eq!(app.count("SELECT COUNT(*) FROM certificate", []).await, 5);
        let head = journal::latest_head(app.db()).await.unwrap().unwrap();
        app.close().await;
        let report = journal::verify(app.db(), Some(&head)).await.unwrap();
        assert_eq!((report.faults.len(), report.head_holds), (0, Some(true)));
    }
}

on_both_engines! {
    async fn two_managers_who_issue_at_once_make_each_document_once(engine) {
        let app = TestApp::new(engine).await;
        let (_, cohort) = played(&app).await;
        app.clock().advance(7 * DAY);
        app.run_jobs().await;
        let manager = std::sync::Arc::new(app.as_manager().await);
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (manager, path) = (manager.clone(), format!("/groupe/{}/bilan/emettre", cohort.id));
            tasks.push(tokio::spawn(async move { manager.post(&path, &[]).await.leads() }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM certificate", []).await, 3);
    }
}

on_both_engines! {
    async fn spaces_whose_names_begin_alike_number_their_documents_apart(engine) {
        let app = TestApp::new(engine).await;
        let other = app.other_space("centre-2026").await;
        let mut serials = Vec::new();
        for (space, who, chief) in [(other, "Ada", "Max"), (app.space(), "Bao", "Zoe"), (other, "Cleo", "Yann")] {
            let course = app.course_in(space, &format!("Lire avec {who}")).await;
            let cohort = app.cohort(&course, "2026-10-05", &[who]).await;
            app.run_jobs().await;
            let role = [passerelle_web::Role::Manager];
            let manager = app.person_in(space, chief, &role).await;
            let manager = app.as_person(&manager).await;
            assert_eq!(corrected(&manager, &cohort, 0, "2", "0", "Vu en visio").await, StatusCode::SEE_OTHER);
            manager.post(&format!("/groupe/{}/bilan/emettre", cohort.id), &[]).await.leads();
            let serial = "SELECT serial FROM certificate WHERE enrolment_id = $1";
            serials.push(app.text(serial, [cohort.trainees[0].1.into()]).await.unwrap());
        }
        assert_eq!(serials, ["centre-2026-2026-00001", "centre-2026-00001", "centre-2026-2026-00002"]);
        app.close().await;
    }
}

on_both_engines! {
    async fn nothing_is_issued_in_the_name_of_a_body_that_is_not_described(engine) {
        let app = TestApp::new(engine).await;
        let (_, cohort) = played(&app).await;
        app.clock().advance(7 * DAY);
        app.run_jobs().await;
        let alice = app.as_administrator().await;
        let space = [("name", "Centre"), ("zone", "Europe/Paris"), ("lang", "fr")];
        alice.post("/e/centre/gestion/espace", &space).await.leads();
        let path = format!("/groupe/{}/bilan/emettre", cohort.id);
        alice.post(&path, &[]).await.expect(StatusCode::CONFLICT).says(&["Rien n’a été émis"]);
        assert_eq!(app.count("SELECT COUNT(*) FROM certificate", []).await, 0);
        app.close().await;
    }
}

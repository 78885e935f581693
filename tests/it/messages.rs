//! Messages that leave by themselves: written, shown on the calendar, sent once each, left out.

use axum::http::StatusCode;
use passerelle_courses::automations::beat;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_tests::{Browser, TestApp, on_both_engines};

const MESSAGES: &str = "/e/centre/gestion/messages";

async fn beaten(app: &TestApp) -> usize {
    let written = beat(app.app()).await.expect("a beat");
    app.run_jobs().await;
    written
}

async fn message(app: &TestApp, moment: &str) -> Uuid {
    app.id(
        "SELECT id FROM automation WHERE moment = $1",
        [moment.into()],
    )
    .await
}

async fn switch(manager: &Browser, id: Uuid, value: &str) {
    let to = format!("{MESSAGES}/{id}/etat");
    manager
        .post(&to, &[("value", value)])
        .await
        .leads_to(MESSAGES);
}

/// Subjects of what somebody has received, in the order of sending.
fn received(app: &TestApp, address: &str) -> Vec<String> {
    let mails = app.mails();
    let own = mails.iter().filter(|mail| mail.to == address);
    own.map(|mail| mail.subject.clone()).collect()
}

on_both_engines! {
    async fn each_leaves_once_at_its_time_to_those_it_is_for(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("lire").await;
        // The clock says Monday 2 November 2026, 9:00 in Paris.
        let cohort = app.cohort(&course, "2026-11-04", &["Amina", "Boris"]).await;
        let manager = app.as_manager().await;
        manager.get(MESSAGES).await.ok().says(&["Aucun message automatique", "Ajouter les quatre messages"]);
        for _ in 0..2 {
            manager.post(&format!("{MESSAGES}/modeles"), &[]).await.leads_to(MESSAGES);
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM automation", []).await, 4, "pressed twice");
        assert_eq!(app.count("SELECT COUNT(*) FROM automation WHERE active_since IS NOT NULL", []).await, 0, "nothing leaves yet");
        for moment in ["start", "week_opens", "week_due"] {
            switch(&manager, message(&app, moment).await, "on").await;
        }
        let page = manager.get(MESSAGES).await.ok();
        page.says(&["Le premier jour, à 8 h", "2 jours avant le dernier jour de chaque semaine, à 17 h 30", "Activé"]);
        // Wednesday 4, 7:59 then 8:00 in Paris.
        app.clock().advance(DAY + 22 * HOUR + 59 * MINUTE);
        assert_eq!(beaten(&app).await, 0);
        app.clock().advance(MINUTE);
        assert_eq!(beaten(&app).await, 4, "two people, the welcome and the first week");
        for _ in 0..3 {
            assert_eq!(beaten(&app).await, 0, "once each");
        }
        let mut subjects = received(&app, "amina@exemple.fr");
        subjects.sort();
        assert_eq!(subjects.len(), 2);
        assert!(subjects[0].starts_with("Bienvenue dans la formation «\u{202f}Groupe du 2026-11-04\u{202f}»"), "{subjects:?}");
        assert!(subjects[1].starts_with("La semaine\u{a0}1 est ouverte") || subjects[1].starts_with("La semaine 1 est ouverte"), "{subjects:?}");
        let mail = app.mails().into_iter().find(|mail| mail.subject.starts_with("Bienvenue")).expect("a mail");
        assert!(mail.text.contains("Bonjour Amina,") || mail.text.contains("Bonjour Boris,"));
        assert!(mail.text.contains("/formation/") && !mail.text.contains("{{") && !mail.text.contains("**"), "{}", mail.text);
        // Somebody who arrives later is welcomed then, and is not told of the week that has opened.
        let late = app.person("Chloé").await;
        app.clock().advance(3 * HOUR);
        app.enrol(cohort.id, &[late.id]).await;
        assert_eq!(beaten(&app).await, 1);
        assert_eq!(received(&app, &late.identifier).len(), 1);
        // Who has done the week is not reminded of it.
        let (amina, boris) = (cohort.trainees[0].1, cohort.trainees[1].1);
        app.run(
            "INSERT INTO activity_state (enrolment_id, activity_id, status, seconds, started_at, last_at) SELECT $1, activity_id, 'done', 0, 0, 0 \
             FROM cohort_activity WHERE cohort_id = $2 AND week_rank = 1",
            [amina.into(), cohort.id.into()],
        ).await;
        app.run("UPDATE enrolment SET extended_to = '2026-12-31' WHERE person_id = $1", [late.id.into()]).await;
        let reminder = message(&app, "week_due").await;
        let one = format!("/groupe/{}/messages/{reminder}/1", cohort.id);
        manager.get(&one).await.ok().says(&["1 sur 3 le recevraient", "Prévu", "dimanche 8 novembre 2026"]);
        app.clock().advance(4 * DAY + 6 * HOUR + 30 * MINUTE);
        assert_eq!(beaten(&app).await, 1, "not Amina who has done it, not Chloé who has more time");
        assert!(received(&app, "boris@exemple.fr").iter().any(|subject| subject.starts_with("Encore deux jours")));
        manager.get(&one).await.ok().says(&["1 mail", "Parti"]);
        let facts = app.facts().await;
        assert_eq!(facts.get("automation.sent.v1"), Some(&4), "{facts:?}");
        assert!(boris != amina);
        app.close().await;
    }
}

on_both_engines! {
    async fn one_time_is_left_out_and_taken_back(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &["Amina"]).await;
        let tutor = app.person("Driss").await;
        app.tutor(cohort.id, &tutor).await;
        let manager = app.as_manager().await;
        manager.post(&format!("{MESSAGES}/modeles"), &[]).await.leads_to(MESSAGES);
        let opening = message(&app, "week_opens").await;
        switch(&manager, opening, "on").await;
        let month = format!("{MESSAGES}/calendrier?mois=2026-11");
        let page = manager.get(&month).await.ok().says(&["novembre 2026", "lundi 9 novembre 2026", "semaine 1", "semaine 2", "Prévu"]);
        assert_eq!(page.text().matches(&format!("/messages/{opening}/")).count(), 2, "two weeks, and nothing of what is off");
        manager.get(&format!("{month}&groupe={}", Uuid::nil())).await.ok().says(&["Rien ne part ce mois-ci"]);
        let one = format!("/groupe/{}/messages/{opening}/1", cohort.id);
        let page = manager.get(&one).await.ok();
        page.says(&["Bonjour Amina,", "La semaine 1", "1 sur 1 le recevraient"]);
        // Whoever tutors sees it and decides nothing.
        let driss = app.as_person(&tutor).await;
        driss.get(&one).await.ok().says(&["Bonjour Amina,"]).never_says(&["Ne pas envoyer cette fois"]);
        driss.post(&one, &[("do", "skip")]).await.expect(StatusCode::FORBIDDEN);
        manager.post(&one, &[("do", "test")]).await.leads_to(&one);
        app.run_jobs().await;
        assert!(app.mails().iter().any(|mail| mail.subject.starts_with("[essai] La semaine")));
        manager.post(&one, &[("do", "skip")]).await.leads_to(&one);
        manager.get(&one).await.ok().says(&["Écarté", "Envoyer finalement"]);
        manager.post(&one, &[("do", "back")]).await.leads_to(&one);
        manager.post(&one, &[("do", "skip")]).await.leads_to(&one);
        app.clock().advance(8 * DAY);
        assert_eq!(beaten(&app).await, 0, "it was left out");
        app.clock().advance(7 * DAY);
        assert_eq!(beaten(&app).await, 1, "the second week is told of");
        let second = format!("/groupe/{}/messages/{opening}/2", cohort.id);
        manager.post(&second, &[("do", "skip")]).await.leads_to(&second);
        manager.get(&second).await.ok().says(&["Parti"]);
        for wrong in ["9", "0", "x"] {
            manager.get(&format!("/groupe/{}/messages/{opening}/{wrong}", cohort.id)).await.expect(StatusCode::NOT_FOUND);
        }
        // What was over when it was switched on is not made up for.
        switch(&manager, opening, "off").await;
        let other = app.cohort(&course, "2026-11-16", &["Zoé"]).await;
        switch(&manager, opening, "on").await;
        switch(&manager, message(&app, "start").await, "on").await;
        assert_eq!(beaten(&app).await, 0, "{}", other.id);
        assert_eq!(app.count("SELECT COUNT(*) FROM automation_run WHERE cohort_id = $1", [other.id.into()]).await, 0, "nothing has left");
        // Changed into another moment while it is on, it sends nothing of what was over.
        let turned = [("subject", "Bienvenue"), ("body", "Bonjour"), ("moment", "start"), ("days", "0"), ("side", "after"),
            ("time", "08:00"), ("audience", "all"), ("course", "every"), ("button", ""), ("link", "")];
        manager.post(&format!("{MESSAGES}/{opening}"), &turned).await.leads_to(MESSAGES);
        assert_eq!(beaten(&app).await, 0);
        let late = app.person("Tardive").await;
        app.clock().advance(HOUR);
        app.enrol(other.id, &[late.id]).await;
        assert_eq!(beaten(&app).await, 2, "the welcome of the space, and the one that was turned into one");
        manager.post(&format!("{MESSAGES}/{opening}/supprimer"), &[]).await.leads_to(MESSAGES);
        let kept = "SELECT COUNT(*) FROM automation_sent WHERE automation_id = $1";
        assert_eq!(app.count(kept, [opening.into()]).await, 0);
        app.close().await;
    }
}

on_both_engines! {
    async fn what_is_wrong_is_said_beside_it_and_nothing_is_lost(engine) {
        let app = TestApp::new(engine).await;
        app.course("lire").await;
        let manager = app.as_manager().await;
        let new = format!("{MESSAGES}/nouveau");
        let page = manager.get(&format!("{new}?modele=survey")).await.ok().says(&["est terminée"]);
        assert_eq!(page.field("button"), "Donner mon avis");
        let wrong = [
            ("subject", "Semaine {{semaine}}"), ("body", "Bonjour {{prenoms}}"), ("moment", "start"), ("days", "91"),
            ("side", "after"), ("time", "8h"), ("audience", "all"), ("link", "javascript:alert(1)"),
        ];
        let page = manager.post(&new, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        page.says(&["{{semaine}}", "{{prenoms}}", "de 0 à 90", "Écrivez une heure", "commencer par https"]);
        let hostile = [
            ("subject", "Bonjour\r\nBcc: x@exemple.fr {{prenom}}"), ("body", "<script>alert(1)</script>\n\n[x](javascript:alert(1)) **{{nom}}**"),
            ("moment", "start"), ("days", "2"), ("side", "before"), ("time", "08:15"), ("audience", "absent"), ("link", ""), ("button", ""),
        ];
        manager.post(&new, &hostile).await.leads_to(MESSAGES);
        manager.get(MESSAGES).await.ok().says(&["2 jours avant le premier jour, à 8 h 15", "Qui n’a jamais ouvert la formation"]);
        let id = message(&app, "start").await;
        let page = manager.get(&format!("{MESSAGES}/{id}")).await.ok();
        assert_eq!(page.field("days"), "2");
        // A button of its own without an address is not sent to people.
        let button = [("button", "Donner mon avis")];
        let form: Vec<(&str, &str)> = hostile.iter().copied().filter(|(name, _)| *name != "button").chain(button).collect();
        manager.post(&format!("{MESSAGES}/{id}"), &form).await.leads_to(MESSAGES);
        manager.post(&format!("{MESSAGES}/{id}/etat"), &[("value", "on")]).await.leads_to(&format!("{MESSAGES}/{id}"));
        manager.post(&format!("{MESSAGES}/{id}"), &hostile).await.leads_to(MESSAGES);
        switch(&manager, id, "on").await;
        let course = app.course("ecrire").await;
        let cohort = app.cohort(&course, "2026-11-05", &["Amina"]).await;
        app.run("UPDATE person SET family_name = '<b>\"x' WHERE given_name = 'Amina'", []).await;
        app.clock().advance(DAY);
        assert_eq!(beaten(&app).await, 1);
        let mail = app.mail_to("amina@exemple.fr").await;
        assert_eq!(mail.subject, "Bonjour Bcc: x@exemple.fr Amina");
                let page = manager.get(&format!("/groupe/{}/messages/{id}/0", cohort.id)).await.ok();
        let shown = page.text();
        assert!(shown.contains("&lt;b&gt;") && !shown.contains("<script>alert") && !shown.contains("href=\"javascript"), "{shown}");
        app.close().await;
    }
}

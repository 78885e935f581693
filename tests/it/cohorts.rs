//! Cohorts: each way in, each way out, dates.

use axum::http::StatusCode;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::DAY;
use passerelle_tests::browser::Upload;
use passerelle_tests::{Answer, Browser, TestApp, on_both_engines};
use sea_orm::ConnectionTrait;

async fn list(manager: &Browser, cohort: Uuid, text: &str) -> Answer {
    let file = Upload {
        field: "file",
        name: "liste.csv",
        bytes: text.as_bytes(),
    };
    manager
        .upload(&format!("/groupe/{cohort}/gestion/liste"), &[], file)
        .await
}

async fn state(app: &TestApp, enrolment: Uuid) -> String {
    app.text(
        "SELECT state FROM enrolment WHERE id = $1",
        [enrolment.into()],
    )
    .await
    .unwrap()
}

on_both_engines! {
    async fn a_manager_opens_a_cohort_whose_first_day_gives_every_date(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire et écrire").await;
        let manager = app.as_manager().await;
        let (id, new) = (course.id.to_string(), "/e/centre/gestion/groupes/nouveau");
        let wrong = [("course", id.as_str()), ("start", "demain"), ("capacity", "0")];
        manager.post(new, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let sent = [("course", id.as_str()), ("start", "2026-11-09"), ("capacity", "2"), ("title", "Groupe d’automne"),
            ("answer_hours", "48")];
        let base = manager.post(new, &sent).await.leads();
        manager.get(&base).await.ok().says(&["Groupe d’automne"]);
        let cohort = base.split('/').nth(2).unwrap();
        let dates = "SELECT opens_on || ' ' || due_on FROM cohort_week WHERE cohort_id = $1 AND rank = $2";
        let cohort: Uuid = cohort.parse().unwrap();
        for (rank, expected) in [(1, "2026-11-09 2026-11-15"), (2, "2026-11-16 2026-11-22")] {
            assert_eq!(app.text(dates, [cohort.into(), rank.into()]).await.as_deref(), Some(expected));
        }
        // Moved by a week while nobody has started.
        let sent = [("start", "2026-11-16"), ("capacity", "3"), ("title", "Groupe d’automne"), ("answer_hours", "48")];
        manager.post(&format!("{base}/reglages"), &sent).await.leads();
        assert_eq!(app.text(dates, [cohort.into(), 1.into()]).await.as_deref(), Some("2026-11-16 2026-11-22"));
        let tilda = app.person("Tilda").await;
        let person = tilda.id.to_string();
        manager.post(&format!("{base}/tuteurs"), &[("person", &person)]).await.leads();
        let tutor = app.as_person(&tilda).await;
        tutor.get(&format!("/groupe/{cohort}")).await.ok();
        tutor.get(&base).await.expect(StatusCode::FORBIDDEN);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_full_cohort_puts_the_next_person_on_the_waiting_list(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &[]).await.id;
        let manager = app.as_manager().await;
        let base = format!("/groupe/{cohort}/gestion");
        let settings = [("start", "2026-11-09"), ("capacity", "1"), ("title", "Petit groupe"), ("answer_hours", "72")];
        manager.post(&format!("{base}/reglages"), &settings).await.leads();
        for (given, email) in [("Nina", "nina@exemple.fr"), ("Max", "max@exemple.fr")] {
            let sent = [("given_name", given), ("family_name", "Roux"), ("email", email)];
            manager.post(&format!("{base}/inscrire"), &sent).await.leads();
        }
        let of = "SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.given_name = $1";
        let (nina, max) = (app.id(of, ["Nina".into()]).await, app.id(of, ["Max".into()]).await);
        assert_eq!((state(&app, nina).await, state(&app, max).await), ("active".into(), "waiting".into()));
        manager.post(&format!("{base}/place"), &[]).await.expect(StatusCode::CONFLICT);
        manager.post(&format!("/inscription/{nina}/depart"), &[("cause", "work")]).await.leads();
        manager.post(&format!("{base}/place"), &[]).await.leads();
        assert_eq!(state(&app, max).await, "active");
        // The place is taken: the departure cannot be undone any more.
        manager.post(&format!("/inscription/{nina}/retour"), &[]).await.expect(StatusCode::CONFLICT);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_list_shows_what_will_happen_and_enrols_everybody_or_nobody(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &["Ada"]).await.id;
        let manager = app.as_manager().await;
        let count = async || app.count("SELECT COUNT(*) FROM enrolment", []).await;
        let persons = async || app.count("SELECT COUNT(*) FROM person", []).await;
        let known = persons().await;

        let wrong = "Prénom;Nom;Courriel\nNina;Roux;nina@exemple.fr\n;Durand;leo@exemple.fr\nMax;Leroy;pas une adresse\n";
        let page = list(&manager, cohort, wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!page.text().contains("name=\"digest\""), "a wrong list cannot be confirmed");
        page.says(&["3 Durand", "Le prénom manque.", "4 ", "L’adresse e-mail est incomplète."]);
        list(&manager, cohort, "Fruit;Légume\npomme;navet\n").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((count().await, persons().await), (1, known), "nothing is half-done");

        let right = "Prénom;Nom;Courriel\nNina;Roux;nina@exemple.fr\nAda;Test;ada@exemple.fr\nNina;Roux;NINA@exemple.fr\n\
                     Élise;d’Été;\n";
        let page = list(&manager, cohort, right).await.ok();
        assert_eq!((count().await, persons().await), (1, known), "a preview writes nothing");
        let (digest, rewritten) = (page.field("digest"), page.field("list"));
        page.says(&["Déjà dans le groupe", "Même personne qu’à la ligne 2", "Nouvelle personne"]);
        let confirm = format!("/groupe/{cohort}/gestion/liste/confirmer");
        manager.post(&confirm, &[("list", &rewritten), ("digest", "0")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(count().await, 1, "what is confirmed is what was shown");
        manager.post(&confirm, &[("list", &rewritten), ("digest", &digest)]).await.leads();
        assert_eq!((count().await, persons().await), (3, known + 2));
        // Pressed twice: what was shown is not what would happen any more.
        manager.post(&confirm, &[("list", &rewritten), ("digest", &digest)]).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(count().await, 3);
        let csv = manager.get(&format!("/groupe/{cohort}/gestion/stagiaires.csv")).await.ok().text();
        assert!(csv.contains("d’Été;Élise;"), "{csv}");
        app.close().await;
    }
}

on_both_engines! {
    async fn somebody_joins_by_the_link_once_their_address_is_proved(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &[]).await.id;
        let manager = app.as_manager().await;
        let link = format!("/groupe/{cohort}/gestion/lien");
        manager.post(&link, &[("geste", "ouvrir")]).await.leads();
        let code = app.text("SELECT join_code FROM cohort WHERE id = $1", [cohort.into()]).await.unwrap();
        let door = format!("/rejoindre/{code}");
        let visitor = app.visitor();
        visitor.get(&door).await.ok().says(&["Groupe du 2026-11-09"]);
        let sent = [("given_name", "Nina"), ("family_name", "Roux"), ("email", "nina@exemple.fr")];
        visitor.post(&door, &sent).await.ok();
        assert_eq!(app.count("SELECT COUNT(*) FROM enrolment", []).await, 0);
        let path = app.mail_to("nina@exemple.fr").await.path("/connexion/lien/");
        visitor.post(&path, &[]).await.leads_to(&door);
        let course_path = visitor.post(&door, &[("geste", "rejoindre")]).await.leads();
        visitor.get(&course_path).await.ok();
        manager.post(&link, &[("geste", "fermer")]).await.leads();
        app.visitor().get(&door).await.expect(StatusCode::GONE);
        app.close().await;
    }
}

on_both_engines! {
    async fn who_moves_to_another_cohort_brings_their_work_and_keeps_the_better_of_both(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let first = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        let second = app.cohort(&course, "2026-11-02", &[]).await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        let (ada, enrolment) = &first.trainees[0];
        let trainee = app.as_person(ada).await;
        trainee.get(&format!("/formation/{enrolment}/activite/{}", course.page)).await.ok();
        trainee.launch(*enrolment, course.package).await.pass("SCO-1", "80").await;
        let to = second.id.to_string();
        let path = manager.post(&format!("/inscription/{enrolment}/deplacer"), &[("cohort", &to)]).await.leads();
        assert_eq!(state(&app, *enrolment).await, "left");
        let there = "SELECT id FROM enrolment WHERE cohort_id = $1 AND person_id = $2";
        let there = app.id(there, [second.id.into(), ada.id.into()]).await;
        manager.get(&path).await.ok();
        let sums = "SELECT done_minutes FROM enrolment WHERE id = $1";
        assert_eq!(app.count(sums, [there.into()]).await, 75);
        trainee.get(&format!("/formation/{enrolment}")).await.expect(StatusCode::FORBIDDEN);
        // Content resumes where it stopped, in the same attempt.
        let again = trainee.launch(there, course.package).await;
        assert_eq!(again.data["toc"][0]["completion"], "completed");
        assert_eq!(app.count("SELECT COUNT(*) FROM attempt", []).await, 1);
        // Back again: the states there are updated, none is doubled.
        let back = first.id.to_string();
        trainee.post(&format!("/formation/{there}/activite/{}/fait", course.practice), &[]).await
            .expect(StatusCode::CONFLICT);
        app.clock().advance(7 * DAY);
        trainee.post(&format!("/formation/{there}/activite/{}/fait", course.practice), &[]).await.leads();
        manager.post(&format!("/inscription/{there}/deplacer"), &[("cohort", &back)]).await.leads();
        assert_eq!(state(&app, *enrolment).await, "active");
        assert_eq!(app.count(sums, [(*enrolment).into()]).await, 105);
        let completed = "SELECT COUNT(*) FROM enrolment WHERE id = $1 AND completed_at IS NOT NULL";
        assert_eq!(app.count(completed, [(*enrolment).into()]).await, 1);
        app.close().await;
    }
}

on_both_engines! {
    /// The fault: what was done already in the group somebody comes back to stayed as it was, and the
    /// better score made elsewhere was dropped.
    async fn the_better_score_goes_along_whichever_group_it_was_made_in(engine) {
        for (before, elsewhere) in [("60", "90"), ("90", "60")] {
            let app = TestApp::new(engine).await;
            let course = app.course("Lire").await;
            let first = app.cohort(&course, "2026-11-02", &["Ada"]).await;
            let second = app.cohort(&course, "2026-11-02", &[]).await;
            app.run_jobs().await;
            let manager = app.as_manager().await;
            let (ada, here) = &first.trainees[0];
            let trainee = app.as_person(ada).await;
            trainee.launch(*here, course.package).await.pass("SCO-1", before).await;
            let began = "SELECT started_at FROM activity_state WHERE enrolment_id = $1";
            let began = (began, app.count(began, [(*here).into()]).await);
            manager.post(&format!("/inscription/{here}/depart"), &[("cause", "time")]).await.leads();
            let there = app.enrol(second.id, &[ada.id]).await[0];
            app.clock().advance(DAY);
            trainee.launch(there, course.package).await.pass("SCO-1", elsewhere).await;
            let last = app.now();
            let back = first.id.to_string();
            manager.post(&format!("/inscription/{there}/deplacer"), &[("cohort", &back)]).await.leads();
            let now = "SELECT score FROM activity_state WHERE enrolment_id = $1 AND status = 'done' AND success = 'passed'";
            assert_eq!(app.count(now, [(*here).into()]).await, 9_000, "{before} and {elsewhere}");
            assert_eq!(app.count(began.0, [(*here).into()]).await, began.1, "the first opening");
            let at = "SELECT last_at FROM activity_state WHERE enrolment_id = $1";
            assert_eq!(app.count(at, [(*here).into()]).await, last, "the last work");
            app.close().await;
        }
    }
}

/// A calendar as programs read it: each line whole.
fn unfolded(text: &str) -> String {
    assert!(
        text.lines().all(|line| line.len() <= 75),
        "RFC 5545, 3.1: {text}"
    );
    text.replace("\r\n ", "")
}

on_both_engines! {
    /// The faults: a title with a line break put lines of its own into the file, `NAME` was not escaped;
    /// an event whose dates changed had neither `SEQUENCE` nor `LAST-MODIFIED`; what was given up simply
    /// disappeared, which a program that had imported the file never notices; « 23 h 59 » said not whose.
    async fn a_calendar_tells_what_changed_and_what_is_given_up_and_nobodys_title_writes_lines(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &["Ada"]).await;
        let enrolment = cohort.trainees[0].1;
        let odd = "Lire; écrire, compter\r\nATTENDEE:mailto:autre@exemple.fr\u{2028}\u{b}fin\\";
        app.run("UPDATE cohort SET title = $1", [odd.into()]).await;
        app.run("UPDATE cohort_week SET title = $1 WHERE rank = 1", [odd.into()]).await;
        let manager = app.as_manager().await;
        let token = "SELECT calendar_token FROM enrolment WHERE id = $1";
        let token = app.text(token, [enrolment.into()]).await.unwrap();
        let read = async || {
            let ics = app.visitor().get(&format!("/calendrier/{token}.ics")).await.ok();
            unfolded(&ics.text())
        };
        let ics = read().await;
        let clean = "Lire\\; écrire\\, compter ATTENDEE:mailto:autre@exemple.fr fin\\\\";
        for line in [format!("NAME;VALUE=TEXT:{clean}"), format!("X-WR-CALNAME;VALUE=TEXT:{clean}")] {
            assert!(ics.lines().any(|l| l == line), "{line} in {ics}");
        }
        assert!(ics.lines().any(|l| l.starts_with("SUMMARY;VALUE=TEXT:") && l.ends_with(clean)), "{ics}");
        assert!(!ics.lines().any(|l| l.starts_with("ATTENDEE")) && !ics.contains('\u{b}'), "{ics}");
        assert!(ics.lines().any(|l| l.contains("heure de Paris")), "{ics}");
        let count = |ics: &str, line: &str| ics.lines().filter(|l| *l == line).count();
        assert_eq!((count(&ics, "SEQUENCE:0"), count(&ics, "STATUS:CONFIRMED")), (4, 4));
        assert_eq!(count(&ics, "LAST-MODIFIED:20261102T080000Z"), 4, "{ics}");

        // Every date moved by a week.
        app.clock().advance(DAY);
        let base = format!("/groupe/{}/gestion", cohort.id);
        let sent = [("start", "2026-11-16"), ("capacity", "300"), ("title", "Lire"), ("answer_hours", "48")];
        manager.post(&format!("{base}/reglages"), &sent).await.leads();
        let ics = read().await;
        assert_eq!((count(&ics, "SEQUENCE:1"), count(&ics, "LAST-MODIFIED:20261103T080000Z")), (4, 4), "{ics}");
        assert_eq!(count(&ics, "DTSTART;VALUE=DATE:20261116"), 1);
        // A change that no calendar shows is none.
        manager.post(&format!("{base}/reglages"), &[("start", "2026-11-16"), ("capacity", "20"), ("title", "Lire"),
            ("answer_hours", "48")]).await.leads();
        assert_eq!(count(&read().await, "SEQUENCE:1"), 4);
        // More time, then not; a week that the course has no more.
        let more = format!("/inscription/{enrolment}/delai");
        manager.post(&more, &[("to", "2026-12-05")]).await.leads();
        let ics = read().await;
        assert_eq!((count(&ics, "STATUS:CONFIRMED"), count(&ics, "SEQUENCE:2")), (5, 5), "{ics}");
        manager.post(&more, &[("to", "")]).await.leads();
        let ics = read().await;
        assert_eq!((count(&ics, "STATUS:CONFIRMED"), count(&ics, "STATUS:CANCELLED")), (4, 1), "{ics}");
        app.run("UPDATE cohort SET calendar_weeks = 3", []).await;
        assert_eq!(count(&read().await, "STATUS:CANCELLED"), 3);
        // Who has left is told so, and so is everybody when the group is given up.
        let path = format!("/inscription/{enrolment}");
        manager.post(&format!("{path}/depart"), &[("cause", "time")]).await.leads();
        let ics = read().await;
        assert_eq!((count(&ics, "STATUS:CONFIRMED"), count(&ics, "STATUS:CANCELLED")), (0, 7), "{ics}");
        manager.post(&format!("{path}/retour"), &[]).await.leads();
        assert_eq!(count(&read().await, "STATUS:CONFIRMED"), 4);
        let file = async || manager.get(&format!("{base}/calendrier.ics")).await.ok().text();
        assert_eq!(count(&file().await, "STATUS:CANCELLED"), 2);
        manager.post(&format!("{base}/annuler"), &[]).await.leads();
        for ics in [read().await, file().await] {
            assert_eq!(count(&ics, "STATUS:CONFIRMED"), 0, "{ics}");
        }
        manager.post(&format!("{base}/retablir"), &[]).await.leads();
        assert_eq!(count(&read().await, "STATUS:CONFIRMED"), 4);
        manager.get(&base).await.ok().says(&["23 h 59 (heure de Paris)"]);
        app.close().await;
    }
}

on_both_engines! {
    async fn who_leaves_says_why_and_comes_back_with_all_that_was_done(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        let (ada, enrolment) = &cohort.trainees[0];
        let trainee = app.as_person(ada).await;
        trainee.get(&format!("/formation/{enrolment}/activite/{}", course.page)).await.ok();
        let path = format!("/inscription/{enrolment}");
        manager.post(&format!("{path}/depart"), &[("cause", "")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        manager.post(&format!("{path}/depart"), &[("cause", "other"), ("note", "Déménagement")]).await.leads();
        trainee.get(&format!("/formation/{enrolment}")).await.expect(StatusCode::FORBIDDEN);
        manager.post(&format!("{path}/depart"), &[("cause", "time")]).await.expect(StatusCode::CONFLICT);
        manager.post(&format!("{path}/retour"), &[]).await.leads();
        trainee.get(&format!("/formation/{enrolment}")).await.ok().says(&["15 min"]);
        let facts = app.facts().await;
        assert_eq!((facts["enrolment.left.v1"], facts["enrolment.returned.v1"]), (1, 1));
        app.close().await;
    }
}

on_both_engines! {
    async fn an_extension_lets_work_count_after_the_last_day_of_the_cohort(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        let done = format!("activite/{}/fait", course.practice);
        let (ada, bao) = (&cohort.trainees[0], &cohort.trainees[1]);
        let path = format!("/inscription/{}/delai", ada.1);
        manager.post(&path, &[("to", "2020-01-01")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        manager.post(&path, &[("to", "2026-11-30")]).await.leads();
        app.clock().advance(21 * DAY);
        app.run_jobs().await;
        let cohort_state = "SELECT state FROM cohort WHERE id = $1";
        assert_eq!(app.text(cohort_state, [cohort.id.into()]).await.as_deref(), Some("ended"));
        let trainee = app.as_person(&ada.0).await;
        trainee.post(&format!("/formation/{}/{done}", ada.1), &[]).await.leads();
        let late = app.as_person(&bao.0).await;
        late.post(&format!("/formation/{}/{done}", bao.1), &[]).await.expect(StatusCode::CONFLICT);
        app.close().await;
    }
}

on_both_engines! {
    async fn somebody_added_late_finds_the_weeks_that_are_open_and_receives_the_dates(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await.id;
        app.run_jobs().await;
        app.clock().advance(8 * DAY);
        let manager = app.as_manager().await;
        let zoe = app.person("Zoe").await;
        let (base, person) = (format!("/groupe/{cohort}/gestion"), zoe.id.to_string());
        manager.post(&format!("{base}/inscrire"), &[("person", &person)]).await.leads();
        manager.post(&format!("{base}/convocations"), &[]).await.leads();
        let mail = app.mail_to("zoe@exemple.fr").await;
        assert!(mail.subject.starts_with("Convocation"), "{}", mail.subject);
        let (_, joined) = &mail.attachments[0];
        assert!(joined.contains("DTSTART;VALUE=DATE:20261102"), "{joined}");
        let calendar = mail.path("/calendrier/");
        let ics = app.visitor().get(&calendar).await.ok().text();
        assert_eq!(ics.matches("BEGIN:VEVENT").count(), 4, "two weeks, two deadlines: {ics}");
        app.visitor().get(&format!("/calendrier/{}.ics", "0".repeat(64))).await.expect(StatusCode::NOT_FOUND);
        let mine = "SELECT id FROM enrolment WHERE person_id = $1";
        let mine = app.id(mine, [zoe.id.into()]).await;
        let trainee = app.as_person(&zoe).await;
        trainee.get(&format!("/formation/{mine}/activite/{}", course.practice)).await.ok();
        manager.get(&format!("{base}/calendrier.ics")).await.ok();
        // Sent once only.
        manager.post(&format!("{base}/convocations"), &[]).await.leads();
        app.run_jobs().await;
        assert_eq!(app.mails().iter().filter(|m| m.to == "zoe@exemple.fr").count(), 1);
        app.close().await;
    }
}

on_both_engines! {
    async fn many_who_join_at_once_never_exceed_the_places(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &[]).await.id;
        let tx = app.write().await;
        tx.execute_unprepared("UPDATE cohort SET capacity = 3, join_code = 'entrez'").await.unwrap();
        tx.commit().await.unwrap();
        let mut tasks = Vec::new();
        for n in 0..8 {
            let person = app.person(&format!("P{n}")).await;
            let browser = app.as_person(&person).await;
            tasks.push(tokio::spawn(async move {
                browser.post("/rejoindre/entrez", &[("geste", "rejoindre")]).await.leads();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let count = async |state: &str| {
            let sql = "SELECT COUNT(*) FROM enrolment WHERE cohort_id = $1 AND state = $2";
            app.count(sql, [cohort.into(), state.into()]).await
        };
        assert_eq!((count("active").await, count("waiting").await), (3, 5));
        app.close().await;
    }
}

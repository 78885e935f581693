use sea_orm::ConnectionTrait;

use super::super::assign_tutor;
use super::*;

/// Keeps the number of statements that the log line of each request tells.
#[derive(Clone, Default)]
struct Statements(Arc<std::sync::Mutex<Vec<u64>>>);

impl tracing::field::Visit for Statements {
    fn record_u64(&mut self, field: &tracing::field::Field, value: u64) {
        if field.name() == "statements" {
            self.0.lock().expect("a lock").push(value);
        }
    }
    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

impl tracing::Subscriber for Statements {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Statements of a page, the session's own apart.
async fn statements(stage: &Stage, path: &str) -> u64 {
    let seen = Statements::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    assert_eq!(
        stage.get(Some(stage.manager), path).await.status,
        StatusCode::OK
    );
    let told = seen
        .0
        .lock()
        .expect("a lock")
        .last()
        .copied()
        .expect("a log line");
    // The session of these tests is read with one statement for each space.
    told - 2
}

#[tokio::test]
async fn every_page_of_the_manager_renders_in_both_languages() {
    let stage = Stage::new().await;
    let id = stage.cohort(2).await;
    let mut one = Vec::new();
    for name in ["Ada", "Bao", "Cléo"] {
        one.push(stage.enrol(id, stage.person(name).await).await.id());
    }
    stage.cohort(4).await;
    stage
        .post(
            Some(stage.manager),
            &format!("/groupe/{id}/gestion/lien"),
            &[("geste", "ouvrir")],
        )
        .await;
    let code = stage.row(id).await.join_code.expect("a code");
    let pages = [
        "/e/centre/gestion/groupes".to_owned(),
        "/e/centre/gestion/groupes?etat=planned&q=rien".to_owned(),
        "/e/centre/gestion/groupes/nouveau".to_owned(),
        format!("/groupe/{id}/gestion"),
        format!("/groupe/{id}/gestion?liste=waiting&q=c"),
        format!("/groupe/{id}/gestion?liste=left"),
        format!("/groupe/{id}/gestion/reglages"),
        format!("/groupe/{id}/gestion/tuteurs?q=a"),
        format!("/groupe/{id}/gestion/inscrire?q=a"),
        format!("/groupe/{id}/gestion/liste"),
        format!("/inscription/{}", one[0]),
        format!("/inscription/{}", one[2]),
        format!("/rejoindre/{code}"),
    ];
    for path in &pages {
        for lang in ["fr", "en"] {
            let request = request("GET", Some(stage.manager), path).header(
                header::COOKIE,
                format!("session={}; lang={lang}", stage.manager),
            );
            let page = stage
                .send(request.body(Body::empty()).expect("a request"))
                .await;
            assert_eq!(page.status, StatusCode::OK, "{path} {lang}: {}", page.text);
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            // A missing message is shown as its id.
            let body = page.text.split("<main").nth(1).expect("a main part");
            let words = body
                .split(['<', '>'])
                .skip(1)
                .step_by(2)
                .collect::<Vec<_>>()
                .join(" ");
            assert!(!words.contains("cohort-"), "{path} {lang}: {words}");
        }
    }
}

#[tokio::test]
async fn pages_ask_the_database_a_constant_number_of_things() {
    let stage = Stage::new().await;
    let id = stage.cohort(60).await;
    let (one, list) = (format!("/groupe/{id}/gestion"), "/e/centre/gestion/groupes");
    let few = (
        statements(&stage, &one).await,
        statements(&stage, list).await,
    );
    for n in 0..60 {
        stage.enrol(id, stage.person(&format!("P{n}")).await).await;
        if n % 3 == 0 {
            stage.cohort(5).await;
        }
    }
    let many = (
        statements(&stage, &one).await,
        statements(&stage, list).await,
    );
    assert_eq!(few, many);
    // A real session takes two more.
    assert!(many.0 <= 6 && many.1 <= 6, "{many:?}");
}

#[tokio::test]
async fn another_space_sees_and_changes_nothing() {
    let stage = Stage::new().await;
    let id = stage.cohort(2).await;
    let enrolled = stage.enrol(id, stage.person("Ada").await).await.id();
    let stranger = stage.app.env().id();
    let tx = stage.app.db().write().await.expect("a write");
    let person = NewPerson {
        given_name: "Max".into(),
        family_name: "Manager".into(),
        ..NewPerson::default()
    };
    insert_person(&*tx, stage.other_space, stranger, &person)
        .await
        .expect("a person");
    tx.commit().await.expect("committed");
    let before = stage.facts().await.len();
    for path in [
        "/e/centre/gestion/groupes".to_owned(),
        format!("/groupe/{id}/gestion"),
        format!("/groupe/{id}/gestion/stagiaires.csv"),
        format!("/groupe/{id}/gestion/reglages"),
        format!("/inscription/{enrolled}"),
    ] {
        assert_eq!(
            stage.get(Some(stranger), &path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        assert_eq!(
            stage.get(None, &path).await.status,
            StatusCode::SEE_OTHER,
            "{path}"
        );
    }
    for path in [
        format!("/groupe/{id}/gestion/annuler"),
        format!("/groupe/{id}/gestion/lien"),
        format!("/inscription/{enrolled}/retour"),
    ] {
        assert_eq!(
            stage
                .post(Some(stranger), &path, &[("geste", "ouvrir")])
                .await
                .status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    // A course of one space makes no cohort in another, and its people cannot be enrolled or made tutors.
    let tx = stage.app.db().write().await.expect("a write");
    let new = NewCohort {
        space: stage.other_space,
        course: stage.course,
        title: String::new(),
        start: START,
        zone: PARIS.into(),
        capacity: 5,
        answer_hours: None,
        actor: Actor::System("test"),
    };
    assert!(cohort_create(&tx, new).await.is_err());
    tx.rollback().await.expect("given up");
    let foreign = stage.person_in(stage.other_space, "Zoé").await.to_string();
    for path in ["inscrire", "tuteurs"] {
        let sent = stage
            .post(
                Some(stage.manager),
                &format!("/groupe/{id}/gestion/{path}"),
                &[("person", &foreign)],
            )
            .await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{path}");
    }
    let list = stage
        .get(Some(stranger), "/e/ailleurs/gestion/groupes")
        .await;
    assert!(list.text.contains("Aucun groupe pour l’instant"));
    assert_eq!(stage.facts().await.len(), before);
}

#[tokio::test]
async fn an_auditor_reads_and_changes_nothing() {
    let stage = Stage::new().await;
    let id = stage.cohort(2).await;
    let auditor = stage.app.env().id();
    let tx = stage.app.db().write().await.expect("a write");
    let person = NewPerson {
        given_name: "Iris".into(),
        family_name: "Auditor".into(),
        ..NewPerson::default()
    };
    insert_person(&*tx, stage.space, auditor, &person)
        .await
        .expect("a person");
    tx.commit().await.expect("committed");
    let page = stage
        .get(Some(auditor), &format!("/groupe/{id}/gestion"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let main = page
        .text
        .split("<main")
        .nth(1)
        .expect("a main part")
        .split("</main")
        .next()
        .expect("an end");
    assert!(!main.contains("method=\"post\""), "{main}");
    let refused = stage
        .post(Some(auditor), &format!("/groupe/{id}/gestion/annuler"), &[])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_manager_opens_a_cohort_and_enrols_by_hand() {
    let stage = Stage::new().await;
    assert_eq!(
        stage.get(Some(stage.manager), "/gestion").await.location,
        "/e/centre/gestion/groupes"
    );
    let new = "/e/centre/gestion/groupes/nouveau";
    let wrong = stage
        .post(
            Some(stage.manager),
            new,
            &[
                ("course", ""),
                ("start", "demain"),
                ("capacity", "0"),
                ("title", "Mon groupe"),
            ],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("value=\"Mon groupe\"") && wrong.text.contains("data-error-summary")
    );
    let course = stage.course.to_string();
    let sent = [
        ("course", course.as_str()),
        ("start", "2026-11-25"),
        ("capacity", "1"),
        ("title", "Mon groupe"),
    ];
    let made = stage.post(Some(stage.manager), new, &sent).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let base = made.location;
    let person = [
        ("given_name", "Nina"),
        ("family_name", "Roux"),
        ("email", "Nina@exemple.fr"),
    ];
    for _ in 0..2 {
        assert_eq!(
            stage
                .post(Some(stage.manager), &format!("{base}/inscrire"), &person)
                .await
                .status,
            StatusCode::SEE_OTHER
        );
    }
    let incomplete = stage
        .post(
            Some(stage.manager),
            &format!("{base}/inscrire"),
            &[("given_name", "Léo"), ("email", "leo")],
        )
        .await;
    assert_eq!(incomplete.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = stage.get(Some(stage.manager), &base).await;
    assert!(
        page.text.contains("ROUX Nina") && page.text.contains("1 sur 1"),
        "{}",
        page.text
    );
    assert_eq!(
        stage.count("SELECT COUNT(*) AS n FROM enrolment", []).await,
        1
    );
    let csv = stage
        .get(Some(stage.manager), &format!("{base}/stagiaires.csv"))
        .await;
    assert!(
        csv.text.starts_with("\u{feff}Nom;Prénom;")
            && csv.text.contains("Roux;Nina;nina@exemple.fr"),
        "{}",
        csv.text
    );
}

/// The mails of the outbox.
async fn mails(stage: &Stage) -> Vec<passerelle_web::mail::Mail> {
    let db = stage.app.db().read();
    let sql = "SELECT payload FROM job WHERE kind = 'mail.deliver'";
    let rows = db
        .query_all_raw(statement(db, sql, []))
        .await
        .expect("jobs");
    let payload = |row: QueryResult| row.try_get::<String>("", "payload").expect("a payload");
    rows.into_iter()
        .map(|row| serde_json::from_str(&payload(row)).expect("a mail"))
        .collect()
}

#[tokio::test]
async fn joining_instructions_leave_by_one_job_each_and_are_written_in_the_journal() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    let tutor = stage.person("Tilda").await;
    let tx = stage.app.db().write().await.expect("a write");
    assert!(
        assign_tutor(&tx, id, tutor, Actor::System("test"))
            .await
            .expect("a tutor")
    );
    assert!(
        !assign_tutor(&tx, id, tutor, Actor::System("test"))
            .await
            .expect("already")
    );
    let silent = stage
        .app
        .directory()
        .find_or_create(
            &tx,
            stage.space,
            &NewPerson {
                given_name: "Sans".into(),
                family_name: "Adresse".into(),
                ..NewPerson::default()
            },
        )
        .await
        .expect("a person");
    tx.commit().await.expect("committed");
    for name in ["Ada", "Bao"] {
        stage.enrol(id, stage.person(name).await).await;
    }
    stage.enrol(id, silent).await;
    for _ in 0..2 {
        let sent = stage
            .post(
                Some(stage.manager),
                &format!("/groupe/{id}/gestion/convocations"),
                &[],
            )
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    let mails = mails(&stage).await;
    assert_eq!(mails.len(), 2, "one mail each, and none twice");
    for mail in mails {
        assert!(mail.subject.starts_with("Convocation"), "{}", mail.subject);
        for said in [
            "Tilda Test",
            "sous 2 jours",
            "lundi 23",
            "http://127.0.0.1:3000/connexion/lien/",
            "/aide",
            ".ics",
        ] {
            assert!(mail.text.contains(said), "{said}: {}", mail.text);
        }
        assert!(!mail.text.contains("cohort-") && !mail.html.contains("cohort-"));
        assert!(
            mail.attachments[0]
                .text
                .contains("DTSTART;VALUE=DATE:20261123"),
            "{}",
            mail.attachments[0].text
        );
    }
    assert_eq!(
        stage
            .facts()
            .await
            .iter()
            .filter(|kind| *kind == "enrolment.convened.v1")
            .count(),
        2
    );
}

#[tokio::test]
async fn a_calendar_is_read_by_its_secret_address_and_holds_local_days() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    let enrolled = stage.enrol(id, stage.person("Ada").await).await.id();
    let token = stage
        .enrolment(enrolled)
        .await
        .calendar_token
        .expect("a token");
    let ics = stage.get(None, &format!("/calendrier/{token}.ics")).await;
    assert_eq!(ics.status, StatusCode::OK);
    let unfolded = ics.text.replace("\r\n ", "");
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 6);
    for line in [
        "DTSTART;VALUE=DATE:20261123",
        "DTEND;VALUE=DATE:20261130",
        "DTSTART;VALUE=DATE:20261129",
        "TRANSP:TRANSPARENT",
    ] {
        assert!(unfolded.contains(line), "{line}: {unfolded}");
    }
    assert!(
        unfolded.lines().all(|line| !line.starts_with("DTSTART:")),
        "no instant, so no zone to misread"
    );
    assert_eq!(
        stage
            .get(None, &format!("/calendrier/{}.ics", "0".repeat(64)))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        stage.get(None, "/calendrier/x").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn somebody_joins_by_the_link_once_their_address_is_proved() {
    let stage = Stage::new().await;
    let id = stage.cohort(1).await;
    let base = format!("/groupe/{id}/gestion/lien");
    stage
        .post(Some(stage.manager), &base, &[("geste", "ouvrir")])
        .await;
    let code = stage.row(id).await.join_code.expect("a code");
    let path = format!("/rejoindre/{code}");
    let sent = [
        ("given_name", "Nina"),
        ("family_name", "Roux"),
        ("email", "nina@exemple.fr"),
    ];
    let asked = stage.post(None, &path, &sent).await;
    assert!(
        asked.text.contains("Nous avons écrit à nina@exemple.fr"),
        "{}",
        asked.text
    );
    // Nobody is enrolled by typing somebody's address.
    assert_eq!(
        stage.count("SELECT COUNT(*) AS n FROM enrolment", []).await,
        0
    );
    assert_eq!(
        stage
            .count(
                "SELECT COUNT(*) AS n FROM job WHERE kind = 'mail.deliver'",
                []
            )
            .await,
        1
    );
    // The same address under another name: told the same, and nobody is made.
    let persons = stage.count("SELECT COUNT(*) AS n FROM person", []).await;
    let other = [
        ("given_name", "Max"),
        ("family_name", "Leroy"),
        ("email", "nina@exemple.fr"),
    ];
    let told = stage.post(None, &path, &other).await;
    assert!(told.text.contains("Nous avons écrit à nina@exemple.fr"));
    assert_eq!(
        stage.count("SELECT COUNT(*) AS n FROM person", []).await,
        persons
    );

    let nina = stage.person("Bao").await;
    let joined = stage
        .post(Some(nina), &path, &[("geste", "rejoindre")])
        .await;
    assert!(
        joined.location.starts_with("/formation/"),
        "{}",
        joined.location
    );
    let late = stage.person("Cléo").await;
    let waits = stage
        .post(Some(late), &path, &[("geste", "rejoindre")])
        .await;
    assert_eq!(waits.location, path);
    assert_eq!(
        stage
            .count(
                "SELECT COUNT(*) AS n FROM enrolment WHERE state = 'waiting'",
                []
            )
            .await,
        1
    );

    stage
        .post(Some(stage.manager), &base, &[("geste", "ouvrir")])
        .await;
    assert_eq!(
        stage.get(None, &path).await.status,
        StatusCode::GONE,
        "a renewed link closes the old one"
    );
    stage
        .post(Some(stage.manager), &base, &[("geste", "fermer")])
        .await;
    assert_eq!(stage.row(id).await.join_code, None);
}

#[tokio::test]
async fn the_gestures_of_one_enrolment_work_from_its_page() {
    let stage = Stage::new().await;
    let id = stage.cohort(2).await;
    let other = stage.cohort(2).await;
    let enrolled = stage.enrol(id, stage.person("Ada").await).await.id();
    let path = format!("/inscription/{enrolled}");
    let manager = Some(stage.manager);
    let other = other.to_string();
    for (gesture, form, status) in [
        (
            "delai",
            vec![("to", "2020-01-01")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("delai", vec![("to", "2027-01-10")], StatusCode::SEE_OTHER),
        ("convocation", vec![], StatusCode::SEE_OTHER),
        (
            "depart",
            vec![("cause", "")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "depart",
            vec![("cause", "other")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "depart",
            vec![("cause", "other"), ("note", "Déménagement")],
            StatusCode::SEE_OTHER,
        ),
        ("depart", vec![("cause", "time")], StatusCode::CONFLICT),
        ("retour", vec![], StatusCode::SEE_OTHER),
        (
            "deplacer",
            vec![("cohort", "x")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "deplacer",
            vec![("cohort", other.as_str())],
            StatusCode::SEE_OTHER,
        ),
    ] {
        let answer = stage
            .post(manager, &format!("{path}/{gesture}"), &form)
            .await;
        assert_eq!(answer.status, status, "{gesture} {form:?}: {}", answer.text);
        assert_eq!(
            stage.get(manager, &path).await.status,
            StatusCode::OK,
            "{gesture}"
        );
    }
    assert_eq!(
        stage.enrolment(enrolled).await.left_cause.as_deref(),
        Some("moved")
    );
}

#[tokio::test]
async fn a_cancelled_cohort_comes_back_as_its_dates_say() {
    let stage = Stage::new().await;
    let id = stage.cohort(2).await;
    let manager = Some(stage.manager);
    let base = format!("/groupe/{id}/gestion");
    assert_eq!(
        stage
            .post(manager, &format!("{base}/annuler"), &[])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(
        stage
            .get(manager, &base)
            .await
            .text
            .contains("Rétablir le groupe")
    );
    stage.clock.set(begins_at(START, &zone_named(PARIS)));
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "cancelled");
    assert_eq!(
        stage
            .post(manager, &format!("{base}/retablir"), &[])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let row = stage.row(id).await;
    assert!(row.state == "running" && row.frozen_at.is_some());
}

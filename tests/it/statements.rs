//! What the main pages ask of the database: eight statements at most, and no
//! more when there is ten times as much to show.

use passerelle_kernel::Uuid;
use passerelle_kernel::db::statement;
use passerelle_tests::scene::{Cohort, Course};
use passerelle_tests::{Browser, TestApp, on_both_engines};
use sea_orm::ConnectionTrait;

/// Statements that a page may send, those that recognise its reader included.
const AT_MOST: u32 = 8;
/// Opening a module is a write: it begins an attempt or takes over from another device, and on
/// PostgreSQL waits its turn.
const OPENING_AT_MOST: u32 = 10;

struct Readers {
    visitor: Browser,
    manager: Browser,
    administrator: Browser,
    tutor: Browser,
    trainee: Browser,
}

/// Who reads, what, where.
const PAGES: [(&str, &str, &str); 30] = [
    ("visitor", "public home", "/"),
    ("visitor", "public catalogue", "/e/centre"),
    ("visitor", "public sheet", "/e/centre/formations/lire"),
    ("trainee", "home of a trainee", "/accueil"),
    ("tutor", "home of a tutor", "/accueil"),
    ("manager", "home of a manager", "/accueil"),
    ("trainee", "course", "/formation/{enrolment}"),
    (
        "trainee",
        "activity",
        "/formation/{enrolment}/activite/{practice}",
    ),
    ("tutor", "board", "/groupe/{cohort}"),
    ("tutor", "late trainees", "/groupe/{cohort}?filtre=retard"),
    ("tutor", "trainee", "/suivi/{enrolment}"),
    ("tutor", "cell", "/suivi/{enrolment}/activite/{package}"),
    ("manager", "end of session", "/groupe/{cohort}/bilan"),
    ("manager", "cohorts", "/e/centre/gestion/groupes"),
    ("manager", "cohort", "/groupe/{cohort}/gestion"),
    (
        "manager",
        "list of people",
        "/groupe/{cohort}/gestion/stagiaires.csv",
    ),
    ("manager", "enrolment", "/inscription/{enrolment}"),
    ("manager", "courses", "/e/centre/gestion/formations"),
    (
        "manager",
        "plan of a course",
        "/e/centre/gestion/formations/{course}",
    ),
    ("manager", "library", "/e/centre/gestion/contenus"),
    ("manager", "persons", "/e/centre/gestion/personnes"),
    ("manager", "letters", "/e/centre/gestion/lettres"),
    ("manager", "contacts", "/e/centre/gestion/contacts"),
    ("manager", "lists", "/e/centre/gestion/listes"),
    ("manager", "segments", "/e/centre/gestion/segments"),
    ("manager", "watch", "/e/centre/gestion/veille"),
    ("manager", "sources", "/e/centre/gestion/veille/sources"),
    ("manager", "messages", "/e/centre/gestion/messages"),
    (
        "manager",
        "calendar of messages",
        "/e/centre/gestion/messages/calendrier",
    ),
    ("administrator", "outbox", "/e/centre/gestion/courrier"),
];

/// What each main page costs now.
async fn costs(readers: &Readers, course: &Course, cohort: &Cohort) -> Vec<(String, u32)> {
    let enrolment = cohort.trainees[0].1;
    let names = [
        ("{enrolment}", enrolment),
        ("{practice}", course.practice),
        ("{package}", course.package),
        ("{course}", course.id),
        ("{cohort}", cohort.id),
    ];
    let mut costs = Vec::new();
    for (reader, name, path) in PAGES {
        let path = names.iter().fold(path.to_owned(), |path, (name, id)| {
            path.replace(name, &id.to_string())
        });
        let reader = match reader {
            "visitor" => &readers.visitor,
            "manager" => &readers.manager,
            "administrator" => &readers.administrator,
            "tutor" => &readers.tutor,
            _ => &readers.trainee,
        };
        costs.push((name.to_owned(), reader.get(&path).await.ok().statements));
    }
    let open = format!("/formation/{enrolment}/activite/{}/ouvrir", course.package);
    let page = readers
        .trainee
        .post(&open, &[("mode", "review")])
        .await
        .ok();
    assert!(
        page.statements <= OPENING_AT_MOST,
        "opening: {}",
        page.statements
    );
    costs
}

/// So many copies of what lists show: cohorts of the course, packages, courses, persons at work.
async fn grow(app: &TestApp, course: &Course, cohort: &Cohort, trainees: usize, copies: i64) {
    let enrolments = app.crowd(cohort.id, trainees).await;
    let tx = app.write().await;
    for enrolment in &enrolments {
        let sql = "INSERT INTO activity_state (enrolment_id, activity_id, status, seconds, started_at, last_at) \
                   VALUES ($1, $2, 'started', 60, $3, $3)";
        let values = [
            (*enrolment).into(),
            course.page.into(),
            tx.env().now().into(),
        ];
        tx.execute_raw(statement(&*tx, sql, values)).await.unwrap();
    }
    for n in 0..copies {
        for (sql, id) in [
            (
                "INSERT INTO course (id, space_id, slug, title, state, sheet, rule, revision, created_at, updated_at) \
              SELECT $1, space_id, slug || $2, title, 'draft', sheet, rule, revision, created_at, updated_at \
              FROM course WHERE id = $3",
                course.id,
            ),
            (
                "INSERT INTO package (id, space_id, title, standard, edition, blob_key, sha256, size_bytes, file_count, contents, \
              problems, external_hosts, imported_at) SELECT $1, space_id, title, standard, edition, blob_key, sha256 || $2, \
              size_bytes, file_count, contents, problems, external_hosts, imported_at FROM package WHERE id = $3",
                course.library,
            ),
        ] {
            let values = [
                tx.env().id().into(),
                format!("-{n}-{trainees}").into(),
                id.into(),
            ];
            tx.execute_raw(statement(&*tx, sql, values)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    for n in 0..copies {
        let more = app.cohort(course, "2026-11-02", &[]).await;
        if n < 3 {
            let tutor = app
                .id(
                    "SELECT person_id FROM cohort_tutor WHERE cohort_id = $1",
                    [cohort.id.into()],
                )
                .await;
            let tilda = passerelle_tests::people::Person {
                id: tutor,
                given_name: String::new(),
                identifier: String::new(),
            };
            app.tutor(more.id, &tilda).await;
            let ada: Uuid = cohort.trainees[0].0.id;
            app.enrol(more.id, &[ada]).await;
        }
    }
}

on_both_engines! {
    async fn main_pages_send_eight_statements_at_most_however_much_they_show(engine) {
        let app = TestApp::new(engine).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-02", &["Ada"]).await;
        app.tutor(cohort.id, &app.person("Tilda").await).await;
        app.run_jobs().await;
        app.clock().advance(8 * passerelle_kernel::env::DAY);
        let tilda = app.id("SELECT person_id FROM cohort_tutor", []).await;
        let tilda = passerelle_tests::people::Person {
            id: tilda, given_name: "Tilda".to_owned(), identifier: "tilda@exemple.fr".to_owned(),
        };
        let readers = Readers {
            visitor: app.visitor(),
            manager: app.as_manager().await,
            administrator: app.as_administrator().await,
            tutor: app.as_person(&tilda).await,
            trainee: app.as_person(&cohort.trainees[0].0).await,
        };
        let enrolment = cohort.trainees[0].1;
        readers.trainee.launch(enrolment, course.package).await.pass("SCO-1", "70").await;
        grow(&app, &course, &cohort, 19, 2).await;
        costs(&readers, &course, &cohort).await;
        let few = costs(&readers, &course, &cohort).await;
        grow(&app, &course, &cohort, 180, 10).await;
        let many = costs(&readers, &course, &cohort).await;
        let code = readers.trainee.open(enrolment, course.package, &[]).await;
        let player = code.send_to(&code.host).await.ok().statements;

        let grown: Vec<_> = few.iter().zip(&many).filter(|(few, many)| few.1 < many.1).collect();
        assert!(grown.is_empty(), "pages that ask more when there is more: {grown:?}");
        let mut above: Vec<_> = many.into_iter().filter(|(_, cost)| *cost > AT_MOST || *cost == 0).collect();
        if player > AT_MOST {
            above.push(("player".to_owned(), player));
        }
        assert!(above.is_empty(), "pages over {AT_MOST} statements: {above:?}");
    }
}

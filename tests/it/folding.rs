//! Text of people is compared, searched and sorted the same on both engines, and what was written
//! before it was folded as well.

use passerelle_kernel::db::{Db, PoolSizes};
use passerelle_kernel::env::{ManualClock, SeededEntropy};
use passerelle_kernel::{Engine, Env, Uuid};
use passerelle_migrations::{Migrator, MigratorTrait};
use passerelle_tests::database::{START, folder, fresh_url, key};
use passerelle_tests::{TestApp, on_both_engines};
use passerelle_web::directory::NewPerson;
use passerelle_web::{Lang, folding};
use sea_orm::ConnectionTrait;
use std::sync::Arc;

use crate::letters::{CONTACTS, Scene};

const PEOPLE: &str = "/e/centre/gestion/personnes";

on_both_engines! {
    /// « École » was never "is" and always "is not" on SQLite, whose `LOWER()` folds ASCII only.
    async fn a_segment_compares_without_capitals_nor_accents(engine) {
        let scene = Scene::new(engine).await;
        scene.import("Courriel;Prénom;Nom;S;D;R\n\
            a@exemple.fr;Ana;;École de la Forêt;1;\n\
            b@exemple.fr;Béa;;ECOLE DE LA FORET;01;\n\
            c@exemple.fr;Cyd;;Œuvre d’Été 100 %;;\n").await;
        let segments = "/e/centre/gestion/segments/nouveau";
        let all = 6;
        for (field, how, value, count) in [
            ("organisation", "is", "école de la forêt", 2),
            ("organisation", "is", "ECOLE DE LA FORÊT", 2),
            ("organisation", "is_not", "École de la Forêt", all - 2),
            ("organisation", "contains", "foret", 2),
            ("organisation", "contains", "FORÊT", 2),
            ("organisation", "contains", "oeuvre d'ete", 1),
            ("organisation", "contains", "100 %", 1),
            ("organisation", "contains", "%", 1),
            ("department", "is", "1", 2),
            ("email", "contains", "ÉTÉ.fr", 0),
        ] {
            let form = [("any", "all"), ("c0.field", field), ("c0.how", how), ("c0.value", value), ("do", "count")];
            let said = match count {
                0 => "Aucun contact ne remplit".to_owned(),
                1 => "Un contact remplit".to_owned(),
                n => format!("{n} contacts remplissent"),
            };
            scene.manager.post(segments, &form).await.ok().says(&[said.as_str()]);
        }
        for (words, found) in [("ecole", "a@exemple.fr"), ("ANA foret", "a@exemple.fr"), ("oeuvre", "c@exemple.fr"), ("bea", "b@exemple.fr")] {
            let page = scene.manager.get(&format!("{CONTACTS}?q={}", words.replace(' ', "+"))).await.ok();
            page.says(&[found]).never_says(&["bruno@exemple.fr"]);
        }
        // Tags are one whatever their capitals and accents.
        scene.import("Courriel;Prénom;Nom;S;D;R\nd@exemple.fr;D;;;;Éducation\ne@exemple.fr;E;;;;EDUCATION\n").await;
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM mail_tag WHERE name_key = 'education'", []).await, 1);
        scene.app.close().await;
    }
}

/// Names of `noms.csv`, in the order in which a reader looks for them.
const NAMES: [(&str, &str); 19] = [
    ("Çelik", "İpek"),
    ("Ça", "Ÿves"),
    ("d’Aubrac", "Jehan"),
    ("d'Aubrac", "Jehanne"),
    ("de La Morinière", "Anne-Charlotte"),
    ("DE SOUZA", "MARIA"),
    ("dos santos", "rui"),
    ("Duchemin-Le Roy", "Jean-Pierre"),
    ("Élan", "Ève"),
    ("L'Hermitage", "Zoé"),
    ("Le Goffic", "Yann"),
    ("LEFÈVRE", "Noël"),
    ("Mac Pherson", "Ann"),
    ("McAllan", "Iain"),
    ("N'Dour-Faye", "Aïssatou"),
    ("Nguyễn", "Thị Mai"),
    ("O'Breen", "Siân"),
    ("Ünal", "Ada"),
    ("van den Bosch", "Élise"),
];

async fn people(app: &TestApp, names: &[(&str, &str)]) -> Vec<Uuid> {
    let tx = app.write().await;
    let mut made = Vec::new();
    for (at, (family, given)) in names.iter().enumerate().rev() {
        let new = NewPerson {
            given_name: (*given).to_owned(),
            family_name: (*family).to_owned(),
            email: Some(format!("p{at}@exemple.fr")),
            organisation: None,
        };
        let actor = passerelle_kernel::journal::Actor::System("test");
        let id = passerelle_people::create_person(&tx, app.space(), &new, Lang::Fr, actor).await;
        made.push(id.expect("a person"));
    }
    tx.commit().await.expect("committed");
    made
}

/// Where each name stands in a page, in its order.
fn order(page: &str, names: &[(&str, &str)]) -> Vec<usize> {
    names
        .iter()
        .map(|(family, given)| {
            let shown = format!("{} {given}", family.to_uppercase());
            page.find(&shown)
                .unwrap_or_else(|| panic!("{shown} in {page}"))
        })
        .collect()
}

on_both_engines! {
    /// É and Ç stood after V, and `ndour`, `celik`, `nguyen` found nobody.
    async fn people_are_found_and_listed_as_a_reader_looks_for_them(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let mut names = NAMES;
        names.sort_by_key(|(family, given)| passerelle_text::fold::name_key(given, family));
        let made = people(&app, &names).await;
        let course = app.course("Lire").await;
        let cohort = app.cohort(&course, "2026-11-09", &[]).await.id;
        app.enrol(cohort, &made).await;
        for page in [PEOPLE.to_owned(), format!("/groupe/{cohort}/gestion"), format!("/groupe/{cohort}")] {
            let words = manager.get(&page).await.ok().words();
            let places = order(&words, &names);
            assert!(places.is_sorted(), "{page}: {places:?}\n{words}");
        }
        for (typed, found) in [
            ("ndour", "N'DOUR-FAYE"), ("celik", "ÇELIK"), ("nguyen", "NGUYỄN"), ("N%27Dour", "N'DOUR-FAYE"),
            ("legoffic", "LE GOFFIC"), ("le+roy", "DUCHEMIN-LE ROY"), ("d%E2%80%99aubrac", "D'AUBRAC"), ("obreen", "O'BREEN"),
            ("unal", "ÜNAL"), ("IPEK", "ÇELIK"), ("elan", "ÉLAN"),
        ] {
            for page in [format!("{PEOPLE}?q={typed}"), format!("/groupe/{cohort}/gestion?q={typed}")] {
                manager.get(&page).await.ok().says(&[found]).never_says(&["VAN DEN BOSCH"]);
            }
        }
        manager.get(&format!("{PEOPLE}?q=%25")).await.ok().never_says(&["ÇELIK"]);
        app.close().await;
    }
}

on_both_engines! {
    /// Titles of groups were searched by SQL's `LOWER()`.
    async fn groups_and_courses_are_found_whatever_their_accents(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let course = app.course("Écrire à l’école").await;
        app.cohort(&course, "2026-11-09", &[]).await;
        for words in ["ecole", "ÉCRIRE", "l%27ecole"] {
            manager.get(&format!("/e/centre/gestion/groupes?q={words}")).await.ok().says(&["Groupe du 2026-11-09"]);
            manager.get(&format!("/e/centre/gestion/formations?q={words}")).await.ok().says(&["Écrire à l’école"]);
        }
        manager.get("/e/centre/gestion/groupes?q=%25").await.ok().never_says(&["Groupe du 2026-11-09"]);
        app.close().await;
    }
}

/// What was written before text was folded.
fn rows(engine: Engine) -> Vec<String> {
    let id = |n: u8| match engine {
        Engine::Sqlite => format!("X'{}'", Uuid::from_u128(n.into()).simple()),
        Engine::Postgres => format!("'{}'", Uuid::from_u128(n.into())),
    };
    let space = id(1);
    vec![
        format!(
            "INSERT INTO space (id, slug, name, zone, lang, body, created_at) VALUES ({space}, 's', 'S', 'Europe/Paris', 'fr', '{{}}', 0)"
        ),
        format!(
            "INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ({}, 'Zoé', 'Straße', 'strasse zoe', 'fr', 0)",
            id(2)
        ),
        format!(
            "INSERT INTO person (id, given_name, family_name, search_name, lang, created_at) VALUES ({}, 'Aïssatou', 'N''Dour', 'n dour aissatou', 'fr', 0)",
            id(3)
        ),
        format!(
            "INSERT INTO space_person (space_id, person_id, email, created_at) VALUES ({space}, {}, 'zoe@été.fr', 0)",
            id(2)
        ),
        format!(
            "INSERT INTO space_person (space_id, person_id, email, created_at) VALUES ({space}, {}, NULL, 0)",
            id(3)
        ),
        format!(
            "INSERT INTO course (id, space_id, slug, title, state, sheet, rule, revision, created_at, updated_at, search) VALUES ({}, {space}, 'e', 'École', 'published', '{{}}', '{{\"kind\":\"all\"}}', 1, 0, 0, 'ecole')",
            id(4)
        ),
        format!(
            "INSERT INTO cohort (id, space_id, course_id, title, start_date, end_date, zone, capacity, state, rule, sheet, agreed_minutes, answer_hours, created_at) VALUES ({}, {space}, {}, 'Été', '2026-11-02', '2026-11-15', 'Europe/Paris', 20, 'running', '{{\"kind\":\"all\"}}', '{{}}', 240, 24, 0)",
            id(5),
            id(4)
        ),
        format!(
            "INSERT INTO enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, done_count, done_minutes, sort_name) VALUES ({}, {space}, {}, {}, 'active', 'hand', 0, 0, 0, 'n dour aissatou')",
            id(6),
            id(5),
            id(3)
        ),
        format!(
            "INSERT INTO mail_contact (id, space_id, email, email_key, given_name, family_name, organisation, job, department, lang, status, basis, source, purpose, created_at, updated_at) VALUES ({}, {space}, 'A@b.fr', 'a@b.fr', 'Ana', '', 'École', 'Œuvre', '1', 'fr', 'enabled', 'consent', 'Été', 'x', 0, 0)",
            id(7)
        ),
        format!(
            "INSERT INTO mail_tag (id, space_id, kind, name, name_key) VALUES ({}, {space}, 'theme', 'École', 'école')",
            id(8)
        ),
        format!(
            "INSERT INTO mail_tag (id, space_id, kind, name, name_key) VALUES ({}, {space}, 'theme', 'Ecole', 'ecole')",
            id(9)
        ),
    ]
}

/// A database as it was before text was folded, with rows in it.
async fn old(engine: Engine, folder: &tempfile::TempDir) -> Db {
    let url = fresh_url(engine, folder).await;
    let env = Env::new(
        Arc::new(ManualClock::new(START)),
        Arc::new(SeededEntropy::new(1)),
    );
    let db = Db::connect(&url, PoolSizes { connections: 2 }, env, key())
        .await
        .expect("connects");
    let schema = db.writer_for_schema();
    if engine == Engine::Postgres {
        // The template has the whole schema already.
        for sql in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
            schema.execute_unprepared(sql).await.expect("emptied");
        }
    }
    let steps = Migrator::migrations();
    let before = steps
        .iter()
        .position(|step| step.name() == "people/0004_folding")
        .expect("the step");
    Migrator::up(schema, Some(before as u32))
        .await
        .expect("the schema of before");
    for sql in rows(engine) {
        let done = schema.execute_unprepared(&sql).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    Migrator::up(schema, None).await.expect("the schema of now");
    db
}

on_both_engines! {
    /// A step of the schema cannot fold: rows of before would be found nowhere.
    async fn what_was_written_before_is_folded_when_the_server_starts(engine) {
        let app = TestApp::new(engine).await;
        let folder = folder();
        let db = old(engine, &folder).await;
        for _ in 0..2 {
            folding::refresh(&db, app.app().registry()).await.expect("folded");
            let text = async |sql: &str| -> String {
                let row = db.read().query_one_raw(passerelle_kernel::db::statement(db.read(), sql, [])).await;
                row.expect("a look").expect("a row").try_get_by_index(0).expect("a text")
            };
            for (sql, expected) in [
                ("SELECT search_name FROM person WHERE given_name = 'Zoé'", "strasse zoe"),
                ("SELECT n.sort_name FROM person_sort_name n JOIN person p ON p.id = n.person_id WHERE p.given_name = 'Aïssatou'", "ndour aissatou"),
                ("SELECT email_key FROM space_person WHERE email IS NOT NULL", "zoe@xn--t-9fab.fr"),
                ("SELECT email_key FROM space_person WHERE email IS NULL", ""),
                ("SELECT sort_name FROM enrolment", "ndour aissatou"),
                ("SELECT title_key || '/' || search FROM course", "ecole/ecole"),
                ("SELECT title_key FROM cohort", "ete"),
                ("SELECT organisation_key || '/' || job_key || '/' || department_key || '/' || source_key FROM mail_contact", "ecole/oeuvre/01/ete"),
                ("SELECT name_key FROM mail_tag WHERE name = 'Ecole'", "ecole"),
                ("SELECT name_key FROM mail_tag WHERE name = 'École'", "école"),
            ] {
                assert_eq!(text(sql).await, expected, "{sql}");
            }
            // Everything is made again when the folding changes.
            let tx = db.write().await.expect("a write");
            tx.execute_unprepared("UPDATE folding SET version = 0").await.expect("older");
            tx.execute_unprepared("UPDATE person SET search_name = ''").await.expect("lost");
            tx.commit().await.expect("committed");
        }
        db.close().await.expect("closes");
        app.close().await;
    }
}

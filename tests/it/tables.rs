//! Tables that people bring, and take away: lists of trainees and contacts, as spreadsheets write
//! them. The files are those of `tests/fixtures/people`; the people are invented.

use axum::http::StatusCode;
use passerelle_kernel::{Engine, Uuid};
use passerelle_tests::browser::Upload;
use passerelle_tests::{Answer, Browser, TestApp, on_both_engines};

use crate::letters::{CONTACTS, Scene};

macro_rules! people {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/people/", $name)).as_slice()
    };
}

async fn list(manager: &Browser, cohort: Uuid, name: &str, bytes: &[u8]) -> Answer {
    let file = Upload {
        field: "file",
        name,
        bytes,
    };
    manager
        .upload(&format!("/groupe/{cohort}/gestion/liste"), &[], file)
        .await
}

async fn confirm(manager: &Browser, cohort: Uuid, page: &Answer) {
    let (digest, list) = (page.field("digest"), page.field("list"));
    let sent = [("list", list.as_str()), ("digest", digest.as_str())];
    manager
        .post(&format!("/groupe/{cohort}/gestion/liste/confirmer"), &sent)
        .await
        .leads();
}

async fn stage(engine: Engine) -> (TestApp, Browser, Uuid) {
    let app = TestApp::new(engine).await;
    let course = app.course("Lire").await;
    let cohort = app.cohort(&course, "2026-11-09", &[]).await.id;
    let manager = app.as_manager().await;
    (app, manager, cohort)
}

const ENROLLED: &str = "SELECT COUNT(*) FROM enrolment WHERE state = 'active'";

on_both_engines! {
    /// Five were announced, four were enrolled and the fifth was offered for ever; two people shared
    /// an address without a word.
    async fn what_a_list_announces_is_what_happens(engine) {
        let (app, manager, cohort) = stage(engine).await;
        let page = list(&manager, cohort, "doublons.csv", people!("doublons.csv")).await.ok();
        page.says(&["Inscrire 4 personnes", "Même personne qu’à la ligne 2", "Même personne qu’à la ligne 7",
            "Même adresse qu’à la ligne 6", "Même adresse qu’à la ligne 5", "Adresses partagées", "ne garde pas : Téléphone"]);
        let page = list(&manager, cohort, "doublons.csv", people!("doublons.csv")).await.ok();
        confirm(&manager, cohort, &page).await;
        assert_eq!(app.count(ENROLLED, []).await, 4);
        let again = list(&manager, cohort, "doublons.csv", people!("doublons.csv")).await.ok();
        again.says(&["Il n’y a rien à faire"]);
        // Somebody else has that address already.
        let other = "Nom;Prénom;Courriel\nBlanc;Zoé;accueil@example.org\n".as_bytes();
        list(&manager, cohort, "a.csv", other).await.ok().says(&["Cette adresse est déjà celle de Jeanne Roux"]);
        app.close().await;
    }
}

on_both_engines! {
    /// The hidden first sheet was read; telephones and postal codes lost their zeros, and columns of
    /// telephones and births were unknown.
    async fn a_workbook_is_read_where_people_see_it(engine) {
        let (app, manager, cohort) = stage(engine).await;
        let page = list(&manager, cohort, "stagiaires.xlsx", people!("stagiaires.xlsx")).await.ok();
        page.says(&["Inscrire 3 personnes", "Agnès Lefèvre-Œuf", "0612345678 · 1985-04-03", "+33612345679 · 2000-02-29",
            "stephane.etienne@example.org", "ne garde pas : Téléphone et Né(e) le"]).never_says(&["OPCO"]);
        let page = list(&manager, cohort, "stagiaires.xlsx", people!("stagiaires.xlsx")).await.ok();
        confirm(&manager, cohort, &page).await;
        assert_eq!(app.count(ENROLLED, []).await, 3);
        app.close().await;
    }
}

on_both_engines! {
    /// `sep=` was read as titles, the letters of a Macintosh came out as others, and the first person
    /// was taken for the titles.
    async fn each_way_of_writing_a_list_is_read_or_asked(engine) {
        let (app, manager, cohort) = stage(engine).await;
        list(&manager, cohort, "sep.csv", people!("ligne-sep.csv")).await.ok().says(&["Inscrire 2 personnes", "Léa Petit"]);
        let mac = people!("stagiaires-excel-mac-ancien.csv");
        list(&manager, cohort, "mac.csv", mac).await.ok()
            .says(&["Inscrire 4 personnes", "lues en MacRoman", "Agnès Lefèvre", "Stéphane Étienne", "Françoise Müller-Noël"]);
        let asked = list(&manager, cohort, "liste.csv", people!("sans-entete.csv")).await.ok();
        let rows = asked.field("rows");
        asked.says(&["Dire ce que sont les colonnes", "lea.petit@example.org", "Rien n’est enregistré"]);
        let answer = format!("/groupe/{cohort}/gestion/liste/colonnes");
        let sent = [("rows", rows.as_str()), ("titles", "no"), ("c0", "email"), ("c1", "given")];
        manager.post(&answer, &sent).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["laquelle le nom"]);
        let sent = [("rows", rows.as_str()), ("titles", "no"), ("c0", "email"), ("c1", "given"), ("c2", "family")];
        let page = manager.post(&answer, &sent).await.ok();
        assert!(page.words().contains("Inscrire 2 personnes"), "{}", page.words());
        confirm(&manager, cohort, &page).await;
        assert_eq!(app.count(ENROLLED, []).await, 2);
        assert_eq!(app.count("SELECT COUNT(*) FROM person WHERE given_name = 'Léa' AND family_name = 'Petit'", []).await, 1);
        let xls = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook";
        list(&manager, cohort, "liste.xls", xls).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["ancien format d’Excel"]);
        manager.post(&answer, &[("rows", "no rows")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        app.close().await;
    }
}

on_both_engines! {
    /// One reason was told for all, and none of what is only untidy was taken.
    async fn each_address_of_a_list_is_told_what_is_wrong_with_it(engine) {
        let (app, manager, cohort) = stage(engine).await;
        let text = String::from_utf8(people!("adresses.csv").to_vec()).expect("text");
        let lines = text.lines().enumerate().map(|(at, line)| match at {
            0 => format!("{line};nom"),
            at => format!("{line};N{at}"),
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let page = list(&manager, cohort, "adresses.csv", text.as_bytes()).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        page.says(&["7 lignes sont à corriger", "n’a ni accent ni lettre spéciale", "n’est pas un domaine", "un signe qui ne peut pas y être",
            "plusieurs arobases", "plusieurs adresses e-mail", "trop longue", "un point est en trop", "j'oublie@example.org",
            "marie.durand@example.org", "paul@example.org", "zerolargeur@example.org", "prenom.nom@example.org"]);
        app.close().await;
    }
}

on_both_engines! {
    /// A file without titles lost its first contact, and addresses that no sending takes were imported.
    async fn contacts_are_read_as_trainees_are(engine) {
        let scene = Scene::new(engine).await;
        let read = async |name: &str, bytes: &[u8]| {
            let file = Upload { field: "file", name, bytes };
            scene.manager.upload(&format!("{CONTACTS}/importer"), &[], file).await
        };
        let page = read("liste.csv", people!("sans-entete.csv")).await.ok();
        let file_id = page.field("file_id");
        page.says(&["La première ligne du fichier", "Importer 2 contacts", "lea.petit@example.org"]);
        let form = [("file_id", file_id.as_str()), ("file_name", "l.csv"), ("titles", "no"), ("source", "S"), ("purpose", "P"),
            ("basis", "professional"), ("merge", "fill"), ("m0", "email"), ("m1", "given_name"), ("m2", "family_name"), ("do", "apply")];
        scene.manager.post(&format!("{CONTACTS}/importer/faire"), &form).await.leads();
        let lea = "SELECT family_name FROM mail_contact WHERE email_key = 'lea.petit@example.org'";
        assert_eq!(scene.app.text(lea, []).await.as_deref(), Some("Petit"));
        read("adresses.csv", people!("adresses.csv")).await.ok()
            .says(&["Importer 15 contacts", "Refusée : Avant l’arobase", "Refusée : Il y a plusieurs adresses", "Refusée : adresse déjà dans le fichier, à la ligne 6"]);
        read("stagiaires.xlsx", people!("stagiaires.xlsx")).await.ok()
            .says(&["Importer 3 contacts", "0612345678 · 1985-04-03 · 01000", "ne garde pas : Téléphone"]).never_says(&["OPCO"]);
        read("mac.csv", people!("stagiaires-excel-mac-ancien.csv")).await.ok().says(&["Importer 4 contacts", "lues en MacRoman"]);
        let other = "Courriel;Prénom;Nom\namina@exemple.fr;Bilal;Benali\n".as_bytes();
        read("autre.csv", other).await.ok().says(&["connue sous le nom de Amina Benali"]);
        read("liste.pdf", b"%PDF-1.7").await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["est un PDF"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// The two files had other separators and dates in words, and a group's own file enrolled again
    /// who had left, and made anew who has no address.
    async fn what_is_taken_away_comes_back_in_unchanged(engine) {
        let (app, manager, cohort) = stage(engine).await;
        let text = "Nom;Prénom;Courriel;Structure\nÉlan;Ève;eve@exemple.fr;Asso; = 1+1\nRoux;'Nina;;\n+Ünal;Ada;ada@exemple.fr;=SOMME(A1)\nDupont;Léo;leo@exemple.fr;\n";
        let page = list(&manager, cohort, "l.csv", text.as_bytes()).await.ok();
        confirm(&manager, cohort, &page).await;
        let leo = app.id("SELECT e.id FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.given_name = 'Léo'", []).await;
        manager.post(&format!("/inscription/{leo}/depart"), &[("cause", "work")]).await.leads();
        assert_eq!(app.count(ENROLLED, []).await, 3, "Léo has left");
        let csv = manager.get(&format!("/groupe/{cohort}/gestion/stagiaires.csv")).await.ok().text();
        assert!(csv.starts_with("\u{feff}Nom;Prénom;Adresse e-mail;Structure;État;"), "{csv}");
        assert!(csv.contains(";'=SOMME(A1);") && csv.contains("'+Ünal;") && csv.contains(";2026-11-02;"), "{csv}");
        let back = list(&manager, cohort, "l.csv", csv.as_bytes()).await.ok();
        assert!(back.words().contains("Il n’y a rien à faire"), "{}", back.words());

        let scene = Scene::new(engine).await;
        scene.import("Courriel;Prénom;Nom;S;D;R\nz@exemple.fr;=Zoé;Été;+Asso ; 1;FLE, VRL\n").await;
        let before = scene.app.text("SELECT organisation FROM mail_contact WHERE email_key = 'z@exemple.fr'", []).await;
        assert_eq!(before.as_deref(), Some("+Asso"));
        let csv = scene.manager.get(&format!("{CONTACTS}.csv")).await.ok().text();
        assert!(csv.starts_with("\u{feff}Adresse e-mail;Prénom;Nom;Structure;"), "{csv}");
        assert!(csv.contains(";'=Zoé;") || csv.contains(";\"'=Zoé\";"), "{csv}");
        assert!(csv.lines().skip(1).all(|line| line.ends_with(";2026-11-02")), "{csv}");
        let file = Upload { field: "file", name: "contacts.csv", bytes: csv.as_bytes() };
        let page = scene.manager.upload(&format!("{CONTACTS}/importer"), &[], file).await.ok();
        let form: Vec<(String, String)> = (0..12).map(|at| (format!("m{at}"), MAPPED[at].to_owned())).collect();
        let file_id = page.field("file_id");
        let mut pairs: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        pairs.extend([("file_id", file_id.as_str()), ("titles", "yes"), ("source", "S"), ("purpose", "P"), ("basis", "consent"), ("merge", "replace"), ("do", "preview")]);
        scene.manager.post(&format!("{CONTACTS}/importer/faire"), &pairs).await.ok()
            .says(&["Contacts ajoutés 0", "Contacts changés 0", "Contacts déjà à jour 4", "Lignes refusées 0"]);
        scene.app.close().await;
        app.close().await;
    }
}

/// Our columns, in the order of the export.
const MAPPED: [&str; 12] = [
    "email",
    "given_name",
    "family_name",
    "organisation",
    "job",
    "department",
    "networks",
    "themes",
    "lang",
    "basis",
    "source",
    "purpose",
];

/// People of a list were looked for among the hundred thousand of a space.
#[tokio::test]
async fn people_of_a_list_are_looked_up_by_an_index() {
    let (app, ..) = stage(Engine::Sqlite).await;
    let sql = "EXPLAIN QUERY PLAN SELECT p.id FROM space_person sp JOIN person p ON p.id = sp.person_id \
               WHERE sp.space_id = $1 AND sp.email_key IN (SELECT value FROM json_each($2))";
    let rows = sea_orm::ConnectionTrait::query_all_raw(
        app.db().read(),
        passerelle_kernel::db::statement(
            app.db().read(),
            sql,
            [app.space().into(), "[\"a@b.fr\"]".into()],
        ),
    )
    .await
    .expect("a plan");
    let plan: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "detail").expect("a step"))
        .collect();
    assert!(
        plan.iter()
            .any(|step| step.contains("space_person_email_key")),
        "{plan:?}"
    );
    app.close().await;
}

//! What a page calls proven is what was sealed, not what a table says today.

use axum::http::StatusCode;
use passerelle_kernel::env::{MINUTE, token_hash};
use passerelle_kernel::{Uuid, journal};
use passerelle_tests::browser::Upload;
use passerelle_tests::scene::Cohort;
use passerelle_tests::{Browser, TestApp, on_both_engines};
use passerelle_web::stored::{self, Fault};

/// A cohort that has ended, with a document for its only trainee; its code, and who manages it.
async fn issued(app: &TestApp) -> (Cohort, String, Browser) {
    let course = app.course("Écrire simplement").await;
    let cohort = app.cohort(&course, "2026-10-05", &["Ada"]).await;
    app.run_jobs().await;
    let manager = app.as_manager().await;
    certify(app, &manager, &cohort, "2").await;
    let code = app.text("SELECT code FROM certificate", []).await.unwrap();
    (cohort, code, manager)
}

/// Corrects the hours and issues what is due.
async fn certify(app: &TestApp, manager: &Browser, cohort: &Cohort, hours: &str) {
    let enrolment = cohort.trainees[0].1.to_string();
    let sent = [
        ("enrolment", enrolment.as_str()),
        ("hours", hours),
        ("minutes", "0"),
        ("reason", "Vu en visio"),
    ];
    let base = format!("/groupe/{}/bilan", cohort.id);
    manager
        .post(&format!("{base}/corriger"), &sent)
        .await
        .leads();
    manager.post(&format!("{base}/emettre"), &[]).await.leads();
    app.run_jobs().await;
}

async fn alter(app: &TestApp, from: &str, to: &str) {
    let sql = "UPDATE certificate SET facts = REPLACE(facts, $1, $2)";
    app.run(sql, [from.into(), to.into()]).await;
    let done = app
        .count(
            "SELECT COUNT(*) FROM certificate WHERE facts LIKE $1",
            [format!("%{to}%").into()],
        )
        .await;
    assert_eq!(done, 1, "{from} became {to}");
}

on_both_engines! {
    /// Hours changed in `certificate.facts` were called authentic: the page showed the table. It shows
    /// what was sealed, and says what the table has become.
    async fn facts_that_were_changed_after_the_seal_are_not_called_authentic(engine) {
        let app = TestApp::new(engine).await;
        let (_, code, _) = issued(&app).await;
        let page = format!("/verifier/{code}");
        let visitor = app.visitor();
        visitor.get(&page).await.ok().says(&["Document authentique", "Ada Test", "2 h"]);
        let facts = app.text("SELECT facts FROM certificate", []).await.unwrap();
        let changed = |part: &str, sealed: &str, now: &str| {
            format!("{part} : « {sealed} » a été scellé, la base dit aujourd’hui « {now} ».")
        };
        for (from, to, said) in [
            ("\"minutes\":120", "\"minutes\":7200", changed("Durée réalisée", "2 h", "120 h")),
            ("Écrire simplement", "Diriger un hôpital", changed("Formation", "Écrire simplement", "Diriger un hôpital")),
            ("centre-2026-00001", "centre-2026-00999", changed("Numéro", "centre-2026-00001", "centre-2026-00999")),
            ("GIP Centre de ressources", "Université", changed("Organisme", "GIP Centre de ressources", "Université")),
            ("\"completion\"", "\"end_of_training\"", "Attestation de fin de formation".to_owned()),
            ("2026-10-05", "2026-09-01", "Premier jour".to_owned()),
            ("Ada Test", "Zoé Faux", "Le nom du ou de la stagiaire, ou la date de la demande, n’est plus ce qui a été scellé.".to_owned()),
        ] {
            alter(&app, from, to).await;
            let told = visitor.get(&page).await.ok();
            told.says(&["Ce n’est pas ce qui a été scellé", "Ce qui a changé", &said])
                .never_says(&["Document authentique"]);
            app.run("UPDATE certificate SET facts = $1", [facts.as_str().into()]).await;
        }
        visitor.get(&page).await.ok().says(&["Document authentique"]);
        // What nobody can tell is marked; the rest is what was sealed.
        alter(&app, "Ada Test", "Zoé Faux").await;
        visitor.get(&page).await.ok().says(&["Zoé Faux (non confirmé)", "2 h"]);
        let english = app.visitor();
        english.set_cookie("lang", "en");
        english.get(&page).await.ok().says(&["This is not what was sealed", "What has changed"]);
    }
}

on_both_engines! {
    /// The other columns that the page reads: code, entry, head, hash of the file, state.
    async fn a_document_whose_row_was_changed_is_not_called_authentic(engine) {
        let app = TestApp::new(engine).await;
        let (cohort, code, manager) = issued(&app).await;
        let page = format!("/verifier/{code}");
        let visitor = app.visitor();
        let other = app.id("SELECT entry_id FROM journal_position WHERE position = 0", []).await;
        let entry = app.id("SELECT entry_id FROM certificate", []).await;
        let sha256 = app.text("SELECT sha256 FROM certificate", []).await.unwrap();
        let head = app.text("SELECT head FROM certificate", []).await.unwrap();

        app.run("UPDATE certificate SET entry_id = $1", [other.into()]).await;
        visitor.get(&page).await.ok().says(&["Preuve non établie"]).never_says(&["Document authentique"]);
        app.run("UPDATE certificate SET entry_id = $1", [entry.into()]).await;

        // A head of somebody else's, signed with their own key as it should be.
        let forged = passerelle_tests::database::TestDb::new(engine).await;
        let key = journal::JournalKey::from_seeds([1; 32], &[2; 32]);
        let url = &forged.url;
        let theirs = passerelle_kernel::Db::connect(url, passerelle_kernel::db::PoolSizes::default(), passerelle_kernel::Env::system(), key).await.unwrap();
        let tx = theirs.write().await.unwrap();
        let fact = journal::Fact { space: other, kind: "test.v1", actor: journal::Actor::Visitor, subject: other, payload: serde_json::json!({}) };
        tx.append(fact).await.unwrap();
        tx.commit().await.unwrap();
        let theirs = journal::seal(&theirs).await.unwrap().unwrap();
        assert!(theirs.is_signed());
        app.run("UPDATE certificate SET head = $1", [serde_json::to_string(&theirs).unwrap().into()]).await;
        visitor.get(&page).await.ok().says(&["Preuve non établie"]).never_says(&["Document authentique"]);
        app.run("UPDATE certificate SET head = $1", [head.into()]).await;

        // Another file is not the one that was issued because the table says so.
        let false_one = "%PDF-1.7 faux";
        let file = Upload { field: "file", name: "certificat.pdf", bytes: false_one.as_bytes() };
        let hash: String = token_hash(false_one).iter().map(|byte| format!("{byte:02x}")).collect();
        app.run("UPDATE certificate SET sha256 = $1", [hash.into()]).await;
        let told = visitor.upload(&page, &[], file).await.ok();
        told.says(&["Votre fichier n’est pas celui qui a été émis", "L’empreinte du fichier n’est plus celle qui a été scellée."]);
        app.run("UPDATE certificate SET sha256 = $1", [sha256.into()]).await;

        app.run("UPDATE certificate SET code = 'abcdef'", []).await;
        visitor.get("/verifier/abcdef").await.ok().says(&["Ce n’est pas ce qui a été scellé"]);
        app.run("UPDATE certificate SET code = $1", [code.as_str().into()]).await;

        // Replaced since, whatever the table says.
        certify(&app, &manager, &cohort, "1").await;
        visitor.get(&page).await.ok().says(&["Document remplacé"]);
        app.run("UPDATE certificate SET state = 'issued'", []).await;
        let told = visitor.get(&page).await.ok();
        told.says(&["Un document plus récent a été scellé à la place de celui-ci"]).never_says(&["Document authentique"]);
    }
}

on_both_engines! {
    /// A content that was altered or erased in the journal proves nothing any more, and the page says which.
    async fn an_entry_whose_content_is_gone_or_altered_proves_nothing(engine) {
        let app = TestApp::new(engine).await;
        let (_, code, _) = issued(&app).await;
        let page = format!("/verifier/{code}");
        let entry = app.id("SELECT entry_id FROM certificate", []).await;
        let visitor = app.visitor();
        app.run("UPDATE journal_entry SET at = at + 1 WHERE id = $1", [entry.into()]).await;
        visitor.get(&page).await.ok().says(&["Preuve non établie"]).never_says(&["Document authentique"]);
        app.run("UPDATE journal_entry SET at = at - 1 WHERE id = $1", [entry.into()]).await;
        visitor.get(&page).await.ok().says(&["Document authentique"]);
        app.run("DELETE FROM journal_body WHERE entry_id = $1", [entry.into()]).await;
        visitor.get(&page).await.ok().says(&["Contenu effacé"]).never_says(&["Document authentique"]);
    }
}

/// Changes one byte of a stored file.
async fn flip(app: &TestApp, key: &str) {
    let blobs = app.app().blobs();
    let mut bytes = blobs.get(key).await.unwrap().to_vec();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    blobs.put(key, bytes.into()).await.unwrap();
}

/// Runs the check of the night; what it leaves.
async fn checked(app: &TestApp) -> Vec<Fault> {
    let tx = app.write().await;
    assert!(stored::plan(&tx, app.db()).await.unwrap());
    tx.commit().await.unwrap();
    app.clock().advance(MINUTE);
    app.run_jobs().await;
    let progress = stored::progress(app.db().read()).await.unwrap().unwrap();
    assert!(progress.finished_at.is_some(), "{progress:?}");
    stored::faults(app.db().read()).await.unwrap()
}

on_both_engines! {
    /// A certificate with a flipped byte was served, and nobody ever knew.
    async fn a_document_with_a_changed_byte_is_not_handed_over_and_is_told(engine) {
        let app = TestApp::new(engine).await;
        let (cohort, ..) = issued(&app).await;
        let administrator = app.as_administrator().await;
        let id = app.id("SELECT id FROM certificate", []).await;
        let key = app.text("SELECT blob_key FROM certificate", []).await.unwrap();
        let trainee = app.as_person(&cohort.trainees[0].0).await;
        let path = format!("/formation/{}/document/{id}", cohort.trainees[0].1);
        let whole = trainee.get(&path).await.ok().body;
        assert_eq!(checked(&app).await, []);
        administrator.get("/e/centre/gestion/etat").await.ok().says(&["Aucun fichier manquant ou modifié", "relus"]);

        flip(&app, &key).await;
        let refused = trainee.get(&path).await;
        assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
        refused.says(&["Ce fichier est abîmé"]);
        administrator.get("/e/centre/gestion/etat").await.ok().says(&["centre-2026-00001", "Il a été modifié"]);
        let found = checked(&app).await;
        assert_eq!(found.iter().map(|f| (f.key.as_str(), f.damage.code())).collect::<Vec<_>>(), [(key.as_str(), "altered")]);
        // The table altered with the file: the journal still knows.
        let (hash, _) = app.app().blobs().digest(&key).await.unwrap();
        app.run("UPDATE certificate SET sha256 = $1", [hash.into()]).await;
        assert_eq!(checked(&app).await.len(), 1);

        app.app().blobs().delete(&key).await.unwrap();
        assert_eq!(trainee.get(&path).await.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(checked(&app).await[0].damage.code(), "missing");
        app.app().blobs().put(&key, whole.into()).await.unwrap();
        assert_eq!(checked(&app).await, [], "put back, it is forgotten");
    }
}

on_both_engines! {
    /// What the night finds is written to the administrators, once.
    async fn a_file_that_the_night_finds_missing_is_written_to_the_administrators(engine) {
        let app = TestApp::new(engine).await;
        let administrator = app.as_administrator().await;
        let _ = issued(&app).await;
        let key = app.text("SELECT blob_key FROM certificate", []).await.unwrap();
        app.app().blobs().delete(&key).await.unwrap();
        assert_eq!(checked(&app).await.len(), 1);
        let mail = app.mail_to(&administrator.person().identifier).await;
        assert!(mail.subject.contains("1 fichier abîmé"), "{}", mail.subject);
        let mails = app.mails().len();
        assert_eq!(checked(&app).await.len(), 1);
        assert_eq!(app.mails().len(), mails, "what is known is not written again");
    }
}

/// Keys of files that nothing checks, with the reason.
const NOT_CHECKED: [&str; 1] = [
    // A sheet of contacts that waits to be imported, for a day at most: refused whole if unreadable.
    "mail/imports/",
];

on_both_engines! {
    /// Every file of the store is named by a kind that is checked, and each kind is: a change of any of
    /// them shows. A new kind of files that nobody names fails here.
    async fn every_file_of_the_store_is_checked(engine) {
        let app = TestApp::new(engine).await;
        let (cohort, _, manager) = issued(&app).await;
        let course = app.id("SELECT course_id FROM cohort WHERE id = $1", [cohort.id.into()]).await;
        attach(&app, course).await;
        picture(&app, &manager).await;
        let store = app.app().blobs().list("").await.unwrap();
        assert_eq!(checked(&app).await, []);
        let (mut seen, mut kinds) = (0, std::collections::BTreeSet::new());
        for (key, _) in &store {
            if NOT_CHECKED.iter().any(|prefix| key.starts_with(prefix)) {
                continue;
            }
            let whole = app.app().blobs().get(key).await.unwrap();
            flip(&app, key).await;
            let found = checked(&app).await;
            assert_eq!(found.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(), [key.as_str()], "{key}: a change is not seen");
            kinds.insert(found[0].kind.clone());
            app.app().blobs().put(key, whole).await.unwrap();
            seen += 1;
        }
        assert_eq!(checked(&app).await, []);
        assert!(seen >= 5, "{store:?}");
        let registered: std::collections::BTreeSet<String> = app.app().registry().all::<stored::KeptEntry>()
            .map(|entry| entry.0.name().to_owned()).collect();
        assert_eq!(kinds, registered, "each kind had a file in this scene");
    }
}

/// A file of the course, of a time when no hash was kept.
async fn attach(app: &TestApp, course: Uuid) {
    let id = app.app().env().id();
    let key = format!("attachments/{id}");
    app.app()
        .blobs()
        .put(&key, b"Bonjour".to_vec().into())
        .await
        .unwrap();
    let sql = "INSERT INTO attachment (id, space_id, course_id, file_name, media_type, size_bytes, blob_key, created_at) \
               VALUES ($1, $2, $3, 'notice.txt', 'text/plain', 7, $4, 0)";
    app.run(
        sql,
        [id.into(), app.space().into(), course.into(), key.into()],
    )
    .await;
}

/// A picture of a letter.
async fn picture(app: &TestApp, manager: &Browser) {
    let page = manager
        .post("/e/centre/gestion/lettres/nouvelle", &[])
        .await
        .leads();
    let file = Upload {
        field: "picture",
        name: "logo.png",
        bytes: b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
    };
    manager
        .upload(&format!("{page}/image"), &[("alt", "Logo")], file)
        .await;
    assert_eq!(app.count("SELECT COUNT(*) FROM mail_picture", []).await, 1);
}

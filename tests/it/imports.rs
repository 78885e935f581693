//! Contacts from a file: a few at once, thousands by a job that is taken up where it was; undone.

use axum::http::StatusCode;
use passerelle_kernel::env::{DAY, HOUR};
use passerelle_mailer::terms;
use passerelle_tests::browser::Upload;
use passerelle_tests::on_both_engines;

use crate::letters::{CONTACTS, Scene};

pub(crate) const CONTACT_COUNT: &str = "SELECT COUNT(*) FROM mail_contact";

/// A file of that many contacts.
fn many(count: usize) -> String {
    let mut file = "Courriel;Prénom;Nom;S;D;R\n".to_owned();
    for at in 0..count {
        file.push_str(&format!(
            "personne.{at:04}@exemple.fr;Personne;N{at};Association;31;VRL\n"
        ));
    }
    file
}

on_both_engines! {
    async fn a_file_says_what_it_would_do_and_can_be_undone(engine) {
        let scene = Scene::new(engine).await;
        assert_eq!(scene.app.count(CONTACT_COUNT, []).await, 3);
        let words = scene.import("Courriel;Prénom;Nom;S;D;R\nbruno@exemple.fr;Bernard;Diaz;;;\nNOUVELLE@exemple.fr;Nour;;;;\nnouvelle@exemple.fr;Nour;;;;\n").await;
        assert!(words.contains("adresse déjà dans le fichier"), "{words}");
        assert_eq!(scene.app.count(CONTACT_COUNT, []).await, 4);
        let on = "SELECT COUNT(*) FROM mail_subscription WHERE state = 'subscribed'";
        assert_eq!(scene.app.count(on, []).await, 4);
        let family = "SELECT family_name FROM mail_contact WHERE email_key = 'bruno@exemple.fr'";
        assert_eq!(scene.app.text(family, []).await.as_deref(), Some("Diaz"));
        let import = scene.app.id("SELECT id FROM mail_import ORDER BY at DESC, id DESC LIMIT 1", []).await;
        let path = format!("{CONTACTS}/importer");
        scene.manager.post(&format!("{path}/{import}/defaire"), &[]).await.leads_to(&path);
        assert_eq!(scene.app.count(CONTACT_COUNT, []).await, 3);
        assert_eq!(scene.app.count(on, []).await, 3, "and off the list again");
        assert_eq!(scene.app.text(family, []).await.as_deref(), Some(""));
        scene.manager.post(&format!("{path}/{import}/defaire"), &[]).await.expect(StatusCode::CONFLICT);
        let csv = scene.manager.get(&format!("{CONTACTS}.csv")).await.ok().text();
        assert_eq!(csv.lines().count(), 4, "{csv}");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn thousands_are_imported_by_a_job_and_undone_by_another(engine) {
        let scene = Scene::new(engine).await;
        let app = &scene.app;
        let path = format!("{CONTACTS}/importer");
        let (words, form) = scene.previewed(&many(450)).await;
        assert!(words.contains("450"), "{words}");
        for _ in 0..2 {
            scene.press(&form).await;
        }
        assert_eq!(app.count(CONTACT_COUNT, []).await, 3, "nothing yet");
        scene.manager.get(&path).await.ok().says(&["Import de", "0 ligne sur 450", "en cours"]);
        let import = app.id("SELECT id FROM mail_import WHERE state = 'running'", []).await;
        let undo = format!("{path}/{import}/defaire");
        scene.manager.post(&undo, &[]).await.expect(StatusCode::CONFLICT).says(&["pas terminé"]);
        // Another file may be read meanwhile: this one stays until it is imported.
        let (words, _) = scene.previewed(&many(1_050)).await;
        assert!(words.contains("Importer 1 050 contacts"), "{words}");
        app.run_jobs().await;
        let on = "SELECT COUNT(*) FROM mail_subscription WHERE state = 'subscribed'";
        assert_eq!((app.count(CONTACT_COUNT, []).await, app.count(on, []).await), (453, 453));
        scene.manager.get(&path).await.ok().says(&["450 ajoutés"]).never_says(&["en cours"]);
        scene.press(&form).await;
        app.run_jobs().await;
        assert_eq!(app.count(CONTACT_COUNT, []).await, 453, "pressed once more");
        // One has changed since: it stays.
        app.run("UPDATE mail_contact SET job = 'Cheffe' WHERE email_key = 'personne.0007@exemple.fr'", []).await;
        scene.manager.post(&undo, &[]).await.leads_to(&path);
        scene.manager.get(&path).await.ok().says(&["0 contact sur 450"]);
        scene.manager.post(&undo, &[]).await.expect(StatusCode::CONFLICT);
        app.run_jobs().await;
        assert_eq!((app.count(CONTACT_COUNT, []).await, app.count(on, []).await), (4, 3));
        scene.manager.get(&path).await.ok().says(&["sauf 1 contact qui a changé"]).never_says(&["en cours"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_import_goes_on_where_it_was(engine) {
        let scene = Scene::new(engine).await;
        let app = &scene.app;
        let path = format!("{CONTACTS}/importer");
        let (_, form) = scene.previewed(&many(450)).await;
        scene.press(&form).await;
        app.run("UPDATE mail_import SET gone = 200, added = 200 WHERE state = 'running'", []).await;
        app.run_jobs().await;
        assert_eq!(app.count(CONTACT_COUNT, []).await, 253, "the last 250");
        scene.manager.get(&path).await.ok().says(&["450 ajoutés"]);
        // Its sheet is gone: what was not read is told.
        let (_, form) = scene.previewed(&many(460)).await;
        scene.press(&form).await;
        for (key, _) in app.app().blobs().list("mail/imports").await.expect("listed") {
            app.app().blobs().delete(&key).await.expect("deleted");
        }
        app.run_jobs().await;
        assert_eq!(app.count(CONTACT_COUNT, []).await, 253);
        scene.manager.get(&path).await.ok().says(&["460 lignes n’ont pas été importées"]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_import_that_cannot_go_on_ends_and_can_be_begun_again(engine) {
        let scene = Scene::new(engine).await;
        let app = &scene.app;
        let path = format!("{CONTACTS}/importer");
        let (_, form) = scene.previewed(&many(450)).await;
        scene.press(&form).await;
        app.run("ALTER TABLE mail_import_change RENAME TO elsewhere", []).await;
        for _ in 0..8 {
            scene.manager.get(&path).await.ok().says(&["en cours"]);
            app.run_failing_jobs().await;
            app.clock().advance(HOUR);
        }
        scene.manager.get(&path).await.ok().says(&["450 lignes n’ont pas été importées"]).never_says(&["en cours"]);
        app.run("ALTER TABLE elsewhere RENAME TO mail_import_change", []).await;
        let (_, form) = scene.previewed(&many(450)).await;
        scene.press(&form).await;
        app.run_jobs().await;
        assert_eq!(app.count(CONTACT_COUNT, []).await, 453);
        // Nor does an undoing wait for ever: it can be asked for again.
        let import = app.id("SELECT id FROM mail_import WHERE added = 450", []).await;
        let undo = format!("{path}/{import}/defaire");
        scene.manager.post(&undo, &[]).await.leads_to(&path);
        app.run("ALTER TABLE mail_tag RENAME TO elsewhere", []).await;
        app.run("ALTER TABLE mail_contact_tag RENAME TO elsewhere_too", []).await;
        for _ in 0..8 {
            app.run_failing_jobs().await;
            app.clock().advance(HOUR);
        }
        app.run("ALTER TABLE elsewhere RENAME TO mail_tag", []).await;
        app.run("ALTER TABLE elsewhere_too RENAME TO mail_contact_tag", []).await;
        scene.manager.get(&path).await.ok().never_says(&["en cours"]);
        scene.manager.post(&undo, &[]).await.leads_to(&path);
        app.run_jobs().await;
        assert_eq!(app.count(CONTACT_COUNT, []).await, 3);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_import_can_be_undone_for_thirty_days(engine) {
        let scene = Scene::new(engine).await;
        let app = &scene.app;
        let path = format!("{CONTACTS}/importer");
        let import = app.id("SELECT id FROM mail_import", []).await;
        let kept = "SELECT COUNT(*) FROM mail_import_change";
        app.clock().advance(30 * DAY);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(app.count(kept, []).await, 3);
        // Thirty days are the end of a sign-in as well.
        let manager = app.as_administrator().await;
        manager.get(&path).await.ok().says(&["Annuler l’import"]);
        app.clock().advance(DAY);
        manager.get(&path).await.ok().says(&["contacts.csv"]).never_says(&["Annuler l’import"]);
        manager.post(&format!("{path}/{import}/defaire"), &[]).await.expect(StatusCode::CONFLICT).says(&["plus de trente jours"]);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!((app.count(kept, []).await, app.count(CONTACT_COUNT, []).await), (0, 3));
        // A sheet that nobody imported waits a day.
        let file = Upload { field: "file", name: "contacts.csv", bytes: b"Courriel\nx@exemple.fr\n" };
        manager.upload(&path, &[], file).await.ok();
        let waiting = async || app.app().blobs().list("mail/imports").await.expect("listed").len();
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(waiting().await, 1);
        app.clock().advance(DAY + DAY / 24);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(waiting().await, 0);
        scene.app.close().await;
    }
}

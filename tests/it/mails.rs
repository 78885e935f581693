//! Every mail that the product writes, in both languages, both parts, as its reader gets it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use passerelle_kernel::Engine;
use passerelle_tests::TestApp;
use passerelle_web::Lang;
use passerelle_web::mail::Recipient;
use serde_json::{Value, json};

/// Every template, with the values that its writer gives it: templates are strict, one that is
/// missing fails.
fn mails() -> Vec<(&'static str, Value)> {
    let account = json!({
        "link": "https://exemple.test/invitation/jeton", "identifier": "amina@exemple.fr",
        "space": "Centre de ressources", "minutes": 20, "days": 14,
    });
    let joining = json!({
        "course": "Accueillir un public peu lecteur", "space_name": "Centre de ressources",
        "href": "https://exemple.test/rejoindre/jeton", "hours": 48,
    });
    vec![
        ("people/accounts/mail/invitation", account.clone()),
        ("people/accounts/mail/password", account.clone()),
        ("people/accounts/mail/sign_in", account),
        ("courses/cohorts/mail/join", joining.clone()),
        ("courses/cohorts/mail/join_known", joining),
        (
            "courses/cohorts/mail/convocation",
            json!({
                "course": "Accueillir un public peu lecteur", "range": "du 23 novembre au 18 décembre 2026",
                "start": "2026-11-23", "weeks": 4, "duration": "14 h", "one_time": true, "link_days": 14,
                "href": "https://exemple.test/invitation/jeton", "sign_in_href": "https://exemple.test/connexion",
                "tutors": "Chloé Delmas", "answer": "2 jours ouvrés", "calendar_href": "https://exemple.test/agenda/jeton.ics",
                "help_href": "https://exemple.test/aide", "contact_email": "contact@exemple.fr",
                "contact_phone": "05 00 00 00 00", "disability": "Driss Estève", "space_name": "Centre de ressources",
            }),
        ),
        (
            "courses/certification/mail/ready",
            json!({
                "title": "Accueillir un public peu lecteur", "href": "https://exemple.test/formation/1/document/2",
            }),
        ),
        (
            "courses/automations/mail/message",
            json!({
                "headline": "La semaine 1 est ouverte", "said": "<p>Bonjour Amina,</p>\n<p>À faire <strong>dimanche</strong>.</p>",
                "plain": "Bonjour Amina,\n\nÀ faire dimanche.", "href": "https://exemple.test/formation/1", "button": null,
                "own": false, "course": "Accueillir un public peu lecteur", "space": "Centre de ressources",
            }),
        ),
        (
            "stored/mail/damaged",
            json!({"count": 2, "href": "https://exemple.test/e/centre/gestion/etat"}),
        ),
        ("mailer/delivery/mail/test", json!({})),
        (
            "mailer/readers/mail/confirm",
            json!({
                "list": "Flash Info", "description": "Une fois par mois", "space": "Centre de ressources",
                "href": "https://exemple.test/abonnement/jeton",
            }),
        ),
        (
            "mailer/discussions/mail/held",
            json!({"list": "Réseau FLE", "count": 2, "href": "https://exemple.test/e/centre/gestion/listes/1/discussion"}),
        ),
        (
            "mailer/discussions/mail/refused",
            json!({"list": "Réseau FLE", "about": "Une question", "reason": "Elle a déjà sa réponse dans le guide."}),
        ),
        (
            "mailer/watch/mail/alert",
            json!({
                "space": "Centre de ressources", "count": 2,
                "items": [
                    {"headline": "Un guide sur la laïcité", "link": "https://exemple.fr/guide", "summary": "Pour les équipes d’accueil.",
                     "said": "Exemple · 20 novembre 2026", "themes": "laïcité"},
                    {"headline": "Une journée d’étude", "link": "", "summary": "", "said": "", "themes": "FLE, numérique"},
                ],
                "choices": "https://exemple.test/lettres/jeton", "stop": "https://exemple.test/lettres/jeton/arret",
            }),
        ),
    ]
}

/// Names of the folders of mails in the sources.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules", ".git", "tests"].contains(&name.as_str()) {
            if path.join("subject.hbs").exists() {
                found.insert(name);
            }
            written(&path, found);
        }
    }
}

#[tokio::test]
async fn every_mail_is_as_it_was_approved() {
    let app = TestApp::new(Engine::Sqlite).await;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut known = BTreeSet::new();
    for (template, data) in mails() {
        let name = template.rsplit('/').next().expect("a name").to_owned();
        for lang in [Lang::Fr, Lang::En] {
            let to = Recipient {
                email: "amina@exemple.fr",
                name: "Amina Benali",
                lang,
            };
            let mail = app
                .app()
                .write_mail(
                    template,
                    to,
                    "Centre de ressources",
                    data.clone(),
                    "Europe/Paris",
                )
                .unwrap_or_else(|error| panic!("{template}: {error}"));
            let whole = format!(
                "Subject: {}\n\n{}\n\n----\n\n{}",
                mail.subject, mail.text, mail.html
            );
            insta::assert_snapshot!(format!("{name}.{}", lang.code()), whole);
        }
        known.insert(name);
    }
    let mut found = BTreeSet::new();
    written(&root, &mut found);
    assert_eq!(known, found, "every mail is in the table");
    app.close().await;
}

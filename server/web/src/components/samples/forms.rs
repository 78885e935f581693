//! Fields, buttons, confirmations, notices.

use serde_json::{Value, json};

use crate::components::{
    Button, Choice, Confirm, Dialog, ErrorSummary, Field, FieldKind, Move, Notice, NoticeKind,
    PrintSheet, Saved, SavedState, Upload, Width,
};

pub(super) fn samples() -> Value {
    let wrong = wrong_fields();
    json!({
        "fields": fields(),
        "choices": choices(),
        "wrong_fields": wrong,
        "error_summary": ErrorSummary::of(&wrong)
            .map(|summary| summary.and("Ce formulaire a changé depuis que vous l’avez ouvert. Relisez-le avant de l’enregistrer.")),
        "buttons": buttons(),
        "bar": [
            Button::submit("Enregistrer les modifications").icon("save"),
            Button::link("Revenir sans enregistrer", "#buttons").quiet(),
        ],
        "notices": notices(),
        "saved": [
            Saved { state: SavedState::Saved, at: "14\u{a0}h\u{a0}02".into() },
            Saved { state: SavedState::Saving, at: String::new() },
            Saved { state: SavedState::Waiting, at: "14\u{a0}h\u{a0}02".into() },
            Saved { state: SavedState::Failed, at: String::new() },
        ],
        "confirms": confirms(),
        "dialog": Dialog::new(
            "look-dialog",
            "Voir ce que la convocation contient",
            "Ce que la convocation contient",
            "La convocation dit qui, quoi, quand, où se connecter, à qui parler et combien de temps prévoir chaque semaine.",
        )
        .action(Button::link("Lire un exemple", "#confirm").quiet()),
        "moves": [
            Move::new("#move", "Module 1", 0, 3),
            Move::new("#move", "Module 2", 1, 3),
            Move::new("#move", "Module 3", 2, 3),
        ],
        "upload": Upload::new(
            "#upload",
            Field::new(FieldKind::File, "package", "Archive du module")
                .help("Un fichier .zip au format SCORM, de 2 Go au plus.")
                .accept(".zip,application/zip")
                .required(),
            "Envoyer l’archive",
        ),
        "sheet": PrintSheet {
            organisation: "Centre de ressources Passerelle".into(),
            title: "Feuille d’émargement".into(),
            lines: vec![
                "Accompagner l’apprentissage de l’écrit à l’âge adulte".into(),
                "Lundi 23\u{a0}novembre 2026, matin (9\u{a0}h – 12\u{a0}h\u{a0}30)".into(),
            ],
            foot: Some("Document produit le 23\u{a0}novembre 2026 à 14\u{a0}h\u{a0}30.".into()),
        },
    })
}

fn fields() -> Vec<Field> {
    vec![
        Field::text("family_name", "Nom")
            .required()
            .autocomplete("family-name")
            .value("Belkacem"),
        Field::new(FieldKind::Email, "email", "Adresse électronique")
            .help("Nous n’y envoyons que ce qui concerne votre formation.")
            .autocomplete("email"),
        Field::new(FieldKind::Password, "password", "Mot de passe")
            .help("Douze caractères au moins. Une phrase fait un bon mot de passe.")
            .autocomplete("new-password")
            .required(),
        Field::new(FieldKind::Number, "minutes", "Durée estimée")
            .unit("minutes")
            .between(1, 600)
            .value("45")
            .inputmode("numeric")
            .required(),
        Field::new(FieldKind::Date, "start", "Premier jour").value("2026-11-23"),
        Field::new(FieldKind::Time, "hour", "Heure").value("14:30"),
        Field::new(FieldKind::DatetimeLocal, "deadline", "À rendre avant")
            .value("2026-11-27T18:00"),
        Field::new(FieldKind::Search, "q", "Chercher une personne"),
        Field::new(FieldKind::Tel, "phone", "Téléphone")
            .autocomplete("tel")
            .width(Width::Short),
        Field::textarea("objectives", "Objectifs de la formation")
            .help("Un objectif par ligne, chacun avec un verbe que l’on peut évaluer.")
            .value("Choisir un support d’écriture adapté\nConstruire une séquence à distance"),
        Field::new(FieldKind::File, "programme", "Programme détaillé")
            .help("Un fichier PDF, de 10 Mo au plus.")
            .accept("application/pdf"),
        Field::text("reference", "Référence")
            .value("FAD-2026-04")
            .readonly(),
        Field::text("closed", "Numéro de convention")
            .help("À remplir quand la convention sera signée.")
            .disabled(),
    ]
}

fn choices() -> Vec<Field> {
    let departments = [
        ("09", "Ariège"),
        ("31", "Haute-Garonne"),
        ("34", "Hérault"),
        ("66", "Pyrénées-Orientales"),
    ];
    vec![
        Field::new(FieldKind::Select, "department", "Département")
            .value("31")
            .options(departments.map(|(code, name)| Choice::new(code, name))),
        Field::new(
            FieldKind::Radio,
            "completion",
            "Quand l’activité est-elle faite\u{202f}?",
        )
        .required()
        .value("passed")
        .options([
            Choice::new("viewed", "Quand elle a été ouverte"),
            Choice::new("passed", "Quand elle est réussie")
                .help("Le module dit lui-même si elle l’est."),
            Choice::new("score", "Quand la note est atteinte").disabled(),
        ]),
        Field::new(FieldKind::Checkboxes, "roles", "Rôles dans cet espace")
            .help("Une personne peut en avoir plusieurs.")
            .options([
                Choice::new("manager", "Responsable de formation"),
                Choice::new("tutor", "Tuteur ou tutrice"),
                Choice::new("auditor", "Auditeur ou auditrice").help("Lit tout, ne change rien."),
            ])
            .chosen(&["tutor"]),
        Field::checkbox("rules", "J’ai lu le règlement intérieur").required(),
        Field::checkbox("letter", "Recevoir la lettre mensuelle")
            .help("Vous pourrez l’arrêter à tout moment.")
            .checked(true),
    ]
}

fn wrong_fields() -> Vec<Field> {
    vec![
        Field::new(FieldKind::Email, "wrong_email", "Adresse électronique")
            .value("nadia.ferrand@")
            .required()
            .error(Some(
                "Il manque la fin de l’adresse, après le signe @. Exemple\u{a0}: nom@exemple.fr."
                    .to_owned(),
            )),
        Field::new(FieldKind::Date, "wrong_start", "Premier jour")
            .value("2026-01-01")
            .help("Toutes les dates de la session en découlent.")
            .error(Some(
                "Cette date est passée. Choisissez une date à venir.".to_owned(),
            )),
        Field::new(FieldKind::Radio, "wrong_mode", "Modalité")
            .required()
            .options([
                Choice::new("distance", "À distance"),
                Choice::new("mixed", "Mixte"),
            ])
            .error(Some("Choisissez une modalité.".to_owned())),
        Field::checkbox("wrong_rules", "J’accepte les conditions")
            .required()
            .error(Some("Cochez cette case pour continuer.".to_owned())),
        Field::textarea("wrong_text", "Motif")
            .rows(3)
            .required()
            .error(Some(
                "Écrivez le motif de la correction\u{a0}: il sera gardé avec elle.".to_owned(),
            )),
    ]
}

fn buttons() -> Vec<Button> {
    vec![
        Button::submit("Enregistrer le cours"),
        Button::submit("Envoyer la convocation").icon("send"),
        Button::link("Ouvrir le programme", "#buttons")
            .quiet()
            .icon("book-open"),
        Button::post("Dupliquer le cours", "#buttons")
            .quiet()
            .icon("copy"),
        Button::submit("Supprimer le module").danger().icon("trash"),
        Button::submit("Effacer les filtres").kind(crate::components::ButtonKind::Link),
        Button::link("Télécharger le tableau", "#buttons")
            .quiet()
            .icon("download")
            .download(),
        Button::submit("Délivrer les certificats").disabled(),
        Button::submit("Continuer la formation")
            .large()
            .icon("play"),
    ]
}

fn notices() -> Vec<Notice> {
    vec![
        Notice::new(NoticeKind::Info, "La session ouvre lundi 23\u{a0}novembre 2026 à 9\u{a0}h."),
        Notice::new(NoticeKind::Success, "La convocation est partie à 20\u{a0}personnes."),
        Notice::new(NoticeKind::Warn, "Trois activités n’ont pas de durée estimée.")
            .title("Le cours n’est pas complet")
            .link("Compléter les durées", "#notices"),
        Notice::new(
            NoticeKind::Error,
            "L’archive est incomplète\u{a0}: elle s’arrête au milieu d’un fichier. Rien n’a été importé. Envoyez-la de nouveau.",
        )
        .title("L’import n’a pas pu se faire"),
    ]
}

fn confirms() -> Vec<Confirm> {
    vec![
        Confirm::quiet(
            "confirm-send",
            "Envoyer la convocation…",
            "Envoyer la convocation à 20\u{a0}personnes\u{202f}?",
            "#confirm",
        )
        .submit("Envoyer à 20\u{a0}personnes")
        .icon("send"),
        Confirm::danger(
            "confirm-delete",
            "Supprimer la cohorte…",
            "Supprimer la cohorte «\u{202f}Automne 2026\u{202f}»\u{202f}?",
            "#confirm",
        )
        .consequence("20\u{a0}inscriptions seront retirées.")
        .consequence("Les preuves déjà scellées restent.")
        .typed("name", "Automne 2026")
        .submit("Supprimer la cohorte")
        .icon("trash")
        .open(),
    ]
}

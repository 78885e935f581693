//! Made-up documents, one of each kind: for previews, demonstrations and tests.

use jiff::civil::{Date, date};

use crate::model::{
    ActionNature, ActivityLine, AssessmentResult, AttendanceStatement, CompletionCertificate,
    Document, EndOfTrainingStatement, Issue, JournalHead, Language, Outcome, Representative,
    TimeBasis, Trainee, TrainingAction, TrainingBody,
};

/// One document of each kind, about the same made-up trainee.
pub fn documents(language: Language) -> Vec<Document> {
    vec![
        Document::CompletionCertificate(completion_certificate(language)),
        Document::EndOfTrainingStatement(end_of_training_statement(language)),
        Document::AttendanceStatement(attendance_statement(language)),
    ]
}

/// A certificate of completion of a four-week distance course.
pub fn completion_certificate(language: Language) -> CompletionCertificate {
    CompletionCertificate {
        issue: issue(language, "CR-2026-00042"),
        trainee: trainee(),
        action: action(),
        realised_minutes: 1_710,
        includes_distance: true,
    }
}

/// An end-of-training statement with every outcome.
pub fn end_of_training_statement(language: Language) -> EndOfTrainingStatement {
    let results = [
        (
            "Concevoir une séquence d’écrit à partir d’un besoin",
            Outcome::Achieved,
            Some(9_000),
        ),
        (
            "Choisir des supports adaptés à un public peu scripteur",
            Outcome::Achieved,
            Some(7_250),
        ),
        (
            "Évaluer les progrès d’un groupe hétérogène",
            Outcome::InProgress,
            Some(5_800),
        ),
        ("Animer une classe virtuelle", Outcome::NotAssessed, None),
    ];
    EndOfTrainingStatement {
        issue: issue(language, "AF-2026-00042"),
        trainee: trainee(),
        action: action(),
        realised_minutes: 1_710,
        includes_distance: true,
        objectives: [
            "Comprendre comment un adulte entre dans l’écrit",
            "Construire une séquence d’apprentissage de l’écrit et en choisir les supports",
            "Accompagner à distance et évaluer les progrès d’un groupe hétérogène",
        ]
        .map(str::to_owned)
        .to_vec(),
        results: results
            .into_iter()
            .map(|(title, outcome, score)| AssessmentResult {
                title: title.to_owned(),
                outcome,
                score,
            })
            .collect(),
    }
}

/// A statement of attendance in which activities at a distance and live sessions are mixed.
pub fn attendance_statement(language: Language) -> AttendanceStatement {
    let activities = [
        (
            "Se présenter et se placer",
            date(2026, 11, 2),
            TimeBasis::Estimated,
            60,
        ),
        (
            "Classe virtuelle d’ouverture",
            date(2026, 11, 3),
            TimeBasis::Attended,
            90,
        ),
        (
            "L’entrée dans l’écrit à l’âge adulte",
            date(2026, 11, 5),
            TimeBasis::Estimated,
            180,
        ),
        (
            "Analyser une production d’apprenant·e",
            date(2026, 11, 9),
            TimeBasis::Estimated,
            240,
        ),
        (
            "Forum : nos publics, nos pratiques",
            date(2026, 11, 12),
            TimeBasis::Estimated,
            120,
        ),
        (
            "Choisir et adapter des supports",
            date(2026, 11, 16),
            TimeBasis::Estimated,
            240,
        ),
        (
            "Classe virtuelle de mi-parcours",
            date(2026, 11, 17),
            TimeBasis::Attended,
            90,
        ),
        (
            "Construire sa séquence (devoir)",
            date(2026, 11, 23),
            TimeBasis::Estimated,
            420,
        ),
        (
            "Évaluer un groupe hétérogène",
            date(2026, 11, 25),
            TimeBasis::Estimated,
            180,
        ),
        (
            "Classe virtuelle de clôture",
            date(2026, 11, 27),
            TimeBasis::Attended,
            90,
        ),
    ];
    let line = |(title, done_on, basis, minutes): (&str, Date, TimeBasis, u32)| ActivityLine {
        title: title.to_owned(),
        done_on: Some(done_on),
        basis,
        minutes,
    };
    AttendanceStatement {
        issue: issue(language, "AA-2026-00042"),
        trainee: trainee(),
        action: action(),
        planned_minutes: 1_800,
        realised_minutes: 1_710,
        includes_distance: true,
        activities: activities.into_iter().map(line).collect(),
    }
}

fn issue(language: Language, serial_number: &str) -> Issue {
    Issue {
        language,
        body: TrainingBody {
            name: "Centre de ressources Les Passeurs".to_owned(),
            address: "12, rue des Tilleuls\n31000 Toulouse".to_owned(),
            siret: "12345678900012".to_owned(),
            activity_declaration_number: "76 31 00000 31".to_owned(),
            representative: Representative {
                name: "Hélène Castagné".to_owned(),
                quality: "directrice".to_owned(),
            },
            place: "Toulouse".to_owned(),
        },
        issued_on: date(2026, 11, 30),
        serial_number: serial_number.to_owned(),
        verification_url: format!(
            "https://formation.example.org/verifier/{serial_number}-7KQ4-X2MD"
        ),
        journal_head: JournalHead {
            size: 18_432,
            root_hash: "9f2c4be1770a5d38e6c1f4029bd85a7713ce60fa48b2d9915e07c3a6f1248d0b"
                .to_owned(),
            sealed_at: 1_796_045_400_000_000,
        },
        time_zone: "Europe/Paris".to_owned(),
    }
}

fn trainee() -> Trainee {
    Trainee {
        name: "Maïwenn Lacaze-Dubreuil".to_owned(),
        employer: Some("Association Parler d’ici".to_owned()),
    }
}

fn action() -> TrainingAction {
    TrainingAction {
        title: "Accompagner l’apprentissage de l’écrit à l’âge adulte".to_owned(),
        nature: ActionNature::Training,
        starts_on: date(2026, 11, 2),
        ends_on: date(2026, 11, 27),
    }
}

//! What trainees, tutors and visitors see.

use serde_json::{Value, json};

use crate::components::{
    ActivityLine, Board, BoardCell, BoardColumn, BoardGroup, BoardRow, Button, CatalogueCard, Cell,
    ContactCard, Empty, Now, Progress, Status, Tone, Week,
};

pub(super) fn samples() -> Value {
    let tones = [
        Tone::Done,
        Tone::InProgress,
        Tone::Late,
        Tone::NotStarted,
        Tone::Locked,
    ];
    json!({
        "statuses": tones.map(Status::of),
        "badges": [
            Status::new(Tone::Neutral, "Brouillon"),
            Status::new(Tone::Info, "Obligatoire"),
            Status::new(Tone::Success, "Publié"),
            Status::new(Tone::Warn, "Complet dans 2\u{a0}places"),
            Status::new(Tone::Danger, "Jamais venu·e"),
        ],
        "progress": [
            Progress::new("Votre avancée", "8 activités sur 12, 3\u{a0}h\u{a0}20 sur 6\u{a0}h", 5_555)
                .expected(5_000, "Rythme prévu\u{a0}: 50\u{202f}%"),
            Progress::new("Semaine 1", "Tout est fait", 10_000),
            Progress::new("Semaine 2", "2 activités sur 8", 1_200)
                .expected(6_000, "Rythme prévu\u{a0}: 60\u{202f}%")
                .tone(Tone::Late),
            Progress::new("Semaine 3", "Rien n’est commencé", 0),
        ],
        "now": now(),
        "now_late": Now::new(
            "Questionnaire\u{a0}: les obstacles à l’écrit",
            "Accompagner l’apprentissage de l’écrit à l’âge adulte · semaine 1",
            Button::link("Faire le questionnaire", "#now").icon("play"),
        )
        .length("15\u{a0}min")
        .due("à rendre depuis vendredi 20\u{a0}novembre")
        .late(),
        "now_nothing": Now::nothing(
            "Vous êtes à jour",
            "La semaine 3 ouvre lundi 30\u{a0}novembre à 9\u{a0}h. Vous n’avez rien à faire d’ici là.",
        ),
        "weeks": weeks(),
        "contact": ContactCard {
            role: "Votre tutrice".into(),
            name: "Hélène Castaing".into(),
            delay: Some("répond sous 48\u{a0}heures, hors dimanches et jours fériés".into()),
            button: Some(Button::link("Écrire à Hélène", "#contact").quiet().icon("message")),
        },
        "board": board(),
        "board_empty": Board {
            id: "board-empty".into(),
            caption: "Avancée du groupe".into(),
            empty: Some(
                Empty::new(
                    "Personne n’est encore inscrit",
                    "Chaque personne inscrite aura ici une ligne, avec ce qu’elle a fait de chaque activité.",
                )
                .button(Button::link("Inscrire des personnes", "#board").icon("user-plus"))
                .icon("users"),
            ),
            ..Board::default()
        },
        "catalogue": catalogue(),
    })
}

fn now() -> Now {
    let mut now = Now::new(
        "Choisir ses supports d’écriture",
        "Accompagner l’apprentissage de l’écrit à l’âge adulte · semaine 2, activité 3 sur 6",
        Button::link("Continuer", "#now").icon("play"),
    )
    .length("25\u{a0}min")
    .due("à faire avant vendredi 27\u{a0}novembre à 18\u{a0}h")
    .note("Vous vous êtes arrêté·e à la page 4 sur 9.");
    now.progress = Some(Progress::new(
        "Votre avancée",
        "8 activités sur 24, 3\u{a0}h\u{a0}20 sur 12\u{a0}h",
        2_777,
    ));
    now
}

fn line(title: &str, icon: &str, kind: &str, length: &str, tone: Tone) -> ActivityLine {
    ActivityLine {
        title: title.into(),
        href: (tone != Tone::Locked).then(|| "#weeks".into()),
        icon: icon.into(),
        kind: kind.into(),
        length: length.into(),
        status: Status::of(tone),
        note: None,
        optional: false,
    }
}

fn weeks() -> Vec<Week> {
    let [late, optional, locked] = unusual_lines();
    vec![
        Week {
            id: "week-1".into(),
            title: "Semaine 1\u{a0}: qui écrit, et pourquoi\u{202f}?".into(),
            dates: "du 16 au 20\u{a0}novembre".into(),
            status: Status::of(Tone::Done),
            progress: Some(Progress::new(
                "Semaine 1",
                "6 activités sur 6, 3\u{a0}h",
                10_000,
            )),
            open: false,
            activities: vec![line(
                "Bienvenue",
                "file-text",
                "Page",
                "10\u{a0}min",
                Tone::Done,
            )],
        },
        Week {
            id: "week-2".into(),
            title: "Semaine 2\u{a0}: choisir ses supports".into(),
            dates: "du 23 au 27\u{a0}novembre".into(),
            status: Status::of(Tone::InProgress),
            progress: Some(Progress::new(
                "Semaine 2",
                "2 activités sur 5, 50\u{a0}min sur 3\u{a0}h",
                2_777,
            )),
            open: true,
            activities: vec![
                line(
                    "Lire un document authentique",
                    "file-text",
                    "Page",
                    "10\u{a0}min",
                    Tone::Done,
                ),
                line(
                    "Choisir ses supports d’écriture",
                    "package",
                    "Module",
                    "25\u{a0}min",
                    Tone::InProgress,
                ),
                late,
                optional,
                locked,
            ],
        },
    ]
}

/// Lines that say more than a state.
fn unusual_lines() -> [ActivityLine; 3] {
    let late = ActivityLine {
        note: Some("à rendre depuis vendredi 20\u{a0}novembre".into()),
        ..line(
            "Questionnaire\u{a0}: les obstacles à l’écrit",
            "clipboard-check",
            "Module",
            "15\u{a0}min",
            Tone::Late,
        )
    };
    let optional = ActivityLine {
        optional: true,
        ..line(
            "Pour aller plus loin\u{a0}: trois ressources",
            "link",
            "Lien",
            "20\u{a0}min",
            Tone::NotStarted,
        )
    };
    let locked = ActivityLine {
        note: Some("ouvre lundi 30\u{a0}novembre à 9\u{a0}h".into()),
        ..line(
            "Classe virtuelle",
            "users",
            "Rencontre",
            "1\u{a0}h\u{a0}30",
            Tone::Locked,
        )
    };
    [late, optional, locked]
}

fn board() -> Board {
    let titles = [
        ("Bienvenue", "20\u{a0}nov."),
        ("Les obstacles à l’écrit", "20\u{a0}nov."),
        ("Lire un document authentique", "27\u{a0}nov."),
        ("Choisir ses supports d’écriture", "27\u{a0}nov."),
        ("Construire une séquence", "4\u{a0}déc."),
        ("Évaluer sans décourager", "4\u{a0}déc."),
    ];
    let people = [
        ("Amina Belkacem", 6_200, "hier", None),
        ("Bastien Roquefort", 4_100, "il y a 3\u{a0}jours", None),
        (
            "Chloé Desmoulins",
            2_000,
            "il y a 9\u{a0}jours",
            Some("relancée le 18\u{a0}nov."),
        ),
        ("Driss Ouazzani", 0, "jamais", Some("n’est jamais venu")),
        ("Élodie Puech-Latour", 5_000, "aujourd’hui", None),
    ];
    Board {
        id: "look-board".into(),
        caption: "Avancée du groupe, au 24\u{a0}novembre 2026".into(),
        first: "Stagiaire".into(),
        progress_label: "Avancée".into(),
        last_label: "Dernière activité".into(),
        groups: vec![
            BoardGroup {
                label: "Semaine 1".into(),
                span: 2,
            },
            BoardGroup {
                label: "Semaine 2".into(),
                span: 2,
            },
            BoardGroup {
                label: "Semaine 3".into(),
                span: 2,
            },
        ],
        columns: titles
            .iter()
            .map(|(label, note)| BoardColumn {
                label: (*label).into(),
                note: Some((*note).into()),
                href: Some("#board".into()),
            })
            .collect(),
        rows: people
            .iter()
            .enumerate()
            .map(|(index, person)| board_row(index, person))
            .collect(),
        empty: None,
    }
}

fn board_row(index: usize, person: &(&str, i64, &str, Option<&str>)) -> BoardRow {
    let (name, share, last, note) = *person;
    let tones = [
        Tone::Done,
        Tone::Late,
        Tone::Done,
        Tone::InProgress,
        Tone::NotStarted,
        Tone::NotStarted,
    ];
    let cells = tones
        .iter()
        .enumerate()
        .map(|(column, tone)| {
            let tone = match (share, column) {
                (0, 0..=2) => Tone::Late,
                (0, _) => Tone::NotStarted,
                (4_200.., 1) => Tone::Done,
                _ => *tone,
            };
            let mut cell = BoardCell::new(Status::of(tone), "#look-detail");
            cell.note = (tone == Tone::Done && column == 1).then(|| "14 sur 20".into());
            cell.current = index == 1 && column == 3;
            cell
        })
        .collect();
    let tone = if share < 4_000 {
        Tone::Late
    } else {
        Tone::InProgress
    };
    let mut head = Cell::link(name, "#look-detail");
    head.note = note.map(str::to_owned);
    BoardRow {
        head,
        progress: Progress::new("Avancée", format!("{}\u{202f}%", share / 100), share)
            .expected(4_000, "prévu\u{a0}: 40\u{202f}%")
            .tone(tone),
        last: Cell::text(last),
        cells,
        current: index == 1,
    }
}

fn catalogue() -> Vec<CatalogueCard> {
    vec![
        CatalogueCard {
            title: "Former à distance\u{a0}: nouveaux outils et pratiques en formation linguistique".into(),
            href: "#catalogue".into(),
            theme: Some("Pratiques à distance".into()),
            summary: "Quatre semaines pour construire, animer et suivre une séquence à distance, avec ce que vos apprenant·es ont déjà dans la poche.".into(),
            audience: "Formateurs et formatrices linguistiques, salarié·es ou bénévoles".into(),
            length: "24\u{a0}h sur 4\u{a0}semaines".into(),
            modality: Some("À distance, avec tutorat".into()),
            next_date: "à partir du lundi 11\u{a0}janvier 2027".into(),
            places: Some(Status::new(Tone::Success, "9 places libres")),
            lead: true,
        },
        CatalogueCard {
            title: "Accompagner l’apprentissage de l’écrit à l’âge adulte".into(),
            href: "#catalogue".into(),
            theme: Some("Compétences de base".into()),
            summary: "Comprendre ce que veut dire apprendre à écrire quand on est adulte, et choisir ses supports.".into(),
            audience: "Toute personne qui accompagne des adultes".into(),
            length: "12\u{a0}h sur 4\u{a0}semaines".into(),
            modality: Some("À distance, avec tutorat".into()),
            next_date: "à partir du lundi 1er\u{a0}février 2027".into(),
            places: Some(Status::new(Tone::Warn, "2 places libres")),
            lead: false,
        },
        CatalogueCard {
            title: "Valeurs de la République et laïcité".into(),
            href: "#catalogue".into(),
            theme: None,
            summary: "Deux jours pour répondre aux situations rencontrées en contact avec le public.".into(),
            audience: "Professionnel·les et bénévoles en contact avec le public".into(),
            length: "2\u{a0}jours".into(),
            modality: Some("En présence, à Toulouse".into()),
            next_date: "jeudi 14 et vendredi 15\u{a0}janvier 2027".into(),
            places: Some(Status::new(Tone::Danger, "Complet")),
            lead: false,
        },
    ]
}

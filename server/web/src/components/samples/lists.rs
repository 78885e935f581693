//! Tables, charts, ways about, people.

use serde_json::{Value, json};

use crate::components::{
    AccountCard, Bar, BarKind, Button, Cell, Chart, Chips, Column, Confirm, Crumb, Empty, Event,
    Fact, Facts, Link, PAGE_ROWS, Pager, Row, Search, Sorted, Status, Stepper, Table, Tabs,
    Timeline, Tone, WorkItem, Worklist, bar_chart, line_chart,
};

pub(super) fn samples() -> Value {
    let address = |page: u64| format!("?page={page}#pager");
    let facts = vec![
        Fact::new("Durée", "12\u{a0}h sur 4\u{a0}semaines").icon("clock"),
        Fact::new("Prochaine date", "lundi 1er\u{a0}février 2027").icon("calendar"),
        Fact::new("Prérequis", "Aucun"),
        Fact::new("Référente handicap", "Maud Lacassagne").href("#facts"),
    ];
    let nothing = Empty::new(
        "Personne ne vous attend",
        "Les questions et les travaux à lire apparaîtront ici, les plus anciens d’abord.",
    )
    .icon("check");
    json!({
        "facts": Facts { items: facts.clone(), columns: false },
        "facts_columns": Facts { items: facts, columns: true },
        "search": Search::new("#table", "Chercher une personne", "Belk").hidden("filter", "late"),
        "table": table(),
        "table_empty": Table::new("table-empty", "Cours de cet espace", [Column::new("Titre"), Column::new("État")])
            .empty(
                Empty::new("Aucun cours pour l’instant", "Les cours que vous écrirez seront ici. Commencez par une fiche\u{a0}: le reste peut attendre.")
                    .button(Button::link("Écrire un cours", "#table").icon("plus"))
                    .icon("book-open"),
            ),
        "chips": Chips {
            label: "Montrer".into(),
            items: vec![
                Link::new("Tout le monde", "#chips").current(true).badge("20"),
                Link::new("En retard", "#chips").badge("4"),
                Link::new("Jamais venu·es", "#chips").badge("1"),
                Link::new("Ont fini", "#chips").badge("0"),
            ],
        },
        "pager": Pager::new(4, PAGE_ROWS, 512, address),
        "pager_first": Pager::new(1, PAGE_ROWS, 97, address).label("Pages d’une liste courte"),
        "tabs": Tabs {
            label: "Cohorte Automne 2026".into(),
            items: vec![
                Link::new("Tableau", "#tabs").current(true),
                Link::new("Personnes", "#tabs").badge("20"),
                Link::new("Calendrier", "#tabs"),
                Link::new("Fin de session", "#tabs"),
            ],
        },
        "stepper": Stepper::new(
            "Inscrire à partir d’un fichier",
            2,
            &[("Choisir le fichier", Some("#stepper")), ("Vérifier les lignes", None), ("Inscrire", None)],
        ),
        "crumbs": [
            Crumb { href: Some("#breadcrumb".into()), label: "Cours".into() },
            Crumb { href: Some("#breadcrumb".into()), label: "Accompagner l’apprentissage de l’écrit à l’âge adulte".into() },
            Crumb { href: None, label: "Semaine 2".into() },
        ],
        "timeline": timeline(),
        "worklist": worklist(nothing.clone()),
        "worklist_empty": Worklist { label: "Qui a besoin de vous".into(), items: vec![], empty: nothing },
        "chart": chart(),
        "chart_line": line(),
        "accounts": accounts(),
    })
}

fn table() -> Table {
    let columns = [
        Column::new("Nom").sortable("?sort=-name#table", Some(Sorted::Ascending)),
        Column::new("Structure").sortable("?sort=organisation#table", None),
        Column::new("État"),
        Column::new("Heures réalisées")
            .sortable("?sort=hours#table", None)
            .numeric(),
        Column::new("Actions").hidden(),
    ];
    let people = [
        (
            "Amina Belkacem",
            "Parole et Partage",
            Tone::Done,
            "12\u{a0}h",
        ),
        (
            "Bastien Roquefort",
            "Mairie de Saint-Aubrac",
            Tone::InProgress,
            "7\u{a0}h\u{a0}40",
        ),
        (
            "Chloé Desmoulins",
            "Atelier des Deux-Rives",
            Tone::Late,
            "2\u{a0}h\u{a0}10",
        ),
        (
            "Driss Ouazzani",
            "Sans structure",
            Tone::NotStarted,
            "0\u{a0}min",
        ),
    ];
    Table::new("look-table", "Personnes inscrites à la session", columns)
        .rows(people.map(|(name, organisation, tone, hours)| {
            let correct = Button::link("Corriger", "#table")
                .kind(crate::components::ButtonKind::Link)
                .about(format!("les heures de {name}"));
            Row::new(
                Cell::link(name, "#table").note("inscription du 3\u{a0}novembre"),
                [
                    Cell::text(organisation),
                    Cell::status(Status::of(tone)),
                    Cell::number(hours),
                    Cell::buttons([correct]),
                ],
            )
        }))
        .foot(Row::new(
            Cell::text("Total"),
            [
                Cell::text("4\u{a0}personnes"),
                Cell::text(""),
                Cell::number("21\u{a0}h\u{a0}50"),
                Cell::text(""),
            ],
        ))
        .keys()
}

fn timeline() -> Timeline {
    Timeline {
        label: "Ce qui s’est passé".into(),
        items: vec![
            Event {
                at: "aujourd’hui à 14\u{a0}h\u{a0}02".into(),
                machine_at: "2026-11-23T13:02:00Z".into(),
                title: "Module «\u{202f}Choisir ses supports\u{202f}» repris".into(),
                text: Some("25\u{a0}minutes, arrêt à la page 4 sur 9.".into()),
                href: Some("#timeline".into()),
                icon: "play".into(),
            },
            Event {
                at: "hier à 18\u{a0}h\u{a0}40".into(),
                machine_at: "2026-11-22T17:40:00Z".into(),
                title: "Questionnaire réussi".into(),
                text: Some("14 sur 20, il en fallait 12.".into()),
                href: None,
                icon: "circle-check".into(),
            },
            Event {
                at: "16\u{a0}nov. à 9\u{a0}h".into(),
                machine_at: "2026-11-16T08:00:00Z".into(),
                title: "Convocation envoyée".into(),
                text: None,
                href: None,
                icon: "send".into(),
            },
        ],
    }
}

fn worklist(empty: Empty) -> Worklist {
    let item = |title: &str, why: &str, since: &str, status: Option<Status>| WorkItem {
        title: title.into(),
        href: "#worklist".into(),
        why: why.into(),
        since: Some(since.into()),
        status,
    };
    Worklist {
        label: "Qui a besoin de vous".into(),
        items: vec![
            item(
                "Driss Ouazzani",
                "n’est jamais venu",
                "depuis 8\u{a0}jours",
                Some(Status::new(Tone::Danger, "Jamais venu")),
            ),
            item(
                "Chloé Desmoulins",
                "deux activités en retard",
                "depuis 4\u{a0}jours",
                Some(Status::of(Tone::Late)),
            ),
            item(
                "Amina Belkacem",
                "a posé une question sur la semaine 2",
                "depuis 5\u{a0}heures",
                None,
            ),
        ],
        empty,
    }
}

fn chart() -> Chart {
    let rows = [
        ("Catalogue", 512, "512"),
        ("À la demande", 234, "234"),
        ("Échanges de pratiques", 281, "281"),
        ("Conférences", 229, "229"),
    ];
    let bars: Vec<_> = rows
        .iter()
        .map(|(label, value, words)| {
            let kind = if *value > 500 {
                BarKind::Strong
            } else {
                BarKind::Plain
            };
            Bar::new(*label, *value, *words).kind(kind)
        })
        .collect();
    Chart {
        id: "look-chart".into(),
        title: "Participants par type d’action, 2017".into(),
        sentence:
            "Les formations du catalogue réunissent à elles seules quatre participants sur dix."
                .into(),
        svg: bar_chart(&bars),
        table: figures("chart-table", "Type d’action", "Participants", &rows),
    }
}

fn line() -> Chart {
    let rows = [
        ("S1", 4, "4\u{a0}h"),
        ("S2", 9, "9\u{a0}h"),
        ("S3", 7, "7\u{a0}h"),
        ("S4", 12, "12\u{a0}h"),
    ];
    let points: Vec<_> = rows
        .iter()
        .map(|(label, value, words)| Bar::new(*label, *value, *words))
        .collect();
    Chart {
        id: "chart-line".into(),
        title: "Heures réalisées par semaine".into(),
        sentence: "Le groupe a travaillé trois fois plus la dernière semaine que la première."
            .into(),
        svg: line_chart(&points),
        table: figures("chart-line-table", "Semaine", "Heures", &rows),
    }
}

fn figures(id: &str, first: &str, second: &str, rows: &[(&str, i64, &str)]) -> Table {
    Table::new(
        id,
        "Les chiffres",
        [Column::new(first), Column::new(second).numeric()],
    )
    .caption_hidden()
    .rows(
        rows.iter()
            .map(|(label, _, words)| Row::new(Cell::text(*label), [Cell::number(*words)])),
    )
}

fn accounts() -> Vec<Value> {
    let mut open = AccountCard::new("Hélène Castaing")
        .login("helene.castaing@exemple.fr")
        .href("#accounts")
        .note("Dernière connexion hier à 18\u{a0}h\u{a0}40");
    open.roles = vec!["Tutrice".into(), "Responsable de formation".into()];
    open.status = Some(Status::new(Tone::Success, "Actif"));
    open.buttons = vec![
        Button::link("Modifier", "#accounts")
            .quiet()
            .about("le compte d’Hélène Castaing"),
    ];
    let mut waiting =
        AccountCard::new("Driss Ouazzani").note("Invitation envoyée il y a 8\u{a0}jours");
    waiting.roles = vec!["Stagiaire".into()];
    waiting.status = Some(Status::new(Tone::Warn, "Invitation en attente"));
    waiting.buttons = vec![
        Button::post("Renvoyer l’invitation", "#accounts")
            .quiet()
            .about("à Driss Ouazzani"),
    ];
    let close = Confirm::danger(
        "close-account",
        "Fermer…",
        "Fermer le compte d’Hélène Castaing\u{202f}?",
        "#accounts",
    )
    .about("le compte d’Hélène Castaing")
    .consequence("Elle ne pourra plus se connecter. Ce qu’elle a fait reste.")
    .submit("Fermer le compte");
    vec![
        json!({ "card": open, "confirm": close }),
        json!({ "card": waiting, "confirm": null }),
    ]
}

//! Two four-week courses, with packages made here and imported like any other.

use std::io::Write;
use std::path::Path;

use passerelle_courses::catalogue::model::{Objective, Sheet};
use passerelle_courses::catalogue::{self, ActivityKind, CatalogueError, NewActivity};
use passerelle_courses::content;
use passerelle_courses::progress::model::ActivityRule;
use passerelle_kernel::Uuid;
use passerelle_web::app::App;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use super::people::{ACTOR, Cast};
use crate::host::HostError;

const PAGE: &str = include_str!("content/module.html");
const SCRIPT: &str = include_str!("content/module.js");
const MODULES: &str = include_str!("content/modules.json");

/// A course of the demonstration.
struct Outline {
    title: &'static str,
    prefix: &'static str,
    weeks: [(&'static str, &'static str); 4],
    audience: &'static str,
    objectives: &'static [&'static str],
}

const COURSES: [Outline; 2] = [
    Outline {
        title: "Former à distance : nouveaux outils et pratiques en formation linguistique",
        prefix: "distance",
        weeks: [
            (
                "Penser la distance",
                "Pour qui, pourquoi, avec quel rythme.",
            ),
            (
                "Choisir ses outils",
                "Peu d’outils, bien connus, sur téléphone.",
            ),
            ("Animer", "La classe virtuelle, minute par minute."),
            (
                "Évaluer et accompagner",
                "Donner un retour utile, repérer les silences.",
            ),
        ],
        audience: "Formateurs et formatrices linguistiques, bénévoles ou salarié·es.",
        objectives: &[
            "Concevoir une séquence à distance adaptée à un public d’adultes.",
            "Choisir des outils accessibles et les présenter.",
            "Animer une classe virtuelle d’une heure.",
        ],
    },
    Outline {
        title: "Accompagner l’apprentissage de l’écrit à l’âge adulte",
        prefix: "ecrit",
        weeks: [
            (
                "Entrer dans l’écrit",
                "Des parcours différents, des écrits qui servent.",
            ),
            ("Lire", "Du sens au code, du code au sens."),
            ("Écrire", "Oser, reprendre, transmettre."),
            (
                "Construire une progression",
                "Partir d’un positionnement, revenir souvent.",
            ),
        ],
        audience: "Toute personne qui accompagne des adultes dans l’apprentissage de la lecture et de l’écriture.",
        objectives: &[
            "Repérer les besoins d’une personne face à l’écrit.",
            "Préparer une séance de lecture de vingt minutes.",
            "Proposer une situation d’écriture avec un·e destinataire.",
        ],
    },
];

/// Makes both courses; returns their ids.
pub(super) async fn courses(app: &App, cast: &Cast) -> Result<Vec<Uuid>, HostError> {
    let modules: Vec<Value> =
        serde_json::from_str(MODULES).map_err(HostError::doing("demo modules"))?;
    let mut made = Vec::new();
    for outline in &COURSES {
        let own: Vec<&Value> = modules
            .iter()
            .filter(|m| {
                m["key"]
                    .as_str()
                    .is_some_and(|key| key.starts_with(outline.prefix))
            })
            .collect();
        let mut packages = Vec::new();
        for module in &own {
            packages.push(import(app, cast, module).await?);
        }
        made.push(course(app, cast, outline, &own, &packages).await?);
    }
    Ok(made)
}

async fn import(app: &App, cast: &Cast, module: &Value) -> Result<Uuid, HostError> {
    let key = module["key"].as_str().unwrap_or("module");
    let path = app.settings().scratch.join(format!("demo-{key}.zip"));
    write_package(&path, module).map_err(HostError::doing("demo package"))?;
    let name = format!("{key}.zip");
    let imported = content::import_package(app, cast.space, &path, &name, ACTOR, &|_| ()).await;
    let _ = std::fs::remove_file(&path);
    Ok(imported.map_err(HostError::doing("demo import"))?.id)
}

/// Writes a SCORM package made of one module.
fn write_package(path: &Path, module: &Value) -> std::io::Result<()> {
    let file = std::fs::File::create(path)?;
    let mut zip = zip::ZipWriter::new(file);
    let title = escape(module["title"].as_str().unwrap_or_default());
    let data = module.to_string().replace('<', "\\u003c");
    let page = PAGE.replace("__TITLE__", &title).replace("__DATA__", &data);
    let manifest = manifest(
        module["key"].as_str().unwrap_or_default(),
        &title,
        module["standard"] == "2004",
    );
    for (name, text) in [
        ("imsmanifest.xml", manifest.as_str()),
        ("index.html", page.as_str()),
        ("module.js", SCRIPT),
    ] {
        zip.start_file(name, SimpleFileOptions::default())
            .map_err(std::io::Error::other)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish().map_err(std::io::Error::other)?;
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

fn manifest(key: &str, title: &str, modern: bool) -> String {
    let (spaces, version, kind) = if modern {
        (
            "xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_v1p3\"",
            "2004 4th Edition",
            "adlcp:scormType",
        )
    } else {
        (
            "xmlns=\"http://www.imsproject.org/xsd/imscp_rootv1p1p2\" xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_rootv1p2\"",
            "1.2",
            "adlcp:scormtype",
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest identifier=\"demo-{key}\" version=\"1\" {spaces}>\n\
         <metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>\n\
         <organizations default=\"org\"><organization identifier=\"org\"><title>{title}</title>\n\
         <item identifier=\"item\" identifierref=\"res\"><title>{title}</title></item></organization></organizations>\n\
         <resources><resource identifier=\"res\" type=\"webcontent\" {kind}=\"sco\" href=\"index.html\">\n\
         <file href=\"index.html\"/><file href=\"module.js\"/></resource></resources>\n</manifest>\n"
    )
}

fn sheet(outline: &Outline, objectives: Vec<Objective>) -> Sheet {
    Sheet {
        summary: "Quatre semaines tutorées, entièrement à distance, à raison de deux heures environ par semaine.".into(),
        audience: outline.audience.into(),
        prerequisites: "Aucun.".into(),
        objectives,
        programme: outline.weeks.iter().map(|(title, text)| format!("- **{title}** : {text}\n")).collect(),
        agreed_minutes: 420,
        modalities: "À distance, asynchrone, avec un tuteur ou une tutrice.".into(),
        access: "Inscription en ligne jusqu’à l’avant-veille de l’ouverture, selon les places.".into(),
        price: "Gratuit pour les adhérent·es ; 120 € pour les autres structures.".into(),
        contact: "contact@exemple.fr".into(),
        methods: "Modules interactifs, lectures, mise en pratique dans sa structure.".into(),
        assessment: "Questions à la fin de chaque module.".into(),
        accessibility: "Parlons-en avant l’inscription : handicap@exemple.fr.".into(),
        answer_hours: 72,
        weeks: 4,
        ..Sheet::default()
    }
}

async fn course(
    app: &App,
    cast: &Cast,
    outline: &Outline,
    modules: &[&Value],
    packages: &[Uuid],
) -> Result<Uuid, HostError> {
    let doing = HostError::doing("demo course");
    let tx = app
        .db()
        .write()
        .await
        .map_err(HostError::doing("demo course"))?;
    let made: Result<Uuid, CatalogueError> = async {
        let id = catalogue::course_new(&tx, cast.space, outline.title, ACTOR).await?;
        let objectives: Vec<Objective> = outline
            .objectives
            .iter()
            .map(|text| Objective {
                id: tx.env().id(),
                text: (*text).to_owned(),
            })
            .collect();
        catalogue::sheet_set(
            &tx,
            id,
            outline.title,
            &sheet(outline, objectives.clone()),
            ACTOR,
        )
        .await?;
        for (n, (title, summary)) in outline.weeks.into_iter().enumerate() {
            let week = catalogue::week_add(&tx, id, title, summary).await?;
            for mut new in activities(week, n, summary, modules, packages) {
                if new.kind == ActivityKind::Package {
                    new.objectives = objectives.iter().map(|o| o.id).collect();
                }
                catalogue::activity_add(&tx, id, new).await?;
            }
        }
        catalogue::publish(&tx, id, ACTOR).await?;
        Ok(id)
    }
    .await;
    let id = made.map_err(doing)?;
    tx.commit().await.map_err(HostError::doing("demo course"))?;
    Ok(id)
}

/// A reading, a module with questions, and a practice to declare, each week.
fn activities(
    week: Uuid,
    n: usize,
    summary: &str,
    modules: &[&Value],
    packages: &[Uuid],
) -> Vec<NewActivity> {
    let base = NewActivity {
        week_id: week,
        kind: ActivityKind::Page,
        title: format!("Pour commencer la semaine {}", n + 1),
        minutes: 15,
        optional: false,
        rule: ActivityRule::Viewed,
        objectives: Vec::new(),
        content: json!({"markdown": format!("## Cette semaine\n\n{summary}\n\nComptez **deux heures** environ, quand vous voulez. \
            Commencez par cette page, puis faites le module, et terminez par la mise en pratique.\n"), "attachments": []}),
        package_id: None,
    };
    let mut out = vec![base.clone()];
    if let (Some(module), Some(package)) = (modules.get(n), packages.get(n)) {
        out.push(NewActivity {
            kind: ActivityKind::Package,
            title: module["title"].as_str().unwrap_or_default().into(),
            minutes: 60,
            rule: ActivityRule::Passed,
            content: json!({"external_hosts": []}),
            package_id: Some(*package),
            ..base.clone()
        });
    }
    out.push(NewActivity {
        title: "Mise en pratique dans votre structure".into(),
        minutes: 30,
        rule: ActivityRule::Declared,
        content: json!({"markdown": "Essayez avec votre groupe ce que vous venez de découvrir. \
            Notez en trois lignes ce qui a marché et ce que vous changeriez, puis **marquez cette activité comme faite**.\n",
            "attachments": []}),
        ..base
    });
    out
}

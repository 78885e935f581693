//! Readers made up: contacts of a list, by thousands.

use std::ops::Range;

use passerelle_kernel::WriteTx;
use passerelle_mailer::audience::model::{
    Basis, ContactFields, List, ListKind, Status, Subscribed,
};
use passerelle_mailer::audience::segment::{Comparison, Condition, Conditions, Field};
use passerelle_mailer::audience::{commands, store};
use passerelle_mailer::campaigns::model::Content;
use passerelle_mailer::campaigns::{commands as campaigns, write_and_approve};
use passerelle_mailer::{Block, Kind};
use passerelle_web::app::App;
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Lang};

const GIVEN: [&str; 16] = [
    "Amina", "Bruno", "Chloé", "Driss", "Élodie", "Fatou", "Gilles", "Hanane", "Ibrahim", "Julie",
    "Karim", "Lucie", "Mehdi", "Nadia", "Olivier", "Pauline",
];
const FAMILY: [&str; 16] = [
    "Benali",
    "Carrère",
    "Delmas",
    "Estève",
    "Fabre",
    "Garrigue",
    "Haddad",
    "Izard",
    "Jolivet",
    "Kaddour",
    "Lacombe",
    "Marty",
    "Nguyen",
    "Oustric",
    "Pujol",
    "Rouquette",
];
const WHERE: [&str; 13] = [
    "09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82",
];
const NETWORKS: [&str; 8] = [
    "Chef·fes de projet politique de la ville",
    "Coordination PRE",
    "Référent·es de parcours PRE",
    "CLSPD et CISPD",
    "NPNRU",
    "ESAT",
    "Formateur·rices FLE/FLI",
    "Formateur·rices VRL",
];
const JOBS: [&str; 4] = ["Coordination", "Formation", "Direction", "Accueil"];
/// Contacts written in one transaction.
const CHUNK: usize = 500;

/// A public list, made with nobody on it.
pub async fn list(
    app: &App,
    space: &Space,
    name: &str,
    description: &str,
) -> Result<List, AppError> {
    let tx = app.db().write().await?;
    let list = commands::add_list(&tx, space.id, name, description, ListKind::Public).await?;
    tx.commit().await?;
    Ok(list)
}

/// Contacts made up, one for each number, all on the list; addresses at `domain`.
pub async fn readers(
    app: &App,
    space: &Space,
    list: &List,
    numbers: Range<usize>,
    domain: &str,
) -> Result<(), AppError> {
    let mut at = numbers.start;
    while at < numbers.end {
        let tx = app.db().write().await?;
        let end = (at + CHUNK).min(numbers.end);
        for n in at..end {
            one(app, &tx, space, list, n, domain).await?;
        }
        tx.commit().await?;
        at = end;
    }
    Ok(())
}

async fn one(
    app: &App,
    tx: &WriteTx,
    space: &Space,
    list: &List,
    n: usize,
    domain: &str,
) -> Result<(), AppError> {
    let (given, family) = (GIVEN[n % 16], FAMILY[n / 16 % 16]);
    let fields = ContactFields {
        email: format!("lectrice.{n}@{domain}"),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        organisation: format!("Structure {}", n / 7 + 1),
        job: JOBS[n % 4].to_owned(),
        department: WHERE[n % 13].to_owned(),
        lang: Lang::Fr,
        basis: Basis::Professional,
        source: "Annuaire du réseau".to_owned(),
        purpose: "Envoi des lettres d’information".to_owned(),
        themes: Vec::new(),
        networks: vec![NETWORKS[n % 8].to_owned()],
    };
    let contact = commands::add_contact(app, tx, space.id, fields, Status::Enabled).await?;
    store::set_subscription(tx, list.id, contact.id, Subscribed::Yes, "import").await?;
    Ok(())
}

/// What a monthly bulletin says.
pub fn bulletin(space: &Space) -> Content {
    let block = |kind, fields: &[(&str, &str)]| {
        let mut block = Block::new(kind);
        for (name, value) in fields {
            block.set(name, value);
        }
        block
    };
    let mut blocks = vec![block(
        Kind::Text,
        &[(
            "text",
            "{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}\n\nVoici l’actualité du réseau : **deux formations**, une rencontre et des ressources à lire.",
        )],
    )];
    for (title, text) in [
        (
            "Former à distance : nouveaux outils",
            "Quatre semaines, tutorées, à distance. Il reste des places pour la session de janvier. La formation s’adresse aux formateur·rices linguistiques, salarié·es ou bénévoles, de toutes les structures de la région.",
        ),
        (
            "Accompagner l’apprentissage de l’écrit à l’âge adulte",
            "Une formation pour qui accompagne des adultes vers l’écrit : situations, supports, évaluation. Quatre semaines à distance, avec une tutrice.",
        ),
        (
            "Rencontre du réseau FLE/FLI",
            "Échanges de pratiques, présentation des nouveaux référentiels, déjeuner partagé.",
        ),
        (
            "Des ressources à lire",
            "Trois guides publiés ce mois-ci, choisis par notre documentaliste, et une revue de presse.",
        ),
    ] {
        blocks.push(block(
            Kind::Article,
            &[
                ("title", title),
                ("text", text),
                ("href", "https://exemple.fr/actualites"),
                ("label", "En savoir plus"),
            ],
        ));
    }
    blocks.push(block(
        Kind::Button,
        &[
            ("label", "Voir le catalogue"),
            ("href", "https://exemple.fr/catalogue"),
        ],
    ));
    Content {
        lang: Lang::Fr,
        subject: "Flash Info de novembre".to_owned(),
        preheader: "Deux formations, une rencontre, des ressources".to_owned(),
        from_name: space.name.clone(),
        reply_to: "contact@exemple.fr".to_owned(),
        blocks,
    }
}

/// A monthly bulletin that leaves at once to everybody on the list.
pub async fn send_bulletin(
    app: &App,
    space: &std::sync::Arc<Space>,
    list: &List,
) -> Result<(), AppError> {
    let letter = write_and_approve(
        app,
        space.clone(),
        list,
        "Flash Info de novembre",
        bulletin(space),
    )
    .await?;
    let tx = app.db().write().await?;
    campaigns::start(&tx, &letter, None).await?;
    Ok(tx.commit().await?)
}

/// The network of the demonstration: its readers, a segment of them, and an approved bulletin.
pub async fn network(app: &App) -> Result<(), AppError> {
    let db = app.db();
    let space = app.directory().space_by_slug(db, "accueil").await?;
    let space = space.ok_or(AppError::NotFound)?;
    let list = list(
        app,
        &space,
        "Flash Info",
        "Une fois par mois, l’actualité du réseau",
    )
    .await?;
    readers(app, &space, &list, 0..6_600, "exemple.fr").await?;
    let segment = store::Segment {
        id: app.env().id(),
        name: "Haute-Garonne".to_owned(),
        conditions: Conditions {
            any: false,
            list: vec![Condition {
                field: Field::Department,
                comparison: Comparison::Is,
                value: "31".to_owned(),
            }],
        },
    };
    let tx = db.write().await?;
    store::put_segment(&tx, space.id, &segment).await?;
    tx.commit().await?;
    let content = bulletin(&space);
    write_and_approve(app, space, &list, "Flash Info de novembre", content).await?;
    Ok(())
}

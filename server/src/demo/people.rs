//! Who is in the demonstration.

use passerelle_kernel::Uuid;
use passerelle_kernel::WriteTx;
use passerelle_kernel::journal::Actor;
use passerelle_people::{
    NewAccount, NewSpace, create_account, create_person, create_space, grant, hash_password,
};
use passerelle_web::app::App;
use passerelle_web::directory::{Body, NewPerson};
use passerelle_web::{Lang, Role};

use super::PASSWORD;
use crate::host::HostError;

/// What everything made here is signed with in the journal.
pub(super) const ACTOR: Actor = Actor::System("demo");

/// Persons and courses of the demonstration.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Its space.
    pub space: Uuid,
    /// Its training manager.
    pub manager: Uuid,
    /// Its tutors; the first one has an account of the sign-in page.
    pub tutors: Vec<Uuid>,
    /// The first one has an account of the sign-in page.
    pub trainees: Vec<Uuid>,
    /// Its published courses.
    pub courses: Vec<Uuid>,
}

const TRAINEES: [(&str, &str); 20] = [
    ("Amina", "Benali"),
    ("Thomas", "Garrigue"),
    ("Fatou", "Diallo"),
    ("Élodie", "Castel"),
    ("Karim", "Haddad"),
    ("Sylvie", "Rouquette"),
    ("Minh", "Tran"),
    ("Josiane", "Pujol"),
    ("Rachid", "Amrani"),
    ("Claire", "Delmas"),
    ("Ibrahim", "Koné"),
    ("Nathalie", "Vidal"),
    ("Youssef", "Lahlou"),
    ("Mireille", "Fabre"),
    ("Olena", "Kovalenko"),
    ("Patrick", "Soulier"),
    ("Zohra", "Meziane"),
    ("Lucas", "Bonnet"),
    ("Adèle", "Marty"),
    ("Samuel", "Okafor"),
];

/// Makes the space and everybody in it.
pub(super) async fn cast(app: &App) -> Result<Cast, HostError> {
    let hash = tokio::task::spawn_blocking(|| hash_password(PASSWORD))
        .await
        .map_err(HostError::doing("password"))?
        .map_err(HostError::doing("password"))?;
    let tx = app
        .db()
        .write()
        .await
        .map_err(HostError::doing("demo people"))?;
    let new = NewSpace {
        body: body(),
        ..NewSpace::new(
            app.settings().home_space.clone(),
            "Centre de ressources Garonne",
        )
    };
    let space = create_space(&tx, new, ACTOR)
        .await
        .map_err(HostError::doing("demo space"))?;
    let admin = person(
        &tx,
        space,
        ("Hélène", "Cazaux"),
        Some("administration@exemple.fr"),
        Some(&hash),
    )
    .await?;
    let manager = person(
        &tx,
        space,
        ("Marc", "Lestrade"),
        Some("responsable@exemple.fr"),
        Some(&hash),
    )
    .await?;
    let auditor = person(
        &tx,
        space,
        ("Inès", "Pradel"),
        Some("audit@exemple.fr"),
        Some(&hash),
    )
    .await?;
    for (who, role) in [
        (admin, Role::Administrator),
        (manager, Role::Manager),
        (auditor, Role::Auditor),
    ] {
        grant(&tx, space, who, role, ACTOR)
            .await
            .map_err(HostError::doing("demo roles"))?;
    }
    let mut tutors = Vec::new();
    for (name, email) in [
        (("Sophie", "Arnal"), "tutrice@exemple.fr"),
        (("Denis", "Cabrol"), "tuteur@exemple.fr"),
    ] {
        tutors.push(person(&tx, space, name, Some(email), Some(&hash)).await?);
    }
    let mut trainees = Vec::new();
    for (n, name) in TRAINEES.into_iter().enumerate() {
        let email = match n {
            0 => Some("stagiaire@exemple.fr".to_owned()),
            // A small association shares one address; one person has none.
            7 | 13 => Some("association@exemple.fr".to_owned()),
            18 => None,
            _ => Some(format!("stagiaire{n}@exemple.fr")),
        };
        let signs_in = (n != 7 && n != 13 && n != 18).then_some(hash.as_str());
        trainees.push(person(&tx, space, name, email.as_deref(), signs_in).await?);
    }
    tx.commit().await.map_err(HostError::doing("demo people"))?;
    Ok(Cast {
        space,
        manager,
        tutors,
        trainees,
        courses: Vec::new(),
    })
}

/// What the one of that rank in a crowd signs in with.
pub fn crowd_identifier(rank: usize) -> String {
    format!("foule{rank}@exemple.fr")
}

/// Many more people; those of the first `accounts` ranks can sign in.
pub async fn crowd(
    app: &App,
    space: Uuid,
    from: usize,
    count: usize,
    accounts: usize,
) -> Result<Vec<Uuid>, HostError> {
    let hash = tokio::task::spawn_blocking(|| hash_password(PASSWORD))
        .await
        .map_err(HostError::doing("password"))?
        .map_err(HostError::doing("password"))?;
    let tx = app.db().write().await.map_err(HostError::doing("crowd"))?;
    let mut made = Vec::with_capacity(count);
    for rank in from..from + count {
        let given = TRAINEES[rank % TRAINEES.len()].0;
        let family = format!(
            "{}-{rank}",
            TRAINEES[rank / TRAINEES.len() % TRAINEES.len()].1
        );
        let email = crowd_identifier(rank);
        let hash = (rank < accounts).then_some(hash.as_str());
        made.push(person(&tx, space, (given, &family), Some(&email), hash).await?);
    }
    tx.commit().await.map_err(HostError::doing("crowd"))?;
    Ok(made)
}

async fn person(
    tx: &WriteTx,
    space: Uuid,
    (given, family): (&str, &str),
    email: Option<&str>,
    hash: Option<&str>,
) -> Result<Uuid, HostError> {
    let new = NewPerson {
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        email: email.map(str::to_owned),
        organisation: None,
    };
    let id = create_person(tx, space, &new, Lang::Fr, ACTOR)
        .await
        .map_err(HostError::doing("demo person"))?;
    if let (Some(email), Some(hash)) = (email, hash) {
        let account = NewAccount {
            identifier: email.to_owned(),
            password_hash: Some(hash.to_owned()),
        };
        create_account(tx, space, id, account, ACTOR)
            .await
            .map_err(HostError::doing("demo account"))?;
    }
    Ok(id)
}

fn body() -> Body {
    Body {
        legal_name: "GIP Centre de ressources Garonne (démonstration)".to_owned(),
        address: "12 rue des Exemples\n31000 Toulouse".to_owned(),
        siret: "12345678200010".to_owned(),
        declaration_number: "76310000000".to_owned(),
        declaration_region: "Occitanie".to_owned(),
        representative: "Hélène Cazaux".to_owned(),
        representative_quality: "directrice".to_owned(),
        place: "Toulouse".to_owned(),
        phone: "05 00 00 00 00".to_owned(),
        email: "contact@exemple.fr".to_owned(),
        data_protection_contact: "donnees@exemple.fr".to_owned(),
        disability_contact: "handicap@exemple.fr".to_owned(),
        host: "Démonstration locale, sur votre machine".to_owned(),
    }
}

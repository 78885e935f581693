//! From a launch that was checked to somebody at their course.

use passerelle_courses::cohorts::{self, CohortError, EnrolResult, Source, cohort};
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_lti_protocol::Launch;
use passerelle_web::directory::NewPerson;
use passerelle_web::{App, AppError};
use serde_json::json;

use super::links::Target;
use super::store::{self, Known};
use crate::grades::{self, Graded};
use crate::platforms::model::Platform;
use crate::rosters;

/// A platform's subject became a person of ours.
pub const LINKED: &str = "lti.person.linked.v1";

/// Why somebody who was launched does not come in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Barred {
    /// The platform says not who it is.
    #[error("the launch is anonymous")]
    Anonymous,
    /// Somebody who does not teach there asks to pick something.
    #[error("who does not teach there picks nothing")]
    NotTeaching,
    /// The link leads to nothing of that platform's space.
    #[error("the link leads nowhere")]
    Nowhere,
    /// The cohort takes nobody: it is over or was cancelled.
    #[error("the cohort takes nobody")]
    Closed,
    /// No place is left: the person waits.
    #[error("the cohort is full")]
    Waiting,
    /// The account was closed here.
    #[error("the account is closed")]
    AccountClosed,
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl Barred {
    /// A stable word for logs, translations and tests.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::NotTeaching => "not-teaching",
            Self::Nowhere => "nowhere",
            Self::Closed => "cohort-closed",
            Self::Waiting => "cohort-full",
            Self::AccountClosed => "account-closed",
            Self::App(_) => "internal",
        }
    }
}

/// Where a launch leads.
pub(super) struct Place {
    /// As its link says.
    pub(super) target: Target,
    /// The cohort.
    pub(super) cohort: cohort::Model,
    /// The place that the person has in it already.
    pub(super) enrolment: Option<Uuid>,
}

/// The cohort of a link, in the space of the platform, with the place that somebody has in it.
pub(super) async fn place_of(
    app: &App,
    platform: &Platform,
    target: Target,
    person: Option<Uuid>,
) -> Result<(cohort::Model, Option<Uuid>), Barred> {
    let db = app.db().read();
    let found = cohorts::with_enrolment(db, target.cohort, person)
        .await
        .map_err(AppError::from)?;
    found
        .filter(|(cohort, _)| cohort.space_id == platform.space)
        .ok_or(Barred::Nowhere)
}

/// Who comes in, and where they are led.
pub(super) struct Entered {
    /// The person.
    pub(super) person: Uuid,
    /// Their enrolment.
    pub(super) enrolment: Uuid,
    /// A path of ours.
    pub(super) leads_to: String,
}

/// Finds or makes the person, enrols them, and says where they go.
///
/// A person is found by platform and subject only. A new one gets no address: an address that a
/// platform claims proves nothing here.
pub(super) async fn enter(
    app: &App,
    tx: &WriteTx,
    known: &Known,
    to: Place,
    launch: &Launch,
    unnamed: &str,
) -> Result<Entered, Barred> {
    let Place {
        target,
        cohort,
        enrolment,
    } = to;
    let platform = &known.platform;
    let subject = launch.subject.as_deref().ok_or(Barred::Anonymous)?;
    let person = match known.person {
        Some(person) => {
            named_at_last(app, tx, known, person, launch).await?;
            person
        }
        None => first_time(app, tx, platform, subject, launch, unnamed).await?,
    };
    // Who is there already is not enrolled again; what is over is read again by those who were.
    let enrolment = match enrolment {
        Some(id) => id,
        None => enrolled(tx, &cohort, person).await?,
    };
    // What is kept already is not written again.
    if known.graded != Some((enrolment, target.activity)) {
        let graded = Graded {
            platform: platform.id,
            enrolment,
            activity: target.activity,
            subject,
        };
        grades::keep(tx, graded, launch, known.column.as_deref())
            .await
            .map_err(AppError::from)?;
    }
    rosters::keep(tx, platform.id, launch, known.services.as_ref())
        .await
        .map_err(AppError::from)?;
    let leads_to = match (target.activity, target.week) {
        (Some(activity), _) => format!("/formation/{enrolment}/activite/{activity}"),
        (None, Some(rank)) => format!("/formation/{enrolment}#semaine-{rank}"),
        (None, None) => format!("/formation/{enrolment}"),
    };
    Ok(Entered {
        person,
        enrolment,
        leads_to,
    })
}

/// Enrols somebody who is not there yet.
async fn enrolled(tx: &WriteTx, cohort: &cohort::Model, person: Uuid) -> Result<Uuid, Barred> {
    let actor = Actor::Person(person);
    match cohorts::enrol(tx, cohort.id, person, Source::Platform, actor).await {
        Ok(EnrolResult::Active(id)) => Ok(id),
        Ok(EnrolResult::Waiting(_)) => Err(Barred::Waiting),
        // Somebody was faster, or the person still waits.
        Ok(EnrolResult::Already(_)) => active(tx, cohort, person).await?.ok_or(Barred::Waiting),
        Err(CohortError::Closed) => Err(Barred::Closed),
        Err(error) => Err(AppError::from(error).into()),
    }
}

/// The enrolment of somebody who has a place.
async fn active(
    tx: &WriteTx,
    cohort: &cohort::Model,
    person: Uuid,
) -> Result<Option<Uuid>, AppError> {
    Ok(cohorts::enrolment_of(&**tx, cohort, person).await?)
}

/// Makes the person, once: two launches at the same time wait for each other.
async fn first_time(
    app: &App,
    tx: &WriteTx,
    platform: &Platform,
    subject: &str,
    launch: &Launch,
    unnamed: &str,
) -> Result<Uuid, Barred> {
    tx.hold(platform.id).await.map_err(AppError::from)?;
    let known = store::person_of(&**tx, platform.id, subject)
        .await
        .map_err(AppError::from)?;
    match known {
        Some(person) => Ok(person),
        None => newcomer(app, tx, platform, subject, launch, unnamed).await,
    }
}

/// The given and the family name that a launch tells, when it tells one.
fn name(launch: &Launch) -> Option<(String, String)> {
    let (given, family) = &launch.name;
    let short = |text: &str| text.chars().take(100).collect::<String>();
    (!given.is_empty() || !family.is_empty()).then(|| (short(given), short(family)))
}

/// What somebody goes by whose platform tells no name: a few letters that nobody else of it has.
async fn stand_in(
    tx: &WriteTx,
    platform: &Platform,
    unnamed: &str,
) -> Result<String, sea_orm::DbErr> {
    // None that are taken one for another, read out or written down.
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    loop {
        let id = tx.env().token();
        let letters = id.as_bytes().chunks(2).filter_map(|pair| {
            let number = usize::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
            LETTERS.get(number % LETTERS.len()).map(|b| char::from(*b))
        });
        let name = format!("{unnamed} {}", letters.take(4).collect::<String>());
        if !store::is_stand_in(tx, platform.id, &name).await? {
            return Ok(name);
        }
    }
}

/// Takes over the name of somebody who had none, unless they were given another one here.
async fn named_at_last(
    app: &App,
    tx: &WriteTx,
    known: &Known,
    person: Uuid,
    launch: &Launch,
) -> Result<(), AppError> {
    let (Some(stand_in), Some((given, family))) = (&known.stand_in, name(launch)) else {
        return Ok(());
    };
    let whose = (known.platform.space, person);
    let from = ("", stand_in.as_str());
    let to = (given.as_str(), family.as_str());
    let directory = app.directory();
    directory
        .rename(app.registry(), tx, whose, from, to)
        .await?;
    store::forget_stand_in(tx, known.platform.id, person).await?;
    Ok(())
}

async fn newcomer(
    app: &App,
    tx: &WriteTx,
    platform: &Platform,
    subject: &str,
    launch: &Launch,
    unnamed: &str,
) -> Result<Uuid, Barred> {
    let (stand_in, given, family) = match name(launch) {
        Some((given, family)) => (None, given, family),
        None => {
            let stand_in = stand_in(tx, platform, unnamed)
                .await
                .map_err(AppError::from)?;
            (Some(stand_in.clone()), String::new(), stand_in)
        }
    };
    let new = NewPerson {
        given_name: given,
        family_name: family,
        email: None,
        organisation: Some(platform.data.name.clone()),
    };
    let person = app
        .directory()
        .find_or_create(tx, platform.space, &new)
        .await
        .map_err(AppError::from)?;
    store::put_subject(tx, platform.id, subject, person, stand_in.as_deref())
        .await
        .map_err(AppError::from)?;
    let fact = Fact {
        space: platform.space,
        kind: LINKED,
        actor: Actor::Person(person),
        subject: person,
        payload: json!({"platform": platform.id}),
    };
    tx.append(fact).await.map_err(AppError::from)?;
    Ok(person)
}

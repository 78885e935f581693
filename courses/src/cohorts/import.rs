//! Enrolling a list: what will happen, then all of it at once.
//!
//! Persons are found or made in bounded chunks; nobody sees them until the one
//! transaction that enrols all of them. Interrupted in between, the cohort is as
//! it was, and the same list sent again finds the persons already made.

use std::collections::HashMap;

use passerelle_kernel::Uuid;
use passerelle_web::directory::NewPerson;
use passerelle_web::{Allowed, App, AppError};
use sha2::{Digest, Sha256};

use super::enrolling::{EnrolResult, enrol_all};
use super::error::CohortError;
use super::fates::{Fate, Known, resolve};
use super::model::{EnrolState, Source};
use super::roster::{Line, Roster};
use super::store;
use crate::access::ManageCohort;

/// Persons found or made in one transaction.
const CHUNK: usize = 25;

/// What will happen to each line of a list.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    pub lines: Vec<(Line, Fate)>,
    /// What was read, its lines apart.
    pub read: Roster,
    /// Changes with anything that would happen: what is confirmed is what was shown.
    pub digest: String,
}

impl Preview {
    /// How many lines have that fate.
    pub fn count(&self, what: impl Fn(&Fate) -> bool) -> usize {
        self.lines.iter().filter(|(_, fate)| what(fate)).count()
    }

    /// Whether it can be confirmed: no line is wrong, and somebody is enrolled.
    pub fn is_ready(&self) -> bool {
        self.count(|fate| matches!(fate, Fate::Wrong(_))) == 0
            && self.count(|fate| matches!(fate, Fate::Enrol { .. })) > 0
    }
}

/// Works out what a list would do; four statements, nothing written.
pub(super) async fn preview(
    app: &App,
    allowed: &Allowed<ManageCohort>,
    mut roster: Roster,
) -> Result<Preview, AppError> {
    let of = &allowed.object().cohort;
    let conn = app.db().read();
    let places = store::places_of(conn, of).await?;
    let enrolled: HashMap<Uuid, EnrolState> = store::enrolments_of(conn, of)
        .await?
        .into_iter()
        .filter_map(|e| Some((e.person_id, EnrolState::parse(&e.state)?)))
        .collect();
    let known = known_persons(app, of.space_id, &roster, &enrolled).await?;
    let fates = resolve(&roster, &known, &enrolled, places);
    let lines = std::mem::take(&mut roster.lines);
    let lines: Vec<(Line, Fate)> = lines.into_iter().zip(fates).collect();
    let mut hasher = Sha256::new();
    for (line, fate) in &lines {
        let NewPerson {
            given_name,
            family_name,
            email,
            organisation,
        } = &line.person;
        let said = serde_json::to_string(&(given_name, family_name, email, organisation, fate))
            .map_err(AppError::internal)?;
        hasher.update(said.as_bytes());
        hasher.update(b"\n");
    }
    Ok(Preview {
        lines,
        read: roster,
        digest: hex(&hasher.finalize()),
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Persons of the space who have one of the addresses of a list, and those of the group; two
/// statements however long the list.
async fn known_persons(
    app: &App,
    space: Uuid,
    roster: &Roster,
    enrolled: &HashMap<Uuid, EnrolState>,
) -> Result<Vec<Known>, AppError> {
    let directory = app.directory();
    let lines = roster.lines.iter().filter(|line| line.problems.is_empty());
    let addresses: Vec<String> = lines.filter_map(|line| line.person.email.clone()).collect();
    let mut cards = directory.by_addresses(app.db(), space, &addresses).await?;
    let here: Vec<Uuid> = enrolled.keys().copied().collect();
    let here = directory.persons(app.db(), space, &here).await?;
    cards.extend(here.into_values().filter(|card| card.email.is_none()));
    let known = cards.into_iter().map(|card| Known {
        id: card.id,
        person: NewPerson {
            given_name: card.given_name,
            family_name: card.family_name,
            email: card.email,
            organisation: None,
        },
    });
    Ok(known.collect())
}

/// What confirming a list came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Imported {
    pub enrolled: usize,
    pub waiting: usize,
}

/// Enrols every line of a preview that is ready.
pub(super) async fn confirm(
    app: &App,
    allowed: &Allowed<ManageCohort>,
    preview: &Preview,
) -> Result<Imported, AppError> {
    if !preview.is_ready() {
        return Err(AppError::Conflict("cohort-csv-error-changed"));
    }
    let of = &allowed.object().cohort;
    if !super::CohortState::parse(&of.state).is_some_and(super::CohortState::takes_people) {
        return Err(CohortError::Closed.into());
    }
    let wanted: Vec<(&NewPerson, Option<Uuid>)> = preview
        .lines
        .iter()
        .filter_map(|(line, fate)| match fate {
            Fate::Enrol { person, .. } => Some((&line.person, *person)),
            _ => None,
        })
        .collect();
    let mut persons = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(CHUNK) {
        let tx = app.db().write().await?;
        for (person, known) in chunk {
            let id = match known {
                Some(id) => *id,
                None => {
                    app.directory()
                        .find_or_create(&tx, of.space_id, person)
                        .await?
                }
            };
            persons.push(id);
        }
        tx.commit().await?;
    }
    let tx = app.db().write().await?;
    let results = enrol_all(&tx, of.id, &persons, Source::Csv, allowed.actor()).await?;
    tx.commit().await?;
    let count = |what: fn(&EnrolResult) -> bool| results.iter().filter(|r| what(r)).count();
    Ok(Imported {
        enrolled: count(|r| matches!(r, EnrolResult::Active(_))),
        waiting: count(|r| matches!(r, EnrolResult::Waiting(_))),
    })
}

//! What will happen to each line of a list of people to enrol, pure.
//! Nothing is written here: the same answer is given before and after the confirmation.

use std::collections::HashMap;

use passerelle_web::directory::NewPerson;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{EnrolState, Places, Source};
use super::roster::{Line, LineProblem, Roster, fold};

/// Somebody of the space who has an address.
#[derive(Clone, Debug)]
pub struct Known {
    /// Identifier.
    pub id: Uuid,
    /// Given and family name, and address.
    pub person: NewPerson,
}

/// Who is meant: names without accents and the address. Two people may share an address.
fn identity(person: &NewPerson) -> (String, String, String) {
    let email = person
        .email
        .as_deref()
        .map(|email| email.trim().to_lowercase())
        .unwrap_or_default();
    (fold(&person.given_name), fold(&person.family_name), email)
}

/// What will happen to a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Has to be corrected first.
    Wrong(Vec<LineProblem>),
    /// Names the same person as an earlier line, whose number this is.
    Duplicate(u64),
    /// Has a place already.
    Enrolled,
    /// Is on the waiting list already.
    Waiting,
    /// Will be enrolled.
    Enrol {
        /// The person when they are known; otherwise they will be made.
        person: Option<Uuid>,
        /// Whether they had left this cohort and come back.
        back: bool,
        /// A place, or the waiting list.
        gets: Seat,
    },
}

/// What an enrolled line gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seat {
    /// A place.
    Place,
    /// The waiting list.
    WaitingList,
}

/// Works out what will happen to each line, in order.
pub fn resolve(
    roster: &Roster,
    known: &[Known],
    enrolled: &HashMap<Uuid, EnrolState>,
    mut places: Places,
) -> Vec<Fate> {
    // An address is needed to recognise somebody: names alone are shared too often.
    let known: HashMap<_, Uuid> = known
        .iter()
        .filter(|k| k.person.email.is_some())
        .map(|k| (identity(&k.person), k.id))
        .collect();
    let mut seen: HashMap<(String, String, String), u64> = HashMap::new();
    let fate = |line: &Line| {
        if !line.problems.is_empty() {
            return Fate::Wrong(line.problems.clone());
        }
        let who = identity(&line.person);
        if let Some(first) = seen.get(&who) {
            return Fate::Duplicate(*first);
        }
        seen.insert(who.clone(), line.number);
        let person = known.get(&who).copied();
        let before = person.and_then(|id| enrolled.get(&id)).copied();
        match before {
            Some(EnrolState::Active) => Fate::Enrolled,
            Some(EnrolState::Waiting) => Fate::Waiting,
            other => {
                let state = places.next(Source::Csv);
                places = places.with(state);
                let gets = if state == EnrolState::Active {
                    Seat::Place
                } else {
                    Seat::WaitingList
                };
                Fate::Enrol {
                    person,
                    back: other.is_some(),
                    gets,
                }
            }
        }
    };
    roster.lines.iter().map(fate).collect()
}

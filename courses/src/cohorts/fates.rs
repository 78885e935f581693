//! What will happen to each line of a list of people to enrol, pure.
//! Nothing is written here: the same answer is given before and after the confirmation.

use std::collections::HashMap;

use passerelle_text::{address, fold};
use passerelle_web::directory::NewPerson;
use serde::Serialize;
use uuid::Uuid;

use super::model::{EnrolState, Places, Source};
use super::roster::{Line, LineProblem, Roster};

/// Somebody of the space who has an address of the list, or of the group.
#[derive(Clone, Debug)]
pub struct Known {
    /// Identifier.
    pub id: Uuid,
    /// Given and family name, and address.
    pub person: NewPerson,
}

/// Who is meant, as the directory finds them: the names and the address, folded. Two people may
/// share an address.
fn identity(person: &NewPerson) -> (String, String) {
    let email = person.email.as_deref().map(address::key);
    let name = fold::name_key(&person.given_name, &person.family_name);
    (name, email.unwrap_or_default())
}

/// What will happen to a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Fate {
    /// Has to be corrected first.
    Wrong(Vec<LineProblem>),
    /// Names the same person as an earlier line, whose number this is.
    Duplicate(u64),
    /// Has a place already.
    Enrolled,
    /// Is on the waiting list already.
    Waiting,
    /// Left this cohort, as the line says as well.
    Left,
    /// Will be enrolled.
    Enrol {
        /// The person when they are known; otherwise they will be made.
        person: Option<Uuid>,
        /// Whether they had left this cohort and come back.
        back: bool,
        /// A place, or the waiting list.
        gets: Seat,
        /// Who else has their address.
        shares: Option<Sharer>,
    },
}

/// Somebody else who has the address of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Sharer {
    /// Another line, whose number this is.
    Line(u64),
    /// Somebody who is known, by that name.
    Person(String),
}

/// What an enrolled line gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Seat {
    /// A place.
    Place,
    /// The waiting list.
    WaitingList,
}

/// Whose each address is, among the lines that are right and the people who are known.
struct Addresses<'a> {
    lines: HashMap<String, Vec<(u64, String)>>,
    known: HashMap<String, Vec<&'a NewPerson>>,
}

impl<'a> Addresses<'a> {
    fn of(roster: &Roster, people: &'a [Known]) -> Self {
        let mut lines: HashMap<String, Vec<(u64, String)>> = HashMap::new();
        for line in roster.lines.iter().filter(|line| line.problems.is_empty()) {
            let (name, email) = identity(&line.person);
            lines.entry(email).or_default().push((line.number, name));
        }
        let mut known: HashMap<String, Vec<&NewPerson>> = HashMap::new();
        for one in people {
            let (_, email) = identity(&one.person);
            known.entry(email).or_default().push(&one.person);
        }
        Self { lines, known }
    }

    fn sharer(&self, (name, email): &(String, String)) -> Option<Sharer> {
        if email.is_empty() {
            return None;
        }
        let lines = self.lines.get(email).into_iter().flatten();
        let mut lines = lines.filter(|(_, other)| other != name);
        if let Some((number, _)) = lines.next() {
            return Some(Sharer::Line(*number));
        }
        let known = self.known.get(email).into_iter().flatten();
        let mut known = known.filter(|person| identity(person).0 != *name);
        let of = known.next()?;
        let name = format!("{} {}", of.given_name, of.family_name);
        Some(Sharer::Person(name.trim().to_owned()))
    }
}

/// Works out what will happen to each line, in order.
pub fn resolve(
    roster: &Roster,
    known: &[Known],
    enrolled: &HashMap<Uuid, EnrolState>,
    mut places: Places,
) -> Vec<Fate> {
    let addresses = Addresses::of(roster, known);
    // An address is needed to recognise somebody: names alone are shared too often, but within
    // the group itself.
    let known: HashMap<_, Uuid> = known
        .iter()
        .filter(|k| k.person.email.is_some() || enrolled.contains_key(&k.id))
        .map(|k| (identity(&k.person), k.id))
        .collect();
    let mut seen: HashMap<(String, String), u64> = HashMap::new();
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
            Some(EnrolState::Left) if line.has_left => Fate::Left,
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
                    shares: addresses.sharer(&who),
                }
            }
        }
    };
    roster.lines.iter().map(fate).collect()
}

//! What joining by a link needs: how somebody stands already, and a brake on mails.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use passerelle_kernel::Micros;
use passerelle_kernel::Uuid;
use passerelle_kernel::env::HOUR;
use passerelle_kernel::scoped::Scoped;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};

use super::entity::{cohort, enrolment};
use super::model::EnrolState;

/// Mails an hour for one link: a room full of people passes, a script does not.
const PER_LINK: u32 = 60;
/// Mails an hour to one address.
const PER_ADDRESS: u32 = 3;
/// Keys kept at most.
const KEPT: usize = 10_000;

/// The enrolment of a person in a cohort.
pub(super) async fn standing_in<C: ConnectionTrait>(
    conn: &C,
    of: &cohort::Model,
    person: Uuid,
) -> Result<Option<(Uuid, EnrolState)>, DbErr> {
    let found = Scoped::<enrolment::Entity>::of(of.space_id)
        .find()
        .filter(enrolment::Column::CohortId.eq(of.id))
        .filter(enrolment::Column::PersonId.eq(person))
        .one(conn)
        .await?;
    Ok(found.and_then(|e| Some((e.id, EnrolState::parse(&e.state)?))))
}

/// Counts the mails that joining links send; in the memory of one server.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<String, (Micros, u32)>>);

impl Throttle {
    /// Whether one more mail may leave; counts it when it may.
    pub fn lets(&self, link: Uuid, address: &str, now: Micros) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= KEPT {
            seen.retain(|_, (since, _)| now - *since < HOUR);
        }
        // Still full: somebody is trying addresses in numbers, everybody waits an hour.
        if seen.len() >= KEPT {
            return false;
        }
        let keys = [
            (format!("link {link}"), PER_LINK),
            (format!("to {}", address.to_lowercase()), PER_ADDRESS),
        ];
        for (key, _) in &keys {
            let count = seen.entry(key.clone()).or_insert((now, 0));
            if now - count.0 >= HOUR {
                *count = (now, 0);
            }
        }
        if keys
            .iter()
            .any(|(key, most)| seen.get(key).is_some_and(|(_, count)| count >= most))
        {
            return false;
        }
        for (key, _) in &keys {
            if let Some((_, count)) = seen.get_mut(key) {
                *count += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_a_few_mails_an_hour_and_no_more() {
        let throttle = Throttle::default();
        let link = Uuid::from_u128(1);
        for _ in 0..PER_ADDRESS {
            assert!(throttle.lets(link, "amina@exemple.fr", 0));
        }
        assert!(!throttle.lets(link, "AMINA@exemple.fr", 1));
        assert!(throttle.lets(link, "leo@exemple.fr", 1));
        assert!(throttle.lets(link, "amina@exemple.fr", HOUR));
    }

    #[test]
    fn a_link_does_not_send_mails_in_numbers() {
        let throttle = Throttle::default();
        let sent = (0..200)
            .filter(|n| throttle.lets(Uuid::from_u128(1), &format!("a{n}@exemple.fr"), 0))
            .count();
        assert_eq!(sent, PER_LINK as usize);
        assert!(throttle.lets(Uuid::from_u128(2), "b@exemple.fr", 0));
    }
}

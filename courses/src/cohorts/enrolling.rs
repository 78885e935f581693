//! Who is in a cohort: enrolling, the waiting list, leaving, coming back, extending.

use std::collections::HashMap;

use jiff::civil::Date;
use passerelle_kernel::WriteTx;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_web::Allowed;
use sea_orm::Value as Sql;
use serde_json::{Value, json};
use uuid::Uuid;

use super::entity::{cohort, enrolment};
use super::error::CohortError;
use super::model::{CohortState, EnrolState, LeaveCause, Source};
use super::{ENROLLED, EXTENDED, LEFT, RETURNED, WAITLISTED, store};
use crate::access::{ManageCohort, ManageEnrolment};
use crate::progress::{Whose, refresh_late_after};

/// Days at most that an extension goes beyond today.
const LONGEST_EXTENSION: i64 = 730;

/// What enrolling somebody came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolResult {
    /// Has a place.
    Active(Uuid),
    /// The cohort is full: on the waiting list.
    Waiting(Uuid),
    /// Was already enrolled or waiting: nothing changed.
    Already(Uuid),
}

impl EnrolResult {
    /// The enrolment.
    pub fn id(self) -> Uuid {
        match self {
            Self::Active(id) | Self::Waiting(id) | Self::Already(id) => id,
        }
    }
}

/// Enrols a person, or puts them on the waiting list when the cohort is full.
/// Somebody who had left comes back to the same enrolment.
pub async fn enrol(
    tx: &WriteTx,
    cohort: Uuid,
    person: Uuid,
    source: Source,
    actor: Actor,
) -> Result<EnrolResult, CohortError> {
    let results = enrol_all(tx, cohort, &[person], source, actor).await?;
    results.first().copied().ok_or(CohortError::NotFound)
}

/// Enrols several persons in their order, all in the caller's transaction.
pub async fn enrol_all(
    tx: &WriteTx,
    cohort: Uuid,
    persons: &[Uuid],
    source: Source,
    actor: Actor,
) -> Result<Vec<EnrolResult>, CohortError> {
    let of = open_cohort(tx, cohort).await?;
    let mut places = store::places_of(&**tx, &of).await?;
    let known = store::enrolments_of_persons(&**tx, &of, persons).await?;
    let mut known: HashMap<Uuid, (Uuid, Option<EnrolState>)> = known
        .into_iter()
        .map(|e| (e.person_id, (e.id, EnrolState::parse(&e.state))))
        .collect();
    let (mut rows, mut facts, mut results) =
        (Vec::new(), Vec::new(), Vec::with_capacity(persons.len()));
    for person in persons {
        let before = known.get(person).copied();
        if let Some((id, Some(EnrolState::Active | EnrolState::Waiting))) = before {
            results.push(EnrolResult::Already(id));
            continue;
        }
        let state = places.next(source);
        places = places.with(state);
        let id = if let Some((id, _)) = before {
            come_back(tx, id, state, source).await?;
            id
        } else {
            let row = new_row(tx, &of, *person, state, source);
            let id = row.id;
            rows.push(row);
            id
        };
        known.insert(*person, (id, Some(state)));
        let kind = if state == EnrolState::Active {
            ENROLLED
        } else {
            WAITLISTED
        };
        let payload = json!({"enrolment": id, "cohort": of.id, "source": source.code(), "again": before.is_some()});
        facts.push(about(&of, *person, actor, kind, payload));
        results.push(if state == EnrolState::Active {
            EnrolResult::Active(id)
        } else {
            EnrolResult::Waiting(id)
        });
    }
    store::insert_enrolments(tx, rows).await?;
    tx.append_all(facts).await?;
    Ok(results)
}

/// A cohort that takes people, held until the end of the write.
pub(super) async fn open_cohort(tx: &WriteTx, id: Uuid) -> Result<cohort::Model, CohortError> {
    let of = store::lock_cohort(tx, id).await?;
    if CohortState::parse(&of.state).is_some_and(CohortState::takes_people) {
        Ok(of)
    } else {
        Err(CohortError::Closed)
    }
}

pub(super) fn new_row(
    tx: &WriteTx,
    of: &cohort::Model,
    person: Uuid,
    state: EnrolState,
    source: Source,
) -> enrolment::Model {
    enrolment::Model {
        id: tx.env().id(),
        space_id: of.space_id,
        cohort_id: of.id,
        person_id: person,
        state: state.code().to_owned(),
        source: source.code().to_owned(),
        enrolled_at: tx.env().now(),
        left_at: None,
        left_cause: None,
        extended_to: None,
        first_seen_at: None,
        last_activity_at: None,
        done_count: 0,
        done_minutes: 0,
        completed_at: None,
        left_note: None,
        calendar_token: Some(tx.env().token()),
        convened_at: None,
        calendar_sequence: 0,
        calendar_changed_at: None,
        told_extension: false,
    }
}

/// Takes up an enrolment that had ended; enrolled anew, so last on a waiting list.
pub(super) async fn come_back(
    tx: &WriteTx,
    id: Uuid,
    state: EnrolState,
    source: Source,
) -> Result<(), CohortError> {
    let set = "state = $3, source = $4, enrolled_at = $5, left_at = NULL, left_cause = NULL, left_note = NULL";
    let values: [Sql; 3] = [
        state.code().into(),
        source.code().into(),
        tx.env().now().into(),
    ];
    let done = store::change_enrolment(tx, id, EnrolState::Left, set, values).await?;
    if done {
        Ok(())
    } else {
        Err(CohortError::Changed)
    }
}

pub(super) fn about(
    of: &cohort::Model,
    person: Uuid,
    actor: Actor,
    kind: &'static str,
    payload: Value,
) -> Fact {
    Fact {
        space: of.space_id,
        kind,
        actor,
        subject: person,
        payload,
    }
}

/// Gives a free place to whoever has waited longest; none when nobody waits.
pub async fn seat_first_waiting(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
) -> Result<Option<enrolment::Model>, CohortError> {
    let of = open_cohort(tx, allowed.object().cohort.id).await?;
    if store::places_of(&**tx, &of).await?.free() == 0 {
        return Err(CohortError::Full);
    }
    let waiting = store::enrolments_of(&**tx, &of).await?;
    let Some(first) = waiting
        .into_iter()
        .find(|e| e.state == EnrolState::Waiting.code())
    else {
        return Ok(None);
    };
    if !store::change_enrolment(tx, first.id, EnrolState::Waiting, "state = 'active'", []).await? {
        return Err(CohortError::Changed);
    }
    let payload =
        json!({"enrolment": first.id, "cohort": of.id, "source": first.source, "waited": true});
    tx.append(about(
        &of,
        first.person_id,
        allowed.actor(),
        ENROLLED,
        payload,
    ))
    .await?;
    Ok(Some(first))
}

/// Somebody leaves, with a cause; a note stays in the cohort and never goes to the journal.
pub async fn leave(
    tx: &WriteTx,
    allowed: &Allowed<ManageEnrolment>,
    cause: LeaveCause,
    note: Option<&str>,
) -> Result<(), CohortError> {
    let object = allowed.object();
    let of = store::lock_cohort(tx, object.cohort.id).await?;
    let now = store::find_enrolment(&**tx, object.enrolment.id)
        .await?
        .ok_or(CohortError::NotFound)?;
    let state = EnrolState::parse(&now.state)
        .filter(|s| *s != EnrolState::Left)
        .ok_or(CohortError::Changed)?;
    end(tx, &now, state, cause, note).await?;
    let payload =
        json!({"enrolment": now.id, "cohort": of.id, "cause": cause.code(), "from": state.code()});
    tx.append(about(&of, now.person_id, allowed.actor(), LEFT, payload))
        .await?;
    Ok(())
}

pub(super) async fn end(
    tx: &WriteTx,
    of: &enrolment::Model,
    from: EnrolState,
    cause: LeaveCause,
    note: Option<&str>,
) -> Result<(), CohortError> {
    let set = "state = 'left', left_at = $3, left_cause = $4, left_note = $5";
    let values: [Sql; 3] = [
        tx.env().now().into(),
        cause.code().into(),
        note.map(str::to_owned).into(),
    ];
    let done = store::change_enrolment(tx, of.id, from, set, values).await?;
    if done {
        Ok(())
    } else {
        Err(CohortError::Changed)
    }
}

/// Undoes a departure: the person has their place again, with all that was done.
/// Refused when the place has been given to somebody else.
pub async fn undo_leave(
    tx: &WriteTx,
    allowed: &Allowed<ManageEnrolment>,
) -> Result<(), CohortError> {
    let object = allowed.object();
    let of = open_cohort(tx, object.cohort.id).await?;
    if store::places_of(&**tx, &of).await?.free() == 0 {
        return Err(CohortError::Full);
    }
    // The date of enrolment stays: this departure did not happen.
    let set = "state = 'active', left_at = NULL, left_cause = NULL, left_note = NULL";
    if !store::change_enrolment(tx, object.enrolment.id, EnrolState::Left, set, []).await? {
        return Err(CohortError::Changed);
    }
    let payload = json!({"enrolment": object.enrolment.id, "cohort": of.id});
    tx.append(about(
        &of,
        object.enrolment.person_id,
        allowed.actor(),
        RETURNED,
        payload,
    ))
    .await?;
    Ok(())
}

/// Gives somebody until that day for everything; none takes the extension back.
pub async fn extend(
    tx: &WriteTx,
    allowed: &Allowed<ManageEnrolment>,
    to: Option<Date>,
) -> Result<(), CohortError> {
    let object = allowed.object();
    if let Some(to) = to {
        let day = object.cohort.time().today(tx.env().now());
        let latest = day
            .checked_add(jiff::Span::new().days(LONGEST_EXTENSION))
            .map_err(|_| CohortError::BadDate)?;
        if to < day || to > latest {
            return Err(CohortError::BadDate);
        }
    }
    let to = to.map(|day| day.to_string());
    if !store::change_enrolment(
        tx,
        object.enrolment.id,
        EnrolState::Active,
        "extended_to = $3, told_extension = CASE WHEN $3 IS NULL THEN told_extension ELSE TRUE END",
        [to.clone().into()],
    )
    .await?
    {
        return Err(CohortError::Changed);
    }
    refresh_late_after(tx, Whose::Enrolments(&[object.enrolment.id])).await?;
    let payload = json!({"enrolment": object.enrolment.id, "cohort": object.cohort.id,
        "from": object.enrolment.extended_to, "to": to});
    let of = &object.cohort;
    tx.append(about(
        of,
        object.enrolment.person_id,
        allowed.actor(),
        EXTENDED,
        payload,
    ))
    .await?;
    Ok(())
}

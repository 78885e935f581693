//! Moving a trainee to another cohort of the same course: what is done comes along.

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_web::Allowed;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::enrolling::{about, come_back, end, new_row, open_cohort};
use super::entity::{cohort, enrolment};
use super::error::CohortError;
use super::model::{EnrolState, LeaveCause, Source};
use super::{MOVED, store};
use crate::access::ManageEnrolment;
use crate::progress::{COURSE_COMPLETED, Whose, refresh_late_after, standing_of};

/// Moves a trainee; returns the enrolment in the other cohort. States and attempts of the
/// activities that exist there go with them. Refused when no place is left there.
pub async fn move_to(
    tx: &WriteTx,
    allowed: &Allowed<ManageEnrolment>,
    to: Uuid,
) -> Result<Uuid, CohortError> {
    let object = allowed.object();
    let target = open_cohort(tx, to).await?;
    let from = &object.cohort;
    if target.id == from.id
        || target.course_id != from.course_id
        || target.space_id != from.space_id
    {
        return Err(CohortError::OtherCourse);
    }
    let before = store::find_enrolment(&**tx, object.enrolment.id)
        .await?
        .ok_or(CohortError::NotFound)?;
    let state = EnrolState::parse(&before.state)
        .filter(|s| *s != EnrolState::Left)
        .ok_or(CohortError::Changed)?;
    if store::places_of(&**tx, &target).await?.free() == 0 {
        return Err(CohortError::Full);
    }
    end(tx, &before, state, LeaveCause::Moved, None).await?;
    let id = take_place(tx, &target, before.person_id).await?;
    bring_work(tx, before.id, id).await?;
    let payload = json!({"enrolment": id, "cohort": target.id, "from_enrolment": before.id, "from_cohort": from.id});
    tx.append(about(
        &target,
        before.person_id,
        allowed.actor(),
        MOVED,
        payload,
    ))
    .await?;
    sum_up(tx, allowed, &target, &before, id).await?;
    Ok(id)
}

async fn take_place(
    tx: &WriteTx,
    target: &cohort::Model,
    person: Uuid,
) -> Result<Uuid, CohortError> {
    let there = store::enrolments_of_persons(&**tx, target, &[person]).await?;
    let there = there.into_iter().next();
    match there {
        None => {
            let row = new_row(tx, target, person, EnrolState::Active, Source::Move);
            let id = row.id;
            store::insert_enrolments(tx, vec![row]).await?;
            Ok(id)
        }
        Some(there) if there.state == EnrolState::Left.code() => {
            come_back(tx, there.id, EnrolState::Active, Source::Move).await?;
            Ok(there.id)
        }
        Some(_) => Err(CohortError::Changed),
    }
}

/// States are copied; where something was done there before, the better of each is kept: done, the score,
/// passed, the first opening, the last, the time. Attempts follow, so that content resumes where it stopped.
async fn bring_work(tx: &WriteTx, from: Uuid, to: Uuid) -> Result<(), CohortError> {
    let states = "INSERT INTO activity_state (enrolment_id, activity_id, status, score, success, seconds, started_at, \
                  last_at, done_at) \
                  SELECT e.id, s.activity_id, s.status, s.score, s.success, s.seconds, s.started_at, s.last_at, s.done_at \
                  FROM activity_state s JOIN enrolment e ON e.id = $2 \
                  JOIN cohort_activity ca ON ca.cohort_id = e.cohort_id AND ca.activity_id = s.activity_id \
                  WHERE s.enrolment_id = $1 \
                  ON CONFLICT (enrolment_id, activity_id) DO UPDATE SET \
                  status = CASE WHEN excluded.status = 'done' THEN 'done' ELSE activity_state.status END, \
                  score = CASE WHEN activity_state.score > excluded.score THEN activity_state.score \
                  ELSE COALESCE(excluded.score, activity_state.score) END, \
                  success = CASE WHEN activity_state.success = 'passed' THEN 'passed' \
                  ELSE COALESCE(excluded.success, activity_state.success) END, \
                  seconds = CASE WHEN activity_state.seconds > excluded.seconds THEN activity_state.seconds \
                  ELSE excluded.seconds END, \
                  started_at = CASE WHEN activity_state.started_at < excluded.started_at THEN activity_state.started_at \
                  ELSE excluded.started_at END, \
                  last_at = CASE WHEN activity_state.last_at > excluded.last_at THEN activity_state.last_at \
                  ELSE excluded.last_at END, \
                  done_at = CASE WHEN activity_state.done_at < excluded.done_at THEN activity_state.done_at \
                  ELSE COALESCE(excluded.done_at, activity_state.done_at) END";
    let attempts = "UPDATE attempt SET enrolment_id = $2 WHERE enrolment_id = $1 AND activity_id IN \
                    (SELECT ca.activity_id FROM cohort_activity ca JOIN enrolment e ON e.cohort_id = ca.cohort_id \
                    WHERE e.id = $2)";
    for sql in [states, attempts] {
        tx.execute_raw(statement(&**tx, sql, [from.into(), to.into()]))
            .await?;
    }
    Ok(())
}

/// Stores the sums of the new enrolment, by the rules of the new cohort.
async fn sum_up(
    tx: &WriteTx,
    allowed: &Allowed<ManageEnrolment>,
    target: &cohort::Model,
    before: &enrolment::Model,
    id: Uuid,
) -> Result<(), CohortError> {
    let Some(now) = standing_of(&**tx, id).await? else {
        return Ok(());
    };
    let completed = now
        .complete
        .then(|| before.completed_at.unwrap_or_else(|| tx.env().now()));
    let sql = "UPDATE enrolment SET done_count = $2, done_minutes = $3, completed_at = COALESCE(completed_at, $4), \
               first_seen_at = COALESCE(first_seen_at, $5), last_activity_at = COALESCE($6, last_activity_at) WHERE id = $1";
    let values = [
        id.into(),
        (now.done as i32).into(),
        now.minutes.into(),
        completed.into(),
        before.first_seen_at.into(),
        before.last_activity_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    refresh_late_after(tx, Whose::Enrolments(&[id])).await?;
    if completed.is_some() {
        let payload =
            json!({"enrolment": id, "cohort": target.id, "minutes": now.minutes, "done": now.done});
        tx.append(about(
            target,
            before.person_id,
            allowed.actor(),
            COURSE_COMPLETED,
            payload,
        ))
        .await?;
    }
    Ok(())
}

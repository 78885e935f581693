//! Making and changing cohorts: dates, places, tutors, joining link.

use jiff::civil::Date;
use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_web::Allowed;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calendar::parse_date;
use super::entity::cohort;
use super::error::CohortError;
use super::model::{CohortState, MAX_CAPACITY};
use super::plan::{enqueue_turns, follow_course, plan};
use super::time::GroupTime;
use super::{CHANGED, CREATED, store};
use crate::access::ManageCohort;
use crate::catalogue::plan_of;

/// A cohort to open.
#[derive(Clone, Debug)]
pub struct NewCohort {
    /// Space of the course.
    pub space: Uuid,
    /// A published course.
    pub course: Uuid,
    /// Name shown; the course's when empty.
    pub title: String,
    /// First day; any day of the week, past ones too.
    pub start: Date,
    /// IANA zone in which the dates are kept: the space's.
    pub zone: String,
    /// Places, from 1 to [`MAX_CAPACITY`].
    pub capacity: i32,
    /// Announced answering delay, hours; the course's when absent.
    pub answer_hours: Option<i32>,
    /// Who opens it.
    pub actor: Actor,
}

/// Opens a cohort: its dates and plan come from the start date and the course.
pub async fn cohort_create(tx: &WriteTx, new: NewCohort) -> Result<Uuid, CohortError> {
    let NewCohort {
        space,
        course,
        title,
        start,
        zone,
        capacity,
        answer_hours,
        actor,
    } = new;
    check_capacity(capacity)?;
    let source = plan_of(&**tx, course)
        .await?
        .filter(|plan| plan.course.space_id == space);
    let source = source.ok_or(CohortError::NotFound)?;
    if source.course.state != "published" {
        return Err(CohortError::NotPublished);
    }
    let id = tx.env().id();
    let start = start.to_string();
    let plan = plan(&source, id, &start)?;
    let title = if title.trim().is_empty() {
        source.course.title.clone()
    } else {
        title.trim().to_owned()
    };
    let row = cohort::ActiveModel {
        id: Set(id),
        space_id: Set(space),
        course_id: Set(course),
        title: Set(title),
        start_date: Set(start.clone()),
        end_date: Set(plan.end_date.clone()),
        zone: Set(zone.clone()),
        capacity: Set(capacity),
        state: Set(CohortState::Planned.code().to_owned()),
        rule: Set(plan.rule),
        sheet: Set(plan.sheet),
        agreed_minutes: Set(plan.agreed_minutes),
        answer_hours: Set(answer_hours
            .filter(|hours| *hours > 0)
            .unwrap_or(plan.answer_hours)),
        frozen_at: Set(None),
        join_code: Set(None),
        created_at: Set(tx.env().now()),
        calendar_sequence: Set(0),
        calendar_changed_at: Set(None),
        calendar_weeks: Set(0),
    };
    row.insert(&**tx).await?;
    store::replace_plan(tx, id, plan.weeks, plan.activities).await?;
    let time = GroupTime::named(&zone);
    enqueue_turns(tx, id, &start, &plan.end_date, &time).await?;
    let payload = json!({"course": course, "start": start, "end": plan.end_date, "capacity": capacity, "zone": zone});
    tx.append(Fact {
        space,
        kind: CREATED,
        actor,
        subject: id,
        payload,
    })
    .await?;
    Ok(id)
}

fn check_capacity(capacity: i32) -> Result<(), CohortError> {
    if (1..=MAX_CAPACITY).contains(&capacity) {
        Ok(())
    } else {
        Err(CohortError::Capacity)
    }
}

/// Settings of a cohort that a manager changes.
#[derive(Clone, Debug)]
pub struct CohortSettings {
    /// Name shown, not empty.
    pub title: String,
    /// First day; changes only before it has come.
    pub start: Date,
    /// Places; not fewer than are taken.
    pub capacity: i32,
    /// Announced answering delay, hours.
    pub answer_hours: i32,
}

/// Changes the settings of a cohort; a new start date moves every opening and deadline.
pub async fn change_cohort(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
    settings: &CohortSettings,
) -> Result<(), CohortError> {
    check_capacity(settings.capacity)?;
    let before = store::lock_cohort(tx, allowed.object().cohort.id).await?;
    let places = store::places_of(&**tx, &before).await?;
    if i64::from(settings.capacity) < places.active {
        return Err(CohortError::TooFewPlaces);
    }
    let start = settings.start.to_string();
    let mut changes = serde_json::Map::new();
    if start != before.start_date {
        if before.frozen_at.is_some() || before.state != CohortState::Planned.code() {
            return Err(CohortError::Started);
        }
        if settings.start < before.time().today(tx.env().now()) {
            return Err(CohortError::BadDate);
        }
        let source = plan_of(&**tx, before.course_id)
            .await?
            .ok_or(CohortError::NotFound)?;
        follow_course(tx, &before, &source, &start).await?;
        changes.insert("start".into(), json!([before.start_date, start]));
    }
    if settings.capacity != before.capacity {
        changes.insert(
            "capacity".into(),
            json!([before.capacity, settings.capacity]),
        );
    }
    if settings.answer_hours != before.answer_hours {
        changes.insert(
            "answer_hours".into(),
            json!([before.answer_hours, settings.answer_hours]),
        );
    }
    if settings.title != before.title {
        changes.insert("title".into(), json!(true));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE cohort SET title = $2, capacity = $3, answer_hours = $4 WHERE id = $1";
    let values = [
        before.id.into(),
        settings.title.as_str().into(),
        settings.capacity.into(),
        settings.answer_hours.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    changed(tx, &before, allowed.actor(), Value::Object(changes)).await
}

async fn changed(
    tx: &WriteTx,
    cohort: &cohort::Model,
    actor: Actor,
    payload: Value,
) -> Result<(), CohortError> {
    tx.append(Fact {
        space: cohort.space_id,
        kind: CHANGED,
        actor,
        subject: cohort.id,
        payload,
    })
    .await?;
    Ok(())
}

/// Gives a cohort up; it can be taken back by [`restore_cohort`].
pub async fn cancel_cohort(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
) -> Result<(), CohortError> {
    let cohort = &allowed.object().cohort;
    let sql = "UPDATE cohort SET state = 'cancelled', join_code = NULL WHERE id = $1 AND state IN ('planned', 'running')";
    if tx
        .execute_raw(statement(&**tx, sql, [cohort.id.into()]))
        .await?
        .rows_affected()
        == 0
    {
        return Err(CohortError::Closed);
    }
    store::revise_calendar(tx, cohort.id, 0).await?;
    changed(tx, cohort, allowed.actor(), json!({"cancelled": true})).await
}

/// Takes a cancelled cohort back, in the state that its dates ask for.
pub async fn restore_cohort(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
) -> Result<(), CohortError> {
    let cohort = &allowed.object().cohort;
    let state = if cohort.frozen_at.is_some() {
        CohortState::Running
    } else {
        CohortState::Planned
    };
    let sql = "UPDATE cohort SET state = $2 WHERE id = $1 AND state = 'cancelled'";
    if tx
        .execute_raw(statement(
            &**tx,
            sql,
            [cohort.id.into(), state.code().into()],
        ))
        .await?
        .rows_affected()
        == 0
    {
        return Err(CohortError::Changed);
    }
    store::revise_calendar(tx, cohort.id, 0).await?;
    changed(tx, cohort, allowed.actor(), json!({"cancelled": false})).await?;
    // The jobs of its dates may have run while it was cancelled.
    let day = cohort.time().today(tx.env().now());
    if state
        .due(
            parse_date(&cohort.start_date)?,
            parse_date(&cohort.end_date)?,
            day,
        )
        .is_some()
    {
        super::jobs::freeze_due(tx, tx.env().now()).await?;
    }
    Ok(())
}

/// Gives a cohort a tutor; false when they already are.
pub async fn assign_tutor(
    tx: &WriteTx,
    cohort: Uuid,
    person: Uuid,
    actor: Actor,
) -> Result<bool, CohortError> {
    let of = store::find_cohort(&**tx, cohort)
        .await?
        .ok_or(CohortError::NotFound)?;
    let sql =
        "INSERT INTO cohort_tutor (cohort_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let done = tx
        .execute_raw(statement(&**tx, sql, [cohort.into(), person.into()]))
        .await?
        .rows_affected()
        == 1;
    if done {
        changed(tx, &of, actor, json!({"tutor_added": person})).await?;
    }
    Ok(done)
}

/// Takes a tutor from a cohort; false when they were not.
pub async fn remove_tutor(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
    person: Uuid,
) -> Result<bool, CohortError> {
    let of = &allowed.object().cohort;
    let sql = "DELETE FROM cohort_tutor WHERE cohort_id = $1 AND person_id = $2";
    let done = tx
        .execute_raw(statement(&**tx, sql, [of.id.into(), person.into()]))
        .await?
        .rows_affected()
        == 1;
    if done {
        changed(tx, of, allowed.actor(), json!({"tutor_removed": person})).await?;
    }
    Ok(done)
}

/// Opens the joining link of a cohort, or makes a new one; the old one stops working. Returns its code.
pub async fn open_link(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
) -> Result<String, CohortError> {
    let of = store::lock_cohort(tx, allowed.object().cohort.id).await?;
    if !CohortState::parse(&of.state).is_some_and(CohortState::takes_people) {
        return Err(CohortError::Closed);
    }
    let code = tx.env().label();
    let sql = "UPDATE cohort SET join_code = $2 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [of.id.into(), code.as_str().into()]))
        .await?;
    let what = if of.join_code.is_some() {
        "renewed"
    } else {
        "opened"
    };
    changed(tx, &of, allowed.actor(), json!({"link": what})).await?;
    Ok(code)
}

/// Closes the joining link; nothing happens when there is none.
pub async fn close_link(tx: &WriteTx, allowed: &Allowed<ManageCohort>) -> Result<(), CohortError> {
    let of = &allowed.object().cohort;
    let sql = "UPDATE cohort SET join_code = NULL WHERE id = $1 AND join_code IS NOT NULL";
    if tx
        .execute_raw(statement(&**tx, sql, [of.id.into()]))
        .await?
        .rows_affected()
        == 1
    {
        changed(tx, of, allowed.actor(), json!({"link": "closed"})).await?;
    }
    Ok(())
}

//! The plan of a cohort: the course's weeks and activities with dates, copied
//! while the cohort is planned, frozen as it starts.

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::NewJob;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::calendar::{cohort_calendar, parse_date};
use super::entity::{cohort, cohort_activity, cohort_week};
use super::error::CohortError;
use super::jobs::TURN;
use super::store;
use super::time::GroupTime;
use crate::catalogue::{CoursePlan, plan_of};

/// What a cohort copies from its course.
pub(super) struct Plan {
    pub weeks: Vec<cohort_week::Model>,
    pub activities: Vec<cohort_activity::Model>,
    pub end_date: String,
    pub rule: String,
    pub sheet: String,
    pub agreed_minutes: i32,
    pub answer_hours: i32,
}

/// Works out the plan of a cohort that starts on `start` (`2026-11-23`); pure but for its errors.
pub(super) fn plan(course: &CoursePlan, cohort: Uuid, start: &str) -> Result<Plan, CohortError> {
    if course.weeks.is_empty() {
        return Err(CohortError::NoWeek);
    }
    let dates = cohort_calendar(parse_date(start)?, course.weeks.len())?;
    let end_date = dates
        .last()
        .map(|week| week.due_on.to_string())
        .ok_or(CohortError::NoWeek)?;
    let mut weeks = Vec::with_capacity(dates.len());
    let mut activities = Vec::new();
    for ((planned, dates), rank) in course.weeks.iter().zip(dates).zip(1_i32..) {
        let week = &planned.week;
        weeks.push(cohort_week::Model {
            cohort_id: cohort,
            rank,
            title: week.title.clone(),
            summary: week.summary.clone(),
            opens_on: dates.opens_on.to_string(),
            due_on: dates.due_on.to_string(),
        });
        activities.extend(
            planned
                .activities
                .iter()
                .zip(1_i32..)
                .map(|(activity, place)| cohort_activity::Model {
                    cohort_id: cohort,
                    activity_id: activity.id,
                    week_rank: rank,
                    rank: place,
                    kind: activity.kind.clone(),
                    title: activity.title.clone(),
                    minutes: activity.minutes,
                    optional: activity.optional,
                    rule: activity.rule.clone(),
                }),
        );
    }
    let sheet = &course.sheet;
    let estimated = activities
        .iter()
        .filter(|a| !a.optional)
        .fold(0, |sum: i32, a| sum.saturating_add(a.minutes));
    Ok(Plan {
        weeks,
        activities,
        end_date,
        rule: course.course.rule.clone(),
        sheet: course.course.sheet.clone(),
        // A sheet that does not tell the duration agreed means what its activities add up to.
        agreed_minutes: if sheet.agreed_minutes > 0 {
            sheet.agreed_minutes
        } else {
            estimated
        },
        answer_hours: if sheet.answer_hours > 0 {
            sheet.answer_hours
        } else {
            super::ANSWER_HOURS
        },
    })
}

/// Rewrites the plan of every cohort of a course that has not started. Those that have keep theirs.
pub async fn sync_plan_of_course(tx: &WriteTx, course: Uuid) -> Result<(), CohortError> {
    let cohorts = store::open_plans_of(&**tx, course).await?;
    if cohorts.is_empty() {
        return Ok(());
    }
    let Some(source) = plan_of(&**tx, course).await? else {
        return Ok(());
    };
    if source.weeks.is_empty() {
        // A course being rebuilt: cohorts keep the plan they have until there is another one.
        return Ok(());
    }
    for cohort in cohorts {
        follow_course(tx, &cohort, &source, &cohort.start_date).await?;
    }
    Ok(())
}

/// Writes the plan that a course gives a cohort starting on `start`, and the jobs at its first and last day.
pub(super) async fn follow_course(
    tx: &WriteTx,
    cohort: &cohort::Model,
    source: &CoursePlan,
    start: &str,
) -> Result<(), CohortError> {
    let Plan {
        weeks,
        activities,
        end_date,
        rule,
        sheet,
        agreed_minutes,
        ..
    } = plan(source, cohort.id, start)?;
    let sql = "UPDATE cohort SET start_date = $2, end_date = $3, rule = $4, sheet = $5, agreed_minutes = $6 \
               WHERE id = $1 AND frozen_at IS NULL";
    let values = [
        cohort.id.into(),
        start.into(),
        end_date.as_str().into(),
        rule.into(),
        sheet.into(),
        agreed_minutes.into(),
    ];
    if tx
        .execute_raw(statement(&**tx, sql, values))
        .await?
        .rows_affected()
        == 0
    {
        return Err(CohortError::Started);
    }
    let before = store::weeks_of(&**tx, cohort.id).await?;
    let told = |weeks: &[cohort_week::Model]| -> Vec<[String; 3]> {
        let line = |w: &cohort_week::Model| [&w.title, &w.opens_on, &w.due_on].map(Clone::clone);
        weeks.iter().map(line).collect()
    };
    if told(&before) != told(&weeks) {
        store::revise_calendar(tx, cohort.id, before.len()).await?;
    }
    store::replace_plan(tx, cohort.id, weeks, activities).await?;
    enqueue_turns(tx, cohort.id, start, &end_date, &cohort.time()).await
}

/// Jobs at the local start and end; one for each date, whatever the number of times it is asked.
pub(super) async fn enqueue_turns(
    tx: &WriteTx,
    cohort: Uuid,
    start: &str,
    end: &str,
    time: &GroupTime,
) -> Result<(), CohortError> {
    let moments = [
        ("start", start, time.begins(parse_date(start)?)),
        ("end", end, time.ends(parse_date(end)?)),
    ];
    for (what, day, at) in moments {
        let key = format!("cohort-{what}-{cohort}-{day}");
        tx.enqueue(
            NewJob::new(TURN, json!({"cohort": cohort}))
                .at(at)
                .dedup(key),
        )
        .await?;
    }
    Ok(())
}

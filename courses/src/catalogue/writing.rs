//! Making and changing courses, in the caller's transaction: what pages, the command
//! line and the demonstration share. Who may do it was decided before.

use std::collections::HashMap;

use passerelle_kernel::WriteTx;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_text::fold::fold;
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::activity_model::{ActivityKind, MAX_TITLE, NewActivity};
use super::entity::{activity, course, course_version, week};
use super::error::CatalogueError;
use super::model::{Sheet, SheetField, slug};
use super::order::Order;
use super::queries::{CoursePlan, plan_of};
use super::{COURSE_ARCHIVED, COURSE_CHANGED, COURSE_CREATED, COURSE_PUBLISHED, store};
use crate::cohorts::CohortError;
use crate::content::{FileContent, with_column};
use crate::progress::model::CourseRule;

/// Called after every change that cohorts copy: those that have not started follow the course.
pub(super) async fn plan_changed(tx: &WriteTx, course: Uuid) -> Result<(), CatalogueError> {
    match crate::cohorts::sync_plan_of_course(tx, course).await {
        Ok(()) => Ok(()),
        Err(CohortError::Db(error)) => Err(error.into()),
        Err(CohortError::Append(error)) => Err(error.into()),
        // A cohort is planned that cannot hold so many weeks.
        Err(CohortError::Calendar(_)) => {
            Err(CatalogueError::Invalid("week", "catalogue-error-weeks"))
        }
        Err(other) => Err(DbErr::Custom(other.to_string()).into()),
    }
}

/// A new draft without weeks; its slug comes from the title.
pub async fn course_new(
    tx: &WriteTx,
    space: Uuid,
    title: &str,
    actor: Actor,
) -> Result<Uuid, CatalogueError> {
    let title = checked_title(title)?;
    let id = tx.env().id();
    let now = tx.env().now();
    let row = course::Model {
        id,
        space_id: space,
        slug: free_slug(tx, space, title).await?,
        title: title.to_owned(),
        state: "draft".to_owned(),
        sheet: serde_json::to_string(&Sheet {
            answer_hours: 72,
            ..Sheet::default()
        })?,
        rule: serde_json::to_string(&CourseRule::All)?,
        revision: 1,
        created_at: now,
        updated_at: now,
        published_at: None,
        search: fold(title),
        title_key: fold(title),
    };
    let payload = json!({"course": id, "slug": row.slug});
    store::insert(tx, row).await?;
    tx.append(Fact {
        space,
        kind: COURSE_CREATED,
        actor,
        subject: id,
        payload,
    })
    .await?;
    Ok(id)
}

/// A week at the end of the course.
pub async fn week_add(
    tx: &WriteTx,
    course: Uuid,
    title: &str,
    summary: &str,
) -> Result<Uuid, CatalogueError> {
    let title = checked_title(title)?;
    let plan = plan(tx, course).await?;
    let id = tx.env().id();
    let row = week::Model {
        id,
        space_id: plan.course.space_id,
        course_id: course,
        rank: plan.weeks.len() as i32 + 1,
        title: title.to_owned(),
        summary: summary.trim().to_owned(),
    };
    store::insert(tx, row).await?;
    count_weeks(tx, plan, 1).await?;
    plan_changed(tx, course).await?;
    Ok(id)
}

/// An activity at the end of its week.
pub async fn activity_add(
    tx: &WriteTx,
    course: Uuid,
    new: NewActivity,
) -> Result<Uuid, CatalogueError> {
    let plan = plan(tx, course).await?;
    check_activity(tx, &plan, &new).await?;
    let week = plan
        .weeks
        .iter()
        .find(|w| w.week.id == new.week_id)
        .ok_or(CatalogueError::Gone)?;
    let id = tx.env().id();
    let row = activity::Model {
        id,
        space_id: plan.course.space_id,
        course_id: course,
        week_id: new.week_id,
        rank: week.activities.len() as i32 + 1,
        kind: new.kind.code().to_owned(),
        title: new.title.trim().to_owned(),
        minutes: new.minutes,
        optional: new.optional,
        rule: serde_json::to_string(&new.rule)?,
        objectives: serde_json::to_string(&known_objectives(&plan, &new.objectives))?,
        content: new.content.to_string(),
        package_id: new.package_id,
        archived_at: None,
    };
    store::insert(tx, row).await?;
    plan_changed(tx, course).await?;
    Ok(id)
}

/// Changes an activity; its kind and its place stay.
pub async fn activity_set(
    tx: &WriteTx,
    course: Uuid,
    id: Uuid,
    new: NewActivity,
) -> Result<(), CatalogueError> {
    let plan = plan(tx, course).await?;
    let stored = plan
        .activities()
        .find(|a| a.id == id)
        .ok_or(CatalogueError::Gone)?;
    if stored.kind != new.kind.code() {
        return Err(CatalogueError::Gone);
    }
    check_activity(tx, &plan, &new).await?;
    let row = activity::Model {
        title: new.title.trim().to_owned(),
        minutes: new.minutes,
        optional: new.optional,
        rule: serde_json::to_string(&new.rule)?,
        objectives: serde_json::to_string(&known_objectives(&plan, &new.objectives))?,
        content: with_column(&stored.content, &new.content),
        package_id: new.package_id,
        ..stored.clone()
    };
    store::save_activity(tx, &row).await?;
    plan_changed(tx, course).await
}

/// What a form cannot be trusted for: that the package is of the space and the file of the course.
async fn check_activity(
    tx: &WriteTx,
    plan: &CoursePlan,
    new: &NewActivity,
) -> Result<(), CatalogueError> {
    if let Some((field, message)) = new.problems().into_iter().next() {
        return Err(CatalogueError::Invalid(field, message));
    }
    if let Some(package) = new.package_id {
        let found = crate::content::store::package_in(&**tx, plan.course.space_id, package).await?;
        if found.is_none() || new.kind != ActivityKind::Package {
            return Err(CatalogueError::Invalid(
                "package",
                "catalogue-error-package",
            ));
        }
    }
    if new.kind == ActivityKind::File {
        let file: FileContent = serde_json::from_value(new.content.clone())?;
        let files = store::attachments(&**tx, plan.course.id).await?;
        if !files.iter().any(|f| f.id == file.attachment) {
            return Err(CatalogueError::Invalid("file", "catalogue-error-file"));
        }
    }
    Ok(())
}

fn known_objectives(plan: &CoursePlan, wanted: &[Uuid]) -> Vec<Uuid> {
    plan.sheet
        .objectives
        .iter()
        .map(|o| o.id)
        .filter(|id| wanted.contains(id))
        .collect()
}

/// Removes an activity from the plan; what was done of it is kept.
pub async fn activity_remove(tx: &WriteTx, course: Uuid, id: Uuid) -> Result<(), CatalogueError> {
    let plan = plan(tx, course).await?;
    let stored = plan
        .activities()
        .find(|a| a.id == id)
        .ok_or(CatalogueError::Gone)?;
    let row = activity::Model {
        archived_at: Some(tx.env().now()),
        ..stored.clone()
    };
    store::save_activity(tx, &row).await?;
    let mut order = plan.order();
    for (_, activities) in &mut order {
        activities.retain(|a| *a != id);
    }
    place(tx, &plan, &order).await?;
    plan_changed(tx, course).await
}

/// Puts a removed activity back at the end of its week.
pub async fn activity_restore(tx: &WriteTx, course: Uuid, id: Uuid) -> Result<(), CatalogueError> {
    let stored = store::activity(&**tx, course, id)
        .await?
        .ok_or(CatalogueError::Gone)?;
    let plan = plan(tx, course).await?;
    let week = plan
        .weeks
        .iter()
        .find(|w| w.week.id == stored.week_id)
        .ok_or(CatalogueError::Gone)?;
    let rank = week.activities.len() as i32 + 1;
    if stored.archived_at.is_some() {
        store::save_activity(
            tx,
            &activity::Model {
                archived_at: None,
                ..stored
            },
        )
        .await?;
        store::place_activity(tx, id, week.week.id, rank).await?;
    }
    plan_changed(tx, course).await
}

/// Gives weeks and activities another order; the two hold the same things.
pub(super) async fn reorder(
    tx: &WriteTx,
    plan: &CoursePlan,
    order: &Order,
) -> Result<(), CatalogueError> {
    place(tx, plan, order).await?;
    plan_changed(tx, plan.course.id).await
}

/// Writes the places that differ from those of the plan, counted from 1.
async fn place(tx: &WriteTx, plan: &CoursePlan, order: &Order) -> Result<(), CatalogueError> {
    let weeks: HashMap<Uuid, i32> = plan
        .weeks
        .iter()
        .map(|w| (w.week.id, w.week.rank))
        .collect();
    let activities: HashMap<Uuid, (Uuid, i32)> = plan
        .activities()
        .map(|a| (a.id, (a.week_id, a.rank)))
        .collect();
    for (n, (week, inside)) in order.iter().enumerate() {
        let rank = n as i32 + 1;
        if weeks.get(week) != Some(&rank) {
            store::rank_week(tx, *week, rank).await?;
        }
        for (n, id) in inside.iter().enumerate() {
            let place = (*week, n as i32 + 1);
            if activities.get(id) != Some(&place) {
                store::place_activity(tx, *id, place.0, place.1).await?;
            }
        }
    }
    Ok(())
}

/// Removes an empty week that is not the only one.
pub async fn week_remove(tx: &WriteTx, course: Uuid, id: Uuid) -> Result<(), CatalogueError> {
    let plan = plan(tx, course).await?;
    let week = plan
        .weeks
        .iter()
        .find(|w| w.week.id == id)
        .ok_or(CatalogueError::Gone)?;
    let heir = plan
        .weeks
        .iter()
        .find(|w| w.week.id != id)
        .map(|w| w.week.id);
    let (true, Some(heir)) = (week.activities.is_empty(), heir) else {
        return Err(CatalogueError::WeekKept);
    };
    store::delete_week(tx, id, heir).await?;
    let order: Order = plan
        .order()
        .into_iter()
        .filter(|(week, _)| *week != id)
        .collect();
    place(tx, &plan, &order).await?;
    count_weeks(tx, plan, -1).await?;
    plan_changed(tx, course).await
}

/// The sheet tells how many weeks there are.
async fn count_weeks(tx: &WriteTx, plan: CoursePlan, by: i32) -> Result<(), CatalogueError> {
    let sheet = Sheet {
        weeks: plan.weeks.len() as i32 + by,
        ..plan.sheet
    };
    let row = course::Model {
        sheet: serde_json::to_string(&sheet)?,
        ..plan.course
    };
    Ok(store::save_course(tx, &row).await?)
}

/// Writes the title and the sheet. The number of weeks stays that of the plan; the slug follows
/// the title until the course is published. For a published course the journal names the fields.
pub async fn sheet_set(
    tx: &WriteTx,
    course: Uuid,
    title: &str,
    sheet: &Sheet,
    actor: Actor,
) -> Result<(), CatalogueError> {
    let title = checked_title(title)?;
    for field in SheetField::ALL {
        if field.of(sheet).chars().count() > field.limit() as usize {
            return Err(CatalogueError::Invalid(
                field.code(),
                "catalogue-error-text-long",
            ));
        }
    }
    let plan = plan(tx, course).await?;
    let sheet = Sheet {
        weeks: plan.sheet.weeks,
        ..sheet.clone()
    };
    let mut changed = sheet.changes(&plan.sheet);
    if title != plan.course.title {
        changed.insert(0, "title");
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut row = plan.course;
    if title != row.title && row.published_at.is_none() {
        row.slug = free_slug(tx, row.space_id, title).await?;
    }
    title.clone_into(&mut row.title);
    row.search = searched(title, &sheet);
    row.sheet = serde_json::to_string(&sheet)?;
    store::save_course(tx, &row).await?;
    if row.state == "published" {
        let payload = json!({"course": course, "fields": changed});
        tx.append(Fact {
            space: row.space_id,
            kind: COURSE_CHANGED,
            actor,
            subject: course,
            payload,
        })
        .await?;
    }
    plan_changed(tx, course).await
}

/// Says when the course is completed.
pub async fn rule_set(tx: &WriteTx, course: Uuid, rule: CourseRule) -> Result<(), CatalogueError> {
    let plan = plan(tx, course).await?;
    let row = course::Model {
        rule: serde_json::to_string(&rule)?,
        ..plan.course
    };
    store::save_course(tx, &row).await?;
    plan_changed(tx, course).await
}

/// Makes the sheet and the outline public as they are now, dated; gives the instant.
///
/// # Errors
/// [`CatalogueError::Incomplete`] while something compulsory is missing.
pub async fn publish(tx: &WriteTx, course: Uuid, actor: Actor) -> Result<i64, CatalogueError> {
    let plan = plan(tx, course).await?;
    let gaps = plan.sheet.gaps();
    if !gaps.is_empty() {
        return Err(CatalogueError::Incomplete(gaps));
    }
    let at = plan
        .course
        .published_at
        .map_or(tx.env().now(), |last| tx.env().now().max(last + 1));
    let published = plan.published();
    let row = course_version::Model {
        course_id: course,
        published_at: at,
        sheet: serde_json::to_string(&published)?,
    };
    store::insert(tx, row).await?;
    let row = course::Model {
        state: "published".to_owned(),
        published_at: Some(at),
        ..plan.course
    };
    store::save_course(tx, &row).await?;
    let payload = json!({"course": course, "version": at, "sheet_sha256": digest(&published)?});
    tx.append(Fact {
        space: row.space_id,
        kind: COURSE_PUBLISHED,
        actor,
        subject: course,
        payload,
    })
    .await?;
    Ok(at)
}

/// What was public can be proved from the journal without copying it there.
fn digest(published: &super::model::PublishedSheet) -> Result<String, CatalogueError> {
    use sha2::Digest as _;
    let bytes = serde_json::to_vec(published)?;
    Ok(sha2::Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Takes the course out of the catalogue and of the list; or back, as a draft.
pub async fn archive(
    tx: &WriteTx,
    course: Uuid,
    archived: bool,
    actor: Actor,
) -> Result<(), CatalogueError> {
    let plan = plan(tx, course).await?;
    let state = if archived { "archived" } else { "draft" };
    let was_public = plan.course.state == "published";
    let row = course::Model {
        state: state.to_owned(),
        ..plan.course
    };
    store::save_course(tx, &row).await?;
    if archived {
        let payload = json!({"course": course, "was_public": was_public});
        tx.append(Fact {
            space: row.space_id,
            kind: COURSE_ARCHIVED,
            actor,
            subject: course,
            payload,
        })
        .await?;
    }
    Ok(())
}

pub(super) async fn plan(tx: &WriteTx, course: Uuid) -> Result<CoursePlan, CatalogueError> {
    plan_of(&**tx, course).await?.ok_or(CatalogueError::Gone)
}

pub(super) fn checked_title(title: &str) -> Result<&str, CatalogueError> {
    let title = title.trim();
    match title.chars().count() {
        0 => Err(CatalogueError::Invalid("title", "catalogue-error-title")),
        n if n > MAX_TITLE => Err(CatalogueError::Invalid(
            "title",
            "catalogue-error-title-long",
        )),
        _ => Ok(title),
    }
}

async fn free_slug(tx: &WriteTx, space: Uuid, title: &str) -> Result<String, CatalogueError> {
    let wanted = slug(title);
    let taken = store::slugs_like(&**tx, space, &wanted).await?;
    let mut candidate = wanted.clone();
    let mut number = 1;
    while taken.contains(&candidate) {
        number += 1;
        candidate = format!("{wanted}-{number}");
    }
    Ok(candidate)
}

/// What the catalogue is searched by.
pub(crate) fn searched(title: &str, sheet: &Sheet) -> String {
    fold(&format!("{title} {} {}", sheet.summary, sheet.audience))
}

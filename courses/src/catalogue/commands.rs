//! What a manager may do to a course from a page: the right was checked, the revision
//! is checked here, the work is in [`super::writing`].

use passerelle_kernel::WriteTx;
use passerelle_web::Allowed;
use uuid::Uuid;

use super::activity_model::NewActivity;
use super::copying::course_copy;
use super::error::CatalogueError;
use super::model::Sheet;
use super::order::{Direction, move_activity, move_week};
use super::{store, writing};
use crate::access::{EditCourse, ManageCourses};
use crate::progress::model::CourseRule;

/// The revision that a form was made from; none for what cannot be out of date.
pub type Revision = Option<i64>;

async fn begin(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
) -> Result<Uuid, CatalogueError> {
    let course = allowed.object().course.id;
    if store::touch(tx, course, revision).await? {
        Ok(course)
    } else {
        Err(CatalogueError::Stale)
    }
}

/// A draft with so many empty weeks, named by `week_title` from their number.
pub async fn create_course(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    title: &str,
    weeks: i32,
    week_title: impl Fn(i32) -> String,
) -> Result<Uuid, CatalogueError> {
    let course = writing::course_new(tx, allowed.object().id, title, allowed.actor()).await?;
    for number in 1..=weeks {
        writing::week_add(tx, course, &week_title(number), "").await?;
    }
    Ok(course)
}

/// See [`course_copy`].
pub async fn duplicate_course(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    title: &str,
) -> Result<Uuid, CatalogueError> {
    course_copy(tx, allowed.object().course.id, title, allowed.actor()).await
}

/// See [`writing::sheet_set`].
pub async fn save_sheet(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    title: &str,
    sheet: &Sheet,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::sheet_set(tx, course, title, sheet, allowed.actor()).await
}

/// See [`writing::rule_set`].
pub async fn save_rule(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    rule: CourseRule,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::rule_set(tx, course, rule).await
}

/// See [`writing::publish`].
pub async fn publish_course(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::publish(tx, course, allowed.actor())
        .await
        .map(|_| ())
}

/// See [`writing::archive`].
pub async fn archive_course(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    archived: bool,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, None).await?;
    writing::archive(tx, course, archived, allowed.actor()).await
}

/// See [`writing::week_add`].
pub async fn add_week(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    title: &str,
    summary: &str,
) -> Result<Uuid, CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::week_add(tx, course, title, summary).await
}

/// Changes the title and the summary of a week.
pub async fn save_week(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    week: Uuid,
    (title, summary): (&str, &str),
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    let title = writing::checked_title(title)?;
    if !store::save_week(tx, course, week, title, summary.trim()).await? {
        return Err(CatalogueError::Gone);
    }
    writing::plan_changed(tx, course).await
}

/// Moves a week by one place; nothing when it is at the end already.
pub async fn shift_week(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    week: Uuid,
    direction: Direction,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    let plan = writing::plan(tx, course).await?;
    match move_week(&plan.order(), week, direction) {
        Some(order) => writing::reorder(tx, &plan, &order).await,
        None => Ok(()),
    }
}

/// See [`writing::week_remove`].
pub async fn remove_week(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    week: Uuid,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::week_remove(tx, course, week).await
}

/// Adds an activity, or changes the one of that id.
pub async fn save_activity(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    id: Option<Uuid>,
    activity: NewActivity,
) -> Result<Uuid, CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    match id {
        None => writing::activity_add(tx, course, activity).await,
        Some(id) => writing::activity_set(tx, course, id, activity)
            .await
            .map(|()| id),
    }
}

/// Moves an activity by one place, to the neighbouring week where its own ends.
pub async fn shift_activity(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    activity: Uuid,
    direction: Direction,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    let plan = writing::plan(tx, course).await?;
    match move_activity(&plan.order(), activity, direction) {
        Some(order) => writing::reorder(tx, &plan, &order).await,
        None => Ok(()),
    }
}

/// See [`writing::activity_remove`].
pub async fn remove_activity(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    revision: Revision,
    activity: Uuid,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, revision).await?;
    writing::activity_remove(tx, course, activity).await
}

/// See [`writing::activity_restore`].
pub async fn restore_activity(
    tx: &WriteTx,
    allowed: &Allowed<EditCourse>,
    activity: Uuid,
) -> Result<(), CatalogueError> {
    let course = begin(tx, allowed, None).await?;
    writing::activity_restore(tx, course, activity).await
}

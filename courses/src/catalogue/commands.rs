//! Making and changing courses.

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, Set};
use serde_json::{Value, json};

use super::model::Sheet;
use super::{activity, course, week};
use crate::progress::model::{ActivityRule, CourseRule};

/// A course was begun.
pub const COURSE_CREATED: &str = "course.created.v1";
/// A course was published.
pub const COURSE_PUBLISHED: &str = "course.published.v1";

/// An activity to add at the end of a week.
#[derive(Clone, Debug)]
pub struct NewActivity {
    /// Week.
    pub week_id: Uuid,
    /// `scorm`, `page`, `file` or `link`.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Estimate, minutes; at least 1.
    pub minutes: i32,
    /// Never needed.
    pub optional: bool,
    /// When it is done.
    pub rule: ActivityRule,
    /// Objectives that it assesses.
    pub objectives: Vec<Uuid>,
    /// What it shows, as its kind writes it.
    pub content: Value,
    /// Its package.
    pub package_id: Option<Uuid>,
}

/// Begins a course, as a draft without weeks.
pub async fn course_new(tx: &WriteTx, space: Uuid, title: &str, actor: Actor) -> Result<Uuid, DbErr> {
    let (id, now) = (tx.env().id(), tx.env().now());
    let slug = free_slug(tx, space, title).await?;
    let sheet = Sheet { weeks: 4, answer_hours: 72, ..Sheet::default() };
    course::ActiveModel {
        id: Set(id),
        space_id: Set(space),
        slug: Set(slug),
        title: Set(title.to_owned()),
        state: Set("draft".to_owned()),
        sheet: Set(to_json(&sheet)?),
        rule: Set(to_json(&CourseRule::All)?),
        revision: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        published_at: Set(None),
        search: Set(title.to_lowercase()),
    }
    .insert(&**tx)
    .await?;
    tx.append(Fact { space, kind: COURSE_CREATED, actor, subject: id, payload: json!({"course": id}) }).await?;
    Ok(id)
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, DbErr> {
    serde_json::to_string(value).map_err(|e| DbErr::Json(e.to_string()))
}

/// A word for addresses that no other course of the space has.
async fn free_slug(tx: &WriteTx, space: Uuid, title: &str) -> Result<String, DbErr> {
    let plain: String = unicode_normalization::UnicodeNormalization::nfd(title)
        .filter(|c| c.is_ascii())
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).take(10).collect();
    let base = if words.is_empty() { "formation".to_owned() } else { words.join("-") };
    let mut slug = base.clone();
    for n in 2..1000 {
        let sql = "SELECT 1 FROM course WHERE space_id = $1 AND slug = $2";
        if tx.query_one_raw(statement(&**tx, sql, [space.into(), slug.clone().into()])).await?.is_none() {
            break;
        }
        slug = format!("{base}-{n}");
    }
    Ok(slug)
}

/// Adds a week at the end.
pub async fn week_add(tx: &WriteTx, space: Uuid, course: Uuid, title: &str, summary: &str) -> Result<Uuid, DbErr> {
    let id = tx.env().id();
    let rank = next_rank(tx, "SELECT COALESCE(MAX(rank), 0) + 1 AS next FROM week WHERE course_id = $1", course).await?;
    week::ActiveModel {
        id: Set(id),
        space_id: Set(space),
        course_id: Set(course),
        rank: Set(rank),
        title: Set(title.to_owned()),
        summary: Set(summary.to_owned()),
    }
    .insert(&**tx)
    .await?;
    Ok(id)
}

async fn next_rank(tx: &WriteTx, sql: &'static str, of: Uuid) -> Result<i32, DbErr> {
    let row = tx.query_one_raw(statement(&**tx, sql, [of.into()])).await?;
    row.map_or(Ok(1), |row| row.try_get::<i32>("", "next").or_else(|_| row.try_get::<i64>("", "next").map(|n| n as i32)))
}

/// Adds an activity at the end of its week.
pub async fn activity_add(tx: &WriteTx, space: Uuid, course: Uuid, new: NewActivity) -> Result<Uuid, DbErr> {
    let id = tx.env().id();
    let rank = next_rank(tx, "SELECT COALESCE(MAX(rank), 0) + 1 AS next FROM activity WHERE week_id = $1", new.week_id).await?;
    activity::ActiveModel {
        id: Set(id),
        space_id: Set(space),
        course_id: Set(course),
        week_id: Set(new.week_id),
        rank: Set(rank),
        kind: Set(new.kind),
        title: Set(new.title),
        minutes: Set(new.minutes),
        optional: Set(new.optional),
        rule: Set(to_json(&new.rule)?),
        objectives: Set(to_json(&new.objectives)?),
        content: Set(new.content.to_string()),
        package_id: Set(new.package_id),
        archived_at: Set(None),
    }
    .insert(&**tx)
    .await?;
    Ok(id)
}

/// Stores the sheet of a course.
pub async fn sheet_save(tx: &WriteTx, course: Uuid, sheet: &Sheet) -> Result<(), DbErr> {
    let sql = "UPDATE course SET sheet = $2, updated_at = $3, revision = revision + 1 WHERE id = $1";
    let values = [course.into(), to_json(sheet)?.into(), tx.env().now().into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Publishes a course and keeps the dated version of its sheet.
pub async fn publish(tx: &WriteTx, space: Uuid, course: Uuid, actor: Actor) -> Result<(), DbErr> {
    let now = tx.env().now();
    let sql = "UPDATE course SET state = 'published', published_at = $2, updated_at = $2, revision = revision + 1 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [course.into(), now.into()])).await?;
    let sql = "INSERT INTO course_version (course_id, published_at, sheet) SELECT id, $2, sheet FROM course WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [course.into(), now.into()])).await?;
    let payload = json!({"course": course});
    tx.append(Fact { space, kind: COURSE_PUBLISHED, actor, subject: course, payload }).await?;
    Ok(())
}

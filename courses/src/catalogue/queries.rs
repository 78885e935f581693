//! What pages and other slices read of courses.

use passerelle_kernel::db::statement;
use passerelle_text::fold;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::entity::{activity, course, week};
use super::model::{OutlineWeek, PublishedSheet, Sheet};
use super::order::Order;
use super::store;
use crate::progress::model::CourseRule;

/// A course with its weeks and activities, removed ones apart.
#[derive(Clone, Debug)]
pub struct CoursePlan {
    /// The course.
    pub course: course::Model,
    /// Its sheet as it is being written.
    pub sheet: Sheet,
    /// When the course is completed.
    pub rule: CourseRule,
    /// Its weeks, in order.
    pub weeks: Vec<PlanWeek>,
}

/// A week of a plan.
#[derive(Clone, Debug)]
pub struct PlanWeek {
    /// The week; its rank counts from 1.
    pub week: week::Model,
    /// Its activities, in order; their ranks count from 1 within the week.
    pub activities: Vec<activity::Model>,
}

impl PlanWeek {
    /// Estimated time of its compulsory activities, minutes.
    pub fn minutes(&self) -> i32 {
        sum(self.activities.iter().filter(|a| !a.optional))
    }

    /// Estimated time of its optional activities, minutes.
    pub fn optional_minutes(&self) -> i32 {
        sum(self.activities.iter().filter(|a| a.optional))
    }
}

fn sum<'a>(activities: impl Iterator<Item = &'a activity::Model>) -> i32 {
    activities.fold(0, |sum, activity| sum.saturating_add(activity.minutes))
}

impl CoursePlan {
    /// Estimated time of all the compulsory activities, minutes.
    pub fn minutes(&self) -> i32 {
        self.weeks
            .iter()
            .fold(0, |sum, week| sum.saturating_add(week.minutes()))
    }

    /// Every activity, in order.
    pub fn activities(&self) -> impl Iterator<Item = &activity::Model> {
        self.weeks.iter().flat_map(|week| &week.activities)
    }

    /// The order of its weeks and activities.
    pub fn order(&self) -> Order {
        self.weeks
            .iter()
            .map(|w| (w.week.id, w.activities.iter().map(|a| a.id).collect()))
            .collect()
    }

    /// What would be public if it were published now.
    pub fn published(&self) -> PublishedSheet {
        let outline = |week: &PlanWeek| OutlineWeek {
            title: week.week.title.clone(),
            summary: week.week.summary.clone(),
            minutes: week.minutes(),
        };
        PublishedSheet {
            title: self.course.title.clone(),
            sheet: self.sheet.clone(),
            outline: self.weeks.iter().map(outline).collect(),
        }
    }

    /// What deserves attention without preventing publication.
    pub fn advice(&self) -> Vec<Advice> {
        let mut advice = Vec::new();
        if self.activities().next().is_none() {
            advice.push(Advice::NoActivity);
        } else if self.sheet.agreed_minutes > 0 && self.minutes() != self.sheet.agreed_minutes {
            advice.push(Advice::Minutes {
                planned: self.minutes(),
                agreed: self.sheet.agreed_minutes,
            });
        }
        let assessed: Vec<Uuid> = self
            .activities()
            .flat_map(|a| serde_json::from_str::<Vec<Uuid>>(&a.objectives).unwrap_or_default())
            .collect();
        for objective in self
            .sheet
            .objectives
            .iter()
            .filter(|o| !assessed.contains(&o.id))
        {
            advice.push(Advice::NotAssessed {
                objective: objective.text.clone(),
            });
        }
        advice
    }
}

/// Something to look at before publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// There is nothing to do in the course yet.
    NoActivity,
    /// The activities do not add up to the duration agreed.
    Minutes {
        /// Compulsory activities, minutes.
        planned: i32,
        /// As the sheet says, minutes.
        agreed: i32,
    },
    /// No activity assesses an objective (indicator 5 asks for one).
    NotAssessed {
        /// The objective.
        objective: String,
    },
}

/// A course with its plan, by id; three statements. The caller knows that it may be read.
pub async fn plan_of<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Option<CoursePlan>, DbErr> {
    match store::course(conn, course).await? {
        Some(course) => plan_with(conn, course).await.map(Some),
        None => Ok(None),
    }
}

/// The plan of a course that was read already; two statements.
pub(super) async fn plan_with<C: ConnectionTrait>(
    conn: &C,
    course: course::Model,
) -> Result<CoursePlan, DbErr> {
    let weeks = store::weeks(conn, course.id).await?;
    let mut activities = store::activities(conn, course.id).await?;
    let weeks = weeks
        .into_iter()
        .map(|week| {
            let mine = activities
                .extract_if(.., |a| a.week_id == week.id)
                .collect();
            PlanWeek {
                week,
                activities: mine,
            }
        })
        .collect();
    let sheet = parse(&course.sheet)?;
    let rule = parse(&course.rule)?;
    Ok(CoursePlan {
        course,
        sheet,
        rule,
        weeks,
    })
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}

/// A session to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSession {
    /// First day, `2026-11-23`.
    pub start_date: String,
    /// Last day.
    pub end_date: String,
    /// Places left, never below 0.
    pub places: i64,
}

/// A published course in the catalogue.
#[derive(Clone, Debug)]
pub struct CatalogueEntry {
    /// The word in its address.
    pub slug: String,
    /// What it says.
    pub published: PublishedSheet,
    /// Its next session.
    pub next: Option<NextSession>,
}

/// Places taken in the cohort `k`.
const TAKEN: &str =
    "(SELECT COUNT(*) FROM enrolment e WHERE e.cohort_id = k.id AND e.state = 'active')";

/// One page of the published courses of a space, those that start soonest first, and how many
/// match; `today` is a local date of the space. Two statements.
pub async fn catalogue<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    today: &str,
    words: &str,
    page: u64,
    rows: u64,
) -> Result<(Vec<CatalogueEntry>, i64), DbErr> {
    let wanted: Vec<String> = fold::words(words)
        .iter()
        .map(|word| fold::within(&word.folded))
        .collect();
    let filter = |first: usize| -> String {
        (0..wanted.len())
            .map(|n| format!(" AND {}", fold::contains("c.search", first + n)))
            .collect()
    };
    let count = format!(
        "SELECT COUNT(*) AS n FROM course c WHERE c.space_id = $1 AND c.state = 'published'{}",
        filter(2)
    );
    let mut values: Vec<Value> = vec![space.into()];
    values.extend(wanted.iter().map(Value::from));
    let total = match conn.query_one_raw(statement(conn, count, values)).await? {
        Some(row) => row.try_get("", "n")?,
        None => 0,
    };
    let sql = format!(
        "SELECT c.slug, v.sheet, k.start_date, k.end_date, k.capacity, {TAKEN} AS taken FROM course c \
         JOIN course_version v ON v.course_id = c.id AND v.published_at = c.published_at \
         LEFT JOIN cohort k ON k.id = (SELECT n.id FROM cohort n WHERE n.course_id = c.id AND n.state = 'planned' \
         AND n.start_date >= $2 ORDER BY n.start_date, n.id LIMIT 1) \
         WHERE c.space_id = $1 AND c.state = 'published'{} \
         ORDER BY CASE WHEN k.start_date IS NULL THEN 1 ELSE 0 END, k.start_date, c.title_key, c.id \
         LIMIT {rows} OFFSET {}",
        filter(3),
        page.saturating_sub(1) * rows
    );
    let mut values: Vec<Value> = vec![space.into(), today.into()];
    values.extend(wanted.iter().map(Value::from));
    let found = conn.query_all_raw(statement(conn, sql, values)).await?;
    let entry = |row: &QueryResult| {
        Ok(CatalogueEntry {
            slug: row.try_get("", "slug")?,
            published: parse(&row.try_get::<String>("", "sheet")?)?,
            next: session(row)?,
        })
    };
    Ok((
        found.iter().map(entry).collect::<Result<_, DbErr>>()?,
        total,
    ))
}

/// Sessions of a course to come, soonest first; at most 12.
pub async fn sessions_to_come<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
    today: &str,
) -> Result<Vec<NextSession>, DbErr> {
    let sql = format!(
        "SELECT k.start_date, k.end_date, k.capacity, {TAKEN} AS taken FROM cohort k \
         WHERE k.course_id = $1 AND k.state = 'planned' AND k.start_date >= $2 ORDER BY k.start_date, k.id LIMIT 12"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [course.into(), today.into()]))
        .await?;
    rows.iter()
        .filter_map(|row| session(row).transpose())
        .collect()
}

fn session(row: &QueryResult) -> Result<Option<NextSession>, DbErr> {
    let Some(start_date) = row.try_get::<Option<String>>("", "start_date")? else {
        return Ok(None);
    };
    let capacity: i32 = row.try_get("", "capacity")?;
    let taken: i64 = row.try_get("", "taken")?;
    let end_date = row.try_get("", "end_date")?;
    Ok(Some(NextSession {
        start_date,
        end_date,
        places: (i64::from(capacity) - taken).max(0),
    }))
}

/// An activity of a course; one that was removed stays in the plans that were frozen with it.
pub async fn activity_of<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
    id: Uuid,
) -> Result<Option<activity::Model>, DbErr> {
    store::activity(conn, course, id).await
}

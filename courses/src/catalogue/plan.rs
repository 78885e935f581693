//! The plan of a course: weeks and activities in order.

use passerelle_kernel::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::model::Sheet;
use super::{activity, course, week};
use crate::progress::model::CourseRule;

/// A week with its activities.
#[derive(Clone, Debug)]
pub struct PlanWeek {
    /// The week.
    pub week: week::Model,
    /// Its activities, in order, without the archived ones.
    pub activities: Vec<activity::Model>,
}

/// A course with everything in it.
#[derive(Clone, Debug)]
pub struct CoursePlan {
    /// The course.
    pub course: course::Model,
    /// Its sheet.
    pub sheet: Sheet,
    /// When it is completed.
    pub rule: CourseRule,
    /// Its weeks, in order.
    pub weeks: Vec<PlanWeek>,
}

/// The plan of a course; three statements.
#[expect(clippy::disallowed_methods, reason = "the caller has checked the course's space")]
pub async fn plan_of<C: ConnectionTrait>(conn: &C, course: Uuid) -> Result<Option<CoursePlan>, DbErr> {
    let Some(course) = course::Entity::find_by_id(course).one(conn).await? else { return Ok(None) };
    let weeks = week::Entity::find()
        .filter(week::Column::CourseId.eq(course.id))
        .order_by_asc(week::Column::Rank)
        .all(conn)
        .await?;
    let mut activities = activity::Entity::find()
        .filter(activity::Column::CourseId.eq(course.id))
        .filter(activity::Column::ArchivedAt.is_null())
        .order_by_asc(activity::Column::Rank)
        .all(conn)
        .await?;
    let weeks = weeks
        .into_iter()
        .map(|week| {
            let activities = activities.extract_if(.., |a| a.week_id == week.id).collect();
            PlanWeek { week, activities }
        })
        .collect();
    let sheet = serde_json::from_str(&course.sheet).unwrap_or_default();
    let rule = serde_json::from_str(&course.rule).unwrap_or(CourseRule::All);
    Ok(Some(CoursePlan { course, sheet, rule, weeks }))
}

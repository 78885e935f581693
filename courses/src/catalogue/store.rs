//! Queries of the `catalogue` slice.
#![expect(
    clippy::disallowed_methods,
    reason = "some rows are reached by the course, whose space was checked"
)]

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_kernel::scoped::Scoped;
use passerelle_text::fold::{self, fold};
use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::entity::{activity, course, course_version, week};
use crate::content::attachment;

/// A course by id, whatever its space: the caller knows that it may be reached.
pub(super) async fn course<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<course::Model>, DbErr> {
    course::Entity::find_by_id(id).one(conn).await
}

/// Its weeks, in order.
pub(super) async fn weeks<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Vec<week::Model>, DbErr> {
    week::Entity::find()
        .filter(week::Column::CourseId.eq(course))
        .order_by_asc(week::Column::Rank)
        .order_by_asc(week::Column::Id)
        .all(conn)
        .await
}

/// Its activities, removed ones apart, in order within their weeks.
pub(super) async fn activities<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Vec<activity::Model>, DbErr> {
    activity::Entity::find()
        .filter(activity::Column::CourseId.eq(course))
        .filter(activity::Column::ArchivedAt.is_null())
        .order_by_asc(activity::Column::Rank)
        .order_by_asc(activity::Column::Id)
        .all(conn)
        .await
}

/// An activity of the course, removed ones included.
pub(super) async fn activity<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
    id: Uuid,
) -> Result<Option<activity::Model>, DbErr> {
    activity::Entity::find_by_id(id)
        .filter(activity::Column::CourseId.eq(course))
        .one(conn)
        .await
}

/// One page of the courses of a space, latest change first, and how many match.
/// Without a state, archived ones are left out.
pub(super) async fn courses<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    words: &str,
    state: Option<&str>,
    page: u64,
    rows: u64,
) -> Result<(Vec<course::Model>, u64), DbErr> {
    let mut query = Scoped::<course::Entity>::of(space).find();
    query = match state {
        Some(state) => query.filter(course::Column::State.eq(state)),
        None => query.filter(course::Column::State.ne("archived")),
    };
    for word in fold::words(words) {
        let within = LikeExpr::new(fold::within(&word.folded)).escape('!');
        query = query.filter(course::Column::Search.like(within));
    }
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_desc(course::Column::UpdatedAt)
        .order_by_desc(course::Column::Id)
        .offset(page.saturating_sub(1) * rows)
        .limit(rows)
        .all(conn)
        .await?;
    Ok((found, total))
}

/// How many courses of the space are in each state.
pub(super) async fn states<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(String, i64)>, DbErr> {
    let sql = "SELECT state, COUNT(*) AS n FROM course WHERE space_id = $1 GROUP BY state";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "state")?, row.try_get("", "n")?)))
        .collect()
}

/// Slugs of the space that begin with `slug`.
pub(super) async fn slugs_like<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    slug: &str,
) -> Result<Vec<String>, DbErr> {
    Scoped::<course::Entity>::of(space)
        .find()
        .select_only()
        .column(course::Column::Slug)
        .filter(course::Column::Slug.like(LikeExpr::new(fold::beginning(slug)).escape('!')))
        .into_tuple()
        .all(conn)
        .await
}

/// When the course was published, latest first; at most 100.
pub(super) async fn versions<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Vec<i64>, DbErr> {
    course_version::Entity::find()
        .select_only()
        .column(course_version::Column::PublishedAt)
        .filter(course_version::Column::CourseId.eq(course))
        .order_by_desc(course_version::Column::PublishedAt)
        .limit(100)
        .into_tuple()
        .all(conn)
        .await
}

/// The sheet published at that instant.
pub(super) async fn version<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
    at: i64,
) -> Result<Option<course_version::Model>, DbErr> {
    course_version::Entity::find_by_id((course, at))
        .one(conn)
        .await
}

/// A published course by its slug.
pub(super) async fn published<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    slug: &str,
) -> Result<Option<course::Model>, DbErr> {
    Scoped::<course::Entity>::of(space)
        .find()
        .filter(course::Column::Slug.eq(slug))
        .filter(course::Column::State.eq("published"))
        .one(conn)
        .await
}

/// Counts a change of the course; with the revision the form was made from, only when it
/// is still the one stored. False when it is not.
pub(super) async fn touch(
    tx: &WriteTx,
    course: Uuid,
    revision: Option<i64>,
) -> Result<bool, DbErr> {
    let mut update = course::Entity::update_many()
        .col_expr(
            course::Column::Revision,
            Expr::col(course::Column::Revision).add(1),
        )
        .col_expr(course::Column::UpdatedAt, Expr::value(tx.env().now()))
        .filter(course::Column::Id.eq(course));
    if let Some(revision) = revision {
        update = update.filter(course::Column::Revision.eq(revision));
    }
    Ok(update.exec(&**tx).await?.rows_affected == 1)
}

/// Stores a new course, week, activity, version or attachment.
pub(super) async fn insert<M, A>(tx: &WriteTx, row: M) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    row.into_active_model().insert(&**tx).await.map(|_| ())
}

/// Writes every column of a course, revision and instant of change apart.
pub(super) async fn save_course(tx: &WriteTx, row: &course::Model) -> Result<(), DbErr> {
    course::Entity::update_many()
        .col_expr(course::Column::Slug, Expr::value(row.slug.clone()))
        .col_expr(course::Column::Title, Expr::value(row.title.clone()))
        .col_expr(course::Column::TitleKey, Expr::value(fold(&row.title)))
        .col_expr(course::Column::State, Expr::value(row.state.clone()))
        .col_expr(course::Column::Sheet, Expr::value(row.sheet.clone()))
        .col_expr(course::Column::Rule, Expr::value(row.rule.clone()))
        .col_expr(course::Column::Search, Expr::value(row.search.clone()))
        .col_expr(course::Column::PublishedAt, Expr::value(row.published_at))
        .filter(course::Column::Id.eq(row.id))
        .exec(&**tx)
        .await
        .map(|_| ())
}

/// Writes the title and the summary of a week; false when it is not of the course.
pub(super) async fn save_week(
    tx: &WriteTx,
    course: Uuid,
    id: Uuid,
    title: &str,
    summary: &str,
) -> Result<bool, DbErr> {
    let done = week::Entity::update_many()
        .col_expr(week::Column::Title, Expr::value(title))
        .col_expr(week::Column::Summary, Expr::value(summary))
        .filter(week::Column::Id.eq(id))
        .filter(week::Column::CourseId.eq(course))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes the rank of a week.
pub(super) async fn rank_week(tx: &WriteTx, id: Uuid, rank: i32) -> Result<(), DbErr> {
    let update = week::Entity::update_many().col_expr(week::Column::Rank, Expr::value(rank));
    update
        .filter(week::Column::Id.eq(id))
        .exec(&**tx)
        .await
        .map(|_| ())
}

/// Writes the place of an activity.
pub(super) async fn place_activity(
    tx: &WriteTx,
    id: Uuid,
    week: Uuid,
    rank: i32,
) -> Result<(), DbErr> {
    activity::Entity::update_many()
        .col_expr(activity::Column::WeekId, Expr::value(week))
        .col_expr(activity::Column::Rank, Expr::value(rank))
        .filter(activity::Column::Id.eq(id))
        .exec(&**tx)
        .await
        .map(|_| ())
}

/// Moves what was removed from a week to another, then deletes the week.
pub(super) async fn delete_week(tx: &WriteTx, id: Uuid, heir: Uuid) -> Result<(), DbErr> {
    activity::Entity::update_many()
        .col_expr(activity::Column::WeekId, Expr::value(heir))
        .filter(activity::Column::WeekId.eq(id))
        .exec(&**tx)
        .await?;
    week::Entity::delete_by_id(id).exec(&**tx).await.map(|_| ())
}

/// Writes everything of an activity but its place.
pub(super) async fn save_activity(tx: &WriteTx, row: &activity::Model) -> Result<(), DbErr> {
    activity::Entity::update_many()
        .col_expr(activity::Column::Title, Expr::value(row.title.clone()))
        .col_expr(activity::Column::Minutes, Expr::value(row.minutes))
        .col_expr(activity::Column::Optional, Expr::value(row.optional))
        .col_expr(activity::Column::Rule, Expr::value(row.rule.clone()))
        .col_expr(
            activity::Column::Objectives,
            Expr::value(row.objectives.clone()),
        )
        .col_expr(activity::Column::Content, Expr::value(row.content.clone()))
        .col_expr(activity::Column::PackageId, Expr::value(row.package_id))
        .col_expr(activity::Column::ArchivedAt, Expr::value(row.archived_at))
        .filter(activity::Column::Id.eq(row.id))
        .exec(&**tx)
        .await
        .map(|_| ())
}

/// Attachments of a course.
pub(super) async fn attachments<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Vec<attachment::Model>, DbErr> {
    attachment::Entity::find()
        .filter(attachment::Column::CourseId.eq(course))
        .order_by_asc(attachment::Column::Id)
        .all(conn)
        .await
}

//! Queries of the `content` slice.

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::{self, in_ids, statement};
use passerelle_kernel::scoped::Scoped;
use passerelle_text::fold;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{attachment, package};
use super::model::Contents;

/// A package of the library, with how many activities use it.
#[derive(Clone, Debug)]
pub struct PackageLine {
    /// The package.
    pub package: package::Model,
    /// Activities that use it, removed ones included.
    pub uses: i64,
}

/// One page of the library, latest first, and how many packages match.
pub async fn library<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    words: &str,
    page: u64,
    rows: u64,
) -> Result<(Vec<PackageLine>, u64), DbErr> {
    let mut query = Scoped::<package::Entity>::of(space).find();
    for word in fold::words(words) {
        let within = LikeExpr::new(fold::within(&word.folded)).escape('!');
        query = query.filter(package::Column::Search.like(within));
    }
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_desc(package::Column::ImportedAt)
        .order_by_desc(package::Column::Id)
        .offset(page.saturating_sub(1) * rows)
        .limit(rows)
        .all(conn)
        .await?;
    let uses = uses_of(conn, space).await?;
    let line = |package: package::Model| {
        let uses = uses.get(&package.id).copied().unwrap_or(0);
        PackageLine { package, uses }
    };
    Ok((found.into_iter().map(line).collect(), total))
}

async fn uses_of<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<std::collections::HashMap<Uuid, i64>, DbErr> {
    let sql = "SELECT package_id, COUNT(*) AS uses FROM activity \
               WHERE space_id = $1 AND package_id IS NOT NULL GROUP BY package_id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "package_id")?, row.try_get("", "uses")?)))
        .collect()
}

/// A package of the space.
pub async fn package_in<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<package::Model>, DbErr> {
    Scoped::<package::Entity>::of(space)
        .find()
        .filter(package::Column::Id.eq(id))
        .one(conn)
        .await
}

/// Packages of the space to choose from, latest first: identifier, title, name of the edition.
pub async fn choices<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(Uuid, String, String)>, DbErr> {
    Scoped::<package::Entity>::of(space)
        .find()
        .select_only()
        .columns([
            package::Column::Id,
            package::Column::Title,
            package::Column::Edition,
        ])
        .order_by_desc(package::Column::ImportedAt)
        .limit(500)
        .into_tuple()
        .all(conn)
        .await
}

/// Courses that use the package, with the activity: identifier and title of the course, title of
/// the activity, whether the activity was removed; at most 50.
pub async fn uses<C: ConnectionTrait>(
    conn: &C,
    package: Uuid,
) -> Result<Vec<(Uuid, String, String, bool)>, DbErr> {
    let sql = "SELECT c.id, c.title AS course, a.title AS activity, a.archived_at FROM activity a \
               JOIN course c ON c.id = a.course_id WHERE a.package_id = $1 ORDER BY c.title_key, c.id, a.id LIMIT 50";
    let rows = conn
        .query_all_raw(statement(conn, sql, [package.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let archived: Option<i64> = row.try_get("", "archived_at")?;
            Ok((
                row.try_get("", "id")?,
                row.try_get("", "course")?,
                row.try_get("", "activity")?,
                archived.is_some(),
            ))
        })
        .collect()
}

/// Whether an activity or an attempt refers to the package.
pub async fn is_used<C: ConnectionTrait>(conn: &C, package: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT (SELECT COUNT(*) FROM activity WHERE package_id = $1) + \
               (SELECT COUNT(*) FROM attempt WHERE package_id = $1) AS uses";
    let row = conn
        .query_one_raw(statement(conn, sql, [package.into()]))
        .await?;
    row.map_or(Ok(false), |row| Ok(row.try_get::<i64>("", "uses")? > 0))
}

/// Identifiers of packages that exist among these.
pub(super) async fn known_packages<C: ConnectionTrait>(
    conn: &C,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id FROM package WHERE id {}", in_ids(conn, 1));
    let rows = conn
        .query_all_raw(statement(conn, sql, [db::ids(ids)]))
        .await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The hash of the index of a package, where it is known.
pub(super) async fn index_hash<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<String>, DbErr> {
    let sql = "SELECT index_sha256 FROM package WHERE id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.map_or(Ok(None), |row| row.try_get("", "index_sha256"))
}

/// Stores the row of a package.
pub(super) async fn insert_package(tx: &WriteTx, row: package::Model) -> Result<(), DbErr> {
    row.into_active_model().insert(&**tx).await.map(|_| ())
}

/// Stores what the row of a package keeps of its table of contents.
pub(super) async fn set_contents(tx: &WriteTx, id: Uuid, contents: &Contents) -> Result<(), DbErr> {
    let text = serde_json::to_string(contents).map_err(|e| DbErr::Json(e.to_string()))?;
    let sql = "UPDATE package SET contents = $2 WHERE id = $1";
    tx.execute_raw(statement(&**tx, sql, [id.into(), text.into()]))
        .await?;
    Ok(())
}

/// Removes the row of a package; false when it was not there.
pub(super) async fn delete_package(tx: &WriteTx, space: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let gone = Scoped::<package::Entity>::of(space)
        .delete_many()
        .filter(package::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Stores the row of an attachment.
pub(super) async fn insert_attachment(tx: &WriteTx, row: attachment::Model) -> Result<(), DbErr> {
    row.into_active_model().insert(&**tx).await.map(|_| ())
}

/// Attachments of a course, oldest first.
pub async fn attachments_of<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    course: Uuid,
) -> Result<Vec<attachment::Model>, DbErr> {
    Scoped::<attachment::Entity>::of(space)
        .find()
        .filter(attachment::Column::CourseId.eq(course))
        .order_by_asc(attachment::Column::Id)
        .all(conn)
        .await
}

/// An attachment with its space, and whether the person follows or tutors its course; one statement.
pub async fn attachment_for<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
    person: Option<Uuid>,
) -> Result<Option<(attachment::Model, bool)>, DbErr> {
    let sql = "SELECT a.*, \
               (SELECT COUNT(*) FROM enrolment e JOIN cohort k ON k.id = e.cohort_id \
                WHERE k.course_id = a.course_id AND e.person_id = $2 AND e.state = 'active') + \
               (SELECT COUNT(*) FROM cohort_tutor t JOIN cohort k ON k.id = t.cohort_id \
                WHERE k.course_id = a.course_id AND t.person_id = $2) AS belongs \
               FROM attachment a WHERE a.id = $1";
    let nobody = Uuid::nil();
    let query = statement(conn, sql, [id.into(), person.unwrap_or(nobody).into()]);
    let Some(row) = conn.query_one_raw(query).await? else {
        return Ok(None);
    };
    let belongs: i64 = row.try_get("", "belongs")?;
    let found = <attachment::Model as sea_orm::FromQueryResult>::from_query_result(&row, "")?;
    Ok(Some((found, belongs > 0)))
}

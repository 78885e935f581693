//! What the pages of the slice show; a constant number of statements each.

use std::fmt::Write as _;

use passerelle_kernel::db::statement;
use passerelle_text::fold;
use passerelle_web::components::PAGE_ROWS;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::model::CohortState;

/// A cohort on a line of the list.
#[derive(Clone, Debug)]
pub(super) struct CohortRow {
    pub id: Uuid,
    pub title: String,
    pub course: String,
    pub start_date: String,
    pub end_date: String,
    pub state: CohortState,
    pub capacity: i32,
    pub active: i64,
    pub waiting: i64,
    pub tutors: i64,
}

/// What the list shows.
#[derive(Clone, Debug, Default)]
pub(super) struct CohortFilter {
    pub state: Option<CohortState>,
    pub words: Option<String>,
}

impl CohortFilter {
    fn rule(&self, space: Uuid) -> (String, Vec<Value>) {
        let mut rule = "WHERE c.space_id = $1".to_owned();
        let mut values: Vec<Value> = vec![space.into()];
        if let Some(state) = self.state {
            values.push(state.code().into());
            let _ = write!(rule, " AND c.state = ${}", values.len());
        }
        if let Some(words) = &self.words {
            for word in fold::words(words) {
                values.push(fold::within(&word.folded).into());
                let own = fold::contains("c.title_key", values.len());
                let course = fold::contains("k.title_key", values.len());
                let _ = write!(rule, " AND ({own} OR {course})");
            }
        }
        (rule, values)
    }
}

/// A page of the cohorts of a space, the latest start first, and how many there are in all.
pub(super) async fn cohort_rows<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    filter: &CohortFilter,
    page: u64,
) -> Result<(Vec<CohortRow>, u64), DbErr> {
    let (rule, mut values) = filter.rule(space);
    let from = "FROM cohort c JOIN course k ON k.id = c.course_id";
    let sql = format!("SELECT COUNT(*) AS n {from} {rule}");
    let row = conn
        .query_one_raw(statement(conn, sql, values.clone()))
        .await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    let pages = (total as u64).div_ceil(PAGE_ROWS).max(1);
    let offset = (page.clamp(1, pages) - 1) * PAGE_ROWS;
    values.extend([Value::from(PAGE_ROWS as i64), Value::from(offset as i64)]);
    let sql = format!(
        "SELECT c.id, c.title, c.start_date, c.end_date, c.state, c.capacity, k.title AS course, \
         (SELECT COUNT(*) FROM enrolment e WHERE e.cohort_id = c.id AND e.state = 'active') AS active, \
         (SELECT COUNT(*) FROM enrolment e WHERE e.cohort_id = c.id AND e.state = 'waiting') AS waiting, \
         (SELECT COUNT(*) FROM cohort_tutor t WHERE t.cohort_id = c.id) AS tutors \
         {from} {rule} ORDER BY c.start_date DESC, c.title_key, c.id LIMIT ${} OFFSET ${}",
        values.len() - 1,
        values.len()
    );
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    let rows = rows.iter().map(|row| {
        Ok(CohortRow {
            id: row.try_get("", "id")?,
            title: row.try_get("", "title")?,
            course: row.try_get("", "course")?,
            start_date: row.try_get("", "start_date")?,
            end_date: row.try_get("", "end_date")?,
            state: CohortState::parse(&row.try_get::<String>("", "state")?)
                .unwrap_or(CohortState::Planned),
            capacity: row.try_get("", "capacity")?,
            active: row.try_get("", "active")?,
            waiting: row.try_get("", "waiting")?,
            tutors: row.try_get("", "tutors")?,
        })
    });
    Ok((rows.collect::<Result<_, DbErr>>()?, total as u64))
}

/// How many cohorts of a space are in each state.
pub(super) async fn state_counts<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(CohortState, i64)>, DbErr> {
    let sql = "SELECT state, COUNT(*) AS n FROM cohort WHERE space_id = $1 GROUP BY state";
    let mut counts = Vec::new();
    for row in conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?
    {
        if let Some(state) = CohortState::parse(&row.try_get::<String>("", "state")?) {
            counts.push((state, row.try_get("", "n")?));
        }
    }
    Ok(counts)
}

/// Published courses of a space that have a week: id, title, weeks.
pub(super) async fn open_courses<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(Uuid, String, i64)>, DbErr> {
    let sql = "SELECT k.id, k.title, COUNT(w.id) AS weeks FROM course k JOIN week w ON w.course_id = k.id \
               WHERE k.space_id = $1 AND k.state = 'published' GROUP BY k.id, k.title, k.title_key ORDER BY k.title_key, k.id LIMIT 200";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("", "id")?,
                row.try_get("", "title")?,
                row.try_get("", "weeks")?,
            ))
        })
        .collect()
}

/// A week of a cohort with what it holds.
#[derive(Clone, Debug)]
pub(super) struct WeekRow {
    pub rank: i32,
    pub title: String,
    pub opens_on: String,
    pub due_on: String,
    pub activities: i64,
    pub minutes: i64,
    pub course: String,
}

/// The weeks of a cohort with the number and the minutes of their needed activities.
pub(super) async fn week_rows<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
) -> Result<Vec<WeekRow>, DbErr> {
    let sql = "SELECT w.rank, w.title, w.opens_on, w.due_on, k.title AS course, \
               (SELECT COUNT(*) FROM cohort_activity a WHERE a.cohort_id = w.cohort_id AND a.week_rank = w.rank) AS n, \
               (SELECT COALESCE(SUM(a.minutes), 0) FROM cohort_activity a WHERE a.cohort_id = w.cohort_id \
               AND a.week_rank = w.rank AND a.optional = FALSE) AS minutes FROM cohort_week w \
               JOIN cohort c ON c.id = w.cohort_id JOIN course k ON k.id = c.course_id \
               WHERE w.cohort_id = $1 ORDER BY w.rank";
    let rows = conn
        .query_all_raw(statement(conn, sql, [cohort.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WeekRow {
                rank: row.try_get("", "rank")?,
                title: row.try_get("", "title")?,
                opens_on: row.try_get("", "opens_on")?,
                due_on: row.try_get("", "due_on")?,
                activities: row.try_get("", "n")?,
                minutes: row.try_get("", "minutes")?,
                course: row.try_get("", "course")?,
            })
        })
        .collect()
}

/// Another cohort of the same course that takes people: id, title, dates, places left.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    pub id: Uuid,
    pub title: String,
    pub start_date: String,
    pub end_date: String,
    pub free: i64,
}

/// The cohorts to which somebody may move.
pub(super) async fn elsewhere<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    course: Uuid,
    but: Uuid,
) -> Result<Vec<Elsewhere>, DbErr> {
    let sql = "SELECT c.id, c.title, c.start_date, c.end_date, c.capacity, \
               (SELECT COUNT(*) FROM enrolment e WHERE e.cohort_id = c.id AND e.state = 'active') AS active \
               FROM cohort c WHERE c.space_id = $1 AND c.course_id = $2 AND c.id <> $3 \
               AND c.state IN ('planned', 'running') ORDER BY c.start_date, c.id LIMIT 100";
    let rows = conn
        .query_all_raw(statement(
            conn,
            sql,
            [space.into(), course.into(), but.into()],
        ))
        .await?;
    rows.iter()
        .map(|row| {
            let capacity: i32 = row.try_get("", "capacity")?;
            let active: i64 = row.try_get("", "active")?;
            Ok(Elsewhere {
                id: row.try_get("", "id")?,
                title: row.try_get("", "title")?,
                start_date: row.try_get("", "start_date")?,
                end_date: row.try_get("", "end_date")?,
                free: (i64::from(capacity) - active).max(0),
            })
        })
        .collect()
}

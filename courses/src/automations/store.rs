//! Queries of the `automations` slice.

use std::collections::HashMap;

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::{Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};

use super::model::{Audience, Automation, Dates, Moment};
use crate::cohorts::{cohort, cohort_week, due_on, open_on};

const COLUMNS: &str = "id, space_id, course_id, moment, days, minute, audience, subject, body, button, link, active_since";

fn read(row: &QueryResult) -> Result<Automation, DbErr> {
    let text = |name: &str| row.try_get::<String>("", name);
    let unknown = |what: &str| DbErr::Type(format!("an unknown {what} is stored"));
    Ok(Automation {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        course: row.try_get("", "course_id")?,
        moment: Moment::parse(&text("moment")?).ok_or_else(|| unknown("moment"))?,
        days: row.try_get("", "days")?,
        minute: row.try_get("", "minute")?,
        audience: Audience::parse(&text("audience")?).ok_or_else(|| unknown("audience"))?,
        subject: text("subject")?,
        body: text("body")?,
        button: text("button")?,
        link: text("link")?,
        active_since: row.try_get("", "active_since")?,
    })
}

/// The messages of a space, in the order in which they were made.
pub(super) async fn of_space<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<Automation>, DbErr> {
    let sql =
        format!("SELECT {COLUMNS} FROM automation WHERE space_id = $1 ORDER BY created_at, id");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// One message of a space.
pub(super) async fn find<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    id: Uuid,
) -> Result<Option<Automation>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM automation WHERE id = $1 AND space_id = $2");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into(), space.into()]))
        .await?;
    row.as_ref().map(read).transpose()
}

/// The messages that leave by themselves, of every space.
pub(super) async fn active<C: ConnectionTrait>(conn: &C) -> Result<Vec<Automation>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM automation WHERE active_since IS NOT NULL ORDER BY space_id, id"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, Vec::<Value>::new()))
        .await?;
    rows.iter().map(read).collect()
}

/// Writes a message, new or changed.
pub(super) async fn put(tx: &WriteTx, of: &Automation) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO automation ({COLUMNS}, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (id) DO UPDATE SET course_id = $3, moment = $4, days = $5, minute = $6, audience = $7, \
         subject = $8, body = $9, button = $10, link = $11, active_since = $12"
    );
    let values: [Value; 13] = [
        of.id.into(),
        of.space.into(),
        of.course.into(),
        of.moment.code().into(),
        of.days.into(),
        of.minute.into(),
        of.audience.code().into(),
        of.subject.as_str().into(),
        of.body.as_str().into(),
        of.button.as_str().into(),
        of.link.as_str().into(),
        of.active_since.into(),
        tx.env().now().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Removes a message and what was noted of its times.
pub(super) async fn delete(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    tx.execute_raw(statement(
        &**tx,
        "DELETE FROM automation WHERE id = $1",
        [id.into()],
    ))
    .await?;
    Ok(())
}

/// Forgets what was noted of the times of a message, and whom it reached.
pub(super) async fn forget_times(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    for table in ["automation_run", "automation_sent"] {
        let sql = format!("DELETE FROM {table} WHERE automation_id = $1");
        tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    }
    Ok(())
}

/// Whether somebody decided that a time does not leave.
pub(super) async fn is_skipped(
    tx: &WriteTx,
    of: Uuid,
    cohort: Uuid,
    week: i32,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM automation_run WHERE automation_id = $1 AND cohort_id = $2 AND week_rank = $3 \
               AND state = 'skipped'";
    let values = [of.into(), cohort.into(), week.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    Ok(row.is_some())
}

/// A cohort with its weeks.
pub(super) struct Planned {
    /// The cohort.
    pub cohort: cohort::Model,
    /// Its weeks, in order.
    pub weeks: Vec<cohort_week::Model>,
}

impl Planned {
    /// The dates that messages are counted from; none when what is stored is no date.
    pub fn dates(&self) -> Option<Dates> {
        Some(Dates {
            start: self.cohort.start_date.parse().ok()?,
            end: self.cohort.end_date.parse().ok()?,
            weeks: self
                .weeks
                .iter()
                .filter_map(|week| Some((week.rank, open_on(week)?, due_on(week)?)))
                .collect(),
            time: self.cohort.time(),
        })
    }

    /// A week by its rank.
    pub fn week(&self, rank: i32) -> Option<&cohort_week::Model> {
        self.weeks.iter().find(|week| week.rank == rank)
    }
}

/// Cohorts looked at, the latest to start first: more than a server has in half a year.
const MOST: u64 = 5_000;

/// Cohorts that are not cancelled and whose days touch those (`2026-11-01`), with their weeks; of one
/// space or of all. Two statements.
pub(super) async fn cohorts_between<C: ConnectionTrait>(
    conn: &C,
    space: Option<Uuid>,
    from: &str,
    to: &str,
) -> Result<Vec<Planned>, DbErr> {
    let mut values: Vec<Value> = vec![from.into(), to.into()];
    let mut rule = "end_date >= $1 AND start_date <= $2 AND state <> 'cancelled'".to_owned();
    if let Some(space) = space {
        rule.push_str(" AND space_id = $3");
        values.push(space.into());
    }
    let sql =
        format!("SELECT * FROM cohort WHERE {rule} ORDER BY start_date DESC, id LIMIT {MOST}");
    let cohorts = cohort::Model::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await?;
    with_weeks(conn, cohorts).await
}

/// Those cohorts with their weeks. One statement.
pub(super) async fn with_weeks<C: ConnectionTrait>(
    conn: &C,
    cohorts: Vec<cohort::Model>,
) -> Result<Vec<Planned>, DbErr> {
    if cohorts.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<Uuid> = cohorts.iter().map(|cohort| cohort.id).collect();
    let sql = format!(
        "SELECT * FROM cohort_week WHERE cohort_id {} ORDER BY rank",
        in_ids(conn, 1)
    );
    let weeks = cohort_week::Model::find_by_statement(statement(conn, sql, [ids(&wanted)]))
        .all(conn)
        .await?;
    let mut of: HashMap<Uuid, Vec<cohort_week::Model>> = HashMap::new();
    for week in weeks {
        of.entry(week.cohort_id).or_default().push(week);
    }
    Ok(cohorts
        .into_iter()
        .map(|cohort| Planned {
            weeks: of.remove(&cohort.id).unwrap_or_default(),
            cohort,
        })
        .collect())
}

/// What is noted of the times of messages for those cohorts, by message, cohort and week. One statement.
pub(super) async fn runs<C: ConnectionTrait>(
    conn: &C,
    cohorts: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid, i32), String>, DbErr> {
    if cohorts.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT automation_id, cohort_id, week_rank, state FROM automation_run WHERE cohort_id {}",
        in_ids(conn, 1)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [ids(cohorts)]))
        .await?;
    rows.iter()
        .map(|row| {
            let key = (
                row.try_get("", "automation_id")?,
                row.try_get("", "cohort_id")?,
                row.try_get("", "week_rank")?,
            );
            Ok((key, row.try_get("", "state")?))
        })
        .collect()
}

/// Notes what becomes of a time, unless it has left already; false when it has.
pub(super) async fn note(
    tx: &WriteTx,
    of: Uuid,
    cohort: Uuid,
    week: i32,
    state: &str,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO automation_run (automation_id, cohort_id, week_rank, state, changed_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (automation_id, cohort_id, week_rank) DO UPDATE SET state = $4, changed_at = $5 \
               WHERE automation_run.state <> 'sent'";
    let values: [Value; 5] = [
        of.into(),
        cohort.into(),
        week.into(),
        state.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Takes back the decision that a time does not leave.
pub(super) async fn take_back(
    tx: &WriteTx,
    of: Uuid,
    cohort: Uuid,
    week: i32,
) -> Result<bool, DbErr> {
    let sql = "DELETE FROM automation_run WHERE automation_id = $1 AND cohort_id = $2 AND week_rank = $3 AND state = 'skipped'";
    let values = [of.into(), cohort.into(), week.into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// The courses of a space by their title.
pub(super) async fn courses<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    let sql = "SELECT id, title FROM course WHERE space_id = $1 ORDER BY title, id LIMIT 500";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "title")?)))
        .collect()
}

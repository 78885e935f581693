//! Queries of the `cohorts` slice.
//!
//! Rows of weeks, activities and tutors have no space of their own: they are
//! reached from a cohort whose space has been checked.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where queries are written; each is bound to a cohort or a space"
)]

use std::collections::HashMap;

use passerelle_kernel::WriteTx;
use passerelle_kernel::db::{Engine, ids, in_ids, statement};
use passerelle_kernel::scoped::Scoped;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, Value,
};
use uuid::Uuid;

use super::calendar::{CalendarError, Deadlines, PaceWeek, WeekDates, parse_date};
use super::entity::{cohort, cohort_activity, cohort_tutor, cohort_week, enrolment};
use super::error::CohortError;
use super::model::{EnrolState, LeaveCause, Places};
use super::time::GroupTime;
use crate::progress::{Whose, refresh_late_after};

/// Rows in one insert: parameters stay far below what both engines take.
const CHUNK: usize = 100;

/// A cohort by id, whatever its space: the caller checks who may see it.
pub async fn find_cohort<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<cohort::Model>, DbErr> {
    cohort::Entity::find_by_id(id).one(conn).await
}

/// An enrolment by id, whatever its space: the caller checks who may see it.
pub async fn find_enrolment<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<enrolment::Model>, DbErr> {
    enrolment::Entity::find_by_id(id).one(conn).await
}

/// An enrolment by id with its cohort, whatever its space: the caller checks who may see it. One statement.
pub async fn enrolment_in_cohort<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<(enrolment::Model, cohort::Model)>, DbErr> {
    let cohort_of: RelationDef = enrolment::Entity::belongs_to(cohort::Entity)
        .from(enrolment::Column::CohortId)
        .to(cohort::Column::Id)
        .into();
    let found = enrolment::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, cohort_of)
        .select_also(cohort::Entity)
        .one(conn)
        .await?;
    Ok(found.and_then(|(enrolment, cohort)| Some((enrolment, cohort?))))
}

/// The cohort that a joining code opens.
pub async fn by_join_code<C: ConnectionTrait>(
    conn: &C,
    code: &str,
) -> Result<Option<cohort::Model>, DbErr> {
    cohort::Entity::find()
        .filter(cohort::Column::JoinCode.eq(code))
        .one(conn)
        .await
}

/// The enrolment that a calendar's address names.
pub async fn by_calendar_token<C: ConnectionTrait>(
    conn: &C,
    token: &str,
) -> Result<Option<enrolment::Model>, DbErr> {
    enrolment::Entity::find()
        .filter(enrolment::Column::CalendarToken.eq(token))
        .one(conn)
        .await
}

/// A cohort that a write is about, held until its end so that places are counted once.
pub async fn lock_cohort(tx: &WriteTx, id: Uuid) -> Result<cohort::Model, CohortError> {
    if tx.engine() == Engine::Postgres {
        let sql = "SELECT id FROM cohort WHERE id = $1 FOR UPDATE";
        tx.query_one_raw(statement(&**tx, sql, [id.into()])).await?;
    }
    find_cohort(&**tx, id).await?.ok_or(CohortError::NotFound)
}

/// The weeks of a cohort, in order.
pub async fn weeks_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
) -> Result<Vec<cohort_week::Model>, DbErr> {
    cohort_week::Entity::find()
        .filter(cohort_week::Column::CohortId.eq(cohort))
        .order_by_asc(cohort_week::Column::Rank)
        .all(conn)
        .await
}

/// The activities of a cohort as agreed, in order.
pub async fn activities_of<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
) -> Result<Vec<cohort_activity::Model>, DbErr> {
    cohort_activity::Entity::find()
        .filter(cohort_activity::Column::CohortId.eq(cohort))
        .order_by_asc(cohort_activity::Column::WeekRank)
        .order_by_asc(cohort_activity::Column::Rank)
        .all(conn)
        .await
}

/// Openings, deadlines and pace of a cohort; two statements.
pub async fn deadlines_of<C: ConnectionTrait>(
    conn: &C,
    cohort: &cohort::Model,
) -> Result<Deadlines, CohortError> {
    let weeks = weeks_of(conn, cohort.id).await?;
    let activities = activities_of(conn, cohort.id).await?;
    Ok(deadlines(&weeks, &activities, cohort.time())?)
}

/// Openings, deadlines and pace from rows already read.
pub fn deadlines(
    weeks: &[cohort_week::Model],
    activities: &[cohort_activity::Model],
    time: GroupTime,
) -> Result<Deadlines, CalendarError> {
    let weeks = weeks.iter().map(|week| {
        let needed = activities
            .iter()
            .filter(|a| a.week_rank == week.rank && !a.optional);
        Ok(PaceWeek {
            dates: WeekDates {
                opens_on: parse_date(&week.opens_on)?,
                due_on: parse_date(&week.due_on)?,
            },
            minutes: needed.fold(0, |sum: i32, a| sum.saturating_add(a.minutes)),
        })
    });
    Ok(Deadlines::new(
        weeks.collect::<Result<_, CalendarError>>()?,
        time,
    ))
}

/// The persons who tutor a cohort.
pub async fn tutors_of<C: ConnectionTrait>(conn: &C, cohort: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let query = cohort_tutor::Entity::find().filter(cohort_tutor::Column::CohortId.eq(cohort));
    Ok(query
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.person_id)
        .collect())
}

/// Every enrolment of a cohort, in the order of enrolment.
pub async fn enrolments_of<C: ConnectionTrait>(
    conn: &C,
    of: &cohort::Model,
) -> Result<Vec<enrolment::Model>, DbErr> {
    Scoped::<enrolment::Entity>::of(of.space_id)
        .find()
        .filter(enrolment::Column::CohortId.eq(of.id))
        .order_by_asc(enrolment::Column::EnrolledAt)
        .order_by_asc(enrolment::Column::Id)
        .all(conn)
        .await
}

/// The enrolments of those persons in a cohort. One statement.
pub async fn enrolments_of_persons<C: ConnectionTrait>(
    conn: &C,
    of: &cohort::Model,
    persons: &[Uuid],
) -> Result<Vec<enrolment::Model>, DbErr> {
    let sql = format!(
        "SELECT * FROM enrolment WHERE cohort_id = $1 AND person_id {}",
        in_ids(conn, 2)
    );
    let values = [of.id.into(), ids(persons)];
    enrolment::Model::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await
}

/// The enrolments of those persons in a cohort who have a place there, by person. One statement.
pub async fn places_of_persons<C: ConnectionTrait>(
    conn: &C,
    of: &cohort::Model,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    let active = EnrolState::Active.code();
    let found = enrolments_of_persons(conn, of, persons).await?;
    let places = found.into_iter().filter(|e| e.state == active);
    Ok(places.map(|e| (e.person_id, e.id)).collect())
}

/// Where a link to a cohort leads a person, with their enrolment when they have a place there: to
/// the cohort itself, or to the one that they were moved to from it. One statement.
pub async fn with_enrolment<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
    person: Option<Uuid>,
) -> Result<Option<(cohort::Model, Option<Uuid>)>, DbErr> {
    // Whoever was moved several times is where they were moved last; a place counts before all.
    let sql = "SELECT c.*, e.id AS enrolment_id FROM cohort asked JOIN cohort c ON c.id = COALESCE(( \
               SELECT m.cohort_id FROM enrolment old JOIN enrolment m ON m.person_id = old.person_id AND m.id <> old.id \
               AND m.enrolled_at >= old.left_at JOIN cohort t ON t.id = m.cohort_id AND t.course_id = asked.course_id \
               AND t.space_id = asked.space_id WHERE old.cohort_id = asked.id AND old.person_id = $2 \
               AND old.state = $4 AND old.left_cause = $5 \
               ORDER BY CASE m.state WHEN $3 THEN 0 WHEN $4 THEN 2 ELSE 1 END, m.enrolled_at DESC, m.id DESC LIMIT 1), asked.id) \
               LEFT JOIN enrolment e ON e.cohort_id = c.id AND e.person_id = $2 AND e.state = $3 WHERE asked.id = $1";
    let values = [
        id.into(),
        person.into(),
        EnrolState::Active.code().into(),
        EnrolState::Left.code().into(),
        LeaveCause::Moved.code().into(),
    ];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| {
        let cohort = cohort::Model::from_query_result(&row, "")?;
        Ok((cohort, row.try_get("", "enrolment_id")?))
    })
    .transpose()
}

/// The enrolment of a person in a cohort when they have a place there.
pub async fn enrolment_of<C: ConnectionTrait>(
    conn: &C,
    of: &cohort::Model,
    person: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    let places = places_of_persons(conn, of, &[person]).await?;
    Ok(places.get(&person).copied())
}

/// The cohorts of a space that take people, the next to start first; two hundred at most.
pub async fn open_cohorts<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<cohort::Model>, DbErr> {
    Scoped::<cohort::Entity>::of(space)
        .find()
        .filter(cohort::Column::State.is_in(["planned", "running"]))
        .order_by_asc(cohort::Column::StartDate)
        .order_by_asc(cohort::Column::Id)
        .limit(200)
        .all(conn)
        .await
}

/// The titles of the courses of a space, by identifier.
pub async fn course_titles<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let sql = "SELECT id, title FROM course WHERE space_id = $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "title")?)))
        .collect()
}

/// Places taken and people waiting, by cohort.
pub async fn places_of<C: ConnectionTrait>(conn: &C, of: &cohort::Model) -> Result<Places, DbErr> {
    let sql = "SELECT state, COUNT(*) AS n FROM enrolment WHERE cohort_id = $1 GROUP BY state";
    let mut places = Places {
        capacity: of.capacity,
        active: 0,
        waiting: 0,
    };
    for row in conn
        .query_all_raw(statement(conn, sql, [of.id.into()]))
        .await?
    {
        let count: i64 = row.try_get("", "n")?;
        match EnrolState::parse(&row.try_get::<String>("", "state")?) {
            Some(EnrolState::Active) => places.active = count,
            Some(EnrolState::Waiting) => places.waiting = count,
            _ => {}
        }
    }
    Ok(places)
}

/// Cohorts of a course whose plan still follows it.
pub async fn open_plans_of<C: ConnectionTrait>(
    conn: &C,
    course: Uuid,
) -> Result<Vec<cohort::Model>, DbErr> {
    cohort::Entity::find()
        .filter(cohort::Column::CourseId.eq(course))
        .filter(cohort::Column::FrozenAt.is_null())
        .filter(cohort::Column::State.eq("planned"))
        .all(conn)
        .await
}

/// Cohorts that dates may move by that day: planned ones that start, running ones that end.
pub async fn turning_by<C: ConnectionTrait>(
    conn: &C,
    day: &str,
    limit: u64,
) -> Result<Vec<cohort::Model>, DbErr> {
    let starts = Condition::all()
        .add(cohort::Column::State.eq("planned"))
        .add(cohort::Column::StartDate.lte(day));
    let ends = Condition::all()
        .add(cohort::Column::State.eq("running"))
        .add(cohort::Column::EndDate.lt(day));
    cohort::Entity::find()
        .filter(Condition::any().add(starts).add(ends))
        .order_by_asc(cohort::Column::StartDate)
        .order_by_asc(cohort::Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// Replaces the weeks and activities of a cohort.
pub async fn replace_plan(
    tx: &WriteTx,
    cohort: Uuid,
    weeks: Vec<cohort_week::Model>,
    activities: Vec<cohort_activity::Model>,
) -> Result<(), DbErr> {
    for table in ["cohort_activity", "cohort_week"] {
        let sql = format!("DELETE FROM {table} WHERE cohort_id = $1");
        tx.execute_raw(statement(&**tx, sql, [cohort.into()]))
            .await?;
    }
    let rows = weeks.into_iter().map(|w| {
        vec![
            w.cohort_id.into(),
            w.rank.into(),
            w.title.into(),
            w.summary.into(),
            w.opens_on.into(),
            w.due_on.into(),
        ]
    });
    insert_rows(
        tx,
        "cohort_week (cohort_id, rank, title, summary, opens_on, due_on)",
        rows.collect(),
    )
    .await?;
    let rows = activities.into_iter().map(|a| {
        vec![
            a.cohort_id.into(),
            a.activity_id.into(),
            a.week_rank.into(),
            a.rank.into(),
            a.kind.into(),
            a.title.into(),
            a.minutes.into(),
            a.optional.into(),
            a.rule.into(),
        ]
    });
    let into = "cohort_activity (cohort_id, activity_id, week_rank, rank, kind, title, minutes, optional, rule)";
    insert_rows(tx, into, rows.collect()).await?;
    refresh_late_after(tx, Whose::Cohort(cohort)).await
}

/// Inserts new enrolments, a statement for every 100, then two for what boards sort and filter by.
pub async fn insert_enrolments(tx: &WriteTx, rows: Vec<enrolment::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let new: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let into = "enrolment (id, space_id, cohort_id, person_id, state, source, enrolled_at, done_count, done_minutes, \
                calendar_token)";
    let rows = rows.into_iter().map(|e| {
        vec![
            e.id.into(),
            e.space_id.into(),
            e.cohort_id.into(),
            e.person_id.into(),
            e.state.into(),
            e.source.into(),
            e.enrolled_at.into(),
            e.done_count.into(),
            e.done_minutes.into(),
            e.calendar_token.into(),
        ]
    });
    insert_rows(tx, into, rows.collect()).await?;
    refresh_sort_name(tx, &format!("id {}", in_ids(&**tx, 1)), ids(&new)).await?;
    refresh_late_after(tx, Whose::Enrolments(&new)).await
}

/// A person has another name: boards sort them elsewhere from now on.
pub async fn renamed(tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
    refresh_sort_name(tx, "person_id = $1", person.into()).await
}

async fn refresh_sort_name(tx: &WriteTx, rule: &str, value: Value) -> Result<(), DbErr> {
    let sql = format!(
        "UPDATE enrolment SET sort_name = (SELECT n.sort_name FROM person_sort_name n \
         WHERE n.person_id = enrolment.person_id) WHERE {rule}"
    );
    tx.execute_raw(statement(&**tx, sql, [value])).await?;
    Ok(())
}

async fn insert_rows(tx: &WriteTx, into: &str, rows: Vec<Vec<Value>>) -> Result<(), DbErr> {
    for chunk in rows.chunks(CHUNK) {
        let mut next = 0;
        let tuples: Vec<String> = chunk
            .iter()
            .map(|row| {
                let marks: Vec<String> = row
                    .iter()
                    .map(|_| {
                        next += 1;
                        format!("${next}")
                    })
                    .collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {into} VALUES {}", tuples.join(", "));
        tx.execute_raw(statement(&**tx, sql, chunk.iter().flatten().cloned()))
            .await?;
    }
    Ok(())
}

/// Programs that read the calendars of a cohort have to take them again: its dates changed, or it was given
/// up or taken back. `weeks` is how many it had, which are told as cancelled when there are fewer.
pub async fn revise_calendar(tx: &WriteTx, cohort: Uuid, weeks: usize) -> Result<(), DbErr> {
    let sql = "UPDATE cohort SET calendar_sequence = calendar_sequence + 1, calendar_changed_at = $2, \
               calendar_weeks = CASE WHEN calendar_weeks > $3 THEN calendar_weeks ELSE $3 END WHERE id = $1";
    let weeks = i32::try_from(weeks).unwrap_or(i32::MAX);
    let values = [cohort.into(), tx.env().now().into(), weeks.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// One change of columns of an enrolment, only while it is in the given state; false when it is not any more.
/// Each of them changes the calendar of that person: its revision goes with it.
pub async fn change_enrolment(
    tx: &WriteTx,
    id: Uuid,
    from: EnrolState,
    set: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<bool, DbErr> {
    let mut all = vec![Value::from(id), Value::from(from.code())];
    all.extend(values);
    all.push(tx.env().now().into());
    let sql = format!(
        "UPDATE enrolment SET {set}, calendar_sequence = calendar_sequence + 1, calendar_changed_at = ${} \
         WHERE id = $1 AND state = $2",
        all.len()
    );
    Ok(tx
        .execute_raw(statement(&**tx, sql, all))
        .await?
        .rows_affected()
        == 1)
}

//! Whom a message is for at one of its times, and whom it has reached.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

use super::model::{Audience, Automation, Occurrence};
use crate::cohorts::EnrolState;

/// Who a message is for at one of its times: an enrolment and its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Reached {
    /// Enrolment.
    pub id: Uuid,
    /// Person.
    pub person_id: Uuid,
}

/// The condition on an enrolment `e` for being among those whom a message is for.
fn condition(of: &Automation, week: i32, values: &mut Vec<Value>) -> String {
    let of_week = |values: &mut Vec<Value>| {
        if week == 0 {
            return String::new();
        }
        values.push(week.into());
        format!(" AND ca.week_rank = ${}", values.len())
    };
    match of.audience {
        Audience::All => "TRUE".to_owned(),
        Audience::Absent => "e.first_seen_at IS NULL".to_owned(),
        Audience::Behind | Audience::Done => {
            let week_rule = of_week(values);
            let left = format!(
                "EXISTS (SELECT 1 FROM cohort_activity ca WHERE ca.cohort_id = e.cohort_id AND ca.optional = FALSE{week_rule} \
                 AND NOT EXISTS (SELECT 1 FROM activity_state s WHERE s.enrolment_id = e.id \
                 AND s.activity_id = ca.activity_id AND s.status = 'done'))"
            );
            if of.audience == Audience::Done {
                return format!("NOT {left}");
            }
            // Whoever has been given more time is not behind.
            values.push(week.into());
            format!(
                "{left} AND (e.extended_to IS NULL OR e.extended_to <= COALESCE((SELECT w.due_on FROM cohort_week w \
                 WHERE w.cohort_id = e.cohort_id AND w.rank = ${}), (SELECT c.end_date FROM cohort c WHERE c.id = e.cohort_id)))",
                values.len()
            )
        }
    }
}

/// How many people a message would reach now at one of its times, of how many who have a place.
pub(super) async fn count<C: ConnectionTrait>(
    conn: &C,
    of: &Automation,
    cohort: Uuid,
    week: i32,
) -> Result<(i64, i64), DbErr> {
    let mut values: Vec<Value> = vec![cohort.into(), EnrolState::Active.code().into()];
    let rule = condition(of, week, &mut values);
    let sql = format!(
        "SELECT COUNT(*) AS places, COUNT(CASE WHEN {rule} THEN 1 END) AS reached FROM enrolment e \
         WHERE e.cohort_id = $1 AND e.state = $2"
    );
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map_or(Ok((0, 0)), |row| {
        Ok((row.try_get("", "reached")?, row.try_get("", "places")?))
    })
}

/// People whom a message has not reached yet at one of its times: those who have a place, whom it is for, and who
/// enrolled since `since`; `limit` at most.
pub(super) async fn to_reach<C: ConnectionTrait>(
    conn: &C,
    of: &Automation,
    cohort: Uuid,
    one: Occurrence,
    limit: u64,
) -> Result<Vec<Reached>, DbErr> {
    // What was over when it was switched on is for those alone who came afterwards.
    let since = of
        .active_since
        .filter(|since| one.at < *since)
        .unwrap_or(Micros::MIN);
    let mut values: Vec<Value> = vec![
        cohort.into(),
        EnrolState::Active.code().into(),
        since.into(),
        of.id.into(),
        one.week.into(),
    ];
    let rule = condition(of, one.week, &mut values);
    let sql = format!(
        "SELECT e.id, e.person_id FROM enrolment e WHERE e.cohort_id = $1 AND e.state = $2 AND e.enrolled_at > $3 \
         AND NOT EXISTS (SELECT 1 FROM automation_sent d WHERE d.automation_id = $4 AND d.enrolment_id = e.id AND d.week_rank = $5) \
         AND {rule} ORDER BY e.id LIMIT {limit}"
    );
    Reached::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await
}

/// Notes that a message was written to somebody, or that they have no address (`mail` is none); false when
/// it was already.
pub(super) async fn note_sent(
    tx: &WriteTx,
    of: Uuid,
    enrolment: Uuid,
    week: i32,
    mail: Option<Uuid>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO automation_sent (automation_id, enrolment_id, week_rank, mail_id, sent_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values: [Value; 5] = [
        of.into(),
        enrolment.into(),
        week.into(),
        mail.into(),
        tx.env().now().into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// How many mails a message came to at one of its times, how many people had no address, and when the first left.
pub(super) async fn sent<C: ConnectionTrait>(
    conn: &C,
    of: Uuid,
    cohort: Uuid,
    week: i32,
) -> Result<(i64, i64, Option<Micros>), DbErr> {
    let sql = "SELECT COUNT(d.mail_id) AS mails, COUNT(*) AS told, MIN(d.sent_at) AS at FROM automation_sent d \
               JOIN enrolment e ON e.id = d.enrolment_id WHERE d.automation_id = $1 AND e.cohort_id = $2 AND d.week_rank = $3";
    let values = [of.into(), cohort.into(), week.into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map_or(Ok((0, 0, None)), |row| {
        let (mails, told): (i64, i64) = (row.try_get("", "mails")?, row.try_get("", "told")?);
        Ok((mails, told - mails, row.try_get("", "at")?))
    })
}

/// Somebody who has a place in a cohort, to show a message with.
pub(super) async fn anybody<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
) -> Result<Option<Reached>, DbErr> {
    let sql = "SELECT id, person_id FROM enrolment WHERE cohort_id = $1 AND state = $2 ORDER BY enrolled_at, id LIMIT 1";
    let values = [cohort.into(), EnrolState::Active.code().into()];
    Reached::find_by_statement(statement(conn, sql, values))
        .one(conn)
        .await
}

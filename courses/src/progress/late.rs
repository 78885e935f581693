//! The deadline after which an enrolment has something late, kept beside it so
//! that a board of any size counts and filters without looking at activities.

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::{Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, Value};

/// Whose deadlines are worked out again.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Everybody in a cohort: its weeks or its activities have changed.
    Cohort(Uuid),
    /// These enrolments: they did something, or have more time.
    Enrolments(&'a [Uuid]),
}

/// Stores the earliest deadline, extension included, among the needed activities
/// that are not done; nothing when all are. One statement.
///
/// To call after any change of the weeks and activities of a cohort, of an
/// extension, or of what is done.
pub async fn refresh_late_after(tx: &WriteTx, whose: Whose<'_>) -> Result<(), DbErr> {
    let (rule, value): (String, Value) = match whose {
        Whose::Cohort(id) => ("cohort_id = $1".to_owned(), id.into()),
        Whose::Enrolments(list) => (format!("id {}", in_ids(&**tx, 1)), ids(list)),
    };
    let sql = format!(
        "UPDATE enrolment SET late_after = (SELECT MIN(CASE WHEN enrolment.extended_to > w.due_on \
         THEN enrolment.extended_to ELSE w.due_on END) FROM cohort_activity ca \
         JOIN cohort_week w ON w.cohort_id = ca.cohort_id AND w.rank = ca.week_rank \
         WHERE ca.cohort_id = enrolment.cohort_id AND ca.optional = FALSE AND NOT EXISTS (SELECT 1 FROM activity_state s \
         WHERE s.enrolment_id = enrolment.id AND s.activity_id = ca.activity_id AND s.status = 'done')) WHERE {rule}"
    );
    tx.execute_raw(statement(&**tx, sql, [value])).await?;
    Ok(())
}

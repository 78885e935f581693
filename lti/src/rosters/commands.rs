//! What follows when a platform has made a column for a group.

use passerelle_courses::cohorts::{self, cohort};
use passerelle_kernel::Uuid;
use passerelle_web::{App, AppError};

use super::store::{self, ContextRow};
use crate::grades::{self, Graded};

/// Sends the grades of a cohort's people to a column of the course they come from, and keeps it
/// for who comes from there later.
///
/// # Errors
///
/// The database refuses.
pub(super) async fn grade_in(
    app: &App,
    context: &ContextRow,
    cohort: &cohort::Model,
    line_item: &str,
) -> Result<(), AppError> {
    let db = app.db().read();
    let subjects = store::subjects_of(db, context).await?;
    let persons: Vec<Uuid> = subjects.iter().map(|(_, person)| *person).collect();
    let places = cohorts::places_of_persons(db, cohort, &persons).await?;
    let tx = app.db().write().await?;
    store::put_column(&tx, context.id, cohort.id, line_item).await?;
    for (subject, person) in &subjects {
        if let Some(enrolment) = places.get(person) {
            let graded = Graded {
                platform: context.platform,
                enrolment: *enrolment,
                activity: None,
                subject,
            };
            grades::keep_in(&tx, graded, line_item).await?;
        }
    }
    Ok(tx.commit().await?)
}

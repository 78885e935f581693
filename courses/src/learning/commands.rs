//! What a trainee does in an activity that is shown here: opening it, and
//! declaring it done.

use passerelle_kernel::WriteTx;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::Allowed;

use super::model::may_open;
use super::store;
use crate::access::DoActivity;
use crate::progress::model::{ActivityRule, Seen};
use crate::progress::{Observation, Outcome, record};

/// Why an activity cannot be done now.
#[derive(Debug, thiserror::Error)]
pub enum LearningError {
    /// Its week has not opened.
    #[error("the week is not open yet")]
    NotOpen,
    /// The course is over for this trainee.
    #[error("the course is over")]
    Over,
    /// It is not of the kind that a trainee declares done.
    #[error("the activity is not declared done by hand")]
    NotDeclared,
    /// The cohort does not have it.
    #[error("no such activity in the cohort")]
    Unknown,
    /// The database failed.
    #[error("database: {0}")]
    Db(#[from] DbErr),
}

impl From<LearningError> for passerelle_web::AppError {
    fn from(error: LearningError) -> Self {
        match error {
            LearningError::NotOpen => Self::Conflict("learning-error-not-open"),
            LearningError::Over => Self::Conflict("learning-error-over"),
            LearningError::NotDeclared => Self::Conflict("learning-error-not-declared"),
            LearningError::Unknown => Self::NotFound,
            LearningError::Db(error) => Self::Db(error),
        }
    }
}

/// Notes that a page, a file or a link was opened. The caller has checked that the week is open and
/// the course not over: nothing is asked again within the write.
pub async fn view(tx: &WriteTx, allowed: &Allowed<DoActivity>) -> Result<Outcome, DbErr> {
    record(
        tx,
        allowed.actor(),
        observation(
            tx,
            allowed,
            Seen {
                viewed: true,
                ..Seen::default()
            },
        ),
    )
    .await
}

/// Notes that an activity is opened elsewhere than on its page. Refused before its week opens and
/// after the course is over.
pub async fn open(tx: &WriteTx, allowed: &Allowed<DoActivity>) -> Result<Outcome, LearningError> {
    may_work(tx, allowed).await?;
    Ok(view(tx, allowed).await?)
}

/// Declares an activity done. Refused before its week opens, after the course is over, and when the
/// rule is another one.
pub async fn declare(
    tx: &WriteTx,
    allowed: &Allowed<DoActivity>,
) -> Result<Outcome, LearningError> {
    if may_work(tx, allowed).await? != ActivityRule::Declared {
        return Err(LearningError::NotDeclared);
    }
    let seen = Seen {
        viewed: true,
        declared: true,
        ..Seen::default()
    };
    Ok(record(tx, allowed.actor(), observation(tx, allowed, seen)).await?)
}

/// Whether work counts now; the rule of the activity.
async fn may_work(
    tx: &WriteTx,
    allowed: &Allowed<DoActivity>,
) -> Result<ActivityRule, LearningError> {
    let at = allowed.object();
    let cohort = &at.of.cohort;
    let opening = store::opening_of(&**tx, cohort.id, at.activity.id)
        .await?
        .ok_or(LearningError::Unknown)?;
    let now = tx.env().now();
    if !may_open(cohort, &opening.opens_on, now) {
        return Err(LearningError::NotOpen);
    }
    if at.of.term().is_over(now) {
        return Err(LearningError::Over);
    }
    Ok(opening.rule)
}

fn observation(tx: &WriteTx, allowed: &Allowed<DoActivity>, seen: Seen) -> Observation {
    let at = allowed.object();
    Observation {
        enrolment: at.of.enrolment.id,
        activity: at.activity.id,
        seen,
        seconds: 0,
        at: tx.env().now(),
    }
}

//! Why something about a cohort could not be done.

use passerelle_kernel::journal::AppendError;
use passerelle_web::AppError;
use sea_orm::DbErr;

use super::calendar::CalendarError;

/// Why something about a cohort could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CohortError {
    /// No such cohort, course, person or enrolment in this space.
    #[error("not found")]
    NotFound,
    /// The course is not published.
    #[error("the course is not published")]
    NotPublished,
    /// The course has no week.
    #[error("the course has no week")]
    NoWeek,
    /// The number of places is out of bounds.
    #[error("the number of places is out of bounds")]
    Capacity,
    /// Fewer places than people who have one.
    #[error("fewer places than people who have one")]
    TooFewPlaces,
    /// The cohort has started: its dates do not change any more.
    #[error("the cohort has started")]
    Started,
    /// Ended, certified or cancelled.
    #[error("the cohort takes nobody any more")]
    Closed,
    /// No place left.
    #[error("no place is left")]
    Full,
    /// The other cohort is the same one, or of another course.
    #[error("not another cohort of the same course")]
    OtherCourse,
    /// The enrolment is not in a state that allows it.
    #[error("the enrolment has changed meanwhile")]
    Changed,
    /// The date is past or too far.
    #[error("the date is past or too far")]
    BadDate,
    /// No calendar can be made.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl CohortError {
    /// Id of the message that says what happened and what to do, when it is not our fault.
    pub fn message(&self) -> Option<&'static str> {
        match self {
            Self::NotPublished => Some("cohort-error-not-published"),
            Self::NoWeek => Some("cohort-error-no-week"),
            Self::Capacity => Some("cohort-error-capacity"),
            Self::TooFewPlaces => Some("cohort-error-too-few-places"),
            Self::Started => Some("cohort-error-started"),
            Self::Closed => Some("cohort-error-closed"),
            Self::Full => Some("cohort-error-full"),
            Self::OtherCourse => Some("cohort-error-other-course"),
            Self::Changed => Some("cohort-error-changed"),
            Self::Calendar(CalendarError::Weeks(_)) => Some("cohort-error-weeks"),
            Self::BadDate | Self::Calendar(CalendarError::OutOfRange) => Some("cohort-error-date"),
            Self::NotFound
            | Self::Calendar(CalendarError::NotADate)
            | Self::Append(_)
            | Self::Db(_) => None,
        }
    }
}

/// For callers whose own errors are those of the database.
impl From<CohortError> for DbErr {
    fn from(error: CohortError) -> Self {
        match error {
            CohortError::Db(error) => error,
            other => Self::Custom(other.to_string()),
        }
    }
}

impl From<CohortError> for AppError {
    fn from(error: CohortError) -> Self {
        match error.message() {
            Some(id) => Self::Conflict(id),
            None => match error {
                CohortError::NotFound => Self::NotFound,
                CohortError::Db(error) => Self::Db(error),
                other => Self::internal(other),
            },
        }
    }
}

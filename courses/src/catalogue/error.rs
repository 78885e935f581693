//! Why a course could not be changed.

use passerelle_kernel::journal::AppendError;
use passerelle_web::AppError;
use sea_orm::DbErr;

use super::model::Gap;

/// Why a course could not be changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The sheet does not tell everything that must be public.
    #[error("the sheet is incomplete: {} fields", .0.len())]
    Incomplete(Vec<Gap>),
    /// Somebody else changed the course since the form was shown.
    #[error("the course has changed meanwhile")]
    Stale,
    /// The course, the week or the activity is not there any more.
    #[error("no such thing")]
    Gone,
    /// A field is wrong: its name and the id of the message.
    #[error("{0}: {1}")]
    Invalid(&'static str, &'static str),
    /// A week with activities, or the only one, cannot be removed.
    #[error("the week is not empty or is the only one")]
    WeekKept,
    /// What is stored cannot be read back.
    #[error("stored data: {0}")]
    Stored(#[from] serde_json::Error),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<CatalogueError> for AppError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Db(error) => Self::Db(error),
            CatalogueError::Gone => Self::NotFound,
            CatalogueError::Stale => Self::Conflict("catalogue-stale"),
            CatalogueError::WeekKept => Self::Conflict("catalogue-week-kept"),
            CatalogueError::Incomplete(_) => Self::Conflict("catalogue-incomplete"),
            CatalogueError::Invalid(_, message) => Self::BadRequest(message),
            other => Self::internal(other),
        }
    }
}

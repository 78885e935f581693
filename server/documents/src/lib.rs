//! Typesetting: from typed documents to tagged, archivable PDF.
//!
//! It is the only crate that knows the typesetter, and hides it behind [`Typesetter`]. It
//! decides how a certificate looks and is worded, and nothing else: who deserves one, what it
//! states and where it is kept are decided elsewhere. It reads no database, no clock and no
//! file: the same [`Document`] always yields the same bytes.
//!
//! Files conform to PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

mod error;
mod format;
mod model;
pub mod sample;
mod text;
mod typesetter;
mod verification;
mod view;
mod wording;
mod world;

pub use error::DocumentError;
pub use model::{
    ActionNature, ActivityLine, AssessmentResult, AttendanceStatement, CompletionCertificate,
    Document, EndOfTrainingStatement, Issue, JournalHead, Language, Outcome, Representative,
    TimeBasis, Trainee, TrainingAction, TrainingBody,
};
pub use typesetter::TypstTypesetter;

/// Turns documents into files.
pub trait Typesetter: Send + Sync {
    /// Typesets one document and returns the bytes of a PDF file.
    ///
    /// The work takes processor time (tens of milliseconds, more for long lists) and must not
    /// run on an asynchronous runtime's own threads.
    ///
    /// # Errors
    ///
    /// When a required field is empty, too long or malformed; see [`DocumentError`].
    fn typeset(&self, document: &Document) -> Result<Vec<u8>, DocumentError>;
}

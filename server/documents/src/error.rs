//! What can go wrong when a document is typeset.

use thiserror::Error;

/// Why a document could not be typeset. Nothing is written anywhere, so nothing is lost.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// A field that the document cannot do without is empty.
    #[error("the field `{field}` is empty")]
    Incomplete {
        /// Path of the field.
        field: &'static str,
    },
    /// A field or a list is longer than what can be set on a page.
    #[error("the field `{field}` is longer than {limit}")]
    TooLong {
        /// Path of the field.
        field: &'static str,
        /// The limit, in characters, bytes or lines according to the field.
        limit: usize,
    },
    /// A field does not have the form that it must have.
    #[error("the field `{field}` must be {expected}")]
    Malformed {
        /// Path of the field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// The verification address does not fit a QR code.
    #[error("the verification address cannot be drawn as a QR code: {0}")]
    QrCode(#[source] qrcode::types::QrError),
    /// A message is missing from a translation, or wrong there.
    #[error("the wording `{key}` is missing or wrong in `{language}`")]
    Wording {
        /// Key of the message.
        key: String,
        /// Language tag.
        language: &'static str,
    },
    /// The typesetter refused the document: a fault of the templates, not of the data.
    #[error("the typesetter refused the document: {details}")]
    Typesetting {
        /// The typesetter's diagnostics, joined.
        details: String,
    },
    /// The data could not be handed to the template.
    #[error("the data could not be handed to the template: {0}")]
    Data(#[from] serde_json::Error),
}

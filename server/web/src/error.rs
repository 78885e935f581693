//! One application error: a status, a stable code, and a page or a problem
//! document that says what to do. The cause goes to the log, once.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::group::GroupError;
use passerelle_kernel::journal::{AppendError, SealError};
use passerelle_kernel::sea_orm::DbErr;
use serde_json::json;

/// Why a request could not be answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No such thing, or not for this person to know of.
    #[error("not found")]
    NotFound,
    /// Signed in, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// Sign-in needed.
    #[error("sign-in needed")]
    SignIn,
    /// The request cannot be understood; id of a message that says why.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The state has changed meanwhile; id of a message that says what to do.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Larger than allowed.
    #[error("too large")]
    TooLarge,
    /// Too many in too short a time.
    #[error("too many requests")]
    TooMany,
    /// A stored file is missing or not what was stored: it is not handed over.
    #[error("stored file: {0}")]
    Damaged(String),
    /// The database failed.
    #[error("database: {0}")]
    Db(#[from] DbErr),
    /// Anything else that is our fault.
    #[error("{0}")]
    Internal(String),
}

impl AppError {
    /// Something that is our fault.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// Status and stable code.
    pub fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::SignIn => (StatusCode::UNAUTHORIZED, "sign-in"),
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "damaged"),
            Self::Db(_) | Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl From<AppendError> for AppError {
    fn from(error: AppendError) -> Self {
        Self::Internal(error.to_string())
    }
}
impl From<SealError> for AppError {
    fn from(error: SealError) -> Self {
        Self::Internal(error.to_string())
    }
}
impl From<GroupError> for AppError {
    fn from(error: GroupError) -> Self {
        Self::Internal(error.to_string())
    }
}
impl From<passerelle_kernel::blobs::BlobError> for AppError {
    fn from(error: passerelle_kernel::blobs::BlobError) -> Self {
        if error.is_damage() {
            Self::Damaged(error.to_string())
        } else {
            Self::Internal(error.to_string())
        }
    }
}
impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Left in the response for the middleware, which knows the language and writes the page.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub code: &'static str,
    pub message: Option<&'static str>,
    pub cause: Option<String>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, code) = self.status();
        let message = match &self {
            Self::BadRequest(id) | Self::Conflict(id) => Some(*id),
            _ => None,
        };
        let cause = status.is_server_error().then(|| self.to_string());
        let mut response = status.into_response();
        response.extensions_mut().insert(Failure {
            code,
            message,
            cause,
        });
        response
    }
}

/// RFC 9457 problem document, for programs.
pub(crate) fn problem(status: StatusCode, code: &str, title: &str, reference: &str) -> Response {
    let body = json!({
        "type": format!("about:blank#{code}"),
        "title": title,
        "status": status.as_u16(),
        "code": code,
        "request_id": reference,
    });
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        Json(body),
    )
        .into_response()
}

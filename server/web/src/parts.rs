//! A form with files, part by part: the only reader of such forms, so that what may not enter as text
//! is refused in one place.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};

use crate::app::App;
use crate::error::AppError;
use crate::text;

/// The parts of a form, as they come.
#[derive(Debug)]
pub struct Parts(Multipart);

/// One part.
#[derive(Debug)]
pub struct Part<'a> {
    /// Name of the field.
    pub name: String,
    /// Name of the file, as it was sent, when the part is one.
    pub file_name: Option<String>,
    field: Field<'a>,
}

fn broken<E>(_: E) -> AppError {
    AppError::BadRequest("error-form")
}

impl FromRequest<App> for Parts {
    type Rejection = AppError;

    /// For small forms: the whole is bounded by the limit of the route.
    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let parts = Multipart::from_request(request, app).await;
        Ok(Self(parts.map_err(broken)?))
    }
}

impl Parts {
    /// For a form whose reader watches its limits, part by part.
    pub async fn unbounded(mut request: Request) -> Result<Self, AppError> {
        DefaultBodyLimit::disable().apply(&mut request);
        let parts = Multipart::from_request(request, &()).await;
        Ok(Self(parts.map_err(broken)?))
    }

    /// The next part.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, AppError> {
        let Some(field) = self.0.next_field().await.map_err(broken)? else {
            return Ok(None);
        };
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        if !text::may_enter(&name) || file_name.as_deref().is_some_and(|n| !text::may_enter(n)) {
            return Err(text::refused());
        }
        Ok(Some(Part {
            name,
            file_name,
            field,
        }))
    }
}

impl Part<'_> {
    /// The next bytes of a file.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, AppError> {
        self.field.chunk().await.map_err(broken)
    }

    /// The value of a field, of at most so many bytes.
    pub async fn text(mut self, most: usize) -> Result<String, AppError> {
        let mut value = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if value.len() + chunk.len() > most {
                return Err(AppError::TooLarge);
            }
            value.extend_from_slice(&chunk);
        }
        let value = String::from_utf8_lossy(&value).into_owned();
        if !text::may_enter(&value) {
            return Err(text::refused());
        }
        Ok(value)
    }
}

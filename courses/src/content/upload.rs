//! A form with a file, taken in as it comes: the file goes to the scratch folder
//! and never to memory, and the limit is watched while it arrives.

use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::{Request, header};
use passerelle_web::parts::{Part, Parts};
use passerelle_web::{App, AppError, Form};
use tokio::io::{AsyncWriteExt, BufWriter};

use super::model::clean_name;
use super::scratch::ScratchFile;

/// Bytes at most in all the fields that are not files.
const MAX_TEXT: usize = 2 * 1024 * 1024;
/// Bytes written at a time.
const BUFFER: usize = 1024 * 1024;
/// Bytes read and thrown away after a file that is too large, so that the answer arrives.
const DRAINED: u64 = 512 * 1024 * 1024;

/// Why a form with a file could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The sending stopped or is not a form.
    #[error("the form did not arrive whole: {0}")]
    Broken(String),
    /// It is no form that may enter.
    #[error(transparent)]
    Refused(#[from] AppError),
    /// The scratch folder does not take it.
    #[error("the file could not be written: {0}")]
    Io(#[from] std::io::Error),
}

impl From<UploadError> for AppError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Broken(_) => Self::BadRequest("error-form"),
            UploadError::Refused(error) => error,
            UploadError::Io(error) => Self::internal(error),
        }
    }
}

/// A file that arrived.
#[derive(Debug)]
pub struct ReceivedFile {
    /// Where it is; removed when dropped.
    pub scratch: ScratchFile,
    /// Its name, made harmless.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

/// What a form brought.
#[derive(Debug, Default)]
pub struct Received {
    /// Its values.
    pub form: Form,
    /// Its file, when one was chosen.
    pub file: Option<ReceivedFile>,
    /// Whether its file was over the limit, and so not kept.
    pub too_large: bool,
}

/// Takes a form in, with a file of at most `limit` bytes or without any.
///
/// A form sent urlencoded is taken as well.
///
/// # Errors
/// See [`UploadError`]; nothing is left behind.
pub async fn receive(
    app: &App,
    request: Request<Body>,
    limit: u64,
) -> Result<Received, UploadError> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let form = Form::from_request(request, app).await?;
        return Ok(Received {
            form,
            ..Received::default()
        });
    }
    // The limit is ours, field by field.
    let mut parts = Parts::unbounded(request).await?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut file = None;
    let mut too_large = false;
    let mut text = 0;
    while let Some(mut part) = parts.next().await? {
        if let Some(file_name) = part.file_name.as_deref().map(clean_name) {
            if file.is_none() {
                match take_file(app, &mut part, file_name, limit).await? {
                    Taken::File(taken) => file = Some(taken),
                    Taken::Nothing => {}
                    Taken::TooLarge => too_large = true,
                }
            }
            continue;
        }
        let name = part.name.clone();
        let value = part.text(MAX_TEXT - text).await?;
        // Names count as well: fields without end are no form.
        text = (text + name.len() + value.len() + 16).min(MAX_TEXT);
        pairs.push((name, value));
    }
    Ok(Received {
        form: Form::from_pairs(pairs),
        file,
        too_large,
    })
}

enum Taken {
    File(ReceivedFile),
    Nothing,
    TooLarge,
}

/// Writes the file; nothing when no file was chosen, which browsers send as an empty one.
async fn take_file(
    app: &App,
    field: &mut Part<'_>,
    name: String,
    limit: u64,
) -> Result<Taken, UploadError> {
    let scratch = ScratchFile::new(app);
    let mut out = BufWriter::with_capacity(BUFFER, tokio::fs::File::create(scratch.path()).await?);
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await? {
        size += chunk.len() as u64;
        if size > limit {
            drop(out);
            drop(scratch);
            drain(field).await?;
            return Ok(Taken::TooLarge);
        }
        out.write_all(&chunk).await?;
    }
    out.flush().await?;
    Ok(if size > 0 {
        Taken::File(ReceivedFile {
            scratch,
            name,
            size,
        })
    } else {
        Taken::Nothing
    })
}

/// A browser reads the answer once it has sent everything: the rest is read, up to a point.
async fn drain(field: &mut Part<'_>) -> Result<(), UploadError> {
    let mut left = DRAINED;
    while let Some(chunk) = field.chunk().await? {
        left = left.saturating_sub(chunk.len() as u64);
        if left == 0 {
            return Err(UploadError::Broken(
                "the file is far over the limit".to_owned(),
            ));
        }
    }
    Ok(())
}

//! A form with one small file, taken in whole; the limit is watched while it arrives.

use axum::body::Body;
use axum::http::Request;
use passerelle_web::parts::Parts;
use passerelle_web::{AppError, Form};

/// Bytes at most in all the fields that are not files.
const MAX_TEXT: usize = 1024 * 1024;

/// What a form brought.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// Its values.
    pub form: Form,
    /// Name and bytes of its file, when one was chosen.
    pub file: Option<(String, Vec<u8>)>,
    /// Whether its file was over the limit, and so not kept.
    pub too_large: bool,
}

/// Takes a form in, with a file of at most `limit` bytes or without any.
///
/// # Errors
///
/// It is no such form, or stopped on its way.
pub(crate) async fn receive(request: Request<Body>, limit: usize) -> Result<Received, AppError> {
    // The limit is ours, field by field.
    let mut parts = Parts::unbounded(request).await?;
    let mut received = Received::default();
    let (mut pairs, mut text) = (Vec::new(), 0);
    while let Some(mut part) = parts.next().await? {
        let Some(file_name) = part.file_name.clone() else {
            let name = part.name.clone();
            let value = part.text(MAX_TEXT - text).await?;
            // Names count as well: fields without end are no form.
            text = (text + name.len() + value.len() + 16).min(MAX_TEXT);
            pairs.push((name, value));
            continue;
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await? {
            if bytes.len() + chunk.len() > limit {
                received.too_large = true;
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
        if received.too_large {
            break;
        }
        if !bytes.is_empty() {
            received.file = Some((file_name, bytes));
        }
    }
    received.form = Form::from_pairs(pairs);
    Ok(received)
}

//! A form with one small file, taken in whole; the limit is watched while it arrives.

use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, FromRequest};
use axum::http::Request;
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
pub(crate) async fn receive(
    mut request: Request<Body>,
    limit: usize,
) -> Result<Received, AppError> {
    let broken = |_| AppError::BadRequest("error-form");
    // The limit is ours, field by field.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| AppError::BadRequest("error-form"))?;
    let mut received = Received::default();
    let (mut pairs, mut text) = (Vec::new(), 0);
    while let Some(mut field) = parts.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let most = if file_name.is_some() {
            limit
        } else {
            MAX_TEXT - text
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if bytes.len() + chunk.len() > most {
                if file_name.is_none() {
                    return Err(AppError::TooLarge);
                }
                received.too_large = true;
                bytes.clear();
                break;
            }
            bytes.extend_from_slice(&chunk);
        }
        if received.too_large {
            break;
        }
        match file_name {
            Some(name) if !bytes.is_empty() => received.file = Some((name, bytes)),
            Some(_) => {}
            None => {
                // Names count as well: fields without end are no form.
                text = (text + name.len() + bytes.len() + 16).min(MAX_TEXT);
                pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    received.form = Form::from_pairs(pairs);
    Ok(received)
}

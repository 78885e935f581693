//! What may enter as text: anything but the character NUL, which no keyboard types, which ends a
//! text in half of all programs, and which PostgreSQL stores in no column.
//!
//! It is refused in one place, before any page reads it: in the address, in forms and in JSON as they
//! arrive ([`entering`]), in the fields of forms with files ([`crate::parts`]). Headers cannot carry
//! it. What is JSON itself and kept as JSON (the values of a SCO) may hold it, escaped.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::error::AppError;

/// Id of the message that says what is refused.
pub const REFUSED: &str = "error-text";

/// The refusal, for who reads text in another way.
pub fn refused() -> AppError {
    AppError::BadRequest(REFUSED)
}

/// Whether a text may enter.
pub fn may_enter(text: &str) -> bool {
    !text.contains('\0')
}

fn is_odd(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a text is on one line, without characters of control.
pub fn is_one_line(text: &str) -> bool {
    !text.contains(is_odd)
}

/// On one line, without characters of control: what a name or a title is.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| is_odd(c) || c == ' ');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Around every page: refuses a request whose address, form or JSON holds NUL.
pub async fn entering(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query();
    if address.is_some_and(|text| Scanner::Form(0).finds(text.as_str().as_bytes())) {
        return refused().into_response();
    }
    let Some(scanner) = Scanner::of(request.headers()) else {
        return next.run(request).await;
    };
    let found = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| {
        Body::new(Watched {
            body,
            scanner,
            found: found.clone(),
        })
    });
    let response = next.run(request).await;
    if found.load(Ordering::Acquire) {
        // Whatever the page made of a body that was cut there.
        return refused().into_response();
    }
    response
}

/// Looks for NUL, piece by piece.
enum Scanner {
    /// As it is, and as `%00`; so many characters of that are read.
    Form(u8),
    /// As it is, and as an escape; so many characters of that are read.
    Json(u8),
}

impl Scanner {
    /// The one for a body of that kind; none for bytes that are no text.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        if kind.is_empty() || kind == "application/x-www-form-urlencoded" {
            Some(Self::Form(0))
        } else if kind.ends_with("/json") || kind.ends_with("+json") {
            Some(Self::Json(0))
        } else {
            None
        }
    }

    fn finds(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().any(|byte| *byte == 0 || self.step(*byte))
    }

    fn step(&mut self, byte: u8) -> bool {
        let (read, escape): (&mut u8, &[u8]) = match self {
            Self::Form(read) => (read, b"%00"),
            Self::Json(read) => (read, b"\\u0000"),
        };
        if escape.get(usize::from(*read)) == Some(&byte) {
            *read += 1;
        } else {
            // After a backslash comes what it escapes: a second one begins nothing.
            let begins = byte == escape[0] && !(escape[0] == b'\\' && *read == 1);
            *read = u8::from(begins);
        }
        if usize::from(*read) == escape.len() {
            *read = 0;
            return true;
        }
        false
    }
}

/// A body that ends where it holds NUL.
struct Watched {
    body: Body,
    scanner: Scanner,
    found: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(bytes) = frame.data_ref()
            && this.scanner.finds(bytes)
        {
            this.found.store(true, Ordering::Release);
            return Poll::Ready(Some(Err(axum::Error::new(Nul))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the text holds NUL")]
struct Nul;

#[cfg(test)]
mod tests {
    use super::*;

    /// In every way of cutting it into two pieces.
    fn found(scanner: fn() -> Scanner, text: &str) -> bool {
        let bytes = text.as_bytes();
        let all: Vec<bool> = (0..=bytes.len())
            .map(|at| {
                let mut scanner = scanner();
                scanner.finds(&bytes[..at]) || scanner.finds(&bytes[at..])
            })
            .collect();
        assert!(all.iter().all(|one| *one == all[0]), "{text}");
        all[0]
    }

    #[test]
    fn nul_is_found_as_it_is_and_escaped_and_nothing_else_is() {
        let form = || Scanner::Form(0);
        for text in ["a=%00", "a=\0", "%00=1", "a=%%00", "a=%0%00", "é=%00"] {
            assert!(found(form, text), "{text}");
        }
        for text in ["a=%2500", "a=100", "a=%0", "a=%01%20", "a=%C3%A9"] {
            assert!(!found(form, text), "{text}");
        }
        let json = || Scanner::Json(0);
        for text in [
            r#"{"a":"\u0000"}"#,
            r#""\\\u0000""#,
            "\"\0\"",
            r#""\n\u0000""#,
        ] {
            assert!(found(json, text), "{text}");
        }
        for text in [
            r#""\\u0000""#,
            r#""\u0001""#,
            r#""u0000""#,
            r#""\u00e9\u000a""#,
        ] {
            assert!(!found(json, text), "{text}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(
            one_line(" Ada\r\nBCC:\u{b}x\u{2028}y \u{7f}"),
            "Ada BCC: x y"
        );
        assert_eq!(one_line("Zoé d’Été"), "Zoé d’Été");
    }
}

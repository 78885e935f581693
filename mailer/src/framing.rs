//! Pages of ours that show a mail in a frame, and the mail in it.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// A page that frames a mail of ours, which the usual policy forbids.
const PAGE: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
     connect-src 'self'; font-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A letter: its own styles and pictures, links that open beside; nothing that runs.
const LETTER: &str = "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// Lets a page of ours show a mail in a frame.
pub(crate) fn framing(response: Response) -> Response {
    under(response, PAGE)
}

/// Seals a letter that a page of ours shows in a frame.
pub(crate) fn sealed(response: Response) -> Response {
    under(response, LETTER)
}

fn under(mut response: Response, policy: &'static str) -> Response {
    let value = HeaderValue::from_static(policy);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, value);
    response
}

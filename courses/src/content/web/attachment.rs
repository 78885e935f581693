//! A file of a course, handed over so that it cannot act on our origin.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_web::context::urlencode;
use passerelle_web::stored::{self, CHECKED_WHEN_SERVED};
use passerelle_web::{Allowed, AppError, Ctx};

use super::super::access::ReadAttachment;
use super::super::kept::ATTACHMENTS;
use super::super::model::{Served, served};

/// Nothing loads, nothing runs; what is shown is shown by the browser itself.
const POLICY: &str = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; \
                      frame-ancestors 'none'; sandbox";
/// The viewer of PDF files that browsers bring does not start in a sandbox.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; \
     frame-ancestors 'none'";

pub(super) async fn serve(
    ctx: Ctx,
    allowed: Allowed<ReadAttachment>,
    asked: HeaderMap,
) -> Result<Response, AppError> {
    let file = &allowed.object().attachment;
    let size = file.size_bytes.max(0) as u64;
    let tag = format!("\"{}\"", file.id.simple());
    if asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|v| v.as_bytes() == tag.as_bytes())
    {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let range = asked
        .get(header::RANGE)
        .and_then(|v| v.to_str().ok())
        .map(|text| parse_range(text, size));
    let (status, from, to) = match range {
        None | Some(Range::Whole) => (StatusCode::OK, 0, size),
        Some(Range::Part(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(Range::Outside) => {
            let unsatisfied = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response());
        }
    };
    let body = match &file.sha256 {
        // The whole is read to know a part; what is larger is checked every night only.
        Some(sha256) if size <= CHECKED_WHEN_SERVED => {
            let (key, name) = (&file.blob_key, &file.file_name);
            let bytes = stored::sound(&ctx.app, ATTACHMENTS, key, name, sha256).await?;
            let (from, to) = (from as usize, (to as usize).min(bytes.len()));
            Body::from(bytes.slice(from.min(to)..to))
        }
        _ => Body::from_stream(ctx.app.blobs().stream(&file.blob_key, from..to).await?),
    };
    let mut response = (status, body).into_response();
    let kind = served(&file.file_name);
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, kind.media_type.to_owned());
    set(header::CONTENT_LENGTH, (to - from).to_string());
    set(
        header::CONTENT_DISPOSITION,
        disposition(kind, &file.file_name),
    );
    set(header::CONTENT_SECURITY_POLICY, policy(kind).to_owned());
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned());
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    set(header::ETAG, tag);
    if status == StatusCode::PARTIAL_CONTENT {
        set(
            header::CONTENT_RANGE,
            format!("bytes {from}-{}/{size}", to - 1),
        );
    }
    Ok(response)
}

fn policy(kind: Served) -> &'static str {
    if kind.media_type == "application/pdf" {
        PDF_POLICY
    } else {
        POLICY
    }
}

/// RFC 6266: a plain name for old programs, the true one in UTF-8.
fn disposition(kind: Served, name: &str) -> String {
    let how = if kind.inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " ._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!(
        "{how}; filename=\"{plain}\"; filename*=UTF-8''{}",
        urlencode(name)
    )
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    Part(u64, u64),
    Outside,
}

/// One range of bytes (RFC 9110 §14.1.2), end excluded; several at once are answered by the whole.
fn parse_range(text: &str, size: u64) -> Range {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Range::Whole;
    };
    let (from, to) = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if to.trim().is_empty() => (from, size),
        (Err(_), Ok(last)) if from.trim().is_empty() => (size.saturating_sub(last), size),
        _ => return Range::Whole,
    };
    if from >= to {
        Range::Outside
    } else {
        Range::Part(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_browsers_write_them() {
        assert_eq!(parse_range("bytes=0-", 100), Range::Part(0, 100));
        assert_eq!(parse_range("bytes=10-19", 100), Range::Part(10, 20));
        assert_eq!(parse_range("bytes=90-500", 100), Range::Part(90, 100));
        assert_eq!(parse_range("bytes=-10", 100), Range::Part(90, 100));
        assert_eq!(parse_range("bytes=100-", 100), Range::Outside);
        for whole in [
            "",
            "bytes=a-b",
            "bytes=20-10",
            "lines=1-2",
            "bytes=0-1,5-6",
            "bytes=-",
        ] {
            assert_eq!(parse_range(whole, 100), Range::Whole, "{whole}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let kind = served("a.pdf");
        let header = disposition(kind, "Évaluation \"finale\"; x=\r\n.pdf");
        assert!(
            header.starts_with("inline; filename=\"_valuation _finale__ x___.pdf\""),
            "{header}"
        );
        assert!(
            header.ends_with("%C3%89valuation%20%22finale%22%3B%20x%3D%0D%0A.pdf"),
            "{header}"
        );
    }
}

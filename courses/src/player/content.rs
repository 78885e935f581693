//! Files of packages, straight from the zip they came in, and the player's own.

use std::io::Read;
use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use passerelle_scorm::package::{EntryReader, FileEntry, Method, find};
use passerelle_web::app::App;
use passerelle_web::assets::media_type;
use passerelle_web::error::AppError;
use passerelle_web::lang::Lang;
use rust_embed::RustEmbed;

use super::{launch, policy};

#[derive(RustEmbed)]
#[folder = "assets/player/"]
#[exclude = "*.md"]
#[exclude = "package.json"]
struct PlayerFiles;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// `GET /p/{file}`: the player's scripts and style.
pub(super) async fn player_file(Path(file): Path<String>) -> Response {
    let bytes: Option<Bytes> = if file == "datamodel.json" {
        Some(Bytes::from_static(
            passerelle_scorm::model::served_datamodel().as_bytes(),
        ))
    } else {
        PlayerFiles::get(&file).map(|f| f.data.into_owned().into())
    };
    let Some(bytes) = bytes else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = [
        (header::CONTENT_TYPE, media_type(&file)),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (kind, bytes).into_response()
}

/// `GET /c/{capability}/{path}`: a file of the package, to whoever holds the capability.
pub(super) async fn package_file(
    State(app): State<App>,
    Path((capability, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match serve(&app, &capability, &path, &headers).await {
        Ok(response) => response,
        Err(AppError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(AppError::Forbidden) => StatusCode::FORBIDDEN.into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of a package could not be served");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn serve(
    app: &App,
    capability: &str,
    path: &str,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let holder = launch::capability(app.db(), capability)
        .await?
        .ok_or(AppError::NotFound)?;
    if !policy::host_fits(app.settings(), headers, &holder.label) {
        return Err(AppError::NotFound);
    }
    if holder.expired {
        return Ok(over(app, &holder, headers));
    }
    let package = crate::content::package_index(app, holder.package).await?;
    let entry = entry_of(&package.files, path).ok_or(AppError::NotFound)?;
    let etag = format!("\"{:08x}-{:x}\"", entry.crc32, entry.size);
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|v| v.as_bytes() == etag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(
            app,
            &format!("packages/{}.zip", holder.package),
            entry,
            headers,
        )
        .await?
    };
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type(&entry.path)),
    );
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=3600"),
    );
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, value);
    }
    let policy = policy::content_policy(app.settings(), &holder.external, &holder.ancestors);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        out.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    Ok(response)
}

/// In the place of a page of a launch that is over: what to do, and that nothing is lost.
fn over(app: &App, holder: &launch::Capability, headers: &HeaderMap) -> Response {
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok())
        .and_then(Lang::accepted);
    let lang = asked.unwrap_or_default();
    let mut response = launch::refusal(app, lang, StatusCode::GONE, "player-files-over");
    let policy = policy::content_policy(app.settings(), &[], &holder.ancestors);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// The entry of that path; then in another case, as packages made on Windows ask for.
fn entry_of<'f>(files: &'f [FileEntry], path: &str) -> Option<&'f FileEntry> {
    find(files, path).or_else(|| {
        let folded = path.to_lowercase();
        files.iter().find(|f| f.path.to_lowercase() == folded)
    })
}

async fn body(
    app: &App,
    key: &str,
    entry: &FileEntry,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let asked = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let range = match asked.map(|text| parse_range(text, entry.size)) {
        Some(None) => {
            let value = format!("bytes */{}", entry.size);
            return Ok((
                StatusCode::RANGE_NOT_SATISFIABLE,
                [(header::CONTENT_RANGE, value)],
            )
                .into_response());
        }
        Some(Some(range)) => Some(range),
        None => None,
    };
    let gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("gzip"));
    if let (None, true, Some(frame)) = (&range, gzip, entry.gzip_frame()) {
        return gzipped(app, key, entry, frame).await;
    }
    let whole = 0..entry.size;
    let wanted = range.clone().unwrap_or(whole);
    let body = match entry.method {
        Method::Stored => {
            let at = entry.offset + wanted.start..entry.offset + wanted.end;
            if at.is_empty() {
                Body::empty()
            } else {
                Body::from_stream(app.blobs().stream(key, at).await?)
            }
        }
        Method::Deflate => inflated(app, key, entry, wanted.clone()).await?,
    };
    let length = (
        header::CONTENT_LENGTH,
        (wanted.end - wanted.start).to_string(),
    );
    Ok(match range {
        None => ([length], body).into_response(),
        Some(range) => {
            let value = format!(
                "bytes {}-{}/{}",
                range.start,
                range.end.saturating_sub(1),
                entry.size
            );
            (
                StatusCode::PARTIAL_CONTENT,
                [length, (header::CONTENT_RANGE, value)],
                body,
            )
                .into_response()
        }
    })
}

/// A deflated entry leaves as it lies in the zip, in a gzip frame: nothing is unpacked.
async fn gzipped(
    app: &App,
    key: &str,
    entry: &FileEntry,
    frame: ([u8; 10], [u8; 8]),
) -> Result<Response, AppError> {
    let (head, tail) = (
        Bytes::copy_from_slice(&frame.0),
        Bytes::copy_from_slice(&frame.1),
    );
    let length = entry.compressed + 18;
    let middle = app
        .blobs()
        .stream(key, entry.offset..entry.offset + entry.compressed)
        .await?;
    let once = |bytes: Bytes| futures_util::stream::once(async move { Ok(bytes) });
    let body = Body::from_stream(once(head).chain(middle).chain(once(tail)));
    let encoded = [
        (header::CONTENT_ENCODING, "gzip".to_owned()),
        (header::VARY, "Accept-Encoding".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
    ];
    Ok((encoded, body).into_response())
}

/// Inflates on a blocking thread, a bounded number of chunks ahead of the reader.
async fn inflated(
    app: &App,
    key: &str,
    entry: &FileEntry,
    wanted: Range<u64>,
) -> Result<Body, AppError> {
    let (sender, receiver) = tokio::sync::mpsc::channel::<std::io::Result<Bytes>>(4);
    let entry = entry.clone();
    if let Some(path) = app.blobs().local_path(key) {
        let file = tokio::task::spawn_blocking(move || std::fs::File::open(path))
            .await
            .map_err(AppError::internal)??;
        tokio::task::spawn_blocking(move || pump(file, &entry, &wanted, &sender));
    } else {
        // In an object store a compressed entry is fetched first; packages keep large media uncompressed.
        let bytes = app
            .blobs()
            .get_range(key, entry.offset..entry.offset + entry.compressed)
            .await?;
        let entry = FileEntry { offset: 0, ..entry };
        tokio::task::spawn_blocking(move || {
            pump(std::io::Cursor::new(bytes), &entry, &wanted, &sender);
        });
    }
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|part| (part, receiver))
    });
    Ok(Body::from_stream(stream))
}

fn pump<R: Read + std::io::Seek>(
    source: R,
    entry: &FileEntry,
    wanted: &Range<u64>,
    sender: &tokio::sync::mpsc::Sender<std::io::Result<Bytes>>,
) {
    let opened = EntryReader::starting_at(source, entry, wanted.start);
    let mut left = wanted.end - wanted.start;
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(error) => {
            let _ = sender.blocking_send(Err(error));
            return;
        }
    };
    while left > 0 {
        let mut chunk = vec![0; CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))];
        let read = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) => {
                let _ = sender.blocking_send(Err(error));
                return;
            }
        };
        chunk.truncate(read);
        left -= read as u64;
        if sender.blocking_send(Ok(chunk.into())).is_err() {
            return;
        }
    }
}

/// One range of bytes; none when it cannot be satisfied. Several ranges are answered by the first.
fn parse_range(text: &str, size: u64) -> Option<Range<u64>> {
    let first = text.strip_prefix("bytes=")?.split(',').next()?.trim();
    let (from, to) = first.split_once('-')?;
    let range = if from.is_empty() {
        let last: u64 = to.parse().ok()?;
        size.saturating_sub(last)..size
    } else {
        let from: u64 = from.parse().ok()?;
        let end = if to.is_empty() {
            size
        } else {
            to.parse::<u64>().ok()?.saturating_add(1).min(size)
        };
        from..end
    };
    (range.start < range.end && range.end <= size).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn ranges_stay_within_the_file() {
        assert_eq!(parse_range("bytes=0-", 10), Some(0..10));
        assert_eq!(parse_range("bytes=2-4", 10), Some(2..5));
        assert_eq!(parse_range("bytes=-3", 10), Some(7..10));
        assert_eq!(parse_range("bytes=5-100", 10), Some(5..10));
        for bad in [
            "bytes=10-",
            "bytes=4-2",
            "items=0-1",
            "bytes=x-y",
            "bytes=-0",
            "bytes=18446744073709551615-",
        ] {
            assert_eq!(parse_range(bad, 10), None, "{bad}");
        }
    }
}

//! A small HTTP client for measuring and for tests: one kept connection, no
//! redirects followed, cookies of one browser. It only speaks to loopback.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Request, header};
use futures_util::TryStreamExt;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::BenchError;

type Body = BoxBody<Bytes, std::io::Error>;

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Reply {
    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it leads, when it does.
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }

    /// The body of an answer that had to have this status.
    pub fn expect(self, status: u16, what: &str) -> Result<String, BenchError> {
        if self.status == status {
            Ok(self.text())
        } else {
            Err(BenchError(format!(
                "{what}: answered {} instead of {status}",
                self.status
            )))
        }
    }
}

/// One kept connection.
#[derive(Debug)]
pub struct Client {
    at: SocketAddr,
    host: String,
    sender: Option<SendRequest<Body>>,
}

impl Client {
    /// A client of that address, which calls it by `host` (name and port).
    pub fn new(at: SocketAddr, host: &str) -> Self {
        Self {
            at,
            host: host.to_owned(),
            sender: None,
        }
    }

    /// Sends a request with a body in memory.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply, BenchError> {
        let body = Full::new(body.into())
            .map_err(|never| match never {})
            .boxed();
        self.request(method, path, headers, body).await
    }

    async fn request(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Result<Reply, BenchError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).map_err(BenchError::doing("a request"))?;
        let mut sender = match self.sender.take().filter(|s| !s.is_closed()) {
            Some(sender) => sender,
            None => connect(self.at).await?,
        };
        sender.ready().await.map_err(BenchError::doing(path))?;
        let answer = sender
            .send_request(request)
            .await
            .map_err(BenchError::doing(path))?;
        let (head, body) = answer.into_parts();
        let body = body
            .collect()
            .await
            .map_err(BenchError::doing(path))?
            .to_bytes();
        self.sender = Some(sender);
        Ok(Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }
}

async fn connect(at: SocketAddr) -> Result<SendRequest<Body>, BenchError> {
    let stream = TcpStream::connect(at)
        .await
        .map_err(BenchError::doing("connecting"))?;
    stream
        .set_nodelay(true)
        .map_err(BenchError::doing("connecting"))?;
    let (sender, connection) = handshake(TokioIo::new(stream))
        .await
        .map_err(BenchError::doing("connecting"))?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Somebody's browser: a connection to the application and its cookies.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
    /// Whether pages are asked for as browsers do, compressed.
    pub compressed: bool,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(at: SocketAddr) -> Self {
        let host = at.to_string();
        Self {
            client: Client::new(at, &host),
            base: format!("http://{host}"),
            cookies: BTreeMap::new(),
            compressed: false,
        }
    }

    /// The same person on another connection.
    #[must_use]
    pub fn another(&self, at: SocketAddr) -> Self {
        Self {
            cookies: self.cookies.clone(),
            compressed: self.compressed,
            ..Self::new(at)
        }
    }

    /// Signs in.
    pub async fn sign_in(
        at: SocketAddr,
        identifier: &str,
        password: &str,
    ) -> Result<Self, BenchError> {
        let mut browser = Self::new(at);
        let fields = [("identifier", identifier), ("password", password)];
        let reply = browser.post("/connexion", &fields).await?;
        if reply.status != 303 {
            return Err(BenchError(format!(
                "{identifier} could not sign in: {}",
                reply.status
            )));
        }
        Ok(browser)
    }

    /// A page.
    pub async fn get(&mut self, path: &str) -> Result<Reply, BenchError> {
        let cookies = self.cookie_header();
        let encoding = if self.compressed { "gzip" } else { "identity" };
        let headers = [
            ("cookie", cookies.as_str()),
            ("accept", "text/html"),
            ("accept-encoding", encoding),
        ];
        let reply = self
            .client
            .send(Method::GET, path, &headers, Bytes::new())
            .await?;
        self.remember(&reply);
        Ok(reply)
    }

    /// A page as JSON.
    pub async fn json(&mut self, path: &str) -> Result<serde_json::Value, BenchError> {
        let cookies = self.cookie_header();
        let headers = [("cookie", cookies.as_str()), ("accept", "application/json")];
        let reply = self
            .client
            .send(Method::GET, path, &headers, Bytes::new())
            .await?;
        serde_json::from_slice(&reply.body).map_err(BenchError::doing(path))
    }

    /// A form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Reply, BenchError> {
        let body = serde_urlencoded::to_string(fields).map_err(BenchError::doing("a form"))?;
        let kind = "application/x-www-form-urlencoded";
        let cookies = self.cookie_header();
        let headers = [
            ("cookie", cookies.as_str()),
            ("content-type", kind),
            ("origin", self.base.as_str()),
        ];
        let reply = self.client.send(Method::POST, path, &headers, body).await?;
        self.remember(&reply);
        Ok(reply)
    }

    /// A form with one file, streamed from disk.
    pub async fn upload(
        &mut self,
        path: &str,
        field: &str,
        file: &Path,
    ) -> Result<Reply, BenchError> {
        const BOUNDARY: &str = "passerelle-boundary";
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or("file");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let opened = tokio::fs::File::open(file)
            .await
            .map_err(BenchError::doing(name))?;
        let size = opened
            .metadata()
            .await
            .map_err(BenchError::doing(name))?
            .len();
        let length = (head.len() as u64 + size + tail.len() as u64).to_string();
        let once = |text: String| futures_util::stream::once(async move { Ok(Bytes::from(text)) });
        let middle = tokio_util::io::ReaderStream::with_capacity(opened, 64 * 1024);
        let parts = futures_util::StreamExt::chain(once(head), middle);
        let parts = futures_util::StreamExt::chain(parts, once(tail));
        let body = StreamBody::new(parts.map_ok(Frame::data)).boxed();
        let cookies = self.cookie_header();
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [
            ("cookie", cookies.as_str()),
            ("content-type", kind.as_str()),
            ("content-length", length.as_str()),
            ("origin", self.base.as_str()),
        ];
        let reply = self
            .client
            .request(Method::POST, path, &headers, body)
            .await?;
        self.remember(&reply);
        Ok(reply)
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        pairs.join("; ")
    }

    fn remember(&mut self, reply: &Reply) {
        for value in reply.headers.get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap_or_default().split(';').next();
            if let Some((name, value)) = pair.and_then(|p| p.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The text between two marks; empty when they are not there.
pub fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split_once(from)
        .and_then(|(_, rest)| rest.split_once(to))
        .map_or("", |(found, _)| found)
}

//! Somebody's browser: keeps cookies, says where a form comes from as browsers
//! do, and gives back what a page says.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode, header};
use passerelle_kernel::stats::DbCost;
use passerelle_web::context::urlencode;
use tower::ServiceExt;

use crate::app::{PASSWORD, TestApp};
use crate::people::Person;

const LIMIT: &str = "passerelle-limit";

/// A browser with its own cookies.
pub struct Browser {
    app: TestApp,
    jar: Mutex<BTreeMap<String, String>>,
    address: IpAddr,
    person: Option<Person>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
    /// Statements that the request sent to the database.
    pub statements: u32,
    path: String,
}

/// A file to send with a form.
pub struct Upload<'a> {
    /// Name of the field.
    pub field: &'a str,
    /// Name of the file.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

impl Browser {
    pub(crate) fn new(app: TestApp) -> Self {
        Self {
            app,
            jar: Mutex::default(),
            // An address of the documentation range (RFC 5737).
            address: IpAddr::from([203, 0, 113, 7]),
            person: None,
        }
    }

    /// From another place.
    #[must_use]
    pub fn from(mut self, address: [u8; 4]) -> Self {
        self.address = IpAddr::from(address);
        self
    }

    /// The application behind.
    pub fn app(&self) -> &TestApp {
        &self.app
    }

    /// Who is signed in.
    pub fn person(&self) -> &Person {
        self.person.as_ref().expect("somebody is signed in")
    }

    /// Signs in by the form.
    pub async fn sign_in(mut self, person: &Person) -> Self {
        let sent = [
            ("identifier", person.identifier.as_str()),
            ("password", PASSWORD),
            ("suite", "/accueil"),
        ];
        self.post("/connexion", &sent).await.leads_to("/accueil");
        self.person = Some(person.clone());
        self
    }

    /// A cookie, when the browser has it.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().expect("cookies").get(name).cloned()
    }

    /// Puts a cookie in the jar, as a thief would.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut jar = self.jar.lock().expect("cookies");
        jar.insert(name.to_owned(), value.to_owned());
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path), Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", urlencode(name), urlencode(value)))
            .collect();
        let request = self
            .form(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    /// Sends a form with a file.
    pub async fn upload(&self, path: &str, pairs: &[(&str, &str)], file: Upload<'_>) -> Answer {
        let mut body = Vec::new();
        let mut part = |head: String, bytes: &[u8]| {
            body.extend(
                format!("--{LIMIT}\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes(),
            );
            body.extend(bytes);
            body.extend(b"\r\n");
        };
        for (name, value) in pairs {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        let head = format!(
            "name=\"{}\"; filename=\"{}\"\r\nContent-Type: application/octet-stream",
            file.field, file.name
        );
        part(head, file.bytes);
        body.extend(format!("--{LIMIT}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={LIMIT}");
        let request = self.form(path).header(header::CONTENT_TYPE, kind);
        self.send(request, Body::from(body)).await
    }

    /// A request as this browser makes them, without a body yet.
    pub fn request(&self, method: &str, path: &str) -> Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux) Firefox/140.0");
        let jar = self.jar.lock().expect("cookies");
        if !jar.is_empty() {
            let pairs: Vec<String> = jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }

    fn form(&self, path: &str) -> Builder {
        self.request("POST", path)
            .header(header::ORIGIN, self.app.app().settings().public_url.clone())
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends a request made by hand and keeps the cookies of the answer.
    pub async fn send(&self, request: Builder, body: Body) -> Answer {
        let peer = SocketAddr::new(self.address, 40_000);
        let request = request
            .extension(ConnectInfo(peer))
            .body(body)
            .expect("a request");
        let path = format!("{} {}", request.method(), request.uri());
        let answer = Answer::of(self.app.pages(), request, path).await;
        let mut jar = self.jar.lock().expect("cookies");
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("a cookie");
            let (name, rest) = text.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            if text.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

impl Answer {
    pub(crate) async fn of(router: axum::Router, request: Request<Body>, path: String) -> Self {
        let response = router.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        let statements = parts.extensions.get::<DbCost>().map_or(0, |c| c.statements);
        Self {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
            statements,
            path,
        }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirection leads; empty when it is none.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Must have that status.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}: {} {}",
            self.path,
            self.location(),
            self.words()
        );
        self
    }

    /// Must be a page.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.expect(StatusCode::OK)
    }

    /// Must lead elsewhere; where.
    #[track_caller]
    pub fn leads(self) -> String {
        self.expect(StatusCode::SEE_OTHER).location().to_owned()
    }

    /// Must lead there.
    #[track_caller]
    pub fn leads_to(self, path: &str) {
        let found = self.leads();
        assert_eq!(found, path);
    }

    /// Must say all of these.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        let words = self.words();
        for text in texts {
            assert!(words.contains(text), "{}: « {text} » in {words}", self.path);
        }
        self
    }

    /// Must say none of these.
    #[track_caller]
    pub fn never_says(self, texts: &[&str]) -> Self {
        let words = self.words();
        for text in texts {
            assert!(
                !words.contains(text),
                "{}: « {text} » in {words}",
                self.path
            );
        }
        self
    }

    /// What the main part of the page says, without tags, spaces of every kind made one.
    pub fn words(&self) -> String {
        let text = self.text();
        let main = text.split("<main").nth(1).unwrap_or(&text);
        let main = main.split("</main>").next().unwrap_or(main);
        let mut words = String::with_capacity(main.len());
        let mut rest = main;
        while let Some(at) = rest.find('<') {
            words.push_str(&rest[..at]);
            words.push(' ');
            rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
        }
        words.push_str(rest);
        unescape(&words)
            .split(char::is_whitespace)
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Value of the first field of that name in the page.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let mark = format!("name=\"{name}\"");
        let at = text
            .find(&mark)
            .unwrap_or_else(|| panic!("{}: no field {name}", self.path));
        let start = text[..at].rfind('<').expect("a tag");
        let tag = &text[start..start + text[start..].find('>').expect("the end of a tag")];
        let value = tag.split("value=\"").nth(1).unwrap_or_default();
        unescape(value.split('"').next().unwrap_or_default())
    }
}

/// Entities that our templates write, back as characters.
pub fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x60;", "`"),
        ("&#x3D;", "="),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

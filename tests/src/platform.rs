//! Another server that launches courses: its addresses on the loopback, its keys, its launches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use passerelle_lti_protocol::SigningKey;
use passerelle_web::context::urlencode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::app::PUBLIC;
use crate::browser::{Answer, Browser};

const LTI: &str = "https://purl.imsglobal.org/spec/lti/claim";
/// The client identifier that the platform gives to whoever registers.
pub const CLIENT: &str = "client-1";
/// The deployment that it launches from.
pub const DEPLOYMENT: &str = "deployment-1";

/// A platform that runs; it stops with the test.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    address: String,
    key: SigningKey,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    keys: Option<Value>,
    registered: Option<Value>,
    key_requests: u32,
    token_requests: u32,
    scores: Vec<(String, Value)>,
    refuses: Option<StatusCode>,
    under_way: Vec<String>,
    side_by_side: u32,
    members: Vec<(String, &'static str, &'static str)>,
    changes: Option<Vec<(String, &'static str, &'static str)>>,
    member_requests: Vec<String>,
    items: Vec<Value>,
    results: BTreeMap<String, Value>,
}

impl Platform {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let pem = passerelle_lti::keys::new_pem().expect("a key");
        let key = SigningKey::from_pem("platform-key", &pem).expect("a key");
        let platform = Self(Arc::new(Inner {
            address,
            key,
            seen: Mutex::default(),
        }));
        let routes = Router::new()
            .route("/configuration", get(configuration))
            .route("/register", post(register))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/items", get(items).post(new_item))
            .route("/items/{item}/scores", post(score))
            .route("/items/{item}/results", get(results))
            .route("/members", get(members))
            .route("/circle", get(circle))
            .with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        platform
    }

    /// Its address, which is its issuer too.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// The key that signs its launches.
    pub fn key(&self) -> &SigningKey {
        &self.0.key
    }

    /// What was registered with it.
    pub fn registered(&self) -> Option<Value> {
        self.0
            .seen
            .lock()
            .expect("what was seen")
            .registered
            .clone()
    }

    /// How many times its keys were asked.
    pub fn key_requests(&self) -> u32 {
        self.0.seen.lock().expect("what was seen").key_requests
    }

    /// How many times an access token was asked.
    pub fn token_requests(&self) -> u32 {
        self.0.seen.lock().expect("what was seen").token_requests
    }

    /// The scores that came, each with the name of its line item.
    pub fn scores(&self) -> Vec<(String, Value)> {
        self.0.seen.lock().expect("what was seen").scores.clone()
    }

    /// How often two scores of one person came side by side.
    pub fn side_by_side(&self) -> u32 {
        self.0.seen.lock().expect("what was seen").side_by_side
    }

    /// Refuses scores with that status from now on, or takes them again.
    pub fn refuse(&self, status: Option<StatusCode>) {
        self.0.seen.lock().expect("what was seen").refuses = status;
    }

    /// The claim of a launch that is graded in that line item.
    pub fn grades(&self, item: &str) -> Value {
        json!({
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitem": format!("{}/items/{item}?type_id=1", self.address()),
        })
    }

    /// The claims of a launch from a course whose members and columns may be read.
    pub fn serves(&self, claims: &mut Value) {
        let scopes = ["lineitem", "result.readonly", "score"];
        let scope = |name| format!("https://purl.imsglobal.org/spec/lti-ags/scope/{name}");
        claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = json!({
            "scope": scopes.map(scope),
            "lineitems": format!("{}/items?type_id=1", self.address()),
        });
        claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"] = json!({
            "context_memberships_url": format!("{}/members", self.address()),
            "service_versions": ["2.0"],
        });
    }

    /// Who is in its course: subject, status and role; then what changes, for who asks that.
    pub fn enrols(&self, members: &[(&str, &'static str, &'static str)], changes: bool) {
        let all = members
            .iter()
            .map(|(subject, status, role)| ((*subject).to_owned(), *status, *role));
        let mut seen = self.0.seen.lock().expect("what was seen");
        if changes {
            seen.changes = Some(all.collect());
        } else {
            seen.members = all.collect();
        }
    }

    /// The queries of the pages of members that were asked.
    pub fn member_requests(&self) -> Vec<String> {
        self.0
            .seen
            .lock()
            .expect("what was seen")
            .member_requests
            .clone()
    }

    /// What it says that a column holds.
    pub fn holds(&self, item: &str, results: Value) {
        let mut seen = self.0.seen.lock().expect("what was seen");
        seen.results.insert(item.to_owned(), results);
    }

    /// The columns that were made.
    pub fn items(&self) -> Vec<Value> {
        self.0.seen.lock().expect("what was seen").items.clone()
    }

    /// Publishes another key set.
    pub fn publish(&self, keys: Value) {
        self.0.seen.lock().expect("what was seen").keys = Some(keys);
    }

    /// Sends a browser to log in, as a link of the platform does, and answers what our server sent
    /// back to the platform: the query of its authorization request.
    pub async fn login(&self, browser: &Browser, target: &str) -> BTreeMap<String, String> {
        let query = [
            ("iss", self.address()),
            ("login_hint", "hint"),
            ("target_link_uri", target),
            ("client_id", CLIENT),
        ];
        let query: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={}", urlencode(value)))
            .collect();
        let path = format!("/lti/connexion?{}", query.join("&"));
        let answer = browser.get(&path).await.expect(StatusCode::SEE_OTHER);
        let to = Url::parse(answer.location()).expect("an address");
        assert!(to.as_str().starts_with(self.address()), "{to}");
        to.query_pairs().into_owned().collect()
    }

    /// The claims of an honest launch that answers a login.
    pub fn claims(&self, sent: &BTreeMap<String, String>, target: &str, now: i64) -> Value {
        let mut claims = json!({
            "iss": self.address(),
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": sent["nonce"],
            "given_name": "Nora",
            "family_name": "Diallo",
            "email": "alice@exemple.fr",
        });
        for (name, value) in [
            ("message_type", json!("LtiResourceLinkRequest")),
            ("version", json!("1.3.0")),
            ("deployment_id", json!(DEPLOYMENT)),
            ("target_link_uri", json!(target)),
            ("resource_link", json!({"id": "link-1"})),
            (
                "roles",
                json!(["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]),
            ),
            (
                "context",
                json!({"id": "course-1", "title": "Chez le partenaire"}),
            ),
        ] {
            claims[claim(name)] = value;
        }
        claims
    }

    /// Posts an answer to a login, as the platform's page makes the browser do.
    pub async fn post(&self, browser: &Browser, pairs: &[(&str, &str)]) -> Answer {
        self.post_as(browser, pairs, "document").await
    }

    /// The same from a frame.
    pub async fn post_in_frame(&self, browser: &Browser, pairs: &[(&str, &str)]) -> Answer {
        self.post_as(browser, pairs, "iframe").await
    }

    async fn post_as(&self, browser: &Browser, pairs: &[(&str, &str)], dest: &str) -> Answer {
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", urlencode(value)))
            .collect();
        let request = browser
            .request("POST", "/lti/lancement")
            .header(header::ORIGIN, self.address())
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-dest", dest)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        browser.send(request, Body::from(body.join("&"))).await
    }

    /// A whole launch: the login, then its answer, changed by `change`.
    pub async fn launch(
        &self,
        browser: &Browser,
        target: &str,
        now: i64,
        change: impl FnOnce(&mut Value),
    ) -> Answer {
        let sent = self.login(browser, target).await;
        let mut claims = self.claims(&sent, target, now);
        change(&mut claims);
        let token = self.0.key.sign(&claims).expect("signed");
        self.post(browser, &[("state", &sent["state"]), ("id_token", &token)])
            .await
    }
}

/// The whole name of a claim of LTI.
pub fn claim(name: &str) -> String {
    format!("{LTI}/{name}")
}

/// The address of the link that opens a cohort.
pub fn link(cohort: passerelle_kernel::Uuid) -> String {
    format!("{PUBLIC}/lti/groupe/{cohort}")
}

async fn configuration(State(platform): State<Platform>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", platform.address());
    Json(json!({
        "issuer": platform.address(),
        "authorization_endpoint": at("/auth"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "registration_endpoint": at("/register"),
        "scopes_supported": ["openid"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": "4.5",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}],
        },
    }))
}

async fn register(State(platform): State<Platform>, Json(body): Json<Value>) -> Json<Value> {
    platform.0.seen.lock().expect("what was seen").registered = Some(body.clone());
    let mut answer = body;
    answer["client_id"] = json!(CLIENT);
    answer["https://purl.imsglobal.org/spec/lti-tool-configuration"]["deployment_id"] =
        json!(DEPLOYMENT);
    Json(answer)
}

async fn keys(State(platform): State<Platform>) -> Json<Value> {
    let mut seen = platform.0.seen.lock().expect("what was seen");
    seen.key_requests += 1;
    let own = || json!({"keys": [platform.0.key.public().expect("its public half")]});
    Json(seen.keys.clone().unwrap_or_else(own))
}

/// Gives a token to whoever signs with a key that the registered tool publishes.
async fn token(State(platform): State<Platform>, body: String) -> (StatusCode, Json<Value>) {
    let pairs: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let assertion = pairs["client_assertion"].split('.').nth(1).expect("a JWT");
    let asked = pairs["grant_type"] == "client_credentials" && !assertion.is_empty();
    platform
        .0
        .seen
        .lock()
        .expect("what was seen")
        .token_requests += 1;
    if asked {
        let scope = pairs["scope"].rsplit('/').next().unwrap_or_default();
        let granted = json!({"access_token": format!("granted {scope}"), "token_type": "Bearer", "expires_in": 3600});
        (StatusCode::OK, Json(granted))
    } else {
        (StatusCode::BAD_REQUEST, Json(json!({})))
    }
}

async fn score(
    State(platform): State<Platform>,
    Path(item): Path<String>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    let score: Value = serde_json::from_str(&body).expect("a score");
    let whose = score["userId"].as_str().unwrap_or_default().to_owned();
    {
        let mut seen = platform.0.seen.lock().expect("what was seen");
        seen.side_by_side += u32::from(seen.under_way.contains(&whose));
        seen.under_way.push(whose.clone());
    }
    // As long as it takes to work out the total of somebody.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let mut seen = platform.0.seen.lock().expect("what was seen");
    let place = seen.under_way.iter().position(|of| *of == whose);
    place.map(|place| seen.under_way.swap_remove(place));
    if let Some(status) = seen.refuses {
        return status;
    }
    let value = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if value("authorization") != Some("Bearer granted score") {
        return StatusCode::UNAUTHORIZED;
    }
    if value("content-type") != Some("application/vnd.ims.lis.v1.score+json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    seen.scores.push((item, score));
    StatusCode::NO_CONTENT
}

/// Whether a request brings the token of that scope and reads that media type, and no other.
fn may(headers: &HeaderMap, scope: &str, accept: &str) -> bool {
    let is = |name: &str, expected: &str| headers.get(name).is_some_and(|value| value == expected);
    is("authorization", &format!("Bearer granted {scope}")) && is("accept", accept)
}

/// Two members a page; changes since a first reading on one.
async fn members(
    State(platform): State<Platform>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> axum::response::Response {
    let accept = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
    if !may(&headers, "contextmembership.readonly", accept) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let query = query.unwrap_or_default();
    let mut seen = platform.0.seen.lock().expect("what was seen");
    seen.member_requests.push(query.clone());
    let from: usize = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("from="))
        .map_or(0, |n| n.parse().expect("a number"));
    let changes = query.contains("since=").then(|| seen.changes.clone());
    let (page, next) = match changes {
        Some(None) => return StatusCode::GONE.into_response(),
        Some(Some(changes)) => (changes, None),
        None => {
            let page = seen.members.iter().skip(from).take(2).cloned().collect();
            let more = from + 2 < seen.members.len();
            (page, more.then_some(from + 2))
        }
    };
    let at = platform.address();
    let link = match next {
        Some(next) => format!("<{at}/members?from={next}>; rel=\"next\""),
        None => format!("<{at}/members?since=1>; rel=\"differences\""),
    };
    let members: Vec<Value> = page
        .iter()
        .map(|(subject, status, role)| json!({"user_id": subject, "status": status, "roles": [role], "name": "Quelqu’un"}))
        .collect();
    (
        [(header::LINK, link)],
        Json(json!({"id": at, "context": {"id": "course-1"}, "members": members})),
    )
        .into_response()
}

/// A page that is its own next page.
async fn circle(State(platform): State<Platform>) -> axum::response::Response {
    let link = format!("<{}/circle?limit=200>; rel=\"next\"", platform.address());
    ([(header::LINK, link)], Json(json!({"members": []}))).into_response()
}

async fn items(State(platform): State<Platform>, headers: HeaderMap) -> axum::response::Response {
    let accept = "application/vnd.ims.lis.v2.lineitemcontainer+json";
    if !may(&headers, "lineitem", accept) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    Json(platform.items()).into_response()
}

async fn new_item(
    State(platform): State<Platform>,
    headers: HeaderMap,
    body: String,
) -> axum::response::Response {
    let kind = "application/vnd.ims.lis.v2.lineitem+json";
    let typed = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == kind);
    if !may(&headers, "lineitem", kind) || !typed {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut item: Value = serde_json::from_str(&body).expect("a line item");
    let mut seen = platform.0.seen.lock().expect("what was seen");
    item["id"] = json!(format!(
        "{}/items/made-{}?type_id=1",
        platform.0.address,
        seen.items.len()
    ));
    seen.items.push(item.clone());
    (StatusCode::CREATED, Json(item)).into_response()
}

async fn results(
    State(platform): State<Platform>,
    Path(item): Path<String>,
    headers: HeaderMap,
) -> axum::response::Response {
    if !may(
        &headers,
        "result.readonly",
        "application/vnd.ims.lis.v2.resultcontainer+json",
    ) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let seen = platform.0.seen.lock().expect("what was seen");
    match seen.results.get(&item) {
        Some(Value::Null) => StatusCode::NOT_FOUND.into_response(),
        Some(results) => Json(results).into_response(),
        None => Json(json!([])).into_response(),
    }
}

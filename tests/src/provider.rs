//! A provider of OpenID Connect on the loopback: its configuration, its keys, what it gives for a
//! code. What it says can be bent before it is signed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use passerelle_lti_protocol::SigningKey;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

/// The identifier that it gives to our server.
pub const CLIENT: &str = "nous";
/// And the secret.
pub const SECRET: &str = "un secret partagé";

/// A provider that runs; it stops with the test.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    address: String,
    said: Mutex<Said>,
}

/// What it says, which a test may change.
pub struct Said {
    /// Issuer of its configuration.
    pub issuer: String,
    /// Where it says that people sign out.
    pub leave: Option<String>,
    /// The key that signs.
    pub key: SigningKey,
    /// What it publishes.
    pub published: Vec<Value>,
    /// Claims of the next ID token.
    pub claims: Value,
    /// The whole next ID token, in place of what would be signed.
    pub token: Option<String>,
    /// What it says of the person: JSON, or a token when `signs_user_info`.
    pub user_info: Value,
    /// Whether it signs that.
    pub signs_user_info: bool,
    /// How many times its keys were asked.
    pub key_requests: u32,
    /// The last request for a token: its form, with the identifier and the secret of the header.
    pub asked: BTreeMap<String, String>,
    /// How our server names itself: `client_secret_basic` or `client_secret_post`.
    pub auth_method: &'static str,
}

impl Provider {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let key = new_key("key-1");
        let said = Said {
            issuer: address.clone(),
            leave: None,
            published: vec![key.public().expect("a public key")],
            key,
            claims: json!({}),
            token: None,
            user_info: json!({}),
            signs_user_info: false,
            key_requests: 0,
            asked: BTreeMap::new(),
            auth_method: "client_secret_basic",
        };
        let provider = Self(Arc::new(Inner {
            address,
            said: Mutex::new(said),
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    /// Its address, which is its issuer too.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Reads or changes what it says.
    pub fn said<T>(&self, change: impl FnOnce(&mut Said) -> T) -> T {
        change(&mut self.0.said.lock().expect("what it says"))
    }

    /// Lets somebody sign in who was sent to `to`, and answers the path that brings them back with a
    /// code. The ID token will say what an honest provider says, unless `bend` changes it.
    pub fn lets_in(
        &self,
        to: &str,
        subject: &str,
        now: i64,
        bend: impl FnOnce(&mut Value),
    ) -> String {
        let to = Url::parse(to).expect("an address");
        assert!(to.as_str().starts_with(self.address()), "{to}");
        let asked: BTreeMap<String, String> = to.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
        let mut claims = json!({
            "iss": self.address(),
            "aud": CLIENT,
            "sub": subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        });
        bend(&mut claims);
        self.said(|said| said.claims = claims);
        let back = Url::parse(&asked["redirect_uri"]).expect("an address");
        format!("{}?code=the-code&state={}", back.path(), asked["state"])
    }
}

/// A key of its own.
pub fn new_key(kid: &str) -> SigningKey {
    let pem = passerelle_lti::keys::new_pem().expect("a key");
    SigningKey::from_pem(kid, &pem).expect("a key")
}

/// A token whose parts are given, and whose signature is `signature`.
pub fn token_of(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = URL_SAFE_NO_PAD.encode(signature);
    format!("{}.{}.{signature}", part(header), part(claims))
}

async fn configuration(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.address());
    provider.said(|said| {
        Json(json!({
            "issuer": said.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/me"),
            "end_session_endpoint": said.leave.clone().unwrap_or_else(|| at("/leave")),
            "jwks_uri": at("/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [said.auth_method],
        }))
    })
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    provider.said(|said| {
        said.key_requests += 1;
        Json(json!({"keys": said.published}))
    })
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    let mut asked: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let basic = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|value| String::from_utf8(STANDARD.decode(value).ok()?).ok());
    if let Some((id, secret)) = basic.as_deref().and_then(|pair| pair.split_once(':')) {
        let plain = |text: &str| {
            let pair = format!("x={text}");
            let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
            pairs
                .next()
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        asked.insert("basic_id".to_owned(), plain(id));
        asked.insert("basic_secret".to_owned(), plain(secret));
    }
    provider.said(|said| {
        said.asked = asked;
        if said.asked.get("code").map(String::as_str) != Some("the-code") {
            let refused = json!({"error": "invalid_grant"});
            return (StatusCode::BAD_REQUEST, Json(refused)).into_response();
        }
        let signed = said.key.sign(&said.claims).expect("a token");
        let token = said.token.clone().unwrap_or(signed);
        Json(json!({
            "access_token": "the-access-token",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": token,
        }))
        .into_response()
    })
}

async fn user_info(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION);
    if bearer.is_none_or(|value| value != "Bearer the-access-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    provider.said(|said| {
        if said.signs_user_info {
            let token = said.key.sign(&said.user_info).expect("a token");
            ([(header::CONTENT_TYPE, "application/jwt")], token).into_response()
        } else {
            Json(said.user_info.clone()).into_response()
        }
    })
}

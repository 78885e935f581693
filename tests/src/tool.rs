//! A tool of somebody else: its keys on the loopback, what its server signs and asks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use passerelle_kernel::Uuid;
use passerelle_lti_protocol::{SigningKey, client_assertion};
use passerelle_web::context::urlencode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::TestApp;
use crate::app::PUBLIC;
use crate::browser::{Answer, Browser};

/// A tool that runs; it stops with the test.
#[derive(Clone)]
pub struct Tool(Arc<Inner>);

struct Inner {
    address: String,
    key: SigningKey,
    unique: AtomicU32,
}

impl Tool {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let pem = passerelle_lti::keys::new_pem().expect("a key");
        let tool = Self(Arc::new(Inner {
            address,
            key: SigningKey::from_pem("tool-key", &pem).expect("a key"),
            unique: AtomicU32::new(0),
        }));
        let routes = Router::new()
            .route("/keys", get(keys))
            .with_state(tool.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        tool
    }

    /// An address of it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0.address)
    }

    /// The key that signs for it.
    pub fn key(&self) -> &SigningKey {
        &self.0.key
    }

    /// What it asks to register.
    pub fn registration(&self) -> Value {
        json!({
            "application_type": "web",
            "client_name": "Exercices",
            "initiate_login_uri": self.at("/login"),
            "redirect_uris": [self.at("/launch")],
            "jwks_uri": self.at("/keys"),
            "token_endpoint_auth_method": "private_key_jwt",
            "https://purl.imsglobal.org/spec/lti-tool-configuration": {
                "domain": "127.0.0.1",
                "target_link_uri": self.at("/"),
                "claims": ["iss", "sub", "name"],
                "custom_parameters": {"qui": "$User.id", "lieu": "$Context.title"},
                "messages": [
                    {"type": "LtiResourceLinkRequest"},
                    {"type": "LtiDeepLinkingRequest", "target_link_uri": self.at("/pick")},
                ],
            },
        })
    }

    /// Asks for the message of a login that a page of ours began, as the tool's server makes the
    /// browser do; `change` may change what is asked.
    pub async fn authenticate(
        &self,
        browser: &Browser,
        begun: &Answer,
        change: impl FnOnce(&mut BTreeMap<String, String>),
    ) -> Answer {
        let sent = query(begun.location());
        let mut asked: BTreeMap<String, String> = [
            ("scope", "openid"),
            ("response_type", "id_token"),
            ("response_mode", "form_post"),
            ("prompt", "none"),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        asked.insert("redirect_uri".to_owned(), self.at("/launch"));
        for name in ["client_id", "login_hint", "lti_message_hint"] {
            asked.insert(name.to_owned(), sent[name].clone());
        }
        change(&mut asked);
        let pairs: Vec<String> = asked
            .iter()
            .map(|(name, value)| format!("{name}={}", urlencode(value)))
            .collect();
        let path = format!("/lti/autoriser?{}", pairs.join("&"));
        browser.get(&path).await
    }

    /// The claims of a client assertion for that application.
    pub fn assertion(&self, app: &TestApp, client: &str) -> Value {
        let unique = self.0.unique.fetch_add(1, Ordering::Relaxed);
        let now = app.now() / passerelle_kernel::env::SECOND;
        client_assertion(
            client,
            &format!("{PUBLIC}/lti/jeton"),
            &format!("jti-{unique}"),
            now,
        )
    }

    /// Asks for a token with an assertion.
    pub async fn ask_token(&self, app: &TestApp, claims: &Value, scope: &str) -> Answer {
        let assertion = self.0.key.sign(claims).expect("signed");
        let pairs = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
            ("scope", scope),
        ];
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", urlencode(value)))
            .collect();
        let visitor = app.visitor();
        let request = visitor
            .request("POST", "/lti/jeton")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        visitor.send(request, Body::from(body.join("&"))).await
    }

    /// A token for a scope, honestly asked.
    pub async fn token(&self, app: &TestApp, client: &str, scope: &str) -> String {
        let claims = self.assertion(app, client);
        let answer = self.ask_token(app, &claims, scope).await.ok();
        let granted: Value = serde_json::from_slice(&answer.body).expect("a token");
        assert_eq!(granted["token_type"], "Bearer");
        granted["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    /// A deep-linking response to a request, to be signed.
    pub fn picked(&self, request: &Value, client: &str, items: &Value) -> Value {
        let settings =
            &request["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"];
        json!({
            "iss": client,
            "aud": request["iss"],
            "iat": request["iat"],
            "exp": request["exp"],
            "nonce": "picked-1",
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
            "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
            "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
            "https://purl.imsglobal.org/spec/lti-dl/claim/data": settings["data"],
            "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": items,
        })
    }
}

/// Calls a service of ours as a program does.
pub async fn call(
    app: &TestApp,
    method: &str,
    address: &str,
    token: &str,
    body: Option<&Value>,
) -> Answer {
    let public = app.app().settings().public_url.clone();
    let path = address.strip_prefix(&public).expect("an address of ours");
    let visitor = app.visitor();
    let request = visitor
        .request(method, path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    visitor.send(request, body).await
}

/// The parameters of an address.
pub fn query(address: &str) -> BTreeMap<String, String> {
    let url = Url::parse(address).expect("an address");
    url.query_pairs().into_owned().collect()
}

/// The value of a hidden field of a page.
pub fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let mark = format!("name=\"{name}\" value=\"");
    let at = text
        .find(&mark)
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    let rest = &text[at + mark.len()..];
    rest.split('"').next().expect("its end").to_owned()
}

/// The claims of a token, not checked.
pub fn claims(token: &str) -> Value {
    use base64::Engine;
    let body = token.split('.').nth(1).expect("a JWT");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(body)
        .expect("base64");
    serde_json::from_slice(&bytes).expect("claims")
}

/// The whole name of a claim.
pub fn claim(name: &str) -> String {
    format!("https://purl.imsglobal.org/spec/{name}")
}

/// The tool that is registered in the space.
pub async fn registered(app: &TestApp) -> Uuid {
    app.id("SELECT id FROM lti_tool ORDER BY created_at DESC", [])
        .await
}

/// Posts a registration with its secret.
pub async fn register(app: &TestApp, secret: &str, body: &Value) -> (StatusCode, Value) {
    let visitor = app.visitor();
    let request = visitor
        .request("POST", "/lti/outils")
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = visitor.send(request, Body::from(body.to_string())).await;
    let body = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, body)
}

async fn keys(State(tool): State<Tool>) -> Json<Value> {
    let public = tool.0.key.public().expect("its public half");
    Json(json!({"keys": [public]}))
}

//! A platform made for tests: its keys, its launches.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use passerelle_lti_protocol::{Deployments, Expected, KeySet, Platform, SigningKey};
use serde_json::{Value, json};
use url::Url;

pub const ISSUER: &str = "https://moodle.example.org";
pub const CLIENT: &str = "client-7";
pub const NONCE: &str = "nonce-of-this-login";
pub const TARGET: &str = "https://learn.example.org/lti/formation/42";
pub const NOW: i64 = 1_795_000_000;

/// A new RSA key in PEM.
pub fn pem(size: KeySize) -> String {
    let pair = KeyPair::generate(size).expect("a key");
    let der = pair.as_der().expect("its form");
    let text = STANDARD.encode(der.as_ref());
    let mut out = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).expect("ASCII"));
        out.push('\n');
    }
    out + "-----END PRIVATE KEY-----\n"
}

#[derive(Clone)]
pub struct Forge {
    pub key: SigningKey,
    pub keys: KeySet,
    pub base: Url,
    pub deployments: Vec<String>,
}

impl Forge {
    pub fn new() -> Self {
        let key = SigningKey::from_pem("key-1", &pem(KeySize::Rsa2048)).expect("a key");
        let set = json!({"keys": [key.public().expect("its public half")]});
        Self {
            keys: KeySet::parse(&set.to_string()).expect("a key set"),
            key,
            base: Url::parse("https://learn.example.org/lti/").expect("an address"),
            deployments: vec!["d-1".to_owned()],
        }
    }

    pub fn platform(&self) -> Platform<'_> {
        Platform {
            issuer: ISSUER,
            client_id: CLIENT,
            deployments: Deployments::Known(&self.deployments),
            allows_http: false,
        }
    }

    pub fn expected(&self) -> Expected<'_> {
        Expected {
            nonce: NONCE,
            target: TARGET,
            base: &self.base,
            now: NOW,
        }
    }
}

/// The claims of an honest launch.
pub fn honest() -> Value {
    json!({
        "iss": ISSUER,
        "sub": "user-1",
        "aud": CLIENT,
        "exp": NOW + 60,
        "iat": NOW,
        "nonce": NONCE,
        "given_name": "Amina",
        "family_name": "Benali",
        "email": "amina@example.org",
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "d-1",
        "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": TARGET,
        "https://purl.imsglobal.org/spec/lti/claim/resource_link": {"id": "link-1", "title": "Lire"},
        "https://purl.imsglobal.org/spec/lti/claim/roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        "https://purl.imsglobal.org/spec/lti/claim/context": {"id": "c-1", "title": "Un cours"},
        "https://purl.imsglobal.org/spec/lti/claim/custom": {"week": "2"},
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitems": "https://moodle.example.org/items",
            "lineitem": "https://moodle.example.org/items/3?type_id=1"
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": "https://moodle.example.org/members", "service_versions": ["2.0"]
        }
    })
}

/// The short name of a claim, as the tests write it.
pub fn claim(name: &str) -> String {
    match name {
        "endpoint" => "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint".to_owned(),
        "members" => "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice".to_owned(),
        "settings" => {
            "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings".to_owned()
        }
        "iss" | "sub" | "aud" | "azp" | "exp" | "iat" | "nbf" | "nonce" | "email" | "name" => {
            name.to_owned()
        }
        other => format!("https://purl.imsglobal.org/spec/lti/claim/{other}"),
    }
}

/// A token with any header, signed by nobody or by whatever is given.
pub fn raw(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.{}",
        part(header),
        part(claims),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

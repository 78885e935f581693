//! Dynamic Registration 1.0, the platform's side: what we say of ourselves, what a tool asks.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::error::RegistrationError;
use crate::scores::{SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULTS, SCOPE_SCORES};

/// Scopes that a platform of ours grants.
pub const PLATFORM_SCOPES: [&str; 4] = [
    SCOPE_LINE_ITEM,
    SCOPE_RESULTS,
    SCOPE_SCORES,
    SCOPE_MEMBERSHIPS,
];

/// Variables that custom parameters may name.
pub const VARIABLES: [&str; 9] = [
    "User.id",
    "Person.name.given",
    "Person.name.family",
    "Person.name.full",
    "Person.email.primary",
    "Context.id",
    "Context.title",
    "ResourceLink.id",
    "ResourceLink.title",
];

/// Our own addresses, as a tool needs them.
#[derive(Clone, Copy, Debug)]
pub struct PlatformAddresses<'a> {
    /// We.
    pub issuer: &'a str,
    /// Where tools end a login.
    pub authorization: &'a str,
    /// Where access tokens are asked.
    pub token: &'a str,
    /// Key set.
    pub jwks: &'a str,
    /// Where tools register.
    pub registration: &'a str,
}

/// Our `openid-configuration` (Dynamic Registration 1.0, 3.4).
pub fn platform_configuration(of: &PlatformAddresses<'_>, version: &str) -> Value {
    json!({
        "issuer": of.issuer,
        "authorization_endpoint": of.authorization,
        "token_endpoint": of.token,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": of.jwks,
        "registration_endpoint": of.registration,
        "scopes_supported": std::iter::once("openid").chain(PLATFORM_SCOPES).collect::<Vec<_>>(),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "name", "given_name", "family_name", "email", "locale"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "passerelle",
            "version": version,
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
            "variables": VARIABLES,
        },
    })
}

/// What a tool asks when it registers, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRegistration {
    /// Name.
    pub name: String,
    /// Where logins begin.
    pub login: Url,
    /// Where messages may be posted.
    pub redirects: Vec<String>,
    /// Key set.
    pub jwks: Url,
    /// Where launches lead when nothing else is said.
    pub target: Url,
    /// Where deep-linking requests lead; none when the tool takes none.
    pub picker: Option<Url>,
    /// Custom parameters of every launch.
    pub custom: BTreeMap<String, String>,
    /// Whether it asks for names.
    pub wants_name: bool,
    /// Whether it asks for addresses.
    pub wants_email: bool,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    client_name: String,
    initiate_login_uri: Url,
    #[serde(default)]
    redirect_uris: Vec<String>,
    jwks_uri: Url,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-tool-configuration")]
    lti: RawTool,
}

#[derive(Deserialize)]
struct RawTool {
    target_link_uri: Url,
    #[serde(default)]
    claims: Vec<String>,
    #[serde(default)]
    custom_parameters: BTreeMap<String, String>,
    #[serde(default)]
    messages: Vec<RawMessage>,
}

#[derive(Deserialize)]
struct RawMessage {
    r#type: String,
    target_link_uri: Option<Url>,
}

impl ToolRegistration {
    /// Reads a registration request (Dynamic Registration 1.0, 3.5.2).
    ///
    /// # Errors
    ///
    /// What is missing or refused.
    pub fn parse(text: &str, allows_http: bool) -> Result<Self, RegistrationError> {
        let raw: Raw = serde_json::from_str(text)
            .map_err(|error| RegistrationError::Malformed(error.to_string()))?;
        let secure = |url: &Url| {
            let scheme = url.scheme() == "https" || (allows_http && url.scheme() == "http");
            scheme && url.username().is_empty() && url.password().is_none() && url.has_host()
        };
        for (name, url) in [
            ("initiate_login_uri", &raw.initiate_login_uri),
            ("jwks_uri", &raw.jwks_uri),
            ("target_link_uri", &raw.lti.target_link_uri),
        ] {
            if !secure(url) {
                return Err(RegistrationError::AddressRefused(name));
            }
        }
        let right = |text: &String| Url::parse(text).is_ok_and(|url| secure(&url));
        let count = raw.redirect_uris.len();
        if !(1..=20).contains(&count) || !raw.redirect_uris.iter().all(right) {
            return Err(RegistrationError::AddressRefused("redirect_uris"));
        }
        let messages = &raw.lti.messages;
        let of = |kind: &str| messages.iter().find(|message| message.r#type == kind);
        // A tool that lists messages without the launch cannot be opened; one that lists none can.
        if !messages.is_empty()
            && of("LtiResourceLinkRequest").is_none()
            && of("LtiDeepLinkingRequest").is_none()
        {
            return Err(RegistrationError::MessageMissing);
        }
        let picker = of("LtiDeepLinkingRequest").map(|message| {
            let own = message.target_link_uri.clone();
            own.unwrap_or_else(|| raw.lti.target_link_uri.clone())
        });
        if picker.as_ref().is_some_and(|url| !secure(url)) {
            return Err(RegistrationError::AddressRefused("target_link_uri"));
        }
        let wants = |names: &[&str]| raw.lti.claims.iter().any(|c| names.contains(&c.as_str()));
        let name: String = raw.client_name.trim().chars().take(100).collect();
        Ok(Self {
            name: if name.is_empty() {
                raw.lti.target_link_uri.host_str().unwrap_or("?").to_owned()
            } else {
                name
            },
            wants_name: wants(&["name", "given_name", "family_name"]),
            wants_email: wants(&["email"]),
            login: raw.initiate_login_uri,
            redirects: raw.redirect_uris,
            jwks: raw.jwks_uri,
            target: raw.lti.target_link_uri,
            custom: raw.lti.custom_parameters.into_iter().take(50).collect(),
            picker,
        })
    }

    /// What is answered to it (Dynamic Registration 1.0, 3.6).
    pub fn answer(&self, client_id: &str, deployment: &str) -> Value {
        let mut messages = vec![json!({"type": "LtiResourceLinkRequest"})];
        if let Some(picker) = &self.picker {
            messages.push(json!({"type": "LtiDeepLinkingRequest", "target_link_uri": picker}));
        }
        json!({
            "client_id": client_id,
            "client_name": self.name,
            "application_type": "web",
            "response_types": ["id_token"],
            "grant_types": ["implicit", "client_credentials"],
            "initiate_login_uri": self.login,
            "redirect_uris": self.redirects,
            "jwks_uri": self.jwks,
            "token_endpoint_auth_method": "private_key_jwt",
            "scope": PLATFORM_SCOPES.join(" "),
            "https://purl.imsglobal.org/spec/lti-tool-configuration": {
                "deployment_id": deployment,
                "domain": self.target.host_str(),
                "target_link_uri": self.target,
                "custom_parameters": self.custom,
                "claims": ["iss", "sub"],
                "messages": messages,
            },
        })
    }
}

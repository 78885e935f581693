//! Dynamic Registration 1.0: what a platform says of itself, what we ask of it.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::error::RegistrationError;
use crate::scores::{SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULTS, SCOPE_SCORES};

/// A platform's `openid-configuration`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformConfiguration {
    /// Issuer.
    pub issuer: String,
    /// Where launches begin.
    pub authorization_endpoint: Url,
    /// Where access tokens are asked.
    pub token_endpoint: Url,
    /// The audience of client assertions, when it is not the token endpoint.
    pub authorization_server: Option<String>,
    /// Key set.
    pub jwks_uri: Url,
    /// Where we register.
    pub registration_endpoint: Url,
    /// Which product it is: `moodle`, `canvas`…
    pub product: String,
    /// Scopes it knows, among those that we ask.
    pub scopes: Vec<String>,
    /// Whether it takes deep-linking.
    pub deep_linking: bool,
}

#[derive(Deserialize)]
struct Raw {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    registration_endpoint: Url,
    #[serde(default)]
    scopes_supported: Vec<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    authorization_server: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-platform-configuration")]
    lti: RawLti,
}

#[derive(Deserialize)]
struct RawLti {
    #[serde(default)]
    product_family_code: String,
    #[serde(default)]
    messages_supported: Vec<RawMessage>,
}

#[derive(Deserialize)]
struct RawMessage {
    r#type: String,
}

/// Scopes that we ask, as far as the platform knows them.
const SCOPES: [&str; 4] = [
    SCOPE_LINE_ITEM,
    SCOPE_RESULTS,
    SCOPE_SCORES,
    SCOPE_MEMBERSHIPS,
];

impl PlatformConfiguration {
    /// Reads the answer of the configuration address (Dynamic Registration 1.0, 3.4).
    ///
    /// The issuer's host must be that of the configuration, and every address https unless
    /// `allows_http`; the key set may live elsewhere on https.
    ///
    /// # Errors
    ///
    /// What is missing or refused.
    pub fn parse(text: &str, asked: &Url, allows_http: bool) -> Result<Self, RegistrationError> {
        let raw: Raw = serde_json::from_str(text)
            .map_err(|error| RegistrationError::Malformed(error.to_string()))?;
        let issuer =
            Url::parse(&raw.issuer).map_err(|_| RegistrationError::AddressRefused("issuer"))?;
        if issuer.host_str() != asked.host_str() {
            return Err(RegistrationError::AddressRefused("issuer"));
        }
        for (name, url) in [
            ("authorization_endpoint", &raw.authorization_endpoint),
            ("token_endpoint", &raw.token_endpoint),
            ("jwks_uri", &raw.jwks_uri),
            ("registration_endpoint", &raw.registration_endpoint),
        ] {
            let secure = url.scheme() == "https" || (allows_http && url.scheme() == "http");
            if !secure || !url.username().is_empty() || url.password().is_some() {
                return Err(RegistrationError::AddressRefused(name));
            }
        }
        if raw.registration_endpoint.host_str() != asked.host_str() {
            return Err(RegistrationError::AddressRefused("registration_endpoint"));
        }
        let algorithms = &raw.id_token_signing_alg_values_supported;
        if !algorithms.is_empty() && !algorithms.iter().any(|alg| alg == "RS256") {
            return Err(RegistrationError::AlgorithmMissing);
        }
        let takes = |kind: &str| raw.lti.messages_supported.iter().any(|m| m.r#type == kind);
        if !takes("LtiResourceLinkRequest") {
            return Err(RegistrationError::MessageMissing);
        }
        let known = |scope: &&str| raw.scopes_supported.iter().any(|s| s == scope);
        Ok(Self {
            deep_linking: takes("LtiDeepLinkingRequest"),
            scopes: SCOPES
                .iter()
                .filter(|s| known(s))
                .map(|s| (*s).to_owned())
                .collect(),
            issuer: raw.issuer,
            authorization_endpoint: raw.authorization_endpoint,
            token_endpoint: raw.token_endpoint,
            authorization_server: raw.authorization_server,
            jwks_uri: raw.jwks_uri,
            registration_endpoint: raw.registration_endpoint,
            product: raw.lti.product_family_code,
        })
    }
}

/// Addresses of the tool that registers.
#[derive(Clone, Debug)]
pub struct ToolAddresses<'a> {
    /// Name shown to people.
    pub name: &'a str,
    /// A sentence.
    pub description: &'a str,
    /// Everything of ours begins so: `https://learn.example.org/lti/`.
    pub base: &'a Url,
    /// Where logins begin.
    pub login: &'a Url,
    /// Where launches end.
    pub launch: &'a Url,
    /// Key set.
    pub jwks: &'a Url,
    /// Where deep-linking requests lead; none when nothing can be picked.
    pub picker: Option<&'a Url>,
}

/// The body of our registration request (Dynamic Registration 1.0, 3.5.2).
pub fn registration_request(tool: &ToolAddresses<'_>, platform: &PlatformConfiguration) -> Value {
    let mut messages = vec![json!({"type": "LtiResourceLinkRequest"})];
    if let (true, Some(picker)) = (platform.deep_linking, tool.picker) {
        messages.push(json!({
            "type": "LtiDeepLinkingRequest",
            "target_link_uri": picker,
            "label": tool.name,
        }));
    }
    let mut configuration = json!({
        "domain": domain(tool.base),
        "description": tool.description,
        "target_link_uri": tool.base,
        "claims": ["iss", "sub", "name", "given_name", "family_name"],
        "messages": messages,
    });
    // Canvas sends nobody's name unless it is asked in its own words.
    if platform.product.starts_with("canvas") {
        configuration["https://canvas.instructure.com/lti/privacy_level"] = json!("name_only");
    }
    json!({
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login,
        "redirect_uris": [tool.launch],
        "client_name": tool.name,
        "jwks_uri": tool.jwks,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": platform.scopes.join(" "),
        "https://purl.imsglobal.org/spec/lti-tool-configuration": configuration,
    })
}

/// Host and port, as platforms compare addresses with it.
fn domain(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

//! Messages of a platform to a tool (LTI Core 1.3, 5.3 and 5.4; Deep Linking 2.0, 3.3).

use serde_json::{Map, Value, json};
use url::Url;

use crate::scores::{SCOPE_LINE_ITEM, SCOPE_RESULTS, SCOPE_SCORES};

/// Seconds that a message lives.
const LIFE: i64 = 300;

/// Role of somebody who follows the course.
pub const ROLE_LEARNER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
/// Role of somebody who teaches it.
pub const ROLE_INSTRUCTOR: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor";

/// Why a tool's authentication request is refused (Security Framework 1.0, 5.1.1.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// Not an OpenID request.
    #[error("scope must contain openid (Security Framework 1.0, 5.1.1.2)")]
    Scope,
    /// Another kind of answer is asked.
    #[error("response_type must be id_token (Security Framework 1.0, 5.1.1.2)")]
    ResponseType,
    /// Another way of answering is asked.
    #[error("response_mode must be form_post (Security Framework 1.0, 5.1.1.2)")]
    ResponseMode,
    /// The address of the answer is not one that the tool registered.
    #[error("redirect_uri is not registered (Security Framework 1.0, 5.1.1.2)")]
    Redirect,
    /// No nonce, or too long a one.
    #[error("nonce is missing or too long (Security Framework 1.0, 5.1.1.2)")]
    Nonce,
    /// What has to go back is too long.
    #[error("state is too long (Security Framework 1.0, 5.1.1.2)")]
    State,
}

impl AuthenticationError {
    /// A stable word for translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scope => "request-scope",
            Self::ResponseType => "request-type",
            Self::ResponseMode => "request-mode",
            Self::Redirect => "request-redirect",
            Self::Nonce => "request-nonce",
            Self::State => "request-state",
        }
    }
}

/// Bytes of a nonce or of a state at most.
const MAX_OPAQUE: usize = 4_000;

/// What a tool asks when it ends a login that we began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication {
    /// Where the message goes.
    pub redirect: Url,
    /// Goes back as it came.
    pub state: Option<String>,
    /// Goes into the message.
    pub nonce: String,
}

impl Authentication {
    /// Reads a request by the names of its parameters. `redirects` are those that the tool registered,
    /// compared letter for letter.
    ///
    /// # Errors
    ///
    /// The first rule that is broken; only then may an answer be posted anywhere.
    pub fn read<'a>(
        parameter: impl Fn(&str) -> &'a str,
        redirects: &[String],
    ) -> Result<Self, AuthenticationError> {
        let redirect = parameter("redirect_uri");
        let known = redirects.iter().any(|known| known == redirect);
        let redirect = Url::parse(redirect).ok().filter(|_| known);
        let redirect = redirect.ok_or(AuthenticationError::Redirect)?;
        if !parameter("scope").split_whitespace().any(|s| s == "openid") {
            return Err(AuthenticationError::Scope);
        }
        if parameter("response_type") != "id_token" {
            return Err(AuthenticationError::ResponseType);
        }
        if parameter("response_mode") != "form_post" {
            return Err(AuthenticationError::ResponseMode);
        }
        let nonce = parameter("nonce");
        if nonce.is_empty() || nonce.len() > MAX_OPAQUE {
            return Err(AuthenticationError::Nonce);
        }
        let state = parameter("state");
        if state.len() > MAX_OPAQUE {
            return Err(AuthenticationError::State);
        }
        Ok(Self {
            redirect,
            state: Some(state.to_owned()).filter(|state| !state.is_empty()),
            nonce: nonce.to_owned(),
        })
    }
}

/// What every message of ours to a tool carries.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// We.
    pub issuer: &'a str,
    /// The tool.
    pub client_id: &'a str,
    /// Its deployment.
    pub deployment: &'a str,
    /// What it sent.
    pub nonce: &'a str,
    /// Now, seconds since 1970.
    pub now: i64,
    /// What is said of the person.
    pub identity: Identity<'a>,
    /// Their role in the context.
    pub role: &'a str,
    /// Identifier and title of the course.
    pub context: (&'a str, &'a str),
    /// Where the message leads.
    pub target: &'a str,
    /// Parameters, values substituted.
    pub custom: &'a [(String, String)],
    /// `iframe` or `window`.
    pub document_target: &'a str,
    /// Where to go back to.
    pub return_url: &'a str,
    /// Language of the person.
    pub locale: &'a str,
}

/// What a tool learns of a person; what is none is not sent.
#[derive(Clone, Debug, Default)]
pub struct Identity<'a> {
    /// The person, in the eyes of this tool only.
    pub subject: &'a str,
    /// Given and family name.
    pub name: Option<(&'a str, &'a str)>,
    /// Address.
    pub email: Option<&'a str>,
}

/// A service of grades for one link.
#[derive(Clone, Debug)]
pub struct GradeAddresses<'a> {
    /// All line items of the tool in the context.
    pub line_items: &'a str,
    /// The one of this link.
    pub line_item: Option<&'a str>,
}

/// The claims of a launch, to be signed.
pub fn resource_link_request(
    of: &Envelope<'_>,
    link: (&str, &str),
    grades: Option<&GradeAddresses<'_>>,
    members: Option<&str>,
) -> Value {
    let mut claims = common(of, "LtiResourceLinkRequest");
    put(
        &mut claims,
        "lti/claim/resource_link",
        json!({"id": link.0, "title": link.1}),
    );
    services(&mut claims, grades, members);
    Value::Object(claims)
}

/// The claims of a request to pick something in the tool, to be signed.
pub fn deep_linking_request(
    of: &Envelope<'_>,
    return_url: &str,
    data: &str,
    title: &str,
    members: Option<&str>,
) -> Value {
    let mut claims = common(of, "LtiDeepLinkingRequest");
    let settings = json!({
        "deep_link_return_url": return_url,
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": true,
        "accept_lineitem": true,
        "auto_create": false,
        "title": title,
        "data": data,
    });
    put(&mut claims, "lti-dl/claim/deep_linking_settings", settings);
    services(&mut claims, None, members);
    Value::Object(claims)
}

fn put(claims: &mut Map<String, Value>, name: &str, value: Value) {
    claims.insert(format!("https://purl.imsglobal.org/spec/{name}"), value);
}

fn common(of: &Envelope<'_>, message: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    for (name, value) in [
        ("iss", json!(of.issuer)),
        ("aud", json!(of.client_id)),
        ("azp", json!(of.client_id)),
        ("sub", json!(of.identity.subject)),
        ("iat", json!(of.now)),
        ("exp", json!(of.now + LIFE)),
        ("nonce", json!(of.nonce)),
        ("locale", json!(of.locale)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some((given, family)) = of.identity.name {
        let whole = format!("{given} {family}");
        claims.insert("given_name".to_owned(), given.into());
        claims.insert("family_name".to_owned(), family.into());
        claims.insert("name".to_owned(), whole.trim().into());
    }
    if let Some(email) = of.identity.email {
        claims.insert("email".to_owned(), email.into());
    }
    put(&mut claims, "lti/claim/message_type", json!(message));
    put(&mut claims, "lti/claim/version", json!("1.3.0"));
    put(&mut claims, "lti/claim/deployment_id", json!(of.deployment));
    put(&mut claims, "lti/claim/target_link_uri", json!(of.target));
    put(&mut claims, "lti/claim/roles", json!([of.role]));
    let (id, title) = of.context;
    let kind = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection";
    let context = json!({"id": id, "title": title, "label": title, "type": [kind]});
    put(&mut claims, "lti/claim/context", context);
    let presentation = json!({
        "document_target": of.document_target, "return_url": of.return_url, "locale": of.locale,
    });
    put(&mut claims, "lti/claim/launch_presentation", presentation);
    let platform = json!({"guid": of.issuer, "product_family_code": "passerelle"});
    put(&mut claims, "lti/claim/tool_platform", platform);
    if !of.custom.is_empty() {
        let custom: Map<String, Value> = of
            .custom
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        put(&mut claims, "lti/claim/custom", Value::Object(custom));
    }
    claims
}

fn services(
    claims: &mut Map<String, Value>,
    grades: Option<&GradeAddresses<'_>>,
    members: Option<&str>,
) {
    if let Some(grades) = grades {
        let mut endpoint = json!({
            "scope": [SCOPE_LINE_ITEM, SCOPE_RESULTS, SCOPE_SCORES],
            "lineitems": grades.line_items,
        });
        if let (Some(line_item), Some(endpoint)) = (grades.line_item, endpoint.as_object_mut()) {
            endpoint.insert("lineitem".to_owned(), line_item.into());
        }
        put(claims, "lti-ags/claim/endpoint", endpoint);
    }
    if let Some(members) = members {
        let service = json!({"context_memberships_url": members, "service_versions": ["2.0"]});
        put(claims, "lti-nrps/claim/namesroleservice", service);
    }
}

/// The value of a custom parameter: what a variable stands for when it is the whole of it and is
/// known, the value itself otherwise (LTI Core 1.3, B).
pub fn substituted(value: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let known = value.strip_prefix('$').and_then(variable);
    known.unwrap_or_else(|| value.to_owned())
}

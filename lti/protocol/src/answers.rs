//! What a platform checks of what a tool signs: client assertions, deep-linking responses.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::error::LaunchError;
use crate::jws::{KeySet, MAX_TOKEN_BYTES, payload};
use crate::launch::LEEWAY_SECONDS;
use crate::text::holds_nul;

/// Seconds that an assertion or a response may live at most.
const MAX_LIFE: i64 = 3_600;
/// Links that a response may bring at most.
const MAX_PICKED: usize = 50;

/// Why something that a tool signed is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Its signature, or the token itself.
    #[error(transparent)]
    Signature(#[from] LaunchError),
    /// `iss` is not the client.
    #[error("iss is not the client (Security Framework 1.0, 4.1.1)")]
    Issuer,
    /// `sub` is not the client.
    #[error("sub is not the client (Security Framework 1.0, 4.1.1)")]
    Subject,
    /// It is for somebody else.
    #[error("aud is not this server (Security Framework 1.0, 4.1.1)")]
    Audience,
    /// It has no end.
    #[error("it does not expire (Security Framework 1.0, 4.1.1)")]
    NoExpiry,
    /// Past its expiry; by so many seconds.
    #[error("it expired {0} s ago by our clock (Security Framework 1.0, 4.1.1)")]
    Expired(i64),
    /// It begins later; in so many seconds.
    #[error(
        "it begins {0} s in the future by our clock (Security Framework 1.0, 4.1.1; RFC 7519, 4.1.5)"
    )]
    Future(i64),
    /// It lives too long.
    #[error("it lives longer than an hour (Security Framework 1.0, 4.1.1)")]
    TooLong,
    /// It has no identifier against replays.
    #[error("jti or nonce is missing or too long (Security Framework 1.0, 4.1.1)")]
    Unique,
    /// Another message or version.
    #[error("it is not a deep-linking response (Deep Linking 2.0, 3.4)")]
    Message,
    /// Another deployment.
    #[error("the deployment is another one (Deep Linking 2.0, 3.4.1)")]
    Deployment,
    /// The data that went with the request did not come back.
    #[error("the data of the request did not come back (Deep Linking 2.0, 3.4.2)")]
    Data,
    /// Too many links.
    #[error("more than {MAX_PICKED} links were picked")]
    TooMany,
}

impl AnswerError {
    /// Whether the key is the reason, as in [`LaunchError::is_by_key`].
    pub fn is_by_key(&self) -> bool {
        matches!(self, Self::Signature(error) if error.is_by_key())
    }

    /// A stable word for translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature(error) => error.code(),
            Self::Issuer => "answer-issuer",
            Self::Subject => "answer-subject",
            Self::Audience => "answer-audience",
            Self::NoExpiry => "answer-no-expiry",
            Self::Expired(_) => "answer-expired",
            Self::Future(_) => "answer-future",
            Self::TooLong => "answer-too-long",
            Self::Unique => "answer-unique",
            Self::Message => "answer-message",
            Self::Deployment => "answer-deployment",
            Self::Data => "answer-data",
            Self::TooMany => "answer-too-many",
        }
    }

    /// Where the specification asks for the refusal.
    pub fn section(&self) -> &'static str {
        match self {
            Self::Signature(error) => error.section(),
            Self::Message => "Deep Linking 2.0, 3.4",
            Self::Deployment => "Deep Linking 2.0, 3.4.1",
            Self::Data => "Deep Linking 2.0, 3.4.2",
            Self::TooMany => "",
            _ => "Security Framework 1.0, 4.1.1",
        }
    }

    /// By how many seconds clocks are apart, where that is the reason.
    pub fn seconds(&self) -> Option<i64> {
        match self {
            Self::Signature(error) => error.seconds(),
            Self::Expired(seconds) | Self::Future(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Signed {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sub: String,
    #[serde(default)]
    aud: Value,
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
    jti: Option<String>,
    nonce: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/message_type")]
    message_type: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/version")]
    version: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id")]
    deployment: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-dl/claim/data")]
    data: Option<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
    )]
    items: Vec<Value>,
}

impl Signed {
    fn is_for(&self, audiences: &[&str]) -> bool {
        let ours = |value: &Value| value.as_str().is_some_and(|text| audiences.contains(&text));
        match &self.aud {
            Value::Array(many) => many.iter().any(ours),
            one => ours(one),
        }
    }

    /// Dates and identifier; what makes it unique, and when it ends.
    fn life(&self, now: i64) -> Result<(String, i64), AnswerError> {
        let seconds = |value: f64| value.clamp(-1e15, 1e15) as i64;
        let expires = seconds(self.exp.ok_or(AnswerError::NoExpiry)?);
        if expires + LEEWAY_SECONDS <= now {
            return Err(AnswerError::Expired(now - expires));
        }
        if expires > now + MAX_LIFE + LEEWAY_SECONDS {
            return Err(AnswerError::TooLong);
        }
        for begins in [self.iat, self.nbf].into_iter().flatten().map(seconds) {
            if begins > now + LEEWAY_SECONDS {
                return Err(AnswerError::Future(begins - now));
            }
        }
        let unique = self.jti.as_ref().or(self.nonce.as_ref());
        let unique = unique.filter(|text| !text.is_empty() && text.len() <= 1_000);
        let unique = unique.ok_or(AnswerError::Unique)?;
        Ok((unique.clone(), expires + LEEWAY_SECONDS))
    }
}

/// Who claims to have signed, not checked: only good for finding whose keys to check it with.
pub fn claimed_issuer(token: &str) -> Option<String> {
    claimed(token, "iss")
}

/// A text among the claims, not checked: only good for finding what to check the token against.
pub fn claimed(token: &str, name: &str) -> Option<String> {
    let claims = unchecked(token)?;
    let text = claims.get(name)?.as_str()?;
    (text.len() <= 2_000).then(|| text.to_owned())
}

fn unchecked(token: &str) -> Option<Value> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let body = payload(token).filter(|body| !holds_nul(body))?;
    serde_json::from_slice(&body).ok()
}

/// What a launch claims, not checked: only good for looking up in one go what will be needed once
/// it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The deployment.
    pub deployment: String,
    /// The person.
    pub subject: String,
    /// Where their grade goes.
    pub line_item: String,
    /// The course on the platform.
    pub context: String,
    /// Where it leads.
    pub target: String,
}

/// Reads them; what is missing or not what it should be is empty.
pub fn hints(token: &str) -> Hints {
    let claims = unchecked(token).unwrap_or_default();
    let text = |place: &str| {
        let text = claims.pointer(place).and_then(Value::as_str);
        text.filter(|text| text.len() <= 2_000)
            .unwrap_or_default()
            .to_owned()
    };
    Hints {
        deployment: text("/https:~1~1purl.imsglobal.org~1spec~1lti~1claim~1deployment_id"),
        subject: text("/sub"),
        line_item: text("/https:~1~1purl.imsglobal.org~1spec~1lti-ags~1claim~1endpoint/lineitem"),
        target: text("/https:~1~1purl.imsglobal.org~1spec~1lti~1claim~1target_link_uri"),
        context: text("/https:~1~1purl.imsglobal.org~1spec~1lti~1claim~1context/id"),
    }
}

/// Checks a client assertion; what makes it unique, and until when it has to be remembered.
///
/// # Errors
///
/// The first rule that is broken.
pub fn check_assertion(
    token: &str,
    keys: &KeySet,
    client_id: &str,
    audiences: &[&str],
    now: i64,
) -> Result<(String, i64), AnswerError> {
    let signed: Signed = keys.open(token)?;
    if signed.iss != client_id {
        return Err(AnswerError::Issuer);
    }
    if signed.sub != client_id {
        return Err(AnswerError::Subject);
    }
    if !signed.is_for(audiences) {
        return Err(AnswerError::Audience);
    }
    signed.life(now)
}

/// What a deep-linking response must match.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The tool.
    pub client_id: &'a str,
    /// Its deployment.
    pub deployment: &'a str,
    /// We.
    pub issuer: &'a str,
    /// What went with the request.
    pub data: &'a str,
    /// Now, seconds since 1970.
    pub now: i64,
}

/// A link that was picked in a tool.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Picked {
    /// What it is; only `ltiResourceLink` is asked for.
    pub r#type: String,
    /// Title.
    pub title: Option<String>,
    /// A sentence.
    pub text: Option<String>,
    /// Where it leads; the tool's own address when none.
    pub url: Option<String>,
    /// Parameters.
    pub custom: BTreeMap<String, Value>,
    /// The grade that it wishes.
    pub line_item: Option<Value>,
}

/// Checks a deep-linking response and reads the links in it; other kinds of items are left out.
///
/// # Errors
///
/// The first rule that is broken.
pub fn check_deep_linking(
    token: &str,
    keys: &KeySet,
    asked: &Asked<'_>,
) -> Result<Vec<Picked>, AnswerError> {
    let signed: Signed = keys.open(token)?;
    if signed.iss != asked.client_id {
        return Err(AnswerError::Issuer);
    }
    if !signed.is_for(&[asked.issuer]) {
        return Err(AnswerError::Audience);
    }
    signed.life(asked.now)?;
    let is_response = signed.message_type.as_deref() == Some("LtiDeepLinkingResponse");
    if !is_response || signed.version.as_deref() != Some("1.3.0") {
        return Err(AnswerError::Message);
    }
    if signed.deployment.as_deref() != Some(asked.deployment) {
        return Err(AnswerError::Deployment);
    }
    if signed.data.as_deref() != Some(asked.data) {
        return Err(AnswerError::Data);
    }
    if signed.items.len() > MAX_PICKED {
        return Err(AnswerError::TooMany);
    }
    let links = signed
        .items
        .into_iter()
        .filter_map(|item| serde_json::from_value::<Picked>(item).ok())
        .filter(|item| item.r#type == "ltiResourceLink");
    Ok(links.collect())
}

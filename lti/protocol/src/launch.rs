//! The one place where a launch is checked.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::claims::{
    Claims, Context, DeepLinkingSettings, GradeService, MembershipService, Presentation,
    ResourceLink,
};
use crate::error::LaunchError;
use crate::jws::{KeySet, shorten};
use crate::roles::{Standing, standing};

/// How far clocks may be apart.
pub const LEEWAY_SECONDS: i64 = 60;
/// How long ago a token may have been issued: it comes straight from the platform.
pub const MAX_AGE_SECONDS: i64 = 15 * 60;

/// Characters of an identifier at most (LTI Core 1.3, 5.3; OpenID Connect Core 1.0, 2).
const MAX_ID: usize = 255;
/// Characters of an address at most.
const MAX_ADDRESS: usize = 2_048;
/// Roles and custom parameters that are read.
const MAX_LIST: usize = 200;

/// A platform, as its registration knows it.
#[derive(Clone, Copy, Debug)]
pub struct Platform<'a> {
    /// Issuer.
    pub issuer: &'a str,
    /// Our client identifier there.
    pub client_id: &'a str,
    /// Deployments that were accepted.
    pub deployments: Deployments<'a>,
    /// Addresses without encryption are accepted; for a platform on the same machine.
    pub allows_http: bool,
}

/// Which deployments of a platform may launch.
#[derive(Clone, Copy, Debug)]
pub enum Deployments<'a> {
    /// These.
    Known(&'a [String]),
    /// Any: the first launch of each makes it known.
    Any,
}

/// What the login that this launch ends has remembered.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The nonce that was sent.
    pub nonce: &'a str,
    /// The target that the platform asked for.
    pub target: &'a str,
    /// Everything of ours begins so: `https://learn.example.org/lti/`.
    pub base: &'a Url,
    /// Now, seconds since 1970.
    pub now: i64,
}

/// What a launch asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Open what a link leads to.
    ResourceLink(ResourceLink),
    /// Pick what links will lead to.
    DeepLinking(DeepLinkingSettings),
}

/// A launch that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// What it asks for.
    pub message: Message,
    /// Deployment.
    pub deployment: String,
    /// The person in the eyes of the platform; none in an anonymous launch.
    pub subject: Option<String>,
    /// Given and family name, as far as they were sent.
    pub name: (String, String),
    /// Address; shown, never used to find somebody.
    pub email: Option<String>,
    /// Language, as BCP 47.
    pub locale: Option<String>,
    /// What the person may do in the course that launches.
    pub standing: Standing,
    /// The course that launches.
    pub context: Option<Context>,
    /// Where it leads.
    pub target: Url,
    /// Custom parameters.
    pub custom: BTreeMap<String, Value>,
    /// How it is shown, and where to go back to.
    pub presentation: Presentation,
    /// Where grades go.
    pub grades: Option<GradeService>,
    /// Where members are listed.
    pub members: Option<MembershipService>,
}

/// Checks an ID token against the platform, its keys and the login that was begun.
///
/// # Errors
///
/// The first rule that is broken, signature first: nothing of a token is believed before it.
pub fn validate(
    token: &str,
    keys: &KeySet,
    platform: &Platform<'_>,
    expected: &Expected<'_>,
) -> Result<Launch, LaunchError> {
    let claims: Claims = keys.open(token)?;
    envelope(&claims, platform, expected)?;
    message(claims, platform, expected)
}

/// Security Framework 1.0, 5.1.3.
fn envelope(
    claims: &Claims,
    platform: &Platform<'_>,
    expected: &Expected<'_>,
) -> Result<(), LaunchError> {
    if claims.iss != platform.issuer {
        return Err(LaunchError::IssuerWrong);
    }
    if !claims.aud.iter().any(|aud| aud == platform.client_id) {
        return Err(LaunchError::AudienceWrong);
    }
    match claims.azp.as_deref() {
        None if claims.aud.len() > 1 => return Err(LaunchError::AuthorizedPartyMissing),
        Some(azp) if azp != platform.client_id => return Err(LaunchError::AuthorizedPartyWrong),
        _ => {}
    }
    clocks(claims, expected.now)?;
    match claims.nonce.as_deref() {
        None | Some("") => Err(LaunchError::NonceMissing),
        Some(nonce) if nonce != expected.nonce => Err(LaunchError::NonceWrong),
        Some(_) => Ok(()),
    }
}

/// Security Framework 1.0, 5.1.3 (7) and (8); RFC 7519, 4.1.5.
fn clocks(claims: &Claims, now: i64) -> Result<(), LaunchError> {
    let seconds = |value: f64| value.clamp(-1e15, 1e15) as i64;
    let expires = seconds(claims.exp.ok_or(LaunchError::ExpiryMissing)?);
    if expires.saturating_add(LEEWAY_SECONDS) <= now {
        return Err(LaunchError::Expired(now - expires));
    }
    if let Some(from) = claims.nbf.map(seconds)
        && from > now + LEEWAY_SECONDS
    {
        return Err(LaunchError::NotYet(from - now));
    }
    let issued = seconds(claims.iat.ok_or(LaunchError::IssueMissing)?);
    if issued > now + LEEWAY_SECONDS {
        return Err(LaunchError::IssuedInFuture(issued - now));
    }
    if issued + MAX_AGE_SECONDS + LEEWAY_SECONDS < now {
        return Err(LaunchError::TooOld(now - issued));
    }
    Ok(())
}

/// LTI Core 1.3, 5.3 and 5.4.
fn message(
    claims: Claims,
    platform: &Platform<'_>,
    expected: &Expected<'_>,
) -> Result<Launch, LaunchError> {
    if claims.version.as_deref() != Some("1.3.0") {
        return Err(LaunchError::VersionWrong);
    }
    lengths(&claims)?;
    let deployment = claims.deployment_id.filter(|id| !id.is_empty());
    let deployment = deployment.ok_or(LaunchError::DeploymentMissing)?;
    if let Deployments::Known(known) = platform.deployments
        && !known.contains(&deployment)
    {
        return Err(LaunchError::DeploymentUnknown(deployment));
    }
    let target = claims.target_link_uri.ok_or(LaunchError::TargetMissing)?;
    let target = target_of(&target, expected)?;
    let roles = claims.roles.ok_or(LaunchError::RolesMissing)?;
    let message = match claims.message_type.as_deref() {
        None | Some("") => return Err(LaunchError::MessageMissing),
        Some("LtiResourceLinkRequest") => {
            let link = claims.resource_link.filter(|link| !link.id.is_empty());
            Message::ResourceLink(link.ok_or(LaunchError::ResourceLinkMissing)?)
        }
        Some("LtiDeepLinkingRequest") => {
            let settings = claims
                .settings
                .ok_or(LaunchError::SettingsWrong("deep_linking_settings"))?;
            address(
                "deep_link_return_url",
                &settings.deep_link_return_url,
                platform,
            )?;
            if settings.accept_types.is_empty() {
                return Err(LaunchError::SettingsWrong("accept_types"));
            }
            Message::DeepLinking(settings)
        }
        Some(other) => return Err(LaunchError::MessageUnknown(shorten(other))),
    };
    if let Some(grades) = &claims.grades {
        for (name, value) in [
            ("lineitems", &grades.lineitems),
            ("lineitem", &grades.lineitem),
        ] {
            if let Some(value) = value {
                address(name, value, platform)?;
            }
        }
    }
    if let Some(members) = &claims.members {
        address(
            "context_memberships_url",
            &members.context_memberships_url,
            platform,
        )?;
    }
    let presentation = claims.presentation.unwrap_or_default();
    if let Some(back) = presentation.return_url.as_deref().filter(|a| !a.is_empty()) {
        address("return_url", back, platform)?;
    }
    Ok(Launch {
        message,
        deployment,
        subject: claims.sub.filter(|sub| !sub.is_empty()),
        name: names(claims.given_name, claims.family_name, claims.name),
        email: claims.email.filter(|email| !email.is_empty()),
        locale: claims.locale,
        standing: standing(&roles),
        context: claims.context.filter(|context| !context.id.is_empty()),
        target,
        custom: claims.custom.unwrap_or_default(),
        presentation,
        grades: claims.grades,
        members: claims.members,
    })
}

fn lengths(claims: &Claims) -> Result<(), LaunchError> {
    let text = |value: &Option<String>| value.as_ref().map_or(0, |v| v.chars().count());
    let link = claims.resource_link.as_ref();
    let context = claims.context.as_ref();
    let checks = [
        ("sub", text(&claims.sub), MAX_ID),
        ("deployment_id", text(&claims.deployment_id), MAX_ID),
        (
            "resource_link",
            link.map_or(0, |l| l.id.chars().count()),
            MAX_ID,
        ),
        (
            "context",
            context.map_or(0, |c| c.id.chars().count()),
            MAX_ID,
        ),
        (
            "target_link_uri",
            text(&claims.target_link_uri),
            MAX_ADDRESS,
        ),
        ("roles", claims.roles.as_ref().map_or(0, Vec::len), MAX_LIST),
        (
            "custom",
            claims.custom.as_ref().map_or(0, BTreeMap::len),
            MAX_LIST,
        ),
        ("name", text(&claims.name), MAX_ADDRESS),
        ("given_name", text(&claims.given_name), MAX_ADDRESS),
        ("family_name", text(&claims.family_name), MAX_ADDRESS),
        ("email", text(&claims.email), 320),
    ];
    match checks.iter().find(|(_, length, most)| length > most) {
        Some((name, ..)) => Err(LaunchError::ClaimTooLong(name)),
        None => Ok(()),
    }
}

/// The target is the one of the login, and one of ours.
fn target_of(text: &str, expected: &Expected<'_>) -> Result<Url, LaunchError> {
    if text != expected.target {
        return Err(LaunchError::TargetElsewhere);
    }
    is_ours(text, expected.base).ok_or(LaunchError::TargetElsewhere)
}

/// An address below the base, without user, with the same scheme, host and port.
pub(crate) fn is_ours(text: &str, base: &Url) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let same = url.origin() == base.origin() && url.path().starts_with(base.path());
    (same && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// An address that may be called or followed.
fn address(name: &'static str, text: &str, platform: &Platform<'_>) -> Result<(), LaunchError> {
    let refused = LaunchError::AddressRefused(name);
    let Some(url) = Url::parse(text).ok().filter(|_| text.len() <= MAX_ADDRESS) else {
        return Err(refused);
    };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && platform.allows_http);
    let plain = url.username().is_empty() && url.password().is_none() && url.host().is_some();
    if secure && plain {
        Ok(())
    } else {
        Err(refused)
    }
}

/// Given and family name from whichever claims came.
fn names(given: Option<String>, family: Option<String>, whole: Option<String>) -> (String, String) {
    let clean = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
    let (given, family, whole) = (clean(given), clean(family), clean(whole));
    if !given.is_empty() || !family.is_empty() {
        return (given, family);
    }
    match whole.split_once(' ') {
        Some((first, rest)) => (first.to_owned(), rest.trim().to_owned()),
        None => (String::new(), whole),
    }
}

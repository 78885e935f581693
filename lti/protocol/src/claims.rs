//! The claims of a message, as the specifications name them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The claims of an ID token (LTI Core 1.3, 5.3 and 5.4). What is absent is `None`: what must be
/// there is decided in one place, [`crate::validate`].
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Claims {
    /// Issuer: the platform.
    #[serde(default)]
    pub iss: String,
    /// The person, in the eyes of the platform; absent in an anonymous launch.
    pub sub: Option<String>,
    /// Whom the token is for.
    #[serde(default, deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// The party that the token authorizes.
    pub azp: Option<String>,
    /// Expiry, seconds since 1970.
    pub exp: Option<f64>,
    /// Date of issue, seconds since 1970.
    pub iat: Option<f64>,
    /// From when it may be used, seconds since 1970.
    pub nbf: Option<f64>,
    /// What the login sent.
    pub nonce: Option<String>,
    /// Whole name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Address; shown, never used to find somebody.
    pub email: Option<String>,
    /// Language, as BCP 47.
    pub locale: Option<String>,
    /// Message type.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/message_type")]
    pub message_type: Option<String>,
    /// Version.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/version")]
    pub version: Option<String>,
    /// Deployment.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id")]
    pub deployment_id: Option<String>,
    /// Target.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri")]
    pub target_link_uri: Option<String>,
    /// The link that was followed.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/resource_link")]
    pub resource_link: Option<ResourceLink>,
    /// Roles; empty for an anonymous person, but there.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/roles")]
    pub roles: Option<Vec<String>>,
    /// The course on the platform.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/context")]
    pub context: Option<Context>,
    /// Custom parameters.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/custom")]
    pub custom: Option<BTreeMap<String, Value>>,
    /// How it is shown, and where to go back to.
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation")]
    pub presentation: Option<Presentation>,
    /// Grades (AGS 2.0, 3.1).
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint")]
    pub grades: Option<GradeService>,
    /// Members (NRPS 2.0, 3.6.1.1).
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice")]
    pub members: Option<MembershipService>,
    /// What a deep-linking request accepts (Deep Linking 2.0, 3.3.2).
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings")]
    pub settings: Option<DeepLinkingSettings>,
}

/// A link within a course of the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ResourceLink {
    /// Identifier, stable and unique within the deployment.
    #[serde(default)]
    pub id: String,
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
}

/// A course of the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Context {
    /// Identifier.
    #[serde(default)]
    pub id: String,
    /// Short name.
    pub label: Option<String>,
    /// Title.
    pub title: Option<String>,
}

/// How the launch is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Presentation {
    /// `frame`, `iframe` or `window`.
    pub document_target: Option<String>,
    /// Where to go back to.
    pub return_url: Option<String>,
    /// Language.
    pub locale: Option<String>,
}

/// Where grades go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct GradeService {
    /// Scopes that may be asked.
    #[serde(default)]
    pub scope: Vec<String>,
    /// All line items of the context.
    pub lineitems: Option<String>,
    /// The line item of this link, when there is exactly one.
    pub lineitem: Option<String>,
}

/// Where members are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MembershipService {
    /// Address of the first page.
    #[serde(default)]
    pub context_memberships_url: String,
    /// Versions.
    #[serde(default)]
    pub service_versions: Vec<String>,
}

/// What a platform accepts from a deep-linking response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeepLinkingSettings {
    /// Where the response is posted.
    #[serde(default)]
    pub deep_link_return_url: String,
    /// Types of content items.
    #[serde(default)]
    pub accept_types: Vec<String>,
    /// How items may be shown.
    #[serde(default)]
    pub accept_presentation_document_targets: Vec<String>,
    /// Whether several items may come; one when absent.
    pub accept_multiple: Option<bool>,
    /// Whether line items may come with them; unknown when absent.
    pub accept_lineitem: Option<bool>,
    /// Opaque; goes back as it came.
    pub data: Option<String>,
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Audience {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Audience::deserialize(from)? {
        Audience::One(one) => vec![one],
        Audience::Many(many) => many,
    })
}

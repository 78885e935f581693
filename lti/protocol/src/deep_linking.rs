//! What goes back to the platform when something was picked (Deep Linking 2.0, 3.4).

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::claims::DeepLinkingSettings;
use crate::launch::Platform;

/// Seconds that a response lives.
const LIFE: i64 = 300;

/// A grade that a picked item wishes (Deep Linking 2.0, 2.2.3.2).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItemWish {
    /// Label of the column.
    pub label: String,
    /// Largest score.
    pub score_maximum: f64,
    /// Our identifier of what is graded.
    pub resource_id: String,
    /// What of it.
    pub tag: String,
}

/// A link that was picked.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentItem {
    /// Title.
    pub title: String,
    /// A sentence.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// Custom parameters that each launch will carry.
    pub custom: Vec<(String, String)>,
    /// The grade it wishes.
    pub line_item: Option<LineItemWish>,
}

/// The claims of a deep-linking response, to be signed.
///
/// Line items are left out when the platform said that it does not take them, all items but the
/// first when it takes one only.
pub fn deep_linking_response(
    platform: &Platform<'_>,
    deployment: &str,
    settings: &DeepLinkingSettings,
    items: &[ContentItem],
    nonce: &str,
    now: i64,
) -> Value {
    let most = if settings.accept_multiple == Some(false) {
        1
    } else {
        items.len()
    };
    let items: Vec<Value> = items
        .iter()
        .take(most)
        .map(|item| content_item(item, settings.accept_lineitem != Some(false)))
        .collect();
    let mut claims = json!({
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": now,
        "exp": now + LIFE,
        "nonce": nonce,
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": deployment,
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": items,
    });
    if let (Some(data), Some(claims)) = (&settings.data, claims.as_object_mut()) {
        claims.insert(
            "https://purl.imsglobal.org/spec/lti-dl/claim/data".to_owned(),
            data.clone().into(),
        );
    }
    claims
}

fn content_item(item: &ContentItem, with_line_item: bool) -> Value {
    let custom: Map<String, Value> = item
        .custom
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let mut out = json!({
        "type": "ltiResourceLink",
        "title": item.title,
        "text": item.text,
        "url": item.url,
    });
    // An empty object is left out: Moodle (4.5) reads it back as a list, and stops.
    if let (false, Some(out)) = (custom.is_empty(), out.as_object_mut()) {
        out.insert("custom".to_owned(), custom.into());
    }
    if let (true, Some(wish), Some(out)) = (with_line_item, &item.line_item, out.as_object_mut()) {
        out.insert("lineItem".to_owned(), json!(wish));
    }
    out
}

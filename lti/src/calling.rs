//! Calls to the services of a platform, with a token that it gives us (Security Framework 1.0, 4.1).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, Method, Request, header};
use passerelle_kernel::env::SECOND;
use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::client_assertion;
use passerelle_outgoing::{Body, Outgoing, OutgoingError};
use passerelle_web::App;
use serde::Deserialize;
use url::Url;

use crate::keys::signing_key;
use crate::platforms::model::{Platform, Registration};
use crate::reasons::Reason;

/// Bytes of a token's answer at most.
const MAX_TOKEN: usize = 64 * 1024;
/// A token is not used any more so long before its end.
const TOKEN_MARGIN: Micros = 60 * SECOND;

/// A service of the application: access tokens of platforms, in memory.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<(Uuid, &'static str), Slot>>);

/// The token for a scope of a platform; whoever asks for another one holds it meanwhile.
type Slot = Arc<tokio::sync::Mutex<Option<Token>>>;

/// A token that a platform gave.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    until: Micros,
    /// Where it was asked, and under which name: once these are corrected, it is good no more.
    from: (String, String),
}

impl Tokens {
    fn of(&self, platform: Uuid, scope: &'static str) -> Slot {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.entry((platform, scope)).or_default().clone()
    }
}

/// Why a call did not bring its answer, with the status when there was one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) Reason, pub(crate) Option<u16>);

impl Refused {
    /// Something that is not what it should be.
    pub(crate) fn told(what: &str, why: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::warn!(what, why, %error, "a call to a platform fails");
        Self(Reason::new(why).asking(what), None)
    }

    /// The same, and asking again changes nothing.
    pub(crate) fn lasting(what: &str, why: &'static str, error: &dyn std::fmt::Display) -> Self {
        Self(Self::told(what, why, error).0, Some(400))
    }

    fn of(what: &str, error: &OutgoingError) -> Self {
        tracing::warn!(what, %error, "a call to a platform fails");
        let status = match error {
            OutgoingError::Status(status) => Some(*status),
            OutgoingError::NotSecure | OutgoingError::Private => Some(403),
            _ => None,
        };
        Self(Reason::from(error).asking(what), status)
    }
}

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    /// What it is, for the error.
    pub(crate) what: &'static str,
    /// What it needs.
    pub(crate) scope: &'static str,
    /// Where.
    pub(crate) address: &'a Url,
    /// The one media type that is read. Several in a list, Moodle refuses.
    pub(crate) accept: &'static str,
    /// What is posted; asked otherwise.
    pub(crate) body: Option<Body>,
    /// Bytes of the answer at most.
    pub(crate) most: usize,
}

/// What came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    /// Text.
    pub(crate) text: String,
    /// `Link` headers.
    pub(crate) links: Vec<String>,
}

/// Calls a platform.
///
/// # Errors
///
/// It gives no token, or no success.
pub(crate) async fn call(app: &App, platform: &Platform, call: &Call<'_>) -> Result<Came, Refused> {
    let outgoing = app.service::<Outgoing>();
    let outgoing = outgoing.ok_or_else(|| Refused::told(call.what, "ours", &"nothing leaves"))?;
    let held = token(app, &outgoing, platform, call.scope, None).await?;
    match once(&outgoing, call, &held).await {
        // Platforms forget tokens: another one, once.
        Err(Refused(_, Some(401))) => {
            let other = token(app, &outgoing, platform, call.scope, Some(&held)).await?;
            once(&outgoing, call, &other).await
        }
        came => came,
    }
}

async fn once(outgoing: &Outgoing, call: &Call<'_>, token: &str) -> Result<Came, Refused> {
    let method = if call.body.is_some() {
        Method::POST
    } else {
        Method::GET
    };
    let mut request = Request::builder()
        .method(method)
        .uri(call.address.as_str())
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT, call.accept);
    if let Some(body) = &call.body {
        request = request.header(header::CONTENT_TYPE, body.media_type);
    }
    let text = call.body.as_ref().map(|body| body.text.clone());
    let request = request
        .body(text.unwrap_or_default().into_bytes())
        .map_err(|error| Refused::lasting(call.what, "address", &error))?;
    let answer = outgoing
        .exchange(request, call.most)
        .await
        .map_err(|error| Refused::of(call.what, &error))?;
    let (parts, body) = answer.into_parts();
    if !parts.status.is_success() {
        let status = parts.status.as_u16();
        return Err(Refused::of(call.what, &OutgoingError::Status(status)));
    }
    let text = passerelle_outgoing::text(body)
        .map_err(|error| Refused::told(call.what, "malformed", &error))?;
    Ok(Came {
        text,
        links: links(&parts.headers),
    })
}

fn links(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::LINK).iter();
    // Curly quotes are not ASCII: the bytes are read as they are.
    all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: i64,
}

/// An access token: the one that is known unless it is `stale`, or a new one, asked once whatever
/// the number of those who wait for it.
async fn token(
    app: &App,
    outgoing: &Outgoing,
    platform: &Platform,
    scope: &'static str,
    stale: Option<&str>,
) -> Result<String, Refused> {
    let tokens = app
        .service::<Tokens>()
        .ok_or_else(|| Refused::told("token", "ours", &"no tokens"))?;
    let slot = tokens.of(platform.id, scope);
    let mut known = slot.lock().await;
    let now = app.env().now();
    let data = &platform.data;
    let from = (data.token_endpoint.clone(), data.client_id.clone());
    if let Some(token) = known.as_ref()
        && now < token.until
        && token.from == from
        && stale != Some(token.text.as_str())
    {
        return Ok(token.text.clone());
    }
    let (text, until) = ask_token(app, outgoing, data, scope).await?;
    *known = Some(Token {
        text: text.clone(),
        until,
        from,
    });
    Ok(text)
}

async fn ask_token(
    app: &App,
    outgoing: &Outgoing,
    platform: &Registration,
    scope: &str,
) -> Result<(String, Micros), Refused> {
    let now = app.env().now();
    let endpoint = Url::parse(&platform.token_endpoint)
        .map_err(|error| Refused::lasting("token", "address", &error))?;
    let audience = platform.token_audience.as_deref();
    let audience = audience.unwrap_or(&platform.token_endpoint);
    let unique = app.env().token();
    let claims = client_assertion(&platform.client_id, audience, &unique, now / SECOND);
    let key = signing_key(app.db(), now)
        .await
        .map_err(|error| Refused::told("token", "ours", &error))?;
    let assertion = key
        .sign(&claims)
        .map_err(|why| Refused::told("token", "ours", &why))?;
    let text = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        .append_pair("client_assertion", &assertion)
        .append_pair("scope", scope)
        .finish();
    let body = Body {
        media_type: "application/x-www-form-urlencoded",
        text,
    };
    let answer = outgoing
        .post(&endpoint, None, body, MAX_TOKEN)
        .await
        .map_err(|error| Refused::of("token", &error))?;
    let granted: Granted = serde_json::from_str(&answer)
        .map_err(|error| Refused::told("token", "malformed", &error))?;
    let until = now + granted.expires_in.clamp(0, 86_400) * SECOND - TOKEN_MARGIN;
    Ok((granted.access_token, until))
}

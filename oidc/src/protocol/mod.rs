//! What is said to a provider, and what its answers must be (OpenID Connect Core 1.0,
//! Discovery 1.0, RP-Initiated Logout 1.0, PKCE: RFC 7636).

mod refused;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreGenderClaim, CoreIdToken,
    CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthType, AuthorizationCode,
    ClientId, ClientSecret, CsrfToken, EndSessionUrl, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, JsonWebKeySet, LogoutRequest, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, SubjectIdentifier, TokenResponse,
    UserInfoClaims, UserInfoError, UserInfoUrl,
};
use passerelle_kernel::Micros;
use passerelle_outgoing::{Outgoing, OutgoingError};
use serde::{Deserialize, Serialize};
use url::Url;

pub use refused::Refused;
use refused::{claims_refused, code_refused, discovery, signature_refused};

/// Bytes at most of anything that a provider answers.
const MAX_ANSWER: usize = 512 * 1024;
/// How far two clocks may be from each other.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// An ID token is read just after it was made.
const MAX_AGE: TimeDelta = TimeDelta::minutes(10);
/// Characters at most of a subject (Core, section 2).
const MAX_SUBJECT: usize = 255;
/// What signs ID tokens: asymmetric algorithms only, so that a public key is never a secret.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says of itself, with its keys.
pub type Metadata = ProviderMetadataWithLogout;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Who we are for a provider.
#[derive(Clone, Debug)]
pub struct Party {
    /// The identifier that it gave us.
    pub client_id: String,
    /// The secret that it gave us, unless it gives none.
    pub client_secret: Option<String>,
    /// Where it sends people back.
    pub redirect: Url,
    /// What is asked of it beside `openid`.
    pub scopes: Vec<String>,
}

/// A sign-in that has begun, for the browser to keep until it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// Comes back with the code.
    pub state: String,
    /// Comes back within the ID token.
    pub nonce: String,
    /// Sent with the code (PKCE).
    pub verifier: String,
}

/// What a provider gave for a code; nothing of it is believed before [`check`].
#[derive(Clone, Debug)]
pub struct Given {
    id_token: CoreIdToken,
    access: AccessToken,
}

/// Who came back.
#[derive(Clone, Debug)]
pub struct Identified {
    /// Who it is for that provider.
    pub subject: String,
    /// The ID token, to sign out there.
    pub id_token: String,
    access: AccessToken,
}

/// Asks a provider what it is, and its keys.
///
/// # Errors
///
/// It does not answer, or answers for another issuer.
pub async fn discover(outgoing: &Outgoing, issuer: &str) -> Result<Metadata, Refused> {
    let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|e| Refused::Address(e.to_string()))?;
    let metadata = Metadata::discover_async(issuer, &caller(outgoing))
        .await
        .map_err(discovery)?;
    let Some(token) = metadata.token_endpoint() else {
        let why = "no token endpoint".to_owned();
        return Err(Refused::Configuration(why));
    };
    // Browsers are sent to two of them, with an ID token for the last.
    let leave = &metadata.additional_metadata().end_session_endpoint;
    let endpoints = [
        Some(metadata.authorization_endpoint().url()),
        Some(token.url()),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        leave.as_ref().map(EndSessionUrl::url),
    ];
    for url in endpoints.into_iter().flatten() {
        let secure =
            url.scheme() == "https" || (url.scheme() == "http" && outgoing.allows_private());
        let plain = url.host().is_some() && url.username().is_empty() && url.password().is_none();
        if !(secure && plain) {
            let why = format!("not a secure address: {}", short(url.as_str()));
            return Err(Refused::Configuration(why));
        }
    }
    Ok(metadata)
}

/// Asks a provider for its keys again.
///
/// # Errors
///
/// It does not answer.
pub async fn keys(outgoing: &Outgoing, metadata: &Metadata) -> Result<CoreJsonWebKeySet, Refused> {
    JsonWebKeySet::fetch_async(metadata.jwks_uri(), &caller(outgoing))
        .await
        .map_err(discovery)
}

/// Where the browser goes to sign in.
///
/// Nothing is asked beside what every provider must know: ProConnect refuses what it does not list.
pub fn begin(metadata: &Metadata, party: &Party, secrets: &Secrets) -> Url {
    let client = client(metadata, party);
    let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
    let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
    let (url, _, _) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        )
        .add_scopes(party.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .url();
    url
}

/// Gives the code back for what it stands for. A code is good once.
///
/// # Errors
///
/// The provider refuses the code, or gives no ID token.
pub async fn exchange(
    outgoing: &Outgoing,
    metadata: &Metadata,
    party: &Party,
    secrets: &Secrets,
    code: &str,
) -> Result<Given, Refused> {
    let answer = client(metadata, party)
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|e| Refused::Configuration(e.to_string()))?
        .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
        .request_async(&caller(outgoing))
        .await
        .map_err(code_refused)?;
    Ok(Given {
        id_token: answer.id_token().ok_or(Refused::NoToken)?.clone(),
        access: answer.access_token().clone(),
    })
}

/// What an ID token must be (Core 1.0, section 3.1.3.7); answers who came back.
///
/// # Errors
///
/// One for each thing that is wrong with it.
pub fn check(
    metadata: &Metadata,
    party: &Party,
    given: &Given,
    nonce: &str,
    now: Micros,
) -> Result<Identified, Refused> {
    let token = &given.id_token;
    if !names_its_key(&token.to_string()) {
        return Err(Refused::NoKey);
    }
    let now = DateTime::<Utc>::from_timestamp_micros(now)
        .ok_or_else(|| Refused::Time("our own clock".to_owned()))?;
    let client = client(metadata, party);
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(SIGNATURES)
        .set_time_fn(move || now - LEEWAY)
        .set_issue_time_verifier_fn(move |made| {
            if made > now + LEEWAY {
                Err("made in the future".to_owned())
            } else if made < now - MAX_AGE {
                Err("made long ago".to_owned())
            } else {
                Ok(())
            }
        });
    let claims = token
        .claims(&verifier, &Nonce::new(nonce.to_owned()))
        .map_err(claims_refused)?;
    if let Some(expected) = claims.access_token_hash() {
        let (alg, key) = token
            .signing_alg()
            .and_then(|alg| token.signing_key(&verifier).map(|key| (alg, key)))
            .map_err(signature_refused)?;
        let actual = AccessTokenHash::from_token(&given.access, alg, key)
            .map_err(|e| Refused::Token(e.to_string()))?;
        if actual != *expected {
            return Err(Refused::AccessToken);
        }
    }
    let subject = claims.subject().as_str();
    let is_plain = !subject.chars().any(char::is_control);
    if subject.is_empty() || subject.len() > MAX_SUBJECT || !is_plain {
        return Err(Refused::Subject);
    }
    Ok(Identified {
        subject: subject.to_owned(),
        id_token: token.to_string(),
        access: given.access.clone(),
    })
}

/// A name for people to recognise their account by; what else a provider says is not read.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Usual {
    /// What ProConnect calls a family name.
    #[serde(default)]
    usual_name: Option<String>,
}

impl AdditionalClaims for Usual {}

/// The name that a provider gives to whoever came back; none when it gives none, or cannot say it
/// now: it is only shown. Its answer may be JSON, or a token that it signs.
///
/// # Errors
///
/// It signs badly, or speaks of somebody else.
pub async fn name(
    outgoing: &Outgoing,
    metadata: &Metadata,
    party: &Party,
    who: &Identified,
) -> Result<Option<String>, Refused> {
    if metadata.userinfo_endpoint().is_none() {
        return Ok(None);
    }
    let subject = SubjectIdentifier::new(who.subject.clone());
    let said: Result<UserInfoClaims<Usual, CoreGenderClaim>, _> = client(metadata, party)
        .user_info(who.access.clone(), Some(subject))
        .map_err(|e| Refused::Configuration(e.to_string()))?
        .request_async(&caller(outgoing))
        .await;
    let said = match said {
        Ok(said) => said,
        Err(UserInfoError::ClaimsVerification(error)) => {
            return Err(Refused::UserInfo(claims_refused(error).to_string()));
        }
        Err(_) => return Ok(None),
    };
    let first = |claim: Option<&str>| claim.map(str::trim).filter(|t| !t.is_empty()).map(short);
    let given = said.given_name().and_then(|name| name.get(None));
    let family = said.family_name().and_then(|name| name.get(None));
    let family = first(family.map(|name| name.as_str()))
        .or_else(|| first(said.additional_claims().usual_name.as_deref()));
    let both: Vec<String> = first(given.map(|name| name.as_str()))
        .into_iter()
        .chain(family)
        .collect();
    if !both.is_empty() {
        return Ok(Some(both.join(" ")));
    }
    let whole = said.name().and_then(|name| name.get(None));
    Ok(first(whole.map(|name| name.as_str())))
}

/// Where the browser goes to sign out there; none when the provider knows no such thing.
/// `state` comes back with the person; nothing is done with it, but some providers ask for one.
pub fn leave(
    metadata: &Metadata,
    client_id: &str,
    id_token: &str,
    back: &Url,
    state: String,
) -> Option<Url> {
    let endpoint = metadata
        .additional_metadata()
        .end_session_endpoint
        .clone()?;
    let token: CoreIdToken = id_token.parse().ok()?;
    let url = LogoutRequest::from(endpoint)
        .set_id_token_hint(&token)
        .set_client_id(ClientId::new(client_id.to_owned()))
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(back.clone()))
        .set_state(CsrfToken::new(state))
        .http_get_url();
    Some(url)
}

fn client(metadata: &Metadata, party: &Party) -> Client {
    let secret = party.client_secret.clone().map(ClientSecret::new);
    let redirect = RedirectUrl::from_url(party.redirect.clone());
    let client = CoreClient::from_provider_metadata(
        metadata.clone(),
        ClientId::new(party.client_id.clone()),
        secret,
    )
    .set_redirect_uri(redirect);
    // Without a word of theirs it is in the header (Discovery 1.0, section 3).
    let methods = metadata.token_endpoint_auth_methods_supported();
    let in_header = methods.is_none_or(|m| m.contains(&CoreClientAuthMethod::ClientSecretBasic));
    if in_header {
        client
    } else {
        client.set_auth_type(AuthType::RequestBody)
    }
}

/// The library's requests leave like ours.
struct Caller(Outgoing);

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = OutgoingError;
    type Future = BoxFuture<'c, Result<HttpResponse, OutgoingError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.exchange(request, MAX_ANSWER))
    }
}

fn caller(outgoing: &Outgoing) -> Caller {
    Caller(outgoing.clone())
}

fn names_its_key(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Header {
        kid: Option<String>,
    }
    let header = token.split('.').next().unwrap_or_default();
    URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Header>(&bytes).ok())
        .and_then(|header| header.kid)
        .is_some_and(|kid| !kid.is_empty())
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

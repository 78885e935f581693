//! Dynamic registration: the address that a platform's administrator pastes.

use passerelle_kernel::env::{DAY, token_hash};
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::{
    PlatformConfiguration, RegistrationError, ToolAddresses, registration_request,
};
use passerelle_web::directory::Space;
use passerelle_web::{App, AppError};
use serde::Deserialize;
use url::Url;

use super::commands::{PlatformError, register_again};
use super::model::{Addresses, Call, Registration};
use super::store;
use passerelle_outgoing::{Body, Outgoing, OutgoingError};

/// How long an address to paste may be used.
pub(super) const OFFER_LIFE: Micros = 7 * DAY;
/// Bytes of a configuration or of an answer at most.
const MAX_ANSWER: usize = 256 * 1024;

/// Why a registration did not happen.
#[derive(Debug, thiserror::Error)]
pub(super) enum RegisteringError {
    /// The platform gave no configuration address, or one that is refused.
    #[error("the platform gave no usable configuration address")]
    NoConfiguration,
    /// Its configuration is refused.
    #[error(transparent)]
    Refused(#[from] RegistrationError),
    /// It does not answer.
    #[error("{0}: {1}")]
    Outgoing(&'static str, OutgoingError),
    /// Its answer has no client identifier.
    #[error("the platform's answer has no client identifier")]
    NoClient,
    /// It is registered already, or somebody took the offer meanwhile.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl RegisteringError {
    /// Id of the message for whoever registers.
    pub(super) fn message(&self) -> &'static str {
        match self {
            Self::NoConfiguration => "lti-register-no-configuration",
            Self::Refused(error) => match error {
                RegistrationError::Malformed(_) => "lti-register-malformed",
                RegistrationError::AddressRefused(_) => "lti-register-address",
                RegistrationError::AlgorithmMissing => "lti-register-algorithm",
                RegistrationError::MessageMissing => "lti-register-messages",
            },
            Self::Outgoing(..) => "lti-register-unreachable",
            Self::NoClient => "lti-register-no-client",
            Self::Platform(PlatformError::Taken) => "lti-error-taken",
            Self::Platform(_) => "lti-register-used",
            Self::App(_) => "error-internal-text",
        }
    }
}

/// What a platform sends when it opens the address (Dynamic Registration 1.0, 3.3).
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// Where its configuration is.
    pub(super) configuration: Url,
    /// What lets us register, when it asks for it.
    pub(super) token: Option<String>,
}

impl Opening {
    /// Reads the query.
    pub(super) fn read(configuration: &str, token: &str) -> Result<Self, RegisteringError> {
        let url = Url::parse(configuration).map_err(|_| RegisteringError::NoConfiguration)?;
        let plain = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        let short = configuration.len() <= 2_000 && token.len() <= 8_000;
        if !(plain && web && short) {
            return Err(RegisteringError::NoConfiguration);
        }
        Ok(Self {
            configuration: url,
            token: Some(token.to_owned()).filter(|token| !token.is_empty()),
        })
    }
}

#[derive(Deserialize)]
struct Answer {
    client_id: Option<String>,
    client_name: Option<String>,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-tool-configuration")]
    tool: Option<AnswerTool>,
}

#[derive(Deserialize)]
struct AnswerTool {
    deployment_id: Option<String>,
}

/// Registers with the platform, then keeps what it answered, in one go.
pub(super) async fn register_with(
    app: &App,
    space: &Space,
    offer_token: &str,
    made_by: Uuid,
    opening: &Opening,
) -> Result<String, RegisteringError> {
    let outgoing = app
        .service::<Outgoing>()
        .ok_or_else(|| AppError::internal("nothing leaves this server"))?;
    let failed = |what| move |error| RegisteringError::Outgoing(what, error);
    let text = outgoing
        // Canvas gives its configuration to who brings the token only.
        .get(&opening.configuration, opening.token.as_deref(), MAX_ANSWER)
        .await
        .map_err(failed("configuration"))?;
    let near = outgoing.allows_private();
    let platform = PlatformConfiguration::parse(&text, &opening.configuration, near)?;
    let ours = Addresses::of(&app.settings().public_url).map_err(AppError::internal)?;
    let tool = ToolAddresses {
        name: &space.name,
        description: &space.body.legal_name,
        base: &ours.base,
        login: &ours.login,
        launch: &ours.launch,
        jwks: &ours.jwks,
        picker: Some(&ours.picker),
    };
    let answer = outgoing
        .post(
            &platform.registration_endpoint,
            opening.token.as_deref(),
            Body {
                media_type: "application/json",
                text: registration_request(&tool, &platform).to_string(),
            },
            MAX_ANSWER,
        )
        .await
        .map_err(failed("registration"))?;
    let answer: Answer = serde_json::from_str(&answer)
        .map_err(|error| RegistrationError::Malformed(error.to_string()))?;
    let client_id = answer
        .client_id
        .filter(|id| !id.is_empty() && id.len() <= 2_000);
    let client_id = client_id.ok_or(RegisteringError::NoClient)?;
    let host = opening.configuration.host_str().unwrap_or_default();
    let data = Registration {
        name: host.to_owned(),
        product: platform.product,
        issuer: platform.issuer,
        client_id,
        authorization_endpoint: platform.authorization_endpoint.into(),
        token_endpoint: platform.token_endpoint.into(),
        token_audience: platform.authorization_server,
        jwks_uri: platform.jwks_uri.into(),
    };
    tracing::info!(
        issuer = data.issuer,
        name = answer.client_name,
        "a platform registers"
    );
    let deployment = answer.tool.and_then(|tool| tool.deployment_id);
    keep(app, space, offer_token, made_by, data, deployment).await?;
    Ok(host.to_owned())
}

async fn keep(
    app: &App,
    space: &Space,
    offer_token: &str,
    made_by: Uuid,
    data: Registration,
    deployment: Option<String>,
) -> Result<(), RegisteringError> {
    let tx = app.db().write().await.map_err(AppError::from)?;
    let id = register_again(
        &tx,
        space.id,
        data,
        deployment.as_deref(),
        Actor::Person(made_by),
    )
    .await?;
    let taken = store::take_offer(&tx, &token_hash(offer_token), id)
        .await
        .map_err(AppError::from)?;
    if !taken {
        return Err(PlatformError::Changed.into());
    }
    let call = Call {
        kind: "registration".to_owned(),
        outcome: "ok".to_owned(),
        detail: String::new(),
        reference: String::new(),
        at: tx.env().now(),
    };
    store::put_call(&tx, space.id, id, &call)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    Ok(())
}

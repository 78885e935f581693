//! Dynamic registration of a tool: the address that an administrator of ours pastes.

use passerelle_kernel::env::token_hash;
use passerelle_kernel::journal::Actor;
use passerelle_lti_protocol::{RegistrationError, ToolRegistration};
use passerelle_web::{App, AppError};
use serde_json::Value;

use super::commands::{ToolError, register};
use super::model::{DEPLOYMENT, ToolCall, ToolData};
use super::store;
use passerelle_outgoing::Outgoing;

/// Why a tool could not register itself.
#[derive(Debug, thiserror::Error)]
pub(super) enum ToolRegisteringError {
    /// The access that we gave is unknown, used or over.
    #[error("the registration token is unknown, used or over (Dynamic Registration 1.0, 3.5)")]
    Token,
    /// What it asks is refused.
    #[error(transparent)]
    Refused(#[from] RegistrationError),
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Registers a tool with the access that its administrator of ours gave it; what is answered to it.
///
/// A refused request uses the access up no more than a failed one: the tool may mend it.
pub(super) async fn take(
    app: &App,
    secret: &str,
    body: &str,
) -> Result<Value, ToolRegisteringError> {
    let near = app
        .service::<Outgoing>()
        .is_some_and(|outgoing| outgoing.allows_private());
    let tx = app.db().write().await.map_err(AppError::from)?;
    let offer = store::take_offer(&tx, &token_hash(secret))
        .await
        .map_err(AppError::from)?
        .ok_or(ToolRegisteringError::Token)?;
    let asked = ToolRegistration::parse(body, near)?;
    let failed = |error: ToolError| AppError::internal(error);
    let data = ToolData::registered(&asked);
    let tool = register(&tx, offer.space, data, Actor::Person(offer.made_by))
        .await
        .map_err(failed)?;
    let call = ToolCall {
        kind: "registration",
        refused: None,
    };
    store::put_call(&tx, tool.id, &call)
        .await
        .map_err(AppError::from)?;
    tx.commit().await.map_err(AppError::from)?;
    Ok(asked.answer(&tool.client_id, DEPLOYMENT))
}

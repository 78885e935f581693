//! What changes providers.

use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::{Allowed, AppError};
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::access::{EditProvider, ManageProviders};
use super::model::{ClientSettings, NewProvider, Provider, SCOPES};
use super::store;

/// A provider was added to a space.
pub const ADDED: &str = "oidc.provider.added.v1";
/// A provider was closed or opened, or who we are for it has changed.
pub const CHANGED: &str = "oidc.provider.changed.v1";

/// Why a provider cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Its state has changed meanwhile.
    #[error("the state has changed")]
    Changed,
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<ProviderError> for AppError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Changed => Self::Conflict("oidc-changed"),
            ProviderError::Append(error) => error.into(),
            ProviderError::Db(error) => error.into(),
        }
    }
}

/// Adds a provider, whose fields and configuration the caller has checked. Nobody can sign in
/// with it before it knows who we are.
///
/// # Errors
///
/// The database refuses.
pub async fn add(
    tx: &WriteTx,
    allowed: &Allowed<ManageProviders>,
    new: NewProvider,
) -> Result<Uuid, ProviderError> {
    let row = Provider {
        id: tx.env().id(),
        space: allowed.object().id,
        name: new.name,
        issuer: new.issuer,
        client: ClientSettings {
            id: String::new(),
            secret: None,
            scopes: SCOPES.to_owned(),
        },
        closed_at: None,
        created_at: tx.env().now(),
    };
    store::insert(tx, &row).await?;
    let payload = json!({"provider": row.id, "issuer": row.issuer});
    fact(tx, &row, ADDED, allowed.actor(), payload).await?;
    Ok(row.id)
}

/// Writes down who we are for a provider.
///
/// # Errors
///
/// The database refuses.
pub async fn set_client(
    tx: &WriteTx,
    allowed: &Allowed<EditProvider>,
    client: &ClientSettings,
) -> Result<(), ProviderError> {
    let provider = &allowed.object().provider;
    store::set_client(tx, provider.id, client).await?;
    let payload = json!({"provider": provider.id, "client": client.id, "scopes": client.scopes});
    fact(tx, provider, CHANGED, allowed.actor(), payload).await
}

/// Lets nobody sign in with a provider any more, or lets them again. Sessions that are open
/// remain: they are ours.
///
/// # Errors
///
/// It is so already.
pub async fn set_closed(
    tx: &WriteTx,
    allowed: &Allowed<EditProvider>,
    closed: bool,
) -> Result<(), ProviderError> {
    let provider = &allowed.object().provider;
    let at = closed.then(|| tx.env().now());
    if !store::set_closed(tx, provider.id, at).await? {
        return Err(ProviderError::Changed);
    }
    let payload = json!({"provider": provider.id, "closed": closed});
    fact(tx, provider, CHANGED, allowed.actor(), payload).await
}

async fn fact(
    tx: &WriteTx,
    provider: &Provider,
    kind: &'static str,
    actor: Actor,
    payload: Value,
) -> Result<(), ProviderError> {
    tx.append(Fact {
        space: provider.space,
        kind,
        actor,
        subject: provider.id,
        payload,
    })
    .await?;
    Ok(())
}

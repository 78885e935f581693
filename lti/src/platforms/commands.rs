//! What changes platforms.

use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::Allowed;
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::access::{EditPlatform, PlatformRef};
use super::model::{Platform, Registration};
use super::store;
use crate::grades;

/// A platform was registered.
pub const REGISTERED: &str = "lti.platform.registered.v1";
/// A platform was closed or opened, or a deployment of it accepted.
pub const CHANGED: &str = "lti.platform.changed.v1";

/// Why a platform cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// Somebody is registered under that issuer and client.
    #[error("this platform is registered already")]
    Taken,
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

/// Registers a platform in a space. The caller has checked the fields.
///
/// # Errors
///
/// Its issuer and client are taken, in whatever space: a launch could not tell them apart.
pub async fn register(
    tx: &WriteTx,
    space: Uuid,
    data: Registration,
    deployment: Option<&str>,
    actor: Actor,
) -> Result<Uuid, PlatformError> {
    let row = Platform {
        id: tx.env().id(),
        space,
        data,
        closed_at: None,
        created_at: tx.env().now(),
    };
    if !store::insert(tx, &row).await? {
        return Err(PlatformError::Taken);
    }
    if let Some(deployment) = deployment.filter(|name| !name.is_empty()) {
        store::put_deployment(tx, row.id, deployment, true).await?;
    }
    let payload = json!({"platform": row.id, "name": row.data.name, "issuer": row.data.issuer});
    tx.append(fact(&row, REGISTERED, actor, payload)).await?;
    Ok(row.id)
}

/// The same for a platform that registers by itself, perhaps once more: one that is known already
/// in that space, under the same issuer, client and addresses, is kept. A deployment that nobody has
/// accepted yet waits, as at a launch.
///
/// # Errors
///
/// Its issuer and client are another platform's.
pub async fn register_again(
    tx: &WriteTx,
    space: Uuid,
    data: Registration,
    deployment: Option<&str>,
    actor: Actor,
) -> Result<Uuid, PlatformError> {
    let Some(id) = store::renew(tx, space, &data).await? else {
        return register(tx, space, data, deployment, actor).await;
    };
    if let Some(deployment) = deployment.filter(|name| !name.is_empty()) {
        store::put_deployment(tx, id, deployment, false).await?;
    }
    tx.append(Fact {
        space,
        kind: CHANGED,
        actor,
        subject: id,
        payload: json!({"platform": id, "registered": "again"}),
    })
    .await?;
    Ok(id)
}

/// Corrects what a platform is registered with; what it refused meanwhile is sent again. Whoever has
/// come from it stays who they are.
///
/// # Errors
///
/// Its issuer and client are another platform's.
pub async fn correct(
    tx: &WriteTx,
    allowed: &Allowed<EditPlatform>,
    data: &Registration,
) -> Result<(), PlatformError> {
    let PlatformRef { platform, .. } = allowed.object();
    let fields = platform.data.differences(data);
    if fields.is_empty() {
        return Ok(());
    }
    if !store::correct(tx, platform.id, data).await? {
        return Err(PlatformError::Taken);
    }
    grades::retry(tx, platform.id).await?;
    let payload = json!({"platform": platform.id, "corrected": fields, "issuer": data.issuer});
    tx.append(fact(platform, CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

/// Lets nobody launch any more from a platform.
///
/// # Errors
///
/// It is closed already.
pub async fn close(tx: &WriteTx, allowed: &Allowed<EditPlatform>) -> Result<(), PlatformError> {
    set(tx, allowed, true).await
}

/// Lets a platform launch again.
///
/// # Errors
///
/// It is open already.
pub async fn open(tx: &WriteTx, allowed: &Allowed<EditPlatform>) -> Result<(), PlatformError> {
    set(tx, allowed, false).await
}

async fn set(
    tx: &WriteTx,
    allowed: &Allowed<EditPlatform>,
    closed: bool,
) -> Result<(), PlatformError> {
    let PlatformRef { platform, .. } = allowed.object();
    let at = closed.then(|| tx.env().now());
    if !store::set_closed(tx, platform.id, at).await? {
        return Err(PlatformError::Changed);
    }
    let payload = json!({"platform": platform.id, "closed": closed});
    tx.append(fact(platform, CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

/// Offers a group to a platform, where its teachers pick what a link opens; or offers it no more.
///
/// # Errors
///
/// The database or the journal refuses.
pub async fn offer_group(
    tx: &WriteTx,
    allowed: &Allowed<EditPlatform>,
    cohort: Uuid,
    opened: bool,
) -> Result<(), PlatformError> {
    let PlatformRef { platform, .. } = allowed.object();
    if store::set_opened(tx, platform.id, cohort, opened).await? {
        let payload = json!({"platform": platform.id, "cohort": cohort, "opened": opened});
        tx.append(fact(platform, CHANGED, allowed.actor(), payload))
            .await?;
    }
    Ok(())
}

/// Lets a deployment launch.
///
/// # Errors
///
/// The database refuses.
pub async fn accept_deployment(
    tx: &WriteTx,
    allowed: &Allowed<EditPlatform>,
    name: &str,
) -> Result<(), PlatformError> {
    let PlatformRef { platform, .. } = allowed.object();
    store::put_deployment(tx, platform.id, name, true).await?;
    let payload = json!({"platform": platform.id, "deployment": name});
    tx.append(fact(platform, CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

fn fact(platform: &Platform, kind: &'static str, actor: Actor, payload: Value) -> Fact {
    Fact {
        space: platform.space,
        kind,
        actor,
        subject: platform.id,
        payload,
    }
}

//! What changes tools.

use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::Allowed;
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::access::{EditTool, ToolRef};
use super::model::{Sharing, Tool, ToolData};
use super::store;

/// A tool was registered.
pub const TOOL_REGISTERED: &str = "lti.tool.registered.v1";
/// A tool was closed or opened, or what it learns of people changed.
pub const TOOL_CHANGED: &str = "lti.tool.changed.v1";

/// Why a tool cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
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

/// Registers a tool in a space. The caller has checked the fields.
///
/// # Errors
///
/// The database or the journal refuses.
pub async fn register(
    tx: &WriteTx,
    space: Uuid,
    data: ToolData,
    actor: Actor,
) -> Result<Tool, ToolError> {
    let id = tx.env().id();
    let tool = Tool {
        id,
        space,
        client_id: id.to_string(),
        data,
        sharing: Sharing::default(),
        closed_at: None,
        created_at: tx.env().now(),
    };
    store::insert(tx, &tool).await?;
    let payload = json!({"tool": id, "name": tool.data.name, "target": tool.data.target_url});
    tx.append(fact(&tool, TOOL_REGISTERED, actor, payload))
        .await?;
    Ok(tool)
}

/// Lets courses open a tool no more, or again.
///
/// # Errors
///
/// It is so already.
pub async fn set_closed(
    tx: &WriteTx,
    allowed: &Allowed<EditTool>,
    closed: bool,
) -> Result<(), ToolError> {
    let ToolRef { tool, .. } = allowed.object();
    let at = closed.then(|| tx.env().now());
    if !store::set_closed(tx, tool.id, at).await? {
        return Err(ToolError::Changed);
    }
    let payload = json!({"tool": tool.id, "closed": closed});
    tx.append(fact(tool, TOOL_CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

/// Corrects what a tool is registered with; tokens that it has are over. Its name in messages, the
/// activities that open it and what it calls people stay.
///
/// # Errors
///
/// The database or the journal refuses.
pub async fn correct(
    tx: &WriteTx,
    allowed: &Allowed<EditTool>,
    data: &ToolData,
) -> Result<(), ToolError> {
    let ToolRef { tool, .. } = allowed.object();
    if tool.data == *data {
        return Ok(());
    }
    store::correct(tx, tool.id, data).await?;
    let payload = json!({"tool": tool.id, "corrected": data.name, "target": data.target_url});
    tx.append(fact(tool, TOOL_CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

/// Changes what a tool learns of people; tokens that it has are over.
///
/// # Errors
///
/// The database or the journal refuses.
pub async fn share(
    tx: &WriteTx,
    allowed: &Allowed<EditTool>,
    sharing: Sharing,
) -> Result<(), ToolError> {
    let ToolRef { tool, .. } = allowed.object();
    store::set_sharing(tx, tool.id, sharing).await?;
    let payload = json!({
        "tool": tool.id, "name": sharing.name, "email": sharing.email,
        "grades": sharing.grades, "members": sharing.members,
    });
    tx.append(fact(tool, TOOL_CHANGED, allowed.actor(), payload))
        .await?;
    Ok(())
}

fn fact(tool: &Tool, kind: &'static str, actor: Actor, payload: Value) -> Fact {
    Fact {
        space: tool.space,
        kind,
        actor,
        subject: tool.id,
        payload,
    }
}

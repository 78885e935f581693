//! Who may see and change the tools of a space: its administrators.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Role};

use super::model::Tool;
use super::store;

/// A tool in its space; address part `{tool}`.
#[derive(Clone, Debug)]
pub struct ToolRef {
    /// The tool.
    pub tool: Tool,
    /// Its space.
    pub space: Arc<Space>,
}

#[async_trait]
impl Loaded for ToolRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let id = params.id("tool")?;
        let tool = store::tool_in(ctx.app.db().read(), space.id, id).await?;
        Ok(tool.map(|tool| Self { tool, space }))
    }
}

/// See and add the tools of a space.
#[derive(Clone, Copy, Debug)]
pub struct ManageTools;

impl Action for ManageTools {
    type Object = Arc<Space>;
    const NAME: &'static str = "tool.manage";
    fn allows(who: &Who, space: &Self::Object) -> bool {
        who.has(space.id, &[Role::Administrator])
    }
}

/// Change one tool.
#[derive(Clone, Copy, Debug)]
pub struct EditTool;

impl Action for EditTool {
    type Object = ToolRef;
    const NAME: &'static str = "tool.edit";
    fn allows(who: &Who, of: &Self::Object) -> bool {
        who.has(of.space.id, &[Role::Administrator])
    }
}

//! Tools of other people that our courses open: registered in a space, opened by
//! trainees, picked from by those who make courses.

mod access;
mod commands;
pub mod model;
mod opening;
mod picking;
mod registering;
pub(crate) mod store;
mod web;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_courses::tools::{ToolChoice, Tools, ToolsEntry};
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Db, Registry, Uuid};
use passerelle_text::fold::fold;
use sea_orm::DbErr;

pub use commands::{TOOL_CHANGED, TOOL_REGISTERED, ToolError, register as add_tool};

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(FactKind(TOOL_REGISTERED))
        .add(FactKind(TOOL_CHANGED))
        .add(ToolsEntry(Arc::new(Known)))
        .add(passerelle_web::routes::CrossSite(&web::CROSS_SITE))
        .add(web::routes())
        .add(web::nav());
}

/// What courses ask of tools.
struct Known;

#[async_trait]
impl Tools for Known {
    async fn of_space(&self, db: &Db, space: Uuid) -> Result<Vec<ToolChoice>, DbErr> {
        let tools = store::tools_of(db.read(), space).await?;
        let open = tools.into_iter().filter(|tool| tool.closed_at.is_none());
        let mut choices: Vec<ToolChoice> = open
            .map(|tool| ToolChoice {
                id: tool.id,
                origins: tool.data.origins(),
                picks: tool.data.picker_url.is_some(),
                name: tool.data.name,
            })
            .collect();
        choices.sort_by_cached_key(|choice| fold(&choice.name));
        Ok(choices)
    }
}

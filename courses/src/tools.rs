//! Tools of other people within a course: what a plugin that knows them tells
//! this one, which knows only that they can be chosen and opened.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::{Db, Uuid};
use passerelle_web::App;
use sea_orm::DbErr;

use crate::catalogue::{ActivityKind, NewActivity};
use crate::content::ToolContent;

/// A tool that an activity may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolChoice {
    /// The tool.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Origins that it shows pages from, separated by spaces.
    pub origins: String,
    /// Whether something in it can be picked.
    pub picks: bool,
}

/// Registry entry: who knows tools.
#[derive(Clone)]
pub struct ToolsEntry(pub Arc<dyn Tools>);

/// Knows the tools of spaces, and opens them at [`launch_path`].
#[async_trait]
pub trait Tools: Send + Sync {
    /// The open tools of a space, by name; at most five hundred.
    async fn of_space(&self, db: &Db, space: Uuid) -> Result<Vec<ToolChoice>, DbErr>;
}

/// Where a trainee opens the tool of an activity.
pub fn launch_path(enrolment: Uuid, activity: Uuid) -> String {
    format!("/formation/{enrolment}/activite/{activity}/outil")
}

/// Where those who tutor or oversee a trainee open the tool of one of their activities.
pub fn watch_path(enrolment: Uuid, activity: Uuid) -> String {
    format!("/suivi/{enrolment}/activite/{activity}/outil")
}

/// Where those who make a course pick something in a tool, for a week of it.
pub fn picking_path(space: &str, course: Uuid, tool: Uuid, week: Uuid) -> String {
    format!("/e/{space}/gestion/formations/{course}/outils/{tool}?semaine={week}")
}

/// Whether somebody knows tools.
pub(crate) fn are_known(app: &App) -> bool {
    app.registry().all::<ToolsEntry>().next().is_some()
}

/// The tools that may be chosen in a space.
pub(crate) async fn of_space(app: &App, space: Uuid) -> Result<Vec<ToolChoice>, DbErr> {
    let Some(ToolsEntry(tools)) = app.registry().all::<ToolsEntry>().next() else {
        return Ok(Vec::new());
    };
    tools.of_space(app.db(), space).await
}

/// Whether the tool of an activity, if it has one, may be chosen in the space.
pub(crate) async fn may_use(app: &App, space: Uuid, activity: &NewActivity) -> Result<bool, DbErr> {
    if activity.kind != ActivityKind::Tool {
        return Ok(true);
    }
    let content: Option<ToolContent> = serde_json::from_value(activity.content.clone()).ok();
    let tools = of_space(app, space).await?;
    Ok(content.is_some_and(|content| tools.iter().any(|tool| tool.id == content.tool)))
}

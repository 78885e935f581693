//! The tools of a space.

use axum::response::Response;
use passerelle_web::components::{Button, Cell, Column, Empty, Row, Status, Table, Tone};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::list_address;
use crate::tools::access::ManageTools;
use crate::tools::model::Tool;
use crate::tools::store;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ManageTools>) -> Result<Response, AppError> {
    let space = allowed.object();
    let list = list_address(space);
    let tools = store::tools_of(ctx.app.db().read(), space.id).await?;
    let zone = passerelle_web::context::zone(space);
    let add = Button::link(ctx.t("lti-tools-add"), format!("{list}/nouvel")).icon("plus");
    let rows = tools.iter().map(|tool| {
        let name = Cell::link(&tool.data.name, format!("{list}/{}", tool.id));
        Row::new(
            name.note(host(tool)),
            [
                Cell::status(status(&ctx, tool)),
                Cell::text(format::date(tool.created_at, &zone, ctx.lang)),
            ],
        )
    });
    let columns = [
        Column::new(ctx.t("lti-tool")),
        Column::new(ctx.t("lti-state")),
        Column::new(ctx.t("lti-since")),
    ];
    let table = Table::new("outils", ctx.t("lti-tools-title"), columns)
        .rows(rows)
        .empty(
            Empty::new(
                ctx.t("lti-tools-empty-title"),
                ctx.t("lti-tools-empty-text"),
            )
            .icon("external-link")
            .button(add.clone()),
        );
    ctx.page("lti/tools/list", ctx.t("lti-tools-title"))
        .space(space)
        .render(json!({
            "table": table,
            "add": (!tools.is_empty()).then_some(add),
        }))
}

/// Where the tool lives.
pub(super) fn host(tool: &Tool) -> String {
    let url = url::Url::parse(&tool.data.target_url).ok();
    url.and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Open or closed.
pub(super) fn status(ctx: &Ctx, tool: &Tool) -> Status {
    match tool.closed_at {
        None => Status::new(Tone::Success, ctx.t("lti-tools-open")),
        Some(_) => Status::new(Tone::Neutral, ctx.t("lti-tools-shut")),
    }
}

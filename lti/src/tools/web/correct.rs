//! Correcting what a tool is registered with.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{Button, ErrorSummary, NoticeKind};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::{add, allows_http, list_address};
use crate::tools::access::{EditTool, ToolRef};
use crate::tools::commands;
use crate::tools::model::ToolData;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditTool>) -> Result<Response, AppError> {
    let of = allowed.object();
    show(&ctx, of, &of.tool.data.form(), &[])
}

pub(super) async fn save(
    ctx: Ctx,
    allowed: Allowed<EditTool>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let data = ToolData {
        custom: of.tool.data.custom.clone(),
        ..ToolData::parse(&form)
    };
    let problems = data.problems(allows_http(&ctx));
    if !problems.is_empty() {
        return show(&ctx, of, &form, &problems);
    }
    let tx = ctx.app.db().write().await?;
    commands::correct(&tx, &allowed, &data)
        .await
        .map_err(AppError::internal)?;
    tx.commit().await?;
    let to = format!("{}/{}", list_address(&of.space), of.tool.id);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, "lti-corrected"))))
}

fn show(
    ctx: &Ctx,
    of: &ToolRef,
    form: &Form,
    problems: &[(&'static str, &'static str)],
) -> Result<Response, AppError> {
    let fields = add::fields(ctx, form, problems);
    let list = list_address(&of.space);
    let here = format!("{list}/{}", of.tool.id);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    ctx.page("lti/platforms/correct", ctx.t("lti-correct-tool-title"))
        .space(&of.space)
        .crumb(ctx.t("lti-tools-title"), &list)
        .crumb(&of.tool.data.name, &here)
        .status(status)
        .render(json!({
            "text": ctx.t("lti-correct-tool-text"),
            "action": format!("{here}/modifier"),
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "buttons": [
                Button::submit(ctx.t("lti-correct-do")).icon("check"),
                Button::link(ctx.t("lti-cancel"), here).quiet(),
            ],
        }))
}

//! The platforms of a space.

use axum::response::Response;
use passerelle_web::components::{Button, Cell, Column, Empty, Row, Status, Table, Tone};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::list_address;
use crate::platforms::access::ManagePlatforms;
use crate::platforms::model::Platform;
use crate::platforms::store;

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ManagePlatforms>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let list = list_address(space);
    let platforms = store::platforms_of(ctx.app.db().read(), space.id).await?;
    let zone = passerelle_web::context::zone(space);
    let add = Button::link(ctx.t("lti-add"), format!("{list}/nouvelle")).icon("plus");
    let rows = platforms.iter().map(|platform| {
        let name = Cell::link(&platform.data.name, format!("{list}/{}", platform.id));
        Row::new(
            name.note(&platform.data.issuer),
            [
                Cell::status(status(&ctx, platform)),
                Cell::text(format::date(platform.created_at, &zone, ctx.lang)),
            ],
        )
    });
    let columns = [
        Column::new(ctx.t("lti-platform")),
        Column::new(ctx.t("lti-state")),
        Column::new(ctx.t("lti-since")),
    ];
    let table = Table::new("plateformes", ctx.t("lti-list-title"), columns)
        .rows(rows)
        .empty(
            Empty::new(ctx.t("lti-empty-title"), ctx.t("lti-empty-text"))
                .icon("link")
                .button(add.clone()),
        );
    ctx.page("lti/platforms/list", ctx.t("lti-list-title"))
        .space(space)
        .render(json!({
            "table": table,
            "add": (!platforms.is_empty()).then_some(add),
        }))
}

/// Open or closed.
pub(super) fn status(ctx: &Ctx, platform: &Platform) -> Status {
    match platform.closed_at {
        None => Status::new(Tone::Success, ctx.t("lti-open")),
        Some(_) => Status::new(Tone::Neutral, ctx.t("lti-closed")),
    }
}

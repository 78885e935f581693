//! The providers of a space.

use axum::response::Response;
use passerelle_web::components::{Button, Cell, Column, Empty, Row, Status, Table, Tone};
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::json;

use super::{address, list_address};
use crate::providers::access::ManageProviders;
use crate::providers::model::Provider;
use crate::providers::store;

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<ManageProviders>,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let providers = store::providers_of(ctx.app.db().read(), space.id).await?;
    let zone = passerelle_web::context::zone(space);
    let add = Button::link(
        ctx.t("oidc-add"),
        format!("{}/nouveau", list_address(space)),
    );
    let add = add.icon("plus");
    let rows = providers.iter().map(|provider| {
        Row::new(
            Cell::link(&provider.name, address(space, provider.id)).note(&provider.issuer),
            [
                Cell::status(status(&ctx, provider)),
                Cell::text(format::date(provider.created_at, &zone, ctx.lang)),
            ],
        )
    });
    let columns = ["oidc-provider", "oidc-state", "oidc-since"];
    let table = Table::new(
        "fournisseurs",
        ctx.t("oidc-list-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .rows(rows)
    .empty(
        Empty::new(ctx.t("oidc-empty-title"), ctx.t("oidc-empty-text"))
            .icon("key")
            .button(add.clone()),
    );
    ctx.page("oidc/providers/list", ctx.t("oidc-list-title"))
        .space(space)
        .render(json!({
            "table": table,
            "add": (!providers.is_empty()).then_some(add),
        }))
}

/// Whether people can sign in with it.
pub(super) fn status(ctx: &Ctx, provider: &Provider) -> Status {
    if provider.closed_at.is_some() {
        Status::new(Tone::Neutral, ctx.t("oidc-closed"))
    } else if provider.is_open() {
        Status::new(Tone::Success, ctx.t("oidc-open"))
    } else {
        Status::new(Tone::Warn, ctx.t("oidc-unfinished"))
    }
}

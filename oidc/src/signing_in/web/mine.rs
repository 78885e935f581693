//! One's own linked accounts.

use axum::extract::Path;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Cell, Column, Confirm, Empty, NoticeKind, Row, Table};
use passerelle_web::{AppError, Ctx, format};
use serde_json::json;

use super::linking::signed_in;
use crate::signing_in::ways::{OWN_PAGE, begins_at, offered};
use crate::signing_in::{commands, store};

pub(super) async fn page(ctx: Ctx) -> Result<Response, AppError> {
    let who = signed_in(&ctx)?;
    let linked = store::linked(ctx.app.db().read(), who.person).await?;
    let home = &ctx.app.settings().home_space;
    let space = ctx
        .app
        .directory()
        .space_by_slug(ctx.app.db(), home)
        .await?;
    let zone = space
        .as_deref()
        .map_or(jiff::tz::TimeZone::UTC, passerelle_web::context::zone);
    let rows = linked.iter().map(|link| {
        let date = |at| format::date(at, &zone, ctx.lang);
        Row::new(
            Cell::text(&link.name),
            [
                Cell::text(date(link.linked_at)),
                Cell::text(link.used_at.map(date).unwrap_or_default()),
            ],
        )
    });
    let columns = ["oidc-mine-where", "oidc-mine-since", "oidc-mine-used"];
    let table = Table::new(
        "comptes",
        ctx.t("oidc-mine-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
    .empty(Empty::new(ctx.t("oidc-mine-empty"), ctx.t("oidc-mine-empty-text")).icon("link"));
    let removals: Vec<Confirm> = linked
        .iter()
        .map(|link| {
            let name = [("name", link.name.as_str().into())];
            Confirm::quiet(
                format!("retirer-{}", link.provider),
                ctx.tr("oidc-mine-remove", &name),
                ctx.tr("oidc-mine-remove-sentence", &name),
                format!("{OWN_PAGE}/{}/retirer", link.provider),
            )
            .consequence(ctx.t("oidc-mine-remove-consequence"))
        })
        .collect();
    let adds: Vec<Button> = offered(&ctx, None)
        .await?
        .iter()
        .filter(|provider| linked.iter().all(|link| link.provider != provider.id))
        .map(|provider| {
            let label = ctx.tr("oidc-mine-add", &[("name", provider.name.as_str().into())]);
            Button::link(label, begins_at(provider, OWN_PAGE))
                .quiet()
                .icon("link")
        })
        .collect();
    let page = ctx
        .page("oidc/signing_in/mine", ctx.t("oidc-mine-title"))
        .crumb(ctx.t("account-mine-title"), "/mon-compte");
    let page = match &space {
        Some(space) => page.space(space),
        None => page,
    };
    page.render(json!({"table": table, "removals": removals, "adds": adds}))
}

pub(super) async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result<Response, AppError> {
    let who = signed_in(&ctx)?;
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    let tx = ctx.app.db().write().await?;
    commands::unlink(&tx, id, who.person).await?;
    tx.commit().await?;
    Ok(ctx.redirect(OWN_PAGE, Some((NoticeKind::Success, "oidc-mine-removed"))))
}

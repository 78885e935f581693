//! The addresses that count, the setting of a space, and what is shown of it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::Uuid;
use passerelle_kernel::journal::Fact;
use passerelle_web::components::{Button, Cell, Column, NoticeKind, Row, Table};
use passerelle_web::directory::Space;
use passerelle_web::{Access, Action, Allowed, AppError, Ctx, Form, Params, Routes, format};
use serde_json::{Value, json};

use super::{CHANGED, Waiting, store};
use crate::campaigns::access::WriteCampaigns;

/// A picture of one point that nothing is seen of.
const POINT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/lettres/vu/{campaign}", Access::Public, seen)
        .get("/lettres/lien/{campaign}/{place}", Access::Public, followed)
        .post(
            "/e/{space}/gestion/lettres/compter",
            Access::Action(WriteCampaigns::NAME),
            switch,
        )
}

fn note(ctx: &Ctx, campaign: Uuid, place: i32) {
    if let Some(waiting) = ctx.app.service::<Waiting>() {
        waiting.add(campaign, place, 1);
    }
}

/// The picture, whatever it is asked for: it says nothing of which letters there are.
async fn seen(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    if let Ok(campaign) = params.id("campaign") {
        let known = store::is_counted(ctx.app.db().read(), campaign).await?;
        if known {
            note(&ctx, campaign, 0);
        }
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/gif")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Mail programs show it on pages of theirs.
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    Ok((headers, POINT).into_response())
}

/// Leads where the letter said, and nowhere else.
async fn followed(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let campaign = params.id("campaign")?;
    let place = params.text("place").and_then(|text| text.parse().ok());
    let place: i32 = place.ok_or(AppError::NotFound)?;
    let address = store::address(ctx.app.db().read(), campaign, place).await?;
    let address = address.ok_or(AppError::NotFound)?;
    note(&ctx, campaign, place);
    let to = HeaderValue::from_str(&address).map_err(|_| AppError::NotFound)?;
    let headers = [
        (header::LOCATION, to),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::FOUND, headers).into_response())
}

async fn switch(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let on = form.text("value") == "on";
    let tx = ctx.app.db().write().await?;
    store::set(&tx, space.id, on).await?;
    tx.append(Fact {
        space: space.id,
        kind: CHANGED,
        actor: allowed.actor(),
        subject: space.id,
        payload: json!({"on": on}),
    })
    .await?;
    tx.commit().await?;
    let told = if on { "counting-on" } else { "counting-off" };
    let to = format!("/e/{}/gestion/lettres", space.slug);
    Ok(ctx.redirect(&to, Some((NoticeKind::Success, told))))
}

/// The setting, for the page of letters.
pub(crate) async fn setting_shown(ctx: &Ctx, space: &Space) -> Result<Value, AppError> {
    let on = store::since(ctx.app.db().read(), space.id).await?.is_some();
    let (word, value) = if on {
        ("counting-stop", "off")
    } else {
        ("counting-start", "on")
    };
    let action = format!("/e/{}/gestion/lettres/compter", space.slug);
    Ok(json!({
        "state": ctx.t(if on { "counting-is-on" } else { "counting-is-off" }),
        "button": Button::post(ctx.t(word), action).quiet().hidden("value", value),
    }))
}

/// What was counted of a letter, for the page of its results; none when it is not counted.
pub(crate) async fn counts_shown(ctx: &Ctx, campaign: Uuid) -> Result<Option<Value>, AppError> {
    let counts = store::counts(ctx.app.db().read(), campaign).await?;
    let Some(((_, openings), links)) = counts.split_first() else {
        return Ok(None);
    };
    let rows = links.iter().map(|(address, hits)| {
        Row::new(
            Cell::text(address),
            [Cell::number(format::number(*hits, ctx.lang))],
        )
    });
    let columns = [
        Column::new(ctx.t("counting-link")),
        Column::new(ctx.t("counting-clicks")).numeric(),
    ];
    let table = Table::new("clics", ctx.t("counting-table"), columns)
        .caption_hidden()
        .rows(rows);
    Ok(Some(json!({
        "openings": ctx.tr("counting-openings", &[("count", (*openings).into())]),
        "table": (!links.is_empty()).then_some(table),
    })))
}

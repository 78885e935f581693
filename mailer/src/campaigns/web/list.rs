//! The campaigns of a space, and beginning one.

use axum::response::Response;
use passerelle_web::components::{Button, Cell, Column, Empty, PAGE_ROWS, Pager, Row, Table};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::json;

use super::{list_address, status};
use crate::campaigns::access::{ReadCampaigns, WriteCampaigns};
use crate::campaigns::commands::{self, NewCampaign};
use crate::campaigns::model::{Campaign, Content, Target};
use crate::campaigns::store;
use crate::counting;

pub(super) async fn page(ctx: Ctx, allowed: Allowed<ReadCampaigns>) -> Result<Response, AppError> {
    let space = allowed.object();
    let writes = ctx.who.manages(space.id);
    let db = ctx.app.db().read();
    let total = store::count(db, space.id, !writes).await?.unsigned_abs();
    let asked = ctx
        .query()
        .number("page")
        .unwrap_or(1)
        .max(1)
        .unsigned_abs();
    let list = list_address(space);
    let pager = Pager::new(asked, PAGE_ROWS, total, |page| {
        format!("{list}?page={page}")
    });
    let from = pager.from.saturating_sub(1);
    let campaigns = store::campaigns(db, space.id, !writes, from, PAGE_ROWS).await?;
    let zone = passerelle_web::context::zone(space);
    let rows = campaigns.iter().map(|campaign| {
        let subject = &campaign.content.subject;
        let head = Cell::link(&campaign.name, format!("{list}/{}", campaign.id));
        Row::new(
            if subject.is_empty() {
                head
            } else {
                head.note(subject)
            },
            [
                Cell::status(status(&ctx, campaign)),
                Cell::text(&campaign.target.name),
                Cell::text(format::datetime_short(when(campaign), &zone, ctx.lang)),
            ],
        )
    });
    let columns = ["letter-name", "letter-state", "letter-to", "letter-when"];
    let begin = Button::post(ctx.t("letter-begin"), format!("{list}/nouvelle")).icon("plus");
    let table = Table::new(
        "lettres",
        ctx.t("letter-list-title"),
        columns.map(|id| Column::new(ctx.t(id))),
    )
    .caption_hidden()
    .rows(rows)
    .empty(if writes {
        Empty::new(ctx.t("letter-empty-title"), ctx.t("letter-empty-text"))
            .icon("send")
            .button(begin.clone())
    } else {
        Empty::new(ctx.t("letter-empty-title"), ctx.t("letter-none-started")).icon("send")
    });
    let counting = match writes {
        true => Some(counting::setting_shown(&ctx, space).await?),
        false => None,
    };
    let lead = if writes {
        "letter-list-lead"
    } else {
        "letter-list-read"
    };
    ctx.page("mailer/campaigns/list", ctx.t("letter-list-title"))
        .space(space)
        .render(json!({
            "table": table,
            "lead": ctx.t(lead),
            "counting": counting,
            "begin": (writes && total > 0).then_some(begin),
            "pager": (pager.total > PAGE_ROWS).then_some(pager),
        }))
}

/// The instant that a list of campaigns shows: the last that matters.
fn when(campaign: &Campaign) -> i64 {
    let times = &campaign.times;
    times
        .finished_at
        .or(times.started_at)
        .or(times.scheduled_at)
        .unwrap_or(times.updated_at)
}

/// Begins a draft: empty, or what another one says.
pub(super) async fn create(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let copied = match form.text("copie").parse() {
        Ok(id) => store::campaign(ctx.app.db().read(), id)
            .await?
            .filter(|campaign| campaign.space == space.id),
        Err(_) => None,
    };
    let new = match copied {
        Some(known) => NewCampaign {
            name: ctx.tr("letter-copy-name", &[("name", known.name.into())]),
            content: known.content,
            target: known.target,
            is_public: known.is_public,
        },
        None => NewCampaign {
            name: ctx.t("letter-new-name"),
            content: Content {
                lang: space.lang,
                subject: String::new(),
                preheader: String::new(),
                from_name: space.name.clone(),
                reply_to: space.body.email.clone(),
                blocks: Vec::new(),
            },
            target: Target::default(),
            is_public: false,
        },
    };
    let tx = ctx.app.db().write().await?;
    let id = commands::create(&tx, &allowed, new).await?;
    tx.commit().await?;
    Ok(ctx.redirect(&format!("{}/{id}", list_address(space)), None))
}

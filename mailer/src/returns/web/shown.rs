//! What came back, on the pages of others: a contact's, and that of mail.

use passerelle_kernel::env::DAY;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::components::{Cell, Column, Empty, Fact, Facts, Row, Table};
use passerelle_web::{Ctx, format};
use serde_json::{Value, json};

use crate::links::Links;
use crate::returns::doors::{self, MAILBOX};
use crate::returns::store::{self, ReturnRow};

/// How long a refusal of our server is shown.
const LATELY: Micros = 7 * DAY;
/// Rows of a table.
const SHOWN: u64 = 20;

fn table(ctx: &Ctx, id: &str, title: &str, rows: &[ReturnRow], zone: &jiff::tz::TimeZone) -> Table {
    let columns = ["returns-when", "returns-what", "returns-said"];
    Table::new(id, ctx.t(title), columns.map(|id| Column::new(ctx.t(id))))
        .caption_hidden()
        .rows(rows.iter().map(|row| {
            Row::new(
                Cell::text(format::datetime_short(row.at, zone, ctx.lang)),
                [
                    Cell::text(ctx.t(&format!("returns-kind-{}", row.kind.code()))),
                    Cell::text(&row.detail),
                ],
            )
        }))
        .empty(Empty::new(
            ctx.t("returns-none-title"),
            ctx.t("returns-none-text"),
        ))
}

/// The last messages to a contact that came back; none when none did.
pub(crate) async fn contact_returns(
    ctx: &Ctx,
    contact: Uuid,
    zone: &jiff::tz::TimeZone,
) -> Result<Option<Table>, DbErr> {
    let rows = store::of_contact(ctx.app.db().read(), contact, SHOWN).await?;
    let shown = || table(ctx, "retours", "returns-contact-title", &rows, zone);
    Ok((!rows.is_empty()).then(shown))
}

/// By which doors things come back and how they do, and the last mails that came back.
pub(crate) async fn doors_shown(ctx: &Ctx, zone: &jiff::tz::TimeZone) -> Result<Value, DbErr> {
    let settings = doors::settings(&ctx.app);
    let db = ctx.app.db().read();
    let door = match settings.imap {
        Some(_) => Some(store::door(db, MAILBOX).await?.unwrap_or_default()),
        None => None,
    };
    let rows = store::of_mails(db, SHOWN).await?;
    let since = ctx.now - LATELY;
    let of_us = store::of_us(db, since, SHOWN).await?;
    let refused = || table(ctx, "refus", "returns-refused-title", &of_us, zone);
    let when = |at: Micros| match at {
        0 => ctx.t("returns-door-never"),
        at => format::datetime(at, zone, ctx.lang),
    };
    let mut items = Vec::new();
    match &door {
        Some(door) => {
            items.push(Fact::new(ctx.t("returns-door-imap"), when(door.read_at)));
            let counted = [
                ("taken", door.taken.into()),
                ("unknown", door.unknown.into()),
            ];
            let words = ctx.tr("returns-door-counts", &counted);
            items.push(Fact::new(ctx.t("returns-door-read"), words));
        }
        None => items.push(Fact::new(
            ctx.t("returns-door-imap"),
            ctx.t("returns-door-closed"),
        )),
    }
    let lmtp = settings
        .lmtp
        .map_or_else(|| ctx.t("returns-door-closed"), |at| at.to_string());
    items.push(Fact::new(ctx.t("returns-door-lmtp"), lmtp));
    let trouble = door
        .map(|door| door.trouble)
        .filter(|text| !text.is_empty());
    Ok(json!({
        "facts": Facts { items, columns: true },
        "trouble": trouble.map(|said| ctx.tr("returns-door-trouble", &[("said", said.into())])),
        "page": Links::of(&ctx.app).told_at(),
        "refused": (!of_us.is_empty()).then(refused),
        "mails": table(ctx, "courriels-revenus", "returns-mails-title", &rows, zone),
    }))
}

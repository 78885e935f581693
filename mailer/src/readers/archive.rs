//! The letters that a space publishes: a list, a page each, a feed; and the pictures of all.

use std::sync::Arc;

use atom_syndication::{Entry, Feed, FixedDateTime, Link, Text};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use passerelle_bulletin::{Reader, for_nobody};
use passerelle_kernel::Micros;
use passerelle_web::components::{Button, Cell, Column, Empty, Row, Table};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx, Loaded, Params, format};
use serde_json::json;

use crate::campaigns::model::Campaign;
use crate::campaigns::sending::Edition;
use crate::campaigns::{pictures, store};
use crate::counting;
use crate::framing::{framing, sealed};
use crate::links::Links;

/// Letters that the list and the feed hold.
const SHOWN: u64 = 50;
async fn space(ctx: &Ctx, params: &Params) -> Result<Arc<Space>, AppError> {
    Arc::<Space>::load(ctx, params)
        .await?
        .ok_or(AppError::NotFound)
}

fn sent_at(campaign: &Campaign) -> Micros {
    campaign
        .times
        .started_at
        .unwrap_or(campaign.times.updated_at)
}

pub(super) async fn list(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let space = space(&ctx, &params).await?;
    let letters = store::published(ctx.app.db().read(), space.id, SHOWN).await?;
    let zone = passerelle_web::context::zone(&space);
    let here = format!("/e/{}/lettres", space.slug);
    let rows = letters.iter().map(|letter| {
        let href = format!("{here}/{}", letter.number);
        Row::new(
            Cell::link(for_nobody(&letter.content.subject), href),
            [Cell::text(format::date(sent_at(letter), &zone, ctx.lang))],
        )
    });
    let columns = ["archive-subject", "archive-date"].map(|id| Column::new(ctx.t(id)));
    let table = Table::new("lettres", ctx.t("archive-title"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(Empty::new(ctx.t("archive-empty"), ctx.t("archive-empty-text")).icon("mail"));
    ctx.page("mailer/readers/archive", ctx.t("archive-title"))
        .space(&space)
        .render(json!({
            "table": table,
            "subscribe": Button::link(ctx.t("subscribe-title"), format!("/e/{}/abonnement", space.slug)).icon("mail"),
            "feed": Button::link(ctx.t("archive-feed"), format!("{here}.xml")).quiet(),
        }))
}

/// A published letter; not found for any other.
async fn published(ctx: &Ctx, params: &Params) -> Result<(Arc<Space>, Campaign), AppError> {
    let space = space(ctx, params).await?;
    let number = params
        .text("number")
        .and_then(|text| text.parse().ok())
        .ok_or(AppError::NotFound)?;
    let found = store::by_number(ctx.app.db().read(), space.id, number).await?;
    let letter = found.filter(|letter| letter.is_public && letter.times.started_at.is_some());
    Ok((space, letter.ok_or(AppError::NotFound)?))
}

pub(super) async fn show(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (space, letter) = published(&ctx, &params).await?;
    let zone = passerelle_web::context::zone(&space);
    let here = format!("/e/{}/lettres", space.slug);
    let page = ctx
        .page("mailer/readers/letter", for_nobody(&letter.content.subject))
        .space(&space)
        .crumb(ctx.t("archive-title"), &here);
    Ok(framing(page.render(json!({
        "sent_on": format::date(sent_at(&letter), &zone, ctx.lang),
        "href": format!("{here}/{}/page", letter.number),
        "subscribe": Button::link(ctx.t("subscribe-title"), format!("/e/{}/abonnement", space.slug)).icon("mail"),
    }))?))
}

/// The letter itself, as nobody's copy: its links lead to the public page.
pub(super) async fn letter(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let (space, letter) = published(&ctx, &params).await?;
    let composed = store::composed(ctx.app.db().read(), letter.id)
        .await?
        .ok_or(AppError::NotFound)?;
    let press = Edition::press(&composed).map_err(AppError::internal)?;
    let subscribe = format!(
        "{}/e/{}/abonnement",
        ctx.app.settings().public_url,
        space.slug
    );
    let reader = Reader {
        unsubscribe_url: subscribe.clone(),
        preferences_url: subscribe,
        view_url: Links::of(&ctx.app).page(&space.slug, letter.number),
        ..Reader::default()
    };
    let printed = press.print(&reader).map_err(AppError::internal)?;
    let html = counting::without_picture(&ctx.app, letter.id, &printed.html).replacen(
        "<head>",
        "<head><base target=\"_top\">",
        1,
    );
    Ok(sealed(Html(html).into_response()))
}

pub(super) async fn feed(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let space = space(&ctx, &params).await?;
    let letters = store::published(ctx.app.db().read(), space.id, SHOWN).await?;
    let links = Links::of(&ctx.app);
    let home = format!("{}/e/{}/lettres", ctx.app.settings().public_url, space.slug);
    let entries: Vec<Entry> = letters
        .iter()
        .map(|letter| {
            let href = links.page(&space.slug, letter.number);
            Entry {
                title: Text::plain(for_nobody(&letter.content.subject)),
                id: href.clone(),
                updated: instant(sent_at(letter)),
                summary: Some(Text::plain(for_nobody(&letter.content.preheader))),
                links: vec![Link {
                    href,
                    ..Link::default()
                }],
                ..Entry::default()
            }
        })
        .collect();
    let feed = Feed {
        title: Text::plain(format!("{} : {}", space.name, ctx.t("archive-title"))),
        id: home.clone(),
        updated: letters
            .first()
            .map(|letter| instant(sent_at(letter)))
            .unwrap_or_default(),
        lang: Some(space.lang.code().to_owned()),
        links: vec![
            Link {
                href: home.clone(),
                ..Link::default()
            },
            Link {
                href: format!("{home}.xml"),
                rel: "self".to_owned(),
                ..Link::default()
            },
        ],
        entries,
        ..Feed::default()
    };
    let headers = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((headers, written(&feed)).into_response())
}

/// A feed as XML: characters that XML 1.0 (production 2) has no way to write, such as those that
/// come with a text pasted from elsewhere, would make the whole of it unreadable.
fn written(feed: &Feed) -> String {
    let is_legal =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    feed.to_string().chars().filter(is_legal).collect()
}

/// An instant as feeds write it.
fn instant(at: Micros) -> FixedDateTime {
    let written = jiff::Timestamp::from_microsecond(at).map(|at| at.to_string());
    written
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// A picture of a letter: its name says its content, so it never changes.
pub(super) async fn picture(ctx: Ctx, params: Params) -> Result<Response, AppError> {
    let file = params.text("file").unwrap_or_default();
    let (bytes, kind) = pictures::read(&ctx.app, file).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        // Mail programs show it on pages of theirs.
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

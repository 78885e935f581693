//! The feeds that a space follows.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Cell, Choice, Column, Confirm, Empty, ErrorSummary, Field, FieldKind, NoticeKind, Row,
    Status, Table, Tone, Width,
};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError, Ctx, Form, Params, format};
use serde_json::json;

use super::{feeds_address, tabs};
use crate::audience::model::{line, names};
use crate::campaigns::access::WriteCampaigns;
use crate::watch::fetching::{self, Got, Trouble};
use crate::watch::model::Feed;
use crate::watch::{commands, store};

/// Feeds of a space at most.
const MOST: usize = 200;

/// What was typed, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    address: String,
    themes: String,
    problem: Option<String>,
    /// Feeds that the page named: title and address.
    found: Vec<(String, String)>,
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<WriteCampaigns>) -> Result<Response, AppError> {
    show(&ctx, allowed.object(), &Typed::default()).await
}

async fn show(ctx: &Ctx, space: &Space, typed: &Typed) -> Result<Response, AppError> {
    let feeds = store::feeds(ctx.app.db().read(), space.id).await?;
    let here = feeds_address(space);
    let stops: Vec<Confirm> = feeds
        .iter()
        .map(|(feed, _)| {
            let about = [("feed", feed.title.clone().into())];
            Confirm::quiet(
                format!("arreter-{}", feed.id),
                ctx.tr("watch-feed-stop", &about),
                ctx.t("watch-feed-stop-sentence"),
                format!("{here}/{}/arreter", feed.id),
            )
        })
        .collect();
    let fields = fields(ctx, typed);
    let status = if typed.problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    ctx.page("mailer/watch/feeds", ctx.t("watch-title"))
        .space(space)
        .status(status)
        .render(json!({
            "tabs": tabs(ctx, space, "watch-tab-feeds"),
            "table": table(ctx, space, &feeds),
            "stops": stops,
            "action": here,
            "errors": ErrorSummary::of(&fields),
            "fields": fields,
            "submit": Button::submit(ctx.t("watch-feed-add")).icon("plus"),
        }))
}

fn table(ctx: &Ctx, space: &Space, feeds: &[(Feed, Vec<String>)]) -> Table {
    let zone = passerelle_web::context::zone(space);
    let here = feeds_address(space);
    let rows = feeds.iter().map(|(feed, themes)| {
        let read = feed
            .read_at
            .map(|at| format::datetime_short(at, &zone, ctx.lang));
        let ask = format!("{here}/{}/lire", feed.id);
        let again = Button::post(ctx.t("watch-feed-read"), ask)
            .quiet()
            .about(feed.title.clone())
            .icon("refresh");
        Row::new(
            Cell::text(&feed.title).note(&feed.address),
            [
                Cell::text(themes.join(", ")),
                Cell::status(sign(ctx, feed)).note(left_out(ctx, feed, read)),
                Cell::buttons([again]),
            ],
        )
    });
    let columns = [
        Column::new(ctx.t("watch-feed")),
        Column::new(ctx.t("watch-themes")),
        Column::new(ctx.t("watch-state")),
        Column::new(ctx.t("watch-action")).hidden(),
    ];
    Table::new("sources", ctx.t("watch-feeds-title"), columns)
        .caption_hidden()
        .rows(rows)
        .empty(
            Empty::new(ctx.t("watch-feeds-empty"), ctx.t("watch-feeds-empty-text")).icon("globe"),
        )
}

/// When a feed was read, and what of it is not among the items.
fn left_out(ctx: &Ctx, feed: &Feed, read: Option<String>) -> String {
    let counted = [
        ("watch-feed-unread", feed.unread),
        ("watch-feed-old", feed.old),
    ];
    let told = counted
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(id, count)| ctx.tr(id, &[("count", i64::from(count).into())]));
    read.into_iter().chain(told).collect::<Vec<_>>().join(" · ")
}

fn fields(ctx: &Ctx, typed: &Typed) -> Vec<Field> {
    let mut fields = vec![
        Field::text("address", ctx.t("watch-field-address"))
            .help(ctx.t("watch-field-address-help"))
            .inputmode("url")
            .value(&typed.address)
            .required()
            .maxlength(1000)
            .width(Width::Full)
            .autocomplete("off")
            .error(typed.problem.clone()),
    ];
    if !typed.found.is_empty() {
        let choices = typed.found.iter().map(|(title, address)| {
            let name = if title.is_empty() { address } else { title };
            Choice::new(address, name).help(address)
        });
        fields.push(
            Field::new(FieldKind::Radio, "found", ctx.t("watch-field-found"))
                .help(ctx.t("watch-field-found-help"))
                .options(choices)
                .chosen(
                    &typed
                        .found
                        .iter()
                        .take(1)
                        .map(|(_, feed)| feed)
                        .collect::<Vec<_>>(),
                ),
        );
    }
    fields.push(
        Field::text("themes", ctx.t("watch-field-themes"))
            .help(ctx.t("watch-field-themes-help"))
            .value(&typed.themes)
            .maxlength(300)
            .width(Width::Full)
            .autocomplete("off"),
    );
    fields
}

fn sign(ctx: &Ctx, feed: &Feed) -> Status {
    if !feed.trouble.is_empty() {
        return Status::new(
            Tone::Warn,
            ctx.t(&format!("watch-trouble-{}", feed.trouble)),
        );
    }
    match feed.read_at {
        Some(_) => Status::new(Tone::Success, ctx.t("watch-feed-good")),
        None => Status::new(Tone::NotStarted, ctx.t("watch-feed-new")),
    }
}

/// Follows what is at an address; when it is a page, offers the feeds that the page names.
pub(super) async fn follow(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    form: Form,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let mut typed = Typed {
        address: line(form.raw("address")).trim().to_owned(),
        themes: line(form.text("themes")),
        ..Typed::default()
    };
    if form.has("found") {
        typed.address = line(form.text("found"));
    }
    if !typed.address.is_empty() && !typed.address.contains("://") {
        typed.address = format!("https://{}", typed.address);
    }
    let full = store::feeds(ctx.app.db().read(), space.id).await?.len() >= MOST;
    let got = if full {
        Err(Trouble("many"))
    } else {
        fetching::get(&ctx.app, &typed.address, "", "").await
    };
    let found = match got {
        Ok(Got::Feed(found, ..)) => found,
        Ok(Got::Page(found)) if !found.is_empty() => {
            typed.problem = Some(ctx.t("watch-trouble-choose"));
            typed.found = found;
            return show(&ctx, space, &typed).await;
        }
        Ok(Got::Page(_) | Got::Unchanged) => {
            typed.problem = Some(ctx.t("watch-trouble-page"));
            return show(&ctx, space, &typed).await;
        }
        Err(trouble) => {
            typed.problem = Some(ctx.t(&format!("watch-trouble-{}", trouble.0)));
            return show(&ctx, space, &typed).await;
        }
    };
    let title = if found.title.is_empty() {
        typed.address.clone()
    } else {
        found.title.clone()
    };
    let themes = names(&typed.themes);
    let tx = ctx.app.db().write().await?;
    let followed = commands::follow(&tx, &allowed, &typed.address, &title, &themes).await?;
    tx.commit().await?;
    let Some(id) = followed else {
        typed.problem = Some(ctx.t("watch-trouble-known"));
        return show(&ctx, space, &typed).await;
    };
    if let Some(feed) = store::feed(ctx.app.db().read(), id).await? {
        let got = Ok(Got::Feed(found, String::new(), String::new()));
        fetching::keep(&ctx.app, feed, got).await?;
    }
    let told = (NoticeKind::Success, "watch-feed-added");
    Ok(ctx.redirect(&feeds_address(space), Some(told)))
}

async fn feed_of(ctx: &Ctx, space: &Space, params: &Params) -> Result<Feed, AppError> {
    let feed = store::feed(ctx.app.db().read(), params.id("feed")?).await?;
    feed.filter(|feed| feed.space == space.id)
        .ok_or(AppError::NotFound)
}

pub(super) async fn read_now(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let feed = feed_of(&ctx, space, &params).await?;
    let got = fetching::get(&ctx.app, &feed.address, &feed.etag, &feed.modified).await;
    let told = match &got {
        Ok(Got::Feed(..) | Got::Unchanged) => (NoticeKind::Success, "watch-feed-was-read"),
        _ => (NoticeKind::Warn, "watch-feed-was-not-read"),
    };
    fetching::keep(&ctx.app, feed, got).await?;
    Ok(ctx.redirect(&feeds_address(space), Some(told)))
}

pub(super) async fn stop(
    ctx: Ctx,
    allowed: Allowed<WriteCampaigns>,
    params: Params,
) -> Result<Response, AppError> {
    let space = allowed.object();
    let feed = feed_of(&ctx, space, &params).await?;
    let tx = ctx.app.db().write().await?;
    store::delete_feed(&tx, feed.id).await?;
    tx.commit().await?;
    let told = (NoticeKind::Success, "watch-feed-stopped");
    Ok(ctx.redirect(&feeds_address(space), Some(told)))
}

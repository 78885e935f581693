//! Blocks taken from what the plugins offer: courses, sessions, items of the watch; several at
//! once, on a page of their own.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_bulletin::{Block, Kind, MAX_BLOCKS};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::components::{Button, Choice, Empty, Field, FieldKind, NoticeKind};
use passerelle_web::directory::Space;
use passerelle_web::offers::{Offer, OffersEntry};
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::{address, composing, list_address};
use crate::campaigns::access::{CampaignRef, EditCampaign};
use crate::campaigns::model::{Content, State};

/// Everything that is offered in a space.
async fn all(ctx: &Ctx, space: &Arc<Space>) -> Result<Vec<Offer>, DbErr> {
    let mut all = Vec::new();
    for OffersEntry(offers) in ctx.app.registry().all::<OffersEntry>() {
        all.extend(offers(ctx.app.clone(), space.clone(), ctx.lang).await?);
    }
    Ok(all)
}

fn value(offer: &Offer) -> String {
    format!("{}:{}", offer.kind, offer.id)
}

/// One group of boxes for each kind of offer, in their order.
fn groups(ctx: &Ctx, all: &[Offer], error: Option<&str>) -> Vec<Field> {
    let mut labels: Vec<&'static str> = Vec::new();
    for offer in all {
        if !labels.contains(&offer.label) {
            labels.push(offer.label);
        }
    }
    let group = |(at, label): (usize, &&'static str)| {
        let of_kind = all.iter().filter(|offer| offer.label == *label);
        let choices = of_kind.map(|offer| {
            let choice = Choice::new(value(offer), &offer.title);
            if offer.when.is_empty() {
                choice
            } else {
                choice.help(&offer.when)
            }
        });
        Field::new(FieldKind::Checkboxes, "offer", ctx.t(label))
            .id(format!("offer-{at}"))
            .options(choices)
            .error(error.filter(|_| at == 0).map(ToOwned::to_owned))
    };
    labels.iter().enumerate().map(group).collect()
}

pub(super) async fn page(ctx: Ctx, allowed: Allowed<EditCampaign>) -> Result<Response, AppError> {
    let of = allowed.object();
    if of.campaign.state != State::Draft {
        return Ok(ctx.redirect(&address(of), None));
    }
    show(&ctx, of, None).await
}

async fn show(ctx: &Ctx, of: &CampaignRef, error: Option<&str>) -> Result<Response, AppError> {
    let all = all(ctx, &of.space).await?;
    let here = address(of);
    let back = Button::link(ctx.t("letter-offers-back"), here.clone()).quiet();
    let empty = all.is_empty().then(|| {
        Empty::new(
            ctx.t("letter-offers-none"),
            ctx.t("letter-offers-none-text"),
        )
        .icon("inbox")
        .button(back.clone())
    });
    let title = ctx.t("letter-offers-title");
    ctx.page("mailer/campaigns/offers", title)
        .space(&of.space)
        .crumb(ctx.t("letter-list-title"), list_address(&of.space))
        .crumb(&of.campaign.name, here.clone())
        .status(match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        })
        .render(json!({
            "action": format!("{here}/contenus"),
            "version": of.campaign.version,
            "groups": groups(ctx, &all, error),
            "empty": empty,
            "take": Button::submit(ctx.t("letter-take")).icon("plus"),
            "back": back,
        }))
}

/// Adds what was chosen as blocks, after those that are there.
pub(super) async fn take(
    ctx: Ctx,
    allowed: Allowed<EditCampaign>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let chosen = form.all("offer");
    if chosen.is_empty() {
        let error = ctx.t("letter-offers-choose");
        return show(&ctx, of, Some(&error)).await;
    }
    let all = all(&ctx, &of.space).await?;
    let mut changed = of.campaign.clone();
    changed.version = form.number("version").unwrap_or(changed.version);
    let before = changed.content.blocks.len();
    let wanted = all.iter().filter(|offer| chosen.contains(&value(offer)));
    let asked = wanted.clone().count();
    let taken = add(&mut changed.content, wanted);
    if taken > 0 {
        composing::write(&ctx, &allowed, &changed).await?;
    }
    let told = match asked == chosen.len() && taken == asked {
        true => (NoticeKind::Success, "letter-offers-taken"),
        // Full, or no longer offered.
        false => (NoticeKind::Warn, "letter-offers-some"),
    };
    let at = match taken {
        0 => String::new(),
        _ => format!("#bloc-{before}"),
    };
    Ok(ctx.redirect(&format!("{}{at}", address(of)), Some(told)))
}

/// Adds blocks while there is room; how many.
fn add<'a>(content: &mut Content, offers: impl Iterator<Item = &'a Offer>) -> usize {
    let mut count = 0;
    for offer in offers {
        let Some(kind) = Kind::parse(offer.kind).filter(|_| content.blocks.len() < MAX_BLOCKS)
        else {
            continue;
        };
        let mut block = Block::new(kind);
        block.set("title", &offer.title);
        block.set("when", &offer.when);
        block.set("text", &plain(&offer.text));
        block.set("href", &offer.href);
        content.blocks.push(block);
        count += 1;
    }
    count
}

/// A text of elsewhere in Markdown: what has a meaning there has none.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, ',' | '\'' | '?' | '/' | '%' | ';') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_elsewhere_makes_no_link_and_no_picture() {
        assert_eq!(
            plain("[a](https://b) <i> *c* l'été"),
            "\\[a\\]\\(https\\://b\\) \\<i\\> \\*c\\* l'été"
        );
    }

    #[test]
    fn blocks_are_added_while_there_is_room() {
        let offer = Offer {
            kind: "item",
            label: "watch-offers",
            id: "1".to_owned(),
            title: "Un guide".to_owned(),
            when: String::new(),
            text: String::new(),
            href: String::new(),
        };
        let mut content = Content {
            lang: passerelle_web::Lang::Fr,
            subject: String::new(),
            preheader: String::new(),
            from_name: String::new(),
            reply_to: String::new(),
            blocks: vec![Block::new(Kind::Text); MAX_BLOCKS - 1],
        };
        assert_eq!(add(&mut content, [&offer, &offer].into_iter()), 1);
        assert_eq!(content.blocks.len(), MAX_BLOCKS);
        assert_eq!(content.blocks[MAX_BLOCKS - 1].title, "Un guide");
    }
}

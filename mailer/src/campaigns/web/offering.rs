//! Blocks taken from what the plugins offer: courses, sessions, items of the watch.

use std::sync::Arc;

use passerelle_bulletin::{Block, Kind, MAX_BLOCKS};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::Ctx;
use passerelle_web::components::{Choice, Field, FieldKind};
use passerelle_web::directory::Space;
use passerelle_web::offers::{Offer, OffersEntry};

use crate::campaigns::access::CampaignRef;
use crate::campaigns::model::Content;

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

/// The field where one is chosen; none when nothing is offered.
pub(super) async fn field(ctx: &Ctx, of: &CampaignRef) -> Result<Option<Field>, DbErr> {
    let all = all(ctx, &of.space).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let choices = all.iter().map(|offer| {
        Choice::new(
            value(offer),
            format!("{} · {}", ctx.t(offer.label), offer.title),
        )
    });
    Ok(Some(
        Field::new(FieldKind::Select, "offer", ctx.t("letter-offer"))
            .help(ctx.t("letter-offer-help"))
            .options(choices),
    ))
}

/// Adds what was chosen as a block; its place.
pub(super) async fn take(
    ctx: &Ctx,
    of: &CampaignRef,
    content: &mut Content,
    chosen: &str,
) -> Result<Option<usize>, DbErr> {
    if chosen.is_empty() || content.blocks.len() >= MAX_BLOCKS {
        return Ok(None);
    }
    let all = all(ctx, &of.space).await?;
    let found = all.iter().find(|offer| value(offer) == chosen);
    let Some(offer) = found else {
        return Ok(None);
    };
    let Some(kind) = Kind::parse(offer.kind) else {
        return Ok(None);
    };
    let mut block = Block::new(kind);
    block.set("title", &offer.title);
    block.set("when", &offer.when);
    block.set("text", &plain(&offer.text));
    block.set("href", &offer.href);
    content.blocks.push(block);
    Ok(Some(content.blocks.len() - 1))
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
}

//! What was kept, for whoever composes a bulletin.

use futures_util::future::BoxFuture;
use passerelle_kernel::env::DAY;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::directory::Space;
use passerelle_web::offers::Offer;
use passerelle_web::{App, Lang, format};
use std::sync::Arc;

use crate::watch::store;

/// Items offered.
const SHOWN: u64 = 60;
/// For how long after they were kept.
const LATELY: i64 = 90 * DAY;

/// What was kept lately, the latest first.
pub(in crate::watch) fn offers(
    app: App,
    space: Arc<Space>,
    lang: Lang,
) -> BoxFuture<'static, Result<Vec<Offer>, DbErr>> {
    Box::pin(async move {
        let since = app.env().now() - LATELY;
        let items = store::kept_lately(app.db().read(), space.id, since, SHOWN).await?;
        let zone = passerelle_web::context::zone(&space);
        Ok(items
            .into_iter()
            .map(|item| {
                let day = item.published_at.map(|at| format::date(at, &zone, lang));
                let when: Vec<String> = [Some(item.source), day].into_iter().flatten().collect();
                Offer {
                    kind: "item",
                    label: "watch-offers",
                    id: item.id.to_string(),
                    title: item.title,
                    when: when.join(" · "),
                    text: item.summary,
                    href: item.link,
                }
            })
            .collect())
    })
}

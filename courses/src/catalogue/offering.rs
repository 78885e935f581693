//! Courses and their next sessions, for whoever writes to people.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use passerelle_web::directory::Space;
use passerelle_web::offers::{Offer, Offers};
use passerelle_web::{App, Lang, format};
use sea_orm::DbErr;

use super::queries::{self, CatalogueEntry};

/// Courses offered.
const SHOWN: u64 = 100;

/// The published courses.
pub(super) const COURSES: Offers = Offers {
    kind: "course",
    label: "course-offers",
    offers: courses,
};

/// The next session of each.
pub(super) const SESSIONS: Offers = Offers {
    kind: "event",
    label: "course-session-offers",
    offers: sessions,
};

async fn entries(app: &App, space: &Space) -> Result<Vec<CatalogueEntry>, DbErr> {
    let zone = passerelle_web::context::zone(space);
    let now = Timestamp::from_microsecond(app.env().now()).unwrap_or_default();
    let today = now.to_zoned(zone).date().to_string();
    let db = app.db().read();
    let (entries, _) = queries::catalogue(db, space.id, &today, "", 1, SHOWN).await?;
    Ok(entries)
}

fn offer(app: &App, space: &Space, entry: &CatalogueEntry, when: String) -> Offer {
    let home = &app.settings().public_url;
    Offer {
        id: entry.slug.clone(),
        title: entry.published.title.clone(),
        when,
        text: entry.published.sheet.summary.clone(),
        href: format!("{home}/e/{}/formations/{}", space.slug, entry.slug),
    }
}

fn courses(
    app: App,
    space: Arc<Space>,
    lang: Lang,
) -> BoxFuture<'static, Result<Vec<Offer>, DbErr>> {
    Box::pin(async move {
        let entries = entries(&app, &space).await?;
        let duration = |entry: &CatalogueEntry| {
            let minutes = i64::from(entry.published.sheet.agreed_minutes);
            format::duration(minutes, lang)
        };
        Ok(entries
            .iter()
            .map(|entry| offer(&app, &space, entry, duration(entry)))
            .collect())
    })
}

fn sessions(
    app: App,
    space: Arc<Space>,
    lang: Lang,
) -> BoxFuture<'static, Result<Vec<Offer>, DbErr>> {
    Box::pin(async move {
        let entries = entries(&app, &space).await?;
        let dates = |entry: &CatalogueEntry| {
            let next = entry.next.as_ref()?;
            let (first, last) = (next.start_date.parse().ok()?, next.end_date.parse().ok()?);
            Some(format::date_range(first, last, lang))
        };
        Ok(entries
            .iter()
            .filter_map(|entry| Some(offer(&app, &space, entry, dates(entry)?)))
            .collect())
    })
}

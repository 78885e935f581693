//! Courses and their next sessions, for whoever writes to people.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use passerelle_web::directory::Space;
use passerelle_web::offers::Offer;
use passerelle_web::{App, Lang, format};
use sea_orm::DbErr;

use super::queries::{self, CatalogueEntry};

/// Courses offered.
const SHOWN: u64 = 100;

async fn entries(app: &App, space: &Space) -> Result<Vec<CatalogueEntry>, DbErr> {
    let zone = passerelle_web::context::zone(space);
    let now = Timestamp::from_microsecond(app.env().now()).unwrap_or_default();
    let today = now.to_zoned(zone).date().to_string();
    let db = app.db().read();
    let (entries, _) = queries::catalogue(db, space.id, &today, "", 1, SHOWN).await?;
    Ok(entries)
}

fn offer(app: &App, space: &Space, entry: &CatalogueEntry) -> Offer {
    let home = &app.settings().public_url;
    Offer {
        kind: "course",
        label: "course-offers",
        id: entry.slug.clone(),
        title: entry.published.title.clone(),
        when: String::new(),
        text: entry.published.sheet.summary.clone(),
        href: format!("{home}/e/{}/formations/{}", space.slug, entry.slug),
    }
}

/// The published courses, then the next session of each.
pub(super) fn offers(
    app: App,
    space: Arc<Space>,
    lang: Lang,
) -> BoxFuture<'static, Result<Vec<Offer>, DbErr>> {
    Box::pin(async move {
        let entries = entries(&app, &space).await?;
        let course = |entry: &CatalogueEntry| {
            let minutes = i64::from(entry.published.sheet.agreed_minutes);
            Offer {
                when: format::duration(minutes, lang),
                ..offer(&app, &space, entry)
            }
        };
        let session = |entry: &CatalogueEntry| {
            let next = entry.next.as_ref()?;
            let (first, last) = (next.start_date.parse().ok()?, next.end_date.parse().ok()?);
            Some(Offer {
                kind: "event",
                label: "course-session-offers",
                when: format::date_range(first, last, lang),
                ..offer(&app, &space, entry)
            })
        };
        let courses = entries.iter().map(course);
        Ok(courses.chain(entries.iter().filter_map(session)).collect())
    })
}

//! Openings and clicks, counted only where a space has asked for it, and of nobody in particular:
//! a letter's links and picture are the same in every copy, and only sums are kept.

mod store;
mod turning;
mod web;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passerelle_bulletin::Composed;
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_web::App;
use passerelle_web::app::{Beside, OnStart};
use tokio::sync::watch;

pub(crate) use store::forget;
pub(crate) use web::{counts_shown, setting_shown};

/// A space began or ceased to count.
pub const CHANGED: &str = "mail.counting.changed.v1";
/// How often what was counted is written.
const EVERY: Duration = Duration::from_secs(10);
/// Places counted at most between two times: a flood of made-up addresses takes no more memory.
const MOST: usize = 10_000;

/// What was counted and is not written yet, by campaign and place; 0 is the picture.
#[derive(Debug, Default)]
struct Waiting(Mutex<HashMap<(Uuid, i32), i64>>);

impl Waiting {
    fn add(&self, campaign: Uuid, place: i32, hits: i64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&(campaign, place)) {
            *counts.entry((campaign, place)).or_default() += hits;
        }
    }

    fn take(&self) -> HashMap<(Uuid, i32), i64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(web::routes())
        .add(FactKind(CHANGED))
        .add(OnStart(|app| app.provide(Waiting::default())))
        .add(Beside(Arc::new(|app, stop| {
            Box::pin(keep_writing(app, stop))
        })));
}

async fn keep_writing(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        let stopped = *stop.borrow();
        if let Err(error) = write(&app).await {
            tracing::error!(%error, "what was counted cannot be written");
        }
        if stopped {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Writes what was counted since the last time; what a kill interrupts is not counted.
///
/// # Errors
///
/// The database refuses.
pub async fn write(app: &App) -> Result<(), DbErr> {
    let Some(waiting) = app.service::<Waiting>() else {
        return Ok(());
    };
    let counts = waiting.take();
    if counts.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<((Uuid, i32), i64)> = counts.into_iter().collect();
    // In one order, whoever writes: two servers never wait for each other.
    sorted.sort_unstable();
    let written = put(app, &sorted).await;
    if written.is_err() {
        for ((campaign, place), hits) in sorted {
            waiting.add(campaign, place, hits);
        }
    }
    written
}

async fn put(app: &App, counts: &[((Uuid, i32), i64)]) -> Result<(), DbErr> {
    let tx = app.db().write().await?;
    for ((campaign, place), hits) in counts {
        store::add(&tx, *campaign, *place, *hits).await?;
    }
    tx.commit().await
}

/// The templates of a letter that is approved: as they are, or counted where its space counts.
///
/// # Errors
///
/// The database refuses.
pub(crate) async fn counted(
    app: &App,
    tx: &WriteTx,
    space: Uuid,
    campaign: Uuid,
    templates: String,
) -> Result<String, DbErr> {
    store::forget(tx, campaign).await?;
    if store::since(&**tx, space).await?.is_none() {
        return Ok(templates);
    }
    let wrong = |error: serde_json::Error| DbErr::Json(error.to_string());
    let mut composed: Composed = serde_json::from_str(&templates).map_err(wrong)?;
    let url = &app.settings().public_url;
    let (html, addresses) = turning::turn(&composed.html, |place| link(url, campaign, place));
    composed.html = turning::with_picture(&html, &picture(url, campaign));
    store::insert(tx, campaign, &addresses).await?;
    serde_json::to_string(&composed).map_err(wrong)
}

/// A printed letter without the picture, for the page that shows it.
pub(crate) fn without_picture(app: &App, campaign: Uuid, html: &str) -> String {
    let address = picture(&app.settings().public_url, campaign);
    html.replace(&turning::picture(&address), "")
}

fn link(url: &str, campaign: Uuid, place: usize) -> String {
    format!("{url}/lettres/lien/{}/{place}", campaign.simple())
}

fn picture(url: &str, campaign: Uuid) -> String {
    format!("{url}/lettres/vu/{}", campaign.simple())
}

//! What comes round: feeds to read, alerts to send.

use std::time::Duration;

use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::App;
use serde_json::json;
use tokio::sync::watch;

use super::{alerts, fetching, store};

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(1);

/// Looks for what is due until told to stop.
pub(super) async fn keep_beating(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = beat(&app).await {
            tracing::error!(%error, "what is due in the watch cannot be found");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Puts in the queue what is due now; each once, however often it is asked.
///
/// # Errors
///
/// The database refuses.
pub async fn beat(app: &App) -> Result<(), DbErr> {
    let now = app.env().now();
    let db = app.db().read();
    let feeds = store::feeds_due(db, now).await?;
    let alerts = store::first_due(db).await?.filter(|at| *at <= now);
    if feeds.is_empty() && alerts.is_none() {
        return Ok(());
    }
    let tx = app.db().write().await?;
    for (feed, at) in feeds {
        let job = NewJob::new(fetching::FETCH, json!({"feed": feed})).priority(-1);
        tx.enqueue(job.dedup(format!("feed-{feed}-{at}"))).await?;
    }
    if let Some(at) = alerts {
        let job = NewJob::new(alerts::SEND, json!({})).priority(-1);
        tx.enqueue(job.dedup(format!("alerts-{at}"))).await?;
    }
    tx.commit().await
}

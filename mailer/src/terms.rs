//! What letters keep for a while only, and forget by themselves. The privacy notice tells how long;
//! a test compares what it says with this.

use std::sync::Arc;
use std::time::Duration;

use passerelle_kernel::env::DAY;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Micros, Registry};
use passerelle_web::app::Beside;
use passerelle_web::{App, AppError};
use tokio::sync::watch;

use crate::audience::{commands, imports, store as audience};
use crate::campaigns::trials;
use crate::{discussions, returns};

/// How long an address that a form was given waits to be confirmed, or a list to be.
pub const UNCONFIRMED: Micros = 30 * DAY;
/// How long what contacts were before an import is kept: so long it can be undone.
pub const UNDOING: Micros = 30 * DAY;
/// How long a post to a discussion list waits for a moderator, or stays once refused.
pub const POSTS: Micros = 30 * DAY;
/// How long answers, bounces and complaints are kept.
pub const CAME_BACK: Micros = 365 * DAY;
/// How long a letter's page tells what became of its test copies.
const TRIALS: Micros = 30 * DAY;
/// How long a sheet of contacts waits to be imported.
const SHEETS: Micros = DAY;

/// How often what is too old is looked for.
const EVERY: Duration = Duration::from_hours(6);
/// Contacts forgotten in one transaction.
const CHUNK: u64 = 100;
/// Who forgets.
const ACTOR: Actor = Actor::System("mail terms");

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    r.add(Beside(Arc::new(|app, stop| Box::pin(keep(app, stop)))));
}

/// Forgets what is too old, now and then, until told to stop.
async fn keep(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = apply(&app).await {
            tracing::error!(%error, "what letters keep too long cannot be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Forgets everything whose term is over.
///
/// # Errors
///
/// The database or the store of files refuses; what was forgotten so far stays so.
pub async fn apply(app: &App) -> Result<(), AppError> {
    let now = app.env().now();
    let unconfirmed = now - UNCONFIRMED;
    loop {
        let tx = app.db().write().await?;
        let contacts = audience::never_confirmed(&*tx, unconfirmed, CHUNK).await?;
        for contact in &contacts {
            commands::forget(&tx, contact, ACTOR).await?;
        }
        tx.commit().await?;
        if contacts.is_empty() {
            break;
        }
    }
    let tx = app.db().write().await?;
    audience::give_up_asking(&tx, unconfirmed).await?;
    imports::clean(&tx, now - UNDOING).await?;
    discussions::store::clean(&tx, now - POSTS).await?;
    returns::store::clean(&tx, now - CAME_BACK).await?;
    trials::clean(&tx, now - TRIALS).await?;
    tx.commit().await?;
    imports::clean_sheets(app, now - SHEETS).await
}

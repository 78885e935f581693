//! What people decide about messages.

use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::directory::Space;
use passerelle_web::{Allowed, AppError};
use serde_json::{Value, json};
use std::sync::Arc;

use super::model::Automation;
use super::wording::presets;
use super::{CHANGED, PLANNED, store};
use crate::access::{CohortRef, ManageCohort, ManageCourses};

/// Messages of a space at most.
pub(super) const MOST: usize = 60;

fn fact(space: Uuid, actor: Actor, subject: Uuid, payload: Value) -> Fact {
    Fact {
        space,
        kind: CHANGED,
        actor,
        subject,
        payload,
    }
}

/// Keeps a message, new or changed. What it says to people is written in the journal.
pub(super) async fn save(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    of: &Automation,
) -> Result<(), AppError> {
    let space: &Arc<Space> = allowed.object();
    store::put(tx, of).await?;
    let payload = json!({"course": of.course, "moment": of.moment.code(), "days": of.days, "minute": of.minute,
        "audience": of.audience.code(), "subject": of.subject, "active": of.active_since.is_some()});
    tx.append(fact(space.id, allowed.actor(), of.id, payload))
        .await?;
    Ok(())
}

/// Keeps a change of a message. One that leaves at other times, or for other people, is as one
/// that is switched on now: what was over by then is not made up for.
pub(super) async fn change(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    known: &Automation,
    of: &Automation,
) -> Result<(), AppError> {
    let when = |of: &Automation| (of.moment, of.days, of.minute, of.audience, of.course);
    let mut of = of.clone();
    if when(&of) != when(known) {
        of.active_since = of.active_since.map(|_| tx.env().now());
    }
    if of.moment != known.moment {
        // What was noted of its times is of others now.
        store::forget_times(tx, of.id).await?;
    }
    save(tx, allowed, &of).await
}

/// Adds the ready-made messages that a space does not have; `on`, those that need nothing more leave by themselves.
///
/// # Errors
///
/// The database refuses.
pub async fn begin(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    on: bool,
) -> Result<(), AppError> {
    let space = allowed.object();
    let known = store::of_space(&**tx, space.id).await?;
    for preset in presets() {
        let mut message = preset.message(tx.env().id(), space);
        message.active_since = (on && !message.needs_link()).then(|| tx.env().now());
        if !known.iter().any(|of| of.subject == message.subject) {
            save(tx, allowed, &message).await?;
        }
    }
    Ok(())
}

/// Lets a message leave by itself from now on, or holds it back.
pub(super) async fn switch(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    of: &Automation,
    on: bool,
) -> Result<(), AppError> {
    let of = Automation {
        active_since: on.then(|| of.active_since.unwrap_or(tx.env().now())),
        ..of.clone()
    };
    save(tx, allowed, &of).await
}

/// Removes a message; what it has sent stays in the journal.
pub(super) async fn remove(
    tx: &WriteTx,
    allowed: &Allowed<ManageCourses>,
    of: &Automation,
) -> Result<(), AppError> {
    let space = allowed.object();
    store::delete(tx, of.id).await?;
    tx.append(fact(
        space.id,
        allowed.actor(),
        of.id,
        json!({"removed": true}),
    ))
    .await?;
    Ok(())
}

/// Decides that a message does not leave at one of its times, or that it does after all; false when it has left.
pub(super) async fn skip(
    tx: &WriteTx,
    allowed: &Allowed<ManageCohort>,
    of: Uuid,
    week: i32,
    skip: bool,
) -> Result<bool, AppError> {
    let at: &CohortRef = allowed.object();
    let changed = if skip {
        store::note(tx, of, at.cohort.id, week, "skipped").await?
    } else {
        store::take_back(tx, of, at.cohort.id, week).await?
    };
    if changed {
        tx.append(Fact {
            space: at.space.id,
            kind: PLANNED,
            actor: allowed.actor(),
            subject: at.cohort.id,
            payload: json!({"automation": of, "week": week, "skipped": skip}),
        })
        .await?;
    }
    Ok(changed)
}

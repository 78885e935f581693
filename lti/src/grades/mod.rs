//! Grades that go back to the platform (AGS 2.0): a place kept at each launch that
//! names one; a change makes it due, and one job for a platform sends all that is
//! due there, as it is true when the job runs.

mod sending;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_courses::cohorts::MOVED;
use passerelle_courses::progress::{
    ACTIVITY_CORRECTED, ACTIVITY_DONE, ACTIVITY_IMPROVED, ACTIVITY_STARTED, COURSE_COMPLETED,
};
use passerelle_kernel::jobs::{JobEntry, NewJob};
use passerelle_kernel::journal::{Record, Subscriber, Subscription};
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_lti_protocol::{Launch, SCOPE_SCORES};
use passerelle_web::app::AppSlot;
use sea_orm::DbErr;
use serde_json::{Value, json};

use crate::launches;

pub(crate) use store::problems_of;

/// Sends the grades that are due on a platform.
pub(crate) const SEND: &str = "lti.grade";

/// Adds what this slice brings.
pub(crate) fn register(r: &mut Registry) {
    let slot = AppSlot::default();
    r.add(slot.clone())
        .add(JobEntry {
            kind: SEND,
            handler: Arc::new(sending::Send(slot)),
        })
        .add(Subscription {
            name: "lti.grades",
            kinds: &[
                ACTIVITY_STARTED,
                ACTIVITY_DONE,
                ACTIVITY_IMPROVED,
                ACTIVITY_CORRECTED,
                COURSE_COMPLETED,
                MOVED,
            ],
            subscriber: Arc::new(OnProgress),
        });
}

/// Where a launch is graded: a link to a cohort, or to one activity of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Graded<'a> {
    /// The platform.
    pub(crate) platform: Uuid,
    /// The enrolment.
    pub(crate) enrolment: Uuid,
    /// The activity; the whole course when none.
    pub(crate) activity: Option<Uuid>,
    /// The person, as the platform names them.
    pub(crate) subject: &'a str,
}

/// Keeps where the grade of a launch goes, when the platform takes one, and sends what is true now.
///
/// Without a line item of its own, a link to a whole course is graded in the `column` that was
/// asked for its group.
pub(crate) async fn keep(
    tx: &WriteTx,
    of: Graded<'_>,
    launch: &Launch,
    column: Option<&str>,
) -> Result<(), DbErr> {
    let Some(service) = &launch.grades else {
        return Ok(());
    };
    let takes = service.scope.iter().any(|scope| scope == SCOPE_SCORES);
    let column = column.filter(|_| of.activity.is_none());
    let (true, Some(line_item)) = (takes, service.lineitem.as_deref().or(column)) else {
        return Ok(());
    };
    keep_in(tx, of, line_item).await
}

/// Keeps the line item that a grade goes to, and sends what is true now.
pub(crate) async fn keep_in(tx: &WriteTx, of: Graded<'_>, line_item: &str) -> Result<(), DbErr> {
    if store::keep(tx, of, line_item).await? {
        schedule(tx, of.platform).await?;
    }
    Ok(())
}

/// One job for a platform, unless one waits already.
async fn schedule(tx: &WriteTx, platform: Uuid) -> Result<(), DbErr> {
    if store::wait(tx, platform).await? {
        tx.enqueue(NewJob::new(SEND, json!({"platform": platform})))
            .await?;
    }
    Ok(())
}

/// Sends again the grades of a platform that it refused.
pub(crate) async fn retry(tx: &WriteTx, platform: Uuid) -> Result<(), DbErr> {
    store::retry(tx, platform).await?;
    schedule(tx, platform).await
}

/// Progress that somebody may be graded for, here or in the group that they are moved to.
struct OnProgress;

#[async_trait]
impl Subscriber for OnProgress {
    async fn handle(&self, tx: &WriteTx, record: &Record) -> Result<(), DbErr> {
        let payload = record.body.as_ref().map(|body| &body["payload"]);
        let id = |name: &str| {
            let text = payload.and_then(|payload| payload.get(name));
            text.and_then(Value::as_str)
                .and_then(|text| text.parse().ok())
        };
        let Some(enrolment) = id("enrolment") else {
            return Ok(());
        };
        let due = match id("from_enrolment") {
            Some(from) => {
                launches::move_frames(tx, from, enrolment).await?;
                store::move_to(tx, from, enrolment).await?
            }
            None => store::touch(tx, enrolment, id("activity")).await?,
        };
        for platform in due {
            schedule(tx, platform).await?;
        }
        Ok(())
    }
}

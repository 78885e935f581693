//! Messages leave when their time has come, each once for each person.

use std::collections::HashMap;
use std::time::Duration;

use jiff::ToSpan;
use passerelle_kernel::Uuid;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_web::directory::{PersonCard, Space};
use passerelle_web::{App, AppError, mail};
use serde_json::json;
use tokio::sync::watch;

use super::SENT;
use super::model::{Automation, MAX_DAYS, Occurrence};
use super::reaching::{self, Reached};
use super::store::{self, Planned};
use super::wording::Writing;
use crate::cohorts::{GroupTime, tutors_of};

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(1);
/// Mails written in one transaction.
const BATCH: u64 = 100;

/// Looks for what is due until told to stop.
pub(super) async fn keep_beating(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = beat(&app).await {
            tracing::error!(%error, "messages that are due cannot be sent");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Puts in the outbox the messages whose time has come; each once for each person, however often and by however
/// many servers it is asked. Returns how many mails that made.
///
/// # Errors
///
/// The database refuses.
pub async fn beat(app: &App) -> Result<usize, AppError> {
    let now = app.env().now();
    let db = app.db().read();
    let all = store::active(db).await?;
    if all.is_empty() {
        return Ok(0);
    }
    let day = GroupTime::named("UTC").today(now);
    let far = i64::from(MAX_DAYS) + 3;
    let (from, to) = (
        day.saturating_sub(far.days()).to_string(),
        day.saturating_add(far.days()).to_string(),
    );
    let cohorts = store::cohorts_between(db, None, &from, &to).await?;
    let ids: Vec<Uuid> = cohorts.iter().map(|planned| planned.cohort.id).collect();
    let runs = store::runs(db, &ids).await?;
    let mut written = 0;
    for planned in &cohorts {
        let Some(dates) = planned.dates() else {
            continue;
        };
        let ends = dates.time.ends(dates.end);
        let of_space = all.iter().filter(|of| {
            of.space == planned.cohort.space_id && of.is_for(planned.cohort.course_id)
        });
        for of in of_space {
            for one in of.occurrences(&dates) {
                let noted = runs.get(&(of.id, planned.cohort.id, one.week));
                let noted = noted.map(String::as_str);
                // The first day's goes on for whoever arrives.
                let over = noted == Some("skipped") || noted == Some("sent") && !of.goes_on();
                if over || !of.is_due(one, ends, now) {
                    continue;
                }
                match send(app, of, planned, one, noted.is_some()).await {
                    Ok(count) => written += count,
                    // One that cannot leave does not hold the others.
                    Err(error) => {
                        tracing::error!(message = %of.id, cohort = %planned.cohort.id, %error, "a message does not leave");
                    }
                }
            }
        }
    }
    Ok(written)
}

/// Sends a message at one of its times to whom it has not reached, then notes that it has left.
async fn send(
    app: &App,
    of: &Automation,
    planned: &Planned,
    one: Occurrence,
    noted: bool,
) -> Result<usize, AppError> {
    let cohort = &planned.cohort;
    let mut written = 0;
    let mut shared: Option<(std::sync::Arc<Space>, Vec<String>)> = None;
    loop {
        let to = reaching::to_reach(app.db().read(), of, cohort.id, one, BATCH).await?;
        if to.is_empty() {
            break;
        }
        if shared.is_none() {
            let Some(space) = app.directory().space(app.db(), cohort.space_id).await? else {
                return Ok(written);
            };
            let tutors = tutor_names(app, cohort.space_id, cohort.id).await?;
            shared = Some((space, tutors));
        }
        let Some((space, tutors)) = &shared else {
            break;
        };
        let writing = Writing {
            app,
            space,
            of,
            cohort,
            week: planned.week(one.week),
            tutors: tutors.clone(),
        };
        let Some(count) = batch(&writing, one, &to).await? else {
            return Ok(written);
        };
        written += count;
        if (to.len() as u64) < BATCH {
            break;
        }
    }
    // Of what was over when it was switched on, nothing has left until somebody new arrives.
    let was_over = of.active_since.is_some_and(|since| one.at < since);
    if !noted && (written > 0 || !was_over) {
        let tx = app.db().write().await?;
        store::note(&tx, of.id, cohort.id, one.week, "sent").await?;
        tx.commit().await?;
    }
    Ok(written)
}

/// Writes to some; none when somebody has decided meanwhile that it does not leave.
async fn batch(
    writing: &Writing<'_>,
    one: Occurrence,
    to: &[Reached],
) -> Result<Option<usize>, AppError> {
    let (app, of, cohort) = (writing.app, writing.of, writing.cohort);
    let persons: Vec<Uuid> = to.iter().map(|reached| reached.person_id).collect();
    let cards: HashMap<Uuid, PersonCard> = app
        .directory()
        .persons(app.db(), cohort.space_id, &persons)
        .await?;
    let tx = app.db().write().await?;
    if store::is_skipped(&tx, of.id, cohort.id, one.week).await? {
        return Ok(None);
    }
    let (mut mails, mut without) = (Vec::new(), 0_usize);
    for reached in to {
        let card = cards.get(&reached.person_id);
        let email = card.and_then(|card| card.email.as_deref());
        let mail = match (card, email) {
            (Some(card), Some(email)) => match writing.mail(reached.id, card, email) {
                Ok(mail) => Some(mail),
                // One that cannot be written does not hold the others.
                Err(error) => {
                    tracing::error!(enrolment = %reached.id, %error, "a message is not written");
                    None
                }
            },
            _ => None,
        };
        let id = mail.as_ref().map(|mail| mail.id);
        // Another server may be at it: who writes the row sends the mail.
        if !reaching::note_sent(&tx, of.id, reached.id, one.week, id).await? {
            continue;
        }
        match mail {
            Some(mail) => {
                mail::send(&tx, &mail).await?;
                mails.push(mail.id);
            }
            None => without += 1,
        }
    }
    if !mails.is_empty() || without > 0 {
        tx.append(Fact {
            space: cohort.space_id,
            kind: SENT,
            actor: Actor::System("automatic message"),
            subject: cohort.id,
            payload: json!({"automation": of.id, "week": one.week, "subject": of.subject,
                "mails": mails, "without_address": without}),
        })
        .await?;
    }
    tx.commit().await?;
    Ok(Some(mails.len()))
}

/// The names of those who tutor a cohort, sorted.
pub(super) async fn tutor_names(
    app: &App,
    space: Uuid,
    cohort: Uuid,
) -> Result<Vec<String>, AppError> {
    let ids = tutors_of(app.db().read(), cohort).await?;
    let cards = app.directory().persons(app.db(), space, &ids).await?;
    let mut found: Vec<&PersonCard> = ids.iter().filter_map(|id| cards.get(id)).collect();
    found.sort_by_key(|card| card.sort_name());
    Ok(found.into_iter().map(PersonCard::name).collect())
}

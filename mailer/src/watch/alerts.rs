//! The mails that tell people of what is new in their themes; nothing when nothing is.

use async_trait::async_trait;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::app::{App, AppSlot, WeakApp};
use passerelle_web::directory::Space;
use passerelle_web::mail::{self, Mail, Recipient};
use passerelle_web::{AppError, format};
use serde_json::{Value, json};

use super::model::{Alert, Item};
use super::store;
use crate::audience::model::{Contact, Status};
use crate::audience::store as audience;
use crate::links::{ALERTS, Links};

/// Kind of the job that sends the alerts that are due.
pub(super) const SEND: &str = "mail.alerts";
/// Alerts written in one transaction.
const BATCH: u64 = 100;
/// Items of one alert at most: the rest is on the next.
const ITEMS: usize = 40;
/// Items of a space looked at for all who are due.
const SEEN: u64 = 400;

/// Runs the jobs of kind [`SEND`].
pub(super) struct SendAlerts {
    pub slot: AppSlot,
}

#[async_trait]
impl JobHandler for SendAlerts {
    async fn run(&self, ctx: JobContext, _: Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let now = app.env().now();
        while !ctx.is_stopping() {
            let due = store::alerts_due(app.db().read(), now, BATCH).await?;
            if due.is_empty() {
                break;
            }
            batch(&app, &due)
                .await
                .map_err(|error| JobError::Retry(error.to_string()))?;
        }
        Ok(())
    }
}

/// Writes the mails of some alerts and moves those alerts to their next time, together.
async fn batch(app: &App, due: &[(Uuid, Alert)]) -> Result<(), AppError> {
    let tx = app.db().write().await?;
    let mut of: Option<(Uuid, Option<std::sync::Arc<Space>>, Vec<Item>)> = None;
    for (space_id, alert) in due {
        if of.as_ref().is_none_or(|(id, ..)| id != space_id) {
            let since = due
                .iter()
                .filter(|(id, _)| id == space_id)
                .map(|(_, alert)| alert.since);
            let since = since.min().unwrap_or(Micros::MAX);
            let space = app.directory().space(app.db(), *space_id).await?;
            let items = store::kept_since(&*tx, *space_id, since, SEEN).await?;
            of = Some((*space_id, space, items));
        }
        match &of {
            Some((_, Some(space), items)) => one(app, &tx, space, alert, items).await?,
            // Its space is gone: due for ever, it would be looked at without end.
            _ => store::forget(&tx, alert.contact).await?,
        }
    }
    Ok(tx.commit().await?)
}

async fn one(
    app: &App,
    tx: &WriteTx,
    space: &Space,
    alert: &Alert,
    items: &[Item],
) -> Result<(), AppError> {
    let now = tx.env().now();
    let next_at = alert
        .rhythm
        .next(now, &passerelle_web::context::zone(space));
    let mut alert = alert.clone();
    let contact = audience::contact(&**tx, alert.contact).await?;
    if let Some(contact) = contact.filter(|contact| contact.status == Status::Enabled) {
        let wanted = items.iter().filter(|item| alert.wants(&contact, item));
        let wanted: Vec<&Item> = wanted.take(ITEMS).collect();
        let told = wanted.iter().filter_map(|item| item.kept_at).max();
        match write(app, space, &contact, &wanted) {
            Ok(Some(mail)) => mail::send(tx, &mail).await?,
            Ok(None) => {}
            // One that cannot be written does not hold the others.
            Err(error) => tracing::error!(contact = %contact.id, %error, "an alert is not written"),
        }
        // What was not looked at is for the next time, as what did not fit.
        let seen = items.last().and_then(|item| item.kept_at);
        alert.since = match (told, seen) {
            (Some(told), _) if wanted.len() == ITEMS => told,
            (_, Some(seen)) if items.len() as u64 == SEEN => seen.max(alert.since),
            _ => now,
        };
    } else {
        alert.since = now;
    }
    Ok(store::put_alert(tx, space.id, &alert, next_at).await?)
}

/// The mail of one alert; none when there is nothing to tell.
pub(super) fn write(
    app: &App,
    space: &Space,
    contact: &Contact,
    items: &[&Item],
) -> Result<Option<Mail>, AppError> {
    if items.is_empty() {
        return Ok(None);
    }
    let zone = passerelle_web::context::zone(space);
    let links = Links::of(app);
    let token = links.token(contact.id, ALERTS);
    let lang = contact.fields.lang;
    let shown: Vec<Value> = items
        .iter()
        .map(|item| {
            let day = item.published_at.map(|at| format::date(at, &zone, lang));
            let said: Vec<&str> = [Some(item.source.as_str()), day.as_deref()]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect();
            json!({
                "headline": item.title,
                "link": item.link,
                "summary": item.summary,
                "said": said.join(" · "),
                "themes": item.themes.join(", "),
            })
        })
        .collect();
    let name = contact.name();
    let to = Recipient {
        email: &contact.fields.email,
        name: &name,
        lang,
    };
    let data = json!({
        "space": space.name,
        "count": items.len(),
        "items": shown,
        "choices": links.preferences(&token),
        "stop": links.stop(&token),
    });
    let mut mail = app.write_mail(
        "mailer/watch/mail/alert",
        to,
        &space.name,
        data,
        &space.zone,
    )?;
    mail.space = Some(space.id);
    mail.about = Some(contact.id);
    mail.unsubscribe = Some(links.stop(&token));
    Ok(Some(mail))
}

//! The job that delivers one mail, and writes in the journal that it left.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, LastWrite};
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::mail::Mail;
use serde_json::{Value, json};

use super::model::{mask_address, recipient_hash};
use super::sender::Sender;
use super::{DELIVERED, store};
use crate::links::Links;

/// Runs the jobs of kind `mail.deliver`.
pub(super) struct Deliver {
    sender: Arc<Sender>,
}

impl Deliver {
    pub(super) fn new(sender: Arc<Sender>) -> Self {
        Self { sender }
    }
}

#[async_trait]
impl JobHandler for Deliver {
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError> {
        // The parser's own words would quote the mail.
        let mail: Mail = serde_json::from_value(payload).map_err(|_| {
            JobError::Fatal("message: : the payload of the job is not a mail".to_owned())
        })?;
        let recipient = mask_address(&mail.to);
        if store::is_delivered(ctx.db.read(), mail.id).await? {
            return Ok(());
        }
        let links = Links::with(&ctx.db, "");
        let sent = self
            .sender
            .send(&mail, Some(&links), ctx.db.env().now())
            .await;
        let message_id = sent.map_err(|error| error.into_job_error(recipient.clone()))?;
        tracing::info!(mail = %mail.id, to = recipient, attempt = ctx.attempt, "a mail was delivered");
        // Should this be lost the mail leaves once more, under the same Message-ID:
        // a mail that arrives twice is better than a sending that is not proved.
        ctx.in_the_end(Delivered { mail, message_id });
        Ok(())
    }
}

/// Writes that a mail has left, with the end of its job.
struct Delivered {
    mail: Mail,
    message_id: String,
}

#[async_trait]
impl LastWrite for Delivered {
    async fn write(&self, tx: &WriteTx) -> Result<(), DbErr> {
        let Self { mail, message_id } = self;
        if !store::insert_delivery(tx, mail, message_id).await? {
            return Ok(());
        }
        let mut payload = json!({"message_id": message_id, "recipient_hash": recipient_hash(message_id, &mail.to)});
        if let (Some(map), Some(about)) = (payload.as_object_mut(), mail.about) {
            map.insert("about".to_owned(), json!(about));
        }
        tx.append(Fact {
            space: mail.space.unwrap_or(Uuid::nil()),
            kind: DELIVERED,
            actor: Actor::System("mail delivery"),
            subject: mail.id,
            payload,
        })
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! Test copies of a letter: each leaves by a job, and what became of it stays on the page, without
//! the whole address.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, MAX_ATTEMPTS, NewJob};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Db, Micros, Uuid, WriteTx};
use passerelle_web::mail::Mail;

use crate::audience::model::words;
use crate::delivery::mask_address;
use crate::delivery::sender::Sender;
use crate::links::Links;

/// Kind of the job that sends one.
pub(super) const SEND: &str = "mail.trial";

words! {
    /// What became of a test copy.
    Fate {
        /// It is to leave, or to be tried again.
        Waiting = "waiting",
        /// The mail server has taken it.
        Sent = "sent",
        /// It will not leave.
        Failed = "failed",
    }
}

/// A test copy, for a page.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    /// Whom it is for, masked.
    pub recipient: String,
    /// When it was asked for.
    pub at: Micros,
    /// What became of it.
    pub fate: Fate,
    /// Why it did not leave: the word of a `DeliveryError`; empty for nothing.
    pub reason: String,
    /// What the server said.
    pub detail: String,
}

/// Has a test copy leave, and notes it.
pub(super) async fn ask(tx: &WriteTx, campaign: Uuid, mail: &Mail) -> Result<(), DbErr> {
    let sql = "INSERT INTO mail_trial (id, campaign_id, recipient, at, fate, reason, detail) VALUES ($1, $2, $3, $4, $5, '', '')";
    let values: [Value; 5] = [
        mail.id.into(),
        campaign.into(),
        mask_address(&mail.to).into(),
        tx.env().now().into(),
        Fate::Waiting.code().into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    let payload = serde_json::to_value(mail).map_err(|e| DbErr::Json(e.to_string()))?;
    // Somebody waits for it.
    tx.enqueue(NewJob::new(SEND, payload).priority(1)).await
}

/// The last test copies of a letter.
pub(super) async fn of_campaign<C: ConnectionTrait>(
    conn: &C,
    campaign: Uuid,
    limit: u64,
) -> Result<Vec<Trial>, DbErr> {
    let sql = format!(
        "SELECT recipient, at, fate, reason, detail FROM mail_trial WHERE campaign_id = $1 ORDER BY at DESC, id LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [campaign.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let fate: String = row.try_get("", "fate")?;
            Ok(Trial {
                recipient: row.try_get("", "recipient")?,
                at: row.try_get("", "at")?,
                fate: Fate::parse(&fate).ok_or_else(|| DbErr::Type(format!("fate: {fate}")))?,
                reason: row.try_get("", "reason")?,
                detail: row.try_get("", "detail")?,
            })
        })
        .collect()
}

/// Forgets the test copies of a letter.
pub(super) async fn forget(tx: &WriteTx, campaign: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_trial WHERE campaign_id = $1";
    tx.execute_raw(statement(&**tx, sql, [campaign.into()]))
        .await?;
    Ok(())
}

/// Forgets the test copies that were asked for before that instant.
pub(crate) async fn clean(tx: &WriteTx, before: Micros) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_trial WHERE at < $1";
    tx.execute_raw(statement(&**tx, sql, [before.into()]))
        .await?;
    Ok(())
}

/// Runs the jobs of kind [`SEND`].
pub(super) struct SendTrial {
    pub sender: Arc<Sender>,
}

#[async_trait]
impl JobHandler for SendTrial {
    async fn run(&self, ctx: JobContext, payload: serde_json::Value) -> Result<(), JobError> {
        // The parser's own words would quote the mail.
        let mail: Mail = serde_json::from_value(payload)
            .map_err(|_| JobError::Fatal("the payload of the job is not a mail".to_owned()))?;
        let links = Links::with(&ctx.db, "");
        let now = ctx.db.env().now();
        match self.sender.send(&mail, Some(&links), now).await {
            Ok(_) => Ok(note(&ctx.db, mail.id, Fate::Sent, "", "").await?),
            Err(error) => {
                let ends = error.is_final() || ctx.attempt >= MAX_ATTEMPTS;
                let fate = if ends { Fate::Failed } else { Fate::Waiting };
                note(&ctx.db, mail.id, fate, error.code(), &error.to_string()).await?;
                if error.is_final() {
                    // It is said on the page: nobody else has to look.
                    return Ok(());
                }
                Err(JobError::Retry(error.to_string()))
            }
        }
    }
}

async fn note(db: &Db, id: Uuid, fate: Fate, reason: &str, detail: &str) -> Result<(), DbErr> {
    let tx = db.write().await?;
    let sql = "UPDATE mail_trial SET fate = $2, reason = $3, detail = $4 WHERE id = $1";
    let values: [Value; 4] = [id.into(), fate.code().into(), reason.into(), detail.into()];
    tx.execute_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await
}

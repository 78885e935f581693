//! Telling the administration that mail servers refuse ours: nobody else sees it, and every letter
//! that leaves meanwhile makes it worse.

use async_trait::async_trait;
use passerelle_kernel::WriteTx;
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, NewJob};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_web::app::{App, AppSlot, WeakApp};
use passerelle_web::mail::{self, Recipient};
use passerelle_web::{AppError, Role};
use serde_json::{Value, json};

/// Kind of the job that tells.
pub(super) const TELL: &str = "mail.refused";

/// Tells the administration what a server said of ours, once a day at most.
pub(super) async fn raise(tx: &WriteTx, said: &str) -> Result<(), DbErr> {
    tracing::warn!(said, "a mail server refuses ours");
    let day = tx.env().now().div_euclid(DAY);
    tx.enqueue(NewJob::new(TELL, json!({"said": said})).dedup(format!("mail-refused-{day}")))
        .await
}

/// Runs the jobs of kind [`TELL`].
pub(super) struct Tell {
    pub slot: AppSlot,
}

#[async_trait]
impl JobHandler for Tell {
    async fn run(&self, _: JobContext, payload: Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let said = payload["said"].as_str().unwrap_or_default();
        let told = tell(&app, said).await;
        told.map_err(|error| JobError::Retry(error.to_string()))
    }
}

/// Writes to whoever administers the server.
async fn tell(app: &App, said: &str) -> Result<(), AppError> {
    let db = app.db();
    let home = app.settings().home_space.clone();
    let Some(space) = app.directory().space_by_slug(db, &home).await? else {
        return Ok(());
    };
    let administrators = app
        .directory()
        .with_role(db, space.id, Role::Administrator)
        .await?;
    let href = format!(
        "{}/e/{}/gestion/courrier",
        app.settings().public_url,
        space.slug
    );
    let data = json!({"said": said, "href": href});
    let tx = db.write().await?;
    for card in &administrators {
        let Some(email) = &card.email else { continue };
        let to = Recipient {
            email,
            name: &card.name(),
            lang: card.lang,
        };
        let template = "mailer/returns/mail/refused";
        let mut mail = app.write_mail(template, to, &space.name, data.clone(), &space.zone)?;
        mail.space = Some(space.id);
        mail::send(&tx, &mail).await?;
    }
    Ok(tx.commit().await?)
}

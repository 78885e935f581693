//! The job that makes one document: journal it, seal, typeset with that head, keep.

use passerelle_documents::Typesetter;
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::{JobContext, JobError};
use passerelle_kernel::journal::{self, Actor, Fact, TreeHead};
use passerelle_kernel::{Uuid, env};
use passerelle_web::app::App;
use passerelle_web::mail::{self, Recipient};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::Press;
use super::documents::{Facts, load_facts};

/// A document was issued; its statement is in the payload.
pub const ISSUED: &str = "certificate.issued.v1";
/// The file of a document was made; its hash is in the payload.
pub const DOCUMENT: &str = "certificate.document.v1";

fn failed(error: impl std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}

/// Runs once for each certificate; each step is skipped when it was done before.
pub(super) async fn run(app: App, _: JobContext, payload: Value) -> Result<(), JobError> {
    let id: Uuid = payload["certificate"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| JobError::Fatal("no certificate is named".to_owned()))?;
    let Some(facts) = load_facts(&app, id).await? else {
        return Err(JobError::Fatal(
            "the certificate or its space is gone".to_owned(),
        ));
    };
    if facts.state != "requested" {
        return Ok(());
    }
    let entry = match facts.entry {
        Some(entry) => entry,
        None => announce(&app, &facts).await?,
    };
    let head = journal::seal(app.db())
        .await
        .map_err(failed)?
        .ok_or_else(|| failed("nothing to seal"))?;
    let document = facts.document(&head)?;
    let press = app
        .service::<Press>()
        .ok_or_else(|| failed("no typesetter"))?;
    let typesetter = press.0.clone();
    let pdf = tokio::task::spawn_blocking(move || typesetter.typeset(&document))
        .await
        .map_err(failed)?
        .map_err(|e| JobError::Fatal(e.to_string()))?;
    let sha256 = sha256(&pdf);
    let key = format!("certificates/{id}.pdf");
    app.blobs().put(&key, pdf.into()).await.map_err(failed)?;
    finish(&app, &facts, entry, &head, &key, &sha256).await
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn announce(app: &App, facts: &Facts) -> Result<Uuid, JobError> {
    let statement_hash: String = env::token_hash(&facts.statement.to_string())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let payload = json!({
        "certificate": facts.id, "enrolment": facts.enrolment, "cohort": facts.cohort, "serial": facts.serial,
        "document": facts.kind, "minutes": facts.minutes, "statement_sha256": statement_hash,
    });
    let tx = app.db().write().await?;
    let fact = Fact {
        space: facts.space.id,
        kind: ISSUED,
        actor: Actor::Person(facts.requested_by),
        subject: facts.person,
        payload,
    };
    let entry = tx.append(fact).await.map_err(failed)?;
    let sql = "UPDATE certificate SET entry_id = $2, facts = $3 WHERE id = $1 AND entry_id IS NULL";
    let values = [
        facts.id.into(),
        entry.into(),
        facts.statement.to_string().into(),
    ];
    let done = tx.execute_raw(statement(&*tx, sql, values)).await?;
    if done.rows_affected() != 1 {
        return Err(failed("another worker is making this document"));
    }
    tx.commit().await?;
    Ok(entry)
}

async fn finish(
    app: &App,
    facts: &Facts,
    entry: Uuid,
    head: &TreeHead,
    key: &str,
    sha256: &str,
) -> Result<(), JobError> {
    let head = serde_json::to_string(head).map_err(failed)?;
    let letter = letter(app, facts)?;
    let tx = app.db().write().await?;
    let sql = "UPDATE certificate SET state = 'issued', blob_key = $2, sha256 = $3, head = $4, issued_at = $5 \
               WHERE id = $1 AND state = 'requested'";
    let values = [
        facts.id.into(),
        key.into(),
        sha256.into(),
        head.into(),
        tx.env().now().into(),
    ];
    if tx
        .execute_raw(statement(&*tx, sql, values))
        .await?
        .rows_affected()
        == 1
    {
        let payload = json!({"certificate": facts.id, "serial": facts.serial, "sha256": sha256, "issued": entry});
        let fact = Fact {
            space: facts.space.id,
            kind: DOCUMENT,
            actor: Actor::System("certificate.issue"),
            subject: facts.person,
            payload,
        };
        tx.append(fact).await.map_err(failed)?;
        if let Some(letter) = letter {
            mail::send(&tx, &letter).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// One letter for each person, with the first of their documents.
fn letter(app: &App, facts: &Facts) -> Result<Option<mail::Mail>, JobError> {
    let (Some(email), true) = (&facts.email, facts.kind == "completion") else {
        return Ok(None);
    };
    let to = Recipient {
        email,
        name: &facts.name,
        lang: facts.lang,
    };
    let data = json!({
        "title": facts.title,
        "href": format!("{}/formation/{}/document/{}", app.settings().public_url, facts.enrolment, facts.id),
    });
    app.write_mail(
        "courses/certification/mail/ready",
        to,
        &facts.space.name,
        data,
        &facts.zone,
    )
    .map(Some)
    .map_err(|e| JobError::Fatal(e.to_string()))
}

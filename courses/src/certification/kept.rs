//! Documents among the stored files: each is what was sealed when it was made.

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::{Db, Uuid, journal};
use passerelle_web::stored::{Expected, Kept};
use sea_orm::{ConnectionTrait, DbErr};

use super::issue::DOCUMENT;

/// Name of this kind of files.
pub(super) const DOCUMENTS: &str = "documents";

pub(super) struct Documents;

#[async_trait]
impl Kept for Documents {
    fn name(&self) -> &'static str {
        DOCUMENTS
    }

    fn prefix(&self) -> &'static str {
        "certificates/"
    }

    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr> {
        let sql = "SELECT t.id, t.serial, t.blob_key, t.sha256, e.person_id FROM certificate t \
                   JOIN enrolment e ON e.id = t.enrolment_id \
                   WHERE t.blob_key > $1 ORDER BY t.blob_key LIMIT $2";
        let values = [after.into(), (limit as i64).into()];
        let rows = db
            .read()
            .query_all_raw(statement(db.read(), sql, values))
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, person): (Uuid, Uuid) =
                (row.try_get("", "id")?, row.try_get("", "person_id")?);
            let stored: Option<String> = row.try_get("", "sha256")?;
            found.push(Expected {
                key: row.try_get("", "blob_key")?,
                name: row.try_get("", "serial")?,
                sha256: sealed(db, person, id).await?.or(stored),
                size: None,
            });
        }
        Ok(found)
    }
}

/// The hash that the journal holds of the file of a document.
async fn sealed(db: &Db, person: Uuid, certificate: Uuid) -> Result<Option<String>, DbErr> {
    let told = journal::told_of(db, person, &[DOCUMENT]).await?;
    let id = certificate.to_string();
    let told = told
        .iter()
        .rev()
        .find(|t| t.payload["certificate"] == id.as_str());
    Ok(told.and_then(|t| t.payload["sha256"].as_str().map(str::to_owned)))
}

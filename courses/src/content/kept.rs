//! Packages, their indexes and attachments among the stored files.

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::told_of;
use passerelle_kernel::{Db, Uuid, WriteTx};
use passerelle_web::stored::{Expected, Kept};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::PACKAGE_IMPORTED;
use super::import::index_key;

/// Names of these kinds of files.
pub(super) const ATTACHMENTS: &str = "attachments";
pub(super) const INDEXES: &str = "package-indexes";

async fn rows(db: &Db, sql: &str, after: &str, limit: u64) -> Result<Vec<QueryResult>, DbErr> {
    let values = [after.into(), (limit as i64).into()];
    let conn = db.read();
    conn.query_all_raw(statement(conn, sql, values)).await
}

/// Packages, as the zip that they came in: their hash is in the journal since their import.
pub(super) struct Packages;

#[async_trait]
impl Kept for Packages {
    fn name(&self) -> &'static str {
        "packages"
    }

    fn prefix(&self) -> &'static str {
        "packages/"
    }

    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr> {
        let sql = "SELECT id, title, blob_key, sha256, size_bytes FROM package \
                   WHERE blob_key > $1 ORDER BY blob_key LIMIT $2";
        let mut found = Vec::new();
        for row in rows(db, sql, after, limit).await? {
            let id: Uuid = row.try_get("", "id")?;
            let told = told_of(db, id, &[PACKAGE_IMPORTED]).await?;
            let sealed = told.first().and_then(|t| t.payload["sha256"].as_str());
            let stored: String = row.try_get("", "sha256")?;
            found.push(Expected {
                key: row.try_get("", "blob_key")?,
                name: row.try_get("", "title")?,
                sha256: Some(sealed.map_or(stored, str::to_owned)),
                size: u64::try_from(row.try_get::<i64>("", "size_bytes")?).ok(),
            });
        }
        Ok(found)
    }
}

/// Indexes of packages: where each file lies in its zip.
pub(super) struct Indexes;

#[async_trait]
impl Kept for Indexes {
    fn name(&self) -> &'static str {
        INDEXES
    }

    fn prefix(&self) -> &'static str {
        "packages/"
    }

    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr> {
        // Keys of indexes are those of the zips but for their end: the order is the same.
        let sql = "SELECT id, title, index_sha256 FROM package WHERE blob_key > $1 ORDER BY blob_key LIMIT $2";
        let after = after.replace(".index", ".zip");
        let found = rows(db, sql, &after, limit).await?;
        found
            .iter()
            .map(|row| {
                Ok(Expected {
                    key: index_key(row.try_get("", "id")?),
                    name: row.try_get("", "title")?,
                    sha256: row.try_get("", "index_sha256")?,
                    size: None,
                })
            })
            .collect()
    }

    async fn learn(&self, tx: &WriteTx, key: &str, sha256: &str) -> Result<(), DbErr> {
        let sql =
            "UPDATE package SET index_sha256 = $1 WHERE blob_key = $2 AND index_sha256 IS NULL";
        let values = [sha256.into(), key.replace(".index", ".zip").into()];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
        Ok(())
    }
}

/// Files of courses; a course that was copied shares its bytes with the first.
pub(super) struct Attachments;

#[async_trait]
impl Kept for Attachments {
    fn name(&self) -> &'static str {
        ATTACHMENTS
    }

    fn prefix(&self) -> &'static str {
        "attachments/"
    }

    async fn expected(&self, db: &Db, after: &str, limit: u64) -> Result<Vec<Expected>, DbErr> {
        let sql = "SELECT blob_key, MIN(file_name) AS name, MIN(sha256) AS sha256, MIN(size_bytes) AS size \
                   FROM attachment WHERE blob_key > $1 GROUP BY blob_key ORDER BY blob_key LIMIT $2";
        let found = rows(db, sql, after, limit).await?;
        found
            .iter()
            .map(|row| {
                Ok(Expected {
                    key: row.try_get("", "blob_key")?,
                    name: row.try_get("", "name")?,
                    sha256: row.try_get("", "sha256")?,
                    size: u64::try_from(row.try_get::<i64>("", "size")?).ok(),
                })
            })
            .collect()
    }

    async fn learn(&self, tx: &WriteTx, key: &str, sha256: &str) -> Result<(), DbErr> {
        let sql = "UPDATE attachment SET sha256 = $1 WHERE blob_key = $2 AND sha256 IS NULL";
        tx.execute_raw(statement(&**tx, sql, [sha256.into(), key.into()]))
            .await?;
        Ok(())
    }
}

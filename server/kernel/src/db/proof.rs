//! A proof that what is written is kept: one connection writes, another one reads it back.
//!
//! An engine that answers is not enough: one whose writer is stuck in a transaction answers every
//! write with success and keeps none.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use tokio::sync::Mutex;

use super::sql::statement;
use super::{Db, background};

/// A proof serves for so long: whoever asks more often costs no write.
const FRESH: Duration = Duration::from_secs(2);
/// A write that takes longer proves nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// When something was last tried, and whether it was kept.
#[derive(Debug, Default)]
pub(super) struct LastProof(Mutex<Option<(Instant, bool)>>);

/// Why no write could be proved.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// The engine refused, or could not be reached.
    #[error("the database refused a write: {0}")]
    Refused(#[from] DbErr),
    /// It was answered, and another connection does not see it.
    #[error("what is written is not kept: another connection does not see it")]
    Unseen,
    /// It was not answered in time.
    #[error("a write was not answered within five seconds")]
    TooLong,
    /// It was tried a moment ago, in vain.
    #[error("a write failed a moment ago")]
    Lately,
}

impl Db {
    /// Whether a write is kept, tried at most every two seconds.
    pub async fn keeps_writes(&self) -> Result<(), NotKept> {
        let mut last = self.shared.proof.0.lock().await;
        match *last {
            Some((at, true)) if at.elapsed() < FRESH => return Ok(()),
            Some((at, false)) if at.elapsed() < FRESH => return Err(NotKept::Lately),
            _ => {}
        }
        let proved = self.prove_a_write().await;
        *last = Some((Instant::now(), proved.is_ok()));
        proved
    }

    /// Writes, and reads it back by another connection.
    pub async fn prove_a_write(&self) -> Result<(), NotKept> {
        let tried = tokio::time::timeout(PATIENCE, self.write_and_read_back()).await;
        tried.map_err(|_| NotKept::TooLong)?
    }

    async fn write_and_read_back(&self) -> Result<(), NotKept> {
        let tx = self.write().await?;
        let sql = "UPDATE write_proof SET writes = writes + 1 WHERE id = 1 RETURNING writes";
        let row = tx.query_one_raw(statement(&*tx, sql, [])).await?;
        let written = writes(row)?;
        tx.commit().await?;
        // On PostgreSQL those of background work, which did not write this; on SQLite the readers.
        let read = background(async {
            let db = self.read();
            let sql = "SELECT writes FROM write_proof WHERE id = 1";
            db.query_one_raw(statement(db, sql, [])).await
        });
        // Another process may have proved something meanwhile.
        if writes(read.await?)? < written {
            return Err(NotKept::Unseen);
        }
        Ok(())
    }
}

fn writes(row: Option<QueryResult>) -> Result<i64, DbErr> {
    let row = row.ok_or_else(|| DbErr::RecordNotFound("write_proof".to_owned()))?;
    row.try_get("", "writes")
}

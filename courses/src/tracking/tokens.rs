//! The door before the queue of commits: which codes and tokens we gave, and when they end.
//!
//! A queue that anybody can fill makes those who work wait. Tokens that were
//! seen are remembered, so that an honest commit costs no query; the others are
//! looked up, all of a request in one statement. Whether a token still opens
//! anything is decided where the commit is written.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use passerelle_kernel::db::statement;
use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Db, Uuid, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::rows::marks;
use super::sink::Commit;

/// Tokens remembered at most: some megabytes.
const REMEMBERED: usize = 50_000;

/// The tokens that were seen.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<HashSet<Vec<u8>>>);

impl Tokens {
    /// Drops the commits whose token we never gave, or gave back. At most one statement.
    pub async fn keep_known(&self, db: &Db, items: &mut Vec<Commit>) -> Result<(), DbErr> {
        let strange: HashSet<Vec<u8>> = {
            let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            items
                .iter()
                .map(|item| &item.token_hash)
                .filter(|hash| !seen.contains(*hash))
                .cloned()
                .collect()
        };
        if strange.is_empty() {
            return Ok(());
        }
        let known = given(db, &strange).await?;
        items
            .retain(|item| !strange.contains(&item.token_hash) || known.contains(&item.token_hash));
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() + known.len() > REMEMBERED {
            seen.clear();
        }
        seen.extend(known);
        Ok(())
    }
}

/// Whether a launch waits for that code; asked before anything is written.
pub async fn code_waits(db: &Db, code: &str) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM launch WHERE code_hash = $1";
    let values = [token_hash(code).into()];
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, values))
        .await?;
    Ok(row.is_some())
}

/// Ends every launch of a person at once: codes and tokens are no more, and packages are read no more.
/// What a page had not sent waits on its device for the next launch, if there is one.
pub(super) async fn end_all(tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE launch SET code_hash = NULL, token_hash = NULL, expires_at = $2 \
               WHERE attempt_id IN (SELECT id FROM attempt WHERE person_id = $1) \
               AND (token_hash IS NOT NULL OR code_hash IS NOT NULL OR expires_at > $2)";
    let values = [person.into(), tx.env().now().into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

async fn given(db: &Db, hashes: &HashSet<Vec<u8>>) -> Result<HashSet<Vec<u8>>, DbErr> {
    let sql = format!(
        "SELECT token_hash FROM launch WHERE token_hash IN ({})",
        marks(1, hashes.len())
    );
    let values = hashes.iter().cloned().map(Value::from);
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, values))
        .await?;
    rows.iter()
        .map(|row| row.try_get("", "token_hash"))
        .collect()
}

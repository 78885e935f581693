//! Statements on attempts, counted under keys.

use passerelle_kernel::db::statement;
use passerelle_kernel::{Micros, WriteTx};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::accounts::model::{Attempts, Limit, THROTTLE_MEMORY};

/// Counts one attempt under `key`, or says until when to wait.
pub async fn charge(tx: &WriteTx, key: &str, limit: Limit) -> Result<Result<(), Micros>, DbErr> {
    let now = tx.env().now();
    let before = locked(tx, key).await?;
    match before.charge(now, limit) {
        Err(until) => Ok(Err(until)),
        Ok(after) => keep_attempts(tx, key, after).await.map(Ok),
    }
}

/// Takes back one attempt under `key`.
pub async fn give_back(tx: &WriteTx, key: &str, limit: Limit) -> Result<(), DbErr> {
    let before = locked(tx, key).await?;
    keep_attempts(tx, key, before.give_back(limit)).await
}

/// Forgets the attempts under `key`, and whatever is a day old.
pub async fn forget_attempts(tx: &WriteTx, key: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM sign_in_throttle WHERE key = $1 OR since <= $2";
    let old = tx.env().now() - THROTTLE_MEMORY;
    tx.execute_raw(statement(&**tx, sql, [key.into(), old.into()]))
        .await?;
    Ok(())
}

/// The attempts under `key`, locked until the transaction ends: an upsert that changes nothing.
async fn locked(tx: &WriteTx, key: &str) -> Result<Attempts, DbErr> {
    let sql = "INSERT INTO sign_in_throttle (key, since, failures, blocked_until) VALUES ($1, $2, 0, 0) \
               ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING since, failures, blocked_until";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [key.into(), tx.env().now().into()]))
        .await?;
    row.map_or_else(|| Ok(Attempts::default()), |row| attempts(&row))
}

fn attempts(row: &QueryResult) -> Result<Attempts, DbErr> {
    Ok(Attempts {
        since: row.try_get("", "since")?,
        failures: row.try_get("", "failures")?,
        blocked_until: row.try_get("", "blocked_until")?,
    })
}

async fn keep_attempts(tx: &WriteTx, key: &str, attempts: Attempts) -> Result<(), DbErr> {
    let sql =
        "UPDATE sign_in_throttle SET since = $1, failures = $2, blocked_until = $3 WHERE key = $4";
    let Attempts {
        since,
        failures,
        blocked_until,
    } = attempts;
    let values = [
        since.into(),
        failures.into(),
        blocked_until.into(),
        key.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

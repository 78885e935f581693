//! How many may leave for now, all campaigns together: a window that slides, and the plan of a new
//! sending address.
//!
//! What leaves is reserved in the transaction that marks it as leaving, one reservation after
//! another whoever sends: two campaigns, or two servers on one database, never exceed together
//! what either may alone. Departures are counted by the minute and by the day.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_standing::warm_up;

use crate::delivery::Limits;

/// Who reserves holds this until the end of the write.
const TURN: Uuid = Uuid::from_u128(0x6465_7061_7274_7572_6573);

/// What may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    /// How many of those that were asked for.
    pub count: usize,
    /// When to ask again for the rest.
    pub again_at: Micros,
}

/// What may still leave, and when more may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    most: u64,
    again_at: Micros,
}

/// Waits until no other write reserves: before anything else in it.
pub(super) async fn take_turn(tx: &WriteTx, limits: &Limits) -> Result<(), DbErr> {
    if limits.is_none() {
        return Ok(());
    }
    tx.hold(TURN).await
}

/// Reserves as many of `wanted` as may leave now. [`take_turn`] has been called.
pub(super) async fn reserve(
    tx: &WriteTx,
    limits: &Limits,
    wanted: usize,
) -> Result<Granted, DbErr> {
    let now = tx.env().now();
    let mut granted = Granted {
        count: wanted,
        again_at: now,
    };
    let lefts = [window(tx, limits, now).await?, plan(tx, limits, now).await?];
    for left in lefts.into_iter().flatten() {
        let count = usize::try_from(left.most).unwrap_or(usize::MAX);
        if count < granted.count {
            granted.count = count;
            granted.again_at = left.again_at;
        }
    }
    if limits.is_none() || granted.count == 0 {
        return Ok(granted);
    }
    let sql = "INSERT INTO mail_departure (length, slot, gone) VALUES ($1, $2, $3) \
               ON CONFLICT (length, slot) DO UPDATE SET gone = mail_departure.gone + excluded.gone";
    for length in [MINUTE, DAY] {
        let values: [Value; 3] = [
            length.into(),
            slot(now, length).into(),
            number(granted.count).into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(granted)
}

/// Gives back what was reserved lately and did not leave. What was reserved before this minute
/// stays counted: rather too few than too many.
pub(super) async fn give_back(tx: &WriteTx, limits: &Limits, count: usize) -> Result<(), DbErr> {
    if limits.is_none() || count == 0 {
        return Ok(());
    }
    let now = tx.env().now();
    let sql =
        "UPDATE mail_departure SET gone = gone - $3 WHERE length = $1 AND slot = $2 AND gone >= $3";
    for length in [MINUTE, DAY] {
        let values: [Value; 3] = [
            length.into(),
            slot(now, length).into(),
            number(count).into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
    }
    Ok(())
}

fn slot(at: Micros, length: Micros) -> Micros {
    at - at.rem_euclid(length)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What the window leaves. A minute of which any instant is within the window counts whole.
async fn window(tx: &WriteTx, limits: &Limits, now: Micros) -> Result<Option<Left>, DbErr> {
    let Some((most, length)) = limits.window else {
        return Ok(None);
    };
    let sql = "SELECT CAST(COALESCE(SUM(gone), 0) AS BIGINT) AS n FROM mail_departure WHERE length = $1 AND slot > $2";
    let gone = count(tx, sql, [MINUTE, now - length - MINUTE]).await?;
    Ok(Some(Left {
        most: u64::from(most).saturating_sub(gone.unsigned_abs()),
        // A little of the window has to pass for a little of it to be free.
        again_at: now + (length / 20).max(MINUTE),
    }))
}

/// What the plan of a new address leaves today.
async fn plan(tx: &WriteTx, limits: &Limits, now: Micros) -> Result<Option<Left>, DbErr> {
    let Some(first_day) = limits.warm_up else {
        return Ok(None);
    };
    let today = slot(now, DAY);
    let sql = "SELECT COUNT(*) AS n FROM mail_departure WHERE length = $1 AND slot >= $2 AND slot < $3 AND gone > 0";
    let before = count(tx, sql, [DAY, slot(first_day, DAY), today]).await?;
    let Some(most) = warm_up::allowance(u32::try_from(before).unwrap_or(u32::MAX)) else {
        return Ok(None);
    };
    let sql = "SELECT CAST(COALESCE(SUM(gone), 0) AS BIGINT) AS n FROM mail_departure WHERE length = $1 AND slot = $2";
    let gone = count(tx, sql, [DAY, today]).await?;
    Ok(Some(Left {
        most: u64::from(most).saturating_sub(gone.unsigned_abs()),
        // In the morning: a provider that puts off is answered the same day.
        again_at: today + DAY + 6 * HOUR,
    }))
}

async fn count<const N: usize>(tx: &WriteTx, sql: &str, values: [Micros; N]) -> Result<i64, DbErr> {
    let values = values.map(Value::from);
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

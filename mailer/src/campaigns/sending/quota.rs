//! How many may leave for now, all campaigns together: a window that slides, and the plan of a new
//! sending address.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Db, Micros};
use passerelle_standing::warm_up;

use crate::campaigns::model::place;
use crate::delivery::Limits;

/// What may still leave, and when more may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    /// How many now.
    pub left: u64,
    /// When to ask again once they have left.
    pub again_at: Micros,
}

impl Quota {
    fn of(most: u64, gone: i64, again_at: Micros) -> Self {
        Self {
            left: most.saturating_sub(gone.unsigned_abs()),
            again_at,
        }
    }

    /// The narrower of two; when either has nothing left, its time.
    fn narrower(self, other: Self) -> Self {
        if other.left < self.left { other } else { self }
    }
}

/// What may leave now; none for as many as there are.
pub(super) async fn quota(db: &Db, limits: &Limits) -> Result<Option<Quota>, DbErr> {
    let now = db.env().now();
    let mut narrowest: Option<Quota> = None;
    if let Some((most, length)) = limits.window {
        let gone = gone_since(db, now - length).await?;
        // A little of the window has to pass for a little of it to be free.
        let again_at = now + (length / 20).max(MINUTE);
        narrowest = Some(Quota::of(u64::from(most), gone, again_at));
    }
    if let Some(first_day) = limits.warm_up {
        let today = now - now.rem_euclid(DAY);
        let days = days_before(db, first_day, today).await?;
        if let Some(most) = warm_up::allowance(u32::try_from(days).unwrap_or(u32::MAX)) {
            let gone = gone_since(db, today).await?;
            // In the morning: a provider that puts off is answered the same day.
            let warm = Quota::of(u64::from(most), gone, today + DAY + 6 * HOUR);
            narrowest = Some(narrowest.map_or(warm, |known| known.narrower(warm)));
        }
    }
    Ok(narrowest)
}

/// Messages taken since then, of campaigns that were under way.
async fn gone_since(db: &Db, since: Micros) -> Result<i64, DbErr> {
    count(db, "COUNT(*)", "AND r.at >= $1", &[since]).await
}

/// Days before today on which something left, from the first one.
async fn days_before(db: &Db, first: Micros, today: Micros) -> Result<i64, DbErr> {
    let what = format!("COUNT(DISTINCT r.at / {DAY})");
    count(db, &what, "AND r.at >= $1 AND r.at < $2", &[first, today]).await
}

async fn count(db: &Db, what: &str, only: &str, values: &[Micros]) -> Result<i64, DbErr> {
    let sql = format!(
        "SELECT {what} AS n FROM mail_recipient r WHERE r.campaign_id IN \
         (SELECT id FROM mail_campaign WHERE started_at IS NOT NULL AND (finished_at IS NULL OR finished_at >= $1)) \
         AND r.state IN ({}, {}, {}) {only}",
        place::ACCEPTED,
        place::BOUNCED,
        place::COMPLAINED
    );
    let conn = db.read();
    let values = values.iter().map(|value| (*value).into());
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

//! Cohorts start and end on their local dates: a job at each of the two moments.

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler};
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Micros, WriteTx};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::calendar::{parse_date, today};
use super::entity::cohort;
use super::error::CohortError;
use super::model::CohortState;
use super::{ENDED, STARTED, store};

/// Kind of the job that moves cohorts on at their dates.
pub(super) const TURN: &str = "cohorts.turn";
/// Cohorts moved in one transaction.
const AT_ONCE: usize = 20;
/// Cohorts looked at; those whose day has not come in their zone do not hide the others.
const LOOKED_AT: u64 = 1_000;
/// Activities written one by one in the journal; beyond, their number and their sum only.
const MOST_LISTED: usize = 400;

/// Starts and ends the cohorts whose local date has come, at most 20; returns how many moved.
/// Starting one freezes its plan: a changed estimate never alters it any more.
pub async fn freeze_due(tx: &WriteTx, now: Micros) -> Result<usize, CohortError> {
    // Somewhere on Earth it is already tomorrow: each cohort is then judged in its own zone.
    let latest = today(now + DAY, &jiff::tz::TimeZone::UTC).to_string();
    let mut moved = 0;
    for cohort in store::turning_by(&**tx, &latest, LOOKED_AT).await? {
        if moved == AT_ONCE {
            break;
        }
        if turn(tx, &cohort, now).await? {
            moved += 1;
        }
    }
    Ok(moved)
}

async fn turn(tx: &WriteTx, cohort: &cohort::Model, now: Micros) -> Result<bool, CohortError> {
    let Some(state) = CohortState::parse(&cohort.state) else {
        return Ok(false);
    };
    let day = cohort.time().today(now);
    let (start, end) = (
        parse_date(&cohort.start_date)?,
        parse_date(&cohort.end_date)?,
    );
    let Some(next) = state.due(start, end, day) else {
        return Ok(false);
    };
    let sql = "UPDATE cohort SET state = $2, frozen_at = COALESCE(frozen_at, $3) WHERE id = $1 AND state = $4";
    let values = [
        cohort.id.into(),
        next.code().into(),
        now.into(),
        cohort.state.as_str().into(),
    ];
    if tx
        .execute_raw(statement(&**tx, sql, values))
        .await?
        .rows_affected()
        == 0
    {
        return Ok(false);
    }
    // A cohort entered after its last day has started and ended.
    if state == CohortState::Planned {
        tx.append(fact(cohort, STARTED, frozen_plan(tx, cohort).await?))
            .await?;
    }
    if next == CohortState::Ended {
        tx.append(fact(
            cohort,
            ENDED,
            json!({"start": cohort.start_date, "end": cohort.end_date}),
        ))
        .await?;
    }
    Ok(true)
}

fn fact(cohort: &cohort::Model, kind: &'static str, payload: Value) -> Fact {
    Fact {
        space: cohort.space_id,
        kind,
        actor: Actor::System("cohort dates"),
        subject: cohort.id,
        payload,
    }
}

/// What was agreed: the estimates that realised hours will be counted with.
async fn frozen_plan(tx: &WriteTx, cohort: &cohort::Model) -> Result<Value, CohortError> {
    let activities = store::activities_of(&**tx, cohort.id).await?;
    let minutes = activities
        .iter()
        .fold(0_i64, |sum, a| sum + i64::from(a.minutes));
    let mut payload = json!({
        "course": cohort.course_id,
        "start": cohort.start_date,
        "end": cohort.end_date,
        "agreed_minutes": cohort.agreed_minutes,
        "count": activities.len(),
        "minutes": minutes,
    });
    if activities.len() <= MOST_LISTED {
        let list: Vec<Value> = activities
            .iter()
            .map(|a| json!([a.activity_id, a.minutes, a.optional]))
            .collect();
        payload["activities"] = json!(list);
    }
    Ok(payload)
}

/// Runs [`freeze_due`] until nothing is due.
pub(super) struct Turn;

#[async_trait]
impl JobHandler for Turn {
    async fn run(&self, ctx: JobContext, _: Value) -> Result<(), JobError> {
        loop {
            let tx = ctx.db.write().await?;
            let moved = freeze_due(&tx, tx.env().now())
                .await
                .map_err(|e| JobError::Retry(e.to_string()))?;
            tx.commit().await?;
            if moved == 0 {
                return Ok(());
            }
        }
    }
}

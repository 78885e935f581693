//! The jobs table.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use serde_json::Value;
use uuid::Uuid;

use super::{JobError, LEASE, MAX_ATTEMPTS, NewJob};
use crate::db::{Db, Engine, WriteTx, statement};
use crate::env::{Micros, SECOND};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time.
    Waiting,
    /// Claimed by a worker.
    Running,
    /// Succeeded.
    Done,
    /// Gave up; a person must look.
    Failed,
}

impl JobState {
    fn parse(text: &str) -> Self {
        match text {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A job as listed to a person.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Identifier.
    pub id: Uuid,
    /// Kind.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Not before.
    pub run_at: Micros,
    /// Runs so far.
    pub attempts: i32,
    /// Why the last run failed.
    pub last_error: Option<String>,
}

/// A claimed job.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub id: Uuid,
    pub kind: String,
    pub payload: Value,
    pub attempt: i32,
    pub fence: i64,
}

pub(super) async fn insert(tx: &WriteTx, job: NewJob) -> Result<(), DbErr> {
    let now = tx.env().now();
    let sql = "INSERT INTO job (id, kind, payload, state, run_at, priority, attempts, fence, dedup_key, created_at) \
               VALUES ($1, $2, $3, 'waiting', $4, $5, 0, 0, $6, $7) ON CONFLICT (dedup_key) DO NOTHING";
    let values = [
        tx.env().id().into(),
        job.kind.into(),
        job.payload.to_string().into(),
        job.run_at.unwrap_or(now).into(),
        job.priority.into(),
        job.dedup.into(),
        now.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Claims at most `limit` jobs that are due, or whose worker has vanished.
pub(super) async fn claim(
    db: &Db,
    kinds: &[&'static str],
    limit: u64,
) -> Result<Vec<Claim>, DbErr> {
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let now = db.env().now();
    // An empty look first: idle workers must not take the write gate.
    let due = "SELECT 1 FROM job WHERE state IN ('waiting', 'running') AND run_at <= $1 LIMIT 1";
    if db
        .read()
        .query_one_raw(statement(db.read(), due, [now.into()]))
        .await?
        .is_none()
    {
        return Ok(Vec::new());
    }
    let names: Vec<String> = (0..kinds.len()).map(|i| format!("${}", i + 4)).collect();
    let skip = if db.engine() == Engine::Postgres {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, run_at = $2 \
         WHERE id IN (SELECT id FROM job WHERE state IN ('waiting', 'running') AND run_at <= $1 \
         AND kind IN ({}) ORDER BY priority DESC, run_at, id LIMIT $3{skip}) \
         RETURNING id, kind, payload, attempts, fence",
        names.join(", ")
    );
    // For a running job `run_at` is the end of its lease.
    let mut values: Vec<Sql> = vec![now.into(), (now + LEASE).into(), (limit as i64).into()];
    values.extend(kinds.iter().map(|kind| Sql::from(*kind)));
    let tx = db.write().await?;
    let rows = tx.query_all_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await?;
    rows.iter().map(read_claim).collect()
}

fn read_claim(row: &QueryResult) -> Result<Claim, DbErr> {
    let payload: String = row.try_get("", "payload")?;
    Ok(Claim {
        id: row.try_get("", "id")?,
        kind: row.try_get("", "kind")?,
        payload: serde_json::from_str(&payload).map_err(|e| DbErr::Json(e.to_string()))?,
        attempt: row.try_get("", "attempts")?,
        fence: row.try_get("", "fence")?,
    })
}

/// Extends the lease; false when somebody else has the job.
pub(super) async fn heartbeat(db: &Db, claim: &Claim) -> Result<bool, DbErr> {
    let sql = "UPDATE job SET run_at = $1 WHERE id = $2 AND fence = $3 AND state = 'running'";
    let until = db.env().now() + LEASE;
    let tx = db.write().await?;
    let done = tx
        .execute_raw(statement(
            &*tx,
            sql,
            [until.into(), claim.id.into(), claim.fence.into()],
        ))
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Records how a run ended; ignored when the fence has moved on.
pub(super) async fn finish(
    db: &Db,
    claim: &Claim,
    result: &Result<(), JobError>,
) -> Result<(), DbErr> {
    let now = db.env().now();
    let (state, run_at, error) = match result {
        Ok(()) => (JobState::Done, now, None),
        Err(JobError::Retry(why)) if claim.attempt < MAX_ATTEMPTS => (
            JobState::Waiting,
            now + backoff(claim.attempt),
            Some(why.clone()),
        ),
        Err(error) => (JobState::Failed, now, Some(error.to_string())),
    };
    // What a job carried (a link to sign in, an address) is not kept once it is done.
    let sql = "UPDATE job SET state = $1, run_at = $2, last_error = $3, finished_at = $4, \
               payload = CASE WHEN $7 THEN '{}' ELSE payload END WHERE id = $5 AND fence = $6";
    let finished = matches!(state, JobState::Done | JobState::Failed).then_some(now);
    let values = [
        state.code().into(),
        run_at.into(),
        error.into(),
        finished.into(),
        claim.id.into(),
        claim.fence.into(),
        result.is_ok().into(),
    ];
    let tx = db.write().await?;
    tx.execute_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await
}

/// 5 s, 10 s, 20 s … at most six hours.
fn backoff(attempt: i32) -> Micros {
    let doublings = attempt.clamp(1, 13) - 1;
    ((5 * SECOND) << doublings).min(6 * 3600 * SECOND)
}

/// Jobs by state and kind.
pub async fn counts(db: &Db) -> Result<Vec<(String, String, i64)>, DbErr> {
    let sql =
        "SELECT kind, state, COUNT(*) AS n FROM job GROUP BY kind, state ORDER BY kind, state";
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await?;
    rows.iter()
        .map(|r| {
            Ok((
                r.try_get("", "kind")?,
                r.try_get("", "state")?,
                r.try_get("", "n")?,
            ))
        })
        .collect()
}

/// The latest jobs in a state, at most 200.
pub async fn list(db: &Db, state: JobState) -> Result<Vec<JobRow>, DbErr> {
    let sql = "SELECT id, kind, state, run_at, attempts, last_error FROM job WHERE state = $1 \
               ORDER BY created_at DESC LIMIT 200";
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, [state.code().into()]))
        .await?;
    rows.iter()
        .map(|r| {
            let state: String = r.try_get("", "state")?;
            Ok(JobRow {
                id: r.try_get("", "id")?,
                kind: r.try_get("", "kind")?,
                state: JobState::parse(&state),
                run_at: r.try_get("", "run_at")?,
                attempts: r.try_get("", "attempts")?,
                last_error: r.try_get("", "last_error")?,
            })
        })
        .collect()
}

/// Says that a running job moves forward: whatever interrupted it before, its attempts begin
/// again.
pub async fn progressed(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE job SET attempts = 1 WHERE id = $1 AND state = 'running'";
    tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    Ok(())
}

/// Gives a failed job another series of attempts; false when it was not failed.
pub async fn retry(tx: &WriteTx, id: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE job SET state = 'waiting', attempts = 0, run_at = $1 WHERE id = $2 AND state = 'failed'";
    let done = tx
        .execute_raw(statement(&**tx, sql, [tx.env().now().into(), id.into()]))
        .await?;
    tx.note_enqueued();
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_up_to_six_hours() {
        assert_eq!(backoff(1), 5 * SECOND);
        assert_eq!(backoff(2), 10 * SECOND);
        assert_eq!(backoff(30), 5 * SECOND * 4096);
        assert!(backoff(i32::MAX) <= 6 * 3600 * SECOND);
    }
}

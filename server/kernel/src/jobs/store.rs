//! The jobs table.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value as Sql};
use serde_json::Value;
use uuid::Uuid;

use super::{JobError, LEASE, LastWrite, MAX_ATTEMPTS, NewJob};
use crate::db::{Db, Engine, WriteTx, ids, in_ids, statement};
use crate::env::{Micros, SECOND};
use crate::group::GroupSink;

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
    /// Whether it held a secret: once it has failed nothing of it is left to try again.
    pub secret: bool,
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
    let sql = "INSERT INTO job (id, kind, payload, state, run_at, priority, attempts, fence, dedup_key, created_at, secret) \
               VALUES ($1, $2, $3, 'waiting', $4, $5, 0, 0, $6, $7, $8) ON CONFLICT (dedup_key) DO NOTHING";
    let values = [
        tx.env().id().into(),
        job.kind.into(),
        job.payload.to_string().into(),
        job.run_at.unwrap_or(now).into(),
        job.priority.into(),
        job.dedup.into(),
        now.into(),
        job.secret.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// The rows of the partial index `job_open`, written as it says them.
const OPEN: &str = "state IN ('waiting', 'running')";

/// Claims at most `limit` jobs of the highest priority that has any which is due, or whose worker
/// has vanished. What it costs depends on neither how many are due nor how many will be.
pub(super) async fn claim(db: &Db, worker: &str, limit: usize) -> Result<Vec<Claim>, DbErr> {
    let now = db.env().now();
    // Looked for without writing: idle workers must not take the writer's turn.
    let Some(priority) = due(db, now).await? else {
        return Ok(Vec::new());
    };
    let skip = if db.engine() == Engine::Postgres {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    // For a running job `run_at` is the end of its lease.
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, run_at = $2, worker = $3 \
         WHERE id IN (SELECT id FROM job WHERE {OPEN} AND priority = $4 AND run_at <= $1 \
         ORDER BY run_at, id LIMIT $5{skip}) \
         RETURNING id, kind, payload, attempts, fence, priority"
    );
    let values: [Sql; 5] = [
        now.into(),
        (now + LEASE).into(),
        worker.into(),
        priority.into(),
        (limit as i64).into(),
    ];
    let tx = db.write().await?;
    let rows = tx.query_all_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await?;
    let mut claims: Vec<Claim> = rows.iter().map(read_claim).collect::<Result<_, _>>()?;
    // Identifiers follow each other in time; those of one instant stay in their order.
    claims.sort_by_key(|claim| claim.id);
    Ok(claims)
}

/// The highest priority of which a job is due: one step into the index for each priority there is.
async fn due(db: &Db, now: Micros) -> Result<Option<i32>, DbErr> {
    let first = format!("SELECT priority FROM job WHERE {OPEN}");
    let sql = format!(
        "WITH RECURSIVE level (priority) AS (\
           SELECT (SELECT priority FROM job WHERE {OPEN} ORDER BY priority DESC LIMIT 1) \
           UNION ALL \
           SELECT ({first} AND priority < level.priority ORDER BY priority DESC LIMIT 1) \
           FROM level WHERE level.priority IS NOT NULL) \
         SELECT priority FROM level WHERE priority IS NOT NULL AND EXISTS \
           (SELECT 1 FROM job WHERE {OPEN} AND job.priority = level.priority AND run_at <= $1) LIMIT 1"
    );
    let row = db
        .read()
        .query_one_raw(statement(db.read(), sql, [now.into()]))
        .await?;
    row.map(|row| row.try_get("", "priority")).transpose()
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

/// Extends the leases of those jobs, in one write; returns those that this worker still has.
pub(super) async fn heartbeat(
    db: &Db,
    worker: &str,
    held: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let until = db.env().now() + LEASE;
    let tx = db.write().await?;
    let sql = format!(
        "UPDATE job SET run_at = $1 WHERE id {} AND worker = $2 AND state = 'running' RETURNING id",
        in_ids(&*tx, 3)
    );
    let values = [until.into(), worker.into(), ids(held)];
    let rows = tx.query_all_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Gives jobs back that were claimed and not begun.
pub(super) async fn give_back(db: &Db, worker: &str, claims: &[Claim]) -> Result<(), DbErr> {
    if claims.is_empty() {
        return Ok(());
    }
    let held: Vec<Uuid> = claims.iter().map(|claim| claim.id).collect();
    let now = db.env().now();
    let tx = db.write().await?;
    let sql = format!(
        "UPDATE job SET state = 'waiting', attempts = attempts - 1, run_at = $1 \
         WHERE id {} AND worker = $2 AND state = 'running'",
        in_ids(&*tx, 3)
    );
    let values = [now.into(), worker.into(), ids(&held)];
    tx.execute_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await
}

/// Workers that jobs are running under.
pub(super) async fn workers(db: &Db) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT DISTINCT worker FROM job WHERE state = 'running' AND worker IS NOT NULL";
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await?;
    rows.iter().map(|row| row.try_get("", "worker")).collect()
}

/// Ends the leases of a worker that is dead; how many jobs it had.
pub(super) async fn bury(db: &Db, worker: &str) -> Result<u64, DbErr> {
    let sql = "UPDATE job SET run_at = $1 WHERE worker = $2 AND state = 'running'";
    let now = db.env().now();
    let tx = db.write().await?;
    let done = tx
        .execute_raw(statement(&*tx, sql, [now.into(), worker.into()]))
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

/// How a run ended, and what it writes with its end.
pub(super) struct Ended {
    pub claim: Claim,
    pub result: Result<(), JobError>,
    pub last: Vec<Arc<dyn LastWrite>>,
}

/// Records how runs ended, many in one write; ignored where the fence has moved on.
pub(super) struct Ends;

#[async_trait]
impl GroupSink for Ends {
    type Item = Ended;
    type Answer = ();

    async fn write(&self, tx: &WriteTx, items: &[Ended]) -> Result<Vec<()>, DbErr> {
        for last in items.iter().flat_map(|ended| &ended.last) {
            last.write(tx).await?;
        }
        for ended in items {
            finish(tx, &ended.claim, &ended.result).await?;
        }
        Ok(vec![(); items.len()])
    }
}

async fn finish(tx: &WriteTx, claim: &Claim, result: &Result<(), JobError>) -> Result<(), DbErr> {
    let now = tx.env().now();
    let (state, run_at, error) = match result {
        Ok(()) => (JobState::Done, now, None),
        Err(JobError::Nobody) => (
            JobState::Waiting,
            now + backoff(claim.attempt),
            Some(JobError::Nobody.to_string()),
        ),
        Err(JobError::Retry(why)) if claim.attempt < MAX_ATTEMPTS => (
            JobState::Waiting,
            now + backoff(claim.attempt),
            Some(why.clone()),
        ),
        Err(error) => (JobState::Failed, now, Some(error.to_string())),
    };
    // What a job carried (an address, the text of a mail) is not kept once it is done; a secret
    // (a link to sign in) not once it has failed either.
    let sql = "UPDATE job SET state = $1, run_at = $2, last_error = $3, finished_at = $4, \
               payload = CASE WHEN $7 OR (secret AND $8) THEN '{}' ELSE payload END WHERE id = $5 AND fence = $6";
    let finished = matches!(state, JobState::Done | JobState::Failed).then_some(now);
    let values = [
        state.code().into(),
        run_at.into(),
        error.into(),
        finished.into(),
        claim.id.into(),
        claim.fence.into(),
        (state == JobState::Done).into(),
        (state == JobState::Failed).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
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
    let sql = "SELECT id, kind, state, run_at, attempts, last_error, secret FROM job WHERE state = $1 \
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
                secret: r.try_get("", "secret")?,
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

/// Gives a failed job another series of attempts; false when it was not failed, or held a secret
/// that was not kept.
pub async fn retry(tx: &WriteTx, id: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE job SET state = 'waiting', attempts = 0, run_at = $1 WHERE id = $2 AND state = 'failed' AND NOT secret";
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

//! Jobs: at least once, visible, never silently dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use passerelle_kernel::Registry;
use passerelle_kernel::env::{HOUR, MINUTE};
use passerelle_kernel::jobs::{
    self, JobContext, JobEntry, JobError, JobHandler, JobRunner, JobState, NewJob,
};
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;
use serde_json::{Value, json};
use tokio::sync::watch;

struct Counting(Arc<AtomicUsize>);

#[async_trait]
impl JobHandler for Counting {
    async fn run(&self, ctx: JobContext, payload: Value) -> Result<(), JobError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match payload["how"].as_str() {
            Some("fatal") => Err(JobError::Fatal("never".into())),
            Some("twice") if ctx.attempt < 2 => Err(JobError::Retry("not yet".into())),
            Some("panic") => panic!("as asked"),
            _ => Ok(()),
        }
    }
}

fn runner(test: &TestDb) -> (JobRunner, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let mut registry = Registry::default();
    registry.add(JobEntry {
        kind: "test",
        handler: Arc::new(Counting(runs.clone())),
    });
    (JobRunner::new(test.db.clone(), &registry, 2), runs)
}

async fn enqueue(test: &TestDb, job: NewJob) {
    let tx = test.db.write().await.unwrap();
    tx.enqueue(job).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn a_job_of_a_rolled_back_change_never_runs(engine) {
        let test = TestDb::new(engine).await;
        let (runner, runs) = runner(&test);
        let tx = test.db.write().await.unwrap();
        tx.enqueue(NewJob::new("test", json!({}))).await.unwrap();
        tx.rollback().await.unwrap();
        runner.drain().await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    }
}

on_both_engines! {
    async fn a_job_that_fails_is_tried_again_later_and_one_with_a_key_runs_once(engine) {
        let test = TestDb::new(engine).await;
        let (runner, runs) = runner(&test);
        enqueue(&test, NewJob::new("test", json!({"how": "twice"})).dedup("k")).await;
        enqueue(&test, NewJob::new("test", json!({"how": "twice"})).dedup("k")).await;
        assert_eq!(runner.drain().await.unwrap().failed.len(), 1);
        assert_eq!(runner.drain().await.unwrap().failed.len(), 0, "not before its time");
        test.clock.advance(MINUTE);
        assert_eq!(runner.drain().await.unwrap().done, 1);
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }
}

on_both_engines! {
    async fn a_job_that_cannot_succeed_stays_visible_until_somebody_tries_again(engine) {
        let test = TestDb::new(engine).await;
        let (runner, _) = runner(&test);
        enqueue(&test, NewJob::new("test", json!({"how": "fatal"}))).await;
        enqueue(&test, NewJob::new("test", json!({"how": "panic"}))).await;
        assert_eq!(runner.drain().await.unwrap().failed.len(), 2);
        let failed = jobs::list(&test.db, JobState::Failed).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].last_error.as_deref(), Some("never"));
        let tx = test.db.write().await.unwrap();
        assert!(jobs::retry(&tx, failed[0].id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(runner.drain().await.unwrap().failed.len(), 1);
    }
}

on_both_engines! {
    async fn a_job_waits_for_its_time(engine) {
        let test = TestDb::new(engine).await;
        let (runner, runs) = runner(&test);
        enqueue(&test, NewJob::new("test", json!({})).at(passerelle_tests::database::START + HOUR)).await;
        runner.drain().await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 0);
        test.clock.advance(HOUR);
        runner.drain().await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

/// Writes for longer than several heartbeats, in one go.
struct Writing(Arc<AtomicUsize>);

#[async_trait]
impl JobHandler for Writing {
    async fn run(&self, ctx: JobContext, _payload: Value) -> Result<(), JobError> {
        let tx = ctx.db.write().await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.enqueue(NewJob::new("elsewhere", json!({}))).await?;
        tx.commit().await?;
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

on_both_engines! {
    async fn a_job_that_writes_for_long_is_not_stopped_by_its_own_heartbeat(engine) {
        let test = TestDb::new(engine).await;
        let ends = Arc::new(AtomicUsize::new(0));
        let mut registry = Registry::default();
        registry.add(JobEntry { kind: "writing", handler: Arc::new(Writing(ends.clone())) });
        let runner = JobRunner::new(test.db.clone(), &registry, 2).heartbeat(Duration::from_millis(20));
        enqueue(&test, NewJob::new("writing", json!({}))).await;
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(async move { runner.run(stopping).await });
        let ended = async {
            while ends.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), ended).await.expect("the job ends");
        stop.send(true).unwrap();
        running.await.unwrap();
    }
}

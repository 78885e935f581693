//! Jobs: at least once, visible, never silently dropped.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{HOUR, MINUTE};
use passerelle_kernel::jobs::{
    self, JobContext, JobEntry, JobError, JobHandler, JobRunner, JobState, LastWrite, NewJob,
};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Registry, WriteTx};
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

on_both_engines! {
    /// A job of a plugin that is switched off is not in the way of others, and waits for it.
    async fn a_job_that_nobody_runs_waits_and_is_in_nobodys_way(engine) {
        let test = TestDb::new(engine).await;
        let (runner, runs) = runner(&test);
        for _ in 0..100 {
            enqueue(&test, NewJob::new("of.another.plugin", json!({})).priority(1)).await;
        }
        enqueue(&test, NewJob::new("test", json!({}))).await;
        let report = runner.drain().await.unwrap();
        assert_eq!((report.done, report.failed.len()), (1, 0));
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert!(jobs::list(&test.db, JobState::Failed).await.unwrap().is_empty());
    }
}

on_both_engines! {
    async fn higher_priorities_run_first_whatever_is_due_later(engine) {
        let test = TestDb::new(engine).await;
        let order: Arc<Mutex<Vec<String>>> = Arc::default();
        let mut registry = Registry::default();
        registry.add(JobEntry { kind: "test", handler: Arc::new(Noting(order.clone())) });
        let runner = JobRunner::new(test.db.clone(), &registry, 2);
        let later = passerelle_tests::database::START + HOUR;
        for (name, priority) in [("low", -1), ("usual", 0), ("high", 5), ("usual too", 0)] {
            enqueue(&test, NewJob::new("test", json!({"name": name})).priority(priority)).await;
            enqueue(&test, NewJob::new("test", json!({"name": "later"})).priority(priority + 10).at(later)).await;
        }
        runner.drain().await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["high", "usual", "usual too", "low"]);
    }
}

struct Noting(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl JobHandler for Noting {
    async fn run(&self, _ctx: JobContext, payload: Value) -> Result<(), JobError> {
        let name = payload["name"].as_str().unwrap().to_owned();
        self.0.lock().unwrap().push(name);
        Ok(())
    }
}

on_both_engines! {
    /// A mail that could not be delivered kept its link to sign in for ever.
    async fn a_secret_is_kept_by_no_job_that_has_ended(engine) {
        let test = TestDb::new(engine).await;
        let (runner, _) = runner(&test);
        enqueue(&test, NewJob::new("test", json!({"how": "fatal", "link": "secret"})).secret()).await;
        enqueue(&test, NewJob::new("test", json!({"how": "fatal", "link": "open"}))).await;
        runner.drain().await.unwrap();
        let db = test.db.read();
        let sql = "SELECT payload FROM job WHERE state = 'failed' ORDER BY id";
        let rows = db.query_all_raw(statement(db, sql, [])).await.unwrap();
        let kept: Vec<String> = rows.iter().map(|row| row.try_get("", "payload").unwrap()).collect();
        assert_eq!(kept[0], "{}");
        assert!(kept[1].contains("open"));
        let failed = jobs::list(&test.db, JobState::Failed).await.unwrap();
        let tx = test.db.write().await.unwrap();
        for job in failed {
            assert_eq!(jobs::retry(&tx, job.id).await.unwrap(), !job.secret);
        }
        tx.commit().await.unwrap();
    }
}

/// What a job wrote at its end, or could not.
struct AtTheEnd(Arc<AtomicUsize>, &'static str);

#[async_trait]
impl JobHandler for AtTheEnd {
    async fn run(&self, ctx: JobContext, _payload: Value) -> Result<(), JobError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        ctx.in_the_end(Write(self.1));
        Ok(())
    }
}

struct Write(&'static str);

#[async_trait]
impl LastWrite for Write {
    async fn write(&self, tx: &WriteTx) -> Result<(), DbErr> {
        tx.execute_unprepared(self.0).await.map(|_| ())
    }
}

on_both_engines! {
    async fn what_a_job_writes_at_its_end_is_written_with_it_or_the_job_has_not_succeeded(engine) {
        let test = TestDb::new(engine).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let mut registry = Registry::default();
        for (kind, sql) in [("good", "UPDATE write_proof SET writes = 7"), ("bad", "INSERT INTO nowhere VALUES (1)")] {
            registry.add(JobEntry { kind, handler: Arc::new(AtTheEnd(runs.clone(), sql)) });
        }
        let runner = JobRunner::new(test.db.clone(), &registry, 2).heartbeat(Duration::from_millis(20));
        for kind in ["good", "bad", "good"] {
            enqueue(&test, NewJob::new(kind, json!({}))).await;
        }
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn({ let runner = runner.clone(); async move { runner.run(stopping).await } });
        let ended = async {
            loop {
                let counts = jobs::counts(&test.db).await.unwrap();
                let of = |kind: &str, state: &str| counts.iter().find(|(k, s, _)| k == kind && s == state).map_or(0, |(.., n)| *n);
                if of("good", "done") == 2 && of("bad", "waiting") == 1 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), ended).await.expect("they end");
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert_eq!(jobs::list(&test.db, JobState::Failed).await.unwrap().len(), 0);
    }
}

on_both_engines! {
    /// After a kill, jobs waited for a minute: the lease of a process that was seen to be dead.
    async fn the_jobs_of_a_process_that_has_ended_are_taken_at_once(engine) {
        let test = TestDb::new(engine).await;
        let (runner, runs) = runner(&test);
        enqueue(&test, NewJob::new("test", json!({}))).await;
        enqueue(&test, NewJob::new("test", json!({}))).await;
        // Another process had this one's number before.
        let ours = jobs::worker_name(test.db.env());
        let mut parts: Vec<&str> = ours.split('/').collect();
        parts[3] = "1";
        let dead = parts.join("/");
        let lease = passerelle_tests::database::START + MINUTE;
        let tx = test.db.write().await.unwrap();
        let sql = "UPDATE job SET state = 'running', run_at = $1, worker = $2";
        tx.execute_raw(statement(&*tx, sql, [lease.into(), dead.into()])).await.unwrap();
        // One of a process elsewhere keeps its own.
        let sql = "UPDATE job SET worker = 'another/machine/1/2/3' WHERE id = (SELECT MAX(id) FROM job)";
        let sql = if engine == passerelle_kernel::Engine::Postgres { sql.replace("MAX(id) FROM job", "id FROM job ORDER BY id DESC LIMIT 1") } else { sql.to_owned() };
        tx.execute_unprepared(&sql).await.unwrap();
        tx.commit().await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(async move { runner.run(stopping).await });
        let ended = async {
            while runs.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), ended).await.expect("it is taken");
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

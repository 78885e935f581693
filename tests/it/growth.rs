//! Background work that comes round again and again costs the same whatever waits: no scan and no
//! sort that grows with it, on either engine.
//!
//! Ten thousand mails that waited once made each commit of a trainee twenty times slower: every claim
//! of a job read and sorted all that were due, within the one write transaction. So what each piece
//! of such work costs is counted here over a small and a large scene: steps of SQLite's machine, pages
//! that PostgreSQL touches.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use passerelle_kernel::env::DAY;
use passerelle_kernel::jobs::{JobContext, JobEntry, JobError, JobHandler, JobRunner};
use passerelle_kernel::sea_orm::{ConnectionTrait, Statement};
use passerelle_kernel::stats::listen;
use passerelle_kernel::{Db, Engine, Registry};
use passerelle_tests::database::{START, TestDb};
use passerelle_tests::{TestApp, on_both_engines};
use serde_json::Value;

/// How often each piece of work is tried.
const TURNS: usize = 6;

/// Counts what a piece of work costs its engine.
struct Meter {
    db: Db,
    steps: Arc<AtomicU64>,
}

impl Meter {
    /// Of every connection that `db` has and will use in this test.
    async fn new(db: &Db, readers: usize) -> Self {
        let steps = Arc::new(AtomicU64::new(0));
        if db.engine() == Engine::Sqlite {
            let mut held = Vec::new();
            for (pool, count) in [(db.read(), readers), (db.writer_for_schema(), 1)] {
                for _ in 0..count {
                    let pool = pool.get_sqlite_connection_pool();
                    held.push(pool.acquire().await.unwrap());
                }
            }
            for connection in &mut held {
                let steps = steps.clone();
                let mut handle = connection.lock_handle().await.unwrap();
                handle.set_progress_handler(1, move || {
                    steps.fetch_add(1, Ordering::Relaxed);
                    true
                });
            }
        }
        Self {
            db: db.clone(),
            steps,
        }
    }

    /// What `work` costs.
    ///
    /// The least of several turns: the first ones also prepare their statements.
    async fn cost<T, F: Future<Output = T>>(&self, work: impl Fn() -> F) -> u64 {
        let mut least = u64::MAX;
        for _ in 0..TURNS {
            least = least.min(self.once(work()).await);
        }
        least
    }

    async fn once<T>(&self, work: impl Future<Output = T>) -> u64 {
        let before = self.steps.load(Ordering::Relaxed);
        let (_, heard) = listen(work).await;
        assert!(!heard.is_empty(), "nothing was asked");
        if self.db.engine() == Engine::Sqlite {
            return self.steps.load(Ordering::Relaxed) - before;
        }
        let mut pages = 0;
        for statement in heard {
            pages += self.pages(statement).await;
        }
        pages
    }

    /// Pages that a statement touches when it is run again; nothing of it is kept.
    async fn pages(&self, asked: Statement) -> u64 {
        let tx = self.db.write().await.unwrap();
        let sql = format!("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}", asked.sql);
        let explained = Statement { sql, ..asked };
        let row = tx.query_one_raw(explained).await.unwrap().unwrap();
        let plan: Value = row.try_get_by_index(0).unwrap();
        tx.rollback().await.unwrap();
        let top = &plan[0]["Plan"];
        let of = |name: &str| top[name].as_u64().unwrap_or_default();
        of("Shared Hit Blocks") + of("Shared Read Blocks")
    }
}

/// Numbers from 1 to `count` as rows `n (i)`, and a random identifier, in the engine's words.
fn numbers(engine: Engine, count: usize) -> (String, &'static str) {
    match engine {
        Engine::Sqlite => (
            format!(
                "(WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {count}) SELECT i FROM c) AS n"
            ),
            "randomblob(16)",
        ),
        Engine::Postgres => (
            format!("generate_series(1, {count}) AS n (i)"),
            "gen_random_uuid()",
        ),
    }
}

/// Fills a table: `columns` and their values for each `n.i`, `id` being a new identifier.
async fn fill(db: &Db, table: &str, columns: &str, values: &str, count: usize) {
    let (rows, id) = numbers(db.engine(), count);
    let values = values.replace("{id}", id);
    let tx = db.write().await.unwrap();
    tx.execute_unprepared(&format!(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {rows}"
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
    if db.engine() == Engine::Postgres {
        db.read().execute_unprepared("ANALYZE").await.unwrap();
    }
}

/// Jobs that are due, or will be tomorrow.
async fn jobs(db: &Db, run_at: i64, priority: i32, count: usize) {
    let columns = "id, kind, payload, state, run_at, priority, attempts, fence, created_at";
    let values =
        format!("{{id}}, 'test', '{{}}', 'waiting', {run_at} + n.i, {priority}, 0, 0, {START}");
    fill(db, "job", columns, &values, count).await;
}

struct Nothing;

#[async_trait]
impl JobHandler for Nothing {
    async fn run(&self, _: JobContext, _: Value) -> Result<(), JobError> {
        Ok(())
    }
}

/// Costs of a batch of jobs, over scenes with so many waiting.
async fn costs_of_jobs(engine: Engine, waiting: usize) -> (u64, u64) {
    let test = TestDb::new(engine).await;
    let mut registry = Registry::default();
    registry.add(JobEntry {
        kind: "test",
        handler: Arc::new(Nothing),
    });
    let runner = JobRunner::new(test.db.clone(), &registry, 2);
    let meter = Meter::new(&test.db, 4).await;
    jobs(&test.db, START + DAY, 1, waiting).await;
    jobs(&test.db, START + DAY, 0, waiting).await;
    jobs(&test.db, START - DAY, 0, 8 * TURNS).await;
    let later = meter
        .cost(|| async { runner.drain_some(8).await.unwrap() })
        .await;
    jobs(&test.db, START - DAY, 0, waiting).await;
    jobs(&test.db, START - DAY, -1, waiting).await;
    let due = meter
        .cost(|| async {
            assert_eq!(runner.drain_some(8).await.unwrap().done, 8);
            runner.beat().await.unwrap();
        })
        .await;
    (later, due)
}

fn assert_flat(what: &str, small: u64, large: u64) {
    assert!(
        large <= small + small / 2 + 40,
        "{what}: {small} over a small scene, {large} over one that is fifty times larger"
    );
}

on_both_engines! {
    /// 21 ms a claim with 9,238 jobs waiting, within the write transaction.
    async fn jobs_cost_the_same_whatever_waits_and_whatever_is_due_later(engine) {
        let (later, due) = costs_of_jobs(engine, 2_000).await;
        let (later_of_many, due_of_many) = costs_of_jobs(engine, 100_000).await;
        assert_flat("jobs due later", later, later_of_many);
        assert_flat("jobs due", due, due_of_many);
    }
}

/// What comes round in an application where so much waits and so much is past.
async fn rounds(engine: Engine, many: usize) -> Vec<(&'static str, u64)> {
    let app = TestApp::new(engine).await;
    let db = app.db().clone();
    let space = match engine {
        Engine::Sqlite => format!("X'{}'", app.space().simple()),
        Engine::Postgres => format!("CAST('{}' AS UUID)", app.space()),
    };
    app.run_jobs().await;
    let ahead = START + 10 * DAY;
    let columns =
        "id, space_id, address, title, etag, modified, next_at, failures, trouble, created_at";
    let values = format!(
        "{{id}}, {space}, 'https://exemple.test/' || n.i, '', '', '', {ahead} + n.i, 0, '', {START}"
    );
    fill(&db, "mail_feed", columns, &values, many).await;
    let values = format!("{{id}}, {space}, 'weekly', '[]', {START}, {ahead} + n.i");
    fill(
        &db,
        "mail_alert",
        "contact_id, space_id, rhythm, departments, since, next_at",
        &values,
        many,
    )
    .await;
    let columns = "id, space_id, email, email_key, given_name, family_name, organisation, job, department, lang, status, \
                   basis, source, purpose, created_at, updated_at";
    let values = format!(
        "{{id}}, {space}, 'p' || n.i || '@exemple.test', 'p' || n.i || '@exemple.test', '', '', '', '', '', 'fr', \
         'enabled', 'consent', '', '', {START}, {START}"
    );
    fill(&db, "mail_contact", columns, &values, many).await;
    let meter = Meter::new(&db, 4).await;
    let app = app.app();
    vec![
        (
            "the watch",
            meter
                .cost(|| async { passerelle_mailer::watch::beat(app).await.unwrap() })
                .await,
        ),
        (
            "messages of groups",
            meter
                .cost(|| async { passerelle_courses::automations::beat(app).await.unwrap() })
                .await,
        ),
        (
            "what letters forget",
            meter
                .cost(|| async { passerelle_mailer::terms::apply(app).await.unwrap() })
                .await,
        ),
        (
            "jobs",
            meter
                .cost(|| async {
                    let runner = JobRunner::new(db.clone(), app.registry(), 2);
                    runner.drain().await.unwrap();
                    runner.beat().await.unwrap();
                })
                .await,
        ),
    ]
}

on_both_engines! {
    async fn what_comes_round_costs_the_same_whatever_waits(engine) {
        let small = rounds(engine, 400).await;
        let large = rounds(engine, 20_000).await;
        for ((what, small), (_, large)) in small.into_iter().zip(large) {
            assert_flat(what, small, large);
        }
    }
}

/// What each recipient of a campaign costs.
async fn cost_of_a_recipient(engine: Engine, count: usize) -> u64 {
    let app = TestApp::new(engine).await;
    app.bulletin(count).await;
    let meter = Meter::new(app.db(), 4).await;
    let total = meter.once(app.run_jobs()).await;
    total / count as u64
}

/// On PostgreSQL what the connections of a campaign ask is not heard here: they are tasks of their own.
#[tokio::test]
async fn a_recipient_costs_the_same_however_many_there_are() {
    let small = cost_of_a_recipient(Engine::Sqlite, 200).await;
    let large = cost_of_a_recipient(Engine::Sqlite, 4_000).await;
    assert_flat("a recipient", small, large);
}

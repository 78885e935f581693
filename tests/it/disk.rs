//! A disk that fills up, a file that may not grow: what is refused leaves nothing, and what is
//! acknowledged afterwards is kept.
//!
//! SQLite ends a transaction by itself when it cannot write, and its driver does not notice: the
//! next transaction began as a savepoint within one that never ended. Answers were 204 again, nobody
//! else saw anything, and a graceful stop threw all of it away.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use passerelle::bench::client::{Browser, Client};
use passerelle::bench::scene::{self, Played};
use passerelle::bench::server::Server;
use passerelle::demo::PASSWORD;
use passerelle_kernel::Engine;
use passerelle_kernel::db::statement;
use passerelle_kernel::jobs::{self, NewJob};
use passerelle_kernel::sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use passerelle_tests::database::{TestDb, folder};
use passerelle_tests::on_both_engines;
use passerelle_tests::trace::program;
use serde_json::{Value, json};
use uuid::Uuid;

async fn enqueue(test: &TestDb, kind: &'static str) -> Result<(), DbErr> {
    let tx = test.db.write().await?;
    tx.enqueue(NewJob::new(kind, json!({}))).await?;
    tx.commit().await
}

async fn enqueued(test: &TestDb) -> i64 {
    let counts = jobs::counts(&test.db).await.unwrap();
    counts.iter().map(|(.., n)| n).sum()
}

on_both_engines! {
    /// PostgreSQL answers the commit of a transaction in which something failed with success, and
    /// keeps nothing; SQLite may have ended it, and keeps what came after each by itself.
    async fn a_write_in_which_something_failed_is_refused_as_a_whole(engine) {
        let test = TestDb::new(engine).await;
        let tx = test.db.write().await.unwrap();
        tx.enqueue(NewJob::new("before", json!({}))).await.unwrap();
        tx.execute_unprepared("INSERT INTO nowhere VALUES (1)").await.unwrap_err();
        tx.enqueue(NewJob::new("after", json!({}))).await.unwrap_err();
        tx.commit().await.unwrap_err();
        assert_eq!(enqueued(&test).await, 0);
        enqueue(&test, "next").await.unwrap();
        assert_eq!(enqueued(&test).await, 1);
        test.db.prove_a_write().await.unwrap();
    }
}

on_both_engines! {
    /// Ended behind the driver's back: as a full disk does, and an administrator's command.
    async fn a_write_that_the_engine_ended_by_itself_is_not_in_the_way_of_the_next(engine) {
        let test = TestDb::new(engine).await;
        for how in ["ROLLBACK", "COMMIT"] {
            let tx = test.db.write().await.unwrap();
            tx.execute_unprepared(how).await.unwrap();
            // Whatever is said of it, the next ones are kept.
            let _ = tx.commit().await;
            for _ in 0..3 {
                enqueue(&test, "next").await.unwrap();
            }
        }
        assert_eq!(enqueued(&test).await, 6);
        let tx = test.db.write().await.unwrap();
        tx.execute_unprepared("ROLLBACK").await.unwrap();
        drop(tx);
        enqueue(&test, "next").await.unwrap();
        assert_eq!(enqueued(&test).await, 7);
        test.db.prove_a_write().await.unwrap();
    }
}

/// The engine's own bound on its pages is met as a full disk is: within a statement, which ends the
/// transaction.
#[tokio::test]
async fn what_is_acknowledged_after_a_full_database_is_kept() {
    let test = TestDb::new(Engine::Sqlite).await;
    let writer = test.db.writer_for_schema();
    let pages = writer
        .query_one_raw(statement(writer, "PRAGMA page_count", []))
        .await
        .unwrap()
        .unwrap();
    let pages: i64 = pages.try_get_by_index(0).unwrap();
    let bound = format!("PRAGMA max_page_count = {}", pages + 8);
    writer.execute_unprepared(&bound).await.unwrap();
    let (done, refused) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let (db, done, refused) = (test.db.clone(), done.clone(), refused.clone());
        tasks.push(tokio::spawn(async move {
            for _ in 0..40 {
                let long = json!({"text": "t".repeat(3_000)});
                let written = async {
                    let tx = db.write().await?;
                    tx.enqueue(NewJob::new("long", long)).await?;
                    tx.commit().await
                };
                match written.await {
                    Ok(()) => done.fetch_add(1, Ordering::SeqCst),
                    Err(_) => refused.fetch_add(1, Ordering::SeqCst),
                };
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let done = done.load(Ordering::SeqCst) as i64;
    assert!(refused.load(Ordering::SeqCst) > 0, "it was never full");
    assert!(done > 0, "nothing was written");
    assert_eq!(enqueued(&test).await, done, "seen by who reads");
    test.db.prove_a_write().await.unwrap();
    let (url, folder) = (test.url.clone(), test.folder);
    test.db.close().await.unwrap();
    let again = sea_orm::Database::connect(&url).await.unwrap();
    let row = again
        .query_one_raw(statement(&again, "SELECT COUNT(*) FROM job", []))
        .await
        .unwrap()
        .unwrap();
    let kept: i64 = row.try_get_by_index(0).unwrap();
    assert_eq!(kept, done, "kept by the next process");
    drop(folder);
}

/// What stops a server from writing, until it is lifted.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// Its disk is full.
    Full,
    /// Its files may not grow.
    Bounded,
}

/// A small file system of the test's own, where this machine lets us make one.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let mut command = Command::new("mount");
        command
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(at);
        let made = command.output().is_ok_and(|output| output.status.success());
        made.then(|| Self(at.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

impl Trouble {
    fn begin(self, folder: &Path, pid: u32) {
        match self {
            Self::Full => {
                let filler = std::fs::File::create(folder.join("filler")).unwrap();
                let mut filler = std::io::BufWriter::with_capacity(1 << 12, filler);
                let block = [1_u8; 1 << 12];
                while std::io::Write::write_all(&mut filler, &block).is_ok() {}
                let _ = filler.into_parts();
            }
            Self::Bounded => limit(pid, "262144"),
        }
    }

    fn end(self, folder: &Path, pid: u32) {
        match self {
            Self::Full => std::fs::remove_file(folder.join("filler")).unwrap(),
            Self::Bounded => limit(pid, "unlimited"),
        }
    }
}

fn limit(pid: u32, bytes: &str) {
    let mut command = Command::new("prlimit");
    command.args([
        "--pid",
        &pid.to_string(),
        &format!("--fsize={bytes}:unlimited"),
    ]);
    assert!(command.status().unwrap().success(), "{command:?}");
}

/// Commits until told to stop, whatever the answer; the last sequence that was acknowledged.
async fn commit_on(
    mut player: Played,
    counts: Arc<[AtomicU64; 2]>,
    stop: Arc<AtomicUsize>,
) -> (Uuid, Uuid, u64) {
    let mut acknowledged = 0;
    while stop.load(Ordering::SeqCst) == 0 {
        let seq = player.seq;
        let set = json!({"cmi.suspend_data": format!("{seq}-{}", "d".repeat(2_000))});
        match player.commit(&set).await {
            Ok(204) => {
                acknowledged = seq;
                counts[0].fetch_add(1, Ordering::SeqCst);
            }
            Ok(503) => {
                counts[1].fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            other => panic!("a commit was answered {other:?}"),
        }
    }
    let id = |name: &str| player.launch[name].as_str().unwrap().parse().unwrap();
    (id("attempt"), id("launch"), acknowledged)
}

async fn stored(db: &DatabaseConnection, attempt: Uuid) -> u64 {
    let sql = "SELECT elements FROM sco_state WHERE attempt_id = $1";
    let row = db
        .query_one_raw(statement(db, sql, [attempt.into()]))
        .await
        .unwrap();
    let Some(row) = row else { return 0 };
    let state: String = row.try_get("", "elements").unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    let data = state["cmi.suspend_data"].as_str().unwrap_or("0-");
    data.split('-').next().unwrap().parse().unwrap()
}

async fn ready(server: &Server) -> u16 {
    let mut client = Client::new(server.pages, &server.pages.to_string());
    let asked = client.send(axum::http::Method::GET, "/health/ready", &[], "");
    asked.await.unwrap().status
}

async fn wait_for(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1_500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}: waited for in vain");
}

async fn everything_acknowledged_is_kept(trouble: Trouble, folder: &Path) {
    const PLAYERS: usize = 16;
    let url = format!("sqlite:{}", folder.join("test.sqlite").display());
    let scene = scene::prepare(folder, &url, PLAYERS, PLAYERS)
        .await
        .unwrap();
    let mut server = Server::start(&program(), folder, &url).await.unwrap();
    let counts: Arc<[AtomicU64; 2]> = Arc::default();
    let stop = Arc::new(AtomicUsize::new(0));
    let mut committing = Vec::new();
    for (enrolment, who) in &scene.players {
        let mut browser = Browser::sign_in(server.pages, who, PASSWORD).await.unwrap();
        let player = scene::open_module(&mut browser, server.content, *enrolment, scene.activity);
        let player = player.await.unwrap();
        committing.push(tokio::spawn(commit_on(
            player,
            counts.clone(),
            stop.clone(),
        )));
    }
    let of = |n: usize| counts[n].load(Ordering::SeqCst);
    wait_for("commits", || of(0) > 100).await;
    trouble.begin(folder, server.pid());
    wait_for("a refusal", || of(1) > 20).await;
    if matches!(trouble, Trouble::Bounded) {
        // On a full disk a small write may still find its place within the log.
        assert_eq!(ready(&server).await, 503, "it says that it is ready");
    }
    trouble.end(folder, server.pid());
    let before = of(0);
    wait_for("commits again", || of(0) > before + 500).await;
    stop.store(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(
        ready(&server).await,
        200,
        "{trouble:?}: it does not say that it is ready again"
    );
    let mut players = Vec::new();
    for task in committing {
        players.push(task.await.unwrap());
    }
    let db = sea_orm::Database::connect(&url).await.unwrap();
    for (attempt, _, acknowledged) in &players {
        let kept = stored(&db, *attempt).await;
        assert!(
            kept >= *acknowledged,
            "{trouble:?}: {acknowledged} acknowledged, {kept} seen"
        );
    }
    db.close().await.unwrap();
    server.stop().await.unwrap();
    let db = sea_orm::Database::connect(&url).await.unwrap();
    for (attempt, _, acknowledged) in &players {
        let kept = stored(&db, *attempt).await;
        assert!(
            kept >= *acknowledged,
            "{trouble:?}: {acknowledged} acknowledged, {kept} kept"
        );
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_server_whose_disk_was_full_keeps_what_it_acknowledges() {
    let folder = folder();
    // Where no file system can be made, the other test stands for this one.
    if let Some(_disk) = Disk::mount(folder.path()) {
        everything_acknowledged_is_kept(Trouble::Full, folder.path()).await;
    }
}

#[tokio::test]
async fn a_server_whose_files_could_not_grow_keeps_what_it_acknowledges() {
    let folder = folder();
    everything_acknowledged_is_kept(Trouble::Bounded, folder.path()).await;
}

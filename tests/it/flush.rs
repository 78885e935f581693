//! Durability under `strace`: between the reading of a commit and its answer, a
//! flush of the log has come back. A kill does not show its absence: the kernel
//! keeps what was written, a power cut does not.

use passerelle::bench::client::Browser;
use passerelle::bench::scene::{self, Played};
use passerelle::bench::server::Server;
use passerelle::demo::PASSWORD;
use passerelle_tests::postgres::Cluster;
use passerelle_tests::trace::{Traced, exchanges, flushes, program};
use serde_json::json;

const COMMITS: usize = 20;

async fn player(server: &Server, scene: &scene::Scene) -> Played {
    let (enrolment, who) = &scene.players[0];
    let mut browser = Browser::sign_in(server.pages, who, PASSWORD).await.unwrap();
    scene::open_module(&mut browser, server.content, *enrolment, scene.activity)
        .await
        .unwrap()
}

async fn commit_again_and_again(player: &mut Played) {
    for n in 0..COMMITS {
        let set = json!({"cmi.suspend_data": format!("place {n}")});
        assert_eq!(player.commit(&set).await.unwrap(), 204);
    }
}

fn all_flushed(exchanges: &[(f64, f64)], flushes: &[f64]) {
    assert_eq!(exchanges.len(), COMMITS, "every commit is in the trace");
    for (read, answered) in exchanges {
        assert!(
            flushes.iter().any(|at| read < at && at < answered),
            "no flush between {read} and {answered}"
        );
    }
}

#[tokio::test]
async fn sqlite_flushes_its_log_before_a_commit_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("flush.sqlite").display());
    let scene = scene::prepare(folder.path(), &url, 2, 1).await.unwrap();
    let server = Server::start(&program(), folder.path(), &url)
        .await
        .unwrap();
    let mut player = player(&server, &scene).await;
    let traced = Traced::attach(server.pid(), &folder.path().join("trace"));
    commit_again_and_again(&mut player).await;
    let trace = traced.detach();
    let exchanges = exchanges(&trace, "POST /t/commit", "HTTP/1.1 204");
    all_flushed(&exchanges, &flushes(&trace, "flush.sqlite-wal"));
}

#[tokio::test]
async fn postgresql_flushes_its_log_before_a_commit_is_answered() {
    let folder = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let cluster = Cluster::start(&folder.path().join("pg"), "");
    let url = cluster.url("postgres");
    let data = folder.path().join("data");
    let scene = scene::prepare(&data, &url, 2, 1).await.unwrap();
    // Its processes are followed from their start: the server connects after this.
    let engine = Traced::attach(cluster.pid(), &folder.path().join("engine"));
    let server = Server::start(&program(), &data, &url).await.unwrap();
    let mut player = player(&server, &scene).await;
    let traced = Traced::attach(server.pid(), &folder.path().join("trace"));
    commit_again_and_again(&mut player).await;
    let (trace, engine) = (traced.detach(), engine.detach());
    drop(server);
    cluster.stop();
    let exchanges = exchanges(&trace, "POST /t/commit", "HTTP/1.1 204");
    all_flushed(&exchanges, &flushes(&engine, "pg_wal"));
}

//! A server that is killed again and again in the middle of commits loses none
//! that it has answered: finds answers that are given too early.

use std::time::Duration;

use passerelle::bench::client::Browser;
use passerelle::bench::scene::{self, Played};
use passerelle::bench::server::Server;
use passerelle::demo::PASSWORD;
use passerelle_kernel::db::statement;
use passerelle_tests::database::{folder, fresh_url};
use passerelle_tests::on_both_engines;
use passerelle_tests::trace::program;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};
use uuid::Uuid;

const KILLS: u64 = 20;
const PLAYERS: usize = 4;

/// Commits until the server no longer answers; the last sequence it answered.
async fn commit_until_killed(mut player: Played) -> (Uuid, Uuid, u64) {
    let mut answered = 0;
    loop {
        let seq = player.seq;
        let set = json!({"cmi.suspend_data": seq.to_string()});
        match player.commit(&set).await {
            Ok(204) => answered = seq,
            Ok(other) => panic!("a commit was answered {other}"),
            Err(_) => break,
        }
    }
    let id = |name: &str| player.launch[name].as_str().unwrap().parse().unwrap();
    (id("attempt"), id("launch"), answered)
}

/// The sequence and the data that are stored.
async fn stored(db: &DatabaseConnection, attempt: Uuid, launch: Uuid) -> (u64, u64) {
    let sql = "SELECT l.last_seq, s.elements FROM launch l JOIN sco_state s ON s.attempt_id = l.attempt_id \
               WHERE l.id = $1 AND l.attempt_id = $2";
    let row = db
        .query_one_raw(statement(db, sql, [launch.into(), attempt.into()]))
        .await
        .unwrap()
        .unwrap();
    let seq: i64 = row.try_get("", "last_seq").unwrap();
    let state: String = row.try_get("", "elements").unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    let data = state["cmi.suspend_data"].as_str().unwrap_or("0");
    (seq as u64, data.parse().unwrap())
}

on_both_engines! {
    async fn twenty_kills_lose_no_acknowledged_commit(engine) {
        let folder = folder();
        let url = fresh_url(engine, &folder).await;
        let scene = scene::prepare(folder.path(), &url, PLAYERS, PLAYERS).await.unwrap();
        let mut browsers: Vec<Browser> = Vec::new();
        let mut most = 0;
        for kill in 0..KILLS {
            let mut server = Server::start(&program(), folder.path(), &url).await.unwrap();
            let mut committing = Vec::new();
            for (n, (enrolment, who)) in scene.players.iter().enumerate() {
                let mut browser = match browsers.get(n) {
                    Some(known) => known.another(server.pages),
                    None => Browser::sign_in(server.pages, who, PASSWORD).await.unwrap(),
                };
                let player = scene::open_module(&mut browser, server.content, *enrolment, scene.activity);
                committing.push(tokio::spawn(commit_until_killed(player.await.unwrap())));
                if browsers.len() == n {
                    browsers.push(browser);
                }
            }
            tokio::time::sleep(Duration::from_millis(40 + kill * 37 % 160)).await;
            server.kill().await.unwrap();
            let db = sea_orm::Database::connect(&url).await.unwrap();
            for task in committing {
                let (attempt, launch, answered) = task.await.unwrap();
                if answered == 0 {
                    continue;
                }
                let (seq, data) = stored(&db, attempt, launch).await;
                assert!(seq >= answered, "kill {kill}: {answered} was answered, {seq} is stored");
                assert!(data >= answered, "kill {kill}: {answered} was answered, its data are those of {data}");
                most = most.max(answered);
            }
            db.close().await.unwrap();
        }
        assert!(most > 0, "no commit was answered before a kill: nothing was tried");
    }
}

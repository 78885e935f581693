//! A campaign through real mail servers, and through twenty kills.

use std::collections::HashMap;
use std::time::Duration;

use passerelle::bench::server::Server;
use passerelle::demo::readers;
use passerelle::host::{Host, Parts};
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::Actor;
use passerelle_people::NewSpace;
use passerelle_tests::database::{folder, fresh_url};
use passerelle_tests::on_both_engines;
use passerelle_tests::postal::Postfix;
use passerelle_tests::trace::program;
use sea_orm::ConnectionTrait;

const KILLS: u64 = 20;
const RECIPIENTS: usize = 10_000;
const CONNECTIONS: usize = 10;

/// Makes a space with so many readers, and a letter that leaves as soon as a server runs.
async fn prepare(folder: &std::path::Path, url: &str, count: usize) {
    let config = passerelle::bench::scene::config(folder, url).expect("settings");
    let host = Host::open(&config, Parts::default(), true)
        .await
        .expect("a host");
    let app = &host.app;
    let tx = app.db().write().await.expect("a write");
    passerelle_people::create_space(
        &tx,
        NewSpace::new("accueil", "Centre"),
        Actor::System("test"),
    )
    .await
    .expect("a space");
    tx.commit().await.expect("committed");
    let space = app
        .directory()
        .space_by_slug(app.db(), "accueil")
        .await
        .expect("a space")
        .expect("a space");
    let list = readers::list(app, &space, "Flash Info", "")
        .await
        .expect("a list");
    readers::readers(app, &space, &list, 0..count, "exemple.test")
        .await
        .expect("readers");
    readers::send_bulletin(app, &space, &list)
        .await
        .expect("a letter");
    app.db().clone().close().await.expect("closed");
}

/// How many recipients are in that state.
async fn in_state(url: &str, condition: &str) -> i64 {
    let db = sea_orm::Database::connect(url).await.expect("connected");
    let sql = format!("SELECT COUNT(*) AS n FROM mail_recipient WHERE {condition}");
    let row = db
        .query_one_raw(statement(&db, sql, []))
        .await
        .expect("a query")
        .expect("a row");
    row.try_get("", "n").expect("a number")
}

async fn state(url: &str) -> String {
    let db = sea_orm::Database::connect(url).await.expect("connected");
    let sql = "SELECT state FROM mail_campaign";
    let row = db
        .query_one_raw(statement(&db, sql, []))
        .await
        .expect("a query")
        .expect("a row");
    row.try_get("", "state").expect("a word")
}

/// As when the minute of a dead worker's lease has gone by.
async fn let_the_lease_run_out(url: &str) {
    let db = sea_orm::Database::connect(url).await.expect("connected");
    let sql = "UPDATE job SET run_at = 0 WHERE state = 'running'";
    db.execute_raw(statement(&db, sql, []))
        .await
        .expect("changed");
}

async fn start(folder: &std::path::Path, url: &str, post: &Postfix) -> Server {
    let connections = CONNECTIONS.to_string();
    let settings = [
        ("PASSERELLE_MAIL_URL", post.url()),
        ("PASSERELLE_MAIL_FROM", "centre@exemple.test".to_owned()),
        ("PASSERELLE_MAIL_RETURN", "retours@exemple.test".to_owned()),
        ("PASSERELLE_MAIL_DKIM_SELECTOR", "essai".to_owned()),
        ("PASSERELLE_MAIL_CONNECTIONS", connections),
    ];
    Server::start_with(&program(), folder, url, &settings)
        .await
        .expect("a server")
}

/// Waits until more have left than that.
async fn wait_for_more(url: &str, than: i64) {
    for _ in 0..600 {
        if in_state(url, "state = 2").await > than + 50 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing leaves");
}

async fn wait_until_finished(url: &str) {
    for _ in 0..3_000 {
        if state(url).await == "finished" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!(
        "the campaign does not end: {} wait",
        in_state(url, "state = 0").await
    );
}

on_both_engines! {
    async fn twenty_kills_forget_nobody_and_repeat_what_was_in_flight_at_most(engine) {
        let folder = folder();
        let url = fresh_url(engine, &folder).await;
        prepare(folder.path(), &url, RECIPIENTS).await;
        let post = Postfix::start();
        let (mut kills, mut accepted, mut flying) = (0, 0, Vec::new());
        for kill in 0..KILLS {
            let mut server = start(folder.path(), &url, &post).await;
            wait_for_more(&url, accepted).await;
            tokio::time::sleep(Duration::from_millis(kill * 53 % 200)).await;
            server.kill().await.expect("killed");
            kills += 1;
            accepted = in_state(&url, "state = 2").await;
            flying.push(in_state(&url, "state = 1").await);
            let_the_lease_run_out(&url).await;
        }
        let before = in_state(&url, "state = 2").await;
        let server = start(folder.path(), &url, &post).await;
        wait_until_finished(&url).await;
        drop(server);
        post.settle();
        let mut copies: HashMap<String, usize> = HashMap::new();
        for id in post.message_ids() {
            *copies.entry(id).or_default() += 1;
        }
        let repeats: usize = copies.values().map(|n| n - 1).sum();
        let counted = in_state(&url, "repeats > 0").await;
        let most: i64 = flying.iter().sum();
        eprintln!(
            "{kills} kills, {before} accepted before the last run; in flight at each: {flying:?}; \
             {} of {RECIPIENTS} received, {repeats} twice, {counted} counted as possible repeats",
            copies.len()
        );
        assert!(before > 0 && before < RECIPIENTS as i64, "the kills fall within the campaign: {before}");
        assert_eq!(copies.len(), RECIPIENTS, "everybody has it");
        assert!(flying.iter().all(|n| *n <= CONNECTIONS as i64), "{flying:?}");
        assert!(repeats as i64 <= most, "{repeats} repeats, {most} in flight");
        assert!(repeats as i64 <= counted, "{repeats} repeats, {counted} counted");
    }
}

on_both_engines! {
    async fn a_real_server_refuses_puts_off_and_takes_and_each_is_told_apart(engine) {
        let post = Postfix::start();
        let url = post.url();
        let app = passerelle_tests::TestApp::sending(engine, &url, |config| {
            config.mail_from = "centre@exemple.test".to_owned();
            config.mail_return = "retours@exemple.test".to_owned();
            config.mail_dkim_selector = "essai".to_owned();
        })
        .await;
        let space = app.app().directory().space_by_slug(app.db(), "centre").await.expect("a space").expect("a space");
        let list = readers::list(app.app(), &space, "Flash Info", "").await.expect("a list");
        readers::readers(app.app(), &space, &list, 0..20, "exemple.test").await.expect("readers");
        for (at, name) in ["inconnu", "plus-tard", "élodie", "rebond"].iter().enumerate() {
            let key = format!("{name}@exemple.test");
            let sql = "UPDATE mail_contact SET email = $1, email_key = $1 WHERE email_key = $2";
            app.run(sql, [key.into(), format!("lectrice.{at}@exemple.test").into()]).await;
        }
        readers::send_bulletin(app.app(), &space, &list).await.expect("a letter");
        app.run_jobs().await;
        let count = async |condition: &str| {
            app.count(&format!("SELECT COUNT(*) FROM mail_recipient WHERE {condition}"), []).await
        };
        assert_eq!(count("state = 2").await, 18);
        assert_eq!(count("state = 3 AND detail LIKE '%5.1.1%'").await, 1);
        assert_eq!(count("state = 0 AND attempts = 1 AND detail LIKE '%4.2.1%'").await, 1);
        assert_eq!(count("detail LIKE '%inconnu@%' OR detail LIKE '%plus-tard@%'").await, 0, "no address in what is kept");
        // Put off for two days, then given up.
        for _ in 0..9 {
            app.clock().advance(13 * passerelle_kernel::env::HOUR);
            app.run_jobs().await;
        }
        assert_eq!(count("state = 4 AND attempts = 9").await, 1);
        let state = app.text("SELECT state FROM mail_campaign", []).await;
        assert_eq!(state.as_deref(), Some("finished"));
        post.settle();
        let taken: Vec<String> = post.files("tout").iter().map(|path| std::fs::read_to_string(path).expect("a message")).collect();
        assert_eq!(taken.len(), 17);
        for message in &taken {
            for header in ["DKIM-Signature: ", "List-Unsubscribe: <http", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Id: ", "Return-Path: <retours+"] {
                assert!(message.contains(header), "{header} in {message}");
            }
        }
        assert!(taken.iter().any(|message| message.contains("élodie@exemple.test")));
        // What was taken and could not be delivered comes back where its token says.
        let bounces = post.files("retours");
        assert_eq!(bounces.len(), 1);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_mail_server_that_is_away_is_waited_for_before_somebody_is_asked(engine) {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let app = passerelle_tests::TestApp::sending(engine, &format!("smtp://{nobody}"), |_| ()).await;
        let space = app.app().directory().space_by_slug(app.db(), "centre").await.expect("a space").expect("a space");
        let list = readers::list(app.app(), &space, "Flash Info", "").await.expect("a list");
        readers::readers(app.app(), &space, &list, 0..20, "exemple.test").await.expect("readers");
        readers::send_bulletin(app.app(), &space, &list).await.expect("a letter");
        let state = async || app.text("SELECT state FROM mail_campaign", []).await;
        let mut tries = 0;
        while state().await.as_deref() == Some("running") {
            app.run_failing_jobs().await;
            app.clock().advance(passerelle_kernel::env::HOUR);
            tries += 1;
            assert!(tries < 12, "it goes on for ever");
        }
        assert_eq!((tries, state().await.as_deref()), (8, Some("paused")));
        let waiting = "SELECT COUNT(*) FROM mail_recipient WHERE state = 0 AND attempts = 0";
        assert_eq!(app.count(waiting, []).await, 20, "nobody lost an attempt");
        let id = app.id("SELECT id FROM mail_campaign", []).await;
        let manager = app.as_manager().await;
        let page = format!("/e/centre/gestion/lettres/{id}");
        manager.get(&page).await.ok().says(&["mis en pause tout seul", "n’a pas répondu"]);
    }
}

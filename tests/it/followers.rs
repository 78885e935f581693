//! Subscribers of the journal that fail: tried again later and later, told, set aside by hand.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{MINUTE, SECOND};
use passerelle_kernel::journal::{self, Actor, Fact, Record, Subscriber, Subscription};
use passerelle_kernel::{Db, Engine, WriteTx};
use passerelle_tests::database::TestDb;
use passerelle_tests::{TestApp, on_both_engines};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

const KIND: &str = "test.happened.v1";
const SPACE: Uuid = Uuid::from_u128(1);

/// Writes what it hears in a table; cannot bear the numbers that it is told.
#[derive(Default)]
struct Writer {
    poisoned: Mutex<Vec<i64>>,
    tries: Mutex<u32>,
    panics: bool,
}

#[async_trait]
impl Subscriber for Writer {
    async fn handle(&self, tx: &WriteTx, record: &Record) -> Result<(), DbErr> {
        *self.tries.lock().unwrap() += 1;
        let n = record.body.as_ref().unwrap()["payload"]["n"]
            .as_i64()
            .unwrap();
        let sql = "INSERT INTO heard (n) VALUES ($1)";
        tx.execute_raw(statement(&**tx, sql, [n.into()])).await?;
        let poisoned = self.poisoned.lock().unwrap().contains(&n);
        assert!(!(poisoned && self.panics), "it cannot bear {n}");
        if poisoned {
            return Err(DbErr::Custom(format!("cannot bear {n}")));
        }
        Ok(())
    }
}

async fn append(db: &Db, numbers: std::ops::Range<i64>, kind: &'static str) {
    let tx = db.write().await.unwrap();
    let fact = |n| Fact {
        space: SPACE,
        kind,
        actor: Actor::Visitor,
        subject: SPACE,
        payload: json!({"n": n}),
    };
    tx.append_all(numbers.map(fact).collect()).await.unwrap();
    tx.commit().await.unwrap();
    while journal::sequence(db).await.unwrap() > 0 {}
}

async fn heard(db: &Db) -> Vec<i64> {
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), "SELECT n FROM heard ORDER BY n", []))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get("", "n").unwrap())
        .collect()
}

async fn scene(engine: Engine, poisoned: &[i64]) -> (TestDb, Arc<Writer>, Subscription) {
    let test = TestDb::new(engine).await;
    let tx = test.db.write().await.unwrap();
    // Twice the same effect would be refused.
    tx.execute_unprepared("CREATE TABLE heard (n BIGINT NOT NULL PRIMARY KEY)")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let writer = Arc::new(Writer {
        poisoned: Mutex::new(poisoned.to_vec()),
        ..Writer::default()
    });
    let subscription = Subscription {
        name: "test.writer",
        kinds: &[KIND],
        subscriber: writer.clone(),
    };
    (test, writer, subscription)
}

on_both_engines! {
    /// A subscriber that failed blocked its cursor for ever, with all that had come before in the same
    /// batch, and was tried five times a second.
    async fn an_entry_that_fails_is_tried_later_and_later_and_what_came_before_it_is_done(engine) {
        let (test, writer, subscription) = scene(engine, &[7]).await;
        let db = &test.db;
        append(db, 0..20, KIND).await;
        assert!(journal::follow(db, &subscription).await.is_err(), "the failure is said");
        assert_eq!(heard(db).await, (0..7).collect::<Vec<_>>());
        let tried = *writer.tries.lock().unwrap();
        for _ in 0..50 {
            assert_eq!(journal::follow(db, &subscription).await.unwrap(), 0, "it waits");
        }
        assert_eq!(*writer.tries.lock().unwrap(), tried, "not five times a second");
        let failing = journal::failing(db.read()).await.unwrap();
        let [failure] = failing.as_slice() else { panic!("{failing:?}") };
        assert_eq!((failure.consumer.as_str(), failure.position, failure.attempts), ("test.writer", 7, 1));
        assert!(failure.error.contains("cannot bear 7") && failure.kind == KIND);
        // One second, two, four… at most a quarter of an hour.
        let mut pauses = vec![(failure.retry_at - db.env().now()) / SECOND];
        for _ in 0..12 {
            test.clock.advance(pauses.last().unwrap() * SECOND);
            assert!(journal::follow(db, &subscription).await.is_err());
            let failure = journal::failing(db.read()).await.unwrap().remove(0);
            pauses.push((failure.retry_at - db.env().now()) / SECOND);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        // Mended: it goes on by itself, each effect once.
        writer.poisoned.lock().unwrap().clear();
        test.clock.advance(15 * MINUTE);
        journal::follow(db, &subscription).await.unwrap();
        assert_eq!(heard(db).await, (0..20).collect::<Vec<_>>());
        assert!(journal::failing(db.read()).await.unwrap().is_empty());
        assert_eq!(journal::verify(db, None).await.unwrap().faults, []);
    }
}

on_both_engines! {
    /// One poisoned entry is set aside with a reason, which is in the journal; what comes after goes on.
    async fn a_poisoned_entry_is_set_aside_by_hand(engine) {
        let (test, _, subscription) = scene(engine, &[3, 5]).await;
        let db = &test.db;
        append(db, 0..10, KIND).await;
        assert!(journal::follow(db, &subscription).await.is_err());
        let failure = journal::failing(db.read()).await.unwrap().remove(0);
        let tx = db.write().await.unwrap();
        let wrong = journal::set_aside(&tx, SPACE, "test.writer", Uuid::nil(), "trop vieux", Actor::Visitor).await.unwrap();
        assert!(!wrong, "only the entry that fails");
        assert!(journal::set_aside(&tx, SPACE, "test.writer", failure.entry, "note d’un essai", Actor::Visitor).await.unwrap());
        tx.commit().await.unwrap();
        assert!(journal::follow(db, &subscription).await.is_err(), "the next one that fails");
        assert_eq!(heard(db).await, [0, 1, 2, 4]);
        let failure = journal::failing(db.read()).await.unwrap().remove(0);
        assert_eq!((failure.position, failure.attempts), (5, 1));
        let tx = db.write().await.unwrap();
        assert!(journal::set_aside(&tx, SPACE, "test.writer", failure.entry, "note d’un essai", Actor::Visitor).await.unwrap());
        tx.commit().await.unwrap();
        journal::sequence(db).await.unwrap();
        journal::follow(db, &subscription).await.unwrap();
        assert_eq!(heard(db).await, [0, 1, 2, 4, 6, 7, 8, 9]);
        let records = journal::read_after(db.read(), 10, 10).await.unwrap();
        let told: Vec<_> = records.iter().map(|r| (r.kind.as_str(), r.body.as_ref().unwrap()["payload"]["position"].as_i64())).collect();
        assert_eq!(told, [(journal::SET_ASIDE, Some(3)), (journal::SET_ASIDE, Some(5))]);
        assert_eq!(records[0].body.as_ref().unwrap()["payload"]["reason"], "note d’un essai");
        assert_eq!(journal::verify(db, None).await.unwrap().faults, []);
    }
}

on_both_engines! {
    /// A subscriber that panicked ended the loop of all subscribers until the next start.
    async fn a_subscriber_that_panics_stops_nobody_else(engine) {
        let (test, ..) = scene(engine, &[]).await;
        let db = test.db.clone();
        append(&db, 0..5, KIND).await;
        let bad = Writer { poisoned: Mutex::new(vec![0]), panics: true, ..Writer::default() };
        let mut registry = passerelle_kernel::Registry::default();
        registry.add(Subscription { name: "test.bad", kinds: &[KIND], subscriber: Arc::new(bad) });
        registry.add(Subscription { name: "test.good", kinds: &[KIND], subscriber: Arc::new(Writer::default()) });
        let (stopper, stop) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(journal::run_subscriptions(db.clone(), Arc::new(registry), stop));
        let late = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        while heard(&db).await.len() < 5 && tokio::time::Instant::now() < late {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        append(&db, 5..8, KIND).await;
        while heard(&db).await.len() < 8 && tokio::time::Instant::now() < late {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(heard(&db).await, (0..8).collect::<Vec<_>>());
        assert_eq!(journal::failing(db.read()).await.unwrap()[0].consumer, "test.bad");
        stopper.send(true).unwrap();
        running.await.unwrap();
    }
}

on_both_engines! {
    /// Each commit of others cost each subscriber a write of its cursor.
    async fn entries_that_concern_a_subscriber_in_nothing_cost_no_write(engine) {
        let (test, ..) = scene(engine, &[]).await;
        let db = test.db.clone();
        let mut registry = passerelle_kernel::Registry::default();
        registry.add(Subscription { name: "test.good", kinds: &[KIND], subscriber: Arc::new(Writer::default()) });
        let (stopper, stop) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(journal::run_subscriptions(db.clone(), Arc::new(registry), stop));
        append(&db, 0..300, "test.other.v1").await;
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        let sql = "SELECT COUNT(*) AS n FROM journal_cursor";
        let row = db.read().query_one_raw(statement(db.read(), sql, [])).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0, "nothing was written");
        append(&db, 0..1, KIND).await;
        let late = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        while heard(&db).await.is_empty() && tokio::time::Instant::now() < late {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(heard(&db).await, [0]);
        let sql = "SELECT position FROM journal_cursor";
        let row = db.read().query_one_raw(statement(db.read(), sql, [])).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "position").unwrap(), 301);
        stopper.send(true).unwrap();
        running.await.unwrap();
    }
}

on_both_engines! {
    /// The administrator sees who fails and since when, has it tried again, sets the entry aside.
    async fn an_administrator_sees_and_mends_what_cannot_follow(engine) {
        let app = TestApp::new(engine).await;
        let administrator = app.as_administrator().await;
        let page = "/e/centre/gestion/etat";
        administrator.get(page).await.ok().says(&["Chaque fait inscrit dans le journal a eu ses suites."]);
        while journal::sequence(app.db()).await.unwrap() > 0 {}
        let writer = Writer { poisoned: Mutex::new(vec![0]), ..Writer::default() };
        app.run("CREATE TABLE heard (n BIGINT NOT NULL PRIMARY KEY)", []).await;
        append(app.db(), 0..2, KIND).await;
        let subscription = Subscription { name: "test.writer", kinds: &[KIND], subscriber: Arc::new(writer) };
        assert!(journal::follow(app.db(), &subscription).await.is_err());
        administrator.get(page).await.ok().says(&["test.writer", "cannot bear 0", KIND, "Réessayer maintenant"]);
        app.clock().advance(MINUTE);
        administrator.post(&format!("{page}/reessayer"), &[("consumer", "test.writer")]).await.leads_to(page);
        let entry = journal::failing(app.db().read()).await.unwrap()[0].entry.to_string();
        let sent = [("consumer", "test.writer"), ("entry", entry.as_str()), ("reason", "non")];
        let refused = administrator.post(&format!("{page}/ecarter"), &sent).await;
        refused.expect(axum::http::StatusCode::UNPROCESSABLE_ENTITY).says(&["Dites pourquoi en quelques mots"]);
        let sent = [("consumer", "test.writer"), ("entry", entry.as_str()), ("reason", "un essai de vendredi")];
        administrator.post(&format!("{page}/ecarter"), &sent).await.leads_to(page);
        administrator.get(page).await.ok().says(&["Chaque fait inscrit dans le journal a eu ses suites."]);
        assert_eq!(app.facts().await.get(journal::SET_ASIDE), Some(&1));
        journal::follow(app.db(), &subscription).await.unwrap();
        assert_eq!(heard(app.db()).await, [1]);
    }
}

//! Settings that decide durability, read back from the writing connection; writes that are given
//! up in the middle.

use std::future::{Future, poll_fn};
use std::task::Poll;

use passerelle_kernel::jobs::{self, NewJob};
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Db, Engine};
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;
use serde_json::json;

on_both_engines! {
    async fn the_writers_settings_are_durable(engine) {
        let test = TestDb::new(engine).await;
        let settings = test.db.durability().await.unwrap();
        let expected: &[(&str, &str)] = match engine {
            Engine::Sqlite => &[("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")],
            Engine::Postgres => &[("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on")],
        };
        for (name, value) in expected {
            assert!(settings.iter().any(|(n, v)| n == name && v == value), "{name} in {settings:?}");
        }
    }
}

/// Drops a future at that one of the answers that it waits for: while it waits, or once the answer
/// has come and it has not seen it.
async fn cut<F: Future>(work: F, waits: usize, has_come: bool) -> Option<F::Output> {
    let mut work = Box::pin(work);
    let mut waited = 0;
    poll_fn(move |cx| {
        if has_come && waited == waits {
            return Poll::Ready(None);
        }
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        waited += 1;
        if !has_come && waited == waits {
            return Poll::Ready(None);
        }
        Poll::Pending
    })
    .await
}

async fn twins(db: &Db) -> Result<(), DbErr> {
    let tx = db.write().await?;
    tx.enqueue(NewJob::new("twin", json!({}))).await?;
    tx.enqueue(NewJob::new("twin", json!({}))).await?;
    tx.commit().await
}

on_both_engines! {
    async fn a_write_that_is_given_up_anywhere_leaves_the_next_one_free(engine) {
        let test = TestDb::new(engine).await;
        let (mut given_up, mut done) = (0, 0_i64);
        // How often a write waits depends on how soon the engine answers.
        for turn in 0..2_000_i64 {
            match cut(twins(&test.db), 1 + turn as usize / 2 % 12, turn % 2 == 0).await {
                Some(written) => {
                    written.unwrap();
                    done += 1;
                }
                None => given_up += 1,
            }
            twins(&test.db).await.unwrap();
            let count: i64 = jobs::counts(&test.db).await.unwrap().iter().map(|(.., n)| n).sum();
            assert_eq!(count % 2, 0, "both or none");
            assert!(count >= 2 * (done + turn + 1), "what was said to be written is");
            if given_up >= 24 && done >= 24 {
                return;
            }
        }
        panic!("{given_up} given up, {done} done");
    }
}

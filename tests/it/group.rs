//! The group writer: one bad item never sinks the others.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::WriteTx;
use passerelle_kernel::db::statement;
use passerelle_kernel::group::{GroupSink, GroupWriter};
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;
use sea_orm::{ConnectionTrait, DbErr};

struct Counters;

#[async_trait]
impl GroupSink for Counters {
    type Item = i64;
    type Answer = i64;
    async fn write(&self, tx: &WriteTx, items: &[i64]) -> Result<Vec<i64>, DbErr> {
        for item in items {
            let sql = "INSERT INTO positive (n) VALUES ($1)";
            tx.execute_raw(statement(&**tx, sql, [(*item).into()]))
                .await?;
        }
        Ok(items.to_vec())
    }
}

on_both_engines! {
    async fn a_group_of_64_of_which_one_breaks_a_constraint_stores_63(engine) {
        let test = TestDb::new(engine).await;
        let tx = test.db.write().await.unwrap();
        tx.execute_unprepared("CREATE TABLE positive (n BIGINT NOT NULL PRIMARY KEY CHECK (n > 0))").await.unwrap();
        tx.commit().await.unwrap();
        let writer = GroupWriter::start(test.db.clone(), Arc::new(Counters));
        // Nobody can write meanwhile: all 64 wait together and become one group (SQLite).
        let held = test.db.write().await.unwrap();
        let tasks: Vec<_> = (0..64)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.submit(n).await })
            })
            .collect();
        tokio::task::yield_now().await;
        held.rollback().await.unwrap();
        let mut stored = 0;
        for task in tasks {
            stored += usize::from(task.await.unwrap().is_ok());
        }
        assert_eq!(stored, 63);
        let row = test.db.read().query_one_raw(statement(test.db.read(), "SELECT COUNT(*) AS n FROM positive", [])).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 63);
    }
}

//! Settings that decide durability, read back from the writing connection.

use passerelle_kernel::Engine;
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;

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

//! The journal: what it holds, and the attacks it must show.

use passerelle_kernel::journal::{self, Actor, Fact, Fault, JournalKey, TreeHead};
use passerelle_kernel::{Db, Engine, Env};
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

const SPACE: Uuid = Uuid::from_u128(1);

fn fact(n: u128) -> Fact {
    Fact {
        space: SPACE,
        kind: "test.happened.v1",
        actor: Actor::Person(Uuid::from_u128(100 + n)),
        subject: Uuid::from_u128(200 + n % 3),
        payload: json!({"n": n.to_string(), "é": true}),
    }
}

async fn append(db: &Db, count: u128) {
    for n in 0..count {
        let tx = db.write().await.unwrap();
        tx.append(fact(n)).await.unwrap();
        tx.commit().await.unwrap();
    }
    while journal::sequence(db).await.unwrap() > 0 {}
}

async fn sql(db: &Db, sql: &str) {
    let tx = db.write().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

async fn faults(db: &Db, head: Option<&TreeHead>) -> Vec<Fault> {
    journal::verify(db, head).await.unwrap().faults
}

/// Appends `count` entries, seals after `sealed` of them.
async fn filled(engine: Engine, sealed: u128, count: u128) -> (TestDb, TreeHead) {
    let test = TestDb::new(engine).await;
    append(&test.db, sealed).await;
    let head = journal::seal(&test.db).await.unwrap().expect("a head");
    append(&test.db, count - sealed).await;
    (test, head)
}

on_both_engines! {
    async fn an_untouched_journal_holds_and_continues_its_earlier_heads(engine) {
        let (test, first) = filled(engine, 5, 12).await;
        let second = journal::seal(&test.db).await.unwrap().unwrap();
        assert_eq!((first.size, second.size), (5, 12));
        for head in [&first, &second] {
            let report = journal::verify(&test.db, Some(head)).await.unwrap();
            assert_eq!(report.faults, []);
            assert_eq!((report.entries, report.sealed, report.head_holds), (12, 12, Some(true)));
        }
        assert_eq!(journal::verify(&test.db, None).await.unwrap().head_holds, None);
    }
}

on_both_engines! {
    async fn positions_are_consecutive_and_consumers_see_every_entry_once(engine) {
        let (test, _) = filled(engine, 1, 9).await;
        let records = journal::read_after(test.db.read(), 0, 100).await.unwrap();
        let positions: Vec<i64> = records.iter().map(|r| r.position).collect();
        assert_eq!(positions, (0..9).collect::<Vec<_>>());
        assert_eq!(records[3].body.as_ref().unwrap()["payload"]["é"], true);
    }
}

on_both_engines! {
    async fn one_byte_changed_in_any_stored_field_shows(engine) {
        let blob = |hex: &str| match engine { Engine::Sqlite => format!("X'{hex}'"), Engine::Postgres => format!("'\\x{hex}'::bytea") };
        let (zero, id) = (blob(&"00".repeat(32)), match engine {
            Engine::Sqlite => format!("X'{}'", "00".repeat(16)),
            Engine::Postgres => format!("'{}'", Uuid::nil()),
        });
        let at = "(SELECT entry_id FROM journal_position WHERE position = 2)";
        let changes = [
            format!("UPDATE journal_entry SET at = at + 1 WHERE id = {at}"),
            format!("UPDATE journal_entry SET kind = 'test.happened.v2' WHERE id = {at}"),
            format!("UPDATE journal_entry SET space = {id} WHERE id = {at}"),
            format!("UPDATE journal_entry SET commitment = {zero} WHERE id = {at}"),
            format!("UPDATE journal_entry SET tag = {zero} WHERE id = {at}"),
            format!("UPDATE journal_body SET salt = {zero} WHERE entry_id = {at}"),
            format!("UPDATE journal_body SET body = {zero} WHERE entry_id = {at}"),
            format!("UPDATE journal_position SET link = {zero} WHERE position = 2"),
            format!("UPDATE journal_seal SET root = {zero}"),
            format!("UPDATE journal_seal SET signature = {}", blob(&"00".repeat(64))),
            "UPDATE journal_seal SET at = at + 1".to_owned(),
            format!("UPDATE journal_seal SET key = {zero}"),
            "UPDATE journal_head SET size = size - 1".to_owned(),
            format!("UPDATE journal_node SET hash = {zero} WHERE level = 2"),
        ];
        for change in changes {
            let (test, _) = filled(engine, 4, 4).await;
            sql(&test.db, &change).await;
            assert_ne!(faults(&test.db, None).await, [], "{change}");
        }
    }
}

on_both_engines! {
    async fn removed_reordered_duplicated_and_inserted_entries_show(engine) {
        let uuid = |n: u128| match engine {
            Engine::Sqlite => format!("X'{}'", Uuid::from_u128(n).simple()),
            Engine::Postgres => format!("'{}'", Uuid::from_u128(n)),
        };
        // Removed from the middle.
        let (test, _) = filled(engine, 3, 6).await;
        sql(&test.db, "DELETE FROM journal_position WHERE position = 4").await;
        assert!(faults(&test.db, None).await.contains(&Fault::Missing(4)));
        // Two exchanged.
        let (test, _) = filled(engine, 3, 6).await;
        sql(&test.db, "UPDATE journal_position SET position = -1 WHERE position = 4").await;
        sql(&test.db, "UPDATE journal_position SET position = 4 WHERE position = 5").await;
        sql(&test.db, "UPDATE journal_position SET position = 5 WHERE position = -1").await;
        assert!(faults(&test.db, None).await.contains(&Fault::Link(4)));
        // One twice, under a new identifier.
        let (test, _) = filled(engine, 3, 6).await;
        sql(&test.db, &format!("INSERT INTO journal_entry SELECT {}, space, at, kind, commitment, tag FROM journal_entry WHERE id = (SELECT entry_id FROM journal_position WHERE position = 1)", uuid(77))).await;
        assert!(faults(&test.db, None).await.contains(&Fault::Inserted(1)));
        // The same, given a position at the end.
        sql(&test.db, &format!("INSERT INTO journal_position SELECT 6, {}, link FROM journal_position WHERE position = 1", uuid(77))).await;
        sql(&test.db, "UPDATE journal_head SET size = 7").await;
        let found = faults(&test.db, None).await;
        assert!(found.contains(&Fault::Tag(6)) && found.contains(&Fault::Link(6)), "{found:?}");
    }
}

on_both_engines! {
    async fn the_last_entries_cut_off_show_under_a_seal_or_given_a_head(engine) {
        let (test, head) = filled(engine, 8, 8).await;
        sql(&test.db, "DELETE FROM journal_position WHERE position >= 5").await;
        sql(&test.db, "UPDATE journal_head SET size = 5").await;
        assert!(faults(&test.db, None).await.iter().any(|f| matches!(f, Fault::Truncated { sealed: 8, found: 5 })));
        // Even when the seals are cut off too, an earlier head that left the house shows it.
        sql(&test.db, "DELETE FROM journal_seal").await;
        assert!(faults(&test.db, Some(&head)).await.iter().any(|f| matches!(f, Fault::Head(_))));
    }
}

on_both_engines! {
    async fn an_entry_altered_before_it_is_sealed_is_refused_by_the_seal(engine) {
        for column in ["at = at + 1", "kind = 'test.other.v1'"] {
            let (test, _) = filled(engine, 2, 6).await;
            sql(&test.db, &format!("UPDATE journal_entry SET {column} WHERE id = (SELECT entry_id FROM journal_position WHERE position = 4)")).await;
            let refused = journal::seal(&test.db).await;
            assert!(matches!(refused, Err(journal::SealError::Tampered(4))), "{refused:?}");
            assert_eq!(journal::latest_head(&test.db).await.unwrap().unwrap().size, 2);
        }
    }
}

on_both_engines! {
    async fn a_log_rewritten_whole_with_a_fresh_key_is_refused_given_an_earlier_head(engine) {
        let (test, head) = filled(engine, 6, 6).await;
        // Whoever runs the server writes another history with the product's own code and a key of their own.
        let forger = TestDb::new(engine).await;
        let key = JournalKey::from_seeds([1; 32], &[2; 32]);
        let db = Db::connect(&forger.url, passerelle_kernel::db::PoolSizes::default(), Env::system(), key).await.unwrap();
        append(&db, 6).await;
        journal::seal(&db).await.unwrap();
        assert_eq!(faults(&db, None).await, [], "alone, the forgery is coherent");
        let found = faults(&db, Some(&head)).await;
        assert!(found.iter().any(|f| matches!(f, Fault::Head(_))), "{found:?}");
        drop(test);
    }
}

on_both_engines! {
    async fn a_forged_head_is_refused(engine) {
        let (test, head) = filled(engine, 6, 6).await;
        let forged = TreeHead { at: head.at + 1, ..head.clone() };
        assert!(!faults(&test.db, Some(&forged)).await.is_empty());
        let other = JournalKey::from_seeds([3; 32], &[4; 32]);
        let unsigned = TreeHead { key: hex(&other.public()), ..head };
        assert!(!faults(&test.db, Some(&unsigned)).await.is_empty());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

on_both_engines! {
    async fn erasing_a_persons_payloads_leaves_the_journal_verifiable(engine) {
        let (test, head) = filled(engine, 6, 9).await;
        let tx = test.db.write().await.unwrap();
        let erased = journal::erase_subject(&tx, SPACE, Uuid::from_u128(201), &[], Actor::System("test")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(erased, 3);
        journal::seal(&test.db).await.unwrap();
        let report = journal::verify(&test.db, Some(&head)).await.unwrap();
        assert_eq!((report.faults.len(), report.erased, report.entries), (0, 3, 10));
        // Deleting another body without saying so shows.
        sql(&test.db, "DELETE FROM journal_body WHERE entry_id = (SELECT entry_id FROM journal_position WHERE position = 0)").await;
        assert_eq!(faults(&test.db, None).await, [Fault::Body(0)]);
    }
}

on_both_engines! {
    async fn an_entry_is_proved_under_every_later_head(engine) {
        let (test, _) = filled(engine, 3, 3).await;
        let tx = test.db.write().await.unwrap();
        let entry = tx.append(fact(9)).await.unwrap();
        tx.commit().await.unwrap();
        for more in [0, 1, 5] {
            append(&test.db, more).await;
            let head = journal::seal(&test.db).await.unwrap().unwrap();
            let proof = journal::prove(&test.db, entry, &head).await.unwrap().expect("is under it");
            assert!(proof.holds && proof.position == 3);
            let forged = TreeHead { root: "00".repeat(32), ..head };
            assert!(!journal::prove(&test.db, entry, &forged).await.unwrap().unwrap().holds);
        }
    }
}

on_both_engines! {
    async fn a_rolled_back_change_leaves_no_entry(engine) {
        let test = TestDb::new(engine).await;
        let tx = test.db.write().await.unwrap();
        tx.append(fact(1)).await.unwrap();
        tx.rollback().await.unwrap();
        append(&test.db, 2).await;
        let report = journal::verify(&test.db, None).await.unwrap();
        assert_eq!((report.entries, report.faults.len()), (2, 0));
    }
}

on_both_engines! {
    async fn many_writers_at_once_keep_the_journal_whole(engine) {
        let test = TestDb::new(engine).await;
        let mut tasks = Vec::new();
        for writer in 0..8 {
            let db = test.db.clone();
            tasks.push(tokio::spawn(async move {
                for n in 0..15 {
                    let tx = db.write().await.unwrap();
                    tx.append(fact(writer * 100 + n)).await.unwrap();
                    tx.commit().await.unwrap();
                    journal::sequence(&db).await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        journal::seal(&test.db).await.unwrap();
        let report = journal::verify(&test.db, None).await.unwrap();
        assert_eq!((report.entries, report.sealed, report.faults.len()), (120, 120, 0));
    }
}

//! Every column of every table of the journal, altered in every way we could think of, on each row:
//! `journal verify` sees each. Tables and columns are read from the schema itself, so that a new
//! one cannot be forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::journal::{self, Actor, Fact, Record, Subscriber, Subscription};
use passerelle_kernel::{Db, Engine, WriteTx};
use passerelle_tests::database::TestDb;
use passerelle_tests::on_both_engines;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use serde_json::json;
use uuid::Uuid;

const SPACE: Uuid = Uuid::from_u128(1);
const KIND: &str = "test.happened.v1";

struct Deaf;

#[async_trait]
impl Subscriber for Deaf {
    async fn handle(&self, _: &WriteTx, _: &Record) -> Result<(), DbErr> {
        Ok(())
    }
}

async fn append(db: &Db, count: u128) {
    for n in 0..count {
        let tx = db.write().await.unwrap();
        let fact = Fact {
            space: SPACE,
            kind: KIND,
            actor: Actor::Person(Uuid::from_u128(100 + n)),
            subject: Uuid::from_u128(200 + n % 3),
            payload: json!({"n": n.to_string()}),
        };
        tx.append(fact).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn sequence(db: &Db) {
    while journal::sequence(db).await.unwrap() > 0 {}
}

/// Three seals, an erasure, entries after the last seal, two cursors; where positions are given
/// later, entries that wait for one.
async fn filled(engine: Engine) -> TestDb {
    let test = TestDb::new(engine).await;
    for count in [5, 3] {
        append(&test.db, count).await;
        journal::seal(&test.db).await.unwrap();
    }
    append(&test.db, 2).await;
    let tx = test.db.write().await.unwrap();
    journal::erase_subject(&tx, SPACE, Uuid::from_u128(202), &[], Actor::System("test"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    journal::seal(&test.db).await.unwrap();
    append(&test.db, 2).await;
    sequence(&test.db).await;
    for name in ["one", "two"] {
        let subscriber = Arc::new(Deaf);
        let subscription = Subscription {
            name,
            kinds: &[KIND],
            subscriber,
        };
        journal::follow(&test.db, &subscription).await.unwrap();
    }
    append(&test.db, 2).await;
    test
}

/// A column, as the schema tells it.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

/// The tables of the journal with their columns, read from the schema.
async fn schema(db: &Db) -> BTreeMap<String, Vec<Column>> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT t.name AS tab, c.name AS col, c.type AS kind, c.\"notnull\" = 0 AND c.pk = 0 AS empty \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name LIKE 'journal%'"
        }
        Engine::Postgres => {
            "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, \
             is_nullable = 'YES' AS empty FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name LIKE 'journal%'"
        }
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await
        .unwrap()
    {
        let kind: String = row.try_get("", "kind").unwrap();
        tables
            .entry(row.try_get("", "tab").unwrap())
            .or_default()
            .push(Column {
                name: row.try_get("", "col").unwrap(),
                kind: kind.to_lowercase(),
                nullable: row.try_get("", "empty").unwrap(),
            });
    }
    tables
}

/// What stands in a column of a row.
fn value(row: &QueryResult, column: &Column) -> Value {
    let name = column.name.as_str();
    match column.kind.as_str() {
        "bigint" => row.try_get::<Option<i64>>("", name).unwrap().into(),
        "integer" => row.try_get::<Option<i32>>("", name).unwrap().into(),
        "text" => row.try_get::<Option<String>>("", name).unwrap().into(),
        "uuid" => row.try_get::<Option<Uuid>>("", name).unwrap().into(),
        "blob" | "bytea" => row.try_get::<Option<Vec<u8>>>("", name).unwrap().into(),
        other => panic!("{name}: columns of type {other} are not altered yet"),
    }
}

/// Other values that could stand there.
fn others(value: &Value, nullable: bool) -> Vec<Value> {
    let mut found: Vec<Value> = match value {
        Value::BigInt(Some(n)) => [n + 1, n - 1, 0, 1, -1, 7, 1000].map(Value::from).into(),
        Value::Int(Some(n)) => [n + 1, n - 1, 7].map(Value::from).into(),
        Value::String(Some(text)) => vec![
            format!("{text}x").into(),
            "".into(),
            text.to_uppercase().into(),
        ],
        Value::Uuid(Some(id)) => {
            let bits = id.as_u128();
            [bits ^ 1, bits ^ (1 << 127), 0]
                .map(|n| Uuid::from_u128(n).into())
                .into()
        }
        Value::Bytes(Some(bytes)) => {
            let mut first = bytes.clone();
            let mut last = bytes.clone();
            first.iter_mut().take(1).for_each(|b| *b ^= 1);
            last.iter_mut().rev().take(1).for_each(|b| *b ^= 128);
            let longer = [&bytes[..], &[0]].concat();
            let shorter = bytes[..bytes.len().saturating_sub(1)].to_vec();
            [first, last, longer, shorter, Vec::new()]
                .map(Value::from)
                .into()
        }
        _ => Vec::new(),
    };
    if nullable {
        found.push(match value {
            Value::BigInt(_) => Value::BigInt(None),
            Value::Int(_) => Value::Int(None),
            Value::String(_) => Value::String(None),
            Value::Uuid(_) => Value::Uuid(None),
            _ => Value::Bytes(None),
        });
    }
    found.retain(|other| other != value);
    found
}

/// An alteration: what it does in words, and the statements that do it.
type Alteration = (String, Vec<(String, Vec<Value>)>);

/// Everything that is done to one table.
fn alterations(table: &str, columns: &[Column], rows: &[(String, Vec<Value>)]) -> Vec<Alteration> {
    let mut all: Vec<Alteration> = Vec::new();
    let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
    for (at, (place, values)) in rows.iter().enumerate() {
        for (n, column) in columns.iter().enumerate() {
            let set = format!("UPDATE {table} SET {} = $1 WHERE {place}", column.name);
            let next = rows.iter().cycle().skip(at + 1).take(rows.len());
            let next = next
                .map(|(_, other)| other[n].clone())
                .find(|other| *other != values[n]);
            for other in others(&values[n], column.nullable).into_iter().chain(next) {
                let words = format!("{table}.{} of row {at} becomes {other:?}", column.name);
                all.push((words, vec![(set.clone(), vec![other.clone()])]));
            }
            // Exchanged with another row, by way of a value that neither has.
            for (other_place, other) in rows.iter().skip(at + 1).take(1) {
                // Alone in its table, an exchanged column leaves the same rows.
                if other[n] == values[n] || columns.len() == 1 {
                    continue;
                }
                let away = others(&values[n], false).into_iter().next().unwrap();
                let words = format!("{table}.{} of row {at} is exchanged", column.name);
                let theirs = format!(
                    "UPDATE {table} SET {} = $1 WHERE {other_place}",
                    column.name
                );
                all.push((
                    words,
                    vec![
                        (set.clone(), vec![away]),
                        (theirs, vec![values[n].clone()]),
                        (set.clone(), vec![other[n].clone()]),
                    ],
                ));
            }
            // The row once more, under another value of this column.
            for other in others(&values[n], false) {
                let marks: Vec<String> = (1..=columns.len()).map(|m| format!("${m}")).collect();
                let insert = format!(
                    "INSERT INTO {table} ({}) VALUES ({})",
                    names.join(", "),
                    marks.join(", ")
                );
                let mut copy = values.clone();
                copy[n] = other.clone();
                all.push((
                    format!("{table}: row {at} again, with {} {other:?}", column.name),
                    vec![(insert, copy)],
                ));
            }
        }
        all.push((
            format!("{table}: row {at} is removed"),
            vec![(format!("DELETE FROM {table} WHERE {place}"), Vec::new())],
        ));
    }
    all
}

/// Rows of a table, each with the condition that finds it.
async fn rows(db: &Db, table: &str, columns: &[Column]) -> Vec<(String, Vec<Value>)> {
    let id = match db.engine() {
        Engine::Sqlite => "rowid",
        Engine::Postgres => "ctid::text",
    };
    let sql = format!("SELECT {id} AS place, * FROM {table}");
    let found = db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await
        .unwrap();
    let place = |row: &QueryResult| match db.engine() {
        Engine::Sqlite => format!("rowid = {}", row.try_get::<i64>("", "place").unwrap()),
        Engine::Postgres => format!(
            "ctid = '{}'::tid",
            row.try_get::<String>("", "place").unwrap()
        ),
    };
    found
        .iter()
        .map(|row| (place(row), columns.iter().map(|c| value(row, c)).collect()))
        .collect()
}

/// What became of an alteration.
#[derive(PartialEq, Eq)]
enum Outcome {
    /// The database itself refused it.
    Impossible,
    /// `verify` saw it.
    Seen,
    /// Nobody saw it.
    Unseen,
}

/// Alters, verifies, and takes it back.
async fn attempt(db: &Db, steps: &[(String, Vec<Value>)]) -> Outcome {
    let tx = db.write().await.unwrap();
    // Whoever alters a database from outside is not held by its references.
    let unbound = match db.engine() {
        Engine::Sqlite => "PRAGMA defer_foreign_keys = ON",
        Engine::Postgres => "SET LOCAL session_replication_role = replica",
    };
    tx.execute_unprepared(unbound).await.unwrap();
    let mut outcome = Outcome::Unseen;
    for (sql, values) in steps {
        if tx
            .execute_raw(statement(&*tx, sql.as_str(), values.clone()))
            .await
            .is_err()
        {
            outcome = Outcome::Impossible;
            break;
        }
    }
    if outcome == Outcome::Unseen {
        let report = journal::verify_in(&*tx, db.journal_key(), None).await;
        if report.is_err() || !report.unwrap().holds() {
            outcome = Outcome::Seen;
        }
    }
    tx.rollback().await.unwrap();
    outcome
}

/// What cannot be told from an honest journal, each with its reason.
///
/// A cursor that is gone makes its consumer read everything once more, which each must bear: a
/// consumer that has never read has none either.
fn is_explained(words: &str) -> bool {
    words.starts_with("journal_cursor: row") && words.ends_with("is removed")
}

on_both_engines! {
    /// `journal_body.subject_id`, by which a person is erased, and `journal_head.link` could be
    /// altered unseen, as well as nodes far from the right edge, entries waiting in the inbox,
    /// seals in the middle and cursors.
    async fn every_column_of_every_table_of_the_journal_is_verified(engine) {
        let test = filled(engine).await;
        let db = &test.db;
        assert_eq!(journal::verify(db, None).await.unwrap().faults, []);
        let schema = schema(db).await;
        let known: Vec<&str> = schema.keys().map(String::as_str).collect();
        assert_eq!(known, ["journal_body", "journal_cursor", "journal_entry", "journal_head", "journal_inbox",
            "journal_node", "journal_position", "journal_seal"], "each table needs rows in the scene of this test");
        let (mut tried, mut unseen) = (BTreeMap::new(), Vec::new());
        for (table, columns) in &schema {
            let rows = rows(db, table, columns).await;
            // The same code on both engines: on PostgreSQL, which is slower, some rows of each table.
            let every = if engine == Engine::Sqlite { 1 } else { 4 };
            assert!(!rows.is_empty() || (engine == Engine::Sqlite && table == "journal_inbox"), "{table} has rows");
            let rows: Vec<_> = rows.into_iter().enumerate().filter(|(n, _)| n % every == 0 || *n == 1).map(|(_, row)| row).collect();
            for (words, steps) in alterations(table, columns, &rows) {
                let outcome = attempt(db, &steps).await;
                if outcome == Outcome::Unseen && !is_explained(&words) {
                    unseen.push(words.clone());
                }
                if outcome == Outcome::Seen {
                    for column in columns {
                        if words.starts_with(&format!("{table}.{} ", column.name)) {
                            *tried.entry(format!("{table}.{}", column.name)).or_insert(0) += 1;
                        }
                    }
                }
            }
        }
        assert!(unseen.is_empty(), "{} alterations are not seen: {unseen:#?}", unseen.len());
        for (table, columns) in &schema {
            for column in columns {
                let name = format!("{table}.{}", column.name);
                // One row with one identifier, which the database holds itself; nothing waits on SQLite.
                let held = name == "journal_head.id" || (engine == Engine::Sqlite && table == "journal_inbox");
                assert!(held || tried.contains_key(&name), "{name} was never altered");
            }
        }
        assert_eq!(journal::verify(db, None).await.unwrap().faults, [], "everything was taken back");
    }
}

on_both_engines! {
    /// A content put back after its erasure, and rows that wait on SQLite, where nothing waits.
    async fn a_content_that_comes_back_and_a_row_that_waits_for_nothing_show(engine) {
        let test = filled(engine).await;
        let db = &test.db;
        let tx = db.write().await.unwrap();
        tx.execute_unprepared(
            "CREATE TABLE kept AS SELECT b.* FROM journal_body b JOIN journal_position p ON p.entry_id = b.entry_id WHERE p.position = 0",
        ).await.unwrap();
        journal::erase_subject(&tx, SPACE, Uuid::from_u128(200), &[], Actor::System("test")).await.unwrap();
        tx.commit().await.unwrap();
        sequence(db).await;
        assert_eq!(journal::verify(db, None).await.unwrap().faults, []);
        let tx = db.write().await.unwrap();
        tx.execute_unprepared("INSERT INTO journal_body (entry_id, subject_id, salt, body) SELECT entry_id, subject_id, salt, body FROM kept").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(journal::verify(db, None).await.unwrap().faults, [journal::Fault::Revived(1)]);
        let tx = db.write().await.unwrap();
        tx.execute_unprepared("DELETE FROM journal_body WHERE entry_id IN (SELECT entry_id FROM kept)").await.unwrap();
        tx.execute_unprepared("INSERT INTO journal_inbox SELECT entry_id FROM journal_position WHERE position = 1").await.unwrap();
        tx.commit().await.unwrap();
        let faults = journal::verify(db, None).await.unwrap().faults;
        assert!(matches!(faults.as_slice(), [journal::Fault::NotWaiting(_)]), "{faults:?}");
    }
}

on_both_engines! {
    /// A database of before seals had links: they are given once, which is an entry that verification
    /// tells; taking links away to have them given again leaves another.
    async fn seals_of_before_are_bound_once_and_it_is_told(engine) {
        let test = filled(engine).await;
        let db = &test.db;
        assert_eq!(journal::bind(db).await.unwrap(), 0, "nothing to bind in a new journal");
        let bare = "UPDATE journal_seal SET link = NULL WHERE size > 5";
        for times in 1..=2 {
            let tx = db.write().await.unwrap();
            tx.execute_unprepared(bare).await.unwrap();
            tx.execute_unprepared("UPDATE journal_cursor SET tag = NULL WHERE consumer = 'one'").await.unwrap();
            tx.commit().await.unwrap();
            assert!(!journal::verify(db, None).await.unwrap().holds(), "a seal without a link is a fault");
            assert_eq!(journal::bind(db).await.unwrap(), 2 + times, "seals, the latest too, and a cursor");
            journal::seal(db).await.unwrap();
            let report = journal::verify(db, None).await.unwrap();
            assert_eq!((report.faults.len(), report.bound.len()), (0, times));
        }
    }
}

on_both_engines! {
    /// What is appended while the journal is verified is not taken for a fault.
    async fn a_journal_is_verified_while_others_write(engine) {
        let test = filled(engine).await;
        let db = test.db.clone();
        let writing = tokio::spawn(async move {
            for _ in 0..20 {
                append(&db, 3).await;
                sequence(&db).await;
                journal::seal(&db).await.unwrap();
            }
        });
        while !writing.is_finished() {
            assert_eq!(journal::verify(&test.db, None).await.unwrap().faults, []);
        }
        writing.await.unwrap();
    }
}

//! Columns that hold text folded, made again when the folding changes.
//!
//! SQL cannot fold (see `passerelle_text::fold`), so a step of the schema only adds such columns.
//! The host fills them before it serves: whatever was written before the column existed, or by
//! another version of the folding, is then compared like what is written today.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Db, Registry, Uuid};
use passerelle_text::fold::VERSION;

/// Rows folded in one transaction.
const AT_A_TIME: u64 = 500;

/// Registry entry: columns that hold text folded, and the columns that they are made from.
#[derive(Clone, Copy, Debug)]
pub struct Folded {
    /// Whose columns.
    pub table: &'static str,
    /// Columns of its primary key, all of them identifiers.
    pub key: &'static [&'static str],
    /// Columns of text; NULL is read as nothing.
    pub from: &'static [&'static str],
    /// Columns made from them, in the order of [`Folded::fold`].
    pub to: &'static [&'static str],
    /// Makes them.
    pub fold: fn(&[String]) -> Vec<String>,
    /// Whom a row stays as it is for: a condition over the row, with what is made as its first
    /// parameters. Two that are told apart until now are not made one.
    pub unless: Option<&'static str>,
}

/// Registry entry: a statement that copies what is folded elsewhere, once everything is.
#[derive(Clone, Copy, Debug)]
pub struct FoldedCopy {
    /// Its name, once in the product.
    pub name: &'static str,
    /// The statement; it may be run twice.
    pub sql: &'static str,
}

/// Folds again what was folded by another version, or never.
///
/// # Errors
///
/// The database refuses. What was done is kept, and done again the next time.
pub async fn refresh(db: &Db, registry: &Registry) -> Result<(), DbErr> {
    let known = versions(db).await?;
    let is_old = |name: &str| known.get(name) != Some(&VERSION);
    let mut done: Vec<&'static str> = Vec::new();
    for entry in registry.all::<Folded>() {
        if is_old(entry.table) {
            table(db, entry).await?;
            done.push(entry.table);
        }
    }
    let copies: Vec<&FoldedCopy> = registry
        .all::<FoldedCopy>()
        .filter(|copy| is_old(copy.name))
        .collect();
    if done.is_empty() && copies.is_empty() {
        return Ok(());
    }
    let tx = db.write().await?;
    for copy in copies {
        tx.execute_raw(statement(&*tx, copy.sql, [])).await?;
        done.push(copy.name);
    }
    for name in done {
        let sql = "INSERT INTO folding (name, version) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET version = excluded.version";
        tx.execute_raw(statement(&*tx, sql, [name.into(), VERSION.into()]))
            .await?;
    }
    tx.commit().await
}

async fn versions(db: &Db) -> Result<HashMap<String, i64>, DbErr> {
    let sql = "SELECT name, version FROM folding";
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, []))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "name")?, row.try_get("", "version")?)))
        .collect()
}

/// Folds every row of a table, in the order of its key.
async fn table(db: &Db, of: &Folded) -> Result<(), DbErr> {
    let mut after: Option<Vec<Uuid>> = None;
    loop {
        let tx = db.write().await?;
        let rows = tx.query_all_raw(page(&*tx, of, after.as_deref())).await?;
        for row in &rows {
            let key = key_of(row, of)?;
            if let Some(change) = change(&*tx, row, of, &key)? {
                tx.execute_raw(change).await?;
            }
            after = Some(key);
        }
        tx.commit().await?;
        if (rows.len() as u64) < AT_A_TIME {
            return Ok(());
        }
    }
}

type Statement = passerelle_kernel::sea_orm::Statement;

fn page<C: ConnectionTrait>(conn: &C, of: &Folded, after: Option<&[Uuid]>) -> Statement {
    let text = |(at, column): (usize, &&str)| format!("COALESCE({column}, '') AS t{at}");
    let from: Vec<String> = of.from.iter().chain(of.to).enumerate().map(text).collect();
    let key = of.key.join(", ");
    let places: Vec<String> = (1..=of.key.len()).map(|at| format!("${at}")).collect();
    let rule = match after {
        Some(_) => format!("WHERE ({key}) > ({})", places.join(", ")),
        None => String::new(),
    };
    let sql = format!(
        "SELECT {key}, {} FROM {} {rule} ORDER BY {key} LIMIT {AT_A_TIME}",
        from.join(", "),
        of.table
    );
    let values = after.unwrap_or_default().iter().map(|id| Value::from(*id));
    statement(conn, sql, values.collect::<Vec<_>>())
}

fn key_of(row: &QueryResult, of: &Folded) -> Result<Vec<Uuid>, DbErr> {
    of.key.iter().map(|name| row.try_get("", name)).collect()
}

/// The statement that folds a row, when it is not as it should be.
fn change<C: ConnectionTrait>(
    conn: &C,
    row: &QueryResult,
    of: &Folded,
    key: &[Uuid],
) -> Result<Option<Statement>, DbErr> {
    let text = |at: usize| row.try_get::<String>("", &format!("t{at}"));
    let from = (0..of.from.len())
        .map(text)
        .collect::<Result<Vec<_>, _>>()?;
    let before = (of.from.len()..of.from.len() + of.to.len())
        .map(text)
        .collect::<Result<Vec<_>, _>>()?;
    let folded = (of.fold)(&from);
    if folded == before {
        return Ok(None);
    }
    let assigned = |(at, column): (usize, &&str)| format!("{column} = ${}", at + 1);
    let to: Vec<String> = of.to.iter().enumerate().map(assigned).collect();
    let of_key = |(at, column): (usize, &&str)| format!("{column} = ${}", of.to.len() + at + 1);
    let rule: Vec<String> = of.key.iter().enumerate().map(of_key).collect();
    let unless = match of.unless {
        Some(condition) => format!(" AND NOT ({condition})"),
        None => String::new(),
    };
    let sql = format!(
        "UPDATE {} SET {} WHERE {}{unless}",
        of.table,
        to.join(", "),
        rule.join(" AND ")
    );
    let texts = folded.into_iter().map(Value::from);
    let values: Vec<Value> = texts.chain(key.iter().map(|id| Value::from(*id))).collect();
    Ok(Some(statement(conn, sql, values)))
}

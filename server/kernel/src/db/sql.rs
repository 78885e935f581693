//! Statements of both engines: parameters, lists of identifiers, rows at once.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use uuid::Uuid;

/// A statement with `$1`-style parameters, understood by both engines.
pub fn statement<C: ConnectionTrait>(
    conn: &C,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql.into(), values)
}

/// Is one of the identifiers that are all in one parameter, made by [`ids`].
///
/// A parameter for each would cost SQLite's driver the square of their number, and keep a
/// prepared statement for each length of list. PostgreSQL gets an array: of a subquery it expects
/// a hundred rows, and would rather read a whole table than look a few up by their index.
pub fn in_ids<C: ConnectionTrait>(conn: &C, place: usize) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!(
            "= ANY(ARRAY(SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST(${place} AS JSON))))"
        ),
        _ => format!("IN (SELECT unhex(value) FROM json_each(${place}))"),
    }
}

/// The parameter of [`in_ids`]: a JSON array of hexadecimal digits.
pub fn ids(list: &[Uuid]) -> Value {
    let quoted: Vec<String> = list
        .iter()
        .map(|id| format!("\"{}\"", id.simple()))
        .collect();
    format!("[{}]", quoted.join(",")).into()
}

/// Is one of the whole numbers that are all in one parameter, made by [`numbers`]; as [`in_ids`].
pub fn in_numbers<C: ConnectionTrait>(conn: &C, place: usize) -> String {
    match conn.get_database_backend() {
        DbBackend::Postgres => format!(
            "= ANY(ARRAY(SELECT CAST(value AS INTEGER) FROM json_array_elements_text(CAST(${place} AS JSON))))"
        ),
        _ => format!("IN (SELECT value FROM json_each(${place}))"),
    }
}

/// The parameter of [`in_numbers`].
pub fn numbers(list: &[i32]) -> Value {
    let written: Vec<String> = list.iter().map(ToString::to_string).collect();
    format!("[{}]", written.join(",")).into()
}

/// `($from, …), (…)`: so many rows of so many parameters each.
pub fn tuples(from: usize, rows: usize, width: usize) -> String {
    let mut out = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { "), (" });
        for column in 0..width {
            let mark = if column == 0 { "$" } else { ", $" };
            out.push_str(mark);
            out.push_str(&(from + row * width + column).to_string());
        }
    }
    out.push(')');
    out
}

/// Inserts rows of `width` values each in one statement; nothing when there are none.
///
/// `into` is a table with its columns, `conflict` an `ON CONFLICT` clause or nothing.
/// The caller keeps the values below 32,766, the most that SQLite takes.
pub async fn insert_many<C: ConnectionTrait>(
    conn: &C,
    into: &str,
    width: usize,
    values: Vec<Value>,
    conflict: &str,
) -> Result<(), DbErr> {
    if values.is_empty() {
        return Ok(());
    }
    let rows = tuples(1, values.len() / width, width);
    let sql = format!("INSERT INTO {into} VALUES {rows} {conflict}");
    conn.execute_raw(statement(conn, sql, values)).await?;
    Ok(())
}

/// Whether the error says that a uniqueness rule was broken.
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

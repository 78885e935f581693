//! Statements on accounts.

use passerelle_kernel::db::{ids, in_ids, statement};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::Lang;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// An account, with what signing in needs to know of its person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AccountRow {
    /// The account.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// What they sign in with.
    pub identifier: String,
    /// In PHC format; none before the person has chosen a password.
    pub password_hash: Option<String>,
    /// When it was closed.
    pub disabled_at: Option<i64>,
    /// The person's given name.
    pub given_name: String,
    /// The person's family name.
    pub family_name: String,
    /// The person's language, as stored.
    pub lang: String,
}

impl AccountRow {
    /// « Amina Benali ».
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }
    /// The person's language.
    pub fn language(&self) -> Lang {
        Lang::from_code(&self.lang).unwrap_or_default()
    }
}

const ACCOUNT: &str = "SELECT a.id, a.person_id, a.identifier, a.password_hash, a.disabled_at, \
     p.given_name, p.family_name, p.lang \
     FROM account a JOIN person p ON p.id = a.person_id WHERE p.erased_at IS NULL";

/// The account with that identifier, closed or not.
pub async fn by_identifier<C: ConnectionTrait>(
    conn: &C,
    identifier: &str,
) -> Result<Option<AccountRow>, DbErr> {
    let sql = format!("{ACCOUNT} AND a.identifier = $1");
    AccountRow::find_by_statement(statement(conn, sql, [identifier.into()]))
        .one(conn)
        .await
}

/// The account of that id.
pub async fn by_id<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<AccountRow>, DbErr> {
    AccountRow::find_by_statement(statement(
        conn,
        format!("{ACCOUNT} AND a.id = $1"),
        [id.into()],
    ))
    .one(conn)
    .await
}

/// The account of a person.
pub async fn by_person<C: ConnectionTrait>(
    conn: &C,
    person: Uuid,
) -> Result<Option<AccountRow>, DbErr> {
    let sql = format!("{ACCOUNT} AND a.person_id = $1");
    AccountRow::find_by_statement(statement(conn, sql, [person.into()]))
        .one(conn)
        .await
}

/// Open accounts that sign in with that text, or whose address in a space it is; at most five,
/// because a shared address must not make a flood of mails.
pub async fn reached_by<C: ConnectionTrait>(
    conn: &C,
    text: &str,
) -> Result<Vec<AccountRow>, DbErr> {
    let sql = format!(
        "{ACCOUNT} AND a.disabled_at IS NULL AND (a.identifier = $1 OR EXISTS \
         (SELECT 1 FROM space_person sp WHERE sp.person_id = a.person_id AND sp.email = $1)) \
         ORDER BY CASE WHEN a.identifier = $1 THEN 0 ELSE 1 END, a.id LIMIT 5"
    );
    AccountRow::find_by_statement(statement(conn, sql, [text.into()]))
        .all(conn)
        .await
}

/// Addresses that spaces know of persons, one for each space they belong to.
pub async fn addresses<C: ConnectionTrait>(
    conn: &C,
    persons: &[Uuid],
) -> Result<Vec<(Uuid, Option<String>)>, DbErr> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT person_id, email FROM space_person WHERE person_id {}",
        in_ids(conn, 1)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [ids(persons)]))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "person_id")?, row.try_get("", "email")?)))
        .collect()
}

/// Gives an account another password.
pub async fn set_password(tx: &WriteTx, account: Uuid, hash: &str) -> Result<(), DbErr> {
    let sql = "UPDATE account SET password_hash = $1 WHERE id = $2";
    tx.execute_raw(statement(&**tx, sql, [hash.into(), account.into()]))
        .await?;
    Ok(())
}

/// Closes an account at an instant, or opens it again; whether something changed.
pub async fn set_disabled(tx: &WriteTx, account: Uuid, at: Option<Micros>) -> Result<bool, DbErr> {
    let rule = if at.is_some() {
        "IS NULL"
    } else {
        "IS NOT NULL"
    };
    let sql = format!("UPDATE account SET disabled_at = $1 WHERE id = $2 AND disabled_at {rule}");
    let done = tx
        .execute_raw(statement(&**tx, sql, [at.into(), account.into()]))
        .await?;
    Ok(done.rows_affected() == 1)
}

//! Statements on persons, always within a space.

use std::collections::HashMap;
use std::fmt::Write as _;

use passerelle_kernel::db::{self, in_ids, in_texts, statement};
use passerelle_kernel::{Micros, Uuid};
use passerelle_text::{address, fold};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Lang, Role};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};

use super::model::{AccountState, Filter};

/// A person as a space knows them.
#[derive(Clone, Debug)]
pub struct PersonRecord {
    /// Identifier.
    pub id: Uuid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Language.
    pub lang: Lang,
    /// Address in this space.
    pub email: Option<String>,
    /// Employer or structure, in this space.
    pub organisation: Option<String>,
    /// When they were added to this space.
    pub joined_at: Micros,
    /// What they sign in with.
    pub identifier: Option<String>,
    /// Latest sign-in.
    pub last_sign_in_at: Option<Micros>,
    /// State of the account.
    pub account: AccountState,
    /// Roles in this space.
    pub roles: Vec<Role>,
    /// The address that each of their spaces knows.
    pub addresses: Vec<Option<String>>,
}

impl PersonRecord {
    /// « Amina Benali ».
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }
    /// Whether they belong to another space as well.
    pub fn is_shared(&self) -> bool {
        self.addresses.len() > 1
    }
    /// Where a link that signs in may be sent.
    pub fn trusted_address(&self) -> Option<String> {
        crate::accounts::model::trusted_address(self.identifier.as_deref()?, &self.addresses)
    }
}

const FROM: &str = "FROM space_person sp JOIN person p ON p.id = sp.person_id \
     LEFT JOIN account a ON a.person_id = p.id WHERE sp.space_id = $1 AND p.erased_at IS NULL";
const COLUMNS: &str = "SELECT p.id, p.given_name, p.family_name, p.lang, sp.email, sp.organisation, \
     sp.created_at AS joined_at, a.identifier, a.last_sign_in_at, a.disabled_at";

/// A person of the space; none when they do not belong to it.
pub async fn record<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    person: Uuid,
) -> Result<Option<PersonRecord>, DbErr> {
    let sql = format!("{COLUMNS} {FROM} AND p.id = $2");
    let Some(row) = conn
        .query_one_raw(statement(conn, sql, [space.into(), person.into()]))
        .await?
    else {
        return Ok(None);
    };
    let mut record = person_record(&row)?;
    let roles = roles(conn, space, &[person]).await?;
    record.roles = roles.get(&person).cloned().unwrap_or_default();
    let sql = "SELECT email FROM space_person WHERE person_id = $1 ORDER BY created_at, space_id";
    let rows = conn
        .query_all_raw(statement(conn, sql, [person.into()]))
        .await?;
    record.addresses = rows
        .iter()
        .map(|row| row.try_get("", "email"))
        .collect::<Result<_, _>>()?;
    Ok(Some(record))
}

/// One page of the list, sorted by family name, and how many there are in all; three statements.
pub async fn list<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    filter: &Filter,
    per_page: u64,
) -> Result<(Vec<PersonRecord>, u64), DbErr> {
    let (rule, mut values) = conditions(space, filter);
    let sql = format!("SELECT COUNT(*) AS total {FROM}{rule}");
    let row = conn
        .query_one_raw(statement(conn, sql, values.clone()))
        .await?;
    let total = row
        .map_or(Ok(0), |row| row.try_get::<i64>("", "total"))?
        .max(0) as u64;
    let last = total.div_ceil(per_page).max(1);
    let offset = (filter.page.clamp(1, last) - 1) * per_page;
    let next = values.len() + 1;
    let sql = format!(
        "{COLUMNS} {FROM}{rule} ORDER BY p.search_name, p.id LIMIT ${next} OFFSET ${}",
        next + 1
    );
    values.extend([Value::from(per_page as i64), Value::from(offset as i64)]);
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    let mut records = rows
        .iter()
        .map(person_record)
        .collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<Uuid> = records.iter().map(|record| record.id).collect();
    let mut roles = roles(conn, space, &ids).await?;
    for record in &mut records {
        record.roles = roles.remove(&record.id).unwrap_or_default();
    }
    Ok((records, total))
}

/// The rest of the WHERE clause, and every value in the order of its number.
fn conditions(space: Uuid, filter: &Filter) -> (String, Vec<Value>) {
    let mut rule = String::new();
    let mut values: Vec<Value> = vec![space.into()];
    words(&mut rule, &mut values, &filter.text);
    if let Some(role) = filter.role {
        values.push(role.code().into());
        let _ = write!(
            rule,
            " AND EXISTS (SELECT 1 FROM role_grant g WHERE g.space_id = sp.space_id AND g.person_id = sp.person_id \
             AND g.ended_at IS NULL AND g.role = ${})",
            values.len()
        );
    }
    rule += match filter.account {
        None => "",
        Some(AccountState::None) => " AND a.id IS NULL",
        Some(AccountState::Disabled) => " AND a.disabled_at IS NOT NULL",
        Some(AccountState::Waiting) => {
            " AND a.id IS NOT NULL AND a.disabled_at IS NULL AND a.last_sign_in_at IS NULL"
        }
        Some(AccountState::Active) => {
            " AND a.disabled_at IS NULL AND a.last_sign_in_at IS NOT NULL"
        }
    };
    (rule, values)
}

/// Every word is in the name or in the address.
fn words(rule: &mut String, values: &mut Vec<Value>, text: &str) {
    for word in fold::words(text) {
        values.push(fold::within(&word.folded).into());
        let address = fold::contains("sp.email_key", values.len());
        if word.squeezed.is_empty() {
            let _ = write!(rule, " AND {address}");
            continue;
        }
        values.push(fold::within(&word.squeezed).into());
        let name = fold::contains("p.search_name", values.len());
        let _ = write!(rule, " AND ({name} OR {address})");
    }
}

fn person_record(row: &QueryResult) -> Result<PersonRecord, DbErr> {
    let identifier: Option<String> = row.try_get("", "identifier")?;
    let last_sign_in_at = row.try_get("", "last_sign_in_at")?;
    Ok(PersonRecord {
        id: row.try_get("", "id")?,
        given_name: row.try_get("", "given_name")?,
        family_name: row.try_get("", "family_name")?,
        lang: Lang::from_code(&row.try_get::<String>("", "lang")?).unwrap_or_default(),
        email: row.try_get("", "email")?,
        organisation: row.try_get("", "organisation")?,
        joined_at: row.try_get("", "joined_at")?,
        account: AccountState::of(
            identifier.is_some(),
            last_sign_in_at,
            row.try_get("", "disabled_at")?,
        ),
        identifier,
        last_sign_in_at,
        roles: Vec::new(),
        addresses: Vec::new(),
    })
}

/// Current roles of persons in a space, in the order of [`Role::ALL`].
async fn roles<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Role>>, DbErr> {
    let mut roles: HashMap<Uuid, Vec<Role>> = HashMap::new();
    if persons.is_empty() {
        return Ok(roles);
    }
    let sql = format!(
        "SELECT person_id, role FROM role_grant WHERE space_id = $1 AND ended_at IS NULL AND person_id {}",
        in_ids(conn, 2)
    );
    let values = [space.into(), db::ids(persons)];
    for row in conn.query_all_raw(statement(conn, sql, values)).await? {
        if let Some(role) = Role::parse(&row.try_get::<String>("", "role")?) {
            roles
                .entry(row.try_get("", "person_id")?)
                .or_default()
                .push(role);
        }
    }
    for held in roles.values_mut() {
        held.sort_unstable();
    }
    Ok(roles)
}

#[derive(FromQueryResult)]
struct CardRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    email: Option<String>,
    lang: String,
    organisation: Option<String>,
}

impl From<CardRow> for PersonCard {
    fn from(row: CardRow) -> Self {
        Self {
            id: row.id,
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            lang: Lang::from_code(&row.lang).unwrap_or_default(),
            organisation: row.organisation,
        }
    }
}

const CARD: &str = "SELECT p.id, p.given_name, p.family_name, sp.email, p.lang, sp.organisation \
     FROM space_person sp JOIN person p ON p.id = sp.person_id WHERE sp.space_id = $1";

/// Persons of a space by id. Those who were erased are still there, without their name.
pub async fn cards<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, PersonCard>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("{CARD} AND p.id {}", in_ids(conn, 2));
    let values = [space.into(), db::ids(ids)];
    let rows = CardRow::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Persons of a space whose name or address has every word of `text`, sorted by family name.
pub async fn search<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    text: &str,
    limit: u64,
) -> Result<Vec<PersonCard>, DbErr> {
    let mut rule = String::new();
    let mut values: Vec<Value> = vec![space.into()];
    words(&mut rule, &mut values, text);
    values.push(Value::from(limit as i64));
    let limit = values.len();
    let sql =
        format!("{CARD} AND p.erased_at IS NULL{rule} ORDER BY p.search_name, p.id LIMIT ${limit}");
    let rows = CardRow::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Persons of a space who have a role now, sorted by family name.
pub async fn with_role<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    role: Role,
) -> Result<Vec<PersonCard>, DbErr> {
    let sql = format!(
        "{CARD} AND p.erased_at IS NULL AND EXISTS (SELECT 1 FROM role_grant g WHERE g.space_id = sp.space_id \
         AND g.person_id = sp.person_id AND g.ended_at IS NULL AND g.role = $2) ORDER BY p.search_name, p.id"
    );
    let values = [space.into(), role.code().into()];
    let rows = CardRow::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Persons of a space who have one of these addresses, whatever they are called.
pub async fn by_addresses<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    addresses: &[String],
) -> Result<Vec<PersonCard>, DbErr> {
    let keys: Vec<String> = addresses
        .iter()
        .map(|address| address::key(address))
        .filter(|key| !key.is_empty())
        .collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{CARD} AND p.erased_at IS NULL AND sp.email_key {} ORDER BY p.search_name, p.id",
        in_texts(conn, 2)
    );
    let values = [space.into(), db::texts(&keys)];
    let rows = CardRow::find_by_statement(statement(conn, sql, values))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The only person of the space with this address, however it is written.
pub async fn by_address<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    address: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT p.id FROM space_person sp JOIN person p ON p.id = sp.person_id \
               WHERE sp.space_id = $1 AND sp.email_key = $2 AND p.erased_at IS NULL LIMIT 2";
    let values = [space.into(), address::key(address).into()];
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    match rows.as_slice() {
        [only] => only.try_get("", "id").map(Some),
        _ => Ok(None),
    }
}

/// The person of the space with this address and this name.
pub async fn same<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    email: Option<&str>,
    search_name: &str,
) -> Result<Option<Uuid>, DbErr> {
    let Some(email) = email else { return Ok(None) };
    let sql = "SELECT p.id FROM space_person sp JOIN person p ON p.id = sp.person_id \
               WHERE sp.space_id = $1 AND sp.email_key = $2 AND p.search_name = $3 AND p.erased_at IS NULL \
               ORDER BY p.id LIMIT 1";
    one_id(
        conn,
        sql,
        vec![space.into(), address::key(email).into(), search_name.into()],
    )
    .await
}

/// The person of that name who signs in with that identifier, in whatever space.
pub async fn known<C: ConnectionTrait>(
    conn: &C,
    identifier: &str,
    search_name: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT p.id FROM account a JOIN person p ON p.id = a.person_id \
               WHERE a.identifier = $1 AND p.search_name = $2 AND p.erased_at IS NULL";
    one_id(conn, sql, vec![identifier.into(), search_name.into()]).await
}

/// The space that a person joined first.
pub async fn first_space<C: ConnectionTrait>(
    conn: &C,
    person: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT space_id AS id FROM space_person WHERE person_id = $1 ORDER BY created_at, space_id LIMIT 1";
    one_id(conn, sql, vec![person.into()]).await
}

/// The spaces that a person belongs to.
pub async fn spaces_of<C: ConnectionTrait>(conn: &C, person: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT space_id AS id FROM space_person WHERE person_id = $1";
    let rows = conn
        .query_all_raw(statement(conn, sql, [person.into()]))
        .await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

async fn one_id<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<Uuid>, DbErr> {
    conn.query_one_raw(statement(conn, sql, values))
        .await?
        .map(|row| row.try_get("", "id"))
        .transpose()
}

/// How many have a role in a space now.
pub async fn holders<C: ConnectionTrait>(conn: &C, space: Uuid, role: Role) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS total FROM role_grant WHERE space_id = $1 AND role = $2 AND ended_at IS NULL";
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into(), role.code().into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "total"))
}

//! Queries on contacts and tags, on lists and who receives them, on segments.

mod lists;
mod segments;

use std::collections::HashMap;

use passerelle_kernel::db::{ids, in_ids, in_texts, insert_many, statement, texts};
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::Lang;

use passerelle_text::{address, fold};

use super::model::{Basis, Contact, ContactFields, Status, TagKind};
use super::segment::Predicate;
use crate::returns;

pub use lists::{
    ask, delete_subscription, give_up_asking, insert_list, list, lists, set_subscription,
    subscriptions, update_list,
};
pub use segments::{Segment, delete_segment, put_segment, segment, segments};

/// Columns made of [`ContactFields::folded`].
const KEYS: &str = "search, organisation_key, job_key, department_key, source_key";

const CONTACT: &str = "c.id, c.space_id, c.email, c.given_name, c.family_name, c.organisation, c.job, c.department, \
     c.lang, c.status, c.basis, c.source, c.purpose, c.person_id, c.created_at";

fn word<T>(row: &QueryResult, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, DbErr> {
    let text: String = row.try_get("", name)?;
    parse(&text).ok_or_else(|| DbErr::Type(format!("{name}: {text}")))
}

fn contact_of(row: &QueryResult) -> Result<Contact, DbErr> {
    Ok(Contact {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        fields: ContactFields {
            email: row.try_get("", "email")?,
            given_name: row.try_get("", "given_name")?,
            family_name: row.try_get("", "family_name")?,
            organisation: row.try_get("", "organisation")?,
            job: row.try_get("", "job")?,
            department: row.try_get("", "department")?,
            lang: word(row, "lang", Lang::from_code)?,
            basis: word(row, "basis", Basis::parse)?,
            source: row.try_get("", "source")?,
            purpose: row.try_get("", "purpose")?,
            themes: Vec::new(),
            networks: Vec::new(),
        },
        status: word(row, "status", Status::parse)?,
        person: row.try_get("", "person_id")?,
        created_at: row.try_get("", "created_at")?,
    })
}

async fn with_tags<C: ConnectionTrait>(conn: &C, contacts: &mut [Contact]) -> Result<(), DbErr> {
    let wanted: Vec<Uuid> = contacts.iter().map(|contact| contact.id).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let places: HashMap<Uuid, usize> = wanted.iter().copied().zip(0..).collect();
    let sql = format!(
        "SELECT x.contact_id, t.kind, t.name FROM mail_contact_tag x JOIN mail_tag t ON t.id = x.tag_id \
         WHERE x.contact_id {} ORDER BY t.name_key",
        in_ids(conn, 1)
    );
    for row in conn
        .query_all_raw(statement(conn, sql, [ids(&wanted)]))
        .await?
    {
        let of: Uuid = row.try_get("", "contact_id")?;
        if let Some(contact) = places.get(&of).and_then(|at| contacts.get_mut(*at)) {
            let name = row.try_get("", "name")?;
            match word(&row, "kind", TagKind::parse)? {
                TagKind::Theme => contact.fields.themes.push(name),
                TagKind::Network => contact.fields.networks.push(name),
            }
        }
    }
    Ok(())
}

/// A contact, with tags.
pub async fn contact<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Contact>, DbErr> {
    let sql = format!("SELECT {CONTACT} FROM mail_contact c WHERE c.id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut found = [contact_of(&row)?];
    with_tags(conn, &mut found).await?;
    let [contact] = found;
    Ok(Some(contact))
}

/// The contact of a space with that address.
pub async fn contact_by_key<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    key: &str,
) -> Result<Option<Contact>, DbErr> {
    let sql =
        format!("SELECT {CONTACT} FROM mail_contact c WHERE c.space_id = $1 AND c.email_key = $2");
    let row = conn
        .query_one_raw(statement(conn, sql, [space.into(), key.into()]))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut found = [contact_of(&row)?];
    with_tags(conn, &mut found).await?;
    let [contact] = found;
    Ok(Some(contact))
}

/// Those contacts, without tags; who was forgotten is not among them.
pub async fn contacts_of<C: ConnectionTrait>(
    conn: &C,
    wanted: &[Uuid],
) -> Result<Vec<Contact>, DbErr> {
    let sql = format!(
        "SELECT {CONTACT} FROM mail_contact c WHERE c.id {}",
        in_ids(conn, 1)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [ids(wanted)]))
        .await?;
    rows.iter().map(contact_of).collect()
}

/// Which contacts of a space to show.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// Words within a name, an address or an organisation.
    pub text: String,
    /// Of that status.
    pub status: Option<Status>,
    /// Who receive that list.
    pub list: Option<Uuid>,
}

impl Sieve {
    fn predicate(&self, space: Uuid) -> Predicate {
        let mut values: Vec<Value> = vec![space.into()];
        let mut sql = "c.space_id = $1".to_owned();
        for word in fold::words(&self.text) {
            values.push(fold::within(&word.folded).into());
            let folded = fold::contains("c.search", values.len());
            if word.squeezed.is_empty() || word.squeezed == word.folded {
                sql.push_str(&format!(" AND {folded}"));
                continue;
            }
            values.push(fold::within(&word.squeezed).into());
            let squeezed = fold::contains("c.search", values.len());
            sql.push_str(&format!(" AND ({folded} OR {squeezed})"));
        }
        if let Some(status) = self.status {
            values.push(status.code().into());
            sql.push_str(&format!(" AND c.status = ${}", values.len()));
        }
        if let Some(list) = self.list {
            values.push(list.into());
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM mail_subscription u WHERE u.list_id = ${} AND u.contact_id = c.id AND u.state = 'subscribed')",
                values.len()
            ));
        }
        Predicate { sql, values }
    }
}

/// How many contacts a sieve lets through.
pub async fn count<C: ConnectionTrait>(conn: &C, space: Uuid, sieve: &Sieve) -> Result<i64, DbErr> {
    let Predicate { sql, values } = sieve.predicate(space);
    let sql = format!("SELECT COUNT(*) AS n FROM mail_contact c WHERE {sql}");
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// Contacts in the order of their addresses, with tags.
pub async fn contacts<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    sieve: &Sieve,
    from: u64,
    limit: u64,
) -> Result<Vec<Contact>, DbErr> {
    let Predicate { sql, values } = sieve.predicate(space);
    let sql = format!(
        "SELECT {CONTACT} FROM mail_contact c WHERE {sql} ORDER BY c.email_key LIMIT {limit} OFFSET {from}"
    );
    let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
    let mut contacts = rows.iter().map(contact_of).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, &mut contacts).await?;
    Ok(contacts)
}

/// Contacts after that key of an address, for an export in pieces; and the last key.
pub async fn contacts_after<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    after: &str,
    limit: u64,
) -> Result<(Vec<Contact>, String), DbErr> {
    let sql = format!(
        "SELECT {CONTACT}, c.email_key FROM mail_contact c WHERE c.space_id = $1 AND c.email_key > $2 ORDER BY c.email_key LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into(), after.into()]))
        .await?;
    let last = rows.last().map(|row| row.try_get("", "email_key"));
    let last = last.transpose()?.unwrap_or_default();
    let mut contacts = rows.iter().map(contact_of).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, &mut contacts).await?;
    Ok((contacts, last))
}

/// The contacts of a space who have one of these keys, by key.
pub async fn contacts_by_keys<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
    keys: &[String],
) -> Result<Vec<(String, Contact)>, DbErr> {
    let sql = format!(
        "SELECT {CONTACT}, c.email_key FROM mail_contact c WHERE c.space_id = $1 AND c.email_key {}",
        in_texts(conn, 2)
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into(), texts(keys)]))
        .await?;
    let mut contacts = rows.iter().map(contact_of).collect::<Result<Vec<_>, _>>()?;
    with_tags(conn, &mut contacts).await?;
    let keys = rows.iter().map(|row| row.try_get("", "email_key"));
    let keys = keys.collect::<Result<Vec<String>, _>>()?;
    Ok(keys.into_iter().zip(contacts).collect())
}

/// Writes a new contact; its address was checked.
pub async fn insert_contact(tx: &WriteTx, contact: &Contact) -> Result<(), DbErr> {
    let fields = &contact.fields;
    // What was accepted before addresses were checked as now keeps its key.
    let key = address::key(&fields.email);
    let sql = format!(
        "INSERT INTO mail_contact (id, space_id, email, email_key, given_name, family_name, organisation, job, \
               department, lang, status, basis, source, purpose, person_id, created_at, updated_at, {KEYS}) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $20, $21)"
    );
    let [search, organisation, job, department, source] = fields.folded();
    let values: [Value; 21] = [
        contact.id.into(),
        contact.space.into(),
        fields.email.as_str().into(),
        key.into(),
        fields.given_name.as_str().into(),
        fields.family_name.as_str().into(),
        fields.organisation.as_str().into(),
        fields.job.as_str().into(),
        fields.department.as_str().into(),
        fields.lang.code().into(),
        contact.status.code().into(),
        fields.basis.code().into(),
        fields.source.as_str().into(),
        fields.purpose.as_str().into(),
        contact.person.into(),
        contact.created_at.into(),
        search.into(),
        organisation.into(),
        job.into(),
        department.into(),
        source.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    set_tags(tx, contact.space, contact.id, fields).await
}

/// Writes what is said of a contact.
pub async fn update_contact(
    tx: &WriteTx,
    space: Uuid,
    id: Uuid,
    fields: &ContactFields,
) -> Result<(), DbErr> {
    // What was accepted before addresses were checked as now keeps its key.
    let key = address::key(&fields.email);
    let sql = "UPDATE mail_contact SET email = $2, email_key = $3, given_name = $4, family_name = $5, organisation = $6, \
               job = $7, department = $8, lang = $9, basis = $10, source = $11, purpose = $12, updated_at = $13, search = $14, organisation_key = $15, \
               job_key = $16, department_key = $17, source_key = $18 WHERE id = $1";
    let [search, organisation, job, department, source] = fields.folded();
    let values: [Value; 18] = [
        id.into(),
        fields.email.as_str().into(),
        key.into(),
        fields.given_name.as_str().into(),
        fields.family_name.as_str().into(),
        fields.organisation.as_str().into(),
        fields.job.as_str().into(),
        fields.department.as_str().into(),
        fields.lang.code().into(),
        fields.basis.code().into(),
        fields.source.as_str().into(),
        fields.purpose.as_str().into(),
        tx.env().now().into(),
        search.into(),
        organisation.into(),
        job.into(),
        department.into(),
        source.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    set_tags(tx, space, id, fields).await
}

async fn set_tags(
    tx: &WriteTx,
    space: Uuid,
    contact: Uuid,
    fields: &ContactFields,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_contact_tag WHERE contact_id = $1";
    tx.execute_raw(statement(&**tx, sql, [contact.into()]))
        .await?;
    let mut values: Vec<Value> = Vec::new();
    for (kind, names) in [
        (TagKind::Theme, &fields.themes),
        (TagKind::Network, &fields.networks),
    ] {
        for name in names {
            values.push(contact.into());
            values.push(put_tag(tx, space, kind, name).await?.into());
        }
    }
    insert_many(
        &**tx,
        "mail_contact_tag (contact_id, tag_id)",
        2,
        values,
        "ON CONFLICT DO NOTHING",
    )
    .await
}

/// The tag of that name, made when there is none.
pub async fn put_tag(tx: &WriteTx, space: Uuid, kind: TagKind, name: &str) -> Result<Uuid, DbErr> {
    let key = fold::fold(name);
    let sql = "SELECT id FROM mail_tag WHERE space_id = $1 AND kind = $2 AND name_key = $3";
    let values = [space.into(), kind.code().into(), key.as_str().into()];
    if let Some(row) = tx.query_one_raw(statement(&**tx, sql, values)).await? {
        return row.try_get("", "id");
    }
    let id = tx.env().id();
    let sql =
        "INSERT INTO mail_tag (id, space_id, kind, name, name_key) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        id.into(),
        space.into(),
        kind.code().into(),
        name.into(),
        key.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(id)
}

/// Themes or networks of a space: identifier, name, how many contacts.
pub async fn tags<C: ConnectionTrait>(
    conn: &C,
    space: Uuid,
) -> Result<Vec<(Uuid, TagKind, String, i64)>, DbErr> {
    let sql = "SELECT t.id, t.kind, t.name, (SELECT COUNT(*) FROM mail_contact_tag x WHERE x.tag_id = t.id) AS n \
               FROM mail_tag t WHERE t.space_id = $1 ORDER BY t.kind, t.name_key LIMIT 500";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("", "id")?,
                word(row, "kind", TagKind::parse)?,
                row.try_get("", "name")?,
                row.try_get("", "n")?,
            ))
        })
        .collect()
}

/// Contacts whose address nobody confirmed, unchanged since that instant and asked nothing since.
pub async fn never_confirmed<C: ConnectionTrait>(
    conn: &C,
    before: Micros,
    limit: u64,
) -> Result<Vec<Contact>, DbErr> {
    let sql = format!(
        "SELECT {CONTACT} FROM mail_contact c WHERE c.status = 'unconfirmed' AND c.updated_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM mail_subscription s WHERE s.contact_id = c.id \
         AND (s.state = 'subscribed' OR (s.state = 'unconfirmed' AND s.at >= $1))) LIMIT {limit}"
    );
    let rows = conn
        .query_all_raw(statement(conn, sql, [before.into()]))
        .await?;
    rows.iter().map(contact_of).collect()
}

/// Sets whether a contact may be written to; false when it was so.
pub async fn set_status(tx: &WriteTx, contact: Uuid, status: Status) -> Result<bool, DbErr> {
    let sql = "UPDATE mail_contact SET status = $2, updated_at = $3 WHERE id = $1 AND status <> $2";
    let values = [contact.into(), status.code().into(), tx.env().now().into()];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    if status == Status::Enabled {
        returns::store::settle(tx, contact).await?;
    }
    Ok(done.rows_affected() > 0)
}

/// Ties a contact to a person, or to nobody.
pub async fn set_person(tx: &WriteTx, contact: Uuid, person: Option<Uuid>) -> Result<(), DbErr> {
    let sql = "UPDATE mail_contact SET person_id = $2 WHERE id = $1";
    let values = [contact.into(), person.into()];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Forgets a contact; what was sent to it is forgotten by `campaigns::store::forget`.
pub async fn delete_contact(tx: &WriteTx, id: Uuid) -> Result<(), DbErr> {
    for sql in [
        "DELETE FROM mail_contact_tag WHERE contact_id = $1",
        "DELETE FROM mail_subscription WHERE contact_id = $1",
        "DELETE FROM mail_import_change WHERE contact_id = $1",
        "DELETE FROM mail_contact WHERE id = $1",
    ] {
        tx.execute_raw(statement(&**tx, sql, [id.into()])).await?;
    }
    Ok(())
}

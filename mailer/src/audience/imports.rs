//! Imports that were done: their tables, and undoing them.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::{App, AppError};

use super::commands::{self, AudienceError, BY_IMPORT};
use super::importing::Fate;
use super::model::{Contact, ContactFields, List, Status};
use super::store;

/// Lines written in one transaction.
const CHUNK: usize = 100;

/// An import that was done.
#[derive(Clone, Debug)]
pub struct Import {
    /// Identifier.
    pub id: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// The list that everybody in it was to receive.
    pub list: Option<Uuid>,
    /// Contacts added.
    pub added: i32,
    /// Contacts changed.
    pub changed: i32,
    /// Lines refused.
    pub refused: i32,
    /// When.
    pub at: Micros,
    /// When it was undone.
    pub undone_at: Option<Micros>,
}

/// What to do with the lines of a file.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whose contacts.
    pub space: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// The list that everybody in it receives from now on.
    pub list: Option<List>,
    /// Who asked.
    pub actor: Actor,
}

/// The last imports of a space.
pub async fn imports<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<Import>, DbErr> {
    let sql = "SELECT id, file_name, list_id, added, changed, refused, at, undone_at FROM mail_import WHERE space_id = $1 ORDER BY at DESC LIMIT 20";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Import {
                id: row.try_get("", "id")?,
                file_name: row.try_get("", "file_name")?,
                list: row.try_get("", "list_id")?,
                added: row.try_get("", "added")?,
                changed: row.try_get("", "changed")?,
                refused: row.try_get("", "refused")?,
                at: row.try_get("", "at")?,
                undone_at: row.try_get("", "undone_at")?,
            })
        })
        .collect()
}

/// Does what was previewed, a hundred lines at a time; the import.
///
/// # Errors
///
/// The database refuses; what was done so far can be undone.
pub async fn apply(
    app: &App,
    order: &Order,
    fates: Vec<(usize, Fate)>,
) -> Result<Import, AppError> {
    let refused = fates
        .iter()
        .filter(|(_, fate)| matches!(fate, Fate::Refused(_)))
        .count() as i32;
    let mut import = Import {
        id: app.env().id(),
        file_name: order.file_name.clone(),
        list: order.list.as_ref().map(|list| list.id),
        added: 0,
        changed: 0,
        refused,
        at: app.env().now(),
        undone_at: None,
    };
    let tx = app.db().write().await?;
    let sql = "INSERT INTO mail_import (id, space_id, file_name, list_id, added, changed, refused, at) VALUES ($1, $2, $3, $4, 0, 0, $5, $6)";
    let values: [Value; 6] = [
        import.id.into(),
        order.space.into(),
        import.file_name.as_str().into(),
        import.list.into(),
        refused.into(),
        import.at.into(),
    ];
    tx.execute_raw(statement(&*tx, sql, values)).await?;
    tx.commit().await?;
    for chunk in fates.chunks(CHUNK) {
        let tx = app.db().write().await?;
        for (_, fate) in chunk {
            one(app, &tx, order, &mut import, fate).await?;
        }
        let sql = "UPDATE mail_import SET added = $2, changed = $3 WHERE id = $1";
        let values = [import.id.into(), import.added.into(), import.changed.into()];
        tx.execute_raw(statement(&*tx, sql, values)).await?;
        tx.commit().await?;
    }
    Ok(import)
}

async fn one(
    app: &App,
    tx: &WriteTx,
    order: &Order,
    import: &mut Import,
    fate: &Fate,
) -> Result<(), AppError> {
    let (contact, before, after) = match fate {
        Fate::Refused(_) => return Ok(()),
        Fate::Add(fields) => {
            let fields = (**fields).clone();
            let contact =
                commands::add_contact(app, tx, order.space, fields, Status::Enabled).await?;
            import.added += 1;
            let after = contact.fields.clone();
            (Some(contact), None, Some(after))
        }
        Fate::Change(key, fields) => {
            let known = store::contact_by_key(&**tx, order.space, key).await?;
            if let Some(known) = &known {
                store::update_contact(tx, order.space, known.id, fields).await?;
                import.changed += 1;
            }
            let before = known.as_ref().map(|known| known.fields.clone());
            (known, before, Some((**fields).clone()))
        }
        Fate::Same(key) if order.list.is_some() => {
            let known = store::contact_by_key(&**tx, order.space, key).await?;
            (known, None, None)
        }
        Fate::Same(_) => return Ok(()),
    };
    let Some(contact) = contact else {
        return Ok(());
    };
    let subscribed = match &order.list {
        Some(list) => put_on(tx, order, &contact, list).await?,
        None => false,
    };
    if after.is_none() && !subscribed {
        return Ok(());
    }
    let text = |fields: Option<ContactFields>| {
        let text = fields.map(|fields| serde_json::to_string(&fields));
        text.transpose().map_err(AppError::internal)
    };
    let sql = "INSERT INTO mail_import_change (import_id, contact_id, before, after, subscribed) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values: [Value; 5] = [
        import.id.into(),
        contact.id.into(),
        text(before)?.into(),
        text(after)?.into(),
        i16::from(subscribed).into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Puts a contact on the list of an import; who stood on it already stays as they stood: who left
/// does not come back by a file.
async fn put_on(
    tx: &WriteTx,
    order: &Order,
    contact: &Contact,
    list: &List,
) -> Result<bool, AppError> {
    let standing = store::subscriptions(&**tx, contact.id).await?;
    if standing.iter().any(|(id, ..)| *id == list.id) {
        return Ok(false);
    }
    Ok(commands::subscribe(tx, contact, list, BY_IMPORT, order.actor).await?)
}

/// Puts back what an import changed and forgets whom it added, but for contacts that somebody has
/// changed or written to since; how many were put back, and how many were left.
///
/// # Errors
///
/// There is no such import, or it was undone.
pub async fn undo(
    app: &App,
    space: Uuid,
    id: Uuid,
    actor: Actor,
) -> Result<(usize, usize), AppError> {
    let db = app.db().read();
    let known = imports(db, space).await?;
    let import = known
        .iter()
        .find(|import| import.id == id)
        .ok_or(AppError::NotFound)?;
    if import.undone_at.is_some() {
        return Err(AppError::Conflict("import-undone-already"));
    }
    let sql =
        "SELECT contact_id, before, after, subscribed FROM mail_import_change WHERE import_id = $1";
    let rows = db.query_all_raw(statement(db, sql, [id.into()])).await?;
    let (mut back, mut left) = (0, 0);
    for chunk in rows.chunks(CHUNK) {
        let tx = app.db().write().await?;
        for row in chunk {
            let contact: Uuid = row.try_get("", "contact_id")?;
            let subscribed: i16 = row.try_get("", "subscribed")?;
            let read = |text: Option<String>| {
                text.and_then(|text| serde_json::from_str::<ContactFields>(&text).ok())
            };
            let change = Change {
                contact,
                before: read(row.try_get("", "before")?),
                after: read(row.try_get("", "after")?),
                list: import.list.filter(|_| subscribed != 0),
            };
            match undo_one(&tx, space, change, actor).await? {
                true => back += 1,
                false => left += 1,
            }
        }
        tx.commit().await?;
    }
    let tx = app.db().write().await?;
    let sql = "UPDATE mail_import SET undone_at = $2 WHERE id = $1";
    tx.execute_raw(statement(&*tx, sql, [id.into(), tx.env().now().into()]))
        .await?;
    tx.commit().await?;
    Ok((back, left))
}

/// What an import did to one contact.
struct Change {
    contact: Uuid,
    /// As it was; none for one that it added.
    before: Option<ContactFields>,
    /// As it left it; none when it changed nothing of it.
    after: Option<ContactFields>,
    /// The list that it put it on.
    list: Option<Uuid>,
}

async fn undo_one(
    tx: &WriteTx,
    space: Uuid,
    change: Change,
    actor: Actor,
) -> Result<bool, AppError> {
    let Some(known) = store::contact(&**tx, change.contact).await? else {
        return Ok(false);
    };
    if let Some(list) = change.list {
        commands::withdraw(tx, &known, list, actor).await?;
    }
    let Some(after) = change.after else {
        return Ok(true);
    };
    let sql = "SELECT 1 AS one FROM mail_recipient WHERE contact_id = $1 LIMIT 1";
    let written = tx
        .query_one_raw(statement(&**tx, sql, [known.id.into()]))
        .await?;
    if after != known.fields || (change.before.is_none() && written.is_some()) {
        return Ok(false);
    }
    match change.before {
        Some(before) => store::update_contact(tx, space, known.id, &before)
            .await
            .map_err(AudienceError::from)?,
        None => commands::forget(tx, &known, actor).await?,
    }
    Ok(true)
}

/// The contacts of a space whose addresses are in `keys`, by key.
pub async fn known(
    app: &App,
    space: Uuid,
    keys: &[String],
) -> Result<HashMap<String, ContactFields>, AppError> {
    let wanted: std::collections::HashSet<&String> = keys.iter().collect();
    let mut known = HashMap::new();
    let mut after = String::new();
    loop {
        let contacts = store::contacts_after(app.db().read(), space, &after, 2_000).await?;
        let last = contacts.len() < 2_000;
        for contact in contacts {
            let Some(key) = super::model::email_key(&contact.fields.email) else {
                continue;
            };
            after.clone_from(&key);
            if wanted.contains(&key) {
                known.insert(key, contact.fields);
            }
        }
        if last {
            return Ok(known);
        }
    }
}

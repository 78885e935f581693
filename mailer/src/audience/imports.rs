//! Imports that were done: their tables, and undoing them.

use std::collections::HashMap;

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::{App, AppError};

use super::commands::{self, AudienceError};
use super::importing::Fate;
use super::model::{ContactFields, List, Status};
use super::store;

/// Lines written in one transaction.
const CHUNK: usize = 100;
/// How somebody came on a list by an import.
const BY_IMPORT: &str = "import";

/// An import that was done.
#[derive(Clone, Debug)]
pub struct Import {
    /// Identifier.
    pub id: Uuid,
    /// Name of the file.
    pub file_name: String,
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
    let sql = "SELECT id, file_name, added, changed, refused, at, undone_at FROM mail_import WHERE space_id = $1 ORDER BY at DESC LIMIT 20";
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Import {
                id: row.try_get("", "id")?,
                file_name: row.try_get("", "file_name")?,
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
        order.list.as_ref().map(|list| list.id).into(),
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
    let contact = match fate {
        Fate::Refused(_) => return Ok(()),
        Fate::Add(fields) => {
            let contact =
                commands::add_contact(app, tx, order.space, (**fields).clone(), Status::Enabled)
                    .await?;
            note(tx, import.id, contact.id, None, fields).await?;
            import.added += 1;
            Some(contact)
        }
        Fate::Change(key, fields) => {
            let known = store::contact_by_key(&**tx, order.space, key).await?;
            if let Some(known) = &known {
                store::update_contact(tx, order.space, known.id, fields).await?;
                note(tx, import.id, known.id, Some(&known.fields), fields).await?;
                import.changed += 1;
            }
            known
        }
        Fate::Same(key) => match order.list {
            Some(_) => store::contact_by_key(&**tx, order.space, key).await?,
            None => None,
        },
    };
    if let (Some(list), Some(contact)) = (&order.list, contact) {
        // Who left does not come back by a file.
        let left = store::subscriptions(&**tx, contact.id).await?;
        if !left.iter().any(|(id, ..)| *id == list.id) {
            commands::subscribe(tx, &contact, list, BY_IMPORT, order.actor).await?;
        }
    }
    Ok(())
}

async fn note(
    tx: &WriteTx,
    import: Uuid,
    contact: Uuid,
    before: Option<&ContactFields>,
    after: &ContactFields,
) -> Result<(), AppError> {
    let text = |fields: &ContactFields| serde_json::to_string(fields).map_err(AppError::internal);
    let sql = "INSERT INTO mail_import_change (import_id, contact_id, before, after) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values: [Value; 4] = [
        import.into(),
        contact.into(),
        before.map(text).transpose()?.into(),
        text(after)?.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
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
    let sql = "SELECT contact_id, before, after FROM mail_import_change WHERE import_id = $1";
    let rows = db.query_all_raw(statement(db, sql, [id.into()])).await?;
    let (mut back, mut left) = (0, 0);
    for chunk in rows.chunks(CHUNK) {
        let tx = app.db().write().await?;
        for row in chunk {
            let contact: Uuid = row.try_get("", "contact_id")?;
            let read = |text: Option<String>| {
                text.and_then(|text| serde_json::from_str::<ContactFields>(&text).ok())
            };
            let before = read(row.try_get("", "before")?);
            let after = read(row.try_get("", "after")?);
            match undo_one(&tx, space, contact, before, after, actor).await? {
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

async fn undo_one(
    tx: &WriteTx,
    space: Uuid,
    contact: Uuid,
    before: Option<ContactFields>,
    after: Option<ContactFields>,
    actor: Actor,
) -> Result<bool, AppError> {
    let Some(known) = store::contact(&**tx, contact).await? else {
        return Ok(false);
    };
    let written = tx
        .query_one_raw(statement(
            &**tx,
            "SELECT 1 AS one FROM mail_recipient WHERE contact_id = $1 LIMIT 1",
            [contact.into()],
        ))
        .await?
        .is_some();
    if after.as_ref() != Some(&known.fields) || (before.is_none() && written) {
        return Ok(false);
    }
    match before {
        Some(before) => store::update_contact(tx, space, contact, &before)
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

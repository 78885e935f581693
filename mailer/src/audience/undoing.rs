//! Undoing an import: what it did to each contact, and putting it back.

use passerelle_kernel::db::statement;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::{App, AppError};

use super::applying::CHUNK;
use super::commands::{self, AudienceError};
use super::imports::{self, Import, State};
use super::model::ContactFields;
use super::store;

/// Puts back the next contacts of an import that is undone; whether there are more.
pub(super) async fn put_back(app: &App, id: Uuid, actor: Actor) -> Result<bool, AppError> {
    let tx = app.db().write().await?;
    tx.hold(id).await?;
    let import = imports::import(&*tx, id).await?;
    let Some(mut import) = import.filter(|import| import.state == State::Undoing) else {
        return Ok(false);
    };
    let sql = format!(
        "SELECT contact_id, before, after, subscribed FROM mail_import_change WHERE import_id = $1 ORDER BY contact_id LIMIT {CHUNK}"
    );
    let rows = tx.query_all_raw(statement(&*tx, sql, [id.into()])).await?;
    for row in &rows {
        let change = Change::read(row, &import)?;
        if !change.undo(&tx, &import, actor).await? {
            import.kept += 1;
        }
        let sql = "DELETE FROM mail_import_change WHERE import_id = $1 AND contact_id = $2";
        let values = [id.into(), change.contact.into()];
        tx.execute_raw(statement(&*tx, sql, values)).await?;
    }
    import.gone += rows.len() as i32;
    let more = rows.len() == CHUNK;
    if !more {
        import.state = State::Undone;
        import.undone_at = Some(tx.env().now());
    }
    imports::update(&tx, &import).await?;
    tx.commit().await?;
    Ok(more)
}

/// What an import did to one contact.
pub(super) struct Change {
    pub(super) contact: Uuid,
    /// As it was; none for one that it added.
    pub(super) before: Option<ContactFields>,
    /// As it left it; none when it changed nothing of it.
    pub(super) after: Option<ContactFields>,
    /// The list that it put it on.
    pub(super) list: Option<Uuid>,
}

impl Change {
    fn read(row: &QueryResult, import: &Import) -> Result<Self, DbErr> {
        let subscribed: i16 = row.try_get("", "subscribed")?;
        let read = |text: Option<String>| {
            text.and_then(|text| serde_json::from_str::<ContactFields>(&text).ok())
        };
        Ok(Self {
            contact: row.try_get("", "contact_id")?,
            before: read(row.try_get("", "before")?),
            after: read(row.try_get("", "after")?),
            list: import.list.filter(|_| subscribed != 0),
        })
    }

    /// Writes it, for whoever undoes the import.
    pub(super) async fn write(&self, tx: &WriteTx, import: Uuid) -> Result<(), AppError> {
        let text = |fields: &Option<ContactFields>| {
            let text = fields.as_ref().map(serde_json::to_string);
            text.transpose().map_err(AppError::internal)
        };
        let sql = "INSERT INTO mail_import_change (import_id, contact_id, before, after, subscribed) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values: [Value; 5] = [
            import.into(),
            self.contact.into(),
            text(&self.before)?.into(),
            text(&self.after)?.into(),
            i16::from(self.list.is_some()).into(),
        ];
        tx.execute_raw(statement(&**tx, sql, values)).await?;
        Ok(())
    }

    /// Puts the contact back; false when it is left as it is.
    async fn undo(&self, tx: &WriteTx, import: &Import, actor: Actor) -> Result<bool, AppError> {
        let Some(known) = store::contact(&**tx, self.contact).await? else {
            return Ok(false);
        };
        if let Some(list) = self.list {
            commands::withdraw(tx, &known, list, actor).await?;
        }
        let Some(after) = &self.after else {
            return Ok(true);
        };
        let sql = "SELECT 1 AS one FROM mail_recipient WHERE contact_id = $1 LIMIT 1";
        let written = tx
            .query_one_raw(statement(&**tx, sql, [known.id.into()]))
            .await?;
        if *after != known.fields || (self.before.is_none() && written.is_some()) {
            return Ok(false);
        }
        match &self.before {
            Some(before) => store::update_contact(tx, import.space, known.id, before)
                .await
                .map_err(AudienceError::from)?,
            None => commands::forget(tx, &known, actor).await?,
        }
        Ok(true)
    }
}

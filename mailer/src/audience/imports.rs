//! Imports and their tables: what was asked, how far it has come, the sheets that wait.

use passerelle_kernel::db::statement;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use passerelle_kernel::{Micros, Uuid, WriteTx};
use passerelle_web::{App, AppError};

use super::importing::Choices;
use super::model::words;
use crate::terms::UNDOING;

/// Where sheets wait to be imported.
const SHEETS: &str = "mail/imports";

words! {
    /// Where an import stands.
    State {
        /// Its lines are being written.
        Running = "running",
        /// All of them are.
        Done = "done",
        /// What it changed is being put back.
        Undoing = "undoing",
        /// It is undone.
        Undone = "undone",
    }
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Identifier; that of its sheet.
    pub id: Uuid,
    /// Whose contacts.
    pub space: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// The list that everybody in it was to receive.
    pub list: Option<Uuid>,
    /// Where it stands.
    pub state: State,
    /// Lines to go over, or contacts to put back.
    pub lines: i32,
    /// Those gone over.
    pub gone: i32,
    /// Contacts added.
    pub added: i32,
    /// Contacts changed.
    pub changed: i32,
    /// Lines refused.
    pub refused: i32,
    /// Contacts that were not put back: somebody changed them, or they were written to.
    pub kept: i32,
    /// When.
    pub at: Micros,
    /// When it was undone.
    pub undone_at: Option<Micros>,
}

impl Import {
    /// Whether it can be undone now: it was not, and what it changed is still known.
    pub fn is_undoable(&self, now: Micros) -> bool {
        self.state == State::Done && self.at >= now - UNDOING
    }

    /// Whether its job is at work.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, State::Running | State::Undoing)
    }
}

const IMPORT: &str = "SELECT id, space_id, file_name, list_id, state, lines, gone, added, changed, refused, kept, at, undone_at FROM mail_import";

fn import_of(row: &QueryResult) -> Result<Import, DbErr> {
    let state: String = row.try_get("", "state")?;
    Ok(Import {
        id: row.try_get("", "id")?,
        space: row.try_get("", "space_id")?,
        file_name: row.try_get("", "file_name")?,
        list: row.try_get("", "list_id")?,
        state: State::parse(&state).ok_or_else(|| DbErr::Type(format!("state: {state}")))?,
        lines: row.try_get("", "lines")?,
        gone: row.try_get("", "gone")?,
        added: row.try_get("", "added")?,
        changed: row.try_get("", "changed")?,
        refused: row.try_get("", "refused")?,
        kept: row.try_get("", "kept")?,
        at: row.try_get("", "at")?,
        undone_at: row.try_get("", "undone_at")?,
    })
}

/// The last imports of a space.
pub async fn imports<C: ConnectionTrait>(conn: &C, space: Uuid) -> Result<Vec<Import>, DbErr> {
    let sql = format!("{IMPORT} WHERE space_id = $1 ORDER BY at DESC, id DESC LIMIT 20");
    let rows = conn
        .query_all_raw(statement(conn, sql, [space.into()]))
        .await?;
    rows.iter().map(import_of).collect()
}

/// An import.
pub async fn import<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Import>, DbErr> {
    let sql = format!("{IMPORT} WHERE id = $1");
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    row.as_ref().map(import_of).transpose()
}

/// What was chosen beside the file of an import that runs.
pub(super) async fn choices<C: ConnectionTrait>(
    conn: &C,
    id: Uuid,
) -> Result<Option<Choices>, DbErr> {
    let sql = "SELECT choices FROM mail_import WHERE id = $1";
    let row = conn
        .query_one_raw(statement(conn, sql, [id.into()]))
        .await?;
    let text: Option<String> = row.map(|row| row.try_get("", "choices")).transpose()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes an import that begins; false when it has begun.
pub(super) async fn insert(
    tx: &WriteTx,
    import: &Import,
    choices: &Choices,
) -> Result<bool, DbErr> {
    let choices =
        serde_json::to_string(choices).map_err(|error| DbErr::Custom(error.to_string()))?;
    let sql = "INSERT INTO mail_import (id, space_id, file_name, list_id, state, lines, choices, added, changed, refused, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8) ON CONFLICT (id) DO NOTHING";
    let values: [Value; 8] = [
        import.id.into(),
        import.space.into(),
        import.file_name.as_str().into(),
        import.list.into(),
        import.state.code().into(),
        import.lines.into(),
        choices.into(),
        import.at.into(),
    ];
    let done = tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes where an import stands. What was chosen beside its file is kept while it runs only.
pub(super) async fn update(tx: &WriteTx, import: &Import) -> Result<(), DbErr> {
    let sql = "UPDATE mail_import SET state = $2, lines = $3, gone = $4, added = $5, changed = $6, refused = $7, kept = $8, undone_at = $9, \
               choices = CASE WHEN $2 = 'running' THEN choices ELSE '' END WHERE id = $1";
    let values: [Value; 9] = [
        import.id.into(),
        import.state.code().into(),
        import.lines.into(),
        import.gone.into(),
        import.added.into(),
        import.changed.into(),
        import.refused.into(),
        import.kept.into(),
        import.undone_at.into(),
    ];
    tx.execute_raw(statement(&**tx, sql, values)).await?;
    Ok(())
}

/// Where a sheet waits, between its preview and its import. Its identifier says since when.
pub fn sheet_key(space: Uuid, id: Uuid) -> String {
    format!("{SHEETS}/{}/{}.json", space.simple(), id.simple())
}

/// Forgets the sheets of a space that wait to be imported: another one comes.
pub async fn give_up_sheets(app: &App, space: Uuid) -> Result<(), AppError> {
    let now = app.env().now();
    forget_sheets(app, &format!("{SHEETS}/{}", space.simple()), now + SECOND).await
}

/// Forgets the sheets that have waited since before that instant.
pub(crate) async fn clean_sheets(app: &App, before: Micros) -> Result<(), AppError> {
    forget_sheets(app, SHEETS, before).await
}

/// Forgets the sheets under a prefix that came before an instant, but for those of imports that run.
async fn forget_sheets(app: &App, prefix: &str, before: Micros) -> Result<(), AppError> {
    for (key, _) in app.blobs().list(prefix).await? {
        let id = key
            .rsplit('/')
            .next()
            .and_then(|name| name.strip_suffix(".json"))
            .and_then(|id| id.parse::<Uuid>().ok());
        let since = id.and_then(|id| id.get_timestamp()).map(|at| at.to_unix());
        if since.is_some_and(|(seconds, _)| seconds as Micros * SECOND >= before) {
            continue;
        }
        let import = match id {
            Some(id) => import(app.db().read(), id).await?,
            None => None,
        };
        if import.is_none_or(|import| import.state != State::Running) {
            app.blobs().delete(&key).await?;
        }
    }
    Ok(())
}

/// Forgets what contacts were before the imports done before that instant.
pub(crate) async fn clean(tx: &WriteTx, before: Micros) -> Result<(), DbErr> {
    let sql = "DELETE FROM mail_import_change WHERE import_id IN \
               (SELECT id FROM mail_import WHERE at < $1 AND state IN ('done', 'undone'))";
    tx.execute_raw(statement(&**tx, sql, [before.into()]))
        .await?;
    Ok(())
}

//! Doing an import, and undoing it: by a job, a hundred lines at a time, each hundred written with
//! how far it has come. A job that dies is taken up where it was.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::MINUTE;
use passerelle_kernel::jobs::{JobContext, JobError, JobHandler, NewJob};
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::{ConnectionTrait, DbErr};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::app::{AppSlot, WeakApp};
use passerelle_web::{App, AppError};
use serde_json::json;

use super::commands::{self, BY_IMPORT};
use super::importing::{Choices, Fate, Sheet, Told, address_of, fates};
use super::imports::{self, Import, State, sheet_key};
use super::model::{Contact, ContactFields, List, Status};
use super::store;
use super::undoing::{Change, put_back};

/// Kind of the job that does an import or undoes it.
pub(super) const IMPORT: &str = "mail.import";
/// Lines written in one transaction.
pub(super) const CHUNK: usize = 100;
/// Addresses looked up in one statement.
const LOOKED_UP: usize = 2_000;
/// So few lines are written at once; the job is there in case something stops them.
const AT_ONCE: i32 = 200;
/// Failures in a row, over some ten minutes, before an import is given up.
const ATTEMPTS: i32 = 8;
/// Who imports when the person is not known.
const ACTOR: Actor = Actor::System("mail import");

/// Begins an import whose sheet waits; how it stands after. Asked twice, it begins once.
///
/// # Errors
///
/// The database refuses; what was done so far goes on by itself.
pub async fn begin(
    app: &App,
    import: &Import,
    choices: &Choices,
    actor: Actor,
) -> Result<Import, AppError> {
    let tx = app.db().write().await?;
    if imports::insert(&tx, import, choices).await? {
        enqueue(&tx, import, actor).await?;
    }
    tx.commit().await?;
    at_once(app, import, actor).await
}

/// Begins to undo an import: contacts that it added are forgotten and those that it changed are put
/// back, but for those that somebody has changed or written to since; how it stands after.
///
/// # Errors
///
/// There is no such import, it was undone, or too long ago.
pub async fn begin_undoing(
    app: &App,
    space: Uuid,
    id: Uuid,
    actor: Actor,
) -> Result<Import, AppError> {
    let tx = app.db().write().await?;
    tx.hold(id).await?;
    let mut import = imports::import(&*tx, id)
        .await?
        .filter(|import| import.space == space)
        .ok_or(AppError::NotFound)?;
    match import.state {
        State::Running => return Err(AppError::Conflict("import-still-running")),
        State::Undoing | State::Undone => return Err(AppError::Conflict("import-undone-already")),
        State::Done if !import.is_undoable(tx.env().now()) => {
            return Err(AppError::Conflict("import-undo-late"));
        }
        State::Done => {}
    }
    let sql = "SELECT COUNT(*) AS n FROM mail_import_change WHERE import_id = $1";
    let row = tx.query_one_raw(statement(&*tx, sql, [id.into()])).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    import.state = State::Undoing;
    import.lines = count as i32;
    import.gone = 0;
    imports::update(&tx, &import).await?;
    enqueue(&tx, &import, actor).await?;
    tx.commit().await?;
    at_once(app, &import, actor).await
}

/// Puts the job in the queue; in a minute for what is done at once.
async fn enqueue(tx: &WriteTx, import: &Import, actor: Actor) -> Result<(), DbErr> {
    let person = match actor {
        Actor::Person(id) => Some(id),
        Actor::System(_) | Actor::Visitor => None,
    };
    let job = NewJob::new(IMPORT, json!({"import": import.id, "person": person})).priority(-1);
    tx.enqueue(match import.lines <= AT_ONCE {
        true => job.at(tx.env().now() + MINUTE),
        false => job,
    })
    .await
}

/// Does what is short without waiting for the job; how the import stands after.
async fn at_once(app: &App, import: &Import, actor: Actor) -> Result<Import, AppError> {
    if import.lines <= AT_ONCE {
        work(app, import.id, actor, || false).await?;
    }
    let import = imports::import(app.db().read(), import.id).await?;
    import.ok_or(AppError::NotFound)
}

/// Runs the jobs of kind [`IMPORT`].
pub(super) struct Importing {
    pub(super) slot: AppSlot,
}

#[async_trait]
impl JobHandler for Importing {
    async fn run(&self, ctx: JobContext, payload: serde_json::Value) -> Result<(), JobError> {
        let app = self.slot.0.get().and_then(WeakApp::upgrade);
        let app =
            app.ok_or_else(|| JobError::Retry("the application does not stand yet".to_owned()))?;
        let id = |name: &str| payload[name].as_str().and_then(|text| text.parse().ok());
        let import: Uuid = id("import")
            .ok_or_else(|| JobError::Fatal("the payload names no import".to_owned()))?;
        let actor = id("person").map_or(ACTOR, Actor::Person);
        match work(&app, import, actor, || ctx.is_stopping()).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                let tx = app.db().write().await?;
                tx.enqueue(NewJob::new(IMPORT, payload).priority(-1))
                    .await?;
                Ok(tx.commit().await?)
            }
            Err(error) if ctx.attempt >= ATTEMPTS => {
                tracing::error!(%import, %error, "an import is given up");
                Ok(give_up(&app, import).await?)
            }
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}

/// Ends an import that cannot go on, for somebody to begin it again: the lines that remain are told
/// on the page; what was not put back can be undone again.
async fn give_up(app: &App, id: Uuid) -> Result<(), DbErr> {
    let tx = app.db().write().await?;
    tx.hold(id).await?;
    if let Some(mut import) = imports::import(&*tx, id).await? {
        match import.state {
            State::Running => import.state = State::Done,
            State::Undoing => {
                import.state = State::Done;
                import.gone = import.lines;
            }
            State::Done | State::Undone => {}
        }
        imports::update(&tx, &import).await?;
    }
    tx.commit().await
}

/// Goes on with an import until its end, or until the server goes down; whether this work is over.
async fn work(
    app: &App,
    id: Uuid,
    actor: Actor,
    stopping: impl Fn() -> bool,
) -> Result<bool, AppError> {
    let Some(import) = imports::import(app.db().read(), id).await? else {
        return Ok(true);
    };
    match import.state {
        State::Running => {
            let plan = Plan::of(app, &import, actor).await?;
            while plan.step(app).await? {
                if stopping() {
                    return Ok(false);
                }
            }
            app.blobs().delete(&sheet_key(import.space, id)).await?;
            Ok(true)
        }
        State::Undoing => {
            while put_back(app, id, actor).await? {
                if stopping() {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        State::Done | State::Undone => Ok(true),
    }
}

/// What would become of each line of a sheet, given the contacts of a space.
///
/// # Errors
///
/// The database refuses.
pub async fn fates_of(
    app: &App,
    space: Uuid,
    sheet: &Sheet,
    choices: &Choices,
) -> Result<Vec<Told>, AppError> {
    let columns = choices.columns();
    let keys: HashSet<String> = sheet
        .lines()
        .iter()
        .filter_map(|(_, row)| Some(address_of(row, &columns).ok()?.key))
        .collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut known: HashMap<String, ContactFields> = HashMap::new();
    for keys in keys.chunks(LOOKED_UP) {
        let found = store::contacts_by_keys(app.db().read(), space, keys).await?;
        known.extend(
            found
                .into_iter()
                .map(|(key, contact)| (key, contact.fields)),
        );
    }
    Ok(fates(
        sheet,
        &columns,
        &choices.common,
        choices.merge,
        &known,
    ))
}

/// What an import does to each line.
struct Plan {
    import: Uuid,
    space: Uuid,
    list: Option<List>,
    actor: Actor,
    /// Of the lines, in their order; none when the sheet is no longer there.
    fates: Vec<Told>,
}

impl Plan {
    async fn of(app: &App, import: &Import, actor: Actor) -> Result<Self, AppError> {
        let db = app.db().read();
        let list = match import.list {
            Some(id) => store::list(db, id).await?,
            None => None,
        };
        let choices = imports::choices(db, import.id).await?;
        let titled = choices.as_ref().is_none_or(|choices| choices.titled);
        let sheet = match app.blobs().get(&sheet_key(import.space, import.id)).await {
            Ok(bytes) => Sheet::from_bytes(&bytes, titled),
            Err(error) if error.is_missing() => None,
            Err(error) => return Err(error.into()),
        };
        let fates = match sheet.zip(choices) {
            Some((sheet, choices)) => fates_of(app, import.space, &sheet, &choices).await?,
            None => {
                tracing::warn!(import = %import.id, "the sheet of an import is no longer there");
                Vec::new()
            }
        };
        Ok(Self {
            import: import.id,
            space: import.space,
            list: list.filter(|list| list.space == import.space),
            actor,
            fates,
        })
    }

    /// Writes the next lines, wherever the import stands; whether there are more.
    async fn step(&self, app: &App) -> Result<bool, AppError> {
        let tx = app.db().write().await?;
        tx.hold(self.import).await?;
        let import = imports::import(&*tx, self.import).await?;
        let Some(mut import) = import.filter(|import| import.state == State::Running) else {
            return Ok(false);
        };
        let rest = self.fates.get(import.gone as usize..).unwrap_or_default();
        let chunk = rest.get(..CHUNK).unwrap_or(rest);
        for told in chunk {
            self.one(app, &tx, &mut import, &told.fate).await?;
        }
        import.gone += chunk.len() as i32;
        let more = chunk.len() < rest.len();
        if !more {
            import.state = State::Done;
        }
        imports::update(&tx, &import).await?;
        tx.commit().await?;
        Ok(more)
    }

    async fn one(
        &self,
        app: &App,
        tx: &WriteTx,
        import: &mut Import,
        fate: &Fate,
    ) -> Result<(), AppError> {
        let (contact, before, after) = match fate {
            Fate::Refused(_) => {
                import.refused += 1;
                return Ok(());
            }
            Fate::Add(fields) => {
                let fields = (**fields).clone();
                let contact =
                    commands::add_contact(app, tx, self.space, fields, Status::Enabled).await?;
                import.added += 1;
                let after = contact.fields.clone();
                (Some(contact), None, Some(after))
            }
            Fate::Change(key, fields) => {
                let known = store::contact_by_key(&**tx, self.space, key).await?;
                if let Some(known) = &known {
                    store::update_contact(tx, self.space, known.id, fields).await?;
                    import.changed += 1;
                }
                let before = known.as_ref().map(|known| known.fields.clone());
                (known, before, Some((**fields).clone()))
            }
            Fate::Same(key) if self.list.is_some() => {
                let known = store::contact_by_key(&**tx, self.space, key).await?;
                (known, None, None)
            }
            Fate::Same(_) => return Ok(()),
        };
        let Some(contact) = contact else {
            return Ok(());
        };
        let subscribed = match &self.list {
            Some(list) => self.put_on(tx, &contact, list).await?,
            None => false,
        };
        if after.is_none() && !subscribed {
            return Ok(());
        }
        let change = Change {
            contact: contact.id,
            before,
            after,
            list: self
                .list
                .as_ref()
                .map(|list| list.id)
                .filter(|_| subscribed),
        };
        change.write(tx, import.id).await
    }

    /// Puts a contact on the list of the import; who stood on it already stays as they stood: who
    /// left does not come back by a file.
    async fn put_on(&self, tx: &WriteTx, contact: &Contact, list: &List) -> Result<bool, AppError> {
        let standing = store::subscriptions(&**tx, contact.id).await?;
        if standing.iter().any(|(id, ..)| *id == list.id) {
            return Ok(false);
        }
        Ok(commands::subscribe(tx, contact, list, BY_IMPORT, self.actor).await?)
    }
}

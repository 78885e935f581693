//! Queries on spaces, and the cache that saves them on every request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use passerelle_kernel::db::statement;
use passerelle_kernel::env::SECOND;
use passerelle_kernel::{Db, Micros, Uuid};
use passerelle_web::Lang;
use passerelle_web::directory::Space;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

/// How long another server's edit may go unseen.
const FRESH: Micros = 30 * SECOND;

const COLUMNS: &str = "SELECT id, slug, name, zone, lang, accent, body FROM space";

/// A space by its slug.
pub async fn by_slug<C: ConnectionTrait>(conn: &C, slug: &str) -> Result<Option<Space>, DbErr> {
    one(conn, &format!("{COLUMNS} WHERE slug = $1"), slug.into()).await
}

/// A space.
pub async fn by_id<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<Space>, DbErr> {
    one(conn, &format!("{COLUMNS} WHERE id = $1"), id.into()).await
}

async fn one<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    value: Value,
) -> Result<Option<Space>, DbErr> {
    conn.query_one_raw(statement(conn, sql, [value]))
        .await?
        .map(|row| space(&row))
        .transpose()
}

fn space(row: &QueryResult) -> Result<Space, DbErr> {
    let body: String = row.try_get("", "body")?;
    Ok(Space {
        id: row.try_get("", "id")?,
        slug: row.try_get("", "slug")?,
        name: row.try_get("", "name")?,
        zone: row.try_get("", "zone")?,
        lang: Lang::from_code(&row.try_get::<String>("", "lang")?).unwrap_or_default(),
        accent: row.try_get("", "accent")?,
        body: serde_json::from_str(&body).map_err(|e| DbErr::Json(e.to_string()))?,
    })
}

#[derive(Default)]
struct Known {
    by_id: HashMap<Uuid, (Micros, Arc<Space>)>,
    ids: HashMap<String, Uuid>,
}

/// Spaces read lately. What is absent is never remembered, so a new space is seen at once.
#[derive(Default)]
pub struct SpaceCache {
    known: RwLock<Known>,
    generation: AtomicU64,
}

impl std::fmt::Debug for SpaceCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SpaceCache")
    }
}

impl SpaceCache {
    /// A space by its slug; no statement when it was read within the last 30 seconds.
    pub async fn by_slug(&self, db: &Db, slug: &str) -> Result<Option<Arc<Space>>, DbErr> {
        let id = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .ids
            .get(slug)
            .copied();
        if let Some(space) = id.and_then(|id| self.get(id, db.env().now())) {
            return Ok(Some(space));
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let found = by_slug(db.read(), slug).await?;
        Ok(self.keep(found, db.env().now(), generation))
    }

    /// A space; no statement when it was read within the last 30 seconds.
    pub async fn by_id(&self, db: &Db, id: Uuid) -> Result<Option<Arc<Space>>, DbErr> {
        if let Some(space) = self.get(id, db.env().now()) {
            return Ok(Some(space));
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let found = by_id(db.read(), id).await?;
        Ok(self.keep(found, db.env().now(), generation))
    }

    /// Forgets everything; called once an edit is committed.
    pub fn invalidate(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        *known = Known::default();
    }

    fn get(&self, id: Uuid, now: Micros) -> Option<Arc<Space>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .by_id
            .get(&id)
            .filter(|(at, _)| (0..FRESH).contains(&(now - at)))
            .map(|(_, space)| space.clone())
    }

    fn keep(&self, found: Option<Space>, now: Micros, generation: u64) -> Option<Arc<Space>> {
        let space = Arc::new(found?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // What was read before an edit must not be kept after it.
        if self.generation.load(Ordering::SeqCst) == generation {
            known.ids.insert(space.slug.clone(), space.id);
            known.by_id.insert(space.id, (now, space.clone()));
        }
        Some(space)
    }
}

//! Indexes of packages, kept in memory as long as they fit: what the player opens
//! for every file it serves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use passerelle_scorm::package::Package;
use passerelle_web::{App, AppError, stored};
use uuid::Uuid;

use super::import::index_key;
use super::kept::INDEXES;
use super::store;

/// The files and the manifest of a package, as they were read at its import.
pub type PackageIndex = Package;

/// Files of all the indexes kept, at most: some tens of megabytes.
const MAX_FILES: usize = 100_000;

/// Indexes read lately, the oldest given up first.
#[derive(Debug, Default)]
pub struct IndexCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    indexes: HashMap<Uuid, (u64, Arc<PackageIndex>)>,
    uses: u64,
    files: usize,
}

impl IndexCache {
    fn get(&self, id: Uuid) -> Option<Arc<PackageIndex>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let now = kept.uses;
        let (used, index) = kept.indexes.get_mut(&id)?;
        *used = now;
        Some(index.clone())
    }

    fn keep(&self, id: Uuid, index: Arc<PackageIndex>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let now = kept.uses;
        kept.files += weight(&index);
        if let Some((_, old)) = kept.indexes.insert(id, (now, index)) {
            kept.files -= weight(&old);
        }
        // The one that was just kept stays, however large it is.
        while kept.files > MAX_FILES && kept.indexes.len() > 1 {
            let oldest = kept
                .indexes
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(id, _)| *id);
            let Some((_, gone)) = oldest.and_then(|id| kept.indexes.remove(&id)) else {
                break;
            };
            kept.files -= weight(&gone);
        }
    }

    /// Forgets a package that is being deleted.
    pub(super) fn forget(&self, id: Uuid) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, gone)) = kept.indexes.remove(&id) {
            kept.files -= weight(&gone);
        }
    }
}

/// An index of no file still takes a place.
fn weight(index: &PackageIndex) -> usize {
    index.files.len() + 1
}

/// The index of a package, from memory or from its blob. The caller knows that the
/// package exists and may be read.
///
/// # Errors
/// When the blob is missing or damaged.
pub async fn package_index(app: &App, id: Uuid) -> Result<Arc<PackageIndex>, AppError> {
    let cache = cache(app);
    if let Some(index) = cache.get(id) {
        return Ok(index);
    }
    let key = index_key(id);
    let bytes = match store::index_hash(app.db().read(), id).await? {
        Some(sha256) => stored::sound(app, INDEXES, &key, &key, &sha256).await?,
        None => app.blobs().get(&key).await?,
    };
    let index = tokio::task::spawn_blocking(move || serde_json::from_slice::<PackageIndex>(&bytes))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)?;
    let index = Arc::new(index);
    cache.keep(id, index.clone());
    Ok(index)
}

pub(super) fn cache(app: &App) -> Arc<IndexCache> {
    app.service::<IndexCache>().unwrap_or_else(|| {
        app.provide(IndexCache::default());
        app.service::<IndexCache>().unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use passerelle_scorm::package::{FileEntry, Method};

    fn index(files: usize) -> Arc<PackageIndex> {
        let manifest = serde_json::from_value(serde_json::json!({
            "identifier": "m", "edition": "1.2", "organizations": [], "default_organization": 0, "resources": [],
        }))
        .expect("a manifest");
        let file = |n: usize| FileEntry {
            path: format!("{n:06}.html"),
            offset: 0,
            compressed: 0,
            size: 0,
            method: Method::Stored,
            crc32: 0,
        };
        let files = (0..files).map(file).collect();
        Arc::new(Package {
            root_prefix: String::new(),
            files,
            manifest,
            problems: Vec::new(),
        })
    }

    #[test]
    fn the_index_used_longest_ago_goes_first() {
        let cache = IndexCache::default();
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        cache.keep(a, index(40_000));
        cache.keep(b, index(40_000));
        assert!(cache.get(a).is_some());
        cache.keep(c, index(40_000));
        assert!(cache.get(b).is_none() && cache.get(a).is_some() && cache.get(c).is_some());
        cache.keep(b, index(200_000));
        assert!(
            cache.get(b).is_some(),
            "an index larger than the whole is kept alone"
        );
        assert!(cache.get(a).is_none() && cache.get(c).is_none());
    }

    #[test]
    fn what_is_replaced_or_forgotten_is_not_counted_twice() {
        let cache = IndexCache::default();
        let a = Uuid::from_u128(1);
        for _ in 0..10 {
            cache.keep(a, index(30_000));
        }
        assert!(cache.get(a).is_some());
        cache.forget(a);
        let kept = cache.0.lock().expect("not poisoned");
        assert_eq!((kept.files, kept.indexes.len()), (0, 0));
    }
}

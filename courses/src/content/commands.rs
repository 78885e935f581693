//! Deleting packages, keeping attachments, and removing what a crash left behind.

use passerelle_kernel::WriteTx;
use passerelle_kernel::blobs::BlobError;
use passerelle_kernel::env::DAY;
use passerelle_kernel::journal::{AppendError, Fact};
use passerelle_web::{Allowed, App, AppError};
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::access::ManagePackage;
use super::entity::attachment;
use super::import::{index_key, settle, zip_key};
use super::model::{Contents, served};
use super::upload::ReceivedFile;
use super::{PACKAGE_DELETED, PACKAGE_ITEM_WANTED, index, scratch, store};

/// Packages looked up at a time when sweeping.
const SWEEP_BATCH: usize = 500;

/// Why a package or a file could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// An activity or an attempt refers to it.
    #[error("the package is used")]
    Used,
    /// It is not there any more.
    #[error("no such package")]
    Gone,
    /// The store of blobs failed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The disk failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<ContentError> for AppError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Used => Self::Conflict("content-delete-used"),
            ContentError::Gone => Self::NotFound,
            ContentError::Db(error) => Self::Db(error),
            other => Self::internal(other),
        }
    }
}

/// Deletes the row of a package that nothing refers to. Its blobs go once this is
/// committed, by [`forget_package`].
pub async fn delete_package(
    tx: &WriteTx,
    allowed: &Allowed<ManagePackage>,
) -> Result<(), ContentError> {
    let of = allowed.object();
    if store::is_used(&**tx, of.package.id).await? {
        return Err(ContentError::Used);
    }
    if !store::delete_package(tx, of.space.id, of.package.id).await? {
        return Err(ContentError::Gone);
    }
    let payload = json!({"package": of.package.id, "sha256": of.package.sha256});
    let fact = Fact {
        space: of.space.id,
        kind: PACKAGE_DELETED,
        actor: allowed.actor(),
        subject: of.package.id,
        payload,
    };
    tx.append(fact).await?;
    Ok(())
}

/// Says whether an item that cannot be opened is wanted for an activity to be completed. Counts from
/// the next time that somebody works in it.
pub async fn want_item(
    tx: &WriteTx,
    allowed: &Allowed<ManagePackage>,
    item: &str,
    wanted: bool,
) -> Result<(), ContentError> {
    let of = allowed.object();
    // Read again within the write: two managers may each say something of another item.
    let package = store::package_in(&**tx, of.space.id, of.package.id)
        .await?
        .ok_or(ContentError::Gone)?;
    let mut contents: Contents =
        serde_json::from_str(&package.contents).map_err(|error| DbErr::Json(error.to_string()))?;
    if !contents.dead().any(|dead| dead.identifier == item) {
        return Err(ContentError::Gone);
    }
    if contents.wanted.iter().any(|known| known == item) == wanted {
        return Ok(());
    }
    contents.wanted.retain(|known| known != item);
    if wanted {
        contents.wanted.push(item.to_owned());
    }
    store::set_contents(tx, package.id, &contents).await?;
    let payload = json!({"package": package.id, "item": item, "wanted": wanted});
    let fact = Fact {
        space: of.space.id,
        kind: PACKAGE_ITEM_WANTED,
        actor: allowed.actor(),
        subject: package.id,
        payload,
    };
    tx.append(fact).await?;
    Ok(())
}

/// Removes the blobs of a package whose deletion is committed. What fails here is
/// removed by the next sweep.
pub async fn forget_package(app: &App, id: Uuid) {
    index::cache(app).forget(id);
    for key in [zip_key(id), index_key(id)] {
        if let Err(error) = app.blobs().delete(&key).await {
            tracing::warn!(%error, key, "a blob of a deleted package could not be removed yet");
        }
    }
}

/// Keeps a file that arrived as an attachment of a course; gives its identifier.
///
/// The blob is stored and made durable before the transaction that names it.
pub async fn keep_attachment(
    app: &App,
    space: Uuid,
    course: Uuid,
    file: ReceivedFile,
) -> Result<Uuid, ContentError> {
    let id = app.env().id();
    let key = format!("attachments/{id}");
    // Flushed before it is named: acknowledged means durable.
    tokio::fs::File::open(file.scratch.path())
        .await?
        .sync_all()
        .await?;
    app.blobs().take_file(&key, file.scratch.path()).await?;
    settle(app.blobs(), key.clone()).await?;
    let (sha256, _) = app.blobs().digest(&key).await?;
    let row = attachment::Model {
        id,
        space_id: space,
        course_id: course,
        media_type: served(&file.name).media_type.to_owned(),
        file_name: file.name,
        size_bytes: file.size as i64,
        blob_key: key.clone(),
        created_at: app.env().now(),
        sha256: Some(sha256),
    };
    let stored: Result<(), DbErr> = async {
        let tx = app.db().write().await?;
        store::insert_attachment(&tx, row).await?;
        tx.commit().await
    }
    .await;
    if let Err(error) = stored {
        app.blobs().delete(&key).await?;
        return Err(error.into());
    }
    Ok(id)
}

/// Removes what a crash left behind: scratch files and blobs of packages older than a
/// day that no row names. Safe beside imports that are under way.
pub async fn sweep(app: &App) -> Result<usize, ContentError> {
    let now = app.env().now();
    let folder = app.settings().scratch.clone();
    let files = tokio::task::spawn_blocking(move || scratch::sweep(&folder, now))
        .await
        .unwrap_or(0);
    let mut orphans = 0;
    let blobs: Vec<(String, Uuid)> = app
        .blobs()
        .list("packages")
        .await?
        .into_iter()
        .filter_map(|(key, _)| {
            let id: Uuid = key
                .strip_prefix("packages/")?
                .split('.')
                .next()?
                .parse()
                .ok()?;
            let made = i64::try_from(id.get_timestamp()?.to_unix().0).ok()? * 1_000_000;
            (now - made > DAY).then_some((key, id))
        })
        .collect();
    for batch in blobs.chunks(SWEEP_BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|(_, id)| *id).collect();
        let known = store::known_packages(app.db().read(), &ids).await?;
        for (key, _) in batch.iter().filter(|(_, id)| !known.contains(id)) {
            app.blobs().delete(key).await?;
            orphans += 1;
        }
    }
    Ok(files + orphans)
}

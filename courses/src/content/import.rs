//! Taking a package in: judged and read once on a blocking thread, put in its
//! place, then one short transaction. Refused or failed, nothing stays behind.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use passerelle_kernel::blobs::{BlobError, Blobs};
use passerelle_kernel::journal::{Actor, AppendError, Fact};
use passerelle_scorm::manifest::Edition;
use passerelle_scorm::package::{Limits, Package, inspect, verify_content};
use passerelle_scorm::problem::{Problem, Refusal};
use passerelle_text::fold::fold;
use passerelle_web::App;
use sea_orm::DbErr;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use uuid::Uuid;

use super::PACKAGE_IMPORTED;
use super::entity::package;
use super::hash::{Hashing, hexadecimal};
use super::hosts::external_hosts;
use super::model::{ContentSettings, Contents, ImportStep, ImportedPackage, Stage, clean_name};
use super::scratch::ScratchFile;
use super::store;

/// Read ahead of the directory and of the pages looked at.
const READ_AHEAD: usize = 64 * 1024;

/// Why a package was not taken in. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The package is at fault; see its problems.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file cannot be read or the scratch folder not written.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// The store of blobs failed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The index could not be written.
    #[error("the index of the package could not be written: {0}")]
    Index(#[from] serde_json::Error),
    /// The journal refused.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The reading stopped without a result.
    #[error("the reading of the package stopped: {0}")]
    Stopped(String),
}

impl ImportError {
    /// What is wrong with the package; empty when the fault is ours.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused(refusal) => refusal.problems(),
            _ => &[],
        }
    }
}

/// Key of the package itself.
pub(super) fn zip_key(id: Uuid) -> String {
    format!("packages/{id}.zip")
}

/// Key of its index: files and manifest, as JSON.
pub(super) fn index_key(id: Uuid) -> String {
    format!("packages/{id}.index")
}

/// Takes the package at `path` into `space`.
///
/// A file of the scratch folder is consumed, whatever happens; any other is left as it
/// is and copied first. `progress` is told the stages as they go.
///
/// # Errors
/// See [`ImportError`]. No row, no blob and no scratch file remain.
pub async fn import_package(
    app: &App,
    space: Uuid,
    path: &Path,
    file_name: &str,
    actor: Actor,
    progress: &(dyn Fn(ImportStep) + Sync),
) -> Result<ImportedPackage, ImportError> {
    import_as(app, app.env().id(), space, path, file_name, actor, progress).await
}

/// The same under an identifier chosen before, so that the import can be watched by it.
pub(super) async fn import_as(
    app: &App,
    id: Uuid,
    space: Uuid,
    path: &Path,
    file_name: &str,
    actor: Actor,
    progress: &(dyn Fn(ImportStep) + Sync),
) -> Result<ImportedPackage, ImportError> {
    let scratch = own(app, path).await?;
    let limits = app
        .service::<ContentSettings>()
        .map_or_else(Limits::default, |settings| settings.limits());
    let read = read(scratch.path().to_owned(), limits, progress).await?;
    progress(ImportStep {
        stage: Stage::Storing,
        done: 0,
        total: read.size,
    });
    let mut stored = StoredBlobs {
        blobs: app.blobs().clone(),
        keys: Vec::new(),
    };
    let result = store_all(
        app,
        id,
        space,
        clean_name(file_name),
        actor,
        &scratch,
        read,
        &mut stored,
    )
    .await;
    match result {
        Ok(imported) => {
            stored.keys.clear();
            Ok(imported)
        }
        Err(error) => {
            stored.undo().await;
            Err(error)
        }
    }
}

/// A scratch file of ours: the one given when it is in the scratch folder, else a copy.
async fn own(app: &App, path: &Path) -> Result<ScratchFile, ImportError> {
    if let Some(scratch) = ScratchFile::adopt(app, path) {
        return Ok(scratch);
    }
    let scratch = ScratchFile::new(app);
    tokio::fs::copy(path, scratch.path()).await?;
    Ok(scratch)
}

/// What was read of a package.
struct ReadPackage {
    package: Package,
    index: Bytes,
    sha256: String,
    size: u64,
    hosts: Vec<String>,
}

async fn read(
    path: PathBuf,
    limits: Limits,
    progress: &(dyn Fn(ImportStep) + Sync),
) -> Result<ReadPackage, ImportError> {
    let first = ImportStep {
        stage: Stage::Checking,
        done: 0,
        total: 0,
    };
    let (tell, mut told) = watch::channel(first);
    progress(first);
    let reading = tokio::task::spawn_blocking(move || read_blocking(&path, &limits, &tell));
    // Ends when the reading does: its end of the channel goes with it.
    while told.changed().await.is_ok() {
        let step = *told.borrow_and_update();
        progress(step);
    }
    reading
        .await
        .map_err(|error| ImportError::Stopped(error.to_string()))?
}

fn read_blocking(
    path: &Path,
    limits: &Limits,
    tell: &watch::Sender<ImportStep>,
) -> Result<ReadPackage, ImportError> {
    let mut file = File::open(path)?;
    let mut package = inspect(BufReader::with_capacity(READ_AHEAD, &mut file), limits)?;
    let mut hashing = Hashing::new(&mut file)?;
    verify_content(&mut hashing, &package.files, limits, &mut |done, total| {
        let _ = tell.send(ImportStep {
            stage: Stage::Checking,
            done,
            total,
        });
        ControlFlow::Continue(())
    })?;
    let (sha256, size) = hashing.finish()?;
    let hosts = external_hosts(&mut file, &package);
    // The row keeps the problems; the index is what the player opens.
    let problems = std::mem::take(&mut package.problems);
    let index = Bytes::from(serde_json::to_vec(&package)?);
    package.problems = problems;
    // Acknowledged means durable: what the row will name is on the disk before it.
    file.sync_all()?;
    Ok(ReadPackage {
        package,
        index,
        sha256,
        size,
        hosts,
    })
}

#[expect(
    clippy::too_many_arguments,
    reason = "one private step of the import, with all that it knows"
)]
async fn store_all(
    app: &App,
    id: Uuid,
    space: Uuid,
    file_name: String,
    actor: Actor,
    scratch: &ScratchFile,
    read: ReadPackage,
    stored: &mut StoredBlobs,
) -> Result<ImportedPackage, ImportError> {
    stored.keys.push(zip_key(id));
    app.blobs().take_file(&zip_key(id), scratch.path()).await?;
    stored.keys.push(index_key(id));
    app.blobs().put(&index_key(id), read.index.clone()).await?;
    settle(app.blobs(), index_key(id)).await?;
    let tx = app.db().write().await?;
    let row = row(id, space, &file_name, actor, app.env().now(), &read)?;
    let payload = json!({
        "package": id, "standard": row.standard, "edition": row.edition, "sha256": row.sha256,
        "size": row.size_bytes, "files": row.file_count,
    });
    store::insert_package(&tx, row).await?;
    tx.append(Fact {
        space,
        kind: PACKAGE_IMPORTED,
        actor,
        subject: id,
        payload,
    })
    .await?;
    tx.commit().await?;
    Ok(ImportedPackage {
        id,
        problems: read.package.problems,
    })
}

fn row(
    id: Uuid,
    space: Uuid,
    file_name: &str,
    actor: Actor,
    at: i64,
    read: &ReadPackage,
) -> Result<package::Model, ImportError> {
    let manifest = &read.package.manifest;
    let title: String = manifest.title().trim().chars().take(300).collect();
    let title = if title.is_empty() {
        file_name.to_owned()
    } else {
        title
    };
    Ok(package::Model {
        id,
        space_id: space,
        index_sha256: Some(hexadecimal(&Sha256::digest(&read.index))),
        search: fold(&format!("{title} {file_name}")),
        title,
        standard: if manifest.edition.is_2004() {
            "scorm2004"
        } else {
            "scorm12"
        }
        .to_owned(),
        edition: edition_code(manifest.edition).to_owned(),
        blob_key: zip_key(id),
        sha256: read.sha256.clone(),
        size_bytes: read.size as i64,
        file_count: read.package.files.len() as i32,
        contents: serde_json::to_string(&Contents::of(&read.package, file_name))?,
        problems: serde_json::to_string(&read.package.problems)?,
        external_hosts: serde_json::to_string(&read.hosts)?,
        imported_at: at,
        imported_by: match actor {
            Actor::Person(person) => Some(person),
            _ => None,
        },
    })
}

/// The edition as stored: `1.2`, `2004-2`, `2004-3`, `2004-4`.
fn edition_code(edition: Edition) -> &'static str {
    match edition {
        Edition::Scorm12 => "1.2",
        Edition::Scorm2004Second => "2004-2",
        Edition::Scorm2004Third => "2004-3",
        Edition::Scorm2004Fourth => "2004-4",
    }
}

/// Makes a blob of a folder store durable, and its name with it; an object store already is.
pub(super) async fn settle(blobs: &Blobs, key: String) -> Result<(), std::io::Error> {
    let Some(path) = blobs.local_path(&key) else {
        return Ok(());
    };
    tokio::task::spawn_blocking(move || {
        File::open(&path)?.sync_all()?;
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    })
    .await
    .map_err(std::io::Error::other)?
}

/// Blobs that have no row yet: removed unless forgotten.
struct StoredBlobs {
    blobs: Blobs,
    keys: Vec<String>,
}

impl StoredBlobs {
    async fn undo(&mut self) {
        for key in std::mem::take(&mut self.keys) {
            if let Err(error) = self.blobs.delete(&key).await {
                tracing::error!(%error, key, "a blob of a failed import could not be removed");
            }
        }
    }
}

impl Drop for StoredBlobs {
    /// Reached with keys only when the import itself was dropped half-way.
    fn drop(&mut self) {
        let (keys, blobs) = (std::mem::take(&mut self.keys), self.blobs.clone());
        if let (false, Ok(runtime)) = (keys.is_empty(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move { Self { blobs, keys }.undo().await });
        }
    }
}

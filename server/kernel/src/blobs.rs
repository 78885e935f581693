//! Blobs: large immutable bytes, in a folder or an object store.
//!
//! Keys are made by us (`packages/UUID.zip`), never from a stranger's file name.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

/// Bytes sent in one part of an upload.
const PART: usize = 8 * 1024 * 1024;

/// Why a blob could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The store said no.
    #[error("blob store: {0}")]
    Store(#[from] object_store::Error),
    /// The local file could not be read or written.
    #[error("blob file: {0}")]
    Io(#[from] std::io::Error),
    /// The bytes are not those that were stored.
    #[error("blob {0} is not what was stored: its hash is another")]
    Altered(String),
}

impl BlobError {
    /// Whether there is no such blob.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }

    /// Whether it is missing, or not what was stored.
    pub fn is_damage(&self) -> bool {
        self.is_missing() || matches!(self, Self::Altered(_))
    }
}

/// Handle on the store; cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    root: Option<PathBuf>,
}

impl Blobs {
    /// In the folder `root`, created when absent.
    pub fn in_folder(root: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(root)?;
        let store = LocalFileSystem::new_with_prefix(root)?.with_automatic_cleanup(true);
        Ok(Self {
            store: Arc::new(store),
            root: Some(root.to_owned()),
        })
    }

    /// In any object store.
    pub fn in_store(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, root: None }
    }

    /// The file behind `key` when the store is a folder.
    pub fn local_path(&self, key: &str) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(key))
    }

    /// Stores small bytes.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        self.store
            .put(&Key::from(key), PutPayload::from_bytes(bytes))
            .await?;
        Ok(())
    }

    /// Takes the file at `path` into the store and removes it; a rename when both are on one disk.
    pub async fn take_file(&self, key: &str, path: &Path) -> Result<(), BlobError> {
        if let Some(target) = self.local_path(key) {
            if let Some(parent) = target.parent() {
                tokio::fs::create_dir_all(parent).await?;
            }
            if tokio::fs::rename(path, &target).await.is_ok() {
                return Ok(());
            }
        }
        let mut file = tokio::fs::File::open(path).await?;
        let mut upload = self.store.put_multipart(&Key::from(key)).await?;
        loop {
            let mut part = Vec::with_capacity(PART);
            (&mut file).take(PART as u64).read_to_end(&mut part).await?;
            if part.is_empty() {
                break;
            }
            upload.put_part(PutPayload::from(part)).await?;
        }
        upload.complete().await?;
        tokio::fs::remove_file(path).await?;
        Ok(())
    }

    /// All bytes; for small blobs only.
    pub async fn get(&self, key: &str) -> Result<Bytes, BlobError> {
        Ok(self.store.get(&Key::from(key)).await?.bytes().await?)
    }

    /// All bytes, refused when their SHA-256 does not begin with `sha256` (hexadecimal); for small
    /// blobs only.
    pub async fn get_sound(&self, key: &str, sha256: &str) -> Result<Bytes, BlobError> {
        let bytes = self.get(key).await?;
        let hash = hex::encode(Sha256::digest(&bytes));
        if sha256.len() < 32 || !hash.starts_with(sha256) {
            return Err(BlobError::Altered(key.to_owned()));
        }
        Ok(bytes)
    }

    /// SHA-256 (hexadecimal) and size of a blob, read from end to end in small pieces.
    pub async fn digest(&self, key: &str) -> Result<(String, u64), BlobError> {
        let mut parts = self.store.get(&Key::from(key)).await?.into_stream();
        let (mut hasher, mut size) = (Sha256::new(), 0);
        while let Some(part) = parts.next().await {
            let part = part?;
            hasher.update(&part);
            size += part.len() as u64;
        }
        Ok((hex::encode(hasher.finalize()), size))
    }

    /// The bytes of `range`.
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Bytes, BlobError> {
        Ok(self.store.get_range(&Key::from(key), range).await?)
    }

    /// The bytes of `range` as they come.
    pub async fn stream(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let options = object_store::GetOptions {
            range: Some(range.into()),
            ..Default::default()
        };
        let result = self.store.get_opts(&Key::from(key), options).await?;
        Ok(result
            .into_stream()
            .map(|part| part.map_err(BlobError::from))
            .boxed())
    }

    /// Removes a blob; absent is fine.
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        match self.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keys and sizes below `prefix`.
    pub async fn list(&self, prefix: &str) -> Result<Vec<(String, u64)>, BlobError> {
        let mut found = self.store.list(Some(&Key::from(prefix)));
        let mut out = Vec::new();
        while let Some(meta) = found.next().await {
            let meta = meta?;
            out.push((meta.location.to_string(), meta.size));
        }
        Ok(out)
    }
}

//! Where one file of a package lies, as it is stored beside the package.

use super::directory::Entry;
use serde::{Deserialize, Serialize};

/// How the data of a file is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// As it is (ZIP method 0).
    Stored,
    /// Deflate (ZIP method 8).
    Deflate,
}

/// One file of a package and the place of its data.
///
/// Serialised as a list of six values, since a package may have thousands of them:
/// path, offset, compressed size, size, ZIP method, CRC-32.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Compact", try_from = "Compact")]
pub struct FileEntry {
    /// Path relative to the folder of the manifest, `/` between the parts, NFC.
    pub path: String,
    /// Where the data starts, in bytes from the beginning of the upload.
    pub offset: u64,
    /// Bytes of the data as stored.
    pub compressed: u64,
    /// Bytes of the file.
    pub size: u64,
    /// How the data is stored.
    pub method: Method,
    /// CRC-32 (IEEE) of the file.
    pub crc32: u32,
}

type Compact = (String, u64, u64, u64, u8, u32);

impl From<FileEntry> for Compact {
    fn from(entry: FileEntry) -> Self {
        let method = match entry.method {
            Method::Stored => 0,
            Method::Deflate => 8,
        };
        (
            entry.path,
            entry.offset,
            entry.compressed,
            entry.size,
            method,
            entry.crc32,
        )
    }
}

impl TryFrom<Compact> for FileEntry {
    type Error = String;

    fn try_from((path, offset, compressed, size, method, crc32): Compact) -> Result<Self, String> {
        let method = match method {
            0 => Method::Stored,
            8 => Method::Deflate,
            other => return Err(format!("unknown compression method {other}")),
        };
        Ok(Self {
            path,
            offset,
            compressed,
            size,
            method,
            crc32,
        })
    }
}

impl From<&Entry> for FileEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            path: entry.path.clone(),
            offset: entry.offset,
            compressed: entry.compressed,
            size: entry.size,
            method: entry.method,
            crc32: entry.crc32,
        }
    }
}

impl FileEntry {
    /// Header and trailer that turn the stored bytes of a deflated file into a gzip
    /// stream (RFC 1952), so that it can be sent with `Content-Encoding: gzip` without
    /// being unpacked. `None` for a stored file, and for one of 4 GiB and more.
    pub fn gzip_frame(&self) -> Option<([u8; 10], [u8; 8])> {
        let size = u32::try_from(self.size).ok()?;
        if self.method != Method::Deflate {
            return None;
        }
        let mut trailer = [0; 8];
        trailer[..4].copy_from_slice(&self.crc32.to_le_bytes());
        trailer[4..].copy_from_slice(&size.to_le_bytes());
        Some(([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], trailer))
    }
}

/// The file of this exact path in a list sorted by path, as [`super::Package`] has it.
pub fn find<'f>(files: &'f [FileEntry], path: &str) -> Option<&'f FileEntry> {
    files
        .binary_search_by(|entry| entry.path.as_str().cmp(path))
        .ok()
        .and_then(|index| files.get(index))
}

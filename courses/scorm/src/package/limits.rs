//! How much of a stranger's package is read before it is refused.

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// Bounds on what an import accepts. All are configurable; the defaults take in what
/// authoring tools export and refuse what only an attack contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of all files once unpacked. Default 2 GiB.
    pub total_size: u64,
    /// Entries of the archive, folders included. Default 20,000.
    pub files: u32,
    /// Times that one file may grow when unpacked. Default 400 (text stays below 50,
    /// an empty sound track reaches some hundreds, deflate ends at 1,032).
    pub entry_ratio: u32,
    /// Times that the whole may grow when unpacked. Default 100.
    pub total_ratio: u32,
    /// Bytes, once unpacked, below which no ratio is looked at. Default 10 MiB.
    pub ratio_floor: u64,
    /// Bytes of a path. Default 512.
    pub path_length: usize,
    /// Folders and file of a path. Default 32.
    pub path_depth: usize,
    /// Bytes of the manifest. Default 8 MiB.
    pub manifest_size: u64,
    /// Elements nested in the manifest, which also bounds the table of contents.
    /// Default and highest 50: what is read must also fit the depth that JSON readers
    /// allow (128), two levels an element.
    pub manifest_depth: usize,
    /// Elements of the manifest. A large package has one for each of its files; at the
    /// default, 60,000, the worst manifest takes some 50 MiB while it is read.
    pub manifest_elements: usize,
    /// Attributes of one element. Default 128.
    pub manifest_attributes: usize,
    /// Bytes of one attribute. Default 64 KiB.
    pub manifest_value: usize,
    /// Resources in a chain of dependencies. Default 64.
    pub dependency_depth: usize,
    /// Problems listed in a report; the others are counted. Default 100.
    pub problems: usize,
}

impl Limits {
    /// The depth at which the manifest is cut, whatever is configured.
    pub(crate) fn depth(&self) -> usize {
        self.manifest_depth.min(50)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_size: 2 * 1024 * MIB,
            files: 20_000,
            entry_ratio: 400,
            total_ratio: 100,
            ratio_floor: 10 * MIB,
            path_length: 512,
            path_depth: 32,
            manifest_size: 8 * MIB,
            manifest_depth: 50,
            manifest_elements: 60_000,
            manifest_attributes: 128,
            manifest_value: 64 * 1024,
            dependency_depth: 64,
            problems: 100,
        }
    }
}

/// A limit in bytes as the messages show it, in whole MiB, rounded up.
pub(crate) fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(MIB)
}

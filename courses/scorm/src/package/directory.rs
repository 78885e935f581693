//! The directory of the archive: every entry checked before any is believed.
//!
//! `rawzip` walks the central directory record by record in one buffer. It was chosen
//! over a reader that loads the directory whole because the number of entries is the
//! attacker's: here reading stops at the limit, and two entries of the same name are
//! both seen. What each record says is judged in this file; what the data says is
//! judged by [`super::content`].

use super::limits::{Limits, mebibytes};
use super::{Method, names};
use crate::problem::{Code, Findings, Problem, Refusal};
use rawzip::extra_fields::ExtraFieldId;
use rawzip::{
    CompressionMethod, ErrorKind, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ReaderAt, ZipArchive,
    ZipArchiveEntryWayfinder, ZipFileHeaderRecord, ZipLocator,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};

/// Where the end record may start: 64 KiB of comment behind it, and a little slack for
/// what some uploads append.
const END_SEARCH: u64 = 68 * 1024;
const END_RECORD: u64 = 22;
const LOCAL_HEADER: u64 = 30;
/// Smallest data descriptor: checksum and two sizes of 32 bits, no signature.
const DESCRIPTOR: u64 = 12;

/// One file of the archive, with its place.
#[derive(Debug)]
pub(super) struct Entry {
    /// Normalised path in the archive.
    pub(super) path: String,
    /// Where the data starts, from the first byte of the upload.
    pub(super) offset: u64,
    pub(super) compressed: u64,
    pub(super) size: u64,
    pub(super) method: Method,
    pub(super) crc32: u32,
    /// Where the local header starts.
    header: u64,
    /// First byte behind the data and its descriptor.
    end: u64,
    folder: bool,
    /// The name as written, to compare with the local header.
    raw: Box<[u8]>,
    utf8: bool,
    wayfinder: ZipArchiveEntryWayfinder,
}

/// A seekable reader as `rawzip` wants it, without a lock.
struct Seeking<R>(RefCell<R>);

impl<R: Read + Seek> ReaderAt for Seeking<R> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut reader = self.0.borrow_mut();
        reader.seek(SeekFrom::Start(offset))?;
        reader.read(buf)
    }
}

/// Reads and checks the whole directory. What refuses the package is added to the
/// findings and reading goes on as long as that makes sense, so that a person gets
/// all reasons at once; the entries are to be used only if nothing was refused.
pub(super) fn read<R: Read + Seek>(
    mut reader: R,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Vec<Entry>, Refusal> {
    let length = reader.seek(SeekFrom::End(0))?;
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let located = ZipLocator::new()
        .max_search_space(END_SEARCH)
        .locate_in_reader(Seeking(RefCell::new(reader)), &mut buffer, length);
    let archive = match located {
        Ok(archive) => archive,
        Err((reader, error)) => return Err(no_directory(&reader, error.into_kind())),
    };
    check_end_record(&archive)?;
    let announced = archive.entries_hint();
    if announced > u64::from(limits.files) {
        return Err(too_many(announced, limits));
    }
    let mut entries = read_records(&archive, limits, findings, &mut buffer)?;
    check_sizes(&entries, limits, findings);
    check_places(&archive, &mut entries, findings, &mut buffer)?;
    check_names(&entries, findings);
    entries.retain(|entry| !entry.folder);
    Ok(entries)
}

/// Says why no directory was found: nothing of a ZIP, or a ZIP cut short.
fn no_directory<R: Read + Seek>(reader: &Seeking<R>, kind: ErrorKind) -> Refusal {
    if let ErrorKind::IO(error) = kind {
        return error.into();
    }
    let mut start = [0; 4];
    let read = reader.read_at(&mut start, 0).unwrap_or(0);
    let code = match (start, kind) {
        ([b'P', b'K', 7, 8], _) => Code::ZipMultiDisk,
        ([b'P', b'K', 3, 4], ErrorKind::MissingEndOfCentralDirectory | ErrorKind::Eof) => {
            Code::ZipTruncated
        }
        ([b'P', b'K', ..], _) if read == 4 => Code::ZipDamaged,
        (_, ErrorKind::MissingEndOfCentralDirectory) => Code::NotAZip,
        _ => Code::ZipDamaged,
    };
    Problem::new(code).into()
}

fn fault(error: rawzip::Error) -> Refusal {
    match error.into_kind() {
        ErrorKind::IO(error) => error.into(),
        ErrorKind::Eof => Problem::new(Code::ZipTruncated).into(),
        _ => Problem::new(Code::ZipDamaged).into(),
    }
}

fn too_many(count: u64, limits: &Limits) -> Refusal {
    Problem::new(Code::ZipTooManyFiles)
        .with("count", count)
        .with("limit", limits.files)
        .into()
}

/// Refuses an archive that is split over volumes (APPNOTE 4.3.16: this volume, the
/// volume of the directory, entries here, entries in all).
fn check_end_record<R: ReaderAt>(archive: &ZipArchive<R>) -> Result<(), Refusal> {
    let mut record = [0; END_RECORD as usize];
    let mut filled = 0;
    while filled < record.len() {
        let at = archive.eocd_offset() + filled as u64;
        match archive.get_ref().read_at(&mut record[filled..], at)? {
            0 => return Err(Problem::new(Code::ZipTruncated).into()),
            read => filled += read,
        }
    }
    let field = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
    let (disk, directory, here, all) = (field(4), field(6), field(8), field(10));
    let none = |volume| volume == 0 || volume == u16::MAX;
    if none(disk) && none(directory) && here == all {
        Ok(())
    } else {
        Err(Problem::new(Code::ZipMultiDisk).into())
    }
}

fn read_records<R: ReaderAt>(
    archive: &ZipArchive<R>,
    limits: &Limits,
    findings: &mut Findings,
    buffer: &mut [u8],
) -> Result<Vec<Entry>, Refusal> {
    let announced = archive.entries_hint();
    let mut entries = Vec::new();
    let mut seen = 0_u64;
    let mut records = archive.entries(buffer);
    loop {
        let record = match records.next_entry() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            // A directory that stops at its very first record is not one at all.
            Err(error) => return Err(fault(error)),
        };
        seen += 1;
        if seen > u64::from(limits.files) {
            return Err(too_many(seen, limits));
        }
        match read_record(&record, limits, findings) {
            Ok(entry) => entries.push(entry),
            Err(problem) => {
                findings.add(problem);
                if findings.full() {
                    return Err(Refusal::Package(std::mem::take(findings).into_problems()));
                }
            }
        }
    }
    if seen != announced {
        return Err(Problem::new(Code::ZipDamaged).into());
    }
    Ok(entries)
}

fn read_record(
    record: &ZipFileHeaderRecord<'_>,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Entry, Problem> {
    let raw = record.file_path().as_bytes();
    let raw_path = String::from_utf8_lossy(raw);
    if raw.len() > limits.path_length {
        return Err(Problem::new(Code::ZipPathTooLong)
            .with("path", raw_path)
            .with("limit", limits.path_length));
    }
    let unicode_path = record
        .extra_fields()
        .find(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH)
        .map(|(_, field)| field);
    let utf8 = record.flags().is_utf8();
    let decoded = names::decode(raw, utf8, unicode_path)?;
    let name = names::slashed(&decoded.text);
    let path = names::normalise(&name, limits)?;
    let fault = |code| Problem::new(code).with("path", &path);
    let flags = record.flags();
    if flags.is_encrypted() || flags.has_strong_encryption() || flags.is_masked() {
        return Err(fault(Code::ZipEncrypted));
    }
    let folder = is_folder(record, &name).map_err(fault)?;
    let method = match record.compression_method() {
        CompressionMethod::STORE => Method::Stored,
        CompressionMethod::DEFLATE => Method::Deflate,
        CompressionMethod::AES => return Err(fault(Code::ZipEncrypted)),
        other => return Err(fault(Code::ZipMethod).with("method", other)),
    };
    let (compressed, size) = (
        record.compressed_size_hint(),
        record.uncompressed_size_hint(),
    );
    if method == Method::Stored && compressed != size {
        return Err(fault(Code::ZipSizeMismatch));
    }
    if name != decoded.text.as_str() {
        findings.add_once(Problem::new(Code::ZipBackslash).with("path", &decoded.text));
    }
    if decoded.guessed {
        findings.add(Problem::new(Code::NameGuessed).with("path", &path));
    }
    Ok(Entry {
        path,
        offset: 0,
        compressed,
        size,
        method,
        crc32: record.crc32(),
        header: record.local_header_offset(),
        end: 0,
        folder,
        raw: raw.into(),
        utf8,
        wayfinder: record.wayfinder(),
    })
}

/// Tells a folder from a file. Links, devices, and folders that hold data are refused
/// by the type that the upper half of the attributes holds (`S_IFMT`), whichever system
/// is said to have written them.
fn is_folder(record: &ZipFileHeaderRecord<'_>, name: &str) -> Result<bool, Code> {
    const TYPE: u32 = 0o170_000;
    let slash = name.ends_with('/');
    let folder = match (record.external_attributes() >> 16) & TYPE {
        0 | 0o100_000 => slash,
        0o040_000 => true,
        _ => return Err(Code::ZipSpecialFile),
    };
    if folder && record.uncompressed_size_hint() > 0 {
        return Err(Code::ZipSpecialFile);
    }
    Ok(folder)
}

/// Total size and growth, as announced; [`super::content`] checks what is announced.
fn check_sizes(entries: &[Entry], limits: &Limits, findings: &mut Findings) {
    let (mut compressed, mut size) = (0_u128, 0_u128);
    for entry in entries {
        compressed += u128::from(entry.compressed);
        size += u128::from(entry.size);
        let allowed = u128::from(entry.compressed) * u128::from(limits.entry_ratio);
        if entry.size > limits.ratio_floor && u128::from(entry.size) > allowed {
            findings.add(
                Problem::new(Code::ZipRatio)
                    .with("path", &entry.path)
                    .with("ratio", entry.size / entry.compressed.max(1))
                    .with("limit", limits.entry_ratio),
            );
        }
    }
    if size > u128::from(limits.total_size) {
        findings.add(Problem::new(Code::ZipTooLarge).with("limit", mebibytes(limits.total_size)));
    } else if size > u128::from(limits.ratio_floor)
        && size > compressed * u128::from(limits.total_ratio)
    {
        findings.add(
            Problem::new(Code::ZipTotalRatio)
                .with("ratio", size / compressed.max(1))
                .with("limit", limits.total_ratio),
        );
    }
}

/// Reads every local header in the order of the file, compares it with the directory,
/// and checks that no two entries share bytes.
fn check_places<R: ReaderAt>(
    archive: &ZipArchive<R>,
    entries: &mut [Entry],
    findings: &mut Findings,
    buffer: &mut [u8],
) -> Result<(), Refusal> {
    entries.sort_by_key(|entry| entry.header);
    for entry in &mut *entries {
        // Also keeps offsets that no file has away from the reader.
        if entry.header.saturating_add(LOCAL_HEADER) > archive.directory_offset() {
            return Err(Problem::new(Code::ZipDamaged).into());
        }
        if !locate(archive, entry, buffer)? {
            findings.add(Problem::new(Code::ZipHeaderMismatch).with("path", &entry.path));
        }
        if entry.end > archive.directory_offset() {
            return Err(Problem::new(Code::ZipTruncated).into());
        }
        if findings.full() {
            break;
        }
    }
    for pair in entries.windows(2) {
        let [before, after] = pair else { continue };
        if after.header < before.end {
            findings.add(
                Problem::new(Code::ZipOverlap)
                    .with("path", &after.path)
                    .with("other", &before.path),
            );
            break;
        }
    }
    Ok(())
}

/// Finds the data of an entry; says whether its local header agrees. Sizes and
/// checksum may be left to a descriptor behind the data, and are zero then.
fn locate<R: ReaderAt>(
    archive: &ZipArchive<R>,
    entry: &mut Entry,
    buffer: &mut [u8],
) -> Result<bool, Refusal> {
    let found = archive.get_entry(entry.wayfinder).map_err(fault)?;
    let (start, end) = found.compressed_data_range();
    let local = found.local_header(buffer).map_err(fault)?;
    let flags = local.flags();
    entry.offset = start;
    entry.end = end.saturating_add(if flags.has_data_descriptor() {
        DESCRIPTOR
    } else {
        0
    });
    let method = match entry.method {
        Method::Stored => CompressionMethod::STORE,
        Method::Deflate => CompressionMethod::DEFLATE,
    };
    let same_name = local.file_path().as_bytes() == &*entry.raw
        && (flags.is_utf8() == entry.utf8 || entry.raw.is_ascii());
    let agrees = |local: u64, central: u64| {
        local == central
            || (flags.has_data_descriptor() && (local == 0 || local == u64::from(u32::MAX)))
    };
    Ok(same_name
        && local.compression_method() == method
        && !flags.is_encrypted()
        && agrees(u64::from(local.crc32()), u64::from(entry.crc32))
        && agrees(local.compressed_size_hint(), entry.compressed)
        && agrees(local.uncompressed_size_hint(), entry.size))
}

/// Refuses names that are the same, or that some systems hold for the same, and a
/// file that is also the folder of another.
fn check_names(entries: &[Entry], findings: &mut Findings) {
    let mut files: HashMap<String, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries.iter().filter(|entry| !entry.folder) {
        if let Some(other) = files.insert(names::fold(&entry.path), entry) {
            findings.add(if other.raw == entry.raw {
                Problem::new(Code::ZipDuplicateName).with("path", &entry.path)
            } else {
                collision(&entry.path, &other.path)
            });
        }
    }
    for entry in entries {
        let folded = names::fold(&entry.path);
        let whole = entry.folder.then_some(folded.len());
        let parents = folded.match_indices('/').map(|(at, _)| at);
        if let Some(file) = parents.chain(whole).find_map(|at| files.get(&folded[..at])) {
            findings.add(collision(&entry.path, &file.path));
            break;
        }
    }
}

fn collision(path: &str, other: &str) -> Problem {
    Problem::new(Code::ZipNameCollision)
        .with("path", path)
        .with("other", other)
}

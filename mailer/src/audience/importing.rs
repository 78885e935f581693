//! Contacts from a spreadsheet: read, matched to our columns, previewed, merged, undone. The
//! reading and the matching are pure; nothing panics whatever is read.

mod columns;

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::model::{Basis, ContactFields, email_key};

use columns::fold;
pub use columns::{COLUMNS, Column};

/// Bytes at most in a file.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Lines at most in a file.
pub const MAX_LINES: usize = 20_000;
/// Bytes at most in a workbook once it is inflated.
const MAX_INFLATED: u64 = 128 * 1024 * 1024;
/// Columns at most in a file.
const MAX_COLUMNS: usize = 60;

/// Why a file cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Over [`MAX_LINES`].
    #[error("the file is over {MAX_LINES} lines")]
    TooMany,
    /// Neither text nor a workbook that we read.
    #[error("the file is neither CSV nor XLSX")]
    Unreadable,
}

impl SheetError {
    /// Id of the message that says what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "import-error-empty",
            Self::TooMany => "import-error-lines",
            Self::Unreadable => "import-error-unreadable",
        }
    }
}

/// A sheet: its header, and its lines with their numbers in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Names of its columns.
    pub header: Vec<String>,
    /// Its lines, empty ones left out.
    pub lines: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// From the bytes of a file: a workbook (its first sheet), or text with separators.
    ///
    /// # Errors
    ///
    /// See [`SheetError`].
    pub fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        let rows = if bytes.starts_with(b"PK\x03\x04") {
            workbook(bytes)?
        } else {
            text(bytes)?
        };
        let mut rows = rows
            .into_iter()
            .enumerate()
            .map(|(at, row)| (at + 1, row))
            .filter(|(_, row)| row.iter().any(|value| !value.trim().is_empty()));
        let (_, mut header) = rows.next().ok_or(SheetError::Empty)?;
        header.truncate(MAX_COLUMNS);
        let width = header.len();
        let mut lines = Vec::new();
        for (number, mut row) in rows {
            if lines.len() >= MAX_LINES {
                return Err(SheetError::TooMany);
            }
            row.truncate(width);
            lines.push((number, row));
        }
        if lines.is_empty() {
            return Err(SheetError::Empty);
        }
        Ok(Self { header, lines })
    }

    /// As CSV, to be kept between two pages.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        let numbered =
            std::iter::once((1, &self.header)).chain(self.lines.iter().map(|(n, row)| (*n, row)));
        for (number, row) in numbered {
            let record = std::iter::once(number.to_string()).chain(row.iter().cloned());
            if out.write_record(record).is_err() {
                break;
            }
        }
        out.into_inner().unwrap_or_default()
    }

    /// From what [`Sheet::to_csv`] wrote.
    pub fn from_csv(bytes: &[u8]) -> Option<Self> {
        let mut rows = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(bytes)
            .into_records()
            .map_while(Result::ok);
        let header = rows.next()?.iter().skip(1).map(str::to_owned).collect();
        let lines = rows.filter_map(|row| {
            let number = row.get(0)?.parse().ok()?;
            Some((number, row.iter().skip(1).map(str::to_owned).collect()))
        });
        Some(Self {
            header,
            lines: lines.collect(),
        })
    }

    /// Which of our columns each of its own is, guessed by its name; each of ours once.
    pub fn guess(&self) -> Vec<Option<&'static str>> {
        let mut taken: Vec<&str> = Vec::new();
        self.header
            .iter()
            .map(|header| {
                let word = fold(header);
                let found = COLUMNS.iter().find(|column| {
                    column.headers.contains(&word.as_str()) && !taken.contains(&column.name)
                });
                found.map(|column| {
                    taken.push(column.name);
                    column.name
                })
            })
            .collect()
    }
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, SheetError> {
    if !is_modest(bytes) {
        return Err(SheetError::Unreadable);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Unreadable)?;
    let name = book.sheet_names().first().cloned();
    let name = name.ok_or(SheetError::Empty)?;
    // Cell by cell: a single one at the far corner would make the whole sheet be laid out.
    let cells = book.worksheet_cells_reader(&name);
    let mut cells = cells.map_err(|_| SheetError::Unreadable)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| SheetError::Unreadable)? {
        let (row, column) = cell.get_position();
        let value = written(&cell.get_value().clone().into());
        let (row, column) = (row as usize, column as usize);
        if column >= MAX_COLUMNS || value.is_empty() {
            continue;
        }
        if row > MAX_LINES {
            return Err(SheetError::TooMany);
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = value;
    }
    Ok(rows)
}

/// Whether what a workbook holds stays small once it is inflated, whatever it says of itself.
fn is_modest(bytes: &[u8]) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return false;
    };
    let mut left = MAX_INFLATED;
    for at in 0..archive.len() {
        let Ok(file) = archive.by_index(at) else {
            return false;
        };
        match std::io::copy(&mut file.take(left + 1), &mut std::io::sink()) {
            Ok(read) if read <= left => left -= read,
            _ => return false,
        }
    }
    true
}

fn written(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        // A postal code or a department is a number to spreadsheets.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string(),
    }
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<String>>, SheetError> {
    let (encoding, skip) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (WINDOWS_1252, 0),
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
    if text.contains('\0') {
        return Err(SheetError::Unreadable);
    }
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .ok_or(SheetError::Empty)?;
    let separator = [b';', b'\t', b','].into_iter().max_by_key(|sign| {
        let count = first.bytes().filter(|byte| byte == sign).count();
        // The semicolon wins where nothing decides.
        (count, *sign == b';')
    });
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b';'))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| SheetError::Unreadable)?;
        rows.push(record.iter().take(MAX_COLUMNS).map(str::to_owned).collect());
        if rows.len() > MAX_LINES + 1 {
            return Err(SheetError::TooMany);
        }
    }
    Ok(rows)
}

/// How what a file says meets what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Merge {
    /// Only what is empty is filled in.
    Fill,
    /// What the file says replaces what is known, where it says something.
    Replace,
}

/// What is said of every line of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Common {
    /// Where the addresses come from.
    pub source: String,
    /// What they are kept for.
    pub purpose: String,
    /// Why we may write to them.
    pub basis: Basis,
}

/// What is chosen beside a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Choices {
    /// Name of our column for each of its own; empty for none.
    pub mapping: Vec<String>,
    /// How what it says meets what is known.
    pub merge: Merge,
    /// What is said of every line.
    pub common: Common,
}

impl Choices {
    /// Our columns, each taken by the first that claims it.
    pub fn columns(&self) -> Vec<Option<&str>> {
        let mut taken = HashSet::new();
        self.mapping
            .iter()
            .map(|name| {
                let known = COLUMNS.iter().any(|column| column.name == name.as_str());
                (known && taken.insert(name)).then_some(name.as_str())
            })
            .collect()
    }
}

/// What would become of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A new contact.
    Add(Box<ContactFields>),
    /// A known contact, by the key of its address, changed.
    Change(String, Box<ContactFields>),
    /// A known contact, by the key of its address, about whom it says nothing new.
    Same(String),
    /// Refused; id of the message that says why.
    Refused(&'static str),
}

/// What would become of each line, given the contacts that are known by the key of their address.
pub fn fates(
    sheet: &Sheet,
    mapping: &[Option<&str>],
    common: &Common,
    merge: Merge,
    known: &HashMap<String, ContactFields>,
) -> Vec<(usize, Fate)> {
    let mut seen: HashSet<String> = HashSet::new();
    sheet
        .lines
        .iter()
        .map(|(number, row)| (*number, fate(row, mapping, common, merge, known, &mut seen)))
        .collect()
}

/// The key of the address of a line, by that mapping.
pub fn key_of(row: &[String], mapping: &[Option<&str>]) -> Option<String> {
    let at = mapping.iter().position(|name| *name == Some("email"))?;
    email_key(row.get(at)?)
}

fn fate(
    row: &[String],
    mapping: &[Option<&str>],
    common: &Common,
    merge: Merge,
    known: &HashMap<String, ContactFields>,
    seen: &mut HashSet<String>,
) -> Fate {
    let Some(key) = key_of(row, mapping) else {
        return Fate::Refused("import-line-email");
    };
    if !seen.insert(key.clone()) {
        return Fate::Refused("import-line-twice");
    }
    let before = known.get(&key);
    let mut fields = before.cloned().unwrap_or_else(|| ContactFields {
        source: common.source.clone(),
        purpose: common.purpose.clone(),
        basis: common.basis,
        ..ContactFields::default()
    });
    for (value, name) in row.iter().zip(mapping) {
        let column = name.and_then(|name| COLUMNS.iter().find(|column| column.name == name));
        let Some(column) = column else { continue };
        if value.trim().is_empty() || (before.is_some() && column.name == "email") {
            continue;
        }
        let empty = (column.read)(&fields).is_empty();
        if before.is_none() || empty || merge == Merge::Replace {
            (column.write)(&mut fields, value);
        }
    }
    match before {
        None => Fate::Add(Box::new(fields)),
        Some(before) if *before == fields => Fate::Same(key),
        Some(_) => Fate::Change(key, Box::new(fields)),
    }
}

#[cfg(test)]
mod tests;

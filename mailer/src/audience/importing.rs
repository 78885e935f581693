//! Contacts from a spreadsheet: matched to our columns, previewed, merged, undone. The matching is
//! pure; the reading is that of every table (`passerelle_text::table`).

mod columns;

use std::collections::{HashMap, HashSet};

use passerelle_text::address::{self, Problem};
use passerelle_text::columns::{is_header, of_headers};
use passerelle_text::fold::name_key;
use passerelle_text::table::{self, Encoding, Limits, Refusal};
use serde::{Deserialize, Serialize};

use super::model::{Basis, ContactFields};

pub use columns::{COLUMNS, Column};

/// Bytes at most in a file.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Lines at most in a file.
pub const MAX_LINES: usize = 20_000;
/// What is read of a file.
const LIMITS: Limits = Limits {
    bytes: MAX_BYTES,
    rows: MAX_LINES + 1,
    columns: 60,
    inflated: 128 * 1024 * 1024,
};

/// A sheet: its rows with their numbers in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Whether the first row names the columns; the first person stands there otherwise.
    pub titled: bool,
    /// Its rows, empty ones left out.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// How a file was read, to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Name of the sheet, when there were several.
    pub sheet: Option<String>,
    /// How its letters were written, when it was guessed.
    pub encoding: Option<Encoding>,
}

impl Sheet {
    /// From the bytes of a file: a workbook (the first sheet that is seen), or text with separators.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub fn read(bytes: &[u8]) -> Result<(Self, Reading), Refusal> {
        let table = table::read(bytes, LIMITS)?;
        let rows: Vec<(usize, Vec<String>)> = table
            .rows
            .into_iter()
            .map(|row| (row.number as usize, row.cells))
            .collect();
        let first = rows.first().map(|(_, row)| row.as_slice());
        let first = first.unwrap_or_default();
        let sheet = Self {
            titled: is_header(first) || !first.iter().any(|cell| cell.contains('@')),
            rows,
        };
        if sheet.lines().is_empty() {
            return Err(Refusal::Empty);
        }
        let reading = Reading {
            sheet: table.sheet,
            encoding: table.encoding,
        };
        Ok((sheet, reading))
    }

    /// Names of its columns; empty ones where no row says them.
    pub fn header(&self) -> Vec<String> {
        match self.rows.first().filter(|_| self.titled) {
            Some((_, row)) => row.clone(),
            None => {
                let width = self.rows.iter().map(|(_, row)| row.len()).max();
                vec![String::new(); width.unwrap_or_default()]
            }
        }
    }

    /// Its lines.
    pub fn lines(&self) -> &[(usize, Vec<String>)] {
        self.rows
            .get(usize::from(self.titled)..)
            .unwrap_or_default()
    }

    /// As JSON, to be kept between two pages.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.rows).unwrap_or_default()
    }

    /// From what [`Sheet::to_bytes`] wrote, and what was said of its first row.
    pub fn from_bytes(bytes: &[u8], titled: bool) -> Option<Self> {
        let rows = serde_json::from_slice(bytes).ok()?;
        Some(Self { titled, rows })
    }

    /// Which of our columns each of its own is, guessed by its name, or by its addresses where
    /// columns have no names; each of ours once.
    pub fn guess(&self) -> Vec<Option<&'static str>> {
        let kinds = of_headers(&self.header());
        let named = |kind| COLUMNS.iter().find(|column| column.kind == kind);
        let mut guessed: Vec<Option<&'static str>> = kinds
            .into_iter()
            .map(|kind| named(kind?).map(|column| column.name))
            .collect();
        if !self.titled {
            let has = |at: usize| {
                let cells = self.lines().iter().filter_map(|(_, row)| row.get(at));
                cells.into_iter().any(|cell| cell.contains('@'))
            };
            let at = (0..guessed.len()).find(|at| has(*at));
            if let Some(place) = at.and_then(|at| guessed.get_mut(at)) {
                *place = Some("email");
            }
        }
        guessed
    }
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
    /// Whether its first row names its columns.
    #[serde(default = "yes")]
    pub titled: bool,
    /// Name of our column for each of its own; empty for none.
    pub mapping: Vec<String>,
    /// How what it says meets what is known.
    pub merge: Merge,
    /// What is said of every line.
    pub common: Common,
}

fn yes() -> bool {
    true
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
    /// Refused.
    Refused(Why),
}

/// Why a line is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing can be sent to its address.
    Address(Problem),
    /// A line before it, whose number this is, names the same person.
    Twice(usize),
    /// A line before it, whose number this is, has the same address and another name.
    Shared(usize),
}

/// A line, and what would become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number in the file.
    pub line: usize,
    /// What would become of it.
    pub fate: Fate,
    /// The name under which its address is known, when the line says another.
    pub known_as: Option<String>,
}

/// What would become of each line, given the contacts that are known by the key of their address.
pub fn fates(
    sheet: &Sheet,
    mapping: &[Option<&str>],
    common: &Common,
    merge: Merge,
    known: &HashMap<String, ContactFields>,
) -> Vec<Told> {
    let mut seen: HashMap<String, (usize, String)> = HashMap::new();
    let told = |(line, row): &(usize, Vec<String>)| {
        let (fate, known_as) = fate(*line, row, mapping, common, merge, known, &mut seen);
        Told {
            line: *line,
            fate,
            known_as,
        }
    };
    sheet.lines().iter().map(told).collect()
}

/// The address of a line, by that mapping.
pub fn address_of(row: &[String], mapping: &[Option<&str>]) -> Result<address::Address, Problem> {
    let at = mapping.iter().position(|name| *name == Some("email"));
    let cell = at.and_then(|at| row.get(at));
    address::read(cell.map_or("", String::as_str))
}

/// What a line says, over what is known of its address.
fn said(
    row: &[String],
    mapping: &[Option<&str>],
    of: &mut ContactFields,
    replace: bool,
    new: bool,
) {
    for (value, name) in row.iter().zip(mapping) {
        let column = name.and_then(|name| COLUMNS.iter().find(|column| column.name == name));
        let Some(column) = column else { continue };
        if value.trim().is_empty() || (!new && column.name == "email") {
            continue;
        }
        if new || replace || (column.read)(of).is_empty() {
            (column.write)(of, value);
        }
    }
}

fn fate(
    line: usize,
    row: &[String],
    mapping: &[Option<&str>],
    common: &Common,
    merge: Merge,
    known: &HashMap<String, ContactFields>,
    seen: &mut HashMap<String, (usize, String)>,
) -> (Fate, Option<String>) {
    let key = match address_of(row, mapping) {
        Ok(address) => address.key,
        Err(problem) => return (Fate::Refused(Why::Address(problem)), None),
    };
    let mut own = ContactFields::default();
    said(row, mapping, &mut own, true, true);
    let name = name_key(&own.given_name, &own.family_name);
    let differs = |other: &str| !name.is_empty() && !other.is_empty() && name != other;
    if let Some((first, other)) = seen.get(&key) {
        let why = match differs(other) {
            true => Why::Shared(*first),
            false => Why::Twice(*first),
        };
        return (Fate::Refused(why), None);
    }
    let before = known.get(&key);
    let mut fields = before.cloned().unwrap_or_else(|| ContactFields {
        source: common.source.clone(),
        purpose: common.purpose.clone(),
        basis: common.basis,
        ..ContactFields::default()
    });
    said(
        row,
        mapping,
        &mut fields,
        merge == Merge::Replace,
        before.is_none(),
    );
    let known_as = before
        .filter(|before| differs(&name_key(&before.given_name, &before.family_name)))
        .map(|before| {
            format!("{} {}", before.given_name, before.family_name)
                .trim()
                .to_owned()
        });
    seen.insert(key.clone(), (line, name));
    let fate = match before {
        None => Fate::Add(Box::new(fields)),
        Some(before) if *before == fields => Fate::Same(key),
        Some(_) => Fate::Change(key, Box::new(fields)),
    };
    (fate, known_as)
}

#[cfg(test)]
mod tests;

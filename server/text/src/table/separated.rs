//! Text with separators: those of spreadsheets, found by what they make of the first rows.

use super::{Limits, Refusal, Row, Table};
use crate::columns::Kind;
use crate::csv::active;

/// Rows by which a separator is judged.
const JUDGED: usize = 20;

/// Reads text with separators: `sep=;` on a line of its own is obeyed.
///
/// # Errors
///
/// Nothing in it, or too many rows.
pub fn from_text(text: &str, limits: Limits) -> Result<Table, Refusal> {
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_end_matches('\u{1a}');
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let (said, skip) = announced(text);
    let body = text.get(skip..).unwrap_or_default();
    let separator = said.unwrap_or_else(|| separator(body));
    let mut numbers = Numbers {
        text,
        at: skip,
        line: 1 + u64::from(skip > 0),
    };
    let mut rows = Vec::new();
    for record in reader(body, separator).records() {
        let row = match record {
            Ok(record) => Row {
                number: numbers.of(skip, record.position()),
                cells: record.iter().take(limits.columns).map(cell).collect(),
                readable: true,
            },
            Err(error) => Row {
                number: numbers.of(skip, error.position()),
                cells: Vec::new(),
                readable: false,
            },
        };
        if row.readable && row.cells.iter().all(String::is_empty) {
            continue;
        }
        if rows.len() == limits.rows {
            return Err(Refusal::TooMany);
        }
        rows.push(row);
    }
    Ok(Table {
        rows,
        ..Table::default()
    })
}

/// A value, without what an export put before it.
pub(super) fn cell(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    active(text).trim().to_owned()
}

fn reader(text: &str, separator: u8) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// The separator that a first line of Excel's announces, and the bytes of that line.
fn announced(text: &str) -> (Option<u8>, usize) {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let said = line.trim().trim_matches('"');
    let sign = said
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="))
        .and_then(|_| said.get(4..));
    let sign = match sign.map(str::as_bytes) {
        Some([sign]) if sign.is_ascii() => *sign,
        // `sep=` and a tabulation, trimmed.
        Some([]) => b'\t',
        _ => return (None, 0),
    };
    let rest = text.get(line.len()..).unwrap_or_default();
    let end = if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(!rest.is_empty())
    };
    (Some(sign), line.len() + end)
}

/// The separator under which the first rows are alike and most columns have a name that is known;
/// the semicolon where nothing decides.
fn separator(text: &str) -> u8 {
    let judged = |sign: u8| {
        let mut records = reader(text, sign)
            .into_records()
            .take(JUDGED)
            .filter_map(Result::ok)
            .filter(|record| record.iter().any(|value| !value.trim().is_empty()));
        let first = records.next().unwrap_or_default();
        let known = first.iter().filter(|name| Kind::of(name).is_some()).count();
        let first = first.len();
        if first < 2 {
            return (false, 0, 0, 0);
        }
        let (mut alike, mut all) = (1, 1);
        for record in records {
            all += 1;
            alike += usize::from(record.len() == first);
        }
        let alike = alike * 100 / all;
        (alike >= 80, known, alike, first)
    };
    // The last of the greatest: the semicolon wins where nothing decides.
    [b'|', b',', b'\t', b';']
        .into_iter()
        .max_by_key(|sign| judged(*sign))
        .unwrap_or(b';')
}

/// Numbers of lines as an editor shows them: the reader's own do not count what it skips.
struct Numbers<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Numbers<'_> {
    fn of(&mut self, skip: usize, position: Option<&::csv::Position>) -> u64 {
        let start = position.map_or(self.at, |p| skip + p.byte() as usize);
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let broken = matches!(byte, b'\r' | b'\n');
            if self.at >= start && !broken {
                break;
            }
            // A line ends with either sign, or with both.
            let pair = *byte == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(broken && !pair);
            self.at += 1;
        }
        self.line
    }
}

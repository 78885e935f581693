//! Workbooks: the first sheet that can be seen and has something in it, cell by cell.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{Limits, Refusal, Row, Table};

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Table, Refusal> {
    check(bytes, limits.inflated)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)?;
    let sheets = book.sheets_metadata();
    // What is hidden was put aside by whoever made the workbook: lists to choose from, most often.
    let seen: Vec<String> = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if seen.is_empty() && !sheets.is_empty() {
        return Err(Refusal::Hidden);
    }
    for name in &seen {
        let rows = rows(&mut book, name, limits)?;
        if !rows.is_empty() {
            return Ok(Table {
                rows,
                sheet: (seen.len() > 1).then(|| name.clone()),
                encoding: None,
            });
        }
    }
    Err(Refusal::Empty)
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<Vec<Row>, Refusal> {
    // Cell by cell: a single one at the far corner would make the whole sheet be laid out.
    let cells = book.worksheet_cells_reader(name);
    let mut cells = cells.map_err(|_| Refusal::Unreadable)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Refusal::Unreadable)? {
        let (row, column) = cell.get_position();
        let value = written(&cell.get_value().clone().into());
        let column = column as usize;
        if column >= limits.columns || value.is_empty() {
            continue;
        }
        let number = u64::from(row) + 1;
        // Rows come in their order; one that does not is put in its place.
        let at = match rows.binary_search_by_key(&number, |row| row.number) {
            Ok(at) => at,
            Err(at) => {
                if rows.len() == limits.rows {
                    return Err(Refusal::TooMany);
                }
                let row = Row {
                    number,
                    cells: Vec::new(),
                    readable: true,
                };
                rows.insert(at, row);
                at
            }
        };
        let Some(row) = rows.get_mut(at) else {
            continue;
        };
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = value;
    }
    Ok(rows)
}

/// Whether it is a workbook that stays small once it is inflated, whatever it says of itself.
fn check(bytes: &[u8], most: u64) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)?;
    let mut left = most;
    let mut is_workbook = false;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| Refusal::Unreadable)?;
        let name = file.name().map_err(|_| Refusal::Unreadable)?.into_owned();
        is_workbook |= name.starts_with("xl/");
        if name == "mimetype" {
            return Err(Refusal::OpenDocument);
        }
        match std::io::copy(&mut file.take(left + 1), &mut std::io::sink()) {
            Ok(read) if read <= left => left -= read,
            _ => return Err(Refusal::Unreadable),
        }
    }
    match is_workbook {
        true => Ok(()),
        false => Err(Refusal::Unreadable),
    }
}

fn written(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        // A postal code or a department is a number to spreadsheets.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute) {
                (0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}"),
            }
        }
        other => {
            let text = other.to_string();
            super::separated::cell(&text)
        }
    }
}

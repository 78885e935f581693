//! Tables that people bring: text with separators in whatever encoding a spreadsheet wrote it, or a
//! workbook. Rows come out as they stand; what their columns hold is said by [`crate::columns`].
//! Nothing panics whatever is read, and everything is bounded.

mod encoding;
mod separated;
mod workbook;

pub use encoding::Encoding;
pub use separated::from_text;

/// What is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows, the one of the titles among them.
    pub rows: usize,
    /// Columns; those after them are left out.
    pub columns: usize,
    /// Bytes of a workbook once it is inflated.
    pub inflated: u64,
}

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Over the bytes that are read.
    #[error("the file is too large")]
    TooLarge,
    /// Over the rows that are read.
    #[error("the file has too many rows")]
    TooMany,
    /// A workbook of before 2007, or one with a password.
    #[error("a workbook of before 2007, or one with a password")]
    OldWorkbook,
    /// A sheet of LibreOffice.
    #[error("an OpenDocument sheet")]
    OpenDocument,
    /// A document that is no table.
    #[error("a PDF")]
    Pdf,
    /// None of its sheets can be seen.
    #[error("every sheet is hidden")]
    Hidden,
    /// Anything else.
    #[error("neither text nor a workbook")]
    Unreadable,
}

impl Refusal {
    /// Id of the message that says what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "table-error-empty",
            Self::TooLarge => "table-error-large",
            Self::TooMany => "table-error-rows",
            Self::OldWorkbook => "table-error-old",
            Self::OpenDocument => "table-error-ods",
            Self::Pdf => "table-error-pdf",
            Self::Hidden => "table-error-hidden",
            Self::Unreadable => "table-error-unreadable",
        }
    }
}

/// A row, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1: the line of a text where it begins.
    pub number: u64,
    /// Its cells, trimmed; those of an unreadable row are empty.
    pub cells: Vec<String>,
    /// Whether its quotes could be made out.
    pub readable: bool,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Rows with something in them.
    pub rows: Vec<Row>,
    /// Name of the sheet, when there are several that can be seen.
    pub sheet: Option<String>,
    /// How its letters were written, where that was guessed.
    pub encoding: Option<Encoding>,
}

/// Reads a file.
///
/// # Errors
///
/// See [`Refusal`].
pub fn read(bytes: &[u8], limits: Limits) -> Result<Table, Refusal> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge);
    }
    let table = if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, limits)?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(Refusal::OldWorkbook);
    } else if bytes.starts_with(b"%PDF-") {
        return Err(Refusal::Pdf);
    } else {
        let (text, encoding) = encoding::decode(bytes).ok_or(Refusal::Unreadable)?;
        let table = from_text(&text, limits)?;
        Table { encoding, ..table }
    };
    match table.rows.is_empty() {
        true => Err(Refusal::Empty),
        false => Ok(table),
    }
}

#[cfg(test)]
mod tests;

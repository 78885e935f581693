//! Tables that people take away: UTF-8 with its mark, semicolons, as spreadsheets open them where
//! decimals have a comma. What [`crate::table`] reads back unchanged.

/// Content type of a file.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// Writes rows, each of whose cells no spreadsheet takes for a formula.
#[derive(Debug)]
pub struct Writer {
    out: ::csv::Writer<Vec<u8>>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// The beginning of a file.
    pub fn new() -> Self {
        Self::from("\u{feff}".as_bytes().to_vec())
    }

    /// What follows in a file that is written by pieces.
    pub fn following() -> Self {
        Self::from(Vec::new())
    }

    fn from(start: Vec<u8>) -> Self {
        let out = ::csv::WriterBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .from_writer(start);
        Self { out }
    }

    /// Writes a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|cell| inert(cell.as_ref()));
        // Memory takes everything, and rows may differ in length.
        let _ = self.out.write_record(cells);
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out.into_inner().unwrap_or_default()
    }
}

/// Whether a spreadsheet that opens the text would run it: a sign of a formula, in any width, after
/// what it passes over. A number is no formula.
fn is_formula(text: &str) -> bool {
    let begins = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    begins.starts_with(signs) && !is_number(text)
}

/// `-12,5`: nothing but a number below zero.
fn is_number(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| {
        let mut parts = rest.split([',', '.']);
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        parts.by_ref().take(2).all(digits) && parts.next().is_none()
    })
}

/// A value that no spreadsheet runs as a formula: it is told to be text, by an apostrophe.
pub fn inert(text: &str) -> String {
    if is_formula(text.trim_start_matches('\'')) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// What [`inert`] was given, from what it made.
pub fn active(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The guard stood four times and differed: one forgot the carriage return, all the full width.
    #[test]
    fn an_exported_value_is_never_a_formula() {
        for formula in [
            "=HYPERLINK(1)",
            "+33612345678",
            "-1+1",
            "@x",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1+1",
            " =1",
            "'=1",
        ] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        for plain in ["Benali", "-5", "-12,5", "3 = 3", "l'été", "'", ""] {
            assert_eq!(inert(plain), plain);
        }
    }

    #[test]
    fn a_file_opens_in_a_spreadsheet() {
        let mut writer = Writer::new();
        writer.row(["Nom", "Note; de quoi"]);
        writer.row([String::from("=1"), "a\"b".into()]);
        let text = String::from_utf8(writer.into_bytes()).expect("text");
        assert_eq!(text, "\u{feff}Nom;\"Note; de quoi\"\n'=1;\"a\"\"b\"\n");
    }

    proptest! {
        #[test]
        fn what_was_guarded_comes_back(text in "['=+@a -]{0,6}") {
            let guarded = inert(&text);
            prop_assert_eq!(active(&guarded), text.as_str());
        }
    }
}

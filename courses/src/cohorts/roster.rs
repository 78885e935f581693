//! Reading a list of people to enrol, pure: bytes, then text, then lines.
//! Nothing panics whatever is read. What will happen to a line is in `fates`.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use passerelle_web::directory::NewPerson;
use passerelle_web::form::is_email;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Bytes at most in a list.
pub const MAX_BYTES: usize = 256 * 1024;
/// Lines at most in a list.
pub const MAX_LINES: usize = 1_000;
/// Characters at most in one value.
const MAX_VALUE: usize = 200;

/// Why a list cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Nothing in it.
    #[error("the list is empty")]
    Empty,
    /// Over [`MAX_BYTES`].
    #[error("the list is over {MAX_BYTES} bytes")]
    TooLarge,
    /// Over [`MAX_LINES`].
    #[error("the list is over {MAX_LINES} lines")]
    TooManyLines,
    /// A spreadsheet or another binary file.
    #[error("the list is not text")]
    NotText,
    /// The first line does not name the columns that are needed.
    #[error("the first line does not name the columns for both names")]
    NoHeader,
}

impl RosterError {
    /// Id of the message that says what to do.
    pub fn message(&self) -> &'static str {
        match self {
            Self::Empty => "cohort-csv-error-empty",
            Self::TooLarge => "cohort-csv-error-large",
            Self::TooManyLines => "cohort-csv-error-lines",
            Self::NotText => "cohort-csv-error-text",
            Self::NoHeader => "cohort-csv-error-header",
        }
    }
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineProblem {
    /// No given name.
    GivenName,
    /// No family name.
    FamilyName,
    /// Not an e-mail address.
    Email,
    /// A value is too long.
    TooLong,
    /// Quotes or separators cannot be made out.
    Unreadable,
}

impl LineProblem {
    /// Id of the message that says what to correct.
    pub fn message(self) -> &'static str {
        match self {
            Self::GivenName => "cohort-csv-line-given",
            Self::FamilyName => "cohort-csv-line-family",
            Self::Email => "cohort-csv-line-email",
            Self::TooLong => "cohort-csv-line-long",
            Self::Unreadable => "cohort-csv-line-unreadable",
        }
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The person that it names.
    pub person: NewPerson,
    /// What is wrong with it.
    pub problems: Vec<LineProblem>,
}

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Its lines, empty ones left out.
    pub lines: Vec<Line>,
    /// Headers that are not used.
    pub ignored: Vec<String>,
}

/// Bytes to text: UTF-8 or UTF-16 with their mark, UTF-8 without, else Windows-1252 as spreadsheets write it.
pub fn decode(bytes: &[u8]) -> Result<String, RosterError> {
    if bytes.len() > MAX_BYTES {
        return Err(RosterError::TooLarge);
    }
    let (encoding, skip) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        None => (WINDOWS_1252, 0),
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
    // A workbook is a zip, and a zip has bytes that no list of names has.
    let wide = encoding == UTF_16BE || encoding == UTF_16LE;
    if text.contains('\0') || (!wide && bytes.starts_with(b"PK\x03\x04")) {
        return Err(RosterError::NotText);
    }
    Ok(text.into_owned())
}

/// Lower case without accents, case or punctuation: how headers and names are compared.
pub(super) fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Given,
    Family,
    Email,
    Organisation,
}

fn field(header: &str) -> Option<Field> {
    match fold(header).as_str() {
        "prenom" | "prenoms" | "firstname" | "givenname" | "forename" | "first" => {
            Some(Field::Given)
        }
        "nom" | "nomdefamille" | "nomusuel" | "nomdusage" | "lastname" | "familyname"
        | "surname" | "last" | "name" => Some(Field::Family),
        "email"
        | "mail"
        | "courriel"
        | "mel"
        | "adresseemail"
        | "adressemail"
        | "adressemel"
        | "adressecourriel"
        | "adresseelectronique"
        | "emailaddress"
        | "mailaddress" => Some(Field::Email),
        "structure" | "organisation" | "organization" | "organisme" | "employeur" | "employer"
        | "entreprise" | "association" | "company" | "etablissement" => Some(Field::Organisation),
        _ => None,
    }
}

/// The separator that the first line uses most, outside quotes.
fn separator(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b';', 0_u32), (b',', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some(count) = counts.iter_mut().find(|(sign, _)| *sign == byte && !quoted) {
            count.1 += 1;
        }
    }
    // The first of the greatest: the semicolon wins where nothing decides.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, n)| *n)
        .map_or(b';', |(sign, _)| *sign)
}

/// Text to lines. A line that is wrong is kept with what is wrong; only a list without usable header is refused.
pub fn parse(text: &str) -> Result<Roster, RosterError> {
    if text.len() > 4 * MAX_BYTES {
        return Err(RosterError::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(RosterError::Empty);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| RosterError::NoHeader)?.clone();
    let columns: Vec<Option<Field>> = headers.iter().map(field).collect();
    if !columns.contains(&Some(Field::Given)) || !columns.contains(&Some(Field::Family)) {
        return Err(RosterError::NoHeader);
    }
    let ignored = headers
        .iter()
        .zip(&columns)
        .filter(|(name, column)| column.is_none() && !name.is_empty());
    let mut roster = Roster {
        lines: Vec::new(),
        ignored: ignored.map(|(name, _)| clip(name)).collect(),
    };
    let mut numbers = Numbers {
        text,
        at: 0,
        line: 1,
    };
    for record in reader.records() {
        let line = match record {
            Ok(record) if record.iter().all(str::is_empty) => continue,
            Ok(record) => read_line(numbers.of(record.position()), &record, &columns),
            Err(error) => Line {
                number: numbers.of(error.position()),
                person: NewPerson::default(),
                problems: vec![LineProblem::Unreadable],
            },
        };
        if roster.lines.len() == MAX_LINES {
            return Err(RosterError::TooManyLines);
        }
        roster.lines.push(line);
    }
    if roster.lines.is_empty() {
        Err(RosterError::Empty)
    } else {
        Ok(roster)
    }
}

/// Numbers of lines as an editor shows them: the reader's own do not count what it skips.
struct Numbers<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Numbers<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(self.at, |p| p.byte() as usize);
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

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn read_line(number: u64, record: &csv::StringRecord, columns: &[Option<Field>]) -> Line {
    let value = |wanted: Field| {
        let found = columns
            .iter()
            .zip(record.iter())
            .find(|(c, value)| **c == Some(wanted) && !value.is_empty());
        // One line of text each: what a spreadsheet broke is put together again.
        found
            .map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|v| !v.is_empty())
    };
    let (given, family) = (value(Field::Given), value(Field::Family));
    let email = value(Field::Email).map(|email| email.trim_start_matches("mailto:").to_lowercase());
    let organisation = value(Field::Organisation);
    let mut problems = Vec::new();
    if given.as_deref().is_none_or(|name| fold(name).is_empty()) {
        problems.push(LineProblem::GivenName);
    }
    if family.as_deref().is_none_or(|name| fold(name).is_empty()) {
        problems.push(LineProblem::FamilyName);
    }
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        problems.push(LineProblem::Email);
    }
    let long = |value: &Option<String>| {
        value
            .as_ref()
            .is_some_and(|v| v.chars().count() > MAX_VALUE)
    };
    if [&given, &family, &email, &organisation]
        .into_iter()
        .any(long)
    {
        problems.push(LineProblem::TooLong);
    }
    Line {
        number,
        person: NewPerson {
            given_name: given.unwrap_or_default(),
            family_name: family.unwrap_or_default(),
            email,
            organisation,
        },
        problems,
    }
}

/// The list as it is sent back to be confirmed: UTF-8, semicolons, our own headers.
pub fn rewrite(roster: &Roster) -> Option<String> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    writer
        .write_record(["prenom", "nom", "email", "structure"])
        .ok()?;
    for line in &roster.lines {
        let person = &line.person;
        let email = person.email.as_deref().unwrap_or_default();
        let organisation = person.organisation.as_deref().unwrap_or_default();
        writer
            .write_record([
                person.given_name.as_str(),
                person.family_name.as_str(),
                email,
                organisation,
            ])
            .ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;

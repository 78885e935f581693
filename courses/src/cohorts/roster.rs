//! A list of people to enrol, pure: the rows of a table (`passerelle_text::table`) to lines. Nothing
//! panics whatever is read. What will happen to a line is in `fates`.

use passerelle_text::address;
use passerelle_text::columns::{self, Kind, is_header, of_headers};
use passerelle_text::fold::{fold, squeeze};
use passerelle_text::table::{self, Encoding, Limits, Refusal, Row, Table};
use passerelle_web::directory::NewPerson;
use serde::{Deserialize, Serialize};

/// Bytes at most in a list.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Lines at most in a list.
pub const MAX_LINES: usize = 1_000;
/// Characters at most in one value.
const MAX_VALUE: usize = 200;
/// What is read of a list.
pub const LIMITS: Limits = Limits {
    bytes: MAX_BYTES,
    rows: MAX_LINES + 1,
    columns: 60,
    inflated: 32 * 1024 * 1024,
};

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum LineProblem {
    /// No given name.
    GivenName,
    /// No family name.
    FamilyName,
    /// Nothing can be sent to its address; id of the message that says why.
    Email(&'static str),
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
            Self::Email(message) => message,
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
    /// A telephone and a date of birth: they tell people of one name apart, and are not kept.
    pub also: Vec<String>,
    /// Whether it says that they have left the group, as our own files do.
    pub has_left: bool,
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
    /// Headers that are known, and whose values are not kept.
    pub not_kept: Vec<String>,
    /// Name of the sheet that was read, when there were several.
    pub sheet: Option<String>,
    /// How its letters were written, when it was guessed.
    pub encoding: Option<Encoding>,
}

/// What the columns of a table are: by what its first row says, or by what a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Whether the first row names the columns.
    pub titled: bool,
    /// What each holds.
    pub kinds: Vec<Option<Kind>>,
}

impl Columns {
    /// By what the first row says; what addresses say where it names nothing.
    pub fn of(table: &Table) -> Self {
        let first = table.rows.first().map(|row| row.cells.as_slice());
        let first = first.unwrap_or_default();
        if is_header(first) {
            return Self {
                titled: true,
                kinds: of_headers(first),
            };
        }
        let width = table.rows.iter().map(|row| row.cells.len()).max();
        let mut kinds = vec![None; width.unwrap_or_default()];
        let has_address = |at: usize| {
            let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
            cells.any(|cell| cell.contains('@'))
        };
        if let Some(at) = (0..kinds.len()).find(|at| has_address(*at))
            && let Some(kind) = kinds.get_mut(at)
        {
            *kind = Some(Kind::Email);
        }
        Self {
            titled: false,
            kinds,
        }
    }

    /// Whether both names are among them.
    pub fn are_enough(&self) -> bool {
        [Kind::GivenName, Kind::FamilyName]
            .iter()
            .all(|kind| self.kinds.contains(&Some(*kind)))
    }
}

/// Reads a list: a file, or what was pasted.
///
/// # Errors
///
/// See [`Refusal`].
pub fn read(file: &[u8], pasted: &str) -> Result<Table, Refusal> {
    match file.is_empty() {
        true => table::from_text(pasted, LIMITS),
        false => table::read(file, LIMITS),
    }
}

/// Rows to lines. A line that is wrong is kept with what is wrong.
///
/// # Errors
///
/// There is no line.
pub fn parse(table: &Table, columns: &Columns) -> Result<Roster, Refusal> {
    let titles = table.rows.first().filter(|_| columns.titled);
    let titles = titles.map(|row| row.cells.as_slice()).unwrap_or_default();
    let named = |used: fn(Option<Kind>) -> bool| {
        let all = titles.iter().zip(&columns.kinds);
        let some = all.filter(|(name, kind)| !name.is_empty() && used(**kind));
        some.map(|(name, _)| clip(name)).collect()
    };
    let mut roster = Roster {
        lines: Vec::new(),
        ignored: named(|kind| !kind.is_some_and(is_used) && !kind.is_some_and(is_shown)),
        not_kept: named(|kind| kind.is_some_and(is_shown)),
        sheet: table.sheet.clone(),
        encoding: table.encoding,
    };
    let state = titles.iter().position(|name| is_state(name));
    for row in table.rows.iter().skip(usize::from(columns.titled)) {
        if roster.lines.len() == MAX_LINES {
            return Err(Refusal::TooMany);
        }
        roster.lines.push(line_of(row, columns, state));
    }
    match roster.lines.is_empty() {
        true => Err(Refusal::Empty),
        false => Ok(roster),
    }
}

fn is_used(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::GivenName | Kind::FamilyName | Kind::Email | Kind::Organisation
    )
}

/// Told beside a line, and not kept.
fn is_shown(kind: Kind) -> bool {
    matches!(kind, Kind::Phone | Kind::BirthDate)
}

/// Whether a column is that of our own files that says where people stand.
fn is_state(name: &str) -> bool {
    matches!(squeeze(name).as_str(), "etat" | "state" | "status")
}

/// Whether a word is that of our own files for who left, in any of our languages.
fn says_left(word: &str) -> bool {
    matches!(fold(word).as_str(), "parti·e" | "parti.e" | "left" | "gone")
}

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn line_of(row: &Row, columns: &Columns, state: Option<usize>) -> Line {
    let value = |wanted: Kind| {
        let cells = columns.kinds.iter().zip(&row.cells);
        let mut found = cells.filter(|(kind, _)| **kind == Some(wanted));
        found
            .next()
            .map(|(_, value)| wanted.tidy(value))
            .filter(|value| !value.is_empty())
    };
    let state = state.and_then(|at| row.cells.get(at));
    let kept = Kept {
        number: row.number,
        given: value(Kind::GivenName).unwrap_or_default(),
        family: value(Kind::FamilyName).unwrap_or_default(),
        email: value(Kind::Email),
        organisation: value(Kind::Organisation),
        also: [Kind::Phone, Kind::BirthDate]
            .into_iter()
            .filter_map(value)
            .collect(),
        has_left: state.is_some_and(|word| says_left(word)),
    };
    let mut line = kept.line();
    if !row.readable {
        line.problems = vec![LineProblem::Unreadable];
    }
    line
}

/// A line as it waits between two pages.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    number: u64,
    given: String,
    family: String,
    email: Option<String>,
    organisation: Option<String>,
    also: Vec<String>,
    has_left: bool,
}

impl Kept {
    /// Checked, whoever sends it back.
    fn line(self) -> Line {
        let tidy = |text: String| columns::line(&text);
        let (given_name, family_name) = (tidy(self.given), tidy(self.family));
        let organisation = self.organisation.map(tidy).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        if squeeze(&given_name).is_empty() {
            problems.push(LineProblem::GivenName);
        }
        if squeeze(&family_name).is_empty() {
            problems.push(LineProblem::FamilyName);
        }
        let email = self.email.filter(|text| !text.trim().is_empty());
        let email = email.map(|text| match address::read(&text) {
            Ok(address) => address.written.to_lowercase(),
            Err(problem) => {
                problems.push(LineProblem::Email(problem.message()));
                columns::line(&text)
            }
        });
        let long = |text: &str| text.chars().count() > MAX_VALUE;
        let texts = [Some(&given_name), Some(&family_name)];
        let others = [email.as_ref(), organisation.as_ref()];
        if texts.into_iter().chain(others).flatten().any(|t| long(t)) {
            problems.push(LineProblem::TooLong);
        }
        Line {
            number: self.number,
            person: NewPerson {
                given_name,
                family_name,
                email,
                organisation,
            },
            also: self.also,
            has_left: self.has_left,
            problems,
        }
    }
}

/// The list as it waits to be confirmed.
pub fn keep(roster: &Roster) -> Option<String> {
    let kept: Vec<Kept> = roster
        .lines
        .iter()
        .map(|line| Kept {
            number: line.number,
            given: line.person.given_name.clone(),
            family: line.person.family_name.clone(),
            email: line.person.email.clone(),
            organisation: line.person.organisation.clone(),
            also: line.also.clone(),
            has_left: line.has_left,
        })
        .collect();
    serde_json::to_string(&kept).ok()
}

/// From what [`keep`] wrote.
pub fn kept(text: &str) -> Option<Roster> {
    let kept: Vec<Kept> = serde_json::from_str(text).ok()?;
    let lines: Vec<Line> = kept.into_iter().take(MAX_LINES).map(Kept::line).collect();
    (!lines.is_empty()).then(|| Roster {
        lines,
        ..Roster::default()
    })
}

/// The rows of a table whose columns are asked for, as they wait for the answer.
pub fn keep_rows(table: &Table) -> Option<String> {
    let rows: Vec<(u64, &[String])> = table
        .rows
        .iter()
        .map(|row| (row.number, row.cells.as_slice()))
        .collect();
    serde_json::to_string(&rows).ok()
}

/// From what [`keep_rows`] wrote.
pub fn kept_rows(text: &str) -> Option<Table> {
    let rows: Vec<(u64, Vec<String>)> = serde_json::from_str(text).ok()?;
    let rows = rows
        .into_iter()
        .take(LIMITS.rows)
        .map(|(number, cells)| Row {
            number,
            cells: cells.into_iter().take(LIMITS.columns).collect(),
            readable: true,
        });
    Some(Table {
        rows: rows.collect(),
        ..Table::default()
    })
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;

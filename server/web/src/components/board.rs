//! The board of a cohort: a row a trainee, a column an activity, one sign and
//! one word a cell. Header and first column stay in view; every cell leads to
//! its detail, which opens beside.

use serde::Serialize;

use super::learning::{Progress, Status};
use super::listing::{Cell, Empty};

/// The whole board.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Board {
    /// Identifier in the page, unique.
    pub id: String,
    /// What the table shows.
    pub caption: String,
    /// Header of the first column.
    pub first: String,
    /// Header of the column of progress.
    pub progress_label: String,
    /// Header of the column of the last activity.
    pub last_label: String,
    /// Weeks above the columns; their spans add up to the columns.
    pub groups: Vec<BoardGroup>,
    /// The activities.
    pub columns: Vec<BoardColumn>,
    /// The trainees.
    pub rows: Vec<BoardRow>,
    /// What is said when there is no row.
    pub empty: Option<Empty>,
}

/// Columns that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct BoardGroup {
    /// The week.
    pub label: String,
    /// How many columns it covers.
    pub span: usize,
}

/// An activity.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BoardColumn {
    /// Its title.
    pub label: String,
    /// Its deadline, in short.
    pub note: Option<String>,
    /// Its own page.
    pub href: Option<String>,
}

/// A trainee.
#[derive(Debug, Clone, Serialize)]
pub struct BoardRow {
    /// Name, and where the row opens; the note says who never came.
    pub head: Cell,
    /// Progress against the expected pace.
    pub progress: Progress,
    /// Last activity, in words.
    pub last: Cell,
    /// One cell a column.
    pub cells: Vec<BoardCell>,
    /// Whether it is open beside.
    pub current: bool,
}

/// What a trainee did of an activity.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BoardCell {
    /// Sign and word.
    pub status: Status,
    /// Score or time, formatted.
    pub note: Option<String>,
    /// Where the detail opens.
    pub href: Option<String>,
    /// Whether it is open beside.
    pub current: bool,
}

impl BoardCell {
    /// A cell that opens there.
    pub fn new(status: Status, href: impl Into<String>) -> Self {
        Self {
            status,
            href: Some(href.into()),
            ..Self::default()
        }
    }
}

builders!(BoardCell {
    /// Adds a score or a time.
    note: opt,
});

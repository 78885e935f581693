//! Lists of things: tables, facts, timelines, what waits, people.

use serde::Serialize;

use super::action::Button;
use super::learning::Status;

/// Rows on a page of any list.
pub const PAGE_ROWS: u64 = 50;

/// How a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sorted {
    /// Smallest, oldest or first letter first.
    Ascending,
    /// The other way round.
    Descending,
}

/// A column of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Column {
    /// Its header.
    pub label: String,
    /// Address of the same list sorted by it.
    pub sort_href: Option<String>,
    /// How the list is sorted by it now.
    pub sorted: Option<Sorted>,
    /// Whether it holds numbers, aligned to the right.
    pub numeric: bool,
    /// Whether its header is heard and not seen, for a column of buttons.
    pub hidden: bool,
}

impl Column {
    /// A column of text.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Lets the list be sorted by it, and says how it is now.
    #[must_use]
    pub fn sortable(mut self, href: impl Into<String>, sorted: Option<Sorted>) -> Self {
        self.sort_href = Some(href.into());
        self.sorted = sorted;
        self
    }
}

builders!(Column {
    /// Aligns numbers to the right.
    numeric: flag,
    /// Hides the header from sight only.
    hidden: flag,
});

/// A cell: text, link, status and buttons, in that order, each optional.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Where the text leads.
    pub href: Option<String>,
    /// A second, smaller line.
    pub note: Option<String>,
    /// Whether it is a number.
    pub numeric: bool,
    /// A state, with its sign and word.
    pub status: Option<Status>,
    /// What can be done with the row.
    pub buttons: Vec<Button>,
}

impl Cell {
    /// Text alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Text that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            ..Self::text(text)
        }
    }

    /// A formatted number.
    pub fn number(text: impl Into<String>) -> Self {
        Self {
            numeric: true,
            ..Self::text(text)
        }
    }

    /// A state.
    pub fn status(status: Status) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// Buttons.
    pub fn buttons(buttons: impl IntoIterator<Item = Button>) -> Self {
        Self {
            buttons: buttons.into_iter().collect(),
            ..Self::default()
        }
    }
}

builders!(Cell {
    /// Adds a second, smaller line.
    note: opt,
});

/// A row. Its first cell is its header.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// The first cell.
    pub head: Cell,
    /// The other cells, one a column.
    pub cells: Vec<Cell>,
    /// Whether it is the one that is open beside, or just changed.
    pub current: bool,
}

impl Row {
    /// A row of these cells.
    pub fn new(head: Cell, cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            head,
            cells: cells.into_iter().collect(),
            current: false,
        }
    }
}

/// A table of data. Its header and first column stay in view.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    /// Identifier in the page, unique.
    pub id: String,
    /// What the table shows.
    pub caption: String,
    /// Whether the caption is heard and not seen.
    pub caption_hidden: bool,
    /// The columns, the first one included.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Totals, under the rows.
    pub foot: Option<Row>,
    /// What is said when there is no row.
    pub empty: Option<Empty>,
    /// Whether arrows move from cell to cell.
    pub keys: bool,
}

impl Table {
    /// A table with its columns.
    pub fn new(
        id: impl Into<String>,
        caption: impl Into<String>,
        columns: impl IntoIterator<Item = Column>,
    ) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            columns: columns.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Gives the rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// Gives the row of totals.
    #[must_use]
    pub fn foot(mut self, foot: Row) -> Self {
        self.foot = Some(foot);
        self
    }

    /// Says what will be here and how to begin, for when there is no row.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }
}

builders!(Table {
    /// Hides the caption from sight only, when the title above says it.
    caption_hidden: flag,
    /// Lets arrows move from cell to cell.
    keys: flag,
});

/// An empty place: what will be here, and how to begin.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Empty {
    /// What is not here yet.
    pub title: String,
    /// What will be, and what to do.
    pub text: String,
    /// The first step.
    pub button: Option<Button>,
    /// An icon above.
    pub icon: Option<String>,
}

impl Empty {
    /// An empty place.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// Offers the first step.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.button = Some(button);
        self
    }
}

builders!(Empty {
    /// Puts an icon above.
    icon: opt,
});

/// A term and what it is, in a definition list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Fact {
    /// The term.
    pub term: String,
    /// What it is.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// An icon beside the term.
    pub icon: Option<String>,
}

impl Fact {
    /// A term and what it is.
    pub fn new(term: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            text: text.into(),
            ..Self::default()
        }
    }
}

builders!(Fact {
    /// Makes it a link.
    href: opt,
    /// Puts an icon beside the term.
    icon: opt,
});

/// A definition list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    /// The facts, in order.
    pub items: Vec<Fact>,
    /// Whether they stand side by side where there is room.
    pub columns: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Event {
    /// When, formatted.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub machine_at: String,
    /// What happened.
    pub title: String,
    /// More about it.
    pub text: Option<String>,
    /// Where more is to be read.
    pub href: Option<String>,
    /// Icon on the line.
    pub icon: String,
}

/// What happened, latest or oldest first as the page says.
#[derive(Debug, Clone, Serialize)]
pub struct Timeline {
    /// What the list is, for screen readers.
    pub label: String,
    /// What happened.
    pub items: Vec<Event>,
}

/// One thing that waits for somebody, or one gap to fill.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WorkItem {
    /// Whom or what it is about.
    pub title: String,
    /// Where it is dealt with.
    pub href: String,
    /// Why it waits.
    pub why: String,
    /// For how long, formatted.
    pub since: Option<String>,
    /// How much it presses.
    pub status: Option<Status>,
}

/// What waits, most pressing first; or what is missing, each with its link.
#[derive(Debug, Clone, Serialize)]
pub struct Worklist {
    /// What the list is, for screen readers.
    pub label: String,
    /// What waits.
    pub items: Vec<WorkItem>,
    /// What is said when nothing waits.
    pub empty: Empty,
}

/// A person's account, as administrators see it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AccountCard {
    /// The person's name.
    pub name: String,
    /// Two letters shown in place of a picture.
    pub initials: String,
    /// What they sign in with.
    pub login: Option<String>,
    /// What they are in this space.
    pub roles: Vec<String>,
    /// State of the account.
    pub status: Option<Status>,
    /// The person's page.
    pub href: Option<String>,
    /// Last sign-in or the like, formatted.
    pub note: Option<String>,
    /// What can be done.
    pub buttons: Vec<Button>,
}

impl AccountCard {
    /// The account of that person; initials come from the name.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let mut words = name
            .split_whitespace()
            .filter_map(|word| word.chars().next());
        let initials = words
            .next()
            .into_iter()
            .chain(words.next_back())
            .collect::<String>();
        Self {
            initials: initials.to_uppercase(),
            name,
            ..Self::default()
        }
    }
}

builders!(AccountCard {
    /// Says what they sign in with.
    login: opt,
    /// Links the name to the person's page.
    href: opt,
    /// Adds a line.
    note: opt,
});

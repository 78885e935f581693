//! Parts of a page that say something: notices, the saved state, sheets to
//! print.

use serde::Serialize;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// What was asked is done.
    Success,
    /// Something waits or needs care.
    Warn,
    /// What was asked could not be done.
    Error,
}

/// A message in the page: a word, a sign and a sentence.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// A title, when the sentence is long.
    pub title: Option<String>,
    /// The sentence.
    pub text: String,
    /// Address of what to do next.
    pub href: Option<String>,
    /// What the link says.
    pub link: Option<String>,
}

impl Notice {
    /// A message of that kind.
    pub fn new(kind: NoticeKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            ..Self::default()
        }
    }

    /// Adds a link to what to do next.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some(label.into());
        self.href = Some(href.into());
        self
    }
}

builders!(Notice {
    /// Puts a title above the sentence.
    title: opt,
});

/// How far a saving is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SavedState {
    /// Acknowledged by the server.
    #[default]
    Saved,
    /// On its way.
    Saving,
    /// Kept on the reader's machine until the network is back.
    Waiting,
    /// Refused; what was typed is still there.
    Failed,
}

/// « Enregistré à 14 h 02 », in its place, announced without moving.
#[derive(Debug, Clone, Serialize)]
pub struct Saved {
    /// How far it is.
    pub state: SavedState,
    /// The time of the last saving, formatted; empty when there was none.
    pub at: String,
}

/// The head of a sheet made to be printed. Its body follows it in the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PrintSheet {
    /// The training body.
    pub organisation: String,
    /// What the sheet is.
    pub title: String,
    /// One line under the title: the action, its dates.
    pub lines: Vec<String>,
    /// What is said at the foot: reference, head of the journal.
    pub foot: Option<String>,
}

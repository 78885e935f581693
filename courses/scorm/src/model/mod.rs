//! The SCORM run-time data models: what a SCO may store, what it means, and
//! what the next launch gives back.
//!
//! Pure: no clock, no network, no database. The rules come from
//! `datamodel/datamodel.json`, which the adapter in the browser reads too;
//! both sides run the same vectors (`tests/vectors`). Not here: the manifest,
//! the states of the API (they live in the browser) and sequencing.
//!
//! Sources: SCORM 1.2 Run-Time Environment, section 3.4; SCORM 2004 4th
//! edition Run-Time Environment, section 4.

mod description;
mod launch;
mod lists;
mod place;
mod responses;
mod session;
mod span;
mod state;
mod summary;
mod values;
mod write;

pub use description::{DATAMODEL_JSON, error_text, served_datamodel};
pub use launch::{Launch, LmsComment, Mode, Previous, Store, launch_state};
pub use lists::{Interaction, Objective, interactions, objectives};
pub use session::{Ended, Ending, end_of_session, next_session};
pub use span::Span;
pub use state::{Limits, State};
pub use summary::{Completion, Exit, Success, Summary, ten_thousandths};
pub use write::{ElementError, apply};

use serde::{Deserialize, Serialize};

/// The version of the run-time that a package was made for. Packages of all
/// editions of SCORM 2004 use the data model of the 4th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standard {
    /// SCORM 1.2 (`API`, `LMSInitialize`…).
    #[serde(rename = "1.2")]
    Scorm12,
    /// SCORM 2004 (`API_1484_11`, `Initialize`…).
    #[serde(rename = "2004")]
    Scorm2004,
}

impl Standard {
    /// The name used in the launch data of the player: `1.2` or `2004`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scorm12 => "1.2",
            Self::Scorm2004 => "2004",
        }
    }
}

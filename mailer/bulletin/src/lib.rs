//! Bulletins: from blocks to the two parts of a mail, for one reader after another.
//!
//! Pure: no database, no page, no network. [`Bulletin::compose`] lays the blocks out once
//! (Handlebars into MJML, `mrml` into HTML, and the plain-text part beside it) and leaves what
//! differs from one reader to the next as variables; [`Press`] fills them in, thousands of times.
//! [`Bulletin::check`] says what would shame the sender.

mod block;
mod check;
mod compose;
mod press;
mod text;

pub use block::{Block, Kind, MAX_BLOCKS, MAX_LINE, MAX_TEXT};
pub use check::{Finding, Severity};
pub use compose::{Bulletin, ComposeError, Composed, Frame};
pub use press::{Press, PressError, Printed, Reader, VARIABLES, for_nobody};

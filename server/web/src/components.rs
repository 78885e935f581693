//! What the partials of `views/components` take: plain data, built in Rust.
//!
//! A component carries words that are already translated, links that are
//! already made and values that are already formatted; it knows no database,
//! no request and no rule. Every structure writes all its fields, empty ones
//! as `null`, because templates are rendered strictly. `views/dev/look.hbs`
//! shows each of them in all its states, from [`samples`].

/// Builder methods for the optional parts of a component.
macro_rules! builders {
    ($type:ty { $($(#[$doc:meta])* $name:ident: $kind:ident),* $(,)? }) => {
        impl $type {
            $(builders!(@one $(#[$doc])* $name $kind);)*
        }
    };
    (@one $(#[$doc:meta])* $name:ident opt) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<String>) -> Self {
            self.$name = Some($name.into());
            self
        }
    };
    (@one $(#[$doc:meta])* $name:ident text) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: impl Into<String>) -> Self {
            self.$name = $name.into();
            self
        }
    };
    (@one $(#[$doc:meta])* $name:ident flag) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self) -> Self {
            self.$name = true;
            self
        }
    };
}

mod action;
mod board;
mod chart;
mod form;
mod learning;
mod listing;
mod navigation;
mod page;
mod samples;
mod sending;

pub use action::{Button, ButtonKind, Confirm, Dialog, Hidden, Move, TypedName};
pub use board::{Board, BoardCell, BoardColumn, BoardGroup, BoardRow};
pub use chart::{Bar, BarKind, Chart, bar_chart, line_chart};
pub use form::{Choice, Field, FieldKind, Width};
pub use learning::{ActivityLine, CatalogueCard, ContactCard, Now, Progress, Status, Tone, Week};
pub use listing::{
    AccountCard, Cell, Column, Empty, Event, Fact, Facts, PAGE_ROWS, Row, Sorted, Table, Timeline,
    WorkItem, Worklist,
};
pub use navigation::{Chips, Crumb, Link, Pager, PagerItem, Step, Stepper, Tabs};
pub use page::{Notice, NoticeKind, PrintSheet, Saved, SavedState};
pub use samples::samples;
pub use sending::{ErrorItem, ErrorSummary, Search, Upload};

/// Text made safe inside HTML and attributes, for the few components drawn in
/// Rust. Templates escape by themselves.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;

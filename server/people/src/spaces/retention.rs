//! How long each class of data is kept, as the privacy notice says it.
//!
//! Durations are data with a version (`retention.json`), because they change
//! with the law and with the decisions of the training body; this module only
//! reads them. It erases nothing.

use std::sync::LazyLock;

use serde::Deserialize;

const SOURCE: &str = include_str!("retention.json");

/// What the notices say, in its current version.
#[derive(Clone, Debug, Deserialize)]
pub struct Retention {
    /// Local date of this version, `2026-11-01`.
    pub version: String,
    /// The declaration of accessibility.
    pub accessibility: Declaration,
    /// One line a class of data.
    pub classes: Vec<Class>,
}

/// What the declaration of accessibility is about.
#[derive(Clone, Debug, Deserialize)]
pub struct Declaration {
    /// Local date on which it was made.
    pub declared_on: String,
    /// Referential it is made against.
    pub referential: String,
}

/// How long one class of data is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Class {
    /// End of the ids of its messages.
    pub class: String,
    /// Unit of the duration.
    pub unit: Unit,
    /// Duration, in that unit.
    pub count: i64,
    /// What it runs from.
    pub from: String,
    /// What happens at the end.
    pub then: String,
    /// Legal basis.
    pub basis: String,
}

/// Unit of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Twenty-four hours.
    Day,
    /// Calendar month.
    Month,
    /// Calendar year.
    Year,
}

impl Unit {
    /// Id of the message that says a number of them.
    pub fn message(self) -> &'static str {
        match self {
            Self::Day => "privacy-days",
            Self::Month => "privacy-months",
            Self::Year => "privacy-years",
        }
    }
}

/// The current version; none when the file cannot be read, which a test refuses.
pub fn current() -> Option<&'static Retention> {
    static CURRENT: LazyLock<Option<Retention>> =
        LazyLock::new(|| serde_json::from_str(SOURCE).ok());
    CURRENT.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::{LINK_LIFETIME, SESSION_LIFETIME, THROTTLE_MEMORY};
    use passerelle_kernel::env::DAY;

    #[test]
    fn the_table_says_what_the_code_does() {
        let retention = current().expect("retention.json parses");
        let days = |class: &str| {
            let line = retention
                .classes
                .iter()
                .find(|c| c.class == class)
                .expect(class);
            assert_eq!(line.unit, Unit::Day);
            line.count * DAY
        };
        assert_eq!(days("session"), SESSION_LIFETIME);
        assert_eq!(days("link"), LINK_LIFETIME);
        assert_eq!(days("attempt"), THROTTLE_MEMORY);
    }

    #[test]
    fn dates_are_local_dates() {
        let retention = current().expect("retention.json parses");
        for date in [&retention.version, &retention.accessibility.declared_on] {
            assert!(date.parse::<jiff::civil::Date>().is_ok(), "{date}");
        }
    }
}

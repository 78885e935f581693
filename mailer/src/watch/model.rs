//! Feeds, items, and how often who wants to know of them is told. Pure.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use passerelle_kernel::env::HOUR;
use passerelle_kernel::{Micros, Uuid};

use passerelle_text::columns::Kind;
use passerelle_text::fold::fold;

use crate::audience::model::{Contact, words};

words! {
    /// Where an item stands.
    State {
        /// Nobody has looked at it.
        New = "new",
        /// Somebody thought it worth telling.
        Kept = "kept",
        /// Somebody did not.
        Dropped = "dropped",
    }
}

words! {
    /// How often somebody is told of what is new.
    Rhythm {
        /// Never.
        Never = "never",
        /// As soon as it is kept.
        AtOnce = "once",
        /// On Mondays.
        Weekly = "weekly",
        /// Every second Monday.
        Fortnightly = "fortnightly",
        /// On the first of the month.
        Monthly = "monthly",
    }
}

/// An alert that waits for something to happen, not for a day.
pub const WHENEVER: Micros = Micros::MAX;
/// The hour of the day at which alerts leave, by the space's clock.
const HOUR_OF_DAY: i8 = 8;

impl Rhythm {
    /// When the next alert is due after `now`; [`WHENEVER`] for one that waits for an item.
    pub fn next(self, now: Micros, zone: &TimeZone) -> Micros {
        let Ok(at) = Timestamp::from_microsecond(now) else {
            return WHENEVER;
        };
        let today = at.to_zoned(zone.clone()).date();
        let begins: fn(Date) -> bool = match self {
            Self::Never | Self::AtOnce => return WHENEVER,
            Self::Weekly => |day| day.weekday() == Weekday::Monday,
            Self::Fortnightly => {
                |day| day.weekday() == Weekday::Monday && day.iso_week_date().week() % 2 == 0
            }
            Self::Monthly => |day| day.day() == 1,
        };
        // Weeks 52, 53 and 1 may follow each other: never more than five weeks to a beginning.
        (0..36)
            .filter_map(|days| today.checked_add(jiff::Span::new().days(days)).ok())
            .filter(|day| begins(*day))
            .filter_map(|day| {
                day.to_datetime(time(HOUR_OF_DAY, 0, 0, 0))
                    .to_zoned(zone.clone())
                    .ok()
            })
            .map(|at| at.timestamp().as_microsecond())
            .find(|at| *at > now)
            .unwrap_or(WHENEVER)
    }
}

/// A feed that is followed.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is.
    pub space: Uuid,
    /// Its address.
    pub address: String,
    /// Its title, as it says it.
    pub title: String,
    /// What its server called its last version.
    pub etag: String,
    /// When its server said that it had last changed.
    pub modified: String,
    /// When it was last read.
    pub read_at: Option<Micros>,
    /// Readings in a row that failed.
    pub failures: i16,
    /// What went wrong the last time; empty for nothing.
    pub trouble: String,
    /// Entries of its last version that were passed over: without words, said twice, too many.
    pub unread: i32,
    /// Entries of it that are too old to be news.
    pub old: i32,
}

/// A feed is read every hour; one that fails, less and less often, down to once a day.
pub fn next_reading(now: Micros, failures: i16) -> Micros {
    now + (HOUR << failures.clamp(0, 5)).min(24 * HOUR)
}

/// Something worth telling, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Identifier.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Where it is read; may be empty for one entered by hand.
    pub link: String,
    /// What it says, in short.
    pub summary: String,
    /// Who says it.
    pub source: String,
    /// Departments that it is about; none for everywhere.
    pub departments: Vec<String>,
    /// Names of its themes.
    pub themes: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// When it was published, when that is known.
    pub published_at: Option<Micros>,
    /// When it was found.
    pub found_at: Micros,
    /// When it was kept.
    pub kept_at: Option<Micros>,
}

/// What somebody wants to be told of, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Who.
    pub contact: Uuid,
    /// How often.
    pub rhythm: Rhythm,
    /// Departments; none for all.
    pub departments: Vec<String>,
    /// Told of everything that was kept until then.
    pub since: Micros,
}

impl Alert {
    /// Whether it is to tell a contact of an item: one of their themes, one of their departments.
    pub fn wants(&self, contact: &Contact, item: &Item) -> bool {
        let share = |mine: &[String], its: &[String], key: fn(&String) -> String| {
            mine.iter()
                .any(|one| its.iter().any(|other| key(one) == key(other)))
        };
        let theme = |text: &String| fold(text);
        let department = |text: &String| fold(&Kind::Department.tidy(text));
        let everywhere = item.departments.is_empty() || self.departments.is_empty();
        item.kept_at.is_some_and(|at| at > self.since)
            && share(&contact.fields.themes, &item.themes, theme)
            && (everywhere || share(&self.departments, &item.departments, department))
    }
}

/// Departments written between commas: each once.
pub fn departments(text: &str) -> Vec<String> {
    let names = crate::audience::model::names(text).into_iter();
    names.map(|name| Kind::Department.tidy(&name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Micros {
        let zoned: jiff::Zoned = text.parse().expect("an instant");
        zoned.timestamp().as_microsecond()
    }

    #[test]
    fn alerts_leave_on_mondays_or_on_the_first_at_eight() {
        let zone = TimeZone::get("Europe/Paris").expect("a zone");
        let next = |rhythm: Rhythm, from: &str| rhythm.next(at(from), &zone);
        let friday = "2026-11-20T10:00[Europe/Paris]";
        assert_eq!(
            next(Rhythm::Weekly, friday),
            at("2026-11-23T08:00[Europe/Paris]")
        );
        assert_eq!(
            next(Rhythm::Fortnightly, friday),
            at("2026-11-23T08:00[Europe/Paris]")
        );
        assert_eq!(
            next(Rhythm::Monthly, friday),
            at("2026-12-01T08:00[Europe/Paris]")
        );
        assert_eq!(next(Rhythm::AtOnce, friday), WHENEVER);
        assert_eq!(next(Rhythm::Never, friday), WHENEVER);
        // On the day: before the hour it is today, at the hour it is the next time.
        assert_eq!(
            next(Rhythm::Weekly, "2026-11-23T07:59[Europe/Paris]"),
            at("2026-11-23T08:00[Europe/Paris]")
        );
        assert_eq!(
            next(Rhythm::Weekly, "2026-11-23T08:00[Europe/Paris]"),
            at("2026-11-30T08:00[Europe/Paris]")
        );
        assert_eq!(
            next(Rhythm::Fortnightly, "2026-11-23T08:00[Europe/Paris]"),
            at("2026-12-07T08:00[Europe/Paris]")
        );
        // Over the change of hour, it is eight again.
        assert_eq!(
            next(Rhythm::Weekly, "2027-03-27T12:00[Europe/Paris]"),
            at("2027-03-29T08:00[Europe/Paris]")
        );
        // Over a year of 53 weeks.
        assert!(
            next(Rhythm::Fortnightly, "2026-12-28T09:00[Europe/Paris]")
                < at("2027-01-20T00:00[Europe/Paris]")
        );
    }

    #[test]
    fn a_feed_that_fails_is_left_alone_longer_and_longer() {
        assert_eq!(next_reading(0, 0), HOUR);
        assert_eq!(next_reading(0, 3), 8 * HOUR);
        assert_eq!(next_reading(0, 30_000), 24 * HOUR);
    }

    #[test]
    fn an_alert_tells_of_ones_themes_and_departments_only() {
        let mut contact = Contact {
            id: Uuid::nil(),
            space: Uuid::nil(),
            fields: crate::audience::model::ContactFields {
                themes: vec!["Laïcité".into(), "fle".into()],
                ..Default::default()
            },
            status: crate::audience::model::Status::Enabled,
            person: None,
            created_at: 0,
        };
        let mut alert = Alert {
            contact: Uuid::nil(),
            rhythm: Rhythm::Weekly,
            departments: vec!["31".into()],
            since: 100,
        };
        let mut item = Item {
            id: Uuid::nil(),
            title: "Un guide".into(),
            link: String::new(),
            summary: String::new(),
            source: String::new(),
            departments: Vec::new(),
            themes: vec!["FLE".into()],
            state: State::Kept,
            published_at: None,
            found_at: 0,
            kept_at: Some(101),
        };
        assert!(alert.wants(&contact, &item));
        item.departments = vec!["81".into()];
        assert!(!alert.wants(&contact, &item));
        alert.departments.clear();
        assert!(alert.wants(&contact, &item));
        item.kept_at = Some(100);
        assert!(!alert.wants(&contact, &item), "told before");
        item.kept_at = Some(101);
        contact.fields.themes = vec!["numérique".into()];
        assert!(!alert.wants(&contact, &item));
    }
}

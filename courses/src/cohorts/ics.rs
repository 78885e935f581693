//! The calendar of a trainee as an iCalendar file (RFC 5545), to subscribe to or to download.
//!
//! Dates are whole local days (`VALUE=DATE`): no zone to misread, so a reader's
//! program in another zone shows the same day. Deadlines say their hour, and
//! whose hour it is, in words.
//!
//! What was once told is told again when it changes: every event has the
//! revision of its calendar (`SEQUENCE`, 3.8.7.4; `LAST-MODIFIED`, 3.8.7.3), and
//! what will not take place says so (`STATUS:CANCELLED`, 3.8.1.11) instead of
//! disappearing, which programs that imported a file never notice.

use icalendar::{Calendar, Component, Event, EventStatus, Parameter, Property};
use jiff::civil::Date;
use passerelle_kernel::Micros;
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_web::i18n::{Arg, Words};
use passerelle_web::{App, Lang};

use super::calendar::{CalendarError, parse_date};
use super::entity::{cohort, cohort_week, enrolment};
use super::error::CohortError;
use super::model::{CohortState, EnrolState};
use super::store;

/// What a calendar is made of.
pub(super) struct Source<'a> {
    /// The cohort.
    pub cohort: &'a cohort::Model,
    /// Its weeks.
    pub weeks: &'a [cohort_week::Model],
    /// Whose calendar it is; none for whoever manages the cohort.
    pub enrolment: Option<&'a enrolment::Model>,
    /// Where the course is opened.
    pub href: String,
}

impl Source<'_> {
    /// Whether nothing of it takes place, for them at least.
    fn is_cancelled(&self) -> bool {
        let active = |of: &enrolment::Model| of.state == EnrolState::Active.code();
        self.cohort.state == CohortState::Cancelled.code() || !self.enrolment.is_none_or(active)
    }

    /// How often it has changed since it was first told.
    fn sequence(&self) -> u32 {
        let own = self.enrolment.map_or(0, |of| of.calendar_sequence);
        let all = self.cohort.calendar_sequence.saturating_add(own);
        u32::try_from(all).unwrap_or(0)
    }

    fn changed_at(&self) -> Micros {
        let cohort = self.cohort;
        let own = self
            .enrolment
            .map(|of| of.calendar_changed_at.unwrap_or(of.enrolled_at));
        let all = cohort.calendar_changed_at.unwrap_or(cohort.created_at);
        own.map_or(all, |own| own.max(all))
    }
}

/// Address to which a trainee's calendar program subscribes; a secret of theirs.
pub fn calendar_address(app: &App, enrolment: &enrolment::Model) -> Option<String> {
    let token = enrolment.calendar_token.as_deref()?;
    Some(format!(
        "{}/calendrier/{token}.ics",
        app.settings().public_url
    ))
}

/// Whose hour a deadline is: « heure de Paris ».
pub fn zone_words(words: &Words, lang: Lang, zone: &str) -> String {
    let id = format!("cohort-zone-{}", zone.to_lowercase().replace('/', "-"));
    let known = zone
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b))
        && words.has(lang, &id);
    if known {
        words.text(lang, &id)
    } else {
        words.with(lang, "cohort-zone-other", &[("zone", zone.into())])
    }
}

/// The calendar of one enrolment; one statement.
pub(super) async fn of_enrolment<C: ConnectionTrait>(
    conn: &C,
    app: &App,
    lang: Lang,
    cohort: &cohort::Model,
    enrolment: &enrolment::Model,
) -> Result<String, CohortError> {
    let weeks = store::weeks_of(conn, cohort.id).await?;
    let href = format!("{}/formation/{}", app.settings().public_url, enrolment.id);
    let source = Source {
        cohort,
        weeks: &weeks,
        enrolment: Some(enrolment),
        href,
    };
    write(&source, app.words(), lang, app.env().now())
}

/// Writes the calendar; the same but for its stamp whenever it is asked.
pub(super) fn write(
    source: &Source<'_>,
    words: &Words,
    lang: Lang,
    now: Micros,
) -> Result<String, CohortError> {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Passerelle//FR"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    for name in ["NAME", "X-WR-CALNAME"] {
        calendar.append_property(text(name, &source.cohort.title));
    }
    calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT12H"));
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", "PT12H")
            .append_parameter(Parameter::new("VALUE", "DURATION"))
            .done(),
    );
    let stamp = instant(now);
    let gone = source.is_cancelled();
    let of = source.cohort.id;
    let uid = |rank: i32, what: &str| format!("{of}-{rank}-{what}@passerelle");
    let zone = zone_words(words, lang, &source.cohort.zone);
    let titles = |rank: i32, title: &str| {
        let args = [
            ("number", Arg::from(rank)),
            ("title", Arg::from(title)),
            ("zone", Arg::from(zone.as_str())),
        ];
        ["cohort-ics-week", "cohort-ics-due"].map(|id| words.with(lang, id, &args))
    };
    let mut one = |uid: String, title: &str, first: Date, last: Date, gone: bool| {
        let event = event(source, &stamp, &uid, title, (first, last), gone);
        event.map(|event| {
            calendar.push(event);
        })
    };
    for week in source.weeks {
        let [open, due] = titles(week.rank, &week.title);
        let (opens, last) = (parse_date(&week.opens_on)?, parse_date(&week.due_on)?);
        one(uid(week.rank, "week"), &open, opens, last, gone)?;
        one(uid(week.rank, "due"), &due, last, last, gone)?;
    }
    // Weeks that the course had when the calendar was first read, and has no more.
    let end = parse_date(&source.cohort.end_date)?;
    let weeks = i32::try_from(source.weeks.len()).unwrap_or(i32::MAX);
    for rank in weeks.saturating_add(1)..=source.cohort.calendar_weeks {
        let [open, due] = titles(rank, "");
        one(uid(rank, "week"), &open, end, end, true)?;
        one(uid(rank, "due"), &due, end, end, true)?;
    }
    if let Some(enrolment) = source.enrolment {
        let until = enrolment
            .extended_to
            .as_deref()
            .map(parse_date)
            .transpose()?;
        // One that was taken back is told as cancelled; of one that never was, nothing is said.
        if until.is_some() || enrolment.told_extension {
            let day = until.unwrap_or(end);
            let title = words.text(lang, "cohort-ics-extended");
            let uid = format!("{of}-extended@passerelle");
            one(uid, &title, day, day, gone || until.is_none())?;
        }
    }
    Ok(calendar.to_string())
}

/// `20261123T000000Z`.
fn instant(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at)
        .unwrap_or_default()
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string()
}

/// A property whose value somebody typed. `VALUE=TEXT` makes the library escape it, whatever the
/// property (3.3.11); what no value may hold (3.1: control characters, line breaks that would begin
/// another line) is a space here.
fn text(name: &str, value: &str) -> Property {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let parts: Vec<&str> = value
        .split(breaks)
        .filter(|part| !part.is_empty())
        .collect();
    let mut property = Property::new(name, parts.join(" "));
    property.append_parameter(Parameter::new("VALUE", "TEXT"));
    property.done()
}

fn event(
    source: &Source<'_>,
    stamp: &str,
    uid: &str,
    title: &str,
    (first, last): (Date, Date),
    gone: bool,
) -> Result<Event, CohortError> {
    // The end of a day event is the first day that it does not cover.
    let after = last.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
    let day = |name: &str, date: Date| {
        Property::new(name, date.strftime("%Y%m%d").to_string())
            .append_parameter(Parameter::new("VALUE", "DATE"))
            .done()
    };
    let mut event = Event::new();
    event
        .uid(uid)
        .add_property("DTSTAMP", stamp)
        .add_property("LAST-MODIFIED", instant(source.changed_at()))
        .sequence(source.sequence())
        .append_property(day("DTSTART", first))
        .append_property(day("DTEND", after))
        .append_property(text("SUMMARY", title))
        .url(&source.href)
        .status(if gone {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        })
        // Whole days of a course must not make somebody look busy.
        .add_property("TRANSP", "TRANSPARENT");
    Ok(event.done())
}

//! The calendar of a trainee as an iCalendar file (RFC 5545), to subscribe to or to download.
//!
//! Dates are whole local days (`VALUE=DATE`): no zone to misread, so a reader's
//! program in another zone shows the same day. Deadlines say their hour in words.

use icalendar::{Calendar, Component, Event, Parameter, Property};
use jiff::civil::Date;
use passerelle_kernel::Micros;
use passerelle_kernel::sea_orm::ConnectionTrait;
use passerelle_web::i18n::{Arg, Words};
use passerelle_web::{App, Lang};

use super::calendar::parse_date;
use super::entity::{cohort, cohort_week, enrolment};
use super::error::CohortError;
use super::store;

/// What a calendar is made of.
pub(super) struct Source<'a> {
    /// The cohort.
    pub cohort: &'a cohort::Model,
    /// Its weeks.
    pub weeks: &'a [cohort_week::Model],
    /// The date until which this trainee has, when it is another one.
    pub extended_to: Option<&'a str>,
    /// Where the course is opened.
    pub href: String,
}

/// Address to which a trainee's calendar program subscribes; a secret of theirs.
pub fn calendar_address(app: &App, enrolment: &enrolment::Model) -> Option<String> {
    let token = enrolment.calendar_token.as_deref()?;
    Some(format!(
        "{}/calendrier/{token}.ics",
        app.settings().public_url
    ))
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
        extended_to: enrolment.extended_to.as_deref(),
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
    calendar.name(&source.cohort.title);
    calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT12H"));
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", "PT12H")
            .append_parameter(Parameter::new("VALUE", "DURATION"))
            .done(),
    );
    let stamp = jiff::Timestamp::from_microsecond(now)
        .unwrap_or_default()
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string();
    let one = |uid: String, title: String, first: Date, last: Date| {
        event(source, &stamp, &uid, &title, first, last)
    };
    for week in source.weeks {
        let number = ("number", Arg::from(week.rank));
        let title = ("title", Arg::from(week.title.as_str()));
        let (opens, due) = (parse_date(&week.opens_on)?, parse_date(&week.due_on)?);
        let uid = |what: &str| format!("{}-{}-{what}@passerelle", source.cohort.id, week.rank);
        let open = words.with(lang, "cohort-ics-week", &[number.clone(), title.clone()]);
        calendar.push(one(uid("week"), open, opens, due)?);
        calendar.push(one(
            uid("due"),
            words.with(lang, "cohort-ics-due", &[number, title]),
            due,
            due,
        )?);
    }
    if let Some(to) = source.extended_to {
        let day = parse_date(to)?;
        let uid = format!("{}-extended@passerelle", source.cohort.id);
        calendar.push(one(uid, words.text(lang, "cohort-ics-extended"), day, day)?);
    }
    Ok(calendar.to_string())
}

fn event(
    source: &Source<'_>,
    stamp: &str,
    uid: &str,
    title: &str,
    first: Date,
    last: Date,
) -> Result<Event, CohortError> {
    // The end of a day event is the first day that it does not cover.
    let after = last
        .tomorrow()
        .map_err(|_| super::calendar::CalendarError::OutOfRange)?;
    let day = |name: &str, date: Date| {
        Property::new(name, date.strftime("%Y%m%d").to_string())
            .append_parameter(Parameter::new("VALUE", "DATE"))
            .done()
    };
    let mut event = Event::new();
    event
        .uid(uid)
        .add_property("DTSTAMP", stamp)
        .append_property(day("DTSTART", first))
        .append_property(day("DTEND", after))
        .summary(title)
        .url(&source.href)
        // Whole days of a course must not make somebody look busy.
        .add_property("TRANSP", "TRANSPARENT");
    Ok(event.done())
}

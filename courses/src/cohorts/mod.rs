//! Cohorts: dates, capacity, tutors, enrolments, joining instructions.
//!
//! A cohort copies the plan of its course with dates ([`calendar`]) and freezes
//! it as it starts. What trainees do is in `progress` and `tracking`; who is
//! late is shown by `tutoring`; hours and certificates are in `certification`.

mod access;
pub mod calendar;
mod commands;
mod convening;
mod enrolling;
mod entity;
mod error;
mod fates;
mod ics;
mod import;
mod jobs;
mod joining;
mod model;
mod moving;
mod plan;
mod queries;
mod roster;
mod store;
#[cfg(test)]
mod tests;
mod time;
mod web;
mod within;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use passerelle_kernel::jobs::JobEntry;
use passerelle_kernel::journal::FactKind;
use passerelle_kernel::{Registry, Uuid, WriteTx};
use passerelle_web::app::OnStart;
use passerelle_web::directory::{Renamed, RenamedEntry};
use sea_orm::DbErr;

pub use access::ReadCohort;
pub use calendar::{Deadlines, PaceWeek, WeekDates, cohort_calendar};
pub use commands::{
    CohortSettings, NewCohort, assign_tutor, cancel_cohort, change_cohort, close_link,
    cohort_create, open_link, remove_tutor, restore_cohort,
};
pub use convening::{Convened, convene};
pub use enrolling::{EnrolResult, enrol, enrol_all, extend, leave, seat_first_waiting, undo_leave};
pub use entity::{cohort, cohort_activity, cohort_tutor, cohort_week, enrolment};
pub use error::CohortError;
pub use ics::{calendar_address, zone_words};
pub use jobs::freeze_due;
pub use model::{CohortState, EnrolState, LeaveCause, MAX_CAPACITY, Places, Source};
pub use moving::move_to;
pub use plan::sync_plan_of_course;
pub use store::{
    activities_of, course_titles, deadlines, deadlines_of, enrolment_in_cohort, enrolment_of,
    enrolments_of, find_cohort, find_enrolment, open_cohorts, places_of, places_of_persons,
    tutors_of, weeks_of, with_enrolment,
};
pub use time::{GroupTime, Term, last_day};
pub use web::dates;

/// A cohort was opened.
pub const CREATED: &str = "cohort.created.v1";
/// Settings, tutors or link of a cohort changed.
pub const CHANGED: &str = "cohort.changed.v1";
/// A cohort started: its plan is frozen and written there.
pub const STARTED: &str = "cohort.started.v1";
/// The last day of a cohort is over.
pub const ENDED: &str = "cohort.ended.v1";
/// A person got a place.
pub const ENROLLED: &str = "enrolment.created.v1";
/// A person was put on the waiting list.
pub const WAITLISTED: &str = "enrolment.waitlisted.v1";
/// A person left, with a cause.
pub const LEFT: &str = "enrolment.left.v1";
/// A departure was undone.
pub const RETURNED: &str = "enrolment.returned.v1";
/// A person moved from another cohort of the course.
pub const MOVED: &str = "enrolment.moved.v1";
/// A person has until another date.
pub const EXTENDED: &str = "enrolment.extended.v1";
/// Joining instructions were sent to a person.
pub const CONVENED: &str = "enrolment.convened.v1";

/// Answering delay announced when nobody says otherwise, hours.
pub const ANSWER_HOURS: i32 = 72;

/// Opening day of a week of a cohort.
pub fn open_on(week: &cohort_week::Model) -> Option<Date> {
    week.opens_on.parse().ok()
}

/// Last day of a week of a cohort.
pub fn due_on(week: &cohort_week::Model) -> Option<Date> {
    week.due_on.parse().ok()
}

/// Adds what this slice brings.
pub fn register(r: &mut Registry) {
    for kind in [
        CREATED, CHANGED, STARTED, ENDED, ENROLLED, WAITLISTED, LEFT, RETURNED, MOVED, EXTENDED,
        CONVENED,
    ] {
        r.add(FactKind(kind));
    }
    r.add(JobEntry {
        kind: jobs::TURN,
        handler: Arc::new(jobs::Turn),
    })
    .add(RenamedEntry(Arc::new(SortNames)))
    .add(within::GROUP)
    .add(OnStart(|app| app.provide(joining::Throttle::default())))
    .add(web::routes())
    .add(web::nav());
}

/// Keeps the name by which boards sort.
struct SortNames;

#[async_trait]
impl Renamed for SortNames {
    async fn renamed(&self, tx: &WriteTx, person: Uuid) -> Result<(), DbErr> {
        store::renamed(tx, person).await
    }
}

//! What has happened: a cohort in its second week, one that has ended, one to come.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use passerelle_courses::automations;
use passerelle_courses::cohorts::{
    self, NewCohort, Source, assign_tutor, cohort_create, enrol_all, freeze_due,
};
use passerelle_courses::progress::model::{Seen, Success};
use passerelle_courses::progress::{self, Observation};
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_kernel::journal::Actor;
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::app::App;
use passerelle_web::{Allowed, AppError};

use super::people::{ACTOR, Cast};
use crate::host::HostError;

/// Plays the scene.
pub(super) async fn play(app: &App, cast: &Cast, courses: &[Uuid]) -> Result<(), HostError> {
    let today = jiff::Timestamp::from_microsecond(app.env().now())
        .map_err(HostError::doing("demo date"))?
        .to_zoned(TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC))
        .date();
    let monday = today
        .checked_sub(i32::from(today.weekday().since(Weekday::Monday)).days())
        .unwrap_or(today);
    let (Some(&first), Some(&second)) = (courses.first(), courses.get(1)) else {
        return Ok(());
    };
    let running = cohort(
        app,
        cast,
        first,
        "Automne, groupe 1",
        monday,
        -1,
        &cast.trainees,
    )
    .await?;
    let ended = cohort(
        app,
        cast,
        second,
        "Rentrée",
        monday,
        -6,
        cast.trainees.get(..9).unwrap_or_default(),
    )
    .await?;
    cohort(
        app,
        cast,
        second,
        "Hiver",
        monday,
        3,
        cast.trainees.get(9..13).unwrap_or_default(),
    )
    .await?;
    let tx = app
        .db()
        .write()
        .await
        .map_err(HostError::doing("demo scene"))?;
    freeze_due(&tx, app.env().now())
        .await
        .map_err(HostError::doing("demo scene"))?;
    freeze_due(&tx, app.env().now())
        .await
        .map_err(HostError::doing("demo scene"))?;
    tx.commit().await.map_err(HostError::doing("demo scene"))?;
    work(app, running, 6, 5 * DAY, 9 * HOUR, true).await?;
    // From the day after its first one on, within its four weeks: what comes later counts no more.
    let begun = 41 + i64::from(today.weekday().since(Weekday::Monday));
    work(app, ended, 12, begun * DAY, 48 * HOUR, false).await?;
    messages(app)
        .await
        .map_err(HostError::doing("messages of the demonstration"))
}

/// The ready-made messages, those that need no address on.
async fn messages(app: &App) -> Result<(), AppError> {
    let space = app.directory().space_by_slug(app.db(), "accueil").await?;
    let space = space.ok_or(AppError::NotFound)?;
    let tx = app.db().write().await?;
    automations::begin(&tx, &Allowed::system("demonstration", space), true).await?;
    Ok(tx.commit().await?)
}

async fn cohort(
    app: &App,
    cast: &Cast,
    course: Uuid,
    title: &str,
    monday: Date,
    weeks: i32,
    trainees: &[Uuid],
) -> Result<Uuid, HostError> {
    let tx = app
        .db()
        .write()
        .await
        .map_err(HostError::doing("demo cohort"))?;
    let new = NewCohort {
        space: cast.space,
        course,
        title: title.to_owned(),
        start: monday.checked_add(weeks.weeks()).unwrap_or(monday),
        zone: "Europe/Paris".to_owned(),
        capacity: 20,
        answer_hours: Some(72),
        actor: Actor::Person(cast.manager),
    };
    let id = cohort_create(&tx, new)
        .await
        .map_err(HostError::doing("demo cohort"))?;
    for tutor in &cast.tutors {
        assign_tutor(&tx, id, *tutor, ACTOR)
            .await
            .map_err(HostError::doing("demo tutors"))?;
    }
    enrol_all(&tx, id, trainees, Source::System, ACTOR)
        .await
        .map_err(HostError::doing("demo enrolments"))?;
    tx.commit().await.map_err(HostError::doing("demo cohort"))?;
    Ok(id)
}

/// Everybody at their own pace: from those who have done all to one who never came.
async fn work(
    app: &App,
    cohort: Uuid,
    most: usize,
    since: i64,
    step: i64,
    one_never_came: bool,
) -> Result<(), HostError> {
    let plan = cohorts::activities_of(app.db().read(), cohort)
        .await
        .map_err(HostError::doing("demo work"))?;
    let of = cohorts::find_cohort(app.db().read(), cohort)
        .await
        .map_err(HostError::doing("demo work"))?;
    let Some(of) = of else { return Ok(()) };
    let enrolments = cohorts::enrolments_of(app.db().read(), &of)
        .await
        .map_err(HostError::doing("demo work"))?;
    for (n, enrolment) in enrolments.iter().enumerate() {
        if one_never_came && n % 7 == 6 {
            continue;
        }
        // The trainee of the sign-in page is in the middle of the second week.
        let done = if n == 0 {
            most.min(4)
        } else {
            most.saturating_sub(n * 3 % 8)
        };
        let tx = app
            .db()
            .write()
            .await
            .map_err(HostError::doing("demo work"))?;
        for (k, activity) in plan.iter().take(done).enumerate() {
            let at = app.env().now() - since + (k as i64) * step + (n as i64) * 7 * MINUTE;
            let at = at.min(app.env().now() - HOUR);
            let module = activity.kind == "scorm";
            one(
                &tx,
                enrolment,
                activity.activity_id,
                module.then_some((n + k) as i32),
                at,
            )
            .await?;
        }
        tx.commit().await.map_err(HostError::doing("demo work"))?;
    }
    Ok(())
}

async fn one(
    tx: &WriteTx,
    of: &cohorts::enrolment::Model,
    activity: Uuid,
    module: Option<i32>,
    at: i64,
) -> Result<(), HostError> {
    let seen = Seen {
        viewed: true,
        completed: true,
        success: module.map(|_| Success::Passed),
        score: module.map(|n| 6_000 + n * 700 % 4_001),
        declared: true,
    };
    let seconds = module.map_or(0, |n| i64::from(600 + n * 137 % 2_400));
    let observation = Observation {
        enrolment: of.id,
        activity,
        seen,
        seconds,
        at,
    };
    progress::record(tx, Actor::Person(of.person_id), observation)
        .await
        .map_err(HostError::doing("demo work"))?;
    Ok(())
}

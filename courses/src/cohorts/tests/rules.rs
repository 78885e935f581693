use passerelle_kernel::env::DAY;
use sea_orm::ConnectionTrait;

use super::super::calendar::late_from;
use super::super::error::CohortError;
use super::super::model::{CohortState, LeaveCause};
use super::super::{
    CohortSettings, change_cohort, extend, freeze_due, leave, move_to, seat_first_waiting,
    sync_plan_of_course, undo_leave,
};
use super::*;
use crate::progress::model::Seen;
use crate::progress::{Observation, record};

async fn see(stage: &Stage, enrolment: Uuid, activity: Uuid) {
    let tx = stage.app.db().write().await.expect("a write");
    let seen = Seen {
        viewed: true,
        ..Seen::default()
    };
    let seen = Observation {
        enrolment,
        activity,
        seen,
        seconds: 60,
        at: stage.app.env().now(),
    };
    record(&tx, Actor::System("test"), seen)
        .await
        .expect("recorded");
    tx.commit().await.expect("committed");
}

async fn set_minutes(stage: &Stage, minutes: i32) {
    let tx = stage.app.db().write().await.expect("a write");
    let sql = "UPDATE activity SET minutes = $1 WHERE id = $2";
    tx.execute_raw(statement(
        &*tx,
        sql,
        [minutes.into(), stage.activities[0].into()],
    ))
    .await
    .expect("changed");
    sync_plan_of_course(&tx, stage.course)
        .await
        .expect("synchronised");
    tx.commit().await.expect("committed");
}

async fn first_minutes(stage: &Stage, cohort: Uuid) -> i32 {
    store::activities_of(stage.app.db().read(), cohort)
        .await
        .expect("a query")[0]
        .minutes
}

#[tokio::test]
async fn one_start_date_yields_the_dates_and_the_plan_of_the_course() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    let row = stage.row(id).await;
    assert_eq!(
        (row.start_date.as_str(), row.end_date.as_str()),
        ("2026-11-23", "2026-12-13")
    );
    assert_eq!(
        (row.title.as_str(), row.answer_hours),
        ("Écrire à l’âge adulte", 48)
    );
    // The sheet does not tell the duration: needed activities add up, the optional one does not count.
    assert_eq!(row.agreed_minutes, 160);
    let weeks = store::weeks_of(stage.app.db().read(), id)
        .await
        .expect("a query");
    let dates: Vec<_> = weeks
        .iter()
        .map(|w| (w.rank, w.opens_on.as_str(), w.due_on.as_str()))
        .collect();
    assert_eq!(
        dates,
        [
            (1, "2026-11-23", "2026-11-29"),
            (2, "2026-11-30", "2026-12-06"),
            (3, "2026-12-07", "2026-12-13")
        ]
    );
    let pace = store::deadlines_of(stage.app.db().read(), &row)
        .await
        .expect("deadlines");
    assert_eq!(pace.expected_minutes(date(2026, 12, 7)), 120);
    assert_eq!(pace.expected_share(date(2026, 12, 14)), 10_000);
    assert_eq!(stage.facts().await, ["cohort.created.v1"]);
}

#[tokio::test]
async fn a_cohort_starts_and_ends_at_its_local_dates_by_jobs() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    let zone = zone_named(PARIS);
    stage.clock.set(begins_at(START, &zone) - 1);
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "planned");
    stage.clock.set(begins_at(START, &zone));
    stage.run_jobs().await;
    let row = stage.row(id).await;
    assert_eq!(
        (row.state.as_str(), row.frozen_at),
        ("running", Some(begins_at(START, &zone)))
    );
    stage.clock.set(late_from(date(2026, 12, 13), &zone) - 1);
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "running");
    stage.clock.set(late_from(date(2026, 12, 13), &zone));
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "ended");
    assert_eq!(
        stage.facts().await,
        ["cohort.created.v1", "cohort.started.v1", "cohort.ended.v1"]
    );
}

#[tokio::test]
async fn a_cohort_entered_late_starts_at_once_and_a_changed_estimate_never_alters_it() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    set_minutes(&stage, 55).await;
    assert_eq!(
        (
            first_minutes(&stage, id).await,
            stage.row(id).await.agreed_minutes
        ),
        (55, 175)
    );
    stage
        .clock
        .set(begins_at(START, &zone_named(PARIS)) + 9 * DAY);
    let tx = stage.app.db().write().await.expect("a write");
    assert_eq!(freeze_due(&tx, tx.env().now()).await.expect("frozen"), 1);
    assert_eq!(freeze_due(&tx, tx.env().now()).await.expect("frozen"), 0);
    tx.commit().await.expect("committed");
    set_minutes(&stage, 90).await;
    assert_eq!(
        (
            first_minutes(&stage, id).await,
            stage.row(id).await.agreed_minutes
        ),
        (55, 175)
    );
}

#[tokio::test]
async fn a_new_start_date_moves_everything_until_the_cohort_has_started() {
    let stage = Stage::new().await;
    let id = stage.cohort(5).await;
    let settings = |start, capacity| CohortSettings {
        title: "Groupe du soir".into(),
        start,
        capacity,
        answer_hours: 24,
    };
    let tx = stage.app.db().write().await.expect("a write");
    change_cohort(
        &tx,
        &stage.managing(id).await,
        &settings(date(2026, 11, 26), 6),
    )
    .await
    .expect("changed");
    tx.commit().await.expect("committed");
    let row = stage.row(id).await;
    assert_eq!(
        (row.start_date.as_str(), row.end_date.as_str(), row.capacity),
        ("2026-11-26", "2026-12-16", 6)
    );
    // The job of the first date finds nothing to do.
    stage.clock.set(begins_at(START, &zone_named(PARIS)));
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "planned");
    stage
        .clock
        .set(begins_at(date(2026, 11, 26), &zone_named(PARIS)));
    stage.run_jobs().await;
    assert_eq!(stage.row(id).await.state, "running");
    let tx = stage.app.db().write().await.expect("a write");
    let refused = change_cohort(
        &tx,
        &stage.managing(id).await,
        &settings(date(2026, 12, 1), 6),
    )
    .await;
    assert!(matches!(refused, Err(CohortError::Started)));
}

#[tokio::test]
async fn a_full_cohort_puts_the_next_person_on_the_waiting_list_until_a_place_is_free() {
    let stage = Stage::new().await;
    let id = stage.cohort(1).await;
    let [first, second, third] = ["Ada", "Bao", "Cléo"];
    let first = stage.enrol(id, stage.person(first).await).await;
    let second = stage.enrol(id, stage.person(second).await).await;
    let third = stage.enrol(id, stage.person(third).await).await;
    assert!(matches!(
        (first, second, third),
        (
            EnrolResult::Active(_),
            EnrolResult::Waiting(_),
            EnrolResult::Waiting(_)
        )
    ));
    let again = stage
        .enrol(id, stage.enrolment(second.id()).await.person_id)
        .await;
    assert_eq!(again, EnrolResult::Already(second.id()));

    let tx = stage.app.db().write().await.expect("a write");
    assert!(matches!(
        seat_first_waiting(&tx, &stage.managing(id).await).await,
        Err(CohortError::Full)
    ));
    leave(
        &tx,
        &stage.managing_one(first.id()).await,
        LeaveCause::Work,
        Some("Un emploi"),
    )
    .await
    .expect("left");
    let seated = seat_first_waiting(&tx, &stage.managing(id).await)
        .await
        .expect("seated")
        .expect("somebody");
    assert_eq!(seated.id, second.id());
    tx.commit().await.expect("committed");
    assert_eq!(stage.enrolment(second.id()).await.state, "active");
    assert_eq!(stage.enrolment(third.id()).await.state, "waiting");
    let left = stage.enrolment(first.id()).await;
    assert_eq!(
        (left.left_cause.as_deref(), left.left_note.as_deref()),
        (Some("work"), Some("Un emploi"))
    );
    let kinds = stage.facts().await;
    assert_eq!(
        &kinds[1..],
        [
            "enrolment.created.v1",
            "enrolment.waitlisted.v1",
            "enrolment.waitlisted.v1",
            "enrolment.left.v1",
            "enrolment.created.v1",
        ]
    );

    // The place is taken: the departure can no longer be undone.
    let tx = stage.app.db().write().await.expect("a write");
    assert!(matches!(
        undo_leave(&tx, &stage.managing_one(first.id()).await).await,
        Err(CohortError::Full)
    ));
}

#[tokio::test]
async fn leaving_can_be_undone_and_coming_back_keeps_the_same_enrolment() {
    let stage = Stage::new().await;
    let id = stage.cohort(3).await;
    let person = stage.person("Ada").await;
    let enrolled = stage.enrol(id, person).await.id();
    see(&stage, enrolled, stage.activities[0]).await;
    for by_hand in [false, true] {
        let tx = stage.app.db().write().await.expect("a write");
        leave(
            &tx,
            &stage.managing_one(enrolled).await,
            LeaveCause::NoNews,
            None,
        )
        .await
        .expect("left");
        tx.commit().await.expect("committed");
        if by_hand {
            assert_eq!(stage.enrol(id, person).await, EnrolResult::Active(enrolled));
        } else {
            let tx = stage.app.db().write().await.expect("a write");
            undo_leave(&tx, &stage.managing_one(enrolled).await)
                .await
                .expect("undone");
            tx.commit().await.expect("committed");
        }
        let row = stage.enrolment(enrolled).await;
        assert_eq!(
            (row.state.as_str(), row.done_count, row.left_cause),
            ("active", 1, None)
        );
    }
}

#[tokio::test]
async fn moving_brings_the_work_done_along() {
    let stage = Stage::new().await;
    let (from, to) = (stage.cohort(3).await, stage.cohort(1).await);
    let person = stage.person("Ada").await;
    let before = stage.enrol(from, person).await.id();
    for activity in &stage.activities[..2] {
        see(&stage, before, *activity).await;
    }
    // The second activity is not in the other cohort.
    let tx = stage.app.db().write().await.expect("a write");
    let sql = "DELETE FROM cohort_activity WHERE cohort_id = $1 AND activity_id = $2";
    tx.execute_raw(statement(
        &*tx,
        sql,
        [to.into(), stage.activities[1].into()],
    ))
    .await
    .expect("deleted");
    let after = move_to(&tx, &stage.managing_one(before).await, to)
        .await
        .expect("moved");
    tx.commit().await.expect("committed");
    let (old, new) = (stage.enrolment(before).await, stage.enrolment(after).await);
    assert_eq!(
        (old.state.as_str(), old.left_cause.as_deref()),
        ("left", Some("moved"))
    );
    assert_eq!(
        (new.cohort_id, new.state.as_str(), new.source.as_str()),
        (to, "active", "move")
    );
    assert_eq!((new.done_count, new.done_minutes), (1, 40));
    assert_eq!(
        (new.first_seen_at, new.last_activity_at),
        (old.first_seen_at, old.last_activity_at)
    );
    let sql = "SELECT COUNT(*) AS n FROM activity_state WHERE enrolment_id = $1";
    assert_eq!(stage.count(sql, [before.into()]).await, 2);
    assert_eq!(stage.count(sql, [after.into()]).await, 1);
    // And back, with what was done meanwhile.
    see(&stage, after, stage.activities[2]).await;
    let tx = stage.app.db().write().await.expect("a write");
    assert_eq!(
        move_to(&tx, &stage.managing_one(after).await, from)
            .await
            .expect("moved back"),
        before
    );
    tx.commit().await.expect("committed");
    assert_eq!(stage.enrolment(before).await.done_count, 3);
}

#[tokio::test]
async fn moving_is_refused_to_a_full_cohort_and_to_another_course() {
    let stage = Stage::new().await;
    let (from, to) = (stage.cohort(3).await, stage.cohort(1).await);
    stage.enrol(to, stage.person("Bao").await).await;
    let before = stage.enrol(from, stage.person("Ada").await).await.id();
    let tx = stage.app.db().write().await.expect("a write");
    assert!(matches!(
        move_to(&tx, &stage.managing_one(before).await, to).await,
        Err(CohortError::Full)
    ));
    assert!(matches!(
        move_to(&tx, &stage.managing_one(before).await, from).await,
        Err(CohortError::OtherCourse)
    ));
    tx.rollback().await.expect("given up");
    assert_eq!(stage.enrolment(before).await.state, "active");
}

#[tokio::test]
async fn an_extension_is_a_coming_date_and_can_be_taken_back() {
    let stage = Stage::new().await;
    let id = stage.cohort(3).await;
    let one = stage.enrol(id, stage.person("Ada").await).await.id();
    let tx = stage.app.db().write().await.expect("a write");
    let allowed = stage.managing_one(one).await;
    for wrong in [date(2026, 11, 15), date(2029, 1, 1)] {
        assert!(
            matches!(
                extend(&tx, &allowed, Some(wrong)).await,
                Err(CohortError::BadDate)
            ),
            "{wrong}"
        );
    }
    extend(&tx, &allowed, Some(date(2027, 1, 31)))
        .await
        .expect("extended");
    tx.commit().await.expect("committed");
    assert_eq!(
        stage.enrolment(one).await.extended_to.as_deref(),
        Some("2027-01-31")
    );
    let tx = stage.app.db().write().await.expect("a write");
    extend(&tx, &allowed, None).await.expect("taken back");
    tx.commit().await.expect("committed");
    assert_eq!(stage.enrolment(one).await.extended_to, None);
}

#[tokio::test]
async fn a_cohort_that_has_ended_takes_nobody() {
    let stage = Stage::new().await;
    let id = stage.cohort(3).await;
    stage.clock.advance(60 * DAY);
    stage.run_jobs().await;
    assert_eq!(
        CohortState::parse(&stage.row(id).await.state),
        Some(CohortState::Ended)
    );
    let person = stage.person("Ada").await;
    let tx = stage.app.db().write().await.expect("a write");
    let refused = enrol(&tx, id, person, Source::Hand, Actor::System("test")).await;
    assert!(matches!(refused, Err(CohortError::Closed)));
}

use jiff::civil::date;

use super::*;

fn item(n: u128, minutes: i32) -> Item {
    Item {
        id: Uuid::from_u128(n),
        kind: "page".to_owned(),
        title: format!("Activité {n}"),
        minutes,
        optional: false,
        rule: ActivityRule::Viewed,
        work: None,
        late: None,
    }
}

fn worked(mut item: Item, done: bool, last_at: Micros) -> Item {
    item.work = Some(Work {
        done,
        last_at,
        ..Work::default()
    });
    item
}

fn week(rank: i32, items: Vec<Item>) -> PlanWeek {
    let opens_on = date(2026, 11, 2)
        .checked_add(jiff::Span::new().days(7 * (i64::from(rank) - 1)))
        .unwrap();
    let due_on = opens_on.checked_add(jiff::Span::new().days(6)).unwrap();
    let dates = WeekDates { opens_on, due_on };
    PlanWeek {
        rank,
        title: format!("Semaine {rank}"),
        summary: String::new(),
        dates,
        items,
    }
}

fn plan() -> Plan {
    Plan {
        weeks: vec![
            week(1, vec![item(1, 30), item(2, 30)]),
            week(2, vec![item(3, 60), item(4, 60)]),
        ],
    }
}

fn cohort(start: &str, end: &str) -> cohort::Model {
    cohort::Model {
        id: Uuid::nil(),
        space_id: Uuid::nil(),
        course_id: Uuid::nil(),
        title: String::new(),
        start_date: start.to_owned(),
        end_date: end.to_owned(),
        zone: "Europe/Paris".to_owned(),
        capacity: 20,
        state: "running".to_owned(),
        rule: String::new(),
        sheet: String::new(),
        agreed_minutes: 600,
        answer_hours: 24,
        frozen_at: None,
        join_code: None,
        created_at: 0,
        calendar_sequence: 0,
        calendar_changed_at: None,
        calendar_weeks: 0,
    }
}

fn enrolled(n: u128, start: &str, end: &str, last: Option<Micros>) -> Enrolled {
    Enrolled {
        id: Uuid::from_u128(n),
        cohort: cohort(start, end),
        state: "active".to_owned(),
        extended_to: None,
        last_activity_at: last,
        completed_at: None,
    }
}

fn at(text: &str) -> Micros {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

#[test]
fn one_resumes_where_one_stopped() {
    let mut plan = plan();
    plan.weeks[0].items[0] = worked(item(1, 30), false, 5);
    plan.weeks[1].items[1] = worked(item(4, 60), false, 9);
    let next = plan.next(date(2026, 11, 10)).unwrap();
    assert_eq!((next.item.id, next.resumed), (Uuid::from_u128(4), true));
}

#[test]
fn otherwise_one_does_the_first_that_is_needed_in_the_weeks_that_are_open() {
    let mut plan = plan();
    plan.weeks[0].items[0] = worked(item(1, 30), true, 5);
    plan.weeks[0].items[1].optional = true;
    let next = plan.next(date(2026, 11, 10)).unwrap();
    assert_eq!((next.item.id, next.resumed), (Uuid::from_u128(3), false));
    // In the first week, only what is optional remains.
    assert_eq!(
        plan.next(date(2026, 11, 5)).unwrap().item.id,
        Uuid::from_u128(2)
    );
}

#[test]
fn nothing_is_to_be_done_before_the_first_week_nor_once_all_is_done() {
    let mut plan = plan();
    assert!(plan.next(date(2026, 11, 1)).is_none());
    for item in plan.weeks.iter_mut().flat_map(|w| w.items.iter_mut()) {
        *item = worked(item.clone(), true, 1);
    }
    assert!(plan.next(date(2026, 12, 1)).is_none());
}

#[test]
fn an_activity_is_late_the_day_after_its_deadline_and_not_on_it() {
    let plan = plan();
    let dates = plan.weeks[0].dates;
    let state = |item: &Item, day| state_of(item, dates, None, day);
    assert_eq!(state(&item(1, 30), date(2026, 11, 1)), State::Locked);
    assert_eq!(state(&item(1, 30), date(2026, 11, 8)), State::NotStarted);
    assert_eq!(state(&item(1, 30), date(2026, 11, 9)), State::Late);
    assert_eq!(
        state(&worked(item(1, 30), false, 1), date(2026, 11, 8)),
        State::InProgress
    );
    assert_eq!(
        state(&worked(item(1, 30), false, 1), date(2026, 11, 9)),
        State::Late
    );
    assert_eq!(
        state(&worked(item(1, 30), true, 1), date(2026, 11, 9)),
        State::Done
    );
}

#[test]
fn an_extension_and_being_optional_both_keep_from_being_late() {
    let dates = plan().weeks[0].dates;
    let mut optional = item(1, 30);
    optional.optional = true;
    assert_eq!(
        state_of(&optional, dates, None, date(2026, 12, 1)),
        State::NotStarted
    );
    assert_eq!(
        state_of(
            &item(1, 30),
            dates,
            Some(date(2026, 12, 1)),
            date(2026, 12, 1)
        ),
        State::NotStarted
    );
    // An extension earlier than the deadline takes nothing away.
    assert_eq!(
        state_of(
            &item(1, 30),
            dates,
            Some(date(2026, 11, 3)),
            date(2026, 11, 8)
        ),
        State::NotStarted
    );
}

#[test]
fn late_activities_are_counted_over_the_weeks_past() {
    let mut plan = plan();
    assert_eq!(plan.late(None, date(2026, 11, 10)), 2);
    plan.weeks[0].items[0] = worked(item(1, 30), true, 1);
    assert_eq!(plan.late(None, date(2026, 11, 10)), 1);
    assert_eq!(plan.due_items(None, date(2026, 11, 10)), 2);
    assert_eq!(plan.late(None, date(2026, 12, 1)), 3);
    assert_eq!(plan.late(Some(date(2026, 12, 1)), date(2026, 12, 1)), 0);
}

#[test]
fn the_next_date_is_the_deadline_then_the_opening_then_the_end() {
    let mut plan = plan();
    let end = Some(date(2026, 11, 15));
    assert_eq!(
        plan.next_date(date(2026, 11, 1), end),
        Some(NextDate::Opens(date(2026, 11, 2)))
    );
    assert_eq!(
        plan.next_date(date(2026, 11, 4), end),
        Some(NextDate::Due(date(2026, 11, 8)))
    );
    for item in &mut plan.weeks[0].items {
        *item = worked(item.clone(), true, 1);
    }
    assert_eq!(
        plan.next_date(date(2026, 11, 4), end),
        Some(NextDate::Opens(date(2026, 11, 9)))
    );
    for item in &mut plan.weeks[1].items {
        *item = worked(item.clone(), true, 1);
    }
    assert_eq!(
        plan.next_date(date(2026, 11, 10), end),
        Some(NextDate::Ends(date(2026, 11, 15)))
    );
    assert_eq!(plan.next_date(date(2026, 11, 16), end), None);
}

#[test]
fn sums_leave_optional_activities_out() {
    let mut optional = worked(item(2, 45), true, 1);
    optional.optional = true;
    let sum = Sum::of(&[worked(item(1, 30), true, 1), optional, item(3, 60)]);
    assert_eq!(
        sum,
        Sum {
            done: 1,
            needed: 2,
            done_minutes: 30,
            minutes: 90
        }
    );
    assert_eq!(sum.share(), 3333);
    assert_eq!(Sum::default().share(), 0);
}

#[test]
fn a_week_opens_at_midnight_in_the_zone_of_the_cohort() {
    let cohort = cohort("2026-11-02", "2026-11-29");
    let opens = |day: &str, now: &str| may_open(&cohort, day, at(now));
    assert!(!opens("2026-11-09", "2026-11-08T22:59:59Z"));
    assert!(opens("2026-11-09", "2026-11-08T23:00:00Z"));
    assert!(!opens("bientôt", "2026-11-08T23:00:00Z"));
    let cancelled = cohort::Model {
        state: "cancelled".to_owned(),
        ..cohort.clone()
    };
    assert!(!may_open(
        &cancelled,
        "2026-11-09",
        at("2026-11-10T00:00:00Z")
    ));
}

#[test]
fn a_course_is_over_once_its_last_day_has_passed_there_or_the_one_agreed_with_the_trainee() {
    let cohort = cohort("2026-11-02", "2026-11-29");
    let is_over = |cohort: &cohort::Model, extended: Option<&str>, now: Micros| {
        Term::of(cohort, "active", extended).is_over(now)
    };
    assert!(!is_over(&cohort, None, at("2026-11-29T22:59:59Z")));
    assert!(is_over(&cohort, None, at("2026-11-29T23:00:00Z")));
    assert!(!is_over(
        &cohort,
        Some("2026-12-06"),
        at("2026-12-06T12:00:00Z")
    ));
    assert!(is_over(
        &cohort,
        Some("2026-11-20"),
        at("2026-11-30T12:00:00Z")
    ));
    let certified = cohort::Model {
        state: "certified".to_owned(),
        ..cohort.clone()
    };
    assert!(is_over(
        &certified,
        Some("2026-12-06"),
        at("2026-11-10T12:00:00Z")
    ));
}

#[test]
fn home_is_about_the_course_under_way_that_was_worked_on_last() {
    let now = at("2026-11-10T12:00:00Z");
    let running = [
        enrolled(1, "2026-11-02", "2026-11-29", Some(10)),
        enrolled(2, "2026-11-02", "2026-11-29", Some(20)),
        enrolled(3, "2026-10-01", "2026-10-28", Some(90)),
        enrolled(4, "2026-12-01", "2026-12-28", None),
    ];
    assert_eq!(foremost(&running, now).unwrap().id, Uuid::from_u128(2));
    assert_eq!(foremost(&running[2..], now).unwrap().id, Uuid::from_u128(4));
    assert_eq!(
        foremost(&running[2..3], now).unwrap().id,
        Uuid::from_u128(3)
    );
    let waiting = Enrolled {
        state: "waiting".to_owned(),
        ..running[0].clone()
    };
    assert!(foremost(&[waiting], now).is_none());
}

#[test]
fn what_is_completed_gives_way_to_what_is_not() {
    let now = at("2026-11-10T12:00:00Z");
    let mut finished = enrolled(1, "2026-11-02", "2026-11-29", Some(90));
    finished.completed_at = Some(80);
    let other = enrolled(2, "2026-11-02", "2026-11-29", None);
    assert_eq!(
        foremost(&[finished, other], now).unwrap().id,
        Uuid::from_u128(2)
    );
}

#[test]
fn one_plan_serves_several_trainees() {
    let works = HashMap::from([(
        Uuid::from_u128(3),
        Work {
            done: true,
            ..Work::default()
        },
    )]);
    let mine = plan().with(&works);
    assert_eq!(mine.sum().done, 1);
    assert_eq!(mine.with(&HashMap::new()).sum().done, 0);
    assert_eq!(mine.progress(CourseRule::All, 600).missing.len(), 3);
}

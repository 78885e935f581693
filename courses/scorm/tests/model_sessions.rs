//! What remains from one session to the next, as the standards tell it.

use passerelle_scorm::model::{
    Completion, DATAMODEL_JSON, Ending, Exit, Launch, LmsComment, Mode, Previous, Span, Standard,
    State, Store, Success, Summary, apply, end_of_session, interactions, launch_state,
    next_session, objectives, served_datamodel,
};

const OLD: Standard = Standard::Scorm12;
const NEW: Standard = Standard::Scorm2004;

fn launch() -> Launch<'static> {
    Launch {
        learner_id: "p-1".to_owned(),
        learner_name: "Moreau, Alix".to_owned(),
        credit: true,
        ..Launch::default()
    }
}

fn first(standard: Standard) -> State {
    launch_state(standard, &launch())
}

fn again(state: &State, ending: Ending) -> State {
    let previous = Some(Previous { state, ending });
    launch_state(
        state.standard(),
        &Launch {
            previous,
            ..launch()
        },
    )
}

fn set(state: &mut State, values: &[(&str, &str)]) {
    let values: Vec<_> = values
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    assert_eq!(apply(state, &values), []);
}

fn read(state: &State, element: &str) -> String {
    state.read(element).unwrap_or_else(|code| code.to_string())
}

#[test]
fn a_suspended_session_of_2004_comes_back_whole() {
    let mut state = first(NEW);
    assert_eq!(read(&state, "cmi.entry"), "ab-initio");
    assert_eq!(read(&state, "cmi.total_time"), "PT0H0M0S");
    set(
        &mut state,
        &[
            ("cmi.exit", "suspend"),
            ("cmi.suspend_data", "visit=2"),
            ("cmi.session_time", "PT01M"),
        ],
    );
    let ended = end_of_session(&mut state, Ending::Finished);
    assert_eq!(
        (ended.session, ended.total),
        (Span::from_hundredths(6_000), Span::from_hundredths(6_000))
    );
    let mut state = again(&state, Ending::Finished);
    assert_eq!(read(&state, "cmi.entry"), "resume");
    assert_eq!(read(&state, "cmi.total_time"), "PT1M");
    assert_eq!(read(&state, "cmi.suspend_data"), "visit=2");
    assert_eq!(Summary::of(&state).exit, Exit::Unset);
    set(
        &mut state,
        &[
            ("cmi.exit", "suspend"),
            ("cmi.session_time", "PT01H059M020S"),
        ],
    );
    end_of_session(&mut state, Ending::Finished);
    assert_eq!(
        read(&again(&state, Ending::Finished), "cmi.total_time"),
        "PT2H20S"
    );
}

#[test]
fn an_ended_session_of_2004_is_followed_by_a_new_attempt_from_nothing() {
    for exit in ["normal", "time-out", "logout", ""] {
        let mut state = first(NEW);
        set(
            &mut state,
            &[
                ("cmi.exit", exit),
                ("cmi.suspend_data", "x"),
                ("cmi.completion_status", "completed"),
                ("cmi.session_time", "PT5M"),
            ],
        );
        end_of_session(&mut state, Ending::Finished);
        let state = again(&state, Ending::Finished);
        assert_eq!(read(&state, "cmi.entry"), "ab-initio", "{exit}");
        assert_eq!(read(&state, "cmi.suspend_data"), "403");
        assert_eq!(read(&state, "cmi.completion_status"), "unknown");
        assert_eq!(read(&state, "cmi.total_time"), "PT0H0M0S");
    }
}

#[test]
fn suspend_all_and_a_lost_connection_are_resumed_too() {
    let mut state = first(NEW);
    set(
        &mut state,
        &[("adl.nav.request", "suspendAll"), ("cmi.location", "7")],
    );
    let next = again(&state, Ending::Finished);
    assert_eq!(
        (read(&next, "cmi.entry"), read(&next, "cmi.location")),
        ("resume".into(), "7".into())
    );
    assert_eq!(read(&next, "adl.nav.request"), "_none_");
    let mut state = first(NEW);
    set(&mut state, &[("cmi.location", "3")]);
    assert_eq!(read(&again(&state, Ending::Lost), "cmi.entry"), "resume");
}

#[test]
fn review_shows_finished_work_without_credit() {
    let mut state = first(NEW);
    set(
        &mut state,
        &[
            ("cmi.exit", "normal"),
            ("cmi.completion_status", "completed"),
            ("cmi.score.scaled", "0.9"),
        ],
    );
    let previous = Some(Previous {
        state: &state,
        ending: Ending::Finished,
    });
    let state = launch_state(
        NEW,
        &Launch {
            previous,
            mode: Mode::Review,
            ..launch()
        },
    );
    assert_eq!(read(&state, "cmi.mode"), "review");
    assert_eq!(read(&state, "cmi.credit"), "no-credit");
    assert_eq!(read(&state, "cmi.entry"), "");
    assert_eq!(Summary::of(&state).scaled, Some(9_000));
}

#[test]
fn values_of_1_2_stay_and_the_entry_says_whether_to_resume() {
    let mut state = first(OLD);
    assert_eq!(read(&state, "cmi.core.entry"), "ab-initio");
    set(
        &mut state,
        &[
            ("cmi.core.exit", "suspend"),
            ("cmi.suspend_data", "p=3"),
            ("cmi.core.session_time", "00:10:00.5"),
        ],
    );
    end_of_session(&mut state, Ending::Finished);
    let mut state = again(&state, Ending::Finished);
    assert_eq!(read(&state, "cmi.core.entry"), "resume");
    assert_eq!(read(&state, "cmi.core.total_time"), "0000:10:00.50");
    assert_eq!(read(&state, "cmi.core.lesson_status"), "incomplete");
    set(
        &mut state,
        &[("cmi.core.exit", ""), ("cmi.core.session_time", "01:00:00")],
    );
    end_of_session(&mut state, Ending::Finished);
    let state = again(&state, Ending::Finished);
    assert_eq!(read(&state, "cmi.core.entry"), "");
    assert_eq!(read(&state, "cmi.suspend_data"), "p=3");
    assert_eq!(read(&state, "cmi.core.total_time"), "0001:10:00.50");
}

fn finished(values: &[(&str, &str)], mastery: &str, mode: Mode, credit: bool) -> String {
    let launch = Launch {
        mastery_score: Some(mastery.to_owned()),
        mode,
        credit,
        ..launch()
    };
    let mut state = launch_state(OLD, &launch);
    set(&mut state, values);
    end_of_session(&mut state, Ending::Finished);
    read(&state, "cmi.core.lesson_status")
}

#[test]
fn a_status_of_1_2_left_open_is_set_at_the_end() {
    assert_eq!(finished(&[], "", Mode::Normal, true), "completed");
    assert_eq!(finished(&[], "", Mode::Browse, true), "browsed");
    assert_eq!(finished(&[], "", Mode::Review, true), "not attempted");
    assert_eq!(
        finished(
            &[("cmi.core.lesson_status", "incomplete")],
            "",
            Mode::Normal,
            true
        ),
        "incomplete"
    );
    let mut lost = first(OLD);
    end_of_session(&mut lost, Ending::Lost);
    assert_eq!(read(&lost, "cmi.core.lesson_status"), "not attempted");
}

#[test]
fn a_mastery_score_of_1_2_decides_with_credit_and_a_raw_score() {
    let raw = |raw, status| {
        [
            ("cmi.core.score.raw", raw),
            ("cmi.core.lesson_status", status),
        ]
    };
    assert_eq!(
        finished(&raw("80", "completed"), "80", Mode::Normal, true),
        "passed"
    );
    assert_eq!(
        finished(&raw("79.9", "passed"), "80", Mode::Normal, true),
        "failed"
    );
    assert_eq!(
        finished(&raw("79.9", "passed"), "80", Mode::Normal, false),
        "passed"
    );
    assert_eq!(
        finished(&raw("79.9", "passed"), "80", Mode::Browse, true),
        "passed"
    );
    assert_eq!(
        finished(&raw("90", "incomplete"), "", Mode::Normal, true),
        "incomplete"
    );
    assert_eq!(
        finished(
            &[("cmi.core.lesson_status", "completed")],
            "80",
            Mode::Normal,
            true
        ),
        "completed"
    );
    let middle = [
        ("cmi.core.score.raw", "0"),
        ("cmi.core.lesson_status", "incomplete"),
        ("cmi.core.exit", "suspend"),
    ];
    assert_eq!(finished(&middle, "80", Mode::Normal, true), "incomplete");
}

#[test]
fn a_commit_after_the_end_counts_no_time_twice() {
    for (standard, exit, session, first_time, last_time, total) in [
        (
            NEW,
            "cmi.exit",
            "cmi.session_time",
            "PT5M",
            "PT5M10S",
            "cmi.total_time",
        ),
        (
            OLD,
            "cmi.core.exit",
            "cmi.core.session_time",
            "00:05:00",
            "00:05:10",
            "cmi.core.total_time",
        ),
    ] {
        let mut state = first(standard);
        set(&mut state, &[(exit, "suspend"), (session, first_time)]);
        end_of_session(&mut state, Ending::Finished);
        set(&mut state, &[(session, last_time)]);
        end_of_session(&mut state, Ending::Finished);
        let next = again(&state, Ending::Finished);
        assert_eq!(
            Summary::of(&next).total_time,
            Span::from_hundredths(31_000),
            "{total}"
        );
    }
}

#[test]
fn the_same_sco_opened_twice_in_a_launch_keeps_what_the_platform_gave() {
    let launch = Launch {
        launch_data: Some("a=1".to_owned()),
        stores: vec![Store {
            id: "s".to_owned(),
            value: None,
            read: true,
            write: true,
        }],
        ..launch()
    };
    let mut state = launch_state(NEW, &launch);
    set(
        &mut state,
        &[
            ("cmi.exit", "normal"),
            ("cmi.location", "3"),
            ("adl.data.0.store", "kept"),
            ("cmi.session_time", "PT1M"),
        ],
    );
    let fresh = next_session(&state, Ending::Finished);
    assert_eq!(read(&fresh, "cmi.entry"), "ab-initio");
    assert_eq!(read(&fresh, "cmi.location"), "403");
    assert_eq!(read(&fresh, "cmi.launch_data"), "a=1");
    assert_eq!(read(&fresh, "adl.data.0.store"), "kept");
    assert_eq!(read(&fresh, "cmi.total_time"), "PT0H0M0S");
    set(&mut state, &[("cmi.exit", "suspend")]);
    let resumed = next_session(&state, Ending::Finished);
    assert_eq!(read(&resumed, "cmi.entry"), "resume");
    assert_eq!(read(&resumed, "cmi.total_time"), "PT1M");
}

#[test]
fn a_launch_gives_all_that_the_manifest_says() {
    let launch = Launch {
        launch_data: Some("a=1".to_owned()),
        mastery_score: Some("80".to_owned()),
        max_time_allowed: Some("PT1H".to_owned()),
        time_limit_action: Some("exit,message".to_owned()),
        completion_threshold: Some("0.8".to_owned()),
        scaled_passing_score: Some("0.5".to_owned()),
        comments: vec![LmsComment {
            comment: "Courage".to_owned(),
            location: Some("3".to_owned()),
            timestamp: None,
        }],
        objectives: vec!["o1".to_owned(), "o2".to_owned()],
        stores: vec![Store {
            id: "s".to_owned(),
            value: Some("v".to_owned()),
            read: true,
            write: false,
        }],
        next: Some(true),
        previous_activity: Some(false),
        ..launch()
    };
    let state = launch_state(NEW, &launch);
    let expected = [
        ("cmi.learner_id", "p-1"),
        ("cmi.learner_name", "Moreau, Alix"),
        ("cmi.credit", "credit"),
        ("cmi.mode", "normal"),
        ("cmi.launch_data", "a=1"),
        ("cmi.max_time_allowed", "PT1H"),
        ("cmi.time_limit_action", "exit,message"),
        ("cmi.completion_threshold", "0.8"),
        ("cmi.scaled_passing_score", "0.5"),
        ("cmi.comments_from_lms._count", "1"),
        ("cmi.comments_from_lms.0.comment", "Courage"),
        ("cmi.comments_from_lms.0.location", "3"),
        ("cmi.comments_from_lms.0.timestamp", "403"),
        ("cmi.objectives._count", "2"),
        ("cmi.objectives.1.id", "o2"),
        ("adl.data._count", "1"),
        ("adl.data.0.store", "v"),
        ("adl.nav.request_valid.continue", "true"),
        ("adl.nav.request_valid.previous", "false"),
    ];
    for (element, value) in expected {
        assert_eq!(read(&state, element), value, "{element}");
    }
    assert_eq!(state.clone().write("adl.data.0.store", "x"), Err(404));
    let state = launch_state(OLD, &launch);
    let expected = [
        ("cmi.core.student_id", "p-1"),
        ("cmi.core.student_name", "Moreau, Alix"),
        ("cmi.core.credit", "credit"),
        ("cmi.core.lesson_mode", "normal"),
        ("cmi.launch_data", "a=1"),
        ("cmi.comments_from_lms", "Courage"),
        ("cmi.student_data.mastery_score", "80"),
        ("cmi.student_data.time_limit_action", "exit,message"),
    ];
    for (element, value) in expected {
        assert_eq!(read(&state, element), value, "{element}");
    }
}

#[test]
fn interactions_and_objectives_are_listed_for_the_tutor() {
    let mut state = first(NEW);
    let item = |name: &str| format!("cmi.interactions.0.{name}");
    let values = [
        (item("id"), "q1"),
        (item("type"), "choice"),
        (item("learner_response"), "a[,]b"),
        (item("result"), "incorrect"),
        (item("correct_responses.0.pattern"), "a"),
        (item("correct_responses.1.pattern"), "c"),
        (item("latency"), "PT12.5S"),
        (item("timestamp"), "2026-11-23T14:30:00"),
        (item("description"), "Que lit-on ?"),
        (item("weighting"), "1.5"),
        (item("objectives.0.id"), "o1"),
        ("cmi.objectives.0.id".to_owned(), "o1"),
        ("cmi.objectives.0.success_status".to_owned(), "passed"),
        ("cmi.objectives.0.score.scaled".to_owned(), "0.25"),
    ];
    let values: Vec<_> = values
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    assert_eq!(apply(&mut state, &values), []);
    let [one] = &interactions(&state)[..] else {
        panic!("one interaction")
    };
    assert_eq!(
        (
            one.id.as_str(),
            one.kind.as_deref(),
            one.response.as_deref()
        ),
        ("q1", Some("choice"), Some("a[,]b"))
    );
    assert_eq!(
        (one.result.as_deref(), one.correct.join(" ")),
        (Some("incorrect"), "a c".to_owned())
    );
    assert_eq!(
        (one.latency, one.weighting),
        (Some(Span::from_hundredths(1_250)), Some(15_000))
    );
    assert_eq!(
        (one.description.as_deref(), one.objectives.join(" ")),
        (Some("Que lit-on ?"), "o1".to_owned())
    );
    let [objective] = &objectives(&state)[..] else {
        panic!("one objective")
    };
    assert_eq!(
        (objective.success, objective.completion, objective.scaled),
        (Success::Passed, Completion::Unknown, Some(2_500))
    );
}

#[test]
fn errors_are_all_returned_and_good_values_are_kept() {
    let mut state = first(NEW);
    let values = [
        ("cmi.location", "3"),
        ("cmi.score.scaled", "2"),
        ("cmi.mode", "review"),
        ("cmi.nothing", "x"),
        ("cmi.interactions.5.id", "q"),
        ("cmi.interactions.0.result", "correct"),
        ("cmi.completion_status", "done"),
    ];
    let values: Vec<_> = values
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let mut errors: Vec<_> = apply(&mut state, &values)
        .into_iter()
        .map(|e| (e.element, e.code))
        .collect();
    errors.sort();
    let expected = [
        ("cmi.completion_status", 406),
        ("cmi.interactions.0.result", 408),
        ("cmi.interactions.5.id", 351),
        ("cmi.mode", 404),
        ("cmi.nothing", 401),
        ("cmi.score.scaled", 407),
    ];
    assert_eq!(
        errors,
        expected.map(|(element, code)| (element.to_owned(), code))
    );
    assert_eq!(read(&state, "cmi.location"), "3");
}

#[test]
fn an_identifier_that_changes_in_the_same_commit_frees_the_old_one() {
    let mut state = first(NEW);
    set(
        &mut state,
        &[
            ("cmi.interactions.0.id", "q"),
            ("cmi.interactions.0.objectives.0.id", "a"),
            ("cmi.interactions.0.objectives.1.id", "b"),
        ],
    );
    set(
        &mut state,
        &[
            ("cmi.interactions.0.objectives.0.id", "b"),
            ("cmi.interactions.0.objectives.1.id", "a"),
        ],
    );
    assert_eq!(read(&state, "cmi.interactions.0.objectives.1.id"), "a");
}

#[test]
fn the_served_description_is_small_and_says_the_same() -> Result<(), serde_json::Error> {
    let served: serde_json::Value = serde_json::from_str(served_datamodel())?;
    let written: serde_json::Value = serde_json::from_str(DATAMODEL_JSON)?;
    assert_eq!(served, written);
    assert!(
        served_datamodel().len() < 14_000,
        "{}",
        served_datamodel().len()
    );
    Ok(())
}

//! Properties that hold whatever a SCO sends.

use passerelle_scorm::model::{
    Ending, Launch, Limits, Previous, Span, Standard, State, Summary, apply, end_of_session,
    interactions, launch_state, objectives, ten_thousandths,
};
use proptest::prelude::*;

fn standards() -> impl Strategy<Value = Standard> {
    prop_oneof![Just(Standard::Scorm12), Just(Standard::Scorm2004)]
}

/// Names that often lead somewhere, and names that never do.
fn names() -> impl Strategy<Value = String> {
    let index = prop_oneof![
        (0..4_u32).prop_map(|n| n.to_string()),
        Just("01".to_owned()),
        "[0-9n?-]{0,10}"
    ];
    let member = prop::sample::select(vec![
        "id",
        "type",
        "learner_response",
        "student_response",
        "result",
        "latency",
        "weighting",
        "timestamp",
        "time",
        "description",
        "score.raw",
        "score.scaled",
        "status",
        "success_status",
        "_count",
        "_children",
        "comment",
        "correct_responses.0.pattern",
        "correct_responses.1.pattern",
        "objectives.0.id",
        "objectives.1.id",
        "store",
    ]);
    let collection = prop::sample::select(vec![
        "cmi.interactions",
        "cmi.objectives",
        "cmi.comments_from_learner",
        "cmi.comments_from_lms",
        "adl.data",
    ]);
    let single = prop::sample::select(vec![
        "cmi.core.lesson_status",
        "cmi.core.score.raw",
        "cmi.core.exit",
        "cmi.core.session_time",
        "cmi.suspend_data",
        "cmi.completion_status",
        "cmi.success_status",
        "cmi.exit",
        "cmi.session_time",
        "cmi.score.scaled",
        "cmi.progress_measure",
        "cmi.location",
        "adl.nav.request",
        "cmi.total_time",
        "cmi._version",
        "cmi",
        "",
    ]);
    prop_oneof![
        4 => (collection, index, member).prop_map(|(a, b, c)| format!("{a}.{b}.{c}")),
        3 => single.prop_map(str::to_owned),
        1 => "\\PC{0,30}",
    ]
}

fn values() -> impl Strategy<Value = String> {
    let usual = prop::sample::select(vec![
        "",
        "a",
        "a[,]b",
        "b[,]a",
        "a[.]b",
        "1[:]2",
        "choice",
        "numeric",
        "true-false",
        "performance",
        "passed",
        "completed",
        "suspend",
        "PT1H",
        "0001:00:00.00",
        "0.5",
        "-1",
        "100",
        "{lang=fr}x",
        "{lang=}",
        "2026-11-23T14:30:00.5Z",
        "{case_matters=true}x",
        "{target=a}choice",
        "urn:a:b",
    ]);
    prop_oneof![3 => usual.prop_map(str::to_owned), 1 => "\\PC{0,40}"]
}

/// A commit in which every value is right, in the order of a SCO.
fn valid_set() -> impl Strategy<Value = Vec<(String, String)>> {
    (1..12_usize, 0..12_usize, 0..3_usize).prop_map(|(interactions, objectives, patterns)| {
        let mut set = vec![
            ("cmi.location".to_owned(), "3".to_owned()),
            ("cmi.exit".to_owned(), "suspend".to_owned()),
        ];
        let mut push = |name: String, value: String| set.push((name, value));
        for at in 0..objectives {
            push(format!("cmi.objectives.{at}.id"), format!("o{at}"));
            push(format!("cmi.objectives.{at}.score.raw"), at.to_string());
        }
        for at in 0..interactions {
            let item = format!("cmi.interactions.{at}");
            push(format!("{item}.id"), "q".to_owned());
            push(format!("{item}.type"), "choice".to_owned());
            push(format!("{item}.learner_response"), "a[,]b".to_owned());
            push(format!("{item}.objectives.0.id"), "o".to_owned());
            for pattern in 0..patterns {
                push(
                    format!("{item}.correct_responses.{pattern}.pattern"),
                    format!("a[,]c{pattern}"),
                );
            }
        }
        set
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_nothing_panics_and_limits_hold(
        standard in standards(),
        commits in prop::collection::vec(prop::collection::vec((names(), values()), 0..30), 0..4),
    ) {
        let limits = Limits { bytes: 600, elements: 20, items: 3 };
        let mut state = State::new(standard).with_limits(limits);
        for set in &commits {
            let errors = apply(&mut state, set);
            for error in &errors {
                prop_assert!(set.iter().any(|(element, _)| *element == error.element));
                prop_assert!(passerelle_scorm::model::error_text(standard, error.code).is_some());
            }
            let bytes: usize = state.values().iter().map(|(name, value)| name.len() + value.len()).sum();
            prop_assert!(bytes <= limits.bytes && state.values().len() <= limits.elements);
        }
        for element in state.values().keys() {
            let _ = state.read(element);
        }
        let _ = (Summary::of(&state).share(), interactions(&state), objectives(&state));
        let first = end_of_session(&mut state, Ending::Finished);
        prop_assert_eq!(end_of_session(&mut state, Ending::Finished).total, first.total);
        let previous = Some(Previous { state: &state, ending: Ending::Finished });
        let next = launch_state(standard, &Launch { previous, ..Launch::default() });
        prop_assert!(next.get("cmi.session_time").is_none() && next.get("cmi.core.session_time").is_none());
    }

    #[test]
    fn the_order_of_valid_values_does_not_matter(set in valid_set().prop_flat_map(|set| (Just(set.clone()), Just(set).prop_shuffle()))) {
        let (ordered, shuffled) = set;
        let (mut one, mut other) = (State::new(Standard::Scorm2004), State::new(Standard::Scorm2004));
        prop_assert_eq!(apply(&mut one, &ordered), vec![]);
        prop_assert_eq!(apply(&mut other, &shuffled), vec![]);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn one_bad_value_never_sinks_the_others(set in valid_set(), at in any::<prop::sample::Index>(), bad in names()) {
        prop_assume!(!set.iter().any(|(element, _)| *element == bad));
        let mut expected = State::new(Standard::Scorm2004);
        apply(&mut expected, &set);
        let mut with_bad = set.clone();
        with_bad.insert(at.index(set.len() + 1), (bad.clone(), "\u{0}{lang=".to_owned()));
        let mut state = State::new(Standard::Scorm2004);
        for error in apply(&mut state, &with_bad) {
            prop_assert_eq!(&error.element, &bad);
        }
        for (element, value) in expected.values() {
            prop_assert_eq!(state.get(element), Some(value.as_str()));
        }
    }

    #[test]
    fn spans_come_back_from_both_notations(hundredths in 0..Span::MAX.hundredths(), standard in standards()) {
        let span = Span::from_hundredths(hundredths);
        let text = span.format(standard);
        let longest = 9_999 * 360_000 + 359_999;
        let kept = if standard == Standard::Scorm12 { hundredths.min(longest) } else { hundredths };
        prop_assert_eq!(Span::parse(standard, &text), Some(Span::from_hundredths(kept)));
    }

    #[test]
    fn any_text_is_read_as_a_span_or_refused(text in "[PTYMDHS0-9.:é-]{0,24}") {
        for standard in [Standard::Scorm12, Standard::Scorm2004] {
            if let Some(span) = Span::parse(standard, &text) {
                prop_assert!(span >= Span::default() && span <= Span::MAX);
            }
        }
    }

    #[test]
    fn decimals_come_back_in_ten_thousandths(value in -1_000_000_000_i64..1_000_000_000) {
        let text = format!("{}{}.{:04}", if value < 0 { "-" } else { "" }, value.abs() / 10_000, value.abs() % 10_000);
        prop_assert_eq!(ten_thousandths(&text), Some(value));
    }
}

//! Commits of a SCO: whatever is sent, limits hold, nothing panics, and what is
//! read afterwards makes sense. Lines of the input are `element=value`; an
//! empty line ends a commit. The first byte chooses the standard.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_scorm::model::{
    Ending, Launch, Limits, Previous, Span, Standard, Summary, apply, end_of_session,
    error_text, interactions, launch_state, next_session, objectives,
};

const LIMITS: Limits = Limits {
    bytes: 4096,
    elements: 64,
    items: 8,
};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let standard = if text.starts_with('1') {
        Standard::Scorm12
    } else {
        Standard::Scorm2004
    };
    let mut state = launch_state(
        standard,
        &Launch {
            credit: true,
            ..Launch::default()
        },
    );
    state = state.with_limits(LIMITS);
    for commit in text.split("\n\n") {
        let set: Vec<(String, String)> = commit
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(element, value)| (element.to_owned(), value.to_owned()))
            .collect();
        for error in apply(&mut state, &set) {
            assert!(error_text(standard, error.code).is_some());
        }
        for (element, _) in &set {
            if let Err(code) = state.read(element) {
                assert!(error_text(standard, code).is_some());
            }
        }
    }
    let bytes: usize = state
        .values()
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    assert!(bytes <= LIMITS.bytes && state.values().len() <= LIMITS.elements);
    let summary = Summary::of(&state);
    assert!(
        summary
            .scaled
            .is_none_or(|scaled| (-10_000..=10_000).contains(&scaled))
    );
    assert!(
        summary
            .share()
            .is_none_or(|share| (-10_000..=10_000).contains(&share))
    );
    assert!(
        summary
            .progress
            .is_none_or(|progress| (0..=10_000).contains(&progress))
    );
    assert!(interactions(&state).len() <= 8 && objectives(&state).len() <= 8);
    let ended = end_of_session(&mut state, Ending::Finished);
    assert_eq!(ended, end_of_session(&mut state, Ending::Finished));
    assert!(ended.total <= Span::MAX);
    let previous = Some(Previous {
        state: &state,
        ending: Ending::Lost,
    });
    let next = launch_state(
        standard,
        &Launch {
            previous,
            ..Launch::default()
        },
    );
    assert!(Summary::of(&next).session_time.is_none());
    let _ = next_session(&state, Ending::Finished);
});

//! The end of a session, and what it leaves to the next one.

use super::description::{Access, Element};
use super::place::locate;
use super::summary::{Exit, exit, reached, span, ten_thousandths};
use super::{Mode, Span, Standard, State};

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The SCO ended it, or its page was left.
    Finished,
    /// Nothing was heard any more.
    Lost,
}

/// The same SCO opened once more within one launch: as [`launch_state`](super::launch_state), with
/// what the platform gave the first time. The player computes the same thing
/// (`session.js`) and numbers sessions in its commits.
#[must_use]
pub fn next_session(state: &State, ending: Ending) -> State {
    let standard = state.standard();
    let mode = match state.get(mode_element(standard)) {
        Some("review") => Mode::Review,
        Some("browse") => Mode::Browse,
        _ => Mode::Normal,
    };
    let (next, entry) = carry_over(state, ending, mode);
    let mut next = next.unwrap_or_else(|| {
        let given = |name: &str| {
            let pattern = locate(state.model(), name).pattern;
            let rule = state.model().elements.get(&pattern);
            rule.is_some_and(|Element(access, ..)| *access == Access::Read)
                || name.starts_with("adl.data.")
        };
        let total = total_element(standard);
        let kept = state
            .values()
            .iter()
            .filter(|(name, _)| given(name) && *name != total);
        State::restore(
            standard,
            kept.map(|(name, value)| (name.clone(), value.clone())),
        )
    });
    next.put(entry_element(standard), entry);
    next
}

pub(super) const AB_INITIO: &str = "ab-initio";

/// Values of the session before, if they come back, and the word for `entry`.
pub(super) fn carry_over(
    before: &State,
    ending: Ending,
    mode: Mode,
) -> (Option<State>, &'static str) {
    let standard = before.standard();
    let resumed = ending == Ending::Lost || is_suspended(before);
    let entry = match (mode, resumed, standard) {
        (Mode::Normal | Mode::Browse, true, _) => "resume",
        (Mode::Normal | Mode::Browse, false, Standard::Scorm2004) => return (None, AB_INITIO),
        (Mode::Review, _, _) | (_, false, Standard::Scorm12) => "",
    };
    let mut state = before.clone();
    let total = times(&state).total;
    if total > Span::default() {
        state.put(total_element(standard), total.format(standard));
    }
    for element in [
        exit_element(standard),
        session_element(standard),
        "adl.nav.request",
    ] {
        state.forget(element);
    }
    (Some(state), entry)
}

/// Times of the session and of all sessions.
fn times(state: &State) -> Ended {
    let standard = state.standard();
    let session = span(state, session_element(standard)).unwrap_or_default();
    let before = span(state, total_element(standard)).unwrap_or_default();
    Ended {
        session,
        total: before.plus(session),
    }
}

fn is_suspended(state: &State) -> bool {
    exit(state.get(exit_element(state.standard()))) == Exit::Suspend
        || state.get("adl.nav.request") == Some("suspendAll")
}

const fn exit_element(standard: Standard) -> &'static str {
    match standard {
        Standard::Scorm12 => "cmi.core.exit",
        Standard::Scorm2004 => "cmi.exit",
    }
}

const fn entry_element(standard: Standard) -> &'static str {
    match standard {
        Standard::Scorm12 => "cmi.core.entry",
        Standard::Scorm2004 => "cmi.entry",
    }
}

const fn mode_element(standard: Standard) -> &'static str {
    match standard {
        Standard::Scorm12 => "cmi.core.lesson_mode",
        Standard::Scorm2004 => "cmi.mode",
    }
}

const fn session_element(standard: Standard) -> &'static str {
    match standard {
        Standard::Scorm12 => "cmi.core.session_time",
        Standard::Scorm2004 => "cmi.session_time",
    }
}

const fn total_element(standard: Standard) -> &'static str {
    match standard {
        Standard::Scorm12 => "cmi.core.total_time",
        Standard::Scorm2004 => "cmi.total_time",
    }
}

/// Times of a session that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// As the SCO measured it; zero when it did not.
    pub session: Span,
    /// All sessions of the learner attempt, this one included.
    pub total: Span,
}

/// Closes a session. SCORM 1.2 then sets the status that the SCO left open;
/// times are computed here and folded into `total_time` by the next
/// [`launch_state`](super::launch_state) or [`next_session`], so that a commit which arrives after
/// the end counts no time twice. Calling it again changes nothing.
///
/// 1.2 (RTE 3.4.2.1.1, lesson_status): untouched becomes `completed` (`browsed`
/// in browse mode); with credit, a mastery score and a raw score, the
/// comparison gives `passed` or `failed`. Left with `suspend`, an untouched
/// status becomes `incomplete` and an incomplete one is not judged yet: the
/// learner is in the middle.
pub fn end_of_session(state: &mut State, ending: Ending) -> Ended {
    if state.standard() == Standard::Scorm12 && ending == Ending::Finished {
        settle_lesson_status(state);
    }
    times(state)
}

fn settle_lesson_status(state: &mut State) {
    const STATUS: &str = "cmi.core.lesson_status";
    let mode = state
        .get("cmi.core.lesson_mode")
        .unwrap_or("normal")
        .to_owned();
    if mode == "review" {
        return;
    }
    let suspended = is_suspended(state);
    let open = match (mode.as_str(), suspended) {
        ("browse", _) => "browsed",
        (_, true) => "incomplete",
        (_, false) => "completed",
    };
    let said = state
        .filled(STATUS)
        .filter(|status| *status != "not attempted");
    let status = said.unwrap_or(open).to_owned();
    let in_the_middle = suspended && status == "incomplete";
    let credit = state
        .read("cmi.core.credit")
        .is_ok_and(|credit| credit == "credit");
    let judged = credit && mode == "normal" && !in_the_middle;
    let mastery = state
        .filled("cmi.student_data.mastery_score")
        .and_then(ten_thousandths);
    let raw = state.filled("cmi.core.score.raw").and_then(reached);
    let status = match (raw, mastery) {
        (Some(raw), Some(mastery)) if judged && raw >= mastery => "passed".to_owned(),
        (Some(_), Some(_)) if judged => "failed".to_owned(),
        _ => status,
    };
    state.put(STATUS, status);
}

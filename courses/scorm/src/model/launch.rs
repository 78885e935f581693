//! What a SCO reads when it starts: the platform's values, and what the
//! session before left (`session.rs`).

use super::session::{AB_INITIO, carry_over};
use super::{Ending, Standard, State};

/// Why the SCO is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// To work in it.
    #[default]
    Normal,
    /// To look at finished work; nothing counts.
    Review,
    /// To look around beforehand; nothing counts.
    Browse,
}

impl Mode {
    /// The standards' word: `normal`, `review` or `browse`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Review => "review",
            Self::Browse => "browse",
        }
    }
}

/// The session before, for the same learner, attempt and SCO.
#[derive(Debug, Clone, Copy)]
pub struct Previous<'a> {
    /// What was stored, [`end_of_session`](super::end_of_session) applied.
    pub state: &'a State,
    /// Whether it ended properly. One that did not (battery, crash) is resumed.
    pub ending: Ending,
}

/// A comment that the platform shows to the learner (`cmi.comments_from_lms`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LmsComment {
    /// The text.
    pub comment: String,
    /// What it is about, in the SCO's terms. Only in 2004.
    pub location: Option<String>,
    /// `YYYY-MM-DDThh:mm:ss`. Only in 2004.
    pub timestamp: Option<String>,
}

/// A data store shared between SCOs (`adl.data`, 2004 4th edition).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Store {
    /// `targetID` of the manifest's map.
    pub id: String,
    /// What other SCOs left in it.
    pub value: Option<String>,
    /// `readSharedData`.
    pub read: bool,
    /// `writeSharedData`.
    pub write: bool,
}

/// What the platform knows when it opens a SCO. Texts of the manifest go in as
/// they are written there; empty ones are left out.
#[derive(Debug, Clone, Default)]
pub struct Launch<'a> {
    /// A pseudonym, without spaces.
    pub learner_id: String,
    /// Shown by the SCO; "Last, First" by custom.
    pub learner_name: String,
    /// Normal, review or browse.
    pub mode: Mode,
    /// Whether the result counts. Always "no-credit" outside the normal mode.
    pub credit: bool,
    /// `adlcp:datafromlms`, `adlcp:dataFromLMS`.
    pub launch_data: Option<String>,
    /// `adlcp:masteryscore` (1.2), 0 to 100.
    pub mastery_score: Option<String>,
    /// `adlcp:maxtimeallowed` (1.2), `attemptAbsoluteDurationLimit` (2004).
    pub max_time_allowed: Option<String>,
    /// `adlcp:timelimitaction`, `adlcp:timeLimitAction`.
    pub time_limit_action: Option<String>,
    /// `adlcp:completionThreshold` when completion is by measure (2004), 0 to 1.
    pub completion_threshold: Option<String>,
    /// `imsss:minNormalizedMeasure` when satisfaction is by measure (2004), −1 to 1.
    pub scaled_passing_score: Option<String>,
    /// Comments for the learner; joined into one text in 1.2.
    pub comments: Vec<LmsComment>,
    /// Identifiers of the manifest's objectives (2004).
    pub objectives: Vec<String>,
    /// Data stores that the SCO is mapped to (2004).
    pub stores: Vec<Store>,
    /// Whether "continue" and "previous" lead somewhere (2004).
    pub next: Option<bool>,
    /// See `next`.
    pub previous_activity: Option<bool>,
    /// The session before.
    pub previous: Option<Previous<'a>>,
}

/// The values that a SCO finds at launch.
///
/// 2004: a session left with `suspend` (or by the request `suspendAll`, or
/// lost) is the same learner attempt: everything comes back, entry is
/// `resume`. Otherwise a new learner attempt starts from nothing, entry
/// `ab-initio`, total time zero (RTE 4.2.7, 4.2.8). Review shows what is there,
/// entry empty.
/// 1.2: values stay for as long as the platform keeps the attempt; only the
/// entry says whether to resume (RTE 3.4.2.1.1).
/// In both, the time of the session before goes into the total.
#[must_use]
pub fn launch_state(standard: Standard, launch: &Launch<'_>) -> State {
    let previous = launch
        .previous
        .filter(|previous| previous.state.standard() == standard);
    let carried = previous.map(|it| carry_over(it.state, it.ending, launch.mode));
    let (mut state, entry) = match carried {
        Some((Some(state), entry)) => (state, entry),
        Some((None, entry)) => (State::new(standard), entry),
        None => (State::new(standard), AB_INITIO),
    };
    let credit = launch.credit && launch.mode == Mode::Normal;
    let credit = if credit { "credit" } else { "no-credit" };
    match standard {
        Standard::Scorm12 => fill_12(&mut state, launch, entry, credit),
        Standard::Scorm2004 => fill_2004(&mut state, launch, entry, credit),
    }
    state
}

fn fill_12(state: &mut State, launch: &Launch<'_>, entry: &str, credit: &str) {
    state.put("cmi.core.student_id", launch.learner_id.as_str());
    state.put("cmi.core.student_name", launch.learner_name.as_str());
    state.put("cmi.core.entry", entry);
    state.put("cmi.core.credit", credit);
    state.put("cmi.core.lesson_mode", launch.mode.as_str());
    let comments: Vec<_> = launch
        .comments
        .iter()
        .map(|it| it.comment.as_str())
        .collect();
    set_or_forget(state, "cmi.launch_data", launch.launch_data.as_deref());
    set_or_forget(state, "cmi.comments_from_lms", Some(&comments.join("\n")));
    set_or_forget(
        state,
        "cmi.student_data.mastery_score",
        launch.mastery_score.as_deref(),
    );
    set_or_forget(
        state,
        "cmi.student_data.max_time_allowed",
        launch.max_time_allowed.as_deref(),
    );
    set_or_forget(
        state,
        "cmi.student_data.time_limit_action",
        launch.time_limit_action.as_deref(),
    );
}

fn fill_2004(state: &mut State, launch: &Launch<'_>, entry: &str, credit: &str) {
    state.put("cmi.learner_id", launch.learner_id.as_str());
    state.put("cmi.learner_name", launch.learner_name.as_str());
    state.put("cmi.entry", entry);
    state.put("cmi.credit", credit);
    state.put("cmi.mode", launch.mode.as_str());
    set_or_forget(state, "cmi.launch_data", launch.launch_data.as_deref());
    set_or_forget(
        state,
        "cmi.max_time_allowed",
        launch.max_time_allowed.as_deref(),
    );
    set_or_forget(
        state,
        "cmi.time_limit_action",
        launch.time_limit_action.as_deref(),
    );
    set_or_forget(
        state,
        "cmi.completion_threshold",
        launch.completion_threshold.as_deref(),
    );
    set_or_forget(
        state,
        "cmi.scaled_passing_score",
        launch.scaled_passing_score.as_deref(),
    );
    for (at, comment) in launch.comments.iter().enumerate() {
        let item = format!("cmi.comments_from_lms.{at}");
        state.put(format!("{item}.comment"), comment.comment.as_str());
        set_or_forget(
            state,
            &format!("{item}.location"),
            comment.location.as_deref(),
        );
        set_or_forget(
            state,
            &format!("{item}.timestamp"),
            comment.timestamp.as_deref(),
        );
    }
    if state.count("cmi.objectives") == 0 {
        for (at, id) in launch.objectives.iter().enumerate() {
            state.put(format!("cmi.objectives.{at}.id"), id.as_str());
        }
    }
    for (at, store) in launch.stores.iter().enumerate() {
        let item = format!("adl.data.{at}");
        let access = [("r", store.read), ("w", store.write)];
        let access: String = access
            .iter()
            .filter(|(_, open)| *open)
            .map(|(word, _)| *word)
            .collect();
        state.put(format!("{item}.id"), store.id.as_str());
        state.put(format!("{item}._access"), access);
        set_or_forget(state, &format!("{item}.store"), store.value.as_deref());
    }
    for (word, valid) in [
        ("continue", launch.next),
        ("previous", launch.previous_activity),
    ] {
        let valid = valid.map(|valid| if valid { "true" } else { "false" });
        set_or_forget(state, &format!("adl.nav.request_valid.{word}"), valid);
    }
}

/// The manifest of today decides, not the one of the session before.
fn set_or_forget(state: &mut State, element: &str, value: Option<&str>) {
    match value.filter(|value| !value.is_empty()) {
        Some(value) => state.put(element, value),
        None => state.forget(element),
    }
}

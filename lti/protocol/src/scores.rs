//! Scores that go to a platform (AGS 2.0), and the proof of who sends them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use url::Url;

/// Reads and writes line items.
pub const SCOPE_LINE_ITEM: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
/// Reads results.
pub const SCOPE_RESULTS: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
/// Posts scores.
pub const SCOPE_SCORES: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
/// Lists members.
pub const SCOPE_MEMBERSHIPS: &str =
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";

/// Seconds that an assertion lives.
const LIFE: i64 = 60;

/// How far the activity is (AGS 2.0, 3.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActivityProgress {
    /// Nothing was done.
    Initialized,
    /// Opened.
    Started,
    /// Being worked on.
    InProgress,
    /// Handed in; may be taken up again.
    Submitted,
    /// Over.
    Completed,
}

/// How far the grading is (AGS 2.0, 3.4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GradingProgress {
    /// Nothing to grade, or not yet.
    NotReady,
    /// Could not be graded.
    Failed,
    /// Graded in part.
    Pending,
    /// A person has to grade.
    PendingManual,
    /// Final.
    FullyGraded,
}

/// A score of a person in a line item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// The subject, as the platform named it.
    pub user_id: String,
    /// When, RFC 3339 with a fraction: the platform ignores what is older than what it has.
    pub timestamp: String,
    /// How far the activity is.
    pub activity_progress: ActivityProgress,
    /// How far the grading is.
    pub grading_progress: GradingProgress,
    /// The score; needs `score_maximum`.
    #[serde(
        default,
        deserialize_with = "number",
        skip_serializing_if = "Option::is_none"
    )]
    pub score_given: Option<f64>,
    /// The largest score.
    #[serde(
        default,
        deserialize_with = "number",
        skip_serializing_if = "Option::is_none"
    )]
    pub score_maximum: Option<f64>,
    /// A sentence for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A number, or one that is written as a text: Moodle (4.5) sends `"100.00000"`.
///
/// # Errors
///
/// It is neither.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    match Option::<Written>::deserialize(from)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) => text.trim().parse().map(Some).map_err(D::Error::custom),
    }
}

/// Why a score is not taken (AGS 2.0, 3.4).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// Not the JSON of a score; what is missing or unknown.
    #[error("the score cannot be read: {0} (AGS 2.0, 3.4.3)")]
    Malformed(String),
    /// No person, or too long a name.
    #[error("userId is missing or too long (AGS 2.0, 3.4.6)")]
    User,
    /// A score below zero or without number, or without its largest value.
    #[error("scoreGiven needs to be zero or more, with a scoreMaximum above zero (AGS 2.0, 3.4.4)")]
    Values,
    /// A comment that is too long.
    #[error("the comment is too long (AGS 2.0, 3.4.9)")]
    Comment,
}

impl ScoreError {
    /// A stable word for translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "score-malformed",
            Self::User => "score-user",
            Self::Values => "score-values",
            Self::Comment => "score-comment",
        }
    }

    /// Where the specification asks for the refusal.
    pub fn section(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "AGS 2.0, 3.4.3",
            Self::User => "AGS 2.0, 3.4.6",
            Self::Values => "AGS 2.0, 3.4.4",
            Self::Comment => "AGS 2.0, 3.4.9",
        }
    }
}

/// Characters of a comment at most.
const MAX_COMMENT: usize = 10_000;

impl Score {
    /// Reads a score that a tool posts.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn read(text: &str) -> Result<Self, ScoreError> {
        let score: Self =
            serde_json::from_str(text).map_err(|e| ScoreError::Malformed(e.to_string()))?;
        if score.user_id.is_empty() || score.user_id.len() > 255 {
            return Err(ScoreError::User);
        }
        if let Some(given) = score.score_given {
            let most = score.score_maximum.unwrap_or(0.0);
            if !(given.is_finite() && given >= 0.0 && most.is_finite() && most > 0.0) {
                return Err(ScoreError::Values);
            }
        }
        let comment = score.comment.as_deref().unwrap_or_default();
        if comment.chars().count() > MAX_COMMENT {
            return Err(ScoreError::Comment);
        }
        Ok(score)
    }

    /// The score as a share of its largest value, in ten-thousandths and never above ten thousand;
    /// none while the grading is not over.
    pub fn share(&self) -> Option<i32> {
        let (given, most) = (self.score_given?, self.score_maximum?);
        let is_final = self.grading_progress == GradingProgress::FullyGraded;
        // Never rounded up: 79.996 is below 80. What is added is less than floating point loses.
        is_final.then(|| {
            (given / most * 10_000.0 + 1e-6)
                .floor()
                .clamp(0.0, 10_000.0) as i32
        })
    }
}

/// Where scores of a line item are posted: `/scores` at the end of the path, its query kept (AGS 2.0, 3.4.1).
pub fn scores_address(line_item: &Url) -> Url {
    let mut url = line_item.clone();
    let path = format!("{}/scores", url.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

/// The claims of a client assertion, to be signed, against which a platform gives an access
/// token (Security Framework 1.0, 4.1.1; RFC 7523).
pub fn client_assertion(client_id: &str, audience: &str, unique: &str, now: i64) -> Value {
    json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": now,
        "exp": now + LIFE,
        "jti": unique,
    })
}

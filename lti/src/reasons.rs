//! Why something was refused, kept so that it is told in the language of whoever reads it.
//!
//! A program is answered in English, with the words of the specifications; so is the log. What is
//! kept for people is a word, with what belongs to it, and becomes a sentence when a page shows it.

use passerelle_lti_protocol::{AnswerError, LaunchError, LoginError, RosterError, ScoreError};
use passerelle_outgoing::OutgoingError;
use passerelle_web::{Ctx, format};
use serde::{Deserialize, Serialize};

/// Characters that are kept of what somebody else wrote.
const MAX_ABOUT: usize = 120;

/// A reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reason {
    /// The sentence, `lti-reason-…`; none where what happened says it all.
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    /// What was asked, `lti-what-…`.
    #[serde(skip_serializing_if = "String::is_empty")]
    what: String,
    /// A word of somebody else, as it came: an identifier, the name of a field.
    #[serde(skip_serializing_if = "String::is_empty")]
    about: String,
    /// A number of the sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// By how many seconds clocks are apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<i64>,
    /// Where the specification asks for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    section: String,
}

impl Reason {
    /// One that has its sentence.
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            ..Self::default()
        }
    }

    /// What was asked when it happened.
    pub(crate) fn asking(mut self, what: &str) -> Self {
        what.clone_into(&mut self.what);
        self
    }

    /// What it is about, as somebody else named it.
    pub(crate) fn about(mut self, text: &str) -> Self {
        self.about = text.chars().take(MAX_ABOUT).collect();
        self
    }

    /// As it is kept.
    pub(crate) fn kept(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As a log tells it.
    pub(crate) fn logged(&self) -> String {
        let number = self.number.map(|number| format!(" {number}"));
        format!("{}: {}{}", self.what, self.why, number.unwrap_or_default())
    }

    fn said(&self, ctx: &Ctx) -> String {
        let mut parts = Vec::new();
        if !self.why.is_empty() {
            let words = [
                ("about", self.about.as_str().into()),
                ("number", self.number.unwrap_or_default().into()),
            ];
            let sentence = ctx.tr(&format!("lti-reason-{}", self.why), &words);
            parts.push(if self.what.is_empty() {
                sentence
            } else {
                let what = ctx.t(&format!("lti-what-{}", self.what));
                ctx.tr(
                    "lti-reason-asking",
                    &[("what", what.into()), ("why", sentence.into())],
                )
            });
        } else if !self.about.is_empty() {
            parts.push(ctx.tr("lti-reason-about", &[("about", self.about.as_str().into())]));
        }
        parts.extend(self.seconds.map(|seconds| clocks(ctx, seconds)));
        if !self.section.is_empty() {
            parts.push(self.section.clone());
        }
        parts.join(" – ")
    }
}

/// By how much clocks are apart, as a sentence.
pub(crate) fn clocks(ctx: &Ctx, seconds: i64) -> String {
    let gap = if seconds < 600 {
        format!("{} s", format::number(seconds, ctx.lang))
    } else {
        format::duration(seconds / 60, ctx.lang)
    };
    ctx.tr("lti-reason-clocks", &[("gap", gap.into())])
}

/// What was kept, as a sentence; what older versions kept was one already.
pub(crate) fn shown(ctx: &Ctx, kept: &str) -> String {
    match serde_json::from_str::<Reason>(kept) {
        Ok(reason) => reason.said(ctx),
        Err(_) => kept.to_owned(),
    }
}

/// A reason that was not kept, as a sentence.
pub(crate) fn of(ctx: &Ctx, reason: impl Into<Reason>) -> String {
    reason.into().said(ctx)
}

impl From<&LaunchError> for Reason {
    fn from(error: &LaunchError) -> Self {
        Self {
            seconds: error.seconds(),
            section: error.section().to_owned(),
            ..Self::default().about(error.about().unwrap_or_default())
        }
    }
}

impl From<&LoginError> for Reason {
    fn from(error: &LoginError) -> Self {
        Self {
            section: error.section().to_owned(),
            ..Self::default().about(error.about().unwrap_or_default())
        }
    }
}

impl From<&OutgoingError> for Reason {
    fn from(error: &OutgoingError) -> Self {
        let number = match error {
            OutgoingError::Status(status) => Some(i64::from(*status)),
            _ => None,
        };
        Self {
            number,
            ..Self::new(error.code())
        }
    }
}

impl From<&AnswerError> for Reason {
    fn from(error: &AnswerError) -> Self {
        let why = match error {
            AnswerError::Signature(error) if error.is_by_key() => "answer-key",
            AnswerError::Signature(_) => "answer-signature",
            error => error.code(),
        };
        let about = match error {
            AnswerError::Signature(error) => error.about(),
            _ => None,
        };
        Self {
            seconds: error.seconds(),
            section: error.section().to_owned(),
            ..Self::new(why).about(about.unwrap_or_default())
        }
    }
}

impl From<&ScoreError> for Reason {
    fn from(error: &ScoreError) -> Self {
        Self {
            section: error.section().to_owned(),
            ..Self::new(error.code())
        }
    }
}

impl From<&RosterError> for Reason {
    fn from(error: &RosterError) -> Self {
        match error {
            RosterError::Malformed(_) => Self::new("malformed"),
            RosterError::Elsewhere => Self {
                section: "NRPS 2.0, 2.4.3".to_owned(),
                ..Self::new("next-elsewhere")
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use passerelle_lti_protocol::AuthenticationError;

    use super::*;

    /// The words of reasons that no type lists.
    const WORDS: [&str; 26] = [
        "answer-key",
        "answer-signature",
        "ours",
        "malformed",
        "address",
        "slow",
        "circles",
        "too-many-members",
        "next-elsewhere",
        "refused",
        "client",
        "hint",
        "other-person",
        "gone",
        "grant",
        "assertion-type",
        "replayed",
        "scope",
        "picked-link",
        "picked-late",
        "score-timestamp",
        "score-nobody",
        "score-later",
        "asking",
        "about",
        "clocks",
    ];

    /// A reason without its sentence would be told by its word.
    #[test]
    fn every_reason_has_its_sentence_in_each_language() {
        let mut words = WORDS.map(str::to_owned).to_vec();
        let answers = [
            AnswerError::Issuer,
            AnswerError::Subject,
            AnswerError::Audience,
            AnswerError::NoExpiry,
            AnswerError::Expired(1),
            AnswerError::Future(1),
            AnswerError::TooLong,
            AnswerError::Unique,
            AnswerError::Message,
            AnswerError::Deployment,
            AnswerError::Data,
            AnswerError::TooMany,
        ];
        let scores = [
            ScoreError::Malformed(String::new()),
            ScoreError::User,
            ScoreError::Values,
            ScoreError::Comment,
        ];
        let outgoing = [
            OutgoingError::NotSecure,
            OutgoingError::Private,
            OutgoingError::Unreachable(String::new()),
            OutgoingError::Status(500),
            OutgoingError::TooLarge,
        ];
        let requests = [
            AuthenticationError::Scope,
            AuthenticationError::ResponseType,
            AuthenticationError::ResponseMode,
            AuthenticationError::Redirect,
            AuthenticationError::Nonce,
            AuthenticationError::State,
        ];
        words.extend(answers.iter().map(|error| Reason::from(error).why));
        words.extend(scores.iter().map(|error| Reason::from(error).why));
        words.extend(outgoing.iter().map(|error| Reason::from(error).why));
        words.extend(requests.iter().map(|error| error.code().to_owned()));
        let whats = [
            "score", "token", "members", "results", "columns", "column", "keys",
        ];
        let whats = whats.map(|what| format!("lti-what-{what}"));
        for text in [
            include_str!("../locales/fr/reasons.ftl"),
            include_str!("../locales/en/reasons.ftl"),
        ] {
            let sentences = words.iter().map(|word| format!("lti-reason-{word}"));
            for id in sentences.chain(whats.clone()) {
                assert!(text.contains(&format!("\n{id} = ")), "{id}");
            }
        }
    }

    #[test]
    fn what_is_kept_is_short_and_comes_back() {
        let reason = Reason::from(&LaunchError::KeyUnknown("x".repeat(500)));
        let kept = reason.kept();
        assert!(kept.len() < 400, "{kept}");
        assert_eq!(serde_json::from_str::<Reason>(&kept).ok(), Some(reason));
        assert_eq!(Reason::default().kept(), "");
    }
}

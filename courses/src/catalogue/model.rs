//! The course sheet: what indicator 1 of the national quality framework asks to make public.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Nature of the action (Labour code L.6313-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionNature {
    /// Action de formation.
    #[default]
    Training,
    /// Bilan de compétences.
    SkillsAssessment,
    /// Validation des acquis de l'expérience.
    PriorLearning,
    /// Action de formation par apprentissage.
    Apprenticeship,
}

/// An operational, assessable objective (indicator 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// Identifier, named by activities that assess it.
    pub id: Uuid,
    /// « À l'issue, vous saurez … ».
    pub text: String,
}

/// The sheet of a course. Texts are Markdown unless said otherwise; empty means not told yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    /// One or two sentences, plain text.
    pub summary: String,
    /// For whom.
    pub audience: String,
    /// Prerequisites; « aucun » is an answer, empty is not.
    pub prerequisites: String,
    /// Operational objectives.
    pub objectives: Vec<Objective>,
    /// Programme.
    pub programme: String,
    /// Duration agreed, minutes; caps the realised time.
    pub agreed_minutes: i32,
    /// How it runs: at a distance, tutored, rhythm.
    pub modalities: String,
    /// How to get in, and how fast (access lead time).
    pub access: String,
    /// Price.
    pub price: String,
    /// Contacts.
    pub contact: String,
    /// Teaching methods.
    pub methods: String,
    /// How learning is assessed.
    pub assessment: String,
    /// Accessibility for disabled people, with the officer.
    pub accessibility: String,
    /// Announced answering delay of tutors, hours.
    pub answer_hours: i32,
    /// Nature of the action.
    pub nature: ActionNature,
    /// Weeks, 4 by default.
    pub weeks: i32,
    /// Published results (indicator 2), free text with period and method.
    pub results: String,
}

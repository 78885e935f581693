//! What a document says, as typed fields. No wording, no layout: those belong to the
//! translations and the templates.
//!
//! Dates are local to the training body; instants are microseconds UTC; durations are whole
//! minutes. Every text is plain text: nothing in it is ever read as markup.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document to typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Document {
    /// *Certificat de réalisation*.
    CompletionCertificate(CompletionCertificate),
    /// *Attestation de fin de formation*.
    EndOfTrainingStatement(EndOfTrainingStatement),
    /// *Attestation d'assiduité*.
    AttendanceStatement(AttendanceStatement),
}

impl Document {
    /// What the document has in common with the others: issuer, date, verification.
    pub fn issue(&self) -> &Issue {
        match self {
            Self::CompletionCertificate(document) => &document.issue,
            Self::EndOfTrainingStatement(document) => &document.issue,
            Self::AttendanceStatement(document) => &document.issue,
        }
    }
}

/// Language in which a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French, the language of the official models.
    #[default]
    Fr,
    /// English.
    En,
}

impl Language {
    /// Every language in which the documents exist.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The BCP 47 tag, as written in the document.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// Who issues a document, when, and how a reader can check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Language of the whole document.
    pub language: Language,
    /// The training body that signs.
    pub body: TrainingBody,
    /// Local date of issue; also the creation date written in the file.
    pub issued_on: Date,
    /// Serial number under which the document is registered.
    pub serial_number: String,
    /// Address where anybody can check the document; printable ASCII, http or https, at most
    /// 300 bytes. Printed, linked, and drawn as a QR code.
    pub verification_url: String,
    /// Head of the journal when the document was issued.
    pub journal_head: JournalHead,
    /// IANA time zone in which the instant of the journal head is printed, such as
    /// `Europe/Paris`.
    pub time_zone: String,
}

/// The training body (*dispensateur de l'action*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingBody {
    /// Legal name.
    pub name: String,
    /// Postal address; one line of print per line of text.
    pub address: String,
    /// SIRET number, printed in groups when it has its 14 digits.
    pub siret: String,
    /// *Numéro de déclaration d'activité*.
    pub activity_declaration_number: String,
    /// Who signs for the body.
    pub representative: Representative,
    /// Town where the document is issued ("Fait à …").
    pub place: String,
}

/// The legal representative of the training body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    /// Given and family name.
    pub name: String,
    /// Quality, such as "directrice".
    pub quality: String,
}

/// The person who followed the action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trainee {
    /// Given and family name.
    pub name: String,
    /// Name of the employer, when there is one.
    pub employer: Option<String>,
}

/// The training action, as agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingAction {
    /// Exact title.
    pub title: String,
    /// Which of the four kinds of action it is.
    pub nature: ActionNature,
    /// First day.
    pub starts_on: Date,
    /// Last day; never before the first.
    pub ends_on: Date,
}

/// The four kinds of action that develop competences (French labour code, article L6313-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionNature {
    /// *Action de formation*.
    Training,
    /// *Bilan de compétences*.
    SkillsAssessment,
    /// *Validation des acquis de l'expérience* (VAE).
    PriorLearningValidation,
    /// *Action de formation par apprentissage*.
    Apprenticeship,
}

impl ActionNature {
    /// The four, in the order of the official model.
    pub const ALL: [Self; 4] = [
        Self::Training,
        Self::SkillsAssessment,
        Self::PriorLearningValidation,
        Self::Apprenticeship,
    ];
}

/// A sealed head of the journal, as printed so that a later rewriting can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHead {
    /// Number of entries under the head.
    pub size: u64,
    /// Root hash of the Merkle tree, in hexadecimal.
    pub root_hash: String,
    /// When the head was signed, in microseconds UTC.
    pub sealed_at: i64,
}

/// *Certificat de réalisation*: what was realised, for whom pays. It carries neither a result
/// of assessment nor a signature of the trainee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionCertificate {
    /// Issuer, date, verification.
    pub issue: Issue,
    /// Who followed the action.
    pub trainee: Trainee,
    /// What was followed.
    pub action: TrainingAction,
    /// Duration realised, in minutes; never connection time.
    pub realised_minutes: u32,
    /// Whether part of the action was at a distance: adds the note on how that part is counted.
    pub includes_distance: bool,
}

/// *Attestation de fin de formation*: objectives, nature, duration and results of the
/// assessment, for the trainee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndOfTrainingStatement {
    /// Issuer, date, verification.
    pub issue: Issue,
    /// Who followed the action.
    pub trainee: Trainee,
    /// What was followed.
    pub action: TrainingAction,
    /// Duration realised, in minutes; never connection time.
    pub realised_minutes: u32,
    /// Whether part of the action was at a distance: adds the note on how that part is counted.
    pub includes_distance: bool,
    /// Objectives of the action; at most 200.
    pub objectives: Vec<String>,
    /// Results of the assessment of what was learnt; at most 200.
    pub results: Vec<AssessmentResult>,
}

/// One line of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentResult {
    /// What was assessed: an assessment's title or an objective.
    pub title: String,
    /// The outcome in words.
    pub outcome: Outcome,
    /// The score in ten-thousandths of the maximum (0 to 10,000), when there is one.
    pub score: Option<u16>,
}

/// Outcome of an assessment of what was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// *Acquis*.
    Achieved,
    /// *En cours d'acquisition*.
    InProgress,
    /// *Non acquis*.
    NotAchieved,
    /// *Non évalué*.
    NotAssessed,
}

/// *Attestation d'assiduité*: what was planned, what was done, and by which activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceStatement {
    /// Issuer, date, verification.
    pub issue: Issue,
    /// Who followed the action.
    pub trainee: Trainee,
    /// What was followed.
    pub action: TrainingAction,
    /// Duration planned, in minutes.
    pub planned_minutes: u32,
    /// Duration realised, in minutes; never connection time. The rate is this over the planned
    /// one, rounded down and never above 100 %.
    pub realised_minutes: u32,
    /// Whether part of the action was at a distance: adds the note on how that part is counted.
    pub includes_distance: bool,
    /// Activities done, in order; at most 500.
    pub activities: Vec<ActivityLine>,
}

/// One activity done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// Title of the activity.
    pub title: String,
    /// Local date on which it was done, when known.
    pub done_on: Option<Date>,
    /// What the minutes are.
    pub basis: TimeBasis,
    /// Minutes that the activity counts for.
    pub minutes: u32,
}

/// Where the minutes of an activity come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBasis {
    /// The estimated duration of an activity at a distance.
    Estimated,
    /// The time attended at a live session.
    Attended,
}

//! What a manifest says, as it is stored beside the package.

use super::{Edition, Element};
use crate::problem::{Position, Problem};
use serde::{Deserialize, Serialize};

/// A manifest, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Identifier of the manifest, often meaningless.
    pub identifier: String,
    /// Version of the package, as its author gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The edition of SCORM by which it is played.
    pub edition: Edition,
    /// `schemaversion` as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    /// Metadata of the package.
    #[serde(default)]
    pub metadata: Metadata,
    /// All organisations, in order; never empty.
    pub organizations: Vec<Organization>,
    /// Index of the one that is played.
    pub default_organization: usize,
    /// Resources, in order, each identifier once.
    pub resources: Vec<Resource>,
    /// Shared sequencing rules (`imsss:sequencingCollection`); those that items refer
    /// to are already merged into [`Item::sequencing`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequencing_collection: Vec<Element>,
    /// Warnings and notes when the manifest was read on its own; a package lists them
    /// with its others.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// A text in several languages: language tag (may be empty) and text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(pub Vec<(String, String)>);

impl Localized {
    /// The text in this language (primary tag), else in none, else the first.
    pub fn best(&self, language: &str) -> Option<&str> {
        let speaks = |tag: &str, wanted: &str| {
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            primary.eq_ignore_ascii_case(wanted)
        };
        let of = |wanted: &str| self.0.iter().find(|(tag, _)| speaks(tag, wanted));
        of(language)
            .or_else(|| of(""))
            .or_else(|| self.0.first())
            .map(|(_, text)| text.as_str())
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the metadata says that a catalogue can use. Metadata in files of their own are
/// not opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// `general/title`.
    pub title: Localized,
    /// `general/description`, the first.
    pub description: Localized,
    /// `general/language`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `general/keyword`, each in all its languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<Localized>,
    /// `lifecycle/version`.
    pub version: Localized,
    /// `educational/typicallearningtime` as written: a duration of ISO 8601, or
    /// `hh:mm:ss` in old packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typical_learning_time: Option<String>,
    /// `rights/description`.
    pub rights: Localized,
    /// `adlcp:location`: a file that holds the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Metadata {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One table of contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Identifier, unique among organisations by what authors promise.
    pub identifier: String,
    /// Title; the one of the package, or the identifier, if none is given.
    pub title: String,
    /// Items of the first level.
    pub items: Vec<Item>,
    /// Metadata of the organisation.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// Rules of the root of the activity tree, merged with those it refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencing: Option<Element>,
    /// Threshold of the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_threshold: Option<CompletionThreshold>,
    /// `adlseq:objectivesGlobalToSystem`, true unless said otherwise.
    pub objectives_global_to_system: bool,
    /// `adlcp:sharedDataGlobalToSystem`, true unless said otherwise.
    pub shared_data_global_to_system: bool,
}

/// One line of a table of contents, with those below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Identifier, unique in the organisation.
    pub identifier: String,
    /// Title; the identifier if none is given.
    pub title: String,
    /// Identifier of the resource to launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Whether the line is shown.
    pub visible: bool,
    /// `parameters` as written, to be added to the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
    /// SCORM 1.2: what must be done before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prerequisites: Option<Prerequisites>,
    /// SCORM 1.2 `maxtimeallowed` as written (`HHHH:MM:SS.SS`), or the
    /// `attemptAbsoluteDurationLimit` of SCORM 2004 (ISO 8601).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_time: Option<String>,
    /// What happens when that time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_action: Option<TimeLimitAction>,
    /// `datafromlms`: text for the content (`launch_data`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch_data: Option<String>,
    /// SCORM 1.2 `masteryscore`, in ten-thousandths of a point (80 is 800,000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mastery_score: Option<i64>,
    /// SCORM 2004: when progress counts as completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_threshold: Option<CompletionThreshold>,
    /// SCORM 2004: controls of the player that the content replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hide_lms_ui: Vec<LmsControl>,
    /// SCORM 2004 4th edition: shared data stores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_maps: Vec<DataMap>,
    /// Title, description and so on, where given.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// Sequencing rules, merged with those they refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencing: Option<Element>,
    /// Items below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// Where it stands in the manifest.
    pub position: Position,
}

/// SCORM 1.2: an AICC script over the states of other items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisites {
    /// `type`, `aicc_script` in every known package.
    pub kind: String,
    /// The expression.
    pub script: String,
}

/// What happens when the time allowed is over (SCORM 1.2 CAM 2.3.2.5, SCORM 2004 CAM
/// 3.4.1.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeLimitAction {
    /// Told and closed.
    #[serde(rename = "exit,message")]
    ExitMessage,
    /// Closed.
    #[serde(rename = "exit,no message")]
    ExitNoMessage,
    /// Told.
    #[serde(rename = "continue,message")]
    ContinueMessage,
    /// Nothing.
    #[serde(rename = "continue,no message")]
    ContinueNoMessage,
}

impl TimeLimitAction {
    /// The value as the data model has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExitMessage => "exit,message",
            Self::ExitNoMessage => "exit,no message",
            Self::ContinueMessage => "continue,message",
            Self::ContinueNoMessage => "continue,no message",
        }
    }
}

/// `adlcp:completionThreshold`, measures in ten-thousandths of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionThreshold {
    /// Whether progress decides on completion. Always, where the 2nd and 3rd edition
    /// give a threshold.
    pub completed_by_measure: bool,
    /// Progress from which the activity is completed, 0 to 10,000.
    pub min_progress_measure: i64,
    /// Weight in the progress of the parent, 0 to 10,000.
    pub progress_weight: i64,
}

impl CompletionThreshold {
    /// The value of `cmi.completion_threshold`, if the content is to see one.
    pub fn effective(&self) -> Option<i64> {
        self.completed_by_measure
            .then_some(self.min_progress_measure)
    }
}

/// A control of the player that an item may hide (`adlnav:hideLMSUI`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LmsControl {
    /// Next.
    Continue,
    /// Previous.
    Previous,
    /// Leave the activity.
    Exit,
    /// Leave the course.
    ExitAll,
    /// Give the activity up.
    Abandon,
    /// Give the course up.
    AbandonAll,
    /// Stop, to go on later.
    SuspendAll,
}

/// A shared data store that an item may use (`adlcp:map`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataMap {
    /// Identifier of the store.
    pub target: String,
    /// Whether the item reads it.
    pub read: bool,
    /// Whether the item writes it.
    pub write: bool,
}

/// Whether a resource talks to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScormType {
    /// It does.
    Sco,
    /// It does not.
    Asset,
}

/// A resource: something to launch, or files that others need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Identifier.
    pub identifier: String,
    /// `type`, usually `webcontent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `adlcp:scormType`, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scorm_type: Option<ScormType>,
    /// `href` as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// All `xml:base` that apply, joined.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base: String,
    /// The file to launch, as a path of the package; `None` if there is none or if it
    /// is on another site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Query and fragment of the address, with their `?` and `#`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// Whether the address leads to another site.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Files listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ResourceFile>,
    /// Identifiers of the resources that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// Where it stands in the manifest.
    pub position: Position,
}

/// A file that a resource lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceFile {
    /// Path in the package, or the address as written where it leads elsewhere.
    pub path: String,
    /// Where it stands in the manifest.
    pub position: Position,
}

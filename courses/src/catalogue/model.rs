//! The course sheet: what indicator 1 of the national quality framework asks to make public.

use passerelle_text::fold::fold;
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

/// A text of the sheet, as its form and its completeness know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetField {
    /// [`Sheet::summary`].
    Summary,
    /// [`Sheet::audience`].
    Audience,
    /// [`Sheet::prerequisites`].
    Prerequisites,
    /// [`Sheet::programme`].
    Programme,
    /// [`Sheet::modalities`].
    Modalities,
    /// [`Sheet::methods`].
    Methods,
    /// [`Sheet::assessment`].
    Assessment,
    /// [`Sheet::access`].
    Access,
    /// [`Sheet::price`].
    Price,
    /// [`Sheet::contact`].
    Contact,
    /// [`Sheet::accessibility`].
    Accessibility,
    /// [`Sheet::results`].
    Results,
}

impl SheetField {
    /// Every text, in the order of the sheet.
    pub const ALL: [Self; 12] = [
        Self::Summary,
        Self::Audience,
        Self::Prerequisites,
        Self::Programme,
        Self::Modalities,
        Self::Methods,
        Self::Assessment,
        Self::Access,
        Self::Price,
        Self::Contact,
        Self::Accessibility,
        Self::Results,
    ];

    /// Its name in the stored sheet, in forms and in messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Audience => "audience",
            Self::Prerequisites => "prerequisites",
            Self::Programme => "programme",
            Self::Modalities => "modalities",
            Self::Methods => "methods",
            Self::Assessment => "assessment",
            Self::Access => "access",
            Self::Price => "price",
            Self::Contact => "contact",
            Self::Accessibility => "accessibility",
            Self::Results => "results",
        }
    }

    /// Whether indicator 1 asks for it before publication; results are indicator 2, once there are some.
    pub const fn is_compulsory(self) -> bool {
        !matches!(self, Self::Results)
    }

    /// Characters at most.
    pub const fn limit(self) -> u32 {
        match self {
            Self::Summary => 400,
            Self::Programme => 20_000,
            _ => 4_000,
        }
    }

    /// Its text.
    pub fn of(self, sheet: &Sheet) -> &str {
        match self {
            Self::Summary => &sheet.summary,
            Self::Audience => &sheet.audience,
            Self::Prerequisites => &sheet.prerequisites,
            Self::Programme => &sheet.programme,
            Self::Modalities => &sheet.modalities,
            Self::Methods => &sheet.methods,
            Self::Assessment => &sheet.assessment,
            Self::Access => &sheet.access,
            Self::Price => &sheet.price,
            Self::Contact => &sheet.contact,
            Self::Accessibility => &sheet.accessibility,
            Self::Results => &sheet.results,
        }
    }

    /// Its text, to be changed.
    pub fn of_mut(self, sheet: &mut Sheet) -> &mut String {
        match self {
            Self::Summary => &mut sheet.summary,
            Self::Audience => &mut sheet.audience,
            Self::Prerequisites => &mut sheet.prerequisites,
            Self::Programme => &mut sheet.programme,
            Self::Modalities => &mut sheet.modalities,
            Self::Methods => &mut sheet.methods,
            Self::Assessment => &mut sheet.assessment,
            Self::Access => &mut sheet.access,
            Self::Price => &mut sheet.price,
            Self::Contact => &mut sheet.contact,
            Self::Accessibility => &mut sheet.accessibility,
            Self::Results => &mut sheet.results,
        }
    }
}

impl ActionNature {
    /// Every nature.
    pub const ALL: [Self; 4] = [
        Self::Training,
        Self::SkillsAssessment,
        Self::PriorLearning,
        Self::Apprenticeship,
    ];

    /// As stored and sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::SkillsAssessment => "skills_assessment",
            Self::PriorLearning => "prior_learning",
            Self::Apprenticeship => "apprenticeship",
        }
    }

    /// From what is stored or sent.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|nature| nature.code() == code)
    }
}

/// Something that a sheet must tell before it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Name of the field in the form: the anchor is `field-` and this.
    pub field: &'static str,
    /// Id of the message that says what is missing.
    pub message: &'static str,
}

impl Sheet {
    /// What indicator 1 asks and the sheet does not tell yet, in the order of the form.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for field in SheetField::ALL {
            if field.is_compulsory() && field.of(self).trim().is_empty() {
                gaps.push(Gap {
                    field: field.code(),
                    message: missing_message(field),
                });
            }
            if field == SheetField::Prerequisites
                && !self.objectives.iter().any(|o| !o.text.trim().is_empty())
            {
                gaps.push(Gap {
                    field: "objective-0",
                    message: "catalogue-missing-objectives",
                });
            }
        }
        if self.agreed_minutes <= 0 {
            gaps.push(Gap {
                field: "hours",
                message: "catalogue-missing-duration",
            });
        }
        if self.answer_hours <= 0 {
            gaps.push(Gap {
                field: "answer_hours",
                message: "catalogue-missing-answer",
            });
        }
        gaps
    }

    /// Names of the fields that differ from `other`.
    pub fn changes(&self, other: &Self) -> Vec<&'static str> {
        let mut changed: Vec<&'static str> = SheetField::ALL
            .into_iter()
            .filter(|f| f.of(self) != f.of(other))
            .map(SheetField::code)
            .collect();
        let mut add = |differs: bool, name| {
            if differs {
                changed.push(name);
            }
        };
        add(self.objectives != other.objectives, "objectives");
        add(
            self.agreed_minutes != other.agreed_minutes,
            "agreed_minutes",
        );
        add(self.answer_hours != other.answer_hours, "answer_hours");
        add(self.nature != other.nature, "nature");
        add(self.weeks != other.weeks, "weeks");
        changed
    }
}

const fn missing_message(field: SheetField) -> &'static str {
    match field {
        SheetField::Summary => "catalogue-missing-summary",
        SheetField::Audience => "catalogue-missing-audience",
        SheetField::Prerequisites => "catalogue-missing-prerequisites",
        SheetField::Programme => "catalogue-missing-programme",
        SheetField::Modalities => "catalogue-missing-modalities",
        SheetField::Methods => "catalogue-missing-methods",
        SheetField::Assessment => "catalogue-missing-assessment",
        SheetField::Access => "catalogue-missing-access",
        SheetField::Price => "catalogue-missing-price",
        SheetField::Contact => "catalogue-missing-contact",
        SheetField::Accessibility => "catalogue-missing-accessibility",
        SheetField::Results => "catalogue-missing-results",
    }
}

/// What the public reads: the sheet as it was published, kept with its date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublishedSheet {
    /// Title of the course.
    pub title: String,
    /// The sheet; its fields stand beside the title.
    #[serde(flatten)]
    pub sheet: Sheet,
    /// The weeks of the plan.
    pub outline: Vec<OutlineWeek>,
}

/// A week as the public sheet tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutlineWeek {
    /// Its title.
    pub title: String,
    /// What it is about, Markdown.
    pub summary: String,
    /// Estimated time of its compulsory activities, minutes.
    pub minutes: i32,
}

/// The word of a title in addresses: letters without accent, digits and hyphens, at
/// most 60 characters; `formation` when nothing is left.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    // An apostrophe separates.
    let spelt = fold(title);
    for word in spelt
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        if out.len() + word.len() >= 60 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        "formation".to_owned()
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet that tells everything.
    pub(crate) fn whole() -> Sheet {
        let mut sheet = Sheet {
            objectives: vec![Objective {
                id: Uuid::from_u128(1),
                text: "Choisir un support".to_owned(),
            }],
            agreed_minutes: 1680,
            answer_hours: 72,
            ..Sheet::default()
        };
        for field in SheetField::ALL {
            *field.of_mut(&mut sheet) = format!("Texte de {}", field.code());
        }
        sheet
    }

    #[test]
    fn an_empty_sheet_lacks_everything_and_a_whole_one_nothing() {
        assert_eq!(Sheet::default().gaps().len(), 14);
        assert_eq!(whole().gaps(), []);
    }

    #[test]
    fn each_compulsory_field_is_missed_alone_and_only_spaces_do_not_fill_it() {
        for field in SheetField::ALL {
            let mut sheet = whole();
            *field.of_mut(&mut sheet) = "  \n".to_owned();
            let gaps = sheet.gaps();
            if field.is_compulsory() {
                assert_eq!(gaps.len(), 1, "{field:?}");
                assert_eq!(gaps[0].field, field.code());
            } else {
                assert_eq!(gaps, [], "{field:?}");
            }
        }
        let blank = Sheet {
            objectives: vec![Objective::default()],
            ..whole()
        };
        assert_eq!(blank.gaps()[0].message, "catalogue-missing-objectives");
    }

    #[test]
    fn changes_name_the_fields() {
        let mut other = whole();
        other.price = "Gratuit".to_owned();
        other.agreed_minutes = 10;
        assert_eq!(whole().changes(&other), ["price", "agreed_minutes"]);
        assert_eq!(whole().changes(&whole()), Vec::<&str>::new());
    }

    #[test]
    fn a_published_sheet_reads_back_and_also_as_a_bare_sheet() {
        let published = PublishedSheet {
            title: "Écrire".to_owned(),
            sheet: whole(),
            outline: vec![OutlineWeek::default()],
        };
        let text = serde_json::to_string(&published).expect("written");
        assert_eq!(
            serde_json::from_str::<PublishedSheet>(&text).expect("read"),
            published
        );
        assert_eq!(serde_json::from_str::<Sheet>(&text).expect("read"), whole());
    }

    #[test]
    fn titles_become_words_of_addresses() {
        assert_eq!(
            slug("Accompagner l’apprentissage de l’écrit à l’âge adulte"),
            "accompagner-l-apprentissage-de-l-ecrit-a-l-age-adulte"
        );
        assert_eq!(slug("Au cœur du métier !"), "au-coeur-du-metier");
        assert_eq!(slug("???"), "formation");
        assert!(slug(&"très ".repeat(40)).len() <= 60);
    }
}

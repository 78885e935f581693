//! What trainees and tutors see of a course: what to do now, the week, states
//! and progress, the people to turn to, and the catalogue.

use serde::Serialize;

use super::action::Button;

/// What a state means, and so its sign and colour. The first four are the
/// states of an activity and bring their own word; the others are generic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Fait.
    Done,
    /// En cours.
    InProgress,
    /// En retard.
    Late,
    /// Pas commencé.
    NotStarted,
    /// Not open yet.
    Locked,
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// Good.
    Success,
    /// Waits or needs care.
    Warn,
    /// Wrong.
    Danger,
}

/// A state: one sign and one word, never the colour alone.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Status {
    /// What it means.
    pub tone: Tone,
    /// The word; the tone's own when absent.
    pub word: Option<String>,
}

impl Status {
    /// A state of an activity, with its own word.
    pub fn of(tone: Tone) -> Self {
        Self { tone, word: None }
    }

    /// A state with another word.
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self {
            tone,
            word: Some(word.into()),
        }
    }
}

/// Progress in words, with a bar that says the same.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Progress {
    /// What progresses.
    pub label: String,
    /// How far, in words: « 8 activités sur 12, 3 h 20 sur 6 h ».
    pub words: String,
    /// How far, as a percentage from 0 to 100 with two decimals at most.
    pub share: String,
    /// The pace expected by now, same unit.
    pub expected: Option<String>,
    /// The expected pace in words.
    pub expected_words: Option<String>,
    /// What it means: late is drawn as such.
    pub tone: Tone,
}

impl Progress {
    /// A share in ten-thousandths, kept between nothing and all.
    pub fn new(label: impl Into<String>, words: impl Into<String>, ten_thousandths: i64) -> Self {
        Self {
            label: label.into(),
            words: words.into(),
            share: share(ten_thousandths),
            tone: if ten_thousandths >= 10_000 {
                Tone::Done
            } else {
                Tone::InProgress
            },
            ..Self::default()
        }
    }

    /// Marks the pace expected by now.
    #[must_use]
    pub fn expected(mut self, ten_thousandths: i64, words: impl Into<String>) -> Self {
        self.expected = Some(share(ten_thousandths));
        self.expected_words = Some(words.into());
        self
    }

    /// Changes what it means.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

fn share(ten_thousandths: i64) -> String {
    let kept = ten_thousandths.clamp(0, 10_000);
    format!("{}.{:02}", kept / 100, kept % 100)
}

/// The card with one large button: exactly what to do now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Now {
    /// The thing to do.
    pub title: String,
    /// Where it is: course, week, place in the week.
    pub place: String,
    /// How long it takes, formatted.
    pub length: Option<String>,
    /// By when, in words.
    pub due: Option<String>,
    /// Whether that moment is past.
    pub late: bool,
    /// The one button; none when there is nothing to do.
    pub button: Option<Button>,
    /// Where one stopped, or what comes next.
    pub note: Option<String>,
    /// Progress in the course.
    pub progress: Option<Progress>,
}

impl Now {
    /// What to do, where, and the button that does it.
    pub fn new(title: impl Into<String>, place: impl Into<String>, button: Button) -> Self {
        Self {
            title: title.into(),
            place: place.into(),
            button: Some(Button {
                large: true,
                ..button
            }),
            ..Self::default()
        }
    }

    /// Nothing to do for the moment, and why that is well.
    pub fn nothing(title: impl Into<String>, place: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            place: place.into(),
            ..Self::default()
        }
    }
}

builders!(Now {
    /// Says how long it takes.
    length: opt,
    /// Says by when.
    due: opt,
    /// Says that this moment is past.
    late: flag,
    /// Says where one stopped.
    note: opt,
});

/// One activity on a line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActivityLine {
    /// Its title.
    pub title: String,
    /// Where it opens; `None` while it is closed.
    pub href: Option<String>,
    /// Icon of its kind.
    pub icon: String,
    /// Its kind in a word: « Module », « Page », « Fichier ».
    pub kind: String,
    /// Its estimated duration, formatted.
    pub length: String,
    /// Its state.
    pub status: Status,
    /// By when, or why it is closed, in words.
    pub note: Option<String>,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A week of a course: what is done, what remains.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Week {
    /// Identifier in the page, unique.
    pub id: String,
    /// « Semaine 2 : lire et écrire à l'écran ».
    pub title: String,
    /// Its dates, in words.
    pub dates: String,
    /// Its state as a whole.
    pub status: Status,
    /// What is done and what remains.
    pub progress: Option<Progress>,
    /// Whether it is unfolded.
    pub open: bool,
    /// Its activities, in order.
    pub activities: Vec<ActivityLine>,
}

/// Somebody to turn to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ContactCard {
    /// What they are: « Votre tutrice ».
    pub role: String,
    /// Their name.
    pub name: String,
    /// How soon they answer, as announced.
    pub delay: Option<String>,
    /// How to write to them.
    pub button: Option<Button>,
}

/// A training in the catalogue.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CatalogueCard {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Its theme, above the title.
    pub theme: Option<String>,
    /// What it is about, in two sentences.
    pub summary: String,
    /// For whom.
    pub audience: String,
    /// How long, formatted.
    pub length: String,
    /// How: at a distance, with a tutor.
    pub modality: Option<String>,
    /// The next date, in words.
    pub next_date: String,
    /// Places left.
    pub places: Option<Status>,
    /// Whether it opens the page, larger than the others.
    pub lead: bool,
}

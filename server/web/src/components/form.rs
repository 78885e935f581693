//! Fields: one a line, label above, help under it, error beside it. What was
//! typed comes back as typed.

use serde::Serialize;

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A password, with a button that shows it.
    Password,
    /// A whole or decimal number, with its unit beside it.
    Number,
    /// A telephone number.
    Tel,
    /// An address on the web.
    Url,
    /// A local date, `2026-11-23`.
    Date,
    /// A local time, `14:30`.
    Time,
    /// A local date and time, `2026-11-23T14:30`.
    DatetimeLocal,
    /// Words to look for.
    Search,
    /// Several lines of text.
    Textarea,
    /// One choice of a folded list.
    Select,
    /// One box, ticked or not.
    Checkbox,
    /// Several boxes under one question.
    Checkboxes,
    /// One choice among a few, all visible.
    Radio,
    /// A file of the reader's machine.
    File,
}

/// How wide the answer is expected to be. The field fills a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// A number, a date, a code.
    Short,
    /// A name, an address.
    #[default]
    Medium,
    /// A title, a paragraph.
    Full,
}

/// One choice of a list, a radio group or a group of boxes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A sentence under the label, in groups only.
    pub help: Option<String>,
    /// Whether it is the current answer.
    pub chosen: bool,
    /// Whether it cannot be taken now.
    pub disabled: bool,
}

impl Choice {
    /// A choice that is not taken yet.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }
}

builders!(Choice {
    /// Adds a sentence that explains the choice.
    help: opt,
    /// Shows it as one that cannot be taken now.
    disabled: flag,
});

/// A field with its label, help and error.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a boolean attribute of HTML, independent of the others"
)]
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    /// Identifier in the page, `field-` and the name unless changed.
    pub id: String,
    /// Name under which the answer is sent.
    pub name: String,
    /// How it is entered.
    pub kind: FieldKind,
    /// The question, in a few words.
    pub label: String,
    /// A sentence under the label.
    pub help: Option<String>,
    /// What is wrong with the answer and what to do.
    pub error: Option<String>,
    /// The answer; for a box, what is sent when it is ticked.
    pub value: String,
    /// Whether an answer is needed.
    pub required: bool,
    /// Whether it cannot be answered now.
    pub disabled: bool,
    /// Whether the answer is shown only.
    pub readonly: bool,
    /// Whether the box is ticked.
    pub checked: bool,
    /// Whether several files or choices may be given.
    pub multiple: bool,
    /// The unit, beside a number.
    pub unit: Option<String>,
    /// `autocomplete` token, from the HTML standard.
    pub autocomplete: Option<String>,
    /// `inputmode` token, from the HTML standard.
    pub inputmode: Option<String>,
    /// Smallest number or earliest date.
    pub min: Option<String>,
    /// Largest number or latest date.
    pub max: Option<String>,
    /// Step between numbers.
    pub step: Option<String>,
    /// Most characters that may be typed.
    pub maxlength: Option<u32>,
    /// Kinds of files taken, as in `accept`.
    pub accept: Option<String>,
    /// Lines shown by a text area.
    pub rows: u8,
    /// Expected width of the answer.
    pub width: Width,
    /// Choices of a list or a group.
    pub options: Vec<Choice>,
    /// Identifiers of what describes the field, kept by the builders.
    pub described_by: Option<String>,
}

impl Field {
    /// A field of that kind.
    pub fn new(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        let width = match kind {
            FieldKind::Number | FieldKind::Date | FieldKind::Time => Width::Short,
            FieldKind::Textarea => Width::Full,
            _ => Width::Medium,
        };
        Self {
            id: format!("field-{}", name.replace(['[', ']', '.', ' '], "-")),
            name,
            kind,
            label: label.into(),
            rows: 5,
            width,
            value: if kind == FieldKind::Checkbox {
                "true".into()
            } else {
                String::new()
            },
            ..Self::default()
        }
    }

    /// A line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Text, name, label)
    }

    /// Several lines of text.
    pub fn textarea(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Textarea, name, label)
    }

    /// A box to tick, sent as `true`.
    pub fn checkbox(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Checkbox, name, label)
    }

    /// Gives the identifier in the page, when the same form is there twice.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self.describe()
    }

    /// Adds a sentence under the label.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self.describe()
    }

    /// Says what is wrong with the answer; `None` says that nothing is.
    #[must_use]
    pub fn error(mut self, error: impl Into<Option<String>>) -> Self {
        self.error = error.into();
        self.describe()
    }

    /// Writes the unit beside a number.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self.describe()
    }

    /// Sets the smallest and the largest value.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and dates are given as they are written, without a reference"
    )]
    pub fn between(mut self, min: impl ToString, max: impl ToString) -> Self {
        self.min = Some(min.to_string());
        self.max = Some(max.to_string());
        self
    }

    /// Sets the most characters that may be typed.
    #[must_use]
    pub fn maxlength(mut self, characters: u32) -> Self {
        self.maxlength = Some(characters);
        self
    }

    /// Sets how many lines a text area shows.
    #[must_use]
    pub fn rows(mut self, lines: u8) -> Self {
        self.rows = lines;
        self
    }

    /// Sets the expected width of the answer.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Ticks the box, or not.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// Gives the choices; those whose value is the field's are chosen.
    #[must_use]
    pub fn options(mut self, options: impl IntoIterator<Item = Choice>) -> Self {
        self.options = options
            .into_iter()
            .map(|mut choice| {
                choice.chosen |= !self.value.is_empty() && choice.value == self.value;
                choice
            })
            .collect();
        self
    }

    /// Marks the choices of a group of boxes that are ticked.
    #[must_use]
    pub fn chosen<S: AsRef<str>>(mut self, values: &[S]) -> Self {
        for choice in &mut self.options {
            choice.chosen = values.iter().any(|value| value.as_ref() == choice.value);
        }
        self
    }

    fn describe(mut self) -> Self {
        let parts = [
            self.unit.is_some().then_some("unit"),
            self.help.is_some().then_some("help"),
            self.error.is_some().then_some("error"),
        ];
        let ids: Vec<_> = parts
            .into_iter()
            .flatten()
            .map(|part| format!("{}-{part}", self.id))
            .collect();
        self.described_by = (!ids.is_empty()).then(|| ids.join(" "));
        self
    }
}

builders!(Field {
    /// Puts the answer back as it was typed.
    value: text,
    /// Asks for an answer.
    required: flag,
    /// Shows a field that cannot be answered now.
    disabled: flag,
    /// Shows the answer without letting it be changed.
    readonly: flag,
    /// Lets several files or choices be given.
    multiple: flag,
    /// Sets the `autocomplete` token.
    autocomplete: opt,
    /// Sets the `inputmode` token.
    inputmode: opt,
    /// Sets the step between numbers.
    step: opt,
    /// Sets the kinds of files taken.
    accept: opt,
});

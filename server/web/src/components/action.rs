//! What people press: buttons, confirmations in place, dialogs and the pair
//! of buttons that moves a thing up or down.
//!
//! The label is a verb that says what will happen. What changes something is
//! a form sent by POST, what only shows is a link.

use serde::Serialize;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ButtonKind {
    /// The thing to do on the page; one only.
    #[default]
    Primary,
    /// Anything else one may do.
    Quiet,
    /// What destroys.
    Danger,
    /// An action that reads as a link within a line.
    Link,
}

/// A value sent with a form without being shown.
#[derive(Debug, Clone, Serialize)]
pub struct Hidden {
    /// Name under which it is sent.
    pub name: String,
    /// What is sent.
    pub value: String,
}

impl Hidden {
    /// A value and its name.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// A button or a link that looks like one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Button {
    /// The verb.
    pub label: String,
    /// What the verb applies to, for those who hear the button alone.
    pub about: Option<String>,
    /// How much it asks to be pressed.
    pub kind: ButtonKind,
    /// Address of a page, for a link.
    pub href: Option<String>,
    /// Address to post to, for a button that is a form of its own.
    pub action: Option<String>,
    /// Values posted with `action`.
    pub hidden: Vec<Hidden>,
    /// Name sent when the button of a larger form is pressed.
    pub name: Option<String>,
    /// Value sent with that name.
    pub value: Option<String>,
    /// Icon before the label.
    pub icon: Option<String>,
    /// Whether it fills the line and is larger.
    pub large: bool,
    /// Whether it cannot be pressed now.
    pub disabled: bool,
    /// Whether the link gives a file.
    pub download: bool,
}

impl Button {
    /// The button of the form around it.
    pub fn submit(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// A link to a page that looks like a button.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            ..Self::submit(label)
        }
    }

    /// A form of its own with one button, posted to that address.
    pub fn post(label: impl Into<String>, action: impl Into<String>) -> Self {
        Self {
            action: Some(action.into()),
            ..Self::submit(label)
        }
    }

    /// Changes how much it asks to be pressed.
    #[must_use]
    pub fn kind(mut self, kind: ButtonKind) -> Self {
        self.kind = kind;
        self
    }

    /// Anything else one may do.
    #[must_use]
    pub fn quiet(self) -> Self {
        self.kind(ButtonKind::Quiet)
    }

    /// What destroys.
    #[must_use]
    pub fn danger(self) -> Self {
        self.kind(ButtonKind::Danger)
    }

    /// Posts one more value.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }
}

builders!(Button {
    /// Says what the verb applies to, to screen readers only.
    about: opt,
    /// Sets the name sent when it is pressed.
    name: opt,
    /// Sets the value sent with the name.
    value: opt,
    /// Puts an icon before the label.
    icon: opt,
    /// Makes it larger.
    large: flag,
    /// Shows it as one that cannot be pressed now.
    disabled: flag,
    /// Says that the link gives a file.
    download: flag,
});

/// A confirmation that unfolds where the button is: what will happen, what
/// cannot be undone, then the button that does it. Works without scripts.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// Identifier in the page, unique.
    pub id: String,
    /// What the folded button says, with an ellipsis when it asks first.
    pub label: String,
    /// What the verb applies to, for those who hear the button alone.
    pub about: Option<String>,
    /// `danger` for what destroys, `quiet` otherwise.
    pub kind: ButtonKind,
    /// The sentence to confirm.
    pub sentence: String,
    /// The consequences, one a line.
    pub consequences: Vec<String>,
    /// Address to post to.
    pub action: String,
    /// Values posted.
    pub hidden: Vec<Hidden>,
    /// A name to type, for what cannot be undone.
    pub typed: Option<TypedName>,
    /// What the last button says it will do.
    pub submit: String,
    /// Icon of the folded button.
    pub icon: Option<String>,
    /// Whether it is shown unfolded, when the answer came back with an error.
    pub open: bool,
}

/// A name to type before destroying what bears it.
#[derive(Debug, Clone, Serialize)]
pub struct TypedName {
    /// Name under which it is sent, to be checked again by the server.
    pub field: String,
    /// The name to type.
    pub expected: String,
    /// The same as a regular expression that matches only it.
    pub pattern: String,
    /// What was wrong with what was typed.
    pub error: Option<String>,
}

impl Confirm {
    /// A confirmation of what destroys.
    pub fn danger(
        id: impl Into<String>,
        label: impl Into<String>,
        sentence: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        let label = label.into();
        Self {
            id: id.into(),
            submit: label.clone(),
            label,
            about: None,
            kind: ButtonKind::Danger,
            sentence: sentence.into(),
            consequences: Vec::new(),
            action: action.into(),
            hidden: Vec::new(),
            typed: None,
            icon: None,
            open: false,
        }
    }

    /// A confirmation of what matters without destroying.
    pub fn quiet(
        id: impl Into<String>,
        label: impl Into<String>,
        sentence: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self {
            kind: ButtonKind::Quiet,
            ..Self::danger(id, label, sentence, action)
        }
    }

    /// Adds a consequence.
    #[must_use]
    pub fn consequence(mut self, text: impl Into<String>) -> Self {
        self.consequences.push(text.into());
        self
    }

    /// Posts one more value.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }

    /// Asks to type a name, sent under `field`.
    #[must_use]
    pub fn typed(mut self, field: impl Into<String>, expected: impl Into<String>) -> Self {
        let expected = expected.into();
        self.typed = Some(TypedName {
            field: field.into(),
            pattern: literal_pattern(&expected),
            expected,
            error: None,
        });
        self
    }
}

builders!(Confirm {
    /// Says what the verb applies to, to screen readers only.
    about: opt,
    /// Changes what the last button says.
    submit: text,
    /// Puts an icon on the folded button.
    icon: opt,
    /// Shows it unfolded.
    open: flag,
});

/// A regular expression for the `pattern` attribute (flag `v`) that matches
/// that text and no other.
fn literal_pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if r"()[]{}/-\|.*+?^$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A window over the page, opened by a link to it. Without scripts the link
/// shows it in place.
#[derive(Debug, Clone, Serialize)]
pub struct Dialog {
    /// Identifier in the page, unique.
    pub id: String,
    /// What the link that opens it says.
    pub opener: String,
    /// Title of the window.
    pub title: String,
    /// What it says.
    pub text: String,
    /// What can be done there; closing is always offered.
    pub actions: Vec<Button>,
}

impl Dialog {
    /// A window with a title and a text.
    pub fn new(
        id: impl Into<String>,
        opener: impl Into<String>,
        title: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            opener: opener.into(),
            title: title.into(),
            text: text.into(),
            actions: Vec::new(),
        }
    }

    /// Adds something that can be done.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.push(button);
        self
    }
}

/// Two buttons that move a thing among its like, by keys as by finger.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    /// Address to post to, with `direction` = `up` or `down`.
    pub action: String,
    /// Values posted.
    pub hidden: Vec<Hidden>,
    /// The thing that moves, for those who hear the button alone.
    pub about: String,
    /// Whether it is the first already.
    pub first: bool,
    /// Whether it is the last already.
    pub last: bool,
}

impl Move {
    /// The thing at that place, counted from 0, among so many.
    pub fn new(
        action: impl Into<String>,
        about: impl Into<String>,
        place: usize,
        of: usize,
    ) -> Self {
        Self {
            action: action.into(),
            hidden: Vec::new(),
            about: about.into(),
            first: place == 0,
            last: place + 1 >= of,
        }
    }
}

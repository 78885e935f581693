//! Forms as a whole: the summary of their errors, the sending of a file, the
//! search over a list.

use serde::Serialize;

use super::action::Hidden;
use super::form::{Field, FieldKind};

/// The errors of a form, at its top, with the focus on it.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorSummary {
    /// One line a field in error.
    pub items: Vec<ErrorItem>,
}

/// One line of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorItem {
    /// Link to the field, `#field-name`; `None` for what concerns the whole.
    pub href: Option<String>,
    /// What is wrong and what to do.
    pub text: String,
}

impl ErrorSummary {
    /// The errors of these fields, in their order; `None` when there is none.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Option<Self> {
        let items: Vec<_> = fields
            .into_iter()
            .filter_map(|field| {
                // A group has no control of its own: its first choice is the target.
                let target = match field.kind {
                    FieldKind::Radio | FieldKind::Checkboxes => format!("#{}-0", field.id),
                    _ => format!("#{}", field.id),
                };
                field.error.clone().map(|text| ErrorItem {
                    href: Some(target),
                    text,
                })
            })
            .collect();
        (!items.is_empty()).then_some(Self { items })
    }

    /// Adds an error that concerns the form as a whole.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.items.push(ErrorItem {
            href: None,
            text: text.into(),
        });
        self
    }
}

/// A form that sends a file and shows how far the sending is.
#[derive(Debug, Clone, Serialize)]
pub struct Upload {
    /// Address the form is sent to, as `multipart/form-data`.
    pub action: String,
    /// The file field, its limits in its help.
    pub field: Field,
    /// Other values sent along, before the file.
    pub hidden: Vec<Hidden>,
    /// What the button says it will do.
    pub submit: String,
}

impl Upload {
    /// A form for that file field.
    pub fn new(action: impl Into<String>, field: Field, submit: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            field,
            hidden: Vec::new(),
            submit: submit.into(),
        }
    }

    /// Sends one more value along with the file.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }
}

/// A search over a list, kept in the address.
#[derive(Debug, Clone, Serialize)]
pub struct Search {
    /// Address of the list.
    pub action: String,
    /// Name under which the words are sent.
    pub name: String,
    /// What is looked for: « Chercher une personne ».
    pub label: String,
    /// The words looked for now.
    pub value: String,
    /// Filters that stay while one searches.
    pub hidden: Vec<Hidden>,
}

impl Search {
    /// A search sent as `q`.
    pub fn new(
        action: impl Into<String>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            action: action.into(),
            name: "q".into(),
            label: label.into(),
            value: value.into(),
            hidden: Vec::new(),
        }
    }

    /// Keeps a filter of the list while one searches.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }
}

//! Sample data for the page of all components: every component in every
//! state, with made-up people and believable trainings.
//!
//! The texts are French on purpose, as content of a space would be; only the
//! words of the components themselves follow the language of the page.

use serde_json::{Value, json};

mod forms;
mod learning;
mod lists;

/// Sections of the page, in order: the identifiers of its headings.
const SECTIONS: [&str; 22] = [
    "text",
    "colours",
    "now",
    "weeks",
    "status",
    "progress",
    "board",
    "table",
    "worklist",
    "fields",
    "errors",
    "upload",
    "buttons",
    "confirm",
    "notices",
    "navigation",
    "facts",
    "chart",
    "catalogue",
    "timeline",
    "accounts",
    "icons",
];

/// Everything `views/dev/look.hbs` shows, by name.
pub fn samples() -> Value {
    let mut all = serde_json::Map::new();
    for part in [forms::samples(), learning::samples(), lists::samples()] {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    all.insert(
        "icons".into(),
        json!(crate::icons::names().collect::<Vec<_>>()),
    );
    all.insert("sections".into(), json!(SECTIONS));
    Value::Object(all)
}

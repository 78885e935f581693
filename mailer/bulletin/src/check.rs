//! What would shame the sender.

use crate::block::{Block, Kind, MAX_BLOCKS};
use crate::compose::Bulletin;
use crate::{press, text};

/// Bytes of HTML beyond which some readers cut a mail and hide how to stop receiving it.
const CUT_AT: usize = 100 * 1024;
/// Characters of a subject that lists of mails still show.
const SHOWN: usize = 90;
/// Characters at most in a subject.
const MAX_SUBJECT: usize = 250;

/// Whether it may leave so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not leave.
    Error,
    /// It may, once somebody has looked.
    Warning,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The block, from 0; none for the bulletin as a whole.
    pub block: Option<usize>,
    /// The field of the block or of the bulletin.
    pub field: &'static str,
    /// Stable word for what it is.
    pub code: &'static str,
    /// What exactly: an address, the words of the template engine.
    pub detail: String,
    /// Whether it may leave so.
    pub severity: Severity,
}

impl Bulletin<'_> {
    /// What is wrong with it; errors first.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Found(Vec::new());
        self.whole(&mut found);
        for (at, block) in self.blocks.iter().enumerate() {
            one(at, block, &mut found);
        }
        if found.0.iter().any(|finding| finding.field == "subject") {
            // What is laid out holds the subject as well.
        } else if let Ok(composed) = self.compose() {
            if composed.html.len() > CUT_AT {
                found.warn(
                    None,
                    "blocks",
                    "size",
                    (composed.html.len() / 1024).to_string(),
                );
            }
            let stops = |part: &str| part.contains("{{unsubscribe_url}}");
            if !stops(&composed.html) || !stops(&composed.text) {
                found.error(None, "blocks", "unsubscribe", String::new());
            }
        } else {
            found.error(None, "blocks", "layout", String::new());
        }
        found
            .0
            .sort_by_key(|finding| finding.severity == Severity::Warning);
        found.0
    }

    fn whole(&self, found: &mut Found) {
        let characters = self.subject.chars().count();
        if self.subject.trim().is_empty() {
            found.error(None, "subject", "empty", String::new());
        } else if characters > MAX_SUBJECT {
            found.error(None, "subject", "long", MAX_SUBJECT.to_string());
        } else if characters > SHOWN {
            found.warn(None, "subject", "cut", SHOWN.to_string());
        }
        for (field, text) in [("subject", self.subject), ("preheader", self.preheader)] {
            if text.chars().any(char::is_control) {
                found.error(None, field, "control", String::new());
            }
            if let Some(why) = press::problem(text) {
                found.error(None, field, "variable", why);
            }
            bare(None, field, text, found);
        }
        if self.blocks.iter().all(Block::is_empty) {
            found.error(None, "blocks", "none", String::new());
        }
        if self.blocks.len() > MAX_BLOCKS {
            found.error(None, "blocks", "many", MAX_BLOCKS.to_string());
        }
    }
}

fn one(at: usize, block: &Block, found: &mut Found) {
    let place = Some(at);
    if block.is_empty() {
        found.warn(place, "text", "blank", String::new());
        return;
    }
    let fields = block.kind.fields();
    for &field in fields {
        let text = block.field(field);
        if let Some(why) = press::problem(text) {
            found.error(place, field, "variable", why);
        }
        bare(place, field, text, found);
    }
    let missing = match block.kind {
        Kind::Heading | Kind::Article | Kind::Event | Kind::Course | Kind::Item => "title",
        Kind::Button => "label",
        Kind::Picture => "picture",
        Kind::Text | Kind::Divider => "text",
    };
    if fields.contains(&missing) && block.field(missing).trim().is_empty() {
        found.error(place, missing, "missing", String::new());
    }
    if block.kind == Kind::Button && block.href.is_empty() {
        found.error(place, "href", "missing", String::new());
    }
    for field in ["href", "picture"] {
        let address = block.field(field);
        if fields.contains(&field) && !address.is_empty() && !text::is_followed(address) {
            found.error(place, field, "link", address.to_owned());
        }
    }
    for link in text::links(&block.text) {
        if !text::is_followed(&link) {
            found.error(place, "text", "link", link);
        }
    }
    if text::has_html(&block.text) {
        found.error(place, "text", "html", String::new());
    }
    if fields.contains(&"picture") && !block.picture.is_empty() && block.alt.is_empty() {
        found.error(place, "alt", "alt", String::new());
    }
}

/// A variable outside a condition leaves a hole for who has no such value.
fn bare(place: Option<usize>, field: &'static str, text: &str, found: &mut Found) {
    for (french, english) in press::VARIABLES {
        for name in [french, english] {
            let plain = text.contains(&format!("{{{{{name}}}}}"));
            if plain && !text.contains(&format!("{{{{#if {name}}}}}")) {
                found.warn(place, field, "bare", name.to_owned());
            }
        }
    }
}

struct Found(Vec<Finding>);

impl Found {
    fn error(
        &mut self,
        block: Option<usize>,
        field: &'static str,
        code: &'static str,
        detail: String,
    ) {
        self.push(block, field, code, detail, Severity::Error);
    }
    fn warn(
        &mut self,
        block: Option<usize>,
        field: &'static str,
        code: &'static str,
        detail: String,
    ) {
        self.push(block, field, code, detail, Severity::Warning);
    }
    fn push(
        &mut self,
        block: Option<usize>,
        field: &'static str,
        code: &'static str,
        detail: String,
        severity: Severity,
    ) {
        self.0.push(Finding {
            block,
            field,
            code,
            detail: detail.chars().take(300).collect(),
            severity,
        });
    }
}

#[cfg(test)]
mod tests;

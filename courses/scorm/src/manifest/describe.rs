//! Metadata: what a catalogue can use of the Learning Object Metadata, in the two
//! spellings of IMS (SCORM 1.2) and IEEE (SCORM 2004).

use super::tree::Element;
use super::{Localized, Metadata};

/// Reads the `metadata` within an element.
pub(super) fn metadata(parent: &Element) -> Metadata {
    let Some(metadata) = parent.child("metadata") else {
        return Metadata::default();
    };
    let mut read = Metadata {
        location: metadata.text_of("location").map(str::to_owned),
        ..Metadata::default()
    };
    let Some(lom) = metadata.child("lom") else {
        return read;
    };
    if let Some(general) = lom.child("general") {
        read.title = localized(general.child("title"));
        read.description = localized(general.child("description"));
        read.language = general.text_of("language").map(str::to_owned);
        read.keywords = general
            .all("keyword")
            .map(|keyword| localized(Some(keyword)))
            .filter(|keyword| !keyword.is_empty())
            .collect();
    }
    read.version = localized(
        lom.child("lifecycle")
            .and_then(|cycle| cycle.child("version")),
    );
    read.rights = localized(
        lom.child("rights")
            .and_then(|rights| rights.child("description")),
    );
    read.typical_learning_time = lom
        .child("educational")
        .and_then(|education| education.child("typicallearningtime"))
        .and_then(|time| {
            time.text_of("duration")
                .or_else(|| time.text_of("datetime"))
        })
        .map(str::to_owned);
    read
}

/// `langstring xml:lang` of 1.2, `string language` of 2004, or plain text.
fn localized(element: Option<&Element>) -> Localized {
    let Some(element) = element else {
        return Localized::default();
    };
    let strings = element
        .children
        .iter()
        .filter(|child| child.is("langstring") || child.is("string"));
    let mut texts: Vec<(String, String)> = strings
        .filter(|string| !string.text.is_empty())
        .map(|string| {
            let tag = string
                .attribute("language")
                .or_else(|| string.attribute("lang"));
            (tag.unwrap_or_default().to_owned(), string.text.to_string())
        })
        .collect();
    if texts.is_empty() && !element.text.is_empty() {
        texts.push((String::new(), element.text.to_string()));
    }
    Localized(texts)
}

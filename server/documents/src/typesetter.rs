//! The typesetter: typst, hidden.
//!
//! One document at a time: a whole cohort is issued by one job, and two documents at once
//! would double the peak of memory without being needed. What the typesetter memoised is
//! dropped after each document, so memory does not grow with their number.

use std::sync::{Mutex, PoisonError};

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Typesetter;
use crate::error::DocumentError;
use crate::model::{Document, Language};
use crate::view::{self, View};
use crate::wording::Wording;
use crate::world::{DocumentWorld, Stock, Template};

/// Sets documents with typst and the fonts that come with it.
///
/// Nothing is loaded before the first document.
#[derive(Default)]
pub struct TypstTypesetter {
    workshop: Mutex<Option<Workshop>>,
}

impl TypstTypesetter {
    /// A typesetter that has loaded nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for TypstTypesetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypstTypesetter").finish_non_exhaustive()
    }
}

impl Typesetter for TypstTypesetter {
    fn typeset(&self, document: &Document) -> Result<Vec<u8>, DocumentError> {
        // The workshop is only ever replaced whole, so a panic elsewhere cannot have left it
        // half made.
        let mut workshop = self.workshop.lock().unwrap_or_else(PoisonError::into_inner);
        let workshop = match &mut *workshop {
            Some(ready) => ready,
            empty => empty.insert(Workshop::load()?),
        };
        let result = workshop.typeset(document);
        typst::comemo::evict(0);
        result.map(|set| set.pdf)
    }
}

/// Fonts, templates, words and options, ready to serve.
struct Workshop {
    stock: Stock,
    french: Wording,
    english: Wording,
    standards: PdfStandards,
}

/// A typeset document, with what the typesetter remarked.
struct Set {
    pdf: Vec<u8>,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "a remark is a fault of a template, caught by tests"
        )
    )]
    remarks: String,
}

impl Workshop {
    fn load() -> Result<Self, DocumentError> {
        let standards =
            PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| {
                DocumentError::Typesetting {
                    details: error.message().to_string(),
                }
            })?;
        Ok(Self {
            stock: Stock::load()?,
            french: Wording::load(Language::Fr)?,
            english: Wording::load(Language::En)?,
            standards,
        })
    }

    fn typeset(&self, document: &Document) -> Result<Set, DocumentError> {
        let wording = match document.issue().language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        };
        let View { data, qr_code } = view::of(document, wording, &|text| self.stock.covers(text))?;
        let world = DocumentWorld::new(&self.stock, template_of(document), data, qr_code);
        let compiled = typst::compile(&world);
        let pages = compiled.output.map_err(|errors| refused(&errors))?;
        let options = PdfOptions {
            // Only its hash is written: same data, same identifier.
            ident: Smart::Custom(serde_json::to_string(document)?),
            creator: Smart::Custom(Some("Passerelle".to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&pages, &options).map_err(|errors| refused(&errors))?;
        Ok(Set {
            pdf,
            remarks: join(&compiled.warnings),
        })
    }
}

fn template_of(document: &Document) -> Template {
    match document {
        Document::CompletionCertificate(_) => Template::CompletionCertificate,
        Document::EndOfTrainingStatement(_) => Template::EndOfTrainingStatement,
        Document::AttendanceStatement(_) => Template::AttendanceStatement,
    }
}

fn refused(errors: &[SourceDiagnostic]) -> DocumentError {
    DocumentError::Typesetting {
        details: join(errors),
    }
}

fn join(diagnostics: &[SourceDiagnostic]) -> String {
    diagnostics
        .iter()
        .map(|one| one.message.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_leave_the_typesetter_nothing_to_remark() {
        let workshop = Workshop::load().expect("the workshop loads");
        for language in Language::ALL {
            for document in crate::sample::documents(language) {
                let set = workshop.typeset(&document).expect("the sample typesets");
                assert_eq!(set.remarks, "");
            }
        }
    }

    #[test]
    fn the_fonts_have_the_characters_that_the_documents_are_made_of() {
        let stock = Stock::load().expect("the fonts load");
        for cluster in [
            "é", "Œ", "·", "’", "«", "\u{202f}", "\u{a0}", "–", "€", "□", "ệ", "Ж", "Ω", "ש", "م",
        ] {
            assert!(stock.covers(cluster), "{cluster}");
        }
        assert!(!stock.covers("王"));
        assert!(!stock.covers("🦊"));
    }

    #[test]
    fn every_character_that_is_let_through_can_be_set_upright_and_italic() {
        let workshop = Workshop::load().expect("the workshop loads");
        let covered: Vec<String> = ('!'..=char::MAX)
            .map(String::from)
            .filter(|text| workshop.stock.covers(text))
            .collect();
        assert!(covered.len() > 2_500, "{}", covered.len());
        for chunk in covered.chunks(240) {
            let mut certificate = crate::sample::completion_certificate(Language::Fr);
            let text = format!("A{}", chunk.join(" "));
            certificate.trainee.name.clone_from(&text);
            certificate.action.title.clone_from(&text);
            certificate.issue.body.name = text;
            let set = workshop.typeset(&Document::CompletionCertificate(certificate));
            let remarks = set
                .map(|set| set.remarks)
                .map_err(|error| error.to_string());
            assert_eq!(remarks, Ok(String::new()));
        }
    }
}

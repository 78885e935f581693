//! From a typed document to what a template reads: every sentence already worded, every text
//! already fit to print. The template only lays out.
//!
//! Text reaches the template as JSON strings, which the typesetter never reads as markup.

mod documents;
mod frame;

use crate::error::DocumentError;
use crate::model::Document;
use crate::text::{Text, strip};
use crate::wording::Wording;

/// What the template reads.
pub(crate) struct View {
    /// The data, as JSON.
    pub(crate) data: Vec<u8>,
    /// The QR code of the verification address, as an SVG drawing.
    pub(crate) qr_code: String,
}

/// The view of a document. `covered` says whether one font has all the characters of a cluster.
pub(crate) fn of(
    document: &Document,
    wording: &Wording,
    covered: &dyn Fn(&str) -> bool,
) -> Result<View, DocumentError> {
    let composer = Composer { wording, covered };
    let data = match document {
        Document::CompletionCertificate(certificate) => {
            serde_json::to_vec(&documents::certificate(&composer, certificate)?)?
        }
        Document::EndOfTrainingStatement(statement) => {
            serde_json::to_vec(&documents::end_of_training(&composer, statement)?)?
        }
        Document::AttendanceStatement(statement) => {
            serde_json::to_vec(&documents::attendance(&composer, statement)?)?
        }
    };
    let qr_code = crate::verification::qr_code(&document.issue().verification_url)?;
    Ok(View { data, qr_code })
}

/// Longest single field, in characters. It leaves room for any real title, and keeps a page
/// from being drowned.
const LONGEST_FIELD: usize = 1_000;

/// A piece of a sentence.
#[derive(Debug, serde::Serialize)]
struct Run {
    text: Text,
    strong: bool,
}

/// A sentence in which names are set in bold.
type Rich = Vec<Run>;

/// Makes texts, and only it does: what a template prints went through here.
struct Composer<'a> {
    wording: &'a Wording,
    covered: &'a dyn Fn(&str) -> bool,
}

impl Composer<'_> {
    fn text(&self, raw: &str) -> Text {
        Text::new(raw, self.covered)
    }

    /// A field that must say something.
    fn required(&self, field: &'static str, raw: &str) -> Result<Text, DocumentError> {
        required(field, raw).map(|plain| self.text(&plain))
    }

    fn say(&self, key: &str) -> Result<Text, DocumentError> {
        self.wording.say(key).map(|said| self.text(&said))
    }

    fn say_with(&self, key: &str, args: &[(&str, &str)]) -> Result<Text, DocumentError> {
        let args = args
            .iter()
            .map(|(name, value)| (*name, (*value).into()))
            .collect();
        self.wording
            .say_with(key, args)
            .map(|said| self.text(&said))
    }

    /// What is read but not printed (properties, alternative texts): no glyph, no line end.
    fn unprinted(&self, key: &str, args: &[(&str, &str)]) -> Result<String, DocumentError> {
        let args = args
            .iter()
            .map(|(name, value)| (*name, (*value).into()))
            .collect();
        self.wording.say_with(key, args).map(|said| strip(&said))
    }

    fn rich(
        &self,
        key: &str,
        strong: &[(&str, &str)],
        plain: &[(&str, &str)],
    ) -> Result<Rich, DocumentError> {
        let runs = self.wording.say_rich(key, strong, plain)?;
        Ok(runs
            .into_iter()
            .map(|(raw, strong)| self.run(&raw, strong))
            .collect())
    }

    fn run(&self, raw: &str, strong: bool) -> Run {
        // The spaces around a name belong to the sentence and must survive the cleaning.
        Run {
            text: Text::keeping_ends(raw, self.covered),
            strong,
        }
    }
}

/// The plain text of a field that must say something.
fn required(field: &'static str, raw: &str) -> Result<String, DocumentError> {
    let plain = limited(field, raw)?;
    if plain.is_empty() {
        Err(DocumentError::Incomplete { field })
    } else {
        Ok(plain)
    }
}

/// The plain text of a field.
fn limited(field: &'static str, raw: &str) -> Result<String, DocumentError> {
    if raw.chars().count() > LONGEST_FIELD {
        return Err(DocumentError::TooLong {
            field,
            limit: LONGEST_FIELD,
        });
    }
    Ok(strip(raw))
}

/// Checks the length of a list.
fn at_most(field: &'static str, length: usize, limit: usize) -> Result<(), DocumentError> {
    if length > limit {
        Err(DocumentError::TooLong { field, limit })
    } else {
        Ok(())
    }
}

//! What the typesetter may see: the embedded templates and fonts, and one document's data.
//! Neither the disk, nor the network, nor the clock.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::layout::Abs;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontFlags, FontInstance, FontStyle, FontVariations};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::error::DocumentError;

/// Which template a document is set with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    CompletionCertificate,
    EndOfTrainingStatement,
    AttendanceStatement,
}

/// Everything that is read once and serves every document.
pub(crate) struct Stock {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    families: Vec<Vec<FontInstance>>,
    common: Source,
    tables: Source,
    certificate: Source,
    end_of_training: Source,
    attendance: Source,
    data: FileId,
    qr_code: FileId,
}

impl Stock {
    /// Parses the embedded fonts and templates. The bytes of the fonts stay where the program
    /// is mapped, they are not copied.
    pub(crate) fn load() -> Result<Self, DocumentError> {
        let fonts: Vec<Font> = typst_assets::fonts()
            .flat_map(|data| Font::iter(Bytes::new(data)))
            .filter(serves)
            .collect();
        let source =
            |path: &str, text: &str| file_id(path).map(|id| Source::new(id, text.to_owned()));
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            families: by_family(&fonts),
            fonts,
            common: source("/common.typ", include_str!("../templates/common.typ"))?,
            tables: source("/tables.typ", include_str!("../templates/tables.typ"))?,
            certificate: source(
                "/completion-certificate.typ",
                include_str!("../templates/completion-certificate.typ"),
            )?,
            end_of_training: source(
                "/end-of-training-statement.typ",
                include_str!("../templates/end-of-training-statement.typ"),
            )?,
            attendance: source(
                "/attendance-statement.typ",
                include_str!("../templates/attendance-statement.typ"),
            )?,
            data: file_id("/data.json")?,
            qr_code: file_id("/verification.svg")?,
        })
    }

    /// Whether one family can set a whole cluster in each of its styles, so that it can be set
    /// wherever it stands. The glyphs themselves are asked for: the coverage that fonts declare
    /// counts characters that they map to nothing.
    pub(crate) fn covers(&self, cluster: &str) -> bool {
        self.families
            .iter()
            .any(|styles| styles.iter().all(|font| has_glyphs(font, cluster)))
    }

    fn main(&self, template: Template) -> &Source {
        match template {
            Template::CompletionCertificate => &self.certificate,
            Template::EndOfTrainingStatement => &self.end_of_training,
            Template::AttendanceStatement => &self.attendance,
        }
    }
}

/// Formulas are never set, so mathematical fonts would only be poor fallbacks; and the oblique
/// styles of the last fallback lack whole scripts that its upright ones have.
fn serves(font: &Font) -> bool {
    let info = font.info();
    let mathematical = info.family.contains("Math");
    let oblique = info.variant.style != FontStyle::Normal;
    let monospaced = info.flags.contains(FontFlags::MONOSPACE);
    !(mathematical || (monospaced && oblique))
}

/// The fonts, ready to be asked for glyphs, gathered by family.
fn by_family(fonts: &[Font]) -> Vec<Vec<FontInstance>> {
    let mut families = BTreeMap::<&str, Vec<FontInstance>>::new();
    for font in fonts {
        let info = font.info();
        let plain = FontVariations::default();
        let instance = font
            .clone()
            .instantiate(info.variant, Abs::pt(12.0), &plain);
        families
            .entry(info.family.as_str())
            .or_default()
            .push(instance);
    }
    families.into_values().collect()
}

fn has_glyphs(font: &FontInstance, cluster: &str) -> bool {
    cluster
        .chars()
        .all(|c| font.ttf().glyph_index(c).is_some_and(|glyph| glyph.0 != 0))
}

fn file_id(path: &str) -> Result<FileId, DocumentError> {
    let path = VirtualPath::new(path).map_err(|error| DocumentError::Typesetting {
        details: format!("{path}: {error:?}"),
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The world of one document.
pub(crate) struct DocumentWorld<'a> {
    stock: &'a Stock,
    template: Template,
    data: Bytes,
    qr_code: Bytes,
}

impl<'a> DocumentWorld<'a> {
    /// `data` is JSON, `qr_code` an SVG drawing.
    pub(crate) fn new(
        stock: &'a Stock,
        template: Template,
        data: Vec<u8>,
        qr_code: String,
    ) -> Self {
        Self {
            stock,
            template,
            data: Bytes::new(data),
            qr_code: Bytes::from_string(qr_code),
        }
    }

    fn sources(&self) -> [&Source; 3] {
        [
            self.stock.main(self.template),
            &self.stock.common,
            &self.stock.tables,
        ]
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.stock.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.stock.book
    }

    fn main(&self) -> FileId {
        self.stock.main(self.template).id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.sources().into_iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.stock.data {
            Ok(self.data.clone())
        } else if id == self.stock.qr_code {
            Ok(self.qr_code.clone())
        } else {
            self.source(id)
                .map(|source| Bytes::from_string(source.text().to_owned()))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.stock.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

//! What content is, without a database: how it is stored with an activity, what
//! a row keeps of a package, and which files a browser may show by itself.

use passerelle_scorm::manifest::{Kind, TocItem};
use passerelle_scorm::package::{Limits, Package};
use passerelle_scorm::problem::Problem;
use passerelle_web::assets::media_type;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Bytes at most in an attachment: 50 MiB.
pub const MAX_ATTACHMENT: u64 = 50 * 1024 * 1024;
/// Characters at most in a file name that is kept.
const MAX_NAME: usize = 200;

/// What an import accepts; a service of the application, with defaults.
#[derive(Clone, Debug)]
pub struct ContentSettings {
    /// Bytes of a package, as sent and once unpacked. Default 2 GiB.
    pub max_bytes: u64,
    /// Files of a package. Default 20,000.
    pub max_files: u32,
}

impl Default for ContentSettings {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            max_bytes: limits.total_size,
            max_files: limits.files,
        }
    }
}

impl ContentSettings {
    /// The limits of a package; those that are not configured keep their defaults.
    pub fn limits(&self) -> Limits {
        Limits {
            total_size: self.max_bytes,
            files: self.max_files,
            ..Limits::default()
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Its file is being taken in.
    Receiving,
    /// Every file of the package is being read once.
    Checking,
    /// It is being put in its place.
    Storing,
}

/// A step of an import: bytes done of bytes in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportStep {
    /// What is being done.
    pub stage: Stage,
    /// Bytes done.
    pub done: u64,
    /// Bytes in all; 0 while unknown.
    pub total: u64,
}

impl ImportStep {
    /// How far the stage is, from 0 to 100.
    pub fn percent(&self) -> u64 {
        if self.total == 0 {
            0
        } else {
            (u128::from(self.done) * 100 / u128::from(self.total)).min(100) as u64
        }
    }
}

/// A package that was taken in.
#[derive(Clone, Debug)]
pub struct ImportedPackage {
    /// Its identifier.
    pub id: Uuid,
    /// Warnings and notes.
    pub problems: Vec<Problem>,
}

/// What the row of a package keeps: enough for lists and forms without opening its index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contents {
    /// Name of the file as it was sent.
    pub file_name: String,
    /// The flat table of contents with what is needed to launch each line.
    pub items: Vec<TocItem>,
    /// Description given by the author.
    pub description: String,
    /// Typical learning time as written by the author.
    pub typical_learning_time: Option<String>,
    /// Items that cannot be opened and that a manager wants done all the same.
    pub wanted: Vec<String>,
}

impl Contents {
    /// What is kept of `package`, sent as `file_name`.
    pub fn of(package: &Package, file_name: &str) -> Self {
        let metadata = &package.manifest.metadata;
        Self {
            file_name: file_name.to_owned(),
            items: package.manifest.launchable(),
            description: metadata
                .description
                .best("fr")
                .unwrap_or_default()
                .to_owned(),
            typical_learning_time: metadata.typical_learning_time.clone(),
            wanted: Vec::new(),
        }
    }

    /// Items that lead to content which is not there.
    pub fn dead(&self) -> impl Iterator<Item = &TocItem> {
        self.items
            .iter()
            .filter(|item| item.href.is_none() && item.kind != Kind::Folder)
    }

    /// Those of them that count all the same, in order.
    pub fn still_wanted(&self) -> impl Iterator<Item = String> {
        self.dead()
            .map(|item| &item.identifier)
            .filter(|id| self.wanted.contains(id))
            .cloned()
    }
}

/// `content` of an activity that is a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageContent {
    /// Its text.
    pub markdown: String,
    /// Files and pictures it may show.
    pub attachments: Vec<Uuid>,
}

/// `content` of an activity that is a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileContent {
    /// The file.
    pub attachment: Uuid,
}

/// `content` of an activity that is a link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkContent {
    /// Where it leads, `https:` or `http:`.
    pub url: String,
    /// What one does there, Markdown.
    pub note: String,
}

/// `content` of an activity that is a tool of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolContent {
    /// The tool, as registered in the space.
    pub tool: Uuid,
    /// What it opens there; its own address when empty.
    #[serde(default)]
    pub url: String,
    /// Parameters sent with each launch, `name=value`, one a line.
    #[serde(default)]
    pub custom: String,
    /// Shown within our page; in a window of its own otherwise.
    #[serde(default)]
    pub framed: bool,
    /// Whether a mark that it gives may be lower than one that it gave.
    #[serde(default)]
    pub lowers: bool,
    /// The column of marks that the tool wished when it was picked (Deep Linking 2.0, `lineItem`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<serde_json::Value>,
}

/// Contents of an activity that were changed by somebody, to whom the column that its tool wished
/// was not shown: it is kept as long as the tool is the same.
pub fn with_column(before: &str, after: &serde_json::Value) -> String {
    let read = |content: Option<ToolContent>| content.map(|content| (content.tool, content));
    let before = read(serde_json::from_str(before).ok());
    let after_tool = read(serde_json::from_value(after.clone()).ok());
    if let (Some((was, before)), Some((is, mut content))) = (before, after_tool)
        && was == is
        && content.column.is_none()
    {
        content.column = before.column;
        return serde_json::to_string(&content).unwrap_or_else(|_| after.to_string());
    }
    after.to_string()
}

/// Parameters of a launch at most.
const MAX_PARAMETERS: usize = 50;
/// Bytes of a parameter's name or value at most.
const MAX_PARAMETER: usize = 1_000;

impl ToolContent {
    /// The parameters; none when a line is not `name=value`, too long, or there are too many.
    pub fn parameters(&self) -> Option<Vec<(String, String)>> {
        let lines = self.custom.lines().map(str::trim).filter(|l| !l.is_empty());
        let mut out = Vec::new();
        for line in lines {
            let (name, value) = line.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            let fits = !name.is_empty() && name.len().max(value.len()) <= MAX_PARAMETER;
            if !fits || out.len() == MAX_PARAMETERS {
                return None;
            }
            out.push((name.to_owned(), value.to_owned()));
        }
        Some(out)
    }
}

/// `content` of an activity that is a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageContent {
    /// Hosts outside the package that it may reach.
    pub external_hosts: Vec<String>,
}

/// How a file is handed to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Media type announced.
    pub media_type: &'static str,
    /// Whether the browser may show it; otherwise it is saved.
    pub inline: bool,
}

/// Decides by the extension alone: what the sender announced is never believed.
///
/// Only kinds that cannot run anything are shown in place; what a browser could
/// run (HTML, SVG, scripts) loses its type as well.
pub fn served(file_name: &str) -> Served {
    let media_type = media_type(file_name);
    let inline = matches!(
        media_type,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif" | "application/pdf"
    ) || media_type.starts_with("audio/")
        || media_type.starts_with("video/");
    let document = media_type.starts_with("application/vnd.")
        || matches!(
            media_type,
            "application/msword" | "application/zip" | "text/csv; charset=utf-8"
        );
    if inline || document {
        Served { media_type, inline }
    } else {
        Served {
            media_type: "application/octet-stream",
            inline: false,
        }
    }
}

/// Whether a browser may show the file as a picture within a page.
pub fn is_picture(file_name: &str) -> bool {
    let served = served(file_name);
    served.inline && served.media_type.starts_with("image/")
}

/// A file name that can be shown and sent back: the last part of a path, without
/// control characters, at most 200 characters.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_direction(*c))
        .take(MAX_NAME)
        .collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    if kept.is_empty() {
        "fichier".to_owned()
    } else {
        kept
    }
}

/// Marks that reverse what is read, and so could disguise an extension.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_run_is_shown_in_place() {
        for shown in ["a.png", "A.JPG", "b.pdf", "c.mp3", "d.mp4", "e.webm"] {
            assert!(served(shown).inline, "{shown}");
        }
        for saved in [
            "a.html",
            "a.htm",
            "a.xhtml",
            "a.svg",
            "a.xml",
            "a.js",
            "a.css",
            "a.exe",
            "a",
            "a.png.html",
        ] {
            let served = served(saved);
            assert!(!served.inline, "{saved}");
            assert_eq!(served.media_type, "application/octet-stream", "{saved}");
        }
        let letter = served("lettre.docx");
        assert!(!letter.inline && letter.media_type.starts_with("application/vnd."));
    }

    #[test]
    fn a_file_name_keeps_its_last_part_and_nothing_that_disguises() {
        assert_eq!(
            clean_name("C:\\Bureau\\Livret d’accueil.pdf"),
            "Livret d’accueil.pdf"
        );
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("a\u{202e}fdp.exe\r\n"), "afdp.exe");
        assert_eq!(clean_name(".."), "fichier");
        assert_eq!(clean_name(&"é".repeat(500)).chars().count(), MAX_NAME);
    }

    #[test]
    fn a_share_is_never_over_a_hundred() {
        let step = |done, total| {
            ImportStep {
                stage: Stage::Checking,
                done,
                total,
            }
            .percent()
        };
        assert_eq!(
            (step(0, 0), step(1, 3), step(9, 3), step(u64::MAX, u64::MAX)),
            (0, 33, 100, 100)
        );
    }
}

//! The list of everything that can be said about a package.

use serde::{Deserialize, Serialize};

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is missing.
    Note,
    /// The package was read, but something in it was repaired, guessed or left out.
    Warning,
    /// The package is not taken in.
    Refused,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $key:literal, $severity:ident $(, $arg:literal)*;)*) => {
        /// What was found. The key is stable: it is stored, and it names the message.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $key)] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the translations.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable key, which is the identifier of the Fluent message.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// How much a problem of this code weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// The Fluent variables that a problem of this code carries, beside
            /// `line` and `column`.
            pub const fn variables(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($arg,)*],)* }
            }
        }
    };
}

codes! {
    // The archive.
    /// No ZIP signature anywhere.
    NotAZip = "scorm-not-a-zip", Refused;
    /// It starts as a ZIP, but its end, or the data of an entry, is missing.
    ZipTruncated = "scorm-zip-truncated", Refused;
    /// The directory of the archive makes no sense.
    ZipDamaged = "scorm-zip-damaged", Refused;
    /// An entry is encrypted.
    ZipEncrypted = "scorm-zip-encrypted", Refused, "path";
    /// One volume of a split archive.
    ZipMultiDisk = "scorm-zip-multi-disk", Refused;
    /// A path climbs out of the package with `..`.
    ZipSlip = "scorm-zip-slip", Refused, "path";
    /// A path starts at a root or at a drive letter.
    ZipAbsolutePath = "scorm-zip-absolute-path", Refused, "path";
    /// Paths use the backslash between folders, as some tools of Windows write them; told once.
    ZipBackslash = "scorm-zip-backslash", Note, "path";
    /// A path holds a control character or one that reverses the writing direction.
    ZipControlCharacter = "scorm-zip-control-character", Refused, "path";
    /// An entry has no name.
    ZipEmptyName = "scorm-zip-empty-name", Refused;
    /// A name says that it is UTF-8 and is not.
    ZipNameEncoding = "scorm-zip-name-encoding", Refused, "path";
    /// A path is longer than the limit, in bytes.
    ZipPathTooLong = "scorm-zip-path-too-long", Refused, "path", "limit";
    /// A path has more folders than the limit.
    ZipPathTooDeep = "scorm-zip-path-too-deep", Refused, "path", "limit";
    /// A symbolic link, a device, or a folder that holds data.
    ZipSpecialFile = "scorm-zip-special-file", Refused, "path";
    /// The same name twice.
    ZipDuplicateName = "scorm-zip-duplicate-name", Refused, "path";
    /// Two names that some systems hold for the same.
    ZipNameCollision = "scorm-zip-name-collision", Refused, "path", "other";
    /// Two entries share bytes of the archive.
    ZipOverlap = "scorm-zip-overlap", Refused, "path", "other";
    /// More entries than the limit.
    ZipTooManyFiles = "scorm-zip-too-many-files", Refused, "count", "limit";
    /// More bytes, once unpacked, than the limit.
    ZipTooLarge = "scorm-zip-too-large", Refused, "limit";
    /// An entry is compressed beyond belief.
    ZipRatio = "scorm-zip-ratio", Refused, "path", "ratio", "limit";
    /// The whole is compressed beyond belief.
    ZipTotalRatio = "scorm-zip-total-ratio", Refused, "ratio", "limit";
    /// A compression method other than stored and deflate.
    ZipMethod = "scorm-zip-method", Refused, "path", "method";
    /// The header beside the data and the directory do not tell the same.
    ZipHeaderMismatch = "scorm-zip-header-mismatch", Refused, "path";
    /// An entry does not inflate, or not to what its checksum says.
    ZipContentDamaged = "scorm-zip-content-damaged", Refused, "path";
    /// An entry inflates to another size than announced.
    ZipSizeMismatch = "scorm-zip-size-mismatch", Refused, "path";

    // The package.
    /// No `imsmanifest.xml`.
    ManifestMissing = "scorm-manifest-missing", Refused;
    /// There is one, but not at the root.
    ManifestMisplaced = "scorm-manifest-misplaced", Refused, "path";
    /// The archive only wraps another archive.
    InnerPackage = "scorm-inner-package", Refused, "path";
    /// Another kind of package: cmi5, xAPI, AICC, H5P.
    OtherFormat = "scorm-other-format", Refused, "format";
    /// The manifest is larger than the limit.
    ManifestTooLarge = "scorm-manifest-too-large", Refused, "limit";
    /// The manifest's name is not in lower case.
    ManifestNameCase = "scorm-manifest-name-case", Warning, "path";
    /// Everything lies in one folder, which was taken as the root.
    TopFolder = "scorm-top-folder", Note, "folder";
    /// An archive inside the package stays closed.
    NestedArchive = "scorm-nested-archive", Note, "path";
    /// The encoding of a name was guessed.
    NameGuessed = "scorm-name-guessed", Note, "path";

    // The manifest as XML.
    /// Not well-formed XML.
    ManifestNotWellFormed = "scorm-manifest-not-well-formed", Refused, "detail";
    /// The bytes are not in the encoding declared, or the encoding is not known.
    ManifestEncoding = "scorm-manifest-encoding", Refused, "encoding";
    /// Declared as UTF-16 while it is UTF-8; read as UTF-8.
    ManifestEncodingIgnored = "scorm-manifest-encoding-ignored", Warning, "encoding";
    /// A document type declaration.
    ManifestDtd = "scorm-manifest-dtd", Refused;
    /// An entity beyond the five of XML.
    ManifestEntity = "scorm-manifest-entity", Refused, "name";
    /// Elements nested deeper than the limit.
    ManifestTooDeep = "scorm-manifest-too-deep", Refused, "limit";
    /// More elements than the limit.
    ManifestTooManyElements = "scorm-manifest-too-many-elements", Refused, "limit";
    /// An element with more attributes than the limit.
    ManifestTooManyAttributes = "scorm-manifest-too-many-attributes", Refused, "limit";
    /// An attribute longer than the limit, in bytes.
    ManifestValueTooLong = "scorm-manifest-value-too-long", Refused, "name", "limit";
    /// A prefix that no namespace declares.
    ManifestUndeclaredPrefix = "scorm-manifest-undeclared-prefix", Warning, "name";

    // The manifest as SCORM.
    /// The outermost element is not `manifest`.
    ManifestRoot = "scorm-manifest-root", Refused, "name";
    /// A version that is not read.
    UnsupportedVersion = "scorm-unsupported-version", Refused, "version";
    /// No version is given; taken from the namespaces.
    VersionGuessed = "scorm-version-guessed", Warning, "version";
    /// The version given and the namespaces do not agree.
    VersionConflict = "scorm-version-conflict", Warning, "version";
    /// A manifest inside the manifest is left out.
    SubManifest = "scorm-sub-manifest", Warning;
    /// No table of contents; made from the resources.
    NoOrganization = "scorm-no-organization", Warning;
    /// Nothing can be launched.
    NothingToLaunch = "scorm-nothing-to-launch", Refused;
    /// The default organisation does not exist; the first was taken.
    DefaultOrganization = "scorm-default-organization", Warning, "id";
    /// An item points to a resource that does not exist.
    ResourceMissing = "scorm-resource-missing", Warning, "id", "item";
    /// An item points to a resource that has no file to launch.
    ResourceWithoutHref = "scorm-resource-without-href", Warning, "id", "item";
    /// The file to launch is not in the package.
    LaunchFileMissing = "scorm-launch-file-missing", Warning, "path", "id";
    /// An address leads out of the package.
    HrefOutside = "scorm-href-outside", Warning, "href";
    /// An address that no course can open: `javascript:`, `data:`, `file:` and the like.
    HrefRefused = "scorm-href-refused", Warning, "href";
    /// The content to launch is on another site.
    HrefExternal = "scorm-href-external", Warning, "href";
    /// A file was found under a name that differs by case, accents or escapes.
    HrefRepaired = "scorm-href-repaired", Warning, "href", "path";
    /// A file that is listed is not in the package.
    FileMissing = "scorm-file-missing", Warning, "path";
    /// A dependency points to a resource that does not exist.
    DependencyMissing = "scorm-dependency-missing", Warning, "id";
    /// Dependencies that go round in a circle.
    DependencyLoop = "scorm-dependency-loop", Refused, "id";
    /// A chain of dependencies longer than the limit.
    DependencyTooDeep = "scorm-dependency-too-deep", Refused, "id", "limit";
    /// Two items with the same identifier.
    DuplicateItem = "scorm-duplicate-item", Refused, "id";
    /// Two resources with the same identifier; the first was taken.
    DuplicateResource = "scorm-duplicate-resource", Warning, "id";
    /// An element without its identifier; one was made up.
    MissingIdentifier = "scorm-missing-identifier", Warning, "name";
    /// An item without a title; the identifier is shown.
    MissingTitle = "scorm-missing-title", Note, "id";
    /// It is not said whether a resource talks to the platform; taken as one that does not.
    ScormTypeMissing = "scorm-type-missing", Warning, "id";
    /// A value that cannot be read; left out.
    BadValue = "scorm-bad-value", Warning, "name", "value";
    /// An item refers to shared sequencing rules that do not exist.
    SequencingMissing = "scorm-sequencing-missing", Warning, "id";
    /// Shared sequencing rules that would be copied more often than the limit allows.
    SequencingTooLarge = "scorm-sequencing-too-large", Refused, "id";
    /// Sequencing rules are kept but not applied.
    SequencingNotPlayed = "scorm-sequencing-not-played", Note;
    /// Further problems were counted but not listed.
    MoreProblems = "scorm-more-problems", Note, "count";
}

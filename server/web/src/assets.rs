//! Files carried in the binary: views, translations, style sheets, scripts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use passerelle_kernel::Registry;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Files of one plugin.
#[derive(Clone)]
pub struct Embedded {
    /// Name of the plugin; prefix of its templates.
    pub plugin: &'static str,
    /// Path and bytes.
    pub files: Vec<(String, Cow<'static, [u8]>)>,
}

impl Embedded {
    /// The files of an embedded folder.
    pub fn of<E: RustEmbed>(plugin: &'static str) -> Self {
        let files = E::iter()
            .filter_map(|path| E::get(&path).map(|file| (path.into_owned(), file.data)))
            .collect();
        Self { plugin, files }
    }

    /// Path and text of each file that is text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
    }
}

/// Registry entry: Handlebars templates, named `plugin/slice/name` from `slice/views/name.hbs`.
#[derive(Clone)]
pub struct Views(pub Embedded);

/// Registry entry: Fluent files, `fr/….ftl` and `en/….ftl`.
#[derive(Clone)]
pub struct Locales(pub Embedded);

/// Registry entry: files served below `/assets/`.
#[derive(Clone)]
pub struct Assets(pub Embedded);

/// A file served below `/assets/`.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its bytes.
    pub bytes: bytes::Bytes,
    /// Its media type.
    pub media_type: &'static str,
}

/// All public files, by an address that changes with their content.
#[derive(Clone, Default)]
pub struct PublicAssets {
    by_address: Arc<HashMap<String, Asset>>,
    addresses: Arc<HashMap<String, String>>,
}

impl PublicAssets {
    pub(crate) fn collect(registry: &Registry) -> Self {
        let mut by_address = HashMap::new();
        let mut addresses = HashMap::new();
        for Assets(embedded) in registry.all::<Assets>() {
            for (path, bytes) in &embedded.files {
                let hash = hex::encode(&Sha256::digest(bytes)[..6]);
                let address = format!("{hash}/{path}");
                let media_type = media_type(path);
                addresses.insert(path.clone(), format!("/assets/{address}"));
                by_address.insert(
                    address,
                    Asset {
                        bytes: bytes.to_vec().into(),
                        media_type,
                    },
                );
            }
        }
        Self {
            by_address: Arc::new(by_address),
            addresses: Arc::new(addresses),
        }
    }

    /// Address of a file by its name; the bare name when there is none such.
    pub fn address(&self, name: &str) -> String {
        self.addresses
            .get(name)
            .cloned()
            .unwrap_or_else(|| format!("/assets/missing/{name}"))
    }

    /// The file at `HASH/name`.
    pub fn get(&self, address: &str) -> Option<Asset> {
        self.by_address.get(address).cloned()
    }
}

/// Media type by extension, for what we serve and what packages hold.
pub fn media_type(path: &str) -> &'static str {
    let extension = path
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "xhtml" => "application/xhtml+xml",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" | "xsd" | "dtd" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "wasm" => "application/wasm",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        _ => "application/octet-stream",
    }
}

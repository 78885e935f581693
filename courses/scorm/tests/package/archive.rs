//! Archives written byte by byte, so that each can lie where a writer would not let it.

use flate2::{Compression, Crc, write::DeflateEncoder};
use passerelle_scorm::package::{Limits, Package, inspect};
use passerelle_scorm::problem::{Code, Refusal};
use std::io::{Cursor, Write};

/// A sound SCORM 1.2 manifest with one SCO, `index.html`.
pub const MANIFEST: &str = r#"<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Un cours</title>
    <item identifier="i" identifierref="r"><title>Leçon</title></item>
  </organization></organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html">
    <file href="index.html"/></resource></resources>
</manifest>"#;

/// One entry; every field that a header holds can be set apart from the truth.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub local_name: Option<Vec<u8>>,
    pub stored: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub size: u64,
    pub crc: u32,
    pub attributes: u32,
    pub extra: Vec<u8>,
    pub local_size: Option<u64>,
    pub zip64: bool,
    /// Reuses the local header and data of the entry of this index.
    pub shares: Option<usize>,
}

/// Deflated by the best means.
pub fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub fn crc32(content: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(content);
    crc.sum()
}

impl Entry {
    pub fn deflate(name: &str, content: &[u8]) -> Self {
        Self {
            stored: deflated(content),
            method: 8,
            ..Self::stored(name, content)
        }
    }

    pub fn stored(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            stored: content.to_vec(),
            method: 0,
            flags: 0x800,
            size: content.len() as u64,
            crc: crc32(content),
            attributes: 0,
            extra: Vec::new(),
            local_size: None,
            zip64: false,
            shares: None,
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn sizes(&self, size: u64) -> ([u32; 2], Vec<u8>) {
        let compressed = self.stored.len() as u64;
        if !self.zip64 {
            return ([compressed as u32, size as u32], Vec::new());
        }
        let mut extra = vec![1, 0, 16, 0];
        extra.extend(size.to_le_bytes());
        extra.extend(compressed.to_le_bytes());
        ([u32::MAX, u32::MAX], extra)
    }

    fn local(&self) -> Vec<u8> {
        let descriptor = self.flags & 8 != 0;
        let (sizes, mut extra) = self.sizes(self.local_size.unwrap_or(self.size));
        extra.extend(&self.extra);
        let name = self.local_name.as_ref().unwrap_or(&self.name);
        let mut out = vec![b'P', b'K', 3, 4, 45, 0];
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend(if descriptor { 0 } else { self.crc }.to_le_bytes());
        for size in sizes {
            let written = if descriptor && !self.zip64 { 0 } else { size };
            out.extend(written.to_le_bytes());
        }
        out.extend((name.len() as u16).to_le_bytes());
        out.extend((extra.len() as u16).to_le_bytes());
        out.extend(name);
        out.extend(extra);
        out.extend(&self.stored);
        if descriptor {
            out.extend(b"PK\x07\x08");
            out.extend(self.crc.to_le_bytes());
            out.extend((self.stored.len() as u32).to_le_bytes());
            out.extend((self.size as u32).to_le_bytes());
        }
        out
    }

    fn central(&self, offset: u32) -> Vec<u8> {
        let (sizes, mut extra) = self.sizes(self.size);
        extra.extend(&self.extra);
        let mut out = vec![b'P', b'K', 1, 2, 45, 3, 45, 0];
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend(self.crc.to_le_bytes());
        for size in sizes {
            out.extend(size.to_le_bytes());
        }
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend((extra.len() as u16).to_le_bytes());
        out.extend([0; 6]);
        out.extend(self.attributes.to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend(&self.name);
        out.extend(extra);
        out
    }
}

/// A whole archive.
pub struct Archive {
    pub entries: Vec<Entry>,
    pub before: Vec<u8>,
    pub comment: Vec<u8>,
    pub disk: u16,
    pub zip64_end: bool,
}

impl Archive {
    /// A sound package and these entries.
    pub fn package(more: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries = vec![
            Entry::deflate("imsmanifest.xml", MANIFEST.as_bytes()),
            Entry::deflate("index.html", b"<!doctype html><title>SCO</title>"),
        ];
        entries.extend(more);
        Self::of(entries)
    }

    /// Only these entries.
    pub fn of(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            before: Vec::new(),
            comment: Vec::new(),
            disk: 0,
            zip64_end: false,
        }
    }

    /// A package with this manifest and empty files.
    pub fn manifest(manifest: &[u8], files: &[&str]) -> Self {
        let mut entries = vec![Entry::deflate("imsmanifest.xml", manifest)];
        entries.extend(files.iter().map(|name| Entry::stored(name, b"x")));
        Self::of(entries)
    }

    /// Where the offsets of the directory start; what stands before is not counted.
    pub fn bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let mut offsets: Vec<u32> = Vec::new();
        for entry in &self.entries {
            if let Some(index) = entry.shares {
                offsets.push(offsets[index]);
            } else {
                offsets.push(body.len() as u32);
                body.extend(entry.local());
            }
        }
        let start = body.len() as u64;
        for (entry, offset) in self.entries.iter().zip(offsets) {
            body.extend(entry.central(offset));
        }
        let size = body.len() as u64 - start;
        let count = self.entries.len() as u64;
        if self.zip64_end {
            let end = body.len() as u64;
            body.extend(b"PK\x06\x06");
            body.extend(44_u64.to_le_bytes());
            body.extend([45, 0, 45, 0]);
            body.extend([0; 8]);
            for value in [count, count, size, start] {
                body.extend(value.to_le_bytes());
            }
            body.extend(b"PK\x06\x07");
            body.extend([0; 4]);
            body.extend(end.to_le_bytes());
            body.extend(1_u32.to_le_bytes());
        }
        body.extend(b"PK\x05\x06");
        body.extend(self.disk.to_le_bytes());
        body.extend(self.disk.to_le_bytes());
        let short = |value: u64| {
            if self.zip64_end {
                u32::MAX
            } else {
                value as u32
            }
        };
        for _ in 0..2 {
            body.extend((short(count) as u16).to_le_bytes());
        }
        body.extend(short(size).to_le_bytes());
        body.extend(short(start).to_le_bytes());
        body.extend((self.comment.len() as u16).to_le_bytes());
        body.extend(&self.comment);
        [self.before.clone(), body].concat()
    }

    pub fn inspect(&self) -> Result<Package, Refusal> {
        inspect(Cursor::new(self.bytes()), &Limits::default())
    }

    /// The package, which must be taken in.
    pub fn read(&self) -> Package {
        self.inspect().unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// Fails unless the package is refused for this reason.
    #[track_caller]
    pub fn refused(&self, code: Code) -> Refusal {
        self.refused_under(&Limits::default(), code)
    }

    #[track_caller]
    pub fn refused_under(&self, limits: &Limits, code: Code) -> Refusal {
        let refusal = inspect(Cursor::new(self.bytes()), limits).expect_err("refused");
        assert!(refusal.has(code), "wanted {code:?}: {refusal}");
        refusal
    }
}

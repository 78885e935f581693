//! What is only unusual is read.

use crate::archive::{Archive, Entry, MANIFEST, crc32};
use passerelle_scorm::manifest::Edition;
use passerelle_scorm::package::{EntryReader, Limits, Method, find, inspect};
use passerelle_scorm::problem::Code;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

fn content(archive: &Archive, path: &str) -> Vec<u8> {
    let package = archive.read();
    let entry =
        find(&package.files, path).unwrap_or_else(|| panic!("{path} in {:?}", package.files));
    let mut content = Vec::new();
    EntryReader::new(Cursor::new(archive.bytes()), entry)
        .and_then(|mut reader| reader.read_to_end(&mut content))
        .unwrap();
    content
}

#[test]
fn a_plain_package_is_read_without_a_remark() {
    let package = Archive::package([]).read();
    assert_eq!(package.problems, []);
    assert_eq!(package.root_prefix, "");
    assert_eq!(package.manifest.edition, Edition::Scorm12);
    assert_eq!(package.manifest.title(), "Un cours");
    let paths: Vec<&str> = package
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(paths, ["imsmanifest.xml", "index.html"]);
}

#[test]
fn stored_and_deflated_entries_are_both_read() {
    let archive = Archive::package([
        Entry::stored("a", b"stored"),
        Entry::deflate("b", b"deflated"),
    ]);
    assert_eq!(content(&archive, "a"), b"stored");
    assert_eq!(content(&archive, "b"), b"deflated");
    let package = archive.read();
    assert_eq!(find(&package.files, "a").unwrap().method, Method::Stored);
    assert_eq!(find(&package.files, "b").unwrap().method, Method::Deflate);
}

#[test]
fn zip64_is_read_in_entries_and_at_the_end() {
    let mut archive =
        Archive::package([Entry::deflate("a", b"large in spirit").with(|e| e.zip64 = true)]);
    archive.zip64_end = true;
    assert_eq!(content(&archive, "a"), b"large in spirit");
}

#[test]
fn sizes_behind_the_data_are_read() {
    let streamed = Entry::deflate("a", b"written as a stream").with(|e| e.flags |= 8);
    let archive = Archive::package([streamed, Entry::stored("b", b"next")]);
    assert_eq!(content(&archive, "a"), b"written as a stream");
}

#[test]
fn a_package_in_folders_that_hold_everything_starts_there() {
    let archive = Archive::of(vec![
        Entry::stored("Mon cours/", b""),
        Entry::stored("Mon cours/v2/", b""),
        Entry::deflate("Mon cours/v2/imsmanifest.xml", MANIFEST.as_bytes()),
        Entry::stored("Mon cours/v2/index.html", b"x"),
        Entry::stored("__MACOSX/Mon cours/._index.html", b"x"),
        Entry::stored(".DS_Store", b"x"),
    ]);
    let package = archive.read();
    assert_eq!(package.root_prefix, "Mon cours/v2/");
    let paths: Vec<&str> = package
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(paths, ["imsmanifest.xml", "index.html"]);
    assert_eq!(package.problems[0].code, Code::TopFolder);
    assert_eq!(content(&archive, "index.html"), b"x");
}

#[test]
fn accents_in_names_are_read_however_they_are_written() {
    let manifest = MANIFEST.replace("index.html", "été/leçon.html");
    let with = |entry: Entry| {
        Archive::of(vec![
            Entry::deflate("imsmanifest.xml", manifest.as_bytes()),
            entry,
        ])
    };
    let flagged = Entry::stored("été/leçon.html", b"x");
    let decomposed = Entry::stored("e\u{301}te\u{301}/lec\u{327}on.html", b"x");
    let unflagged = flagged.clone().with(|e| e.flags = 0);
    let dos = flagged.clone().with(|e| {
        e.flags = 0;
        e.name = b"\x82t\x82/le\x87on.html".to_vec();
    });
    let info_zip = flagged.clone().with(|e| {
        e.flags = 0;
        e.name = b"#U00e9t#U00e9/le#U00e7on.html".to_vec();
        let name = "été/leçon.html";
        e.extra = vec![0x75, 0x70, 5 + name.len() as u8, 0, 1];
        e.extra.extend(crc32(&e.name).to_le_bytes());
        e.extra.extend(name.as_bytes());
    });
    for (entry, guessed) in [
        (flagged, false),
        (decomposed, false),
        (unflagged, true),
        (dos, true),
        (info_zip, false),
    ] {
        let package = with(entry).read();
        let line = &package.manifest.launchable()[0];
        assert_eq!(line.path.as_deref(), Some("été/leçon.html"));
        assert_eq!(line.href.as_deref(), Some("%C3%A9t%C3%A9/le%C3%A7on.html"));
        let codes: Vec<Code> = package
            .problems
            .iter()
            .map(|problem| problem.code)
            .collect();
        assert_eq!(codes.contains(&Code::NameGuessed), guessed, "{codes:?}");
    }
}

#[test]
fn a_comment_at_the_end_and_bytes_at_the_start_do_no_harm() {
    let mut archive = Archive::package([Entry::stored("a", b"x")]);
    archive.comment = "Exporté le 3 mai".as_bytes().to_vec();
    assert_eq!(content(&archive, "a"), b"x");
    archive.before = b"#!/bin/sh\nexit\n".to_vec();
    assert_eq!(content(&archive, "a"), b"x");
    archive.comment = vec![b'x'; 65_535];
    assert_eq!(content(&archive, "a"), b"x");
}

#[test]
fn dots_and_double_slashes_in_names_do_no_harm() {
    let archive = Archive::of(vec![
        Entry::stored("./", b"").with(|e| e.name = b"./a/".to_vec()),
        Entry::deflate("./imsmanifest.xml", MANIFEST.as_bytes()),
        Entry::stored(".//index.html", b"x"),
    ]);
    assert_eq!(content(&archive, "index.html"), b"x");
}

#[test]
fn a_manifest_in_capitals_and_an_archive_inside_are_told() {
    let archive = Archive::of(vec![
        Entry::deflate("IMSManifest.XML", MANIFEST.as_bytes()),
        Entry::stored("index.html", b"x"),
        Entry::stored("docs/exercices.ZIP", b"PK"),
    ]);
    let codes: Vec<Code> = archive
        .read()
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, [Code::ManifestNameCase, Code::NestedArchive]);
}

#[test]
fn what_a_library_writes_is_read() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.add_directory("images", options).unwrap();
    for (name, method) in [
        ("imsmanifest.xml", zip::CompressionMethod::Deflated),
        ("index.html", zip::CompressionMethod::Stored),
    ] {
        let options = options
            .compression_method(method)
            .large_file(name == "index.html");
        writer.start_file(name, options).unwrap();
        writer.write_all(MANIFEST.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let package = inspect(Cursor::new(bytes), &Limits::default()).unwrap();
    assert_eq!(package.files.len(), 2);
}

#[test]
fn a_package_survives_being_stored_and_its_files_are_stored_shortly() {
    let package = Archive::package([Entry::deflate("a", b"x")]).read();
    let text = serde_json::to_string(&package).unwrap();
    assert_eq!(
        serde_json::from_str::<passerelle_scorm::package::Package>(&text).unwrap(),
        package
    );
    let file = serde_json::to_string(find(&package.files, "a").unwrap()).unwrap();
    assert!(file.starts_with("[\"a\",") && file.len() < 40, "{file}");
    assert!(
        serde_json::from_str::<passerelle_scorm::package::FileEntry>("[\"a\",1,2,3,7,5]").is_err()
    );
}

//! The data behind the directory: checked whole, and served entry by entry.

use crate::archive::{Archive, Entry, deflated};
use flate2::read::GzDecoder;
use passerelle_scorm::package::{EntryReader, FileEntry, Limits, find, verify_content};
use passerelle_scorm::problem::{Code, Refusal};
use std::io::{Cursor, ErrorKind, Read};
use std::ops::ControlFlow;

fn verify(archive: &Archive) -> Result<(), Refusal> {
    let package = archive.read();
    verify_content(
        Cursor::new(archive.bytes()),
        &package.files,
        &Limits::default(),
        &mut |_, _| ControlFlow::Continue(()),
    )
}

#[track_caller]
fn refused(entry: Entry, code: Code) {
    let refusal = verify(&Archive::package([entry])).expect_err("refused");
    assert!(refusal.has(code), "wanted {code:?}: {refusal}");
}

/// Bytes that do not compress and are the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(step).collect()
}

#[test]
fn sound_content_passes_and_progress_reaches_the_total() {
    let archive = Archive::package([
        Entry::deflate("text", "mot ".repeat(900_000).as_bytes()),
        Entry::stored("noise", &noise(3_000_000)),
        Entry::deflate("noise2", &noise(700_000)),
        Entry::deflate("empty", b""),
        Entry::stored("nothing", b""),
    ]);
    let package = archive.read();
    let total: u64 = package.files.iter().map(|file| file.size).sum();
    let mut told = Vec::new();
    verify_content(
        Cursor::new(archive.bytes()),
        &package.files,
        &Limits::default(),
        &mut |done, of| {
            told.push((done, of));
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    assert_eq!(told.first(), Some(&(0, total)));
    assert_eq!(told.last(), Some(&(total, total)));
    assert!(told.len() > 5 && told.is_sorted(), "{told:?}");
}

#[test]
fn a_bomb_that_lies_in_its_headers_is_stopped_at_the_first_byte_too_many() {
    let zeros = deflated(&vec![0; 50_000_000]);
    let lying = Entry::deflate("bomb", b"").with(|e| {
        e.stored = zeros;
        e.size = 1_000;
    });
    let archive = Archive::package([lying]);
    let mut seen = 0;
    let package = archive.read();
    let refusal = verify_content(
        Cursor::new(archive.bytes()),
        &package.files,
        &Limits::default(),
        &mut |done, _| {
            seen = done;
            ControlFlow::Continue(())
        },
    )
    .expect_err("refused");
    assert!(refusal.has(Code::ZipSizeMismatch), "{refusal}");
    assert!(seen < 1_000_000, "stopped after {seen}");
}

#[test]
fn content_that_is_not_what_the_directory_says_is_refused() {
    let entry = || Entry::deflate("a", b"some content");
    refused(entry().with(|e| e.crc ^= 1), Code::ZipContentDamaged);
    refused(entry().with(|e| e.size += 1), Code::ZipSizeMismatch);
    refused(
        entry().with(|e| e.stored = vec![0xff; 20]),
        Code::ZipContentDamaged,
    );
    refused(
        entry().with(|e| e.stored.truncate(4)),
        Code::ZipContentDamaged,
    );
    refused(
        entry().with(|e| e.stored.extend(b"tail")),
        Code::ZipContentDamaged,
    );
    refused(
        Entry::stored("a", b"content").with(|e| e.crc ^= 1),
        Code::ZipContentDamaged,
    );
}

#[test]
fn a_file_list_that_does_not_fit_the_file_is_refused_not_believed() {
    let archive = Archive::package([]);
    let bytes = archive.bytes();
    let mut files = archive.read().files;
    files[1].offset = bytes.len() as u64 - 3;
    let told = &mut |_, _| ControlFlow::Continue(());
    let refusal =
        verify_content(Cursor::new(&bytes), &files, &Limits::default(), told).expect_err("refused");
    assert!(
        refusal.has(Code::ZipContentDamaged) || refusal.has(Code::ZipTruncated),
        "{refusal}"
    );
    let limits = Limits {
        total_size: 10,
        ..Limits::default()
    };
    let refusal = verify_content(Cursor::new(&bytes), &files, &limits, told).expect_err("refused");
    assert!(refusal.has(Code::ZipTooLarge), "{refusal}");
}

#[test]
fn the_check_stops_on_request() {
    let archive = Archive::package([]);
    let files = archive.read().files;
    let stop = &mut |_, _| ControlFlow::Break(());
    let refusal = verify_content(
        Cursor::new(archive.bytes()),
        &files,
        &Limits::default(),
        stop,
    );
    assert!(matches!(refusal, Err(Refusal::Stopped)));
}

#[test]
fn a_part_of_an_entry_is_read_from_where_it_starts() {
    let text = noise(200_000);
    let archive = Archive::package([
        Entry::stored("stored", &text),
        Entry::deflate("deflated", &text),
    ]);
    let files = archive.read().files;
    for path in ["stored", "deflated"] {
        let entry = find(&files, path).unwrap();
        for from in [0, 1, 65_536, 199_999, 200_000, 300_000] {
            let mut reader =
                EntryReader::starting_at(Cursor::new(archive.bytes()), entry, from).unwrap();
            let start = (from as usize).min(text.len());
            assert_eq!(reader.remaining(), (text.len() - start) as u64);
            let mut part = Vec::new();
            reader.read_to_end(&mut part).unwrap();
            assert!(part == text[start..], "{path} from {from}");
        }
    }
}

#[test]
fn an_entry_that_is_damaged_ends_in_an_error() {
    let archive = Archive::package([
        Entry::deflate("crc", b"content").with(|e| e.crc ^= 1),
        Entry::deflate("short", b"content").with(|e| e.size += 5),
    ]);
    let files = archive.read().files;
    let kind = |path: &str| {
        let entry = find(&files, path).unwrap();
        let mut reader = EntryReader::new(Cursor::new(archive.bytes()), entry).unwrap();
        reader
            .read_to_end(&mut Vec::new())
            .expect_err("damaged")
            .kind()
    };
    assert_eq!(kind("crc"), ErrorKind::InvalidData);
    assert_eq!(kind("short"), ErrorKind::UnexpectedEof);
}

#[test]
fn a_deflated_entry_can_be_sent_as_gzip_without_being_unpacked() {
    let text = noise(5_000).repeat(4);
    let archive = Archive::package([Entry::deflate("a", &text), Entry::stored("b", &text)]);
    let files = archive.read().files;
    let entry = find(&files, "a").unwrap();
    let (header, trailer) = entry.gzip_frame().unwrap();
    let bytes = archive.bytes();
    let stored = &bytes[entry.offset as usize..(entry.offset + entry.compressed) as usize];
    let stream = [header.as_slice(), stored, trailer.as_slice()].concat();
    let mut unpacked = Vec::new();
    GzDecoder::new(stream.as_slice())
        .read_to_end(&mut unpacked)
        .unwrap();
    assert!(unpacked == text);
    assert_eq!(find(&files, "b").and_then(FileEntry::gzip_frame), None);
}

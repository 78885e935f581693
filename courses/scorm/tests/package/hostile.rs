//! Every attack and every accident that an archive can hold, refused for its reason.

use crate::archive::{Archive, Entry, MANIFEST, deflated};
use passerelle_scorm::package::{Limits, inspect};
use passerelle_scorm::problem::{Code, Severity};
use std::io::{self, Cursor, Read, Seek, SeekFrom};

#[track_caller]
fn refused(bytes: &[u8], code: Code) {
    let refusal = inspect(Cursor::new(bytes), &Limits::default()).expect_err("refused");
    assert!(refusal.has(code), "wanted {code:?}: {refusal}");
}

#[test]
fn what_is_not_a_zip_is_told_as_such() {
    refused(b"", Code::NotAZip);
    refused(b"%PDF-1.7 and so on", Code::NotAZip);
    refused(&vec![0; 200_000], Code::NotAZip);
    refused(b"PK", Code::NotAZip);
}

#[test]
fn a_zip_cut_anywhere_is_refused() {
    let whole = Archive::package([]).bytes();
    for length in 4..whole.len() {
        let refusal =
            inspect(Cursor::new(&whole[..length]), &Limits::default()).expect_err("refused");
        assert!(
            refusal.has(Code::ZipTruncated) || refusal.has(Code::ZipDamaged),
            "cut at {length}: {refusal}"
        );
    }
    refused(&whole[..whole.len() / 2], Code::ZipTruncated);
}

#[test]
fn a_zip_that_lost_its_beginning_is_refused() {
    let whole = Archive::package([]).bytes();
    for start in 1..whole.len() - 30 {
        inspect(Cursor::new(&whole[start..]), &Limits::default()).expect_err("refused");
    }
}

#[test]
fn encrypted_entries_are_refused() {
    for bits in [1, 0x41, 0x2001] {
        Archive::package([Entry::stored("a", b"x").with(|e| e.flags |= bits)])
            .refused(Code::ZipEncrypted);
    }
    Archive::package([Entry::stored("a", b"x").with(|e| e.method = 99)])
        .refused(Code::ZipEncrypted);
}

#[test]
fn split_archives_are_refused() {
    let mut archive = Archive::package([]);
    archive.disk = 1;
    archive.refused(Code::ZipMultiDisk);
    refused(
        &[b"PK\x07\x08".as_slice(), &[0; 100]].concat(),
        Code::ZipMultiDisk,
    );
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for (name, code) in [
        ("../evil.html", Code::ZipSlip),
        ("a/../../evil.html", Code::ZipSlip),
        ("a/b/..", Code::ZipSlip),
        ("/etc/passwd", Code::ZipAbsolutePath),
        ("//server/share", Code::ZipAbsolutePath),
        ("C:/Windows/evil.dll", Code::ZipAbsolutePath),
        ("c:evil", Code::ZipAbsolutePath),
        ("..\\evil.html", Code::ZipSlip),
        ("a\\..\\..\\evil.html", Code::ZipSlip),
        ("\\etc\\passwd", Code::ZipAbsolutePath),
        ("C:\\Windows\\evil.dll", Code::ZipAbsolutePath),
        ("a\0.html", Code::ZipControlCharacter),
        ("a\u{7}.html", Code::ZipControlCharacter),
        ("a\u{85}.html", Code::ZipControlCharacter),
        ("gpj\u{202e}exe", Code::ZipControlCharacter),
        ("./", Code::ZipEmptyName),
    ] {
        Archive::package([Entry::stored(name, b"x")]).refused(code);
    }
    Archive::package([Entry::stored("", b"x")]).refused(Code::ZipEmptyName);
    Archive::package([Entry::stored(&"d/".repeat(60), b"")]).refused(Code::ZipPathTooDeep);
    Archive::package([Entry::stored(&"a".repeat(5_000), b"x")]).refused(Code::ZipPathTooLong);
    let broken = Entry::stored("", b"x").with(|e| e.name = b"caf\xe9".to_vec());
    Archive::package([broken]).refused(Code::ZipNameEncoding);
}

#[test]
fn a_path_hidden_in_the_unicode_extra_field_is_checked_too() {
    let entry = Entry::stored("harmless", b"x").with(|e| {
        let name = "../evil";
        let mut field = vec![0x75, 0x70, 5 + name.len() as u8, 0, 1];
        field.extend(crate::archive::crc32(b"harmless").to_le_bytes());
        field.extend(name.as_bytes());
        e.extra = field;
    });
    Archive::package([entry]).refused(Code::ZipSlip);
}

#[test]
fn links_and_devices_are_refused() {
    for kind in [0o120_777_u32, 0o060_644, 0o020_644, 0o010_644, 0o140_644] {
        let entry = Entry::stored("link", b"/etc/passwd").with(|e| e.attributes = kind << 16);
        Archive::package([entry]).refused(Code::ZipSpecialFile);
    }
    Archive::package([Entry::stored("folder/", b"data")]).refused(Code::ZipSpecialFile);
}

#[test]
fn names_that_are_the_same_are_refused() {
    let two = |a: &str, b: &str| Archive::package([Entry::stored(a, b"1"), Entry::stored(b, b"2")]);
    two("a.html", "a.html").refused(Code::ZipDuplicateName);
    two("a.html", "A.HTML").refused(Code::ZipNameCollision);
    two("\u{e9}.html", "e\u{301}.html").refused(Code::ZipNameCollision);
    two("É.html", "é.html").refused(Code::ZipNameCollision);
    two("a//b", "a/./b").refused(Code::ZipNameCollision);
    two("a", "a/b").refused(Code::ZipNameCollision);
    two("A/b/c", "a/B").refused(Code::ZipNameCollision);
    Archive::package([Entry::stored("a", b"1"), Entry::stored("a/", b"")])
        .refused(Code::ZipNameCollision);
}

#[test]
fn a_second_manifest_under_the_same_name_is_refused() {
    let second = Entry::deflate(
        "imsmanifest.xml",
        MANIFEST.replace("Un cours", "Autre").as_bytes(),
    );
    Archive::package([second]).refused(Code::ZipDuplicateName);
}

#[test]
fn entries_that_share_bytes_are_refused() {
    let shared = Entry::stored("b", b"kernel");
    let archive = Archive::package([
        Entry::stored("a", b"kernel"),
        shared.clone().with(|e| e.shares = Some(2)),
    ]);
    archive.refused(Code::ZipOverlap);
    // An entry hidden in the data of another.
    let inner = Archive::of(vec![shared]).bytes();
    let mut bytes = Archive::package([
        Entry::stored("outer", &inner),
        Entry::stored("b", b"kernel"),
    ])
    .bytes();
    let hidden = find(&bytes, &inner).unwrap() as u32;
    let central = rfind(&bytes, b"PK\x01\x02").unwrap();
    bytes[central + 42..central + 46].copy_from_slice(&hidden.to_le_bytes());
    refused(&bytes, Code::ZipOverlap);
}

#[test]
fn too_many_files_are_refused_before_they_are_read() {
    let limits = Limits {
        files: 3,
        ..Limits::default()
    };
    let more: Vec<Entry> = (0..5)
        .map(|n| Entry::stored(&format!("f{n}"), b""))
        .collect();
    let refusal = Archive::package(more.clone()).refused_under(&limits, Code::ZipTooManyFiles);
    assert_eq!(refusal.problems()[0].arg("count"), Some("7"));
    // The same when the end record tells fewer than there are.
    let mut bytes = Archive::package(more).bytes();
    let end = rfind(&bytes, b"PK\x05\x06").unwrap();
    bytes[end + 8] = 2;
    bytes[end + 10] = 2;
    let refusal = inspect(Cursor::new(bytes), &limits).expect_err("refused");
    assert!(refusal.has(Code::ZipTooManyFiles), "{refusal}");
}

#[test]
fn a_directory_that_announces_another_number_of_entries_is_refused() {
    let mut bytes = Archive::package([]).bytes();
    let end = rfind(&bytes, b"PK\x05\x06").unwrap();
    bytes[end + 8] = 1;
    bytes[end + 10] = 1;
    refused(&bytes, Code::ZipDamaged);
}

#[test]
fn sizes_beyond_the_limit_are_refused() {
    let limits = Limits {
        total_size: 10_000,
        ..Limits::default()
    };
    let archive = Archive::package([Entry::stored("big", &[7; 10_000])]);
    archive.refused_under(&limits, Code::ZipTooLarge);
    // Sizes whose sum would overflow.
    let huge = |name: &str| {
        Entry::stored(name, b"x").with(|e| {
            e.zip64 = true;
            e.method = 8;
            e.size = u64::MAX;
        })
    };
    Archive::package([huge("a"), huge("b")]).refused(Code::ZipTooLarge);
}

#[test]
fn growth_beyond_belief_is_refused() {
    let zeros = vec![0; 20 * 1024 * 1024];
    let archive = Archive::package([Entry::deflate("bomb", &zeros)]);
    let refusal = archive.refused(Code::ZipRatio);
    assert_eq!(refusal.problems()[0].arg("path"), Some("bomb"));
    let limits = Limits {
        entry_ratio: 2_000,
        ..Limits::default()
    };
    archive.refused_under(&limits, Code::ZipTotalRatio);
    let limits = Limits {
        entry_ratio: 2_000,
        total_ratio: 2_000,
        ..Limits::default()
    };
    inspect(Cursor::new(archive.bytes()), &limits).expect("both limits are configurable");
    // Small files may compress as they like.
    Archive::package([Entry::deflate("empty.bmp", &vec![0; 1024 * 1024])]).read();
}

#[test]
fn other_compression_methods_are_refused_by_name() {
    let refusal = Archive::package([Entry::stored("a", b"x").with(|e| e.method = 14)])
        .refused(Code::ZipMethod);
    assert_eq!(refusal.problems()[0].arg("method"), Some("14 (LZMA)"));
}

#[test]
fn a_local_header_that_disagrees_is_refused() {
    let entry = || Entry::stored("a.html", b"content");
    for lie in [
        entry().with(|e| e.local_name = Some(b"b.html".to_vec())),
        entry().with(|e| e.local_size = Some(3)),
    ] {
        Archive::package([lie]).refused(Code::ZipHeaderMismatch);
    }
    let sound = Archive::package([entry()]).bytes();
    let local = rfind(&sound, b"PK\x03\x04").unwrap();
    // Method, encryption, checksum, compressed size.
    for (at, value) in [(8, 8), (6, 1), (14, 1), (18, 1)] {
        let mut bytes = sound.clone();
        bytes[local + at] ^= value;
        refused(&bytes, Code::ZipHeaderMismatch);
    }
    let mut bytes = sound;
    bytes[local] = b'X';
    refused(&bytes, Code::ZipDamaged);
}

#[test]
fn a_stored_entry_of_two_sizes_is_refused() {
    Archive::package([Entry::stored("a", b"x").with(|e| e.size = 9)])
        .refused(Code::ZipSizeMismatch);
}

#[test]
fn data_that_reaches_into_the_directory_is_refused() {
    let sound = Archive::package([Entry::deflate("a", b"content")]).bytes();
    let central = rfind(&sound, b"PK\x01\x02").unwrap();
    let local = rfind(&sound, b"PK\x03\x04").unwrap();
    let mut bytes = sound;
    for at in [central + 20, local + 18] {
        bytes[at..at + 4].copy_from_slice(&60_u32.to_le_bytes());
    }
    refused(&bytes, Code::ZipTruncated);
}

#[test]
fn an_offset_beyond_the_file_is_refused() {
    let mut bytes = Archive::package([]).bytes();
    let central = rfind(&bytes, b"PK\x01\x02").unwrap();
    bytes[central + 42..central + 46].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    refused(&bytes, Code::ZipDamaged);
}

#[test]
fn a_package_without_its_manifest_is_told_what_it_is_instead() {
    let named = |name: &str| {
        Archive::of(vec![
            Entry::stored(name, b"x"),
            Entry::stored("b.html", b"x"),
        ])
    };
    named("a.html").refused(Code::ManifestMissing);
    Archive::of(Vec::new()).refused(Code::ManifestMissing);
    for (name, format) in [
        ("cmi5.xml", "cmi5"),
        ("h5p.json", "H5P"),
        ("tincan.xml", "xAPI (Tin Can)"),
        ("c.crs", "AICC"),
    ] {
        let refusal = named(name).refused(Code::OtherFormat);
        assert_eq!(refusal.problems()[0].arg("format"), Some(format));
    }
    let inner = Archive::package([]).bytes();
    Archive::of(vec![Entry::stored("cours.zip", &inner)]).refused(Code::InnerPackage);
    let misplaced = Archive::of(vec![
        Entry::stored("one/imsmanifest.xml", MANIFEST.as_bytes()),
        Entry::stored("two/b.html", b"x"),
    ]);
    let refusal = misplaced.refused(Code::ManifestMisplaced);
    assert_eq!(
        refusal.problems()[0].arg("path"),
        Some("one/imsmanifest.xml")
    );
}

#[test]
fn a_manifest_beyond_the_limit_is_refused_unread() {
    let large = format!("{MANIFEST}<!--{}-->", "x".repeat(100_000));
    let limits = Limits {
        manifest_size: 50_000,
        ..Limits::default()
    };
    Archive::manifest(large.as_bytes(), &["index.html"])
        .refused_under(&limits, Code::ManifestTooLarge);
    // Also when it says that it is small: the reader stops at what was announced.
    let lying = Entry::deflate("imsmanifest.xml", large.as_bytes()).with(|e| e.size = 500);
    Archive::of(vec![lying]).refused(Code::ZipContentDamaged);
}

#[test]
fn a_damaged_manifest_is_refused() {
    let entry = || Entry::deflate("imsmanifest.xml", MANIFEST.as_bytes());
    for broken in [
        entry().with(|e| e.crc ^= 1),
        entry().with(|e| e.stored = b"\xff\xff\xff\xff".to_vec()),
        entry().with(|e| e.stored = deflated(b"short")),
    ] {
        Archive::of(vec![broken]).refused(Code::ZipContentDamaged);
    }
}

#[test]
fn all_reasons_are_told_at_once_and_their_number_is_bounded() {
    let limits = Limits {
        problems: 5,
        ..Limits::default()
    };
    let bad: Vec<Entry> = (0..50)
        .map(|n| Entry::stored(&format!("../evil{n}"), b"x"))
        .collect();
    let refusal = Archive::package(bad).refused_under(&limits, Code::ZipSlip);
    assert_eq!(refusal.problems().len(), 5);
    assert!(
        refusal
            .problems()
            .iter()
            .all(|problem| problem.severity == Severity::Refused)
    );
}

/// A disk that fails is not the fault of the package.
#[test]
fn a_reader_that_fails_is_not_a_fault_of_the_package() {
    struct Failing(Cursor<Vec<u8>>);
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let reader = Failing(Cursor::new(Archive::package([]).bytes()));
    let refusal = inspect(reader, &Limits::default()).expect_err("unreadable");
    assert!(
        refusal.problems().is_empty() && refusal.key() == "scorm-unreadable",
        "{refusal}"
    );
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

fn rfind(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .rposition(|window| window == needle)
}

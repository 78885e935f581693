//! Properties that hold for any input.

use crate::archive::{Archive, Entry, MANIFEST};
use passerelle_scorm::manifest::{Manifest, parse};
use passerelle_scorm::package::{EntryReader, Limits, find, inspect, verify_content};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

/// Reads all that can be read; what comes out is not the point.
fn exercise(bytes: &[u8]) {
    let Ok(package) = inspect(Cursor::new(bytes), &Limits::default()) else {
        return;
    };
    let _ = package.manifest.launchable();
    let _ = verify_content(
        Cursor::new(bytes),
        &package.files,
        &Limits::default(),
        &mut |_, _| ControlFlow::Continue(()),
    );
    for file in &package.files {
        let mut reader = EntryReader::new(Cursor::new(bytes), file).expect("a cursor can seek");
        let mut content = Vec::new();
        let _ = reader.read_to_end(&mut content);
        assert!(content.len() as u64 <= file.size);
    }
}

proptest! {
    #[test]
    fn any_tree_of_files_comes_out_as_it_went_in(
        files in btree_map("f[a-zA-Zé0-9 _.-]{0,8}(/g[a-zéà0-9]{1,8}){0,4}", (vec(any::<u8>(), 0..3_000), any::<bool>(), any::<bool>()), 0..20)
    ) {
        let mut unique = std::collections::BTreeMap::new();
        for (path, file) in files {
            let folded = path.trim().to_lowercase();
            let clash = unique.keys().any(|known: &String| {
                let known = known.to_lowercase();
                known == folded || known.starts_with(&format!("{folded}/")) || folded.starts_with(&format!("{known}/"))
            });
            if !clash {
                unique.insert(path.trim().to_owned(), file);
            }
        }
        let entries = unique.iter().map(|(path, (content, deflate, streamed))| {
            let entry = if *deflate { Entry::deflate(path, content) } else { Entry::stored(path, content) };
            entry.with(|entry| if *streamed { entry.flags |= 8 })
        });
        let archive = Archive::package(entries);
        let package = archive.read();
        prop_assert_eq!(package.files.len(), unique.len() + 2);
        let bytes = archive.bytes();
        for (path, (content, _, _)) in &unique {
            let entry = find(&package.files, path).expect("listed");
            let mut read = Vec::new();
            EntryReader::new(Cursor::new(&bytes), entry).and_then(|mut reader| reader.read_to_end(&mut read)).unwrap();
            prop_assert_eq!(&read, content);
        }
        verify_content(Cursor::new(&bytes), &package.files, &Limits::default(), &mut |_, _| ControlFlow::Continue(())).unwrap();
    }

    #[test]
    fn random_bytes_never_stop_the_readers(bytes in vec(any::<u8>(), 0..2_000)) {
        exercise(&bytes);
        let _ = parse(&bytes, &Limits::default());
    }

    #[test]
    fn an_archive_with_changed_bytes_never_stops_the_readers(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut archive = Archive::package([
            Entry::deflate("a", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").with(|e| e.flags |= 8),
            Entry::stored("b", b"b").with(|e| e.zip64 = true),
        ]);
        archive.zip64_end = true;
        let mut bytes = archive.bytes();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        exercise(&bytes);
    }

    #[test]
    fn a_manifest_with_changed_bytes_never_stops_the_parser(
        changes in vec((any::<prop::sample::Index>(), prop::sample::select(b"<>/&;'\"=! ?#x-[]\0\xff".to_vec())), 1..6)
    ) {
        let mut bytes = MANIFEST.as_bytes().to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(manifest) = parse(&bytes, &Limits::default()) {
            let stored = serde_json::to_string(&manifest).unwrap();
            let back: Manifest = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(back.launchable(), manifest.launchable());
        }
    }

    #[test]
    fn a_manifest_cut_anywhere_is_refused(at in any::<prop::sample::Index>()) {
        let end = MANIFEST.rfind("</manifest").unwrap();
        prop_assert!(parse(&MANIFEST.as_bytes()[..at.index(end)], &Limits::default()).is_err());
    }
}

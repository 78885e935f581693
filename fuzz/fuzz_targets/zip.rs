//! A package of any bytes is read or refused, and no entry gives more than it announced.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_scorm::package::{EntryReader, Limits, find, inspect, verify_content};
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

fuzz_target!(|bytes: &[u8]| {
    // A small input may announce a large file within the limits: keep a run short.
    let limits = Limits {
        total_size: 4 * 1024 * 1024,
        ..Limits::default()
    };
    let Ok(package) = inspect(Cursor::new(bytes), &limits) else {
        return;
    };
    let mut told = 0;
    let verified = verify_content(Cursor::new(bytes), &package.files, &limits, &mut |done, total| {
        assert!(told <= done && done <= total);
        told = done;
        ControlFlow::Continue(())
    });
    let mut whole = true;
    for file in &package.files {
        assert_eq!(find(&package.files, &file.path), Some(file));
        assert!(!file.path.split('/').any(|part| part == ".."));
        let mut content = Vec::new();
        let mut reader = EntryReader::new(Cursor::new(bytes), file).expect("a cursor can seek");
        let read = reader.read_to_end(&mut content);
        assert!(content.len() as u64 <= file.size);
        whole &= read.is_ok();
    }
    // Serving never fails where the check at import passed.
    assert!(whole || verified.is_err());
});

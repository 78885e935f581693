//! A manifest of any bytes is read or refused, and what is read can be stored.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_scorm::manifest::{Manifest, parse};
use passerelle_scorm::package::Limits;

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = parse(bytes, &Limits::default()) else {
        return;
    };
    let lines = manifest.launchable();
    assert!(!lines.is_empty());
    let stored = serde_json::to_string(&manifest).expect("a manifest can be stored");
    let back: Manifest = serde_json::from_str(&stored).expect("and read back");
    assert_eq!(back.launchable(), lines);
});

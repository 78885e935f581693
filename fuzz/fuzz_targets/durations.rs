//! Lengths of time and decimal numbers: read or refused, never a panic, and
//! what is written is read back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_scorm::model::{Span, Standard, ten_thousandths};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for standard in [Standard::Scorm12, Standard::Scorm2004] {
        let Some(span) = Span::parse(standard, text) else {
            continue;
        };
        assert!(span >= Span::default() && span <= Span::MAX);
        assert_eq!(
            Span::parse(Standard::Scorm2004, &span.format(Standard::Scorm2004)),
            Some(span)
        );
        let short = Span::parse(Standard::Scorm12, &span.format(Standard::Scorm12));
        assert!(short.is_some_and(|short| short <= span));
        assert!(span.plus(span) >= span);
    }
    if let Some(number) = ten_thousandths(text) {
        assert!(number.abs() <= 1_000_000_000_000);
        let written = format!(
            "{}{}.{:04}",
            if number < 0 { "-" } else { "" },
            number.abs() / 10_000,
            number.abs() % 10_000
        );
        assert_eq!(ten_thousandths(&written), Some(number));
    }
});

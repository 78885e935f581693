//! A message of any bytes is a bounce, a complaint, an answer or nothing, and what is kept of it
//! is bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle_returns::{MAX_LETTER, What, read, severity_of_reply};

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = read(bytes) else {
        return;
    };
    assert!(message.to.len() <= 50 && message.in_reply_to.len() <= 50);
    assert!(message.subject.chars().count() <= 500 && !message.subject.contains(['\r', '\n']));
    assert!(message.from_name.chars().count() <= 200 && !message.from_name.contains(['\r', '\n']));
    match &message.kind {
        What::Report(reports) => {
            assert!(!reports.is_empty());
            for report in reports {
                let _ = report.severity();
            }
        }
        What::Written(letter) | What::Gone(letter) => assert!(letter.text.chars().count() <= MAX_LETTER),
        What::Complaint(complaint) => {
            let _ = complaint.is_refusal();
        }
        What::Automatic => {}
    }
    let _ = severity_of_reply(&message.subject);
});

//! What nobody sends by mistake.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::{MESSAGES, bytes};
use crate::original::Original;
use crate::{Incoming, MAX_BYTES, MAX_LETTER, What, read, severity_of_reply};

fn one_line(text: &str, max: usize) {
    assert!(text.chars().count() <= max, "{text}");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

fn an_address(address: Option<&String>) {
    if let Some(address) = address {
        one_line(address, 330);
        assert!(address.contains('@') && !address.contains(char::is_whitespace));
    }
}

fn an_original(original: &Original) {
    an_address(original.to.as_ref());
    assert!(original.unsubscribe.len() <= 10);
    for link in &original.unsubscribe {
        one_line(link, 2_000);
        assert!(link.to_ascii_lowercase().starts_with("https://"));
    }
    one_line(original.message_id.as_deref().unwrap_or_default(), 250);
}

/// What holds of any message.
fn is_bounded(incoming: &Incoming) {
    assert!(incoming.to.len() <= 50 && incoming.in_reply_to.len() <= 50);
    incoming.to.iter().for_each(|to| an_address(Some(to)));
    incoming.in_reply_to.iter().for_each(|id| one_line(id, 250));
    an_address(incoming.from.as_ref());
    one_line(&incoming.from_name, 200);
    one_line(&incoming.subject, 500);
    one_line(incoming.message_id.as_deref().unwrap_or_default(), 250);
    match &incoming.kind {
        What::Report(reports) => {
            assert!((1..=100).contains(&reports.len()));
            for report in reports {
                one_line(&report.diagnostic, 300);
                an_address(report.recipient.as_ref());
                an_address(report.original_recipient.as_ref());
                an_original(&report.original);
                let _ = report.severity();
            }
        }
        What::Complaint(complaint) => {
            one_line(&complaint.kind, 40);
            an_address(complaint.recipient.as_ref());
            an_original(&complaint.original);
        }
        What::Automatic => {}
        What::Written(letter) | What::Gone(letter) => {
            let text = &letter.text;
            assert!(text.chars().count() <= MAX_LETTER);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
            assert!(!text.contains("\n\n\n\n"));
        }
    }
}

fn bounded(bytes: &[u8]) -> Option<Incoming> {
    let incoming = read(bytes).ok()?;
    is_bounded(&incoming);
    Some(incoming)
}

fn filled(head: &str, unit: &str) -> Vec<u8> {
    let mut whole = head.as_bytes().to_vec();
    while whole.len() + unit.len() <= MAX_BYTES {
        whole.extend_from_slice(unit.as_bytes());
    }
    whole
}

#[test]
fn any_message_may_be_cut_off_anywhere() {
    for (name, bytes) in MESSAGES {
        for end in (0..bytes.len()).step_by(7) {
            let _ = bounded(&bytes[..end]);
        }
        assert!(bounded(bytes).is_some(), "{name}");
    }
}

#[test]
fn parts_within_parts_are_bounded() {
    let mut nested = String::from("From: a@exemple.fr\n");
    for depth in 0..10_000 {
        nested.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n"
        ));
    }
    assert!(bounded(nested.as_bytes()).is_some());
    let enclosed = filled("From: a@exemple.fr\n", "Content-Type: message/rfc822\n\n");
    assert!(bounded(&enclosed).is_some());
    let head = "From: a@exemple.fr\nContent-Type: multipart/mixed; boundary=b\n\n";
    assert!(bounded(&filled(head, "--b\n\nx\n")).is_some());
    let inner = "--b\nContent-Type: multipart/mixed; boundary=c\n\n";
    assert!(bounded(&filled(head, inner)).is_some());
    assert!(bounded(&filled(head, "--b")).is_some());
}

#[test]
fn a_hundred_thousand_recipients_are_a_hundred() {
    let mut groups = String::from(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n",
    );
    for at in 0..100_000 {
        groups.push_str(&format!(
            "Final-Recipient: rfc822;{at}@e.fr\nAction: failed\n\n"
        ));
    }
    assert!(groups.len() <= MAX_BYTES);
    let What::Report(reports) = bounded(groups.as_bytes()).unwrap().kind else {
        panic!("a report");
    };
    assert_eq!(reports.len(), 100);
    assert_eq!(reports[99].recipient.as_deref(), Some("99@e.fr"));
}

#[test]
fn a_field_does_not_make_another() {
    let forged = "From: =?utf-8?Q?a=0D=0ABcc=3A_b?= <a@exemple.fr>\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
        Content-Type: message/delivery-status\n\n\
        Final-Recipient: rfc822; a@exemple.fr\r\n Bcc: b@exemple.fr\n\
        Action: failed\nStatus: 5.1.1\n\
        Diagnostic-Code: smtp; 550 no\r\n\tX: y\rZ: t\0\n\n--b\n\
        Content-Type: message/rfc822\n\n\
        Message-ID: <a\r\n b@exemple.fr>\nTo: =?utf-8?Q?=0Ax=40exemple.fr?=\n\
        List-Unsubscribe: <https://exemple.fr/\r\n\tx\0>, <https://exemple.fr/y>\n\n--b--\n";
    let incoming = bounded(forged.as_bytes()).unwrap();
    assert_eq!(incoming.from_name, "a Bcc: b");
    let What::Report(reports) = incoming.kind else {
        panic!("a report");
    };
    assert_eq!(reports[0].recipient, None);
    assert_eq!(reports[0].diagnostic, "550 no X: y Z: t");
    assert_eq!(
        reports[0].original.message_id.as_deref(),
        Some("ab@exemple.fr")
    );
    assert_eq!(reports[0].original.unsubscribe, ["https://exemple.fr/y"]);
}

#[test]
fn bytes_that_mean_nothing_are_read_all_the_same() {
    let head = "From: a@exemple.fr\n";
    for (fields, body) in [
        ("", &b"a\0b\x01c\x7f"[..]),
        ("Content-Type: text/plain; charset=utf-8\n", b"\xff\xfe\xc3"),
        (
            "Content-Type: text/plain; charset=utf-16\n",
            b"\xd8\x00\xd8\x00a",
        ),
        (
            "Content-Type: text/plain; charset=iso-2022-jp\n",
            b"\x1b$B\xff\xff",
        ),
        ("Content-Type: text/plain; charset=\"\"\n", b"x"),
        ("Content-Transfer-Encoding: base64\n", b"====!!!\xff\xff"),
        (
            "Content-Transfer-Encoding: quoted-printable\n",
            b"=\n=Z=4=\xff=",
        ),
        ("Content-Type: /;;=;\"\n", b"x"),
        (
            "Content-Type: multipart/mixed; boundary=\"\"\n",
            b"--\nx\n--\n",
        ),
        ("Content-Type: multipart/report\n", b""),
    ] {
        let mut whole = format!("{head}{fields}\n").into_bytes();
        whole.extend_from_slice(body);
        assert!(bounded(&whole).is_some(), "{fields}");
    }
}

#[test]
fn the_largest_messages_are_read() {
    let head = "From: a@exemple.fr\n";
    for (fields, unit) in [
        ("Subject: ", "=?utf-8?Q?=C3?="),
        ("Subject: ", "=?"),
        ("To: ", "a@exemple.fr,"),
        ("To: ", "(\"<"),
        ("", "X: y\n"),
        ("References: ", "<a@b>\n "),
        ("\n", "Le 12 à 10:03\n"),
        ("\n", "> \n"),
        ("\n", "\n"),
        ("Content-Type: text/html\n\n", "<p>x</p>\n"),
        ("Content-Type: text/plain; format=flowed\n\n", "x \n"),
        ("Content-Type: text/plain; format=flowed\n\n", ">"),
        ("Return-Path: <>\n\n", "550 5.1.1 "),
        ("Content-Type: ", "a;b*0*=c;"),
    ] {
        assert!(
            bounded(&filled(&format!("{head}{fields}"), unit)).is_some(),
            "{fields}{unit}"
        );
    }
}

fn lines() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        any::<Vec<u8>>(),
        "[ -~]{0,80}".prop_map(String::into_bytes),
        "\\PC{0,60}".prop_map(String::into_bytes),
        Just(b"\n".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        Just(b"--b\n".to_vec()),
        Just(b"From: a <a@exemple.fr>\n".to_vec()),
        Just(b"Return-Path: <>\n".to_vec()),
        Just(b"Content-Type: multipart/report; boundary=b\n\n".to_vec()),
        Just(b"Content-Type: message/delivery-status\n\n".to_vec()),
        Just(b"Content-Type: message/feedback-report\n\n".to_vec()),
        Just(b"Content-Type: text/html\n\n".to_vec()),
        Just(b"Final-Recipient: rfc822; ".to_vec()),
        Just("Le 12 à 10:03, X a écrit :\n".as_bytes().to_vec()),
    ];
    proptest::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = bounded(&bytes);
    }

    #[test]
    fn any_lines_are_read_or_refused(bytes in lines()) {
        let _ = bounded(&bytes);
    }

    #[test]
    fn a_message_spoilt_is_read_or_refused(
        which in 0..MESSAGES.len(),
        spoilt in proptest::collection::vec((any::<u16>(), 0..40_usize, lines()), 1..4),
    ) {
        let mut bytes = bytes(MESSAGES[which].0).to_vec();
        for (at, gone, put) in spoilt {
            let at = usize::from(at) % (bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, put);
        }
        let _ = bounded(&bytes);
    }

    #[test]
    fn any_reply_is_judged(reply in "\\PC{0,300}") {
        let _ = severity_of_reply(&reply);
    }
}

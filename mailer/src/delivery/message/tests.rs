use mail_parser::{Message, MessageParser, MimeHeaders};
use passerelle_kernel::Uuid;
use passerelle_web::Lang;

use super::*;

const INJECTION: &str = "x\r\nBcc: victim@exemple.fr\r\n\r\n<p>injected</p>\n\rX-Evil: 1";
/// 14 November 2026, 08:26:40 UTC.
const WRITTEN_MS: u64 = 1_794_644_800_000;

fn mail() -> Mail {
    Mail {
        id: Uuid::from_u64_pair((WRITTEN_MS << 16) | 0x7000, 0x8000_0000_0000_0001),
        to: "amina.benali@exemple.fr".to_owned(),
        to_name: "Amina Benali".to_owned(),
        from_name: "Centre de ressources".to_owned(),
        reply_to: Some("tutrice@exemple.fr".to_owned()),
        subject: "Votre formation commence lundi".to_owned(),
        text: "Bonjour,\n\nÀ lundi !\n".to_owned(),
        html: "<!doctype html><html><body><p>À lundi !</p></body></html>".to_owned(),
        lang: Lang::Fr,
        attachments: Vec::new(),
        space: None,
        about: None,
        unsubscribe: None,
        secret: false,
    }
}

fn calendar() -> Attachment {
    Attachment {
        name: "séance du 16.ics".to_owned(),
        media_type: "text/calendar; method=PUBLISH".to_owned(),
        text: "BEGIN:VCALENDAR\r\nSUMMARY:Écrire\r\nEND:VCALENDAR\r\n".to_owned(),
    }
}

fn sender() -> Address {
    address("ne-pas-repondre@formation.exemple.fr").expect("an address")
}

fn bytes(mail: &Mail) -> Vec<u8> {
    build(mail, &sender(), None, 0).expect("a message").bytes
}

fn parsed(bytes: &[u8]) -> Message<'_> {
    MessageParser::default()
        .parse(bytes)
        .expect("a message that can be read")
}

/// Names of the headers of the message itself, and the length of every line.
fn check_shape(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).expect("only ASCII, so UTF-8");
    assert!(text.is_ascii());
    assert!(
        !text.replace("\r\n", "").contains(['\r', '\n']),
        "lines end by CRLF and nothing else"
    );
    for line in text.split("\r\n") {
        assert!(line.len() <= 998, "{} bytes in a line", line.len());
    }
    let head = text.split("\r\n\r\n").next().expect("a head");
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap_or_default().to_owned())
        .collect()
}

const HEADERS: [&str; 10] = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Auto-Submitted",
    "Content-Language",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];

#[test]
fn a_message_has_a_text_part_and_an_html_part() {
    let bytes = bytes(&mail());
    assert_eq!(check_shape(&bytes), HEADERS);
    let message = parsed(&bytes);
    assert_eq!(
        message.content_type().and_then(|c| c.subtype()),
        Some("alternative")
    );
    assert_eq!(
        message
            .body_text(0)
            .expect("text")
            .trim_end()
            .replace("\r\n", "\n"),
        mail().text.trim_end()
    );
    assert_eq!(message.body_html(0).expect("html").trim_end(), mail().html);
    let types: Vec<_> = message
        .parts
        .iter()
        .filter_map(|part| part.content_type())
        .map(|c| {
            (
                c.c_subtype.clone().unwrap_or_default().into_owned(),
                c.attribute("charset").map(str::to_owned),
            )
        })
        .collect();
    assert_eq!(types[1], ("plain".to_owned(), Some("utf-8".to_owned())));
    assert_eq!(types[2], ("html".to_owned(), Some("utf-8".to_owned())));
}

#[test]
fn a_message_says_when_it_was_written_who_sends_it_and_that_nobody_typed_it() {
    let bytes = bytes(&mail());
    let message = parsed(&bytes);
    assert_eq!(
        message.message_id(),
        Some(format!("{}@formation.exemple.fr", mail().id).as_str())
    );
    assert_eq!(
        message.date().map(mail_parser::DateTime::to_timestamp),
        Some((WRITTEN_MS / 1000).cast_signed())
    );
    let from = message
        .from()
        .and_then(|list| list.first())
        .expect("a sender");
    assert_eq!(from.name(), Some("Centre de ressources"));
    assert_eq!(from.address(), Some("ne-pas-repondre@formation.exemple.fr"));
    let reply = message
        .reply_to()
        .and_then(|list| list.first())
        .expect("a reply address");
    assert_eq!(reply.address(), Some("tutrice@exemple.fr"));
    assert_eq!(
        message.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert_eq!(
        message.header_raw("Content-Language").map(str::trim),
        Some("fr")
    );
}

#[test]
fn the_same_mail_always_gives_the_same_message() {
    let mut mail = mail();
    mail.attachments.push(calendar());
    let first = build(&mail, &sender(), None, 1).expect("built");
    let again = build(&mail, &sender(), None, 2_000_000_000_000_000).expect("built");
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(first.written_at, (WRITTEN_MS * 1000).cast_signed());
}

#[test]
fn a_calendar_is_joined_with_its_name_and_its_text() {
    let mut mail = mail();
    mail.attachments.push(calendar());
    let bytes = bytes(&mail);
    check_shape(&bytes);
    let message = parsed(&bytes);
    assert_eq!(
        message.content_type().and_then(|c| c.subtype()),
        Some("mixed")
    );
    assert!(message.body_text(0).expect("text").contains("À lundi"));
    let joined = message.attachments().next().expect("an attachment");
    assert_eq!(joined.attachment_name(), Some("séance du 16.ics"));
    let kind = joined.content_type().expect("a type");
    assert_eq!((kind.ctype(), kind.subtype()), ("text", Some("calendar")));
    assert_eq!(
        (kind.attribute("method"), kind.attribute("charset")),
        (Some("PUBLISH"), Some("utf-8"))
    );
    assert_eq!(
        joined.text_contents().map(str::trim_end),
        Some(calendar().text.trim_end())
    );
}

#[test]
fn no_name_and_no_subject_adds_a_header_or_a_recipient() {
    for field in ["to_name", "from_name", "subject", "attachment"] {
        let mut mail = mail();
        match field {
            "to_name" => INJECTION.clone_into(&mut mail.to_name),
            "from_name" => INJECTION.clone_into(&mut mail.from_name),
            "subject" => INJECTION.clone_into(&mut mail.subject),
            _ => mail.attachments.push(Attachment {
                name: INJECTION.to_owned(),
                ..calendar()
            }),
        }
        let built = build(&mail, &sender(), None, 0).expect("built");
        assert_eq!(check_shape(&built.bytes), HEADERS, "{field}");
        assert_eq!(built.envelope.to().len(), 1, "{field}");
        let message = parsed(&built.bytes);
        assert!(message.bcc().is_none(), "{field}");
        assert_eq!(
            message.to().map(|list| list.iter().count()),
            Some(1),
            "{field}"
        );
        let heads = message.parts.iter().flat_map(|part| &part.headers);
        assert!(
            heads
                .map(|h| h.name.as_str())
                .all(|name| !["Bcc", "X-Evil"].contains(&name)),
            "{field}"
        );
        assert_eq!(
            message.body_html(0).expect("html").trim_end(),
            mail.html,
            "{field}"
        );
    }
}

#[test]
fn other_line_ends_and_bare_controls_are_spaces_too() {
    assert_eq!(
        one_line("a\u{2028}b\u{85}c\u{b}d\u{0}e\tf\u{7f}g", 50),
        "a b c d e f g"
    );
    assert_eq!(
        one_line("  deux\u{202f}; trois\u{a0}:  quatre ", 50),
        "deux\u{202f}; trois\u{a0}: quatre"
    );
    assert_eq!(one_line("abcdef", 4), "abc…");
    assert_eq!(
        one_line("=?utf-8?q?a=0D=0ABcc:?=", 50),
        "= ?utf-8?q?a=0D=0ABcc:?="
    );
}

#[test]
fn an_address_that_is_more_than_an_address_is_refused() {
    for evil in [
        "x@exemple.fr\r\nBcc: y@exemple.fr",
        "x@exemple.fr, y@exemple.fr",
        "x@exemple.fr> RCPT TO:<y@exemple.fr",
        "Amina <x@exemple.fr>",
        "x\r\n@exemple.fr",
        "x@exemple.fr\u{0}",
        "x y@exemple.fr",
        "",
        "@",
    ] {
        let mail = Mail {
            to: evil.to_owned(),
            ..mail()
        };
        let error = build(&mail, &sender(), None, 0).expect_err(evil);
        assert_eq!(error, DeliveryError::Address, "{evil:?}");
        assert!(error.is_final());
    }
}

#[test]
fn a_reply_address_that_is_not_one_is_left_out() {
    for wrong in [INJECTION, "x@exemple.fr\r\nBcc: y@exemple.fr", " "] {
        let mail = Mail {
            reply_to: Some(wrong.to_owned()),
            ..mail()
        };
        let names = check_shape(&bytes(&mail));
        let expected: Vec<_> = HEADERS
            .into_iter()
            .filter(|name| *name != "Reply-To")
            .collect();
        assert_eq!(names, expected, "{wrong:?}");
    }
}

#[test]
fn a_media_type_that_is_not_one_makes_no_message() {
    for wrong in [
        "text/calendar\r\nX-Evil: 1",
        "text/calendar; method=\"a\r\nX-Evil: 1\"",
        "calendar",
        "",
        "text/é",
    ] {
        let mut mail = mail();
        mail.attachments.push(Attachment {
            media_type: wrong.to_owned(),
            ..calendar()
        });
        assert!(
            matches!(
                build(&mail, &sender(), None, 0),
                Err(DeliveryError::Message(_))
            ),
            "{wrong:?}"
        );
    }
}

#[test]
fn names_of_the_whole_world_arrive_as_they_were_written() {
    for name in [
        "Zoé Ünal-Ñúñez",
        "李小龍",
        "محمد علي",
        "Anna \"la grande\" O’Neil, d’Été",
        "a, b <c@exemple.fr>",
        "back\\slash (comment); group:",
        "🌉 Passerelle",
        "Jean-Baptiste-Emmanuel de la Tour du Pin de Montauban, responsable pédagogique à l’année",
    ] {
        let mail = Mail {
            to_name: name.to_owned(),
            from_name: name.to_owned(),
            ..mail()
        };
        let bytes = bytes(&mail);
        assert_eq!(check_shape(&bytes), HEADERS, "{name}");
        let message = parsed(&bytes);
        for list in [message.to(), message.from()] {
            let person = list.and_then(|list| list.first()).expect("a person");
            assert_eq!(person.name(), Some(name));
        }
        assert_eq!(
            message
                .to()
                .and_then(|l| l.first())
                .and_then(|p| p.address()),
            Some("amina.benali@exemple.fr")
        );
    }
}

#[test]
fn subjects_arrive_as_they_were_written_however_long_up_to_a_limit() {
    let long = "Rappel\u{a0}: séance n°\u{202f}3 «\u{202f}Écrire\u{202f}» le mardi 17 novembre à 14\u{202f}h, ".repeat(3);
    let long: String = long.trim().chars().take(LONGEST_SUBJECT).collect();
    for subject in [
        "À lundi\u{202f}!",
        "日本語の件名",
        "Plain words only",
        long.trim(),
    ] {
        let mail = Mail {
            subject: subject.to_owned(),
            ..mail()
        };
        let bytes = bytes(&mail);
        assert_eq!(check_shape(&bytes), HEADERS);
        assert_eq!(parsed(&bytes).subject(), Some(subject));
    }
    for letter in ["x", "é"] {
        let mail = Mail {
            subject: letter.repeat(5000),
            ..mail()
        };
        let bytes = bytes(&mail);
        assert_eq!(check_shape(&bytes), HEADERS);
        let subject = parsed(&bytes)
            .subject()
            .map(str::to_owned)
            .expect("a subject");
        assert_eq!(subject.chars().count(), LONGEST_SUBJECT);
        assert!(subject.ends_with('…'));
    }
}

#[test]
fn without_a_name_the_address_stands_alone() {
    let mail = Mail {
        to_name: " \r\n ".to_owned(),
        from_name: String::new(),
        ..mail()
    };
    let bytes = bytes(&mail);
    assert_eq!(check_shape(&bytes), HEADERS);
    let message = parsed(&bytes);
    let to = message
        .to()
        .and_then(|list| list.first())
        .expect("a person");
    assert_eq!(
        (to.name(), to.address()),
        (None, Some("amina.benali@exemple.fr"))
    );
}

#[test]
fn a_domain_in_other_letters_is_written_in_ascii() {
    let built = build(
        &Mail {
            to: "jo@été.fr".to_owned(),
            ..mail()
        },
        &sender(),
        None,
        0,
    )
    .expect("built");
    assert_eq!(
        built
            .envelope
            .to()
            .first()
            .map(ToString::to_string)
            .as_deref(),
        Some("jo@xn--t-9fab.fr")
    );
    check_shape(&built.bytes);
}

#[test]
fn a_line_of_text_without_end_is_folded() {
    let mail = Mail {
        text: "mot ".repeat(2000),
        html: format!("<p>{}</p>", "x".repeat(20_000)),
        ..mail()
    };
    let bytes = bytes(&mail);
    check_shape(&bytes);
    let message = parsed(&bytes);
    assert_eq!(
        message.body_text(0).expect("text").trim_end(),
        mail.text.trim_end()
    );
    assert_eq!(message.body_html(0).expect("html").trim_end(), mail.html);
}

#[test]
fn a_text_that_looks_like_a_boundary_or_an_end_stays_text() {
    let text = format!("--=_alt_{}--\r\n.\r\nQUIT\r\n", mail().id.simple());
    let joined = Attachment {
        text: format!("--=_mix_{}--\r\n", mail().id.simple()),
        ..calendar()
    };
    let mail = Mail {
        text: text.clone(),
        attachments: vec![joined.clone()],
        ..mail()
    };
    let bytes = bytes(&mail);
    let message = parsed(&bytes);
    assert_eq!(message.body_text(0).expect("text"), text);
    assert_eq!(
        message
            .attachments()
            .next()
            .and_then(|part| part.text_contents()),
        Some(joined.text.as_str())
    );
    assert_eq!(message.body_html(0).expect("html").trim_end(), mail.html);
}

use super::{Incoming, Unreadable, What, read};
use crate::{Action, Complaint, Letter, Report, Severity, verdict};

mod hostile;

macro_rules! messages {
    ($($name:literal),* $(,)?) => {
        /// Messages shaped after real ones.
        const MESSAGES: &[(&str, &[u8])] = &[
            $(($name, include_bytes!(concat!("../../tests/messages/", $name, ".eml")))),*
        ];
    };
}

messages![
    "absence",
    "arf",
    "delayed",
    "exchange",
    "exchange-plain",
    "exim",
    "exim-plain",
    "expired",
    "forwarded-bounce",
    "full",
    "gmail",
    "gmail-web",
    "html-gmail",
    "html-only",
    "iphone",
    "jmrp",
    "k9",
    "orange",
    "orange-full",
    "orange-spam",
    "outlook",
    "outlook-mobile",
    "policy",
    "postfix",
    "qmail",
    "receipt",
    "relayed",
    "success",
    "thunderbird",
    "vacation",
    "x400",
];

fn bytes(name: &str) -> &'static [u8] {
    MESSAGES.iter().find(|(known, _)| *known == name).unwrap().1
}

fn incoming(name: &str) -> Incoming {
    read(bytes(name)).unwrap()
}

fn reports(name: &str) -> Vec<Report> {
    match incoming(name).kind {
        What::Report(reports) => reports,
        other => panic!("{name}: {other:?}"),
    }
}

fn report(name: &str) -> Report {
    let mut reports = reports(name);
    assert_eq!(reports.len(), 1, "{name}");
    reports.remove(0)
}

fn complaint(name: &str) -> Complaint {
    match incoming(name).kind {
        What::Complaint(complaint) => complaint,
        other => panic!("{name}: {other:?}"),
    }
}

fn letter(name: &str) -> Letter {
    match incoming(name).kind {
        What::Written(letter) => letter,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_report_of_postfix_says_all_it_knows() {
    let incoming = incoming("postfix");
    assert_eq!(incoming.to, ["retours+abc123@exemple.test"]);
    assert_eq!(
        incoming.from.as_deref(),
        Some("MAILER-DAEMON@mx.exemple.fr")
    );
    assert_eq!(incoming.subject, "Undelivered Mail Returned to Sender");
    assert_eq!(
        incoming.message_id.as_deref(),
        Some("20260312090301.4Tx@mx.exemple.fr")
    );
    let report = report("postfix");
    assert_eq!(report.action, Action::Failed);
    assert_eq!(report.status.unwrap().to_string(), "5.1.1");
    assert_eq!(report.recipient.as_deref(), Some("zoe.martin@exemple.fr"));
    assert_eq!(report.original_recipient.as_deref(), Some("zoe@exemple.fr"));
    assert_eq!(
        report.diagnostic,
        "550 5.1.1 <zoe.martin@exemple.fr>: Recipient address rejected: User unknown in virtual \
         mailbox table"
    );
    let original = report.original;
    assert_eq!(
        original.message_id.as_deref(),
        Some("lettre-41.1@exemple.test")
    );
    assert_eq!(
        original.unsubscribe,
        ["https://www.exemple.test/lettre/stop/jeton-1"]
    );
    assert_eq!(original.to.as_deref(), Some("zoe@exemple.fr"));
}

#[test]
fn reports_are_judged() {
    use Action::{Delayed, Delivered, Failed, Relayed};
    use Severity::{Hard, Policy, Sender, Soft};
    for (name, action, severity) in [
        ("postfix", Failed, Some(Hard)),
        ("exim", Failed, Some(Hard)),
        ("gmail", Failed, Some(Hard)),
        ("full", Failed, Some(Soft)),
        ("orange", Failed, Some(Hard)),
        ("orange-full", Failed, Some(Soft)),
        ("orange-spam", Failed, Some(Policy)),
        ("policy", Failed, Some(Sender)),
        ("delayed", Delayed, None),
        ("expired", Failed, Some(Soft)),
        ("success", Delivered, None),
        ("relayed", Relayed, None),
        ("x400", Failed, Some(Soft)),
        ("qmail", Failed, Some(Hard)),
        ("exchange-plain", Failed, Some(Soft)),
        ("exim-plain", Failed, Some(Hard)),
    ] {
        let report = report(name);
        assert_eq!(
            (report.action, report.severity()),
            (action, severity),
            "{name}"
        );
        let known = name == "exchange-plain" || report.original.message_id.is_some();
        assert!(known, "{name}");
        assert_eq!(report.recipient.is_none(), name == "x400", "{name}");
    }
}

#[test]
fn a_report_of_exchange_has_a_group_for_each_recipient() {
    assert_eq!(incoming("exchange").subject, "Non remis : Lettre de mars");
    let reports = reports("exchange");
    let found: Vec<_> = reports
        .iter()
        .map(|report| (report.recipient.as_deref().unwrap(), report.severity()))
        .collect();
    let expected = [
        ("agents@collectivite.exemple.fr", Some(Severity::Hard)),
        ("ancien@collectivite.exemple.fr", Some(Severity::Hard)),
    ];
    assert_eq!(found, expected);
    let id = reports[1].original.message_id.as_deref();
    assert_eq!(id, Some("lettre-41.20@exemple.test"));
}

/// A report on two recipients, of whom one received, silenced the one who had: the first that had
/// failed was believed.
#[test]
fn a_report_says_of_each_recipient_what_it_says_of_them() {
    let about = |groups: &[(&str, &str, &str)], address: &str| {
        let groups: String = groups
            .iter()
            .map(|(to, action, status)| {
                format!("Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n\n")
            })
            .collect();
        let text = format!(
            "From: MAILER-DAEMON@exemple.test\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{groups}--b--\n"
        );
        let What::Report(reports) = read(text.as_bytes()).unwrap().kind else {
            panic!("a report");
        };
        verdict(&reports, &[address]).map(|(_, severity)| severity)
    };
    let (alias, ours) = ("alias@exemple.test", "lectrice@Exemple.test");
    let failed = (alias, "failed", "5.1.1");
    for other in [
        ("delivered", "2.0.0"),
        ("relayed", "2.0.0"),
        ("expanded", "2.0.0"),
        ("delayed", "4.4.1"),
    ] {
        assert_eq!(
            about(&[failed, (ours, other.0, other.1)], "Lectrice@exemple.test"),
            None
        );
    }
    assert_eq!(
        about(&[failed, (ours, "failed", "5.2.2")], ours),
        Some(Severity::Soft)
    );
    // Where nobody is named whom we know, the copy has failed when all has.
    let all = [failed, ("autre@exemple.test", "failed", "5.2.2")];
    assert_eq!(about(&all, ours), Some(Severity::Soft), "the mildest");
    assert_eq!(
        about(
            &[failed, ("autre@exemple.test", "delivered", "2.0.0")],
            ours
        ),
        None
    );
    assert_eq!(
        about(&[failed], ours),
        Some(Severity::Hard),
        "they forward their mail"
    );
}

#[test]
fn bounces_written_as_any_mail_are_read() {
    let qmail = report("qmail");
    assert_eq!(qmail.recipient.as_deref(), Some("hugo@vieux.exemple.fr"));
    assert_eq!(
        qmail.original.message_id.as_deref(),
        Some("lettre-41.30@exemple.test")
    );
    assert_eq!(
        qmail.original.unsubscribe,
        ["https://www.exemple.test/lettre/stop/jeton-30"]
    );
    let exchange = report("exchange-plain");
    assert_eq!(
        exchange.recipient.as_deref(),
        Some("ines.moreau@mairie.exemple.fr")
    );
    assert_eq!(exchange.status.unwrap().to_string(), "5.2.2");
    let exim = report("exim-plain");
    assert_eq!(
        exim.recipient.as_deref(),
        Some("noemie@inexistant.exemple.test")
    );
    assert_eq!(exim.diagnostic, "Unrouteable address");
}

#[test]
fn a_server_that_still_tries_has_not_failed() {
    let text = "From: MAILER-DAEMON@exemple.fr\n\nYour message to a@exemple.fr has been delayed.\n\
                451 4.4.1 timeout\nIt will be retried.\n";
    let What::Report(reports) = read(text.as_bytes()).unwrap().kind else {
        panic!("a report");
    };
    assert_eq!(reports[0].action, Action::Delayed);
    assert_eq!(reports[0].severity(), None);
}

#[test]
fn complaints_say_who_complains() {
    let arf = complaint("arf");
    assert_eq!(arf.kind, "abuse");
    assert!(arf.is_refusal());
    assert_eq!(arf.recipient.as_deref(), Some("jeanne@exemple.fr"));
    assert_eq!(
        arf.original.message_id.as_deref(),
        Some("lettre-41.40@exemple.test")
    );
    let jmrp = complaint("jmrp");
    assert_eq!(jmrp.kind, "abuse");
    assert_eq!(jmrp.recipient.as_deref(), Some("claire@exemple.fr"));
    assert_eq!(
        jmrp.original.unsubscribe,
        ["https://www.exemple.test/lettre/stop/jeton-41"]
    );
}

#[test]
fn what_programs_write_is_automatic() {
    for name in ["absence", "vacation", "receipt"] {
        assert_eq!(incoming(name).kind, What::Automatic, "{name}");
    }
    for header in [
        "Auto-Submitted: auto-replied (vacation)",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "Return-Path: <>",
        "Subject: Réponse automatique : Lettre",
        "From: MAILER-DAEMON@exemple.fr",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ] {
        let text = format!("{header}\nTo: a@exemple.test\n\nBonjour\n");
        assert_eq!(
            read(text.as_bytes()).unwrap().kind,
            What::Automatic,
            "{header}"
        );
    }
    for header in [
        "Auto-Submitted: no",
        "Return-Path: <a@exemple.fr>",
        "Precedence: first-class",
    ] {
        let text = format!("{header}\nFrom: a@exemple.fr\n\nBonjour\n");
        let kind = read(text.as_bytes()).unwrap().kind;
        assert!(matches!(kind, What::Written(_)), "{header}");
    }
}

/// "I have left, write to my colleague" was taken for an absence and read by nobody, for ever.
#[test]
fn who_has_left_is_told_from_who_is_away() {
    let answered = |subject: &str, text: &str| {
        let text = format!(
            "From: luc@exemple.fr\nAuto-Submitted: auto-replied\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        );
        read(text.as_bytes()).unwrap().kind
    };
    for (subject, text) in [
        (
            "Réponse automatique",
            "Bonjour, je ne travaille plus à la mairie. Écrivez à Zoé.",
        ),
        ("Absence", "Luc a quitté l’association le 1er mars."),
        ("Départ", "Luc est à la retraite."),
        ("Automatic reply", "I no longer work here."),
        (
            "Re: Lettre",
            "Cette adresse n’est plus utilisée : ma nouvelle adresse est luc@autre.fr",
        ),
    ] {
        assert!(
            matches!(answered(subject, text), What::Gone(letter) if letter.text.contains(&text[..5])),
            "{text}"
        );
    }
    for (subject, text) in [
        (
            "Réponse automatique",
            "Je suis en congé jusqu’au 12, et lirai votre message à mon retour.",
        ),
        ("Out of office", "I am away until Monday."),
    ] {
        assert_eq!(answered(subject, text), What::Automatic, "{text}");
    }
}

#[test]
fn letters_hold_what_was_written() {
    for (name, text, had_quote, had_attachments) in [
        (
            "gmail-web",
            "Bonjour,\n\nMerci pour cette lettre\u{a0}! Je viendrai le 14.\n\nZoé",
            true,
            false,
        ),
        (
            "outlook",
            "Bonjour,\n\nPourriez-vous m’envoyer le programme ?\n\nBien cordialement,\nLuc",
            true,
            false,
        ),
        ("outlook-mobile", "Oui, avec plaisir.", true, false),
        ("iphone", "Voici la photo\nMerci !", true, true),
        (
            "thunderbird",
            "Oui, sans faute, et je serai accompagné de deux collègues du service.\n\n\nNon, merci.",
            true,
            false,
        ),
        (
            "html-only",
            "Bonjour,\n\nC’est noté, je m’inscris & je viens.",
            true,
            false,
        ),
        ("html-gmail", "Bien reçu, merci.\n\nClaire", true, false),
        ("k9", "D'accord pour mardi.", true, false),
        (
            "forwarded-bounce",
            "Bonjour, j'ai reçu ceci, 550 5.1.1, est-ce normal ?",
            false,
            true,
        ),
    ] {
        let letter = letter(name);
        assert_eq!(letter.text, text, "{name}");
        assert_eq!(
            (letter.had_quote, letter.had_attachments),
            (had_quote, had_attachments),
            "{name}"
        );
    }
}

#[test]
fn a_letter_says_whom_it_is_from_and_what_it_answers() {
    let incoming = incoming("gmail-web");
    assert_eq!(incoming.from.as_deref(), Some("zoe.martin@exemple.fr"));
    assert_eq!(incoming.from_name, "Zoé Martin");
    assert_eq!(incoming.to, ["reponses+k7@exemple.test", "luc@exemple.fr"]);
    assert_eq!(
        incoming.in_reply_to,
        ["lettre-41.1@exemple.test", "lettre-40.1@exemple.test"]
    );
}

#[test]
fn what_is_no_message_is_refused() {
    assert_eq!(read(b""), Err(Unreadable::NotAMessage));
    assert_eq!(read(b"\0\0\0"), Err(Unreadable::NotAMessage));
    assert_eq!(
        read(&vec![b'a'; super::MAX_BYTES + 1]),
        Err(Unreadable::TooLarge)
    );
}

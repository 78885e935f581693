use super::{Severity, judge, severity_of_reply, status_in};
use crate::report::Status;

#[test]
fn replies_of_servers_are_judged() {
    use Severity::{Hard, Policy, Soft};
    for (reply, severity) in [
        (
            "550 5.1.1 <spam.block@exemple.fr>: Recipient address rejected: User unknown",
            Hard,
        ),
        ("550 user unknown", Hard),
        ("550 No such user here", Hard),
        ("550 Requested action not taken: mailbox unavailable", Hard),
        ("550 5.1.2 Host unknown", Hard),
        (
            "550 5.2.1 The email account that you tried to reach is disabled.",
            Hard,
        ),
        (
            "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
            Hard,
        ),
        ("554 5.4.4 unable to look up host", Hard),
        ("556 5.1.10 Recipient address has null MX", Hard),
        (
            "554 5.7.1 <x@exemple.fr>: Recipient address rejected: user unknown",
            Hard,
        ),
        ("550 Utilisateur inconnu", Hard),
        (
            "550 5.1.1 Adresse d au moins un destinataire invalide. OFR204_416 [416]",
            Hard,
        ),
        (
            "550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420",
            Hard,
        ),
        (
            "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
            Soft,
        ),
        ("552 mailbox full", Soft),
        ("550 5.1.1 mailbox is full", Soft),
        (
            "552-5.2.2 The recipient's inbox is out of storage space",
            Soft,
        ),
        ("550 Boîte pleine", Soft),
        ("452 4.2.2 Over quota", Soft),
        ("450 4.1.1 <x@exemple.fr>: User unknown, try again", Soft),
        ("421 OFR004_104 Too many connections", Soft),
        ("550 5.4.7 Delivery expired", Soft),
        ("550 5.4.6 mail loop", Soft),
        ("554 something went wrong", Soft),
        ("451 user unknown", Soft),
        ("", Soft),
        ("hello", Soft),
        (
            "550 5.1.1 Mail rejete. Mail rejected. OFR_506 [506]",
            Policy,
        ),
        ("550 5.5.0 Service refuse. LPN007_510", Policy),
        ("550 5.7.26 This mail is unauthenticated", Policy),
        (
            "550 5.7.1 Service unavailable; client [192.0.2.1] blocked",
            Policy,
        ),
        ("550 spam detected", Policy),
        ("554 Your IP has a poor reputation", Policy),
        (
            "550 5.1.8 Sender address rejected: Domain not found",
            Policy,
        ),
        ("550 Sender address rejected: domain does not exist", Policy),
        ("552 5.3.4 Message size exceeds fixed limit", Policy),
        ("550 5.6.0 Invalid content", Policy),
        ("550 blocked, see https://exemple.test/user-unknown", Policy),
        ("550 5.1.1 message rejected as spam", Policy),
    ] {
        assert_eq!(severity_of_reply(reply), severity, "{reply}");
    }
}

#[test]
fn a_vague_status_yields_to_what_was_said() {
    let status = |text| Status::parse(text);
    assert_eq!(judge(status("5.0.0"), "550 5.1.1 unknown"), Severity::Hard);
    assert_eq!(judge(status("5.0.0"), "452 4.2.2 full"), Severity::Soft);
    assert_eq!(judge(status("5.0.0"), "550 blacklisted"), Severity::Policy);
    assert_eq!(judge(status("5.0.0"), ""), Severity::Soft);
    assert_eq!(judge(status("4.4.7"), "550 5.1.1 unknown"), Severity::Soft);
    assert_eq!(judge(status("5.1.1"), ""), Severity::Hard);
}

#[test]
fn a_status_is_neither_an_address_of_a_network_nor_a_version() {
    let found = |text| status_in(text).map(|status| status.to_string());
    assert_eq!(
        found("host [5.1.1.3] said: 550-5.2.1 no").as_deref(),
        Some("5.2.1")
    );
    assert_eq!(found("(#5.1.1)").as_deref(), Some("5.1.1"));
    assert_eq!(found("4.9.2 said 550 5.1.1.").as_deref(), Some("5.1.1"));
    assert_eq!(found("2.0.0 ok"), None);
    assert_eq!(found("host 15.1.1 and a5.1.1"), None);
}

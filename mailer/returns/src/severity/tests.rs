use super::{Severity, judge, severity_of_reply, status_in};
use crate::report::Status;

#[test]
fn replies_of_servers_are_judged() {
    use Severity::{Hard, Policy, Sender, Soft};
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
        ("421 OFR004_104 Too many connections", Sender),
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
        ("550 5.5.0 Service refuse. LPN007_510", Sender),
        ("550 5.7.26 This mail is unauthenticated", Sender),
        (
            "550 5.7.1 Service unavailable; client [192.0.2.1] blocked",
            Sender,
        ),
        ("550 spam detected", Policy),
        ("554 Your IP has a poor reputation", Sender),
        (
            "550 5.1.8 Sender address rejected: Domain not found",
            Sender,
        ),
        ("550 Sender address rejected: domain does not exist", Sender),
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
    assert_eq!(judge(status("5.0.0"), "550 blacklisted"), Severity::Sender);
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

/// What servers say of ours was counted against the readers, who were cut off after four letters:
/// the words of French providers, of Gmail, Outlook and Yahoo, of lists of blocked servers, and the
/// codes of RFC 3463, 7372 and 7505 for the same.
#[test]
fn what_is_about_us_is_not_about_the_reader() {
    for reply in [
        "550 mwinf5c00 ME Adresse IP source bloquee. Client host blocked. OFR006_102 [102]",
        "421 mwinf5c00 ME Trop de connexions. Too many connections, slow down. OFR004_104 [104]",
        "550 5.2.0 Mail rejete. OFR004_997 [997]",
        "421 4.2.0 Service refuse. Veuillez essayer plus tard. OFR005_505 [505]",
        "501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]",
        "571 5.7.1 Message refuse, verification DMARC en echec LPN007_517",
        "450 4.7.1 Client host rejected: Service refuse. LPN027_503",
        "554 5.7.1 SFR_IN_103 connexion refusee",
        "421 Too many spams from your IP (192.0.2.1), please visit http://postmaster.free.fr/",
        "451 too many errors from your ip (192.0.2.1), please visit http://postmaster.free.fr/",
        "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP Netblock",
        "550-5.7.1 The IP you're using to send mail is not authorized... low reputation of the sending domain",
        "550 5.7.25 The IP address sending this message does not have a PTR record setup",
        "550 5.4.5 Daily user sending limit exceeded",
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints",
        "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. part of their network is on our block list (S3150).",
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)",
        "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
        "550 5.7.515 Access denied, sending domain exemple.fr does not meet the required level",
        "421 RP-001 (BAY004-MC1F5) Unfortunately, some messages were not sent",
        "550 SC-004 (COL004) Unfortunately, messages were not sent",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
        "554-gmx.net (mxgmx016) Nemesis ESMTP Service not available 554 IP address is block listed",
        "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
        "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
        "550 5.7.23 SPF validation failed",
        "550 5.7.20 No passing DKIM signature found",
        "550 5.7.27 Sender address has null MX",
        "452 4.5.3 Too many recipients",
        "421 4.7.0 Too many unknown users from your server",
        "421 Service not available, closing transmission channel",
        "host mx.exemple.test refused to talk to me: 554 no service",
        "421 4.3.2 The maximum number of concurrent connections has exceeded a limit",
    ] {
        assert_eq!(severity_of_reply(reply), Severity::Sender, "{reply}");
    }
}

/// The contrary is as wrong: a dead address that is taken for a refusal of us is written to for ever.
#[test]
fn what_is_about_the_reader_is_not_about_us() {
    use Severity::{Hard, Policy, Soft};
    for (reply, severity) in [
        ("550 5.1.1 <x@spamhaus.exemple.fr> user unknown", Hard),
        (
            "550 5.1.1 user unknown, see https://www.spamhaus.org/",
            Hard,
        ),
        (
            "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)",
            Hard,
        ),
        (
            "550 5.5.0 Le compte du destinataire est bloque. LPN007_426",
            Hard,
        ),
        (
            "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents it",
            Soft,
        ),
        (
            "550-5.2.1 The user you are trying to contact is receiving mail too quickly",
            Soft,
        ),
        ("452 4.2.2 The recipient's inbox is over quota", Soft),
        ("421 4.4.2 mx.exemple.test timeout exceeded", Soft),
        (
            "451 4.4.1 connect to mx.exemple.test: Connection refused",
            Soft,
        ),
        (
            "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
            Policy,
        ),
        ("450 4.7.1 Greylisted, try again later", Policy),
        ("451 4.7.1 Try again", Policy),
        ("550 5.7.1 spam detected", Policy),
    ] {
        assert_eq!(severity_of_reply(reply), severity, "{reply}");
    }
    // A status that says nothing does not outweigh the code of the answer.
    let vague = Status::parse("4.0.0");
    assert_eq!(judge(vague, "550 user unknown"), Hard);
    assert_eq!(judge(vague, "452 mailbox full"), Soft);
}

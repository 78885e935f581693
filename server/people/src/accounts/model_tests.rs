use passerelle_kernel::env::{MINUTE, SECOND};

use super::*;

const NOW: Micros = 1_800_000_000_000_000;

fn problem(password: &str) -> Option<&'static str> {
    password_problem(password, "amina.benali@exemple.fr", "Amina Benali")
}

#[test]
fn a_long_enough_password_is_good_without_symbols() {
    for good in [
        "cheval correct pile agrafe",
        "neuf tasses bleues",
        "Tz7!kq2?Rm9#",
        "œufs à la neige",
    ] {
        assert_eq!(problem(good), None, "{good}");
    }
}

#[test]
fn eleven_characters_are_not_enough_however_they_are_encoded() {
    assert_eq!(problem("éééèèèàààùù"), Some("account-error-password-short"));
    assert_eq!(
        problem(&"abcdefg ".repeat(200)),
        Some("account-error-password-long")
    );
}

#[test]
fn repetitions_and_sequences_are_refused() {
    for bad in [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "azertazertazert",
        "123456789012",
        "abcdefghijklm",
        "987654321098",
    ] {
        assert_eq!(
            problem(bad),
            Some("account-error-password-repeated"),
            "{bad}"
        );
    }
}

#[test]
fn a_password_made_of_the_name_or_the_identifier_is_refused() {
    for bad in [
        "amina.benali@exemple.fr",
        "AminaBenali2026",
        "Benali-Amina1",
        "aminabenali1234",
    ] {
        assert_eq!(problem(bad), Some("account-error-password-name"), "{bad}");
    }
    assert_eq!(problem("amina aime les mirabelles"), None);
}

#[test]
fn an_identifier_has_no_space_and_is_stored_as_compared() {
    assert_eq!(identifier_problem("amina.benali"), None);
    for bad in ["am", "amina benali", "Amina", ""] {
        assert!(identifier_problem(bad).is_some(), "{bad}");
    }
}

#[test]
fn the_sixth_attempt_waits_and_each_further_one_twice_as_long() {
    let mut attempts = Attempts::default();
    for _ in 0..5 {
        attempts = attempts.charge(NOW, PER_IDENTIFIER).expect("free");
    }
    assert_eq!(attempts.charge(NOW, PER_IDENTIFIER), Err(NOW + MINUTE));
    let later = NOW + MINUTE;
    attempts = attempts
        .charge(later, PER_IDENTIFIER)
        .expect("the wait is over");
    assert_eq!(
        attempts.charge(later, PER_IDENTIFIER),
        Err(later + 2 * MINUTE)
    );
    for _ in 0..20 {
        let next = attempts.blocked_until;
        attempts = attempts
            .charge(next, PER_IDENTIFIER)
            .expect("the wait is over");
        assert!(attempts.blocked_until - next <= 15 * MINUTE);
    }
}

#[test]
fn a_quiet_quarter_of_an_hour_forgets_everything() {
    let mut attempts = Attempts::default();
    for _ in 0..4 {
        attempts = attempts.charge(NOW, PER_IDENTIFIER).expect("free");
    }
    attempts = attempts
        .charge(NOW + 15 * MINUTE, PER_IDENTIFIER)
        .expect("free");
    assert_eq!(attempts.failures, 1);
    let soon = attempts
        .charge(NOW + 15 * MINUTE + SECOND, PER_IDENTIFIER)
        .expect("free");
    assert_eq!(soon.failures, 2);
}

#[test]
fn what_succeeds_is_not_counted_against_a_training_room() {
    let mut attempts = Attempts::default();
    for _ in 0..500 {
        attempts = attempts
            .charge(NOW, PER_CLIENT)
            .expect("free")
            .give_back(PER_CLIENT);
    }
    assert_eq!((attempts.failures, attempts.blocked_until), (0, 0));
}

#[test]
fn a_link_goes_to_the_address_that_its_owner_chose() {
    let here = Some("accueil@association.fr".to_owned());
    assert_eq!(
        trusted_address("amina@exemple.fr", std::slice::from_ref(&here)).as_deref(),
        Some("amina@exemple.fr")
    );
    assert_eq!(trusted_address("amina", std::slice::from_ref(&here)), here);
    assert_eq!(
        trusted_address("amina", &[here.clone(), Some("autre@ailleurs.fr".into())]),
        None
    );
    assert_eq!(trusted_address("amina", &[None]), None);
}

#[test]
fn a_link_never_travels_through_an_address_of_another_space() {
    let own = Some("amina@exemple.fr".to_owned());
    let other = Some("mallory@exemple.fr".to_owned());
    assert!(link_may_travel(
        "amina@exemple.fr",
        std::slice::from_ref(&own)
    ));
    assert!(link_may_travel(
        "amina@exemple.fr",
        &[own.clone(), own.clone(), None]
    ));
    assert!(!link_may_travel("amina@exemple.fr", &[own, other]));
}

#[test]
fn a_place_is_an_address_or_a_network_of_one_customer() {
    let key = |text: &str| client_key(text.parse().expect("an address"));
    assert_eq!(key("203.0.113.7"), "203.0.113.7");
    assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7");
    assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2::1"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
}

#[test]
fn a_device_is_named_as_people_name_it() {
    let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
    assert_eq!(device(edge), "Edge, Windows");
    assert_eq!(device(phone), "Safari, iPhone");
    assert_eq!(
        device("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"),
        "Firefox, Linux"
    );
    assert_eq!(device("curl/8.0"), "");
}

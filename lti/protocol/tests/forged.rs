//! Launches that must be refused, each with its own error.
#![expect(clippy::expect_used, reason = "tests say what is wrong by panicking")]

mod common;

use aws_lc_rs::rsa::KeySize;
use common::{CLIENT, Forge, ISSUER, NOW, TARGET, claim, honest, pem, raw};
use passerelle_lti_protocol::{
    Deployments, KeySet, LaunchError, Message, SigningKey, Standing, validate,
};
use serde_json::{Value, json};

#[test]
fn an_honest_launch_is_read_whole() {
    let forge = Forge::new();
    let token = forge.key.sign(&honest()).expect("signed");
    let launch =
        validate(&token, &forge.keys, &forge.platform(), &forge.expected()).expect("accepted");
    let Message::ResourceLink(link) = &launch.message else {
        panic!("a resource link: {launch:?}");
    };
    assert_eq!(link.id, "link-1");
    assert_eq!(launch.subject.as_deref(), Some("user-1"));
    assert_eq!(launch.name, ("Amina".to_owned(), "Benali".to_owned()));
    assert_eq!(launch.standing, Standing::Learner);
    assert_eq!(launch.target.as_str(), TARGET);
    assert_eq!(launch.custom["week"], "2");
    let grades = launch.grades.expect("a grade service");
    assert_eq!(
        grades.lineitem.as_deref(),
        Some("https://moodle.example.org/items/3?type_id=1")
    );
}

#[test]
fn what_platforms_write_in_several_ways_is_read() {
    let forge = Forge::new();
    for (name, value) in [
        ("aud", json!([CLIENT])),
        ("exp", json!(NOW as f64 + 60.5)),
        ("sub", Value::Null),
        ("context", Value::Null),
        ("custom", Value::Null),
        ("roles", json!([])),
        ("launch_presentation", json!({"return_url": ""})),
    ] {
        let mut claims = honest();
        claims[claim(name)] = value;
        let token = forge.key.sign(&claims).expect("signed");
        let read = validate(&token, &forge.keys, &forge.platform(), &forge.expected());
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

/// NUL in a name or a title of a launch was an internal error on PostgreSQL.
#[test]
fn a_claim_that_holds_nul_is_refused_whatever_its_place() {
    let forge = Forge::new();
    for (name, value) in [
        ("name", json!("Ami\0na")),
        ("given_name", json!("\0")),
        ("sub", json!("user\0")),
        ("context", json!({"id": "1", "title": "Lire\0"})),
        ("custom", json!({"a\0": "1"})),
    ] {
        let mut claims = honest();
        claims[claim(name)] = value;
        let token = forge.key.sign(&claims).expect("signed");
        let read = validate(&token, &forge.keys, &forge.platform(), &forge.expected());
        let refused = matches!(read, Err(LaunchError::ClaimsMalformed(_)));
        assert!(refused, "{name}: {read:?}");
        assert_eq!(passerelle_lti_protocol::claimed_issuer(&token), None);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn what_is_forged_or_stale_is_refused_each_with_its_error() {
    let forge = Forge::new();
    let long = "x".repeat(300);
    let many: Vec<String> = (0..300).map(|n| n.to_string()).collect();
    let cases: Vec<(&str, &str, Value, &str)> = vec![
        (
            "another issuer",
            "iss",
            json!("https://evil.example.org"),
            "issuer-wrong",
        ),
        (
            "an issuer with a slash more",
            "iss",
            json!(format!("{ISSUER}/")),
            "issuer-wrong",
        ),
        ("no issuer", "iss", Value::Null, "claims-malformed"),
        (
            "another audience",
            "aud",
            json!("client-8"),
            "audience-wrong",
        ),
        ("no audience", "aud", json!([]), "audience-wrong"),
        (
            "several audiences, nobody authorized",
            "aud",
            json!([CLIENT, "b"]),
            "authorized-party-missing",
        ),
        (
            "somebody else authorized",
            "azp",
            json!("client-8"),
            "authorized-party-wrong",
        ),
        ("expired", "exp", json!(NOW - 61), "expired"),
        ("no expiry", "exp", Value::Null, "expiry-missing"),
        (
            "expiry as a word",
            "exp",
            json!("tomorrow"),
            "claims-malformed",
        ),
        (
            "from the future",
            "iat",
            json!(NOW + 120),
            "issued-in-future",
        ),
        ("for later", "nbf", json!(NOW + 61), "not-yet"),
        ("issued yesterday", "iat", json!(NOW - 86_400), "too-old"),
        ("no date of issue", "iat", Value::Null, "issue-missing"),
        ("no nonce", "nonce", Value::Null, "nonce-missing"),
        ("an empty nonce", "nonce", json!(""), "nonce-missing"),
        (
            "the nonce of another login",
            "nonce",
            json!("another"),
            "nonce-wrong",
        ),
        (
            "another version",
            "version",
            json!("1.1.0"),
            "version-wrong",
        ),
        ("no version", "version", Value::Null, "version-wrong"),
        (
            "no message type",
            "message_type",
            Value::Null,
            "message-missing",
        ),
        (
            "an unknown message",
            "message_type",
            json!("LtiNuclearRequest"),
            "message-unknown",
        ),
        (
            "no deployment",
            "deployment_id",
            Value::Null,
            "deployment-missing",
        ),
        (
            "an empty deployment",
            "deployment_id",
            json!(""),
            "deployment-missing",
        ),
        (
            "a swapped deployment",
            "deployment_id",
            json!("d-2"),
            "deployment-unknown",
        ),
        (
            "no target",
            "target_link_uri",
            Value::Null,
            "target-missing",
        ),
        (
            "a target elsewhere",
            "target_link_uri",
            json!("https://evil.example.org/lti/"),
            "target-elsewhere",
        ),
        (
            "another target of ours than asked",
            "target_link_uri",
            json!("https://learn.example.org/lti/formation/43"),
            "target-elsewhere",
        ),
        (
            "no resource link",
            "resource_link",
            Value::Null,
            "resource-link-missing",
        ),
        (
            "a resource link without identifier",
            "resource_link",
            json!({"title": "x"}),
            "resource-link-missing",
        ),
        ("no roles", "roles", Value::Null, "roles-missing"),
        (
            "roles as a word",
            "roles",
            json!("Instructor"),
            "claims-malformed",
        ),
        ("too many roles", "roles", json!(many), "claim-too-long"),
        ("a subject too long", "sub", json!(long), "claim-too-long"),
        (
            "a deployment too long",
            "deployment_id",
            json!(long),
            "claim-too-long",
        ),
        (
            "a link too long",
            "resource_link",
            json!({"id": long}),
            "claim-too-long",
        ),
        (
            "grades to a script",
            "endpoint",
            json!({"lineitem": "javascript:alert(1)"}),
            "address-refused",
        ),
        (
            "grades without encryption",
            "endpoint",
            json!({"lineitem": "http://moodle.example.org/i"}),
            "address-refused",
        ),
        (
            "grades with a password",
            "endpoint",
            json!({"lineitem": "https://a:b@moodle.example.org/i"}),
            "address-refused",
        ),
        (
            "members in a file",
            "members",
            json!({"context_memberships_url": "file:///etc/passwd"}),
            "address-refused",
        ),
        (
            "back to a script",
            "launch_presentation",
            json!({"return_url": "javascript:alert(1)"}),
            "address-refused",
        ),
    ];
    for (what, name, value, code) in cases {
        let mut claims = honest();
        claims[claim(name)] = value;
        let token = forge.key.sign(&claims).expect("signed");
        let read = validate(&token, &forge.keys, &forge.platform(), &forge.expected());
        let error = read.expect_err(what);
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(!error.section().is_empty(), "{what}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn a_token_that_its_key_did_not_sign_is_refused() {
    let forge = Forge::new();
    let refused = |token: &str| {
        validate(token, &forge.keys, &forge.platform(), &forge.expected()).expect_err("refused")
    };
    let good = forge.key.sign(&honest()).expect("signed");
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (header, _) = message.split_once('.').expect("a header");
    let other = SigningKey::from_pem("key-1", &pem(KeySize::Rsa2048)).expect("a key");
    let stranger = SigningKey::from_pem("key-9", &pem(KeySize::Rsa2048)).expect("a key");
    let forged = other.sign(&honest()).expect("signed");
    let payload = forged.split('.').nth(1).expect("a payload");
    let kid = |alg: &str| json!({"alg": alg, "kid": "key-1", "typ": "JWT"});
    let big = json!({"x": "y".repeat(70_000)});
    for (what, token, code) in [
        (
            "signed by another key of the same name",
            forged.clone(),
            "signature-wrong",
        ),
        (
            "signed by a key that is not published",
            stranger.sign(&honest()).expect("signed"),
            "key-unknown",
        ),
        (
            "no algorithm",
            raw(&kid("none"), &honest(), b""),
            "algorithm-refused",
        ),
        (
            "no algorithm, in capitals",
            raw(&kid("NONE"), &honest(), b""),
            "algorithm-refused",
        ),
        (
            "a shared secret made of the public key",
            raw(&kid("HS256"), &honest(), b"x"),
            "algorithm-refused",
        ),
        (
            "another strong algorithm",
            raw(&kid("PS256"), &honest(), b"x"),
            "algorithm-refused",
        ),
        (
            "a curve",
            raw(&kid("ES256"), &honest(), b"x"),
            "algorithm-refused",
        ),
        (
            "an algorithm left out",
            raw(&json!({"kid": "key-1"}), &honest(), b"x"),
            "algorithm-refused",
        ),
        (
            "a key not named",
            raw(&json!({"alg": "RS256"}), &honest(), b"x"),
            "key-not-named",
        ),
        (
            "an extension that must be understood",
            raw(
                &json!({"alg": "RS256", "kid": "key-1", "crit": ["b64"], "b64": false}),
                &honest(),
                b"x",
            ),
            "token-malformed",
        ),
        (
            "a key brought in the header",
            raw(
                &json!({"alg": "RS256", "kid": "evil", "jwk": other.public().expect("public")}),
                &honest(),
                b"x",
            ),
            "key-unknown",
        ),
        (
            "the signature of another message",
            format!("{header}.{payload}x.{signature}"),
            "signature-wrong",
        ),
        (
            "the signature left out",
            format!("{message}."),
            "signature-wrong",
        ),
        ("two parts", message.to_owned(), "token-malformed"),
        ("four parts", format!("{good}.x"), "token-malformed"),
        ("nothing", String::new(), "token-malformed"),
        ("words", "not a token".to_owned(), "token-malformed"),
        (
            "a header that is not JSON",
            format!("!!!.{payload}.{signature}"),
            "token-malformed",
        ),
        (
            "claims of 70 KB",
            forge.key.sign(&big).expect("signed"),
            "token-too-large",
        ),
    ] {
        let error = refused(&token);
        assert_eq!(error.code(), code, "{what}: {error}");
    }
}

#[test]
fn keys_that_cannot_verify_say_why_when_they_are_used() {
    let forge = Forge::new();
    let token = forge.key.sign(&honest()).expect("signed");
    let public = forge.key.public().expect("its public half");
    let with = |name: &str, value: Value| {
        let mut key = public.clone();
        key[name] = value;
        json!({"keys": [key]}).to_string()
    };
    let elliptic = json!({"kty": "EC", "crv": "P-256", "kid": "key-1", "x": "AA", "y": "AA"});
    for (what, set) in [
        ("for encryption", with("use", json!("enc"))),
        ("for another algorithm", with("alg", json!("RS512"))),
        ("too short", with("n", json!("AQAB"))),
        ("not base64", with("n", json!("é"))),
        ("of another type", json!({"keys": [elliptic]}).to_string()),
        (
            "twice there",
            json!({"keys": [public.clone(), public.clone()]}).to_string(),
        ),
    ] {
        let keys = KeySet::parse(&set).expect("a key set");
        assert_eq!(keys.usable(), 0, "{what}");
        let error = validate(&token, &keys, &forge.platform(), &forge.expected()).expect_err(what);
        assert!(
            matches!(error, LaunchError::KeyUnusable(_)),
            "{what}: {error}"
        );
    }
    let many: Vec<Value> = (0..101)
        .map(|n| json!({"kty": "RSA", "kid": n.to_string()}))
        .collect();
    for set in [
        "",
        "[]",
        "{}",
        &json!({"keys": many}).to_string(),
        &"x".repeat(300_000),
    ] {
        assert!(KeySet::parse(set).is_err());
    }
}

#[test]
fn somebody_elses_roles_give_nothing_here() {
    let forge = Forge::new();
    let mut claims = honest();
    claims[claim("roles")] = json!([
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
    ]);
    let token = forge.key.sign(&claims).expect("signed");
    let mut platform = forge.platform();
    platform.deployments = Deployments::Any;
    let launch = validate(&token, &forge.keys, &platform, &forge.expected()).expect("accepted");
    assert_eq!(launch.standing, Standing::Guest);
}

/// A refusal for the clock said nothing of the clocks: who administers could not tell a clock that is
/// wrong from a person who was slow.
#[test]
fn refusals_for_the_clock_say_by_how_much() {
    let forge = Forge::new();
    for (name, value, seconds) in [
        ("exp", NOW - 125, 125),
        ("nbf", NOW + 90, 90),
        ("iat", NOW + 120, 120),
        ("iat", NOW - 2_000, 2_000),
    ] {
        let mut claims = honest();
        claims[name] = json!(value);
        let token = forge.key.sign(&claims).expect("signed");
        let refused = validate(&token, &forge.keys, &forge.platform(), &forge.expected());
        let error = refused.expect_err(name);
        assert_eq!(error.seconds(), Some(seconds), "{error}");
        assert!(error.to_string().contains(&seconds.to_string()), "{error}");
    }
    // Within what clocks may be apart, it is good; what is good later is not good now.
    let mut claims = honest();
    claims["nbf"] = json!(NOW + 59);
    let token = forge.key.sign(&claims).expect("signed");
    assert!(validate(&token, &forge.keys, &forge.platform(), &forge.expected()).is_ok());
}

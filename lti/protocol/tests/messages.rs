//! Logins, deep linking, scores and registration, as the specifications write them.
#![expect(clippy::expect_used, reason = "tests say what is wrong by panicking")]

mod common;

use common::{CLIENT, Forge, ISSUER, NOW, TARGET, claim, honest};
use passerelle_lti_protocol::{
    ActivityProgress, ContentItem, GradingProgress, LineItemWish, Login, Message,
    PlatformConfiguration, Score, ToolAddresses, authorization_url, client_assertion,
    deep_linking_response, registration_request, scores_address, validate,
};
use proptest::prelude::*;
use serde_json::json;
use url::Url;

fn read(pairs: &[(&str, &str)]) -> Result<Login, String> {
    let base = Url::parse("https://learn.example.org/lti/").expect("an address");
    let get = |name: &str| {
        let found = pairs.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Login::read(get, &base).map_err(|error| error.code().to_owned())
}

#[test]
fn a_login_goes_back_to_the_platform_with_its_hints() {
    let pairs = [
        ("iss", ISSUER),
        ("login_hint", "h&1"),
        ("lti_message_hint", "m=2"),
        ("target_link_uri", TARGET),
    ];
    let login = read(&pairs).expect("a login");
    let endpoint = Url::parse("https://moodle.example.org/auth?x=1").expect("an address");
    let redirect = Url::parse("https://learn.example.org/lti/launch").expect("an address");
    let url = authorization_url(&endpoint, &login, CLIENT, &redirect, "s", "n");
    let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(
        query["x"], "1",
        "what the platform's own address carries stays"
    );
    assert_eq!(query["login_hint"], "h&1");
    assert_eq!(query["lti_message_hint"], "m=2");
    assert_eq!(
        (query["response_mode"].as_str(), query["prompt"].as_str()),
        ("form_post", "none")
    );
    assert_eq!(
        (query["state"].as_str(), query["nonce"].as_str()),
        ("s", "n")
    );
}

#[test]
fn a_login_that_leads_elsewhere_is_refused() {
    let long = "x".repeat(9_000);
    for (name, value, code) in [
        ("iss", "", "login-parameter-missing"),
        ("login_hint", "", "login-parameter-missing"),
        ("target_link_uri", "", "login-parameter-missing"),
        ("login_hint", long.as_str(), "login-parameter-too-long"),
        (
            "target_link_uri",
            "https://evil.example.org/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "https://learn.example.org.evil.org/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "https://learn.example.org@evil.org/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "http://learn.example.org/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "https://learn.example.org:8443/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "https://learn.example.org/lti/../gestion",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "https://u:p@learn.example.org/lti/x",
            "login-target-elsewhere",
        ),
        (
            "target_link_uri",
            "//evil.example.org/lti/",
            "login-target-elsewhere",
        ),
    ] {
        let mut pairs = vec![
            ("iss", ISSUER),
            ("login_hint", "h"),
            ("target_link_uri", TARGET),
        ];
        for pair in &mut pairs {
            if pair.0 == name {
                pair.1 = value;
            }
        }
        assert_eq!(read(&pairs), Err(code.to_owned()), "{name} = {value:.60}");
    }
}

#[test]
fn a_deep_linking_request_is_answered_with_what_it_accepts() {
    let forge = Forge::new();
    let mut claims = honest();
    claims[claim("message_type")] = json!("LtiDeepLinkingRequest");
    claims[claim("settings")] = json!({
        "deep_link_return_url": "https://moodle.example.org/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": true,
        "data": "opaque",
    });
    let token = forge.key.sign(&claims).expect("signed");
    let launch =
        validate(&token, &forge.keys, &forge.platform(), &forge.expected()).expect("accepted");
    let Message::DeepLinking(settings) = launch.message else {
        panic!("a deep-linking request");
    };
    let item = |n: u8| ContentItem {
        title: format!("Semaine {n}"),
        text: String::new(),
        url: format!("https://learn.example.org/lti/semaine/{n}"),
        custom: vec![("week".to_owned(), n.to_string())],
        line_item: Some(LineItemWish {
            label: "Note".to_owned(),
            score_maximum: 100.0,
            resource_id: n.to_string(),
            tag: "course".to_owned(),
        }),
    };
    let items = [item(1), item(2)];
    let platform = forge.platform();
    let answer = deep_linking_response(&platform, "d-1", &settings, &items, "n", NOW);
    let sent = &answer["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"];
    assert_eq!(sent[1]["url"], "https://learn.example.org/lti/semaine/2");
    assert_eq!(sent[0]["lineItem"]["scoreMaximum"], 100.0);
    assert_eq!(sent[0]["custom"], json!({"week": "1"}));
    let plain = [ContentItem {
        custom: Vec::new(),
        ..item(1)
    }];
    let answer_plain = deep_linking_response(&platform, "d-1", &settings, &plain, "n", NOW);
    let plain = &answer_plain["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"][0];
    assert!(
        plain.get("custom").is_none(),
        "Moodle stops at an empty object"
    );
    assert_eq!(
        answer["https://purl.imsglobal.org/spec/lti-dl/claim/data"],
        "opaque"
    );
    assert_eq!(
        (answer["iss"].as_str(), answer["aud"].as_str()),
        (Some(CLIENT), Some(ISSUER))
    );
    let one = passerelle_lti_protocol::DeepLinkingSettings {
        accept_multiple: Some(false),
        accept_lineitem: Some(false),
        ..settings
    };
    let answer = deep_linking_response(&platform, "d-1", &one, &items, "n", NOW);
    let sent = answer["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"].as_array();
    let sent = sent.expect("a list");
    assert_eq!((sent.len(), sent[0].get("lineItem")), (1, None));
    // Without settings, or with nowhere to answer, it is refused.
    for settings in [
        json!(null),
        json!({"accept_types": ["link"]}),
        json!({"deep_link_return_url": "https://moodle.example.org/r"}),
    ] {
        claims[claim("settings")] = settings;
        let token = forge.key.sign(&claims).expect("signed");
        assert!(validate(&token, &forge.keys, &forge.platform(), &forge.expected()).is_err());
    }
}

#[test]
fn a_score_is_posted_below_its_line_item() {
    let address = |text: &str| scores_address(&Url::parse(text).expect("an address")).to_string();
    assert_eq!(
        address("https://m.example.org/items/3/lineitem?type_id=1"),
        "https://m.example.org/items/3/lineitem/scores?type_id=1"
    );
    let score = Score {
        user_id: "user-1".to_owned(),
        timestamp: "2026-11-22T10:00:00.000Z".to_owned(),
        activity_progress: ActivityProgress::Completed,
        grading_progress: GradingProgress::FullyGraded,
        score_given: Some(83.0),
        score_maximum: Some(100.0),
        comment: None,
    };
    assert_eq!(
        json!(score),
        json!({"userId": "user-1", "timestamp": "2026-11-22T10:00:00.000Z", "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "scoreGiven": 83.0, "scoreMaximum": 100.0})
    );
    let claims = client_assertion(CLIENT, "https://m.example.org/token", "unique", NOW);
    assert_eq!(
        (claims["sub"].as_str(), claims["exp"].as_i64()),
        (Some(CLIENT), Some(NOW + 60))
    );
}

#[test]
fn a_score_may_be_written_as_a_text_and_nothing_else() {
    let written = |given: serde_json::Value| {
        let score = json!({"userId": "4", "timestamp": "2026-11-22T10:30:27+0100", "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "scoreGiven": given, "scoreMaximum": 100});
        Score::read(&score.to_string()).map(|score| score.share())
    };
    assert_eq!(written(json!("35.00000")), Ok(Some(3500)));
    assert_eq!(written(json!(35)), Ok(Some(3500)));
    assert_eq!(written(json!(null)), Ok(None));
    for wrong in [
        json!("x"),
        json!(""),
        json!("NaN"),
        json!("-1"),
        json!([35]),
        json!({}),
    ] {
        assert!(written(wrong.clone()).is_err(), "{wrong}");
    }
}

fn configuration() -> serde_json::Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://moodle.example.org/mod/lti/auth.php",
        "token_endpoint": "https://moodle.example.org/mod/lti/token.php",
        "jwks_uri": "https://moodle.example.org/mod/lti/certs.php",
        "registration_endpoint": "https://moodle.example.org/mod/lti/openid-registration.php",
        "scopes_supported": ["openid", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": "4.5",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
        },
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn a_platform_is_registered_from_its_configuration() {
    let asked = Url::parse("https://moodle.example.org/mod/lti/openid-configuration.php")
        .expect("an address");
    let platform =
        PlatformConfiguration::parse(&configuration().to_string(), &asked, false).expect("read");
    assert_eq!(
        (platform.product.as_str(), platform.deep_linking),
        ("moodle", true)
    );
    let ours = |path: &str| {
        Url::parse(&format!("https://learn.example.org/lti/{path}")).expect("an address")
    };
    let (base, login, launch, jwks, picker) = (
        ours(""),
        ours("login"),
        ours("launch"),
        ours("cles"),
        ours("choisir"),
    );
    let tool = ToolAddresses {
        name: "Passerelle",
        description: "Formations",
        base: &base,
        login: &login,
        launch: &launch,
        jwks: &jwks,
        picker: Some(&picker),
    };
    let body = registration_request(&tool, &platform);
    assert_eq!(
        body["scope"],
        "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    );
    let lti = &body["https://purl.imsglobal.org/spec/lti-tool-configuration"];
    assert_eq!(lti["domain"], "learn.example.org");
    assert_eq!(
        lti["messages"][1]["target_link_uri"],
        "https://learn.example.org/lti/choisir"
    );
    for (name, value, code) in [
        (
            "issuer",
            json!("https://evil.example.org"),
            "registration-address-refused",
        ),
        (
            "issuer",
            json!("not an address"),
            "registration-address-refused",
        ),
        (
            "token_endpoint",
            json!("http://moodle.example.org/t"),
            "registration-address-refused",
        ),
        (
            "registration_endpoint",
            json!("https://evil.example.org/r"),
            "registration-address-refused",
        ),
        (
            "jwks_uri",
            json!("ftp://moodle.example.org/k"),
            "registration-address-refused",
        ),
        ("jwks_uri", json!(null), "registration-malformed"),
        (
            "id_token_signing_alg_values_supported",
            json!(["HS256"]),
            "registration-algorithm-missing",
        ),
        (
            "https://purl.imsglobal.org/spec/lti-platform-configuration",
            json!({}),
            "registration-message-missing",
        ),
    ] {
        let mut text = configuration();
        text[name] = value;
        let error = PlatformConfiguration::parse(&text.to_string(), &asked, false).expect_err(name);
        assert_eq!(error.code(), code, "{name}");
    }
}

proptest! {
    #[test]
    fn no_token_makes_the_reader_panic(token in "[A-Za-z0-9_.-]{0,200}") {
        let forge = Forge { keys: passerelle_lti_protocol::KeySet::default(), ..FORGE.with(Clone::clone) };
        prop_assert!(validate(&token, &forge.keys, &forge.platform(), &forge.expected()).is_err());
    }
}

thread_local! {
    static FORGE: Forge = Forge::new();
}

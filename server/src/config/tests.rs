//! Reading the layers, and refusing what is wrong in them.

use toml::Value;

use super::*;

fn env(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn the_environment_wins_over_the_default_and_flags_over_both() {
    let mut flags = Table::new();
    flags.insert("workers".into(), Value::Integer(9));
    let variables = env(&[
        ("PASSERELLE_WORKERS", "5"),
        ("PASSERELLE_DISABLED", "forum, lti"),
        ("HOME", "/x"),
    ]);
    let config = Config::load(None, variables, flags).expect("loads");
    assert_eq!(config.workers, 9);
    assert_eq!(config.disabled, ["forum", "lti"]);
    assert!(config.database().starts_with("sqlite:data/"));
}

#[test]
fn a_secret_can_be_a_file() {
    let dir = tempfile::tempdir().expect("folder");
    let path = dir.path().join("url");
    std::fs::write(&path, "postgres://u:p@h/b\n").expect("writes");
    let text = path.display().to_string();
    let config = Config::load(
        None,
        env(&[("PASSERELLE_DATABASE_URL_FILE", &text)]),
        Table::new(),
    )
    .expect("loads");
    assert_eq!(config.database(), "postgres://u:p@h/b");
    assert!(config.shown().iter().all(|(_, v)| !v.contains("u:p@h")));
}

#[test]
fn the_compose_file_names_settings_only() {
    let compose = include_str!("../../../compose.yaml");
    let given: Vec<(String, String)> = compose
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(name, _)| name.starts_with(PREFIX) && !name.ends_with("_FILE"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert!(given.len() > 5, "its variables are found");
    Config::load(None, given.into_iter(), Table::new()).expect("every one is a setting");
}

/// A misspelt name was told by the variable only, and a file's by neither name nor place.
#[test]
fn a_misspelt_setting_is_told_with_its_place_and_what_it_may_have_meant() {
    let error = Config::load(None, env(&[("PASSERELLE_LISTENN", "x")]), Table::new());
    let text = error.expect_err("refused").to_string();
    assert!(text.starts_with("PASSERELLE_LISTENN: "), "{text}");
    assert!(text.contains("did you mean listen?"), "{text}");
    let (_dir, path) = file("wokers = 3\n");
    let text = refusal(&path);
    assert!(text.starts_with(&path.display().to_string()), "{text}");
    assert!(
        text.contains("wokers") && text.contains("workers"),
        "{text}"
    );
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("folder");
    let path = dir.path().join("passerelle.toml");
    std::fs::write(&path, text).expect("writes");
    (dir, path)
}

fn refusal(path: &Path) -> String {
    let loaded = Config::load(Some(path), std::iter::empty(), Table::new());
    loaded.expect_err("refused").to_string()
}

/// A wrong value of each setting, as TOML and as a variable of the environment.
const WRONG: &[(&str, &str, &str)] = &[
    ("listen", "\"everywhere\"", "3000"),
    ("content_listen", "3001", "localhost"),
    (
        "public_url",
        "\"formation.example.org\"",
        "https://a.example/formation",
    ),
    (
        "content_url",
        "\"ftp://content.example.net\"",
        "https://u:p@b.example",
    ),
    ("content_hosts", "\"wild\"", "wild"),
    ("data_dir", "\"\"", " "),
    (
        "database_url",
        "\"mysql://u:kept-secret@h/b\"",
        "passerelle:kept-secret",
    ),
    ("connections", "0", "many"),
    ("home_space", "\"Mon centre\"", "a/b"),
    (
        "mail_url",
        "\"smtp://u:kept-secret@relay.example.org\"",
        "relay:kept-secret",
    ),
    ("mail_from", "\"Le centre\"", "centre.example.org"),
    ("mail_return", "\"retours\"", "retours@"),
    (
        "mail_imap_url",
        "\"imap://u:kept-secret@h\"",
        "imap.example.org:kept-secret",
    ),
    ("mail_lmtp", "\"localhost\"", "2424"),
    ("mail_dkim_selector", "\"deux mots\"", "-"),
    ("mail_connections", "0", "-4"),
    ("mail_per_second", "-1", "fast"),
    ("mail_window", "\"2000\"", "many/1h"),
    ("mail_warm_up", "\"demain\"", "01/12/2026"),
    ("proxies", "-1", "one"),
    ("workers", "0", "1000000"),
    ("private_addresses", "\"no\"", "yes"),
    ("disabled", "[\"forum\"]", "people"),
    ("log_format", "\"xml\"", "JSON"),
    ("log", "\"info,=,\"", "a=b=c"),
    ("dev", "1", "oui"),
    ("package_max_bytes", "2.5", "2 GiB"),
    ("package_max_files", "0", "all"),
];

/// `content_hosts = "wild"` was taken for wildcard, and errors named neither file nor setting.
#[test]
fn a_wrong_value_of_any_setting_is_refused_with_its_place_and_what_is_allowed() {
    let settings = DEFAULT.parse::<Table>().expect("the default");
    for name in settings.keys() {
        let known = WRONG.iter().find(|(wrong, ..)| wrong == name);
        let (_, toml, variable) = known.unwrap_or_else(|| panic!("no wrong value of {name}"));
        let (_dir, path) = file(&format!("# Ours.\n{name} = {toml}\n"));
        let place = path.display().to_string();
        let upper = format!("{PREFIX}{}", name.to_uppercase());
        let given = std::iter::once((upper.clone(), (*variable).to_owned()));
        let from_environment = Config::load(None, given, Table::new());
        let from_environment = from_environment.expect_err(name).to_string();
        for (text, place) in [(refusal(&path), place), (from_environment, upper)] {
            assert!(text.starts_with(&format!("{place}: ")), "{text}");
            assert!(text.contains(&format!(" for {name}; allowed: ")), "{text}");
            assert!(!text.contains("kept-secret"), "{text}");
        }
    }
    assert_eq!(WRONG.len(), settings.len());
    assert_eq!(rules::RULES.len(), settings.len());
}

#[test]
fn a_wrong_flag_is_named_as_it_was_typed() {
    let mut flags = Table::new();
    flags.insert("content_hosts".into(), "wild".into());
    let loaded = Config::load(None, std::iter::empty(), flags);
    let text = loaded.expect_err("refused").to_string();
    assert!(text.starts_with("--content-hosts: \"wild\""), "{text}");
}

#[test]
fn a_file_that_is_not_toml_is_told_with_its_line_and_shows_no_password() {
    let (_dir, path) = file("workers = 2\nmail_url = \"smtp://u:kept-secret@h\n");
    let text = refusal(&path);
    assert!(text.contains("passerelle.toml, line 2: "), "{text}");
    assert!(!text.contains("kept-secret"), "{text}");
    let absent = path.with_file_name("absent.toml");
    assert!(refusal(&absent).contains("absent.toml"), "named");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (name, text) in [
        ("content_listen", "content_listen = \"127.0.0.1:3000\""),
        ("content_url", "content_url = \"http://127.0.0.1:3001\""),
        ("mail_dkim_selector", "mail_dkim_selector = \"passerelle\""),
    ] {
        let (_dir, path) = file(text);
        let text = refusal(&path);
        assert!(text.starts_with(&path.display().to_string()), "{text}");
        assert!(text.contains(&format!(" for {name}; ")), "{text}");
    }
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// Messages of a language: id, and the names of its values.
fn messages(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::new();
    for path in files(&root().join("locales").join(lang), "ftl") {
        let text = std::fs::read_to_string(&path).expect("reads");
        let resource = fluent_syntax::parser::parse(text)
            .unwrap_or_else(|(_, errors)| panic!("{path:?}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut values = BTreeSet::new();
                collect(message.value.as_ref().expect("a value"), &mut values);
                assert!(
                    messages.insert(message.id.name.clone(), values).is_none(),
                    "twice: {}",
                    message.id.name
                );
            }
        }
    }
    messages
}

fn collect(pattern: &Pattern<String>, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let (inline, variants) = match expression {
            Expression::Inline(inline) => (inline, None),
            Expression::Select { selector, variants } => (selector, Some(variants)),
        };
        if let InlineExpression::VariableReference { id } = inline {
            values.insert(id.name.clone());
        }
        for variant in variants.into_iter().flatten() {
            collect(&variant.value, values);
        }
    }
}

#[test]
fn both_languages_say_the_same_messages_with_the_same_values() {
    assert_eq!(messages("fr"), messages("en"));
}

#[test]
fn every_message_asked_for_exists() {
    let known = messages("fr");
    let mut missing = BTreeSet::new();
    for path in files(&root().join("src"), "rs")
        .into_iter()
        .chain(files(&root().join("src"), "hbs"))
    {
        if path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("reads");
        for quoted in text.split('"').skip(1).step_by(2) {
            let slice = [
                "account-",
                "person-",
                "space-",
                "legal-",
                "privacy-",
                "accessibility-",
                "help-",
            ];
            let id = quoted.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let whole = id
                && !quoted.ends_with('-')
                && slice.iter().any(|prefix| quoted.starts_with(prefix));
            if whole && !known.contains_key(quoted) {
                missing.insert(format!("{quoted} in {}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn french_spaces_are_no_break_spaces() {
    for path in files(&root().join("locales/fr"), "ftl") {
        let text = std::fs::read_to_string(&path).expect("reads");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let bad = [" ;", " !", " ?", " :", "« ", " »", "'"]
                .iter()
                .find(|bad| line.contains(**bad));
            assert!(bad.is_none(), "{}: {line}", path.display());
        }
    }
}

#[test]
fn every_line_of_the_retention_table_has_its_words() {
    let known = messages("fr");
    let retention = crate::spaces::retention::current().expect("parses");
    for line in &retention.classes {
        let ids = [
            format!("privacy-class-{}", line.class),
            format!("privacy-from-{}", line.from),
            format!("privacy-then-{}", line.then),
            format!("privacy-basis-{}", line.basis),
        ];
        for id in ids {
            assert!(known.contains_key(&id), "{id}");
        }
    }
}

#[test]
fn every_setting_of_a_space_has_its_words() {
    let known = messages("fr");
    let ids = crate::spaces::model::ACCENTS.map(|name| format!("space-accent-{name}"));
    let states = crate::persons::model::AccountState::ALL
        .map(|state| format!("person-account-{}", state.code()));
    let roles = passerelle_web::Role::ALL.map(|role| format!("person-role-{}-help", role.code()));
    for id in ids.iter().chain(&states).chain(&roles) {
        assert!(known.contains_key(id), "{id}");
    }
}

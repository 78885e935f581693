//! The codes and their sentences, in both languages.

use super::*;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::BTreeSet;
use std::path::Path;

const SUMMARIES: [&str; 7] = [
    "scorm-refused",
    "scorm-unreadable",
    "scorm-stopped",
    "scorm-severity-refused",
    "scorm-severity-warning",
    "scorm-severity-note",
    "scorm-where",
];

fn source(language: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}/scorm-package.ftl"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn bundle(language: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(source(language)).expect("the file is valid Fluent");
    let mut bundle = FluentBundle::new(vec![language.parse().expect("a language tag")]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).expect("no message twice");
    bundle
}

fn variables<'s>(pattern: &Pattern<&'s str>, found: &mut BTreeSet<&'s str>) {
    fn inline<'s>(expression: &InlineExpression<&'s str>, found: &mut BTreeSet<&'s str>) {
        match expression {
            InlineExpression::VariableReference { id } => {
                found.insert(id.name);
            }
            InlineExpression::Placeable { expression } => outer(expression, found),
            _ => {}
        }
    }
    fn outer<'s>(expression: &Expression<&'s str>, found: &mut BTreeSet<&'s str>) {
        match expression {
            Expression::Inline(expression) => inline(expression, found),
            Expression::Select { selector, variants } => {
                inline(selector, found);
                for variant in variants {
                    variables(&variant.value, found);
                }
            }
        }
    }
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            outer(expression, found);
        }
    }
}

#[test]
fn every_code_has_its_sentence_in_both_languages_and_no_sentence_is_left_over() {
    let wanted: BTreeSet<&str> = Code::ALL
        .iter()
        .map(|code| code.key())
        .chain(SUMMARIES)
        .collect();
    assert_eq!(
        wanted.len(),
        Code::ALL.len() + SUMMARIES.len(),
        "keys are unique"
    );
    for language in ["fr", "en"] {
        let text = source(language);
        let parsed = fluent_syntax::parser::parse(text.as_str()).expect("valid Fluent");
        let mut present = BTreeSet::new();
        for entry in &parsed.body {
            if let Entry::Message(message) = entry {
                assert!(
                    present.insert(message.id.name),
                    "{language}: {} twice",
                    message.id.name
                );
            }
        }
        assert_eq!(present, wanted, "{language}");
    }
}

#[test]
fn a_sentence_uses_exactly_the_variables_that_its_code_carries() {
    for language in ["fr", "en"] {
        let text = source(language);
        let parsed = fluent_syntax::parser::parse(text.as_str()).expect("valid Fluent");
        for entry in &parsed.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let Some(code) = Code::ALL.iter().find(|code| code.key() == message.id.name) else {
                continue;
            };
            let mut used = BTreeSet::new();
            variables(message.value.as_ref().expect("a text"), &mut used);
            let carried: BTreeSet<&str> = code.variables().iter().copied().collect();
            assert_eq!(used, carried, "{language}: {}", code.key());
        }
    }
}

#[test]
fn every_sentence_is_rendered_without_a_fault_with_and_without_a_line() {
    for language in ["fr", "en"] {
        let bundle = bundle(language);
        for code in Code::ALL {
            for line in [0, 12] {
                let mut args = FluentArgs::new();
                args.set("line", line);
                args.set("column", 3);
                for name in code.variables() {
                    args.set(*name, "4");
                }
                let message = bundle
                    .get_message(code.key())
                    .and_then(|message| message.value());
                let mut errors = Vec::new();
                let text =
                    bundle.format_pattern(message.expect("a text"), Some(&args), &mut errors);
                assert!(errors.is_empty(), "{language} {}: {errors:?}", code.key());
                assert!(
                    !text.contains(['{', '}', '$']),
                    "{language} {}: {text}",
                    code.key()
                );
                assert!(text.ends_with('.'), "{language} {}: {text}", code.key());
            }
        }
    }
}

#[test]
fn french_spacing_is_right() {
    for line in source("fr").lines().filter(|line| !line.starts_with('#')) {
        let text: Vec<char> = line.chars().collect();
        for (at, pair) in text.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            match after {
                // The semicolon of an entity is not punctuation.
                ';' if line[..line.char_indices().nth(at).expect("in range").0]
                    .ends_with("$name ") => {}
                ';' | '!' | '?' | '»' => assert_eq!(*before, '\u{202f}', "{line}"),
                ':' => assert_eq!(*before, '\u{a0}', "{line}"),
                _ => {}
            }
            if *before == '«' {
                assert_eq!(*after, '\u{202f}', "{line}");
            }
            assert!(!matches!(before, '\'' | '"'), "{line}");
        }
    }
}

#[test]
fn a_hostile_argument_is_cut_and_stripped_of_control_characters() {
    let problem =
        Problem::new(Code::ZipSlip).with("path", format!("a\0\u{1b}{}", "x".repeat(1000)));
    let shown = problem.arg("path").expect("the argument");
    assert_eq!(shown.chars().count(), LONGEST_ARGUMENT + 1);
    assert!(shown.starts_with("a\u{fffd}\u{fffd}x") && shown.ends_with('…'));
}

#[test]
fn problems_survive_being_stored_under_their_stable_keys() {
    for code in Code::ALL {
        let problem = Problem::new(*code)
            .with("path", "a")
            .at(Position { line: 3, column: 4 });
        let text = serde_json::to_string(&problem).expect("serialisable");
        assert!(text.contains(&format!("\"{}\"", code.key())), "{text}");
        assert_eq!(
            serde_json::from_str::<Problem>(&text).expect("readable"),
            problem
        );
    }
}

#[test]
fn a_report_is_bounded_and_always_holds_the_reason_of_a_refusal() {
    let mut findings = Findings::new(3);
    for _ in 0..10 {
        findings.add(Problem::new(Code::FileMissing));
    }
    findings.add(Problem::new(Code::DuplicateItem));
    findings.add(Problem::new(Code::DuplicateItem));
    let Err(Refusal::Package(problems)) = findings.finish() else {
        panic!("refused");
    };
    let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
    let file = Code::FileMissing;
    assert_eq!(
        codes,
        [file, file, file, Code::DuplicateItem, Code::MoreProblems]
    );
    assert_eq!(problems[4].arg("count"), Some("8"));
}

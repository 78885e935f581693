//! French and English say the same things: every message of `locales/` exists in
//! both languages with the same variables, and French punctuation has its spaces.
//!
//! It does not judge the wording. A file belongs to the language that a part of its
//! path after `locales/` names: `locales/fr/cohorts.ftl`, `locales/cohorts.fr.ftl`.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use fluent_syntax::parser;

use super::Findings;
use super::files::SourceFile;

const LANGUAGES: [&str; 2] = ["fr", "en"];
const NARROW: char = '\u{202f}';
const NO_BREAK: char = '\u{a0}';

/// The messages of one folder in one language: their variables, by name.
type Messages = BTreeMap<String, BTreeSet<String>>;

pub fn check(files: &[SourceFile]) -> Findings {
    let mut faults = Vec::new();
    let mut folders: BTreeMap<&str, BTreeMap<&str, Messages>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.extension() == "ftl") {
        let Some((folder, language)) = place_of(&file.path) else {
            faults.push(format!(
                "{}: neither French nor English by its path",
                file.path
            ));
            continue;
        };
        let messages = folders
            .entry(folder)
            .or_default()
            .entry(language)
            .or_default();
        read(file, language, messages, &mut faults);
    }
    let mut count = 0;
    for (folder, mut languages) in folders {
        let [french, english] = LANGUAGES.map(|one| languages.remove(one).unwrap_or_default());
        count += french.len();
        compare(folder, &french, &english, &mut faults);
    }
    Findings {
        faults,
        remarks: vec![format!("{count} messages in French and in English")],
    }
}

/// The folder that holds `locales/`, and the language.
fn place_of(path: &str) -> Option<(&str, &'static str)> {
    let path = path
        .strip_prefix("locales/")
        .map_or_else(|| path.split_once("/locales/"), |rest| Some((".", rest)));
    let (folder, rest) = path?;
    rest.split(['/', '.'])
        .find_map(|part| LANGUAGES.into_iter().find(|language| *language == part))
        .map(|language| (folder, language))
}

fn read(file: &SourceFile, language: &str, messages: &mut Messages, faults: &mut Vec<String>) {
    let resource = match parser::parse(file.text.as_str()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            faults.extend(errors.iter().map(|error| {
                let before = file.text.get(..error.pos.start).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                format!("{}:{line}: {}", file.path, error.kind)
            }));
            resource
        }
    };
    for entry in &resource.body {
        let (name, value, attributes) = match entry {
            Entry::Message(message) => (
                message.id.name.to_owned(),
                message.value.as_ref(),
                &message.attributes,
            ),
            Entry::Term(term) => (
                format!("-{}", term.id.name),
                Some(&term.value),
                &term.attributes,
            ),
            _ => continue,
        };
        let named = value.map(|value| (name.clone(), value)).into_iter().chain(
            attributes
                .iter()
                .map(|attribute| (format!("{name}.{}", attribute.id.name), &attribute.value)),
        );
        for (name, pattern) in named {
            let mut reading = Reading::default();
            reading.pattern(pattern);
            if language == "fr" {
                faults.extend(reading.texts.iter().filter_map(|text| {
                    let why = misspaced(text)?;
                    Some(format!("{}: {name}: {why}", file.path))
                }));
            }
            if messages.insert(name.clone(), reading.variables).is_some() {
                faults.push(format!(
                    "{}: {name}: said twice in this language",
                    file.path
                ));
            }
        }
    }
}

fn compare(folder: &str, french: &Messages, english: &Messages, faults: &mut Vec<String>) {
    for (has, lacks, missing) in [(french, english, "English"), (english, french, "French")] {
        for name in has.keys().filter(|name| !lacks.contains_key(*name)) {
            faults.push(format!("{folder}: {name}: missing in {missing}"));
        }
    }
    for (name, variables) in french {
        if let Some(others) = english.get(name).filter(|others| *others != variables) {
            let differing: Vec<_> = variables.symmetric_difference(others).cloned().collect();
            faults.push(format!(
                "{folder}: {name}: used in one language only: ${}",
                differing.join(", $")
            ));
        }
    }
}

/// What a message is made of: its literal texts and the variables that it uses.
#[derive(Default)]
struct Reading<'a> {
    texts: Vec<&'a str>,
    variables: BTreeSet<String>,
}

impl<'a> Reading<'a> {
    fn pattern(&mut self, pattern: &Pattern<&'a str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.texts.push(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&'a str>) {
        match expression {
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
            Expression::Inline(inline) => self.inline(inline),
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&'a str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { arguments, .. }
            | InlineExpression::TermReference {
                arguments: Some(arguments),
                ..
            } => self.arguments(arguments),
            InlineExpression::Placeable { expression } => self.expression(expression),
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&'a str>) {
        for argument in &arguments.positional {
            self.inline(argument);
        }
        for argument in &arguments.named {
            self.inline(&argument.value);
        }
    }
}

/// The first French sign in a text that lacks its own kind of space.
///
/// A sign at the beginning of the text follows a variable: its space, if it is
/// there, is seen; whether it should be is left to the reader.
fn misspaced(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().collect();
    let at = |position: Option<usize>| position.and_then(|position| signs.get(position)).copied();
    signs.iter().enumerate().find_map(|(position, sign)| {
        let before = at(position.checked_sub(1));
        let after = at(position.checked_add(1));
        match sign {
            ';' | '!' | '?' if ends_a_word(after) => wrong(*sign, before, NARROW, "U+202F before"),
            '»' => wrong(*sign, before, NARROW, "U+202F before"),
            ':' if ends_a_word(after) => wrong(*sign, before, NO_BREAK, "U+00A0 before"),
            '«' => wrong(*sign, after, NARROW, "U+202F after"),
            _ => None,
        }
    })
}

fn ends_a_word(after: Option<char>) -> bool {
    after.is_none_or(char::is_whitespace)
}

fn wrong(sign: char, neighbour: Option<char>, wanted: char, words: &str) -> Option<String> {
    let neighbour = neighbour?;
    let repeated = "!?".contains(sign) && "!?".contains(neighbour);
    (neighbour != wanted && !repeated).then(|| format!("`{sign}` needs {words} it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(french: &str, english: &str) -> Vec<String> {
        let files = [
            SourceFile::sample("courses/locales/fr/a.ftl", french),
            SourceFile::sample("courses/locales/en/a.ftl", english),
        ];
        check(&files).faults
    }

    #[test]
    fn the_same_messages_in_both_languages_pass() {
        let french =
            "hello = Bonjour { $name }\u{202f}!\n    .label = Nom\u{a0}:\n-brand = Passerelle\n";
        let english = "hello = Hello { $name }!\n    .label = Name:\n-brand = Passerelle\n";
        assert_eq!(faults(french, english), Vec::<String>::new());
    }

    #[test]
    fn a_message_or_an_attribute_that_is_missing_in_one_language_is_refused() {
        assert_eq!(
            faults("a = un\nb = deux\n", "a = one\n    .label = the one\n"),
            [
                "courses: b: missing in English",
                "courses: a.label: missing in French"
            ]
        );
    }

    #[test]
    fn a_variable_used_in_one_language_only_is_refused() {
        let french =
            "late = { $count ->\n    [one] { $name } a un retard\n   *[other] des retards\n }\n";
        assert_eq!(
            faults(french, "late = { $count } late\n"),
            ["courses: late: used in one language only: $name"]
        );
    }

    #[test]
    fn a_message_said_twice_is_refused() {
        assert_eq!(
            faults("a = un\na = deux\n", "a = one\n"),
            ["courses/locales/fr/a.ftl: a: said twice in this language"]
        );
    }

    #[test]
    fn a_file_that_is_not_fluent_is_refused_with_its_line() {
        let found = faults("a = un\nb =\n", "a = one\n");
        assert!(
            found[0].starts_with("courses/locales/fr/a.ftl:2: "),
            "{found:?}"
        );
    }

    #[test]
    fn french_signs_need_their_own_spaces() {
        for wrong in [
            "Quoi ?",
            "Quoi?",
            "Nom :",
            "Nom\u{202f}: x",
            "« oui\u{202f}»",
            "un ; deux",
        ] {
            assert!(misspaced(wrong).is_some(), "{wrong}");
        }
        for right in [
            "Quoi\u{202f}?",
            "Quoi\u{202f}?!",
            "Nom\u{a0}: x",
            "«\u{202f}oui\u{202f}»",
            "à 10:30",
            "https://exemple.fr/?a=b",
            ": après une variable",
        ] {
            assert_eq!(misspaced(right), None, "{right}");
        }
    }

    #[test]
    fn english_is_not_held_to_french_spaces() {
        assert_eq!(
            faults("a = Quoi\u{202f}?\n", "a = What?\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_language_is_read_from_the_path() {
        assert_eq!(
            place_of("server/web/locales/fr/a.ftl"),
            Some(("server/web", "fr"))
        );
        assert_eq!(
            place_of("mailer/locales/delivery.en.ftl"),
            Some(("mailer", "en"))
        );
        assert_eq!(place_of("locales/fr.ftl"), Some((".", "fr")));
        assert_eq!(place_of("mailer/locales/delivery.ftl"), None);
    }
}

//! The words of the documents, from the translations under `locales/`.
//!
//! A message is either plain, or *rich*: then some of its arguments are set in bold, which is
//! how the names stand out of the legal sentences without any markup in the data.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::error::DocumentError;
use crate::model::Language;

const FRENCH: &str = include_str!("../locales/fr.ftl");
const ENGLISH: &str = include_str!("../locales/en.ftl");

// Control characters never survive in the data, so these marks cannot be forged.
const STRONG_START: char = '\u{2}';
const STRONG_END: char = '\u{3}';

/// The messages of one language.
pub(crate) struct Wording {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Wording {
    /// Reads the embedded translation.
    pub(crate) fn load(language: Language) -> Result<Self, DocumentError> {
        let broken = |key: &str| DocumentError::Wording {
            key: key.to_owned(),
            language: language.tag(),
        };
        let source = match language {
            Language::Fr => FRENCH,
            Language::En => ENGLISH,
        };
        let locale = language.tag().parse().map_err(|_| broken("(language)"))?;
        let resource =
            FluentResource::try_new(source.to_owned()).map_err(|_| broken("(syntax)"))?;
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks would end up in the text that a reader copies.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .map_err(|_| broken("(duplicate)"))?;
        Ok(Self { language, bundle })
    }

    /// The language of these messages.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments.
    pub(crate) fn say(&self, key: &str) -> Result<String, DocumentError> {
        self.say_with(key, Vec::new())
    }

    /// A message with its arguments.
    pub(crate) fn say_with<'a>(
        &self,
        key: &str,
        args: Vec<(&'a str, FluentValue<'a>)>,
    ) -> Result<String, DocumentError> {
        let broken = || DocumentError::Wording {
            key: key.to_owned(),
            language: self.language.tag(),
        };
        let message = self.bundle.get_message(key).ok_or_else(broken)?;
        let pattern = message.value().ok_or_else(broken)?;
        let args = args.into_iter().collect::<FluentArgs<'_>>();
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned();
        if errors.is_empty() {
            Ok(said)
        } else {
            Err(broken())
        }
    }

    /// A rich message: pieces of text, with whether each is set in bold. `strong` arguments
    /// are, `plain` ones are not.
    pub(crate) fn say_rich(
        &self,
        key: &str,
        strong: &[(&str, &str)],
        plain: &[(&str, &str)],
    ) -> Result<Vec<(String, bool)>, DocumentError> {
        let bare = |value: &str| value.replace(is_mark, "");
        let strong = strong.iter().map(|(name, value)| {
            (
                *name,
                FluentValue::from(format!("{STRONG_START}{}{STRONG_END}", bare(value))),
            )
        });
        let plain = plain
            .iter()
            .map(|(name, value)| (*name, FluentValue::from(bare(value))));
        let said = self.say_with(key, strong.chain(plain).collect())?;
        let mut runs = Vec::new();
        for piece in said.split_inclusive(is_mark) {
            let strong = piece.ends_with(STRONG_END);
            let text = piece.trim_end_matches(is_mark);
            if !text.is_empty() {
                runs.push((text.to_owned(), strong));
            }
        }
        Ok(runs)
    }
}

fn is_mark(c: char) -> bool {
    c == STRONG_START || c == STRONG_END
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::ast::Entry;

    use super::*;

    fn keys(source: &str) -> BTreeSet<String> {
        let resource = fluent_syntax::parser::parse(source).expect("the translation parses");
        resource
            .body
            .iter()
            .filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(FRENCH), keys(ENGLISH));
        assert!(keys(FRENCH).len() > 40);
    }

    #[test]
    fn french_punctuation_never_follows_an_ordinary_space() {
        for line in FRENCH.lines().filter(|line| !line.starts_with('#')) {
            let text = line.split_once(" = ").map_or(line, |(_, text)| text);
            for mark in [" :", " ;", " !", " ?", " »", "« ", " %"] {
                assert!(!text.contains(mark), "{line}");
            }
            assert!(!text.contains('\''), "straight apostrophe: {line}");
        }
    }

    #[test]
    fn a_rich_message_sets_its_strong_arguments_in_bold_and_nothing_else() {
        let wording = Wording::load(Language::Fr).expect("French loads");
        let runs = wording
            .say_rich("employer", &[("employer", "Les\u{3} Tilleuls\u{2}")], &[])
            .expect("the message exists");
        assert_eq!(runs.last(), Some(&("Les Tilleuls".to_owned(), true)));
        assert_eq!(runs.iter().filter(|(_, strong)| *strong).count(), 1);
    }

    #[test]
    fn a_missing_message_is_an_error_that_names_it() {
        let wording = Wording::load(Language::En).expect("English loads");
        let error = wording.say("no-such-message").expect_err("nothing to say");
        assert!(error.to_string().contains("no-such-message"));
    }
}

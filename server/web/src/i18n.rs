//! Translations: Fluent files of all plugins, French as the source.

use std::collections::HashMap;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use passerelle_kernel::Registry;

use crate::app::ComposeError;
use crate::assets::Locales;
use crate::format;
use crate::lang::Lang;

/// A value inside a message.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Text, as it is.
    Text(String),
    /// A number, for plural forms; written without grouping.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}
impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}
impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(number as i64)
    }
}

/// All messages in both languages; cheap to clone.
#[derive(Clone)]
pub struct Words(Arc<HashMap<Lang, FluentBundle<FluentResource>>>);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words")
    }
}

impl Words {
    pub(crate) fn collect(registry: &Registry) -> Result<Self, ComposeError> {
        let mut bundles = HashMap::new();
        for lang in Lang::ALL {
            let locale = lang
                .code()
                .parse()
                .map_err(|e| ComposeError::Words(format!("{e:?}")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![locale]);
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(match lang {
                Lang::Fr => |value, _| written(value, Lang::Fr),
                Lang::En => |value, _| written(value, Lang::En),
            }));
            for Locales(embedded) in registry.all::<Locales>() {
                let prefix = format!("{}/", lang.code());
                for (path, text) in embedded
                    .texts()
                    .filter(|(path, _)| path.starts_with(&prefix))
                {
                    let place = format!("{}:{path}", embedded.plugin);
                    let resource = FluentResource::try_new(text.to_owned())
                        .map_err(|(_, e)| ComposeError::Words(format!("{place}: {e:?}")))?;
                    bundle
                        .add_resource(resource)
                        .map_err(|e| ComposeError::Words(format!("{place}: {e:?}")))?;
                }
            }
            bundles.insert(lang, bundle);
        }
        Ok(Self(Arc::new(bundles)))
    }

    /// Whether a message exists in a language.
    pub fn has(&self, lang: Lang, id: &str) -> bool {
        self.0
            .get(&lang)
            .is_some_and(|bundle| bundle.has_message(id))
    }

    /// A message without values.
    pub fn text(&self, lang: Lang, id: &str) -> String {
        self.with(lang, id, &[])
    }

    /// A message with values. A missing one is logged and shown as its id.
    pub fn with(&self, lang: Lang, id: &str, args: &[(&str, Arg)]) -> String {
        let pattern = self
            .0
            .get(&lang)
            .and_then(|b| b.get_message(id)?.value().map(|pattern| (b, pattern)));
        let Some((bundle, pattern)) = pattern else {
            tracing::error!(id, lang = lang.code(), "a translation is missing");
            return id.to_owned();
        };
        let mut values = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                Arg::Text(text) => FluentValue::from(text.clone()),
                Arg::Number(number) => FluentValue::from(*number),
            };
            values.set((*name).to_owned(), value);
        }
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&values), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::error!(
                id,
                lang = lang.code(),
                ?errors,
                "a translation lacks a value"
            );
        }
        text
    }
}

/// A whole number as its language groups it; what else there is, as it comes.
fn written(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(format::number(number.value as i64, lang))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        let number = FluentValue::from(6_600);
        assert_eq!(written(&number, Lang::Fr).as_deref(), Some("6\u{202f}600"));
        assert_eq!(written(&number, Lang::En).as_deref(), Some("6,600"));
        assert_eq!(written(&FluentValue::from("6600"), Lang::Fr), None);
    }
}

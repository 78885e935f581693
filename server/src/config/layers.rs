//! The layers one over the other: each value is checked as it comes, with the place where it stands.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::rules::{RULES, Rule};
use super::{Config, ConfigError, Origin, PREFIX, SECRETS};

/// The layers read so far, each value already checked.
#[derive(Default)]
pub(super) struct Layers {
    table: Table,
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    pub fn file(&mut self, path: &Path, text: &str, origin: &Origin) -> Result<(), ConfigError> {
        for (name, value) in parse(path, text)? {
            self.set(&name, value, origin.clone())?;
        }
        Ok(())
    }

    pub fn variable(&mut self, name: &str, text: &str) -> Result<(), ConfigError> {
        let variable = format!("{PREFIX}{}", name.to_uppercase());
        let (name, text) = match name.strip_suffix("_file").filter(|n| SECRETS.contains(n)) {
            Some(secret) => {
                let text = read_file(&variable, Path::new(text))?;
                (secret, text.trim().to_owned())
            }
            None => (name, text.to_owned()),
        };
        let value = match self.table.get(name) {
            Some(like) => typed(like, text),
            None => Value::String(text),
        };
        self.set(name, value, Origin::Environment(variable))
    }

    /// Keeps a value that its setting may have.
    pub fn set(&mut self, name: &str, value: Value, origin: Origin) -> Result<(), ConfigError> {
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            return Err(ConfigError::Unknown {
                origin: origin.to_string(),
                name: name.to_owned(),
                near: nearest(name)
                    .map(|near| format!(", did you mean {near}?"))
                    .unwrap_or_default(),
            });
        };
        if !rule.holds(&value) {
            return Err(refused(&origin, rule, &value));
        }
        self.table.insert(name.to_owned(), value);
        self.origins.insert(name.to_owned(), origin);
        Ok(())
    }

    pub fn config(self) -> Result<Config, ConfigError> {
        let origins = self.origins;
        let config = self.table.try_into::<Config>();
        // Each value was checked: this is a setting whose rule allows what its type does not.
        let config = config.map_err(|error| ConfigError::Value {
            origin: "the configuration".to_owned(),
            name: "a setting".to_owned(),
            shown: "a value".to_owned(),
            allowed: error.message().to_owned(),
        })?;
        let config = Config { origins, ..config };
        config.agrees().map(|()| config)
    }
}

fn refused(origin: &Origin, rule: &Rule, value: &Value) -> ConfigError {
    let shown = if rule.secret {
        "this value (not shown)".to_owned()
    } else {
        value.to_string()
    };
    ConfigError::Value {
        origin: origin.to_string(),
        name: rule.name.to_owned(),
        shown,
        allowed: rule.allowed.to_owned(),
    }
}

/// The setting that somebody probably meant: one letter more, less or other, or two swapped.
fn nearest(name: &str) -> Option<&'static str> {
    let close = |other: &str| {
        let (a, b): (Vec<char>, Vec<char>) = (name.chars().collect(), other.chars().collect());
        let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        let end = a[same..]
            .iter()
            .rev()
            .zip(b[same..].iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        (a.len() - same - end).max(b.len() - same - end) <= 2
    };
    let mut names = RULES.iter().map(|rule| rule.name);
    names.find(|other| close(other))
}

pub(super) fn read_file(origin: &str, path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        origin: origin.to_owned(),
        path: path.to_owned(),
        source,
    })
}

fn parse(path: &Path, text: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        ConfigError::Parse {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            // Not the whole error: it would show the line, which may hold a password.
            reason: error.message().to_owned(),
        }
    })
}

/// A text of the environment as the type that the default has; left as text when it does not fit.
fn typed(like: &Value, text: String) -> Value {
    match like {
        Value::Integer(_) => text.parse().map_or(Value::String(text), Value::Integer),
        Value::Boolean(_) => text.parse().map_or(Value::String(text), Value::Boolean),
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(|t| t.to_owned().into())
                .collect(),
        ),
        _ => Value::String(text),
    }
}

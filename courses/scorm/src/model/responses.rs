//! Formats of learners' responses and of correct responses' patterns, by type
//! of interaction (SCORM 2004 4th edition RTE 4.2.9.1 and 4.2.9.2).

use std::collections::HashSet;

use super::description::{Form, ResponseRule};
use super::values::{is_identifier, is_localized, real};

/// Whether a text is a response (or a pattern) for that type of interaction.
pub(super) fn is_response(value: &str, rule: &ResponseRule, pattern: bool) -> bool {
    let body = if pattern && !rule.options.is_empty() {
        match without_options(value, &rule.options) {
            Some(body) => body,
            None => return false,
        }
    } else {
        value
    };
    match rule.form {
        Form::Boolean => matches!(body, "true" | "false"),
        Form::Identifier => is_identifier(body),
        Form::Identifiers => body.is_empty() || is_list(body, rule.set),
        Form::Texts => body.split("[,]").all(is_localized),
        Form::Text => is_localized(body),
        Form::Pairs => body.is_empty() || body.split("[,]").all(is_pair),
        Form::Steps => body.is_empty() || body.split("[,]").all(|step| is_step(step, pattern)),
        Form::Number if pattern && body.contains("[:]") => is_range(body),
        Form::Number => real(body).is_some(),
        Form::Any => true,
    }
}

/// Takes `{case_matters=…}` and `{order_matters=…}` off the front. `None` when
/// one is neither true nor false.
fn without_options<'a>(value: &'a str, names: &[String]) -> Option<&'a str> {
    let mut rest = value;
    loop {
        let option = rest
            .strip_prefix('{')
            .and_then(|text| text.split_once('}'))
            .and_then(|(inside, after)| Some((inside.split_once('=')?, after)))
            .filter(|((name, _), _)| names.iter().any(|known| known == name));
        match option {
            None => return Some(rest),
            Some(((_, "true" | "false"), after)) => rest = after,
            Some(_) => return None,
        }
    }
}

fn is_list(value: &str, set: bool) -> bool {
    let mut seen = HashSet::new();
    value
        .split("[,]")
        .all(|item| is_identifier(item) && (seen.insert(item) || !set))
}

fn is_pair(value: &str) -> bool {
    let mut sides = value.split("[.]");
    let two = sides.next().is_some_and(is_identifier) && sides.next().is_some_and(is_identifier);
    two && sides.next().is_none()
}

/// `name[.]answer`, one of them at least; a pattern's answer may be a range.
fn is_step(value: &str, pattern: bool) -> bool {
    let Some((name, answer)) = value.split_once("[.]") else {
        return false;
    };
    if (name.is_empty() && answer.is_empty()) || answer.contains("[.]") {
        return false;
    }
    if answer.contains("[:]") && !(pattern && is_range(answer)) {
        return false;
    }
    name.is_empty() || is_identifier(name)
}

/// `min[:]max`; either may be left out.
fn is_range(value: &str) -> bool {
    let bounds: Vec<_> = value.split("[:]").collect();
    let [low, high] = bounds[..] else {
        return false;
    };
    match (low, high) {
        ("", "") => true,
        ("", bound) | (bound, "") => real(bound).is_some(),
        (low, high) => real(low)
            .zip(real(high))
            .is_some_and(|(low, high)| low <= high),
    }
}

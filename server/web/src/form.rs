//! Submitted forms: every value kept, so that a wrong form comes back filled in.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::header;

use crate::app::App;
use crate::error::AppError;
use crate::text;

/// Bytes at most in a form without files.
pub const MAX_FORM: usize = 1024 * 1024;

/// Fields that are one line in every form: no browser sends a break in them, and none is kept, nor
/// any other character of control, which would go on into calendars, feeds and headers of mails.
const ONE_LINE: [&str; 14] = [
    "title",
    "name",
    "given_name",
    "family_name",
    "organisation",
    "identifier",
    "email",
    "subject",
    "preheader",
    "from_name",
    "job",
    "department",
    "legal_name",
    "label",
];

/// The values of a form, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    /// From pairs, for tests and defaults.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            let (name, mut value): (String, String) = (name.into(), value.into());
            if ONE_LINE.contains(&name.as_str()) && !text::is_one_line(&value) {
                value = text::one_line(&value);
            }
            values.entry(name).or_default().push(value);
        }
        Self(values)
    }

    /// From `application/x-www-form-urlencoded` bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, AppError> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(bytes).map_err(|_| AppError::BadRequest("error-form"))?;
        let fine =
            |(name, value): &(String, String)| text::may_enter(name) && text::may_enter(value);
        if !pairs.iter().all(fine) {
            return Err(text::refused());
        }
        Ok(Self::from_pairs(pairs))
    }

    /// The first value, trimmed; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", |value| value.trim())
    }
    /// The first value as it came; for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }
    /// The first value, none when empty.
    pub fn optional(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }
    /// Every value of that name.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
    /// Whether a box is ticked or a button of that name was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
    /// A whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)
            .replace(['\u{202f}', '\u{a0}', ' '], "")
            .parse()
            .ok()
    }
    /// Sets a value, replacing what was there.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), vec![value.into()]);
    }
    /// Names and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| (name.as_str(), value.as_str()))
        })
    }
}

impl FromRequest<App> for Form {
    type Rejection = AppError;
    async fn from_request(request: Request, _: &App) -> Result<Self, AppError> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("");
        if !kind.starts_with("application/x-www-form-urlencoded") && !kind.is_empty() {
            return Err(AppError::BadRequest("error-form"));
        }
        let bytes = axum::body::to_bytes(request.into_body(), MAX_FORM)
            .await
            .map_err(|_| AppError::TooLarge)?;
        Self::parse(&bytes)
    }
}

/// Whether the text looks like an e-mail address that can be written to.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
    text.len() <= 254
        && !local.is_empty()
        && local.len() <= 64
        && local.chars().all(plain)
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_every_value() {
        let form = Form::parse("a=1&a=2&b=+x+&c=".as_bytes()).expect("parses");
        assert_eq!(form.all("a"), ["1", "2"]);
        assert_eq!(form.text("b"), "x");
        assert_eq!(form.optional("c"), None);
        assert!(form.has("c") && !form.has("d"));
    }

    /// A title with line breaks put lines of its own into calendars.
    #[test]
    fn a_title_is_one_line_and_a_text_keeps_its_lines() {
        let form = Form::parse("title=Lire%0D%0AX%0B%7F+la+suite&text=a%0D%0Ab".as_bytes());
        let form = form.expect("parses");
        assert_eq!(form.text("title"), "Lire X la suite");
        assert_eq!(form.text("text"), "a\r\nb");
    }

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in [
            "amina.benali@exemple.fr",
            "a+b@sous.domaine.org",
            "jo@été.fr",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "amina",
            "@exemple.fr",
            "a@b",
            "a b@exemple.fr",
            "a@exemple..fr",
            "a@x.fr\r\nBcc: y@z.fr",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}

//! Filling in a composed bulletin for one reader after another.

use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use crate::compose::Composed;

/// What a bulletin may say of its reader: the variable in French and in English.
pub const VARIABLES: [(&str, &str); 4] = [
    ("prenom", "first_name"),
    ("nom", "last_name"),
    ("organisation", "organization"),
    ("departement", "department"),
];

/// Whom a copy is for, with the addresses that are theirs alone.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Employer or structure.
    pub organisation: String,
    /// Department.
    pub department: String,
    /// Where they stop receiving.
    pub unsubscribe_url: String,
    /// Where they choose what they receive.
    pub preferences_url: String,
    /// Where the same bulletin is a page; empty when it is not published.
    pub view_url: String,
}

/// [`Reader`] as templates see it.
#[derive(Serialize)]
struct Data<'a> {
    prenom: &'a str,
    first_name: &'a str,
    nom: &'a str,
    last_name: &'a str,
    organisation: &'a str,
    organization: &'a str,
    departement: &'a str,
    department: &'a str,
    unsubscribe_url: &'a str,
    preferences_url: &'a str,
    view_url: &'a str,
}

impl<'a> From<&'a Reader> for Data<'a> {
    fn from(reader: &'a Reader) -> Self {
        Self {
            prenom: &reader.given_name,
            first_name: &reader.given_name,
            nom: &reader.family_name,
            last_name: &reader.family_name,
            organisation: &reader.organisation,
            organization: &reader.organisation,
            departement: &reader.department,
            department: &reader.department,
            unsubscribe_url: &reader.unsubscribe_url,
            preferences_url: &reader.preferences_url,
            view_url: &reader.view_url,
        }
    }
}

/// A copy of a bulletin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Subject, one line.
    pub subject: String,
    /// HTML part.
    pub html: String,
    /// Plain-text part.
    pub text: String,
}

/// Why a bulletin cannot be filled in, in the words of the template engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PressError(pub String);

/// A composed bulletin, ready for any number of readers.
#[derive(Debug)]
pub struct Press {
    html: Handlebars<'static>,
    plain: Handlebars<'static>,
}

impl Press {
    /// Reads the templates once.
    ///
    /// # Errors
    ///
    /// One of them cannot be read, or names what is not a variable.
    pub fn new(composed: &Composed) -> Result<Self, PressError> {
        for text in [&composed.subject, &composed.html, &composed.text] {
            if let Some(tag) = strange(text, &ADDRESSES) {
                return Err(PressError(tag));
            }
        }
        let mut html = engine();
        html.register_template_string("html", &composed.html)
            .map_err(|e| PressError(e.reason().to_string()))?;
        let mut plain = engine();
        plain.register_escape_fn(no_escape);
        for (name, text) in [("subject", &composed.subject), ("text", &composed.text)] {
            plain
                .register_template_string(name, text)
                .map_err(|e| PressError(e.reason().to_string()))?;
        }
        let press = Self { html, plain };
        press.print(&Reader::default())?;
        Ok(press)
    }

    /// The copy of one reader.
    ///
    /// # Errors
    ///
    /// The template asks for what there is not.
    pub fn print(&self, reader: &Reader) -> Result<Printed, PressError> {
        let data = Data::from(reader);
        let render = |bars: &Handlebars<'_>, name| {
            bars.render(name, &data)
                .map_err(|e| PressError(e.reason().to_string()))
        };
        Ok(Printed {
            subject: render(&self.plain, "subject")?.replace(['\r', '\n'], " "),
            html: render(&self.html, "html")?,
            text: render(&self.plain, "text")?,
        })
    }
}

fn engine() -> Handlebars<'static> {
    let mut bars = Handlebars::new();
    bars.set_strict_mode(true);
    bars
}

/// The reader's own addresses: our layouts name them, people do not.
const ADDRESSES: [&str; 3] = ["unsubscribe_url", "preferences_url", "view_url"];

/// The first thing between double braces that is neither a variable nor a condition on one.
///
/// The engine could do more, loops and templates that call themselves among it; nothing that
/// people write reaches that.
fn strange(text: &str, addresses: &[&str]) -> Option<String> {
    let known = |name: &str| {
        let variable = VARIABLES.iter().any(|(fr, en)| name == *fr || name == *en);
        variable || addresses.contains(&name)
    };
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((tag, next)) = after.split_once("}}") else {
            return Some(format!(
                "{{{{{}",
                after.chars().take(40).collect::<String>()
            ));
        };
        let mut words = tag.split_whitespace();
        let plain = match (words.next(), words.next(), words.next()) {
            (Some("#if"), Some(name), None) => known(name),
            (Some("else" | "/if"), None, None) => true,
            (Some(name), None, None) => known(name),
            _ => false,
        };
        if !plain {
            return Some(format!(
                "{{{{{}}}}}",
                tag.chars().take(40).collect::<String>()
            ));
        }
        rest = next;
    }
    None
}

/// A line with variables as it reads for nobody in particular.
pub fn for_nobody(text: &str) -> String {
    let nobody = Reader::default();
    let filled = if strange(text, &[]).is_some() {
        None
    } else {
        let mut bars = engine();
        bars.register_escape_fn(no_escape);
        bars.render_template(text, &Data::from(&nobody)).ok()
    };
    let filled = filled.unwrap_or_else(|| text.to_owned());
    filled.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is wrong with the variables of a text that somebody wrote; none when all is well.
pub(crate) fn problem(text: &str) -> Option<String> {
    if let Some(tag) = strange(text, &[]) {
        return Some(tag);
    }
    let nobody = Reader::default();
    let mut bars = engine();
    bars.register_template_string("t", text)
        .map_err(|e| e.reason().to_string())
        .and_then(|()| {
            bars.render("t", &Data::from(&nobody))
                .map_err(|e| e.reason().to_string())
        })
        .err()
}

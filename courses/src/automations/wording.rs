//! What messages say: the variables, the ready-made ones, and the mail itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use passerelle_kernel::Uuid;
use passerelle_web::directory::{PersonCard, Space};
use passerelle_web::mail::{Mail, Recipient};
use passerelle_web::{App, AppError, Lang, format};
use serde::Deserialize;
use serde_json::json;

use super::model::{Audience, Automation, Moment};
use crate::cohorts::{cohort, cohort_week};
use crate::content::render_under;

/// The variables that a message may hold, as they are written between braces.
pub(super) const VARIABLES: [&str; 9] = [
    "prenom",
    "nom",
    "formation",
    "debut",
    "fin",
    "tuteurs",
    "semaine",
    "titre_semaine",
    "echeance",
];
/// Those that only a message about a week can fill.
const OF_A_WEEK: [&str; 3] = ["semaine", "titre_semaine", "echeance"];

/// A ready-made message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preset {
    /// Its word in addresses and translations.
    pub code: String,
    moment: String,
    days: i32,
    minute: i32,
    audience: String,
    fr: Said,
    en: Said,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    subject: String,
    body: String,
    #[serde(default)]
    button: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Presets {
    preset: Vec<Preset>,
}

/// The ready-made messages; a test reads them, so that the file is one.
pub(super) fn presets() -> &'static [Preset] {
    static READ: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        toml::from_str::<Presets>(include_str!("presets.toml"))
            .map_or_else(|_| Vec::new(), |read| read.preset)
    });
    &READ
}

impl Preset {
    /// The message in the language of a space, off.
    pub fn message(&self, id: Uuid, space: &Space) -> Automation {
        let said = match space.lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        };
        Automation {
            id,
            space: space.id,
            course: None,
            moment: Moment::parse(&self.moment).unwrap_or(Moment::Start),
            days: self.days,
            minute: self.minute,
            audience: Audience::parse(&self.audience).unwrap_or(Audience::All),
            subject: format::typography(&said.subject, space.lang),
            body: format::typography(said.body.trim(), space.lang),
            button: said.button.clone(),
            link: String::new(),
            active_since: None,
        }
    }
}

/// The variables of a text that do not exist, or that its moment cannot fill; braces that do not close count.
pub(super) fn unknown_variables(text: &str, moment: Moment) -> Vec<String> {
    let mut unknown = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            unknown.push(after.chars().take(20).collect());
            break;
        };
        let known = VARIABLES.contains(&name.trim())
            && (moment.is_weekly() || !OF_A_WEEK.contains(&name.trim()));
        if !known {
            unknown.push(name.trim().chars().take(40).collect());
        }
        rest = after;
    }
    unknown
}

/// Fills the variables; what is unknown stays as it is.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Cow<'_, str> {
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let found = after
            .split_once("}}")
            .and_then(|(name, after)| Some((value(name.trim())?, after)));
        if let Some((value, after)) = found {
            filled.push_str(&value);
            rest = after;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

/// What a message is called where nobody in particular receives it.
pub(super) fn name(of: &Automation) -> Cow<'_, str> {
    fill(&of.subject, |_| Some("…".to_owned()))
}

/// What it is called for one cohort and one of its weeks.
pub(super) fn name_for(
    of: &Automation,
    cohort: &cohort::Model,
    week: Option<&cohort_week::Model>,
) -> String {
    let filled = fill(&of.subject, |name| {
        Some(match (name, week) {
            ("formation", _) => cohort.title.clone(),
            ("semaine", Some(week)) => week.rank.to_string(),
            ("titre_semaine", Some(week)) => week.title.clone(),
            _ => "…".to_owned(),
        })
    });
    filled.into_owned()
}

/// What all the mails of one message for one cohort share.
pub(super) struct Writing<'a> {
    /// The application.
    pub app: &'a App,
    /// The space.
    pub space: &'a Space,
    /// The message.
    pub of: &'a Automation,
    /// The cohort.
    pub cohort: &'a cohort::Model,
    /// The week it is about.
    pub week: Option<&'a cohort_week::Model>,
    /// Names of the tutors.
    pub tutors: Vec<String>,
}

impl Writing<'_> {
    /// The mail to one person, about their enrolment.
    ///
    /// # Errors
    ///
    /// The template cannot be filled.
    pub fn mail(&self, enrolment: Uuid, card: &PersonCard, email: &str) -> Result<Mail, AppError> {
        let lang = self.space.lang;
        let value = |name: &str| self.value(name, card, lang);
        let html = self.said(card);
        let url = &self.app.settings().public_url;
        let own = !self.of.link.is_empty();
        let href = if own {
            self.of.link.clone()
        } else {
            format!("{url}/formation/{enrolment}")
        };
        let named = Some(self.of.button.clone()).filter(|text| !text.is_empty());
        let name = card.name();
        let to = Recipient {
            email,
            name: &name,
            lang,
        };
        let data = json!({
            "headline": self.subject(card),
            "said": html,
            "plain": fill(&self.of.body, value).replace("**", ""),
            "href": href,
            "button": named,
            "own": own,
            "course": self.cohort.title,
            "space": self.space.name,
        });
        let mut mail = self.app.write_mail(
            "courses/automations/mail/message",
            to,
            &self.space.name,
            data,
            &self.cohort.zone,
        )?;
        mail.reply_to = Some(self.space.body.email.clone()).filter(|email| !email.is_empty());
        mail.space = Some(self.space.id);
        mail.about = Some(card.id);
        Ok(mail)
    }

    /// The text as HTML: cleaned Markdown and escaped values.
    pub fn said(&self, card: &PersonCard) -> String {
        let html = render_under(&self.of.body, &[], 3);
        let value = |name: &str| self.value(name, card, self.space.lang);
        fill(&html, |name| value(name).map(|text| escape(&text))).into_owned()
    }

    /// The subject.
    pub fn subject(&self, card: &PersonCard) -> String {
        fill(&self.of.subject, |name| {
            self.value(name, card, self.space.lang)
        })
        .into_owned()
    }

    fn value(&self, name: &str, card: &PersonCard, lang: Lang) -> Option<String> {
        let day = |text: &str| format::local_date(text, lang);
        Some(match name {
            "prenom" => card.given_name.clone(),
            "nom" => card.family_name.clone(),
            "formation" => self.cohort.title.clone(),
            "debut" => day(&self.cohort.start_date),
            "fin" => day(&self.cohort.end_date),
            "tuteurs" if self.tutors.is_empty() => self.space.name.clone(),
            "tuteurs" => format::join_and(&self.tutors, lang),
            "semaine" => self.week?.rank.to_string(),
            "titre_semaine" => self.week?.title.clone(),
            "echeance" => day(&self.week?.due_on),
            _ => return None,
        })
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_made_messages_can_be_read_and_hold_known_variables_only() {
        assert_eq!(presets().len(), 4);
        for preset in presets() {
            let moment = Moment::parse(&preset.moment).expect("a moment");
            Audience::parse(&preset.audience).expect("an audience");
            for said in [&preset.fr, &preset.en] {
                for text in [&said.subject, &said.body] {
                    assert_eq!(unknown_variables(text, moment), Vec::<String>::new());
                }
            }
        }
    }

    #[test]
    fn unknown_variables_are_named() {
        let text = "{{prenom}} {{ semaine }} {{age}} {{";
        assert_eq!(unknown_variables(text, Moment::WeekDue), ["age", ""]);
        assert_eq!(
            unknown_variables(text, Moment::Start),
            ["semaine", "age", ""]
        );
    }

    #[test]
    fn variables_are_filled_once() {
        let value = |name: &str| (name == "prenom").then(|| "{{nom}}".to_owned());
        assert_eq!(
            fill("a {{ prenom }} {{autre}} {{", value),
            "a {{nom}} {{autre}} {{"
        );
    }
}

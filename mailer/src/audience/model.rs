//! Contacts and lists, and what may be written of them. Pure.

use passerelle_kernel::{Micros, Uuid};
use passerelle_text::columns::Kind;
use passerelle_text::{address, fold};
use passerelle_web::{Form, Lang};
use serde::{Deserialize, Serialize};

/// Characters at most in a field of a contact.
pub const MAX_FIELD: usize = 200;

/// A word that is stored, and the ids of messages that name it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* $variant),*
        }

        impl $name {
            /// Every one, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As stored.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),*
                }
            }

            /// From what is stored.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether a contact may be written to at all, apart from what they are subscribed to.
    Status {
        /// May be.
        Enabled = "enabled",
        /// Has not confirmed that the address is theirs.
        Unconfirmed = "unconfirmed",
        /// Must not be: asked so, complained, or blocked by hand.
        Blocked = "blocked",
        /// The address does not work.
        Bounced = "bounced",
    }
}

words! {
    /// Why the law lets us write to a contact.
    Basis {
        /// They agreed.
        Consent = "consent",
        /// A professional address, told of it, who did not object.
        Professional = "professional",
    }
}

words! {
    /// Who may be on a list, and how.
    ListKind {
        /// Anybody subscribes, and confirms by mail.
        Public = "public",
        /// Only we add people; they may leave.
        Private = "private",
        /// Only we add people, who write to each other at the list's address.
        Discussion = "discussion",
    }
}

words! {
    /// Where a contact stands on a list.
    Subscribed {
        /// Asked, and has not confirmed.
        Unconfirmed = "unconfirmed",
        /// Receives.
        Yes = "subscribed",
        /// Left.
        Left = "unsubscribed",
    }
}

words! {
    /// What a tag tells.
    TagKind {
        /// What somebody is interested in.
        Theme = "theme",
        /// A professional network that somebody belongs to.
        Network = "network",
    }
}

/// What is written of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFields {
    /// Address, as it was written.
    pub email: String,
    /// Given name; may be empty.
    pub given_name: String,
    /// Family name; may be empty.
    pub family_name: String,
    /// Employer or structure; may be empty.
    pub organisation: String,
    /// Function in it; may be empty.
    pub job: String,
    /// Department; may be empty.
    pub department: String,
    /// Language of what they are sent.
    pub lang: Lang,
    /// Why we may write to them.
    pub basis: Basis,
    /// Where the address comes from.
    pub source: String,
    /// What it is kept for.
    pub purpose: String,
    /// Names of themes, sorted.
    pub themes: Vec<String>,
    /// Names of networks, sorted.
    pub networks: Vec<String>,
}

impl Default for ContactFields {
    fn default() -> Self {
        Self {
            email: String::new(),
            given_name: String::new(),
            family_name: String::new(),
            organisation: String::new(),
            job: String::new(),
            department: String::new(),
            lang: Lang::Fr,
            basis: Basis::Consent,
            source: String::new(),
            purpose: String::new(),
            themes: Vec::new(),
            networks: Vec::new(),
        }
    }
}

/// A contact: an address that may be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is.
    pub space: Uuid,
    /// What is written of them.
    pub fields: ContactFields,
    /// Whether they may be written to at all.
    pub status: Status,
    /// The person with an account behind it, when known.
    pub person: Option<Uuid>,
    /// When it was added.
    pub created_at: Micros,
}

impl Contact {
    /// « Amina Benali », or the address.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.fields.given_name, self.fields.family_name);
        let name = name.trim();
        if name.is_empty() {
            self.fields.email.clone()
        } else {
            name.to_owned()
        }
    }
}

/// One line without what would end it, cut at the limit.
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_control() || c == ' ' || matches!(c, '\u{2028}' | '\u{2029}'))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MAX_FIELD).collect()
}

/// Names written between commas or semicolons: each once, sorted.
pub fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .split([',', ';', '|'])
        .map(line)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_by_cached_key(|name| fold::fold(name));
    names.dedup_by_key(|name| fold::fold(name));
    names.truncate(50);
    names
}

/// What tells two addresses apart: small letters, and a domain in ASCII. None when nothing can be
/// sent to it.
pub fn email_key(email: &str) -> Option<String> {
    address::read(email).ok().map(|address| address.key)
}

impl ContactFields {
    /// What contacts are searched and chosen by: names, structure and address together; the
    /// structure, the function, the department and the source alone.
    pub fn folded(&self) -> [String; 5] {
        let search = [
            fold::name_key(&self.given_name, &self.family_name),
            fold::fold(&self.organisation),
            fold::squeeze(&self.organisation),
            fold::fold(&self.email),
            address::key(&self.email),
        ];
        let department = Kind::Department.tidy(&self.department);
        [
            search.join("\n"),
            fold::fold(&self.organisation),
            fold::fold(&self.job),
            fold::fold(&department),
            fold::fold(&self.source),
        ]
    }

    /// From a form.
    pub fn parse(form: &Form) -> Self {
        Self {
            email: line(&address::tidy(form.text("email"))),
            given_name: line(form.text("given_name")),
            family_name: line(form.text("family_name")),
            organisation: line(form.text("organisation")),
            job: line(form.text("job")),
            department: Kind::Department.tidy(&line(form.text("department"))),
            lang: Lang::from_code(form.text("lang")).unwrap_or(Lang::Fr),
            basis: Basis::parse(form.text("basis")).unwrap_or(Basis::Consent),
            source: line(form.text("source")),
            purpose: line(form.text("purpose")),
            themes: names(form.text("themes")),
            networks: names(form.text("networks")),
        }
    }

    /// Fields that are wrong, with the id of the message that says what to do.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        if let Err(problem) = address::read(&self.email) {
            problems.push(("email", problem.message()));
        }
        if self.source.is_empty() {
            problems.push(("source", "mail-error-source"));
        }
        if self.purpose.is_empty() {
            problems.push(("purpose", "mail-error-purpose"));
        }
        problems
    }
}

/// A list: a channel that people receive or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is.
    pub space: Uuid,
    /// Word in addresses.
    pub slug: String,
    /// Name shown, and kept on what was sent to it.
    pub name: String,
    /// What one receives and how often, for who subscribes.
    pub description: String,
    /// Who may be on it.
    pub kind: ListKind,
    /// When it was made.
    pub created_at: Micros,
    /// When it was closed.
    pub closed_at: Option<Micros>,
}

/// A word for addresses made of a name: letters, digits and hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in fold::fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_key() {
        assert_eq!(
            email_key(" Amina@Exemple.FR ").as_deref(),
            Some("amina@exemple.fr")
        );
        assert_eq!(email_key("jo@été.fr").as_deref(), Some("jo@xn--t-9fab.fr"));
        for wrong in [
            "",
            "élodie@exemple.fr",
            "a",
            "a@b",
            "a@[127.0.0.1]",
            "a@1.2.3.4",
            "a@x.fr\r\nBcc: b@x.fr",
        ] {
            assert_eq!(email_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_line_is_one_line_and_names_are_told_apart() {
        assert_eq!(line("a\r\nBcc:  b"), "a Bcc: b");
        assert_eq!(names("FLE, numérique; fle ,"), ["FLE", "numérique"]);
        assert_eq!(slug("Flash Info : l’été !"), "flash-info-l-ete");
    }
}

//! What may be said of a person, and how lists are filtered. Pure rules.

use passerelle_kernel::Micros;
use passerelle_text::address;
use passerelle_web::directory::NewPerson;
use passerelle_web::{Form, Lang, Role};

use crate::names;

/// Characters at most in a name or an organisation.
pub const MAX_TEXT: usize = 120;

/// What a form says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Address; optional, may be shared.
    pub email: Option<String>,
    /// Employer or structure.
    pub organisation: Option<String>,
    /// Preferred language.
    pub lang: Lang,
}

impl PersonDraft {
    /// From a form.
    pub fn parse(form: &Form) -> Self {
        Self {
            given_name: one_line(form.text("given_name")),
            family_name: one_line(form.text("family_name")),
            email: form.optional("email").map(names::identifier),
            organisation: form.optional("organisation").map(one_line),
            lang: Lang::from_code(form.text("lang")).unwrap_or_default(),
        }
    }

    /// What is wrong: name of the field and id of the message.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        for (field, text) in [
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
        ] {
            if names::normalise(text).is_empty() {
                problems.push((field, "person-error-name"));
            } else if text.chars().count() > MAX_TEXT {
                problems.push((field, "person-error-long"));
            }
        }
        if let Some(Err(problem)) = self.email.as_deref().map(address::read) {
            problems.push(("email", problem.message()));
        }
        if self
            .organisation
            .as_deref()
            .is_some_and(|text| text.chars().count() > MAX_TEXT)
        {
            problems.push(("organisation", "person-error-long"));
        }
        problems
    }

    /// As the directory takes it.
    pub fn person(&self) -> NewPerson {
        NewPerson {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone(),
            organisation: self.organisation.clone(),
        }
    }
}

/// One space where there were several, no line break.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How far somebody's account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// There is none.
    None,
    /// Never signed in yet.
    Waiting,
    /// In use.
    Active,
    /// Closed.
    Disabled,
}

impl AccountState {
    /// Every state, in the order of the filters.
    pub const ALL: [Self; 4] = [Self::Active, Self::Waiting, Self::None, Self::Disabled];

    /// In addresses, and at the end of message ids.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// From an address.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// From what is stored.
    pub fn of(account: bool, last_sign_in: Option<Micros>, disabled: Option<Micros>) -> Self {
        match (account, last_sign_in, disabled) {
            (false, ..) => Self::None,
            (_, _, Some(_)) => Self::Disabled,
            (_, None, _) => Self::Waiting,
            _ => Self::Active,
        }
    }
}

/// What a list shows; kept in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of a name or an address.
    pub text: String,
    /// Those who have that role.
    pub role: Option<Role>,
    /// Those whose account is so.
    pub account: Option<AccountState>,
    /// Page, counted from 1.
    pub page: u64,
}

impl Filter {
    /// From the query of an address.
    pub fn parse(query: &Form) -> Self {
        Self {
            text: query.text("q").chars().take(MAX_TEXT).collect(),
            role: Role::parse(query.text("role")),
            account: AccountState::parse(query.text("compte")),
            page: query
                .number("page")
                .and_then(|page| page.try_into().ok())
                .filter(|page| *page > 0)
                .unwrap_or(1),
        }
    }

    /// The address of the list so filtered.
    pub fn address(&self, list: &str) -> String {
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(format!(
                "q={}",
                passerelle_web::context::urlencode(&self.text)
            ));
        }
        if let Some(role) = self.role {
            parts.push(format!("role={}", role.code()));
        }
        if let Some(account) = self.account {
            parts.push(format!("compte={}", account.code()));
        }
        if self.page > 1 {
            parts.push(format!("page={}", self.page));
        }
        if parts.is_empty() {
            list.to_owned()
        } else {
            format!("{list}?{}", parts.join("&"))
        }
    }

    /// Whether everybody is shown.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.role.is_none() && self.account.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_needs_a_name_and_no_address() {
        let form = Form::from_pairs([
            ("given_name", " Amina "),
            ("family_name", "Ben  Ali"),
            ("email", ""),
        ]);
        let draft = PersonDraft::parse(&form);
        assert_eq!(
            (draft.family_name.as_str(), &draft.email),
            ("Ben Ali", &None)
        );
        assert!(draft.problems().is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        let long = "x".repeat(MAX_TEXT + 1);
        let form = Form::from_pairs([
            ("given_name", "-"),
            ("family_name", &long),
            ("email", "amina"),
            ("organisation", &long),
        ]);
        let fields: Vec<_> = PersonDraft::parse(&form)
            .problems()
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(
            fields,
            ["given_name", "family_name", "email", "organisation"]
        );
    }

    #[test]
    fn a_filter_survives_its_address() {
        let filter = Filter {
            text: "été & co".into(),
            role: Some(Role::Manager),
            account: Some(AccountState::Waiting),
            page: 3,
        };
        let address = filter.address("/liste");
        let query = address.split_once('?').expect("a query").1;
        assert_eq!(
            Filter::parse(&Form::parse(query.as_bytes()).expect("a form")),
            filter
        );
        assert_eq!(
            Filter {
                page: 1,
                ..Filter::default()
            }
            .address("/liste"),
            "/liste"
        );
        assert_eq!(
            Filter::parse(&Form::from_pairs([("page", "-4"), ("role", "roi")])).page,
            1
        );
    }

    #[test]
    fn a_closed_account_is_closed_even_if_it_was_never_used() {
        assert_eq!(
            AccountState::of(true, None, Some(1)),
            AccountState::Disabled
        );
        assert_eq!(AccountState::of(true, None, None), AccountState::Waiting);
        assert_eq!(AccountState::of(false, None, None), AccountState::None);
        assert_eq!(AccountState::of(true, Some(1), None), AccountState::Active);
    }
}

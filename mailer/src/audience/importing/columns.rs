//! The columns that an import understands and an export writes.

use passerelle_text::columns::Kind;
use passerelle_text::fold::squeeze;
use passerelle_web::Lang;

use crate::audience::model::{Basis, ContactFields, line, names};

/// A column of ours: how it is read from a contact and written to one.
pub struct Column {
    /// Its word, in forms and messages.
    pub name: &'static str,
    /// What it holds, as tables call it.
    pub kind: Kind,
    /// Its value.
    pub read: fn(&ContactFields) -> String,
    /// Writes a value.
    pub(super) write: fn(&mut ContactFields, &str),
}

/// The columns that an import understands and an export writes.
pub const COLUMNS: [Column; 12] = [
    Column {
        name: "email",
        kind: Kind::Email,
        read: |c| c.email.clone(),
        write: |c, v| c.email = line(&Kind::Email.tidy(v)),
    },
    Column {
        name: "given_name",
        kind: Kind::GivenName,
        read: |c| c.given_name.clone(),
        write: |c, v| c.given_name = line(v),
    },
    Column {
        name: "family_name",
        kind: Kind::FamilyName,
        read: |c| c.family_name.clone(),
        write: |c, v| c.family_name = line(v),
    },
    Column {
        name: "organisation",
        kind: Kind::Organisation,
        read: |c| c.organisation.clone(),
        write: |c, v| c.organisation = line(v),
    },
    Column {
        name: "job",
        kind: Kind::Job,
        read: |c| c.job.clone(),
        write: |c, v| c.job = line(v),
    },
    Column {
        name: "department",
        kind: Kind::Department,
        read: |c| c.department.clone(),
        write: |c, v| c.department = line(&Kind::Department.tidy(v)),
    },
    Column {
        name: "networks",
        kind: Kind::Networks,
        read: |c| c.networks.join(", "),
        write: |c, v| c.networks = names(v),
    },
    Column {
        name: "themes",
        kind: Kind::Themes,
        read: |c| c.themes.join(", "),
        write: |c, v| c.themes = names(v),
    },
    Column {
        name: "lang",
        kind: Kind::Lang,
        read: |c| c.lang.code().to_owned(),
        write: |c, v| {
            let word: String = squeeze(v).chars().take(2).collect();
            if let Some(lang) = Lang::from_code(&word) {
                c.lang = lang;
            }
        },
    },
    Column {
        name: "basis",
        kind: Kind::Basis,
        read: |c| c.basis.code().to_owned(),
        write: |c, v| {
            let word = squeeze(v);
            if word.starts_with("pro") {
                c.basis = Basis::Professional;
            } else if word.starts_with("con") {
                c.basis = Basis::Consent;
            }
        },
    },
    Column {
        name: "source",
        kind: Kind::Source,
        read: |c| c.source.clone(),
        write: |c, v| c.source = line(v),
    },
    Column {
        name: "purpose",
        kind: Kind::Purpose,
        read: |c| c.purpose.clone(),
        write: |c, v| c.purpose = line(v),
    },
];

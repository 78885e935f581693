//! The columns that an import understands and an export writes.

use passerelle_web::Lang;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::audience::model::{Basis, ContactFields, line, names};

/// A column of ours: how it is read from a contact and written to one.
pub struct Column {
    /// Its word, in forms and messages.
    pub name: &'static str,
    /// Headers that mean it, folded.
    pub(super) headers: &'static [&'static str],
    /// Its value.
    pub read: fn(&ContactFields) -> String,
    /// Writes a value.
    pub(super) write: fn(&mut ContactFields, &str),
}

/// The columns that an import understands and an export writes.
pub const COLUMNS: [Column; 12] = [
    Column {
        name: "email",
        headers: &[
            "email",
            "mail",
            "courriel",
            "mel",
            "adresseemail",
            "adressemail",
            "adressecourriel",
            "adresseelectronique",
            "emailaddress",
        ],
        read: |c| c.email.clone(),
        write: |c, v| c.email = line(v),
    },
    Column {
        name: "given_name",
        headers: &["prenom", "prenoms", "firstname", "givenname"],
        read: |c| c.given_name.clone(),
        write: |c, v| c.given_name = line(v),
    },
    Column {
        name: "family_name",
        headers: &["nom", "nomdefamille", "lastname", "familyname", "surname"],
        read: |c| c.family_name.clone(),
        write: |c, v| c.family_name = line(v),
    },
    Column {
        name: "organisation",
        headers: &[
            "structure",
            "organisation",
            "organization",
            "organisme",
            "employeur",
            "association",
            "entreprise",
            "company",
        ],
        read: |c| c.organisation.clone(),
        write: |c, v| c.organisation = line(v),
    },
    Column {
        name: "job",
        headers: &["fonction", "poste", "metier", "job", "jobtitle", "role"],
        read: |c| c.job.clone(),
        write: |c, v| c.job = line(v),
    },
    Column {
        name: "department",
        headers: &["departement", "dept", "dpt", "department"],
        read: |c| c.department.clone(),
        write: |c, v| c.department = line(v),
    },
    Column {
        name: "networks",
        headers: &["reseau", "reseaux", "network", "networks"],
        read: |c| c.networks.join(", "),
        write: |c, v| c.networks = names(v),
    },
    Column {
        name: "themes",
        headers: &[
            "theme",
            "themes",
            "thematique",
            "thematiques",
            "interets",
            "topics",
        ],
        read: |c| c.themes.join(", "),
        write: |c, v| c.themes = names(v),
    },
    Column {
        name: "lang",
        headers: &["langue", "lang", "language"],
        read: |c| c.lang.code().to_owned(),
        write: |c, v| {
            let word: String = fold(v).chars().take(2).collect();
            if let Some(lang) = Lang::from_code(&word) {
                c.lang = lang;
            }
        },
    },
    Column {
        name: "basis",
        headers: &["base", "baselegale", "basis", "legalbasis"],
        read: |c| c.basis.code().to_owned(),
        write: |c, v| {
            let word = fold(v);
            if word.starts_with("pro") {
                c.basis = Basis::Professional;
            } else if word.starts_with("con") {
                c.basis = Basis::Consent;
            }
        },
    },
    Column {
        name: "source",
        headers: &["source", "origine", "provenance", "origin"],
        read: |c| c.source.clone(),
        write: |c, v| c.source = line(v),
    },
    Column {
        name: "purpose",
        headers: &["finalite", "finalites", "usage", "purpose"],
        read: |c| c.purpose.clone(),
        write: |c, v| c.purpose = line(v),
    },
];

/// Small letters without accents or signs.
pub(super) fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

//! Columns of ours that hold text folded, for the host to bring up to date.

use passerelle_kernel::Registry;
use passerelle_text::{address, fold};
use passerelle_web::folding::Folded;

use crate::audience::model::ContactFields;

/// Adds them to the registry.
pub(crate) fn register(r: &mut Registry) {
    r.add(Folded {
        table: "mail_contact",
        key: &["id"],
        from: &[
            "given_name",
            "family_name",
            "organisation",
            "email",
            "job",
            "department",
            "source",
        ],
        to: &[
            "search",
            "organisation_key",
            "job_key",
            "department_key",
            "source_key",
        ],
        unless: None,
        fold: contact,
    })
    .add(Folded {
        table: "mail_tag",
        key: &["id"],
        from: &["name"],
        to: &["name_key"],
        // « École » and « Ecole » of before stay two.
        unless: Some(
            "EXISTS (SELECT 1 FROM mail_tag o WHERE o.space_id = mail_tag.space_id \
             AND o.kind = mail_tag.kind AND o.name_key = $1 AND o.id <> mail_tag.id)",
        ),
        fold: |from| from.iter().map(|name| fold::fold(name)).collect(),
    })
    .add(Folded {
        table: "mail_post",
        key: &["id"],
        from: &["email"],
        to: &["email_key"],
        unless: None,
        fold: |from| from.iter().map(|email| address::key(email)).collect(),
    });
}

fn contact(from: &[String]) -> Vec<String> {
    let mut from = from.iter().cloned();
    let mut next = || from.next().unwrap_or_default();
    let fields = ContactFields {
        given_name: next(),
        family_name: next(),
        organisation: next(),
        email: next(),
        job: next(),
        department: next(),
        source: next(),
        ..ContactFields::default()
    };
    fields.folded().into()
}

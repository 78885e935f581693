//! Columns of ours that hold text folded, for the host to bring up to date.

use passerelle_kernel::Registry;
use passerelle_text::fold::fold;
use passerelle_web::folding::{Folded, FoldedCopy};

use crate::catalogue::searched;

/// Adds them to the registry.
pub(crate) fn register(r: &mut Registry) {
    r.add(Folded {
        table: "course",
        key: &["id"],
        from: &["title", "sheet"],
        to: &["title_key", "search"],
        unless: None,
        fold: |from| match from {
            [title, sheet] => {
                let sheet = serde_json::from_str(sheet).unwrap_or_default();
                vec![fold(title), searched(title, &sheet)]
            }
            _ => Vec::new(),
        },
    })
    .add(Folded {
        table: "cohort",
        key: &["id"],
        from: &["title"],
        to: &["title_key"],
        unless: None,
        fold: |from| from.iter().map(|title| fold(title)).collect(),
    })
    .add(Folded {
        table: "package",
        key: &["id"],
        // The name of its file is kept nowhere else.
        from: &["search"],
        to: &["search"],
        unless: None,
        fold: |from| from.iter().map(|search| fold(search)).collect(),
    })
    .add(FoldedCopy {
        name: "enrolment",
        sql: "UPDATE enrolment SET sort_name = COALESCE((SELECT n.sort_name FROM person_sort_name n \
              WHERE n.person_id = enrolment.person_id), '')",
    });
}

//! Duplicating a course: sheet, weeks, activities and the files they name.

use std::collections::HashMap;

use passerelle_kernel::WriteTx;
use passerelle_kernel::journal::Actor;
use uuid::Uuid;

use super::entity::{activity, course, week};
use super::error::CatalogueError;
use super::store;
use super::writing::{course_new, plan};
use crate::content::attachment;

/// A draft like that course, with another title; cohorts and versions stay with the first.
/// Files are named anew and share their bytes.
pub async fn course_copy(
    tx: &WriteTx,
    from: Uuid,
    title: &str,
    actor: Actor,
) -> Result<Uuid, CatalogueError> {
    let source = plan(tx, from).await?;
    let space = source.course.space_id;
    let id = course_new(tx, space, title, actor).await?;
    let copy = plan(tx, id).await?.course;
    let row = course::Model {
        sheet: source.course.sheet.clone(),
        rule: source.course.rule.clone(),
        ..copy
    };
    store::save_course(tx, &row).await?;
    let mut files: HashMap<Uuid, Uuid> = HashMap::new();
    for file in store::attachments(&**tx, from).await? {
        let fresh = tx.env().id();
        files.insert(file.id, fresh);
        let created_at = tx.env().now();
        store::insert(
            tx,
            attachment::Model {
                id: fresh,
                course_id: id,
                created_at,
                ..file
            },
        )
        .await?;
    }
    for part in source.weeks {
        let week_id = tx.env().id();
        store::insert(
            tx,
            week::Model {
                id: week_id,
                course_id: id,
                ..part.week
            },
        )
        .await?;
        for activity in part.activities {
            let content = renamed(&activity.content, &files);
            let row = activity::Model {
                id: tx.env().id(),
                course_id: id,
                week_id,
                content,
                ..activity
            };
            store::insert(tx, row).await?;
        }
    }
    Ok(id)
}

/// Identifiers of files occur in the content as such: in lists and in addresses.
fn renamed(content: &str, files: &HashMap<Uuid, Uuid>) -> String {
    files.iter().fold(content.to_owned(), |text, (old, new)| {
        text.replace(&old.to_string(), &new.to_string())
    })
}

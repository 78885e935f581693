//! Pages of the slice: the public catalogue and sheet, and where courses are made.

mod activity;
mod activity_form;
mod course;
mod lifecycle;
mod list;
mod plan;
mod public;
mod sheet;
mod sheet_form;
mod weeks;
mod words;

pub use words::rule_words;

use axum::response::Response;
use passerelle_web::components::NoticeKind;
use passerelle_web::directory::Space;
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Action, AppError, Ctx, Form};
use serde_json::Value;

use super::error::CatalogueError;
use super::model::Gap;
use crate::access::{CourseRef, EditCourse, ManageCourses, ReadCourse, ReadCourses};
use crate::content::{management_link, to_first_space};

/// Routes of the slice.
#[expect(clippy::too_many_lines, reason = "the table of routes")]
pub(super) fn routes() -> Routes {
    let edit = Access::Action(EditCourse::NAME);
    let read = Access::Action(ReadCourse::NAME);
    Routes::new()
        .get("/", Access::Public, public::home)
        .get("/e/{space}", Access::Public, public::catalogue)
        .get(
            "/e/{space}/formations/{slug}",
            Access::Public,
            public::sheet,
        )
        .get("/gestion/formations", Access::SignedIn, mine)
        .get(
            "/e/{space}/gestion/formations",
            Access::Action(ReadCourses::NAME),
            list::list,
        )
        .get(
            "/e/{space}/gestion/formations/nouvelle",
            Access::Action(ManageCourses::NAME),
            list::form,
        )
        .post(
            "/e/{space}/gestion/formations/nouvelle",
            Access::Action(ManageCourses::NAME),
            list::create,
        )
        .get("/e/{space}/gestion/formations/{course}", read, course::show)
        .get(
            "/e/{space}/gestion/formations/{course}/apercu",
            read,
            lifecycle::preview,
        )
        .get(
            "/e/{space}/gestion/formations/{course}/version/{instant}",
            read,
            lifecycle::version,
        )
        .get(
            "/e/{space}/gestion/formations/{course}/fiche",
            edit,
            sheet::form,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/fiche",
            edit,
            sheet::save,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/publier",
            edit,
            lifecycle::publish,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/archiver",
            edit,
            lifecycle::archive,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/reprendre",
            edit,
            lifecycle::unarchive,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/dupliquer",
            edit,
            lifecycle::duplicate,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/regle",
            edit,
            plan::rule,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/semaines",
            edit,
            plan::add_week,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/semaine/{week}",
            edit,
            plan::save_week,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/semaine/{week}/deplacer",
            edit,
            plan::move_week,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/semaine/{week}/retirer",
            edit,
            plan::remove_week,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/activites",
            edit,
            activity::add,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/activite/{activity}",
            edit,
            activity::save,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/activite/{activity}/deplacer",
            edit,
            plan::move_activity,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/activite/{activity}/retirer",
            edit,
            plan::remove_activity,
        )
        .post(
            "/e/{space}/gestion/formations/{course}/activite/{activity}/retablir",
            edit,
            plan::restore_activity,
        )
}

/// « Formations », for those who make or oversee courses.
pub(super) const NAVIGATION: NavEntry = NavEntry { items: navigation };

fn navigation(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    management_link(ctx, space, "formations")
        .map(|href| NavItem {
            rank: 50,
            href,
            label: "catalogue-nav",
            icon: "book-open",
        })
        .into_iter()
        .collect()
}

async fn mine(ctx: Ctx) -> Result<Response, AppError> {
    to_first_space(&ctx, "formations").await
}

/// Address of the courses of a space.
fn courses_path(space: &Space) -> String {
    format!("/e/{}/gestion/formations", space.slug)
}

/// Address of a course.
fn course_path(of: &CourseRef) -> String {
    format!("{}/{}", courses_path(&of.space), of.course.id)
}

/// The revision that a form was made from; a form without one is out of date.
fn revision(form: &Form) -> Option<i64> {
    Some(form.number("revision").unwrap_or(0))
}

/// A notice of success, for redirections.
fn done(id: &'static str) -> Option<(NoticeKind, &'static str)> {
    Some((NoticeKind::Success, id))
}

/// Back to the course, with what happened: said, or why nothing did.
fn back(
    ctx: &Ctx,
    of: &CourseRef,
    anchor: &str,
    result: Result<(), CatalogueError>,
    success: &'static str,
) -> Result<Response, AppError> {
    let to = format!("{}{anchor}", course_path(of));
    match result {
        Ok(()) => Ok(ctx.redirect(&to, done(success))),
        Err(CatalogueError::Stale) => {
            Ok(ctx.redirect(&to, Some((NoticeKind::Warn, "catalogue-stale"))))
        }
        Err(CatalogueError::WeekKept) => {
            Ok(ctx.redirect(&to, Some((NoticeKind::Warn, "catalogue-week-kept"))))
        }
        Err(CatalogueError::Incomplete(_)) => {
            Ok(ctx.redirect(&to, Some((NoticeKind::Warn, "catalogue-incomplete"))))
        }
        Err(CatalogueError::Invalid(_, message)) => {
            Ok(ctx.redirect(&to, Some((NoticeKind::Error, message))))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a sheet lacks, each with a link to its field in the form at `form`.
fn gap_items(ctx: &Ctx, gaps: &[Gap], form: &str) -> Vec<Value> {
    gaps.iter()
        .map(|gap| serde_json::json!({"href": format!("{form}#field-{}", gap.field), "text": ctx.t(gap.message)}))
        .collect()
}

//! Pages of the slice.

mod attachment;
mod detail;
mod library;
mod rules;
mod upload;

pub use rules::package_rules;
pub(crate) use upload::import_address;

use axum::response::Response;
use passerelle_scorm::problem::{Problem, Severity};
use passerelle_web::components::{NoticeKind, Status, Tone};
use passerelle_web::directory::Space;
use passerelle_web::i18n::{Arg, Words};
use passerelle_web::nav::{NavEntry, NavItem};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{Action, AppError, Ctx, Lang};
use serde_json::{Value, json};

use super::access::{ManagePackage, ReadAttachment, ReadPackage};
use crate::access::{ManageCourses, ReadCourses};

/// Routes of the slice.
pub(super) fn routes() -> Routes {
    let read = Access::Action(ReadCourses::NAME);
    let manage = Access::Action(ManageCourses::NAME);
    Routes::new()
        .get("/gestion/contenus", Access::SignedIn, library::mine)
        .get("/e/{space}/gestion/contenus", read, library::library)
        .get("/e/{space}/gestion/contenus/importer", manage, upload::form)
        .post("/e/{space}/gestion/contenus/importer", manage, upload::send)
        .get(
            "/e/{space}/gestion/contenus/import/{import}",
            manage,
            upload::state,
        )
        .get(
            "/e/{space}/gestion/contenus/{package}",
            Access::Action(ReadPackage::NAME),
            detail::detail,
        )
        .post(
            "/e/{space}/gestion/contenus/{package}/supprimer",
            Access::Action(ManagePackage::NAME),
            detail::delete,
        )
        .post(
            "/e/{space}/gestion/contenus/{package}/element",
            Access::Action(ManagePackage::NAME),
            rules::want,
        )
        .get(
            "/fichiers/{attachment}",
            Access::Action(ReadAttachment::NAME),
            attachment::serve,
        )
}

/// « Contenus », for those who make or oversee courses.
pub(super) const NAVIGATION: NavEntry = NavEntry { items: navigation };

fn navigation(ctx: &Ctx, space: Option<&Space>) -> Vec<NavItem> {
    management_link(ctx, space, "contenus")
        .map(|href| NavItem {
            rank: 60,
            href,
            label: "content-nav",
            icon: "package",
        })
        .into_iter()
        .collect()
}

/// Where the management pages of that name are for whoever asks: in the space of the page when
/// they oversee it, else in their first one; none when they oversee no space.
pub(crate) fn management_link(ctx: &Ctx, space: Option<&Space>, name: &str) -> Option<String> {
    let here = space.filter(|s| ctx.who.oversees(s.id));
    let anywhere = ctx.who.0.as_ref().is_some_and(|s| !s.roles.is_empty());
    match here {
        Some(space) => Some(format!("/e/{}/gestion/{name}", space.slug)),
        None => anywhere.then(|| format!("/gestion/{name}")),
    }
}

/// Redirects to the management pages of that name in the first space of whoever asks.
pub(crate) async fn to_first_space(ctx: &Ctx, name: &str) -> Result<Response, AppError> {
    let Some(who) = ctx.who.0.as_ref() else {
        return Err(AppError::SignIn);
    };
    let mut ids: Vec<_> = who.roles.iter().map(|(space, _)| *space).collect();
    // Spaces that one manages come before those that one only reads.
    ids.sort_by_key(|id| !ctx.who.manages(*id));
    for id in ids {
        if let Some(space) = ctx.app.directory().space(ctx.app.db(), id).await? {
            return Ok(ctx.redirect(&format!("/e/{}/gestion/{name}", space.slug), None));
        }
    }
    Err(AppError::Forbidden)
}

/// One sentence for one problem.
pub fn problem_words(words: &Words, lang: Lang, problem: &Problem) -> String {
    let number = |at: Option<u32>| Arg::Number(at.map_or(0, i64::from));
    let mut args: Vec<(&str, Arg)> = vec![
        ("line", number(problem.line)),
        ("column", number(problem.column)),
    ];
    for (name, value) in &problem.args {
        // Only a count has a plural; other values are shown as they are.
        let arg = value
            .parse::<i64>()
            .ok()
            .filter(|_| name == "count")
            .map_or(Arg::Text(value.clone()), Arg::Number);
        args.push((name.as_str(), arg));
    }
    words.with(lang, problem.code.key(), &args)
}

/// Problems for a template: sentence, place in the manifest, weight; heaviest first.
fn problem_items(ctx: &Ctx, problems: &[Problem]) -> Vec<Value> {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    let item = |problem: &&Problem| {
        let (tone, word) = match problem.severity {
            Severity::Refused => (Tone::Danger, "scorm-severity-refused"),
            Severity::Warning => (Tone::Warn, "scorm-severity-warning"),
            Severity::Note => (Tone::Info, "scorm-severity-note"),
        };
        let place = problem
            .line
            .map(|line| ctx.tr("scorm-where", &[("line", line.into())]));
        json!({
            "text": problem_words(ctx.app.words(), ctx.lang, problem),
            "place": place,
            "status": Status::new(tone, ctx.t(word)),
        })
    };
    sorted.iter().map(item).collect()
}

/// The name of an edition: « SCORM 2004, 3e édition ».
fn edition_words(ctx: &Ctx, edition: &str) -> String {
    match edition.strip_prefix("2004-") {
        Some(number) => ctx.tr("content-edition-2004", &[("number", number.into())]),
        None => ctx.t("content-edition-12"),
    }
}

/// A notice of success, for redirections.
fn done(id: &'static str) -> Option<(NoticeKind, &'static str)> {
    Some((NoticeKind::Success, id))
}

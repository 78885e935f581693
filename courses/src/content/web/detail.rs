//! One package: its table of contents, what there is to say about it, where it is used.

use axum::response::Response;
use passerelle_scorm::manifest::Kind;
use passerelle_scorm::problem::Problem;
use passerelle_web::components::{Button, Confirm, Fact, Facts, Notice, NoticeKind};
use passerelle_web::context::zone;
use passerelle_web::{Allowed, AppError, Ctx, format};
use serde_json::{Value, json};

use super::super::access::{ManagePackage, PackageRef, ReadPackage};
use super::super::commands::{ContentError, delete_package, forget_package};
use super::super::model::Contents;
use super::super::store;
use super::{done, edition_words, problem_items, rules};

/// Lines of the table of contents shown at most; the rest is counted.
const MAX_LINES: usize = 500;

pub(super) async fn detail(ctx: Ctx, allowed: Allowed<ReadPackage>) -> Result<Response, AppError> {
    let of = allowed.object();
    let package = &of.package;
    let base = format!("/e/{}/gestion/contenus", of.space.slug);
    let contents: Contents = serde_json::from_str(&package.contents).map_err(AppError::internal)?;
    let problems: Vec<Problem> =
        serde_json::from_str(&package.problems).map_err(AppError::internal)?;
    let hosts: Vec<String> =
        serde_json::from_str(&package.external_hosts).map_err(AppError::internal)?;
    let uses = store::uses(ctx.app.db().read(), package.id).await?;
    let used = !uses.is_empty() || store::is_used(ctx.app.db().read(), package.id).await?;
    let manages = ctx.who.manages(of.space.id);
    let delete = (manages && !used).then(|| {
        Confirm::danger(
            "delete",
            ctx.t("content-delete"),
            ctx.tr(
                "content-delete-sentence",
                &[("title", (&package.title).into())],
            ),
            format!("{base}/{}/supprimer", package.id),
        )
        .consequence(ctx.t("content-delete-consequence"))
        .submit(ctx.t("content-delete-submit"))
        .icon("trash")
    });
    let uses: Vec<Value> = uses
        .into_iter()
        .map(|(course, title, activity, archived)| {
            let href = format!("/e/{}/gestion/formations/{course}", of.space.slug);
            json!({"href": href, "course": title, "activity": activity, "archived": archived})
        })
        .collect();
    let want = format!("{base}/{}/element", package.id);
    // The notice of a redirection is spent when a script followed it: the address says it again.
    let imported = ctx
        .query()
        .has("importe")
        .then(|| Notice::new(NoticeKind::Success, ctx.t("content-imported")));
    ctx.page("courses/content/detail", &package.title)
        .space(&of.space)
        .crumb(ctx.t("content-title"), base.clone())
        .render(json!({
            "notice": imported,
            "facts": facts(&ctx, of, &contents),
            "description": contents.description,
            "lines": lines(&ctx, &contents),
            "more_lines": contents.items.len().saturating_sub(MAX_LINES),
            "dead": rules::dead_items(&ctx, &contents, manages.then_some(want.as_str())),
            "rules": rules::rule_sentences(&ctx, &contents),
            "problems": problem_items(&ctx, &problems),
            "hosts": hosts,
            "uses": uses,
            "preview": manages.then(|| {
                Button::post(ctx.t("content-preview"), format!("{base}/{}/apercu", package.id)).icon("play")
            }),
            "delete": delete,
        }))
}

fn facts(ctx: &Ctx, of: &PackageRef, contents: &Contents) -> Facts {
    let package = &of.package;
    let mut items = vec![
        Fact::new(
            ctx.t("content-column-standard"),
            edition_words(ctx, &package.edition),
        ),
        Fact::new(
            ctx.t("content-column-size"),
            format::bytes(package.size_bytes.max(0) as u64, ctx.lang),
        ),
        Fact::new(
            ctx.t("content-files"),
            format::number(package.file_count.into(), ctx.lang),
        ),
        Fact::new(
            ctx.t("content-column-imported"),
            format::datetime(package.imported_at, &zone(&of.space), ctx.lang),
        ),
        Fact::new(ctx.t("content-file-name"), &contents.file_name),
    ];
    if let Some(time) = &contents.typical_learning_time {
        items.push(Fact::new(ctx.t("content-learning-time"), time));
    }
    Facts {
        items,
        columns: true,
    }
}

fn lines(ctx: &Ctx, contents: &Contents) -> Vec<Value> {
    contents
        .items
        .iter()
        .take(MAX_LINES)
        .map(|item| {
            let kind = match item.kind {
                _ if item.external => "content-line-elsewhere",
                Kind::Sco | Kind::Asset if item.href.is_none() => "content-line-dead",
                Kind::Sco => "content-line-sco",
                Kind::Asset => "content-line-asset",
                Kind::Folder => "content-line-folder",
            };
            // Indented by a class of the style sheet, which knows six levels.
            json!({"title": item.title, "depth": item.depth.min(5), "kind": ctx.t(kind), "hidden": !item.visible})
        })
        .collect()
}

pub(super) async fn delete(
    ctx: Ctx,
    allowed: Allowed<ManagePackage>,
) -> Result<Response, AppError> {
    let (slug, id) = (
        allowed.object().space.slug.clone(),
        allowed.object().package.id,
    );
    let library = format!("/e/{slug}/gestion/contenus");
    let tx = ctx.app.db().write().await?;
    match delete_package(&tx, &allowed).await {
        Ok(()) => {}
        Err(ContentError::Used) => {
            tx.rollback().await?;
            let to = format!("{library}/{id}");
            return Ok(ctx.redirect(&to, Some((NoticeKind::Warn, "content-delete-used"))));
        }
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    forget_package(&ctx.app, id).await;
    Ok(ctx.redirect(&library, done("content-deleted")))
}

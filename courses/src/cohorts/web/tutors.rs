//! The tutors of a cohort: those it has, and the search that adds one.

use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_web::components::{Button, Cell, Column, Empty, NoticeKind, Row, Search, Table};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::super::{assign_tutor, remove_tutor, store};
use super::{cohort_page, manage_href};
use crate::access::ManageCohort;

/// Persons proposed at once.
pub(super) const PROPOSED: u64 = 20;

/// Present tutors, and persons found.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let ids = store::tutors_of(ctx.app.db().read(), of.cohort.id).await?;
    let cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), of.space.id, &ids)
        .await?;
    let asked = ctx.query();
    let words = asked.text("q");
    let found = search(&ctx, of.space.id, words).await?;
    let base = format!("{}/tuteurs", manage_href(of));
    let present = ids.iter().map(|id| {
        let name = cards
            .get(id)
            .map_or_else(|| ctx.t("cohort-person-unknown"), PersonCard::name);
        let remove = Button::post(ctx.t("cohort-tutor-remove"), format!("{base}/retirer"))
            .hidden("person", id.to_string())
            .about(name.clone())
            .quiet()
            .icon("x");
        Row::new(Cell::text(name), [Cell::buttons([remove])])
    });
    let columns = || {
        [
            Column::new(ctx.t("cohort-column-person")),
            Column::new(ctx.t("cohort-column-action")).hidden(),
        ]
    };
    let proposed = found
        .iter()
        .filter(|card| !ids.contains(&card.id))
        .map(|card| {
            let add = Button::post(ctx.t("cohort-tutor-add"), base.clone())
                .hidden("person", card.id.to_string())
                .about(card.name())
                .quiet()
                .icon("user-plus");
            Row::new(person_cell(&ctx, card), [Cell::buttons([add])])
        });
    let none = Empty::new(
        ctx.t("cohort-tutors-empty-title"),
        ctx.t("cohort-tutors-empty-text"),
    )
    .icon("users");
    let nobody = Empty::new(
        ctx.t("cohort-found-none-title"),
        ctx.t("cohort-found-none-text"),
    )
    .icon("search");
    let results = (!words.is_empty()).then(|| {
        Table::new("found", ctx.t("cohort-found-caption"), columns())
            .rows(proposed)
            .empty(nobody)
    });
    cohort_page(&ctx, of, "courses/cohorts/tutors", ctx.t("cohort-tutors-title")).render(json!({
        "present": Table::new("tutors", ctx.t("cohort-tutors-caption"), columns()).caption_hidden().rows(present).empty(none),
        "search": Search::new(base.clone(), ctx.t("cohort-people-search"), words),
        "results": results,
        "back": Button::link(ctx.t("cohort-back"), manage_href(of)).quiet().icon("arrow-left"),
    }))
}

/// Persons of the space found by these words; none without words.
pub(super) async fn search(
    ctx: &Ctx,
    space: Uuid,
    words: &str,
) -> Result<Vec<PersonCard>, AppError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    Ok(ctx
        .app
        .directory()
        .search(ctx.app.db(), space, words, PROPOSED)
        .await?)
}

pub(super) fn person_cell(ctx: &Ctx, card: &PersonCard) -> Cell {
    Cell::text(card.name()).note(
        card.email
            .clone()
            .unwrap_or_else(|| ctx.t("cohort-no-address")),
    )
}

/// The person a form names, when they belong to the space.
pub(super) async fn sent_person(ctx: &Ctx, space: Uuid, form: &Form) -> Result<Uuid, AppError> {
    let id: Uuid = form
        .text("person")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let known = ctx
        .app
        .directory()
        .persons(ctx.app.db(), space, &[id])
        .await?;
    if known.contains_key(&id) {
        Ok(id)
    } else {
        Err(AppError::NotFound)
    }
}

/// Adds one.
pub async fn add(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let person = sent_person(&ctx, of.space.id, &form).await?;
    let tx = ctx.app.db().write().await?;
    assign_tutor(&tx, of.cohort.id, person, allowed.actor()).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &format!("{}/tuteurs", manage_href(of)),
        Some((NoticeKind::Success, "cohort-notice-tutor-added")),
    ))
}

/// Takes one away.
pub async fn remove(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let person: Uuid = form
        .text("person")
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let tx = ctx.app.db().write().await?;
    remove_tutor(&tx, &allowed, person).await?;
    tx.commit().await?;
    Ok(ctx.redirect(
        &format!("{}/tuteurs", manage_href(of)),
        Some((NoticeKind::Success, "cohort-notice-tutor-removed")),
    ))
}

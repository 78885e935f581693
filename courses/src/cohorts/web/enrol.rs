//! Enrolling by hand: somebody known, or somebody new.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_text::address;
use passerelle_web::components::{
    Button, Cell, Column, Empty, ErrorSummary, Field, FieldKind, NoticeKind, Row, Search, Table,
};
use passerelle_web::directory::NewPerson;
use passerelle_web::{Allowed, AppError, Ctx, Form};
use serde_json::json;

use super::super::model::Source;
use super::super::{EnrolResult, enrol, store};
use super::tutors::{person_cell, search, sent_person};
use super::{cohort_page, manage_href, state_of};
use crate::access::ManageCohort;

/// Characters at most in a name.
pub(super) const LONGEST_NAME: u32 = 100;

/// Search, and the form for somebody new.
pub async fn page(ctx: Ctx, allowed: Allowed<ManageCohort>) -> Result<Response, AppError> {
    show(&ctx, &allowed, &Form::default(), &[]).await
}

/// Enrols somebody.
pub async fn save(
    ctx: Ctx,
    allowed: Allowed<ManageCohort>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let known = if form.has("person") {
        Some(sent_person(&ctx, of.space.id, &form).await?)
    } else {
        None
    };
    let new = new_person(&form);
    let errors = if known.is_some() {
        Vec::new()
    } else {
        problems(&new)
    };
    if !errors.is_empty() {
        return show(&ctx, &allowed, &form, &errors).await;
    }
    let tx = ctx.app.db().write().await?;
    let person: Uuid = match known {
        Some(person) => person,
        None => {
            ctx.app
                .directory()
                .find_or_create(&tx, of.space.id, &new)
                .await?
        }
    };
    let result = enrol(&tx, of.cohort.id, person, Source::Hand, allowed.actor()).await?;
    tx.commit().await?;
    let notice = match result {
        EnrolResult::Active(_) => (NoticeKind::Success, "cohort-notice-enrolled"),
        EnrolResult::Waiting(_) => (NoticeKind::Warn, "cohort-notice-waiting"),
        EnrolResult::Already(_) => (NoticeKind::Info, "cohort-notice-already"),
    };
    Ok(ctx.redirect(&format!("{}/inscrire", manage_href(of)), Some(notice)))
}

pub(super) fn new_person(form: &Form) -> NewPerson {
    NewPerson {
        given_name: form.text("given_name").to_owned(),
        family_name: form.text("family_name").to_owned(),
        email: form
            .optional("email")
            .map(|email| address::tidy(email).to_lowercase()),
        organisation: form.optional("organisation").map(str::to_owned),
    }
}

/// What is wrong with somebody new, field by field.
pub(super) fn problems(person: &NewPerson) -> Vec<(&'static str, &'static str)> {
    let name = |text: &str| {
        text.chars().any(char::is_alphabetic) && text.chars().count() <= LONGEST_NAME as usize
    };
    let mut errors = Vec::new();
    for (field, wrong, message) in [
        (
            "given_name",
            !name(&person.given_name),
            "cohort-field-given-error",
        ),
        (
            "family_name",
            !name(&person.family_name),
            "cohort-field-family-error",
        ),
    ] {
        if wrong {
            errors.push((field, message));
        }
    }
    if let Some(Err(problem)) = person.email.as_deref().map(address::read) {
        errors.push(("email", problem.message()));
    }
    errors
}

/// Fields for somebody new.
pub(super) fn person_fields(ctx: &Ctx, form: &Form, errors: &[(&str, &str)]) -> [Field; 3] {
    let error = |name: &str| {
        errors
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, id)| ctx.t(id))
    };
    let name = |name: &str, label: &str, token: &str| {
        Field::text(name, ctx.t(label))
            .required()
            .value(form.text(name))
            .maxlength(LONGEST_NAME)
            .autocomplete(token)
            .error(error(name))
    };
    [
        name("given_name", "cohort-field-given", "given-name"),
        name("family_name", "cohort-field-family", "family-name"),
        Field::new(FieldKind::Email, "email", ctx.t("cohort-field-email"))
            .value(form.text("email"))
            .autocomplete("email")
            .error(error("email")),
    ]
}

async fn show(
    ctx: &Ctx,
    allowed: &Allowed<ManageCohort>,
    form: &Form,
    errors: &[(&str, &str)],
) -> Result<Response, AppError> {
    let of = allowed.object();
    let places = store::places_of(ctx.app.db().read(), &of.cohort).await?;
    let asked = ctx.query();
    let words = asked.text("q");
    let found = search(ctx, of.space.id, words).await?;
    let base = format!("{}/inscrire", manage_href(of));
    let rows = found.iter().map(|card| {
        let add = Button::post(ctx.t("cohort-enrol-this"), base.clone())
            .hidden("person", card.id.to_string())
            .about(card.name())
            .quiet()
            .icon("user-plus");
        Row::new(person_cell(ctx, card), [Cell::buttons([add])])
    });
    let columns = [
        Column::new(ctx.t("cohort-column-person")),
        Column::new(ctx.t("cohort-column-action")).hidden(),
    ];
    let nobody = Empty::new(
        ctx.t("cohort-found-none-title"),
        ctx.t("cohort-enrol-none-text"),
    )
    .icon("search");
    let results = (!words.is_empty()).then(|| {
        Table::new("found", ctx.t("cohort-found-caption"), columns)
            .rows(rows)
            .empty(nobody)
    });
    let [given, family, email] = person_fields(ctx, form, errors);
    let organisation = Field::text("organisation", ctx.t("cohort-field-organisation"))
        .value(form.text("organisation"))
        .maxlength(200)
        .autocomplete("organization");
    let fields = [
        given,
        family,
        email.help(ctx.t("cohort-field-email-help")),
        organisation,
    ];
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let full = places.free() == 0;
    cohort_page(ctx, of, "courses/cohorts/enrol", ctx.t("cohort-enrol-title")).status(status).render(json!({
        "open": state_of(of).takes_people(),
        "lead": ctx.tr(if full { "cohort-enrol-lead-full" } else { "cohort-enrol-lead" }, &[("count", places.free().into())]),
        "search": Search::new(base.clone(), ctx.t("cohort-enrol-search"), words),
        "results": results,
        "action": base,
        "errors": ErrorSummary::of(&fields),
        "fields": fields,
        "submit": Button::submit(ctx.t(if full { "cohort-enrol-submit-waiting" } else { "cohort-enrol-submit" })).icon("user-plus"),
        "import": Button::link(ctx.t("cohort-csv-button"), format!("{}/liste", manage_href(of))).quiet().icon("upload"),
        "back": Button::link(ctx.t("cohort-back"), manage_href(of)).quiet().icon("arrow-left"),
    }))
}
